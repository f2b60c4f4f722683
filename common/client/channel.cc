#include "common/client/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/client_interceptor.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

#include "common/config/file_watch.h"
#include "common/status/error.h"

namespace lagebild {
namespace {

constexpr unsigned kReloadSeconds = 1;

absl::Status ConfigError(std::string_view flag, std::string_view what) {
  return InvalidArgument("CONFIG", std::string(flag) + ": " + std::string(what));
}

// Where a token comes from: a value, or a file that may change. Thread-safe.
class TokenSource {
 public:
  static absl::StatusOr<std::shared_ptr<TokenSource>> Create(const ChannelOptions& options) {
    auto source = std::shared_ptr<TokenSource>(new TokenSource(options.token_file));
    const bool file = !options.token_file.empty();
    const std::string& flag = file ? options.flag_names.token_file : options.flag_names.token;
    if (absl::Status status = file ? source->Read() : source->Take(options.token); !status.ok()) {
      return Annotate(status, flag);
    }
    return source;
  }

  /// Value of the header "authorization".
  std::string Header() {
    // A file that is being replaced badly leaves the old token; the server says when it is refused.
    if (!file_.empty() && watch_.Changed()) {
      (void)Read();
    }
    const std::lock_guard lock(mutex_);
    return header_;
  }

 private:
  explicit TokenSource(std::filesystem::path file) : file_(std::move(file)), watch_({file_}) {}

  absl::Status Read() {
    const absl::StatusOr<std::string> text = ReadConfigFile(file_);
    return text.ok() ? Take(*text) : text.status();
  }

  absl::Status Take(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
    const std::string token(text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin));
    const bool printable =
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (token.empty() || !printable) {
      return InvalidArgument("CONFIG", "holds no token");
    }
    const std::lock_guard lock(mutex_);
    header_ = "Bearer " + token;
    return absl::OkStatus();
  }

  const std::filesystem::path file_;
  FileWatch watch_;
  std::mutex mutex_;
  std::string header_;
};

// Call credentials of gRPC want TLS; an interceptor also serves the loopback, where plain text is
// allowed.
class TokenInterceptor : public grpc::experimental::Interceptor {
 public:
  explicit TokenInterceptor(TokenSource& source) : source_(source) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            grpc::experimental::InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->emplace("authorization", source_.Header());
    }
    methods->Proceed();
  }

 private:
  TokenSource& source_;
};

class TokenInterceptorFactory : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit TokenInterceptorFactory(std::shared_ptr<TokenSource> source)
      : source_(std::move(source)) {}
  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo* /*info*/) override {
    return new TokenInterceptor(*source_);
  }

 private:
  const std::shared_ptr<TokenSource> source_;
};

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsCredentials(
    const ChannelOptions& options) {
  const ChannelFlagNames& names = options.flag_names;
  if (options.cert.empty() != options.key.empty()) {
    return options.cert.empty() ? ConfigError(names.cert, "is missing beside " + names.key)
                                : ConfigError(names.key, "is missing beside " + names.cert);
  }
  for (const auto& [flag, path] :
       {std::pair{&names.ca, &options.ca}, std::pair{&names.cert, &options.cert},
        std::pair{&names.key, &options.key}}) {
    if (path->empty()) {
      continue;
    }
    const absl::StatusOr<std::string> content = ReadConfigFile(*path);
    if (!content.ok()) {
      return Annotate(content.status(), *flag);
    }
    if (content->find("-----BEGIN ") == std::string::npos) {
      return ConfigError(*flag, "\"" + path->string() + "\" is not PEM");
    }
  }
  if (options.ca.empty() && options.cert.empty()) {
    return grpc::SslCredentials(grpc::SslCredentialsOptions());
  }
  grpc::experimental::TlsChannelCredentialsOptions tls;
  tls.set_certificate_provider(std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      options.key.string(), options.cert.string(), options.ca.string(), kReloadSeconds));
  if (!options.ca.empty()) {
    tls.watch_root_certs();
  }
  if (!options.cert.empty()) {
    tls.watch_identity_key_cert_pairs();
  }
  return grpc::experimental::TlsCredentials(tls);
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
  flags.Add("--client-token-file", &options->token_file,
            {"File with the token to show to the server; LAGEBILD_CLIENT_TOKEN may hold the token "
             "itself",
             "/etc/lagebild/upstream.token", group});
  if (const char* const token = std::getenv("LAGEBILD_CLIENT_TOKEN"); token != nullptr) {
    options->token = token;
  }
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
  const ChannelFlagNames& names = options.flag_names;
  const bool tls =
      options.tls || !options.ca.empty() || !options.cert.empty() || !options.key.empty();
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (tls) {
    absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> made = TlsCredentials(options);
    if (!made.ok()) {
      return made.status();
    }
    credentials = *std::move(made);
  } else if (options.insecure || IsLoopback(options.target)) {
    credentials = grpc::InsecureChannelCredentials();
  } else {
    return InvalidArgument("CONFIG", "\"" + options.target + "\" is not on this machine: say " +
                                         names.tls + " or " + names.ca +
                                         ", or --insecure for plain text");
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
  if (options.token.empty() && options.token_file.empty()) {
    return grpc::CreateCustomChannel(options.target, credentials, arguments);
  }
  absl::StatusOr<std::shared_ptr<TokenSource>> source = TokenSource::Create(options);
  if (!source.ok()) {
    return source.status();
  }
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::make_unique<TokenInterceptorFactory>(*std::move(source)));
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      options.target, credentials, arguments, std::move(interceptors));
}

}  // namespace lagebild
