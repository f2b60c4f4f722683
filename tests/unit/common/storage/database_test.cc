#include "common/storage/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>
#include <thread>

#include "common/status/error.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

DatabaseOptions OptionsFor(const std::filesystem::path& directory) {
  DatabaseOptions options;
  options.directory = directory;
  options.kind = "read model";
  options.families = {{"claims", nullptr}};
  options.way_out = "delete it";
  return options;
}

TEST(DatabaseTest, WritesReadsAndCounts) {
  TemporaryDirectory directory;
  {
    const auto database = *Database::Open(OptionsFor(directory.path()));
    rocksdb::WriteBatch batch;
    batch.Put(database->family("claims"), "a", "1");
    batch.Put(database->default_family(), "b", "2");
    ASSERT_TRUE(database->Write(&batch, /*sync=*/true).ok());
    ASSERT_TRUE(database->Flush().ok());
    EXPECT_GT(database->Figures().live_bytes, 0u);
    EXPECT_FALSE(database->Figures().write_stopped);
    EXPECT_EQ(database->family("nothing"), nullptr);
  }
  const auto database = *Database::Open(OptionsFor(directory.path()));
  EXPECT_EQ(*database->Get(database->family("claims"), "a"), "1");
  EXPECT_EQ(*database->Get(database->family("claims"), "b"), std::nullopt);
  EXPECT_EQ(*database->Get(database->default_family(), "b"), "2");
}

TEST(DatabaseTest, WritingStopsWhileTheDiskHasRoomForWhatIsInMemory) {
  TemporaryDirectory directory;
  { ASSERT_TRUE(Database::Open(OptionsFor(directory.path())).ok()); }
  DatabaseOptions options = OptionsFor(directory.path());
  options.reserve_bytes = std::numeric_limits<uint64_t>::max();
  const auto database = *Database::Open(options);
  rocksdb::WriteBatch batch;
  batch.Put("a", "1");
  const absl::Status status = database->Write(&batch, /*sync=*/true);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), "DISK_FULL");
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory.path().string()));
  EXPECT_THAT(PublicMessageOf(status), Not(HasSubstr("/")));
  EXPECT_TRUE(database->Figures().write_stopped);
  EXPECT_EQ(*database->Get(database->default_family(), "a"), std::nullopt);
}

TEST(DatabaseTest, TablesAreThereTogetherWithWhatWasWrittenBefore) {
  TemporaryDirectory directory;
  DatabaseOptions options = OptionsFor(directory.path() / "original");
  options.write_ahead_log = false;
  const auto database = *Database::Open(options);
  rocksdb::ColumnFamilyHandle* const claims = database->family("claims");
  rocksdb::WriteBatch batch;
  batch.Put("a", "old");
  batch.Put("b", "old");
  batch.Put(claims, "c", "old");
  ASSERT_TRUE(database->Write(&batch, /*sync=*/false).ok());
  const rocksdb::Snapshot* const before = database->db()->GetSnapshot();
  const absl::Status written =
      database->WriteTables({{database->default_family(),
                              {{.key = "a", .is_delete = true}, {.key = "d", .value = "new"}}},
                             {claims, {{.key = "e", .value = "new"}}}});
  ASSERT_TRUE(written.ok()) << written;
  EXPECT_EQ(*database->Get(database->default_family(), "a", before), "old");
  EXPECT_EQ(*database->Get(database->default_family(), "d", before), std::nullopt);
  database->db()->ReleaseSnapshot(before);
  EXPECT_EQ(*database->Get(database->default_family(), "a"), std::nullopt);

  CopyAsDied(directory.path() / "original", directory.path() / "died");
  options.directory = directory.path() / "died";
  // What a death in the middle of writing tables leaves.
  std::filesystem::copy(options.directory / "CURRENT", options.directory / "table-0");
  const auto reopened = Database::Open(options);
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  const auto& died = *reopened;
  EXPECT_EQ(*died->Get(died->default_family(), "a"), std::nullopt);
  EXPECT_EQ(*died->Get(died->default_family(), "b"), "old");
  EXPECT_EQ(*died->Get(died->default_family(), "d"), "new");
  EXPECT_EQ(*died->Get(died->family("claims"), "c"), "old");
  EXPECT_EQ(*died->Get(died->family("claims"), "e"), "new");
  EXPECT_FALSE(std::filesystem::exists(options.directory / "table-0"));
}

