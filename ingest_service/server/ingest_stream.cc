#include "ingest_service/server/ingest_stream.h"

#include <grpcpp/alarm.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "common/server/unary.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"
#include "ingest_service/server/service.h"

namespace lagebild::ingest {
namespace {

// Requests of one stream in work hold at most about this much memory.
constexpr size_t kMaxBytesInWork = size_t{64} << 20;

using Request = v1::IngestDocumentsRequest;
using Response = v1::IngestDocumentsResponse;

// Events only note what happened and call Drive(); one thread at a time drives, decides what to
// start next and starts it outside of the lock, because gRPC may answer before a start returns.
class IngestStream final : public grpc::ServerBidiReactor<Request, Response>,
                           public std::enable_shared_from_this<IngestStream> {
 public:
  IngestStream(ServiceRuntime& runtime, grpc::CallbackServerContext* context,
               IngestServiceImpl& service)
      : runtime_(runtime),
        context_(context),
        service_(service),
        window_(static_cast<size_t>(runtime.config().stream_window)) {}

  // Begins; the stream keeps itself alive until OnDone().
  void Begin() {
    self_ = shared_from_this();
    absl::StatusOr<RpcTicket> ticket = runtime_.StartRpc(*context_, "IngestDocuments");
    if (!ticket.ok()) {
      Finish(ToGrpcStatus(ticket.status()));
      return;
    }
    ticket_ = *std::move(ticket);
    drain_ = runtime_.OnDrain([weak = weak_from_this()] {
      if (const auto stream = weak.lock(); stream != nullptr) stream->Note(&IngestStream::drained_);
    });
    Drive();
  }

  void OnReadDone(bool ok) override {
    std::shared_ptr<Slot> slot;
    const bool allowed = ticket_.CheckAllowed().ok();
    const std::chrono::nanoseconds pause =
        ok ? ticket_.ChargeMessage() : std::chrono::nanoseconds(0);
    {
      const std::lock_guard lock(mutex_);
      reading_ = false;
      revoked_ = revoked_ || !allowed;
      paused_ = pause.count() > 0;
      if (!ok) {
        reads_done_ = true;
      } else {
        slot = std::make_shared<Slot>();
        slot->request = std::move(read_);
        slot->bytes = slot->request->ByteSizeLong();
        slot->response.set_index(next_index_++);
        bytes_in_work_ += slot->bytes;
        slots_.push_back(slot);
      }
    }
    if (pause.count() > 0) Pause(pause);
    if (slot != nullptr) {
      auto work = [self = shared_from_this(), slot] { self->Process(slot); };
      // With all workers busy this thread does it: the client waits, nothing is refused.
      if (!runtime_.workers().TrySubmit(work)) work();
    }
    Drive();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      cancelled_ = cancelled_ || !ok;
      slots_.pop_front();
    }
    Drive();
  }

  void OnCancel() override { Note(&IngestStream::cancelled_); }

  void OnDone() override {
    const std::shared_ptr<IngestStream> self = std::move(self_);
    drain_ = DrainSubscription();
  }

 private:
  // A request in work or an answer that waits for its turn.
  struct Slot {
    std::shared_ptr<Request> request;
    size_t bytes = 0;
    Response response;
    bool ready = false;
  };

  void Note(bool IngestStream::*what) {
    {
      const std::lock_guard lock(mutex_);
      this->*what = true;
    }
    Drive();
  }

  // Beyond its rate a client is slowed down, not refused: the next request is read later.
  // REQUIRES: paused_ is set, so that nobody else starts the alarm.
  void Pause(std::chrono::nanoseconds pause) {
    alarm_.Set(std::chrono::system_clock::now() +
                   std::chrono::duration_cast<std::chrono::microseconds>(pause),
               [self = shared_from_this()](bool /*expired*/) {
                 {
                   const std::lock_guard lock(self->mutex_);
                   self->paused_ = false;
                 }
                 self->Drive();
               });
  }

