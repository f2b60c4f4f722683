#include <algorithm>
#include <utility>

#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

/// Kind (actor_nouns.tsv) of nouns for bodies that bear a name of their own.
constexpr std::string_view kAnyBody = "organization";
/// Kind of body (actor_nouns.tsv) of what bears a paper's name.
constexpr std::string_view kNewspaper = "newspaper";

// Rule ids.
constexpr std::string_view kRulePerson = "actors.person_name";
constexpr std::string_view kRuleState = "actors.state_name";
constexpr std::string_view kRuleMetonym = "actors.metonym";
constexpr std::string_view kRuleKnown = "actors.listed_name";
constexpr std::string_view kRuleBody = "actors.body_name";

std::vector<std::string> Words(std::string_view name) {
  std::vector<std::string> words;
  size_t i = 0;
  while (i < name.size()) {
    const size_t end = std::min(name.find(' ', i), name.size());
    if (end > i) words.push_back(LowerCase(name.substr(i, end - i)));
    i = end + 1;
  }
  return words;
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

/// Whether a name is written in capitals ("ABC").
bool IsUpperCase(std::string_view name) {
  return name.size() > 1 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// "B.N.", "J.": first letters of first names.
bool IsInitials(std::string_view word) {
  if (word.size() < 2 || word.size() % 2 != 0) return false;
  for (size_t i = 0; i < word.size(); i += 2) {
    if (word[i] < 'A' || word[i] > 'Z' || word[i + 1] != '.') return false;
  }
  return true;
}

std::string_view WithoutGenitive(std::string_view word) {
  return word.substr(0, GenitiveStem(word));
}

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

}  // namespace

void ActorBuilder::CollectNames() {
  const auto add = [this](const TokenRange& tokens, int32_t phrase, bool own) {
    if (tokens.empty() || names_.size() >= kMaxItemsPerLayer) return;
    for (int32_t i = tokens.begin; i < tokens.end; ++i) {
      if (name_at_token_[static_cast<size_t>(i)] >= 0) return;
    }
    Name name;
    name.tokens = WithInitials(WithoutTitle(tokens));
    name.phrase = phrase;
    name.own_phrase = own;
    name.text = Clean(name.tokens);
    if (name.text.size() > kMaxNameBytes) return;
    name.key = NameKey(name.text);
    if (!ResolveType(&name)) return;
    const auto index = static_cast<int32_t>(names_.size());
    const int32_t end = std::max(tokens.end, name.tokens.end);
    for (int32_t i = std::min(tokens.begin, name.tokens.begin); i < end; ++i) {
      name_at_token_[static_cast<size_t>(i)] = index;
    }
    if (name.own_phrase) name_of_phrase_[static_cast<size_t>(phrase)] = index;
    names_.push_back(std::move(name));
  };
  // Listed names first, also where no tagger saw them: "Voice of America", agencies in the line of
  // sources.
  const auto count = static_cast<int32_t>(doc_.tokens.size());
  for (int32_t i = 0; i < count; ++i) {
    const int32_t length = ListedNameAt(i);
    if (length == 0) continue;
    const TokenRange tokens{i, i + length};
    // "Tim Berg" is no medium although "Tim" may be.
    const auto around = std::lower_bound(
        doc_.entities.begin(), doc_.entities.end(), i,
        [](const Entity& entity, int32_t token) { return entity.tokens.end <= token; });
    if (around != doc_.entities.end() && around->label == EntityLabel::kPerson &&
        around->tokens.begin < tokens.end && around->tokens.size() > length) {
      continue;
    }
    int32_t phrase = phrases_.Innermost(i + length - 1);
    bool own = false;
    if (phrase >= 0) {
      const NounPhrase& holder = phrases_[phrase];
      own = holder.core.end == tokens.end ||
            (holder.core.end == tokens.end + 1 && !holder.name.empty());
      // The name's last word is the head, or an apposition to it.
      own = own && holder.core.begin <= i &&
            (tokens.Contains(holder.head) || holder.head < tokens.begin);
    }
    add(tokens, phrase, own);
    i += length - 1;
  }
  for (int32_t p = 0; p < phrases_.size(); ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (phrase.kind == PhraseKind::kPronoun || name_of_phrase_[static_cast<size_t>(p)] >= 0) {
      continue;
    }
    if (!phrase.name.empty()) {
      // "Roten Kreuz", "Vereinigte Staaten": the list knows the name with its adjective.
      TokenRange wide{
          phrase.determiner >= phrase.core.begin ? phrase.determiner + 1 : phrase.core.begin,
          phrase.core.end};
      if (wide.size() > phrase.name.size() && wide.size() <= 8) {
        const std::string text = Clean(wide);
        const std::string key = NameKey(text);
        if (known_.FindBody(key, text) >= 0 || !known_.CountryOfName(key).empty() ||
            !known_.CountryOfCapital(key).empty()) {
          add(wide, p, true);
          continue;
        }
      }
      add(phrase.name, p, true);
      continue;
    }
    // "Auswärtiges Amt": common words that the lists know as a name.
    const TokenRange words = {
        phrase.determiner >= phrase.core.begin ? phrase.determiner + 1 : phrase.core.begin,
        phrase.core.end};
    for (const TokenRange& range : {NominalRange(p), words}) {
      if (range.empty() || range.size() > 8) continue;
      const std::string text = Clean(range);
      const std::string key = NameKey(text);
      if (known_.FindBody(key, text) >= 0 || !known_.CountryOfName(key).empty() ||
          !known_.CountryOfCapital(key).empty()) {
        add(range, p, true);
        break;
      }
    }
  }
  for (const Entity& entity : doc_.entities) {
    if (entity.tokens.empty() ||
        doc_.tokens[static_cast<size_t>(entity.tokens.begin)].sentence < 0) {
      continue;
    }
    add(entity.tokens, phrases_.Innermost(entity.tokens.begin), false);
  }
  CompleteLists();
  // In text order, so that what comes first names the cluster.
  std::vector<int32_t> order(names_.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int32_t>(i);
  std::sort(order.begin(), order.end(), [this](int32_t a, int32_t b) {
    return names_[static_cast<size_t>(a)].tokens.begin <
           names_[static_cast<size_t>(b)].tokens.begin;
  });
  std::vector<Name> sorted;
  std::vector<int32_t> rank(names_.size());
  for (size_t i = 0; i < order.size(); ++i) {
    rank[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
    sorted.push_back(std::move(names_[static_cast<size_t>(order[i])]));
  }
  names_ = std::move(sorted);
  for (int32_t& name : name_of_phrase_) name = name < 0 ? -1 : rank[static_cast<size_t>(name)];
  for (int32_t& name : name_at_token_) name = name < 0 ? -1 : rank[static_cast<size_t>(name)];
  AgreeOnTypes();
}

void ActorBuilder::CompleteLists() {
  const auto name_of = [this](int32_t phrase) {
    return name_of_phrase_[static_cast<size_t>(phrase)];
  };
  for (int32_t p = 0; p < phrases_.size(); ++p) {
    if (phrases_[p].coordination < 0 || phrases_[p].name.empty() || name_of(p) >= 0 ||
        names_.size() >= kMaxItemsPerLayer) {
      continue;
    }
    const std::vector<int32_t> conjuncts = phrases_.Conjuncts(p);
    const auto is_body = [&](int32_t conjunct) {
      return conjunct == p || (name_of(conjunct) >= 0 &&
                               names_[static_cast<size_t>(name_of(conjunct))].type ==
                                   ActorType::kOrganization);
    };
    const TokenRange& tokens = phrases_[p].name;
    const bool taken = std::any_of(
        name_at_token_.begin() + tokens.begin, name_at_token_.begin() + tokens.end,
        [](int32_t name) { return name >= 0; });
    if (taken || conjuncts.size() < 3 ||
        !std::all_of(conjuncts.begin(), conjuncts.end(), is_body)) {
      continue;
    }
    Name name;
    name.tokens = tokens;
    name.phrase = p;
    name.own_phrase = true;
    name.text = Clean(tokens);
    name.key = NameKey(name.text);
    name.type = ActorType::kOrganization;
    const auto index = static_cast<int32_t>(names_.size());
    std::fill(name_at_token_.begin() + tokens.begin, name_at_token_.begin() + tokens.end, index);
    name_of_phrase_[static_cast<size_t>(p)] = index;
    names_.push_back(std::move(name));
  }
}

void ActorBuilder::AgreeOnTypes() {
  // A name that stands for a person here and for a body there is what it is more often.
  struct Votes {
    int32_t person = 0;
    int32_t body = 0;
    ActorType body_type = ActorType::kOrganization;
  };
  absl::flat_hash_map<std::string_view, Votes> votes;
  const auto may_change = [](const Name& name) {
    return name.body < 0 &&
           (name.type == ActorType::kPerson || name.type == ActorType::kOrganization ||
            name.type == ActorType::kMedia);
  };
  for (const Name& name : names_) {
    if (!may_change(name)) continue;
    Votes& of = votes[name.key];
    if (name.type == ActorType::kPerson) {
      ++of.person;
    } else {
      if (of.body++ == 0) of.body_type = name.type;
    }
  }
  for (Name& name : names_) {
    if (!may_change(name)) continue;
    const Votes& of = votes[name.key];
    if (of.person > of.body) name.type = ActorType::kPerson;
    if (of.body > of.person && name.type == ActorType::kPerson) name.type = of.body_type;
  }
}

bool ActorBuilder::IsRoleNoun(int32_t token) const {
  const WordClass classes = doc_.tokens[static_cast<size_t>(token)].classes;
  return classes.Has(WordClass::kOffice | WordClass::kPersonNoun) &&
         !classes.Has(WordClass::kFirstName | WordClass::kLastName);
}

TokenRange ActorBuilder::WithoutTitle(TokenRange tokens) const {
  while (tokens.size() > 2) {
    if (!IsRoleNoun(tokens.begin) ||
        !doc_.tokens[static_cast<size_t>(tokens.begin) + 1].classes.Has(WordClass::kFirstName)) {
      break;
    }
    ++tokens.begin;
  }
  return tokens;
}

TokenRange ActorBuilder::WithInitials(TokenRange tokens) const {
  const auto count = static_cast<int32_t>(doc_.tokens.size());
  const int32_t next = tokens.end;
  if (tokens.size() == 1 && IsInitials(doc_.TokenText(tokens.begin)) && next < count &&
      doc_.tokens[static_cast<size_t>(next)].capitalized &&
      doc_.tokens[static_cast<size_t>(next)].kind == TokenKind::kWord &&
      doc_.tokens[static_cast<size_t>(next)].sentence ==
          doc_.tokens[static_cast<size_t>(tokens.begin)].sentence &&
      name_at_token_[static_cast<size_t>(next)] < 0) {
    ++tokens.end;
  }
  // "Ernst & Young".
  const auto joined = [&](int32_t sign, int32_t word) {
    return word >= 0 && word < count && doc_.TokenText(sign) == "&" &&
           doc_.tokens[static_cast<size_t>(word)].capitalized &&
           doc_.tokens[static_cast<size_t>(word)].sentence ==
               doc_.tokens[static_cast<size_t>(tokens.begin)].sentence &&
           name_at_token_[static_cast<size_t>(word)] < 0;
  };
  if (tokens.end < count && joined(tokens.end, tokens.end + 1)) tokens.end += 2;
  if (tokens.begin > 1 && joined(tokens.begin - 1, tokens.begin - 2)) tokens.begin -= 2;
  return tokens;
}

int32_t ActorBuilder::ListedNameAt(int32_t token) const {
  const Token& first = doc_.tokens[static_cast<size_t>(token)];
  if (first.kind != TokenKind::kWord) return 0;
  const std::string_view word = doc_.TextOf(first);
  if (word.size() > 40 || !known_.BeginsName(word)) return 0;
  const auto count = static_cast<int32_t>(doc_.tokens.size());
  int32_t end = token + 1;
  // "Bündnis 90/Die Grünen": not of words alone.
  while (end < count && end - token < kMaxListedWords &&
         (doc_.tokens[static_cast<size_t>(end)].kind == TokenKind::kWord ||
          doc_.tokens[static_cast<size_t>(end)].kind == TokenKind::kNumber ||
          doc_.TokenText(end) == "/") &&
         doc_.tokens[static_cast<size_t>(end)].sentence == first.sentence) {
    ++end;
  }
  for (; end > token; --end) {
    if (end - token > 1 &&
        !(first.capitalized && doc_.tokens[static_cast<size_t>(end) - 1].capitalized)) {
      continue;
    }
    const std::string text = Clean({token, end});
    const std::string key = NameKey(text);
    if (end - token > 1) {
      if (known_.FindBody(key, text) >= 0 || !known_.CountryOfName(key).empty()) return end - token;
      continue;
    }
    const int32_t body = known_.FindBody(key, text);
    if (body < 0) return 0;
    // A single word counts where it is no word of the dictionary, or stands in a line of sources.
    const auto entry = lexicon_.Find(word);
    const bool common = entry && !entry->analyses.empty() && !first.all_caps &&
                        !entry->classes.Has(WordClass::kMediaName | WordClass::kOrganizationName) &&
                        std::any_of(entry->analyses.begin(), entry->analyses.end(),
                                    [](const Analysis& a) { return a.pos != Pos::kProperNoun; });
    const bool medium = known_.body(body).type == ActorType::kMedia;
    if (!common && (first.capitalized || medium)) return 1;
    return first.sentence < 0 && medium ? 1 : 0;
  }
  return 0;
}

bool ActorBuilder::ResolveType(Name* name) const {
  EntityLabel label = EntityLabel::kUnspecified;
  // Entities are few; the one at the name's first token says its label.
  const auto first = std::lower_bound(
      doc_.entities.begin(), doc_.entities.end(), name->tokens.begin,
      [](const Entity& entity, int32_t token) { return entity.tokens.end <= token; });
  if (first != doc_.entities.end() && first->tokens.begin < name->tokens.end) {
    // "Landrat Hagen Wittkopf": a place inside a longer name says little of the whole.
    const bool whole = first->label != EntityLabel::kLocation || !name->own_phrase ||
                       first->tokens.size() == name->tokens.size() || name->tokens.size() < 2;
    label = whole ? first->label : EntityLabel::kUnspecified;
    name->confidence = first->confidence;
  }
  const NounPhrase* phrase =
      name->phrase >= 0 && name->own_phrase ? &phrases_[name->phrase] : nullptr;
  const Token& last = doc_.tokens[static_cast<size_t>(name->tokens.end - 1)];
  const Token& start = doc_.tokens[static_cast<size_t>(name->tokens.begin)];
  const bool titled = phrase != nullptr && phrase->head < name->tokens.begin;
  const WordClass head = titled ? phrase->classes : WordClass{};
  if (label != EntityLabel::kPerson && !head.Has(kPersonClasses)) {
    const std::string_view state = known_.CountryOfName(name->key);
    if (!state.empty() && (!head.Has(kBodyClasses) || label == EntityLabel::kLocation)) {
      name->type = ActorType::kState;
      name->country = state;
      // "... Geheimdienst Gazal ...": two phrases, or a heading without its mark.
      if (titled && head.Has(kBodyClasses)) name->own_phrase = false;
      return true;
    }
  }
  const bool joined = std::any_of(
      doc_.tokens.begin() + name->tokens.begin, doc_.tokens.begin() + name->tokens.end,
      [this](const Token& token) { return doc_.TextOf(token) == "&"; });
  if (joined) {
    name->type = ActorType::kOrganization;
    return true;
  }
  const bool in_marks =
      name->tokens.begin > 0 &&
      doc_.tokens[static_cast<size_t>(name->tokens.begin) - 1].kind == TokenKind::kOpeningQuote;
  const int32_t body = known_.FindBody(name->key, name->text);
  if (body >= 0) {
    const ActorType type = known_.body(body).type;
    // "Bild", "Stern", "Standard": a word of the dictionary needs more than its form.
    const bool word = name->tokens.size() == 1 && start.known && start.pos == Pos::kNoun &&
                      !start.classes.Has(WordClass::kMediaName | WordClass::kOrganizationName);
    // "der Westen" acts or is a point of the compass.
    if (type == ActorType::kGroup && (phrase == nullptr || !IsAgent(*phrase))) return false;
    if (!word || in_marks || type == ActorType::kGroup || head.Has(kBodyClasses) ||
        label == EntityLabel::kOrganization || type == ActorType::kOrganization) {
      name->type = type;
      name->country = known_.body(body).country;
      name->body = body;
      return true;
    }
  }
  if (label != EntityLabel::kPerson && !head.Has(kActorClasses)) {
    const std::string_view capital = known_.CountryOfCapital(name->key);
    if (!capital.empty()) {
      // A capital or seat of power stands for its state when it acts or speaks.
      if (phrase == nullptr || phrase->tokens.size() > name->tokens.size() + 1 ||
          !IsAgent(*phrase)) {
        return false;
      }
      const auto next = static_cast<size_t>(name->tokens.end);
      if (next < doc_.tokens.size() && doc_.TextOf(doc_.tokens[next]) == "(") return false;
      name->type = ActorType::kState;
      name->country = capital;
      name->metonym = true;
      return true;
    }
  }
  if (titled) {
    if (head.Has(kPersonClasses) && label != EntityLabel::kLocation) {
      name->type = ActorType::kPerson;
      return true;
    }
    if (head.Has(WordClass::kMediaNoun)) {
      name->type = ActorType::kMedia;
      return true;
    }
    // "Staatsanwaltschaft Sandau" is named by where it is: a noun with an attribute.
    if (head.Has(WordClass::kOrganizationNoun) &&
        (label == EntityLabel::kLocation ||
         last.classes.Has(WordClass::kCity | WordClass::kCapital | WordClass::kCountry))) {
      return false;
    }
    // "die Fluggesellschaft Nordair", but "die Regierung Berg".
    const std::vector<std::string>& kinds = known_.RefersTo(HeadKey(*phrase));
    const bool any_body = std::find(kinds.begin(), kinds.end(), kAnyBody) != kinds.end() &&
                          !start.classes.Has(WordClass::kFirstName | WordClass::kLastName);
    if (head.Has(WordClass::kOrganizationNoun) && (label != EntityLabel::kPerson || any_body)) {
      name->type = ActorType::kOrganization;
      return true;
    }
  }
  // "Sandauer Rundschau": the last word of a paper's name.
  const bool compound = known_.EndsInMasthead(doc_.TextOf(last));
  const bool masthead =
      compound || (name->tokens.size() > 1 && known_.IsMasthead(doc_.TextOf(last)));
  if (masthead && label != EntityLabel::kPerson &&
      (in_marks || label == EntityLabel::kOrganization)) {
    name->type = ActorType::kMedia;
    name->newspaper = true;
    return true;
  }
  // „Arbeitskreis Deich“.
  if (in_marks && name->tokens.size() > 1 && start.classes.Has(WordClass::kOrganizationNoun) &&
      label != EntityLabel::kPerson) {
    name->type = ActorType::kOrganization;
    return true;
  }
  // "nach Angaben von Eurostat": who is cited acts, also where nothing is known of the name.
  const bool unlisted =
      name->own_phrase && !start.known &&
      !start.classes.Has(WordClass::kCountry | WordClass::kCapital | WordClass::kCity);
  // "Der USGS teilte mit": letters with an article that do something.
  const bool letters = unlisted && start.all_caps && name->tokens.size() == 1 &&
                       phrase->determiner >= 0 && phrase->definite && IsSubject(*phrase);
  if (unlisted && label != EntityLabel::kPerson && (letters || IsSource(*phrase))) {
    name->type = ActorType::kOrganization;
    return true;
  }
  switch (label) {
    case EntityLabel::kPerson: {
      // "Gazal-Chemie": a common noun behind the hyphen makes no surname.
      const std::string_view word = doc_.TextOf(last);
      const size_t hyphen = word.rfind('-');
      if (name->tokens.size() == 1 && hyphen != std::string_view::npos) {
        const auto entry = lexicon_.Find(word.substr(hyphen + 1));
        if (entry && !entry->classes.Has(WordClass::kLastName | WordClass::kFirstName) &&
            std::any_of(entry->analyses.begin(), entry->analyses.end(),
                        [](const Analysis& a) { return a.pos == Pos::kNoun; })) {
          name->type = ActorType::kOrganization;
          return true;
        }
      }
      // "Die Thai Rak Thai": people have no article.
      const bool article = phrase != nullptr && !titled && phrase->definite &&
                           phrase->determiner >= 0 && phrase->determiner + 1 == name->tokens.begin &&
                           !start.classes.Has(WordClass::kFirstName | WordClass::kLastName);
      name->type = article ? ActorType::kOrganization : ActorType::kPerson;
      return true;
    }
    case EntityLabel::kOrganization:
      name->type = last.classes.Has(WordClass::kMediaNoun | WordClass::kMediaName)
                       ? ActorType::kMedia
                       : ActorType::kOrganization;
      return true;
    case EntityLabel::kLocation:
      // "Hamburg erklärte": who governs it.
      if (phrase == nullptr || titled || !IsSubject(*phrase) || !Speaks(*phrase)) return false;
      name->type = ActorType::kOrganization;
      return true;
    case EntityLabel::kMisc:
    case EntityLabel::kUnspecified:
      break;
  }
  if (last.classes.Has(WordClass::kMediaName)) {
    name->type = ActorType::kMedia;
    return true;
  }
  if (last.classes.Has(WordClass::kOrganizationName)) {
    name->type = ActorType::kOrganization;
    return true;
  }
  if (label != EntityLabel::kMisc && name->tokens.size() > 1 &&
      start.classes.Has(WordClass::kFirstName)) {
    name->type = ActorType::kPerson;
    return true;
  }
  // Nothing is known of it but that it speaks: "Filep Karma sagte", "GGG.at berichtete".
  if (phrase == nullptr || titled || !IsSubject(*phrase) || !Speaks(*phrase)) return false;
  const bool site = name->text.find('.') != std::string::npos && name->tokens.size() == 1;
  const bool of_body = in_marks || phrase->determiner >= 0 || start.all_caps ||
                       (name->tokens.size() == 1 && !start.classes.Has(WordClass::kLastName));
  name->type = site      ? ActorType::kMedia
               : of_body ? ActorType::kOrganization
                         : ActorType::kPerson;
  return true;
}

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
    SplitFirstNames(&words);
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

void ActorBuilder::LinkAbbreviations() {
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
  // Initials ("Institute for Example Affairs", later "IEA"), and the longer form of a name that
  // begins or ends with a shorter one of the same article.
  absl::flat_hash_map<std::string, int32_t> by_initials;
  std::vector<std::pair<std::string, int32_t>> keys(bodies_by_key_.begin(), bodies_by_key_.end());
  std::sort(keys.begin(), keys.end());
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
    if (key.find(' ') == std::string::npos && key.size() >= 2 && key.size() <= 8) {
      const auto it = by_initials.find(key);
      const std::string& name = At(cluster).name;
      const bool abbreviation =
          name.size() >= 2 && name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'A' && name[1] <= 'Z';
      if (abbreviation && it != by_initials.end() && Find(it->second) != Find(cluster) &&
          At(it->second).name.find(' ') != std::string::npos) {
        Merge(cluster, it->second);
        continue;
      }
    }
    // "Hisb-Miliz", "Verein Sandau": a general noun around the name says what it is.
    const size_t hyphen = key.rfind('-');
    if (hyphen != std::string::npos && hyphen > 1 &&
        !known_.RefersTo(key.substr(hyphen + 1)).empty()) {
      const auto it = bodies_by_key_.find(key.substr(0, hyphen));
      if (it != bodies_by_key_.end()) Merge(cluster, it->second);
      continue;
    }
    const size_t blank = key.find(' ');
    if (blank == std::string::npos) continue;
    // "Nordair GmbH", later "Nordair"; "Demokratische Partei Thailands", later without the country.
    const size_t last = key.rfind(' ');
    const std::string_view last_word = std::string_view(key).substr(last + 1);
    const bool adds_place = key.find(' ', blank + 1) != std::string::npos &&
                            !known_.CountryOfName(last_word).empty();
    if (adds_place || known_.IsLegalForm(last_word)) {
      // All but the last word of a key have lost the ending of an adjective, its own last has not.
      const std::string_view name = At(cluster).name;
      const auto it = bodies_by_key_.find(NameKey(name.substr(0, name.rfind(' '))));
      if (it != bodies_by_key_.end() && Find(it->second) != Find(cluster)) {
        Merge(cluster, it->second);
        continue;
      }
    }
    // "Fluggesellschaft Wingair", later "Wingair".
    const std::string& full = At(cluster).name;
    const std::string_view first = std::string_view(full).substr(0, full.find(' '));
    const auto noun = lexicon_.Find(first);
    const auto part = lexicon_.FindHead(first);
    const bool body_noun = (noun && noun->classes.Has(kBodyClasses)) ||
                           (!noun && part && part->entry.classes.Has(kBodyClasses));
    if (const auto it = bodies_by_key_.find(key.substr(blank + 1));
        it != bodies_by_key_.end() && Find(it->second) != Find(cluster) && body_noun) {
      Merge(cluster, it->second);
      continue;
    }
    for (const std::string& part : {key.substr(0, blank), NameKey(key.substr(0, blank))}) {
      const auto it = bodies_by_key_.find(part);
      if (it == bodies_by_key_.end() || Find(it->second) == Find(cluster)) continue;
      const Cluster& shorter = At(it->second);
      const auto entry = lexicon_.Find(shorter.name);
      const bool letters = IsUpperCase(shorter.name);
      // A common word begins many names.
      if (entry && !entry->analyses.empty() && !letters) continue;
      if (shorter.type == At(cluster).type) Merge(it->second, cluster);
      break;
    }
  }
}

}  // namespace lagebild::extract
