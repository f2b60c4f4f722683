#ifndef LAGEBILD_COMMON_STATUS_GRPC_STATUS_H_
#define LAGEBILD_COMMON_STATUS_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace lagebild {

/// For servers: the status as it goes over the wire, its detail as a google.rpc.ErrorInfo inside a
/// google.rpc.Status (trailer grpc-status-details-bin). Messages are cut at 2 KiB, so that they fit
/// the header limit of any client.
grpc::Status ToGrpcStatus(const absl::Status& status);

/// For clients: back, with the detail when the server sent one.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_STATUS_GRPC_STATUS_H_
