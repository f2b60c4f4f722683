#ifndef LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_H_
#define LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/log/log.h"

namespace lagebild {

/// Initial metadata of a log stream: the server's newest position when the stream began, in
/// decimal.
inline constexpr char kHeadPositionHeader[] = "lagebild-head-position";

/// Where a follower stands.
struct FollowerState {
  bool connected = false;  ///< A stream is open and its server has answered.
  bool ever_connected = false;
  bool ever_failed = false;       ///< An attempt to connect or a stream has failed.
  LogPosition position = 0;       ///< Newest upstream position taken in.
  LogPosition upstream_head = 0;  ///< When last seen.
  std::optional<LogPosition>
      head_at_start;       ///< Upstream head seen by the first stream of this process.
  std::string last_error;  ///< Of the newest failure; empty while connected.

  LogPosition lag() const { return upstream_head > position ? upstream_head - position : 0; }
  /// For readiness: caught up with the head seen at start, or upstream cannot be reached.
  bool ready() const {
    return head_at_start.has_value() ? position >= *head_at_start : (ever_failed && !connected);
  }
};

/// What a message of a log stream says of its place.
struct StreamPosition {
  LogPosition position = 0;  ///< Of the record it carries.
  LogPosition head = 0;      ///< Newest position of the log when it was sent.
};

/// Follows the log of another service for ever: opens the stream behind the newest position taken
/// in, hands over every message, and reconnects after a failure, first at once, then with a pause
/// that doubles up to one second.
///
/// Owns one thread; idle it costs nothing. Back-pressure is the handler: while it blocks, no more
/// than some messages are read ahead. Thread-safe.
class StreamFollower {
 public:
  /// Makes the encoded request for a stream behind a position that never ends.
  using MakeRequest = std::function<grpc::Slice(LogPosition after)>;
  /// Takes one encoded message; an error ends the stream, which is then opened again behind the
  /// newest message that was handled.
  using Handle = std::function<absl::StatusOr<StreamPosition>(const grpc::ByteBuffer& message)>;

  /// `upstream_name` is what logs call it ("ingest_service at 127.0.0.1:7401"), `method` the path
  /// of the server-streaming RPC ("/lagebild.v1.IngestService/ReadDocuments").
  StreamFollower(std::string upstream_name, std::shared_ptr<grpc::Channel> channel,
                 std::string method, MakeRequest make_request, Handle handle);
  ~StreamFollower() { Stop(); }
  StreamFollower(const StreamFollower&) = delete;
  StreamFollower& operator=(const StreamFollower&) = delete;

  /// Starts behind a position. `on_change` (may be empty) is called from the follower's thread
  /// whenever the state changed; it must not block.
  void Start(LogPosition after, std::function<void(const FollowerState&)> on_change = {});

  /// Cancels the stream and joins. Idempotent. A handler that blocks must be made to return first.
  void Stop();

  /// Tells that a position has been taken in durably; moves `position` of the state. Where the
  /// handler itself finishes the work it calls this before returning.
  void Advance(LogPosition position);

  FollowerState state() const;

 private:
  // Opens one stream behind `after` and pumps it until it ends; called from the follower's thread.
  absl::Status RunStream(grpc::ClientContext& context, LogPosition after);
  void OnConnected(LogPosition head);
  void OnMessage(StreamPosition place);
  static std::optional<LogPosition> HeadOf(const grpc::ClientContext& context);
  void Run();
  void Publish(std::unique_lock<std::mutex>& lock);

  const std::string name_;
  grpc::GenericStub stub_;
  const std::string method_;
  const MakeRequest make_request_;
  const Handle handle_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  grpc::ClientContext* context_ = nullptr;  // Of the running stream.
  FollowerState state_;
  LogPosition received_ = 0;  // Newest position handed to the handler without error.
  std::function<void(const FollowerState&)> on_change_;
  std::thread thread_;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_H_
