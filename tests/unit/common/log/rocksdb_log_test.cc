#include "common/log/rocksdb_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "common/status/error.h"
#include "common/storage/database.h"
#include "tests/unit/common/log/test_log.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

std::unique_ptr<RocksDbLog> MustOpen(const RocksDbLogOptions& options) {
  absl::StatusOr<std::unique_ptr<RocksDbLog>> log = RocksDbLog::Open(options);
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? *std::move(log) : nullptr;
}

std::vector<std::string> ReadAll(const Log& log, LogPosition after = 0) {
  std::vector<std::string> payloads;
  const auto reader = *log.ReadAfter(0, after);
  LogPosition last = after;
  while (true) {
    absl::StatusOr<std::optional<LogRecord>> record = reader->Next();
    EXPECT_TRUE(record.ok()) << record.status();
    if (!record.ok() || !record->has_value()) {
      return payloads;
    }
    EXPECT_GT((*record)->position, last);
    last = (*record)->position;
    payloads.push_back((*record)->payload);
  }
}

class RocksDbLogTest : public ::testing::Test {
 protected:
  void Open() { log_ = MustOpen(OptionsFor(directory_.path() / "log")); }
  void Reopen() {
    log_.reset();
    Open();
  }

  TemporaryDirectory directory_;
  std::unique_ptr<RocksDbLog> log_;
};

TEST_F(RocksDbLogTest, KeepsRecordsAndTheirOrderOverReopening) {
  Open();
  EXPECT_EQ(*log_->Head(0), 0);
  EXPECT_EQ(*log_->AppendAndWait(0, "a"), 1);
  EXPECT_EQ(*log_->AppendAndWait(0, ""), 2);
  EXPECT_EQ(*log_->AppendAndWait(0, std::string("\0\xff", 2)), 3);
  Reopen();
  EXPECT_EQ(*log_->Head(0), 3);
  EXPECT_THAT(ReadAll(*log_), ElementsAre("a", "", std::string("\0\xff", 2)));
  EXPECT_THAT(ReadAll(*log_, 2), ElementsAre(std::string("\0\xff", 2)));
  EXPECT_EQ(*log_->AppendAndWait(0, "b"), 4);
  EXPECT_EQ(log_->Read(0, 1)->payload, "a");
  EXPECT_EQ(log_->Read(0, 9).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(log_->Head(1).status()), "UNKNOWN_PARTITION");
  EXPECT_EQ(ReasonOf(log_->AppendAndWait(7, "x").status()), "UNKNOWN_PARTITION");
}

TEST_F(RocksDbLogTest, ManyAppendersShareSyncsAndKeepTheirOwnOrder) {
  Open();
  constexpr int kThreads = 8;
  constexpr int kEach = 300;
  std::atomic<int> outstanding{kThreads * kEach};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        log_->Append(0, std::to_string(thread) + ":" + std::to_string(i),
                     [&](const absl::StatusOr<LogPosition>& position) {
                       EXPECT_TRUE(position.ok());
                       EXPECT_LE(*position, *log_->Head(0));  // Visible once acknowledged.
                       --outstanding;
                     });
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  log_->Close();
  EXPECT_EQ(outstanding, 0);
  EXPECT_LT(log_->Figures().syncs, uint64_t{kThreads * kEach});
  std::map<std::string, int> next;
  const std::vector<std::string> payloads = ReadAll(*log_);
  EXPECT_EQ(payloads.size(), size_t{kThreads * kEach});
  for (const std::string& payload : payloads) {
    const size_t colon = payload.find(':');
    EXPECT_EQ(std::stoi(payload.substr(colon + 1)), next[payload.substr(0, colon)]++);
  }
}

