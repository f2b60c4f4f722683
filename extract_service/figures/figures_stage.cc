#include "extract_service/figures/figures_stage.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "extract_service/lexicon/word_shape.h"
#include "extract_service/predications/predications.h"

namespace lagebild::extract {
namespace {

// Look-aheads are bounded, so that a sentence without end costs linear time.
constexpr int32_t kMaxAttributes = 6;
constexpr int32_t kMaxCueWords = 3;
constexpr int32_t kContextTokens = 40;
constexpr int32_t kContextSentences = 2;
constexpr double kSmallNumber = 12;
constexpr double kScalableRangeStart = 1000;

/// A number as it stands in the text, before anything is known of what it counts.
struct Number {
  TokenRange tokens;
  std::optional<double> low;
  std::optional<double> high;
  bool vague = false;
  bool digits = false;         ///< Written in digits.
  bool scaled = false;         ///< Has a scale ("Millionen") or a thousands separator.
  bool fraction = false;       ///< A part of a whole ("zwei Drittel").
  bool indefinite = false;     ///< "ein": may be an article.
  bool decimal_point = false;  ///< "7.4": needs a unit.
};

/// What a number counts.
struct Unit {
  std::string text;
  std::string of;
  int32_t head = -1;  ///< Token of the noun; -1 = taken from the context.
  std::optional<UnitKind> kind;
  bool plural = false;
};

class Run {
 public:
  Run(AnnotatedDocument& document, const Lexicon& lexicon, const FigureRules& rules,
      const PlaceNames& places)
      : document_(document), lexicon_(lexicon), rules_(rules), places_(places) {
    const size_t size = document.tokens.size();
    in_time_.assign(size, false);
    entity_.assign(size, EntityLabel::kUnspecified);
    for (const TimeExpression& time : document.times) {
      for (int32_t i = time.tokens.begin; i < time.tokens.end; ++i) Set(in_time_, i, true);
    }
    for (const Entity& entity : document.entities) {
      for (int32_t i = entity.tokens.begin; i < entity.tokens.end; ++i) {
        Set(entity_, i, entity.label);
      }
    }
  }

  void Annotate() {
    for (size_t s = 0; s < document_.sentences.size(); ++s) {
      sentence_ = static_cast<int32_t>(s);
      range_ = document_.sentences[s].tokens;
      clauses_.clear();
      for (int32_t i = range_.begin; i < range_.end;) {
        const int32_t next = VagueNoun(i);
        i = next > i ? next : Quantity(i);
      }
    }
    TieToClaims();
  }

 private:
  template <typename T>
  static void Set(std::vector<T>& values, int32_t index, T value) {
    if (index >= 0 && static_cast<size_t>(index) < values.size()) {
      values[static_cast<size_t>(index)] = value;
    }
  }

  const Token& At(int32_t i) const { return document_.tokens[static_cast<size_t>(i)]; }
  std::string_view Text(int32_t i) const { return document_.TokenText(i); }
  bool In(int32_t i) const { return range_.Contains(i); }
  bool InTime(int32_t i) const { return in_time_[static_cast<size_t>(i)]; }
  EntityLabel EntityAt(int32_t i) const { return entity_[static_cast<size_t>(i)]; }
  bool IsWord(int32_t i) const { return In(i) && At(i).kind == TokenKind::kWord; }
  std::string_view Lemma(int32_t i) const { return LemmaText(document_, lexicon_, i); }
  bool IsOneOf(int32_t i, const WordSet& words) const { return In(i) && words.contains(Text(i)); }

  // -- Numbers ------------------------------------------------------------------------------------

