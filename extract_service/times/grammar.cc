#include "extract_service/times/grammar.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lagebild::extract {
namespace {

constexpr std::array<std::string_view, 5> kEndings = {"e", "en", "er", "es", "em"};
constexpr size_t kMaxWordBytes = 48;
// Shorter ones are abbreviations ("MEZ", "KW").
constexpr size_t kMinCapitalsBytes = 4;

// Writes the word with its first letter in lower case to `buffer`; false when it has none to lower.
bool LowerFirst(std::string_view word, std::array<char, kMaxWordBytes>& buffer) {
  if (word.empty() || word.size() > buffer.size()) return false;
  const auto first = static_cast<unsigned char>(word[0]);
  const bool letter = first >= 'A' && first <= 'Z';
  if (!letter && first != 0xC3) return false;
  std::copy(word.begin(), word.end(), buffer.begin());
  if (letter) {
    buffer[0] = static_cast<char>(first | 0x20);
    return true;
  }
  // Ä Ö Ü and the other Latin-1 capitals.
  const auto second = static_cast<unsigned char>(word.size() > 1 ? word[1] : 0);
  if (second >= 0x80 && second <= 0x9E && second != 0x97) {
    buffer[1] = static_cast<char>(second | 0x20);
    return true;
  }
  return false;
}

// Writes an all-capital word to `buffer` with all letters but the first in lower case; false when a
// letter of it is none of Latin-1's capitals.
bool LowerRest(std::string_view word, std::array<char, kMaxWordBytes>& buffer) {
  if (word.size() < kMinCapitalsBytes || word.size() > buffer.size()) return false;
  if (word.back() >= 'a' && word.back() <= 'z') return false;
  std::copy(word.begin(), word.end(), buffer.begin());
  for (size_t i = 0; i < word.size(); ++i) {
    const auto byte = static_cast<unsigned char>(word[i]);
    size_t length = 1;
    if (byte == 0xC3 && i + 1 < word.size()) {
      const auto second = static_cast<unsigned char>(word[i + 1]);
      if (second < 0x80 || second > 0x9E) return false;
      if (i > 0) buffer[i + 1] = static_cast<char>(second | 0x20);
      length = 2;
    } else if (byte >= 'A' && byte <= 'Z') {
      if (i > 0) buffer[i] = static_cast<char>(byte | 0x20);
    } else {
      return false;
    }
    i += length - 1;
  }
  return true;
}

std::string Lower(std::string_view word) {
  std::array<char, kMaxWordBytes> buffer;
  if (!LowerFirst(word, buffer)) return std::string(word);
  return std::string(buffer.data(), word.size());
}

std::optional<TimeType> TypeNamed(std::string_view name) {
  if (name == "DATE") return TimeType::kDate;
  if (name == "TIME") return TimeType::kTime;
  if (name == "DURATION") return TimeType::kDuration;
  if (name == "SET") return TimeType::kSet;
  if (name == "NONE") return TimeType::kUnspecified;
  return std::nullopt;
}

std::vector<std::string> Split(std::string_view text) {
  return absl::StrSplit(absl::string_view(text.data(), text.size()), ' ', absl::SkipEmpty());
}

}  // namespace

absl::StatusOr<std::unique_ptr<const TimeGrammar>> TimeGrammar::Create(
    const std::vector<TimeWords>& words, const std::vector<TimeRule>& rules) {
  auto grammar = std::make_unique<TimeGrammar>();
  for (const TimeWords& row : words) grammar->AddWords(row);
  grammar->AddCompounds(words);
  for (const TimeRule& row : rules) {
    const auto malformed = [&](std::string_view why) {
      return absl::InvalidArgumentError(
          absl::StrCat("times: rule \"", row.id, "\": ", std::string(why)));
    };
    Rule rule;
    rule.id = row.id;
    const auto type = TypeNamed(row.type);
    if (!type.has_value()) return malformed("unknown type");
    rule.type = *type;
    rule.takes_away = *type == TimeType::kUnspecified;
    rule.only_of_people = row.value == "ages";
    rule.arguments = Split(row.value);
    if (rule.arguments.empty()) return malformed("no value");
    rule.value = FindValueFunction(rule.arguments[0]);
    if (rule.value == nullptr) return malformed("unknown value function");
    rule.arguments.erase(rule.arguments.begin());
    const absl::Status status =
        grammar->patterns_.Add(static_cast<int32_t>(grammar->rules_.size()), row.pattern);
    if (!status.ok()) return malformed(std::string(status.message()));
    grammar->rules_.push_back(std::move(rule));
  }
  for (const auto& [literal, symbol] : grammar->patterns_.literals()) {
    grammar->AddForm(literal, {symbol, -1});
  }
  return std::unique_ptr<const TimeGrammar>(std::move(grammar));
}

void TimeGrammar::AddForm(const std::string& form, Membership membership) {
  filter_.set(FilterBit(form));
  words_[form].push_back(membership);
}