TEST_F(RocksDbLogTest, IndexFindsTheNewestAndCounts) {
  Open();
  EXPECT_EQ(*log_->CountIndexed('i'), 0);
  log_->AppendAndWait(0, "b=1").IgnoreError();
  log_->AppendAndWait(0, "a=1").IgnoreError();
  log_->AppendAndWait(0, "b=2").IgnoreError();
  log_->AppendAndWait(0, "bb=3").IgnoreError();
  EXPECT_EQ(*log_->CountIndexed('i'), 3);
  const auto hit = *log_->Find("ib");
  ASSERT_TRUE(hit.has_value());
  EXPECT_EQ(hit->position, 3);
  EXPECT_EQ(hit->value, "2");
  EXPECT_FALSE(log_->Find("ix")->has_value());
  const auto hits = *log_->Scan("i", "", 10);
  ASSERT_EQ(hits.size(), 3u);
  EXPECT_EQ(hits[0].key, "ia");
  EXPECT_EQ(hits[2].key, "ibb");
  EXPECT_EQ(log_->Scan("i", "ib", 10)->size(), 1u);
  EXPECT_EQ(log_->Scan("ib", "", 1)->size(), 1u);
  log_->AppendAndWait(0, "b-").IgnoreError();
  log_->AppendAndWait(0, "nothing-").IgnoreError();
  Reopen();
  EXPECT_EQ(*log_->CountIndexed('i'), 2);
  EXPECT_FALSE(log_->Find("ib")->has_value());
  // Twice in one batch counts once.
  ASSERT_TRUE(log_->CommitAndWait(0, {"z=1", "z=2", "y=1", "y-"}, {"in", 0, 1}).ok());
  EXPECT_EQ(*log_->CountIndexed('i'), 3);
  EXPECT_EQ((*log_->Find("iz"))->value, "2");
}

TEST_F(RocksDbLogTest, CommitStoresOutputsAndCursorTogether) {
  Open();
  EXPECT_EQ(*log_->CursorOf("in", 0), 0);
  EXPECT_THAT(*log_->CommitAndWait(0, {"x", "y"}, {"in", 0, 17}), ElementsAre(1, 2));
  EXPECT_THAT(*log_->CommitAndWait(0, {}, {"in", 1, 4}), ElementsAre());
  Reopen();
  EXPECT_EQ(*log_->CursorOf("in", 0), 17);
  EXPECT_EQ(*log_->CursorOf("in", 1), 4);
  EXPECT_EQ(*log_->CursorOf("i", 0), 0);
  EXPECT_EQ(*log_->Head(0), 2);
}

TEST_F(RocksDbLogTest, FollowerWakesAtOnceAndSeesEverything) {
  Open();
  constexpr int kRecords = 500;
  std::thread writer([this] {
    for (int i = 0; i < kRecords; ++i) {
      log_->AppendAndWait(0, std::to_string(i)).IgnoreError();
    }
  });
  const auto reader = *log_->ReadAfter(0, 0);
  int seen = 0;
  LogPosition position = 0;
  while (seen < kRecords) {
    auto record = *reader->Next();
    if (record.has_value()) {
      EXPECT_EQ(record->payload, std::to_string(seen++));
      position = record->position;
      continue;
    }
    std::mutex mutex;
    std::condition_variable woken;
    bool done = false;
    const auto subscription = log_->NotifyBehind(0, position, [&] {
      const std::lock_guard lock(mutex);
      done = true;
      woken.notify_all();
    });
    std::unique_lock lock(mutex);
    ASSERT_TRUE(woken.wait_for(lock, 10s, [&] { return done; }));
  }
  writer.join();
}

TEST_F(RocksDbLogTest, NotificationsAreCalledOnceOrNotAtAllAfterDestruction) {
  Open();
  std::atomic<int> calls{0};
  const auto kept = log_->NotifyBehind(0, 0, [&] { ++calls; });
  log_->NotifyBehind(0, 0, [&] { calls += 100; }).reset();
  std::unique_ptr<LogSubscription> self;
  self = log_->NotifyBehind(0, 0, [&] { self.reset(); });  // Destroys itself.
  log_->AppendAndWait(0, "a").IgnoreError();
  log_->AppendAndWait(0, "b").IgnoreError();
  log_->Close();
  EXPECT_EQ(calls, 1);
  const auto late = log_->NotifyBehind(0, 99, [&] { ++calls; });  // Closed: at once.
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(log_->AppendAndWait(0, "c").status().code(), absl::StatusCode::kUnavailable);
}

