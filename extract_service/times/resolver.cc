#include "extract_service/times/resolver.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace lagebild::extract {
namespace {

// How far back a clock's day may have been named.
constexpr int32_t kMaxNarratedBytes = 250;
// Tokens to each side in which a verb says which way a clause looks.
constexpr int32_t kDirectionWindow = 30;
// Tokens before a rate in which its number stands.
constexpr int32_t kNumberWindow = 6;
// Tokens before an age in which the people of that age stand.
constexpr int32_t kPeopleWindow = 6;
constexpr int32_t kCommaPenalty = 8;
// A verb in the present that is none of planning says less than one in the past.
constexpr int32_t kPresentPenalty = 6;
// Cues of prepositions, beside those of verbs (-1 and 1).
constexpr int8_t kSinceCue = 2;
constexpr int8_t kUntilCue = 3;
constexpr int8_t kFromCue = 4;
constexpr int8_t kAheadCue = 5;
// Most of what is read comes from there.
constexpr std::string_view kDefaultCountry = "DE";

// A finite verb of the past tells, one of the present may plan.
int TenseOf(const Token& token) {
  if (token.pos != Pos::kVerb && token.pos != Pos::kAuxiliary) return 0;
  if (!token.morphology.Has(Morphology::kFinite)) return 0;
  if (token.morphology.Has(Morphology::kPast | Morphology::kKonjunktiv2)) return -1;
  return token.morphology.Has(Morphology::kPresent) ? 1 : 0;
}

}  // namespace

TimeSymbols::TimeSymbols(PatternSet& patterns) {
  const std::array<std::pair<Symbol*, std::string_view>, 64> names = {{
      {&month, "MONTH"},
      {&weekday, "WD"},
      {&weekdays, "WDS"},
      {&part, "PART"},
      {&parts, "PARTS"},
      {&part_adverb, "PARTADV"},
      {&old_part, "OLDPART"},
      {&weekday_part, "WDPART"},
      {&unit, "UNIT"},
      {&units, "UNITS"},
      {&lang, "LANG"},
      {&every, "EVERY"},
      {&season, "SEASON"},
      {&holiday, "HOLIDAY"},
      {&num, "NUM"},
      {&one, "ONE"},
      {&half, "HALF"},
      {&vague, "VAGUE"},
      {&ord, "ORD"},
      {&last, "LAST"},
      {&next, "NEXT"},
      {&this_, "THIS"},
      {&det, "DET"},
      {&mod_point, "MODPOINT"},
      {&approx, "APPROX"},
      {&today, "TODAY"},
      {&day_word, "DAYWORD"},
      {&twenty, "TWENTY"},
      {&decade, "DECADE"},
      {&ref, "REF"},
      {&weekend, "WEEKEND"},
      {&plan, "PLAN"},
      {&told, "TOLD"},
      {&day, "DAY"},
      {&year, "YEAR"},
      {&any_year, "ANYYEAR"},
      {&round_year, "ROUNDYEAR"},
      {&years, "YEARS"},
      {&hour, "HOUR"},
      {&minute, "MINUTE"},
      {&clock, "HM"},
      {&date, "NDATE"},
      {&day_month, "DM"},
      {&iso, "ISO"},
      {&number_decade, "NDECADE"},
      {&capital, "CAPITAL"},
      {&plural, "PLURAL"},
      {&number_span, "NSPAN"},
      {&span_tail, "SPANTAIL"},
      {&year_back, "YEARBACK"},
      {&early_late, "EARLYLATE"},
      {&decades, "DECADES"},
      {&zone, "ZONE"},
      {&span_word, "SPANWORD"},
      {&day_adjective, "DAYADJ"},
      {&country, "COUNTRY"},
      {&since, "SINCE"},
      {&until, "UNTIL"},
      {&from, "FROM"},
      {&ahead, "AHEAD"},
      {&lasting, "LASTING"},
      {&numbered, "NUMBERED"},
      {&clock_seconds, "HMS"},
      {&number_years, "NYEARS"},
  }};
  for (const auto& [symbol, name] : names) *symbol = patterns.Intern(name);
}

