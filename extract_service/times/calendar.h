#ifndef LAGEBILD_EXTRACT_SERVICE_TIMES_CALENDAR_H_
#define LAGEBILD_EXTRACT_SERVICE_TIMES_CALENDAR_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

using Day = std::chrono::sys_days;

/// The day, or nullopt when there is none (31 June). Gregorian, years 1 to 9999.
std::optional<Day> MakeDay(int year, int month, int day);

/// "2021-05-03".
std::string IsoDay(Day day);
/// Reads "2021-05-03" from the beginning of a text (an instant's time of day is left out).
std::optional<Day> ParseIsoDay(std::string_view text);

struct YearMonthDay {
  int year;
  int month;
  int day;
};
YearMonthDay Civil(Day day);
int DaysInMonth(int year, int month);

/// Monday = 1 to Sunday = 7.
int IsoWeekday(Day day);
/// Monday of the ISO week a day lies in.
Day MondayOf(Day day);
/// "2021-W18".
std::string IsoWeek(Day day);
/// Monday of an ISO week; nullopt when the year has no such week.
std::optional<Day> MondayOfWeek(int year, int week);
Day EasterSunday(int year);
/// Day of a holiday in a year by its code; nullopt when there is none (29 February) or the code is
/// none. F-MM-DD: a fixed day. E+N, E-N: N days from Easter Sunday. A+N, A-N: N days from the
/// fourth Sunday of Advent. N-MM-W-K: the Kth weekday W (Monday = 1) of a month.
std::optional<Day> HolidayIn(std::string_view code, int year);

/// Days that a TIMEX3 value stands for, with its precision. Beginning, middle and end of a month
/// (modifier START, MID, END) are its days 1-10, 11-20 and 21 to the last; a night spans two days;
/// a winter begins in December of its year. References, durations, sets and values with X have no
/// days: earliest and latest stay empty.
TimeInterval IntervalOf(std::string_view value, std::string_view modifier);

/// The TIMEX3 date a length of time before a day, as precise as its unit: "P3Y" before 2005-06-18
/// is "2002", "P2M" "2005-04", "P1W" "2005-W23", "P3D" "2005-06-15". Empty for anything but one
/// whole number of years, months, weeks or days.
std::string DateBefore(Day day, std::string_view duration);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TIMES_CALENDAR_H_
