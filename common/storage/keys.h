#ifndef LAGEBILD_COMMON_STORAGE_KEYS_H_
#define LAGEBILD_COMMON_STORAGE_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lagebild::storage {

// Parts of keys. Integers are big-endian, signed ones with the sign bit flipped, so that the order
// of the bytes is the order of the values. Strings inside a key end with 0x00 0x01 and a NUL in
// them is written 0x00 0xff, so that the order of keys is the order of the strings.

void AppendUint32(std::string* key, uint32_t value);
void AppendUint64(std::string* key, uint64_t value);
void AppendInt64(std::string* key, int64_t value);
void AppendString(std::string* key, std::string_view value);

// Take a part from the front of `key`; false (and nothing taken) when the bytes are not such a
// part.
bool TakeByte(std::string_view* key, uint8_t* value);
bool TakeUint32(std::string_view* key, uint32_t* value);
bool TakeUint64(std::string_view* key, uint64_t* value);
bool TakeInt64(std::string_view* key, int64_t* value);
bool TakeString(std::string_view* key, std::string* value);

/// The first key behind all keys with this prefix; nullopt when there is none (all bytes 0xff).
std::optional<std::string> PrefixEnd(std::string_view prefix);

}  // namespace lagebild::storage

#endif  // LAGEBILD_COMMON_STORAGE_KEYS_H_
