#include "extract_service/names/name_words.h"

#include <algorithm>
#include <string_view>

#include "extract_service/tags/word_facts.h"

namespace lagebild::extract {
namespace {

// The capital of the first word of a sentence says nothing, and other marks make a capital, too.
bool MayHideWord(const AnnotatedDocument& document, size_t at) {
  const Token& token = document.tokens[at];
  if (at == 0 || token.line_start || document.tokens[at - 1].sentence != token.sentence)
    return true;
  return document.tokens[at - 1].kind == TokenKind::kOpeningQuote ||
         document.TextOf(document.tokens[at - 1]) == ":";
}

bool IsInDateline(const AnnotatedDocument& document, const Token& token) {
  if (token.sentence >= 0) return false;
  // Regions are in text order.
  const auto after = std::upper_bound(
      document.regions.begin(), document.regions.end(), token.span.begin,
      [](int32_t offset, const Region& region) { return offset < region.span.begin; });
  return after != document.regions.begin() && (after - 1)->kind == RegionKind::kDateline &&
         token.span.begin < (after - 1)->span.end;
}

}  // namespace

TokenRange NameTokens(const AnnotatedDocument& document, const Sentence& sentence) {
  TokenRange range = sentence.tokens;
  while (range.begin > 0 &&
         IsInDateline(document, document.tokens[static_cast<size_t>(range.begin) - 1])) {
    --range.begin;
  }
  return range;
}

void ReadNameWords(const AnnotatedDocument& document, TokenRange tokens, const Lexicon& lexicon,
                   std::vector<NameWord>& words) {
  words.clear();
  WordFactsCache& cache = WordFactsCache::OfThread();
  for (auto i = static_cast<size_t>(tokens.begin); i < static_cast<size_t>(tokens.end); ++i) {
    const Token& token = document.tokens[i];
    const std::string_view text = document.TextOf(token);
    const bool hidden = MayHideWord(document, i);
    const WordFacts& facts = cache.Find(text, hidden, lexicon);
    // The key of the facts is odd and well mixed.
    const uint64_t key = facts.key * (2 * static_cast<uint64_t>(token.pos) + 3);
    words.push_back({facts, token.pos, key <= kNoWordKey ? uint64_t{0} : key});
  }
}

}  // namespace lagebild::extract
