#include <algorithm>

#include "extract_service/actors/actor_builder.h"
#include "extract_service/lexicon/word_shape.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {

std::string ActorBuilder::Clean(const TokenRange& range) const {
  std::string text;
  if (range.empty()) return text;
  for (char c : doc_.TextOf(doc_.SpanOf(range))) {
    if (static_cast<unsigned char>(c) <= ' ') {
      if (!text.empty() && text.back() != ' ') text += ' ';
    } else {
      text += c;
    }
  }
  return text;
}

bool ActorBuilder::IsSubject(const NounPhrase& phrase) const {
  // ", wie der Verein betont": it opens the clause, whatever its tag.
  const bool opens =
      phrase.preposition >= 0 && known_.OpensReport(doc_.TokenText(phrase.preposition)) &&
      (phrase.preposition == 0 ||
       doc_.tokens[static_cast<size_t>(phrase.preposition) - 1].kind != TokenKind::kWord ||
       doc_.tokens[static_cast<size_t>(phrase.preposition) - 1].sentence != phrase.sentence);
  const bool governed = phrase.preposition >= 0 && !opens;
  return phrase.relation == PhraseRelation::kNone && !governed &&
         (!phrase.morphology.Has(Morphology::kCases) ||
          phrase.morphology.Has(Morphology::kNominative));
}

bool ActorBuilder::InHeadline(int32_t token) const { return headline_[static_cast<size_t>(token)]; }

bool ActorBuilder::SpeaksBehind(const NounPhrase& pronoun) const {
  const int32_t verb = pronoun.tokens.begin - 1;
  if (verb < 1 || pronoun.preposition >= 0) return false;
  const Token& said = doc_.tokens[static_cast<size_t>(verb)];
  if (said.sentence != pronoun.sentence || (said.pos != Pos::kVerb && said.pos != Pos::kAuxiliary &&
                                            !known_.IsQuotative(doc_.TextOf(said)))) {
    return false;
  }
  const Token& before = doc_.tokens[static_cast<size_t>(verb) - 1];
  return before.kind == TokenKind::kClosingQuote || doc_.TextOf(before) == ",";
}

bool ActorBuilder::IsShare(const NounPhrase& phrase) const {
  return phrase.relation == PhraseRelation::kGenitive && phrase.parent >= 0 &&
         phrases_[phrase.parent].classes.Has(WordClass::kUnit);
}

bool ActorBuilder::IsAgent(const NounPhrase& phrase) const {
  if (IsShare(phrase)) return IsAgent(phrases_[phrase.parent]);
  return IsSubject(phrase) || IsSource(phrase) ||
         (phrase.preposition >= 0 && phrase.relation == PhraseRelation::kNone &&
          known_.IsAgentPreposition(doc_.TokenText(phrase.preposition)));
}

bool ActorBuilder::NamesSource(int32_t noun) const {
  const Token& token = doc_.tokens[static_cast<size_t>(noun)];
  if (token.lemma != Token::kNoLemma && known_.IsSourceNoun(lexicon_.Lemma(token.lemma))) {
    return true;
  }
  // "Einsatzbericht": the last part tells.
  const auto head = lexicon_.FindHead(doc_.TextOf(token));
  return head && std::any_of(head->entry.analyses.begin(), head->entry.analyses.end(),
                             [this](const Analysis& analysis) {
                               return analysis.pos == Pos::kNoun &&
                                      known_.IsSourceNoun(lexicon_.Lemma(analysis.lemma));
                             });
}

bool ActorBuilder::IsSource(const NounPhrase& phrase) const {
  if (phrase.preposition >= 0 && phrase.relation == PhraseRelation::kNone &&
      known_.IsSourcePreposition(doc_.TokenText(phrase.preposition))) {
    return true;
  }
  // "Beobachtern zufolge".
  const auto behind = static_cast<size_t>(phrase.tokens.end);
  if (phrase.preposition < 0 && phrase.relation == PhraseRelation::kNone &&
      behind < doc_.tokens.size() && doc_.tokens[behind].sentence == phrase.sentence &&
      known_.IsSourceBehind(doc_.TextOf(doc_.tokens[behind]))) {
    return true;
  }
  // "aus Regierungskreisen verlautet".
  if (phrase.preposition >= 0 && phrase.relation == PhraseRelation::kNone &&
      phrase.determiner < 0 && phrase.classes.Has(WordClass::kGroupNoun) &&
      known_.IsSourcePlace(doc_.TokenText(phrase.preposition))) {
    return true;
  }
  // "Angaben der Polizei", "Bericht von Augenzeugen", but "Berichte aus Sandau".
  const bool of = phrase.relation == PhraseRelation::kPrepositional && phrase.preposition >= 0 &&
                  known_.IsAgentPreposition(doc_.TokenText(phrase.preposition));
  if (phrase.parent >= 0 && (phrase.relation == PhraseRelation::kGenitive || of)) {
    return NamesSource(phrases_[phrase.parent].head);
  }
  return false;
}