  /// One number without qualifier that begins at the token; nullopt when none does.
  std::optional<Number> SingleNumber(int32_t i) const {
    if (!In(i) || InTime(i)) return std::nullopt;
    if (At(i).kind == TokenKind::kNumber) return DigitsAt(i);
    if (At(i).kind != TokenKind::kWord) return std::nullopt;
    const auto word = rules_.numbers.Find(Text(i));
    if (!word) return std::nullopt;
    if (word->Is(NumberWord::kSeveral)) return SeveralAt(i);
    if (word->Is(NumberWord::kIndefinite)) return IndefiniteAt(i);
    if (word->Is(NumberWord::kCardinal)) {
      Number number = Make(i, word->value);
      number.scaled = word->value >= kScalableRangeStart;
      if (word->Is(NumberWord::kScaled)) number.scaled = true;
      return Scaled(number);
    }
    if (word->Is(NumberWord::kVague)) {
      Number number = Make(i, 0);
      number.low.reset();
      number.high.reset();
      number.vague = true;
      return number;
    }
    if (word->Is(NumberWord::kFraction) && At(i).capitalized) {
      // "die Hälfte der Bewohner": a fraction by itself is one part only for halves.
      if (word->value != 2 || !IsGenitiveAhead(i + 1)) return std::nullopt;
      Number number = Make(i, 1 / word->value);
      number.fraction = true;
      return number;
    }
    return std::nullopt;
  }

  static Number Make(int32_t i, double value) {
    Number number;
    number.tokens = {i, i + 1};
    number.low = number.high = value;
    return number;
  }

  std::optional<Number> DigitsAt(int32_t i) const {
    std::string digits(Text(i));
    int32_t end = i + 1;
    // "12 000": groups of three with blanks between.
    if (digits.size() <= 3 && digits.front() != '0') {
      while (In(end) && At(end).kind == TokenKind::kNumber && Text(end).size() == 3 &&
             At(end).span.begin <= At(end - 1).span.end + 2 && At(end).space_before &&
             Text(end).find_first_not_of("0123456789") == std::string_view::npos && !InTime(end)) {
        digits += Text(end++);
      }
    }
    const auto parsed = ParseDigits(digits);
    if (!parsed || IsOrdinal(end)) return std::nullopt;
    Number number = Make(i, parsed->value);
    number.tokens.end = end;
    number.digits = true;
    number.decimal_point = parsed->decimal_point;
    number.scaled = parsed->value >= kScalableRangeStart;
    return Scaled(number);
  }

  /// Whether a stop directly behind digits makes them an ordinal: the sentence goes on behind it.
  bool IsOrdinal(int32_t stop) const {
    return In(stop) && Text(stop) == "." && !At(stop).space_before && In(stop + 1) &&
           At(stop + 1).kind != TokenKind::kClosingQuote;
  }

  /// The number times the scale, group or fraction behind it.
  Number Scaled(Number number) const {
    const int32_t i = number.tokens.end;
    if (!IsWord(i) || InTime(i)) return number;
    const auto word = rules_.numbers.Find(Text(i));
    if (!word) return number;
    if (word->Is(NumberWord::kFraction) && At(i).capitalized) {
      Multiply(number, 1 / word->value);
      number.fraction = true;
    } else if (word->Is(NumberWord::kScale) || (word->Is(NumberWord::kFactor) && number.digits)) {
      Multiply(number, word->value);
      number.scaled = true;
      number.decimal_point = false;
    } else if (word->Is(NumberWord::kGroup)) {
      Multiply(number, word->value);
    } else {
      return number;
    }
    ++number.tokens.end;
    return number;
  }

  static void Multiply(Number& number, double by) {
    if (number.low) *number.low *= by;
    if (number.high) *number.high *= by;
  }

  /// "mehrere Tausend", "einige hundert": no number at all.
  std::optional<Number> SeveralAt(int32_t i) const {
    if (!IsWord(i + 1)) return std::nullopt;
    const auto next = rules_.numbers.Find(Text(i + 1));
    if (!next || !next->Is(NumberWord::kFactor | NumberWord::kScale | NumberWord::kGroup |
                           NumberWord::kVague)) {
      return std::nullopt;
    }
    Number number;
    number.tokens = {i, i + 2};
    number.vague = true;
    return number;
  }

  /// "eine Million", "eine halbe Million", "ein Dutzend", "ein Drittel", "ein Soldat".
  std::optional<Number> IndefiniteAt(int32_t i) const {
    Number number = Make(i, 1);
    if (IsWord(i + 1)) {
      const auto next = rules_.numbers.Find(Text(i + 1));
      if (next && next->Is(NumberWord::kHalf) && IsWord(i + 2)) {
        const auto scale = rules_.numbers.Find(Text(i + 2));
        if (scale && scale->Is(NumberWord::kScale | NumberWord::kGroup)) {
          number.tokens.end = i + 2;
          Multiply(number, next->value);
          return Scaled(number);
        }
      }
    }
    const Number scaled = Scaled(number);
    if (scaled.tokens.size() > 1) return scaled;
    number.indefinite = true;
    return number;
  }

