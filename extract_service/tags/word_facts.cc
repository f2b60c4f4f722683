#include "extract_service/tags/word_facts.h"

#include <algorithm>
#include <optional>

#include "common/hash/hash.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {
namespace {

// FNV-1a over bytes, ASCII letters in lower case.
uint32_t HashLower(std::string_view bytes) {
  uint32_t hash = 2166136261u;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    hash = (hash ^ byte) * 16777619u;
  }
  return hash;
}

uint32_t HashExact(std::string_view bytes) {
  uint32_t hash = 2166136261u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

// Hash of the first or last bytes of a longer form, else 0.
uint32_t PrefixOf(std::string_view form, size_t size) {
  return form.size() > size ? HashExact(form.substr(0, size)) : 0;
}
uint32_t SuffixOf(std::string_view form, size_t size) {
  return form.size() > size ? HashExact(form.substr(form.size() - size)) : 0;
}

// Hash of the kinds of bytes, of each run at most two. Letters beyond ASCII count as lower case.
uint32_t SpellingOf(std::string_view form) {
  uint32_t hash = 2166136261u;
  unsigned char last = 0;
  unsigned char before_last = 0;
  for (const char c : form) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0u) == 0x80u) continue;
    const unsigned char kind = c >= 'A' && c <= 'Z'                      ? 'A'
                               : c >= '0' && c <= '9'                    ? '0'
                               : (c >= 'a' && c <= 'z') || byte >= 0xc0u ? 'a'
                                                                         : byte;
    if (kind == last && kind == before_last) continue;
    hash = (hash ^ kind) * 16777619u;
    before_last = last;
    last = kind;
  }
  return hash;
}

// First letter, rest, digits, hyphen, stop: 0..63.
uint8_t ShapeOf(std::string_view form) {
  bool digit = false;
  bool hyphen = false;
  bool stop = false;
  int upper = 0;
  int lower = 0;
  for (const char c : form) {
    digit |= c >= '0' && c <= '9';
    hyphen |= c == '-';
    stop |= c == '.';
    upper += c >= 'A' && c <= 'Z';
    lower += (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0xc3;
  }
  const bool starts_upper = word_shape::StartsUpper(form);
  unsigned letters =
      0;  // 0 none, 1 lower, 2 Capitalised, 3 CAPS, 4 mIxed or CamelCase, 5 one capital
  if (upper + lower > 0) {
    if (upper == 0 && !starts_upper) {
      letters = 1;
    } else if (lower == 0 || (starts_upper && lower == 1 && upper == 0)) {
      letters = upper > 1 ? 3 : 5;
    } else {
      letters = starts_upper && upper <= 1 ? 2 : 4;
    }
  }
  return static_cast<uint8_t>(letters * 8 + (digit ? 4 : 0) + (hyphen ? 2 : 0) + (stop ? 1 : 0));
}

void AddReadings(std::span<const Analysis> analyses, WordFacts& facts) {
  for (const Analysis& analysis : analyses) {
    facts.pos_mask |= 1u << static_cast<unsigned>(analysis.pos);
    facts.morphology |= analysis.morphology.bits;
  }
}

constexpr uint32_t kNameClasses = WordClass::kFirstName | WordClass::kLastName |
                                  WordClass::kCountry | WordClass::kCapital | WordClass::kCity |
                                  WordClass::kMediaName | WordClass::kOrganizationName;

// The noun that a capitalised form ends in, and the parts of a form with hyphens.
void AddHead(std::string_view form, const Lexicon& lexicon, WordFacts& facts) {
  constexpr uint32_t kHeadClasses = WordClass::kOffice | WordClass::kOrganizationNoun |
                                    WordClass::kMediaNoun | WordClass::kGroupNoun |
                                    WordClass::kPersonNoun;
  constexpr uint32_t kNames = WordClass::kLastName | WordClass::kFirstName;
  // A list may know what a compound stands for that no dictionary has.
  const bool has_no_reading =
      facts.analyses.empty() && facts.lower_analyses.empty() &&
      !facts.classes.Has(~uint32_t{kNames | kHeadClasses | WordClass::kCompoundHead});
  const bool is_unknown = has_no_reading && !facts.classes.Has(~kNames);
  if (const std::optional<Lexicon::Head> head = lexicon.FindHead(form)) {
    facts.head = HashExact(word_shape::Recased::Upper(form.substr(head->begin)).text());
    facts.head_cluster = head->entry.cluster;
    if (has_no_reading) facts.head_analyses = head->entry.analyses;
    if (is_unknown && head->entry.classes.Has(WordClass::kCompoundHead)) {
      facts.classes.bits |= head->entry.classes.bits & kHeadClasses;
    }
  }
  const size_t hyphen = form.find('-');
  if (hyphen == std::string_view::npos || hyphen < 2) return;
  if (facts.head == 0) facts.head = HashExact(form.substr(form.rfind('-') + 1));
  if (const std::optional<LexiconEntry> entry = lexicon.Find(form.substr(0, hyphen))) {
    facts.first_part_cluster = entry->cluster;
    facts.first_part_classes = entry->classes.bits;
  }
}

}  // namespace

