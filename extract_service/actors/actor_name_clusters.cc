#include <unicode/unorm2.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

/// Kind of body (actor_nouns.tsv) of what bears a paper's name.
constexpr std::string_view kNewspaper = "newspaper";

// Rule ids.
constexpr std::string_view kRulePerson = "actors.person_name";
constexpr std::string_view kRuleState = "actors.state_name";
constexpr std::string_view kRuleMetonym = "actors.metonym";
constexpr std::string_view kRuleKnown = "actors.listed_name";
constexpr std::string_view kRuleBody = "actors.body_name";

std::vector<std::string> Words(const std::string& name) {
  std::vector<std::string> words = absl::StrSplit(name, ' ', absl::SkipEmpty());
  for (std::string& word : words) word = LowerCase(word);
  return words;
}

/// "UlfTann" -> "Ulf", "Tann": a first name whose blank has been lost; the whole word where it is
/// none.
size_t LengthOfJoinedFirstName(std::string_view word, const Lexicon& lexicon) {
  constexpr size_t kShortest = 3;
  for (size_t at = kShortest; at + kShortest <= word.size(); ++at) {
    const bool joint =
        word[at] >= 'A' && word[at] <= 'Z' && word[at - 1] >= 'a' && word[at - 1] <= 'z';
    if (!joint) continue;
    const auto entry = lexicon.Find(word.substr(0, at));
    if (entry && entry->classes.Has(WordClass::kFirstName)) return at;
  }
  return word.size();
}

/// "davutoğlu" -> "davutoglu": papers leave foreign marks out. Umlauts are letters of their own.
std::string WithoutForeignMarks(const std::string& word) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* decomposition = unorm2_getNFDInstance(&error);
  if (U_FAILURE(error) != 0) return word;
  std::string plain;
  const auto size = static_cast<int32_t>(word.size());
  for (int32_t at = 0; at < size;) {
    const int32_t begin = at;
    UChar32 c;
    U8_NEXT(word.data(), at, size, c);
    std::array<UChar, 8> parts;
    const int32_t count =
        c < 0x80 || c == u'ä' || c == u'ö' || c == u'ü'
            ? 0
            : unorm2_getRawDecomposition(decomposition, c, parts.data(),
                                         static_cast<int32_t>(parts.size()), &error);
    if (U_SUCCESS(error) != 0 && count > 0 && parts[0] < 0x80) {
      plain += static_cast<char>(parts[0]);
    } else {
      plain.append(word, static_cast<size_t>(begin), static_cast<size_t>(at - begin));
    }
  }
  return plain;
}

/// "franz-josef jung" -> "franz josef jung": the hyphen between first names comes and goes.
void SplitFirstNames(std::vector<std::string>* words) {
  std::vector<std::string> split;
  for (size_t w = 0; w < words->size(); ++w) {
    std::string_view word = (*words)[w];
    for (size_t hyphen = word.find('-'); w + 1 < words->size() && hyphen != std::string_view::npos;
         hyphen = word.find('-')) {
      if (hyphen > 0) split.emplace_back(word.substr(0, hyphen));
      word.remove_prefix(hyphen + 1);
    }
    if (!word.empty()) split.emplace_back(word);
  }
  words->swap(split);
}

/// Whether two words differ by one letter put in, left out or changed (in bytes).
bool OneEditApart(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1 || a == b) return false;
  size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (a.size() == b.size()) return a.substr(i + 1) == b.substr(i + 1);
  return a.substr(i) == b.substr(i + 1);
}

std::string_view WithoutGenitive(std::string_view word) {
  return word.substr(0, GenitiveStem(word));
}

}  // namespace

