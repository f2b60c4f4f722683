#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "extract_service/phrases/noun_phrase_parser.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {

NounPhraseParser::NounPhraseParser(const NounPhraseChunker& chunker, const PhraseGrammar& grammar,
                                   const Lexicon& lexicon, const AnnotatedDocument& document)
    : chunker_(chunker), grammar_(grammar), lexicon_(lexicon), doc_(document) {
  const size_t n = document.tokens.size();
  in_time_.assign(n, false);
  entity_.assign(n, -1);
  quote_end_.assign(n, -1);
  for (const TimeExpression& time : document.times) {
    for (int32_t i = time.tokens.begin; i < time.tokens.end; ++i) in_time_[Index(i)] = true;
  }
  for (size_t e = 0; e < document.entities.size(); ++e) {
    const TokenRange& range = document.entities[e].tokens;
    for (int32_t i = range.begin; i < range.end; ++i) {
      if (entity_[Index(i)] < 0) entity_[Index(i)] = static_cast<int32_t>(e);
    }
  }
  for (const Quotation& q : document.quotations) {
    if (!q.tokens.empty()) quote_end_[Index(q.tokens.begin)] = q.tokens.end - 1;
  }
}

NounPhrases NounPhraseParser::Work() {
  for (size_t s = 0; s < doc_.sentences.size(); ++s) {
    result_.sentence_begin_.push_back(static_cast<int32_t>(phrases().size()));
    ChunkSentence(static_cast<int32_t>(s));
  }
  result_.sentence_begin_.push_back(static_cast<int32_t>(phrases().size()));
  result_.outermost_.assign(doc_.tokens.size(), -1);
  result_.innermost_.assign(doc_.tokens.size(), -1);
  for (size_t p = 0; p < phrases().size(); ++p) {
    const NounPhrase& phrase = phrases()[p];
    for (int32_t i = phrase.tokens.begin; i < phrase.tokens.end; ++i) {
      if (result_.outermost_[Index(i)] < 0) {
        result_.outermost_[Index(i)] = static_cast<int32_t>(p);
      }
      // Inner phrases come later, so the last writer is the innermost.
      result_.innermost_[Index(i)] = static_cast<int32_t>(p);
    }
  }
  return std::move(result_);
}

void NounPhraseParser::ChunkSentence(int32_t s) {
  const Sentence& sentence = doc_.sentences[Index(s)];
  sentence_ = s;
  sentence_begin_ = sentence.tokens.begin;
  limit_ = sentence.tokens.end;
  const size_t first = phrases().size();
  int32_t i = sentence.tokens.begin;
  while (i < limit_) {
    int32_t next = i + 1;
    const Token& t = Tok(i);
    if (t.kind == TokenKind::kOpeningQuote && QuotedNameEnd(i) >= 0 && ShortQuotedName(i)) {
      const int32_t phrase = Parse(i, 0, PrepositionBefore(i));
      if (phrase >= 0) next = End(phrase);
    } else if (t.kind == TokenKind::kWord || t.kind == TokenKind::kNumber) {
      next = ChunkAt(i);
    }
    i = std::max(next, i + 1);
  }
  Coordinate(first);
  for (size_t p = first; p < phrases().size(); ++p) {
    if (phrases()[p].relative) FindAntecedent(first, p);
  }
}

bool NounPhraseParser::ShortQuotedName(int32_t open) const {
  return entity_[Index(open + 1)] >= 0 || Tok(open + 1).classes.Has(WordClass::kMediaName);
}

