#include "common/text/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace lagebild {
namespace {

// Length of the well-formed sequence at the beginning of [p, end); 0 when it is not well-formed.
size_t SequenceLength(const unsigned char* p, const unsigned char* end) {
  const unsigned char lead = p[0];
  if (lead < 0x80) {
    return 1;
  }
  size_t length = 0;
  unsigned char low = 0x80;   // Bounds of the second byte; they rule out overlong forms and
  unsigned char high = 0xbf;  // surrogates.
  if (lead >= 0xc2 && lead <= 0xdf) {
    length = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3;
    if (lead == 0xe0) {
      low = 0xa0;
    } else if (lead == 0xed) {
      high = 0x9f;
    }
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4;
    if (lead == 0xf0) {
      low = 0x90;
    } else if (lead == 0xf4) {
      high = 0x8f;
    }
  } else {
    return 0;
  }
  if (static_cast<size_t>(end - p) < length || p[1] < low || p[1] > high) {
    return 0;
  }
  for (size_t i = 2; i < length; ++i) {
    if ((p[i] & 0xc0) != 0x80) {
      return 0;
    }
  }
  return length;
}

}  // namespace

std::optional<size_t> FindInvalidUtf8(std::string_view bytes) {
  const auto* const begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const end = begin + bytes.size();
  const auto* p = begin;
  while (p < end) {
    // Runs of ASCII go eight bytes at a time.
    while (end - p >= 8) {
      uint64_t word = 0;
      std::memcpy(&word, p, sizeof(word));
      if ((word & 0x8080808080808080u) != 0) {
        break;
      }
      p += 8;
    }
    if (p == end) {
      break;
    }
    const size_t length = SequenceLength(p, end);
    if (length == 0) {
      return static_cast<size_t>(p - begin);
    }
    p += length;
  }
  return std::nullopt;
}

std::optional<size_t> FindNul(std::string_view bytes) {
  const size_t at = bytes.find('\0');
  return at == std::string_view::npos ? std::nullopt : std::optional<size_t>(at);
}

size_t FloorToCodePoint(std::string_view text, size_t offset) {
  offset = std::min(offset, text.size());
  while (!IsCodePointBorder(text, offset)) {
    --offset;
  }
  return offset;
}

size_t CeilToCodePoint(std::string_view text, size_t offset) {
  offset = std::min(offset, text.size());
  while (!IsCodePointBorder(text, offset)) {
    ++offset;
  }
  return offset;
}

std::string_view Utf8Prefix(std::string_view text, size_t max_bytes) {
  return text.substr(0, FloorToCodePoint(text, max_bytes));
}

size_t CountCodePoints(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsUtf8Continuation(c); }));
}

char32_t NextCodePoint(std::string_view text, size_t* offset) {
  const auto* const p = reinterpret_cast<const unsigned char*>(text.data()) + *offset;
  const auto* const end = reinterpret_cast<const unsigned char*>(text.data()) + text.size();
  const size_t length = SequenceLength(p, end);
  if (length <= 1) {
    ++*offset;
    return length == 1 ? p[0] : U'\ufffd';
  }
  char32_t code_point = p[0] & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    code_point = (code_point << 6) | (p[i] & 0x3fu);
  }
  *offset += length;
  return code_point;
}

}  // namespace lagebild
