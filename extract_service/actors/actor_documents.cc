#include <algorithm>

#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {

bool ActorBuilder::IsDocument(const NounPhrase& phrase) const {
  return phrase.kind == PhraseKind::kNominal && phrase.head >= 0 &&
         !phrase.classes.Has(kActorClasses) && known_.IsDocument(HeadKey(phrase));
}

bool ActorBuilder::IsBehindHearsay(const NounPhrase& phrase) const {
  if (IsBesideHearsay(phrase)) return true;
  constexpr int32_t kReach = 8;
  const int32_t limit = std::max(0, phrase.preposition - kReach);
  for (int32_t t = phrase.preposition - 1; t >= limit; --t) {
    const Token& token = doc_.tokens[static_cast<size_t>(t)];
    if (token.kind == TokenKind::kPunctuation) break;
    if (token.lemma != Token::kNoLemma && known_.IsHearsayVerb(lexicon_.Lemma(token.lemma))) {
      return true;
    }
  }
  return false;
}

bool ActorBuilder::IsToldWithin(const NounPhrase& phrase) const {
  if (!known_.IsPaperPlace(doc_.TokenText(phrase.preposition))) return false;
  constexpr int32_t kReach = 40;
  const TokenRange sentence = doc_.sentences[static_cast<size_t>(phrase.sentence)].tokens;
  const int32_t begin = std::max(sentence.begin, phrase.head - kReach);
  const int32_t end = std::min(sentence.end, phrase.head + kReach);
  return std::any_of(doc_.tokens.begin() + begin, doc_.tokens.begin() + end,
                     [this](const Token& token) {
                       return token.pos == Pos::kVerb && token.lemma != Token::kNoLemma &&
                              known_.IsVerbOfSpeech(lexicon_.Lemma(token.lemma));
                     });
}

void ActorBuilder::NoteDocument(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  const int32_t cluster = cluster_of_phrase_[static_cast<size_t>(index)];
  const auto note = [this](const NounPhrase& document, int32_t owner) {
    documents_.push_back(
        {.head = HeadKey(document), .owner = Find(owner), .sentence = document.sentence});
  };
  if (cluster >= 0) {
    // "der Bericht des Ministeriums", "ein Brief von Tann"; "Polizeibericht" is its owner's phrase.
    if (IsDocument(phrase)) {
      note(phrase, cluster);
    } else if (phrase.parent >= 0 && IsDocument(phrases_[phrase.parent]) &&
               (phrase.relation == PhraseRelation::kGenitive ||
                (phrase.relation == PhraseRelation::kPrepositional && phrase.preposition >= 0 &&
                 known_.IsAgentPreposition(doc_.TokenText(phrase.preposition))))) {
      note(phrases_[phrase.parent], cluster);
    }
    return;
  }
  // "betonte das Ministerium in einem Bericht": whose it is.
  if (phrase.preposition >= 0 && known_.IsPaperPlace(doc_.TokenText(phrase.preposition)) &&
      !phrase.definite && IsDocument(phrase)) {
    for (size_t i = recent_.size(); i-- > 0 && recent_[i].sentence == phrase.sentence;) {
      if (!recent_[i].speaks || recent_[i].token > phrase.head) continue;
      note(phrase, recent_[i].cluster);
      return;
    }
  }
  // "Das Ministerium hat einen Bericht vorgelegt".
  if (phrase.relation != PhraseRelation::kNone || phrase.preposition >= 0 || !IsDocument(phrase)) {
    return;
  }
  for (size_t i = recent_.size(); i-- > 0 && recent_[i].sentence == phrase.sentence;) {
    const Referent& referent = recent_[i];
    if (!referent.subject || referent.token > phrase.head) continue;
    const int32_t subject = phrases_.Outermost(referent.token);
    if (subject >= 0 && known_.IsPublishingVerb(VerbBeside(phrases_[subject]))) {
      note(phrase, referent.cluster);
    }
    return;
  }
}

int32_t ActorBuilder::SpokeBefore(int32_t sentence, int32_t reach) const {
  for (size_t i = recent_.size(); i-- > 0 && sentence - recent_[i].sentence <= reach;) {
    if (recent_[i].sentence > sentence) continue;
    if (recent_[i].speaks || recent_[i].cited) return Find(recent_[i].cluster);
  }
  return -1;
}

