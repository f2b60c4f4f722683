#ifndef LAGEBILD_COMMON_ACCESS_ACCESS_CONTROL_H_
#define LAGEBILD_COMMON_ACCESS_ACCESS_CONTROL_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/rate_limiter.h"
#include "common/access/token.h"
#include "common/config/file_watch.h"

namespace lagebild {

/// Who may call and how often.
struct AccessOptions {
  std::filesystem::path tokens_file;  ///< Empty = no token is asked for.
  double client_rate = 0;             ///< Requests a second of one client; 0 = no limit.
  double client_burst = 0;            ///< Requests of one client at once; 0 = twice the rate.
  int64_t client_rpcs = 0;            ///< RPCs of one client in work at once; 0 = no limit.
  /// Called when a changed tokens file was read: how many tokens it holds, or why the old ones go
  /// on. May be empty; called from a request's thread, must be quick.
  std::function<void(const absl::StatusOr<size_t>& tokens)> on_reload;
};

/// Where a request comes from, as far as the transport knows.
struct CallOrigin {
  std::string_view authorization;  ///< Value of the header "authorization"; empty = none.
  std::string certificate;         ///< Common name of the client's verified certificate, or empty.
  std::string peer;                ///< As gRPC names it: "ipv4:127.0.0.1:5000".
};

/// One client: a token, else a certificate, else an address.
class AccessClient {
 public:
  AccessClient(std::string name, ScopeSet scopes, const AccessOptions& options);

  /// For logs: "token wire-desk", "certificate desk.example", "address 127.0.0.1".
  const std::string& name() const { return name_; }
  /// Takes one off the rate without refusing; the time to wait before the next.
  std::chrono::nanoseconds Charge();

 private:
  friend class AccessControl;
  friend class AccessPass;
  const std::string name_;
  std::atomic<ScopeSet> scopes_;
  std::atomic<bool> revoked_{false};
  std::atomic<int64_t> running_{0};
  std::optional<RateLimiter> rate_;
};

/// A request that was let in; frees its place when destroyed. Empty where there is nothing to
/// control.
class AccessPass {
 public:
  AccessPass() = default;
  explicit AccessPass(std::shared_ptr<AccessClient> client) : client_(std::move(client)) {}
  AccessPass(AccessPass&&) noexcept = default;
  AccessPass& operator=(AccessPass&& other) noexcept;
  ~AccessPass() { Release(); }

  /// Null when nothing is controlled.
  AccessClient* client() const { return client_.get(); }

 private:
  void Release();
  std::shared_ptr<AccessClient> client_;
};

/// Decides about requests: bearer tokens with scopes, and limits for each client.
///
/// A token is recognised by its SHA-256 once its scrypt hash has matched, so that a request costs
/// microseconds; tokens that do not match are answered at no more than one scrypt a second and
/// address (ten at once), one at a time and with no more than eight requests waiting. The tokens
/// file is read again when it changes: tokens that are gone are refused from then on, also on
/// streams that are open (Check). A file that cannot be read leaves the old tokens in force.
/// Thread-safe.
class AccessControl {
 public:
  /// Errors: INVALID_ARGUMENT (CONFIG) when the tokens file cannot be read; the message does not
  /// name the flag.
  static absl::StatusOr<std::unique_ptr<AccessControl>> Create(AccessOptions options);

  /// Whether anything is controlled; when not, Admit() lets everything in at no cost.
  bool active() const { return tokens_required() || limited_; }
  bool tokens_required() const { return !options_.tokens_file.empty(); }

  /// Lets a request in. Errors: UNAUTHENTICATED (TOKEN_MISSING, TOKEN_INVALID), PERMISSION_DENIED
  /// (SCOPE_MISSING, with metadata "scope"), RESOURCE_EXHAUSTED (RATE_LIMITED with RetryInfo,
  /// TOO_MANY_REQUESTS).
  absl::StatusOr<AccessPass> Admit(const CallOrigin& origin, Scope scope);

  /// Whether a request that was let in may go on: UNAUTHENTICATED (TOKEN_INVALID) when its token
  /// has been taken away.
  absl::Status Check(const AccessClient* client);

 private:
  using Digest = std::array<char, 32>;
  struct Known {
    TokenRecord record;
    std::shared_ptr<AccessClient> client;
  };

  explicit AccessControl(AccessOptions options);
  absl::StatusOr<size_t> Load();
  void ReloadIfChanged();
  absl::StatusOr<std::shared_ptr<AccessClient>> Authenticate(const CallOrigin& origin);
  std::shared_ptr<AccessClient> Unnamed(const CallOrigin& origin);
  std::shared_ptr<RateLimiter> FailuresOf(const CallOrigin& origin);

  const AccessOptions options_;
  const bool limited_;
  FileWatch watch_;
  std::mutex derive_mutex_;  // One scrypt at a time: it takes 16 MiB.
  std::atomic<int> deriving_{0};

  mutable std::shared_mutex mutex_;  // Guards what follows.
  absl::flat_hash_map<std::string, Known> tokens_;
  absl::flat_hash_map<Digest, std::shared_ptr<AccessClient>> recognised_;

  std::mutex unnamed_mutex_;  // Guards what follows.
  absl::flat_hash_map<std::string, std::shared_ptr<AccessClient>> unnamed_;
  absl::flat_hash_map<std::string, std::shared_ptr<RateLimiter>> failures_;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_ACCESS_ACCESS_CONTROL_H_
