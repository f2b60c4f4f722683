#include "common/client/stream_follower.h"

#include <grpcpp/support/client_callback.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <deque>
#include <string_view>

#include "common/status/grpc_status.h"

namespace lagebild {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(50);
// Together with the channel's own pause (see MakeChannel) less than a second.
constexpr auto kLongestPause = std::chrono::milliseconds(400);

// Most that is read ahead; reading goes on when half of it is taken. So neither side is woken for
// every message.
constexpr size_t kAheadMessages = 128;
constexpr size_t kAheadBytes = size_t{2} << 20;

// A stream of the callback API that one thread reads. A thread that waits inside gRPC's synchronous
// Read() would poll for the whole process: it takes events of the server's connections as well and
// hands them on to gRPC's own threads, so that every call is paid for twice.
class StreamReader final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit StreamReader(const grpc::Slice& request) : request_(&request, 1) {}

  // Once the stub has bound it.
  void Start() {
    AddHold();  // Reads begin outside of gRPC's calls; given back by Finish().
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&next_);
    StartCall();
  }

  void WaitForHeaders() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return headers_; });
  }

  // Takes the next message; false when the stream is over.
  bool Read(grpc::ByteBuffer* message) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ahead_.empty() || ended_; });
    if (ahead_.empty()) {
      return false;
    }
    *message = std::move(ahead_.front());
    ahead_.pop_front();
    ahead_bytes_ -= message->Length();
    const bool read = !reading_ && !ended_ && ahead_.size() <= kAheadMessages / 2 &&
                      ahead_bytes_ <= kAheadBytes / 2;
    reading_ = reading_ || read;
    lock.unlock();
    if (read) {
      StartRead(&next_);
    }
    return true;
  }

  // Waits for the end of the stream, which has ended or been cancelled.
  grpc::Status Finish() {
    RemoveHold();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return status_;
  }

  void OnReadInitialMetadataDone(bool /*ok*/) override {
    const std::lock_guard lock(mutex_);
    headers_ = true;
    changed_.notify_all();
  }

  void OnReadDone(bool ok) override {
    std::unique_lock lock(mutex_);
    if (!ok) {
      reading_ = false;
      ended_ = true;
      changed_.notify_all();
      return;
    }
    ahead_bytes_ += next_.Length();
    ahead_.push_back(std::move(next_));
    next_.Clear();
    if (ahead_.size() == 1) {
      changed_.notify_all();
    }
    const bool read = ahead_.size() < kAheadMessages && ahead_bytes_ < kAheadBytes;
    reading_ = read;
    lock.unlock();
    if (read) {
      StartRead(&next_);
    }
  }

  void OnDone(const grpc::Status& status) override {
    const std::lock_guard lock(mutex_);
    status_ = status;
    done_ = true;
    changed_.notify_all();  // Under the lock: the reader goes as soon as it sees this.
  }

 private:
  const grpc::ByteBuffer request_;
  grpc::ByteBuffer next_;  // Of the read on its way.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<grpc::ByteBuffer> ahead_;
  size_t ahead_bytes_ = 0;
  bool reading_ = true;
  bool headers_ = false;
  bool ended_ = false;
  bool done_ = false;
  grpc::Status status_;
};

}  // namespace

StreamFollower::StreamFollower(std::string upstream_name, std::shared_ptr<grpc::Channel> channel,
                               std::string method, MakeRequest make_request, Handle handle)
    : name_(std::move(upstream_name)),
      stub_(std::move(channel)),
      method_(std::move(method)),
      make_request_(std::move(make_request)),
      handle_(std::move(handle)) {}

void StreamFollower::Start(LogPosition after, std::function<void(const FollowerState&)> on_change) {
  const std::lock_guard lock(mutex_);
  state_.position = after;
  state_.upstream_head = after;
  received_ = after;
  on_change_ = std::move(on_change);
  thread_ = std::thread([this] { Run(); });
}

void StreamFollower::Stop() {
  std::thread thread;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (context_ != nullptr) {
      context_->TryCancel();
    }
    thread.swap(thread_);
  }
  wake_.notify_all();
  if (thread.joinable()) {
    thread.join();
  }
}

void StreamFollower::Advance(LogPosition position) {
  std::unique_lock lock(mutex_);
  state_.position = std::max(state_.position, position);
  Publish(lock);
}

FollowerState StreamFollower::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

// Hands the state to on_change_ in the order of its changes: under the lock, which is why on_change
// must not block or call back.
void StreamFollower::Publish(std::unique_lock<std::mutex>& /*lock*/) {
  if (on_change_) {
    on_change_(state_);
  }
}

void StreamFollower::OnConnected(LogPosition head) {
  std::unique_lock lock(mutex_);
  state_.connected = true;
  state_.ever_connected = true;
  state_.last_error.clear();
  state_.upstream_head = head;
  if (!state_.head_at_start.has_value()) {
    state_.head_at_start = head;
  }
  Publish(lock);
}

void StreamFollower::OnMessage(StreamPosition place) {
  std::unique_lock lock(mutex_);
  received_ = place.position;
  state_.upstream_head = std::max(place.head, place.position);
  Publish(lock);
}

std::optional<LogPosition> StreamFollower::HeadOf(const grpc::ClientContext& context) {
  const auto& headers = context.GetServerInitialMetadata();
  const auto it = headers.find(kHeadPositionHeader);
  if (it == headers.end()) {
    return std::nullopt;
  }
  LogPosition head = 0;
  const char* const end = it->second.data() + it->second.size();
  const auto [parsed, error] = std::from_chars(it->second.data(), end, head);
  return error == std::errc() && parsed == end ? std::optional<LogPosition>(head) : std::nullopt;
}

absl::Status StreamFollower::RunStream(grpc::ClientContext& context, LogPosition after) {
  StreamReader stream(make_request_(after));
  stub_.PrepareBidiStreamingCall(&context, method_, grpc::StubOptions(), &stream);
  stream.Start();
  // Headers come at once from a server that is there, also when the log has nothing new to send.
  stream.WaitForHeaders();
  if (const auto head = HeadOf(context); head.has_value()) {
    OnConnected(*head);
  }
  grpc::ByteBuffer message;
  while (stream.Read(&message)) {
    const absl::StatusOr<StreamPosition> place = handle_(message);
    if (!place.ok()) {
      context.TryCancel();
      (void)stream.Finish();
      return place.status();
    }
    OnMessage(*place);
  }
  return FromGrpcStatus(stream.Finish());
}

void StreamFollower::Run() {
  auto pause = kFirstPause;
  while (true) {
    grpc::ClientContext context;
    LogPosition after = 0;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) {
        return;
      }
      context_ = &context;
      after = received_;
    }
    const absl::Status status = RunStream(context, after);
    std::unique_lock lock(mutex_);
    context_ = nullptr;
    if (stopping_) {
      return;
    }
    const bool progress = state_.connected;
    state_.connected = false;
    state_.ever_failed = true;
    state_.last_error = name_ + ": " +
                        (status.ok() ? std::string("the stream ended")
                                     : std::string(absl::StatusCodeToString(status.code())) + ": " +
                                           std::string(status.message()));
    Publish(lock);
    pause = progress ? kFirstPause : std::min(pause * 2, kLongestPause);
    wake_.wait_for(lock, pause, [this] { return stopping_; });
  }
}

}  // namespace lagebild
