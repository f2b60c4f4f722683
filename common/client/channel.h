#ifndef LAGEBILD_COMMON_CLIENT_CHANNEL_H_
#define LAGEBILD_COMMON_CLIENT_CHANNEL_H_

#include <grpcpp/channel.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/config/flags.h"

namespace lagebild {

/// How the program at hand names the flags, for errors.
struct ChannelFlagNames {
  std::string tls = "--client-tls";
  std::string ca = "--client-ca";
  std::string cert = "--client-cert";
  std::string key = "--client-key";
  std::string token = "LAGEBILD_CLIENT_TOKEN";
  std::string token_file = "--client-token-file";
};

/// How a client reaches a server.
///
/// Certificates, authorities and tokens that come from files are read again when the files change;
/// connections and calls made from then on use the new ones.
struct ChannelOptions {
  std::string target;          ///< host:port or any gRPC name ("dns:///ingest:7401").
  bool tls = false;            ///< Implied by any of the files below.
  std::filesystem::path ca;    ///< PEM of the authorities to trust; empty = the system's.
  std::filesystem::path cert;  ///< PEM of the client's own certificate, with `key`.
  std::filesystem::path key;
  std::string token;                 ///< Bearer token to show; empty = none, or `token_file`.
  std::filesystem::path token_file;  ///< File with the token; wins over `token`.
  bool insecure = false;             ///< Allow plain text to another address than loopback.
  int64_t max_message_bytes = int64_t{64} << 20;
  ChannelFlagNames flag_names;
};

/// Adds --client-tls, --client-ca, --client-cert, --client-key, --client-token-file (and the
/// variables LAGEBILD_CLIENT_...), and takes the token itself from LAGEBILD_CLIENT_TOKEN: there is
/// no flag for it, which everybody on the machine could read in the list of processes.
void AddChannelFlags(FlagSet& flags, ChannelOptions* options);

/// A channel with keepalive (a dead peer is noticed within 20 s) and reconnects at least once a
/// second. Plain text only to loopback addresses and unix sockets unless `insecure`. Errors:
/// INVALID_ARGUMENT naming the flag; nothing is connected yet.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options);

/// Whether a "host:port" is on this machine's loopback: 127.0.0.0/8, ::1, localhost, unix sockets.
bool IsLoopback(std::string_view host_port);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_CLIENT_CHANNEL_H_
