#include "common/server/service_runtime.h"

#include <fcntl.h>
#ifdef LAGEBILD_TCMALLOC
#include <gperftools/malloc_extension_c.h>
#endif
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <httplib.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/server/call_guard.h"
#include "common/server/logging.h"
#include "common/server/tls_credentials.h"
#include "common/status/error.h"
#include "google/protobuf/message.h"
#include "grpc/health/v1/health.pb.h"

namespace lagebild {
namespace {

constexpr int kExitFailure = 1;
// What is left to close files after the drain timeout, before the process ends all the same.
constexpr auto kCloseTimeout = std::chrono::milliseconds(2000);
// How often free memory goes back to the system.
constexpr auto kReturnPause = std::chrono::milliseconds(1000);

struct HostPort {
  std::string host;
  int port = 0;
};

HostPort Split(std::string_view address) {
  const size_t colon = address.rfind(':');
  std::string_view host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  return {std::string(host), std::atoi(std::string(address.substr(colon + 1)).c_str())};
}

// Says in one sentence why an address cannot be bound; gRPC and httplib only say that it failed.
absl::Status ProbeAddress(std::string_view flag, const std::string& address) {
  if (address.starts_with("unix:")) {
    return absl::OkStatus();
  }
  const HostPort parts = Split(address);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int lookup =
      getaddrinfo(parts.host.c_str(), std::to_string(parts.port).c_str(), &hints, &found);
  if (lookup != 0) {
    return Unavailable("ADDRESS_UNUSABLE", std::string(flag) + ": \"" + address +
                                               "\" cannot be resolved: " + gai_strerror(lookup));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
  const int fd = socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC, list->ai_protocol);
  if (fd < 0) {
    return absl::OkStatus();  // No probe; the server says it then.
  }
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  // Listening too: two sockets with SO_REUSEADDR may be bound, but only one may listen.
  const bool usable =
      bind(fd, list->ai_addr, list->ai_addrlen) == 0 && (parts.port == 0 || listen(fd, 1) == 0);
  const int error = errno;
  close(fd);
  if (usable) {
    return absl::OkStatus();
  }
  return Unavailable("ADDRESS_UNUSABLE",
                     std::string(flag) + ": \"" + address + "\" " +
                         (error == EADDRINUSE ? std::string("is in use by another process")
                                              : std::string("cannot be bound: ") +
                                                    std::generic_category().message(error)));
}

absl::Status ProbeAddresses(const ServerConfig& config) {
  absl::Status status = ProbeAddress("--listen", config.listen);
  return status.ok() ? ProbeAddress("--http-listen", config.http_listen) : status;
}

// The allocator keeps what was freed, in pieces that seldom fit the next batch: behind a long burst
// that is twice what is in use. Given back at every free instead, a third of the rate is lost.
void ReturnFreeMemory() {
#ifdef LAGEBILD_TCMALLOC
  MallocExtension_ReleaseFreeMemory();
#endif
}

// Where a signal handler writes; the runtime that runs reads the other end.
std::atomic<int> signal_pipe{-1};

extern "C" void OnSignal(int /*signal*/) {
  const int saved = errno;
  const char byte = 1;
  if (const int fd = signal_pipe.load(); fd >= 0) {
    (void)!write(fd, &byte, 1);
  }
  errno = saved;
}

}  // namespace

// Everything that only Run() and its threads touch, with gRPC's and httplib's types out of the
// header.
struct ServiceRuntime::Servers {
  struct DrainEntry {
    // Recursive, so that a callback may destroy its own subscription.
    std::recursive_mutex mutex;
    std::function<void()> callback;

