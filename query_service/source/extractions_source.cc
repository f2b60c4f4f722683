#include "query_service/source/extractions_source.h"

#include <google/protobuf/arena.h>

#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "common/server/logging.h"
#include "common/status/error.h"
#include "common/wire/byte_buffer.h"
#include "common/wire/take_field.h"
#include "lagebild/v1/extract_service.pb.h"

namespace lagebild::query {
namespace {

// A prepared record is some times its content; this bounds the queue to some dozen megabytes.
constexpr size_t kMaxQueuedBytes = size_t{16} << 20;
// Of old records: enough to become table files, and little enough that reading and folding begin
// and end soon after each other.
constexpr size_t kEnoughBytes = size_t{8} << 20;
// A parsed record of an article takes less.
constexpr size_t kArenaBytes = size_t{64} << 10;
constexpr auto kRetryPause = std::chrono::seconds(1);

// Nobody waits to see what was recorded longer ago than this: such records are folded in large
// batches, which become table files of their own.
constexpr auto kOld = std::chrono::seconds(3);
constexpr auto kMostGathering = std::chrono::milliseconds(200);

bool IsOld(const PreparedRecord& record) {
  const auto recorded = std::chrono::microseconds(record.entries.version.recorded_at_us);
  return std::chrono::system_clock::now().time_since_epoch() - recorded > kOld;
}

// What a ReadExtractionsResponse holds.
struct Response {
  std::string_view record;
  LogPosition head = 0;
};

std::optional<Response> ReadResponse(std::string_view bytes) {
  Response response;
  WireField field;
  while (!bytes.empty()) {
    if (!TakeField(&bytes, &field)) return std::nullopt;
    if (field.number == v1::ReadExtractionsResponse::kRecordFieldNumber) {
      response.record = field.bytes;
    } else if (field.number == v1::ReadExtractionsResponse::kHeadPositionFieldNumber) {
      response.head = static_cast<LogPosition>(field.varint);
    }
  }
  return response;
}

}  // namespace

ExtractionsSource::ExtractionsSource(std::shared_ptr<grpc::Channel> channel, std::string upstream,
                                     Projector* projector)
    : projector_(projector),
      follower_(
          std::move(upstream), std::move(channel), "/lagebild.v1.ExtractService/ReadExtractions",
          [](LogPosition after) {
            v1::ReadExtractionsRequest request;
            request.set_after_position(after);
            request.set_follow(true);
            return EncodeMessage(request);
          },
          [this](const grpc::ByteBuffer& message) { return Take(message); }) {}

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

absl::StatusOr<StreamPosition> ExtractionsSource::Take(const grpc::ByteBuffer& message) {
  // The record is kept as it comes, and parsed into memory that goes as a whole.
  alignas(8) std::array<char, kArenaBytes> memory;
  google::protobuf::ArenaOptions options;
  options.initial_block = memory.data();
  options.initial_block_size = memory.size();
  google::protobuf::Arena arena(options);
  auto* record = google::protobuf::Arena::CreateMessage<v1::ExtractionRecord>(&arena);
  grpc::Slice slice;
  const bool whole = message.DumpToSingleSlice(&slice).ok();
  const std::optional<Response> response =
      whole ? ReadResponse({reinterpret_cast<const char*>(slice.begin()), slice.size()})
            : std::nullopt;
  if (!response.has_value() ||
      !record->ParseFromArray(response->record.data(), static_cast<int>(response->record.size()))) {
    return DataLoss("CORRUPT_RECORD", "a message of ReadExtractions cannot be read");
  }
  PreparedRecord prepared = PrepareRecord(*record, std::string(response->record));
  const StreamPosition place = {.position = prepared.position, .head = response->head};
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || queued_bytes_ < kMaxQueuedBytes; });
  if (stopping_) return Unavailable("DRAINING", "the service is stopping");
  queued_bytes_ += prepared.content.size();
  upstream_head_ = place.head;
  queue_.push_back(std::move(prepared));
  const bool wake = queue_.size() == 1 || GatheredEnough();
  lock.unlock();
  if (wake) changed_.notify_all();
  return place;
}

// Whether nothing is gained by waiting for more. REQUIRES: mutex_ is held.
bool ExtractionsSource::GatheredEnough() const {
  return stopping_ || queued_bytes_ >= kEnoughBytes ||
         (!queue_.empty() && queue_.back().position >= upstream_head_);
}

void ExtractionsSource::Run() {
  while (true) {
    std::vector<PreparedRecord> records;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      if (IsOld(queue_.back())) {
        changed_.wait_for(lock, kMostGathering, [this] { return GatheredEnough(); });
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
    {
      const std::lock_guard lock(mutex_);
      if (projector_->cursor() < upstream_head_) continue;
    }
    if (const absl::Status status = projector_->Settle(); !status.ok()) {
      LogError("tables cannot be merged", {{"error", status}});
    }
  }
}

}  // namespace lagebild::query
