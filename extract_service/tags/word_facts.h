#ifndef LAGEBILD_EXTRACT_SERVICE_TAGS_WORD_FACTS_H_
#define LAGEBILD_EXTRACT_SERVICE_TAGS_WORD_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

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
  uint32_t spelling = 0;    ///< Hash of the kinds of its bytes ("Aa", "AA-00"), at most two alike.
  /// Hashes of the first two to five and the last two to six bytes, 0 when the form is no longer;
  /// those of three bytes, and of two and four at the end, in lower case where that is ASCII and of
  /// the whole form when it is shorter.
  uint32_t prefix2 = 0;
  uint32_t prefix3 = 0;
  uint32_t prefix4 = 0;
  uint32_t prefix5 = 0;
  uint32_t suffix2 = 0;
  uint32_t suffix3 = 0;
  uint32_t suffix4 = 0;
  uint32_t suffix5 = 0;
  uint32_t suffix6 = 0;
  /// Longest end of a capitalised form that is a noun ("haus" of "Rathaus"), or what stands behind
  /// its last hyphen: hash, and cluster of the noun; 0 = none.
  uint32_t head = 0;
  uint32_t head_cluster = 0;
  /// Cluster and classes of what stands before the first hyphen ("Berlin" of "Berlin-Besuch").
  uint32_t first_part_cluster = 0;
  uint32_t first_part_classes = 0;
  uint8_t frequency = 0;  ///< Coarse class of how common the form is, 0 = never seen.
  uint8_t shape = 0;      ///< Class of letters, digits and marks, below 64.
  /// Equal keys mean equal facts: what they weigh is then computed once. 0 = not known.
  uint64_t key = 0;
  bool known = false;
  bool derived_adjective = false;  ///< Made of a name and an adjective ("SPD-nahe").
  bool lower = false;              ///< Begins with a lower-case letter.
};

/// Looks a word up. `at_beginning`: the word's capital may be due to its place (sentence,
/// quotation, colon). Allocates nothing; time is bounded for words of any length.
WordFacts FactsOf(std::string_view form, bool at_beginning, const Lexicon& lexicon);

/// Remembers what was looked up last: most words of a text were seen a moment before. Belongs to
/// one thread. What comes out never depends on what went in before.
class WordFactsCache {
 public:
  WordFactsCache() : known_(kKnownWords) {}

  /// The cache of the calling thread.
  static WordFactsCache& OfThread();

  /// A word to be looked up.
  struct Query {
    std::string_view form;
    bool at_beginning = false;
    uint64_t key = 0;
  };

  /// Asks the memory for what is known of a word: worth it where other words come first.
  Query Prepare(std::string_view form, bool at_beginning) const;

  /// As FactsOf(). The reference is good until the next call.
  const WordFacts& Find(const Query& query, const Lexicon& lexicon);
  const WordFacts& Find(std::string_view form, bool at_beginning, const Lexicon& lexicon) {
    return Find(Prepare(form, at_beginning), lexicon);
  }

 private:
  static constexpr size_t kKnownWords = 4096;
  struct KnownWord {
    uint64_t key = 0;
    WordFacts facts;
  };

  std::vector<KnownWord> known_;
  uint64_t lexicon_ = 0;  ///< Content of the lexicon that the facts come from.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TAGS_WORD_FACTS_H_
