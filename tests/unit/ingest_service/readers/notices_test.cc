#include "ingest_service/readers/notices.h"

#include <gtest/gtest.h>

#include "ingest_service/readers/declared_date.h"

namespace lagebild::ingest {
namespace {

TEST(NoticesTest, EveryLineOfTheTableDoesWhatItsExampleShows) {
  const std::vector<Notice> notices = ParseNotices(kNoticesTable);
  ASSERT_GT(notices.size(), 50u);
  for (const Notice& notice : notices) {
    if (notice.kind == "class") {
      EXPECT_EQ(JudgeClass(notice.example), ClassVerdict::kNotice) << notice.pattern;
    } else if (notice.kind == "box") {
      EXPECT_NE(JudgeClass(notice.example), ClassVerdict::kNothing) << notice.pattern;
    } else {
      EXPECT_TRUE(notice.kind == "exact" || notice.kind == "opening" || notice.kind == "phrase")
          << notice.kind;
      EXPECT_TRUE(IsNoticeText(notice.example)) << notice.pattern;
    }
  }
}

TEST(NoticesTest, LeavesProseAlone) {
  EXPECT_FALSE(IsNoticeText("Die Reederei teilte die Zahlen mit."));
  EXPECT_FALSE(IsNoticeText("„Wir verwenden Cookies“, sagte der Bäcker von Norderhaff."));
  EXPECT_EQ(JudgeClass("article-body shared headline"), ClassVerdict::kNothing);
  EXPECT_EQ(JudgeClass("shareBar"), ClassVerdict::kNotice);
}

TEST(DeclaredDateTest, ReadsWhatPagesDeclare) {
  EXPECT_EQ(NormalizeDeclaredDate(" 2031-03-04T17:46:00+0100 "), "2031-03-04T17:46:00+0100");
  EXPECT_EQ(NormalizeDeclaredDate("20310304"), "2031-03-04");
  EXPECT_EQ(NormalizeDeclaredDate("2031/03/04"), "2031-03-04");
  EXPECT_EQ(NormalizeDeclaredDate("4.3.2031"), "2031-03-04");
  EXPECT_EQ(NormalizeDeclaredDate("04.03.2031, 17:46 Uhr"), "2031-03-04T17:46");
  EXPECT_EQ(NormalizeDeclaredDate("Tue, 04 Mar 2031 17:46:00 +0100"), "2031-03-04T17:46:00+0100");
  EXPECT_EQ(NormalizeDeclaredDate("Tue, 4 Mar 2031 17:46:00 GMT"), "2031-03-04T17:46:00Z");
  EXPECT_EQ(NormalizeDeclaredDate("2031-02-30"), "");
  EXPECT_EQ(NormalizeDeclaredDate("31.02.2031"), "");
  EXPECT_EQ(NormalizeDeclaredDate("gestern"), "");
  EXPECT_EQ(NormalizeDeclaredDate(""), "");
}

}  // namespace
}  // namespace lagebild::ingest