int32_t NounPhraseParser::ChunkAt(int32_t i) {
  const Token& t = Tok(i);
  const std::string_view word = Text(i);
  const Determiner* determiner = DeterminerAt(i);
  if (determiner != nullptr && determiner->kind == DeterminerKind::kContraction) {
    const int32_t phrase = Parse(i, 0, i);
    return phrase >= 0 ? End(phrase) : i + 1;
  }
  if (t.pos == Pos::kAdposition && entity_[Index(i)] < 0) return i + 1;
  if (EndsFocusParticle(i)) return i + 1;
  if (const int32_t end = Partitive(i); end > i) return end;
  // Pronouns: by tag, or where nothing noun-like follows a form that can be one.
  if (entity_[Index(i)] < 0) {
    const bool after_comma =
        i > sentence_begin_ &&
        (Text(i - 1) == "," ||
         (i > sentence_begin_ + 1 && PosOf(i - 1) == Pos::kAdposition && Text(i - 2) == ","));
    if (after_comma && !t.capitalized) {
      const Pronoun* relative = FindPronoun(grammar_.relatives, word);
      if (relative != nullptr && (t.pos == Pos::kPronoun ||
                                  (!IsNounOrAdjective(i + 1) && DeterminerAt(i + 1) == nullptr))) {
        PushPronoun(i, *relative);
        return i + 1;
      }
    }
    const Pronoun* pronoun = FindPronoun(grammar_.pronouns, word);
    if (pronoun != nullptr) {
      // "das", "diese", "ihr" are determiners too: a phrase that can be read goes first.
      const bool tagged = t.pos == Pos::kPronoun;
      if (determiner != nullptr && (!tagged || DeterminerByContext(i))) {
        const int32_t phrase = Parse(i, 0, PrepositionBefore(i));
        if (phrase >= 0) return End(phrase);
      }
      PushPronoun(i, *pronoun);
      return i + 1;
    }
  }
  const bool starts = determiner != nullptr || IsNounLike(i) || IsAdjective(i) ||
                      (i + 1 < limit_ && IsAdjective(i + 1) &&
                       (PosOf(i + 1) == Pos::kNumeral || Tok(i + 1).kind == TokenKind::kNumber) &&
                       IsApproximator(i));
  if (!starts) return i + 1;
  const int32_t phrase = Parse(i, 0, PrepositionBefore(i));
  return phrase >= 0 ? End(phrase) : i + 1;
}

bool NounPhraseParser::EndsFocusParticle(int32_t i) const {
  if (i == sentence_begin_ || PosOf(i - 1) != Pos::kAdposition) return false;
  const auto found = grammar_.focus_particles.find(Text(i));
  const std::string_view first = Text(i - 1);
  return found != grammar_.focus_particles.end() &&
         absl::EqualsIgnoreCase(absl::string_view(first.data(), first.size()), found->second);
}

int32_t NounPhraseParser::Partitive(int32_t i) {
  if (i + 1 >= limit_ || entity_[Index(i)] >= 0 || in_time_[Index(i)]) return -1;
  const Token& t = Tok(i);
  if (t.kind != TokenKind::kWord || t.pos == Pos::kNoun || t.pos == Pos::kProperNoun ||
      t.pos == Pos::kVerb || t.pos == Pos::kAuxiliary || t.pos == Pos::kAdposition) {
    return -1;
  }
  const bool number = t.pos == Pos::kNumeral;
  const std::string_view word = Text(i);
  if (!number &&
      (word.size() > 16 || !(t.capitalized ? grammar_.partitives.contains(LowerCase(word))
                                           : grammar_.partitives.contains(word)))) {
    return -1;
  }
  // "einer von Forschern gezeigten Karte".
  if (DeterminerAt(i) != nullptr && BeforeExtendedAttribute(i + 1, 0, -1)) return -1;
  // "viele der Männer", "viele von ihnen".
  const auto preposition = grammar_.prepositions.find(Text(i + 1));
  const bool of = preposition != grammar_.prepositions.end() &&
                  preposition->second == AttributePreposition::kOf;
  const Determiner* article = DeterminerAt(i + 1);
  if (!of && (article == nullptr || article->kind == DeterminerKind::kContraction ||
              (article->agreement & kGenitives & kPlurals) == 0)) {
    return -1;
  }
  const bool of_them =
      of && i + 2 < limit_ && FindPronoun(grammar_.pronouns, Text(i + 2)) != nullptr;
  const size_t rollback = phrases().size();
  const int32_t self = static_cast<int32_t>(rollback);
  NounPhrase phrase;
  phrase.tokens = phrase.core = {i, i + 1};
  phrase.head = i;
  phrase.preposition = PrepositionBefore(i);
  phrase.sentence = sentence_;
  phrase.definite = true;
  phrase.morphology = MorphologyOf(number ? kPlurals : kAnyAgreement, Morphology{});
  if (of_them) {
    phrase.tokens.end = i + 3;
    phrase.classes.bits |= WordClass::kPersonNoun;
  }
  phrases().push_back(phrase);
  if (!of_them && !(of ? Prepositional(self, 0) : Genitive(self, 0))) {
    phrases().resize(rollback);
    return -1;
  }
  // "einer der Agentur vorliegenden Liste": an article, and what stands behind it is an attribute.
  const int32_t behind = End(self);
  if (!of_them && IsAdjective(behind) && !Tok(behind).capitalized &&
      Tok(behind).kind == TokenKind::kWord && LooksLikeNounBehind(behind)) {
    phrases().resize(rollback);
    return -1;
  }
  if (!of_them) ReadAttributes(self, 0);
  return End(self);
}

