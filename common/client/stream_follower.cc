#include "common/client/stream_follower.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace lagebild {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(50);
// Together with the channel's own pause (see MakeChannel) less than a second.
constexpr auto kLongestPause = std::chrono::milliseconds(400);

}  // namespace

StreamFollowerBase::StreamFollowerBase(std::string upstream_name)
    : name_(std::move(upstream_name)) {}

void StreamFollowerBase::Start(LogPosition after,
                               std::function<void(const FollowerState&)> on_change) {
  const std::lock_guard lock(mutex_);
  state_.position = after;
  state_.upstream_head = after;
  received_ = after;
  on_change_ = std::move(on_change);
  thread_ = std::thread([this] { Run(); });
}

void StreamFollowerBase::Stop() {
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

void StreamFollowerBase::Advance(LogPosition position) {
  std::unique_lock lock(mutex_);
  state_.position = std::max(state_.position, position);
  Publish(lock);
}

FollowerState StreamFollowerBase::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

// Hands the state to on_change_ in the order of its changes: under the lock, which is why on_change
// must not block or call back.
void StreamFollowerBase::Publish(std::unique_lock<std::mutex>& /*lock*/) {
  if (on_change_) {
    on_change_(state_);
  }
}

void StreamFollowerBase::OnConnected(std::optional<LogPosition> head) {
  std::unique_lock lock(mutex_);
  state_.connected = true;
  state_.ever_connected = true;
  state_.last_error.clear();
  if (head.has_value()) {
    state_.upstream_head = *head;
    if (!state_.head_at_start.has_value()) {
      state_.head_at_start = *head;
    }
  }
  Publish(lock);
}

void StreamFollowerBase::OnMessage(LogPosition position, LogPosition head) {
  std::unique_lock lock(mutex_);
  received_ = position;
  state_.upstream_head = std::max(head, position);
  Publish(lock);
}

std::optional<LogPosition> StreamFollowerBase::HeadOf(const grpc::ClientContext& context) {
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

void StreamFollowerBase::Run() {
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
