#ifndef LAGEBILD_EXTRACT_SERVICE_TAGS_WORD_FACTS_H_
#define LAGEBILD_EXTRACT_SERVICE_TAGS_WORD_FACTS_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "extract_service/lexicon/lexicon.h"

namespace lagebild::extract {

/// What the taggers see of a word: the lexicon's entry and the look of its letters.
struct WordFacts {
  std::span<const Analysis> analyses;        ///< Of the form as written.
  std::span<const Analysis> lower_analyses;  ///< Of the form in lower case, at a beginning only.
  std::span<const Analysis> head_analyses;   ///< Of the head, when the form is an unknown compound.
  WordClass classes;      ///< With those a compound has from its head and a genitive from its name.
  uint32_t pos_mask = 0;  ///< Bit 1 << Pos for every reading.
  uint32_t morphology = 0;  ///< Union over all readings.
  uint32_t cluster = 0;     ///< Brown cluster, 0 = none.
  uint32_t form = 0;        ///< Hash of the form.
  uint32_t prefix3 = 0;     ///< Hashes of the first three and the last
  uint32_t suffix2 = 0;     ///< two, three, four bytes, in lower case where that
  uint32_t suffix3 = 0;     ///< is ASCII.
  uint32_t suffix4 = 0;
  uint8_t frequency = 0;  ///< Coarse class of how common the form is, 0 = never seen.
  uint8_t shape = 0;      ///< Class of letters, digits and marks, below 64.
  bool known = false;
};

/// Looks a word up. `at_beginning`: the word's capital may be due to its place (sentence,
/// quotation, colon). Allocates nothing; time is bounded for words of any length.
WordFacts FactsOf(std::string_view form, bool at_beginning, const Lexicon& lexicon);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TAGS_WORD_FACTS_H_
