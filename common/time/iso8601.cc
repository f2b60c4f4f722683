#include "common/time/iso8601.h"

#include <unicode/timezone.h>

#include <array>
#include <cstdio>
#include <memory>
#include <optional>

#include "common/status/error.h"

namespace lagebild {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Europe/Berlin out of ICU's own data, so that no tzdata need be installed. Never destroyed.
const icu::TimeZone& Berlin() {
  static const icu::TimeZone* const zone = icu::TimeZone::createTimeZone("Europe/Berlin");
  return *zone;
}

// Offset of a UTC instant.
seconds BerlinOffset(Instant instant) {
  int32_t raw = 0;
  int32_t dst = 0;
  UErrorCode error = U_ZERO_ERROR;
  Berlin().getOffset(
      static_cast<double>(
          std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch().count()),
      /*local=*/false, raw, dst, error);
  return std::chrono::duration_cast<seconds>(std::chrono::milliseconds(raw + dst));
}

// The instant of a wall clock in Berlin. In the hour that occurs twice it is the first one; a time
// in the hour that is skipped counts on with the offset before it.
Instant FromBerlin(std::chrono::sys_time<microseconds> wall) {
  const seconds before = BerlinOffset(wall - hours(3));
  const seconds after = BerlinOffset(wall + hours(3));
  if (before == after) {
    return wall - before;
  }
  const Instant early = wall - before;
  if (BerlinOffset(early) == before) {
    return early;
  }
  const Instant late = wall - after;
  return BerlinOffset(late) == after ? late : early;
}

// Reads digits from the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<int> Digits(size_t count) {
    if (rest_.size() < count) {
      return std::nullopt;
    }
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') {
        return std::nullopt;
      }
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  // A fraction of a second as microseconds; further digits are read and dropped.
  std::optional<microseconds> Fraction() {
    int64_t value = 0;
    int digits = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      if (digits < 6) {
        value = value * 10 + (rest_.front() - '0');
      }
      ++digits;
      rest_.remove_prefix(1);
    }
    if (digits == 0 || digits > 12) {
      return std::nullopt;
    }
    for (int i = digits; i < 6; ++i) {
      value *= 10;
    }
    return microseconds(value);
  }

 private:
  std::string_view rest_;
};

// An offset at the end: Z, +02, +0200, +02:00. `ok` false = something else stands there.
struct Offset {
  bool ok = true;
  std::optional<seconds> value;
};

Offset TakeOffset(Cursor& cursor) {
  if (cursor.done()) {
    return {};
  }
  if (cursor.Take('Z') || cursor.Take('z')) {
    return {cursor.done(), seconds(0)};
  }
  const bool minus = cursor.Take('-');
  if (!minus && !cursor.Take('+')) {
    return {false, {}};
  }
  const std::optional<int> hour = cursor.Digits(2);
  int minute = 0;
  if (hour.has_value() && !cursor.done()) {
    cursor.Take(':');
    const std::optional<int> digits = cursor.Digits(2);
    if (!digits.has_value()) {
      return {false, {}};
    }
    minute = *digits;
  }
  if (!hour.has_value() || *hour > 18 || minute > 59 || !cursor.done()) {
    return {false, {}};
  }
  const seconds offset = hours(*hour) + minutes(minute);
  return {true, minus ? -offset : offset};
}

Instant At(std::chrono::sys_time<microseconds> wall, std::optional<seconds> offset) {
  return offset.has_value() ? wall - *offset : FromBerlin(wall);
}

absl::Status Invalid(std::string_view text) {
  constexpr size_t kShown = 60;
  return InvalidArgument(
      "INVALID_DATE",
      "\"" + std::string(text.substr(0, kShown)) +
          "\" is not an ISO 8601 year, month, day or instant (such as 2024-10-21 or "
          "2024-10-21T17:46:00+02:00)");
}

