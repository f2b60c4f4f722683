#ifndef LAGEBILD_EXTRACT_SERVICE_STORE_EXTRACTION_STORE_H_
#define LAGEBILD_EXTRACT_SERVICE_STORE_EXTRACTION_STORE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/log/rocksdb_log.h"
#include "lagebild/v1/log.pb.h"

namespace lagebild::extract {

/// The extractions log: what became of every record of the documents log, in generations.
///
/// A generation is one pass over the documents log by one extractor version, each with a cursor of
/// its own. Opening with another version than the newest record's begins the next generation, from
/// position 0. Thread-safe. Errors: as Log.
class ExtractionStore {
 public:
  /// Errors: as storage::Database::Open(); DATA_LOSS (CORRUPT_RECORD).
  static absl::StatusOr<std::unique_ptr<ExtractionStore>> Open(
      const std::filesystem::path& directory, std::string_view extractor_version);

  int32_t generation() const { return generation_; }
  const std::string& extractor_version() const { return extractor_version_; }
  RocksDbLog& log() { return *log_; }
  const RocksDbLog& log() const { return *log_; }

  /// Newest position of the documents log that this generation has taken in; 0 = none.
  absl::StatusOr<LogPosition> InputPosition() const;

  /// Stores records (serialized ExtractionRecords without position, of this generation) and the
  /// position of the documents log they reach, in one operation.
  absl::Status Commit(std::vector<std::string> records, LogPosition input_position);

  /// The record of the newest version of a document: of the newest generation, unless that has not
  /// come as far as the one before. With its position set; may hold a failure or a deletion.
  /// Errors: NOT_FOUND (DOCUMENT_NOT_FOUND), DATA_LOSS.
  absl::StatusOr<v1::ExtractionRecord> FindNewest(std::string_view document_id) const;

  /// A record of the log as a message, with its position set. Errors: DATA_LOSS (CORRUPT_RECORD).
  static absl::StatusOr<v1::ExtractionRecord> Parse(const LogRecord& record);

  /// Documents of this generation, deleted ones left out.
  int64_t DocumentCount() const;
  /// Documents of this generation whose newest version could not be analysed.
  int64_t FailureCount() const;

 private:
  ExtractionStore(std::unique_ptr<RocksDbLog> log, int32_t generation, std::string_view version);

  const std::unique_ptr<RocksDbLog> log_;
  const int32_t generation_;
  const std::string extractor_version_;
  const std::string input_name_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_STORE_EXTRACTION_STORE_H_
