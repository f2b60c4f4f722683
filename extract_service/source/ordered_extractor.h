#ifndef LAGEBILD_EXTRACT_SERVICE_SOURCE_ORDERED_EXTRACTOR_H_
#define LAGEBILD_EXTRACT_SERVICE_SOURCE_ORDERED_EXTRACTOR_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "common/log/log.h"
#include "extract_service/source/attempt_table.h"
#include "extract_service/store/extraction_store.h"
#include "lagebild/v1/document.pb.h"
#include "lagebild/v1/extraction.pb.h"

namespace lagebild::extract {

/// How much may be in work, and for how long.
struct ExtractorLimits {
  size_t threads = 1;
  /// Documents read and not yet committed; a slow one holds back the commits, not the work, of this
  /// many.
  size_t max_documents = 512;
  size_t max_bytes = size_t{64} << 20;  ///< Their texts together; one document may be larger.
  std::chrono::milliseconds budget{
      60'000};  ///< For one document; beyond, it gets a failure record.
};

/// What happened to a document, for metrics.
struct ExtractedDocument {
  size_t text_bytes = 0;
  std::chrono::nanoseconds took{0};
  bool failed = false;
};

/// Analyses documents in parallel and commits the results strictly in the order of the documents
/// log.
///
/// Every record of the documents log becomes one record of the extractions log: an extraction, a
/// deletion, or a failure (ANALYSIS_CRASHED: it threw, or took the process down twice;
/// ANALYSIS_TIMED_OUT: it exceeded its budget). A failed commit (full disk) is tried again until it
/// succeeds or Stop() is called. Thread-safe.
class OrderedExtractor {
 public:
  /// Fills the extraction of one document (spans without texts). Thread-safe. A thrown exception
  /// counts as a crash of the analysis.
  using Analyze = std::function<void(const v1::Document& document, v1::Extraction& extraction)>;
  /// Called in order, from the committing thread, after a position of the documents log has been
  /// taken in durably.
  using OnCommitted = std::function<void(LogPosition document_position)>;
  using OnExtracted = std::function<void(const ExtractedDocument&)>;
  /// Called when a commit failed and is going to be tried again.
  using OnCommitFailed = std::function<void(const absl::Status&)>;

  struct Callbacks {
    OnCommitted on_committed;
    OnExtracted on_extracted;
    OnCommitFailed on_commit_failed;
  };

  /// `store` must outlive Stop(). Callbacks may be empty and must not block.
  OrderedExtractor(ExtractorLimits limits, Analyze analyze, ExtractionStore& store,
                   std::shared_ptr<AttemptTable> attempts, Callbacks callbacks);
  ~OrderedExtractor();
  OrderedExtractor(const OrderedExtractor&) = delete;
  OrderedExtractor& operator=(const OrderedExtractor&) = delete;

  /// Takes the next record of the documents log; waits while too much is in work.
  /// REQUIRES: positions grow. Errors: CANCELLED after RequestStop().
  absl::Status Submit(v1::DocumentRecord record);

  /// Lets waiting Submit() calls go, begins no more documents and commits no more. From any thread.
  void RequestStop();

  /// RequestStop(), then waits for the threads; for an analysis in work no longer than `grace`.
  /// Returns how many analyses had to be left running: then the process must end without destroying
  /// what they use.
  size_t Stop(std::chrono::milliseconds grace);

 private:
  struct Job;
  struct Shared;
  struct Worker;
  void StartWorker();
  void CommitLoop();
  absl::Status CommitWithRetry(const std::vector<std::string>& records, LogPosition position);

  const std::shared_ptr<Shared> shared_;
  ExtractionStore& store_;
  const Callbacks callbacks_;
  std::mutex workers_mutex_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::thread committer_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_SOURCE_ORDERED_EXTRACTOR_H_
