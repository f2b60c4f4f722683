#include "common/storage/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "common/status/error.h"
#include "common/storage/offline.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::storage {
namespace {

using ::testing::HasSubstr;

class BackupTest : public ::testing::Test {
 protected:
  DatabaseOptions Options(const std::filesystem::path& path) const {
    DatabaseOptions options;
    options.directory = path;
    options.kind = "documents log";
    options.schema_version = 3;
    options.families = {{"records", nullptr},
                        {"contents", [](rocksdb::ColumnFamilyOptions& family) {
                           family.enable_blob_files = true;
                           family.min_blob_size = 64;
                         }}};
    return options;
  }
  static void Put(Database& database, int from, int to) {
    for (int i = from; i < to; ++i) {
      rocksdb::WriteBatch batch;
      batch.Put(database.family("records"), "record" + std::to_string(i), std::to_string(i));
      batch.Put(database.family("contents"), "content" + std::to_string(i),
                std::string(200, static_cast<char>('a' + i % 26)));
      ASSERT_TRUE(database.Write(&batch, /*sync=*/true).ok());
    }
  }
  static void ExpectHolds(const std::filesystem::path& path, const DatabaseOptions& options,
                          int count) {
    const auto database = Database::Open(options);
    ASSERT_TRUE(database.ok()) << database.status() << path;
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(*(*database)->Get((*database)->family("records"), "record" + std::to_string(i)),
                std::to_string(i));
      EXPECT_EQ((*(*database)->Get((*database)->family("contents"), "content" + std::to_string(i)))
                    ->size(),
                200u);
    }
  }
  // Turns over one bit in the middle of the largest file below a directory whose name ends so.
  static std::filesystem::path FlipByte(const std::filesystem::path& below,
                                        const std::string& ending) {
    std::filesystem::path largest;
    uintmax_t size = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(below)) {
      if (entry.is_regular_file() && entry.path().string().ends_with(ending) &&
          entry.file_size() > size) {
        largest = entry.path();
        size = entry.file_size();
      }
    }
    std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(size / 2));
    const char byte = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(size / 2));
    file.put(static_cast<char>(byte ^ 0x10));
    return largest;
  }

  TemporaryDirectory directory_;
  const std::filesystem::path data_ = directory_.path() / "data";
  const std::filesystem::path backups_ = directory_.path() / "backups";
};

TEST_F(BackupTest, EachBackupHoldsWhatWasThereAndOldOnesGo) {
  {
    const auto database = *Database::Open(Options(data_));
    BackupMaker maker(*database, backups_);
    EXPECT_TRUE(ListBackups(backups_)->empty());
    for (int i = 0; i < 3; ++i) {
      Put(*database, 10 * i, 10 * (i + 1));
      const auto made = maker.Create(/*keep=*/2);
      ASSERT_TRUE(made.ok()) << made.status();
      EXPECT_EQ(made->id, static_cast<uint32_t>(i + 1));
      EXPECT_GT(made->size_bytes, 0u);
    }
    Put(*database, 30, 40);
  }
  const std::vector<BackupEntry> entries = *ListBackups(backups_);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].id, 2u);
  EXPECT_GT(entries[0].created_at_seconds, 1'600'000'000);
  EXPECT_EQ(ReasonOf(VerifyBackup(backups_, 1).status()), "BACKUP_NOT_FOUND");
  EXPECT_EQ(VerifyBackup(backups_, 0)->id, 3u);
  for (const auto& [id, count] : {std::pair{2u, 20}, std::pair{0u, 30}}) {
    const std::filesystem::path target = directory_.path() / ("restored" + std::to_string(id));
    const auto restored = RestoreBackup(backups_, id, target);
    ASSERT_TRUE(restored.ok()) << restored.status();
    ExpectHolds(target, Options(target), count);
  }
}

TEST_F(BackupTest, AFlippedByteIsFoundInEveryFile) {
  {
    const auto database = *Database::Open(Options(data_));
    Put(*database, 0, 500);
    BackupMaker maker(*database, backups_);
    ASSERT_TRUE(maker.Create(0).ok());
  }
  ASSERT_TRUE(VerifyBackup(backups_, 0).ok());
  for (const std::string ending : {".sst", ".blob"}) {
    const std::filesystem::path copy = directory_.path() / ("copy" + ending);
    std::filesystem::copy(backups_, copy, std::filesystem::copy_options::recursive);
    const std::filesystem::path file = FlipByte(copy, ending);
    const absl::Status status = VerifyBackup(copy, 0).status();
    EXPECT_EQ(ReasonOf(status), "BACKUP_DAMAGED") << file;
    EXPECT_THAT(std::string(status.message()), HasSubstr(file.filename().string()));
    const std::filesystem::path target = directory_.path() / ("target" + ending);
    EXPECT_EQ(ReasonOf(RestoreBackup(copy, 0, target).status()), "BACKUP_DAMAGED");
    EXPECT_FALSE(std::filesystem::exists(target));
    std::filesystem::remove(file);
    EXPECT_FALSE(VerifyBackup(copy, 0).ok());
  }
}

TEST_F(BackupTest, RestoringDoesNotTouchWhatIsThere) {
  {
    const auto database = *Database::Open(Options(data_));
    Put(*database, 0, 5);
    BackupMaker maker(*database, backups_);
    ASSERT_TRUE(maker.Create(0).ok());
  }
  EXPECT_EQ(ReasonOf(RestoreBackup(backups_, 0, data_).status()), "DIRECTORY_NOT_EMPTY");
  ExpectHolds(data_, Options(data_), 5);
  EXPECT_EQ(
      ReasonOf(RestoreBackup(directory_.path() / "nothing", 0, directory_.path() / "new").status()),
      "BACKUP_NOT_FOUND");
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "nothing"));
}

