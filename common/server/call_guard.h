#ifndef LAGEBILD_COMMON_SERVER_CALL_GUARD_H_
#define LAGEBILD_COMMON_SERVER_CALL_GUARD_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_interceptor.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/access/access_control.h"
#include "common/server/server_config.h"

namespace lagebild {

/// Asks AccessControl about RPCs: knows from the contracts which scope a method wants, and from the
/// transport who calls.
///
/// The services' own methods are let in by ServiceRuntime::StartRpc(), so that refusals carry
/// details and are counted. What gRPC serves itself knows nothing of that; there an interceptor
/// cancels the call with the code and message of the refusal. Health is let in always.
/// Thread-safe but for AddService().
class CallGuard {
 public:
  /// Errors: INVALID_ARGUMENT (CONFIG) naming the flag.
  static absl::StatusOr<std::unique_ptr<CallGuard>> Create(const ServerConfig& config);

  /// Takes the scopes of a service's methods from its contract. Before any Admit().
  void AddService(std::string_view full_name);

  /// Lets an RPC of ours in. `method` is the short name. Errors: as AccessControl::Admit().
  absl::StatusOr<AccessPass> Admit(const grpc::ServerContextBase& context, std::string_view method);

  /// Whether one that was let in may go on. Errors: as AccessControl::Check().
  absl::Status Check(const AccessPass& pass) { return access_->Check(pass.client()); }

  /// The interceptor for gRPC's own services; null when nothing is controlled. The guard must
  /// outlive the server.
  std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptorFactory();

 private:
  class Factory;
  class Interceptor;
  explicit CallGuard(std::unique_ptr<AccessControl> access) : access_(std::move(access)) {}
  absl::StatusOr<AccessPass> Admit(const grpc::ServerContextBase& context, Scope scope);

  const std::unique_ptr<AccessControl> access_;
  std::map<std::string, Scope, std::less<>> scopes_;  // By short name.
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_CALL_GUARD_H_
