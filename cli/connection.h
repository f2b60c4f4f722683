#ifndef LAGEBILD_CLI_CONNECTION_H_
#define LAGEBILD_CLI_CONNECTION_H_

#include <grpcpp/client_context.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "lagebild/v1/admin_service.grpc.pb.h"
#include "lagebild/v1/extract_service.grpc.pb.h"
#include "lagebild/v1/ingest_service.grpc.pb.h"
#include "lagebild/v1/query_service.grpc.pb.h"

namespace lagebild::cli {

/// Stubs of the three services; nothing is connected before the first call.
/// Errors: INVALID_ARGUMENT naming the flag (TLS files that cannot be read, plain text to another
/// machine).
absl::StatusOr<std::unique_ptr<v1::IngestService::Stub>> IngestStub(const Globals& globals);
absl::StatusOr<std::unique_ptr<v1::ExtractService::Stub>> ExtractStub(const Globals& globals);
absl::StatusOr<std::unique_ptr<v1::QueryService::Stub>> QueryStub(const Globals& globals);
/// The AdminService of the service at an address.
absl::StatusOr<std::unique_ptr<v1::AdminService::Stub>> AdminStub(const Globals& globals,
                                                                  const std::string& address);

/// Sets the deadline every unary call carries.
void SetDeadline(const Globals& globals, grpc::ClientContext& context);

/// Says on standard error what went wrong, with the way out where there is one ("is query_service
/// running at 127.0.0.1:7403? deploy/up starts it"), and gives the exit code for it. `service` is
/// empty where none was asked.
int Report(const absl::Status& status, const std::string& service, const std::string& address);

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_CONNECTION_H_
