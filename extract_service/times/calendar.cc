#include "extract_service/times/calendar.h"

#include <algorithm>
#include <cstdio>

namespace lagebild::extract {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// The last `count` decimal digits of a number that is not negative.
void WriteDigits(int number, char* text, int count) {
  for (int i = count - 1; i >= 0; --i, number /= 10) text[i] = static_cast<char>('0' + number % 10);
}

void Set(TimeInterval& interval, std::optional<Day> first, std::optional<Day> last,
         TimePrecision precision) {
  if (!first.has_value() || !last.has_value()) return;
  // Days that no value can write are not known.
  const Day end = *MakeDay(9999, 12, 31);
  if (*first > end) return;
  interval.earliest = IsoDay(*first);
  interval.latest = IsoDay(std::min(*last, end));
  interval.precision = precision;
}

void SetMonth(TimeInterval& interval, int year, int month) {
  if (month < 1 || month > 12) return;
  int first = 1;
  int last = DaysInMonth(year, month);
  if (interval.modifier == "START") last = 10;
  if (interval.modifier == "MID") first = 11, last = 20;
  if (interval.modifier == "END") first = 21;
  Set(interval, MakeDay(year, month, first), MakeDay(year, month, last), TimePrecision::kMonth);
}

// What follows "YYYY-": a week, weekend, quarter, half or season.
void SetPartOfYear(TimeInterval& interval, int year, std::string_view part) {
  if (part.size() >= 3 && part[0] == 'W' && AllDigits(part.substr(1, 2))) {
    const auto monday = MondayOfWeek(year, Number(part.substr(1, 2)));
    if (!monday.has_value()) return;
    const bool weekend = part.substr(3) == "-WE";
    Set(interval, *monday + std::chrono::days(weekend ? 5 : 0), *monday + std::chrono::days(6),
        weekend ? TimePrecision::kDay : TimePrecision::kWeek);
    return;
  }
  int first = 0;
  int months = 0;
  if (part.size() == 2 && part[0] == 'Q' && part[1] >= '1' && part[1] <= '4') {
    first = 3 * (part[1] - '1') + 1;
    months = 3;
  } else if (part.size() == 2 && part[0] == 'H' && part[1] >= '1' && part[1] <= '2') {
    first = 6 * (part[1] - '1') + 1;
    months = 6;
  } else if (part == "SP" || part == "SU" || part == "FA" || part == "WI") {
    first = part == "SP" ? 3 : part == "SU" ? 6 : part == "FA" ? 9 : 12;
    months = 3;
  } else {
    return;
  }
  const int last = first + months - 1;
  const int last_year = year + (last > 12 ? 1 : 0);
  const int last_month = last > 12 ? last - 12 : last;
  Set(interval, MakeDay(year, first, 1),
      MakeDay(last_year, last_month, DaysInMonth(last_year, last_month)), TimePrecision::kQuarter);
}

}  // namespace

std::optional<Day> MakeDay(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Day(date);
}

YearMonthDay Civil(Day day) {
  const std::chrono::year_month_day date(day);
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

std::string IsoDay(Day day) {
  const YearMonthDay date = Civil(day);
  std::string text = "0000-00-00";
  WriteDigits(date.year, &text[0], 4);
  WriteDigits(date.month, &text[5], 2);
  WriteDigits(date.day, &text[8], 2);
  return text;
}

std::optional<Day> ParseIsoDay(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-' || !AllDigits(text.substr(0, 4)) ||
      !AllDigits(text.substr(5, 2)) || !AllDigits(text.substr(8, 2))) {
    return std::nullopt;
  }
  return MakeDay(Number(text.substr(0, 4)), Number(text.substr(5, 2)), Number(text.substr(8, 2)));
}

int DaysInMonth(int year, int month) {
  const std::chrono::year_month_day_last last{
      std::chrono::year(year),
      std::chrono::month_day_last(std::chrono::month(static_cast<unsigned>(month)))};
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

int IsoWeekday(Day day) { return static_cast<int>(std::chrono::weekday(day).iso_encoding()); }

Day MondayOf(Day day) { return day - std::chrono::days(IsoWeekday(day) - 1); }

std::string IsoWeek(Day day) {
  // An ISO week belongs to the year its Thursday lies in.
  const Day thursday = MondayOf(day) + std::chrono::days(3);
  const int year = Civil(thursday).year;
  const int week = static_cast<int>((thursday - *MakeDay(year, 1, 1)).count()) / 7 + 1;
  std::string text = "0000-W00";
  WriteDigits(year, &text[0], 4);
  WriteDigits(week, &text[6], 2);
  return text;
}

std::optional<Day> MondayOfWeek(int year, int week) {
  const auto fourth = MakeDay(year, 1, 4);
  if (!fourth.has_value() || week < 1 || week > 53) return std::nullopt;
  const Day monday = MondayOf(*fourth) + std::chrono::days(7 * (week - 1));
  if (week == 53 && Civil(monday + std::chrono::days(3)).year != year) return std::nullopt;
  return monday;
}

Day EasterSunday(int year) {
  // Anonymous Gregorian computus.
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int g = (8 * b + 13) / 25;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 19 * l) / 433;
  const int month = (h + l - 7 * m + 90) / 25;
  const int day = (h + l - 7 * m + 33 * month + 19) % 32;
  return *MakeDay(year, month, day);
}