  /// A number or a range ("fünf bis sechs", "3-4", "zwischen 3 und 4").
  std::optional<Number> NumberOrRange(int32_t i) const {
    int32_t begin = i;
    bool between = false;
    if (IsOneOf(i, rules_.between)) {
      between = true;
      begin = i + 1;
    }
    auto first = SingleNumber(begin);
    if (!first) return std::nullopt;
    if (first->vague || first->fraction || first->indefinite) {
      return between ? std::nullopt : first;
    }
    const int32_t joint = first->tokens.end;
    bool joined = false;
    if (between) {
      joined = IsOneOf(joint, rules_.conjunctions);
      if (!joined) return std::nullopt;
    } else {
      joined = IsOneOf(joint, rules_.up_to) ||
               (In(joint) && (Text(joint) == "-" || Text(joint) == "–") && In(joint + 1) &&
                At(joint).space_before == At(joint + 1).space_before);
    }
    if (!joined) return first;
    auto second = SingleNumber(joint + 1);
    if (!second || second->vague || second->fraction || second->indefinite) {
      return between ? std::nullopt : first;
    }
    Number range = *second;
    range.low = first->low;
    // "1,5 bis 2 Millionen": the scale belongs to both.
    if (*range.low < kScalableRangeStart && second->scaled && !first->scaled) {
      const double scale = ScaleOf(second->tokens);
      *range.low *= scale;
    }
    range.tokens.begin = i;
    return range;
  }

  double ScaleOf(const TokenRange& tokens) const {
    if (tokens.size() < 2) return 1;
    const auto word = rules_.numbers.Find(Text(tokens.end - 1));
    return word && word->Is(NumberWord::kScale | NumberWord::kFactor) ? word->value : 1;
  }

  // -- Qualifiers ---------------------------------------------------------------------------------

  struct Qualified {
    Qualifier qualifier = Qualifier::kExact;
    int32_t begin = -1;  ///< First token of the cue, else of the number.
  };

  Qualified QualifierBefore(const Number& number, const Unit& unit) const {
    Qualified result;
    result.begin = number.tokens.begin;
    int32_t end = number.tokens.begin;
    // "mehr als die Hälfte": the article stands between.
    if (number.fraction && In(end - 1) && At(end - 1).pos == Pos::kDeterminer) --end;
    for (int32_t length = kMaxCueWords; length > 0; --length) {
      const int32_t begin = end - length;
      if (!In(begin)) continue;
      std::string words;
      for (int32_t i = begin; i < end; ++i) {
        if (i > begin) words += ' ';
        words += word_shape::Recased::Lower(Text(i)).text();
      }
      const FigureCue* cue = rules_.FindBefore(words);
      if (cue == nullptr || !CueApplies(*cue, words, begin, unit)) continue;
      result.qualifier = cue->qualifier;
      result.begin = begin;
      return result;
    }
    std::string words;
    const int32_t behind = unit.head >= 0 ? unit.head + 1 : number.tokens.end;
    if (In(behind + 1)) {
      words = std::string(Text(behind)) + " " + std::string(Text(behind + 1));
      if (const FigureCue* cue = rules_.FindAfter(words)) result.qualifier = cue->qualifier;
    }
    if (result.qualifier == Qualifier::kExact && IsEstimate(number)) {
      result.qualifier = Qualifier::kAbout;
    }
    return result;
  }

  bool CueApplies(const FigureCue& cue, std::string_view words, int32_t begin,
                  const Unit& unit) const {
    if (cue.only_quantities) {
      return unit.kind == UnitKind::kShare || unit.kind == UnitKind::kMoney ||
             unit.kind == UnitKind::kMeasure;
    }
    // "Berichte über 300 Soldaten": the preposition of a topic.
    if (At(begin).pos == Pos::kAdposition || words.find(' ') == std::string_view::npos) {
      if (In(begin - 1) && rules_.topics.contains(Lemma(begin - 1))) {
        return cue.qualifier != Qualifier::kMoreThan;
      }
    }
    return true;
  }

