#ifndef LAGEBILD_COMMON_STORAGE_DATABASE_H_
#define LAGEBILD_COMMON_STORAGE_DATABASE_H_

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lagebild::storage {

/// The key under which a database says what it holds: kind, NUL, version in decimal.
inline constexpr std::string_view kSchemaKey{"\0schema", 7};

/// A file that keeps a directory from disappearing while the database in it is deleted.
inline constexpr std::string_view kDeletionMark = "deleting.lagebild";

/// A column family beside the default one.
struct FamilyOptions {
  std::string name;
  /// Changes what differs from the common options (blob files, bloom filters, merge operators).
  std::function<void(rocksdb::ColumnFamilyOptions&)> customize;
};

class Database;

/// What is put under a key, or that nothing is any more.
struct TableEntry {
  std::string_view key = {};
  std::string_view value = {};
  bool is_delete = false;
};

/// Entries of one family in ascending order of their keys, each key once.
struct Table {
  rocksdb::ColumnFamilyHandle* family = nullptr;
  std::vector<TableEntry> entries;
  /// None of the keys has ever been written, and who reads an earlier snapshot does not ask for
  /// them: it may see them. So the file is as good as merged where its keys lie behind all others.
  bool appended = false;
};

/// How a database is opened.
struct DatabaseOptions {
  std::filesystem::path directory;  ///< Created when it does not exist.
  std::string kind;  ///< What it holds ("documents log"); a directory of another kind is refused.
  uint32_t schema_version = 1;  ///< Of the key layouts; stored with the database.
  /// Makes a database of an older version one of this version; after that the new version is
  /// stored. Must be able to begin again when it was interrupted. Empty = older ones are refused.
  std::function<absl::Status(Database& database, uint32_t from_version)> upgrade;
  std::vector<FamilyOptions> families;
  /// What a person can do when it is damaged or of another version; one clause ("delete it, it is
  /// rebuilt from the extractions log").
  std::string way_out;
  /// Without it, what was written since the last flush is lost with the process: of all families
  /// the same, so that what is left is a state that once was. For what is made of a log that is
  /// kept elsewhere.
  bool write_ahead_log = true;
  size_t block_cache_bytes = size_t{64} << 20;
  size_t write_buffer_bytes = size_t{32} << 20;
  /// With less free on the disk, writes are refused: enough for what is in memory and a batch.
  uint64_t reserve_bytes = uint64_t{64} << 20;
  /// Environment for tests (faults, full disks); null = the machine's.
  rocksdb::Env* env = nullptr;
};

/// What reading a whole database has counted.
struct DatabaseContents {
  uint64_t entries = 0;
  uint64_t bytes = 0;  ///< Of keys and values.
};

/// Figures for metrics.
struct DatabaseFigures {
  uint64_t live_bytes = 0;         ///< Size of live table and blob files.
  uint64_t memtable_bytes = 0;     ///< Held in memory, not yet in a file.
  uint64_t block_cache_bytes = 0;  ///< Used by the cache.
  uint64_t pending_compaction_bytes = 0;
  uint64_t background_errors = 0;  ///< Since start.
  bool write_stopped = false;      ///< Writes are refused (disk full or damage).
};

/// A RocksDB database with its column families, opened with the project's options: a checked
/// write-ahead log, checksums verified on every read, one process per directory.
///
/// The default family holds one key of its own, "\x00schema" -> kind, NUL, version in decimal; keys
/// beginning with 0x00 are reserved for this class. Thread-safe. Errors name the directory.
class Database {
 public:
  /// Errors, each one sentence fit for the terminal: FAILED_PRECONDITION (directory of another kind
  /// or schema version: SCHEMA_MISMATCH; not a database: NOT_A_DATABASE), UNAVAILABLE (in use by
  /// another process: DIRECTORY_IN_USE), PERMISSION_DENIED (not writable: DIRECTORY_NOT_WRITABLE),
  /// DATA_LOSS (damaged: DATABASE_DAMAGED), RESOURCE_EXHAUSTED (DISK_FULL).
  static absl::StatusOr<std::unique_ptr<Database>> Open(DatabaseOptions options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB* db() const { return db_.get(); }
  rocksdb::ColumnFamilyHandle* default_family() const { return db_->DefaultColumnFamily(); }
  /// REQUIRES: named in the options.
  rocksdb::ColumnFamilyHandle* family(std::string_view name) const;
  const std::filesystem::path& directory() const { return options_.directory; }

  /// Writes a batch; with `sync` it is durable on return (without a write-ahead log by a flush).
  /// RESOURCE_EXHAUSTED (DISK_FULL) while the disk is full; after that, writing goes on by itself.
  absl::Status Write(rocksdb::WriteBatch* batch, bool sync);

  /// Writes many entries as table files of their own, past the memory tables, and takes all files
  /// in together: after a crash all of them are there or none. Durable on return, with everything
  /// written before. Cheaper than Write() from some megabytes on. Errors: as Write().
  /// REQUIRES: at least one table, and nobody else writes meanwhile.
  absl::Status WriteTables(const std::vector<Table>& tables);

  /// Lets tables pile up before they are merged, while many come in at once and nobody waits for
  /// reads, or takes that back, which sets merging off. Not kept over a restart. Not thread-safe
  /// with itself.
  absl::Status PutOffMerging(bool put_off);

  /// The value of a key; nullopt when there is none.
  absl::StatusOr<std::optional<std::string>> Get(rocksdb::ColumnFamilyHandle* family,
                                                 std::string_view key,
                                                 const rocksdb::Snapshot* snapshot = nullptr) const;

  /// Maps an error of RocksDB: corruption, a missing file -> DATA_LOSS with directory and way out,
  /// no space -> RESOURCE_EXHAUSTED DISK_FULL, lock -> UNAVAILABLE, the rest -> INTERNAL.
  absl::Status Map(const rocksdb::Status& status) const;

  /// DATA_LOSS DATABASE_DAMAGED with directory and way out, where others find that something is
  /// missing.
  absl::Status Damaged(std::string_view what) const;

  /// How many entries a family holds whose keys are written once and never deleted; from what its
  /// files say of themselves.
  absl::StatusOr<uint64_t> CountWritten(rocksdb::ColumnFamilyHandle* family) const;

  /// Reads everything and checks every checksum; does not disturb the cache. Errors: DATA_LOSS.
  absl::StatusOr<DatabaseContents> Verify() const;

  /// Deletes everything but the schema, without a sync. For what is rebuilt from elsewhere.
  absl::Status Clear();

  /// Figures of now; cheap enough for every scrape.
  DatabaseFigures Figures() const;

  /// Moves what is in memory to files, so that the next start has no log to replay. For a clean
  /// stop.
  absl::Status Flush();

 private:
  class Listener;
  explicit Database(DatabaseOptions options);
  absl::Status PrepareDirectory() const;
  absl::Status CheckSpace();
  // Whether to write at all: space, and what became of the last failure.
  absl::Status PrepareWrite();
  absl::Status FailWrite(const rocksdb::Status& status);
  void RemoveTables() const;
  rocksdb::Status MakeTable(const Table& table, const std::string& path) const;
  rocksdb::Status MakeTables(const std::vector<Table>& tables,
                             const std::vector<std::string>& paths) const;
  absl::Status DiskFull(std::string_view why) const;
  absl::Status OpenFamilies();
  absl::Status CheckSchema();
  // The stored version, which may be older where that can be upgraded.
  absl::StatusOr<uint32_t> CompareSchema(std::string_view stored) const;
  absl::Status Upgrade(uint32_t from_version);
  absl::Status StoreSchema();

  DatabaseOptions options_;
  bool merging_put_off_ = false;
  std::shared_ptr<Listener> listener_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*>
      handles_;  // The default family first, then options_.families.

  std::atomic<bool> disk_full_{false};  // As the newest write found it.

  // After a failed write: the next one resumes the database first, at most once in a while.
  std::mutex failure_mutex_;
  absl::Status failure_;
  std::chrono::steady_clock::time_point last_resume_;
};

/// Reads every entry of these families and the checksum of every block. For Verify() and for
/// databases opened without a Database.
rocksdb::Status ReadEverything(rocksdb::DB& db,
                               const std::vector<rocksdb::ColumnFamilyHandle*>& families,
                               DatabaseContents* contents);

/// Gives a family blocks of another size than the usual 16 KiB: larger ones are smaller on disk and
/// dearer to read one entry of. To be called in FamilyOptions::customize.
void SetBlockSize(rocksdb::ColumnFamilyOptions& family, size_t bytes);

/// A RocksDB slice over a view and back.
inline rocksdb::Slice ToSlice(std::string_view view) { return {view.data(), view.size()}; }
inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace lagebild::storage

#endif  // LAGEBILD_COMMON_STORAGE_DATABASE_H_
