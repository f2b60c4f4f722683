#include "query_service/source/extractions_source.h"

#include <chrono>
#include <utility>

#include "common/server/logging.h"
#include "common/status/error.h"

namespace lagebild::query {
namespace {

// A prepared record is some times its content; this bounds the queue to some dozen megabytes.
constexpr size_t kMaxQueuedBytes = size_t{12} << 20;
constexpr auto kRetryPause = std::chrono::seconds(1);

// Nobody waits to see what was recorded longer ago than this: such records are folded in large
// batches, which become table files of their own.
constexpr auto kOld = std::chrono::seconds(3);
constexpr auto kMostGathering = std::chrono::milliseconds(200);

bool IsOld(const PreparedRecord& record) {
  const auto recorded = std::chrono::microseconds(record.entries.version.recorded_at_us);
  return std::chrono::system_clock::now().time_since_epoch() - recorded > kOld;
}

}  // namespace

ExtractionsSource::ExtractionsSource(std::shared_ptr<grpc::Channel> channel, std::string upstream,
                                     Projector* projector)
    : projector_(projector),
      stub_(v1::ExtractService::NewStub(channel)),
      follower_(
          std::move(upstream),
          [this](grpc::ClientContext* context, const v1::ReadExtractionsRequest* request,
                 grpc::ClientReadReactor<v1::ReadExtractionsResponse>* reader) {
            stub_->async()->ReadExtractions(context, request, reader);
          },
          [this](v1::ReadExtractionsResponse response) { return Take(std::move(response)); }) {}

ExtractionsSource::~ExtractionsSource() { Stop(); }

void ExtractionsSource::Start(std::function<void(const FollowerState&)> on_change) {
  thread_ = std::thread([this] { Run(); });
  follower_.Start(projector_->cursor(), std::move(on_change));
}

void ExtractionsSource::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  follower_.Stop();
  if (thread_.joinable()) thread_.join();
}

absl::Status ExtractionsSource::Take(v1::ReadExtractionsResponse response) {
  std::string content = response.record().SerializeAsString();
  PreparedRecord prepared = PrepareRecord(response.mutable_record(), std::move(content));
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || queued_bytes_ < kMaxQueuedBytes; });
  if (stopping_) return Unavailable("DRAINING", "the service is stopping");
  queued_bytes_ += prepared.content.size();
  queue_.push_back(std::move(prepared));
  lock.unlock();
  changed_.notify_all();
  return absl::OkStatus();
}

void ExtractionsSource::Run() {
  while (true) {
    std::vector<PreparedRecord> records;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      if (IsOld(queue_.back())) {
        changed_.wait_for(lock, kMostGathering,
                          [this] { return stopping_ || queued_bytes_ >= kMaxQueuedBytes; });
      }
      records.swap(queue_);
      queued_bytes_ = 0;
    }
    changed_.notify_all();
    while (true) {
      const absl::Status status = projector_->Fold(records);
      if (status.ok()) break;
      LogError("records cannot be folded in, trying again",
               {{"after_position", projector_->cursor()}, {"error", status}});
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, kRetryPause, [this] { return stopping_; })) return;
    }
    follower_.Advance(projector_->cursor());
  }
}

}  // namespace lagebild::query
