#ifndef LAGEBILD_COMMON_WIRE_TAKE_FIELD_H_
#define LAGEBILD_COMMON_WIRE_TAKE_FIELD_H_

#include <cstdint>
#include <string_view>

namespace lagebild {

/// Takes a varint (see AppendVarint()) from the front of `bytes`; false, and an undefined rest,
/// when it is cut or longer than 64 bits.
inline bool TakeVarint(std::string_view* bytes, uint64_t* number) {
  *number = 0;
  for (int shift = 0; shift < 64 && !bytes->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes->front());
    bytes->remove_prefix(1);
    *number |= uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

/// A field of an encoded message.
struct WireField {
  uint32_t number = 0;
  uint64_t varint = 0;          ///< Of an integer, an enum or a bool.
  std::string_view bytes = {};  ///< Of a message, a string or bytes; of the encoding of fixed ones.
};

/// Takes a field from the front of the bytes of a message; false when they are no message.
inline bool TakeField(std::string_view* bytes, WireField* field) {
  uint64_t tag = 0;
  if (!TakeVarint(bytes, &tag)) return false;
  *field = {.number = static_cast<uint32_t>(tag >> 3)};
  uint64_t size = 0;
  switch (tag & 7) {
    case 0:
      return TakeVarint(bytes, &field->varint);
    case 1:
      size = 8;
      break;
    case 2:
      if (!TakeVarint(bytes, &size)) return false;
      break;
    case 5:
      size = 4;
      break;
    default:
      return false;
  }
  if (size > bytes->size()) return false;
  field->bytes = bytes->substr(0, size);
  bytes->remove_prefix(size);
  return true;
}

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_WIRE_TAKE_FIELD_H_
