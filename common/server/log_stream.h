#ifndef LAGEBILD_COMMON_SERVER_LOG_STREAM_H_
#define LAGEBILD_COMMON_SERVER_LOG_STREAM_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/slice.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/log/log.h"
#include "common/server/service_runtime.h"

namespace lagebild {

/// A log as its streams send it: makes the messages of its records, and keeps those of the newest
/// records encoded, so that any number of followers costs one read of each. `Response` has a field
/// `head_position`, which every message tells anew. Thread-safe.
template <class Response>
class LogStreamSource {
 public:
  /// Makes the encoded response of a record, without the head; its error ends the stream.
  using Convert = std::function<absl::StatusOr<grpc::Slice>(const LogRecord& record)>;

  /// The log must outlive it.
  LogStreamSource(Log& log, Convert convert) : log_(log), convert_(std::move(convert)) {}

  Log& log() const { return log_; }

  /// The record that follows a position, encoded, where it is one of the newest.
  struct Encoded {
    LogPosition position = 0;
    grpc::Slice response;
  };
  std::optional<Encoded> NewestBehind(int32_t partition, LogPosition after) const;

  /// Encodes the record that follows `after`, and keeps it when it is one of the newest.
  absl::StatusOr<grpc::Slice> Encode(int32_t partition, LogPosition after, LogPosition head,
                                     const LogRecord& record);

  /// The message of an encoded record.
  static grpc::ByteBuffer Message(const grpc::Slice& response, LogPosition head);

 private:
  Log& log_;
  const Convert convert_;
  mutable std::mutex mutex_;
  // By partition and the position they follow.
  std::map<std::pair<int32_t, LogPosition>, Encoded> newest_;
  size_t newest_bytes_ = 0;
};

/// A server stream over a partition of a log, of a method that sends bytes
/// (WithRawCallbackMethod_...).
///
/// One write is in flight; behind the end of the log a following stream waits for the log's
/// notification and costs nothing. The initial metadata carries the head (kHeadPositionHeader) and
/// goes out at once, so that a reader knows it is connected. Ends with OK at the end of the log
/// (not following), CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE (DRAINING), UNAUTHENTICATED when the
/// caller's token is taken away meanwhile (at the next record), DATA_LOSS
/// (CORRUPT_RECORD), NOT_FOUND (UNKNOWN_PARTITION), INVALID_ARGUMENT (POSITION_OUT_OF_RANGE:
/// negative or behind the head; MALFORMED_REQUEST).
///
/// `Request` has the fields partition, after_position and follow. The source must outlive the
/// stream.
///
///   return StreamLog<v1::ReadDocumentsRequest>(runtime_, context, "ReadDocuments", source_,
///                                              *request);
template <class Request, class Response>
grpc::ServerWriteReactor<grpc::ByteBuffer>* StreamLog(ServiceRuntime& runtime,
                                                      grpc::CallbackServerContext* context,
                                                      std::string_view method,
                                                      LogStreamSource<Response>& source,
                                                      const grpc::ByteBuffer& request);

}  // namespace lagebild

#include "common/server/log_stream_inl.h"  // IWYU pragma: keep

#endif  // LAGEBILD_COMMON_SERVER_LOG_STREAM_H_
