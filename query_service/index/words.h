#ifndef LAGEBILD_QUERY_SERVICE_INDEX_WORDS_H_
#define LAGEBILD_QUERY_SERVICE_INDEX_WORDS_H_

#include <cstdint>
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
