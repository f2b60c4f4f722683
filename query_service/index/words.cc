#include "query_service/index/words.h"

#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <memory>

#include "common/hash/hash.h"

namespace lagebild::query {
namespace {

constexpr size_t kMaxWordCodePoints = 64;
constexpr size_t kMaxCollatedBytes = 512;

icu::UnicodeString FoldToUtf16(std::string_view text) {
  icu::UnicodeString folded =
      icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_SUCCESS(error)) {
    folded.foldCase(U_FOLD_CASE_DEFAULT);
    if (!nfc->isNormalized(folded, error) || U_FAILURE(error)) {
      error = U_ZERO_ERROR;
      folded = nfc->normalize(folded, error);
    }
  } else {
    folded.foldCase(U_FOLD_CASE_DEFAULT);
  }
  return folded;
}

bool IsWordCharacter(UChar32 c) {
  return u_isalnum(c) || (U_GET_GC_MASK(c) & (U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

// ASCII letters and digits, folded; 0 for the rest.
constexpr std::array<char, 0x80> kFoldedAscii = [] {
  std::array<char, 0x80> folded = {};
  for (size_t c = 0; c < folded.size(); ++c) {
    const auto character = static_cast<char>(c);
    if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9')) {
      folded[c] = character;
    } else if (character >= 'A' && character <= 'Z') {
      folded[c] = static_cast<char>(character + 32);
    }
  }
  return folded;
}();

// What the letters of German and its neighbours (U+00C0 to U+00FF) and the marks around them do to
// words, without a detour by UTF-16: composed and folded they are one or two letters.
struct KnownCharacter {
  size_t bytes = 0;        // 0: none of those known here.
  size_t folded_size = 0;  // Bytes of `folded`; 0: none of a word.
  std::array<char, 2> folded = {};
};
KnownCharacter KnownAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(at);
  if (first < 0x80) {
    const char folded = kFoldedAscii[first];
    return {.bytes = 1, .folded_size = folded != 0 ? size_t{1} : size_t{0}, .folded = {folded}};
  }
  const unsigned second = byte(at + 1);
  if (first == 0xc3 && second >= 0x80 && second <= 0xbf) {
    if (second == 0x97 || second == 0xb7) return {.bytes = 2};  // Times and division.
    if (second == 0x9f) {                                       // Sharp s.
      return {.bytes = 2, .folded_size = 2, .folded = {'s', 's'}};
    }
    return {.bytes = 2,
            .folded_size = 2,
            .folded = {static_cast<char>(first),
                       static_cast<char>(second < 0xa0 ? second + 0x20 : second)}};
  }
  const unsigned third = byte(at + 2);
  // Dashes, quotation marks and spaces (U+2010 to U+203E), the euro sign.
  if (first == 0xe2 &&
      ((second == 0x80 && third >= 0x90 && third <= 0xbe) || (second == 0x82 && third == 0xac))) {
    return {.bytes = 3};
  }
  // Angled quotation marks, section sign, no-break space.
  if (first == 0xc2 && (second == 0xab || second == 0xbb || second == 0xa7 || second == 0xa0)) {
    return {.bytes = 2};
  }
  return {};
}

// Whether KnownAt() knows all of a text.
bool IsKnown(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const size_t bytes = KnownAt(text, at).bytes;
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

// The first 64 code points of a folded word.
size_t CutSize(std::string_view word) {
  if (word.size() <= kMaxWordCodePoints) return word.size();
  size_t code_points = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(word[i]) & 0xc0) != 0x80;
    if (begins && ++code_points > kMaxWordCodePoints) return i;
  }
  return word.size();
}

// Calls back with every word of a text that holds other letters than those of KnownAt(), and
// whether a `*` stands behind it.
template <class Visit>
void ForEachUnknownWord(std::string_view text, const Visit& visit) {
  std::string word;
  const icu::UnicodeString folded = FoldToUtf16(text);
  icu::UnicodeString utf16;
  size_t length = 0;
  for (int32_t i = 0; i <= folded.length();) {
    const UChar32 c = i < folded.length() ? folded.char32At(i) : 0;
    if (c != 0 && IsWordCharacter(c)) {
      if (length < kMaxWordCodePoints) {
        utf16.append(c);
        ++length;
      }
    } else if (length > 0) {
      word.clear();
      utf16.toUTF8String(word);
      visit(std::string_view(word), c == '*');
      utf16.remove();
      length = 0;
    }
    i += i < folded.length() ? U16_LENGTH(c) : 1;
  }
}

// Calls back with every word and whether a `*` stands behind it.
template <class Visit>
void ForEachWord(std::string_view text, const Visit& visit) {
  const TextWords words(text);
  if (!words.known()) {
    ForEachUnknownWord(text, visit);
    return;
  }
  for (size_t i = 0; i < words.size(); ++i) {
    const size_t end = words.end(i);
    visit(words.word(i), end < text.size() && text[end] == '*');
  }
}

// The collator is immutable once made; ICU's const operations on it are thread-safe.
const icu::Collator* GermanCollator() {
  static const icu::Collator* const collator = [] {
    UErrorCode error = U_ZERO_ERROR;
    icu::Collator* made = icu::Collator::createInstance(icu::Locale("de", "DE"), error);
    return U_SUCCESS(error) ? made : nullptr;
  }();
  return collator;
}

}  // namespace

