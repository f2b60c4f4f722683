#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_SHAPE_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

/// Letters of German words in UTF-8, without a look into Unicode tables: ASCII and the letters of
/// Latin-1 and Latin Extended-A that two bytes hold.
namespace lagebild::extract::word_shape {

/// Words longer than this are no words; functions here look at no more of them.
inline constexpr size_t kMaxWordBytes = 96;

/// Length in bytes of the sequence that begins with this byte.
constexpr size_t SequenceSize(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/// Whether the word begins with an upper-case letter (A-Z, Latin-1, Latin Extended-A).
constexpr bool StartsUpper(std::string_view word) {
  if (word.empty()) return false;
  const auto first = static_cast<unsigned char>(word[0]);
  if (first < 0x80) return first >= 'A' && first <= 'Z';
  if (word.size() < 2) return false;
  const auto second = static_cast<unsigned char>(word[1]);
  if (first == 0xc3) return second >= 0x80 && second <= 0x9e && second != 0x97;
  if (first == 0xc4) return second < 0xb8 ? second % 2 == 0 : second % 2 == 1;
  if (first == 0xc5) return (second >= 0x8a && second <= 0xb7) ? second % 2 == 0 : second % 2 == 1;
  return false;
}

/// Whether the word begins with a lower-case letter of the same ranges.
constexpr bool StartsLower(std::string_view word) {
  if (word.empty()) return false;
  const auto first = static_cast<unsigned char>(word[0]);
  if (first < 0x80) return first >= 'a' && first <= 'z';
  if (word.size() < 2 || first < 0xc3 || first > 0xc5) return false;
  const auto second = static_cast<unsigned char>(word[1]);
  if (first == 0xc3) return second >= 0x9f && second != 0xb7;
  return !StartsUpper(word);
}

/// A copy of a word with its first letter in the other case, held on the stack.
class Recased {
 public:
  static Recased Upper(std::string_view word) { return Recased(word, true); }
  static Recased Lower(std::string_view word) { return Recased(word, false); }

  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  Recased(std::string_view word, bool upper) {
    size_ = word.size() < bytes_.size() ? word.size() : bytes_.size();
    std::memcpy(bytes_.data(), word.data(), size_);
    if (upper ? !StartsLower(word) : !StartsUpper(word)) return;
    const auto first = static_cast<unsigned char>(word[0]);
    if (first < 0x80) {
      bytes_[0] = static_cast<char>(first ^ 0x20);
    } else if (first == 0xc3 && static_cast<unsigned char>(word[1]) != 0x9f) {
      bytes_[1] = static_cast<char>(static_cast<unsigned char>(word[1]) ^ 0x20);
    } else if (first != 0xc3) {
      bytes_[1] = static_cast<char>(static_cast<unsigned char>(word[1]) + (upper ? -1 : 1));
    }
  }

  std::array<char, kMaxWordBytes> bytes_;
  size_t size_ = 0;
};

/// Calls `found(suffix)` for the proper suffixes of a word with at least four letters behind at
/// least two others, longest first and each with its first letter capitalised, until it returns
/// true. The suffix is a view that lives as long as the call.
template <typename Found>
void ForEachSuffix(std::string_view word, const Found& found) {
  constexpr size_t kMinBytes = 4;
  if (word.size() > kMaxWordBytes) return;
  for (size_t letters = 0, at = 0; at + kMinBytes <= word.size(); ++letters) {
    if (letters >= 2) {
      const std::string_view suffix = word.substr(at);
      if (StartsLower(suffix) || StartsUpper(suffix)) {
        size_t count = 0;
        for (const char c : suffix) count += (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
        if (count < 4) return;
        if (found(Recased::Upper(suffix).text())) return;
      }
    }
    at += SequenceSize(word[at]);
  }
}

}  // namespace lagebild::extract::word_shape

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_WORD_SHAPE_H_
