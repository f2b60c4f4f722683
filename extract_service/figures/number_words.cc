#include "extract_service/figures/number_words.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {
namespace {

constexpr size_t kMaxDigits = 18;
// No German cardinal that anybody writes as one word is longer.
constexpr size_t kMaxWordBytes = 80;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Endings of words that are declined: "mehreren", "Tausenden", "halbe", "einem", "zweier".
constexpr std::string_view kEndings[] = {"n", "r", "s", "e", "en", "er", "es", "em"};

}  // namespace

std::optional<DigitNumber> ParseDigits(std::string_view digits) {
  DigitNumber number;
  double scale = 1;
  size_t count = 0;
  size_t i = 0;
  std::vector<size_t> groups(1, 0);  // Lengths of the groups between points.
  bool comma = false;
  for (; i < digits.size(); ++i) {
    const char c = digits[i];
    if (IsDigit(c)) {
      if (++count > kMaxDigits) return std::nullopt;
      number.value = number.value * 10 + (c - '0');
      if (comma) {
        scale *= 10;
      } else {
        ++groups.back();
      }
    } else if (c == '.' && !comma) {
      groups.push_back(0);
    } else if (c == ',' && !comma) {
      comma = true;
    } else {
      return std::nullopt;
    }
  }
  if (count == 0) return std::nullopt;
  if (groups.size() > 1) {
    const bool thousands =
        groups.front() >= 1 && groups.front() <= 3 && digits.front() != '0' &&
        std::all_of(groups.begin() + 1, groups.end(), [](size_t length) { return length == 3; });
    if (!thousands) {
      if (groups.size() > 2 || comma) return std::nullopt;
      number.decimal_point = true;
      for (size_t k = 0; k < groups.back(); ++k) scale *= 10;
    }
  }
  number.value /= scale;
  return number;
}

absl::StatusOr<NumberWords> NumberWords::Create(const LexiconTable& table) {
  NumberWords result;
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string word(word_shape::Recased::Lower(table.Cell(row, "word")).text());
    const std::string_view kind = table.Cell(row, "kind");
    const std::string_view cell = table.Cell(row, "value");
    double value = 0;
    if (!cell.empty() && !absl::SimpleAtod({cell.data(), cell.size()}, &value)) {
      return absl::InvalidArgumentError("number_words: the value of \"" + word + "\" is no number");
    }
    uint32_t bit = 0;
    if (kind == "unit" || kind == "teen" || kind == "ten") {
      bit = NumberWord::kCardinal;
      result.parts_[word] = value;
      // The one that is an article too is the first unit.
      if (result.parts_.size() == 1) bit |= NumberWord::kIndefinite;
    } else if (kind == "factor") {
      bit = NumberWord::kFactor | NumberWord::kCardinal;
      result.factors_.emplace_back(word, value);
    } else if (kind == "scale") {
      bit = NumberWord::kScale;
    } else if (kind == "scaled") {
      bit = NumberWord::kScaled | NumberWord::kCardinal;
    } else if (kind == "half") {
      bit = NumberWord::kHalf;
      if (word.size() > result.half_.size()) result.half_ = word;
    } else if (kind == "fraction") {
      bit = NumberWord::kFraction;
    } else if (kind == "group") {
      bit = NumberWord::kGroup;
    } else if (kind == "vague") {
      bit = NumberWord::kVague;
    } else if (kind == "several") {
      bit = NumberWord::kSeveral;
    } else if (kind == "joiner") {
      result.joiner_ = word;
      continue;
    } else {
      return absl::InvalidArgumentError("number_words: \"" + word + "\" is of unknown kind");
    }
    result.beginnings_.set(BeginningOf(word));
    NumberWord& entry = result.words_[word];
    entry.kinds |= bit;
    if (!cell.empty()) entry.value = value;
  }
  std::sort(result.factors_.begin(), result.factors_.end(),
            [](const auto& a, const auto& b) { return a.second > b.second; });
  return result;
}

size_t NumberWords::BeginningOf(std::string_view lower) {
  size_t beginning = 0;
  for (size_t i = 0; i < 3; ++i) {
    beginning = beginning * 37 + (i < lower.size() ? static_cast<unsigned char>(lower[i]) : 0u);
  }
  return beginning % 4096;
}

std::string_view NumberWords::WithoutJoiner(std::string_view word) const {
  if (!joiner_.empty() && word.starts_with(joiner_)) word.remove_prefix(joiner_.size());
  return word;
}

std::optional<double> NumberWords::Part(std::string_view word) const {
  const auto found = parts_.find(word);
  if (found == parts_.end()) return std::nullopt;
  return found->second;
}

std::optional<double> NumberWords::BelowHundred(std::string_view word) const {
  if (const auto part = Part(word)) return part;
  if (joiner_.empty()) return std::nullopt;
  // "siebenundvierzig": unit, joiner, ten. The joiner is looked for behind the first letter.
  for (size_t at = word.find(joiner_, 1); at != std::string_view::npos;
       at = word.find(joiner_, at + 1)) {
    const auto unit = Part(word.substr(0, at));
    const auto ten = Part(word.substr(at + joiner_.size()));
    if (unit && ten && *unit < 10 && *ten >= 20) return *unit + *ten;
  }
  return std::nullopt;
}

std::optional<double> NumberWords::Composed(std::string_view word, size_t factor) const {
  if (factor == factors_.size()) return BelowHundred(word);
  const auto& [name, value] = factors_[factor];
  const size_t at = word.find(name);
  if (at == std::string_view::npos) return Composed(word, factor + 1);
  double total = value;
  if (at > 0) {
    const auto left = Composed(word.substr(0, at), factor + 1);
    if (!left) return std::nullopt;
    total *= *left;
  }
  const std::string_view rest = WithoutJoiner(word.substr(at + name.size()));
  if (rest.empty()) return total;
  const auto right = Composed(rest, factor + 1);
  if (!right) return std::nullopt;
  return total + *right;
}

std::optional<NumberWord> NumberWords::Find(std::string_view word) const {
  if (word.empty() || word.size() > kMaxWordBytes) return std::nullopt;
  const word_shape::Recased recased = word_shape::Recased::Lower(word);
  const std::string_view lower = recased.text();
  if (!beginnings_.test(BeginningOf(lower))) return std::nullopt;
  if (const auto found = words_.find(lower); found != words_.end()) return found->second;
  for (const std::string_view ending : kEndings) {
    if (lower.size() <= ending.size() + 2 || !lower.ends_with(ending)) continue;
    const auto found = words_.find(lower.substr(0, lower.size() - ending.size()));
    if (found == words_.end()) continue;
    constexpr uint32_t kDeclined = NumberWord::kSeveral | NumberWord::kVague | NumberWord::kHalf |
                                   NumberWord::kIndefinite | NumberWord::kFraction;
    if (found->second.Is(kDeclined)) return found->second;
  }
  if (!half_.empty() && lower.size() > half_.size() && lower.ends_with(half_)) {
    const auto whole = BelowHundred(lower.substr(0, lower.size() - half_.size()));
    if (whole) return NumberWord{NumberWord::kScaled | NumberWord::kCardinal, *whole + 0.5};
  }
  if (const auto value = Composed(lower, 0)) return NumberWord{NumberWord::kCardinal, *value};
  return std::nullopt;
}

}  // namespace lagebild::extract