  /// "schätzt die Zahl auf 300": the verb of the clause makes it an estimate.
  bool IsEstimate(const Number& number) const {
    if (!IsOneOf(number.tokens.begin - 1, rules_.arrivals)) return false;
    for (const PredicationVerb& verb : PredicationAt(number.tokens.begin).verbs) {
      if (rules_.estimates.contains(verb.lemma)) return true;
    }
    return false;
  }

  // -- Units --------------------------------------------------------------------------------------

  bool IsAttribute(int32_t i) const {
    if (!IsWord(i) || InTime(i)) return false;
    const Token& token = At(i);
    if (token.capitalized) {
      // "Pariser Vororte": an adjective made from a place never ends a phrase.
      return token.classes.Has(WordClass::kPlaceAdjective) && IsWord(i + 1) &&
             At(i + 1).capitalized && Text(i).ends_with("er");
    }
    switch (token.pos) {
      case Pos::kAdjective:
        return true;
      case Pos::kNoun:
      case Pos::kProperNoun:
      case Pos::kAuxiliary:
      case Pos::kAdverb:
      case Pos::kPronoun:
      case Pos::kDeterminer:
      case Pos::kAdposition:
      case Pos::kCoordinator:
      case Pos::kSubordinator:
      case Pos::kParticle:
      case Pos::kNumeral:
        break;
      default:
        // Participles and unknown words with an adjective's ending.
        for (const std::string_view ending : {"e", "en", "er", "es", "em"}) {
          if (Text(i).ends_with(ending)) return !token.morphology.Has(Morphology::kFinite);
        }
    }
    return rules_.further.contains(Text(i));
  }

  bool IsNoun(int32_t i) const {
    if (!IsWord(i) || InTime(i) || !At(i).capitalized) return false;
    const Pos pos = At(i).pos;
    return pos == Pos::kNoun || pos == Pos::kProperNoun || pos == Pos::kUnknown ||
           pos == Pos::kOther || pos == Pos::kAdjective || pos == Pos::kNumeral;
  }

  std::optional<UnitKind> UnitKindAt(int32_t i) const {
    if (const auto kind = rules_.FindUnit(Text(i))) return kind;
    if (At(i).kind != TokenKind::kWord || !At(i).capitalized) return std::nullopt;
    return rules_.FindUnit(Lemma(i));
  }

  std::string Words(TokenRange range) const {
    return range.empty() ? std::string() : std::string(document_.TextOf(document_.SpanOf(range)));
  }

  bool IsGenitiveAhead(int32_t i) const { return IsOneOf(i, rules_.wholes); }

  /// A counted noun as it stands in a list: "von 547 Sitzen" counts "Sitze".
  std::string Nominative(int32_t i) const {
    const std::string_view text = Text(i);
    if (!text.ends_with('n')) return std::string(text);
    const std::string_view without_n = text.substr(0, text.size() - 1);
    const auto readings = [&](std::string_view form, Pos pos, uint32_t morphology) {
      const auto entry = lexicon_.Find(form);
      return entry && std::any_of(entry->analyses.begin(), entry->analyses.end(),
                                  [&](const Analysis& analysis) {
                                    return analysis.pos == pos &&
                                           (analysis.morphology.bits & morphology) == morphology;
                                  });
    };
    // A noun made of an adjective: "300 Verletzte", though "die Verletzten".
    const auto lower = word_shape::Recased::Lower(text);
    if (text.ends_with("en") && readings(lower.text(), Pos::kAdjective, 0)) {
      return std::string(without_n);
    }
    constexpr uint32_t kNominativePlural = Morphology::kPlural | Morphology::kNominative;
    if (readings(text, Pos::kNoun, kNominativePlural)) return std::string(text);
    return std::string(readings(without_n, Pos::kNoun, kNominativePlural) ? without_n : text);
  }

