#ifndef LAGEBILD_COMMON_WIRE_APPEND_FIELD_H_
#define LAGEBILD_COMMON_WIRE_APPEND_FIELD_H_

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lagebild {

// Puts messages together out of parts that are bytes already, without parsing or checking them.

/// Appends a varint: seven bits a byte, the lowest first.
inline void AppendVarint(std::string* bytes, uint64_t number) {
  while (number >= 0x80) {
    bytes->push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  bytes->push_back(static_cast<char>(number));
}

/// How many bytes AppendVarint() appends.
inline size_t VarintSize(uint64_t number) {
  size_t size = 1;
  for (; number >= 0x80; number >>= 7) ++size;
  return size;
}

/// Appends a length-delimited field (a message, a string or bytes) to the bytes of a message. A
/// string must be UTF-8: whoever parses the message refuses it else.
inline void AppendField(std::string* bytes, uint32_t field, std::string_view value) {
  AppendVarint(bytes, (uint64_t{field} << 3) | 2);
  AppendVarint(bytes, value.size());
  bytes->append(value);
}

/// The same for a value in two parts, one behind the other.
inline void AppendField(std::string* bytes, uint32_t field, std::string_view first,
                        std::string_view second) {
  AppendVarint(bytes, (uint64_t{field} << 3) | 2);
  AppendVarint(bytes, first.size() + second.size());
  bytes->append(first).append(second);
}

inline void AppendField(std::string* bytes, uint32_t field,
                        const google::protobuf::MessageLite& value) {
  const size_t size = value.ByteSizeLong();
  AppendVarint(bytes, (uint64_t{field} << 3) | 2);
  AppendVarint(bytes, size);
  const size_t begin = bytes->size();
  bytes->resize(begin + size);
  value.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(bytes->data() + begin));
}

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_WIRE_APPEND_FIELD_H_
