#include "extract_service/times/values.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace lagebild::extract {
namespace {

using Arguments = std::vector<std::string>;
using Meaning = std::optional<TimeMeaning>;

// How far back a clock's day may have been named.
constexpr int32_t kMaxNarratedBytes = 250;
// Tokens to each side in which a verb says which way a clause looks.
constexpr int32_t kDirectionWindow = 30;
// Tokens before a rate in which its number stands.
constexpr int32_t kNumberWindow = 6;
constexpr int32_t kCommaPenalty = 8;
// A verb in the present that is none of planning says less than one in the past.
constexpr int32_t kPresentPenalty = 6;
// A day further ahead than this without a cue is taken as last year's, and so on the other side.
constexpr int kFarAheadDays = 200;
constexpr int kFarBackDays = 300;

int ToInt(std::string_view text) { return std::atoi(std::string(text).c_str()); }

std::string Pad(int number, int width) {
  char text[16];
  std::snprintf(text, sizeof(text), "%0*d", width, number);
  return text;
}

TimeMeaning Value(std::string value) {
  TimeMeaning meaning;
  meaning.value = std::move(value);
  return meaning;
}

TimeMeaning OnDay(Day day) {
  TimeMeaning meaning = Value(IsoDay(day));
  meaning.day = day;
  return meaning;
}

// -1, 0 or 1 by the adjective (last, this, next), nullopt without one.
std::optional<int> Offset(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  if (r.Has(match, s.last)) return -1;
  if (r.Has(match, s.next)) return 1;
  if (r.Has(match, s.this_)) return 0;
  return std::nullopt;
}

std::string PointModifier(const TimeResolver& r, const PatternMatch& match) {
  return std::string(r.Get(match, r.symbols().mod_point).value_or(""));
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

// Year of a day and month without one, from the publication day and the clause's tense.
std::optional<int> YearNear(const TimeResolver& r, const PatternMatch& match, int month, int day) {
  if (!r.published().has_value()) return r.published_year();
  const int year = Civil(*r.published()).year;
  const auto same = MakeDay(year, month, day);
  if (!same.has_value()) return year;
  const int ahead = static_cast<int>((*same - *r.published()).count());
  if (ahead > kFarAheadDays && r.Direction(match) <= 0) return year - 1;
  if (ahead < -kFarBackDays && r.Direction(match) > 0) return year + 1;
  return year;
}

Meaning DateOf(const TimeResolver& r, const PatternMatch& match, int day, int month) {
  auto year = YearOf(r, match);
  if (!year.has_value()) year = YearNear(r, match, month, day);
  if (!year.has_value()) {
    if (month < 1 || month > 12 || day > DaysInMonth(2000, month)) return std::nullopt;
    return Value(absl::StrCat("XXXX-", Pad(month, 2), "-", Pad(day, 2)));
  }
  const auto date = MakeDay(*year, month, day);
  if (!date.has_value()) return std::nullopt;
  return OnDay(*date);
}

// "18.10.2024" and the like: reads day, month and year from the token's digits.
Meaning ReadDigits(const TimeResolver& r, std::string_view text) {
  std::array<std::string_view, 3> parts;
  size_t count = 0;
  for (size_t begin = 0; count < 3; ++count) {
    const size_t end = text.find('.', begin);
    parts[count] = text.substr(begin, end == std::string_view::npos ? end : end - begin);
    if (end == std::string_view::npos) {
      ++count;
      break;
    }
    begin = end + 1;
  }
  if (count != 3) return std::nullopt;
  const auto date = MakeDay(FullYear(parts[2], r), ToInt(parts[1]), ToInt(parts[0]));
  if (!date.has_value()) return std::nullopt;
  return OnDay(*date);
}

Meaning Date(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  if (const auto iso = r.Get(match, s.iso)) {
    const auto date = ParseIsoDay(*iso);
    if (date.has_value()) return OnDay(*date);
    if (iso->size() == 7) return Value(std::string(*iso));
    return std::nullopt;
  }
  if (const auto digits = r.Get(match, s.date)) return ReadDigits(r, *digits);
  if (const auto pair = r.Get(match, s.day_month)) {
    return DateOf(r, match, ToInt(*pair), ToInt(pair->substr(pair->find('.') + 1)));
  }
  const auto month = r.GetInt(match, s.month);
  auto day = r.GetInt(match, s.day);
  if (!day.has_value()) day = r.GetInt(match, s.ord);
  if (!month.has_value() || !day.has_value()) return std::nullopt;
  return DateOf(r, match, *day, *month);
}

Meaning DateSpaced(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  return DateOf(r, match, r.GetInt(match, s.day).value_or(0),
                r.GetInt(match, s.day, 1).value_or(0));
}

// "T19:30" of a clock token ("19.30", "19:30") or an hour.
std::string ClockOf(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  int hour = -1;
  int minute = 0;
  // The first of a range is the one in the extent: the first of the match.
  for (const Membership& membership : match.path) {
    if (membership.symbol == s.clock || membership.symbol == s.hour || membership.symbol == s.num) {
      PatternMatch one;
      one.path = {membership};
      const std::string_view text = *r.Get(one, membership.symbol);
      const size_t split = text.find_first_of(".:");
      hour = ToInt(text);
      if (membership.symbol == s.clock && split != std::string_view::npos) {
        minute = ToInt(text.substr(split + 1));
      }
      break;
    }
  }
  if (hour < 0 || hour > 24 || minute > 59) return "";
  minute = r.GetInt(match, s.minute).value_or(minute);
  const auto part = r.Get(match, s.part_adverb);
  if (part.has_value() && hour < 12 && (*part == "TAF" || *part == "TEV")) hour += 12;
  return absl::StrCat("T", Pad(hour, 2), ":", Pad(minute, 2));
}

Meaning DateClock(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  auto date = ReadDigits(r, r.Get(match, r.symbols().date).value_or(""));
  const std::string clock = ClockOf(r, match);
  if (!date.has_value() || clock.empty()) return std::nullopt;
  date->value += clock;
  return date;
}

// A clock or part of day on the day it belongs to.
TimeMeaning AtDay(std::optional<Day> day, std::string_view part) {
  if (!day.has_value()) {
    return Value(
        absl::StrCat(part.size() > 1 && part[1] >= 'A' ? "XXXX-XX-XX" : "", std::string(part)));
  }
  TimeMeaning meaning = OnDay(*day);
  meaning.value += part;
  return meaning;
}

// The same on the day named before, which stays the one that was named.
TimeMeaning OnNarratedDay(const TimeResolver& r, const PatternMatch& match, std::string_view part) {
  TimeMeaning meaning = AtDay(r.DayFor(match), part);
  meaning.day.reset();
  return meaning;
}

Meaning Clock(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const std::string clock = ClockOf(r, match);
  if (clock.empty()) return std::nullopt;
  return OnNarratedDay(r, match, clock);
}

Meaning Midnight(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return OnNarratedDay(r, match, "T24:00");
}

std::optional<std::string_view> PartOf(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  for (const Symbol symbol : {s.part, s.old_part, s.part_adverb, s.parts}) {
    const auto part = r.Get(match, symbol);
    if (part.has_value()) return part;
  }
  return std::nullopt;
}

Meaning Part(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const std::string_view part = PartOf(r, match).value_or("TNI");
  TimeMeaning meaning = OnNarratedDay(r, match, part);
  // "In der Nacht" of a report is the night that has just ended.
  const auto day = r.DayFor(match);
  if (part == "TNI" && day.has_value() && day == r.published()) {
    meaning.value = AtDay(*day - std::chrono::days(1), part).value;
  }
  return meaning;
}

Meaning PartSet(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return Value(absl::StrCat("XXXX-XX-XX", std::string(PartOf(r, match).value_or("TNI"))));
}

Meaning Month(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto month = r.GetInt(match, r.symbols().month);
  if (!month.has_value()) return std::nullopt;
  auto year = YearOf(r, match);
  if (!year.has_value() && r.published_year().has_value()) {
    year = r.published_year();
    const auto now = r.published_month();
    const int direction = r.Direction(match);
    if (now.has_value() && direction < 0 && *month > *now) --*year;
    if (now.has_value() && direction > 0 && *month < *now) ++*year;
  }
  TimeMeaning meaning =
      Value(absl::StrCat(year.has_value() ? Pad(*year, 4) : "XXXX", "-", Pad(*month, 2)));
  meaning.modifier = PointModifier(r, match);
  return meaning;
}

Meaning Year(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto year = YearOf(r, match);
  if (!year.has_value()) return std::nullopt;
  return Value(Pad(*year, 4));
}

Meaning YearMod(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  auto meaning = Year(r, match, arguments);
  if (meaning.has_value()) meaning->modifier = PointModifier(r, match);
  return meaning;
}

// Decades in words and digits: the value stands in the word list, or is read from "1990er", "90er".
Meaning DecadeValue(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  TimeMeaning meaning;
  if (const auto digits = r.Get(match, s.number_decade)) {
    const int number = ToInt(*digits);
    if (number < 100) {
      meaning.value = Pad((number > 20 ? 1900 + number : 2000 + number) / 10, 3);
    } else {
      meaning.value = Pad(number / 10, 3);
    }
  } else {
    auto value = r.Get(match, s.twenty);
    if (!value.has_value()) value = r.Get(match, s.decade);
    if (!value.has_value()) return std::nullopt;
    meaning.value = std::string(*value);
  }
  meaning.modifier = PointModifier(r, match);
  return meaning;
}

std::optional<int> OrdinalOf(const TimeResolver& r, const PatternMatch& match) {
  const auto day = r.GetInt(match, r.symbols().day);
  return day.has_value() ? day : r.GetInt(match, r.symbols().ord);
}

Meaning Century(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto number = OrdinalOf(r, match);
  if (!number.has_value() || *number < 1) return std::nullopt;
  TimeMeaning meaning = Value(Pad(*number - 1, 2));
  meaning.modifier = PointModifier(r, match);
  return meaning;
}

Meaning CenturyRel(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto offset = Offset(r, match);
  if (!offset.has_value() || !r.published_year().has_value()) return std::nullopt;
  return Value(Pad(*r.published_year() / 100 + *offset, 2));
}

Meaning PartOfYear(const TimeResolver& r, const PatternMatch& match, char letter, int most) {
  const auto number = OrdinalOf(r, match);
  if (!number.has_value() || *number < 1 || *number > most) return std::nullopt;
  auto year = YearOf(r, match);
  if (!year.has_value()) year = r.published_year();
  return Value(absl::StrCat(year.has_value() ? Pad(*year, 4) : "XXXX", "-", std::string(1, letter),
                            *number));
}

Meaning Quarter(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return PartOfYear(r, match, 'Q', 4);
}

Meaning Half(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return PartOfYear(r, match, 'H', 2);
}

Meaning SeasonOf(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto season = r.Get(match, r.symbols().season);
  if (!season.has_value()) return std::nullopt;
  auto year = YearOf(r, match);
  if (!year.has_value()) year = r.published_year();
  TimeMeaning meaning =
      Value(absl::StrCat(year.has_value() ? Pad(*year, 4) : "XXXX", "-", std::string(*season)));
  meaning.modifier = PointModifier(r, match);
  return meaning;
}

// The season before or after the one of the publication day.
Meaning SeasonRel(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const auto season = r.Get(match, r.symbols().season);
  const auto offset = Offset(r, match);
  if (!season.has_value() || !offset.has_value()) return std::nullopt;
  if (!r.published().has_value()) return SeasonOf(r, match, arguments);
  const int year = Civil(*r.published()).year;
  const std::string today = IsoDay(*r.published());
  const auto value = [&](int y) { return absl::StrCat(Pad(y, 4), "-", std::string(*season)); };
  if (*offset == 0) return Value(value(year));
  int candidate = year - 1;
  if (*offset < 0) {
    for (int y = year; y >= year - 1; --y) {
      candidate = y;
      if (IntervalOf(value(y), "").latest < today) break;
    }
  } else {
    for (int y = year; y <= year + 1; ++y) {
      candidate = y;
      if (IntervalOf(value(y), "").earliest > today) break;
    }
  }
  return Value(value(candidate));
}

Meaning Holiday(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto code = r.Get(match, r.symbols().holiday);
  if (!code.has_value() || code->size() < 3) return std::nullopt;
  auto year = r.GetInt(match, r.symbols().year);
  const auto day_in = [&](int y) -> std::optional<Day> {
    if ((*code)[0] == 'E') return EasterSunday(y) + std::chrono::days(ToInt(code->substr(1)));
    return MakeDay(y, ToInt(code->substr(2, 2)), ToInt(code->substr(5, 2)));
  };
  if (!year.has_value()) {
    if (!r.published().has_value()) {
      if ((*code)[0] == 'F') return Value(absl::StrCat("XXXX-", std::string(code->substr(2))));
      return Value("XXXX-XX-XX");
    }
    year = Civil(*r.published()).year;
    const auto day = day_in(*year);
    if (day.has_value() && *day > *r.published() + std::chrono::days(kFarAheadDays) &&
        r.Direction(match) < 0) {
      --*year;
    }
    if (day.has_value() && *day < *r.published() - std::chrono::days(kFarAheadDays) &&
        r.Direction(match) > 0) {
      ++*year;
    }
  }
  if (*year < 1 || *year > 9998) return std::nullopt;
  const auto day = day_in(*year);
  if (!day.has_value()) return std::nullopt;
  return OnDay(*day);
}

// A weekday when the publication day is not known.
TimeMeaning UnknownWeekday(const TimeResolver& r, int weekday, std::string_view part) {
  TimeMeaning meaning = Value(absl::StrCat("XXXX-WXX-", weekday, std::string(part)));
  meaning.earliest = r.published_earliest();
  meaning.latest = r.published_latest();
  return meaning;
}

// The weekday nearest before (direction < 0) or after a day, the day itself included.
Day WeekdayNear(Day day, int weekday, int direction) {
  const int back = (IsoWeekday(day) - weekday + 7) % 7;
  if (direction > 0) return day + std::chrono::days((7 - back) % 7);
  return day - std::chrono::days(back);
}

Meaning WeekdayWith(const TimeResolver& r, const PatternMatch& match, int weekday,
                    std::string_view part) {
  if (!r.published().has_value()) return UnknownWeekday(r, weekday, part);
  const auto offset = Offset(r, match);
  Day day = *r.published();
  if (offset.value_or(0) < 0) {
    day = WeekdayNear(day - std::chrono::days(1), weekday, -1);
  } else if (offset.value_or(0) > 0) {
    day = WeekdayNear(day + std::chrono::days(1), weekday, 1);
  } else {
    day = WeekdayNear(day, weekday, r.Direction(match) > 0 ? 1 : -1);
  }
  return AtDay(day, part);
}

Meaning Weekday(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return WeekdayWith(r, match, r.GetInt(match, r.symbols().weekday).value_or(1), "");
}

Meaning WeekdayRel(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const int weekday = r.GetInt(match, r.symbols().weekday).value_or(1);
  if (arguments.empty() || !r.published().has_value()) return WeekdayWith(r, match, weekday, "");
  const int direction = ToInt(arguments[0]);
  return OnDay(WeekdayNear(*r.published() + std::chrono::days(direction), weekday, direction));
}

Meaning WeekdayToday(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const int weekday = r.GetInt(match, r.symbols().weekday).value_or(1);
  if (!r.published().has_value()) return UnknownWeekday(r, weekday, "");
  return OnDay(WeekdayNear(*r.published(), weekday, -1));
}

Meaning WeekdayOfWeek(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const int weekday = r.GetInt(match, r.symbols().weekday).value_or(1);
  if (!r.published().has_value()) return UnknownWeekday(r, weekday, "");
  return OnDay(MondayOf(*r.published()) +
               std::chrono::days(7 * Offset(r, match).value_or(0) + weekday - 1));
}

Meaning WeekdayPart(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  if (const auto compound = r.Get(match, s.weekday_part)) {
    return WeekdayWith(r, match, ToInt(*compound), compound->substr(2));
  }
  return WeekdayWith(r, match, r.GetInt(match, s.weekday).value_or(1),
                     PartOf(r, match).value_or("TEV"));
}

// The night that ends on the morning of a day belongs to the day before.
Meaning NightTo(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const int weekday = r.GetInt(match, r.symbols().weekday).value_or(1);
  if (!r.published().has_value()) return UnknownWeekday(r, (weekday + 5) % 7 + 1, "TNI");
  const Day day = WeekdayNear(*r.published(), weekday, r.Direction(match) > 0 ? 1 : -1);
  return AtDay(day - std::chrono::days(1), "TNI");
}

Meaning DayWord(const TimeResolver& r, const PatternMatch& match, std::string_view part) {
  const TimeSymbols& s = r.symbols();
  auto offset = r.GetInt(match, s.day_word);
  if (!offset.has_value()) offset = r.GetInt(match, s.today);
  if (!r.published().has_value()) {
    TimeMeaning meaning =
        Value(part.empty() ? "XXXX-XX-XX" : absl::StrCat("XXXX-XX-XX", std::string(part)));
    if (*offset == 0 && part.empty()) meaning.value = "PRESENT_REF";
    return meaning;
  }
  return AtDay(*r.published() + std::chrono::days(offset.value_or(0)), part);
}

Meaning NightToDay(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  auto meaning = DayWord(r, match, "");
  if (!meaning.has_value() || !meaning->day.has_value()) return meaning;
  return AtDay(*meaning->day - std::chrono::days(1), "TNI");
}

Meaning DayPlain(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return DayWord(r, match, "");
}

Meaning DayPart(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return DayWord(r, match, PartOf(r, match).value_or("TMO"));
}

Meaning Today(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  if (!r.today_is_a_day()) return Value("PRESENT_REF");
  return DayWord(r, match, "");
}

Meaning Present(const TimeResolver&, const PatternMatch&, const Arguments&) {
  return Value("PRESENT_REF");
}

TimeMeaning PastRef(const TimeResolver& r) {
  TimeMeaning meaning = Value("PAST_REF");
  meaning.latest = r.published_latest();
  if (meaning.latest.empty()) meaning.latest = r.published_earliest();
  return meaning;
}

Meaning Past(const TimeResolver& r, const PatternMatch&, const Arguments&) { return PastRef(r); }
Meaning Future(const TimeResolver&, const PatternMatch&, const Arguments&) {
  return Value("FUTURE_REF");
}

Meaning Reference(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto value = r.Get(match, r.symbols().ref);
  if (!value.has_value()) return std::nullopt;
  if (*value == "PAST_REF") return PastRef(r);
  return Value(std::string(*value));
}

Meaning Weekend(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  if (!r.published().has_value()) return Value("XXXX-WXX-WE");
  const auto offset = Offset(r, match);
  int direction = offset.value_or(0);
  if (!offset.has_value()) direction = r.Direction(match) > 0 ? 1 : -1;
  Day monday = MondayOf(*r.published());
  if (direction < 0) {
    // The last that is over, on a Sunday its own.
    if (IsoWeekday(*r.published()) != 7 || offset.has_value()) monday -= std::chrono::days(7);
  } else if (direction > 0 && IsoWeekday(*r.published()) >= 6 && offset.has_value()) {
    monday += std::chrono::days(7);
  }
  return Value(IsoWeek(monday) + "-WE");
}

// A unit of the calendar, `offset` units from the publication date.
Meaning CalendarUnit(const TimeResolver& r, std::string_view unit, int offset) {
  if (unit == "Y") {
    if (!r.published_year().has_value()) return Value("XXXX");
    return Value(Pad(*r.published_year() + offset, 4));
  }
  if (unit == "DE" && r.published_year().has_value()) {
    return Value(Pad(*r.published_year() / 10 + offset, 3));
  }
  if (unit == "M" || unit == "Q" || unit == "HY") {
    if (!r.published_month().has_value() || !r.published_year().has_value()) {
      return Value(unit == "M" ? "XXXX-XX" : unit == "Q" ? "XXXX-QX" : "XXXX-HX");
    }
    const int length = unit == "M" ? 1 : unit == "Q" ? 3 : 6;
    const int per_year = 12 / length;
    const int index = *r.published_year() * per_year + (*r.published_month() - 1) / length + offset;
    const int number = index % per_year + 1;
    const std::string year = Pad(index / per_year, 4);
    if (unit == "M") return Value(absl::StrCat(year, "-", Pad(number, 2)));
    return Value(absl::StrCat(year, unit == "Q" ? "-Q" : "-H", number));
  }
  if (unit == "W") {
    if (!r.published().has_value()) return Value("XXXX-WXX");
    return Value(IsoWeek(*r.published() + std::chrono::days(7 * offset)));
  }
  return std::nullopt;
}

Meaning Rel(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto unit = r.Get(match, r.symbols().unit);
  if (!unit.has_value()) return std::nullopt;
  auto meaning = CalendarUnit(r, *unit, Offset(r, match).value_or(0));
  if (meaning.has_value()) meaning->modifier = PointModifier(r, match);
  return meaning;
}

// "des Jahres", "des Monats": the word itself is no class of the pattern.
Meaning RelOf(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  if (r.NumberFollows(match)) return std::nullopt;
  const auto unit = r.Get(match, r.symbols().unit);
  if (unit.has_value()) return CalendarUnit(r, *unit, 0);
  return CalendarUnit(r, "Y", 0);
}

Meaning RelNamed(const TimeResolver& r, const PatternMatch&, const Arguments& arguments) {
  if (arguments.size() != 2) return std::nullopt;
  return CalendarUnit(r, arguments[0], ToInt(arguments[1]));
}

Meaning ThisYear(const TimeResolver& r, const PatternMatch&, const Arguments&) {
  return CalendarUnit(r, "Y", 0);
}

Meaning NarratedDay(const TimeResolver& r, const PatternMatch&, const Arguments& arguments) {
  const auto day = r.NarratedDay();
  if (!day.has_value()) return Value("XXXX-XX-XX");
  return OnDay(*day + std::chrono::days(arguments.empty() ? 0 : ToInt(arguments[0])));
}

// "P3W", "PT2H", "PXD", "P0.5Y" of a number as the word lists and digits give it.
std::string Length(std::string_view number, std::string_view unit) {
  std::string digits;
  for (const char c : number) {
    if (c == ',') {
      digits += '.';
    } else if (c != '.' || number.find(',') == std::string_view::npos) {
      digits += c;
    }
  }
  // A point before three digits separates thousands.
  const size_t point = digits.find('.');
  if (point != std::string::npos && digits.size() - point == 4 &&
      number.find(',') == std::string_view::npos) {
    digits.erase(point, 1);
  }
  std::string letter(unit);
  bool time = false;
  if (unit == "S" || unit == "H" || unit == "MIN") {
    time = true;
    letter = unit == "MIN" ? "M" : std::string(unit);
  } else if (unit == "CE" || unit == "ML" || unit == "HY") {
    double value;
    if (digits != "X" && absl::SimpleAtod(digits, &value)) {
      const double factor = unit == "CE" ? 100 : unit == "ML" ? 1000 : 6;
      digits = absl::StrCat(value * factor);
      letter = unit == "HY" ? "M" : "Y";
    } else {
      letter = unit == "HY" ? "M" : unit == "ML" ? "ML" : "CE";
    }
  }
  return absl::StrCat(time ? "PT" : "P", digits, letter);
}

std::optional<std::string_view> UnitOf(const TimeResolver& r, const PatternMatch& match,
                                       int nth = 0) {
  const TimeSymbols& s = r.symbols();
  int seen = 0;
  for (const Membership& membership : match.path) {
    if (membership.symbol != s.unit && membership.symbol != s.units && membership.symbol != s.lang)
      continue;
    if (seen++ != nth) continue;
    PatternMatch one;
    one.path = {membership};
    return r.Get(one, membership.symbol);
  }
  return std::nullopt;
}

std::string_view CountOf(const TimeResolver& r, const PatternMatch& match, int nth = 0) {
  const TimeSymbols& s = r.symbols();
  int seen = 0;
  std::string_view half;
  for (const Membership& membership : match.path) {
    PatternMatch one;
    one.path = {membership};
    if (membership.symbol == s.half) half = *r.Get(one, s.half);
    if (membership.symbol != s.num && membership.symbol != s.one) continue;
    if (seen++ == nth) {
      if (r.Has(match, s.half)) return "0.5";
      return *r.Get(one, membership.symbol);
    }
  }
  return half.empty() ? "X" : half;
}

Meaning Amount(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  TimeMeaning meaning = Value(Length(CountOf(r, match), *unit));
  meaning.modifier = std::string(r.Get(match, r.symbols().approx).value_or(""));
  if (meaning.modifier.empty() && match.path.size() > 2 && match.extent.size() > 2) return meaning;
  return meaning;
}

// "zweitägig": the number and its unit in one word.
Meaning Span(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto span = r.Get(match, r.symbols().number_span);
  if (!span.has_value()) return std::nullopt;
  const size_t colon = span->find(':');
  return Value(Length(span->substr(0, colon), span->substr(colon + 1)));
}

Meaning AmountTwo(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto first = UnitOf(r, match, 0);
  const auto second = UnitOf(r, match, 1);
  if (!first.has_value() || !second.has_value()) return std::nullopt;
  const std::string head = Length(CountOf(r, match, 0), *first);
  const std::string tail = Length(CountOf(r, match, 1), *second);
  // "P2Y" and "P3M" join to "P2Y3M", "PT2H" and "PT5M" to "PT2H5M", "P2D" and "PT5H" to "P2DT5H".
  const bool both_clock = head.starts_with("PT") && tail.starts_with("PT");
  return Value(head + tail.substr(both_clock ? 2 : 1));
}

Meaning AmountClock(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto clock = r.Get(match, r.symbols().clock);
  if (!clock.has_value()) return std::nullopt;
  const size_t split = clock->find_first_of(".:");
  return Value(absl::StrCat("PT", ToInt(*clock), "M", ToInt(clock->substr(split + 1)), "S"));
}

// "in den letzten Wochen": a length that lies before or after the publication.
Meaning AmountRel(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  const auto unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  TimeMeaning meaning = Value(Length(CountOf(r, match), *unit));
  if (CountOf(r, match) == "X") {
    if (r.Has(match, s.last)) {
      meaning.reference = "PAST_REF";
      meaning.latest = PastRef(r).latest;
    } else if (r.Has(match, s.next)) {
      meaning.reference = "FUTURE_REF";
    }
  }
  return meaning;
}

TimeMeaning Every(std::string value) {
  TimeMeaning meaning = Value(std::move(value));
  meaning.quantifier = "EVERY";
  return meaning;
}

Meaning Set(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  auto unit = r.Get(match, r.symbols().every);
  if (!unit.has_value()) unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  TimeMeaning meaning = Every(Length("1", *unit));
  const auto times = r.Get(match, r.symbols().num);
  if (times.has_value()) meaning.frequency = absl::StrCat(std::string(*times), "X");
  return meaning;
}

// "300 Euro im Monat": a rate where a number stands before.
Meaning Rate(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  if (!r.FollowsNumber(match)) return std::nullopt;
  return Set(r, match, arguments);
}

Meaning SetWeekday(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  auto weekday = r.GetInt(match, s.weekday);
  if (!weekday.has_value()) weekday = r.GetInt(match, s.weekdays);
  return Every(absl::StrCat("XXXX-WXX-", weekday.value_or(1)));
}

Meaning SetMonth(const TimeResolver&, const PatternMatch&, const Arguments&) {
  return Every("P1M");
}

Meaning SetNth(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto unit = UnitOf(r, match);
  const auto number = r.Get(match, r.symbols().ord);
  if (!unit.has_value() || !number.has_value()) return std::nullopt;
  return Every(Length(*number, *unit));
}

Meaning SetAmount(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  return Every(Length(CountOf(r, match), *unit));
}

Meaning SetOf(const TimeResolver&, const PatternMatch&, const Arguments& arguments) {
  return Every(arguments.empty() ? "P1Y" : arguments[0]);
}

Meaning Nothing(const TimeResolver&, const PatternMatch&, const Arguments&) { return std::nullopt; }

constexpr std::array<std::pair<std::string_view, ValueFunction>, 47> kFunctions = {{
    {"date", Date},
    {"date_spaced", DateSpaced},
    {"date_clock", DateClock},
    {"clock", Clock},
    {"midnight", Midnight},
    {"part", Part},
    {"part_set", PartSet},
    {"month", Month},
    {"year", Year},
    {"year_mod", YearMod},
    {"value", DecadeValue},
    {"century", Century},
    {"century_rel", CenturyRel},
    {"quarter", Quarter},
    {"half", Half},
    {"season", SeasonOf},
    {"season_rel", SeasonRel},
    {"holiday", Holiday},
    {"weekday", Weekday},
    {"weekday_rel", WeekdayRel},
    {"weekday_today", WeekdayToday},
    {"weekday_of_week", WeekdayOfWeek},
    {"weekday_part", WeekdayPart},
    {"night_to", NightTo},
    {"night_to_day", NightToDay},
    {"day", DayPlain},
    {"day_part", DayPart},
    {"today", Today},
    {"present", Present},
    {"past", Past},
    {"future", Future},
    {"ref", Reference},
    {"weekend", Weekend},
    {"rel", Rel},
    {"rel_of", RelOf},
    {"rel_named", RelNamed},
    {"this_year", ThisYear},
    {"narrated_day", NarratedDay},
    {"amount", Amount},
    {"amount_two", AmountTwo},
    {"amount_clock", AmountClock},
    {"amount_rel", AmountRel},
    {"set", Set},
    {"set_weekday", SetWeekday},
    {"set_month", SetMonth},
    {"set_nth", SetNth},
    {"set_amount", SetAmount},
}};

}  // namespace

ValueFunction FindValueFunction(std::string_view name) {
  if (name == "set_of") return SetOf;
  if (name == "rate") return Rate;
  if (name == "span") return Span;
  if (name == "none") return Nothing;
  for (const auto& [key, function] : kFunctions) {
    if (key == name) return function;
  }
  return nullptr;
}

TimeSymbols::TimeSymbols(PatternSet& patterns) {
  const std::array<std::pair<Symbol*, std::string_view>, 48> names = {{
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
      {&number_span, "NSPAN"},
      {&span_tail, "SPANTAIL"},
  }};
  for (const auto& [symbol, name] : names) *symbol = patterns.Intern(name);
}

TimeResolver::TimeResolver(const AnnotatedDocument& document, const TimeSymbols& symbols,
                           const std::vector<std::string>& values, const TenseOf& tense_of)
    : document_(document), symbols_(symbols), values_(values), tense_of_(tense_of) {
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

std::optional<std::string_view> TimeResolver::Get(const PatternMatch& match, Symbol symbol,
                                                  int nth) const {
  for (const Membership& membership : match.path) {
    if (membership.symbol != symbol || nth-- > 0) continue;
    if (membership.value < 0) return std::string_view();
    const auto index = static_cast<size_t>(membership.value);
    if (index < values_.size()) return values_[index];
    return own_values_[index - values_.size()];
  }
  return std::nullopt;
}

std::optional<int> TimeResolver::GetInt(const PatternMatch& match, Symbol symbol, int nth) const {
  const auto text = Get(match, symbol, nth);
  if (!text.has_value() || text->empty()) return std::nullopt;
  return ToInt(*text);
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
  for (int32_t i = std::max(0, match.extent.begin - kNumberWindow); i < match.extent.begin; ++i) {
    if (is_number(i)) return true;
  }
  return false;
}

void TimeResolver::AddTenseCue(int32_t token, int direction) {
  if (cues_.empty()) cues_.resize(document_.tokens.size());
  cues_[static_cast<size_t>(token)] = static_cast<int8_t>(direction);
}

int TimeResolver::Direction(const PatternMatch& match) const {
  const auto count = static_cast<int32_t>(document_.tokens.size());
  const auto at = [&](int32_t token) -> const Token& {
    return document_.tokens[static_cast<size_t>(token)];
  };
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
      if (direction == 0 && tense_of_ && !at(token).capitalized) {
        direction = tense_of_(text);
        penalty = direction > 0 ? kPresentPenalty : 0;
      }
      if (direction == 0 || distance + penalty >= nearest) continue;
      nearest = distance + penalty;
      best = direction;
    }
  };
  look(match.extent.begin - 1, -1);
  look(match.extent.end, 1);
  return best;
}

}  // namespace lagebild::extract
