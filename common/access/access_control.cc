#include "common/access/access_control.h"

#include <arpa/inet.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "common/status/error.h"

namespace lagebild {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kBearer = "bearer ";
constexpr size_t kMaxTokenBytes = 256;
// Clients without a token that are remembered at once; beyond, they share one account.
constexpr size_t kMaxUnnamed = 4096;
// Requests that wait for a scrypt.
constexpr int kMaxDeriving = 8;
// Wrong tokens of one address: so many at once, then one a second.
constexpr double kFailuresAtOnce = 10;
constexpr double kFailuresPerSecond = 1;

// The address of a gRPC peer without its port. An IPv6 client counts as its /64 network, which is
// what one machine usually has at its disposal.
std::string AddressOf(std::string_view peer) {
  const size_t scheme = peer.find(':');
  const std::string_view kind = peer.substr(0, scheme);
  if (scheme == std::string_view::npos || (kind != "ipv4" && kind != "ipv6")) {
    return std::string(kind);
  }
  std::string address(peer.substr(scheme + 1, peer.rfind(':') - scheme - 1));
  // gRPC writes the brackets percent-encoded.
  for (const std::string_view bracket : {"%5B", "%5D", "[", "]"}) {
    if (const size_t at = address.find(bracket); at != std::string::npos) {
      address.erase(at, bracket.size());
    }
  }
  in6_addr binary{};
  if (kind == "ipv6" && inet_pton(AF_INET6, address.c_str(), &binary) == 1) {
    constexpr size_t kNetworkBytes = 8;
    std::fill(std::begin(binary.s6_addr) + kNetworkBytes, std::end(binary.s6_addr), 0);
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, &binary, text.data(), text.size());
    address = std::string(text.data()) + "/64";
  }
  return address;
}

// The token of an authorization header; empty when there is none.
std::string_view BearerToken(std::string_view header) {
  if (header.size() <= kBearer.size()) {
    return {};
  }
  for (size_t i = 0; i < kBearer.size(); ++i) {
    // The scheme's case does not matter.
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != kBearer[i]) {
      return {};
    }
  }
  return header.substr(kBearer.size());
}

absl::Status Unauthenticated(std::string_view reason, std::string_view message) {
  return MakeError(absl::StatusCode::kUnauthenticated, reason, message);
}

}  // namespace

// --- AccessClient, AccessPass

AccessClient::AccessClient(std::string name, ScopeSet scopes, const AccessOptions& options)
    : name_(std::move(name)), scopes_(scopes) {
  if (options.client_rate > 0) {
    rate_.emplace(
        options.client_rate,
        std::max(1.0, options.client_burst > 0 ? options.client_burst : 2 * options.client_rate));
  }
}

std::chrono::nanoseconds AccessClient::Charge() {
  return rate_.has_value() ? rate_->Charge(SteadyClock::now()) : std::chrono::nanoseconds(0);
}

AccessPass& AccessPass::operator=(AccessPass&& other) noexcept {
  if (this != &other) {
    Release();
    client_ = std::move(other.client_);
  }
  return *this;
}

void AccessPass::Release() {
  if (client_ != nullptr) {
    client_->running_.fetch_sub(1, std::memory_order_relaxed);
    client_.reset();
  }
}

// --- AccessControl

AccessControl::AccessControl(AccessOptions options)
    : options_(std::move(options)),
      limited_(options_.client_rate > 0 || options_.client_rpcs > 0),
      watch_({options_.tokens_file}) {}

absl::StatusOr<std::unique_ptr<AccessControl>> AccessControl::Create(AccessOptions options) {
  std::unique_ptr<AccessControl> control(new AccessControl(std::move(options)));
  if (control->tokens_required()) {
    const absl::StatusOr<size_t> tokens = control->Load();
    if (!tokens.ok()) {
      return tokens.status();
    }
  }
  return control;
}

absl::StatusOr<size_t> AccessControl::Load() {
  const absl::StatusOr<std::string> text = ReadConfigFile(options_.tokens_file);
  if (!text.ok()) {
    return text.status();
  }
  absl::StatusOr<std::vector<TokenRecord>> records = ParseTokens(*text);
  if (!records.ok()) {
    return Annotate(records.status(), "\"" + options_.tokens_file.string() + "\"");
  }
  const std::unique_lock lock(mutex_);
  absl::flat_hash_map<std::string, Known> next;
  for (TokenRecord& record : *records) {
    const auto before = tokens_.find(record.name);
    std::shared_ptr<AccessClient> client;
    if (before != tokens_.end() && before->second.record.salt == record.salt &&
        before->second.record.hash == record.hash) {
      client = before->second.client;
      client->scopes_.store(record.scopes, std::memory_order_relaxed);
      tokens_.erase(before);
    } else {
      client = std::make_shared<AccessClient>("token " + record.name, record.scopes, options_);
    }
    std::string name = record.name;
    next.emplace(std::move(name), Known{std::move(record), std::move(client)});
  }
  for (const auto& [name, gone] : tokens_) {
    gone.client->revoked_.store(true, std::memory_order_release);
  }
  tokens_ = std::move(next);
  absl::erase_if(recognised_, [](const auto& entry) {
    return entry.second->revoked_.load(std::memory_order_acquire);
  });
  return tokens_.size();
}

void AccessControl::ReloadIfChanged() {
  if (tokens_required() && watch_.Changed()) {
    const absl::StatusOr<size_t> tokens = Load();
    if (options_.on_reload) {
      options_.on_reload(tokens);
    }
  }
}

