#ifndef LAGEBILD_QUERY_SERVICE_SERVER_WIRE_H_
#define LAGEBILD_QUERY_SERVICE_SERVER_WIRE_H_

#include <google/protobuf/message_lite.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace lagebild::query {

// Puts responses together out of entries that are stored as they are sent, without parsing them.

/// Appends a length-delimited field (a message or a string).
inline void AppendField(std::string* bytes, uint32_t field, std::string_view value) {
  const auto append_varint = [bytes](uint64_t number) {
    while (number >= 0x80) {
      bytes->push_back(static_cast<char>(number | 0x80));
      number >>= 7;
    }
    bytes->push_back(static_cast<char>(number));
  };
  append_varint((uint64_t{field} << 3) | 2);
  append_varint(value.size());
  bytes->append(value);
}

inline void AppendField(std::string* bytes, uint32_t field,
                        const google::protobuf::MessageLite& value) {
  AppendField(bytes, field, value.SerializeAsString());
}

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_SERVER_WIRE_H_
