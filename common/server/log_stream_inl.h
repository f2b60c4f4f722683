#ifndef LAGEBILD_COMMON_SERVER_LOG_STREAM_INL_H_
#define LAGEBILD_COMMON_SERVER_LOG_STREAM_INL_H_

// The reactor behind log_stream.h.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "common/client/stream_follower.h"
#include "common/server/unary.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"
#include "common/wire/byte_buffer.h"

namespace lagebild::internal {

// So many records and bytes of a log's end stay encoded for its followers: some seconds of a busy
// log, so that followers who fall behind together do not fall further by reading each on its own.
inline constexpr LogPosition kNewestRecords = 1024;
inline constexpr size_t kNewestBytes = size_t{8} << 20;

// From where a log stream reads.
struct LogStreamStart {
  int32_t partition = 0;
  LogPosition after_position = 0;
  bool follow = false;
};

// One party at a time owns the stream (`state_`): the step that reads and writes, the write in
// flight, or nobody while it waits for the log. Whoever moves it out of kWaiting (log,
// cancellation, drain) takes the next step; the others leave a note. Only the owner calls Finish(),
// so a step never runs on a stream that is over.
template <class Response>
class LogStreamReactor : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                         public std::enable_shared_from_this<LogStreamReactor<Response>> {
 public:
  LogStreamReactor(ServiceRuntime& runtime, grpc::CallbackServerContext* context,
                   LogStreamSource<Response>& source)
      : runtime_(runtime), context_(context), source_(source), log_(source.log()) {}

  // Begins; the reactor keeps itself alive until OnDone().
  void Begin(std::string_view method, const std::optional<LogStreamStart>& start) {
    self_ = this->shared_from_this();
    const std::shared_ptr<LogStreamReactor> self = self_;
    absl::StatusOr<RpcTicket> ticket = runtime_.StartRpc(*context_, method);
    if (!ticket.ok()) {
      End(ticket.status());
      return;
    }
    ticket_ = *std::move(ticket);
    if (!start.has_value()) {
      End(InvalidArgument("MALFORMED_REQUEST", "the request is not a valid protobuf message"));
      return;
    }
    start_ = *start;
    position_ = start_.after_position;
    if (absl::Status status = Open(); !status.ok()) {
      End(status);
      return;
    }
    this->StartSendInitialMetadata();
    drain_ = runtime_.OnDrain([weak = this->weak_from_this()] {
      if (const auto stream = weak.lock(); stream != nullptr) {
        stream->Interrupt(&LogStreamReactor::drained_);
      }
    });
    Step();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      cancelled_ = cancelled_ || !ok;
      state_ = State::kStepping;
    }
    Step();
  }

  void OnCancel() override { Interrupt(&LogStreamReactor::cancelled_); }

  void OnDone() override {
    const std::shared_ptr<LogStreamReactor> self = std::move(self_);
    drain_ = DrainSubscription();
    std::unique_ptr<LogSubscription> subscription;
    {
      const std::lock_guard lock(mutex_);
      ++wait_number_;
      subscription = std::move(subscription_);
    }
  }

 private:
  enum class State { kStepping, kWriting, kWaiting, kEnded };

  absl::Status Open() {
    const absl::StatusOr<LogPosition> head = log_.Head(start_.partition);
    if (!head.ok()) {
      return head.status();
    }
    if (start_.after_position < 0 || start_.after_position > *head) {
      return InvalidArgument("POSITION_OUT_OF_RANGE",
                             "after_position " + std::to_string(start_.after_position) +
                                 " is not from 0 to the log's head " + std::to_string(*head),
                             "after_position", {{"head_position", std::to_string(*head)}});
    }
    if (absl::Status status = OpenReader(); !status.ok()) {
      return status;
    }
    context_->AddInitialMetadata(kHeadPositionHeader, std::to_string(*head));
    return absl::OkStatus();
  }

