#include "extract_service/phrases/words.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"

namespace lagebild::extract {
namespace {

constexpr std::string_view kApostrophe = "\xe2\x80\x99";

/// Changes the case of one two-byte code point between U+00C0 and U+017F in place.
void LowerLatin(char& lead, char& trail) {
  const auto first = static_cast<unsigned char>(lead);
  const auto second = static_cast<unsigned char>(trail);
  if (first == 0xc3 && second >= 0x80 && second <= 0x9e && second != 0x97) {
    trail = static_cast<char>(second + 0x20);
    return;
  }
  if (first != 0xc4 && first != 0xc5) return;
  const unsigned code = ((first & 0x1fu) << 6) | (second & 0x3fu);
  // Latin Extended-A pairs upper and lower case; the parity turns around twice.
  const bool odd_upper = (code >= 0x139 && code <= 0x148) || code >= 0x179;
  if (code == 0x130 || code == 0x131 || code == 0x138 || code == 0x149 || code == 0x178 ||
      code == 0x17f) {
    return;
  }
  if ((code % 2 == 1) != odd_upper) return;
  const unsigned lower = code + 1;
  lead = static_cast<char>(0xc0u | (lower >> 6));
  trail = static_cast<char>(0x80u | (lower & 0x3fu));
}

}  // namespace

std::string LowerCase(std::string_view word) {
  std::string lower(word);
  for (size_t i = 0; i < lower.size(); ++i) {
    if (lower[i] >= 'A' && lower[i] <= 'Z') {
      lower[i] = static_cast<char>(lower[i] + ('a' - 'A'));
    } else if (i + 1 < lower.size() && (static_cast<unsigned char>(lower[i]) & 0xe0u) == 0xc0u) {
      LowerLatin(lower[i], lower[i + 1]);
      ++i;
    }
  }
  return lower;
}

std::string UpperFirst(std::string_view word) {
  std::string upper(word);
  if (upper.empty()) return upper;
  if (upper[0] >= 'a' && upper[0] <= 'z') {
    upper[0] = static_cast<char>(upper[0] - ('a' - 'A'));
  } else if (upper.size() > 1 && upper[0] == '\xc3' &&
             static_cast<unsigned char>(upper[1]) >= 0xa0 && upper[1] != '\xb7') {
    upper[1] = static_cast<char>(static_cast<unsigned char>(upper[1]) - 0x20);
  }
  return upper;
}

size_t GenitiveStem(std::string_view word) {
  if (word.size() < 3) return word.size();
  if (word.ends_with("'")) return word.size() - 1;
  if (word.ends_with(kApostrophe)) return word.size() - kApostrophe.size();
  if (word.ends_with("'s")) return word.size() - 2;
  if (word.ends_with("\xe2\x80\x99s")) return word.size() - 4;
  if (word.ends_with("s") && !word.ends_with("ss")) return word.size() - 1;
  return word.size();
}

std::string_view AdjectiveStem(std::string_view word) {
  constexpr std::array<std::string_view, 5> kEndings = {"en", "er", "es", "em", "e"};
  constexpr size_t kShortest = 3;
  for (const std::string_view ending : kEndings) {
    if (word.size() >= ending.size() + kShortest && word.ends_with(ending)) {
      return word.substr(0, word.size() - ending.size());
    }
  }
  return word;
}

bool IsUpperCase(std::string_view word) {
  size_t letters = 0;
  for (size_t i = 0; i < word.size(); ++i, ++letters) {
    if (absl::ascii_isupper(static_cast<unsigned char>(word[i]))) continue;
    // "Ä", "Ö", "Ü".
    const bool latin =
        i + 1 < word.size() && word[i] == '\xc3' && static_cast<unsigned char>(word[i + 1]) < 0x9f;
    if (!latin) return false;
    ++i;
  }
  return letters > 1;
}

bool IsTruncated(std::string_view word) { return word.size() > 1 && word.ends_with("-"); }

}  // namespace lagebild::extract