    void Call() {
      const std::lock_guard lock(mutex);
      const std::function<void()> call = std::exchange(callback, nullptr);
      if (call) {
        call();
      }
    }
  };

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::pair<std::string, grpc::Service*>> services;
  std::map<std::string, bool> ready;
  std::map<uint64_t, std::shared_ptr<DrainEntry>> drain_entries;
  uint64_t next_drain_id = 1;
  std::shared_ptr<grpc::ServerCredentials> credentials;  // Outlives the server.
  std::unique_ptr<grpc::Server> grpc_server;
  bool failed = false;  // Run() gave up before it listened.
  bool finished = false;
  int port = 0;
  httplib::Server http;
  std::thread http_thread;
  int wake_read = -1;
  int wake_write = -1;
};

RpcTicket::RpcTicket(RpcTicket&& other) noexcept { *this = std::move(other); }

RpcTicket& RpcTicket::operator=(RpcTicket&& other) noexcept {
  std::swap(runtime_, other.runtime_);
  std::swap(method_, other.method_);
  std::swap(start_, other.start_);
  std::swap(pass_, other.pass_);
  return *this;
}

RpcTicket::~RpcTicket() { Finish(absl::CancelledError("abandoned")); }

void RpcTicket::Finish(const absl::Status& status) {
  if (ServiceRuntime* const runtime = std::exchange(runtime_, nullptr); runtime != nullptr) {
    runtime->FinishRpc(*this, status);
    pass_ = AccessPass();
  }
}

absl::Status RpcTicket::CheckAllowed() const {
  return runtime_ == nullptr ? absl::OkStatus() : runtime_->guard_->Check(pass_);
}

std::chrono::nanoseconds RpcTicket::ChargeMessage() const {
  AccessClient* const client = pass_.client();
  return client == nullptr ? std::chrono::nanoseconds(0) : client->Charge();
}

std::string_view RpcTicket::client() const {
  const AccessClient* const client = pass_.client();
  return client == nullptr ? std::string_view() : std::string_view(client->name());
}

DrainSubscription::DrainSubscription(DrainSubscription&& other) noexcept {
  *this = std::move(other);
}

DrainSubscription& DrainSubscription::operator=(DrainSubscription&& other) noexcept {
  std::swap(runtime_, other.runtime_);
  std::swap(id_, other.id_);
  return *this;
}

DrainSubscription::~DrainSubscription() {
  if (runtime_ != nullptr) {
    runtime_->CancelDrain(id_);
  }
}

absl::StatusOr<std::unique_ptr<ServiceRuntime>> ServiceRuntime::Create(ServiceIdentity identity,
                                                                       ServerConfig config) {
  if (absl::Status status = ValidateServerConfig(config); !status.ok()) {
    return status;
  }
  // Said before the data is opened; Run() looks again.
  if (absl::Status status = ProbeAddresses(config); !status.ok()) {
    return status;
  }
  InitLogging(identity.name, config.log_format, config.log_level);
  // Debian's Abseil looks for deadlocks whenever a lock is taken, those of gRPC, too: a twentieth
  // of a short RPC. Sanitizers look for them in tests.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  absl::StatusOr<std::unique_ptr<CallGuard>> guard = CallGuard::Create(config);
  if (!guard.ok()) {
    return guard.status();
  }
  std::unique_ptr<ServiceRuntime> runtime(
      new ServiceRuntime(std::move(identity), std::move(config), *std::move(guard)));
  if (absl::Status status = runtime->PrepareCredentials(); !status.ok()) {
    return status;
  }
  if (std::array<int, 2> ends; pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
    runtime->servers_->wake_read = ends[0];
    runtime->servers_->wake_write = ends[1];
  } else {
    return MakeError(absl::StatusCode::kInternal, "SYSTEM", "cannot create a pipe");
  }
  return runtime;
}

ServiceRuntime::ServiceRuntime(ServiceIdentity identity, ServerConfig config,
                               std::unique_ptr<CallGuard> guard)
    : identity_(std::move(identity)),
      config_(std::move(config)),
      started_at_(Clock::System().Now()),
      metrics_(std::make_unique<Metrics>(identity_.name, kLagebildVersion)),
      guard_(std::move(guard)),
      servers_(std::make_unique<Servers>()) {
  const size_t threads = config_.worker_threads > 0
                             ? static_cast<size_t>(config_.worker_threads)
                             : std::max<size_t>(std::thread::hardware_concurrency(), 1);
  const auto queue = static_cast<size_t>(config_.max_concurrent_rpcs);
  workers_ = std::make_unique<WorkerPool>(threads, queue);
  pump_ = std::make_unique<WorkerPool>(1, 2 * queue);  // At most one step a stream.
  Servers& servers = *servers_;
  // A second server on the port must fail, not share it.
  servers.http.set_socket_options([](int fd) {
    const int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  servers.http.set_tcp_nodelay(true);
  servers.http.Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics_->Scrape(), "text/plain; version=0.0.4; charset=utf-8");
  });
  servers.http.Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("ok\n", "text/plain");
  });
  servers.http.Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
    std::string waiting;
    {
      const std::lock_guard lock(servers_->mutex);
      for (const auto& [name, ready] : servers_->ready) {
        if (!ready) {
          waiting += name + " is not ready\n";
        }
      }
    }
    if (draining()) {
      waiting += "draining\n";
    }
    constexpr int kServiceUnavailable = 503;
    if (!waiting.empty()) {
      response.status = kServiceUnavailable;
    }
    response.set_content(waiting.empty() ? "ok\n" : waiting, "text/plain");
  });
}

