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

namespace lagebild::internal {

// One party at a time owns the stream (`state_`): the step that reads and writes, the write in
// flight, or nobody while it waits for the log. Whoever moves it out of kWaiting (log,
// cancellation, drain) takes the next step; the others leave a note. Only the owner calls Finish(),
// so a step never runs on a stream that is over.
template <class Response>
class LogStreamReactor : public grpc::ServerWriteReactor<Response>,
                         public std::enable_shared_from_this<LogStreamReactor<Response>> {
 public:
  using Convert = std::function<absl::Status(LogRecord, LogPosition, Response*)>;

  LogStreamReactor(ServiceRuntime& runtime, grpc::CallbackServerContext* context, Log& log,
                   LogStreamStart start, Convert convert)
      : runtime_(runtime),
        context_(context),
        log_(log),
        start_(start),
        position_(start.after_position),
        convert_(std::move(convert)) {}

  // Begins; the reactor keeps itself alive until OnDone().
  void Begin(std::string_view method) {
    self_ = this->shared_from_this();
    const std::shared_ptr<LogStreamReactor> self = self_;
    absl::StatusOr<RpcTicket> ticket = runtime_.StartRpc(*context_, method);
    if (!ticket.ok()) {
      End(ticket.status());
      return;
    }
    ticket_ = *std::move(ticket);
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
    absl::StatusOr<std::unique_ptr<LogReader>> reader =
        log_.ReadAfter(start_.partition, start_.after_position);
    if (!reader.ok()) {
      return reader.status();
    }
    reader_ = *std::move(reader);
    context_->AddInitialMetadata(kHeadPositionHeader, std::to_string(*head));
    return absl::OkStatus();
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
    absl::StatusOr<std::optional<LogRecord>> record = reader_->Next();
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
    position_ = (*record)->position;
    response_.Clear();
    const LogPosition head = log_.Head(start_.partition).value_or(position_);
    if (absl::Status status = convert_(**std::move(record), head, &response_); !status.ok()) {
      End(status);
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kWriting;
    }
    this->StartWrite(&response_);
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
  Log& log_;
  const LogStreamStart start_;
  LogPosition position_;
  const Convert convert_;
  std::unique_ptr<LogReader> reader_;
  Response response_;
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
grpc::ServerWriteReactor<Response>* StreamLog(
    ServiceRuntime& runtime, grpc::CallbackServerContext* context, std::string_view method,
    Log& log, LogStreamStart start,
    std::function<absl::Status(LogRecord record, LogPosition head, Response* response)> convert) {
  const auto reactor = std::make_shared<internal::LogStreamReactor<Response>>(
      runtime, context, log, start, std::move(convert));
  reactor->Begin(method);
  return reactor.get();
}

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_LOG_STREAM_INL_H_