WordFacts FactsOf(std::string_view form, bool at_beginning, const Lexicon& lexicon) {
  WordFacts facts;
  form = form.substr(0, word_shape::kMaxWordBytes);
  const size_t size = form.size();
  facts.prefix3 = HashLower(form.substr(0, 3));
  facts.suffix2 = HashLower(form.substr(size - std::min<size_t>(size, 2)));
  facts.suffix3 = HashLower(form.substr(size - std::min<size_t>(size, 3)));
  facts.suffix4 = HashLower(form.substr(size - std::min<size_t>(size, 4)));
  facts.prefix2 = PrefixOf(form, 2);
  facts.prefix4 = PrefixOf(form, 4);
  facts.prefix5 = PrefixOf(form, 5);
  facts.suffix5 = SuffixOf(form, 5);
  facts.suffix6 = SuffixOf(form, 6);
  facts.form = HashExact(form);
  facts.spelling = SpellingOf(form);
  facts.shape = ShapeOf(form);
  facts.lower = word_shape::StartsLower(form);

  float probability = -30.0F;
  if (const std::optional<LexiconEntry> entry = lexicon.Find(form)) {
    facts.analyses = entry->analyses;
    facts.classes = entry->classes;
    facts.cluster = entry->cluster;
    facts.known = !entry->analyses.empty() || entry->classes.bits != 0;
    if (entry->log_probability < 0) {
      probability = entry->log_probability;
      // Natural logarithms from about -4 (the commonest) to -20.
      facts.frequency = static_cast<uint8_t>(std::clamp(22.0F + probability, 1.0F, 20.0F));
    }
    AddReadings(entry->analyses, facts);
  }
  const bool upper = word_shape::StartsUpper(form);
  if (at_beginning && upper) {
    const word_shape::Recased lower = word_shape::Recased::Lower(form);
    if (const std::optional<LexiconEntry> entry = lexicon.Find(lower.text())) {
      facts.lower_analyses = entry->analyses;
      facts.known |= !entry->analyses.empty();
      AddReadings(entry->analyses, facts);
      // The commoner spelling is the word.
      if (entry->log_probability < 0 && entry->log_probability > probability) {
        facts.cluster = entry->cluster;
        facts.form = HashExact(lower.text());
      }
    }
  }
  // "SPD-nahe": read as its last part, which is no noun.
  const size_t hyphen = form.rfind('-');
  if (upper && facts.analyses.empty() && hyphen != std::string_view::npos && hyphen + 1 < size &&
      !word_shape::StartsUpper(form.substr(hyphen + 1))) {
    if (const std::optional<LexiconEntry> entry = lexicon.Find(form.substr(hyphen + 1))) {
      facts.analyses = entry->analyses;
      facts.known = !entry->analyses.empty();
      AddReadings(entry->analyses, facts);
      facts.derived_adjective =
          std::any_of(entry->analyses.begin(), entry->analyses.end(),
                      [](const Analysis& analysis) { return analysis.pos == Pos::kAdjective; });
    }
  }
  if (upper) AddHead(form, lexicon, facts);
  // "Hagenaus Rathaus": the genitive of a name.
  if (upper && size > 4 && form.back() == 's' && facts.analyses.empty() &&
      facts.classes.bits == 0) {
    if (const std::optional<LexiconEntry> entry = lexicon.Find(form.substr(0, size - 1))) {
      facts.classes.bits |= entry->classes.bits & kNameClasses;
      if (facts.cluster == 0) facts.cluster = entry->cluster;
    }
  }
  return facts;
}

WordFactsCache& WordFactsCache::OfThread() {
  thread_local WordFactsCache cache;
  return cache;
}

WordFactsCache::Query WordFactsCache::Prepare(std::string_view form, bool at_beginning) const {
  // Never 0, which is the key of an empty place.
  const uint64_t key = Hash64(form, at_beginning ? 1 : 0) | 1u;
  const auto* bytes = reinterpret_cast<const char*>(&known_[(key >> 1) % kKnownWords]);
  for (size_t at = 0; at < sizeof(KnownWord); at += 64) __builtin_prefetch(bytes + at);
  return {.form = form, .at_beginning = at_beginning, .key = key};
}

const WordFacts& WordFactsCache::Find(const Query& query, const Lexicon& lexicon) {
  if (lexicon_ != lexicon.content_hash()) {
    for (KnownWord& word : known_) word.key = 0;
    lexicon_ = lexicon.content_hash();
  }
  KnownWord& word = known_[(query.key >> 1) % kKnownWords];
  if (word.key != query.key) {
    word.key = query.key;
    word.facts = FactsOf(query.form, query.at_beginning, lexicon);
    word.facts.key = query.key;
  }
  return word.facts;
}

}  // namespace lagebild::extract