absl::Status ServiceRuntime::PrepareCredentials() {
  if (config_.tls_cert.empty()) {
    servers_->credentials = grpc::InsecureServerCredentials();
    return absl::OkStatus();
  }
  prometheus::Gauge& valid_until =
      metrics_->AddGauge("lagebild_tls_certificate_valid_until_seconds",
                         "End of the server certificate's validity, in seconds since 1970");
  absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> credentials =
      MakeTlsCredentials({config_.tls_cert, config_.tls_key, config_.tls_client_ca},
                         [&valid_until](std::chrono::sys_seconds time) {
                           valid_until.Set(static_cast<double>(time.time_since_epoch().count()));
                         });
  if (!credentials.ok()) {
    return credentials.status();
  }
  servers_->credentials = *std::move(credentials);
  return absl::OkStatus();
}

ServiceRuntime::~ServiceRuntime() {
  Servers& servers = *servers_;
  if (servers.grpc_server != nullptr) {
    servers.grpc_server->Shutdown(std::chrono::system_clock::now());
  }
  servers.http.stop();
  if (servers.http_thread.joinable()) {
    servers.http_thread.join();
  }
  workers_->Stop();
  pump_->Stop();
  servers.grpc_server.reset();
  signal_pipe.store(-1);
  for (const int fd : {servers.wake_read, servers.wake_write}) {
    if (fd >= 0) {
      close(fd);
    }
  }
}

void ServiceRuntime::AddService(std::string_view full_name, grpc::Service* service) {
  const std::lock_guard lock(servers_->mutex);
  servers_->services.emplace_back(full_name, service);
  servers_->ready.try_emplace(std::string(full_name), false);
  guard_->AddService(full_name);
}

httplib::Server* ServiceRuntime::http_server() { return &servers_->http; }

void ServiceRuntime::SetReady(std::string_view full_name, bool ready) {
  const std::lock_guard lock(servers_->mutex);
  auto [it, inserted] = servers_->ready.try_emplace(std::string(full_name), false);
  if (!inserted && it->second == ready) {
    return;
  }
  it->second = ready;
  ApplyHealth();
  LogInfo(ready ? "ready" : "not ready", {{"name", full_name}});
}

// REQUIRES: servers_->mutex is held.
void ServiceRuntime::ApplyHealth() {
  if (servers_->grpc_server == nullptr || draining()) {
    return;
  }
  grpc::HealthCheckServiceInterface* const health = servers_->grpc_server->GetHealthCheckService();
  bool all = true;
  for (const auto& [name, ready] : servers_->ready) {
    health->SetServingStatus(name, ready);
    all = all && ready;
  }
  health->SetServingStatus("", all);
}

