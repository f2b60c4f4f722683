#ifndef LAGEBILD_COMMON_SERVER_SERVER_CONFIG_H_
#define LAGEBILD_COMMON_SERVER_SERVER_CONFIG_H_

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "common/config/flags.h"

namespace lagebild {

/// Version of the whole program, as --version and GetStatus say it.
extern const char kLagebildVersion[];

/// What differs between the services.
struct ServiceIdentity {
  std::string name;                 ///< "ingest_service".
  std::string description;          ///< One sentence for --help.
  std::string default_listen;       ///< "127.0.0.1:7401".
  std::string default_http_listen;  ///< "127.0.0.1:7411".
};

/// What every service can be told. Each member is a flag and an environment variable (see FlagSet).
struct ServerConfig {
  std::string listen;
  std::string http_listen;
  std::filesystem::path data_dir;
  std::filesystem::path tls_cert;
  std::filesystem::path tls_key;
  std::filesystem::path tls_client_ca;
  std::filesystem::path tokens_file;
  std::filesystem::path backup_dir;
  bool insecure = false;
  std::string log_format = "text";  ///< "text" or "json".
  std::string log_level = "info";   ///< trace, debug, info, warn, error.
  int64_t max_message_bytes = int64_t{64} << 20;
  int64_t max_text_bytes = int64_t{10} << 20;
  int64_t max_concurrent_rpcs = 256;
  double client_rate = 0;      ///< Requests a second of one client; 0 = no limit.
  double client_burst = 0;     ///< Requests of one client at once; 0 = twice the rate.
  int64_t client_rpcs = 0;     ///< RPCs of one client in work at once; 0 = no limit.
  int64_t max_streams = 1000;  ///< RPCs of one connection at once; more wait at the client.
  int64_t stream_window = 64;  ///< Requests of one bidirectional stream in work at once.
  int64_t worker_threads = 0;  ///< 0 = one per processor.
  int64_t drain_timeout_ms = 7000;
};

/// Sets the identity's defaults and adds --listen, --http-listen, --data-dir, --tls-cert,
/// --tls-key, --tls-client-ca, --tokens-file, --backup-dir, --client-rate, --client-burst,
/// --client-rpcs, --max-streams, --insecure, --log-format, --log-level, --max-message-bytes,
/// --max-text-bytes,
/// --max-concurrent-rpcs, --stream-window, --worker-threads and --drain-timeout-ms.
void AddServerFlags(FlagSet& flags, const ServiceIdentity& identity, ServerConfig* config);

/// Checks what the flags say together: a non-loopback address wants TLS files or --insecure, a
/// certificate wants its key, files must be readable, backups do not lie inside the database. The
/// error's message begins with the flag's name.
absl::Status ValidateServerConfig(const ServerConfig& config);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_SERVER_CONFIG_H_
