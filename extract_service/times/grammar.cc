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

constexpr std::array<std::string_view, 6> kEndings = {"", "e", "en", "er", "es", "em"};
constexpr size_t kMaxWordBytes = 48;

// Writes the word with its first letter in lower case to `buffer`; false when it has none to lower.
bool LowerFirst(std::string_view word, std::array<char, kMaxWordBytes>& buffer) {
  if (word.empty() || word.size() > buffer.size()) return false;
  std::copy(word.begin(), word.end(), buffer.begin());
  const auto first = static_cast<unsigned char>(word[0]);
  if (first >= 'A' && first <= 'Z') {
    buffer[0] = static_cast<char>(first | 0x20);
    return true;
  }
  // Ä Ö Ü and the other Latin-1 capitals.
  const auto second = static_cast<unsigned char>(word.size() > 1 ? word[1] : 0);
  if (first == 0xC3 && second >= 0x80 && second <= 0x9E && second != 0x97) {
    buffer[1] = static_cast<char>(second | 0x20);
    return true;
  }
  return false;
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

void TimeGrammar::AddForm(std::string form, Membership membership) {
  words_[std::move(form)].push_back(membership);
}

void TimeGrammar::AddWords(const TimeWords& row) {
  const Symbol symbol = patterns_.Intern(row.word_class);
  const auto value = static_cast<int32_t>(values_.size());
  values_.push_back(row.value);
  for (std::string& form : Split(row.forms)) {
    if (form.back() != '+') {
      AddForm(std::move(form), {symbol, value});
      continue;
    }
    form.pop_back();
    for (const std::string_view ending : kEndings) {
      AddForm(absl::StrCat(form, std::string(ending)), {symbol, value});
    }
  }
}

// "Montagabend" of every weekday and part of day, "einundzwanzig" of every unit and ten.
void TimeGrammar::AddCompounds(const std::vector<TimeWords>& words) {
  // "zweitägig" of every number; the tails by themselves serve numbers in digits ("30-tägig").
  for (const TimeWords& tail : words) {
    if (tail.word_class != "SPANTAIL") continue;
    for (const TimeWords& head : words) {
      const bool one = head.word_class == "ONE";
      if (head.word_class != "NUM" && !one) continue;
      const auto value = static_cast<int32_t>(values_.size());
      values_.push_back(absl::StrCat(head.value, ":", tail.value));
      std::string stem = Split(tail.forms)[0];
      stem.pop_back();
      for (const std::string_view ending : kEndings) {
        AddForm(absl::StrCat(Split(head.forms)[0], stem, std::string(ending)),
                {symbols_.number_span, value});
      }
    }
  }
  for (const TimeWords& head : words) {
    const bool weekday = head.word_class == "WD";
    const bool unit = head.word_class == "NUM" && head.value.size() == 1;
    if (!weekday && !unit) continue;
    const std::vector<std::string> heads = Split(head.forms);
    for (const TimeWords& tail : words) {
      if (weekday && (tail.word_class == "PART" || tail.word_class == "OLDPART")) {
        const auto value = static_cast<int32_t>(values_.size());
        values_.push_back(absl::StrCat(head.value, ":", tail.value));
        for (const std::string& first : heads) {
          for (const std::string& second : Split(tail.forms)) {
            if (second == Lower(second) && tail.word_class == "PART") continue;
            AddForm(first + Lower(second), {symbols_.weekday_part, value});
          }
        }
      }
      const bool ten = unit && tail.word_class == "NUM" && tail.value.size() == 2 &&
                       tail.value[1] == '0' && tail.value != "10";
      if (ten) {
        const auto value = static_cast<int32_t>(values_.size());
        values_.push_back(absl::StrCat(tail.value.substr(0, 1), head.value));
        AddForm(absl::StrCat(heads[0], "und", Split(tail.forms)[0]), {symbols_.num, value});
      }
    }
  }
}

std::span<const Membership> TimeGrammar::Find(std::string_view word) const {
  if (word.size() > kMaxWordBytes) return {};
  auto found = words_.find(absl::string_view(word.data(), word.size()));
  if (found == words_.end()) {
    std::array<char, kMaxWordBytes> buffer;
    if (!LowerFirst(word, buffer)) return {};
    found = words_.find(absl::string_view(buffer.data(), word.size()));
    if (found == words_.end()) return {};
  }
  return found->second;
}

}  // namespace lagebild::extract
