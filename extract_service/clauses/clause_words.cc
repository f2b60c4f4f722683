#include <utility>

#include "absl/strings/str_split.h"
#include "extract_service/clauses/clause_grammar.h"
#include "extract_service/tags/word_facts.h"

namespace lagebild::extract {
namespace {

constexpr uint32_t kNonfinite =
    Morphology::kInfinitive | Morphology::kParticiplePerfect | Morphology::kZuInfinitive;

constexpr std::pair<std::string_view, uint64_t> kClassNames[] = {
    {"dass", ClauseWord::kDass},
    {"ob", ClauseWord::kOb},
    {"wie", ClauseWord::kWie},
    {"w", ClauseWord::kInterrogative},
    {"sub", ClauseWord::kSubordinator},
    {"rel", ClauseWord::kRelative},
    {"inf", ClauseWord::kInfinitiveOpener},
    {"coord", ClauseWord::kCoordinator},
    {"correlate", ClauseWord::kCorrelate},
    {"reflexive", ClauseWord::kReflexive},
    {"negation", ClauseWord::kNegation},
    {"laut", ClauseWord::kLaut},
    {"zufolge", ClauseWord::kZufolge},
    {"nach", ClauseWord::kNach},
    {"so", ClauseWord::kSo},
    {"accordingly", ClauseWord::kAccordingly},
    {"whereby", ClauseWord::kWhereby},
    {"pointing", ClauseWord::kPointing},
    {"citing", ClauseWord::kCiting},
    {"article", ClauseWord::kArticle},
    {"no_quote", ClauseWord::kNoQuote},
    {"to", ClauseWord::kZu},
    {"from", ClauseWord::kFrom},
    {"within", ClauseWord::kWithin},
    {"by", ClauseWord::kBy},
    {"place_of_source", ClauseWord::kPlaceOfSource},
    {"place_of_body", ClauseWord::kPlaceOfBody},
    {"if", ClauseWord::kIf},
    {"therein", ClauseWord::kTherein},
    {"citing_on", ClauseWord::kCitingOn},
    {"relay", ClauseWord::kRelay},
    {"media_person", ClauseWord::kMediaPerson},
    {"of", ClauseWord::kOf},
    {"toward", ClauseWord::kToward},
    {"expletive", ClauseWord::kExpletive},
    {"negates_verb", ClauseWord::kNegatesVerb},
    {"thereafter", ClauseWord::kThereafter},
    {"reason", ClauseWord::kReason},
    {"hardly", ClauseWord::kHardly},
    {"self", ClauseWord::kSelf},
    {"same", ClauseWord::kSame},
    {"predicative", ClauseWord::kPredicative},
    {"indefinite", ClauseWord::kIndefinite},
    {"own", ClauseWord::kOwn},
    {"than", ClauseWord::kThan},
    {"anybody", ClauseWord::kAnybody},
    {"publication", ClauseWord::kPublication},
    {"comment", ClauseWord::kComment},
    {"all_before", ClauseWord::kAllBefore},
    {"label", ClauseWord::kLabel},
    {"any_noun", ClauseWord::kAnyNoun},
    {"in_the_eyes_of", ClauseWord::kInTheEyesOf},
    {"regarding", ClauseWord::kRegarding},
    {"thing", ClauseWord::kThing},
    {"without", ClauseWord::kWithout},
    {"further", ClauseWord::kFurther},
};

}  // namespace

std::string_view ToLower(std::string_view word, std::array<char, 96>* buffer) {
  if (word.size() > buffer->size()) return word;
  bool after_c3 = false;
  for (size_t i = 0; i < word.size(); ++i) {
    const auto byte = static_cast<unsigned char>(word[i]);
    unsigned char lower = byte;
    if ((byte >= 'A' && byte <= 'Z') || (after_c3 && byte >= 0x80 && byte <= 0x9e)) {
      lower = static_cast<unsigned char>(byte + 32);
    }
    after_c3 = byte == 0xc3;
    (*buffer)[i] = static_cast<char>(lower);
  }
  return {buffer->data(), word.size()};
}

ClauseGrammar::ClauseGrammar(const Lexicon& lexicon) : lexicon_(lexicon) {
  const auto number = [&](std::string_view lemma) {
    return lexicon.FindLemma(lemma).value_or(Token::kNoLemma);
  };
  const std::pair<std::string_view, uint32_t*> lemmas[] = {
      {"lemma_have", &have_},         {"lemma_be", &be_},         {"lemma_become", &become_},
      {"lemma_sollen", &sollen_},     {"lemma_wollen", &wollen_}, {"lemma_koennen", &koennen_},
      {"lemma_muessen", &muessen_},   {"lemma_moegen", &moegen_}, {"lemma_duerfen", &duerfen_},
      {"lemma_brauchen", &brauchen_}, {"lemma_drohen", &drohen_}, {"lemma_wissen", &wissen_}};
  const LexiconTable& table = lexicon.Table("clause_words");
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string_view name = table.Cell(row, "class");
    const std::string_view words = table.Cell(row, "words");
    uint64_t bit = 0;
    for (const auto& [known, value] : kClassNames) {
      if (known == name) bit = value;
    }
    for (const auto& word :
         absl::StrSplit(absl::string_view(words.data(), words.size()), ' ', absl::SkipEmpty())) {
      if (bit != 0) classes_[std::string(word.data(), word.size())] |= bit;
      if (name == "modal") modals_.push_back(number({word.data(), word.size()}));
      if (name == "copula") copulas_.push_back(number({word.data(), word.size()}));
      if (name == "stative") statives_.push_back(number({word.data(), word.size()}));
      for (const auto& [lemma_name, lemma] : lemmas) {
        if (lemma_name == name) *lemma = number({word.data(), word.size()});
      }
    }
  }
  const LexiconTable& prefixes = lexicon.Table("verb_prefixes");
  for (size_t row = 0; row < prefixes.size(); ++row) {
    if (prefixes.Cell(row, "kind") != "separable") continue;
    classes_[std::string(prefixes.Cell(row, "prefix"))] |= ClauseWord::kParticle;
  }
  const LexiconTable& nouns = lexicon.Table("content_nouns");
  std::array<char, 96> buffer;
  for (size_t row = 0; row < nouns.size(); ++row) {
    const std::string_view forms = nouns.Cell(row, "forms");
    for (const auto& form : absl::StrSplit(absl::string_view(forms.data(), forms.size()), ',')) {
      classes_[std::string(ToLower({form.data(), form.size()}, &buffer))] |=
          ClauseWord::kContentNoun;
    }
  }
}

