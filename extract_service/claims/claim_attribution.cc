#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "extract_service/claims/claim_finder.h"
#include "extract_service/claims/stance.h"

namespace lagebild::extract {

bool ClaimFinder::IsMedia(int32_t actor) const {
  return actor >= 0 && document_.actors[static_cast<size_t>(actor)].type == ActorType::kMedia;
}

void ClaimFinder::AddLink(Claim* claim, int32_t actor, const TokenRange& range,
                          Relation relation) const {
  if (actor < 0 && range.empty()) return;
  for (const Attribution& link : claim->chain) {
    if (actor >= 0 && link.actor == actor) return;
  }
  Attribution link;
  link.actor = actor;
  link.relation = relation;
  if (!range.empty()) link.span = document_.SpanOf(range);
  claim->chain.push_back(link);
}

bool ClaimFinder::InAttribute(const TokenRange& speaker, int32_t actor) const {
  const auto [first, last] = phrases_.InSentence(TokenAt(speaker.begin).sentence);
  for (int32_t p = first; p < last; ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (phrase.relation == PhraseRelation::kModifier && speaker.begin <= phrase.tokens.begin &&
        phrase.tokens.end <= speaker.end && actors_.Mentions(phrase.tokens, actor)) {
      return true;
    }
  }
  return false;
}

bool ClaimFinder::IsMute(int32_t phrase, int32_t actor, bool of_genitive) const {
  if (phrase < 0 || phrases_[phrase].kind != PhraseKind::kNominal || phrases_[phrase].head < 0) {
    return false;
  }
  const NounPhrase& noun = phrases_[phrase];
  if (noun.classes.Has(kWhoMaySpeak | WordClass::kUnit) || SourceEntry(noun) != nullptr ||
      !noun.name.empty() || noun.coordination >= 0 || TokenAt(noun.head).pos != Pos::kNoun ||
      noun.determiner < 0 || reporting_.ContentNoun(Lower(noun.head)) != nullptr) {
    return false;
  }
  // "ein Drittel der Befragten": some of them.
  if (document_.actors[static_cast<size_t>(actor)].type == ActorType::kGroup) return false;
  for (int32_t p = phrase + 1; p < phrases_.size() && phrases_[p].parent == phrase; ++p) {
    const uint32_t numbers = phrases_[p].morphology.bits & Morphology::kNumbers;
    if (phrases_[p].relation == PhraseRelation::kGenitive && numbers == Morphology::kPlural) {
      return false;
    }
  }
  // Its own actor stands for the noun itself.
  if (actors_.Mentions({noun.tokens.begin, noun.head + 1}, actor) ||
      actors_.Mentions(noun.core, actor) || actors_.ActorOf(noun.tokens) != actor) {
    return false;
  }
  if (!of_genitive) return true;
  // "Die Spitze der Partei sagte": who has it speaks, but not "Das Spiel gegen die Partei".
  for (int32_t p = phrase + 1; p < phrases_.size() && phrases_[p].tokens.end <= noun.tokens.end;
       ++p) {
    if (phrases_[p].parent == phrase && actors_.Mentions(phrases_[p].tokens, actor)) {
      return phrases_[p].preposition >= 0 && !Word(phrases_[p].preposition).Has(ClauseWord::kOf);
    }
  }
  return false;
}

void ClaimFinder::Attribute(const Draft& draft, Claim* claim) {
  std::vector<int32_t> speakers;
  if (draft.source >= 0 && static_cast<size_t>(draft.source) < document_.claims.size()) {
    const Claim& source = document_.claims[static_cast<size_t>(draft.source)];
    if (draft.kind == ClaimKind::kFreeIndirect) {
      // "offenbar" is the outlet's own guess; "soll" hands on what a source said.
      const bool reportive = std::any_of(draft.cue.begin(), draft.cue.end(),
                                         [this](int32_t t) { return grammar_.IsSollen(Word(t)); });
      if (!reportive) return;
      for (const Attribution& link : source.chain) {
        if (link.relation == Relation::kEvidence) continue;
        // "Berg wies alles zurück. Tann soll ihm Geld gegeben haben": bodies and papers go on to
        // tell, people have told their own side.
        if (link.actor >= 0 &&
            document_.actors[static_cast<size_t>(link.actor)].type == ActorType::kPerson) {
          break;
        }
        claim->chain.push_back(link);
        claim->chain.back().relation = Relation::kCites;
        break;
      }
      return;
    }
    claim->speaker_actors = source.speaker_actors;
    claim->chain = source.chain;
    return;
  }
  if (draft.kind == ClaimKind::kFreeIndirect && draft.subject.empty()) return;
  if (!draft.subject.empty()) {
    speakers = actors_.ActorsOf(draft.subject);
  } else if (!draft.speaker.empty()) {
    // "Vereine wie der Deichbund": examples speak no more than the others.
    TokenRange named = draft.speaker;
    for (int32_t t = named.begin + 1; t < named.end; ++t) {
      if (Word(t).Has(ClauseWord::kWie)) named.end = t;
    }
    speakers = actors_.ActorsOf(named);
    int32_t one = draft.speaker_head >= 0 ? actors_.ActorOf(draft.speaker, draft.speaker_head)
                                          : actors_.ActorOf(draft.speaker);
    const int32_t p = phrases_.Outermost(draft.speaker.begin);
    // "Das Debakel gegen den Klub": what cannot speak is nobody's word.
    if (one >= 0 && !draft.adjunct && IsMute(p, one, /*of_genitive=*/true)) one = -1;
    // "aus dem der Agentur vorliegenden Bericht des Amtes": who has it says nothing.
    if (one >= 0 && InAttribute(draft.speaker, one)) {
      const TokenRange behind{p >= 0 ? phrases_[p].head + 1 : draft.speaker.end, draft.speaker.end};
      one = behind.empty() ? -1 : actors_.ActorOf(behind);
    }
    bool coordination = p >= 0 && phrases_[p].coordination >= 0 &&
                        phrases_.CoordinationRange(p).end == draft.speaker.end;
    coordination = coordination || actors_.NamesSeveral(draft.speaker);
    for (int32_t t = draft.speaker.begin; t < draft.speaker.end && !coordination; ++t) {
      // "Leiterin der Abteilung Grund- und Menschenrechte": parts of a word.
      coordination = Word(t).Has(ClauseWord::kCoordinator) &&
                     !(t > 0 && document_.TokenText(t - 1).ends_with("-"));
    }
    if (!coordination || speakers.empty()) {
      speakers.clear();
      if (one >= 0) speakers.push_back(one);
    }
  }
  if (!draft.relay.empty()) {
    AddLink(claim, actors_.ActorOf(draft.relay), draft.relay, Relation::kReports);
  }
  claim->speaker_actors = speakers;
  for (const int32_t actor : speakers) {
    AddLink(claim, actor, draft.speaker, IsMedia(actor) ? Relation::kReports : Relation::kSays);
  }
  if (speakers.empty() && !draft.speaker.empty() &&
      !(draft.speaker.size() == 1 && (TokenAt(draft.speaker.begin).pos == Pos::kPronoun ||
                                      TokenAt(draft.speaker.begin).pos == Pos::kDeterminer))) {
    AddLink(claim, -1, draft.speaker, draft.adjunct ? Relation::kCites : Relation::kSays);
  }
  // Who the speaker has it from: "unter Berufung auf den Geheimdienst".
  const TokenRange sentence = document_.sentences[static_cast<size_t>(draft.sentence)].tokens;
  for (int32_t t = sentence.begin; t + 2 < sentence.end; ++t) {
    if (!Word(t).Has(ClauseWord::kCiting) || Word(t).quotation >= 0) continue;
    if (!Word(t + 1).Has(ClauseWord::kCitingOn)) continue;
    const int32_t p = phrases_.Outermost(t + 2);
    if (p < 0) continue;
    const TokenRange range = SpeakerRange(p);
    const auto cited = actors_.ActorsOf(range);
    if (cited.empty()) AddLink(claim, -1, range, Relation::kCites);
    for (const int32_t actor : cited) AddLink(claim, actor, range, Relation::kCites);
  }
  // A source named inside the frame or the content.
  for (int32_t t = sentence.begin; t < sentence.end; ++t) {
    const uint64_t cues = ClauseWord::kLaut | ClauseWord::kNach;
    const bool own = draft.adjunct && draft.rule != "adjunct.so";
    if (!Word(t).Has(cues) || own || Word(t).quotation >= 0 || t + 1 >= sentence.end) continue;
    const int32_t p = phrases_.Outermost(t + 1);
    if (p < 0 || phrases_[p].tokens.begin != t + 1 || phrases_[p].head < 0) continue;
    const Token& head = TokenAt(phrases_[p].head);
    std::array<char, 96> buffer;
    const std::string_view lemma =
        head.lemma == Token::kNoLemma ? std::string_view() : lexicon_.Lemma(head.lemma);
    if (!Word(t).Has(ClauseWord::kAnyNoun) &&
        !reporting_.IsSourceNoun(ToLower(document_.TextOf(head), &buffer), lemma))
      continue;
    bool content = false;
    for (const TokenRange& part : draft.content) content = content || part.Contains(t);
    const int32_t actor = actors_.ActorOf(phrases_[p].tokens);
    if (content || actor < 0) {
      if (actor >= 0) AddLink(claim, actor, phrases_[p].tokens, Relation::kCites);
    } else {
      Attribution link;
      link.actor = actor;
      link.relation = IsMedia(actor) ? Relation::kReports : Relation::kSays;
      link.span = document_.SpanOf(phrases_[p].tokens);
      bool known = false;
      for (const Attribution& other : claim->chain) known = known || other.actor == actor;
      if (!known) claim->chain.insert(claim->chain.begin(), link);
    }
  }
  AddRelays(draft, claim);
}

void ClaimFinder::PutFirst(int32_t actor, const TokenRange& range, Claim* claim) const {
  for (const Attribution& link : claim->chain) {
    if (link.actor == actor) return;
  }
  Attribution link;
  link.actor = actor;
  link.relation = Relation::kReports;
  link.span = document_.SpanOf(range);
  claim->chain.insert(claim->chain.begin(), link);
}

void ClaimFinder::AddRelays(const Draft& draft, Claim* claim) {
  const auto media = [&](const TokenRange& range) {
    if (range.empty()) return;
    const int32_t actor = actors_.ActorOf(range);
    if (IsMedia(actor)) PutFirst(actor, range, claim);
  };
  media(draft.addressee);
  // "ein Reporter des Senders": whom the speaker works for.
  if (!draft.speaker.empty() && draft.source < 0) {
    const auto [first, last] = phrases_.InSentence(TokenAt(draft.speaker.begin).sentence);
    for (int32_t p = first; p < last; ++p) {
      const NounPhrase& phrase = phrases_[p];
      if (phrase.parent >= 0 && draft.speaker.begin < phrase.tokens.begin &&
          phrase.tokens.end <= draft.speaker.end && !draft.adjunct) {
        media(phrase.tokens);
      }
    }
  }
  // "in einem Interview mit dem Sender", "sagte der Zeitung".
  for (const TokenRange& part : draft.frame) {
    for (int32_t t = part.begin; t + 1 < part.end; ++t) {
      if (Word(t).quotation >= 0) continue;
      const int32_t p = phrases_.Outermost(t + 1);
      if (p < 0 || phrases_[p].preposition != t) continue;
      if (Word(t).Has(ClauseWord::kRelay)) media(phrases_[p].tokens);
      // "auf der Website der Zeitung", "in einem Interview des Senders".
      if (!Word(phrases_[p].head).Has(ClauseWord::kPublication)) continue;
      for (int32_t child = p + 1; child < phrases_.size(); ++child) {
        if (phrases_[child].tokens.begin >= phrases_[p].tokens.end) break;
        if (phrases_[child].parent == p) media(phrases_[child].tokens);
      }
    }
  }
  // "... (Abendpost)": where the sentence is from.
  const TokenRange sentence = document_.sentences[static_cast<size_t>(draft.sentence)].tokens;
  for (int32_t t = sentence.begin; t + 2 < sentence.end; ++t) {
    if (document_.TokenText(t) != "(" || Word(t).quotation >= 0) continue;
    const int32_t p = phrases_.Innermost(t + 1);
    if (p < 0 || phrases_[p].kind != PhraseKind::kName) continue;
    const TokenRange name = phrases_[p].name;
    if (name.begin == t + 1 && name.end < sentence.end && document_.TokenText(name.end) == ")") {
      media(name);
    }
  }
  while (next_relay_ < relays_.size() && relays_[next_relay_].first < draft.sentence) ++next_relay_;
  for (size_t r = next_relay_; r < relays_.size() && relays_[r].first == draft.sentence; ++r) {
    if (relays_[r].second.begin != draft.speaker.begin) media(relays_[r].second);
  }
}

ContentSubject ClaimFinder::SubjectOfContent(const TokenRange& content, const Claim& claim) const {
  if (content.empty() || claim.speaker_actors.empty()) return ContentSubject::kUnknown;
  const auto [first, last] = phrases_.InSentence(TokenAt(content.begin).sentence);
  int32_t subject = -1;
  for (int32_t p = first; p < last && subject < 0; ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (phrase.tokens.begin < content.begin || phrase.preposition >= 0 ||
        phrase.relation != PhraseRelation::kNone || phrase.relative) {
      continue;
    }
    if (phrase.tokens.begin >= content.end) break;
    if (phrase.morphology.Has(Morphology::kCases) &&
        !phrase.morphology.Has(Morphology::kNominative)) {
      continue;
    }
    subject = actors_.ActorOf(phrase.tokens, phrase.head);
    if (subject < 0) return ContentSubject::kUnknown;
  }
  if (subject < 0) return ContentSubject::kUnknown;
  const Actor& about = document_.actors[static_cast<size_t>(subject)];
  for (const int32_t speaker : claim.speaker_actors) {
    if (speaker == subject) return ContentSubject::kSpeaker;
    const Actor& says = document_.actors[static_cast<size_t>(speaker)];
    if (says.type == ActorType::kMedia || about.type == ActorType::kPerson ||
        about.type == ActorType::kGroup) {
      continue;
    }
    const bool same_country = !about.country.empty() && about.country == says.country;
    const bool in_role =
        !about.name.empty() &&
        std::any_of(says.roles.begin(), says.roles.end(), [&](const std::string& role) {
          return role.find(about.name) != std::string::npos;
        });
    if (same_country || in_role) return ContentSubject::kOwnSide;
  }
  return ContentSubject::kOther;
}

void ClaimFinder::Emit() {
  document_.claims.reserve(drafts_.size());
  for (const Draft& draft : drafts_) {
    Claim claim;
    claim.kind = draft.kind;
    claim.part_of = draft.part_of;
    const int32_t last_token = draft.content.empty() ? 0 : draft.content.back().end;
    for (const TokenRange& part : draft.content) {
      if (part.empty()) continue;
      Span span = document_.SpanOf(part);
      if (draft.final_stop && part.end == last_token) {
        span.end =
            std::max(span.end, document_.sentences[static_cast<size_t>(draft.sentence)].span.end);
      }
      claim.content.push_back(span);
    }
    if (!draft.speaker.empty()) claim.speaker.push_back(document_.SpanOf(draft.speaker));
    Tokens cue = draft.cue;
    std::sort(cue.begin(), cue.end());
    for (const int32_t t : cue) {
      const Span span = TokenAt(t).span;
      if (!claim.cue.empty() && t > 0 && claim.cue.back().end == TokenAt(t - 1).span.end &&
          claim.cue.back().end <= span.begin) {
        claim.cue.back().end = span.end;
      } else if (claim.cue.empty() || claim.cue.back().end <= span.begin) {
        claim.cue.push_back(span);
      }
    }
    for (const TokenRange& part : draft.frame) {
      if (!part.empty()) claim.frame.push_back(document_.SpanOf(part));
    }
    if (!draft.addressee.empty()) claim.addressee.push_back(document_.SpanOf(draft.addressee));
    Attribute(draft, &claim);
    TokenRange hull;
    if (!draft.content.empty()) hull = {draft.content.front().begin, draft.content.back().end};
    const bool relayed = draft.rule == "wie" || (draft.adjunct && claim.speaker_actors.empty()) ||
                         std::any_of(claim.speaker_actors.begin(), claim.speaker_actors.end(),
                                     [this](int32_t speaker) { return IsMedia(speaker); });
    const Stance stance = StanceOf(document_, grammar_, reporting_, words_, hull,
                                   {.kind = draft.kind,
                                    .entry = draft.entry,
                                    .negated = draft.negated,
                                    .subject = SubjectOfContent(hull, claim),
                                    .relayed = relayed});
    claim.act = stance.act;
    claim.polarity = stance.polarity;
    claim.certainty = stance.certainty;
    if (draft.hearsay) {
      claim.certainty = Certainty::kHearsay;
    } else if (draft.adjunct) {
      // "laut Medienberichten" is hearsay, "laut Polizeiangaben" and "laut einem Bericht der Post"
      // are not: somebody stands behind them.
      const bool anonymous =
          draft.entry == nullptr || draft.entry->certainty == Certainty::kHearsay;
      if (anonymous && claim.speaker_actors.empty()) {
        claim.certainty = Certainty::kHearsay;
      } else if (anonymous && draft.entry != nullptr && claim.certainty == Certainty::kHearsay) {
        claim.certainty = Certainty::kCertain;
      }
    }
    claim.rule = draft.entry != nullptr && !draft.entry->lemma.empty()
                     ? absl::StrCat(std::string(draft.rule), ":", draft.entry->lemma)
                     : std::string(draft.rule);
    claim.confidence = draft.confidence;
    document_.claims.push_back(std::move(claim));
  }
}

}  // namespace lagebild::extract