absl::StatusOr<AccessPass> AccessControl::Admit(const CallOrigin& origin, Scope scope) {
  if (!active()) {
    return AccessPass();
  }
  ReloadIfChanged();
  std::shared_ptr<AccessClient> client;
  if (tokens_required()) {
    absl::StatusOr<std::shared_ptr<AccessClient>> authenticated = Authenticate(origin);
    if (!authenticated.ok()) {
      return authenticated.status();
    }
    client = *std::move(authenticated);
    if ((client->scopes_.load(std::memory_order_relaxed) & static_cast<ScopeSet>(scope)) == 0) {
      const std::string name(ScopeName(scope));
      return MakeError(absl::StatusCode::kPermissionDenied, "SCOPE_MISSING",
                       "the token does not have the scope \"" + name + "\" that this needs", {},
                       {{"scope", name}});
    }
  } else {
    client = Unnamed(origin);
  }
  if (client->rate_.has_value()) {
    if (const auto wait = client->rate_->Take(SteadyClock::now()); wait.count() > 0) {
      return RateLimited("more requests than this client is allowed; try again later", wait);
    }
  }
  const int64_t before = client->running_.fetch_add(1, std::memory_order_relaxed);
  AccessPass pass(std::move(client));
  if (options_.client_rpcs > 0 && before >= options_.client_rpcs) {
    return ResourceExhausted("TOO_MANY_REQUESTS",
                             "more than " + std::to_string(options_.client_rpcs) +
                                 " requests of this client are in work; try again later");
  }
  return pass;
}

absl::StatusOr<std::shared_ptr<AccessClient>> AccessControl::Authenticate(
    const CallOrigin& origin) {
  const std::string_view token = BearerToken(origin.authorization);
  if (token.empty()) {
    return Unauthenticated("TOKEN_MISSING",
                           "this service wants a token (header \"authorization: Bearer ...\")");
  }
  const absl::Status invalid = Unauthenticated("TOKEN_INVALID", "the token is not known here");
  if (token.size() > kMaxTokenBytes) {
    return invalid;
  }
  Digest digest{};
  if (EVP_Digest(token.data(), token.size(), reinterpret_cast<unsigned char*>(digest.data()),
                 nullptr, EVP_sha256(), nullptr) != 1) {
    return MakeError(absl::StatusCode::kInternal, "NO_SHA256", "OpenSSL cannot compute SHA-256");
  }
  Known known;
  {
    const std::shared_lock lock(mutex_);
    if (const auto it = recognised_.find(digest); it != recognised_.end()) {
      return it->second;
    }
    if (const auto it = tokens_.find(std::string(NameOfToken(token))); it != tokens_.end()) {
      known = it->second;
    }
  }
  // Guesses must not keep the processors busy.
  const std::shared_ptr<RateLimiter> failures = FailuresOf(origin);
  if (const auto wait = failures->Wait(SteadyClock::now()); wait.count() > 0) {
    return RateLimited("too many unknown tokens from this address; try again later", wait);
  }
  bool matches = known.client != nullptr;
  if (matches) {
    // Threads that wait here answer nobody else.
    if (deriving_.fetch_add(1) >= kMaxDeriving) {
      deriving_.fetch_sub(1);
      return RateLimited("too many tokens are seen for the first time; try again later",
                         std::chrono::seconds(1));
    }
    {
      const std::lock_guard derive(derive_mutex_);
      matches = TokenMatches(token, known.record);
    }
    deriving_.fetch_sub(1);
  }
  if (!matches) {
    failures->Charge(SteadyClock::now());
    return invalid;
  }
  const std::unique_lock lock(mutex_);
  // The file may have been read again meanwhile.
  if (known.client->revoked_.load(std::memory_order_acquire)) {
    return invalid;
  }
  recognised_.insert_or_assign(digest, known.client);
  return known.client;
}

std::shared_ptr<RateLimiter> AccessControl::FailuresOf(const CallOrigin& origin) {
  const auto now = SteadyClock::now();
  const std::lock_guard lock(unnamed_mutex_);
  if (failures_.size() >= kMaxUnnamed) {
    absl::erase_if(failures_, [now](const auto& entry) { return entry.second->Full(now); });
  }
  // Too many addresses at once are one attacker.
  std::shared_ptr<RateLimiter>& limiter =
      failures_[failures_.size() >= kMaxUnnamed ? std::string() : AddressOf(origin.peer)];
  if (limiter == nullptr) {
    limiter = std::make_shared<RateLimiter>(kFailuresPerSecond, kFailuresAtOnce);
  }
  return limiter;
}

std::shared_ptr<AccessClient> AccessControl::Unnamed(const CallOrigin& origin) {
  std::string name = origin.certificate.empty() ? "address " + AddressOf(origin.peer)
                                                : "certificate " + origin.certificate;
  const std::lock_guard lock(unnamed_mutex_);
  if (unnamed_.size() >= kMaxUnnamed && !unnamed_.contains(name)) {
    absl::erase_if(unnamed_, [now = SteadyClock::now()](const auto& entry) {
      const AccessClient& client = *entry.second;
      return client.running_.load() == 0 && (!client.rate_.has_value() || client.rate_->Full(now));
    });
    if (unnamed_.size() >= kMaxUnnamed) {
      name = "address of many";
    }
  }
  std::shared_ptr<AccessClient>& client = unnamed_[name];
  if (client == nullptr) {
    client = std::make_shared<AccessClient>(name, 0, options_);
  }
  return client;
}

absl::Status AccessControl::Check(const AccessClient* client) {
  if (client == nullptr) {
    return absl::OkStatus();
  }
  ReloadIfChanged();
  return client->revoked_.load(std::memory_order_acquire)
             ? Unauthenticated("TOKEN_INVALID", "the token is no longer known here")
             : absl::OkStatus();
}

}  // namespace lagebild
