#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "extract_service/times/value_support.h"

// Values of dates, months, quarters, seasons, years, decades, centuries, holidays and of calendar
// units told from the publication or from what the text named last.
namespace lagebild::extract {
namespace {

// A holiday that a clause in the other tense moves into the next or last year is further away.
constexpr int kHolidayDays = 60;
constexpr int kMonthsBeforeWinter = 5;

Meaning Date(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return DateIn(r, match);
}

// "44 v. Chr.": arguments BC or AD.
Meaning Era(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const TimeSymbols& s = r.symbols();
  const bool before = !arguments.empty() && arguments[0] == "BC";
  const std::string prefix = before ? "BC" : "";
  auto year = r.GetInt(match, s.any_year);
  if (!year.has_value()) year = r.GetInt(match, s.num);
  if (year.has_value()) {
    if (*year < 1 || *year > 9999) return std::nullopt;
    return Value(prefix + YearText(*year));
  }
  const auto century = OrdinalOf(r, match);
  if (!century.has_value() || *century < 1) return std::nullopt;
  return Value(prefix + Pad(*century - 1, 2));
}

Meaning MonthOf(int month, std::optional<int> year, std::string modifier) {
  TimeMeaning meaning =
      Value(absl::StrCat(year.has_value() ? YearText(*year) : "XXXX", "-", Pad(month, 2)));
  meaning.modifier = std::move(modifier);
  if (year.has_value()) meaning.year = year;
  return meaning;
}

Meaning Month(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto month = r.GetInt(match, r.symbols().month);
  if (!month.has_value()) return std::nullopt;
  auto year = YearOf(r, match);
  if (year.has_value() && r.GetInt(match, r.symbols().month, 1).value_or(*month) < *month) {
    --*year;  // "November bis März 2019".
  }
  if (!year.has_value() && r.published_year().has_value()) {
    year = r.published_year();
    const auto now = r.published_month();
    const int direction = r.Direction(match);
    if (now.has_value() && direction < 0 && *month > *now) --*year;
    if (now.has_value() && direction > 0 && *month < *now) ++*year;
  }
  return MonthOf(*month, year, PointModifier(r, match));
}

// "den ersten Tagen des Juni": the beginning or the end of the month.
Meaning DaysOfMonth(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  auto meaning = Month(r, match, arguments);
  if (meaning.has_value()) meaning->modifier = OrdinalOf(r, match) == 1 ? "START" : "END";
  return meaning;
}

// The second of "Oktober 2019 bis März".
Meaning MonthAfter(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  const auto first = r.GetInt(match, s.month);
  const auto second = r.GetInt(match, s.month, 1);
  const auto year = r.GetInt(match, s.year);
  if (!first.has_value() || !second.has_value() || !year.has_value()) return std::nullopt;
  return MonthOf(*second, *year + (*second <= *first ? 1 : 0), "");
}

// "vergangenen Mai": the last before the month of publication.
Meaning MonthRel(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto month = r.GetInt(match, r.symbols().month);
  const auto offset = Offset(r, match);
  if (!month.has_value() || !offset.has_value()) return std::nullopt;
  auto year = r.published_year();
  if (year.has_value() && r.published_month().has_value()) {
    if (*offset < 0 && *month >= *r.published_month()) --*year;
    if (*offset > 0 && *month <= *r.published_month()) ++*year;
  } else if (*offset != 0) {
    year.reset();
  }
  return MonthOf(*month, year, PointModifier(r, match));
}

Meaning Year(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto year = YearOf(r, match);
  if (!year.has_value()) return std::nullopt;
  TimeMeaning meaning = Value(YearText(*year));
  meaning.modifier = PointModifier(r, match);
  meaning.year = year;
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
    std::optional<std::string_view> value;
    for (const Symbol symbol : {s.twenty, s.decade, s.decades}) {
      if (!value.has_value()) value = r.Get(match, symbol);
    }
    if (!value.has_value()) return std::nullopt;
    meaning.value = std::string(*value);
  }
  meaning.modifier = PointModifier(r, match);
  return meaning;
}

Meaning Century(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto number = OrdinalOf(r, match);
  if (!number.has_value() || *number < 1 || *number > 99) return std::nullopt;
  TimeMeaning meaning = Value(Pad(*number - 1, 2));
  meaning.modifier = PointModifier(r, match);
  return meaning;
}

Meaning CenturyRel(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto offset = Offset(r, match);
  if (!offset.has_value() || !r.published_year().has_value()) return std::nullopt;
  const int century = *r.published_year() / 100 + *offset;
  if (century < 0 || century > 99) return std::nullopt;
  return Value(Pad(century, 2));
}

Meaning Millennium(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto number = OrdinalOf(r, match);
  if (!number.has_value() || *number < 1 || *number > 9) return std::nullopt;
  return Value(Pad(*number - 1, 1));
}

// A quarter, half or season of the year that fits the way its clause looks: what is told has begun,
// what is planned is not over.
TimeMeaning InYear(const TimeResolver& r, const PatternMatch& match, const std::string& part) {
  auto year = YearOf(r, match);
  const auto value = [&](int y) { return absl::StrCat(YearText(y), "-", part); };
  if (!year.has_value() && r.published_year().has_value()) {
    year = r.published_year();
    const auto month = r.published_month();
    if (part == "WI" && month.has_value() && *month <= kMonthsBeforeWinter) --*year;
    if (r.published().has_value()) {
      const std::string today = IsoDay(*r.published());
      const int direction = r.Direction(match);
      if (direction < 0 && IntervalOf(value(*year), "").earliest > today) --*year;
      if (direction > 0 && IntervalOf(value(*year), "").latest < today) ++*year;
    }
  }
  TimeMeaning meaning = Value(year.has_value() ? value(*year) : "XXXX-" + part);
  meaning.modifier = PointModifier(r, match);
  return meaning;
}

Meaning PartOfYear(const TimeResolver& r, const PatternMatch& match, char letter, int most) {
  const auto number = OrdinalOf(r, match);
  if (!number.has_value() || *number < 1 || *number > most) return std::nullopt;
  return InYear(r, match, absl::StrCat(std::string(1, letter), *number));
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
  return InYear(r, match, std::string(*season));
}

// The season before or after the one of the publication day.
Meaning SeasonRel(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const auto season = r.Get(match, r.symbols().season);
  const auto offset = Offset(r, match);
  if (!season.has_value() || !offset.has_value()) return std::nullopt;
  const auto value = [&](int y) { return absl::StrCat(YearText(y), "-", std::string(*season)); };
  if (!r.published().has_value()) {
    return *offset == 0 ? SeasonOf(r, match, arguments)
                        : Meaning(Value(absl::StrCat("XXXX-", std::string(*season))));
  }
  const int year = Civil(*r.published()).year;
  const std::string today = IsoDay(*r.published());
  if (*offset == 0) {
    // "diesen Winter": the one that runs, else this year's.
    const TimeInterval before = IntervalOf(value(year - 1), "");
    return Value(value(before.latest >= today ? year - 1 : year));
  }
  int candidate = year;
  if (*offset < 0) {
    while (candidate > year - 2 && IntervalOf(value(candidate), "").latest >= today) --candidate;
  } else {
    while (candidate < year + 1 && IntervalOf(value(candidate), "").earliest <= today) ++candidate;
  }
  return Value(value(candidate));
}

// The country's code of a holiday out of "DE:E+39 AT:N-06-7-2", of one for all, itself.
std::string_view CodeFor(std::string_view codes, std::string_view country) {
  std::string_view first;
  for (const absl::string_view one :
       absl::StrSplit(absl::string_view(codes.data(), codes.size()), ' ')) {
    const std::string_view code(one.data(), one.size());
    if (code.size() < 3 || code[2] != ':') return codes;
    if (first.empty()) first = code.substr(3);
    if (code.substr(0, 2) == country) return code.substr(3);
  }
  return first;
}

// The argument, if any, is the holiday's code; "ADVENT" and "CHRISTMAS" count by the ordinal.
Meaning Holiday(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  std::string code;
  if (arguments.empty()) {
    code = CodeFor(r.Get(match, r.symbols().holiday).value_or(""), r.Country(match));
  } else if (arguments[0] == "ADVENT" || arguments[0] == "CHRISTMAS") {
    const int number = OrdinalOf(r, match).value_or(0);
    if (number < 1 || number > (arguments[0] == "ADVENT" ? 4 : 2)) return std::nullopt;
    code = arguments[0] == "ADVENT" ? absl::StrCat("A", 7 * (number - 4))
                                    : absl::StrCat("F-12-", 24 + number);
  } else {
    const std::string codes = absl::StrJoin(arguments, " ");
    code = CodeFor(codes, r.Country(match));
  }
  auto year = r.GetInt(match, r.symbols().year);
  if (!year.has_value()) year = Offset(r, match).has_value() ? YearOf(r, match) : std::nullopt;
  if (!year.has_value()) {
    if (!r.published().has_value()) {
      return Value(code.starts_with("F-") ? "XXXX-" + code.substr(2) : "XXXX-XX-XX");
    }
    year = Civil(*r.published()).year;
    const auto day = HolidayIn(code, *year);
    if (!day.has_value()) return std::nullopt;
    const auto ahead = static_cast<int>((*day - *r.published()).count());
    const int direction = r.Direction(match);
    if (direction == TimeResolver::kSince ? ahead > 0 : direction < 0 && ahead > kHolidayDays) {
      --*year;
    }
    if (direction == TimeResolver::kUntil ? ahead < 0 : direction > 0 && ahead < -kHolidayDays) {
      ++*year;
    }
  }
  const auto day = HolidayIn(code, *year);
  if (!day.has_value()) return std::nullopt;
  return OnDay(*day);
}

Meaning WeekNumber(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  auto week = OrdinalOf(r, match);
  if (!week.has_value()) week = r.GetInt(match, r.symbols().num);
  if (!week.has_value() || *week < 1 || *week > 53) return std::nullopt;
  auto year = r.GetInt(match, r.symbols().year);
  if (!year.has_value()) year = r.published_year();
  return Value(absl::StrCat(year.has_value() ? YearText(*year) : "XXXX", "-W", Pad(*week, 2)));
}

Meaning Rel(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto unit = r.Get(match, r.symbols().unit);
  // "der letzte Tag" is not yesterday.
  if (!unit.has_value() || *unit == "D") return std::nullopt;
  auto meaning = CalendarUnit(r, *unit, Offset(r, match).value_or(0));
  if (meaning.has_value()) meaning->modifier = PointModifier(r, match);
  return meaning;
}

// "des Jahres", "des Monats": the word itself may be no class of the pattern.
Meaning RelOf(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  if (r.NumberFollows(match)) return std::nullopt;
  return CalendarUnit(r, r.Get(match, r.symbols().unit).value_or("Y"), 0);
}

// Arguments: the unit and by how many it moves.
Meaning RelNamed(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  if (arguments.size() != 2) return std::nullopt;
  auto meaning = CalendarUnit(r, arguments[0], ToInt(arguments[1]));
  if (meaning.has_value()) meaning->modifier = PointModifier(r, match);
  return meaning;
}

// "Jahr darauf": a unit after or before what the text named last; the argument says by how many.
Meaning RelNarrated(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const auto unit = r.Get(match, r.symbols().unit);
  if (!unit.has_value() || arguments.size() != 1) return std::nullopt;
  const int offset = ToInt(arguments[0]);
  if (*unit == "D") {
    const auto day = r.NarratedDay();
    if (!day.has_value()) return Value("XXXX-XX-XX");
    return OnDay(*day + std::chrono::days(offset));
  }
  if (*unit == "Y") {
    const auto year = r.NarratedYear();
    return Value(year.has_value() ? YearText(*year + offset) : "XXXX");
  }
  if (*unit == "W") {
    if (!r.last_day().has_value()) return Value("XXXX-WXX");
    return Value(WeekText(*r.last_day() + std::chrono::days(7 * offset)));
  }
  if (*unit == "M") {
    if (!r.last_day().has_value()) return Value("XXXX-XX");
    const YearMonthDay date = Civil(*r.last_day());
    const int months = 12 * date.year + date.month - 1 + offset;
    return Value(absl::StrCat(YearText(months / 12), "-", Pad(months % 12 + 1, 2)));
  }
  return std::nullopt;
}

constexpr std::array<NamedValueFunction, 21> kFunctions = {{
    {"date", Date},
    {"era", Era},
    {"month", Month},
    {"days_of_month", DaysOfMonth},
    {"month_after", MonthAfter},
    {"month_rel", MonthRel},
    {"year", Year},
    {"value", DecadeValue},
    {"century", Century},
    {"century_rel", CenturyRel},
    {"millennium", Millennium},
    {"quarter", Quarter},
    {"half", Half},
    {"season", SeasonOf},
    {"season_rel", SeasonRel},
    {"holiday", Holiday},
    {"week_number", WeekNumber},
    {"rel", Rel},
    {"rel_of", RelOf},
    {"rel_named", RelNamed},
    {"rel_narrated", RelNarrated},
}};

}  // namespace

std::span<const NamedValueFunction> CalendarFunctions() { return kFunctions; }

}  // namespace lagebild::extract