bool ActorBuilder::IsHeardFrom(const NounPhrase& phrase) const {
  if (phrase.preposition < 0 || !known_.IsSourcePlace(doc_.TokenText(phrase.preposition))) {
    return false;
  }
  if (phrase.relation == PhraseRelation::kPrepositional && phrase.parent >= 0) {
    const Token& noun = doc_.tokens[static_cast<size_t>(phrases_[phrase.parent].head)];
    return noun.lemma != Token::kNoLemma && known_.IsStatementNoun(lexicon_.Lemma(noun.lemma));
  }
  return phrase.relation == PhraseRelation::kNone && IsBesideHearsay(phrase);
}

bool ActorBuilder::IsBesideHearsay(const NounPhrase& phrase) const {
  const auto hearsay = [&](int32_t t) {
    if (t < 0 || static_cast<size_t>(t) >= doc_.tokens.size()) return false;
    const Token& verb = doc_.tokens[static_cast<size_t>(t)];
    return verb.sentence == phrase.sentence && verb.lemma != Token::kNoLemma &&
           known_.IsHearsayVerb(lexicon_.Lemma(verb.lemma));
  };
  // "Aus Sandau hieß es", "hieß es aus Sandau".
  return hearsay(phrase.tokens.end) || hearsay(phrase.preposition - 2);
}

std::string ActorBuilder::HeadKey(const NounPhrase& phrase) const {
  const Token& token = doc_.tokens[static_cast<size_t>(phrase.head)];
  const std::string_view form = doc_.TextOf(token);
  std::string_view word = form;
  if (token.lemma != Token::kNoLemma) word = lexicon_.Lemma(token.lemma);
  size_t prefix = 0;
  if (!known_.CountryOfPrefix(word, &prefix).empty()) word.remove_prefix(prefix);
  // "Landes-Rechnungshof" for "Landesrechnungshof".
  if (const size_t hyphen = word.find('-'); hyphen != std::string_view::npos && hyphen > 0) {
    const auto genitive = lexicon_.Find(word.substr(0, hyphen));
    if (genitive && word[hyphen - 1] == 's' &&
        std::any_of(
            genitive->analyses.begin(), genitive->analyses.end(), [](const Analysis& analysis) {
              return analysis.pos == Pos::kNoun && analysis.morphology.Has(Morphology::kGenitive);
            })) {
      return LowerCase(word.substr(0, hyphen)) + LowerCase(word.substr(hyphen + 1));
    }
  }
  // A compound that no dictionary has gets its base form from its last part.
  if (token.lemma == Token::kNoLemma) {
    if (const auto head = lexicon_.FindHead(word)) {
      for (const Analysis& analysis : head->entry.analyses) {
        if (analysis.pos != Pos::kNoun) continue;
        return LowerCase(word.substr(0, head->begin)) + LowerCase(lexicon_.Lemma(analysis.lemma));
      }
    }
  }
  return LowerCase(word);
}

TokenRange ActorBuilder::NominalRange(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  TokenRange range{phrase.core.begin, phrase.core.end};
  if (phrase.determiner >= range.begin && phrase.determiner < phrase.head) {
    range.begin = phrase.determiner + 1;
  }
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].core.begin < phrase.tokens.end;
       ++i) {
    const NounPhrase& child = phrases_[i];
    if (child.parent != index) continue;
    if (child.relation == PhraseRelation::kApposition) break;
    // "sagte der Minister der Zeitung": a dative that looks like a genitive.
    if (child.relation == PhraseRelation::kGenitive && SpeaksBehind(phrase) &&
        child.classes.Has(WordClass::kMediaNoun | WordClass::kMediaName) &&
        phrase.classes.Has(kPersonClasses) && !known_.WorksForMedia(doc_.TokenText(phrase.head))) {
      break;
    }
    if (child.tokens.end > range.end) range.end = child.tokens.end;
  }
  // A name in brackets behind an attribute is the whole phrase's.
  if (range.end > phrase.core.end && doc_.TokenText(range.end - 1) == ")") {
    for (int32_t open = range.end - 1; open > phrase.core.end; --open) {
      if (doc_.TokenText(open) != "(") continue;
      range.end = open;
      break;
    }
  }
  return range;
}

