#ifndef LAGEBILD_COMMON_LOG_LOG_FORMAT_H_
#define LAGEBILD_COMMON_LOG_LOG_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/log/log.h"
#include "common/storage/database.h"

namespace lagebild::log_format {

// Key layout (integers big-endian; tag bytes are permanent):
//   family "default"
//     schema  := 0x00 "schema"                      -> see storage::Database
//     cursor  := 0x01 input_name:string partition:4 -> position:8   (signed keys: storage/keys.h)
//     count   := 0x02 first_byte:1                  -> entries:8    entries of family "index"
//     records := 0x03                               -> records:8    entries of family "records"
//   family "records"
//     record  := 0x01 position:8                    -> crc:4 payload
//                crc = CRC-32C over key and payload, so that a value under another's key is seen
//                too
//   family "index"
//     entry   := the indexer's key                  -> position:8 value
// Beside the database, in the file head.lagebild (storage/high_water.h): the newest durable
// position.

inline constexpr char kRecordsFamily[] = "records";
inline constexpr char kIndexFamily[] = "index";
inline constexpr char kHeadFile[] = "head.lagebild";
inline constexpr char kCountTag = '\x02';
inline constexpr char kRecordsTag = '\x03';

std::string RecordKey(LogPosition position);
/// Position of a key of the family "records"; nullopt when it is none.
std::optional<LogPosition> PositionOfKey(std::string_view key);
std::string CursorKey(std::string_view input_name, int32_t partition);
std::string EncodePosition(LogPosition position);
/// Checksum of a record, over key and payload.
uint32_t RecordCrc(std::string_view key, std::string_view payload);

/// A record as stored. Errors: CorruptRecord().
absl::StatusOr<LogRecord> DecodeRecord(const storage::Database& database, std::string_view key,
                                       std::string_view value);
/// An index entry as stored; nullopt when it is damaged.
std::optional<IndexHit> DecodeIndexEntry(std::string_view key, std::string_view value);

// DATA_LOSS (CORRUPT_RECORD): with the directory for the service's log, without it for its callers.
absl::Status CorruptRecord(const storage::Database& database, LogPosition position);
absl::Status CorruptIndex(const storage::Database& database);

}  // namespace lagebild::log_format

#endif  // LAGEBILD_COMMON_LOG_LOG_FORMAT_H_
