#ifndef LAGEBILD_COMMON_STORAGE_HIGH_WATER_H_
#define LAGEBILD_COMMON_STORAGE_HIGH_WATER_H_

#include <cstdint>
#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lagebild::storage {

/// A number in a small file of its own beside a database: how far it is known to have been written.
///
/// RocksDB takes the end of its files as it finds it. A write-ahead log that was cut, or lost a bit
/// in the length of a record, looks like one whose last record had not been finished when the
/// process died; what was acknowledged would be missing without a word. Raise() costs a store into
/// the page cache and no sync: the number survives the process, and after a power cut it is at most
/// too low. Not thread-safe.
class HighWater {
 public:
  /// Opens the file, or makes it with the number 0. Errors: DATA_LOSS (DATABASE_DAMAGED) naming the
  /// file when it fails its checksum, RESOURCE_EXHAUSTED (DISK_FULL), PERMISSION_DENIED
  /// (DIRECTORY_NOT_WRITABLE).
  static absl::StatusOr<std::unique_ptr<HighWater>> Open(std::filesystem::path file);
  ~HighWater();
  HighWater(const HighWater&) = delete;
  HighWater& operator=(const HighWater&) = delete;

  int64_t value() const { return value_; }
  /// Notes a higher number. REQUIRES: what it stands for is durable.
  absl::Status Raise(int64_t value);

 private:
  HighWater(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
  absl::Status Read();
  absl::Status Failed() const;

  const std::filesystem::path file_;
  const int fd_;
  int64_t value_ = 0;
};

}  // namespace lagebild::storage

#endif  // LAGEBILD_COMMON_STORAGE_HIGH_WATER_H_
