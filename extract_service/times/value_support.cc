#include "extract_service/times/value_support.h"

#include "absl/strings/str_cat.h"

namespace lagebild::extract {

int ToInt(std::string_view text) {
  size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++at;
  int value = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && value < 100'000'000; ++at) {
    value = value * 10 + (text[at] - '0');
  }
  return negative ? -value : value;
}

std::string Pad(int number, int width) {
  std::string text = absl::StrCat(number);
  if (text.size() < static_cast<size_t>(width))
    text.insert(0, static_cast<size_t>(width) - text.size(), '0');
  return text;
}

std::string YearText(int year) { return year < 1 || year > 9999 ? "XXXX" : Pad(year, 4); }

std::string WeekText(Day day) {
  const int year = Civil(MondayOf(day) + std::chrono::days(3)).year;
  return year < 1 || year > 9999 ? "XXXX-WXX" : IsoWeek(day);
}

TimeMeaning Value(std::string value) {
  TimeMeaning meaning;
  meaning.value = std::move(value);
  return meaning;
}

TimeMeaning OnDay(Day day) {
  // Days that no value can write are not known.
  const int year = Civil(day).year;
  if (year < 1 || year > 9999) return Value("XXXX-XX-XX");
  TimeMeaning meaning = Value(IsoDay(day));
  meaning.day = day;
  return meaning;
}

TimeMeaning AtDay(std::optional<Day> day, std::string_view part) {
  if (!day.has_value()) {
    return Value(
        absl::StrCat(part.size() > 1 && part[1] >= 'A' ? "XXXX-XX-XX" : "", std::string(part)));
  }
  TimeMeaning meaning = OnDay(*day);
  meaning.value += part;
  return meaning;
}

TimeMeaning PastRef(const TimeResolver& r) {
  TimeMeaning meaning = Value("PAST_REF");
  meaning.latest = r.published_latest();
  if (meaning.latest.empty()) meaning.latest = r.published_earliest();
  return meaning;
}

std::optional<int> Offset(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  for (const Symbol symbol : {s.last, s.next, s.this_, s.year_back}) {
    const auto offset = r.GetInt(match, symbol);
    if (offset.has_value()) return offset;
  }
  return std::nullopt;
}

std::string PointModifier(const TimeResolver& r, const PatternMatch& match) {
  auto modifier = r.Get(match, r.symbols().mod_point);
  if (!modifier.has_value()) modifier = r.Get(match, r.symbols().early_late);
  return std::string(modifier.value_or(""));
}

int FullYear(std::string_view digits, const TimeResolver& r) {
  const int year = ToInt(digits);
  if (digits.size() > 2) return year;
  const int pivot = (r.published_year().value_or(2020) + 10) % 100;
  return year <= pivot ? 2000 + year : 1900 + year;
}

std::optional<int> YearOf(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  for (const Symbol symbol : {s.year, s.any_year, s.years}) {
    const auto year = r.GetInt(match, symbol);
    if (year.has_value()) return year;
  }
  const auto offset = Offset(r, match);
  if (offset.has_value() && r.published_year().has_value()) return *r.published_year() + *offset;
  return std::nullopt;
}

std::optional<std::string_view> PartOf(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  for (const Symbol symbol : {s.part, s.old_part, s.part_adverb, s.parts}) {
    const auto part = r.Get(match, symbol);
    if (part.has_value()) return part;
  }
  return std::nullopt;
}

std::optional<int> OrdinalOf(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  std::optional<int> last;
  for (const Membership& membership : match.path) {
    if (membership.symbol == s.day || membership.symbol == s.ord) {
      last = ToInt(r.ValueOf(membership));
    }
  }
  return last;
}

std::optional<std::string_view> UnitOf(const TimeResolver& r, const PatternMatch& match, int nth) {
  const TimeSymbols& s = r.symbols();
  for (const Membership& membership : match.path) {
    const bool unit =
        membership.symbol == s.unit || membership.symbol == s.units || membership.symbol == s.lang;
    if (unit && nth-- == 0) return r.ValueOf(membership);
  }
  return std::nullopt;
}

std::string_view CountOf(const TimeResolver& r, const PatternMatch& match, int nth) {
  const TimeSymbols& s = r.symbols();
  const auto half = r.Get(match, s.half);
  for (const Membership& membership : match.path) {
    if (membership.symbol != s.num && membership.symbol != s.one) continue;
    if (nth-- == 0) return half.has_value() ? "0.5" : r.ValueOf(membership);
  }
  return half.value_or("X");
}

