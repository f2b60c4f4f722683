#include "extract_service/names/name_abbreviations.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "extract_service/names/name_model.h"

namespace lagebild::extract {
namespace {

constexpr size_t kShortest = 2, kLongest = 8;  // Bytes of an abbreviation.
constexpr int32_t kMostWords = 8;              // Of what it is made of.

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
}

// Whether the letters stand in a text in their order, the first at its beginning. Both in lower
// case, as far as it is ASCII.
bool IsMadeOf(std::string_view letters, std::string_view text) {
  if (letters.empty() || text.empty() || letters.front() != text.front()) return false;
  size_t at = 0;
  for (const char letter : letters) {
    at = text.find(letter, at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  return true;
}

bool IsBody(const AnnotatedDocument& document, const Lexicon& lexicon,
            const std::vector<uint8_t>& labels, int32_t token) {
  const auto index = static_cast<size_t>(token);
  const Morphology morphology = document.tokens[index].morphology;
  // "den Jagdgeschwadern (JG)": a kind of body.
  if (morphology.Has(Morphology::kPlural) && !morphology.Has(Morphology::kSingular)) return false;
  if (labels[index] == kBeginOrganization || labels[index] == kInsideOrganization ||
      document.tokens[index].classes.Has(WordClass::kOrganizationNoun)) {
    return true;
  }
  if (document.tokens[index].pos != Pos::kNoun) return false;
  const auto part = lexicon.FindHead(document.TokenText(token));
  return part && part->entry.classes.Has(WordClass::kOrganizationNoun);
}

// Whether the words before a bracket name a body that the letters are made of.
bool AbbreviatesBefore(const AnnotatedDocument& document, const Lexicon& lexicon,
                       const std::vector<uint8_t>& labels, int32_t bracket,
                       std::string_view letters) {
  const std::vector<Token>& tokens = document.tokens;
  bool body = false;
  for (int32_t t = bracket - 1; t >= std::max(0, bracket - kMostWords); --t) {
    const Token& token = tokens[static_cast<size_t>(t)];
    if (token.kind != TokenKind::kWord ||
        token.sentence != tokens[static_cast<size_t>(bracket)].sentence ||
        token.pos == Pos::kVerb || token.pos == Pos::kAuxiliary) {
      return false;
    }
    body = body || IsBody(document, lexicon, labels, t);
    const std::string_view words = document.TextOf(document.SpanOf(TokenRange{t, bracket}));
    if (body && token.capitalized && IsMadeOf(letters, Lower(words))) return true;
  }
  return false;
}

}  // namespace

std::vector<int32_t> LabelAbbreviations(const AnnotatedDocument& document, const Lexicon& lexicon,
                                        std::vector<uint8_t>& labels) {
  std::vector<int32_t> labelled;
  const auto count = static_cast<int32_t>(document.tokens.size());
  for (int32_t t = 2; t + 1 < count; ++t) {
    if (document.TokenText(t - 1) != "(" || document.TokenText(t + 1) != ")") continue;
    const Token& token = document.tokens[static_cast<size_t>(t)];
    const std::string_view text = document.TokenText(t);
    if (labels[static_cast<size_t>(t)] != kOutsideName || token.kind != TokenKind::kWord ||
        !token.capitalized || text.size() < kShortest || text.size() > kLongest) {
      continue;
    }
    if (AbbreviatesBefore(document, lexicon, labels, t - 1, Lower(text))) {
      labels[static_cast<size_t>(t)] = kBeginOrganization;
      labelled.push_back(t);
    }
  }
  return labelled;
}

}  // namespace lagebild::extract
