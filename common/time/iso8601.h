#ifndef LAGEBILD_COMMON_TIME_ISO8601_H_
#define LAGEBILD_COMMON_TIME_ISO8601_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/time/clock.h"

namespace lagebild {

/// A day of the proleptic Gregorian calendar, without a place.
using Day = std::chrono::sys_days;

/// How exactly a time was written.
enum class IsoPrecision : uint8_t { kYear, kMonth, kDay, kMinute, kSecond };

/// A time as ISO 8601 writes it: a year, month, day or instant.
struct IsoTime {
  IsoPrecision precision = IsoPrecision::kDay;
  Day first_day;  ///< First calendar day it covers, as written (in its own offset).
  Day last_day;   ///< Last calendar day it covers, inclusive.
  Instant begin;  ///< First instant it covers.
  Instant end;    ///< First instant behind it (the next minute, second, day, month or year).
};

/// Reads "2024", "2024-10", "2024-10-21", "2024-10-21T17:46", "2024-10-21T17:46:05.25",
/// each instant optionally with "Z", "+02:00", "+0200" or "+02"; a blank may stand for the T. A
/// day, month, year or instant without offset is one in Europe/Berlin; days too may carry an offset
/// ("2024-10-21+02:00"). Years 1 to 9999. 24:00 and leap seconds are read as the next minute's
/// beginning.
/// Errors: INVALID_ARGUMENT, reason INVALID_DATE, with no field (the caller knows it).
absl::StatusOr<IsoTime> ParseIsoTime(std::string_view text);

/// Reads exactly "YYYY-MM-DD". Errors as above.
absl::StatusOr<Day> ParseIsoDay(std::string_view text);

/// "2024-10-21".
std::string FormatDay(Day day);

/// "2024-10-21T15:46:00Z"; with a fraction (3 or 6 digits) only where there is one.
std::string FormatInstant(Instant instant);

/// The first instant of a day in Europe/Berlin.
Instant BerlinDayBegin(Day day);

/// The first instant behind a day in Europe/Berlin (a day has 23, 24 or 25 hours).
Instant BerlinDayEnd(Day day);

/// The day in Europe/Berlin an instant lies in.
Day BerlinDayOf(Instant instant);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_TIME_ISO8601_H_
