#include "common/server/unary.h"

#include <chrono>
#include <memory>
#include <utility>

#include "common/status/error.h"
#include "common/status/grpc_status.h"

namespace lagebild {
namespace {

// Ends a call. Only gRPC's default reactor is done without a hop to another thread, which would
// cost more than many an answer.
void End(grpc::ServerUnaryReactor* reactor, RpcTicket* ticket, const absl::Status& status) {
  ticket->Finish(status);
  reactor->Finish(ToGrpcStatus(status));
}

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
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  absl::StatusOr<RpcTicket> started = runtime.StartRpc(*context, method);
  if (!started.ok()) {
    reactor->Finish(ToGrpcStatus(started.status()));
    return reactor;
  }
  // Shared, because functions are copied.
  const auto ticket = std::make_shared<RpcTicket>(*std::move(started));
  auto run = [context, reactor, ticket, handler = std::move(handler)] {
    if (const absl::Status alive = CheckAlive(*context); !alive.ok()) {
      End(reactor, ticket.get(), alive);
      return;
    }
    handler([reactor, ticket](const absl::Status& status) { End(reactor, ticket.get(), status); });
  };
  if (where == RunOn::kInline) {
    run();
  } else if (!runtime.workers().TrySubmit(std::move(run))) {
    End(reactor, ticket.get(),
        runtime.draining()
            ? ServiceRuntime::DrainingError()
            : ResourceExhausted("TOO_MANY_REQUESTS",
                                "too many requests wait for a worker; try again later"));
  }
  return reactor;
}

}  // namespace lagebild
