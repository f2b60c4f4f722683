#ifndef LAGEBILD_COMMON_WIRE_BYTE_BUFFER_H_
#define LAGEBILD_COMMON_WIRE_BYTE_BUFFER_H_

#include <google/protobuf/message.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

namespace lagebild {

/// The encoded form of a message.
inline grpc::Slice EncodeMessage(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return slice;
}

/// The message of an encoded form; false when it is none.
template <class Message>
bool DecodeMessage(const grpc::ByteBuffer& bytes, Message* message) {
  grpc::ByteBuffer shared(bytes);  // Reading empties it.
  return grpc::SerializationTraits<Message>::Deserialize(&shared, message).ok();
}

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_WIRE_BYTE_BUFFER_H_
