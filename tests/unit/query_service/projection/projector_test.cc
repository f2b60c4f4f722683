#include "query_service/projection/projector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/query_service/support/folded_model.h"
#include "tests/unit/query_service/support/record_builder.h"

namespace lagebild::query {
namespace {

using ::testing::ElementsAre;

v1::ExtractionRecord Article(int64_t position, const std::string& id, int64_t version,
                             const std::string& speaker, const std::string& day) {
  RecordBuilder builder(position, id, version);
  builder.Published(day).Outlet("Küstenbote");
  builder.Claim(speaker, "Fassung " + std::to_string(version) + " gilt");
  builder.Figure("drei", 3, "Boote", true);
  builder.Event("Das Boot lief aus", Days(day, day));
  return builder.Build();
}

// Two documents with corrections, a deletion, a failure and a new beginning.
std::vector<v1::ExtractionRecord> EventfulLog() {
  return {
      Article(1, "a", 1, "Thekla Barnim", "2031-03-10"),
      Article(2, "b", 1, "Jost Ahlers", "2031-03-11"),
      Article(4, "a", 2, "Thekla Barnim", "2031-03-12"),
      Article(5, "a", 3, "Jost Ahlers", "2031-03-09"),
      RecordBuilder(7, "b", 2).Deletion(),
      RecordBuilder(8, "c", 1).Published("2031-03-13").Failure(),
      Article(9, "b", 3, "Uwe Petersen", "2031-03-14"),
      RecordBuilder(10, "c", 2).Deletion(),
      Article(12, "c", 3, "Thekla Barnim", "2031-03-15"),
  };
}

TEST(ProjectorTest, HowTheLogIsCutLeavesNoTrace) {
  FoldedModel whole;
  whole.Fold(EventfulLog());
  FoldedModel single;
  single.FoldOneByOne(EventfulLog());
  EXPECT_EQ(whole.Dump(), single.Dump());
  EXPECT_EQ(whole.state(), single.state());
  EXPECT_EQ(whole.state().extractions_position, 12);
  EXPECT_EQ(whole.state().serving.documents, 3);
  EXPECT_EQ(whole.state().serving.claims, 3);
  EXPECT_EQ(whole.state().serving.versions, 9);
  EXPECT_EQ(whole.state().serving.failures, 0);
  EXPECT_EQ(whole.state().serving.actors, 3);
}

TEST(ProjectorTest, RestartsAtAnyPlaceLeaveNoTrace) {
  FoldedModel whole;
  whole.Fold(EventfulLog());
  const auto expected = whole.Dump();
  const std::vector<v1::ExtractionRecord> log = EventfulLog();
  for (size_t cut = 0; cut <= log.size(); ++cut) {
    FoldedModel model;
    model.Fold({log.begin(), log.begin() + static_cast<std::ptrdiff_t>(cut)});
    model.Reopen();
    model.Fold(log);  // Everything again: what is there is passed over.
    EXPECT_EQ(model.Dump(), expected) << "cut at " << cut;
    model.Reopen();
    EXPECT_EQ(model.state(), whole.state());
  }
}

TEST(ProjectorTest, OldRecordsAreFoldedOnce) {
  FoldedModel model;
  model.Fold(EventfulLog());
  const auto before = model.Dump();
  model.Fold(EventfulLog());
  EXPECT_EQ(model.Dump(), before);
}

TEST(ProjectorTest, DifferentlyCutRandomLogsAgree) {
  std::mt19937 random(7);
  std::vector<v1::ExtractionRecord> log;
  std::vector<int> versions(12, 0);
  for (int64_t position = 1; position <= 120; ++position) {
    const size_t document = random() % versions.size();
    const std::string id = "d" + std::to_string(document);
    const int version = ++versions[document];
    if (version > 1 && random() % 5 == 0) {
      log.push_back(RecordBuilder(position, id, version).Deletion());
    } else {
      log.push_back(Article(position, id, version, "Person " + std::to_string(random() % 5),
                            "2031-03-" + std::to_string(10 + random() % 15)));
    }
  }
  FoldedModel whole;
  whole.Fold(log);
  FoldedModel parts;
  for (size_t at = 0; at < log.size();) {
    const size_t count = std::min<size_t>(1 + random() % 9, log.size() - at);
    const auto begin = log.begin() + static_cast<std::ptrdiff_t>(at);
    parts.Fold({begin, begin + static_cast<std::ptrdiff_t>(count)});
    at += count;
    if (random() % 4 == 0) parts.Reopen();
  }
  EXPECT_EQ(whole.Dump(), parts.Dump());

  // Large batches lay out postings differently, and nothing else.
  FoldedModel blocks(/*table_bytes=*/1);
  blocks.Fold(log);
  FoldedModel mixed(/*table_bytes=*/8000);
  for (size_t at = 0; at < log.size();) {
    const size_t count = std::min<size_t>(1 + random() % 9, log.size() - at);
    const auto begin = log.begin() + static_cast<std::ptrdiff_t>(at);
    mixed.Fold({begin, begin + static_cast<std::ptrdiff_t>(count)});
    at += count;
    if (random() % 4 == 0) mixed.Reopen();
  }
  EXPECT_NE(blocks.Dump(), mixed.Dump());
  EXPECT_EQ(blocks.DumpWithoutBlocks(), whole.DumpWithoutBlocks());
  EXPECT_EQ(mixed.DumpWithoutBlocks(), whole.DumpWithoutBlocks());
}

std::vector<std::string> ClaimTexts(FoldedModel& model) {
  std::vector<std::string> texts;
  const v1::ListClaimsResponse response = *model.Claims({});
  for (const v1::ClaimEntry& claim : response.claims()) {
    texts.push_back(claim.claim().content(0).text());
  }
  return texts;
}

v1::ExtractionRecord OfGeneration(int64_t position, int64_t document_position,
                                  const std::string& id, int32_t generation,
                                  const std::string& content) {
  RecordBuilder builder(position, id);
  builder.DocumentPosition(document_position).Published("2031-03-10");
  builder.Generation(generation, "test-" + std::to_string(generation));
  builder.Claim("Thekla Barnim", content);
  return builder.Build();
}

TEST(ProjectorTest, ANewGenerationIsServedWhenItHasCaughtUp) {
  FoldedModel model;
  model.Fold({OfGeneration(1, 1, "a", 1, "alt eins"), OfGeneration(2, 2, "b", 1, "alt zwei")});
  const auto page = [&] {
    v1::ListClaimsRequest request;
    request.set_page_size(1);
    return *model.Claims(request);
  }();
  model.Fold({OfGeneration(3, 1, "a", 2, "neu eins")});
  EXPECT_THAT(ClaimTexts(model), ElementsAre("alt zwei", "alt eins"));
  EXPECT_EQ(model.state().building.number, 2);
  model.Reopen();
  model.Fold({OfGeneration(4, 2, "b", 2, "neu zwei")});
  EXPECT_THAT(ClaimTexts(model), ElementsAre("neu zwei", "neu eins"));
  EXPECT_EQ(model.state().serving.extractor_version, "test-2");
  EXPECT_EQ(model.state().building.number, 0);

  v1::ListClaimsRequest next;
  next.set_page_size(1);
  next.set_page_token(page.next_page_token());
  EXPECT_EQ(model.Claims(next).status().code(), absl::StatusCode::kFailedPrecondition);

  // Nothing of the old generation is left, and late records of it are passed over.
  for (const auto& [key, value] : model.Dump()) {
    EXPECT_NE(key.substr(0, 5), GenerationPrefix(1)) << "left over";
  }
  model.Fold({OfGeneration(5, 3, "c", 1, "zu spät")});
  EXPECT_EQ(model.state().extractions_position, 5);
  EXPECT_EQ(ClaimTexts(model).size(), 2u);
}

TEST(ProjectorTest, AnAbandonedGenerationIsDropped) {
  FoldedModel model;
  model.Fold({OfGeneration(1, 1, "a", 1, "alt eins"), OfGeneration(2, 2, "b", 1, "alt zwei"),
              OfGeneration(3, 1, "a", 2, "halb eins"), OfGeneration(4, 1, "a", 3, "neu eins"),
              OfGeneration(5, 2, "b", 2, "halb zwei"), OfGeneration(6, 2, "b", 3, "neu zwei")});
  EXPECT_THAT(ClaimTexts(model), ElementsAre("neu zwei", "neu eins"));
  for (const auto& [key, value] : model.Dump()) {
    EXPECT_NE(key.substr(0, 5), GenerationPrefix(1));
    EXPECT_NE(key.substr(0, 5), GenerationPrefix(2));
  }
}

TEST(ReadModelTest, AnOlderReadModelBeginsAnew) {
  TemporaryDirectory directory;
  ReadModel::Options options;
  options.directory = directory.path() / "model";
  {
    storage::DatabaseOptions older;
    older.directory = options.directory;
    older.kind = "read model";
    older.schema_version = 0;
    older.families = {{kContentsFamily, nullptr}};
    const auto database = storage::Database::Open(older);
    ASSERT_TRUE(database.ok()) << database.status();
    rocksdb::WriteBatch batch;
    batch.Put((*database)->default_family(), MetaKey("state"), "of another form");
    batch.Put((*database)->family(kContentsFamily), "content", "old");
    ASSERT_TRUE((*database)->Write(&batch, /*sync=*/true).ok());
  }
  for (int opening = 0; opening < 2; ++opening) {
    const auto model = ReadModel::Open(options);
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_EQ((*model)->view()->state().extractions_position, 0);
    EXPECT_EQ((*model)->Dump()->size(), 1u);  // The schema.
  }
}

TEST(ReadModelTest, AnotherKindOfDirectoryIsRefused) {
  TemporaryDirectory directory;
  ReadModel::Options options;
  options.directory = directory.path() / "model";
  { ASSERT_TRUE(ReadModel::Open(options).ok()); }
  auto first = ReadModel::Open(options);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(ReadModel::Open(options).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace lagebild::query
