// The three times of architecture.md, one row a reading.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/query_service/support/folded_model.h"
#include "tests/unit/query_service/support/record_builder.h"

namespace lagebild::query {
namespace {

using ::testing::ElementsAreArray;

v1::ExtractionRecord Article(int64_t position, const char* id, int64_t version,
                             const char* published, const char* recorded, const char* content) {
  RecordBuilder builder(position, id, version);
  builder.RecordedAt(recorded);
  if (*published != '\0') builder.Published(published);
  builder.Claim("Thekla Barnim", content);
  return builder.Build();
}

struct Row {
  const char* meaning;
  const char* as_of;
  const char* recorded_by;
  std::vector<const char*> claims;  // Newest publication first.
};

class ThreeTimesTest : public ::testing::Test {
 protected:
  void Check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      v1::ListClaimsRequest request;
      request.mutable_picture()->set_as_of(row.as_of);
      request.mutable_picture()->set_recorded_by(row.recorded_by);
      const auto response = model_.Claims(request);
      ASSERT_TRUE(response.ok()) << row.meaning << ": " << response.status();
      std::vector<std::string> contents;
      for (const v1::ClaimEntry& claim : response->claims()) {
        contents.push_back(claim.claim().content(0).text());
        // The same by name, and the document as it stood.
        v1::GetClaimRequest get;
        get.set_name(claim.name());
        *get.mutable_picture() = request.picture();
        const auto one = model_.Claim(get);
        ASSERT_TRUE(one.ok()) << row.meaning << ": " << one.status();
        EXPECT_EQ(one->claim().SerializeAsString(), claim.SerializeAsString()) << row.meaning;
        v1::QueryServiceGetDocumentRequest document;
        document.set_document_id(claim.document().document_id());
        *document.mutable_picture() = request.picture();
        EXPECT_EQ(model_.Document(document)->reference().version(), claim.document().version());
      }
      EXPECT_THAT(contents, ElementsAreArray(row.claims)) << row.meaning;
    }
  }

  FoldedModel model_;
};

TEST_F(ThreeTimesTest, ACorrectionReplacesWhatStoodBefore) {
  model_.Fold({
      Article(1, "a", 1, "2031-03-10", "2031-03-10T10:00:00Z", "zwölf Boote"),
      Article(2, "b", 1, "2031-03-11", "2031-03-11T10:00:00Z", "klare Sicht"),
      Article(3, "a", 2, "2031-03-12", "2031-03-12T10:00:00Z", "zehn Boote"),
  });
  Check({
      {"the newest picture shows the correction", "", "", {"zehn Boote", "klare Sicht"}},
      {"on the day of the correction", "2031-03-12", "", {"zehn Boote", "klare Sicht"}},
      {"a day is inclusive in Berlin, and no more",
       "2031-03-11",
       "",
       {"klare Sicht", "zwölf Boote"}},
      {"an instant inside of a day comes before its end",
       "2031-03-12T12:00:00+01:00",
       "",
       {"klare Sicht", "zwölf Boote"}},
      {"the last second of a day is not its end",
       "2031-03-12T23:59:59+01:00",
       "",
       {"klare Sicht", "zwölf Boote"}},
      {"midnight is", "2031-03-13T00:00:00+01:00", "", {"zehn Boote", "klare Sicht"}},
      {"nothing was published", "2031-03-09", "", {}},
      {"as the system stood before the correction",
       "",
       "2031-03-11",
       {"klare Sicht", "zwölf Boote"}},
      {"to the second", "", "2031-03-12T10:00:00Z", {"zehn Boote", "klare Sicht"}},
      {"one second before", "", "2031-03-12T09:59:59Z", {"klare Sicht", "zwölf Boote"}},
      {"before anything was recorded", "", "2031-03-01", {}},
      {"both bounds", "2031-03-10", "2031-03-11", {"zwölf Boote"}},
      {"in the future nothing changes", "2032-01-01", "2032-01-01", {"zehn Boote", "klare Sicht"}},
  });
}

