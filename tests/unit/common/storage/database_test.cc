#include "common/storage/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/error.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::storage {
namespace {

using ::testing::HasSubstr;

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