// A process appends and is killed; everything it was told is durable must be there, each commit
// whole.
TEST_F(RocksDbLogTest, KilledAtAnyMomentItLosesNothingAcknowledged) {
  for (int round = 0; round < 5; ++round) {
    std::array<int, 2> ends;
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      const std::string directory = (directory_.path() / "log").string();
      execl(LAGEBILD_APPENDER, "append_until_killed", directory.c_str(),
            std::to_string(ends[1]).c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    LogPosition acknowledged = 0;
    for (int i = 0; i < 40 + 13 * round; ++i) {
      ASSERT_EQ(read(ends[0], &acknowledged, sizeof(acknowledged)),
                static_cast<ssize_t>(sizeof(acknowledged)));
    }
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    while (read(ends[0], &acknowledged, sizeof(acknowledged)) > 0) {
    }
    close(ends[0]);
    Open();
    const LogPosition cursor = *log_->CursorOf("in", 0);
    EXPECT_GE(cursor, acknowledged);
    const std::vector<std::string> payloads = ReadAll(*log_);
    ASSERT_EQ(payloads.size(), 2 * static_cast<size_t>(cursor));
    for (size_t i = 0; i < payloads.size(); ++i) {
      EXPECT_EQ(payloads[i], std::string(i % 2 == 0 ? "a=" : "b=") + std::to_string(i / 2 + 1));
    }
    EXPECT_EQ((*log_->Find("ib"))->value, std::to_string(cursor));
    EXPECT_EQ(*log_->CountIndexed('i'), 2);
    log_.reset();
  }
}

TEST_F(RocksDbLogTest, RefusesADirectoryInUse) {
  Open();
  const absl::Status status = RocksDbLog::Open(OptionsFor(directory_.path() / "log")).status();
  EXPECT_EQ(ReasonOf(status), "DIRECTORY_IN_USE");
  EXPECT_THAT(std::string(status.message()), HasSubstr((directory_.path() / "log").string()));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
}

TEST_F(RocksDbLogTest, RefusesOtherSchemasKindsAndForeignFiles) {
  Open();
  log_.reset();
  RocksDbLogOptions other = OptionsFor(directory_.path() / "log");
  other.kind = "another log";
  absl::Status status = RocksDbLog::Open(other).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("holds a test log, not a another log"));

  RocksDbLogOptions first = OptionsFor(directory_.path() / "new");
  first.schema_version = 9;
  MustOpen(first).reset();
  status = RocksDbLog::Open(OptionsFor(directory_.path() / "new")).status();
  EXPECT_EQ(ReasonOf(status), "SCHEMA_MISMATCH");
  EXPECT_THAT(std::string(status.message()), HasSubstr("newer version"));

  std::filesystem::create_directories(directory_.path() / "home");
  std::ofstream(directory_.path() / "home" / "letter.txt") << "dear";
  EXPECT_EQ(ReasonOf(RocksDbLog::Open(OptionsFor(directory_.path() / "home")).status()),
            "NOT_A_DATABASE");
  std::ofstream(directory_.path() / "file") << "x";
  EXPECT_EQ(ReasonOf(RocksDbLog::Open(OptionsFor(directory_.path() / "file")).status()),
            "DIRECTORY_NOT_WRITABLE");
}

