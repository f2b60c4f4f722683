#ifndef LAGEBILD_EXTRACT_SERVICE_TIMES_GRAMMAR_H_
#define LAGEBILD_EXTRACT_SERVICE_TIMES_GRAMMAR_H_

#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/times/patterns.h"
#include "extract_service/times/times_stage.h"
#include "extract_service/times/values.h"

namespace lagebild::extract {

/// Words and rules, compiled. Immutable, thread-safe.
class TimeGrammar {
 public:
  struct Rule {
    std::string id;
    TimeType type = TimeType::kUnspecified;
    bool takes_away = false;      ///< Type NONE.
    bool only_of_people = false;  ///< Type NONE, value "ages": only where people are named before.
    ValueFunction value = nullptr;
    std::vector<std::string> arguments;
  };

  static absl::StatusOr<std::unique_ptr<const TimeGrammar>> Create(
      const std::vector<TimeWords>& words, const std::vector<TimeRule>& rules);

  /// Classes of a word as written, else with its first letter in lower case, else, of a word all in
  /// capitals, as it is written elsewhere.
  std::span<const Membership> Find(std::string_view word) const;
  /// Classes of a capitalised word as it is written in lower case.
  std::span<const Membership> FindLowerCase(std::string_view word) const;

  /// Whether a word is one of class NUMBERED or a compound of one.
  bool IsNumbered(std::string_view word) const;
  /// Class of a number and a unit in one word: NYEARS of years, else NSPAN.
  Symbol SpanSymbol(std::string_view unit) const;

  const PatternSet& patterns() const { return patterns_; }
  const Rule& rule(int32_t number) const { return rules_[static_cast<size_t>(number)]; }
  const TimeSymbols& symbols() const { return symbols_; }
  const std::vector<std::string>& values() const { return values_; }

 private:
  static constexpr size_t kFilterBits = size_t{1} << 16;
  static size_t FilterBit(std::string_view form) {
    const auto byte = [&](size_t at) {
      return static_cast<size_t>(static_cast<unsigned char>(form[at]));
    };
    const size_t last = form.size() - 1;
    return (byte(0) * 0x9E3B + byte(last / 2) * 0x85D + byte(last) * 0x61 + form.size() * 0x1F35) &
           (kFilterBits - 1);
  }

  std::span<const Membership> LookUp(std::string_view form) const;
  void AddWords(const TimeWords& row);
  void AddForm(const std::string& form, Membership membership);
  void AddInflected(const std::string& stem, Membership membership);
  int32_t AddValue(std::string value);
  void AddCompounds(const std::vector<TimeWords>& words);

  PatternSet patterns_;
  TimeSymbols symbols_{patterns_};
  std::vector<Rule> rules_;
  std::vector<std::string> values_;
  std::vector<std::string> numbered_;  // Without their first letter.
  WordMap<std::vector<Membership>> words_;
  // Whether any form has these first, middle and last bytes and this length: most words of a text
  // have no class, and this tells without a look-up.
  std::bitset<kFilterBits> filter_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TIMES_GRAMMAR_H_
