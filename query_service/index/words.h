#ifndef LAGEBILD_QUERY_SERVICE_INDEX_WORDS_H_
#define LAGEBILD_QUERY_SERVICE_INDEX_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"

namespace lagebild::query {

// How words and names are made comparable. All functions are thread-safe and accept any bytes;
// malformed UTF-8 is read as U+FFFD.

/// Full case folding of the NFC form ("Straße" and "STRASSE" are the same).
std::string FoldCase(std::string_view text);

/// The words of a text, folded: runs of letters, marks and digits, cut at 64 code points; in the
/// order of the text, repeats kept.
std::vector<std::string> WordsOf(std::string_view text);

/// Calls back with each of these words; the view lives during the call.
void VisitWords(std::string_view text, absl::FunctionRef<void(std::string_view word)> visit);

/// The words of a text, folded once, for who asks for those of many parts of it: spans of an
/// article lie in each other.
class TextWords {
 public:
  /// Numbers of words in the order of the text, `last` exclusive.
  struct Range {
    size_t first = 0;
    size_t last = 0;
  };

  /// REQUIRES: less than 4 GiB of text.
  explicit TextWords(std::string_view text);

  /// Whether the words are told at all: not when the text has letters beyond those of German and
  /// its neighbours, which have to be normalised as a whole.
  bool known() const { return known_; }
  size_t size() const { return words_.size(); }
  /// REQUIRES: word < size(). The view lives as long as this does.
  std::string_view word(size_t word) const {
    return std::string_view(folded_).substr(words_[word].folded_begin, words_[word].folded_size);
  }
  /// Where it ends in the text. REQUIRES: word < size().
  size_t end(size_t word) const { return words_[word].end; }
  /// The words of the bytes [begin, end) of the text, the same as WordsOf() tells. Nullopt where
  /// only that can tell: when a word is cut, or nothing is known().
  std::optional<Range> Between(size_t begin, size_t end) const;

 private:
  struct Word {
    uint32_t begin = 0;
    uint32_t end = 0;
    uint32_t folded_begin = 0;
    uint32_t folded_size = 0;
  };
  // The first word that ends behind an offset.
  size_t FirstEndingBehind(size_t offset) const;

  bool known_ = true;
  std::vector<Word> words_;
  std::string folded_;
};

/// One word of a text query.
struct QueryWord {
  std::string word;     ///< Folded.
  bool prefix = false;  ///< Asks for words that begin with it.

  friend bool operator==(const QueryWord&, const QueryWord&) = default;
};

/// The words of a query; a `*` right behind a word makes it a beginning.
std::vector<QueryWord> QueryWordsOf(std::string_view text);

/// A byte string whose order is the German dictionary order of names.
std::string CollationKey(std::string_view name);

/// Key of an actor across documents: a hash of folded name and type, never 0.
uint64_t ActorKey(std::string_view name, int type);
/// "act-" and 16 hexadecimal digits.
std::string ActorId(uint64_t key);
/// The key in such an id; 0 when it is none.
uint64_t ParseActorId(std::string_view id);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_INDEX_WORDS_H_