Meaning CalendarUnit(const TimeResolver& r, std::string_view unit, int offset) {
  if (unit == "D") {
    if (!r.published().has_value()) return Value("XXXX-XX-XX");
    return OnDay(*r.published() + std::chrono::days(offset));
  }
  if (unit == "Y") {
    if (!r.published_year().has_value()) return Value("XXXX");
    return Value(YearText(*r.published_year() + offset));
  }
  if (unit == "DE" && r.published_year().has_value()) {
    const int decade = *r.published_year() / 10 + offset;
    if (decade < 0 || decade > 999) return std::nullopt;
    return Value(Pad(decade, 3));
  }
  if (unit == "M" || unit == "Q" || unit == "HY") {
    if (!r.published_month().has_value() || !r.published_year().has_value()) {
      return Value(unit == "M" ? "XXXX-XX" : unit == "Q" ? "XXXX-QX" : "XXXX-HX");
    }
    const int length = unit == "M" ? 1 : unit == "Q" ? 3 : 6;
    const int per_year = 12 / length;
    const int index = *r.published_year() * per_year + (*r.published_month() - 1) / length + offset;
    const int number = index % per_year + 1;
    const std::string year = YearText(index / per_year);
    if (unit == "M") return Value(absl::StrCat(year, "-", Pad(number, 2)));
    return Value(absl::StrCat(year, unit == "Q" ? "-Q" : "-H", number));
  }
  if (unit == "W") {
    if (!r.published().has_value()) return Value("XXXX-WXX");
    return Value(WeekText(*r.published() + std::chrono::days(7 * offset)));
  }
  return std::nullopt;
}

namespace {

// Year of a day and month without one, from the publication day and the way the clause looks.
std::optional<int> YearNear(const TimeResolver& r, const PatternMatch& match, int month, int day) {
  if (!r.published().has_value()) return r.published_year();
  const int year = Civil(*r.published()).year;
  const auto same = MakeDay(year, month, day);
  if (!same.has_value()) return year;
  const int ahead = static_cast<int>((*same - *r.published()).count());
  const int direction = r.Direction(match);
  if (direction == TimeResolver::kSince && ahead > 0) return year - 1;
  if (direction == TimeResolver::kUntil && ahead < 0) return year + 1;
  if (ahead > kFarAheadDays && direction <= 0) return year - 1;
  if (ahead < -kFarBackDays && direction > 0) return year + 1;
  return year;
}

Meaning DateOf(const TimeResolver& r, const PatternMatch& match, int day, int month) {
  auto year = YearOf(r, match);
  if (const auto last = r.Get(match, r.symbols().date)) {
    // "3.5. bis 5.5.2019".
    year = FullYear(last->substr(last->rfind('.') + 1), r);
  }
  if (year.has_value() && r.GetInt(match, r.symbols().month, 1).value_or(month) < month) {
    // "28. Dezember bis 3. Januar 2019" begins in the year before.
    --*year;
  }
  if (!year.has_value()) year = YearNear(r, match, month, day);
  if (!year.has_value()) {
    if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(2000, month)) return std::nullopt;
    return Value(absl::StrCat("XXXX-", Pad(month, 2), "-", Pad(day, 2)));
  }
  const auto date = MakeDay(*year, month, day);
  if (!date.has_value()) return std::nullopt;
  return OnDay(*date);
}

}  // namespace

Meaning ReadDigits(const TimeResolver& r, std::string_view text) {
  const size_t first = text.find('.');
  const size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto date = MakeDay(FullYear(text.substr(second + 1), r),
                            ToInt(text.substr(first + 1, second - first - 1)), ToInt(text));
  if (!date.has_value()) return std::nullopt;
  return OnDay(*date);
}

Meaning DateIn(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  if (const auto iso = r.Get(match, s.iso)) {
    const auto date = ParseIsoDay(*iso);
    if (date.has_value()) return OnDay(*date);
    if (iso->size() == 7) return Value(std::string(*iso));
    return std::nullopt;
  }
  if (const auto pair = r.Get(match, s.day_month)) {
    return DateOf(r, match, ToInt(*pair), ToInt(pair->substr(pair->find('.') + 1)));
  }
  if (const auto digits = r.Get(match, s.date)) return ReadDigits(r, *digits);
  const auto month = r.GetInt(match, s.month);
  auto day = r.GetInt(match, s.day);
  if (!day.has_value()) day = r.GetInt(match, s.ord);
  if (!day.has_value()) return std::nullopt;
  // "3. 5. 2019" has its month as a second day.
  return DateOf(r, match, *day, month.value_or(r.GetInt(match, s.day, 1).value_or(0)));
}

}  // namespace lagebild::extract