int32_t ActorBuilder::MediumBefore(int32_t sentence) const {
  constexpr int32_t kSentences = 2;
  const int32_t spoke = SpokeBefore(sentence, kSentences);
  return spoke >= 0 && At(spoke).type == ActorType::kMedia ? spoke : -1;
}

int32_t ActorBuilder::IssuerOf(const NounPhrase& document) const {
  const int32_t spoke = SpokeBefore(document.sentence - 1, /*reach=*/0);
  if (spoke >= 0) {
    // What a paper prints may be anybody's.
    const ActorType type = At(spoke).type;
    return type == ActorType::kPerson || type == ActorType::kOrganization ? spoke : -1;
  }
  // "Das Gericht wies die Klage ab. ..., heißt es in der Begründung."
  int32_t acts = -1;
  for (size_t i = recent_.size(); i-- > 0 && document.sentence - recent_[i].sentence <= 1;) {
    const Referent& referent = recent_[i];
    if (!referent.subject || referent.quoted || referent.sentence == document.sentence) continue;
    const int32_t cluster = Find(referent.cluster);
    const ActorType type = At(cluster).type;
    if (type != ActorType::kOrganization) return -1;
    if (acts >= 0 && acts != cluster) return -1;
    acts = cluster;
  }
  return acts;
}

bool ActorBuilder::ReadDocument(int32_t index) {
  constexpr int32_t kSentences = 12;
  constexpr size_t kMostDocuments = 64;
  constexpr size_t kShortestLastPart = 4;
  const NounPhrase& phrase = phrases_[index];
  // "laut der deutschen Studie": another one.
  const bool bare = phrase.tokens.end == phrase.core.end &&
                    (phrase.determiner >= 0 ? phrase.head == phrase.determiner + 1
                                            : phrase.head == phrase.tokens.begin);
  if (phrase.possessive) return false;
  const auto attach = [&](int32_t owner) {
    AddMention(owner, phrase.tokens, MentionKind::kNominal);
    cluster_of_phrase_[static_cast<size_t>(index)] = owner;
    return true;
  };
  // "..., heißt es in einer Aussendung": of who spoke before.
  const bool quoted_from = phrase.preposition >= 0 && phrase.relation == PhraseRelation::kNone &&
                           phrase.tokens.end == phrase.core.end && IsBehindHearsay(phrase);
  if ((!bare && !quoted_from) || !IsDocument(phrase)) return false;
  if (quoted_from && phrase.determiner >= 0 && !phrase.definite) {
    // "ein Schreiben" may be anybody's.
    const std::string head = HeadKey(phrase);
    const bool any = known_.IsAnyDocument(std::string_view(head).substr(head.rfind('-') + 1));
    const int32_t issuer = any ? -1 : IssuerOf(phrase);
    return issuer >= 0 && attach(issuer);
  }
  if (!bare) return false;
  const bool source = IsSource(phrase);
  // "heißt es im Bericht", "Kritisiert wird im Bericht, dass ...".
  const bool in = phrase.preposition >= 0 && phrase.relation == PhraseRelation::kNone &&
                  (IsBesideHearsay(phrase) || IsToldWithin(phrase));
  if (!phrase.definite &&
      !(source && phrase.determiner < 0 && phrase.morphology.Has(Morphology::kSingular))) {
    return false;
  }
  if (!source && !in && !(IsSubject(phrase) && Speaks(phrase))) return false;
  const std::string head = HeadKey(phrase);
  // "Wie der Sender meldet, ... Laut dem Bericht ...": what a medium tells is its report.
  if (known_.IsReport(head)) {
    if (const int32_t medium = MediumBefore(phrase.sentence); medium >= 0) return attach(medium);
  }
  const bool general = known_.IsAnyDocument(head);
  const auto ends_in = [](std::string_view longer, std::string_view last) {
    return last.size() >= kShortestLastPart && longer.ends_with(last);
  };
  for (size_t i = documents_.size(); i-- > 0 && documents_.size() - i <= kMostDocuments;) {
    const Document& document = documents_[i];
    if (phrase.sentence - document.sentence > kSentences) break;
    if (document.head != head && !ends_in(document.head, head) && !ends_in(head, document.head) &&
        !general) {
      continue;
    }
    return attach(Find(document.owner));
  }
  const int32_t issuer = quoted_from ? IssuerOf(phrase) : -1;
  return issuer >= 0 && attach(issuer);
}

}  // namespace lagebild::extract
