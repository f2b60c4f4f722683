#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "extract_service/times/value_support.h"

// Values of weekdays, parts of day, clock times and of words that point from the moment of telling.
namespace lagebild::extract {
namespace {

constexpr int kMinutesPerHour = 60;

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
  const int offset = Offset(r, match).value_or(0);
  Day day = *r.published();
  if (offset < 0) {
    day =
        WeekdayNear(day - std::chrono::days(1), weekday, -1) + std::chrono::days(7 * (offset + 1));
  } else if (offset > 0) {
    day = WeekdayNear(day + std::chrono::days(1), weekday, 1) + std::chrono::days(7 * (offset - 1));
  } else {
    day = WeekdayNear(day, weekday, r.Direction(match) > 0 ? 1 : -1);
  }
  return AtDay(day, part);
}

int WeekdayOf(const TimeResolver& r, const PatternMatch& match) {
  return r.GetInt(match, r.symbols().weekday).value_or(1);
}

Meaning Weekday(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return WeekdayWith(r, match, WeekdayOf(r, match), "");
}

// "am heutigen Mittwoch"; the argument says how many days that is from the publication.
Meaning WeekdayBeside(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const int weekday = WeekdayOf(r, match);
  if (!r.published().has_value()) return UnknownWeekday(r, weekday, "");
  const int offset = r.GetInt(match, r.symbols().day_adjective).value_or(0);
  return OnDay(WeekdayNear(*r.published() + std::chrono::days(offset), weekday, offset));
}

Meaning WeekdayOfWeek(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const int weekday = WeekdayOf(r, match);
  if (!r.published().has_value()) return UnknownWeekday(r, weekday, "");
  return OnDay(MondayOf(*r.published()) +
               std::chrono::days(7 * Offset(r, match).value_or(0) + weekday - 1));
}

Meaning WeekdayPart(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  if (const auto compound = r.Get(match, r.symbols().weekday_part)) {
    return WeekdayWith(r, match, ToInt(*compound), compound->substr(2));
  }
  return WeekdayWith(r, match, WeekdayOf(r, match), PartOf(r, match).value_or("TEV"));
}

// The night that ends on the morning of a day belongs to the day before.
Meaning NightTo(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  const int weekday = r.GetInt(match, s.weekday, 1).value_or(WeekdayOf(r, match));
  if (!r.published().has_value()) return UnknownWeekday(r, (weekday + 5) % 7 + 1, "TNI");
  const Day day = WeekdayNear(*r.published(), weekday, r.Direction(match) > 0 ? 1 : -1);
  return AtDay(day - std::chrono::days(1), "TNI");
}

// "Nacht zum 4. Mai"; the argument says how far before the first date the night begins.
Meaning NightOfDate(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const auto date = DateIn(r, match);
  if (!date.has_value() || arguments.size() != 1) return std::nullopt;
  if (!date->day.has_value()) return Value("XXXX-XX-XXTNI");
  return AtDay(*date->day + std::chrono::days(ToInt(arguments[0])), "TNI");
}

Meaning DayWord(const TimeResolver& r, const PatternMatch& match, std::string_view part) {
  const TimeSymbols& s = r.symbols();
  auto offset = r.GetInt(match, s.day_word);
  if (!offset.has_value()) offset = r.GetInt(match, s.today);
  if (!r.published().has_value()) {
    if (offset == 0 && part.empty()) return Value("PRESENT_REF");
    return Value(absl::StrCat("XXXX-XX-XX", std::string(part)));
  }
  return AtDay(*r.published() + std::chrono::days(offset.value_or(0)), part);
}

Meaning NightToDay(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  auto meaning = DayWord(r, match, "");
  if (!meaning.has_value() || !meaning->day.has_value()) return Value("XXXX-XX-XXTNI");
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

// "heute vor einer Woche", "Montag in acht Tagen"; the argument is the sign.
Meaning DayShift(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const TimeSymbols& s = r.symbols();
  const auto unit = UnitOf(r, match);
  const std::string_view count = CountOf(r, match);
  const int sign = arguments.empty() ? 1 : ToInt(arguments[0]);
  const int number = ToInt(count);
  if (!unit.has_value() || count.find_first_not_of("0123456789") != std::string_view::npos ||
      number > 3000) {
    return std::nullopt;
  }
  const auto base = r.Has(match, s.weekday) ? Weekday(r, match, arguments) : DayWord(r, match, "");
  if (!base.has_value() || !base->day.has_value()) return Value("XXXX-XX-XX");
  if (*unit == "D" || *unit == "W") {
    // "in acht Tagen" is the same weekday.
    const int days = *unit == "W" ? 7 * number : number == 8 ? 7 : number;
    return OnDay(*base->day + std::chrono::days(sign * days));
  }
  if (*unit == "Y") {
    const YearMonthDay date = Civil(*base->day);
    const int year = date.year + sign * number;
    if (year < 1 || year > 9999) return std::nullopt;
    const auto day = MakeDay(year, date.month, std::min(date.day, DaysInMonth(year, date.month)));
    if (day.has_value()) return OnDay(*day);
  }
  return std::nullopt;
}

// A clock or part of day on the day named before, which stays the one that was named.
TimeMeaning OnNarratedDay(const TimeResolver& r, const PatternMatch& match, std::string_view part) {
  TimeMeaning meaning = AtDay(r.DayFor(match), part);
  meaning.day.reset();
  return meaning;
}

// "T19:30", with its zone, of an hour and minutes in a match's words; empty when there is no such
// time.
std::string ClockText(const TimeResolver& r, const PatternMatch& match, int hour, int minute,
                      std::string_view seconds) {
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || (hour == 24 && minute > 0)) return "";
  const auto part = r.Get(match, r.symbols().part_adverb);
  if (part.has_value() && hour < 12 && (*part == "TAF" || *part == "TEV")) hour += 12;
  return absl::StrCat("T", Pad(hour, 2), ":", Pad(minute, 2), std::string(seconds),
                      std::string(r.Get(match, r.symbols().zone).value_or("")));
}

// Of a clock token ("19.30", "19:30:15") or an hour; the first of the match.
std::string ClockOf(const TimeResolver& r, const PatternMatch& match) {
  const TimeSymbols& s = r.symbols();
  for (const Membership& membership : match.path) {
    const bool clock = membership.symbol == s.clock || membership.symbol == s.clock_seconds;
    if (!clock && membership.symbol != s.hour && membership.symbol != s.num) continue;
    const std::string_view text = r.ValueOf(membership);
    const size_t split = text.find_first_of(".:");
    int minute = 0;
    std::string_view seconds;
    if (clock && split != std::string_view::npos) {
      minute = ToInt(text.substr(split + 1));
      if (membership.symbol == s.clock_seconds) seconds = text.substr(text.size() - 3);
    } else if (text.find_first_not_of("0123456789") != std::string_view::npos) {
      return "";
    }
    return ClockText(r, match, ToInt(text), r.GetInt(match, s.minute).value_or(minute), seconds);
  }
  return "";
}

Meaning Clock(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const std::string clock = ClockOf(r, match);
  if (clock.empty()) return std::nullopt;
  return OnNarratedDay(r, match, clock);
}

// "halb neun" is -30, "Viertel nach acht" +15: minutes from the full hour that is named.
Meaning ClockNear(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const int hour = r.GetInt(match, r.symbols().num).value_or(0);
  if (hour < 1 || hour > 12 || arguments.size() != 1) return std::nullopt;
  // "halb eins" is after noon.
  const int minutes = (hour == 1 ? 13 : hour) * kMinutesPerHour + ToInt(arguments[0]);
  const std::string clock =
      ClockText(r, match, minutes / kMinutesPerHour, minutes % kMinutesPerHour, "");
  if (clock.empty()) return std::nullopt;
  return OnNarratedDay(r, match, clock);
}

Meaning DateClock(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  auto date = ReadDigits(r, r.Get(match, r.symbols().date).value_or(""));
  const std::string clock = ClockOf(r, match);
  // Columns of a table are two expressions.
  if (!date.has_value() || clock.empty() || !r.IsTight(match)) return std::nullopt;
  date->value += clock;
  return date;
}

Meaning Midnight(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return OnNarratedDay(r, match, "T24:00");
}

Meaning Part(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const std::string_view part = PartOf(r, match).value_or("TNI");
  const auto adjective = r.GetInt(match, r.symbols().day_adjective);
  if (adjective.has_value()) {
    if (!r.published().has_value()) return AtDay(std::nullopt, part);
    return AtDay(*r.published() + std::chrono::days(*adjective), part);
  }
  TimeMeaning meaning = OnNarratedDay(r, match, part);
  // "In der Nacht" of a report is the night that has just ended.
  const auto day = r.DayFor(match);
  if (part == "TNI" && day.has_value() && day == r.published()) {
    meaning.value = AtDay(*day - std::chrono::days(1), part).value;
  }
  return meaning;
}

// "vergangene Nacht" began yesterday, "die kommende Nacht" begins today.
Meaning PartRel(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const std::string_view part = PartOf(r, match).value_or("TNI");
  if (!r.published().has_value()) return AtDay(std::nullopt, part);
  const int offset = Offset(r, match).value_or(0);
  return AtDay(*r.published() + std::chrono::days(offset < 0 ? offset : 0), part);
}

Meaning Present(const TimeResolver&, const PatternMatch&, const Arguments&) {
  return Value("PRESENT_REF");
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
    if (direction < -1) monday -= std::chrono::days(7);
  } else if (direction > 0 && IsoWeekday(*r.published()) >= 6 && offset.has_value()) {
    monday += std::chrono::days(7);
  }
  if (direction > 1) monday += std::chrono::days(7);
  return Value(WeekText(monday) + "-WE");
}

