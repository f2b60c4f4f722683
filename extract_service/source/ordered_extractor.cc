#include "extract_service/source/ordered_extractor.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

#include "common/status/error.h"

namespace lagebild::extract {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto kRetryPause = std::chrono::milliseconds(500);
// Outputs that go into one commit.
constexpr size_t kMaxCommitBytes = size_t{16} << 20;

// What all records made of one document share.
v1::ExtractionRecord Header(const v1::DocumentRecord& record, int32_t generation,
                            const std::string& version) {
  v1::ExtractionRecord header;
  header.set_document_position(record.position());
  *header.mutable_recorded_at() = record.recorded_at();
  header.set_generation(generation);
  header.set_extractor_version(version);
  return header;
}

void SetFailure(v1::ExtractionRecord& record, const std::string& document_id,
                std::string_view reason, std::string_view message) {
  v1::AnalysisFailure& failure = *record.mutable_failure();
  failure.set_document_id(document_id);
  failure.set_reason(std::string(reason));
  failure.set_message(std::string(message));
}

}  // namespace

// One record of the documents log on its way. Its record is read by the worker without the lock
// while the state is kRunning; the result is written under it.
struct OrderedExtractor::Job {
  enum class State { kQueued, kRunning, kDone };

  v1::DocumentRecord record;
  size_t bytes = 0;
  State state = State::kQueued;
  Steady::time_point started;
  std::shared_ptr<Worker> worker;  // Who runs it.
  std::string output;
};

// One thread. When an analysis exceeds its budget, its worker is given up and a new one takes its
// place.
struct OrderedExtractor::Worker {
  std::thread thread;
  bool abandoned = false;
  bool finished = false;
};

// What workers use; an abandoned one may outlive the extractor.
struct OrderedExtractor::Shared {
  ExtractorLimits limits;
  Analyze analyze;
  std::shared_ptr<AttemptTable> attempts;
  OnExtracted on_extracted;
  int32_t generation = 0;
  std::string version;

  std::mutex mutex;
  std::condition_variable work;    // For workers.
  std::condition_variable room;    // For Submit().
  std::condition_variable result;  // For the committer and Stop().
  bool stopping = false;
  size_t bytes = 0;
  std::deque<std::shared_ptr<Job>> window;  // In log order, until committed.
  std::deque<std::shared_ptr<Job>> queue;   // Those nobody works on yet.

  void Work(const std::shared_ptr<Worker>& self);
  std::string Extract(const v1::DocumentRecord& record);
};

std::string OrderedExtractor::Shared::Extract(const v1::DocumentRecord& record) {
  v1::ExtractionRecord result = Header(record, generation, version);
  if (record.has_deletion()) {
    result.mutable_document()->set_id(record.deletion().document_id());
    result.mutable_document()->set_version(record.deletion().version());
    *result.mutable_deletion() = record.deletion();
    return result.SerializeAsString();
  }
  const auto begin = Steady::now();
  const v1::Document& document = record.document();
  if (attempts->Find(record.position()).condemned()) {
    SetFailure(result, document.id(), "ANALYSIS_CRASHED",
               "the analysis of this document took the process down; it is not tried again");
  } else {
    attempts->Begin(record.position());
    try {
      analyze(document, *result.mutable_extraction());
    } catch (const std::exception& error) {
      SetFailure(result, document.id(), "ANALYSIS_CRASHED",
                 std::string("the analysis failed: ") + error.what());
    } catch (...) {
      SetFailure(result, document.id(), "ANALYSIS_CRASHED", "the analysis failed");
    }
    attempts->End();
  }
  *result.mutable_document() = document;
  result.mutable_document()->clear_raw();
  if (on_extracted) {
    on_extracted({document.text().size(), Steady::now() - begin, result.has_failure()});
  }
  return result.SerializeAsString();
}

void OrderedExtractor::Shared::Work(const std::shared_ptr<Worker>& self) {
  std::unique_lock lock(mutex);
  while (true) {
    work.wait(lock, [this] { return stopping || !queue.empty(); });
    if (stopping || self->abandoned) {
      break;
    }
    const std::shared_ptr<Job> job = std::move(queue.front());
    queue.pop_front();
    job->state = Job::State::kRunning;
    job->started = Steady::now();
    job->worker = self;
    if (job == window.front()) {
      result.notify_one();  // From now on the committer minds the budget.
    }
    lock.unlock();
    std::string output = Extract(job->record);
    lock.lock();
    if (job->state == Job::State::kRunning) {  // Else it was given up.
      job->output = std::move(output);
      job->state = Job::State::kDone;
      job->worker.reset();
      if (job == window.front()) {
        result.notify_one();
      }
    }
    if (self->abandoned) {
      break;
    }
  }
  self->finished = true;
  result.notify_all();
}

OrderedExtractor::OrderedExtractor(ExtractorLimits limits, Analyze analyze, ExtractionStore& store,
                                   std::shared_ptr<AttemptTable> attempts, Callbacks callbacks)
    : shared_(std::make_shared<Shared>()), store_(store), callbacks_(std::move(callbacks)) {
  shared_->limits = limits;
  shared_->analyze = std::move(analyze);
  shared_->attempts = std::move(attempts);
  shared_->on_extracted = callbacks_.on_extracted;
  shared_->generation = store.generation();
  shared_->version = store.extractor_version();
  for (size_t i = 0; i < limits.threads; ++i) {
    StartWorker();
  }
  committer_ = std::thread([this] { CommitLoop(); });
}