TEST_F(RocksDbLogTest, AnOlderIndexIsMadeAnewFromTheRecords) {
  Open();
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(
        log_->AppendAndWait(0, "k" + std::to_string(i % 50) + "=" + std::to_string(i)).ok());
  }
  ASSERT_TRUE(log_->AppendAndWait(0, "k7-").ok());
  ASSERT_TRUE(log_->CommitAndWait(0, {}, {"input", 0, 12}).ok());
  const std::vector<std::string> records = ReadAll(*log_);
  log_.reset();

  RocksDbLogOptions newer = OptionsFor(directory_.path() / "log");
  newer.schema_version = 2;
  newer.max_batch_bytes = 1000;  // Many batches.
  // The new version files under another first byte, and the value reversed.
  newer.indexer = [](std::string_view payload) {
    std::vector<IndexEntry> entries = IndexPairs(payload);
    for (IndexEntry& entry : entries) {
      entry.key[0] = 'j';
      entry.value = std::string(entry.value.rbegin(), entry.value.rend());
    }
    return entries;
  };
  for (int opening = 0; opening < 2; ++opening) {
    const std::unique_ptr<RocksDbLog> log = MustOpen(newer);
    EXPECT_EQ(ReadAll(*log), records);
    EXPECT_EQ(*log->CursorOf("input", 0), 12);
    EXPECT_EQ(*log->CountIndexed('i'), 0);
    EXPECT_EQ(*log->CountIndexed('j'), 49);
    EXPECT_FALSE((*log->Find("ik8")).has_value());
    EXPECT_FALSE((*log->Find("jk7")).has_value());
    EXPECT_EQ((*log->Find("jk8"))->value, "854");
    EXPECT_EQ((*log->Find("jk8"))->position, 459);
    EXPECT_EQ(log->Scan("j", "", 100)->size(), 49u);
  }
  EXPECT_EQ(ReasonOf(RocksDbLog::Open(OptionsFor(directory_.path() / "log")).status()),
            "SCHEMA_MISMATCH");
}

TEST_F(RocksDbLogTest, RefusesADatabaseOfAnotherProgram) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, (directory_.path() / "log").string(), &raw).ok());
  ASSERT_TRUE(raw->Put({}, "theirs", "x").ok());
  delete raw;
  const absl::Status status = RocksDbLog::Open(OptionsFor(directory_.path() / "log")).status();
  EXPECT_EQ(ReasonOf(status), "SCHEMA_MISMATCH");
  EXPECT_THAT(std::string(status.message()), HasSubstr("another program"));
}

void FlipBytes(const std::filesystem::path& path, double where) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto size = static_cast<double>(std::filesystem::file_size(path));
  file.seekg(static_cast<std::streamoff>(size * where));
  const int old = file.get();
  file.seekp(static_cast<std::streamoff>(size * where));
  file.put(static_cast<char>(old ^ 0x5a));
}

std::filesystem::path FirstFile(const std::filesystem::path& directory,
                                std::string_view extension) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == extension && entry.file_size() > 0) {
      return entry.path();
    }
  }
  return {};
}

