#include "common/storage/backup.h"

#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "common/status/error.h"
#include "common/storage/offline.h"

namespace lagebild::storage {
namespace {

using EnginePtr = std::unique_ptr<rocksdb::BackupEngine>;
using ReaderPtr = std::unique_ptr<rocksdb::BackupEngineReadOnly>;

std::string Quoted(const std::filesystem::path& path) { return "\"" + path.string() + "\""; }

rocksdb::BackupEngineOptions OptionsFor(const std::filesystem::path& directory) {
  rocksdb::BackupEngineOptions options(directory.string());
  // A copy that the database's own checksums do not vouch for is told by the name's session too.
  options.share_table_files = true;
  options.sync = true;
  return options;
}

absl::Status Map(const rocksdb::Status& status, const std::filesystem::path& directory) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  if (status.IsIncomplete()) {
    return MakeError(absl::StatusCode::kAborted, "BACKUP_STOPPED",
                     "the backup was stopped before it was complete");
  }
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::SubCode::kNoSpace) {
    return WithPublicMessage(ResourceExhausted("DISK_FULL", "the disk under " + Quoted(directory) +
                                                                " is full; free space"),
                             "the disk of the backups is full");
  }
  if (status.IsNotFound()) {
    return NotFound("BACKUP_NOT_FOUND", "there is no such backup in " + Quoted(directory));
  }
  if (status.IsCorruption()) {
    return WithPublicMessage(DataLoss("BACKUP_DAMAGED", "a backup in " + Quoted(directory) +
                                                            " is damaged: " + status.ToString()),
                             "a backup is damaged; the service's log says which file");
  }
  return MakeError(absl::StatusCode::kInternal, "STORAGE_ERROR",
                   "the backups in " + Quoted(directory) + " cannot be used: " + status.ToString());
}

BackupEntry ToEntry(const rocksdb::BackupInfo& info) {
  return {info.backup_id, info.timestamp, info.size, info.number_files};
}

// RocksDB's read-only engine makes an empty backup directory where there is none; that would hide a
// mistyped name.
absl::StatusOr<ReaderPtr> OpenReader(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory / "meta", error)) {
    return NotFound("BACKUP_NOT_FOUND", "there are no backups in " + Quoted(directory));
  }
  rocksdb::BackupEngineReadOnly* raw = nullptr;
  const rocksdb::IOStatus status =
      rocksdb::BackupEngineReadOnly::Open(OptionsFor(directory), rocksdb::Env::Default(), &raw);
  ReaderPtr reader(raw);
  if (absl::Status mapped = Map(status, directory); !mapped.ok()) {
    return mapped;
  }
  return reader;
}

absl::StatusOr<BackupEntry> Verify(const rocksdb::BackupEngineReadOnly& reader,
                                   const std::filesystem::path& directory, uint32_t id) {
  rocksdb::BackupInfo info;
  // The newest of all, not the newest that is sound: an older state is for a person to choose.
  std::vector<rocksdb::BackupID> damaged;
  reader.GetCorruptedBackups(&damaged);
  const rocksdb::Status found =
      id == 0 ? reader.GetLatestBackupInfo(&info) : reader.GetBackupInfo(id, &info);
  const auto newest = std::max_element(damaged.begin(), damaged.end());
  if (id == 0 && newest != damaged.end() && (!found.ok() || *newest > info.backup_id)) {
    return DataLoss("BACKUP_DAMAGED", "backup " + std::to_string(*newest) + " in " +
                                          Quoted(directory) +
                                          " is damaged: files are missing or cut; an older one can "
                                          "be named with --id");
  }
  if (absl::Status mapped = Map(found, directory); !mapped.ok()) {
    return mapped;
  }
  if (absl::Status mapped =
          Map(reader.VerifyBackup(info.backup_id, /*verify_with_checksum=*/true), directory);
      !mapped.ok()) {
    return mapped;
  }
  return ToEntry(info);
}

}  // namespace

BackupMaker::BackupMaker(Database& database, std::filesystem::path directory)
    : database_(database), directory_(std::move(directory)) {}

BackupMaker::~BackupMaker() = default;