absl::StatusOr<RpcTicket> ServiceRuntime::StartRpc(const grpc::ServerContextBase& context,
                                                   std::string_view method) {
  RpcTicket ticket;
  ticket.method_ = method;
  ticket.start_ = std::chrono::steady_clock::now();
  absl::Status refused;
  absl::StatusOr<AccessPass> pass = guard_->Admit(context, method);
  if (!pass.ok()) {
    refused = pass.status();
  } else if (draining()) {
    refused = DrainingError();
  } else if (running_.fetch_add(1, std::memory_order_relaxed) >= config_.max_concurrent_rpcs) {
    running_.fetch_sub(1, std::memory_order_relaxed);
    refused = ResourceExhausted("TOO_MANY_REQUESTS",
                                "more than " + std::to_string(config_.max_concurrent_rpcs) +
                                    " requests are in work; try again later");
  }
  if (!refused.ok()) {
    metrics_->CountRpc(method, absl::StatusCodeToString(refused.code()), {});
    return refused;
  }
  metrics_->rpcs_running().Increment();
  ticket.runtime_ = this;
  ticket.pass_ = *std::move(pass);
  return ticket;
}

void ServiceRuntime::FinishRpc(const RpcTicket& ticket, const absl::Status& status) {
  running_.fetch_sub(1, std::memory_order_relaxed);
  metrics_->rpcs_running().Decrement();
  const auto took = std::chrono::steady_clock::now() - ticket.start_;
  metrics_->CountRpc(ticket.method_, absl::StatusCodeToString(status.code()), took);
  if (status.code() == absl::StatusCode::kInternal ||
      status.code() == absl::StatusCode::kDataLoss) {
    LogError("rpc failed", {{"method", ticket.method_}, {"error", status}});
  } else if (!status.ok()) {
    LogDebug("rpc refused", {{"method", ticket.method_}, {"error", status}});
  }
}

DrainSubscription ServiceRuntime::OnDrain(std::function<void()> callback) {
  auto entry = std::make_shared<Servers::DrainEntry>();
  entry->callback = std::move(callback);
  DrainSubscription subscription;
  subscription.runtime_ = this;
  {
    const std::lock_guard lock(servers_->mutex);
    subscription.id_ = servers_->next_drain_id++;
    servers_->drain_entries.emplace(subscription.id_, entry);
  }
  if (draining()) {
    entry->Call();
  }
  return subscription;
}

void ServiceRuntime::CancelDrain(uint64_t id) {
  std::shared_ptr<Servers::DrainEntry> entry;
  {
    const std::lock_guard lock(servers_->mutex);
    const auto it = servers_->drain_entries.find(id);
    if (it == servers_->drain_entries.end()) {
      return;
    }
    entry = std::move(it->second);
    servers_->drain_entries.erase(it);
  }
  const std::lock_guard lock(entry->mutex);  // Waits for a callback that is running.
  entry->callback = nullptr;
}

absl::Status ServiceRuntime::DrainingError() {
  return Unavailable("DRAINING", "the service is stopping; connect again");
}

void ServiceRuntime::StartDraining() {
  std::vector<std::shared_ptr<Servers::DrainEntry>> entries;
  {
    const std::lock_guard lock(servers_->mutex);
    if (servers_->grpc_server != nullptr) {
      grpc::HealthCheckServiceInterface* const health =
          servers_->grpc_server->GetHealthCheckService();
      health->SetServingStatus(false);
    }
    draining_.store(true, std::memory_order_release);
    for (const auto& [id, entry] : servers_->drain_entries) {
      entries.push_back(entry);
    }
  }
  for (const auto& entry : entries) {
    entry->Call();
  }
}