TEST_F(RocksDbLogTest, DamageInTheWriteAheadLogRefusesTheStart) {
  Open();
  for (int i = 0; i < 200; ++i) {
    log_->AppendAndWait(0, std::string(500, 'x')).IgnoreError();
  }
  log_.reset();
  FlipBytes(FirstFile(directory_.path() / "log", ".log"), 0.4);
  const absl::Status status = RocksDbLog::Open(OptionsFor(directory_.path() / "log")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_EQ(ReasonOf(status), "DATABASE_DAMAGED");
  EXPECT_THAT(std::string(status.message()), HasSubstr("delete it"));
}

// RocksDB takes what is left for all there was.
TEST_F(RocksDbLogTest, ACutWriteAheadLogRefusesTheStart) {
  for (const double left : {0.95, 0.5, 0.0, -1.0}) {
    const std::filesystem::path directory = directory_.path() / std::to_string(left);
    log_ = MustOpen(OptionsFor(directory));
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(log_->AppendAndWait(0, std::string(500, 'x')).ok());
    }
    log_.reset();
    const std::filesystem::path file = FirstFile(directory, ".log");
    if (left < 0) {
      std::filesystem::remove(file);
    } else {
      std::filesystem::resize_file(
          file, static_cast<size_t>(left * static_cast<double>(std::filesystem::file_size(file))));
    }
    const absl::Status status = RocksDbLog::Open(OptionsFor(directory)).status();
    EXPECT_EQ(ReasonOf(status), "DATABASE_DAMAGED") << left << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("record 20 had been written"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("write-ahead log (*.log)"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("delete it"));
  }
}

// Where its newest lines are gone, tables are forgotten, and records that came later are still
// there.
TEST_F(RocksDbLogTest, ACutManifestRefusesTheStartOrLosesNothing) {
  const std::filesystem::path original = directory_.path() / "log";
  for (int table = 0; table < 3; ++table) {
    Reopen();
    ASSERT_TRUE(log_->database().Flush().ok());
    for (int i = 0; i < 5; ++i) {
      const int number = 5 * table + i;
      ASSERT_TRUE(log_->AppendAndWait(0, "k" + std::to_string(number) + "=1").ok());
    }
  }
  log_.reset();
  std::filesystem::path manifest;
  for (const auto& entry : std::filesystem::directory_iterator(original)) {
    if (entry.path().filename().string().starts_with("MANIFEST-")) {
      manifest = entry.path().filename();
    }
  }
  int refused = 0;
  for (size_t size = 0; size < std::filesystem::file_size(original / manifest); size += 3) {
    const std::filesystem::path copy = directory_.path() / "copy";
    std::filesystem::remove_all(copy);
    std::filesystem::copy(original, copy);
    std::filesystem::resize_file(copy / manifest, size);
    const absl::StatusOr<std::unique_ptr<RocksDbLog>> log = RocksDbLog::Open(OptionsFor(copy));
    if (!log.ok()) {
      EXPECT_EQ(ReasonOf(log.status()), "DATABASE_DAMAGED") << size << ": " << log.status();
      ++refused;
      continue;
    }
    EXPECT_EQ(ReadAll(**log).size(), 15u) << size;
    EXPECT_EQ(*(*log)->CountIndexed('i'), 15) << size;
    EXPECT_EQ((*log)->Scan("i", "", 100)->size(), 15u) << size;
  }
  EXPECT_GT(refused, 0);
}

TEST_F(RocksDbLogTest, ALogOfBeforeRecordsWereCountedIsTakenAsItIs) {
  Open();
  ASSERT_TRUE(log_->AppendAndWait(0, "a=1").ok());
  rocksdb::WriteBatch batch;
  batch.Delete(std::string(1, '\x03'));
  ASSERT_TRUE(log_->database().Write(&batch, /*sync=*/true).ok());
  log_.reset();
  std::filesystem::remove(directory_.path() / "log" / "head.lagebild");
  Open();
  ASSERT_TRUE(log_->AppendAndWait(0, "b=1").ok());
  Reopen();
  EXPECT_THAT(ReadAll(*log_), ElementsAre("a=1", "b=1"));
}

TEST_F(RocksDbLogTest, LostFilesRefuseTheStart) {
  Open();
  log_->AppendAndWait(0, "a").IgnoreError();
  log_.reset();
  std::filesystem::remove(directory_.path() / "log" / "CURRENT");
  EXPECT_EQ(ReasonOf(RocksDbLog::Open(OptionsFor(directory_.path() / "log")).status()),
            "DATABASE_DAMAGED");
}

TEST_F(RocksDbLogTest, DamageInATableIsSeenWhenRead) {
  Open();
  std::string noise(size_t{1} << 20, '\0');
  uint32_t state = 1;
  for (char& c : noise) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>(state >> 24);
  }
  for (int i = 0; i < 4; ++i) {
    log_->AppendAndWait(0, noise).IgnoreError();
  }
  ASSERT_TRUE(log_->database().Flush().ok());
  log_.reset();
  const std::filesystem::path table = FirstFile(directory_.path() / "log", ".sst");
  std::filesystem::path largest = table;
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path() / "log")) {
    if (entry.path().extension() == ".sst" &&
        entry.file_size() > std::filesystem::file_size(largest)) {
      largest = entry.path();
    }
  }
  ASSERT_FALSE(largest.empty());
  FlipBytes(largest, 0.3);
  absl::StatusOr<std::unique_ptr<RocksDbLog>> log =
      RocksDbLog::Open(OptionsFor(directory_.path() / "log"));
  if (!log.ok()) {
    EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss);
    return;
  }
  const auto reader = *(*log)->ReadAfter(0, 0);
  absl::Status status;
  for (int i = 0; i < 6 && status.ok(); ++i) {
    status = reader->Next().status();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(reader->Next().status(), status);
}