std::string ActorBuilder::CountryOf(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  for (int32_t i = phrase.core.begin; i < phrase.head; ++i) {
    const Token& token = doc_.tokens[static_cast<size_t>(i)];
    if (token.kind != TokenKind::kWord) continue;
    const std::string_view code = known_.CountryOfAdjective(doc_.TextOf(token));
    if (!code.empty()) return std::string(code);
    size_t length = 0;
    if (token.pos == Pos::kAdjective || IsTruncated(doc_.TextOf(token))) {
      const std::string_view prefix = known_.CountryOfPrefix(doc_.TextOf(token), &length);
      if (!prefix.empty()) return std::string(prefix);
    }
  }
  size_t length = 0;
  const std::string_view head = doc_.TokenText(phrase.head);
  if (phrase.name.empty() || phrase.head < phrase.name.begin) {
    const std::string_view prefix = known_.CountryOfPrefix(head, &length);
    if (!prefix.empty()) return std::string(prefix);
  }
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].core.begin < phrase.tokens.end;
       ++i) {
    const NounPhrase& child = phrases_[i];
    if (child.parent != index || child.relation == PhraseRelation::kModifier ||
        child.relation == PhraseRelation::kApposition) {
      continue;
    }
    if (child.kind == PhraseKind::kName) {
      const std::string text = Clean(child.name);
      const std::string key = NameKey(text);
      std::string_view code = known_.CountryOfName(key);
      if (code.empty()) code = known_.CountryOfCapital(key);
      if (!code.empty()) return std::string(code);
      const int32_t body = known_.FindBody(key, text);
      if (body >= 0) return known_.body(body).country;
    }
    std::string code = child.relation == PhraseRelation::kGenitive ||
                               child.relation == PhraseRelation::kPrepositional
                           ? CountryOf(i)
                           : std::string();
    if (!code.empty()) return code;
  }
  return {};
}

std::string ActorBuilder::ModifierOf(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  // "Staatsanwaltschaft Sandau"
  if (!phrase.name.empty() && phrase.head < phrase.name.begin) return NameKey(Clean(phrase.name));
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].core.begin < phrase.tokens.end;
       ++i) {
    const NounPhrase& child = phrases_[i];
    if (child.parent != index || child.relation == PhraseRelation::kApposition ||
        child.relation == PhraseRelation::kModifier) {
      continue;
    }
    TokenRange words = child.name.empty() ? NominalRange(i) : child.name;
    std::string key = NameKey(Clean(words));
    // A country is held apart from other modifiers.
    if (!known_.CountryOfName(key).empty() || !known_.CountryOfCapital(key).empty()) continue;
    return key;
  }
  return {};
}

std::string ActorBuilder::StrongAdjective(std::string_view word, std::string_view ending) {
  for (std::string_view old : {"en", "em", "er", "es", "e"}) {
    if (word.size() > old.size() + 2 && word.ends_with(old)) {
      word.remove_suffix(old.size());
      return std::string(word) + std::string(ending);
    }
  }
  return std::string(word);
}

std::string ActorBuilder::Nominative(int32_t token, bool plural) const {
  const Token& noun = doc_.tokens[static_cast<size_t>(token)];
  const std::string_view word = doc_.TextOf(noun);
  if (!plural) {
    if (noun.lemma == Token::kNoLemma) {
      // A compound that no dictionary has: its last part has a base form.
      const auto head = lexicon_.FindHead(word);
      if (!head) return std::string(word);
      for (const Analysis& analysis : head->entry.analyses) {
        if (analysis.pos != Pos::kNoun) continue;
        const std::string_view first = word.substr(0, head->begin);
        const std::string_view lemma = lexicon_.Lemma(analysis.lemma);
        return std::string(first) + (first.ends_with("-") ? std::string(lemma) : LowerCase(lemma));
      }
      return std::string(word);
    }
    const std::string_view lemma = lexicon_.Lemma(noun.lemma);
    // "Zeuge" is a form of "Zeug", too.
    const auto entry = lexicon_.Find(word);
    if (lemma != word && entry &&
        std::any_of(entry->analyses.begin(), entry->analyses.end(), [&](const Analysis& analysis) {
          return analysis.pos == Pos::kNoun && lexicon_.Lemma(analysis.lemma) == word &&
                 analysis.morphology.Has(Morphology::kSingular) &&
                 analysis.morphology.Has(Morphology::kNominative);
        })) {
      return std::string(word);
    }
    // A lemma guessed by the ending may be another word's.
    const bool same =
        lemma.size() >= 3 && LowerCase(lemma).starts_with(LowerCase(word).substr(0, 3));
    return std::string(same ? lemma : word);
  }
  // "Zeugen" is the plural of "Zeuge", whatever "Zeug" does.
  if (const auto entry = lexicon_.Find(word)) {
    for (const Analysis& analysis : entry->analyses) {
      if (analysis.pos == Pos::kNoun && analysis.morphology.Has(Morphology::kPlural) &&
          analysis.morphology.Has(Morphology::kNominative)) {
        return std::string(word);
      }
    }
  }
  // "Mitarbeitern" -> "Mitarbeiter": the dative's "n" goes where what is left is a plural, too.
  if (!word.ends_with("n")) return std::string(word);
  std::string_view last = word;
  if (noun.lemma == Token::kNoLemma) {
    if (const auto head = lexicon_.FindHead(word)) last.remove_prefix(head->begin);
  }
  last.remove_suffix(1);
  if (const auto entry = lexicon_.Find(word_shape::Recased::Upper(last).text())) {
    for (const Analysis& analysis : entry->analyses) {
      if (analysis.pos == Pos::kNoun && analysis.morphology.Has(Morphology::kPlural) &&
          analysis.morphology.Has(Morphology::kNominative)) {
        return std::string(word.substr(0, word.size() - 1));
      }
    }
  }
  return std::string(word);
}

