#include "common/storage/high_water.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/hash/hash.h"
#include "common/status/error.h"
#include "common/storage/keys.h"

// File := value:8 crc:4, big-endian; crc = CRC-32C of the value. An empty file and one of zeros are
// what a power cut leaves of one that was just made.

namespace lagebild::storage {
namespace {

constexpr size_t kFileBytes = 12;

std::string Encode(int64_t value) {
  std::string bytes;
  AppendUint64(&bytes, static_cast<uint64_t>(value));
  AppendUint32(&bytes, Crc32c(bytes));
  return bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<HighWater>> HighWater::Open(std::filesystem::path file) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  std::unique_ptr<HighWater> high_water(new HighWater(std::move(file), fd));
  if (fd < 0) {
    return high_water->Failed();
  }
  if (absl::Status status = high_water->Read(); !status.ok()) {
    return status;
  }
  // Blocks are reserved now, so that a full disk does not matter later.
  if (const int error = posix_fallocate(fd, 0, kFileBytes); error != 0) {
    errno = error;
    return high_water->Failed();
  }
  return high_water;
}

HighWater::~HighWater() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

absl::Status HighWater::Read() {
  std::string bytes(kFileBytes, '\0');
  const ssize_t read = pread(fd_, bytes.data(), bytes.size(), 0);
  if (read < 0) {
    return Failed();
  }
  bytes.resize(static_cast<size_t>(read));
  if (bytes.find_first_not_of('\0') == std::string::npos) {
    return absl::OkStatus();
  }
  std::string_view rest = bytes;
  uint64_t value = 0;
  if (!TakeUint64(&rest, &value) || Encode(static_cast<int64_t>(value)) != bytes) {
    return DataLoss(
        "DATABASE_DAMAGED",
        "\"" + file_.string() +
            "\", which says how far the log had been written, fails its checksum; "
            "delete this file when \"lagebild admin verify\" finds the directory sound");
  }
  value_ = static_cast<int64_t>(value);
  return absl::OkStatus();
}

absl::Status HighWater::Raise(int64_t value) {
  const std::string bytes = Encode(value);
  if (pwrite(fd_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return Failed();
  }
  value_ = value;
  return absl::OkStatus();
}

absl::Status HighWater::Failed() const {
  const std::string message =
      "\"" + file_.string() + "\" cannot be written: " + std::generic_category().message(errno);
  return errno == ENOSPC
             ? ResourceExhausted("DISK_FULL", message)
             : MakeError(absl::StatusCode::kPermissionDenied, "DIRECTORY_NOT_WRITABLE", message);
}

}  // namespace lagebild::storage