void NounPhraseParser::PushPronoun(int32_t i, const Pronoun& pronoun) {
  NounPhrase phrase;
  phrase.tokens = phrase.core = {i, i + 1};
  phrase.head = i;
  phrase.preposition = PrepositionBefore(i);
  phrase.sentence = sentence_;
  phrase.kind = PhraseKind::kPronoun;
  phrase.relative = pronoun.kind == PronounKind::kRelative;
  phrase.demonstrative = pronoun.kind == PronounKind::kDemonstrative;
  phrase.definite = pronoun.kind != PronounKind::kIndefinite;
  Agreement agreement = pronoun.agreement;
  // "Dieser betonte, ...": a man, as it is hardly ever a dative; but "Das sagte Berg".
  if (phrase.demonstrative && (agreement & kNeuters) == 0 && i == sentence_begin_ &&
      i + 1 < limit_ && Tok(i + 1).morphology.Has(Morphology::kFinite)) {
    Narrow(&agreement, kNominatives);
  }
  phrase.morphology = MorphologyOf(agreement, Morphology{});
  phrase.morphology.bits |= pronoun.person;
  phrases().push_back(phrase);
}

bool NounPhraseParser::SameRank(const NounPhrase& a, const NounPhrase& b) const {
  if (a.preposition >= 0 && b.preposition < 0) return true;  // "von Berg und Tann".
  if ((a.preposition >= 0) != (b.preposition >= 0)) return false;
  const uint32_t cases = a.morphology.bits & b.morphology.bits & Morphology::kCases;
  return cases != 0 || !a.morphology.Has(Morphology::kCases) ||
         !b.morphology.Has(Morphology::kCases);
}

void NounPhraseParser::Coordinate(size_t first) {
  std::vector<size_t> top;
  for (size_t p = first; p < phrases().size(); ++p) {
    if (phrases()[p].parent < 0 && !phrases()[p].relative) top.push_back(p);
  }
  size_t run = 0;  // Begin of the run of phrases with only commas between them.
  for (size_t k = 1; k < top.size(); ++k) {
    const NounPhrase& a = phrases()[top[k - 1]];
    const NounPhrase& b = phrases()[top[k]];
    const int32_t from = a.tokens.end;
    int32_t to = b.tokens.begin;
    if (b.preposition == to - 1 && b.preposition >= from) --to;
    const bool comma = to - from == 1 && Is(from, ",");
    const bool coordinator = to - from >= 1 && to - from <= 3 && IsCoordination(from, to);
    if (coordinator && run + 1 == k && IsOneWithTwoOffices(a, b)) {
      Attach(static_cast<int32_t>(top[k]), static_cast<int32_t>(top[k - 1]),
             PhraseRelation::kApposition);
      top[k] = top[k - 1];
      run = k;
      continue;
    }
    if (coordinator && SameRank(a, b)) {
      const int32_t number = static_cast<int32_t>(top[run]);
      for (size_t m = run; m <= k; ++m) phrases()[top[m]].coordination = number;
      continue;
    }
    if (!comma || !SameRank(a, b)) run = k;
  }
}

bool NounPhraseParser::IsOneWithTwoOffices(const NounPhrase& a, const NounPhrase& b) const {
  if (a.kind != PhraseKind::kNominal || a.possessive || !a.name.empty() ||
      !a.classes.Has(kPersonClasses) || !a.morphology.Has(Morphology::kSingular)) {
    return false;
  }
  if (b.kind != PhraseKind::kName || b.determiner >= 0 || b.preposition >= 0 ||
      b.head >= b.name.begin || b.core.begin != b.head || !b.classes.Has(kPersonClasses) ||
      LabelAt(b.name.begin) != EntityLabel::kPerson) {
    return false;
  }
  // "Minister und Landrat Tann sagten", "zwischen Minister und Landrat Tann": two.
  const auto of_several = [this](int32_t t) {
    return t >= sentence_begin_ && t < limit_ && IsVerb(t) &&
           (Tok(t).morphology.bits & Morphology::kNumbers) == Morphology::kPlural;
  };
  if (a.determiner >= 0) {
    // "der Minister" may be of several ministers.
    const bool one = a.preposition < 0 && a.morphology.Has(Morphology::kNominative) &&
                     a.relation == PhraseRelation::kNone && !of_several(a.tokens.begin - 1) &&
                     !of_several(b.tokens.end);
    return a.definite && (one || !a.morphology.Has(Morphology::kPlural));
  }
  return a.tokens.size() == 1 && a.classes.Has(WordClass::kOffice) &&
         b.classes.Has(WordClass::kOffice) && b.core.begin == a.tokens.end + 1 &&
         !of_several(a.tokens.begin - 1) && !of_several(b.tokens.end) &&
         (a.preposition < 0 || !a.morphology.Has(Morphology::kPlural));
}