bool ActorBuilder::SamePersonName(const std::vector<std::string>& shorter,
                                  const std::vector<std::string>& longer) const {
  if (shorter.empty() || shorter.size() > longer.size()) return false;
  if (shorter.back() != longer.back()) return false;
  // The shorter one's words in the order of the longer one's; an initial stands for its name.
  size_t at = 0;
  for (const std::string& word : shorter) {
    while (at < longer.size() && longer[at] != word &&
           !(word.size() == 2 && word[1] == '.' && longer[at][0] == word[0])) {
      ++at;
    }
    if (at == longer.size()) return false;
    ++at;
  }
  return true;
}

int32_t ActorBuilder::PersonCluster(const std::vector<std::string>& tokens, const Name& name) {
  uint32_t agreement = 0;
  if (name.own_phrase && name.phrase >= 0) {
    const NounPhrase& phrase = phrases_[name.phrase];
    if (phrase.head < name.tokens.begin) agreement = Agreement(phrase);
  }
  const auto pick = [&](const std::string& word, bool last_only) -> int32_t {
    const auto it = persons_by_token_.find(word);
    if (it == persons_by_token_.end()) return -1;
    int32_t best = -1;
    for (int32_t candidate : it->second) {
      const Cluster& cluster = At(candidate);
      const bool last = !cluster.tokens.empty() && cluster.tokens.back() == word;
      if (last_only != last) continue;
      const bool same_name = tokens.size() > 1 && tokens == cluster.tokens;
      if (!same_name && !Agrees(agreement, cluster.morphology)) continue;
      if (last_only
              ? !SamePersonName(tokens, cluster.tokens) && !SamePersonName(cluster.tokens, tokens)
              : tokens.size() != 1) {
        continue;
      }
      // Of several people of one surname the one named last before this one.
      if (best < 0 ||
          (!cluster.mentions.empty() && !At(best).mentions.empty() &&
           cluster.mentions.back().tokens.begin < name.tokens.begin &&
           cluster.mentions.back().tokens.begin > At(best).mentions.back().tokens.begin)) {
        best = candidate;
      }
    }
    return best;
  };
  int32_t cluster = pick(tokens.back(), true);
  if (cluster < 0 && tokens.size() == 1) cluster = pick(tokens[0], false);
  if (cluster < 0 && tokens.size() == 1 && tokens[0].size() >= 7) {
    // A slip of the pen: one letter apart from a surname of this article.
    const auto it = persons_by_token_.find(tokens[0].substr(0, 3) + "*");
    if (it != persons_by_token_.end()) {
      for (int32_t candidate : it->second) {
        const Cluster& other = At(candidate);
        if (!other.tokens.empty() && other.tokens.back().size() >= 7 &&
            OneEditApart(other.tokens.back(), tokens[0])) {
          return Find(candidate);
        }
      }
    }
  }
  if (cluster >= 0) {
    Cluster& found = At(cluster);
    if (found.tokens.size() < tokens.size()) found.tokens = tokens;
    if (tokens.size() > 1) found.first_name_gender = known_.GenderOfFirstName(tokens.front());
    return Find(cluster);
  }
  cluster = NewCluster(ActorType::kPerson, kRulePerson, tokens.size() > 1 ? 0.9 : 0.7);
  Cluster& made = clusters_.back();
  made.tokens = tokens;
  made.named = true;
  made.morphology = Morphology::kSingular;
  made.first_name_gender = known_.GenderOfFirstName(tokens.front());
  for (const std::string& token : tokens) {
    std::vector<int32_t>& bucket = persons_by_token_[token];
    if (bucket.size() < kMaxBucket) bucket.push_back(cluster);
  }
  if (tokens.back().size() >= 7) {
    std::vector<int32_t>& bucket = persons_by_token_[tokens.back().substr(0, 3) + "*"];
    if (bucket.size() < kMaxBucket) bucket.push_back(cluster);
  }
  return cluster;
}

