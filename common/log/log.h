#ifndef LAGEBILD_COMMON_LOG_LOG_H_
#define LAGEBILD_COMMON_LOG_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lagebild {

/// Position of a record in one partition of a log: strictly increasing from 1, gaps allowed; 0 =
/// before the first.
using LogPosition = int64_t;

/// A record as it was appended.
struct LogRecord {
  LogPosition position = 0;
  std::string payload;
};

/// Where a reader of another log stands: it is stored in the same operation as what was made of the
/// record.
struct InputCursor {
  std::string name;  ///< Which input ("documents", "documents/generation-2"); at most 200 bytes.
  int32_t partition = 0;     ///< Partition of the input.
  LogPosition position = 0;  ///< Newest input record taken in.
};

/// What the index knows under a key: the newest record filed there.
struct IndexHit {
  std::string key;
  LogPosition position = 0;
  std::string value;  ///< Small value the indexer filed with it.
};

/// Names the keys a record is found under. A pure function of the payload, so that an index can be
/// rebuilt from the log. An entry with `erase` removes the key instead.
struct IndexEntry {
  std::string key;
  std::string value;
  bool erase = false;
};
using Indexer = std::function<std::vector<IndexEntry>(std::string_view payload)>;

/// Reads a partition forward. Not thread-safe; any number of readers may be open. A reader sees
/// every record that was durable when Next() was called.
class LogReader {
 public:
  virtual ~LogReader() = default;
  /// The next record; nullopt at the end of the log (call again after a notification).
  /// Errors: DATA_LOSS when a stored record fails its checksum; the same error on every further
  /// call.
  virtual absl::StatusOr<std::optional<LogRecord>> Next() = 0;
};

/// Cancels a notification when destroyed. After the destructor returns the callback is not running
/// and will not run.
class LogSubscription {
 public:
  virtual ~LogSubscription() = default;
};

/// An append-only log with an index over its records, durable on acknowledgement.
///
/// Partitions are numbered from 0; the embedded implementation has one. Thread-safe. Concurrent
/// appends share one sync. Records become visible to readers, in order, when they are durable.
/// Errors of all writes: RESOURCE_EXHAUSTED (disk full; reads go on), DATA_LOSS, UNAVAILABLE after
/// Close().
class Log {
 public:
  using AppendCallback = std::function<void(absl::StatusOr<LogPosition>)>;
  using CommitCallback = std::function<void(absl::StatusOr<std::vector<LogPosition>>)>;

  virtual ~Log() = default;

  virtual int32_t partition_count() const = 0;

  /// Appends a record; `done` is called once, from the log's own thread, after the record is
  /// durable (or failed). Appends of one thread keep their order. `done` must not block.
  virtual void Append(int32_t partition, std::string payload, AppendCallback done) = 0;

  /// The same, waiting for the result.
  absl::StatusOr<LogPosition> AppendAndWait(int32_t partition, std::string payload);

  /// Appends records made of an input and stores how far the input was taken in, in one operation:
  /// after a crash either all of it is there or nothing. `outputs` may be empty.
  virtual void Commit(int32_t partition, std::vector<std::string> outputs, InputCursor cursor,
                      CommitCallback done) = 0;

  /// The same, waiting for the result.
  absl::StatusOr<std::vector<LogPosition>> CommitAndWait(int32_t partition,
                                                         std::vector<std::string> outputs,
                                                         InputCursor cursor);

  /// Position stored by the newest Commit() under this input; 0 when there is none.
  virtual absl::StatusOr<LogPosition> CursorOf(std::string_view input_name,
                                               int32_t input_partition) const = 0;

  /// Newest durable position; 0 when the log is empty.
  virtual absl::StatusOr<LogPosition> Head(int32_t partition) const = 0;

  /// One record. Errors: NOT_FOUND, DATA_LOSS.
  virtual absl::StatusOr<LogRecord> Read(int32_t partition, LogPosition position) const = 0;

  /// A reader that starts behind a position (exclusive). Errors: NOT_FOUND for an unknown
  /// partition.
  virtual absl::StatusOr<std::unique_ptr<LogReader>> ReadAfter(int32_t partition,
                                                               LogPosition after) const = 0;

  /// Calls `wake` once, from the log's own thread, as soon as a record behind `after` is durable;
  /// at once (possibly before returning) when there is one already, and when the log is closed.
  /// Costs nothing while waiting.
  virtual std::unique_ptr<LogSubscription> NotifyBehind(int32_t partition, LogPosition after,
                                                        std::function<void()> wake) = 0;

  /// Newest entry filed under a key; nullopt when there is none.
  virtual absl::StatusOr<std::optional<IndexHit>> Find(std::string_view key) const = 0;

  /// Entries whose key starts with `prefix` and is greater than `after_key`, in byte order, at most
  /// `limit`.
  virtual absl::StatusOr<std::vector<IndexHit>> Scan(std::string_view prefix,
                                                     std::string_view after_key,
                                                     size_t limit) const = 0;

  /// Number of entries under a prefix the indexer filed (kept exactly, read in constant time for
  /// whole indexes of one first byte).
  virtual absl::StatusOr<int64_t> CountIndexed(char first_byte) const = 0;

  /// Finishes what was accepted, wakes every subscriber, refuses further writes. Idempotent.
  virtual void Close() = 0;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_LOG_LOG_H_