uint64_t ClauseGrammar::ClassesOf(std::string_view lower) const {
  const auto it = classes_.find(lower);
  return it == classes_.end() ? 0 : it->second;
}

ClauseMood ClauseGrammar::MoodOf(const WordInfo& word) const {
  const uint32_t moods = word.third_moods;
  const bool first = (moods & Morphology::kKonjunktiv1) != 0;
  const bool second = (moods & Morphology::kKonjunktiv2) != 0;
  if ((moods & Morphology::kIndicative) != 0) {
    return first || second ? ClauseMood::kAmbiguous : ClauseMood::kIndicative;
  }
  if (first) return ClauseMood::kKonjunktiv1;
  // "möchte" wishes; it reports nothing.
  if (second && word.HasLemma(moegen_)) return ClauseMood::kIndicative;
  if (second) return IsBecome(word) ? ClauseMood::kWuerde : ClauseMood::kKonjunktiv2;
  return ClauseMood::kNone;
}

void ClauseGrammar::ReadUnknownVerb(std::string_view text, WordInfo* word) const {
  // "schiefläuft": the form of a verb behind words no dictionary has it with.
  constexpr size_t kShortestPrefix = 2;
  constexpr size_t kShortestVerb = 4;
  for (size_t at = kShortestPrefix; at + kShortestVerb <= text.size(); ++at) {
    const auto entry = lexicon_.Find(text.substr(at));
    if (!entry) continue;
    for (const Analysis& analysis : entry->analyses) {
      if (analysis.pos != Pos::kVerb && analysis.pos != Pos::kAuxiliary) continue;
      word->verb = true;
      word->bits |= analysis.morphology.bits;
      if (analysis.morphology.Has(Morphology::kFinite) &&
          analysis.morphology.Has(Morphology::kThird)) {
        word->third_moods |=
            analysis.morphology.bits & (Morphology::kMoods & ~Morphology::kImperative);
      }
    }
    if (!word->verb) continue;
    // "einzuschieben": "zu" right before the verb.
    word->zu_infinitive =
        (ClassesOf(text.substr(at - kShortestPrefix, kShortestPrefix)) & ClauseWord::kZu) != 0;
    return;
  }
}

void ClauseGrammar::FindMissingVerbs(const AnnotatedDocument& document,
                                     std::vector<WordInfo>* words) {
  const auto is_border = [&](size_t t) {
    return t == document.tokens.size() || document.tokens[t].kind != TokenKind::kWord;
  };
  size_t begin = 0;
  for (size_t end = 0; end <= document.tokens.size(); ++end) {
    if (!is_border(end)) continue;
    bool finite = false;
    for (size_t t = begin; t < end; ++t) finite = finite || (*words)[t].finite;
    for (size_t t = begin + 1; t < end && !finite; ++t) {
      const Token& token = document.tokens[t];
      WordInfo& word = (*words)[t];
      const Pos before = document.tokens[t - 1].pos;
      const Pos behind = t + 1 < end ? document.tokens[t + 1].pos : Pos::kUnknown;
      // "Bergs zitierte Worte", "300 Meter lange Schiffe" have no verb.
      const bool attribute =
          (before == Pos::kProperNoun || document.tokens[t - 1].classes.Has(WordClass::kUnit)) &&
          (behind == Pos::kNoun || behind == Pos::kProperNoun);
      if (token.pos != Pos::kAdjective || token.capitalized || word.lemma_count == 0 ||
          (word.bits & Morphology::kFinite) == 0 || word.third_moods == 0 || attribute ||
          (word.bits & Morphology::kParticiplePerfect) != 0 ||
          (before != Pos::kNoun && before != Pos::kProperNoun && before != Pos::kPronoun)) {
        continue;
      }
      word.verb = word.finite = finite = true;
      word.nonfinite = false;
    }
    begin = end + 1;
  }
}