void ActorBuilder::ClusterPersons() {
  // Words that end a name in any form, to tell "Bergs" from "Johannes".
  absl::flat_hash_set<std::string> last_words;
  std::vector<std::pair<size_t, std::vector<std::string>>> persons;
  for (size_t n = 0; n < names_.size(); ++n) {
    if (names_[n].type != ActorType::kPerson) continue;
    std::vector<std::string> words = Words(names_[n].text);
    if (words.empty()) {
      names_[n].type = ActorType::kUnspecified;
      continue;
    }
    if (words.size() == 1) {
      const size_t length = LengthOfJoinedFirstName(names_[n].text, lexicon_);
      if (length < names_[n].text.size()) {
        words = {LowerCase(names_[n].text.substr(0, length)),
                 LowerCase(names_[n].text.substr(length))};
      }
    }
    SplitFirstNames(&words);
    words.back() = WithoutForeignMarks(words.back());
    last_words.insert(words.back());
    persons.emplace_back(n, std::move(words));
  }
  // "General Tann" is Ulf Tann where the text names him so.
  absl::flat_hash_set<std::string> full_names;
  for (const auto& [n, words] : persons) {
    if (words.size() < 2 || IsRoleNoun(names_[n].tokens.begin)) continue;
    full_names.insert(words.begin(), words.end());
  }
  for (auto& [n, words] : persons) {
    if (words.size() != 2 || !full_names.contains(words.back())) continue;
    if (IsRoleNoun(names_[n].tokens.begin)) words.erase(words.begin());
  }
  // "Ulf Tann von Xandu Logic": with whom he is, where "Ulf Tann" is named too.
  constexpr size_t kFullName = 2;
  absl::flat_hash_set<std::string> two_words;
  for (const auto& [n, words] : persons) {
    if (words.size() == kFullName) two_words.insert(absl::StrJoin(words, " "));
  }
  for (auto& [n, words] : persons) {
    if (words.size() <= kFullName) continue;
    const std::vector<std::string> spelt = absl::StrSplit(names_[n].text, ' ', absl::SkipEmpty());
    const bool particle =
        spelt.size() == words.size() && LowerCase(spelt[kFullName]) == spelt[kFullName];
    if (particle &&
        two_words.contains(absl::StrJoin(words.begin(), words.begin() + kFullName, " "))) {
      words.resize(kFullName);
      names_[n].text = absl::StrJoin(spelt.begin(), spelt.begin() + kFullName, " ");
    }
  }
  for (auto& [n, words] : persons) {
    const std::string stem(WithoutGenitive(words.back()));
    if (stem == words.back()) continue;
    Name& name = names_[n];
    const bool genitive = name.own_phrase && name.phrase >= 0 &&
                          phrases_[name.phrase].relation == PhraseRelation::kGenitive;
    const bool apostrophe = !words.back().ends_with("s");
    // "der Anwalt Bergs", where "Berg" is somebody else of the text: whose he is. A name behind an
    // article and an office is not inflected.
    if (name.own_phrase && phrases_[name.phrase].determiner >= 0 &&
        phrases_[name.phrase].head < name.tokens.begin && last_words.contains(stem)) {
      name.own_phrase = false;
      name_of_phrase_[static_cast<size_t>(name.phrase)] = -1;
    }
    if (apostrophe || last_words.contains(stem) ||
        (genitive && !doc_.tokens[static_cast<size_t>(name.tokens.end) - 1].known)) {
      words.back() = stem;
    }
  }
  // Full names first, so that "Berg" in the headline finds "Anna Berg" of the text.
  for (const bool full : {true, false}) {
    for (auto& [n, words] : persons) {
      if ((words.size() > 1) != full) continue;
      names_[n].cluster = PersonCluster(words, names_[n]);
      // Only for the choice between people of one surname; mentions proper come while reading.
      Cluster& cluster = At(names_[n].cluster);
      if (cluster.mentions.empty() && full) {
        Mention mention;
        mention.tokens = names_[n].tokens;
        cluster.mentions.push_back(mention);
      }
      const size_t length = names_[n].text.size();
      if (cluster.name.size() < length && words.size() >= cluster.tokens.size()) {
        cluster.name = names_[n].text;
        if (LowerCase(cluster.name) != words.back() &&
            !LowerCase(cluster.name).ends_with(words.back())) {
          cluster.name.resize(WithoutGenitive(cluster.name).size());
        }
      }
    }
  }
  for (Cluster& cluster : clusters_) cluster.mentions.clear();
}