// "in range" or nothing, so that the reader below can chain.
std::optional<IsoTime> Read(std::string_view text) {
  Cursor cursor(text);
  const std::optional<int> year = cursor.Digits(4);
  if (!year.has_value() || *year < 1) {
    return std::nullopt;
  }
  IsoTime time;
  const std::chrono::year y(*year);
  if (cursor.done()) {
    time.precision = IsoPrecision::kYear;
    time.first_day = Day(y / 1 / 1);
    time.last_day = Day(y / 12 / 31);
    time.begin = BerlinDayBegin(time.first_day);
    time.end = BerlinDayEnd(time.last_day);
    return time;
  }
  std::optional<int> month;
  if (!cursor.Take('-') || !(month = cursor.Digits(2)).has_value() || *month < 1 || *month > 12) {
    return std::nullopt;
  }
  const std::chrono::month m(static_cast<unsigned>(*month));
  if (cursor.done()) {
    time.precision = IsoPrecision::kMonth;
    time.first_day = Day(y / m / 1);
    time.last_day = Day(y / m / std::chrono::last);
    time.begin = BerlinDayBegin(time.first_day);
    time.end = BerlinDayEnd(time.last_day);
    return time;
  }
  std::optional<int> day;
  if (!cursor.Take('-') || !(day = cursor.Digits(2)).has_value()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(y, m, std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) {
    return std::nullopt;
  }
  time.first_day = time.last_day = Day(date);
  if (!cursor.Take('T') && !cursor.Take('t') && !cursor.Take(' ')) {
    const Offset offset = TakeOffset(cursor);
    if (!offset.ok) {
      return std::nullopt;
    }
    time.precision = IsoPrecision::kDay;
    time.begin = At(time.first_day, offset.value);
    time.end = At(time.first_day + days(1), offset.value);
    return time;
  }
  const std::optional<int> hour = cursor.Digits(2);
  if (!hour.has_value() || !cursor.Take(':')) {
    return std::nullopt;
  }
  const std::optional<int> minute = cursor.Digits(2);
  int second = 0;
  microseconds fraction(0);
  time.precision = IsoPrecision::kMinute;
  if (cursor.Take(':')) {
    const std::optional<int> digits = cursor.Digits(2);
    if (!digits.has_value() || *digits > 60) {
      return std::nullopt;
    }
    second = *digits;
    time.precision = IsoPrecision::kSecond;
    if (cursor.Take('.') || cursor.Take(',')) {
      const std::optional<microseconds> read = cursor.Fraction();
      if (!read.has_value()) {
        return std::nullopt;
      }
      fraction = *read;
    }
  }
  const bool midnight = hour == 24 && minute == 0 && second == 0 && fraction.count() == 0;
  const Offset offset = TakeOffset(cursor);
  if (!minute.has_value() || *minute > 59 || (*hour > 23 && !midnight) || !offset.ok) {
    return std::nullopt;
  }
  time.begin = At(time.first_day + hours(*hour) + minutes(*minute) + seconds(second) + fraction,
                  offset.value);
  time.end = time.begin + (time.precision == IsoPrecision::kMinute ? seconds(60) : seconds(1));
  return time;
}

}  // namespace

absl::StatusOr<IsoTime> ParseIsoTime(std::string_view text) {
  const std::optional<IsoTime> time = Read(text);
  if (!time.has_value()) {
    return Invalid(text);
  }
  return *time;
}

absl::StatusOr<Day> ParseIsoDay(std::string_view text) {
  // Without asking when the day begins, which is most of what reading a time costs.
  Cursor cursor(text);
  const std::optional<int> year = cursor.Digits(4);
  const bool has_month = cursor.Take('-');
  const std::optional<int> month = cursor.Digits(2);
  const bool has_day = cursor.Take('-');
  const std::optional<int> day = cursor.Digits(2);
  if (!year.has_value() || *year < 1 || !has_month || !month.has_value() || !has_day ||
      !day.has_value() || !cursor.done()) {
    return Invalid(text);
  }
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) {
    return Invalid(text);
  }
  return Day(date);
}

std::string FormatDay(Day day) {
  const std::chrono::year_month_day date(day);
  std::array<char, 32> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return buffer.data();
}

std::string FormatInstant(Instant instant) {
  const Day day = std::chrono::floor<days>(instant);
  const std::chrono::hh_mm_ss time(instant - day);
  std::array<char, 48> buffer;
  std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02d",
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  std::string text = FormatDay(day) + buffer.data();
  const auto micros = static_cast<int>(time.subseconds().count());
  if (micros % 1000 != 0) {
    std::snprintf(buffer.data(), buffer.size(), ".%06d", micros);
    text += buffer.data();
  } else if (micros != 0) {
    std::snprintf(buffer.data(), buffer.size(), ".%03d", micros / 1000);
    text += buffer.data();
  }
  return text + "Z";
}

Instant BerlinDayBegin(Day day) { return FromBerlin(day); }

Instant BerlinDayEnd(Day day) { return FromBerlin(day + days(1)); }

Day BerlinDayOf(Instant instant) {
  return std::chrono::floor<days>(instant + BerlinOffset(instant));
}

}  // namespace lagebild
