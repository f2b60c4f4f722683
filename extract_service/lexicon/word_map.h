#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/hash/hash.h"

namespace lagebild::extract {

/// Lets tables keyed by std::string be asked with a std::string_view, which Abseil's own hash does
/// not. Its seed is known: for tables of the lexicon, not for keys that a text brings.
struct WordHash {
  using is_transparent = void;
  size_t operator()(std::string_view word) const { return static_cast<size_t>(Hash64(word)); }
};

template <typename Value>
using WordMap = absl::flat_hash_map<std::string, Value, WordHash, std::equal_to<>>;
using WordSet = absl::flat_hash_set<std::string, WordHash, std::equal_to<>>;

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_