std::optional<Day> HolidayIn(std::string_view code, int year) {
  if (year < 1 || year > 9998 || code.size() < 2) return std::nullopt;
  const auto shift = [&] {
    const bool back = code[1] == '-';
    const int days = Number(code.substr(back || code[1] == '+' ? 2 : 1));
    return std::chrono::days(back ? -days : days);
  };
  if (code[0] == 'E') return EasterSunday(year) + shift();
  if (code[0] == 'A') {
    const Day eve = *MakeDay(year, 12, 24);
    return eve - std::chrono::days(IsoWeekday(eve) % 7) + shift();
  }
  if (code[0] == 'F' && code.size() == 7) {
    return MakeDay(year, Number(code.substr(2, 2)), Number(code.substr(5, 2)));
  }
  if (code[0] == 'N' && code.size() == 8) {
    const auto first = MakeDay(year, Number(code.substr(2, 2)), 1);
    if (!first.has_value()) return std::nullopt;
    const int to_weekday = (code[5] - '0' - IsoWeekday(*first) + 7) % 7;
    return *first + std::chrono::days(to_weekday + 7 * (code[7] - '1'));
  }
  return std::nullopt;
}

TimeInterval IntervalOf(std::string_view value, std::string_view modifier) {
  TimeInterval interval;
  interval.value = std::string(value);
  interval.modifier = std::string(modifier);
  const size_t clock = value.find('T');
  if (clock != std::string_view::npos && clock != 10) return interval;
  const std::string_view date = value.substr(0, clock);
  if (date.size() == 10) {
    const auto day = ParseIsoDay(date);
    if (!day.has_value()) return interval;
    if (clock == std::string_view::npos) {
      Set(interval, *day, *day, TimePrecision::kDay);
    } else {
      const std::string_view time = value.substr(clock + 1);
      const bool part = !time.empty() && (time[0] < '0' || time[0] > '9');
      Set(interval, *day, *day + std::chrono::days(time == "NI" ? 1 : 0),
          part ? TimePrecision::kDayPart : TimePrecision::kMinute);
    }
    return interval;
  }
  if (date.size() == 1 && AllDigits(date)) {
    const int first = 1000 * Number(date);
    Set(interval, MakeDay(std::max(first, 1), 1, 1), MakeDay(first + 999, 12, 31),
        TimePrecision::kCentury);
    return interval;
  }
  if (date.size() < 2 || !AllDigits(date.substr(0, 2))) return interval;
  if (date.size() == 2) {
    const int first = 100 * Number(date);
    Set(interval, MakeDay(std::max(first, 1), 1, 1), MakeDay(first + 99, 12, 31),
        TimePrecision::kCentury);
  } else if (date.size() == 3 && AllDigits(date)) {
    const int first = 10 * Number(date);
    Set(interval, MakeDay(std::max(first, 1), 1, 1), MakeDay(first + 9, 12, 31),
        TimePrecision::kDecade);
  } else if (date.size() >= 4 && AllDigits(date.substr(0, 4))) {
    const int year = Number(date.substr(0, 4));
    if (year < 1) return interval;
    if (date.size() == 4) {
      Set(interval, MakeDay(year, 1, 1), MakeDay(year, 12, 31), TimePrecision::kYear);
    } else if (date.size() == 7 && AllDigits(date.substr(5))) {
      SetMonth(interval, year, Number(date.substr(5)));
    } else if (date.size() > 5) {
      SetPartOfYear(interval, year, date.substr(5));
    }
  }
  return interval;
}

std::string DateBefore(Day day, std::string_view duration) {
  if (duration.size() < 3 || duration.front() != 'P') return {};
  const std::string_view digits = duration.substr(1, duration.size() - 2);
  if (!AllDigits(digits) || digits.size() > 5) return {};
  const int count = Number(digits);
  const YearMonthDay civil = Civil(day);
  char text[16];
  switch (duration.back()) {
    case 'Y':
      if (count >= civil.year) return {};
      std::snprintf(text, sizeof(text), "%04d", civil.year - count);
      return text;
    case 'M': {
      const int months = civil.year * 12 + civil.month - 1 - count;
      if (months < 12) return {};
      std::snprintf(text, sizeof(text), "%04d-%02d", months / 12, months % 12 + 1);
      return text;
    }
    case 'W':
    case 'D': {
      const bool weeks = duration.back() == 'W';
      const Day before = day - std::chrono::days(weeks ? 7 * count : count);
      // Days that no value can write are not known.
      if (before < MondayOf(*MakeDay(1, 1, 8))) return {};
      return weeks ? IsoWeek(before) : IsoDay(before);
    }
    default:
      return {};
  }
}

}  // namespace lagebild::extract