void ClauseGrammar::LookUp(const AnnotatedDocument& document, std::vector<WordInfo>* words) const {
  words->assign(document.tokens.size(), WordInfo());
  std::array<char, 96> buffer;
  WordFactsCache& known = WordFactsCache::OfThread();
  bool opens = true;  // The next word may be capitalised only because it comes first.
  bool zu = false;
  for (size_t i = 0; i < document.tokens.size(); ++i) {
    const Token& token = document.tokens[i];
    WordInfo& word = (*words)[i];
    const std::string_view text = document.TextOf(token);
    if (token.kind != TokenKind::kWord) {
      opens = token.kind == TokenKind::kOpeningQuote || text == ":" || text == "." || text == "?" ||
              text == "!" || (opens && token.kind != TokenKind::kNumber);
      zu = false;
      continue;
    }
    const std::string_view lower = ToLower(text, &buffer);
    const bool starts = opens || (i > 0 && document.tokens[i - 1].sentence != token.sentence);
    opens = false;
    word.classes = ClassesOf(lower);
    const bool after_zu = zu;
    zu = word.Has(ClauseWord::kZu);
    if (token.capitalized && !starts) continue;
    const std::string_view form = token.capitalized ? lower : text;
    bool other = false;
    for (const Analysis& analysis : known.Find(form, false, lexicon_).analyses) {
      if (analysis.pos != Pos::kVerb && analysis.pos != Pos::kAuxiliary) {
        other = true;
        continue;
      }
      if (!word.HasLemma(analysis.lemma) && word.lemma_count < word.lemmas.size()) {
        word.lemmas[word.lemma_count++] = analysis.lemma;
      }
      const uint32_t bits = analysis.morphology.bits;
      word.bits |= bits;
      constexpr uint32_t kPersons = Morphology::kFirst | Morphology::kSecond | Morphology::kThird;
      if ((bits & Morphology::kFinite) != 0 &&
          ((bits & kPersons) == 0 || (bits & Morphology::kThird) != 0)) {
        word.third_moods |= bits & (Morphology::kMoods & ~Morphology::kImperative);
      }
    }
    const bool tagged = token.pos == Pos::kVerb || token.pos == Pos::kAuxiliary;
    word.verb = word.lemma_count > 0 && (tagged || token.pos == Pos::kUnknown ||
                                         (!other && !(starts && token.capitalized)));
    if (!word.verb && (token.pos == Pos::kAdjective || token.pos == Pos::kAdverb) &&
        !token.capitalized && (word.bits & Morphology::kParticiplePerfect) != 0) {
      // A participle in the right bracket ("haben vereinbart", "hat ausgerechnet") may be tagged as
      // an adjective or an adverb.
      const Token* next = i + 1 < document.tokens.size() ? &document.tokens[i + 1] : nullptr;
      word.nonfinite = word.verb = next == nullptr || next->kind != TokenKind::kWord ||
                                   next->pos == Pos::kAuxiliary || next->pos == Pos::kVerb ||
                                   next->pos == Pos::kCoordinator;
      continue;
    }
    if (tagged && word.lemma_count == 0 && !token.known && !token.capitalized) {
      ReadUnknownVerb(text, &word);
    }
    if (!word.verb) continue;
    word.finite = (word.bits & Morphology::kFinite) != 0 &&
                  (word.third_moods != 0 || (word.bits & Morphology::kFirst) != 0);
    word.nonfinite = (word.bits & kNonfinite) != 0;
    if ((word.bits & Morphology::kZuInfinitive) != 0 ||
        (after_zu && (word.bits & Morphology::kInfinitive) != 0)) {
      word.zu_infinitive = true;
      word.finite = false;
    }
  }
  FindMissingVerbs(document, words);
  for (size_t q = 0; q < document.quotations.size(); ++q) {
    const Quotation& quotation = document.quotations[q];
    if (quotation.outer >= 0) continue;
    for (int32_t t = quotation.tokens.begin; t < quotation.tokens.end; ++t) {
      (*words)[static_cast<size_t>(t)].quotation = static_cast<int32_t>(q);
    }
  }
}

}  // namespace lagebild::extract