Meaning NarratedDay(const TimeResolver& r, const PatternMatch&, const Arguments& arguments) {
  const auto day = r.NarratedDay();
  if (!day.has_value()) return Value("XXXX-XX-XX");
  return OnDay(*day + std::chrono::days(arguments.empty() ? 0 : ToInt(arguments[0])));
}

constexpr std::array<NamedValueFunction, 23> kFunctions = {{
    {"weekday", Weekday},
    {"weekday_beside", WeekdayBeside},
    {"weekday_of_week", WeekdayOfWeek},
    {"weekday_part", WeekdayPart},
    {"weekend", Weekend},
    {"night_to", NightTo},
    {"night_to_day", NightToDay},
    {"night_of_date", NightOfDate},
    {"day", DayPlain},
    {"day_part", DayPart},
    {"day_shift", DayShift},
    {"today", Today},
    {"narrated_day", NarratedDay},
    {"clock", Clock},
    {"clock_near", ClockNear},
    {"date_clock", DateClock},
    {"midnight", Midnight},
    {"part", Part},
    {"part_rel", PartRel},
    {"present", Present},
    {"past", Past},
    {"future", Future},
    {"ref", Reference},
}};

}  // namespace

std::span<const NamedValueFunction> DayFunctions() { return kFunctions; }

}  // namespace lagebild::extract