int32_t ActorBuilder::StateOf(const std::string& country) {
  const auto [it, fresh] = states_by_code_.try_emplace(country, 0);
  if (fresh) {
    it->second = NewCluster(ActorType::kState, kRuleState, 0.8);
    Cluster& state = clusters_.back();
    state.country = country;
    state.named = true;
    state.kind = "state";
    state.name = std::string(known_.NameOfCountry(country));
  }
  return it->second;
}

void ActorBuilder::IndexBodiesByCountry() {
  for (const auto& [key, cluster] : bodies_by_key_) {
    const Cluster& body = At(cluster);
    if (body.kind.empty() || body.country.empty()) continue;
    const auto [it, fresh] = only_body_.try_emplace(body.kind + " " + body.country, Find(cluster));
    if (!fresh && it->second != Find(cluster)) it->second = -1;
  }
}

void ActorBuilder::ClusterBodies() {
  for (Name& name : names_) {
    if (name.type == ActorType::kUnspecified || name.type == ActorType::kPerson) continue;
    if (name.type == ActorType::kState) {
      const auto [it, fresh] = states_by_code_.try_emplace(name.country, 0);
      if (fresh) {
        it->second = NewCluster(ActorType::kState, name.metonym ? kRuleMetonym : kRuleState,
                                name.metonym ? 0.7 : 0.95);
        Cluster& state = clusters_.back();
        state.country = name.country;
        state.named = true;
        state.kind = "state";
      }
      name.cluster = it->second;
      Cluster& state = At(name.cluster);
      if (!name.metonym && (state.name.empty() || state.rule == kRuleMetonym)) {
        state.name = name.text;
        const std::string stem(WithoutGenitive(name.text));
        // "Gazals" shows the country as "Gazal".
        if (stem != name.text && known_.CountryOfName(LowerCase(stem)) == name.country &&
            !name.text.ends_with("S")) {
          const Token& last = doc_.tokens[static_cast<size_t>(name.tokens.end) - 1];
          const auto base = lexicon_.Find(stem);
          if (!last.classes.Has(WordClass::kCountry) ||
              (base && base->classes.Has(WordClass::kCountry))) {
            state.name = stem;
          }
        }
        state.rule = kRuleState;
        state.confidence = 0.95;
      }
      if (state.name.empty()) state.name = std::string(known_.NameOfCountry(name.country));
      if (state.name.empty()) state.name = name.text;
      continue;
    }
    const std::string key = name.body >= 0 ? NameKey(known_.body(name.body).name) : name.key;
    const auto [it, fresh] = bodies_by_key_.try_emplace(key, 0);
    if (fresh) {
      it->second = NewCluster(name.type, name.body >= 0 ? kRuleKnown : kRuleBody,
                              name.body >= 0 ? 0.92 : 0.75);
      Cluster& cluster = clusters_.back();
      cluster.named = true;
      cluster.country = name.country;
      cluster.name = name.text;
      if (name.newspaper) cluster.kind = kNewspaper;
      if (name.body >= 0) {
        cluster.kind = known_.body(name.body).kind;
        // Inflected or quoted forms give way to the list's nominative.
        if (name.tokens.size() > 1 && name.key == key) cluster.name = known_.body(name.body).name;
      } else if (!doc_.tokens[static_cast<size_t>(name.tokens.end) - 1].known && name.phrase >= 0 &&
                 phrases_[name.phrase].relation == PhraseRelation::kGenitive) {
        cluster.name = std::string(WithoutGenitive(name.text));
      }
    }
    name.cluster = it->second;
  }
}

}  // namespace lagebild::extract
