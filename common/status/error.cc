#include "common/status/error.h"

#include <google/rpc/error_details.pb.h>

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace lagebild {
namespace {

constexpr char kTypeUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kRetryTypeUrl[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kPublicMessageUrl[] = "lagebild/public-message";
constexpr char kDomain[] = "lagebild";
constexpr char kFieldKey[] = "field";

absl::string_view ToAbsl(std::string_view view) { return {view.data(), view.size()}; }

}  // namespace

absl::Status MakeError(absl::StatusCode code, std::string_view reason, std::string_view message,
                       std::string_view field, std::map<std::string, std::string> metadata) {
  absl::Status status(code, ToAbsl(message));
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(kDomain);
  for (auto& [key, value] : metadata) {
    (*info.mutable_metadata())[key] = std::move(value);
  }
  if (!field.empty()) {
    (*info.mutable_metadata())[kFieldKey] = std::string(field);
  }
  status.SetPayload(kTypeUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

absl::Status InvalidArgument(std::string_view reason, std::string_view message,
                             std::string_view field, std::map<std::string, std::string> metadata) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message, field, std::move(metadata));
}

absl::Status NotFound(std::string_view reason, std::string_view message, std::string_view field) {
  return MakeError(absl::StatusCode::kNotFound, reason, message, field);
}

absl::Status FailedPrecondition(std::string_view reason, std::string_view message,
                                std::string_view field) {
  return MakeError(absl::StatusCode::kFailedPrecondition, reason, message, field);
}

absl::Status ResourceExhausted(std::string_view reason, std::string_view message,
                               std::string_view field) {
  return MakeError(absl::StatusCode::kResourceExhausted, reason, message, field);
}

absl::Status Unavailable(std::string_view reason, std::string_view message) {
  return MakeError(absl::StatusCode::kUnavailable, reason, message);
}

absl::Status DataLoss(std::string_view reason, std::string_view message) {
  return MakeError(absl::StatusCode::kDataLoss, reason, message);
}

absl::Status RateLimited(std::string_view message, std::chrono::nanoseconds retry_after) {
  return WithRetryDelay(ResourceExhausted("RATE_LIMITED", message), retry_after);
}

absl::Status WithRetryDelay(absl::Status status, std::chrono::nanoseconds retry_after) {
  google::rpc::RetryInfo info;
  constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
  info.mutable_retry_delay()->set_seconds(retry_after.count() / kNanosecondsPerSecond);
  info.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(retry_after.count() % kNanosecondsPerSecond));
  status.SetPayload(kRetryTypeUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

std::chrono::nanoseconds RetryDelayOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kRetryTypeUrl);
  google::rpc::RetryInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) {
    return std::chrono::nanoseconds(0);
  }
  return std::chrono::seconds(info.retry_delay().seconds()) +
         std::chrono::nanoseconds(info.retry_delay().nanos());
}

absl::Status WithPublicMessage(absl::Status status, std::string_view message) {
  status.SetPayload(kPublicMessageUrl, absl::Cord(ToAbsl(message)));
  return status;
}

std::string PublicMessageOf(const absl::Status& status) {
  if (const absl::optional<absl::Cord> payload = status.GetPayload(kPublicMessageUrl);
      payload.has_value()) {
    return std::string(*payload);
  }
  if (status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown) {
    return "the request failed inside the service; its log says why";
  }
  return std::string(status.message());
}

ErrorDetail DetailOf(const absl::Status& status) {
  ErrorDetail detail;
  const absl::optional<absl::Cord> payload = status.GetPayload(kTypeUrl);
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) {
    return detail;
  }
  detail.reason = info.reason();
  for (const auto& [key, value] : info.metadata()) {
    if (key == kFieldKey) {
      detail.field = value;
    } else {
      detail.metadata[key] = value;
    }
  }
  return detail;
}

std::string ReasonOf(const absl::Status& status) { return DetailOf(status).reason; }

absl::Status Annotate(const absl::Status& status, std::string_view prefix) {
  if (status.ok()) {
    return status;
  }
  absl::Status annotated(status.code(), std::string(prefix) + ": " + std::string(status.message()));
  status.ForEachPayload([&annotated](absl::string_view url, const absl::Cord& payload) {
    annotated.SetPayload(url, payload);
  });
  return annotated;
}

}  // namespace lagebild
