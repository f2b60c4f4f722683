#ifndef LAGEBILD_COMMON_LOG_ROCKSDB_LOG_H_
#define LAGEBILD_COMMON_LOG_ROCKSDB_LOG_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/log/log.h"

namespace rocksdb {
class Env;
}
namespace lagebild::storage {
class Database;
}

namespace lagebild {

/// How a log is opened.
struct RocksDbLogOptions {
  std::filesystem::path directory;  ///< Created when it does not exist; one process at a time.
  std::string kind;  ///< What it holds ("documents log"); checked at the next opening.
  /// Of the indexer's keys. A log of an older version gets its index made anew when it is opened,
  /// from the records, which say their format themselves.
  uint32_t schema_version = 1;
  Indexer indexer;      ///< May be empty: no index.
  std::string way_out;  ///< What to do when it is damaged; one clause.
  size_t block_cache_bytes = size_t{32} << 20;
  size_t max_batch_bytes = size_t{8} << 20;  ///< Most bytes that share one sync.
  rocksdb::Env* env = nullptr;               ///< For tests.
};

/// Figures for metrics.
struct LogFigures {
  LogPosition head = 0;
  uint64_t syncs = 0;       ///< Since start.
  uint64_t records = 0;     ///< Appended since start.
  uint64_t queued = 0;      ///< Appends that wait for the committer.
  uint64_t live_bytes = 0;  ///< On disk.
  uint64_t memtable_bytes = 0;
  uint64_t block_cache_bytes = 0;
  uint64_t pending_compaction_bytes = 0;
  uint64_t background_errors = 0;
  bool write_stopped = false;
};

/// The embedded log: one RocksDB database with one partition, 0.
///
/// One thread commits: everything queued goes into one write batch and one sync, then the head is
/// published, callbacks and subscribers run. Latency is one sync; throughput is the disk's
/// bandwidth. Values are kept in blob files, so that compaction does not rewrite texts. Errors of
/// Open(): as storage::Database::Open().
class RocksDbLog : public Log {
 public:
  static absl::StatusOr<std::unique_ptr<RocksDbLog>> Open(RocksDbLogOptions options);

  virtual LogFigures Figures() const = 0;
  /// For backups and verification; owned by the log.
  virtual storage::Database& database() = 0;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_LOG_ROCKSDB_LOG_H_