std::string ActorBuilder::NominalName(int32_t index, const TokenRange& range, bool plural) const {
  const NounPhrase& phrase = phrases_[index];
  if (range.empty()) return {};
  if (phrase.head < range.begin || phrase.head >= range.end) return Clean(range);
  // Adjectives get the strong ending of the nominative; how many there are is no part of a name.
  const uint32_t bits = phrase.morphology.bits;
  std::string_view ending = "e";
  plural = plural || ((bits & Morphology::kPlural) && !(bits & Morphology::kSingular));
  if (!plural) {
    const uint32_t gender = bits & Morphology::kGenders;
    if (gender == Morphology::kMasculine) ending = "er";
    if (gender == Morphology::kNeuter) ending = "es";
  }
  std::string name;
  bool counting = true;
  for (int32_t i = range.begin; i < range.end; ++i) {
    const Token& token = doc_.tokens[static_cast<size_t>(i)];
    if (counting && i < phrase.head) {
      const bool degree =
          token.pos == Pos::kAdverb || token.pos == Pos::kParticle || token.pos == Pos::kDeterminer;
      if (token.kind == TokenKind::kNumber || token.pos == Pos::kNumeral ||
          known_.MeansBoth(doc_.TextOf(token)) || (degree && !token.capitalized) ||
          (degree && i == range.begin) ||
          (token.classes.Has(WordClass::kUnit) && i > range.begin)) {
        continue;
      }
    }
    counting = false;
    if (token.kind == TokenKind::kOpeningQuote || token.kind == TokenKind::kClosingQuote) continue;
    std::string word(doc_.TextOf(token));
    if (i < phrase.head && i >= phrase.core.begin && token.pos == Pos::kAdjective &&
        token.kind == TokenKind::kWord && !token.capitalized) {
      word = StrongAdjective(word, ending);
    } else if (i == phrase.head) {
      word = Nominative(i, plural);
    }
    if (!name.empty() && token.space_before) name += ' ';
    name += word;
  }
  return name;
}

uint32_t ActorBuilder::Agreement(const NounPhrase& phrase) const {
  uint32_t bits = phrase.morphology.bits & kGenderNumber;
  // "Herr", "Frau" and offices in "-in" say what a name does not.
  for (int32_t i = phrase.core.begin; i < phrase.core.end; ++i) {
    const uint32_t gender = known_.GenderOfTitle(doc_.TokenText(i));
    if (gender != 0) return gender | Morphology::kSingular;
  }
  return bits;
}

bool ActorBuilder::Agrees(uint32_t a, uint32_t b) {
  const uint32_t number_a = a & Morphology::kNumbers;
  const uint32_t number_b = b & Morphology::kNumbers;
  if (number_a != 0 && number_b != 0 && (number_a & number_b) == 0) return false;
  // In the plural gender does not show.
  if ((number_a | number_b) == Morphology::kPlural) return true;
  const uint32_t gender_a = a & Morphology::kGenders;
  const uint32_t gender_b = b & Morphology::kGenders;
  return gender_a == 0 || gender_b == 0 || (gender_a & gender_b) != 0;
}

}  // namespace lagebild::extract
