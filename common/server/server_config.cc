#include "common/server/server_config.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "common/client/channel.h"
#include "common/status/error.h"

namespace lagebild {

const char kLagebildVersion[] = LAGEBILD_VERSION;

namespace {

constexpr double kMaxRate = 1e6;

absl::Status ConfigError(std::string_view flag, std::string_view what) {
  return InvalidArgument("CONFIG", std::string(flag) + ": " + std::string(what));
}

absl::Status CheckAddress(std::string_view flag, std::string_view address) {
  if (address.starts_with("unix:")) {
    return absl::OkStatus();
  }
  const size_t colon = address.rfind(':');
  int port = -1;
  if (colon != std::string_view::npos && colon > 0) {
    const char* const end = address.data() + address.size();
    const auto [parsed, error] = std::from_chars(address.data() + colon + 1, end, port);
    if (error != std::errc() || parsed != end) {
      port = -1;
    }
  }
  constexpr int kMaxPort = 65535;
  if (port < 0 || port > kMaxPort) {
    return ConfigError(flag, "\"" + std::string(address) + "\" is not HOST:PORT");
  }
  return absl::OkStatus();
}

}  // namespace

void AddServerFlags(FlagSet& flags, const ServiceIdentity& identity, ServerConfig* config) {
  config->listen = identity.default_listen;
  config->http_listen = identity.default_http_listen;
  config->data_dir = "lagebild-data/" + identity.name;
  constexpr int64_t kMebi = int64_t{1} << 20;
  constexpr int64_t kGibi = int64_t{1} << 30;
  const std::string network = "Network";
  const std::string limits = "Limits";
  const std::string logs = "Logs";
  flags.Add("--data-dir", &config->data_dir,
            {"Directory of the service's database; created when missing", "/var/lib/lagebild", ""});
  flags.Add("--backup-dir", &config->backup_dir,
            {"Directory for backups of the database (see lagebild admin backup)",
             "/var/backups/lagebild/ingest", ""});
  flags.Add("--listen", &config->listen,
            {"Address for gRPC; other than loopback wants TLS files or --insecure", "0.0.0.0:7401",
             network});
  flags.Add(
      "--http-listen", &config->http_listen,
      {"Address for /metrics, /healthz and /readyz; the same rule", "127.0.0.1:9100", network});
  flags.Add("--tls-cert", &config->tls_cert,
            {"PEM file of the server's certificate chain", "/etc/lagebild/server.pem", network});
  flags.Add("--tls-key", &config->tls_key,
            {"PEM file of its key", "/etc/lagebild/server.key", network});
  flags.Add("--tls-client-ca", &config->tls_client_ca,
            {"PEM file of authorities; clients must show a certificate of theirs",
             "/etc/lagebild/clients.pem", network});
  flags.Add("--tokens-file", &config->tokens_file,
            {"File of the tokens that callers must show (see lagebild token create)",
             "/etc/lagebild/tokens", network});
  flags.Add("--insecure", &config->insecure,
            {"Allow plain text on and to addresses other than loopback", "", network});
  flags.Add("--log-format", &config->log_format, {"text", "json"},
            {"Form of the log lines on stderr", "json", logs});
  flags.Add("--log-level", &config->log_level, {"trace", "debug", "info", "warn", "error"},
            {"Least important entries to write", "debug", logs});
  flags.Add("--max-message-bytes", &config->max_message_bytes, 4096, 2 * kGibi - 1,
            {"Largest gRPC message taken", "16777216", limits});
  flags.Add("--max-text-bytes", &config->max_text_bytes, 1, kGibi,
            {"Longest text of a document", "1048576", limits});
  flags.Add("--max-concurrent-rpcs", &config->max_concurrent_rpcs, 1, kMebi,
            {"RPCs in work at once; more get RESOURCE_EXHAUSTED", "64", limits});
  flags.Add("--client-rate", &config->client_rate,
            {"Requests a second of one client (its token, else its certificate, else its address); "
             "0 = no limit",
             "50", limits});
  flags.Add("--client-burst", &config->client_burst,
            {"Requests of one client at once; 0 = twice --client-rate", "100", limits});
  flags.Add(
      "--client-rpcs", &config->client_rpcs, 0, kMebi,
      {"RPCs of one client in work at once, open streams included; 0 = no limit", "32", limits});
  flags.Add("--max-streams", &config->max_streams, 1, kMebi,
            {"RPCs of one connection at once; more wait at the client", "100", limits});
  flags.Add("--stream-window", &config->stream_window, 1, 65536,
            {"Requests of one stream in work at once", "16", limits});
  flags.Add("--worker-threads", &config->worker_threads, 0, 1024,
            {"Threads for work that computes; 0 = one per processor", "4", limits});
  flags.Add(
      "--drain-timeout-ms", &config->drain_timeout_ms, 0, 3600 * 1000,
      {"How long running RPCs may take to finish after SIGTERM, in milliseconds", "3000", limits});
}

absl::Status ValidateServerConfig(const ServerConfig& config) {
  for (const auto& [flag, address] :
       {std::pair{"--listen", &config.listen}, std::pair{"--http-listen", &config.http_listen}}) {
    if (absl::Status status = CheckAddress(flag, *address); !status.ok()) {
      return status;
    }
  }
  if (config.tls_cert.empty() != config.tls_key.empty()) {
    return config.tls_cert.empty() ? ConfigError("--tls-cert", "is missing beside --tls-key")
                                   : ConfigError("--tls-key", "is missing beside --tls-cert");
  }
  if (!config.tls_client_ca.empty() && config.tls_cert.empty()) {
    return ConfigError("--tls-client-ca", "wants --tls-cert and --tls-key as well");
  }
  for (const auto& [flag, path] :
       {std::pair{"--tls-cert", &config.tls_cert}, std::pair{"--tls-key", &config.tls_key},
        std::pair{"--tls-client-ca", &config.tls_client_ca},
        std::pair{"--tokens-file", &config.tokens_file}}) {
    if (!path->empty() && access(path->c_str(), R_OK) != 0) {
      return ConfigError(flag, "cannot read \"" + path->string() + "\"");
    }
  }
  if (!(config.client_rate >= 0) || config.client_rate > kMaxRate) {
    return ConfigError("--client-rate", "is not from 0 to 1000000");
  }
  if (!(config.client_burst >= 0) || config.client_burst > kMaxRate) {
    return ConfigError("--client-burst", "is not from 0 to 1000000");
  }
  if (config.client_burst > 0 && config.client_rate == 0) {
    return ConfigError("--client-burst", "wants --client-rate as well");
  }
  if (!config.backup_dir.empty()) {
    std::error_code error;
    const auto backups = std::filesystem::weakly_canonical(config.backup_dir, error);
    const auto data = std::filesystem::weakly_canonical(config.data_dir, error);
    if (std::mismatch(data.begin(), data.end(), backups.begin(), backups.end()).first ==
        data.end()) {
      return ConfigError("--backup-dir",
                         "lies inside --data-dir; name a directory elsewhere, best "
                         "on another disk");
    }
  }
  if (!config.insecure) {
    if (config.tls_cert.empty() && !IsLoopback(config.listen)) {
      return ConfigError("--listen", "\"" + config.listen +
                                         "\" is not loopback: give --tls-cert and --tls-key, or "
                                         "--insecure for plain text");
    }
    // Metrics carry no document, but plain HTTP to the world is a decision to be said.
    if (config.tls_cert.empty() && !IsLoopback(config.http_listen)) {
      return ConfigError("--http-listen", "\"" + config.http_listen +
                                              "\" is not loopback: give --tls-cert and --tls-key, "
                                              "or --insecure");
    }
  }
  return absl::OkStatus();
}

}  // namespace lagebild
