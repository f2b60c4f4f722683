#ifndef LAGEBILD_COMMON_SERVER_LOG_STREAM_H_
#define LAGEBILD_COMMON_SERVER_LOG_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "common/log/log.h"
#include "common/server/service_runtime.h"

namespace lagebild {

/// From where a log stream reads: the fields of every Read...Request.
struct LogStreamStart {
  int32_t partition = 0;
  LogPosition after_position = 0;
  bool follow = false;
};

/// A server stream over a partition of a log.
///
/// One write is in flight; behind the end of the log a following stream waits for the log's
/// notification and costs nothing. The initial metadata carries the head (kHeadPositionHeader) and
/// goes out at once, so that a reader knows it is connected. Ends with OK at the end of the log
/// (not following), CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE (DRAINING), UNAUTHENTICATED when the
/// caller's token is taken away meanwhile (at the next record), DATA_LOSS
/// (CORRUPT_RECORD), NOT_FOUND (UNKNOWN_PARTITION), INVALID_ARGUMENT (POSITION_OUT_OF_RANGE:
/// negative or behind the head).
///
/// `convert` makes the response of a record; its error ends the stream.
///
///   return StreamLog<ReadDocumentsResponse>(runtime_, context, "ReadDocuments", log_,
///       {request->partition(), request->after_position(), request->follow()},
///       [](LogRecord record, LogPosition head, ReadDocumentsResponse* response) { ... });
template <class Response>
grpc::ServerWriteReactor<Response>* StreamLog(
    ServiceRuntime& runtime, grpc::CallbackServerContext* context, std::string_view method,
    Log& log, LogStreamStart start,
    std::function<absl::Status(LogRecord record, LogPosition head, Response* response)> convert);

}  // namespace lagebild

#include "common/server/log_stream_inl.h"  // IWYU pragma: keep

#endif  // LAGEBILD_COMMON_SERVER_LOG_STREAM_H_
