#ifndef LAGEBILD_COMMON_WIRE_APPEND_FIELD_H_
#define LAGEBILD_COMMON_WIRE_APPEND_FIELD_H_

#include <google/protobuf/message_lite.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace lagebild {

// Puts messages together out of parts that are bytes already, without parsing or checking them.

/// Appends a length-delimited field (a message, a string or bytes) to the bytes of a message. A
/// string must be UTF-8: whoever parses the message refuses it else.
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

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_WIRE_APPEND_FIELD_H_
