#ifndef LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_INL_H_
#define LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_INL_H_

// The templated part of stream_follower.h.

#include "common/status/grpc_status.h"

namespace lagebild {

template <class Response>
absl::Status StreamFollower<Response>::RunStream(grpc::ClientContext& context, LogPosition after) {
  const auto stream = open_(&context, after);
  // Headers come at once from a server that is there, also when the log has nothing new to send.
  stream->WaitForInitialMetadata();
  if (const auto head = HeadOf(context); head.has_value()) {
    OnConnected(head);
  }
  Response response;
  while (stream->Read(&response)) {
    const LogPosition position = response.record().position();
    const LogPosition head = response.head_position();
    if (absl::Status status = handle_(std::move(response)); !status.ok()) {
      context.TryCancel();
      (void)stream->Finish();
      return status;
    }
    OnMessage(position, head);
    response.Clear();
  }
  return FromGrpcStatus(stream->Finish());
}

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_CLIENT_STREAM_FOLLOWER_INL_H_
