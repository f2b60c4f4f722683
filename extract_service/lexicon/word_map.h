#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace lagebild::extract {

/// Lets tables keyed by std::string be asked with a std::string_view, which the hash that Abseil's
/// tables take by default does not.
struct WordHash {
  using is_transparent = void;
  size_t operator()(std::string_view word) const {
    return absl::Hash<absl::string_view>()(absl::string_view(word.data(), word.size()));
  }
};

template <typename Value>
using WordMap = absl::flat_hash_map<std::string, Value, WordHash, std::equal_to<>>;
using WordSet = absl::flat_hash_set<std::string, WordHash, std::equal_to<>>;

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_MAP_H_
