#include "common/log/log_format.h"

#include "common/hash/hash.h"
#include "common/status/error.h"
#include "common/storage/keys.h"

namespace lagebild::log_format {
namespace {

constexpr char kCursorTag = '\x01';
constexpr char kRecordTag = '\x01';

}  // namespace

std::string RecordKey(LogPosition position) {
  std::string key(1, kRecordTag);
  storage::AppendUint64(&key, static_cast<uint64_t>(position));
  return key;
}

std::optional<LogPosition> PositionOfKey(std::string_view key) {
  uint8_t tag = 0;
  uint64_t position = 0;
  if (!storage::TakeByte(&key, &tag) || tag != static_cast<uint8_t>(kRecordTag) ||
      !storage::TakeUint64(&key, &position) || !key.empty()) {
    return std::nullopt;
  }
  return static_cast<LogPosition>(position);
}

std::string CursorKey(std::string_view input_name, int32_t partition) {
  std::string key(1, kCursorTag);
  storage::AppendString(&key, input_name);
  storage::AppendUint32(&key, static_cast<uint32_t>(partition));
  return key;
}

std::string EncodePosition(LogPosition position) {
  std::string value;
  storage::AppendUint64(&value, static_cast<uint64_t>(position));
  return value;
}

uint32_t RecordCrc(std::string_view key, std::string_view payload) {
  std::string mixed(key);
  storage::AppendUint32(&mixed, Crc32c(payload));
  return Crc32c(mixed);
}

absl::Status CorruptRecord(const storage::Database& database, LogPosition position) {
  const std::string record = "record " + std::to_string(position);
  return WithPublicMessage(
      DataLoss("CORRUPT_RECORD",
               record + " in \"" + database.directory().string() + "\" fails its checksum"),
      record + " fails its checksum");
}

absl::Status CorruptIndex(const storage::Database& database) {
  return WithPublicMessage(
      DataLoss("CORRUPT_RECORD",
               "an index entry in \"" + database.directory().string() + "\" is damaged"),
      "an index entry of the log is damaged");
}

absl::StatusOr<LogRecord> DecodeRecord(const storage::Database& database, std::string_view key,
                                       std::string_view value) {
  const std::optional<LogPosition> position = PositionOfKey(key);
  uint32_t crc = 0;
  if (!position.has_value() || !storage::TakeUint32(&value, &crc) || RecordCrc(key, value) != crc) {
    return CorruptRecord(database, position.value_or(0));
  }
  return LogRecord{*position, std::string(value)};
}

std::optional<IndexHit> DecodeIndexEntry(std::string_view key, std::string_view value) {
  uint64_t position = 0;
  if (!storage::TakeUint64(&value, &position)) {
    return std::nullopt;
  }
  return IndexHit{std::string(key), static_cast<LogPosition>(position), std::string(value)};
}

}  // namespace lagebild::log_format
