#include "query_service/index/words.h"

#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <memory>

#include "common/hash/hash.h"

namespace lagebild::query {
namespace {

constexpr int kMaxWordCodePoints = 64;
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

bool IsAsciiWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// What the letters of German and its neighbours (U+00C0 to U+00FF) and the marks around them do to
// words, without a detour by UTF-16: composed and folded they are one or two letters. Reads the
// character at `at`, appends it, folded, to `word` where it is one of a word, and tells its length
// and whether it is; 0 when it is none of those known here.
struct KnownCharacter {
  size_t bytes = 0;
  bool in_word = false;
  int folded_length = 1;  // In code points.
};
KnownCharacter TakeKnown(std::string_view text, size_t at, std::string* word) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(at);
  if (first < 0x80) {
    const char c = text[at];
    if (!IsAsciiWordCharacter(c)) return {.bytes = 1};
    word->push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    return {.bytes = 1, .in_word = true};
  }
  const unsigned second = byte(at + 1);
  if (first == 0xc3 && second >= 0x80 && second <= 0xbf) {
    if (second == 0x97 || second == 0xb7) return {.bytes = 2};  // Times and division.
    if (second == 0x9f) {                                       // Sharp s.
      word->append("ss");
      return {.bytes = 2, .in_word = true, .folded_length = 2};
    }
    word->push_back(static_cast<char>(first));
    word->push_back(static_cast<char>(second < 0xa0 ? second + 0x20 : second));
    return {.bytes = 2, .in_word = true};
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

// Whether TakeKnown() knows all of a text.
bool IsKnown(std::string_view text) {
  std::string ignored;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    ignored.clear();
    const size_t bytes = TakeKnown(text, at, &ignored).bytes;
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

// Calls back with every word and whether a `*` stands behind it.
template <class Visit>
void ForEachWord(std::string_view text, const Visit& visit) {
  std::string word;
  int length = 0;
  if (IsKnown(text)) {
    std::string character;
    for (size_t at = 0; at < text.size();) {
      character.clear();
      const KnownCharacter known = TakeKnown(text, at, &character);
      if (known.in_word) {
        const int room = kMaxWordCodePoints - length;
        // The second s of a sharp one may be the first that is cut off.
        if (known.folded_length > room) character.resize(static_cast<size_t>(std::max(room, 0)));
        word.append(character);
        length += std::min(known.folded_length, room);
      } else if (!word.empty()) {
        visit(std::string_view(word), text[at] == '*');
        word.clear();
        length = 0;
      }
      at += known.bytes;
    }
    if (!word.empty()) visit(std::string_view(word), false);
    return;
  }
  const icu::UnicodeString folded = FoldToUtf16(text);
  icu::UnicodeString utf16;
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
      const KnownCharacter known = TakeKnown(text, at, &folded);
      if (!known.in_word) folded.append(text.substr(at, known.bytes));
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
