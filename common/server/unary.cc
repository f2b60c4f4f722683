#include "common/server/unary.h"

#include <chrono>
#include <memory>
#include <utility>

#include "common/status/error.h"
#include "common/status/grpc_status.h"

namespace lagebild {
namespace {

// Lives until gRPC is done with the call.
class Reactor : public grpc::ServerUnaryReactor {
 public:
  void SetTicket(RpcTicket ticket) { ticket_ = std::move(ticket); }

  // The reactor may be gone on return.
  void End(const absl::Status& status) {
    ticket_.Finish(status);
    Finish(ToGrpcStatus(status));
  }

  void OnDone() override { delete this; }

 private:
  RpcTicket ticket_;
};

}  // namespace

absl::Status CheckAlive(const grpc::CallbackServerContext& context) {
  if (context.deadline() < std::chrono::system_clock::now()) {
    return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                     "the request's deadline has passed");
  }
  if (context.IsCancelled()) {
    return MakeError(absl::StatusCode::kCancelled, "CANCELLED", "the request was cancelled");
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* HandleUnary(ServiceRuntime& runtime, grpc::CallbackServerContext* context,
                                      std::string_view method, RunOn where,
                                      std::function<absl::Status()> handler) {
  return HandleUnaryAsync(runtime, context, method, where,
                          [handler = std::move(handler)](const RpcDone& done) { done(handler()); });
}

grpc::ServerUnaryReactor* HandleUnaryAsync(ServiceRuntime& runtime,
                                           grpc::CallbackServerContext* context,
                                           std::string_view method, RunOn where,
                                           std::function<void(RpcDone done)> handler) {
  auto* const reactor = new Reactor;
  absl::StatusOr<RpcTicket> ticket = runtime.StartRpc(*context, method);
  if (!ticket.ok()) {
    reactor->Finish(ToGrpcStatus(ticket.status()));
    return reactor;
  }
  reactor->SetTicket(*std::move(ticket));
  auto run = [context, reactor, handler = std::move(handler)] {
    if (const absl::Status alive = CheckAlive(*context); !alive.ok()) {
      reactor->End(alive);
      return;
    }
    handler([reactor](const absl::Status& status) { reactor->End(status); });
  };
  if (where == RunOn::kInline) {
    run();
  } else if (!runtime.workers().TrySubmit(std::move(run))) {
    reactor->End(runtime.draining()
                     ? ServiceRuntime::DrainingError()
                     : ResourceExhausted("TOO_MANY_REQUESTS",
                                         "too many requests wait for a worker; try again later"));
  }
  return reactor;
}

}  // namespace lagebild
