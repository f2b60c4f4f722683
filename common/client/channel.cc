#include "common/client/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <fstream>
#include <sstream>

#include "common/status/error.h"

namespace lagebild {
namespace {

absl::StatusOr<std::string> ReadPem(std::string_view flag, const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file.good() || content.str().empty()) {
    return InvalidArgument("CONFIG", std::string(flag) + ": cannot read \"" + path.string() + "\"");
  }
  return content.str();
}

}  // namespace

void AddChannelFlags(FlagSet& flags, ChannelOptions* options) {
  const std::string group = "Connection";
  flags.Add("--client-tls", &options->tls,
            {"Connect with TLS, trusting the system's authorities", "", group});
  flags.Add("--client-ca", &options->ca,
            {"PEM file of the authorities to trust; implies TLS", "/etc/lagebild/ca.pem", group});
  flags.Add(
      "--client-cert", &options->cert,
      {"PEM file of the certificate to show to the server", "/etc/lagebild/client.pem", group});
  flags.Add("--client-key", &options->key,
            {"PEM file of that certificate's key", "/etc/lagebild/client.key", group});
}

bool IsLoopback(std::string_view host_port) {
  if (host_port.starts_with("unix:")) {
    return true;
  }
  for (const std::string_view scheme : {"dns:///", "ipv4:", "ipv6:"}) {
    if (host_port.starts_with(scheme)) {
      host_port.remove_prefix(scheme.size());
    }
  }
  std::string_view host = host_port;
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else if (const size_t colon = host.rfind(':');
             colon != std::string_view::npos && host.find(':') == colon) {
    host = host.substr(0, colon);
  }
  if (host == "localhost" || host == "::1") {
    return true;
  }
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options) {
  const bool tls =
      options.tls || !options.ca.empty() || !options.cert.empty() || !options.key.empty();
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (tls) {
    if (options.cert.empty() != options.key.empty()) {
      return InvalidArgument("CONFIG", options.cert.empty()
                                           ? "--client-cert: is missing beside --client-key"
                                           : "--client-key: is missing beside --client-cert");
    }
    grpc::SslCredentialsOptions ssl;
    for (const auto& [flag, path, pem] :
         {std::tuple{"--client-ca", &options.ca, &ssl.pem_root_certs},
          std::tuple{"--client-cert", &options.cert, &ssl.pem_cert_chain},
          std::tuple{"--client-key", &options.key, &ssl.pem_private_key}}) {
      if (path->empty()) {
        continue;
      }
      absl::StatusOr<std::string> content = ReadPem(flag, *path);
      if (!content.ok()) {
        return content.status();
      }
      *pem = *std::move(content);
    }
    credentials = grpc::SslCredentials(ssl);
  } else if (options.insecure || IsLoopback(options.target)) {
    credentials = grpc::InsecureChannelCredentials();
  } else {
    return InvalidArgument("CONFIG", "\"" + options.target +
                                         "\" is not on this machine: say --client-tls or "
                                         "--client-ca, or --insecure for plain text");
  }
  grpc::ChannelArguments arguments;
  constexpr int kSecond = 1000;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 15 * kSecond);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5 * kSecond);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA,
                   0);  // Streams that wait for news are quiet.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kSecond / 10);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kSecond * 3 / 10);
  // In spite of its name the time one attempt to connect may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5 * kSecond);
  arguments.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  arguments.SetMaxSendMessageSize(static_cast<int>(options.max_message_bytes));
  // One connection a channel: a new channel must not find a dead one in the process's pool.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(options.target, credentials, arguments);
}

}  // namespace lagebild
