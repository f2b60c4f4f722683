#ifndef LAGEBILD_COMMON_TIME_PROTO_TIME_H_
#define LAGEBILD_COMMON_TIME_PROTO_TIME_H_

#include <google/protobuf/timestamp.pb.h>

#include "common/time/clock.h"

namespace lagebild {

/// An instant as a protobuf Timestamp.
inline google::protobuf::Timestamp ToProto(Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  google::protobuf::Timestamp proto;
  proto.set_seconds(seconds.time_since_epoch().count());
  proto.set_nanos(static_cast<int32_t>((instant - seconds).count() * 1000));
  return proto;
}

/// And back; fractions of microseconds are cut.
inline Instant FromProto(const google::protobuf::Timestamp& proto) {
  return Instant(std::chrono::seconds(proto.seconds()) +
                 std::chrono::microseconds(proto.nanos() / 1000));
}

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_TIME_PROTO_TIME_H_