  /// The noun or unit the number counts, looked for behind `i`.
  std::optional<Unit> UnitBehind(int32_t i, bool partitive) const {
    if (In(i) && At(i).kind == TokenKind::kClosingQuote) ++i;
    if (partitive && IsGenitiveAhead(i)) ++i;
    const int32_t begin = i;
    int32_t attributes = 0;
    while (attributes < kMaxAttributes) {
      if (IsAttribute(i)) {
        ++i;
      } else if (attributes > 0 && (IsOneOf(i, rules_.conjunctions) || (In(i) && Text(i) == ",")) &&
                 IsAttribute(i + 1)) {
        i += 2;
      } else if (IsWord(i) && Text(i).ends_with("-") &&
                 (IsOneOf(i + 1, rules_.conjunctions) || IsOneOf(i + 1, rules_.alternatives))) {
        i += 2;  // "Artillerie- und Raketengeschosse"
      } else {
        break;
      }
      ++attributes;
    }
    if (!In(i)) return std::nullopt;
    Unit unit;
    unit.kind = UnitKindAt(i);
    if (!unit.kind && !IsNoun(i)) return std::nullopt;
    // "38 weitere verletzt": the attribute was a predicate of its own.
    if (unit.kind && attributes > 0 && At(i).kind != TokenKind::kWord) return std::nullopt;
    unit.head = i;
    unit.text = unit.kind ? std::string(Text(i)) : Nominative(i);
    unit.plural = At(i).morphology.Has(Morphology::kPlural);
    unit.of = Words({begin, i + 1});
    if (unit.kind && IsGenitiveAhead(i + 1)) {
      if (auto whole = UnitBehind(i + 2, false)) unit.of = whole->of;
    }
    return unit;
  }

  /// "die Zahl der Soldaten ... auf 300": what the noun of counting names.
  std::optional<Unit> UnitOfCount(int32_t before) const {
    for (int32_t i = before - 1; In(i) && i >= before - kContextTokens; --i) {
      if (!IsWord(i) || !At(i).capitalized || !rules_.count_nouns.contains(Lemma(i))) continue;
      int32_t next = i + 1;
      if (IsGenitiveAhead(next)) ++next;
      auto unit = UnitBehind(next, false);
      if (unit) unit->head = -1;
      return unit;
    }
    return std::nullopt;
  }

  /// What the last figure counted, when it is near enough to be meant.
  std::optional<Unit> UnitOfLastFigure(int32_t sentences) const {
    if (document_.figures.empty() || last_sentence_ < sentence_ - sentences) return std::nullopt;
    if (last_kind_) return std::nullopt;
    Unit unit;
    unit.text = document_.figures.back().unit;
    unit.of = document_.figures.back().of;
    return unit;
  }

  /// The last plural noun for people before the number, in this sentence or the ones before it.
  std::optional<Unit> UnitOfPeople(int32_t before) const {
    const int32_t first_sentence = std::max(0, sentence_ - kContextSentences);
    const int32_t begin =
        std::max(document_.sentences[static_cast<size_t>(first_sentence)].tokens.begin,
                 before - 2 * kContextTokens);
    for (int32_t i = before - 1; i >= begin; --i) {
      const Token& token = At(i);
      if (token.kind != TokenKind::kWord || token.pos != Pos::kNoun ||
          !token.morphology.Has(Morphology::kPlural) ||
          token.morphology.Has(Morphology::kSingular)) {
        continue;
      }
      if (!token.classes.Has(WordClass::kGroupNoun | WordClass::kPersonNoun)) continue;
      Unit unit;
      unit.text = std::string(Text(i));
      unit.of = unit.text;
      return unit;
    }
    return std::nullopt;
  }

  bool IsParticiple(int32_t i) const {
    return IsWord(i) && !At(i).capitalized &&
           At(i).morphology.Has(Morphology::kParticiplePerfect) && !IsAttribute(i);
  }

  /// The unit of a number without a noun; nullopt when nothing says what it counts.
  std::optional<Unit> UnitFromContext(const Number& number) const {
    const int32_t end = number.tokens.end;
    if (number.indefinite || number.decimal_point) return std::nullopt;
    if (auto unit = UnitOfCount(number.tokens.begin)) return unit;
    const bool elliptic = IsOneOf(end, rules_.parts_behind) || IsParticiple(end) ||
                          IsOneOf(number.tokens.begin - 1, rules_.parts_before);
    if (elliptic) return UnitOfLastFigure(1);
    if (number.vague || number.scaled) {
      if (auto unit = UnitOfLastFigure(kContextSentences)) return unit;
      return UnitOfPeople(number.tokens.begin);
    }
    return UnitOfLastFigure(0);
  }

