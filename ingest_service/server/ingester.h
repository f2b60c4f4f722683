#ifndef LAGEBILD_INGEST_SERVICE_SERVER_INGESTER_H_
#define LAGEBILD_INGEST_SERVICE_SERVER_INGESTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/concurrency/worker_pool.h"
#include "common/log/log.h"
#include "ingest_service/intake/document_intake.h"
#include "ingest_service/intake/keyed_sequencer.h"
#include "ingest_service/store/document_store.h"

namespace lagebild::ingest {

/// Where a document stands after it was handed in.
struct IngestOutcome {
  std::string id;
  int64_t version = 0;
  LogPosition position = 0;
  bool created = false;  ///< False when an equal version was there already.
};

/// Gives versions to documents and deletions. Requests for one id take effect one after the other,
/// in the order they came; requests for different ids only share the log's sync. Thread-safe; no
/// thread waits. Must outlive its callbacks.
class Ingester {
 public:
  using IngestCallback = std::function<void(absl::StatusOr<IngestOutcome>)>;
  using DeleteCallback = std::function<void(absl::StatusOr<LogPosition>)>;

  explicit Ingester(DocumentStore& store);

  /// Stores a document unless an equal one is the newest under its id. `done` is called once, after
  /// the record is durable, from any thread; it must not block.
  void Ingest(PreparedDocument document, IngestCallback done);

  /// Retracts a document. Errors: NOT_FOUND (DOCUMENT_NOT_FOUND, DOCUMENT_DELETED).
  void Delete(const std::string& id, DeleteCallback done);

 private:
  DocumentStore& store_;
  WorkerPool followers_;  // Runs requests that waited for another one of their id.
  KeyedSequencer sequencer_;
};

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_SERVER_INGESTER_H_
