#include "common/status/grpc_status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <chrono>
#include <string>
#include <utility>

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
  std::string message = Cut(PublicMessageOf(status));
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
  if (const std::chrono::nanoseconds delay = RetryDelayOf(status); delay.count() > 0) {
    google::rpc::RetryInfo retry;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(delay);
    retry.mutable_retry_delay()->set_seconds(seconds.count());
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>((delay - seconds).count()));
    proto.add_details()->PackFrom(retry);
  }
  return {code, std::move(message), proto.SerializeAsString()};
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  google::rpc::Status proto;
  if (!status.error_details().empty() && proto.ParseFromString(status.error_details())) {
    absl::Status result(code, status.error_message());
    std::chrono::nanoseconds retry_delay(0);
    for (const auto& any : proto.details()) {
      google::rpc::ErrorInfo info;
      google::rpc::RetryInfo retry;
      if (any.UnpackTo(&info) && !info.reason().empty()) {
        std::map<std::string, std::string> metadata(info.metadata().begin(), info.metadata().end());
        const auto field = metadata.extract("field");
        result = MakeError(code, info.reason(), status.error_message(),
                           field.empty() ? std::string() : field.mapped(), std::move(metadata));
      } else if (any.UnpackTo(&retry)) {
        retry_delay = std::chrono::seconds(retry.retry_delay().seconds()) +
                      std::chrono::nanoseconds(retry.retry_delay().nanos());
      }
    }
    return retry_delay.count() > 0 ? WithRetryDelay(std::move(result), retry_delay) : result;
  }
  return {code, status.error_message()};
}

}  // namespace lagebild