  // -- Figures ------------------------------------------------------------------------------------

  bool IsLabelled(int32_t begin) const {
    const int32_t before = begin - 1;
    if (!In(before)) return false;
    if (Text(before) == "§") return true;
    return IsWord(before) && rules_.labels.contains(Lemma(before));
  }

  /// "Studio 2": digits directly behind a name belong to it.
  bool IsPartOfName(const Number& number) const {
    const int32_t before = number.tokens.begin - 1;
    return number.digits && !number.scaled && IsWord(before) && At(before).capitalized &&
           (At(before).pos == Pos::kProperNoun || EntityAt(before) != EntityLabel::kUnspecified);
  }

  /// "die drei Männer" points at somebody known; nobody claims that there are three.
  bool IsReference(const Number& number) const {
    const int32_t before = number.tokens.begin - 1;
    if (number.digits || number.vague || number.fraction || !number.high ||
        *number.high > kSmallNumber || !In(before) || At(before).pos != Pos::kDeterminer) {
      return false;
    }
    return Text(before).starts_with("d") || Text(before).starts_with("D");
  }

  bool IsNamed(const Unit& unit) const {
    if (unit.head < 0 || unit.kind) return false;
    const EntityLabel label = EntityAt(unit.head);
    if (label == EntityLabel::kPerson) return true;
    return label != EntityLabel::kUnspecified && !unit.plural;
  }

  /// Reads the quantity that begins at token `i`; returns where to go on.
  int32_t Quantity(int32_t i) {
    auto number = NumberOrRange(i);
    if (!number) return i + 1;
    const int32_t next = number->tokens.end;
    if (IsLabelled(number->tokens.begin)) return next;
    auto unit = UnitBehind(next, number->vague || number->fraction);
    if (!unit && IsGenitiveAhead(next) && !number->vague) unit = UnitOfPair(next + 1);
    if (!unit && IsOneOf(next, rules_.arrivals)) unit = UnitOfPair(next + 1);
    if (!unit) unit = SymbolBefore(*number);
    const bool named = unit && IsNamed(*unit);
    if (!unit && IsPartOfName(*number)) return next;
    if (!unit || named) {
      unit = named ? std::nullopt : UnitFromContext(*number);
      if (!unit) unit = UnitOfScaleNoun(*number);
      if (!unit) return next;
    }
    if (unit->kind == UnitKind::kTime || unit->kind == UnitKind::kNone) return next;
    if (number->decimal_point && !unit->kind) return next;
    if (IsReference(*number)) return next;
    if (number->indefinite && !IsCountedOne(*number, *unit)) return next;
    if (number->high && *number->high > 1 && unit->head >= 0 && !unit->kind && !number->fraction &&
        At(unit->head).morphology.Has(Morphology::kSingular) && !unit->plural) {
      // "2010 Präsident", "drei Chef": a number above one counts a plural.
      return next;
    }
    Add(*number, *unit);
    return std::max(next, unit->head);
  }

  /// "328 von 547 Sitzen", "von 300 auf 400 Soldaten": the unit stands behind the second number.
  std::optional<Unit> UnitOfPair(int32_t i) const {
    const auto second = SingleNumber(i);
    if (!second) return std::nullopt;
    auto unit = UnitBehind(second->tokens.end, second->vague);
    if (unit && !unit->kind) {
      unit->head = -1;
      return unit;
    }
    return std::nullopt;
  }

  std::optional<Unit> SymbolBefore(const Number& number) const {
    const int32_t before = number.tokens.begin - 1;
    if (!In(before) || UnitKindAt(before) != UnitKind::kMoney) return std::nullopt;
    Unit unit;
    unit.text = std::string(Text(before));
    unit.kind = UnitKind::kMoney;
    return unit;
  }

  /// "eine Stärke von 7,4": the noun itself is what is measured.
  std::optional<Unit> UnitOfScaleNoun(const Number& number) const {
    int32_t before = number.tokens.begin - 1;
    if (IsOneOf(before, rules_.of)) --before;
    if (!IsWord(before) || !rules_.scale_nouns.contains(Lemma(before))) return std::nullopt;
    Unit unit;
    unit.text = std::string(Text(before));
    unit.of = unit.text;
    unit.kind = UnitKind::kMeasure;
    return unit;
  }

