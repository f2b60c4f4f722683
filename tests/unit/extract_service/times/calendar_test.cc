#include "extract_service/times/calendar.h"

#include <gtest/gtest.h>

namespace lagebild::extract {
namespace {

std::string Bounds(std::string_view value, std::string_view modifier = "") {
  const TimeInterval interval = IntervalOf(value, modifier);
  return interval.earliest + ".." + interval.latest;
}

TEST(Calendar, KnowsWeeksAndEaster) {
  EXPECT_EQ(IsoWeek(*MakeDay(2021, 1, 3)), "2020-W53");
  EXPECT_EQ(IsoWeek(*MakeDay(2018, 12, 31)), "2019-W01");
  EXPECT_EQ(IsoDay(*MondayOfWeek(2021, 15)), "2021-04-12");
  EXPECT_FALSE(MondayOfWeek(2021, 53).has_value());
  EXPECT_EQ(IsoDay(EasterSunday(2021)), "2021-04-04");
  EXPECT_EQ(IsoDay(EasterSunday(2024)), "2024-03-31");
  EXPECT_FALSE(MakeDay(2021, 6, 31).has_value());
  EXPECT_FALSE(MakeDay(2021, 2, 29).has_value());
}

TEST(Calendar, KnowsHolidaysOfAnyYear) {
  const auto day = [](std::string_view code, int year) {
    const auto found = HolidayIn(code, year);
    return found.has_value() ? IsoDay(*found) : "";
  };
  EXPECT_EQ(day("F-12-25", 1999), "1999-12-25");
  EXPECT_EQ(day("E+0", 1818), "1818-03-22");  // The earliest Easter,
  EXPECT_EQ(day("E+0", 1943), "1943-04-25");  // and the latest.
  EXPECT_EQ(day("E+60", 2019), "2019-06-20");
  EXPECT_EQ(day("E-46", 2024), "2024-02-14");
  EXPECT_EQ(day("A+0", 2022), "2022-12-18");
  EXPECT_EQ(day("A+0", 2023), "2023-12-24");
  EXPECT_EQ(day("A-21", 2019), "2019-12-01");
  EXPECT_EQ(day("A-28", 2019), "2019-11-24");
  EXPECT_EQ(day("A-32", 2019), "2019-11-20");
  EXPECT_EQ(day("N-05-7-2", 2019), "2019-05-12");
  EXPECT_EQ(day("N-10-7-1", 2023), "2023-10-01");
  EXPECT_EQ(day("F-02-29", 2023), "");
  EXPECT_EQ(day("Z", 2023), "");
  for (int year = 1; year < 3000; ++year) {
    ASSERT_EQ(IsoWeekday(*HolidayIn("E+0", year)), 7) << year;
    ASSERT_EQ(IsoWeekday(*HolidayIn("A-21", year)), 7) << year;
  }
}

TEST(Calendar, GivesTheDaysOfAValue) {
  EXPECT_EQ(Bounds("2024-10"), "2024-10-01..2024-10-31");
  EXPECT_EQ(Bounds("2024-10", "MID"), "2024-10-11..2024-10-20");
  EXPECT_EQ(Bounds("2024-02", "END"), "2024-02-21..2024-02-29");
  EXPECT_EQ(Bounds("2024-10-18"), "2024-10-18..2024-10-18");
  EXPECT_EQ(Bounds("2024-10-18T17:46"), "2024-10-18..2024-10-18");
  EXPECT_EQ(Bounds("2024-10-18TNI"), "2024-10-18..2024-10-19");
  EXPECT_EQ(Bounds("2024-W44"), "2024-10-28..2024-11-03");
  EXPECT_EQ(Bounds("2024-W44-WE"), "2024-11-02..2024-11-03");
  EXPECT_EQ(Bounds("2024-Q2"), "2024-04-01..2024-06-30");
  EXPECT_EQ(Bounds("2024-H2"), "2024-07-01..2024-12-31");
  EXPECT_EQ(Bounds("2024-SU"), "2024-06-01..2024-08-31");
  EXPECT_EQ(Bounds("2023-WI"), "2023-12-01..2024-02-29");
  EXPECT_EQ(Bounds("2024"), "2024-01-01..2024-12-31");
  EXPECT_EQ(Bounds("196"), "1960-01-01..1969-12-31");
  EXPECT_EQ(Bounds("19"), "1900-01-01..1999-12-31");
}

TEST(Calendar, GivesNoDaysWhereNoneAreKnown) {
  for (const std::string_view value :
       {"XXXX-WXX-1", "PRESENT_REF", "P3D", "XXXX-05-03", "T19:30", "", "2024-13", "2024-W60",
        "2024-06-31", "20241", "2024-", "0000"}) {
    EXPECT_EQ(Bounds(value), "..") << value;
  }
}

}  // namespace
}  // namespace lagebild::extract
