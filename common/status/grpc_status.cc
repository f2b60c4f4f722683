#include "common/status/grpc_status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <string>

#include "common/status/error.h"

namespace lagebild {
namespace {

constexpr size_t kMaxMessageBytes = 2048;

// Cuts on a code-point border: the message travels percent-encoded and must stay UTF-8.
std::string Cut(absl::string_view message) {
  if (message.size() <= kMaxMessageBytes) {
    return std::string(message);
  }
  size_t end = kMaxMessageBytes;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0u) == 0x80u) {
    --end;
  }
  return std::string(message.substr(0, end)) + "...";
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) {
    return grpc::Status::OK;
  }
  const auto code = static_cast<grpc::StatusCode>(status.code());
  std::string message = Cut(status.message());
  const ErrorDetail detail = DetailOf(status);
  if (detail.reason.empty()) {
    return {code, std::move(message)};
  }
  google::rpc::ErrorInfo info;
  info.set_reason(detail.reason);
  info.set_domain("lagebild");
  for (const auto& [key, value] : detail.metadata) {
    (*info.mutable_metadata())[key] = value;
  }
  if (!detail.field.empty()) {
    (*info.mutable_metadata())["field"] = detail.field;
  }
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(code));
  proto.set_message(message);
  proto.add_details()->PackFrom(info);
  return {code, std::move(message), proto.SerializeAsString()};
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  google::rpc::Status proto;
  if (!status.error_details().empty() && proto.ParseFromString(status.error_details())) {
    for (const auto& any : proto.details()) {
      google::rpc::ErrorInfo info;
      if (any.Is<google::rpc::ErrorInfo>() && any.UnpackTo(&info) && !info.reason().empty()) {
        std::map<std::string, std::string> metadata(info.metadata().begin(), info.metadata().end());
        const auto field = metadata.extract("field");
        return MakeError(code, info.reason(), status.error_message(),
                         field.empty() ? std::string() : field.mapped(), std::move(metadata));
      }
    }
  }
  return {code, status.error_message()};
}

}  // namespace lagebild
