#include <algorithm>
#include <limits>
#include <utility>

#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

/// Whether the capitals of a short name stand in the longer one in their order.
bool IsAbbreviationOf(std::string_view shorter, std::string_view longer) {
  size_t at = 0;
  for (const char c : shorter) {
    if (c < 'A' || c > 'Z') continue;
    at = longer.find(c, at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  return true;
}

/// Whether a name is as long as abbreviations are.
bool IsLetters(std::string_view key) {
  constexpr size_t kShortest = 3, kLongest = 7;
  return key.size() >= kShortest && key.size() <= kLongest &&
         key.find(' ') == std::string_view::npos;
}

/// Bytes of the UTF-8 character that begins a text.
size_t CharacterLength(std::string_view text) {
  size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
    ++length;
  }
  return length;
}

/// Whether letters are the first ones of the words of a name, in order, and at most one more out of
/// each word. Both in lower case; words are parted by blanks.
bool SpellsOut(std::string_view letters, std::string_view name) {
  if (name.empty()) return letters.empty();
  if (letters.empty() || letters.size() > name.size()) return false;
  const size_t length = CharacterLength(letters);
  if (!name.starts_with(letters.substr(0, length))) return false;
  const std::string_view rest = letters.substr(length);
  const size_t end = std::min(name.find(' '), name.size());
  const std::string_view behind = name.substr(std::min(end + 1, name.size()));
  if (SpellsOut(rest, behind)) return true;
  if (rest.empty()) return false;
  const size_t next = CharacterLength(rest);
  const bool inside =
      name.substr(length, end - length).find(rest.substr(0, next)) != std::string_view::npos;
  return inside && SpellsOut(rest.substr(next), behind);
}

}  // namespace

int32_t ActorBuilder::BeforeBracket(const TokenRange& inside) const {
  constexpr int32_t kLongestBracket = 20;
  const auto count = static_cast<int32_t>(doc_.tokens.size());
  int32_t t = inside.begin - 1;
  if (t < 1 || doc_.TokenText(t) != "(" || inside.end >= count ||
      doc_.TokenText(inside.end) != ")") {
    return -1;
  }
  const auto is_mark = [this](int32_t token) {
    const TokenKind kind = doc_.tokens[static_cast<size_t>(token)].kind;
    return kind == TokenKind::kClosingQuote || kind == TokenKind::kOpeningQuote ||
           doc_.TokenText(token) == "'";
  };
  --t;
  while (t > 0 && is_mark(t)) --t;
  // "Example League (übersetzt „Beispielbund“) (EL)".
  if (doc_.TokenText(t) == ")") {
    const int32_t limit = std::max(0, t - kLongestBracket);
    while (t > limit && doc_.TokenText(t) != "(") --t;
    if (t == limit) return -1;
    --t;
    while (t > 0 && is_mark(t)) --t;
  }
  return t;
}

void ActorBuilder::LinkBrackets() {
  // "National Example Service (NES)" and "NES (National Example Service)".
  for (size_t n = 1; n < names_.size(); ++n) {
    Name& second = names_[n];
    const int32_t before = BeforeBracket(second.tokens);
    if (before < 0 || second.cluster < 0) continue;
    const int32_t name = name_at_token_[static_cast<size_t>(before)];
    if (name < 0) continue;
    Name& first = names_[static_cast<size_t>(name)];
    if (first.cluster < 0 || Find(first.cluster) == Find(second.cluster)) continue;
    const auto is_body = [this](int32_t cluster) {
      const ActorType type = At(cluster).type;
      return type == ActorType::kOrganization || type == ActorType::kMedia;
    };
    if (!is_body(first.cluster) || !is_body(second.cluster)) continue;
    // "die Beilage der XAN (XAN Heute)": no letters are spelled out by themselves.
    if (second.text.starts_with(first.text)) continue;
    // "das Hilfswerk der Vereinten Nationen (NES)": the abbreviation of the whole.
    if (first.phrase >= 0 && phrases_[first.phrase].relation == PhraseRelation::kGenitive &&
        phrases_[phrases_[first.phrase].parent].classes.Has(kBodyClasses) &&
        !IsAbbreviationOf(second.text, first.text)) {
      continue;
    }
    const bool short_second = second.text.size() < first.text.size();
    Merge(short_second ? second.cluster : first.cluster,
          short_second ? first.cluster : second.cluster);
  }
}

