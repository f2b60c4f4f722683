#include "common/time/iso8601.h"

#include <gtest/gtest.h>

#include "common/status/error.h"

namespace lagebild {
namespace {

std::string Begin(std::string_view text) {
  const absl::StatusOr<IsoTime> time = ParseIsoTime(text);
  return time.ok() ? FormatInstant(time->begin) : std::string(ReasonOf(time.status()));
}
std::string End(std::string_view text) { return FormatInstant(ParseIsoTime(text)->end); }
std::string Days(std::string_view text) {
  const auto time = *ParseIsoTime(text);
  return FormatDay(time.first_day) + "/" + FormatDay(time.last_day);
}

TEST(Iso8601Test, ReadsDaysMonthsAndYearsAsBerlinHasThem) {
  EXPECT_EQ(Begin("2024-10-21"), "2024-10-20T22:00:00Z");
  EXPECT_EQ(End("2024-10-21"), "2024-10-21T22:00:00Z");
  EXPECT_EQ(Days("2024-10-21"), "2024-10-21/2024-10-21");
  EXPECT_EQ(Begin("2024-02"), "2024-01-31T23:00:00Z");
  EXPECT_EQ(Days("2024-02"), "2024-02-01/2024-02-29");
  EXPECT_EQ(Days("2023-02"), "2023-02-01/2023-02-28");
  EXPECT_EQ(End("2024"), "2024-12-31T23:00:00Z");
  EXPECT_EQ(Days("2024"), "2024-01-01/2024-12-31");
  EXPECT_EQ(Begin("2024-10-21+05:00"), "2024-10-20T19:00:00Z");
  EXPECT_EQ(Begin("2024-10-21Z"), "2024-10-21T00:00:00Z");
}

TEST(Iso8601Test, ReadsInstants) {
  EXPECT_EQ(Begin("2024-10-21T17:46:00+02:00"), "2024-10-21T15:46:00Z");
  EXPECT_EQ(Begin("2024-10-21T17:46+0200"), "2024-10-21T15:46:00Z");
  EXPECT_EQ(Begin("2024-10-21 17:46:05.25Z"), "2024-10-21T17:46:05.250Z");
  EXPECT_EQ(Begin("2024-10-21T17:46:05,123456789-03"), "2024-10-21T20:46:05.123456Z");
  EXPECT_EQ(Begin("2024-10-21T17:46"), "2024-10-21T15:46:00Z");
  EXPECT_EQ(Begin("2024-12-21T17:46"), "2024-12-21T16:46:00Z");
  EXPECT_EQ(End("2024-12-21T17:46"), "2024-12-21T16:47:00Z");
  EXPECT_EQ(Begin("2024-12-31T24:00:00Z"), "2025-01-01T00:00:00Z");
  EXPECT_EQ(Begin("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  EXPECT_EQ(Days("2024-10-21T23:30:00-05:00"), "2024-10-21/2024-10-21");
  EXPECT_EQ(ParseIsoTime("2024-10-21T17:46:05Z")->precision, IsoPrecision::kSecond);
}

TEST(Iso8601Test, KnowsSummerTime) {
  // The day the clock goes forward has 23 hours, the day it goes back 25.
  EXPECT_EQ(ParseIsoTime("2024-03-31")->end - ParseIsoTime("2024-03-31")->begin,
            std::chrono::hours(23));
  EXPECT_EQ(ParseIsoTime("2024-10-27")->end - ParseIsoTime("2024-10-27")->begin,
            std::chrono::hours(25));
  EXPECT_EQ(Begin("2024-10-27T02:30"), "2024-10-27T00:30:00Z");  // The first of two.
  EXPECT_EQ(Begin("2024-03-31T02:30"), "2024-03-31T01:30:00Z");  // There is none: an hour on.
  EXPECT_EQ(Begin("1975-07-01"), "1975-06-30T23:00:00Z");        // None in that year.
  EXPECT_EQ(FormatDay(BerlinDayOf(ParseIsoTime("2024-07-01T22:30:00Z")->begin)), "2024-07-02");
  EXPECT_EQ(FormatDay(BerlinDayOf(ParseIsoTime("2024-01-01T22:30:00Z")->begin)), "2024-01-01");
}

TEST(Iso8601Test, RefusesTheRest) {
  for (const char* const bad : {"",
                                "24",
                                "0000",
                                "2024-",
                                "2024-1",
                                "2024-13",
                                "2024-00",
                                "2024-02-30",
                                "2024-10-21T",
                                "2024-10-21T17",
                                "2024-10-21T24:01",
                                "2024-10-21T17:60",
                                "2024-10-21T17:46:61Z",
                                "2024-10-21T17:46:00.Z",
                                "2024-10-21T17:46+2",
                                "2024-10-21T17:46+19:00",
                                "2024-10-21T17:46Zx",
                                "2024-10-21x",
                                "21.10.2024",
                                "2024-10-21T17:46:00+02:00 ",
                                " 2024",
                                "20245",
                                "-024",
                                "2024-10-21T1a:00",
                                "gestern"}) {
    EXPECT_EQ(Begin(bad), "INVALID_DATE") << bad;
  }
  EXPECT_FALSE(ParseIsoDay("2024-10").ok());
  EXPECT_FALSE(ParseIsoDay("2024-10-21Z").ok());
  EXPECT_EQ(FormatDay(*ParseIsoDay("0001-01-01")), "0001-01-01");
  EXPECT_EQ(FormatDay(*ParseIsoDay("9999-12-31")), "9999-12-31");
}

}  // namespace
}  // namespace lagebild
