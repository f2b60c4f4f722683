#ifndef LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_INL_H_
#define LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_INL_H_

// The templated part of stream_follower.h.

#include "common/status/grpc_status.h"

namespace lagebild::internal {

// A stream of the callback API that one thread reads. A thread that waits inside gRPC's synchronous
// Read() would poll for the whole process: it takes events of the server's connections as well and
// hands them on to gRPC's own threads, so that every call is paid for twice.
template <class Response>
class StreamReader final : public grpc::ClientReadReactor<Response> {
 public:
  // Once the stub has bound it.
  void Start() {
    this->AddHold();  // Reads begin outside of gRPC's calls; given back by Finish().
    this->StartRead(&next_);
    this->StartCall();
  }

  void WaitForHeaders() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return headers_; });
  }

  // Takes the next message and begins to read the one after it; false when the stream is over.
  bool Read(Response* response) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return read_ || ended_; });
      if (!read_) {
        return false;
      }
      read_ = false;
    }
    response->Swap(&next_);
    next_.Clear();
    this->StartRead(&next_);
    return true;
  }

  // Waits for the end of the stream, which has ended or been cancelled.
  grpc::Status Finish() {
    this->RemoveHold();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return status_;
  }

  void OnReadInitialMetadataDone(bool /*ok*/) override { Note(&headers_); }
  void OnReadDone(bool ok) override { Note(ok ? &read_ : &ended_); }
  void OnDone(const grpc::Status& status) override {
    const std::lock_guard lock(mutex_);
    status_ = status;
    done_ = true;
    changed_.notify_all();  // Under the lock: the reader goes as soon as it sees this.
  }

 private:
  void Note(bool* what) {
    const std::lock_guard lock(mutex_);
    *what = true;
    changed_.notify_all();
  }

  Response next_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool headers_ = false;
  bool read_ = false;
  bool ended_ = false;
  bool done_ = false;
  grpc::Status status_;
};

}  // namespace lagebild::internal

namespace lagebild {

template <class Request, class Response>
absl::Status StreamFollower<Request, Response>::RunStream(grpc::ClientContext& context,
                                                          LogPosition after) {
  Request request;
  request.set_after_position(after);
  request.set_follow(true);
  internal::StreamReader<Response> stream;
  open_(&context, &request, &stream);
  stream.Start();
  // Headers come at once from a server that is there, also when the log has nothing new to send.
  stream.WaitForHeaders();
  if (const auto head = HeadOf(context); head.has_value()) {
    OnConnected(head);
  }
  Response response;
  while (stream.Read(&response)) {
    const LogPosition position = response.record().position();
    const LogPosition head = response.head_position();
    if (absl::Status status = handle_(std::move(response)); !status.ok()) {
      context.TryCancel();
      (void)stream.Finish();
      return status;
    }
    OnMessage(position, head);
    response.Clear();
  }
  return FromGrpcStatus(stream.Finish());
}

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_INL_H_