  /// "mindestens eine Person", "nur ein Liter": here the article is a number.
  bool IsCountedOne(const Number& number, const Unit& unit) const {
    if (unit.head < 0) return false;
    const int32_t before = number.tokens.begin - 1;
    if (!In(before)) return false;
    const std::string word(word_shape::Recased::Lower(Text(before)).text());
    if (const FigureCue* cue = rules_.FindBefore(word)) {
      return cue->qualifier == Qualifier::kAtLeast;
    }
    const bool measured = unit.kind && unit.kind != UnitKind::kTime;
    return measured && At(before).pos == Pos::kAdverb;
  }

  void Add(const Number& number, const Unit& unit) {
    const Qualified qualified = QualifierBefore(number, unit);
    Figure figure;
    figure.tokens = {qualified.begin, number.tokens.end};
    figure.span = document_.SpanOf(figure.tokens);
    figure.qualifier = number.vague ? Qualifier::kVague : qualified.qualifier;
    figure.low = number.low;
    figure.high = number.high;
    switch (figure.qualifier) {
      case Qualifier::kAtLeast:
      case Qualifier::kMoreThan:
        figure.high.reset();
        break;
      case Qualifier::kAtMost:
      case Qualifier::kLessThan:
      case Qualifier::kAlmost:
        figure.low.reset();
        break;
      default:
        break;
    }
    const bool counted = unit.head >= 0;
    figure.rule = number.vague ? "figures.vague"
                  : unit.kind  ? "figures.quantity"
                  : counted    ? "figures.count"
                               : "figures.elliptic";
    figure.confidence = number.vague ? 0.8 : unit.kind ? 0.85 : counted ? 0.85 : 0.6;
    Finish(std::move(figure), unit);
  }

  void Finish(Figure figure, const Unit& unit) {
    figure.unit = unit.text;
    figure.of = unit.of;
    figure.place = PlaceOf(figure);
    figure.status = StatusOf(figure);
    last_sentence_ = sentence_;
    last_kind_ = unit.kind;
    document_.figures.push_back(std::move(figure));
  }

  /// "eine beträchtliche Anzahl Soldaten": returns the token behind it, `i` when there is none.
  int32_t VagueNoun(int32_t i) {
    if (!IsWord(i) || InTime(i)) return i;
    const auto article = rules_.numbers.Find(Text(i));
    if (!article || !article->Is(NumberWord::kIndefinite)) return i;
    int32_t noun = i + 1;
    while (noun < i + 4 && IsAttribute(noun)) ++noun;
    if (!IsWord(noun) || !At(noun).capitalized || !rules_.vague_nouns.contains(Lemma(noun))) {
      return i;
    }
    const auto unit = UnitBehind(noun + 1, true);
    if (!unit || unit->kind == UnitKind::kTime) return i;
    Figure figure;
    figure.tokens = {i, noun + 1};
    figure.span = document_.SpanOf(figure.tokens);
    figure.qualifier = Qualifier::kVague;
    figure.rule = "figures.vague_noun";
    figure.confidence = 0.8;
    Finish(std::move(figure), *unit);
    return noun + 1;
  }

  // -- Context ------------------------------------------------------------------------------------

  const Predication& PredicationAt(int32_t token) const {
    static const Predication kNone;
    if (clauses_.empty()) clauses_ = PredicationsOf(document_, lexicon_, sentence_);
    const auto found = std::lower_bound(
        clauses_.begin(), clauses_.end(), token,
        [](const Predication& clause, int32_t at) { return clause.tokens.end <= at; });
    return found != clauses_.end() && found->tokens.Contains(token) ? *found : kNone;
  }