int ServiceRuntime::Run(const std::function<void()>& on_drained) {
  Servers& servers = *servers_;
  const auto fail = [this, &servers](const absl::Status& status) {
    {
      const std::lock_guard lock(servers.mutex);
      servers.failed = true;
    }
    servers.changed.notify_all();
    return FailStart(identity_.name, status);
  };
  if (absl::Status status = ProbeAddresses(config_); !status.ok()) {
    return fail(status);
  }
  const HostPort http = Split(config_.http_listen);
  const int http_port = http.port == 0 ? servers.http.bind_to_any_port(http.host.c_str())
                        : servers.http.bind_to_port(http.host.c_str(), http.port) ? http.port
                                                                                  : -1;
  if (http_port < 0) {
    return fail(Unavailable("ADDRESS_UNUSABLE",
                            "--http-listen: \"" + config_.http_listen + "\" cannot be bound"));
  }
  http_port_.store(http_port);

  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  // Keeps the descriptors in the program: nothing else refers to them but reflection, by name.
  google::protobuf::LinkMessageReflection<grpc::health::v1::HealthCheckRequest>();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(config_.listen, servers.credentials, &port);
  builder.SetMaxReceiveMessageSize(static_cast<int>(config_.max_message_bytes));
  builder.SetMaxSendMessageSize(static_cast<int>(config_.max_message_bytes));
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  constexpr int kSecond = 1000;
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10 * kSecond);
  // Our clients ping every 15 s, also while a stream is quiet.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(config_.max_streams));
  // Who connects and then says nothing holds no place for long.
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 15 * 60 * kSecond);
  if (auto interceptor = guard_->MakeInterceptorFactory(); interceptor != nullptr) {
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> factories;
    factories.push_back(std::move(interceptor));
    builder.experimental().SetInterceptorCreators(std::move(factories));
  }
  for (const auto& [name, service] : servers.services) {
    builder.RegisterService(service);
  }
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return fail(Unavailable("ADDRESS_UNUSABLE", "--listen: \"" + config_.listen +
                                                    "\" cannot be served (" + "is it in use?)"));
  }
  {
    const std::lock_guard lock(servers.mutex);
    servers.grpc_server = std::move(server);
    servers.port = port;
    ApplyHealth();
  }
  servers.changed.notify_all();
  servers.http_thread = std::thread([&servers] { servers.http.listen_after_bind(); });
  signal_pipe.store(servers.wake_write);
  struct sigaction action {};
  action.sa_handler = &OnSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  LogInfo("serving", {{"listen", config_.listen},
                      {"port", port},
                      {"http_port", http_port},
                      {"version", kLagebildVersion},
                      {"tls", config_.tls_cert.empty()        ? "off"
                              : config_.tls_client_ca.empty() ? "on"
                                                              : "mutual"},
                      {"tokens", config_.tokens_file.empty() ? "off" : "on"}});

  pollfd wake = {servers.wake_read, POLLIN, 0};
  while (true) {
    const int ready = poll(&wake, 1, static_cast<int>(kReturnPause.count()));
    if (ready > 0 || (ready < 0 && errno != EINTR)) break;
    ReturnFreeMemory();
  }

  LogInfo("draining", {{"timeout_ms", config_.drain_timeout_ms}});
  // Whatever hangs, the process ends in time: all that was acknowledged is on disk.
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(config_.drain_timeout_ms);
  std::thread watchdog([&servers, deadline] {
    std::unique_lock lock(servers.mutex);
    if (!servers.changed.wait_until(lock, deadline + kCloseTimeout,
                                    [&servers] { return servers.finished; })) {
      LogWarning("draining took too long; leaving");
      std::_Exit(0);
    }
  });
  StartDraining();
  servers.grpc_server->Shutdown(std::chrono::system_clock::now() +
                                std::chrono::milliseconds(config_.drain_timeout_ms));
  servers.grpc_server->Wait();
  workers_->Stop();
  pump_->Stop();
  if (on_drained) {
    on_drained();
  }
  servers.http.stop();
  servers.http_thread.join();
  {
    const std::lock_guard lock(servers.mutex);
    servers.finished = true;
  }
  servers.changed.notify_all();
  watchdog.join();
  LogInfo("stopped");
  return 0;
}

void ServiceRuntime::Shutdown() {
  const char byte = 1;
  (void)!write(servers_->wake_write, &byte, 1);
}

int ServiceRuntime::WaitForPort() {
  std::unique_lock lock(servers_->mutex);
  servers_->changed.wait(lock, [this] { return servers_->failed || servers_->port != 0; });
  return servers_->port;
}

int FailStart(std::string_view program, const absl::Status& status) {
  std::string line = std::string(program) + ": " + std::string(status.message());
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::cerr << line + "\n";
  return ReasonOf(status) == "CONFIG" ? kExitUsage : kExitFailure;
}

}  // namespace lagebild