void TimeGrammar::AddWords(const TimeWords& row) {
  const Symbol symbol = patterns_.Intern(row.word_class);
  const int32_t value = AddValue(row.value);
  for (std::string& form : Split(row.forms)) {
    if (symbol == symbols_.numbered) {
      // Compounds have it as well; IsNumbered() finds them all.
      numbered_.push_back(form.substr(1));
      continue;
    }
    const char mark = form.back();
    if (mark == '+' || mark == '~') form.pop_back();
    if (mark == '+' || mark == '~') AddInflected(form, {symbol, value});
    if (mark != '~') AddForm(form, {symbol, value});
  }
}

// The words that German makes of the words in the lists: numbers ("einundzwanzig"), ordinals
// ("dreizehnte"), spans ("zweitägig"), parts of a day ("Montagabend").
void TimeGrammar::AddCompounds(const std::vector<TimeWords>& words) {
  struct Head {
    std::string form;
    std::string value;
  };
  std::vector<Head> numbers;  // What may stand before "-tägig".
  std::vector<Head> units;
  std::vector<Head> tens;
  for (const TimeWords& row : words) {
    const std::string form = Split(row.forms)[0];
    if (row.word_class == "ONE") numbers.push_back({form, row.value});
    if (row.word_class != "NUM") continue;
    numbers.push_back({form, row.value});
    if (row.value.size() == 1) units.push_back({form, row.value});
    if (row.value.size() == 2 && row.value[1] == '0' && row.value != "10") {
      tens.push_back({form, row.value});
    }
  }
  units.push_back({"ein", "1"});
  std::vector<Head> ordinals;
  for (const Head& number : numbers) {
    if (number.value.size() == 2 && number.value[0] == '1' && number.value[1] > '2') {
      ordinals.push_back({number.form + "t", number.value});
    }
  }
  for (const Head& ten : tens) {
    ordinals.push_back({ten.form + "st", ten.value});
    for (const Head& unit : units) {
      const Head both = {absl::StrCat(unit.form, "und", ten.form),
                         absl::StrCat(ten.value.substr(0, 1), unit.value)};
      AddForm(both.form, {symbols_.num, AddValue(both.value)});
      ordinals.push_back({both.form + "st", both.value});
      numbers.push_back(both);
    }
  }
  for (const Head& ordinal : ordinals) {
    AddInflected(ordinal.form, {symbols_.ord, AddValue(ordinal.value)});
  }
  for (const TimeWords& tail : words) {
    if (tail.word_class != "SPANTAIL") continue;
    std::string stem = Split(tail.forms)[0];
    stem.pop_back();
    for (const Head& number : numbers) {
      AddInflected(number.form + stem,
                   {SpanSymbol(tail.value), AddValue(absl::StrCat(number.value, ":", tail.value))});
    }
  }
  for (const TimeWords& head : words) {
    if (head.word_class != "WD") continue;
    for (const TimeWords& tail : words) {
      if (tail.word_class != "PART" && tail.word_class != "OLDPART") continue;
      const int32_t value = AddValue(absl::StrCat(head.value, ":", tail.value));
      for (const std::string& first : Split(head.forms)) {
        for (const std::string& second : Split(tail.forms)) {
          if (second == Lower(second) && tail.word_class == "PART") continue;
          AddForm(first + Lower(second), {symbols_.weekday_part, value});
        }
      }
    }
  }
}

bool TimeGrammar::IsNumbered(std::string_view word) const {
  return std::any_of(numbered_.begin(), numbered_.end(), [&](const std::string& tail) {
    return word.size() > tail.size() && word.ends_with(tail);
  });
}

Symbol TimeGrammar::SpanSymbol(std::string_view unit) const {
  return unit == "Y" ? symbols_.number_years : symbols_.number_span;
}

int32_t TimeGrammar::AddValue(std::string value) {
  values_.push_back(std::move(value));
  return static_cast<int32_t>(values_.size()) - 1;
}

void TimeGrammar::AddInflected(const std::string& stem, Membership membership) {
  for (const std::string_view ending : kEndings) {
    AddForm(absl::StrCat(stem, std::string(ending)), membership);
  }
}

std::span<const Membership> TimeGrammar::Find(std::string_view word) const {
  if (word.empty() || word.size() > kMaxWordBytes) return {};
  auto found = LookUp(word);
  std::array<char, kMaxWordBytes> buffer;
  if (found.empty() && LowerFirst(word, buffer)) {
    found = LookUp({buffer.data(), word.size()});
    if (found.empty() && LowerRest(word, buffer)) {
      found = LookUp({buffer.data(), word.size()});
      if (found.empty()) found = FindLowerCase({buffer.data(), word.size()});
    }
  }
  return found;
}

std::span<const Membership> TimeGrammar::FindLowerCase(std::string_view word) const {
  std::array<char, kMaxWordBytes> buffer;
  if (!LowerFirst(word, buffer)) return {};
  return LookUp({buffer.data(), word.size()});
}

std::span<const Membership> TimeGrammar::LookUp(std::string_view form) const {
  if (!filter_.test(FilterBit(form))) return {};
  const auto found = words_.find(form);
  if (found == words_.end()) return {};
  return found->second;
}

}  // namespace lagebild::extract