absl::StatusOr<BackupEntry> BackupMaker::Create(uint32_t keep) {
  const std::unique_lock running(running_, std::try_to_lock);
  if (!running.owns_lock()) {
    return FailedPrecondition("BACKUP_RUNNING",
                              "a backup is being made; try again when it is done");
  }
  std::error_code error;
  std::filesystem::create_directories(directory_, error);
  if (error) {
    return WithPublicMessage(
        MakeError(absl::StatusCode::kPermissionDenied, "DIRECTORY_NOT_WRITABLE",
                  "backup directory " + Quoted(directory_) + " cannot be made: " + error.message()),
        "the backup directory cannot be made; the service's log says why");
  }
  rocksdb::BackupEngine* raw = nullptr;
  const rocksdb::IOStatus opened =
      rocksdb::BackupEngine::Open(OptionsFor(directory_), rocksdb::Env::Default(), &raw);
  const EnginePtr engine(raw);
  if (absl::Status status = Map(opened, directory_); !status.ok()) {
    return status;
  }
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) {
      return Map(rocksdb::Status::Incomplete(), directory_);
    }
    engine_ = engine.get();
  }
  // What is in memory goes to files first: those have checksums, and the next backup shares them.
  rocksdb::CreateBackupOptions options;
  options.flush_before_backup = true;
  rocksdb::BackupID id = 0;
  const rocksdb::IOStatus created = engine->CreateNewBackup(options, database_.db(), &id);
  {
    const std::lock_guard lock(mutex_);
    engine_ = nullptr;
  }
  if (absl::Status status = Map(created, directory_); !status.ok()) {
    return status;
  }
  rocksdb::BackupInfo info;
  if (absl::Status status = Map(engine->GetBackupInfo(id, &info), directory_); !status.ok()) {
    return status;
  }
  if (keep > 0) {
    if (absl::Status status = Map(engine->PurgeOldBackups(keep), directory_); !status.ok()) {
      return status;
    }
  }
  return ToEntry(info);
}

void BackupMaker::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (engine_ != nullptr) {
    engine_->StopBackup();
  }
}

absl::StatusOr<std::vector<BackupEntry>> ListBackups(const std::filesystem::path& directory) {
  std::vector<BackupEntry> entries;
  const absl::StatusOr<ReaderPtr> reader = OpenReader(directory);
  if (!reader.ok()) {
    if (absl::IsNotFound(reader.status())) {
      return entries;
    }
    return reader.status();
  }
  std::vector<rocksdb::BackupInfo> infos;
  (*reader)->GetBackupInfo(&infos);
  for (const rocksdb::BackupInfo& info : infos) {
    entries.push_back(ToEntry(info));
  }
  std::sort(entries.begin(), entries.end(),
            [](const BackupEntry& a, const BackupEntry& b) { return a.id < b.id; });
  return entries;
}

absl::StatusOr<BackupEntry> VerifyBackup(const std::filesystem::path& directory, uint32_t id) {
  const absl::StatusOr<ReaderPtr> reader = OpenReader(directory);
  if (!reader.ok()) {
    return reader.status();
  }
  return Verify(**reader, directory, id);
}

absl::StatusOr<BackupEntry> RestoreBackup(const std::filesystem::path& directory, uint32_t id,
                                          const std::filesystem::path& target) {
  std::error_code error;
  if (std::filesystem::exists(target, error) &&
      (!std::filesystem::is_directory(target, error) || !std::filesystem::is_empty(target, error) ||
       error)) {
    return FailedPrecondition("DIRECTORY_NOT_EMPTY",
                              Quoted(target) + " is not an empty directory; name a new one");
  }
  const absl::StatusOr<ReaderPtr> reader = OpenReader(directory);
  if (!reader.ok()) {
    return reader.status();
  }
  absl::StatusOr<BackupEntry> entry = Verify(**reader, directory, id);
  if (!entry.ok()) {
    return entry.status();
  }
  std::filesystem::create_directories(target, error);
  if (error) {
    return MakeError(absl::StatusCode::kPermissionDenied, "DIRECTORY_NOT_WRITABLE",
                     Quoted(target) + " cannot be made: " + error.message());
  }
  if (absl::Status status =
          Map((*reader)->RestoreDBFromBackup(entry->id, target.string(), target.string()), target);
      !status.ok()) {
    return status;
  }
  // Copied well is not yet readable: only reading it tells.
  if (const auto contents = InspectDirectory(target); !contents.ok()) {
    return contents.status();
  }
  return entry;
}

}  // namespace lagebild::storage
