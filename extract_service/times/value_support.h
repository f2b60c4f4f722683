#ifndef LAGEBILD_EXTRACT_SERVICE_TIMES_VALUE_SUPPORT_H_
#define LAGEBILD_EXTRACT_SERVICE_TIMES_VALUE_SUPPORT_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "extract_service/times/values.h"

/// What the value functions share. Not for use outside extract_service/times.
namespace lagebild::extract {

using Arguments = std::vector<std::string>;
using Meaning = std::optional<TimeMeaning>;
using NamedValueFunction = std::pair<std::string_view, ValueFunction>;

std::span<const NamedValueFunction> CalendarFunctions();  ///< calendar_values.cc
std::span<const NamedValueFunction> DayFunctions();       ///< day_values.cc
std::span<const NamedValueFunction> AmountFunctions();    ///< amount_values.cc

/// A day further ahead than this without a cue is taken as last year's, and so on the other side.
inline constexpr int kFarAheadDays = 200;
inline constexpr int kFarBackDays = 300;

/// The number that the text begins with, sign included; 0 when there is none.
int ToInt(std::string_view text);
/// The number in decimal, with zeros before it up to this width.
std::string Pad(int number, int width);
/// Four digits; "XXXX" of a year that no value can write.
std::string YearText(int year);
/// "2021-W15" of the week that a day lies in, "XXXX-WXX" where no value can write it.
std::string WeekText(Day day);

TimeMeaning Value(std::string value);
TimeMeaning OnDay(Day day);
/// A clock or part of day ("T19:30", "TEV") on a day; without one as far as it goes.
TimeMeaning AtDay(std::optional<Day> day, std::string_view part);
TimeMeaning PastRef(const TimeResolver& r);

/// By how many the adjective moves (last -1, this 0, next 1, the one after it 2); nullopt without.
std::optional<int> Offset(const TimeResolver& r, const PatternMatch& match);
/// START, MID, END or empty.
std::string PointModifier(const TimeResolver& r, const PatternMatch& match);
/// A year of two or four digits, two of them read as not far ahead of the publication.
int FullYear(std::string_view digits, const TimeResolver& r);
/// The year that a match names or points to.
std::optional<int> YearOf(const TimeResolver& r, const PatternMatch& match);
/// Part of day ("TEV") that a match names.
std::optional<std::string_view> PartOf(const TimeResolver& r, const PatternMatch& match);
/// A unit of the calendar, `offset` units from a day of which year, month or all may be unknown.
Meaning CalendarUnit(const TimeResolver& r, std::string_view unit, int offset);
/// The last number of a match that stands in for a day, month or century.
std::optional<int> OrdinalOf(const TimeResolver& r, const PatternMatch& match);
/// Unit letter of the nth unit of a match.
std::optional<std::string_view> UnitOf(const TimeResolver& r, const PatternMatch& match,
                                       int nth = 0);
/// The nth number of a match as it was written or as the word list gives it; "X" without one.
std::string_view CountOf(const TimeResolver& r, const PatternMatch& match, int nth = 0);
/// The date that a match says with its digits, days, months and years.
Meaning DateIn(const TimeResolver& r, const PatternMatch& match);
/// Day, month and year of a number such as "18.10.2024".
Meaning ReadDigits(const TimeResolver& r, std::string_view text);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TIMES_VALUE_SUPPORT_H_