bool NounPhraseParser::IsCoordination(int32_t from, int32_t to) const {
  const auto& coordinators = grammar_.coordinators;
  if (PosOf(from) == Pos::kCoordinator || coordinators.contains(Text(from))) {
    return to - from == 1 || (to - from == 2 && PosOf(from + 1) == Pos::kAdverb);
  }
  // "sowohl A als auch B", with or without a comma.
  if (Text(from) == ",") ++from;
  return to - from == 2 &&
         coordinators.contains(std::string(Text(from)) + " " + std::string(Text(from + 1)));
}

void NounPhraseParser::FindAntecedent(size_t first, size_t relative) {
  NounPhrase& pronoun = phrases()[relative];
  int32_t comma = pronoun.tokens.begin - 1;
  if (comma > sentence_begin_ && PosOf(comma) == Pos::kAdposition) --comma;
  // "..., dass sie Anna Berg folgen, die ...": only the verb stands between.
  const auto is_verb = [this](int32_t t) {
    return PosOf(t) == Pos::kVerb || PosOf(t) == Pos::kAuxiliary;
  };
  while (comma - 1 > sentence_begin_ && is_verb(comma - 1)) --comma;
  const uint32_t wanted_number = pronoun.morphology.bits & Morphology::kNumbers;
  const uint32_t wanted_gender = pronoun.morphology.bits & Morphology::kGenders;
  const Pronoun* form = FindPronoun(grammar_.relatives, Text(pronoun.head));
  constexpr Agreement kNeuters = 0x0f00;
  // Phrases that end at the comma, the inner one last: the innermost that agrees is the nearest.
  int32_t best = -1;
  for (size_t p = relative; p-- > first && relative - p < 16;) {
    const NounPhrase& candidate = phrases()[p];
    if (candidate.tokens.end != comma || candidate.kind == PhraseKind::kPronoun) continue;
    const uint32_t number = candidate.morphology.bits & Morphology::kNumbers;
    const uint32_t gender = candidate.morphology.bits & Morphology::kGenders;
    if (number != 0 && (number & wanted_number) == 0) continue;
    const bool plural_both =
        (number & Morphology::kPlural) && (wanted_number & Morphology::kPlural);
    // "das Mitglied Ulf Tann, der ...", but not "Minister Ulf Tann sagte, das genüge".
    const bool by_name = !candidate.name.empty() && candidate.classes.Has(kPersonClasses) &&
                         wanted_gender != Morphology::kNeuter;
    if (!plural_both && !by_name && gender != 0 && wanted_gender != 0 &&
        (gender & wanted_gender) == 0) {
      continue;
    }
    // "die Regierung Gazals, die ...": places without an article are neuter.
    if (candidate.determiner < 0 && candidate.kind == PhraseKind::kName &&
        candidate.classes.Has(WordClass::kCountry | WordClass::kCapital | WordClass::kCity) &&
        !candidate.classes.Has(kPersonClasses | WordClass::kLastName) && form != nullptr &&
        (form->agreement & kNeuters) == 0) {
      continue;
    }
    // "der Führer des Landes, der ...": a person does things rather than the place inside.
    if (best < 0) {
      best = static_cast<int32_t>(p);
      if (!candidate.classes.Has(kPlaceClasses)) break;
    } else if (candidate.classes.Has(kPersonClasses)) {
      best = static_cast<int32_t>(p);
      break;
    }
  }
  pronoun.antecedent = best;
  // "die Kammer, der sie vorwirft": who stands behind it tells the case.
  if (best < 0 || form == nullptr) return;
  const Agreement antecedent = AgreementOf(phrases()[static_cast<size_t>(best)].morphology);
  Agreement columns = 0;
  for (const Agreement column : {0x000f, 0x00f0, 0x0f00, 0xf000}) {
    if ((antecedent & column) != 0) columns |= column;
  }
  Agreement own = form->agreement;
  Narrow(&own, columns);
  pronoun.morphology = MorphologyOf(own, pronoun.morphology);
}

}  // namespace lagebild::extract
