#ifndef LAGEBILD_COMMON_CONFIG_FILE_WATCH_H_
#define LAGEBILD_COMMON_CONFIG_FILE_WATCH_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <vector>

#include "absl/status/statusor.h"

namespace lagebild {

/// Tells when files have changed: another inode, size or time, also behind symbolic links, as
/// Kubernetes swaps them under mounted secrets.
///
/// Asking is cheap enough for every request: the files are looked at no more than once a `pause`.
/// Make it before the files are read for the first time, then no change is missed. Thread-safe.
class FileWatch {
 public:
  explicit FileWatch(std::vector<std::filesystem::path> files,
                     std::chrono::milliseconds pause = std::chrono::seconds(1));

  /// Whether a file has changed since this was made or last said so. Of several threads that ask at
  /// once one is told.
  bool Changed();

 private:
  struct Stamp {
    uint64_t device = 0;
    uint64_t inode = 0;
    int64_t size = -1;  // -1 = there is no such file.
    int64_t modified_ns = 0;
    int64_t changed_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  std::vector<Stamp> Look() const;

  const std::vector<std::filesystem::path> files_;
  const std::chrono::nanoseconds pause_;
  std::atomic<int64_t> next_look_ns_;  // Of the steady clock.
  std::mutex mutex_;
  std::vector<Stamp> stamps_;
};

/// The bytes of a file. Errors: INVALID_ARGUMENT (CONFIG) "cannot read "...": reason".
absl::StatusOr<std::string> ReadConfigFile(const std::filesystem::path& path);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_CONFIG_FILE_WATCH_H_
