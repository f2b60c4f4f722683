#ifndef LAGEBILD_COMMON_SERVER_SERVICE_RUNTIME_H_
#define LAGEBILD_COMMON_SERVER_SERVICE_RUNTIME_H_

#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/access/access_control.h"
#include "common/concurrency/worker_pool.h"
#include "common/server/metrics.h"
#include "common/server/server_config.h"
#include "common/time/clock.h"

namespace httplib {
class Server;
}

namespace lagebild {

class CallGuard;
class ServiceRuntime;

/// One running RPC: takes a place under the limit of concurrent RPCs, counts it when it is over.
/// Movable. Finish() exactly once, or the destructor counts it as CANCELLED.
class RpcTicket {
 public:
  RpcTicket() = default;
  RpcTicket(RpcTicket&& other) noexcept;
  RpcTicket& operator=(RpcTicket&& other) noexcept;
  ~RpcTicket();

  /// Counts the RPC under the status's code and frees its place.
  void Finish(const absl::Status& status);

  /// For streams to ask before each message: UNAUTHENTICATED when the caller's token has been taken
  /// away meanwhile. Cheap.
  absl::Status CheckAllowed() const;
  /// For streams of requests: counts one request against the caller's rate; the time to wait before
  /// the next is read.
  std::chrono::nanoseconds ChargeMessage() const;
  /// Who calls, for logs; empty when nothing is controlled.
  std::string_view client() const;

 private:
  friend class ServiceRuntime;
  ServiceRuntime* runtime_ = nullptr;
  AccessPass pass_;
  std::string method_;
  std::chrono::steady_clock::time_point start_;
};

/// Cancels a callback when destroyed; after the destructor it is not running and will not run.
class DrainSubscription {
 public:
  DrainSubscription() = default;
  DrainSubscription(DrainSubscription&& other) noexcept;
  DrainSubscription& operator=(DrainSubscription&& other) noexcept;
  ~DrainSubscription();

 private:
  friend class ServiceRuntime;
  ServiceRuntime* runtime_ = nullptr;
  uint64_t id_ = 0;
};

/// What surrounds the RPC handlers of a service: gRPC server with health and reflection, HTTP
/// server with /metrics, /healthz and /readyz, worker pool, limits, signals and draining.
///
/// ```
/// int main(int argc, char** argv) {
///   const ServiceIdentity identity = {"ingest_service", "Takes documents in.", "127.0.0.1:7401",
///                                     "127.0.0.1:7411"};
///   ServerConfig config;
///   FlagSet flags(identity.name, identity.description, kLagebildVersion);
///   AddServerFlags(flags, identity, &config);
///   if (const auto exit_code = flags.Parse(argc, argv)) return *exit_code;
///   auto runtime = ServiceRuntime::Create(identity, config);
///   if (!runtime.ok()) return FailStart(identity.name, runtime.status());
///   ... open the store, make the service ...
///   (*runtime)->AddService("lagebild.v1.IngestService", &service);
///   return (*runtime)->Run([&] { log->Close(); });
/// }
/// ```
/// Thread-safe but for AddService() and Run().
class ServiceRuntime {
 public:
  /// Checks the configuration, reads certificates and tokens, sets up logging and blocks nothing
  /// yet. Errors: INVALID_ARGUMENT (reason CONFIG) naming the flag; UNAVAILABLE (ADDRESS_UNUSABLE)
  /// when an address is in use or cannot be bound.
  static absl::StatusOr<std::unique_ptr<ServiceRuntime>> Create(ServiceIdentity identity,
                                                                ServerConfig config);
  ~ServiceRuntime();
  ServiceRuntime(const ServiceRuntime&) = delete;
  ServiceRuntime& operator=(const ServiceRuntime&) = delete;

  const ServiceIdentity& identity() const { return identity_; }
  const ServerConfig& config() const { return config_; }
  Metrics& metrics() { return *metrics_; }
  /// For work that blocks or computes: one thread per processor unless configured.
  WorkerPool& workers() { return *workers_; }
  /// For short steps that must not run on the thread that wakes them (streams woken by a log).
  WorkerPool& pump() { return *pump_; }
  Instant started_at() const { return started_at_; }

  /// Serves a service under its full name ("lagebild.v1.IngestService"), which is also its name in
  /// grpc.health.v1. It is NOT_SERVING until SetReady(). Before Run(); the service must outlive the
  /// runtime's Run().
  void AddService(std::string_view full_name, grpc::Service* service);

  /// The HTTP server, to add handlers of one's own before Run(); not null.
  httplib::Server* http_server();

  /// Readiness in grpc.health.v1 (under the name and, when all are ready, under "") and on /readyz.
  /// May be called at any time, also before Run().
  void SetReady(std::string_view full_name, bool ready);

  /// Lets an RPC in and takes a place for it. Errors: those of AccessControl::Admit(),
  /// RESOURCE_EXHAUSTED (TOO_MANY_REQUESTS) beyond --max-concurrent-rpcs, UNAVAILABLE (DRAINING)
  /// when the service stops. `method` is the short name ("GetClaim").
  absl::StatusOr<RpcTicket> StartRpc(const grpc::ServerContextBase& context,
                                     std::string_view method);

  /// Calls back once when draining begins (at once when it has): streams that have no end by
  /// themselves end then with UNAVAILABLE. The callback must not block.
  [[nodiscard]] DrainSubscription OnDrain(std::function<void()> callback);
  bool draining() const { return draining_.load(std::memory_order_acquire); }
  /// What such streams end with.
  static absl::Status DrainingError();

  /// Listens, serves, and returns the process's exit code after SIGTERM, SIGINT or Shutdown():
  /// readiness off, no new RPCs, drain callbacks, running RPCs finish within --drain-timeout-ms,
  /// then `on_drained` (stop followers, flush, close). A port that has been taken meanwhile
  /// gives one line and exit code 1. While it serves, memory that the allocator holds free goes
  /// back to the system every two seconds.
  int Run(const std::function<void()>& on_drained = {});

  /// Begins draining; Run() returns. From any thread.
  void Shutdown();

  /// Ports that were bound, 0 before (for tests, which listen on port 0). Waits until Run() listens
  /// or failed.
  int WaitForPort();
  int http_port() const { return http_port_.load(); }

 private:
  friend class RpcTicket;
  friend class DrainSubscription;
  struct Servers;
  ServiceRuntime(ServiceIdentity identity, ServerConfig config, std::unique_ptr<CallGuard> guard);
  absl::Status PrepareCredentials();
  void FinishRpc(const RpcTicket& ticket, const absl::Status& status);
  void CancelDrain(uint64_t id);
  void ApplyHealth();
  void StartDraining();

  const ServiceIdentity identity_;
  const ServerConfig config_;
  const Instant started_at_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<CallGuard> guard_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<WorkerPool> pump_;
  std::unique_ptr<Servers> servers_;
  std::atomic<bool> draining_{false};
  std::atomic<int64_t> running_{0};
  std::atomic<int> http_port_{0};
};

/// Prints why a service cannot start, in one line, and returns the exit code: 2 for the
/// configuration, 1 for the rest.
int FailStart(std::string_view program, const absl::Status& status);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_SERVICE_RUNTIME_H_