TimeResolver::TimeResolver(const AnnotatedDocument& document, const TimeSymbols& symbols,
                           const std::vector<std::string>& values)
    : document_(document), symbols_(symbols), values_(values) {
  if (!document.published.has_value()) return;
  const TimeInterval& interval = document.published->interval;
  published_earliest_ = interval.earliest;
  published_latest_ = interval.latest;
  const auto first = ParseIsoDay(interval.earliest);
  const auto last = ParseIsoDay(interval.latest);
  if (first.has_value() && (!last.has_value() || *first == *last)) published_ = first;
  if (published_.has_value()) {
    published_year_ = Civil(*published_).year;
    published_month_ = Civil(*published_).month;
  } else if (first.has_value() && last.has_value()) {
    const YearMonthDay a = Civil(*first);
    const YearMonthDay b = Civil(*last);
    if (a.year == b.year) published_year_ = a.year;
    if (a.year == b.year && a.month == b.month) published_month_ = a.month;
  }
}

std::string_view TimeResolver::ValueOf(const Membership& membership) const {
  if (membership.value < 0) return {};
  const auto index = static_cast<size_t>(membership.value);
  if (index < values_.size()) return values_[index];
  return own_values_[index - values_.size()];
}

std::optional<std::string_view> TimeResolver::Get(const PatternMatch& match, Symbol symbol,
                                                  int nth) const {
  for (const Membership& membership : match.path) {
    if (membership.symbol == symbol && nth-- == 0) return ValueOf(membership);
  }
  return std::nullopt;
}

std::optional<int> TimeResolver::GetInt(const PatternMatch& match, Symbol symbol, int nth) const {
  const auto text = Get(match, symbol, nth);
  if (!text.has_value() || text->empty()) return std::nullopt;
  return std::atoi(std::string(*text).c_str());
}

int32_t TimeResolver::AddValue(std::string value) {
  own_values_.push_back(std::move(value));
  return static_cast<int32_t>(values_.size() + own_values_.size()) - 1;
}

void TimeResolver::NameDay(Day day, const PatternMatch& match) {
  last_day_ = day;
  last_day_token_ = match.extent.begin;
}

std::optional<Day> TimeResolver::NarratedDay() const {
  return last_day_.has_value() ? last_day_ : published_;
}

std::optional<Day> TimeResolver::DayFor(const PatternMatch& match) const {
  if (last_day_.has_value()) {
    const Token& before = document_.tokens[static_cast<size_t>(last_day_token_)];
    const Token& here = document_.tokens[static_cast<size_t>(match.extent.begin)];
    if ((before.sentence >= 0 && before.sentence == here.sentence) ||
        here.span.begin - before.span.end <= kMaxNarratedBytes) {
      return last_day_;
    }
  }
  return published_;
}

bool TimeResolver::NumberFollows(const PatternMatch& match) const {
  return match.extent.end < static_cast<int32_t>(document_.tokens.size()) &&
         document_.tokens[static_cast<size_t>(match.extent.end)].kind == TokenKind::kNumber;
}

bool TimeResolver::FollowsNumber(const PatternMatch& match) const {
  const auto is_number = [&](int32_t token) {
    return document_.tokens[static_cast<size_t>(token)].kind == TokenKind::kNumber;
  };
  const auto count = static_cast<int32_t>(document_.tokens.size());
  if (match.extent.end < count && is_number(match.extent.end)) return false;
  for (int32_t i = match.extent.begin - 1; i >= std::max(0, match.extent.begin - kNumberWindow);
       --i) {
    if (is_number(i)) return true;
    if (document_.TokenText(i) == ",") return false;
  }
  return false;
}

bool TimeResolver::FollowsPeople(const PatternMatch& match) const {
  constexpr uint32_t kPeople =
      WordClass::kPersonNoun | WordClass::kGroupNoun | WordClass::kOffice | WordClass::kDemonym;
  const int32_t sentence = document_.tokens[static_cast<size_t>(match.tokens.begin)].sentence;
  for (int32_t i = match.tokens.begin - 1; i >= std::max(0, match.tokens.begin - kPeopleWindow);
       --i) {
    const Token& token = document_.tokens[static_cast<size_t>(i)];
    if (token.sentence != sentence) return false;
    if (token.kind == TokenKind::kWord && token.capitalized && token.classes.Has(kPeople)) {
      return true;
    }
  }
  return false;
}

