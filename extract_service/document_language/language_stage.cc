#include "extract_service/document_language/language_stage.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"

namespace lagebild::extract {
namespace {

constexpr int kMaxWords = 3000;
// After every so many words one language may be so far ahead that no more are needed.
constexpr int kWordsBetweenChecks = 100;
constexpr double kSureShare = 0.2;   // Of the words seen,
constexpr double kSureFactor = 4.0;  // and of the second best language.
constexpr size_t kMaxWordBytes = 64;
constexpr double kDictionaryWeight = 0.35;  // Of a form the dictionary has, beside a function word.
constexpr double kLetterWeight = 0.3;       // Of a word with ß, ä, ö or ü.
constexpr double kEnough = 0.6;             // Below it a text is too short to tell.

bool IsLatin(UChar32 c) { return c < 0x250 || (c >= 0x1E00 && c < 0x1F00); }

// Lower-cases ASCII and the Latin-1 letters; other letters do not occur in the lists' capitals.
void AppendLower(UChar32 c, std::string& word) {
  c = u_tolower(c);
  std::array<uint8_t, 4> bytes;
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes.data(), length, c);
  word.append(reinterpret_cast<const char*>(bytes.data()), static_cast<size_t>(length));
}

using Scores = std::array<double, 32>;

bool IsSure(Scores scores, int words) {
  std::nth_element(scores.begin(), scores.begin() + 1, scores.end(), std::greater<>());
  return scores[0] > kSureShare * words && scores[0] > kSureFactor * scores[1];
}

}  // namespace

absl::StatusOr<LanguageGuesser> LanguageGuesser::Create(
    const std::vector<std::pair<std::string, std::string>>& function_words,
    IsGermanForm is_german_form) {
  LanguageGuesser guesser;
  guesser.is_german_form_ = std::move(is_german_form);
  guesser.languages_.push_back("de");
  for (const auto& [language, words] : function_words) {
    size_t number = static_cast<size_t>(
        std::find(guesser.languages_.begin(), guesser.languages_.end(), language) -
        guesser.languages_.begin());
    if (number == guesser.languages_.size()) guesser.languages_.push_back(language);
    if (number >= 32) return absl::InvalidArgumentError("function_words: too many languages");
    for (const absl::string_view word : absl::StrSplit(words, ' ', absl::SkipEmpty())) {
      guesser.words_[std::string(word)] |= 1u << number;
    }
  }
  const bool has_german =
      std::any_of(function_words.begin(), function_words.end(),
                  [](const auto& row) { return row.first == "de" && !row.second.empty(); });
  if (!has_german) return absl::InvalidArgumentError("function_words: no words of German");
  return guesser;
}

std::string LanguageGuesser::Guess(std::string_view text) const {
  Scores scores{};
  int words = 0;
  int64_t latin = 0;
  int64_t foreign = 0;
  std::string written;
  std::string lower;
  bool umlaut = false;
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at <= size && words < kMaxWords;) {
    UChar32 c = ' ';
    const int32_t begin = at;
    if (at < size) {
      U8_NEXT(text.data(), at, size, c);
    } else {
      ++at;
    }
    if (c > 0 && (u_isalpha(c) || (c == '\'' && !lower.empty()))) {
      if (u_isalpha(c)) ++(IsLatin(c) ? latin : foreign);
      if (c == 0xDF || c == 0xE4 || c == 0xF6 || c == 0xFC || c == 0xC4 || c == 0xDC) umlaut = true;
      if (lower.size() < kMaxWordBytes) {
        AppendLower(c, lower);
        written.append(text.substr(static_cast<size_t>(begin), static_cast<size_t>(at - begin)));
      }
      continue;
    }
    if (lower.empty()) continue;
    if (++words % kWordsBetweenChecks == 0 && foreign <= latin && IsSure(scores, words)) break;
    const auto found = words_.find(lower);
    if (found != words_.end()) {
      const double share = 1.0 / std::popcount(found->second);
      for (uint32_t bits = found->second; bits != 0; bits &= bits - 1) {
        scores[static_cast<size_t>(std::countr_zero(bits))] += share;
      }
    } else {
      if (lower.size() > 3 && (is_german_form_(written) || is_german_form_(lower))) {
        scores[0] += kDictionaryWeight;
      }
      if (umlaut) scores[0] += kLetterWeight;
    }
    lower.clear();
    written.clear();
    umlaut = false;
  }
  if (foreign > latin) return "und";
  const size_t best = static_cast<size_t>(
      std::max_element(scores.begin(), scores.begin() + static_cast<long>(languages_.size())) -
      scores.begin());
  if (scores[best] < kEnough || scores[best] < 0.04 * words) return "und";
  return languages_[best];
}

absl::StatusOr<LanguageStage> LanguageStage::Create(const Lexicon& lexicon) {
  const LexiconTable& table = lexicon.Table("function_words");
  std::vector<std::pair<std::string, std::string>> rows;
  for (size_t row = 0; row < table.size(); ++row) {
    rows.emplace_back(table.Cell(row, "language"), table.Cell(row, "words"));
  }
  auto guesser = LanguageGuesser::Create(rows, [&lexicon](std::string_view form) {
    const auto entry = lexicon.Find(form);
    return entry.has_value() && !entry->analyses.empty();
  });
  if (!guesser.ok()) return guesser.status();
  return LanguageStage(*std::move(guesser));
}

void LanguageStage::Annotate(AnnotatedDocument& document) const {
  document.language = guesser_.Guess(document.text());
}

}  // namespace lagebild::extract