void ActorBuilder::LinkAbbreviations() {
  LinkBrackets();
  std::vector<std::pair<std::string, int32_t>> keys(bodies_by_key_.begin(), bodies_by_key_.end());
  std::sort(keys.begin(), keys.end());
  absl::flat_hash_map<std::string, int32_t> by_initials;
  for (const auto& [key, cluster] : keys) {
    const std::string& name = At(cluster).name;
    std::string initials;
    std::string capitals;
    for (size_t i = 0; i < name.size(); ++i) {
      if (i > 0 && name[i - 1] != ' ' && name[i - 1] != '-') continue;
      if (name[i] >= 'A' && name[i] <= 'Z') capitals += name[i];
      if ((name[i] >= 'A' && name[i] <= 'Z') || (name[i] >= 'a' && name[i] <= 'z')) {
        initials += static_cast<char>(name[i] & ~0x20);
      }
    }
    if (capitals.size() >= 2) by_initials.emplace(LowerCase(capitals), cluster);
    if (initials.size() >= 3) by_initials.emplace(LowerCase(initials), cluster);
  }
  for (const auto& [key, cluster] : keys) {
    if (!LinkInitials(key, cluster, by_initials) && !LinkLetters(key, cluster)) {
      LinkForms(key, cluster);
    }
  }
}

bool ActorBuilder::LinkInitials(const std::string& key, int32_t cluster,
                                const absl::flat_hash_map<std::string, int32_t>& by_initials) {
  constexpr size_t kLongest = 8;
  if (key.size() < 2 || key.size() > kLongest || key.find(' ') != std::string::npos) return false;
  const auto it = by_initials.find(key);
  if (it == by_initials.end() || Find(it->second) == Find(cluster) ||
      At(it->second).name.find(' ') == std::string::npos ||
      !IsUpperCase(std::string_view(At(cluster).name).substr(0, 2))) {
    return false;
  }
  Merge(cluster, it->second);
  return true;
}

int32_t ActorBuilder::FindAbbreviation(std::string_view name) const {
  if (name.find(' ') == std::string_view::npos || bodies_by_key_.size() > kMaxSpelledOut) return -1;
  const std::string lower = LowerCase(name);
  int32_t found = -1;
  for (const auto& [key, cluster] : bodies_by_key_) {
    if (!IsLetters(key) || !IsUpperCase(At(cluster).name) || !SpellsOut(key, lower)) continue;
    if (found >= 0 && Find(found) != Find(cluster)) return -1;
    found = Find(cluster);
  }
  return found;
}

bool ActorBuilder::LinkLetters(const std::string& key, int32_t cluster) {
  if (!IsLetters(key) || !IsUpperCase(At(cluster).name) || bodies_by_key_.size() > kMaxSpelledOut) {
    return false;
  }
  int32_t found = -1;
  for (const auto& [other_key, other] : bodies_by_key_) {
    if (Find(other) == Find(cluster) || other_key.find(' ') == std::string::npos) continue;
    if (!SpellsOut(key, LowerCase(At(other).name))) continue;
    if (found >= 0 && Find(found) != Find(other)) return false;  // Of two it says neither.
    found = other;
  }
  if (found < 0) return false;
  Merge(cluster, found);
  return true;
}

int32_t ActorBuilder::FirstNamedAt(int32_t cluster) const {
  for (const Name& name : names_) {
    if (name.cluster == cluster && !InHeadline(name.tokens.begin)) return name.tokens.begin;
  }
  return std::numeric_limits<int32_t>::max();
}

