#ifndef LAGEBILD_COMMON_WIRE_TAKE_VARINT_H_
#define LAGEBILD_COMMON_WIRE_TAKE_VARINT_H_

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

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_WIRE_TAKE_VARINT_H_
