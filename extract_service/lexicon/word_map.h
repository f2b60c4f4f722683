#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace lagebild::extract {

/// Hash of words, which are short: for tables that are asked for every word of a text. Lets tables
/// keyed by std::string be asked with a std::string_view, which Abseil's own hash does not. Not for
/// storage, not for bytes that somebody may choose to collide: the tables hold words of the
/// lexicon.
struct WordHash {
  using is_transparent = void;

  size_t operator()(std::string_view word) const {
    const char* bytes = word.data();
    const size_t size = word.size();
    uint64_t hash = size * 0x9e3779b97f4a7c15u;
    if (size >= 8) {
      // All but the last eight bytes in steps, then the last eight, which may overlap.
      for (size_t at = 0; at + 8 < size; at += 8) hash = Mix(hash ^ Load<uint64_t>(bytes + at));
      return static_cast<size_t>(Mix(hash ^ Load<uint64_t>(bytes + size - 8)));
    }
    uint64_t rest = 0;
    if (size >= 4) {
      rest = uint64_t{Load<uint32_t>(bytes)} << 32 | Load<uint32_t>(bytes + size - 4);
    } else {
      for (size_t i = 0; i < size; ++i) rest = rest << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return static_cast<size_t>(Mix(hash ^ rest));
  }

 private:
  template <typename T>
  static T Load(const char* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof(value));
    return value;
  }
  // The finaliser of MurmurHash3 (A. Appleby): every bit of the input changes half of the output.
  static uint64_t Mix(uint64_t value) {
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdu;
    value ^= value >> 33;
    value *= 0xc4ceb9fe1a85ec53u;
    return value ^ (value >> 33);
  }
};

template <typename Value>
using WordMap = absl::flat_hash_map<std::string, Value, WordHash, std::equal_to<>>;
using WordSet = absl::flat_hash_set<std::string, WordHash, std::equal_to<>>;

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_
