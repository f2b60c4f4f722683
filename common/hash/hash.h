#ifndef LAGEBILD_COMMON_HASH_HASH_H_
#define LAGEBILD_COMMON_HASH_HASH_H_

#include <cstdint>
#include <string_view>

namespace lagebild {

/// A well-mixed 64-bit hash that never changes between versions and machines (XXH64), so that it
/// may be stored. Not for secrets.
uint64_t Hash64(std::string_view bytes, uint64_t seed = 0);

/// CRC-32C (Castagnoli) of bytes, to tell damage.
uint32_t Crc32c(std::string_view bytes);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_HASH_HASH_H_