  void Process(const std::shared_ptr<Slot>& slot) {
    service_.Ingest(
        slot->request->document(),
        [self = shared_from_this(), slot](absl::StatusOr<v1::IngestDocumentResponse> stored) {
          self->Answer(*slot, std::move(stored));
        });
  }

  void Answer(Slot& slot, absl::StatusOr<v1::IngestDocumentResponse> stored) {
    if (stored.ok()) {
      *slot.response.mutable_stored() = *std::move(stored);
    } else {
      const absl::Status& status = stored.status();
      const ErrorDetail detail = DetailOf(status);
      v1::IngestError& error = *slot.response.mutable_error();
      error.set_code(static_cast<int32_t>(status.code()));
      error.set_reason(detail.reason);
      error.set_field(detail.field);
      error.set_message(PublicMessageOf(status));
    }
    {
      const std::lock_guard lock(mutex_);
      slot.request.reset();
      slot.ready = true;
      bytes_in_work_ -= slot.bytes;
    }
    Drive();
  }

  void Drive() {
    const std::shared_ptr<IngestStream> self = shared_from_this();
    std::unique_lock lock(mutex_);
    again_ = true;
    if (driving_) return;
    driving_ = true;
    while (again_ && !finished_) {
      again_ = false;
      const bool over = reads_done_ || drained_ || cancelled_ || revoked_;
      const bool read = !over && !reading_ && !paused_ && slots_.size() < window_ &&
                        bytes_in_work_ < kMaxBytesInWork;
      const bool write = !cancelled_ && !writing_ && !slots_.empty() && slots_.front()->ready;
      const bool finish = over && !writing_ && !write && (slots_.empty() || cancelled_);
      reading_ = reading_ || read;
      writing_ = writing_ || write;
      finished_ = finish;
      if (read) read_ = std::make_shared<Request>();
      const bool cancelled = cancelled_;
      const bool reads_done = reads_done_;
      const bool revoked = revoked_;
      Request* const into = read_.get();
      Response* const answer = write ? &slots_.front()->response : nullptr;
      lock.unlock();
      if (read) StartRead(into);
      if (write) StartWrite(answer);
      if (finish) End(cancelled, revoked, reads_done);
      lock.lock();
    }
    driving_ = false;
  }

  void End(bool cancelled, bool revoked, bool reads_done) {
    absl::Status status;
    if (cancelled) {
      status = CheckAlive(*context_);
      if (status.ok()) {
        status = MakeError(absl::StatusCode::kCancelled, "CANCELLED", "the stream was cancelled");
      }
    } else if (revoked) {
      status = ticket_.CheckAllowed();
    } else if (!reads_done) {
      status = ServiceRuntime::DrainingError();
    }
    ticket_.Finish(status);
    Finish(ToGrpcStatus(status));
  }

  ServiceRuntime& runtime_;
  grpc::CallbackServerContext* const context_;
  IngestServiceImpl& service_;
  const size_t window_;
  RpcTicket ticket_;
  DrainSubscription drain_;
  grpc::Alarm alarm_;  // Ends a pause.
  std::shared_ptr<IngestStream> self_;

  std::mutex mutex_;               // Guards what follows.
  std::shared_ptr<Request> read_;  // Where the read in flight goes.
  std::deque<std::shared_ptr<Slot>> slots_;
  int64_t next_index_ = 0;
  size_t bytes_in_work_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool reads_done_ = false;
  bool drained_ = false;
  bool cancelled_ = false;
  bool revoked_ = false;
  bool paused_ = false;
  bool finished_ = false;
  bool driving_ = false;
  bool again_ = false;
};

}  // namespace

grpc::ServerBidiReactor<Request, Response>* StreamIngest(ServiceRuntime& runtime,
                                                         grpc::CallbackServerContext* context,
                                                         IngestServiceImpl& service) {
  const auto stream = std::make_shared<IngestStream>(runtime, context, service);
  stream->Begin();
  return stream.get();
}

}  // namespace lagebild::ingest