  absl::Status OpenReader() {
    absl::StatusOr<std::unique_ptr<LogReader>> reader = log_.ReadAfter(start_.partition, position_);
    if (!reader.ok()) {
      return reader.status();
    }
    reader_ = *std::move(reader);
    reader_position_ = position_;
    return absl::OkStatus();
  }

  // The next record, encoded; moves the position. Nothing at the end of the log.
  absl::StatusOr<std::optional<grpc::Slice>> Next() {
    const LogPosition head = log_.Head(start_.partition).value_or(position_);
    if (position_ < head) {
      if (auto newest = source_.NewestBehind(start_.partition, position_); newest.has_value()) {
        position_ = newest->position;
        return std::optional<grpc::Slice>(std::move(newest->response));
      }
    }
    if (reader_position_ != position_) {
      if (absl::Status status = OpenReader(); !status.ok()) {
        return status;
      }
    }
    absl::StatusOr<std::optional<LogRecord>> record = reader_->Next();
    if (!record.ok()) {
      return record.status();
    }
    if (!record->has_value()) {
      return std::optional<grpc::Slice>();
    }
    absl::StatusOr<grpc::Slice> encoded =
        source_.Encode(start_.partition, position_, head, **record);
    if (!encoded.ok()) {
      return encoded.status();
    }
    position_ = (*record)->position;
    reader_position_ = position_;
    return std::optional<grpc::Slice>(*std::move(encoded));
  }

  // Leaves a note, and ends the stream when nobody else will read it.
  void Interrupt(bool LogStreamReactor::*note) {
    const std::shared_ptr<LogStreamReactor> self = this->shared_from_this();
    {
      const std::lock_guard lock(mutex_);
      this->*note = true;
      if (state_ != State::kWaiting) {
        return;
      }
      state_ = State::kStepping;
    }
    Step();
  }

  // The log has news. Runs on the log's thread, which must not be kept: the step goes to the pump.
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      if (state_ != State::kWaiting) {
        return;
      }
      state_ = State::kStepping;
    }
    woken_ = true;
    const std::shared_ptr<LogStreamReactor> self = this->shared_from_this();
    if (!runtime_.pump().TrySubmit([self] { self->Step(); })) {
      End(ServiceRuntime::DrainingError());
    }
  }

  // REQUIRES: the caller owns the stream.
  void Step() {
    const std::shared_ptr<LogStreamReactor> self = this->shared_from_this();
    bool cancelled = false;
    bool drained = false;
    {
      const std::lock_guard lock(mutex_);
      cancelled = cancelled_;
      drained = drained_;
    }
    if (cancelled) {
      const absl::Status alive = CheckAlive(*context_);
      End(alive.ok() ? absl::CancelledError("the stream was cancelled") : alive);
      return;
    }
    if (drained) {
      End(ServiceRuntime::DrainingError());
      return;
    }
    if (absl::Status allowed = ticket_.CheckAllowed(); !allowed.ok()) {
      End(allowed);
      return;
    }
    const absl::StatusOr<std::optional<grpc::Slice>> record = Next();
    if (!record.ok()) {
      End(record.status());
      return;
    }
    if (!record->has_value()) {
      if (!start_.follow) {
        End(absl::OkStatus());
      } else if (woken_) {  // For nothing: the log has been closed.
        End(ServiceRuntime::DrainingError());
      } else {
        Wait();
      }
      return;
    }
    woken_ = false;
    const LogPosition head = log_.Head(start_.partition).value_or(position_);
    message_ = LogStreamSource<Response>::Message(**record, head);
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kWriting;
    }
    // Messages that others follow at once share packets.
    grpc::WriteOptions options;
    if (position_ < head) {
      options.set_buffer_hint();
    }
    this->StartWrite(&message_, options);
  }

  // REQUIRES: the caller owns the stream; it does not on return.
  void Wait() {
    uint64_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      if (cancelled_ || drained_) {
        number = 0;
      } else {
        state_ = State::kWaiting;
        number = ++wait_number_;
      }
    }
    if (number == 0) {
      Step();
      return;
    }
    std::unique_ptr<LogSubscription> subscription =
        log_.NotifyBehind(start_.partition, position_, [weak = this->weak_from_this()] {
          if (const auto stream = weak.lock(); stream != nullptr) {
            stream->Wake();
          }
        });
    // The log may have answered already, and another thread may be waiting anew: then its
    // subscription counts.
    const std::lock_guard lock(mutex_);
    if (wait_number_ == number) {
      subscription_.swap(subscription);
    }
  }

  // REQUIRES: the caller owns the stream.
  void End(const absl::Status& status) {
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kEnded;
    }
    ticket_.Finish(status);
    this->Finish(ToGrpcStatus(status));
  }

  ServiceRuntime& runtime_;
  grpc::CallbackServerContext* const context_;
  LogStreamSource<Response>& source_;
  Log& log_;
  LogStreamStart start_;
  LogPosition position_ = 0;
  std::unique_ptr<LogReader> reader_;
  LogPosition reader_position_ = 0;  // Behind position_ when records came from the source.
  grpc::ByteBuffer message_;
  bool woken_ = false;  // The owner's: nothing has been read since the log called.
  RpcTicket ticket_;
  DrainSubscription drain_;
  std::shared_ptr<LogStreamReactor> self_;

  std::mutex mutex_;  // Guards what follows.
  State state_ = State::kStepping;
  bool cancelled_ = false;
  bool drained_ = false;
  uint64_t wait_number_ = 0;
  std::unique_ptr<LogSubscription> subscription_;
};

}  // namespace lagebild::internal

