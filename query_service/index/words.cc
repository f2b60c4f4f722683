#include "query_service/index/words.h"

#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "common/hash/hash.h"

namespace lagebild::query {
namespace {

constexpr int kMaxWordCodePoints = 64;
constexpr size_t kMaxCollatedBytes = 512;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

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

// Calls back with every word and the code point behind it (0 at the end).
template <class Visit>
void ForEachWord(std::string_view text, const Visit& visit) {
  if (IsAscii(text)) {
    std::string word;
    for (size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : '\0';
      const bool upper = c >= 'A' && c <= 'Z';
      if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        if (word.size() < kMaxWordCodePoints) word.push_back(upper ? static_cast<char>(c + 32) : c);
      } else if (!word.empty()) {
        visit(std::move(word), static_cast<UChar32>(c));
        word.clear();
      }
    }
    return;
  }
  const icu::UnicodeString folded = FoldToUtf16(text);
  icu::UnicodeString word;
  int length = 0;
  for (int32_t i = 0; i <= folded.length();) {
    const UChar32 c = i < folded.length() ? folded.char32At(i) : 0;
    if (c != 0 && IsWordCharacter(c)) {
      if (length < kMaxWordCodePoints) {
        word.append(c);
        ++length;
      }
    } else if (length > 0) {
      std::string utf8;
      word.toUTF8String(utf8);
      visit(std::move(utf8), c);
      word.remove();
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
  if (IsAscii(text)) {
    folded.assign(text);
    for (char& c : folded) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return folded;
  }
  FoldToUtf16(text).toUTF8String(folded);
  return folded;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  ForEachWord(text, [&](std::string word, UChar32) { words.push_back(std::move(word)); });
  return words;
}

std::vector<QueryWord> QueryWordsOf(std::string_view text) {
  std::vector<QueryWord> words;
  ForEachWord(text, [&](std::string word, UChar32 next) {
    words.push_back({std::move(word), next == '*'});
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
  char id[24];
  std::snprintf(id, sizeof(id), "act-%016llx", static_cast<unsigned long long>(key));
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
