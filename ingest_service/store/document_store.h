#ifndef LAGEBILD_INGEST_SERVICE_STORE_DOCUMENT_STORE_H_
#define LAGEBILD_INGEST_SERVICE_STORE_DOCUMENT_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/log/log.h"
#include "common/time/clock.h"
#include "ingest_service/intake/document_intake.h"
#include "lagebild/v1/document.pb.h"
#include "lagebild/v1/ingest_service.pb.h"

namespace lagebild::ingest {

/// Schema version of the records and keys below.
inline constexpr uint32_t kDocumentsSchemaVersion = 1;

/// What is known of a version without reading it.
struct VersionInfo {
  int64_t version = 0;
  LogPosition position = 0;
  bool deleted = false;
  std::string fingerprint;  ///< As PreparedDocument::fingerprint; empty for deletions.
  std::string outlet;
};

/// How many of what the store holds.
struct DocumentCounts {
  int64_t documents = 0;  ///< Not deleted.
  int64_t versions = 0;   ///< Deletions included.
};

/// The documents log with its index: every version of every document, and deletions.
///
/// Knows nothing of the log's implementation. Thread-safe; callers see to it that versions of one
/// document are appended one after the other. Errors of all methods: as Log; DATA_LOSS
/// (CORRUPT_RECORD) when a record cannot be read.
class DocumentStore {
 public:
  using AppendCallback = Log::AppendCallback;

  /// Names the index keys of a record; to be given to the log that is opened.
  static Indexer MakeIndexer();

  /// On a log with this indexer. Reads the newest record, so that the recording clock goes on from
  /// it. `clock` must outlive the store.
  static absl::StatusOr<std::unique_ptr<DocumentStore>> Create(std::shared_ptr<Log> log,
                                                               const Clock& clock);

  Log& log() { return *log_; }

  /// The newest version under an id, deletions included; nullopt when there is none.
  absl::StatusOr<std::optional<VersionInfo>> FindNewest(std::string_view id) const;

  /// A document's record, lacking only what Append() adds. Costs a copy of the text; needs no lock.
  static std::string Encode(PreparedDocument document);

  /// Appends a record made by Encode() as `version`. `previous_outlet` is the outlet of the version
  /// before; empty when there is none or it was deleted. `done` as in Log::Append().
  void Append(std::string encoded, int64_t version, std::string_view previous_outlet,
              AppendCallback done);

  /// Appends the deletion of a document whose newest version is `deleted`.
  void AppendDeletion(std::string_view id, const VersionInfo& deleted, AppendCallback done);

  /// A version with all its parts; 0 = the newest.
  /// Errors: NOT_FOUND: DOCUMENT_NOT_FOUND, DOCUMENT_DELETED (the newest, or the version itself, is
  /// a deletion), VERSION_NOT_FOUND.
  absl::StatusOr<v1::DocumentRecord> Get(std::string_view id, int64_t version) const;

  /// Newest versions of documents that are not deleted, in the order of their ids, behind
  /// `after_id` (empty = from the beginning), at most `limit`; with an outlet only those of it.
  absl::StatusOr<std::vector<v1::DocumentSummary>> List(std::string_view outlet,
                                                        std::string_view after_id,
                                                        size_t limit) const;

  absl::StatusOr<DocumentCounts> Counts() const;

  /// The record of the contract from a record of the log.
  static absl::Status DecodeRecord(const LogRecord& record, v1::DocumentRecord* decoded);

 private:
  DocumentStore(std::shared_ptr<Log> log, const Clock& clock, Instant newest)
      : log_(std::move(log)), clock_(clock, newest) {}

  void Stamp(std::string encoded, int64_t version, AppendCallback done);

  const std::shared_ptr<Log> log_;
  RecordingClock clock_;
  std::mutex mutex_;  // Held from reading the clock until the record stands in the log's queue.
};

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_STORE_DOCUMENT_STORE_H_