TEST_F(ThreeTimesTest, ADeletionHidesAllThatWasRecordedBefore) {
  model_.Fold({
      Article(1, "a", 1, "2031-03-10", "2031-03-10T10:00:00Z", "zwölf Boote"),
      Article(2, "a", 2, "2031-03-11", "2031-03-11T10:00:00Z", "zehn Boote"),
      RecordBuilder(3, "a", 3).RecordedAt("2031-03-12T10:00:00Z").Deletion(),
      Article(4, "b", 1, "2031-03-09", "2031-03-13T10:00:00Z", "klare Sicht"),
  });
  Check({
      {"retracted", "", "", {"klare Sicht"}},
      {"as_of does not bring it back: first recorded_by", "2031-03-10", "", {"klare Sicht"}},
      {"recorded_by before the deletion does", "", "2031-03-11", {"zehn Boote"}},
      {"with as_of its older version", "2031-03-10", "2031-03-11", {"zwölf Boote"}},
      {"from the deletion on it is gone", "", "2031-03-12", {}},
  });
  v1::QueryServiceGetDocumentRequest get;
  get.set_document_id("a");
  EXPECT_EQ(model_.Document(get).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ThreeTimesTest, ADocumentCanComeBackAfterItsDeletion) {
  model_.Fold({
      Article(1, "a", 1, "2031-03-10", "2031-03-10T10:00:00Z", "zwölf Boote"),
      RecordBuilder(2, "a", 2).RecordedAt("2031-03-11T10:00:00Z").Deletion(),
      Article(3, "a", 3, "2031-03-12", "2031-03-12T10:00:00Z", "zehn Boote"),
  });
  Check({
      {"newest", "", "", {"zehn Boote"}},
      {"what lies before the deletion stays hidden", "2031-03-10", "", {}},
      {"while it was deleted", "", "2031-03-11", {}},
      {"before", "", "2031-03-10", {"zwölf Boote"}},
  });
}

TEST_F(ThreeTimesTest, AnArchiveImportedTodayTellsWhatWasKnownThen) {
  model_.Fold({
      Article(1, "a", 1, "2030-10-18", "2031-03-20T10:00:00Z", "unbestätigt"),
      Article(2, "b", 1, "2030-10-28", "2031-03-20T10:00:01Z", "bestätigt"),
      Article(3, "c", 1, "2030-10", "2031-03-20T10:00:02Z", "irgendwann im Oktober"),
      Article(4, "d", 1, "", "2031-03-20T10:00:03Z", "ohne Datum"),
  });
  Check({
      {"in the middle of October", "2030-10-20", "", {"unbestätigt"}},
      {"a month ends with its last day", "2030-10-30", "", {"bestätigt", "unbestätigt"}},
      {"at the end of October",
       "2030-10-31",
       "",
       {"irgendwann im Oktober", "bestätigt", "unbestätigt"}},
      {"an unknown date is closed by the recording",
       "2031-03-20T10:00:02Z",
       "",
       {"irgendwann im Oktober", "bestätigt", "unbestätigt"}},
      {"to the second",
       "2031-03-20T10:00:03Z",
       "",
       {"ohne Datum", "irgendwann im Oktober", "bestätigt", "unbestätigt"}},
      {"the system knew nothing of it then", "2030-10-31", "2030-10-31", {}},
  });
}

TEST_F(ThreeTimesTest, AFailedAnalysisStandsForItsVersion) {
  model_.Fold({
      Article(1, "a", 1, "2031-03-10", "2031-03-10T10:00:00Z", "zwölf Boote"),
      RecordBuilder(2, "a", 2).Published("2031-03-11").RecordedAt("2031-03-11T10:00:00Z").Failure(),
  });
  Check({{"the newest version has no claims", "", "", {}},
         {"the version before does", "2031-03-10", "", {"zwölf Boote"}}});
  v1::QueryServiceGetDocumentRequest get;
  get.set_document_id("a");
  const auto document = model_.Document(get);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->failure().reason(), "ANALYSIS_TIMED_OUT");
  EXPECT_FALSE(document->has_extraction());
  EXPECT_EQ(document->reference().version(), 2);
}

TEST_F(ThreeTimesTest, AnAnswerGivenYesterdayCanBeHadAgain) {
  model_.Fold({Article(1, "a", 1, "2031-03-10", "2031-03-10T10:00:00Z", "zwölf Boote"),
               Article(2, "b", 1, "", "2031-03-11T10:00:00Z", "klare Sicht")});
  v1::ListClaimsRequest now;
  const auto given = model_.Claims(now);
  model_.Fold({Article(3, "a", 2, "2031-03-08", "2031-03-12T10:00:00Z", "zehn Boote"),
               RecordBuilder(4, "b", 2).RecordedAt("2031-03-12T11:00:00Z").Deletion(),
               Article(5, "c", 1, "2031-03-01", "2031-03-12T12:00:00Z", "Nebel")});
  v1::ListClaimsRequest again;
  again.mutable_picture()->set_recorded_by("2031-03-11");
  const auto had = model_.Claims(again);
  ASSERT_EQ(had->claims_size(), given->claims_size());
  for (int i = 0; i < had->claims_size(); ++i) {
    EXPECT_EQ(had->claims(i).SerializeAsString(), given->claims(i).SerializeAsString());
  }
}

}  // namespace
}  // namespace lagebild::query
