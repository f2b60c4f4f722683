#ifndef LAGEBILD_COMMON_TEXT_UTF8_H_
#define LAGEBILD_COMMON_TEXT_UTF8_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace lagebild {

/// Offset of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7: no
/// overlong forms, no surrogates, nothing above U+10FFFF); nullopt when all of it is well-formed.
/// For a cut sequence at the end, the offset of its lead byte.
std::optional<size_t> FindInvalidUtf8(std::string_view bytes);

/// Offset of the first NUL byte; nullopt when there is none.
std::optional<size_t> FindNul(std::string_view bytes);

/// Whether a byte continues a sequence (10xxxxxx).
constexpr bool IsUtf8Continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0u) == 0x80u;
}

/// Whether an offset lies on a code-point border of well-formed text; both ends of the text do.
constexpr bool IsCodePointBorder(std::string_view text, size_t offset) {
  return offset == 0 || offset == text.size() ||
         (offset < text.size() && !IsUtf8Continuation(text[offset]));
}

/// The nearest border at or before `offset` (clamped to the text's size).
size_t FloorToCodePoint(std::string_view text, size_t offset);

/// The nearest border at or behind `offset` (clamped to the text's size).
size_t CeilToCodePoint(std::string_view text, size_t offset);

/// The longest prefix of at most `max_bytes` that ends on a border.
std::string_view Utf8Prefix(std::string_view text, size_t max_bytes);

/// Number of code points of well-formed text.
size_t CountCodePoints(std::string_view text);

/// The code point that begins at `*offset`; advances the offset behind it. Malformed input gives
/// U+FFFD and advances by one byte. REQUIRES: *offset < text.size().
char32_t NextCodePoint(std::string_view text, size_t* offset);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_TEXT_UTF8_H_
