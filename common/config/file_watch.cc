#include "common/config/file_watch.h"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>

#include "common/status/error.h"

namespace lagebild {
namespace {

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

int64_t Nanoseconds(const timespec& time) {
  constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
  return int64_t{time.tv_sec} * kNanosecondsPerSecond + time.tv_nsec;
}

}  // namespace

FileWatch::FileWatch(std::vector<std::filesystem::path> files, std::chrono::milliseconds pause)
    : files_(std::move(files)),
      pause_(pause),
      next_look_ns_(SteadyNow() + pause_.count()),
      stamps_(Look()) {}

bool FileWatch::Changed() {
  const int64_t now = SteadyNow();
  int64_t next = next_look_ns_.load(std::memory_order_relaxed);
  if (now < next || !next_look_ns_.compare_exchange_strong(next, now + pause_.count())) {
    return false;
  }
  std::vector<Stamp> stamps = Look();
  const std::lock_guard lock(mutex_);
  if (stamps == stamps_) {
    return false;
  }
  stamps_ = std::move(stamps);
  return true;
}

std::vector<FileWatch::Stamp> FileWatch::Look() const {
  std::vector<Stamp> stamps;
  for (const std::filesystem::path& file : files_) {
    struct stat info {};
    Stamp stamp;
    if (stat(file.c_str(), &info) == 0) {
      stamp = {info.st_dev, info.st_ino, info.st_size, Nanoseconds(info.st_mtim),
               Nanoseconds(info.st_ctim)};
    }
    stamps.push_back(stamp);
  }
  return stamps;
}

absl::StatusOr<std::string> ReadConfigFile(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  // An empty file sets the stream's failbit, which is no error of reading.
  if (file.is_open() && file.peek() != std::ifstream::traits_type::eof()) {
    content << file.rdbuf();
  }
  if (!file.is_open() || file.bad() || content.fail()) {
    return InvalidArgument("CONFIG", "cannot read \"" + path.string() +
                                         "\": " + std::generic_category().message(errno));
  }
  return content.str();
}

}  // namespace lagebild
