#ifndef LAGEBILD_COMMON_SERVER_TLS_CREDENTIALS_H_
#define LAGEBILD_COMMON_SERVER_TLS_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"

namespace lagebild {

/// Where a server's certificates are.
struct TlsFiles {
  std::filesystem::path cert;       ///< PEM of the chain, the server's own certificate first.
  std::filesystem::path key;        ///< PEM of its key, not encrypted.
  std::filesystem::path client_ca;  ///< PEM of authorities; set = clients must show a certificate.
};

/// Credentials that read their files again when these change: connections made from then on use the
/// new certificate and the new authorities, those that are open go on. Files that do not belong
/// together (a new certificate whose key is still to come) or cannot be read leave the old ones in
/// force and are logged; a rotation may thus replace file after file.
///
/// `on_load` (may be empty) is told until when the certificate in use is valid.
/// The credentials must outlive the server that uses them.
/// Errors: INVALID_ARGUMENT (CONFIG) naming the flag.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsCredentials(
    TlsFiles files, std::function<void(std::chrono::sys_seconds valid_until)> on_load);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_TLS_CREDENTIALS_H_