std::string FoldCase(std::string_view text) {
  std::string folded;
  if (IsKnown(text)) {
    for (size_t at = 0; at < text.size();) {
      const KnownCharacter known = KnownAt(text, at);
      folded.append(known.folded_size != 0
                        ? std::string_view(known.folded.data(), known.folded_size)
                        : text.substr(at, known.bytes));
      at += known.bytes;
    }
    return folded;
  }
  FoldToUtf16(text).toUTF8String(folded);
  return folded;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  ForEachWord(text, [&](std::string_view word, bool) { words.emplace_back(word); });
  return words;
}

void VisitWords(std::string_view text, absl::FunctionRef<void(std::string_view word)> visit) {
  ForEachWord(text, [&](std::string_view word, bool) { visit(word); });
}

TextWords::TextWords(std::string_view text) {
  // Folded letters are no longer than they were. Every byte is written, and a word begun, whether
  // it counts or not: that costs less than to foresee where words begin and end.
  folded_.resize(text.size() + 2);
  words_.resize(text.size() / 2 + 2);
  Word* next = words_.data();
  char* const letters = folded_.data();
  Word word;
  uint32_t size = 0;
  bool within = false;
  const auto step = [&](uint32_t at, bool in_word) {
    word.end = at;
    word.folded_size = size - word.folded_begin;
    *next = word;
    next += within && !in_word ? 1 : 0;
    word.begin = within ? word.begin : at;
    word.folded_begin = within ? word.folded_begin : size;
    within = in_word;
  };
  const auto bytes = static_cast<uint32_t>(text.size());
  for (uint32_t at = 0; at < bytes;) {
    if (const auto byte = static_cast<unsigned char>(text[at]); byte < 0x80) {
      const char folded = kFoldedAscii[byte];
      step(at, folded != 0);
      letters[size] = folded;
      size += folded != 0 ? 1 : 0;
      ++at;
      continue;
    }
    const KnownCharacter character = KnownAt(text, at);
    if (character.bytes == 0) {
      known_ = false;
      words_.clear();
      return;
    }
    step(at, character.folded_size != 0);
    for (size_t i = 0; i < character.folded_size; ++i) letters[size++] = character.folded[i];
    at += static_cast<uint32_t>(character.bytes);
  }
  step(bytes, false);
  words_.resize(static_cast<size_t>(next - words_.data()));
  for (Word& one : words_) {
    one.folded_size = static_cast<uint32_t>(
        CutSize(std::string_view(folded_).substr(one.folded_begin, one.folded_size)));
  }
}

size_t TextWords::FirstEndingBehind(size_t offset) const {
  return static_cast<size_t>(
      std::partition_point(words_.begin(), words_.end(),
                           [&](const Word& word) { return word.end <= offset; }) -
      words_.begin());
}

std::optional<TextWords::Range> TextWords::Between(size_t begin, size_t end) const {
  if (!known_) return std::nullopt;
  const Range range = {.first = FirstEndingBehind(begin), .last = FirstEndingBehind(end)};
  const auto is_cut = [&](size_t word, size_t offset) {
    return word < words_.size() && words_[word].begin < offset;
  };
  if (is_cut(range.first, begin) || is_cut(range.last, end)) return std::nullopt;
  return range;
}

std::vector<QueryWord> QueryWordsOf(std::string_view text) {
  std::vector<QueryWord> words;
  ForEachWord(text, [&](std::string_view word, bool star) {
    words.push_back({std::string(word), star});
  });
  return words;
}

std::string CollationKey(std::string_view name) {
  name = name.substr(0, kMaxCollatedBytes);
  const icu::Collator* collator = GermanCollator();
  if (collator == nullptr) return FoldCase(name);
  const icu::UnicodeString text =
      icu::UnicodeString::fromUTF8({name.data(), static_cast<int32_t>(name.size())});
  std::string key(256, '\0');
  int32_t length = collator->getSortKey(text, reinterpret_cast<uint8_t*>(key.data()),
                                        static_cast<int32_t>(key.size()));
  if (length > static_cast<int32_t>(key.size())) {
    key.resize(static_cast<size_t>(length));
    length = collator->getSortKey(text, reinterpret_cast<uint8_t*>(key.data()), length);
  }
  key.resize(length > 0 ? static_cast<size_t>(length - 1) : 0);  // Without the final NUL.
  return key;
}

uint64_t ActorKey(std::string_view name, int type) {
  const uint64_t hash = Hash64(FoldCase(name), static_cast<uint64_t>(type));
  return hash == 0 ? 1 : hash;
}

std::string ActorId(uint64_t key) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string id = "act-0000000000000000";
  for (size_t i = id.size(); key != 0; key >>= 4) id[--i] = kDigits[key & 15];
  return id;
}

uint64_t ParseActorId(std::string_view id) {
  if (id.size() != 20 || id.substr(0, 4) != "act-") return 0;
  uint64_t key = 0;
  for (const char c : id.substr(4)) {
    int digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else {
      return 0;
    }
    key = (key << 4) | static_cast<uint64_t>(digit);
  }
  return key;
}

}  // namespace lagebild::query
