#include <algorithm>
#include <string>
#include <string_view>

#include "extract_service/phrases/noun_phrase_parser.h"
#include "extract_service/phrases/words.h"
#include "extract_service/tags/word_facts.h"

namespace lagebild::extract {

const Pronoun* NounPhraseParser::FindPronoun(const WordMap<Pronoun>& table, std::string_view word) {
  if (word.size() > 12) return nullptr;
  const auto it = table.find(LowerCase(word));
  return it == table.end() ? nullptr : &it->second;
}

bool NounPhraseParser::IsGenitiveName(int32_t i) const {
  const std::string_view word = Text(i);
  const size_t stem = GenitiveStem(word);
  if (stem == word.size() || stem < 2) return false;
  if (!word.ends_with("s")) return true;  // An apostrophe says so.
  const auto whole = lexicon_.Find(word);
  if (whole && whole->classes.Has(kNameClasses)) {
    // "Paris", "Reuters": a name by itself, unless the same place is known without the "s".
    const auto base = lexicon_.Find(word.substr(0, stem));
    return base && (base->classes.bits & whole->classes.bits & kPlaceClasses) != 0;
  }
  // Of a double name the last part tells.
  const size_t hyphen = word.rfind('-');
  const size_t begin = hyphen == std::string_view::npos ? 0 : hyphen + 1;
  const auto is_name = [&](size_t from) {
    const auto base = lexicon_.Find(word.substr(from, stem - from));
    return base && base->classes.Has(kNameClasses);
  };
  if (is_name(0) || (begin > 0 && begin < stem && is_name(begin))) return true;
  const int32_t entity = entity_[Index(i)];
  return entity >= 0 && !Tok(i).known && !Tok(i).all_caps;
}

bool NounPhraseParser::MayBeGenitiveName(int32_t i) const {
  const std::string_view word = Text(i);
  if (!word.ends_with("s")) return false;
  const auto base = lexicon_.Find(word.substr(0, word.size() - 1));
  return base && base->classes.Has(WordClass::kLastName | WordClass::kFirstName);
}

bool NounPhraseParser::IsGenitiveBeforeNoun(int32_t i) const {
  if (i + 1 >= limit_ || Tok(i).all_caps || GenitiveStem(Text(i)) == Text(i).size() ||
      NameEnd(i) > i + 1) {
    return false;
  }
  const Token& noun = Tok(i + 1);
  if (noun.kind != TokenKind::kWord || !noun.capitalized || noun.classes.Has(kNameClasses) ||
      entity_[Index(i) + 1] >= 0) {
    return false;
  }
  // "Bergs Meinung": a genitive without an article can only be a name's.
  if (const auto own = lexicon_.Find(Text(i));
      own && !std::all_of(own->analyses.begin(), own->analyses.end(), [](const Analysis& analysis) {
        const uint32_t cases = analysis.morphology.bits & Morphology::kCases;
        return analysis.pos == Pos::kNoun && cases == Morphology::kGenitive;
      })) {
    return false;
  }
  const auto entry = lexicon_.Find(Text(i + 1));
  return entry && std::any_of(entry->analyses.begin(), entry->analyses.end(),
                              [](const Analysis& analysis) { return analysis.pos == Pos::kNoun; });
}

bool NounPhraseParser::IsNameToken(int32_t i) const {
  if (i >= limit_) return false;
  const int32_t entity = entity_[Index(i)];
  if (entity >= 0) return true;
  const Token& t = Tok(i);
  if (t.kind != TokenKind::kWord || !t.capitalized) return false;
  if (t.pos == Pos::kProperNoun) return true;
  return t.pos == Pos::kNoun && !t.known && t.classes.Has(kNameClasses);
}

int32_t NounPhraseParser::NameEnd(int32_t i) const {
  const int32_t entity = entity_[Index(i)];
  if (entity >= 0) {
    int32_t end = std::min(doc_.entities[Index(entity)].tokens.end, limit_);
    return end;
  }
  int32_t end = i;
  // "Sandau TV": letters that follow a name belong to it, but no person's.
  const bool person = Tok(i).classes.Has(WordClass::kFirstName | WordClass::kLastName);
  while (end < limit_ && end - i < kMaxNameTokens && entity_[Index(end)] < 0 &&
         (IsNameToken(end) ||
          (end > i && !person && Tok(end).all_caps && Tok(end).kind == TokenKind::kWord))) {
    ++end;
    int32_t particle = end;
    while (particle < limit_ && particle - end < 2 && IsParticle(particle)) ++particle;
    if (particle > end && particle < limit_ && entity_[Index(particle)] < 0 &&
        Tok(particle).pos == Pos::kProperNoun && Tok(i).classes.Has(WordClass::kFirstName)) {
      end = particle;
    }
  }
  return end;
}

int32_t NounPhraseParser::QuotedNameEnd(int32_t i) const {
  if (i >= limit_ || Tok(i).kind != TokenKind::kOpeningQuote) return -1;
  const int32_t close = quote_end_[Index(i)];
  if (close < 0 || close >= limit_ || close - i < 2 || close - i > kMaxNameTokens) return -1;
  for (int32_t t = i + 1; t < close; ++t) {
    if (Tok(t).kind != TokenKind::kWord && Tok(t).kind != TokenKind::kNumber) return -1;
    if (IsVerb(t) && entity_[Index(t)] < 0 && !Tok(t).capitalized) return -1;
  }
  if (!Tok(i + 1).capitalized && entity_[Index(i + 1)] < 0) return -1;
  return close;
}

Morphology NounPhraseParser::NounMorphology(int32_t i) const {
  const Token& token = Tok(i);
  // "Funke Mediengruppe": a name ends in a noun, too.
  const bool body = token.pos == Pos::kProperNoun && !token.known &&
                    LabelAt(i) != EntityLabel::kPerson && LabelAt(i) != EntityLabel::kUnspecified;
  if (token.morphology.Has(Morphology::kCases) || (token.pos != Pos::kNoun && !body)) {
    return token.morphology;
  }
  return Morphology{token.morphology.bits | HeadReadings(Text(i)).bits};
}

Morphology NounPhraseParser::HeadReadings(std::string_view noun) const {
  Morphology morphology;
  constexpr int kMostParts = 3;
  for (int part = 0; part < kMostParts; ++part) {
    const auto head = lexicon_.FindHead(noun);
    if (!head) break;
    for (const Analysis& analysis : head->entry.analyses) {
      if (analysis.pos == Pos::kNoun) morphology.bits |= analysis.morphology.bits;
    }
    // "ABC-Landesvorsitzende": a list may know her alone, the last part is for both.
    if (morphology.Has(Morphology::kMasculine) || head->begin == 0) break;
    noun.remove_prefix(head->begin);
  }
  return morphology;
}

Agreement NounPhraseParser::NounAgreement(int32_t i) const {
  const Token& token = Tok(i);
  Agreement agreement = 0;
  if (token.pos == Pos::kNoun) {
    const WordFacts& facts = WordFactsCache::OfThread().Find(Text(i), false, lexicon_);
    for (const Analysis& analysis : facts.analyses) {
      if (analysis.pos == Pos::kNoun) agreement |= AgreementOf(analysis.morphology);
    }
  }
  if (agreement == 0) agreement = AgreementOf(NounMorphology(i));
  // "der Landesvorsitzende": the list knows her alone, its last part both.
  constexpr Agreement kMasculines = 0x000f;
  constexpr Agreement kFeminines = 0x00f0;
  if ((agreement & kMasculines) == 0 && (agreement & kFeminines) != 0 &&
      token.classes.Has(WordClass::kOffice)) {
    const Morphology of_head = HeadReadings(Text(i));
    if (of_head.Has(Morphology::kMasculine)) agreement |= AgreementOf(of_head);
  }
  return agreement;
}

bool NounPhraseParser::CommonOffice(int32_t p) const {
  if (entity_[Index(p)] >= 0 || Tok(p).classes.Has(kNameClasses)) return false;
  // What no dictionary has may be a surname: a hyphen or a name behind says otherwise.
  const bool compound = Text(p).find('-') != std::string_view::npos ||
                        (p + 1 < limit_ && LabelAt(p + 1) == EntityLabel::kPerson);
  return (Tok(p).known || compound) && chunker_.NounClasses(doc_, p).Has(kActorClasses);
}

bool NounPhraseParser::IsCapitalAdjective(int32_t p) const {
  if (p + 1 >= limit_ || !Tok(p).capitalized || !IsNounLike(p + 1) || !Tok(p + 1).known ||
      entity_[Index(p + 1)] >= 0 ||
      !chunker_.NounClasses(doc_, p + 1).Has(WordClass::kOrganizationNoun)) {
    return false;
  }
  return IsWrittenAsAdjective(Text(p));
}

bool NounPhraseParser::IsWrittenAsAdjective(std::string_view word) const {
  const auto entry = lexicon_.Find(LowerCase(word));
  return entry &&
         std::any_of(entry->analyses.begin(), entry->analyses.end(),
                     [](const Analysis& analysis) { return analysis.pos == Pos::kAdjective; });
}

bool NounPhraseParser::IsSaxonBefore(int32_t p) const {
  const int32_t end = std::max(NameEnd(p), p + 1);
  const Token& last = Tok(end - 1);
  const bool may_be_genitive = !last.known && !last.all_caps && Text(end - 1).ends_with("s");
  if (!IsGenitiveName(end - 1) && !may_be_genitive) return false;
  // "Berg-s neue Vergabe".
  int32_t noun = end;
  while (noun < limit_ && noun - end < kMaxSaxonAdjectives && IsAdjective(noun) &&
         Tok(noun).kind == TokenKind::kWord && PosOf(noun) != Pos::kNumeral &&
         !Tok(noun).capitalized) {
    ++noun;
  }
  return noun < limit_ && IsNounLike(noun) && !IsNameToken(noun) && PosOf(noun) == Pos::kNoun;
}

int32_t NounPhraseParser::PrepositionBefore(int32_t i) const {
  constexpr int32_t kDegrees = 2;
  const auto step_over_mark = [&] {
    // "mit „starkem Regen“".
    if (i > sentence_begin_ + 1 && Tok(i - 1).kind == TokenKind::kOpeningQuote) --i;
  };
  step_over_mark();
  // "mit sehr starkem Regen".
  const bool graded = IsAdjective(i) && !Tok(i).capitalized;
  for (int32_t n = 0; n < kDegrees && graded && i > sentence_begin_ + 1 &&
                      (PosOf(i - 1) == Pos::kAdverb || PosOf(i - 1) == Pos::kParticle);
       ++n) {
    --i;
  }
  step_over_mark();
  return i > sentence_begin_ && PosOf(i - 1) == Pos::kAdposition ? i - 1 : -1;
}

}  // namespace lagebild::extract
