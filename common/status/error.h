#ifndef LAGEBILD_COMMON_STATUS_ERROR_H_
#define LAGEBILD_COMMON_STATUS_ERROR_H_

#include <chrono>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

namespace lagebild {

/// What an error says beside its code and sentence; travels as google.rpc.ErrorInfo with domain
/// "lagebild".
struct ErrorDetail {
  std::string reason;  ///< UPPER_SNAKE_CASE, stable ("INVALID_UTF8"); programs branch on it.
  std::string field;   ///< Path of the request field at fault ("metadata.url"); empty = none.
  std::map<std::string, std::string> metadata;  ///< More facts ("byte_offset" -> "17").
};

/// A status that carries a detail. `message` is one sentence for people that says what is wrong
/// and, where there is one, the way out. REQUIRES: code is not OK, reason is not empty.
absl::Status MakeError(absl::StatusCode code, std::string_view reason, std::string_view message,
                       std::string_view field = {},
                       std::map<std::string, std::string> metadata = {});

// The codes the services answer with, one function each.
absl::Status InvalidArgument(std::string_view reason, std::string_view message,
                             std::string_view field = {},
                             std::map<std::string, std::string> metadata = {});
absl::Status NotFound(std::string_view reason, std::string_view message,
                      std::string_view field = {});
absl::Status FailedPrecondition(std::string_view reason, std::string_view message,
                                std::string_view field = {});
absl::Status ResourceExhausted(std::string_view reason, std::string_view message,
                               std::string_view field = {});
absl::Status Unavailable(std::string_view reason, std::string_view message);
absl::Status DataLoss(std::string_view reason, std::string_view message);

/// RESOURCE_EXHAUSTED (RATE_LIMITED) with google.rpc.RetryInfo: when it makes sense to try again.
absl::Status RateLimited(std::string_view message, std::chrono::nanoseconds retry_after);
/// The same status with another RetryInfo. REQUIRES: retry_after >= 0.
absl::Status WithRetryDelay(absl::Status status, std::chrono::nanoseconds retry_after);
/// What RetryInfo says; 0 when there is none.
std::chrono::nanoseconds RetryDelayOf(const absl::Status& status);

/// The same status with what callers of the service are told instead of its message, where that
/// names files or speaks of the inside. The terminal and the log get the message, the wire this.
absl::Status WithPublicMessage(absl::Status status, std::string_view message);
/// What may leave the process: the public message where there is one; a sentence that says nothing
/// of the inside for INTERNAL and UNKNOWN; else the message.
std::string PublicMessageOf(const absl::Status& status);

/// The detail a status carries; all parts empty when it carries none.
ErrorDetail DetailOf(const absl::Status& status);

/// Its reason alone; empty when there is none.
std::string ReasonOf(const absl::Status& status);

/// The same status with words put before its message ("cannot open /data: ..."); code and detail
/// stay.
absl::Status Annotate(const absl::Status& status, std::string_view prefix);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_STATUS_ERROR_H_
