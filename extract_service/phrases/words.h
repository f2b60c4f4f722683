#ifndef LAGEBILD_EXTRACT_SERVICE_PHRASES_WORDS_H_
#define LAGEBILD_EXTRACT_SERVICE_PHRASES_WORDS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace lagebild::extract {

/// The word in lower case; Latin letters of any European language, other code points unchanged.
std::string LowerCase(std::string_view word);

/// The word with its first letter in upper case.
std::string UpperFirst(std::string_view word);

/// Whether a word of two letters and more is written in capitals, umlauts too ("ABC", "ÖVB").
bool IsUpperCase(std::string_view word);

/// Length of the word without the ending of a genitive ("Gazals" -> 5, "Hans'" -> 4); its whole
/// length when it has none. Says nothing about whether it is one: "Paris" gives 4.
size_t GenitiveStem(std::string_view word);

/// An adjective in lower case without its ending ("richtiger" -> "richtig"); the whole word when it
/// has none or fewer than three bytes stand before it. A view of `word`.
std::string_view AdjectiveStem(std::string_view word);

/// Whether a word ends in a hyphen that stands for a later part ("Innen-").
bool IsTruncated(std::string_view word);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PHRASES_WORDS_H_