bool ActorBuilder::IsBodyNoun(std::string_view word) const {
  if (const auto noun = lexicon_.Find(word); noun && noun->classes.Has(kBodyClasses)) return true;
  const auto head = lexicon_.FindHead(word);
  return head && head->entry.classes.Has(kBodyClasses);
}

int32_t ActorBuilder::WithoutAdjective(const std::string& key, int32_t cluster) const {
  const size_t blank = key.find(' ');
  const std::string noun = key.substr(blank + 1);
  // A key has no endings of adjectives but its last word's.
  const bool adjective = At(cluster).name.find(' ') > blank;
  if (!adjective || noun.find(' ') != std::string::npos || !IsBodyNoun(UpperFirst(noun))) return -1;
  const auto it = bodies_by_key_.find(noun);
  if (it == bodies_by_key_.end() || bodies_by_key_.size() > kMaxSpelledOut) return -1;
  // Of several it may be any.
  const std::string ending = key.substr(blank);
  const auto named = [&](const auto& other) { return other.first.ends_with(ending); };
  return std::count_if(bodies_by_key_.begin(), bodies_by_key_.end(), named) == 1 ? it->second : -1;
}

void ActorBuilder::LinkForms(const std::string& key, int32_t cluster) {
  // "Hisb-Miliz", "Verein Sandau": a general noun around the name says what it is.
  const size_t hyphen = key.rfind('-');
  if (hyphen != std::string::npos && hyphen > 1 &&
      !known_.RefersTo(key.substr(hyphen + 1)).empty()) {
    const auto it = bodies_by_key_.find(key.substr(0, hyphen));
    if (it != bodies_by_key_.end()) Merge(cluster, it->second);
    return;
  }
  const size_t blank = key.find(' ');
  if (blank == std::string::npos) return;
  // "Nordair GmbH", later "Nordair"; "Demokratische Partei Thailands", later without the country.
  const size_t last = key.rfind(' ');
  const std::string_view last_word = std::string_view(key).substr(last + 1);
  const bool adds_place =
      key.find(' ', blank + 1) != std::string::npos && !known_.CountryOfName(last_word).empty();
  if (adds_place || known_.IsLegalForm(last_word)) {
    // All but the last word of a key have lost the ending of an adjective, its own last has not.
    const std::string_view name = At(cluster).name;
    const auto it = bodies_by_key_.find(NameKey(name.substr(0, name.rfind(' '))));
    if (it != bodies_by_key_.end() && Find(it->second) != Find(cluster)) {
      Merge(cluster, it->second);
      return;
    }
  }
  // "Fluggesellschaft Wingair", later "Wingair".
  const std::string& full = At(cluster).name;
  const std::string_view first = std::string_view(full).substr(0, full.find(' '));
  if (const auto it = bodies_by_key_.find(key.substr(blank + 1));
      it != bodies_by_key_.end() && Find(it->second) != Find(cluster) && IsBodyNoun(first)) {
    Merge(cluster, it->second);
    return;
  }
  if (const int32_t noun = WithoutAdjective(key, cluster);
      noun >= 0 && Find(noun) != Find(cluster)) {
    Merge(noun, cluster);
    return;
  }
  for (const std::string& part : {key.substr(0, blank), NameKey(key.substr(0, blank))}) {
    const auto it = bodies_by_key_.find(part);
    if (it == bodies_by_key_.end() || Find(it->second) == Find(cluster)) continue;
    const Cluster& shorter = At(it->second);
    const auto entry = lexicon_.Find(shorter.name);
    const bool letters = IsUpperCase(shorter.name);
    // A common word begins many names.
    if (entry && !entry->analyses.empty() && !letters) continue;
    // "Xandu ..., Xandu Plus": of what is named in full later the text speaks by another name.
    if (FirstNamedAt(it->second) < FirstNamedAt(cluster)) break;
    if (shorter.type == At(cluster).type) Merge(it->second, cluster);
    break;
  }
}

}  // namespace lagebild::extract
