#include "ingest_service/intake/signature.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "common/hash/hash.h"
#include "common/text/utf8.h"
#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {
namespace {

// A step of the SplitMix64 generator, which also mixes well.
constexpr uint64_t SplitMix(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// One multiplicative hash function for each value. Part of the stored format.
struct Functions {
  std::array<uint64_t, kSignatureValues> factor;
  std::array<uint64_t, kSignatureValues> summand;
};

constexpr Functions MakeFunctions() {
  Functions functions = {};
  uint64_t state = 0x6c61676562696c64u;
  for (size_t i = 0; i < kSignatureValues; ++i) {
    functions.factor[i] = SplitMix(&state) | 1u;
    functions.summand[i] = SplitMix(&state);
  }
  return functions;
}

constexpr Functions kFunctions = MakeFunctions();

void AppendUtf8(char32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xc0 | c >> 6));
    out->push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xe0 | c >> 12));
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else {
    out->push_back(static_cast<char>(0xf0 | c >> 18));
    out->push_back(static_cast<char>(0x80 | (c >> 12 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3f)));
  }
}

// The lower case of an ASCII letter or digit, 0 for other bytes.
constexpr std::array<char, 256> kLowerAlnum = [] {
  std::array<char, 256> table = {};
  for (int c = 0; c < 128; ++c) {
    const char byte = static_cast<char>(c);
    if (IsAsciiAlpha(byte) || IsAsciiDigit(byte)) table[static_cast<size_t>(c)] = AsciiLower(byte);
  }
  return table;
}();

// Hashes of the text's words in lower case, in order.
std::vector<uint64_t> WordHashes(std::string_view text) {
  std::vector<uint64_t> hashes;
  hashes.reserve(text.size() / 6);
  // The word so far; one that outgrows the room goes on in a string.
  std::array<char, 64> room;
  size_t size = 0;
  std::string longer;
  const auto append = [&](char byte) {
    if (size == room.size()) {
      longer.append(room.data(), size);
      size = 0;
    }
    room[size++] = byte;
  };
  const auto end_word = [&] {
    if (!longer.empty()) {
      longer.append(room.data(), size);
      hashes.push_back(Hash64(longer));
      longer.clear();
    } else if (size > 0) {
      hashes.push_back(Hash64({room.data(), size}));
    }
    size = 0;
  };
  std::string encoded;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      if (const char lower = kLowerAlnum[lead]; lower != 0) {
        append(lower);
      } else {
        end_word();
      }
      ++i;
      continue;
    }
    // U+00C0 to U+00FF, where the letters of German are: all letters but the signs of
    // multiplication and division; the small ones stand 32 behind the capitals, and U+00DF is
    // small.
    if (lead == 0xc3 && i + 1 < text.size()) {
      const auto trail = static_cast<unsigned char>(text[i + 1]);
      if (trail >= 0x80 && trail < 0xc0 && trail != 0x97 && trail != 0xb7) {
        append(static_cast<char>(lead));
        append(static_cast<char>(trail <= 0x9e ? trail + 0x20 : trail));
        i += 2;
        continue;
      }
    }
    const auto code_point = static_cast<UChar32>(NextCodePoint(text, &i));
    if (u_isalnum(code_point) != 0) {
      encoded.clear();
      AppendUtf8(static_cast<char32_t>(u_tolower(code_point)), &encoded);
      for (const char byte : encoded) append(byte);
    } else {
      end_word();
    }
  }
  end_word();
  return hashes;
}

// Compiled for wider registers as well; the machine takes the widest it has. A fifth of the work of
// taking in a document would be here else.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
void LowerTo(uint64_t shingle, const Functions& functions, uint32_t* least) {
  for (size_t k = 0; k < kSignatureValues; ++k) {
    const auto value =
        static_cast<uint32_t>((shingle * functions.factor[k] + functions.summand[k]) >> 32);
    least[k] = std::min(least[k], value);
  }
}

}  // namespace

std::vector<uint32_t> MinHashSignature(std::string_view text) {
  const std::vector<uint64_t> words = WordHashes(text);
  if (words.size() < kFewestWords) return {};
  std::array<uint32_t, kSignatureValues> least;
  least.fill(std::numeric_limits<uint32_t>::max());
  for (size_t i = 0; i + kShingleWords <= words.size(); ++i) {
    uint64_t shingle = 0;
    for (size_t j = 0; j < kShingleWords; ++j) {
      shingle = shingle * 0x100000001b3u + words[i + j];
      shingle = SplitMix(&shingle);
    }
    LowerTo(shingle, kFunctions, least.data());
  }
  return {least.begin(), least.end()};
}

}  // namespace lagebild::ingest