TEST(DatabaseTest, MergingIsPutOffAndTakenUpAgain) {
  TemporaryDirectory directory;
  const auto database = *Database::Open(OptionsFor(directory.path()));
  const auto files = [&] {
    std::string count;
    database->db()->GetProperty("rocksdb.num-files-at-level0", &count);
    return std::stoi(count);
  };
  ASSERT_TRUE(database->PutOffMerging(true).ok());
  constexpr int kTables = 14;
  constexpr int kLevels = 7;
  for (int i = 0; i < kTables; ++i) {
    const std::string value = std::to_string(i);
    ASSERT_TRUE(database
                    ->WriteTables({{database->default_family(),
                                    {{.key = "a", .value = value}, {.key = "z", .value = value}}}})
                    .ok());
  }
  // The first ones find a level each where nothing is yet.
  EXPECT_GE(files(), kTables - kLevels);
  EXPECT_EQ(*database->Get(database->default_family(), "a"), "13");
  ASSERT_TRUE(database->PutOffMerging(false).ok());
  for (int tries = 0; files() >= 4 && tries < 1000; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LT(files(), 4);
  EXPECT_EQ(*database->Get(database->default_family(), "a"), "13");
}

TEST(DatabaseTest, TablesOutOfOrderAreRefusedAsAWhole) {
  TemporaryDirectory directory;
  const auto database = *Database::Open(OptionsFor(directory.path()));
  rocksdb::ColumnFamilyHandle* const claims = database->family("claims");
  EXPECT_FALSE(
      database
          ->WriteTables({{database->default_family(), {{.key = "a", .value = "1"}}},
                         {claims, {{.key = "c", .value = "1"}, {.key = "b", .value = "1"}}}})
          .ok());
  EXPECT_EQ(*database->Get(database->default_family(), "a"), std::nullopt);
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("table-")) << entry.path();
  }
}

TEST(DatabaseTest, AMissingFileIsDamage) {
  TemporaryDirectory directory;
  DatabaseOptions options = OptionsFor(directory.path());
  options.families[0].customize = [](rocksdb::ColumnFamilyOptions& family) {
    family.enable_blob_files = true;
  };
  {
    const auto database = *Database::Open(options);
    rocksdb::WriteBatch batch;
    batch.Put(database->family("claims"), "a", "1");
    ASSERT_TRUE(database->Write(&batch, /*sync=*/true).ok());
    ASSERT_TRUE(database->Flush().ok());
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    if (entry.path().extension() == ".blob") {
      std::filesystem::remove(entry.path());
    }
  }
  const auto database = *Database::Open(options);
  const absl::Status status = database->Get(database->family("claims"), "a").status();
  EXPECT_EQ(ReasonOf(status), "DATABASE_DAMAGED") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(".blob"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("delete it"));
}

TEST(DatabaseTest, WithoutAWriteAheadLogASyncIsAFlush) {
  TemporaryDirectory directory;
  TemporaryDirectory copies;
  DatabaseOptions options = OptionsFor(directory.path() / "model");
  options.write_ahead_log = false;
  const auto database = *Database::Open(options);
  for (const auto& [key, sync] : {std::pair{"a", true}, std::pair{"b", false}}) {
    rocksdb::WriteBatch batch;
    batch.Put(database->family("claims"), key, "1");
    ASSERT_TRUE(database->Write(&batch, sync).ok());
  }
  options.directory = copies.path() / "died";
  CopyAsDied(directory.path() / "model", options.directory);
  const auto died = *Database::Open(options);
  EXPECT_EQ(*died->Get(died->family("claims"), "a"), "1");
  EXPECT_EQ(*died->Get(died->family("claims"), "b"), std::nullopt);
}

TEST(DatabaseTest, AFamilyOfANewerVersionIsToldByItsSchema) {
  TemporaryDirectory directory;
  DatabaseOptions newer = OptionsFor(directory.path());
  newer.schema_version = 5;
  newer.families.push_back({"later", nullptr});
  (*Database::Open(newer)).reset();
  const absl::Status status = Database::Open(OptionsFor(directory.path())).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("newer version"));
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory.path().string()));
}

TEST(DatabaseTest, AnUnreadableSchemaIsRefusedWithTheWayOut) {
  TemporaryDirectory directory;
  int number = 0;
  for (const std::string& garbage :
       {std::string(), std::string("read model"), std::string("read model\0", 11),
        std::string("read model\0x1", 13), std::string("read model\0001x", 13)}) {
    const std::filesystem::path path = directory.path() / std::to_string(number++);
    {
      const auto database = *Database::Open(OptionsFor(path));
      rocksdb::WriteBatch batch;
      batch.Put(rocksdb::Slice("\0schema", 7), garbage);
      ASSERT_TRUE(database->Write(&batch, true).ok());
    }
    const absl::Status status = Database::Open(OptionsFor(path)).status();
    EXPECT_EQ(ReasonOf(status), "SCHEMA_MISMATCH");
    EXPECT_THAT(std::string(status.message()), HasSubstr("delete it"));
  }
}

}  // namespace
}  // namespace lagebild::storage