  std::string StatusOf(const Figure& figure) const {
    std::string status;
    const auto note = [&](std::string_view lemma) {
      const auto found = rules_.status.find(lemma);
      if (found == rules_.status.end() || found->second == status) return;
      status += (status.empty() ? "" : "_or_") + found->second;
    };
    const Predication& predication = PredicationAt(figure.tokens.begin);
    for (const PredicationVerb& verb : predication.verbs) note(verb.lemma);
    // Participles that the dictionary has as adjectives.
    const int32_t end = std::min(predication.tokens.end, figure.tokens.end + kContextTokens);
    for (int32_t i = figure.tokens.end; i < end; ++i) {
      if (At(i).pos == Pos::kAdjective) note(Lemma(i));
    }
    return status;
  }

  /// The first place behind the figure in its clause, else the last one before it.
  Place PlaceOf(const Figure& figure) const {
    const TokenRange clause = PredicationAt(figure.tokens.begin).tokens;
    const auto place = [&](int32_t i) {
      return EntityAt(i) == EntityLabel::kLocation && In(i - 1) &&
             (At(i - 1).pos == Pos::kAdposition || EntityAt(i - 1) != EntityLabel::kLocation);
    };
    for (int32_t i = figure.tokens.end; i < clause.end && i < figure.tokens.end + kContextTokens;
         ++i) {
      if (place(i)) return PlaceAt(i);
    }
    for (int32_t i = figure.tokens.begin - 1;
         i >= clause.begin && i > figure.tokens.begin - kContextTokens; --i) {
      if (place(i)) return PlaceAt(i);
    }
    return {};
  }

  Place PlaceAt(int32_t token) const {
    int32_t end = token + 1;
    while (In(end) && EntityAt(end) == EntityLabel::kLocation) ++end;
    return places_.Resolve(document_, {token, end});
  }

  // -- Claims -------------------------------------------------------------------------------------

  /// Ties each figure to the narrowest claim whose content holds it, and to the claim that one is
  /// part of. Claims are visited by the begin of their contents, so a document is read once.
  void TieToClaims() {
    struct Part {
      Span span;
      int32_t claim;
    };
    std::vector<Part> parts;
    for (size_t c = 0; c < document_.claims.size(); ++c) {
      for (const Span& span : document_.claims[c].content) {
        parts.push_back({span, static_cast<int32_t>(c)});
      }
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
    });
    // Parts that hold the current place; narrower ones lie deeper.
    std::vector<Part> open;
    size_t next = 0;
    for (size_t f = 0; f < document_.figures.size(); ++f) {
      Figure& figure = document_.figures[f];
      for (; next < parts.size() && parts[next].span.begin <= figure.span.begin; ++next) {
        open.push_back(parts[next]);
      }
      std::erase_if(open, [&](const Part& part) { return part.span.end <= figure.span.begin; });
      const Part* narrowest = nullptr;
      for (const Part& part : open) {
        if (part.span.end < figure.span.end) continue;
        if (narrowest == nullptr || part.span.size() <= narrowest->span.size()) narrowest = &part;
      }
      if (narrowest == nullptr) continue;
      Tie(narrowest->claim, static_cast<int32_t>(f));
      const int32_t outer = document_.claims[static_cast<size_t>(narrowest->claim)].part_of;
      if (outer >= 0) Tie(outer, static_cast<int32_t>(f));
    }
  }

  void Tie(int32_t claim, int32_t figure) {
    document_.claims[static_cast<size_t>(claim)].figures.push_back(figure);
    document_.figures[static_cast<size_t>(figure)].claims.push_back(claim);
  }

  AnnotatedDocument& document_;
  const Lexicon& lexicon_;
  const FigureRules& rules_;
  const PlaceNames& places_;
  std::vector<bool> in_time_;
  std::vector<EntityLabel> entity_;
  int32_t sentence_ = -1;
  TokenRange range_;
  mutable std::vector<Predication> clauses_;  // Of the current sentence, made when first asked for.
  int32_t last_sentence_ = -1;
  std::optional<UnitKind> last_kind_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const FiguresStage>> FiguresStage::Create(const Lexicon& lexicon) {
  auto rules = FigureRules::Create(lexicon);
  if (!rules.ok()) return rules.status();
  return std::unique_ptr<const FiguresStage>(new FiguresStage(lexicon, *std::move(rules)));
}

void FiguresStage::Annotate(AnnotatedDocument& document) const {
  Run(document, lexicon_, rules_, places_).Annotate();
}

}  // namespace lagebild::extract