bool TimeResolver::IsTight(const PatternMatch& match) const {
  for (int32_t i = match.tokens.begin + 1; i < match.tokens.end; ++i) {
    const auto at = static_cast<size_t>(i);
    if (document_.tokens[at].span.begin - document_.tokens[at - 1].span.end > 1) return false;
  }
  return true;
}

void TimeResolver::AddTenseCue(int32_t token, int direction) {
  if (cues_.empty()) cues_.resize(document_.tokens.size());
  cues_[static_cast<size_t>(token)] = static_cast<int8_t>(direction);
}

void TimeResolver::AddPreposition(int32_t token, Symbol preposition) {
  if (cues_.empty()) cues_.resize(document_.tokens.size());
  cues_[static_cast<size_t>(token)] = preposition == symbols_.since   ? kSinceCue
                                      : preposition == symbols_.until ? kUntilCue
                                      : preposition == symbols_.ahead ? kAheadCue
                                                                      : kFromCue;
}

void TimeResolver::AddCountry(std::string_view code) {
  for (auto& [known, count] : countries_) {
    if (known == code) {
      ++count;
      return;
    }
  }
  countries_.emplace_back(code, 1);
}

std::string_view TimeResolver::Country(const PatternMatch& match) const {
  if (const auto country = Get(match, symbols_.country)) return *country;
  std::string_view best = kDefaultCountry;
  int most = 0;
  for (const auto& [code, count] : countries_) {
    if (count > most) {
      best = code;
      most = count;
    }
  }
  return best;
}

// What the preposition before a match, with an article between, says of its direction.
int TimeResolver::PrepositionCue(const PatternMatch& match) const {
  if (cues_.empty()) return 0;
  const int32_t first = match.extent.begin;
  for (int32_t i = first - 1; i >= std::max(0, first - 2); --i) {
    const int cue = cues_[static_cast<size_t>(i)];
    if (cue == kSinceCue) return kSince;
    if (cue == kUntilCue) return kUntil;
    if (cue == kAheadCue && i == first - 1) return 1;
    // "das Ergebnis vom Sonntag" is there already; "vom Montag an", "vom Montag bis Freitag" is
    // none of this.
    if (cue == kFromCue && i > 0 && i == first - 1) {
      const Token& noun = document_.tokens[static_cast<size_t>(i) - 1];
      const auto end = static_cast<size_t>(match.extent.end);
      const bool until = end < cues_.size() && cues_[end] == kUntilCue;
      const bool onward = end < cues_.size() && document_.TokenText(match.extent.end) == "an";
      if (noun.kind == TokenKind::kWord && noun.capitalized && !until && !onward) {
        return -1;
      }
    }
  }
  return 0;
}

int TimeResolver::Direction(const PatternMatch& match) const {
  const auto count = static_cast<int32_t>(document_.tokens.size());
  const auto at = [&](int32_t token) -> const Token& {
    return document_.tokens[static_cast<size_t>(token)];
  };
  const int preposition = PrepositionCue(match);
  if (preposition != 0 && preposition != kUntil) return preposition;
  const int32_t sentence = at(match.extent.begin).sentence;
  int best = 0;
  int32_t nearest = kDirectionWindow + 1;
  // Goes away from the expression to one side; every comma takes the verb further off.
  const auto look = [&](int32_t token, int32_t step) {
    int32_t distance = 1;
    for (; token >= 0 && token < count && distance < nearest; token += step, ++distance) {
      if (at(token).sentence != sentence) return;
      const std::string_view text = document_.TokenText(token);
      if (at(token).kind == TokenKind::kPunctuation) {
        if (text == "," || text == ";" || text == ":") distance += kCommaPenalty;
        continue;
      }
      if (at(token).kind != TokenKind::kWord) continue;
      int32_t penalty = 0;
      int direction = cues_.empty() ? 0 : cues_[static_cast<size_t>(token)];
      if (direction < -1 || direction > 1) continue;
      if (direction == 0) {
        direction = TenseOf(at(token));
        penalty = direction > 0 ? kPresentPenalty : 0;
      }
      if (direction == 0 || distance + penalty >= nearest) continue;
      nearest = distance + penalty;
      best = direction;
    }
  };
  look(match.extent.begin - 1, -1);
  look(match.extent.end, 1);
  return preposition == kUntil && best >= 0 ? kUntil : best;
}

}  // namespace lagebild::extract
