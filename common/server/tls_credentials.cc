#include "common/server/tls_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>

#include "common/config/file_watch.h"
#include "common/server/logging.h"
#include "common/status/error.h"

namespace lagebild {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using CertPtr = std::unique_ptr<X509, decltype(&X509_free)>;

struct Certificates {
  std::string chain;
  std::string key;
  std::string client_ca;
  std::chrono::sys_seconds valid_until;
};

absl::Status ConfigError(std::string_view flag, const std::filesystem::path& path,
                         std::string_view what) {
  return InvalidArgument("CONFIG",
                         std::string(flag) + ": \"" + path.string() + "\" " + std::string(what));
}

BioPtr Bio(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

CertPtr FirstCertificate(const std::string& pem) {
  const BioPtr bio = Bio(pem);
  return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free};
}

// No passphrase: a prompt on the terminal of a service helps nobody.
KeyPtr PrivateKey(const std::string& pem) {
  const BioPtr bio = Bio(pem);
  constexpr auto kNoPassphrase = [](char*, int, int, void*) { return 0; };
  return {PEM_read_bio_PrivateKey(bio.get(), nullptr, +kNoPassphrase, nullptr), &EVP_PKEY_free};
}

std::chrono::sys_seconds TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

absl::StatusOr<Certificates> Load(const TlsFiles& files) {
  Certificates loaded;
  for (const auto& [flag, path, content] :
       {std::tuple{"--tls-cert", &files.cert, &loaded.chain},
        std::tuple{"--tls-key", &files.key, &loaded.key},
        std::tuple{"--tls-client-ca", &files.client_ca, &loaded.client_ca}}) {
    if (path->empty()) {
      continue;
    }
    absl::StatusOr<std::string> bytes = ReadConfigFile(*path);
    if (!bytes.ok()) {
      return Annotate(bytes.status(), flag);
    }
    *content = *std::move(bytes);
  }
  const CertPtr cert = FirstCertificate(loaded.chain);
  const KeyPtr key = PrivateKey(loaded.key);
  const bool authorities = files.client_ca.empty() || FirstCertificate(loaded.client_ca) != nullptr;
  const bool match =
      cert != nullptr && key != nullptr && X509_check_private_key(cert.get(), key.get()) == 1;
  ERR_clear_error();  // gRPC's own use of OpenSSL on this thread must not find ours.
  if (cert == nullptr) {
    return ConfigError("--tls-cert", files.cert, "holds no certificate in PEM");
  }
  if (key == nullptr) {
    return ConfigError("--tls-key", files.key, "holds no unencrypted private key in PEM");
  }
  if (!match) {
    return ConfigError("--tls-key", files.key, "is not the key of the certificate in --tls-cert");
  }
  if (!authorities) {
    return ConfigError("--tls-client-ca", files.client_ca, "holds no certificate in PEM");
  }
  loaded.valid_until = TimeOf(X509_get0_notAfter(cert.get()));
  return loaded;
}

grpc_ssl_server_certificate_config* ToConfig(const Certificates& certificates) {
  const grpc_ssl_pem_key_cert_pair pair = {certificates.key.c_str(), certificates.chain.c_str()};
  // The core wants authorities even where it asks for no certificate and so looks at none of them.
  const std::string& authorities =
      certificates.client_ca.empty() ? certificates.chain : certificates.client_ca;
  return grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair, 1);
}

// The C++ API of gRPC 1.51 reloads files only blindly (FileWatcherCertificateProvider takes a
// certificate whose key is still to come, and handshakes fail until then). The core asks a callback
// before every handshake, which can check first.
class TlsCredentials : public grpc::ServerCredentials {
 public:
  TlsCredentials(TlsFiles files, std::unique_ptr<FileWatch> watch, Certificates first,
                 std::function<void(std::chrono::sys_seconds)> on_load)
      : files_(std::move(files)),
        watch_(std::move(watch)),
        on_load_(std::move(on_load)),
        next_(std::make_unique<Certificates>(std::move(first))),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                files_.client_ca.empty()
                    ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                    : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY,
                &TlsCredentials::Fetch, this))) {}
  ~TlsCredentials() override { grpc_server_credentials_release(credentials_); }

  // Requests are let in by CallGuard, which also works without TLS and whose errors have details.
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {
    std::abort();
  }

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  // The core holds a lock of its own around this.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    return static_cast<TlsCredentials*>(self)->Fetch(config);
  }

  grpc_ssl_certificate_config_reload_status Fetch(grpc_ssl_server_certificate_config** config) {
    const bool first = next_ != nullptr;
    if (!first) {
      if (!watch_->Changed()) {
        return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
      }
      absl::StatusOr<Certificates> loaded = Load(files_);
      if (!loaded.ok()) {
        LogError("changed TLS files are not usable; the old certificate goes on",
                 {{"error", loaded.status()}});
        return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
      }
      next_ = std::make_unique<Certificates>(*std::move(loaded));
    }
    const std::unique_ptr<Certificates> certificates = std::move(next_);
    *config = ToConfig(*certificates);
    if (on_load_) {
      on_load_(certificates->valid_until);
    }
    if (!first) {
      LogInfo("TLS files read again",
              {{"valid_until_seconds", certificates->valid_until.time_since_epoch().count()}});
    }
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const TlsFiles files_;
  const std::unique_ptr<FileWatch> watch_;
  const std::function<void(std::chrono::sys_seconds)> on_load_;
  std::unique_ptr<Certificates> next_;  // What the core is to be given; null when it has it.
  grpc_server_credentials* const credentials_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsCredentials(
    TlsFiles files, std::function<void(std::chrono::sys_seconds valid_until)> on_load) {
  auto watch = std::make_unique<FileWatch>(
      std::vector<std::filesystem::path>{files.cert, files.key, files.client_ca});
  absl::StatusOr<Certificates> certificates = Load(files);
  if (!certificates.ok()) {
    return certificates.status();
  }
  return std::make_shared<TlsCredentials>(std::move(files), std::move(watch),
                                          *std::move(certificates), std::move(on_load));
}

}  // namespace lagebild
