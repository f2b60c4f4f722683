#include "common/storage/offline.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "common/status/error.h"
#include "common/storage/info_log.h"

namespace lagebild::storage {
namespace {

std::string Quoted(const std::filesystem::path& path) { return "\"" + path.string() + "\""; }

absl::Status Damaged(const std::filesystem::path& directory, const rocksdb::Status& status) {
  return DataLoss("DATABASE_DAMAGED",
                  "the database in " + Quoted(directory) + " is damaged: " + status.ToString());
}

// Holds RocksDB's own lock on a directory, so that no service starts on it meanwhile.
class DirectoryLock {
 public:
  static absl::StatusOr<DirectoryLock> Take(const std::filesystem::path& directory) {
    std::error_code error;
    if (!std::filesystem::exists(directory / "CURRENT", error)) {
      return NotFound("NOT_A_DATABASE", "there is no database in " + Quoted(directory));
    }
    DirectoryLock lock;
    const std::string file = (directory / "LOCK").string();
    if (!rocksdb::Env::Default()->LockFile(file, &lock.lock_).ok()) {
      return Unavailable("DIRECTORY_IN_USE",
                         Quoted(directory) + " is in use: stop its service first");
    }
    return lock;
  }
  DirectoryLock(DirectoryLock&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
  DirectoryLock& operator=(DirectoryLock&& other) = delete;
  ~DirectoryLock() { Release(); }

  void Release() {
    if (rocksdb::FileLock* const lock = std::exchange(lock_, nullptr); lock != nullptr) {
      (void)rocksdb::Env::Default()->UnlockFile(lock);
    }
  }

 private:
  DirectoryLock() = default;
  rocksdb::FileLock* lock_ = nullptr;
};

// A database opened for reading only, with all its column families.
struct ReadOnly {
  ~ReadOnly() {
    for (rocksdb::ColumnFamilyHandle* const handle : handles) {
      (void)db->DestroyColumnFamilyHandle(handle);
    }
  }
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
};

absl::StatusOr<std::unique_ptr<ReadOnly>> OpenReadOnly(const std::filesystem::path& directory) {
  rocksdb::DBOptions options;
  options.paranoid_checks = true;
  options.info_log = OpenInfoLog(directory);
  std::vector<std::string> names;
  rocksdb::Status status = rocksdb::DB::ListColumnFamilies(options, directory.string(), &names);
  auto opened = std::make_unique<ReadOnly>();
  if (status.ok()) {
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) {
      families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    }
    rocksdb::DB* raw = nullptr;
    status =
        rocksdb::DB::OpenForReadOnly(options, directory.string(), families, &opened->handles, &raw);
    opened->db.reset(raw);
  }
  if (!status.ok()) {
    return Damaged(directory, status);
  }
  return opened;
}

absl::StatusOr<DirectoryContents> ReadSchema(const ReadOnly& opened,
                                             const std::filesystem::path& directory) {
  std::string stored;
  const rocksdb::Status status = opened.db->Get({}, ToSlice(kSchemaKey), &stored);
  if (status.IsNotFound()) {
    return NotFound("NOT_A_DATABASE", Quoted(directory) + " holds a database of another program");
  }
  if (!status.ok()) {
    return Damaged(directory, status);
  }
  DirectoryContents contents;
  const size_t nul = stored.find('\0');
  contents.kind = stored.substr(0, nul);
  const char* const digits = stored.data() + std::min(nul, stored.size() - 1) + 1;
  std::from_chars(digits, stored.data() + stored.size(), contents.schema_version);
  return contents;
}

}  // namespace

absl::StatusOr<DirectoryContents> InspectDirectory(const std::filesystem::path& directory) {
  const absl::StatusOr<DirectoryLock> lock = DirectoryLock::Take(directory);
  if (!lock.ok()) {
    return lock.status();
  }
  const absl::StatusOr<std::unique_ptr<ReadOnly>> opened = OpenReadOnly(directory);
  if (!opened.ok()) {
    return opened.status();
  }
  absl::StatusOr<DirectoryContents> contents = ReadSchema(**opened, directory);
  if (!contents.ok()) {
    return contents;
  }
  const rocksdb::Status read =
      ReadEverything(*(*opened)->db, (*opened)->handles, &contents->contents);
  if (!read.ok()) {
    return Damaged(directory, read);
  }
  return contents;
}

absl::Status DeleteDatabase(const std::filesystem::path& directory, std::string_view kind) {
  absl::StatusOr<DirectoryLock> lock = DirectoryLock::Take(directory);
  if (!lock.ok()) {
    return lock.status();
  }
  {
    const absl::StatusOr<std::unique_ptr<ReadOnly>> opened = OpenReadOnly(directory);
    const absl::StatusOr<DirectoryContents> contents =
        opened.ok() ? ReadSchema(**opened, directory) : opened.status();
    if (absl::IsDataLoss(contents.status())) {
      return FailedPrecondition("SCHEMA_MISMATCH",
                                std::string(contents.status().message()) +
                                    "; what it holds cannot be told: delete the directory yourself "
                                    "when it is a " +
                                    std::string(kind));
    }
    if (!contents.ok()) {
      return contents.status();
    }
    if (contents->kind != kind) {
      return FailedPrecondition(
          "SCHEMA_MISMATCH",
          Quoted(directory) + " holds a " + contents->kind + ", not a " + std::string(kind));
    }
  }
  lock->Release();  // DestroyDB takes it itself.
  // It would also remove the empty directory, which a service may not be allowed to make again.
  const std::filesystem::path keeper = directory / kDeletionMark;
  std::ofstream(keeper).flush();
  const rocksdb::Status destroyed = rocksdb::DestroyDB(directory.string(), rocksdb::Options());
  std::error_code error;
  std::filesystem::remove(keeper, error);
  if (!destroyed.ok()) {
    return MakeError(absl::StatusCode::kInternal, "STORAGE_ERROR",
                     Quoted(directory) + " cannot be deleted: " + destroyed.ToString());
  }
  return absl::OkStatus();
}

}  // namespace lagebild::storage