TEST_F(BackupTest, WhatWasAcknowledgedBeforeIsInItWhileWritesGoOn) {
  std::atomic<int> written{0};
  int before = 0;
  {
    const auto database = *Database::Open(Options(data_));
    std::atomic<bool> stop{false};
    std::thread writer([&] {
      for (int i = 0; !stop; ++i) {
        Put(*database, i, i + 1);
        written = i + 1;
      }
    });
    while (written < 50) {
      std::this_thread::yield();
    }
    before = written;
    BackupMaker maker(*database, backups_);
    EXPECT_TRUE(maker.Create(0).ok());
    stop = true;
    writer.join();
  }
  const std::filesystem::path target = directory_.path() / "restored";
  ASSERT_TRUE(RestoreBackup(backups_, 0, target).ok());
  ExpectHolds(target, Options(target), before);
}

TEST_F(BackupTest, AStoppedMakerMakesNone) {
  const auto database = *Database::Open(Options(data_));
  BackupMaker maker(*database, backups_);
  maker.Stop();
  EXPECT_EQ(ReasonOf(maker.Create(0).status()), "BACKUP_STOPPED");
  EXPECT_TRUE(ListBackups(backups_)->empty());
}

TEST_F(BackupTest, ADirectoryIsInspectedOnlyWhileNobodyUsesIt) {
  {
    const auto database = *Database::Open(Options(data_));
    Put(*database, 0, 100);
    EXPECT_EQ(ReasonOf(InspectDirectory(data_).status()), "DIRECTORY_IN_USE");
    EXPECT_EQ(database->Verify()->entries, 201u);
    ASSERT_TRUE(database->Flush().ok());
  }
  const auto contents = InspectDirectory(data_);
  ASSERT_TRUE(contents.ok()) << contents.status();
  EXPECT_EQ(contents->kind, "documents log");
  EXPECT_EQ(contents->schema_version, 3u);
  EXPECT_EQ(contents->contents.entries, 201u);
  EXPECT_GT(contents->contents.bytes, 100u * 200u);
  EXPECT_EQ(ReasonOf(InspectDirectory(directory_.path()).status()), "NOT_A_DATABASE");
  for (const std::string ending : {".sst", ".blob"}) {
    const std::filesystem::path copy = directory_.path() / ("copy" + ending);
    std::filesystem::copy(data_, copy);
    FlipByte(copy, ending);
    EXPECT_EQ(ReasonOf(InspectDirectory(copy).status()), "DATABASE_DAMAGED") << ending;
  }
}

TEST_F(BackupTest, OnlyTheKindThatIsNamedIsDeleted) {
  { Put(**Database::Open(Options(data_)), 0, 3); }
  EXPECT_EQ(ReasonOf(DeleteDatabase(data_, "read model")), "SCHEMA_MISMATCH");
  ExpectHolds(data_, Options(data_), 3);
  {
    const auto database = *Database::Open(Options(data_));
    EXPECT_EQ(ReasonOf(DeleteDatabase(data_, "documents log")), "DIRECTORY_IN_USE");
  }
  EXPECT_TRUE(DeleteDatabase(data_, "documents log").ok());
  EXPECT_TRUE(std::filesystem::is_empty(data_));
  const auto database = *Database::Open(Options(data_));
  EXPECT_EQ(database->Verify()->entries, 1u);
}

TEST_F(BackupTest, OlderSchemasAreUpgradedOnceAndAgainAfterAnInterruption) {
  {
    const auto database = *Database::Open(Options(data_));
    Put(*database, 0, 3);
  }
  DatabaseOptions newer = Options(data_);
  newer.schema_version = 4;
  EXPECT_EQ(ReasonOf(Database::Open(newer).status()), "SCHEMA_MISMATCH");
  int upgrades = 0;
  bool interrupt = true;
  newer.upgrade = [&](Database& database, uint32_t from) {
    EXPECT_EQ(from, 3u);
    ++upgrades;
    rocksdb::WriteBatch batch;
    batch.Put(database.family("records"), "upgraded", "yes");
    EXPECT_TRUE(database.Write(&batch, false).ok());
    return interrupt ? absl::AbortedError("interrupted") : absl::OkStatus();
  };
  const absl::Status failed = Database::Open(newer).status();
  EXPECT_THAT(std::string(failed.message()), HasSubstr("cannot be upgraded from schema 3"));
  interrupt = false;
  EXPECT_TRUE(Database::Open(newer).ok());
  EXPECT_TRUE(Database::Open(newer).ok());
  EXPECT_EQ(upgrades, 2);
  ExpectHolds(data_, newer, 3);
  // And not back.
  EXPECT_THAT(std::string(Database::Open(Options(data_)).status().message()),
              HasSubstr("newer version"));
}

TEST_F(BackupTest, ClearingLeavesTheSchemaAlone) {
  {
    const auto database = *Database::Open(Options(data_));
    Put(*database, 0, 30);
    rocksdb::WriteBatch batch;
    batch.Put(database->default_family(), "\x01state", "x");
    ASSERT_TRUE(database->Write(&batch, false).ok());
    ASSERT_TRUE(database->Clear().ok());
    EXPECT_EQ(database->Verify()->entries, 1u);
    ASSERT_TRUE(database->Clear().ok());
  }
  const auto database = *Database::Open(Options(data_));
  EXPECT_EQ(database->Verify()->entries, 1u);
}

}  // namespace
}  // namespace lagebild::storage