OrderedExtractor::~OrderedExtractor() { Stop(std::chrono::milliseconds(0)); }

void OrderedExtractor::StartWorker() {
  auto worker = std::make_shared<Worker>();
  const std::lock_guard lock(workers_mutex_);
  worker->thread = std::thread([shared = shared_, worker] { shared->Work(worker); });
  workers_.push_back(std::move(worker));
}

absl::Status OrderedExtractor::Submit(v1::DocumentRecord record) {
  auto job = std::make_shared<Job>();
  job->bytes = record.document().text().size();
  job->record = std::move(record);
  Shared& shared = *shared_;
  std::unique_lock lock(shared.mutex);
  shared.room.wait(lock, [&shared, &job] {
    return shared.stopping || shared.window.empty() ||
           (shared.window.size() < shared.limits.max_documents &&
            shared.bytes + job->bytes <= shared.limits.max_bytes);
  });
  if (shared.stopping) {
    return absl::CancelledError("the extractor is stopping");
  }
  shared.bytes += job->bytes;
  shared.window.push_back(job);
  shared.queue.push_back(std::move(job));
  shared.work.notify_one();
  return absl::OkStatus();
}

void OrderedExtractor::CommitLoop() {
  Shared& shared = *shared_;
  std::unique_lock lock(shared.mutex);
  while (true) {
    shared.result.wait(lock, [&shared] {
      return shared.stopping ||
             (!shared.window.empty() && shared.window.front()->state != Job::State::kQueued);
    });
    if (shared.stopping) {
      return;
    }
    const std::shared_ptr<Job> first = shared.window.front();
    if (first->state == Job::State::kRunning) {
      const Steady::time_point deadline = first->started + shared.limits.budget;
      if (shared.result.wait_until(lock, deadline, [&shared, &first] {
            return shared.stopping || first->state == Job::State::kDone;
          })) {
        continue;
      }
      // Its thread cannot be stopped, only given up. Its place is taken by a new one.
      v1::ExtractionRecord record = Header(first->record, shared.generation, shared.version);
      // The abandoned thread still reads the record: copies only.
      *record.mutable_document() = first->record.document();
      record.mutable_document()->clear_raw();
      SetFailure(
          record, first->record.document().id(), "ANALYSIS_TIMED_OUT",
          "the analysis took more than " + std::to_string(shared.limits.budget.count()) + " ms");
      first->output = record.SerializeAsString();
      first->state = Job::State::kDone;
      first->worker->abandoned = true;
      first->worker.reset();
      lock.unlock();
      if (shared.on_extracted) {
        shared.on_extracted(
            {first->record.document().text().size(), shared.limits.budget, /*failed=*/true});
      }
      StartWorker();
      lock.lock();
      continue;
    }
    std::vector<std::string> records;
    LogPosition position = 0;
    size_t text_bytes = 0;
    size_t output_bytes = 0;
    size_t count = 0;
    for (const std::shared_ptr<Job>& job : shared.window) {
      if (job->state != Job::State::kDone || output_bytes > kMaxCommitBytes) {
        break;
      }
      output_bytes += job->output.size();
      text_bytes += job->bytes;
      position = job->record.position();
      records.push_back(std::move(job->output));
      ++count;
    }
    lock.unlock();
    const absl::Status status = CommitWithRetry(records, position);
    lock.lock();
    if (!status.ok()) {
      return;  // Stopping; what is not committed is done again after the restart.
    }
    shared.window.erase(shared.window.begin(),
                        shared.window.begin() + static_cast<std::ptrdiff_t>(count));
    shared.bytes -= text_bytes;
    shared.room.notify_all();
    if (callbacks_.on_committed) {
      lock.unlock();
      callbacks_.on_committed(position);
      lock.lock();
    }
  }
}

absl::Status OrderedExtractor::CommitWithRetry(const std::vector<std::string>& records,
                                               LogPosition position) {
  while (true) {
    absl::Status status = store_.Commit(records, position);
    if (status.ok()) {
      return status;
    }
    if (callbacks_.on_commit_failed) {
      callbacks_.on_commit_failed(status);
    }
    std::unique_lock lock(shared_->mutex);
    if (shared_->result.wait_for(lock, kRetryPause, [this] { return shared_->stopping; })) {
      return status;
    }
  }
}

void OrderedExtractor::RequestStop() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->work.notify_all();
  shared_->room.notify_all();
  shared_->result.notify_all();
}

size_t OrderedExtractor::Stop(std::chrono::milliseconds grace) {
  RequestStop();
  if (committer_.joinable()) {
    committer_.join();
  }
  const std::lock_guard workers_lock(workers_mutex_);
  const auto deadline = Steady::now() + grace;
  size_t left = 0;
  for (const std::shared_ptr<Worker>& worker : workers_) {
    bool finished = false;
    {
      std::unique_lock lock(shared_->mutex);
      finished = shared_->result.wait_until(lock, deadline, [&worker] { return worker->finished; });
    }
    if (finished) {
      worker->thread.join();
    } else {
      worker->thread.detach();
      ++left;
    }
  }
  workers_.clear();
  return left;
}

}  // namespace lagebild::extract