// An environment whose disk can be full.
class FullDiskEnv : public rocksdb::EnvWrapper {
 public:
  FullDiskEnv() : EnvWrapper(rocksdb::Env::Default()) {}

  std::atomic<bool> full{false};

  rocksdb::Status NewWritableFile(const std::string& name,
                                  std::unique_ptr<rocksdb::WritableFile>* result,
                                  const rocksdb::EnvOptions& options) override {
    std::unique_ptr<rocksdb::WritableFile> file;
    const rocksdb::Status status = EnvWrapper::NewWritableFile(name, &file, options);
    if (status.ok()) {
      *result = std::make_unique<File>(std::move(file), full);
    }
    return status;
  }

 private:
  class File : public rocksdb::WritableFileWrapper {
   public:
    File(std::unique_ptr<rocksdb::WritableFile> file, const std::atomic<bool>& full)
        : WritableFileWrapper(file.get()), file_(std::move(file)), full_(full) {}
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      return full_ ? rocksdb::Status::NoSpace() : WritableFileWrapper::Append(data);
    }
    rocksdb::Status Append(const rocksdb::Slice& data,
                           const rocksdb::DataVerificationInfo& info) override {
      return full_ ? rocksdb::Status::NoSpace() : WritableFileWrapper::Append(data, info);
    }

   private:
    const std::unique_ptr<rocksdb::WritableFile> file_;
    const std::atomic<bool>& full_;
  };
};

TEST_F(RocksDbLogTest, AFullDiskRefusesWritesUntilThereIsSpaceAgain) {
  FullDiskEnv env;
  RocksDbLogOptions options = OptionsFor(directory_.path() / "log");
  options.env = &env;
  log_ = MustOpen(options);
  ASSERT_TRUE(log_->AppendAndWait(0, "a=1").ok());
  env.full = true;
  for (int i = 0; i < 3; ++i) {
    const absl::Status status = log_->AppendAndWait(0, "b=1").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
    EXPECT_EQ(ReasonOf(status), "DISK_FULL");
  }
  EXPECT_THAT(ReadAll(*log_), ElementsAre("a=1"));  // Reads go on.
  EXPECT_EQ(*log_->CountIndexed('i'), 1);
  env.full = false;
  absl::StatusOr<LogPosition> position = absl::UnknownError("");
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!position.ok() && std::chrono::steady_clock::now() < deadline) {
    position = log_->AppendAndWait(0, "c=1");
    std::this_thread::sleep_for(20ms);
  }
  ASSERT_TRUE(position.ok()) << position.status();
  EXPECT_THAT(ReadAll(*log_), ElementsAre("a=1", "c=1"));
  log_.reset();
  Open();
  EXPECT_THAT(ReadAll(*log_), ElementsAre("a=1", "c=1"));
  EXPECT_EQ(*log_->CountIndexed('i'), 2);
}

}  // namespace
}  // namespace lagebild