namespace lagebild {

template <class Response>
auto LogStreamSource<Response>::NewestBehind(int32_t partition, LogPosition after) const
    -> std::optional<Encoded> {
  const std::lock_guard lock(mutex_);
  const auto found = newest_.find({partition, after});
  return found == newest_.end() ? std::nullopt : std::optional<Encoded>(found->second);
}

template <class Response>
absl::StatusOr<grpc::Slice> LogStreamSource<Response>::Encode(int32_t partition, LogPosition after,
                                                              LogPosition head,
                                                              const LogRecord& record) {
  absl::StatusOr<grpc::Slice> encoded = convert_(record);
  if (!encoded.ok()) {
    return encoded.status();
  }
  const grpc::Slice& slice = *encoded;
  // A reader that catches up would only push out what the others wait for.
  if (head - record.position < internal::kNewestRecords && slice.size() <= internal::kNewestBytes) {
    const std::lock_guard lock(mutex_);
    if (newest_.try_emplace({partition, after}, Encoded{record.position, slice}).second) {
      newest_bytes_ += slice.size();
    }
    while (newest_.size() > internal::kNewestRecords || newest_bytes_ > internal::kNewestBytes) {
      newest_bytes_ -= newest_.begin()->second.response.size();
      newest_.erase(newest_.begin());
    }
  }
  return encoded;
}

template <class Response>
grpc::ByteBuffer LogStreamSource<Response>::Message(const grpc::Slice& response, LogPosition head) {
  // Messages that stand one behind the other are one message.
  Response rest;
  rest.set_head_position(head);
  const grpc::Slice slices[] = {response, EncodeMessage(rest)};
  return grpc::ByteBuffer(slices, 2);
}

template <class Request, class Response>
grpc::ServerWriteReactor<grpc::ByteBuffer>* StreamLog(ServiceRuntime& runtime,
                                                      grpc::CallbackServerContext* context,
                                                      std::string_view method,
                                                      LogStreamSource<Response>& source,
                                                      const grpc::ByteBuffer& request) {
  std::optional<internal::LogStreamStart> start;
  if (Request parsed; DecodeMessage(request, &parsed)) {
    start = {parsed.partition(), parsed.after_position(), parsed.follow()};
  }
  const auto reactor =
      std::make_shared<internal::LogStreamReactor<Response>>(runtime, context, source);
  reactor->Begin(method, start);
  return reactor.get();
}

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_LOG_STREAM_INL_H_
