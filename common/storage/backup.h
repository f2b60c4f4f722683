#ifndef LAGEBILD_COMMON_STORAGE_BACKUP_H_
#define LAGEBILD_COMMON_STORAGE_BACKUP_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/database.h"

namespace rocksdb {
class BackupEngine;
}

namespace lagebild::storage {

/// A backup in a backup directory.
struct BackupEntry {
  uint32_t id = 0;                 ///< Counts up from 1.
  int64_t created_at_seconds = 0;  ///< Since 1970.
  uint64_t size_bytes = 0;         ///< Of all its files, also those shared with other backups.
  uint32_t file_count = 0;
};

/// Makes backups of a running database with RocksDB's BackupEngine: table and blob files are copied
/// once and shared between backups, each file with its checksum. Thread-safe; one backup at a time.
class BackupMaker {
 public:
  /// `directory` is created with the first backup. The database must outlive it.
  BackupMaker(Database& database, std::filesystem::path directory);
  ~BackupMaker();
  BackupMaker(const BackupMaker&) = delete;
  BackupMaker& operator=(const BackupMaker&) = delete;

  /// Makes a backup of everything written before the call, and then deletes all but the newest
  /// `keep` (0 = none). Errors: FAILED_PRECONDITION (BACKUP_RUNNING), RESOURCE_EXHAUSTED
  /// (DISK_FULL), PERMISSION_DENIED (DIRECTORY_NOT_WRITABLE), ABORTED (BACKUP_STOPPED), DATA_LOSS.
  absl::StatusOr<BackupEntry> Create(uint32_t keep);

  /// Makes a running Create() end soon; those to come end at once.
  void Stop();

 private:
  Database& database_;
  const std::filesystem::path directory_;
  std::mutex running_;  // Held by the backup that is being made.
  std::mutex mutex_;    // Guards what follows.
  bool stopped_ = false;
  rocksdb::BackupEngine* engine_ = nullptr;  // Of the backup that is being made.
};

/// The backups in a directory, the oldest first; none when there is no such directory.
/// Errors: DATA_LOSS (BACKUP_DAMAGED) naming the directory.
absl::StatusOr<std::vector<BackupEntry>> ListBackups(const std::filesystem::path& directory);

/// Reads all files of a backup and compares size and checksum. `id` 0 = the newest.
/// Errors: NOT_FOUND (BACKUP_NOT_FOUND), DATA_LOSS (BACKUP_DAMAGED) naming the file.
absl::StatusOr<BackupEntry> VerifyBackup(const std::filesystem::path& directory, uint32_t id);

/// Puts a verified backup into a directory that must be empty or not exist, and reads the restored
/// database. Errors: as VerifyBackup(); FAILED_PRECONDITION (DIRECTORY_NOT_EMPTY),
/// RESOURCE_EXHAUSTED (DISK_FULL).
absl::StatusOr<BackupEntry> RestoreBackup(const std::filesystem::path& directory, uint32_t id,
                                          const std::filesystem::path& target);

}  // namespace lagebild::storage

#endif  // LAGEBILD_COMMON_STORAGE_BACKUP_H_
