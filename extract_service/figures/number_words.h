#ifndef LAGEBILD_EXTRACT_SERVICE_FIGURES_NUMBER_WORDS_H_
#define LAGEBILD_EXTRACT_SERVICE_FIGURES_NUMBER_WORDS_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"

namespace lagebild::extract {

/// A number written in digits.
struct DigitNumber {
  double value = 0;
  /// Written with a point that is no thousands separator ("7.4"): rather a version or section.
  bool decimal_point = false;
};

/// Reads digits with German separators: "12", "12.000", "1,5", "1.234,5", "7.4". nullopt for dates,
/// clocks, scores and fractions ("18.10.2024", "17:46", "3/4") and for more than 18 digits.
std::optional<DigitNumber> ParseDigits(std::string_view digits);

/// What a word does to a number, see language/de/number_words.tsv.
struct NumberWord {
  enum Kind : uint32_t {
    kCardinal = 1u << 0,  ///< A whole number, `value`.
    kFactor = 1u << 1,    ///< "hundert", "tausend": also a cardinal of its own.
    kScale = 1u << 2,
    kScaled = 1u << 3,
    kHalf = 1u << 4,
    kFraction = 1u << 5,
    kGroup = 1u << 6,
    kVague = 1u << 7,
    kSeveral = 1u << 8,
    kIndefinite = 1u << 9,  ///< "ein", "eine"...: a number or an article.
  };
  uint32_t kinds = 0;
  double value = 0;

  bool Is(uint32_t mask) const { return (kinds & mask) != 0; }
};

/// Reads number words, simple ("zwölf") and composed ("zweihundertfünfzigtausend").
/// Immutable and thread-safe.
class NumberWords {
 public:
  /// Knows no words.
  NumberWords() = default;

  /// Errors: INVALID_ARGUMENT when the table has a row of unknown kind or a value that is no
  /// number.
  static absl::StatusOr<NumberWords> Create(const LexiconTable& table);

  /// What the word means, in any case; nullopt when it is no number word. Linear in its length.
  std::optional<NumberWord> Find(std::string_view word) const;

 private:
  std::optional<double> Part(std::string_view word) const;
  std::optional<double> BelowHundred(std::string_view word) const;
  std::optional<double> Composed(std::string_view word, size_t factor) const;
  std::string_view WithoutJoiner(std::string_view word) const;
  // A number, the same for words with the same first letters: few words begin as numbers do.
  static size_t BeginningOf(std::string_view lower);

  WordMap<NumberWord> words_;
  WordMap<double> parts_;                                // Units, teens and tens.
  std::vector<std::pair<std::string, double>> factors_;  // Largest first.
  std::string joiner_;
  std::string half_;
  std::bitset<4096> beginnings_;  // BeginningOf() every word, part and factor.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_FIGURES_NUMBER_WORDS_H_
