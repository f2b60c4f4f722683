#ifndef LAGEBILD_COMMON_SERVER_UNARY_H_
#define LAGEBILD_COMMON_SERVER_UNARY_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "common/server/service_runtime.h"

namespace lagebild {

/// Where a handler runs.
enum class RunOn {
  kInline,   ///< On gRPC's thread: for handlers that take less than a millisecond and never wait.
  kWorkers,  ///< On the runtime's worker pool: for what computes, blocks or reads much from disk.
};

/// Answers a unary RPC of the callback API with a function that fills the response (captured;
/// request and response live until the RPC is over) and returns its status. Takes care of the limit
/// of concurrent RPCs (RESOURCE_EXHAUSTED TOO_MANY_REQUESTS, also when the worker queue is full),
/// of metrics, of ErrorInfo, and of calls that were cancelled or ran out of time before they began.
///
///   grpc::ServerUnaryReactor* GetClaim(grpc::CallbackServerContext* context, const
///   GetClaimRequest* request,
///                                      GetClaimResponse* response) override {
///     return HandleUnary(runtime_, context, "GetClaim", RunOn::kWorkers,
///                        [=, this] { return reader_.GetClaim(*request, response); });
///   }
grpc::ServerUnaryReactor* HandleUnary(ServiceRuntime& runtime, grpc::CallbackServerContext* context,
                                      std::string_view method, RunOn where,
                                      std::function<absl::Status()> handler);

/// Ends an asynchronous RPC; call exactly once, from any thread.
using RpcDone = std::function<void(absl::Status)>;

/// The same for a handler that starts something and answers later (Log::Append): it gets `done` and
/// returns.
grpc::ServerUnaryReactor* HandleUnaryAsync(ServiceRuntime& runtime,
                                           grpc::CallbackServerContext* context,
                                           std::string_view method, RunOn where,
                                           std::function<void(RpcDone done)> handler);

/// CANCELLED or DEADLINE_EXCEEDED when nobody waits for the answer any more, else OK. For long
/// handlers to ask now and then.
absl::Status CheckAlive(const grpc::CallbackServerContext& context);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_UNARY_H_
