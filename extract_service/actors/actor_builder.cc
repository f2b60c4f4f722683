#include "extract_service/actors/actor_builder.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

// Bounds of what is looked at, so that time stays linear on any input.
constexpr size_t kMaxRecent = 60;         ///< Referents kept for pronouns and nouns.
constexpr size_t kMaxBucket = 12;         ///< Clusters that share a surname or a head noun.
constexpr size_t kMaxAliases = 24;        ///< Surface forms kept per actor.
constexpr size_t kMaxRoles = 8;           ///< Roles kept per actor.
constexpr size_t kMaxNameBytes = 200;     ///< Longer names are no names.
constexpr int32_t kMaxListedWords = 8;    ///< Words of a listed name.
constexpr int32_t kPronounSentences = 3;  ///< How far back a pronoun reaches.
constexpr int32_t kNounSentences = 4;     ///< How far back "der Mann" reaches.

constexpr uint32_t kPersonClasses =
    WordClass::kOffice | WordClass::kTitle | WordClass::kPersonNoun | WordClass::kDemonym;
constexpr uint32_t kBodyClasses = WordClass::kOrganizationNoun | WordClass::kMediaNoun;
constexpr uint32_t kActorClasses = kPersonClasses | kBodyClasses | WordClass::kGroupNoun;
constexpr uint32_t kGenderNumber = Morphology::kGenders | Morphology::kNumbers;

/// Kind of body (actor_nouns.tsv) of which a country has one.
constexpr std::string_view kArmy = "army";

// Rule ids.
constexpr std::string_view kRulePerson = "actors.person_name";
constexpr std::string_view kRuleState = "actors.state_name";
constexpr std::string_view kRuleMetonym = "actors.metonym";
constexpr std::string_view kRuleKnown = "actors.listed_name";
constexpr std::string_view kRuleBody = "actors.body_name";
constexpr std::string_view kRuleNominalPerson = "actors.person_noun";
constexpr std::string_view kRuleNominalBody = "actors.body_noun";
constexpr std::string_view kRuleGroup = "actors.group_noun";

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

/// Whether two words differ by one letter put in, left out or changed (in bytes).
bool OneEditApart(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1 || a == b) return false;
  size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (a.size() == b.size()) return a.substr(i + 1) == b.substr(i + 1);
  return a.substr(i) == b.substr(i + 1);
}

void AddOnce(std::vector<std::string>* list, std::string item, size_t limit) {
  if (item.empty() || list->size() >= limit) return;
  if (std::find(list->begin(), list->end(), item) == list->end()) list->push_back(std::move(item));
}

std::string_view WithoutGenitive(std::string_view word) {
  return word.substr(0, GenitiveStem(word));
}

}  // namespace

ActorBuilder::ActorBuilder(AnnotatedDocument& document, const Lexicon& lexicon,
                           const KnownActors& known, const NounPhrases& phrases)
    : doc_(document), lexicon_(lexicon), known_(known), phrases_(phrases) {}

void ActorBuilder::Build() {
  name_of_phrase_.assign(phrases_.all().size(), -1);
  cluster_of_phrase_.assign(phrases_.all().size(), -1);
  name_at_token_.assign(doc_.tokens.size(), -1);
  CollectNames();
  ClusterPersons();
  ClusterBodies();
  LinkAbbreviations();
  ReadText();
  Emit();
}

// ---- Facts of phrases ------------------------------------------------------------------------

std::string ActorBuilder::Clean(const TokenRange& range) const {
  std::string text;
  if (range.empty()) return text;
  for (char c : doc_.TextOf(doc_.SpanOf(range))) {
    if (static_cast<unsigned char>(c) <= ' ') {
      if (!text.empty() && text.back() != ' ') text += ' ';
    } else {
      text += c;
    }
  }
  return text;
}

bool ActorBuilder::IsSubject(const NounPhrase& phrase) const {
  return phrase.relation == PhraseRelation::kNone && phrase.preposition < 0 &&
         (!phrase.morphology.Has(Morphology::kCases) ||
          phrase.morphology.Has(Morphology::kNominative));
}

bool ActorBuilder::IsAgent(const NounPhrase& phrase) const {
  if (IsSubject(phrase)) return true;
  if (phrase.preposition >= 0) {
    const std::string_view word = doc_.TokenText(phrase.preposition);
    if (phrase.relation == PhraseRelation::kNone &&
        (known_.IsSourcePreposition(word) || known_.IsAgentPreposition(word))) {
      return true;
    }
  }
  // "Angaben der Polizei", "Bericht von Augenzeugen".
  if (phrase.parent >= 0 && (phrase.relation == PhraseRelation::kGenitive ||
                             phrase.relation == PhraseRelation::kPrepositional)) {
    const Token& head = doc_.tokens[static_cast<size_t>(phrases_[phrase.parent].head)];
    return head.lemma != Token::kNoLemma && known_.IsSourceNoun(lexicon_.Lemma(head.lemma));
  }
  return false;
}

std::string ActorBuilder::HeadKey(const NounPhrase& phrase) const {
  const Token& token = doc_.tokens[static_cast<size_t>(phrase.head)];
  const std::string_view form = doc_.TextOf(token);
  std::string_view word = form;
  if (token.lemma != Token::kNoLemma) word = lexicon_.Lemma(token.lemma);
  size_t prefix = 0;
  if (!known_.CountryOfPrefix(word, &prefix).empty()) word.remove_prefix(prefix);
  // A compound that no dictionary has gets its base form from its last part.
  if (token.lemma == Token::kNoLemma) {
    const auto last = lexicon_.CompoundHead(word);
    const auto entry = last ? lexicon_.Find(*last) : std::nullopt;
    if (entry && last->size() <= word.size()) {
      for (const Analysis& analysis : entry->analyses) {
        if (analysis.pos != Pos::kNoun) continue;
        return LowerCase(word.substr(0, word.size() - last->size())) +
               LowerCase(lexicon_.Lemma(analysis.lemma));
      }
    }
  }
  return LowerCase(word);
}

TokenRange ActorBuilder::NominalRange(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  TokenRange range{phrase.core.begin, phrase.core.end};
  if (phrase.determiner >= range.begin && phrase.determiner < phrase.head) {
    range.begin = phrase.determiner + 1;
  }
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].core.begin < phrase.tokens.end;
       ++i) {
    const NounPhrase& child = phrases_[i];
    if (child.parent != index) continue;
    if (child.relation == PhraseRelation::kApposition) break;
    if (child.tokens.end > range.end) range.end = child.tokens.end;
  }
  return range;
}

std::string ActorBuilder::CountryOf(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  for (int32_t i = phrase.core.begin; i < phrase.head; ++i) {
    const Token& token = doc_.tokens[static_cast<size_t>(i)];
    if (token.kind != TokenKind::kWord) continue;
    const std::string_view code = known_.CountryOfAdjective(doc_.TextOf(token));
    if (!code.empty()) return std::string(code);
    size_t length = 0;
    if (token.pos == Pos::kAdjective || IsTruncated(doc_.TextOf(token))) {
      const std::string_view prefix = known_.CountryOfPrefix(doc_.TextOf(token), &length);
      if (!prefix.empty()) return std::string(prefix);
    }
  }
  size_t length = 0;
  const std::string_view head = doc_.TokenText(phrase.head);
  if (phrase.name.empty() || phrase.head < phrase.name.begin) {
    const std::string_view prefix = known_.CountryOfPrefix(head, &length);
    if (!prefix.empty()) return std::string(prefix);
  }
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].core.begin < phrase.tokens.end;
       ++i) {
    const NounPhrase& child = phrases_[i];
    if (child.parent != index || child.relation == PhraseRelation::kModifier ||
        child.relation == PhraseRelation::kApposition) {
      continue;
    }
    if (child.kind == PhraseKind::kName) {
      const std::string key = NameKey(Clean(child.name));
      std::string_view code = known_.CountryOfName(key);
      if (code.empty()) code = known_.CountryOfCapital(key);
      if (!code.empty()) return std::string(code);
      const int32_t body = known_.FindBody(key);
      if (body >= 0) return known_.body(body).country;
    }
    std::string code = child.relation == PhraseRelation::kGenitive ||
                               child.relation == PhraseRelation::kPrepositional
                           ? CountryOf(i)
                           : std::string();
    if (!code.empty()) return code;
  }
  return {};
}

std::string ActorBuilder::ModifierOf(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].core.begin < phrase.tokens.end;
       ++i) {
    const NounPhrase& child = phrases_[i];
    if (child.parent != index || child.relation == PhraseRelation::kApposition ||
        child.relation == PhraseRelation::kModifier) {
      continue;
    }
    TokenRange words = child.name.empty() ? NominalRange(i) : child.name;
    const std::string key = NameKey(Clean(words));
    // A country is held apart from other modifiers.
    if (!known_.CountryOfName(key).empty() || !known_.CountryOfCapital(key).empty()) continue;
    return key;
  }
  return {};
}

std::string ActorBuilder::NominalName(int32_t index, const TokenRange& range) const {
  const NounPhrase& phrase = phrases_[index];
  if (range.empty()) return {};
  if (phrase.head < range.begin || phrase.head >= range.end) return Clean(range);
  // Adjectives get the strong ending of the nominative, the head its lemma where that is singular.
  const uint32_t bits = phrase.morphology.bits;
  std::string_view ending = "e";
  const bool plural = (bits & Morphology::kPlural) && !(bits & Morphology::kSingular);
  if (!plural) {
    const uint32_t gender = bits & Morphology::kGenders;
    if (gender == Morphology::kMasculine) ending = "er";
    if (gender == Morphology::kNeuter) ending = "es";
  }
  std::string name;
  for (int32_t i = range.begin; i < range.end; ++i) {
    const Token& token = doc_.tokens[static_cast<size_t>(i)];
    std::string word(doc_.TextOf(token));
    if (i < phrase.head && i >= phrase.core.begin && token.pos == Pos::kAdjective &&
        token.kind == TokenKind::kWord && !token.capitalized) {
      for (std::string_view old : {"en", "em", "er", "es", "e"}) {
        if (word.size() > old.size() + 2 && word.ends_with(old)) {
          word.resize(word.size() - old.size());
          word += ending;
          break;
        }
      }
    } else if (i == phrase.head && token.lemma != Token::kNoLemma && !plural) {
      const std::string_view lemma = lexicon_.Lemma(token.lemma);
      // The lemma of a compound guessed by its ending is the word itself; keep what is shorter.
      if (lemma.size() >= 3 && LowerCase(lemma).substr(0, 3) == LowerCase(word).substr(0, 3)) {
        word = std::string(lemma);
      }
    }
    if (!name.empty() && token.space_before) name += ' ';
    name += word;
  }
  return name;
}

uint32_t ActorBuilder::Agreement(const NounPhrase& phrase) const {
  uint32_t bits = phrase.morphology.bits & kGenderNumber;
  // "Herr", "Frau" and offices in "-in" say what a name does not.
  for (int32_t i = phrase.core.begin; i < phrase.core.end; ++i) {
    const uint32_t gender = known_.GenderOfTitle(doc_.TokenText(i));
    if (gender != 0) return gender | Morphology::kSingular;
  }
  return bits;
}

bool ActorBuilder::Agrees(uint32_t a, uint32_t b) {
  const uint32_t number_a = a & Morphology::kNumbers;
  const uint32_t number_b = b & Morphology::kNumbers;
  if (number_a != 0 && number_b != 0 && (number_a & number_b) == 0) return false;
  // In the plural gender does not show.
  if ((number_a | number_b) == Morphology::kPlural) return true;
  const uint32_t gender_a = a & Morphology::kGenders;
  const uint32_t gender_b = b & Morphology::kGenders;
  return gender_a == 0 || gender_b == 0 || (gender_a & gender_b) != 0;
}

// ---- Clusters --------------------------------------------------------------------------------

int32_t ActorBuilder::Find(int32_t cluster) const {
  while (clusters_[static_cast<size_t>(cluster)].merged_into >= 0) {
    cluster = clusters_[static_cast<size_t>(cluster)].merged_into;
  }
  return cluster;
}

int32_t ActorBuilder::NewCluster(ActorType type, std::string_view rule, double confidence) {
  Cluster cluster;
  cluster.type = type;
  cluster.rule = rule;
  cluster.confidence = confidence;
  clusters_.push_back(std::move(cluster));
  return static_cast<int32_t>(clusters_.size()) - 1;
}

void ActorBuilder::Merge(int32_t from, int32_t into) {
  from = Find(from);
  into = Find(into);
  if (from == into) return;
  Cluster& source = clusters_[static_cast<size_t>(from)];
  Cluster& target = clusters_[static_cast<size_t>(into)];
  if (target.country.empty()) target.country = source.country;
  if (target.name.empty() || (source.named && !target.named)) target.name = source.name;
  for (std::string& role : source.roles) AddOnce(&target.roles, std::move(role), kMaxRoles);
  for (std::string& head : source.role_heads) {
    AddOnce(&target.role_heads, std::move(head), kMaxRoles);
  }
  for (std::string& alias : source.aliases) {
    AddOnce(&target.aliases, std::move(alias), kMaxAliases);
  }
  for (Mention& mention : source.mentions) target.mentions.push_back(mention);
  target.morphology |= target.morphology == 0 ? source.morphology : 0;
  if (target.kind.empty()) target.kind = source.kind;
  if (target.tokens.size() < source.tokens.size()) target.tokens = source.tokens;
  target.named = target.named || source.named;
  target.confidence = std::max(target.confidence, source.confidence);
  source.merged_into = into;
  source.mentions.clear();
}

void ActorBuilder::AddMention(int32_t cluster, const TokenRange& tokens, MentionKind kind) {
  Mention mention;
  mention.tokens = tokens;
  mention.span = doc_.SpanOf(tokens);
  mention.kind = kind;
  At(cluster).mentions.push_back(mention);
}

void ActorBuilder::AddAlias(int32_t cluster, std::string alias) {
  if (alias.size() <= kMaxNameBytes) AddOnce(&At(cluster).aliases, std::move(alias), kMaxAliases);
}

void ActorBuilder::Remember(int32_t cluster, const NounPhrase* phrase, int32_t token) {
  Referent referent;
  referent.cluster = cluster;
  referent.token = token;
  referent.sentence = doc_.tokens[static_cast<size_t>(token)].sentence;
  referent.subject = phrase != nullptr && IsSubject(*phrase);
  recent_.push_back(referent);
  if (recent_.size() > kMaxRecent) recent_.pop_front();
}

// ---- Names -----------------------------------------------------------------------------------

void ActorBuilder::CollectNames() {
  const auto add = [this](const TokenRange& tokens, int32_t phrase, bool own) {
    if (tokens.empty() || names_.size() >= kMaxItemsPerLayer) return;
    for (int32_t i = tokens.begin; i < tokens.end; ++i) {
      if (name_at_token_[static_cast<size_t>(i)] >= 0) return;
    }
    Name name;
    name.tokens = tokens;
    name.phrase = phrase;
    name.own_phrase = own;
    name.text = Clean(tokens);
    if (name.text.size() > kMaxNameBytes) return;
    name.key = NameKey(name.text);
    if (!ResolveType(&name)) return;
    const auto index = static_cast<int32_t>(names_.size());
    for (int32_t i = tokens.begin; i < tokens.end; ++i) {
      name_at_token_[static_cast<size_t>(i)] = index;
    }
    if (own) name_of_phrase_[static_cast<size_t>(phrase)] = index;
    names_.push_back(std::move(name));
  };
  // Listed names first, also where no tagger saw them: "Voice of America", agencies in the line of
  // sources.
  const auto count = static_cast<int32_t>(doc_.tokens.size());
  for (int32_t i = 0; i < count; ++i) {
    const int32_t length = ListedNameAt(i);
    if (length == 0) continue;
    const TokenRange tokens{i, i + length};
    int32_t phrase = phrases_.Innermost(i + length - 1);
    bool own = false;
    if (phrase >= 0) {
      const NounPhrase& around = phrases_[phrase];
      own = around.core.end == tokens.end ||
            (around.core.end == tokens.end + 1 && !around.name.empty());
      // The name's last word is the head, or an apposition to it.
      own = own && around.core.begin <= i &&
            (tokens.Contains(around.head) || around.head < tokens.begin);
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
        const std::string key = NameKey(Clean(wide));
        if (known_.FindBody(key) >= 0 || !known_.CountryOfName(key).empty() ||
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
      const std::string key = NameKey(Clean(range));
      if (known_.FindBody(key) >= 0 || !known_.CountryOfName(key).empty() ||
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
}

int32_t ActorBuilder::ListedNameAt(int32_t token) const {
  const Token& first = doc_.tokens[static_cast<size_t>(token)];
  if (first.kind != TokenKind::kWord) return 0;
  const std::string_view word = doc_.TextOf(first);
  if (word.size() > 40 || !known_.BeginsName(word)) return 0;
  const auto count = static_cast<int32_t>(doc_.tokens.size());
  int32_t end = token + 1;
  while (end < count && end - token < kMaxListedWords &&
         doc_.tokens[static_cast<size_t>(end)].kind == TokenKind::kWord &&
         doc_.tokens[static_cast<size_t>(end)].sentence == first.sentence) {
    ++end;
  }
  for (; end > token; --end) {
    const std::string key = NameKey(Clean({token, end}));
    if (end - token > 1) {
      const Token& last = doc_.tokens[static_cast<size_t>(end) - 1];
      if (!last.capitalized || !first.capitalized) continue;
      if (known_.FindBody(key) >= 0 || !known_.CountryOfName(key).empty()) return end - token;
      continue;
    }
    const int32_t body = known_.FindBody(key);
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
    label = first->label;
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
    if (!state.empty() && !head.Has(kBodyClasses)) {
      name->type = ActorType::kState;
      name->country = state;
      return true;
    }
  }
  const int32_t body = known_.FindBody(name->key);
  if (body >= 0) {
    const ActorType type = known_.body(body).type;
    // "Bild", "Stern", "Standard": a word of the dictionary needs more than its form.
    const bool word = name->tokens.size() == 1 && start.known && start.pos == Pos::kNoun &&
                      !start.classes.Has(WordClass::kMediaName | WordClass::kOrganizationName);
    const bool quoted =
        name->tokens.begin > 0 &&
        doc_.tokens[static_cast<size_t>(name->tokens.begin) - 1].kind == TokenKind::kOpeningQuote;
    // "der Westen" acts or is a point of the compass.
    if (type == ActorType::kGroup && (phrase == nullptr || !IsAgent(*phrase))) return false;
    if (!word || quoted || type == ActorType::kGroup || head.Has(kBodyClasses) ||
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
    if (head.Has(WordClass::kOrganizationNoun) && label != EntityLabel::kPerson) {
      name->type = ActorType::kOrganization;
      return true;
    }
  }
  switch (label) {
    case EntityLabel::kPerson:
      name->type = ActorType::kPerson;
      return true;
    case EntityLabel::kOrganization:
      name->type = last.classes.Has(WordClass::kMediaNoun | WordClass::kMediaName)
                       ? ActorType::kMedia
                       : ActorType::kOrganization;
      return true;
    case EntityLabel::kLocation:
    case EntityLabel::kMisc:
      return false;
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
  if (name->tokens.size() > 1 && start.classes.Has(WordClass::kFirstName)) {
    name->type = ActorType::kPerson;
    return true;
  }
  return false;
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
      if (!Agrees(agreement, cluster.morphology)) continue;
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
    return Find(cluster);
  }
  cluster = NewCluster(ActorType::kPerson, kRulePerson, tokens.size() > 1 ? 0.9 : 0.7);
  Cluster& made = clusters_.back();
  made.tokens = tokens;
  made.named = true;
  made.morphology = Morphology::kSingular;
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
    last_words.insert(words.back());
    persons.emplace_back(n, std::move(words));
  }
  for (auto& [n, words] : persons) {
    const std::string stem(WithoutGenitive(words.back()));
    if (stem == words.back()) continue;
    const Name& name = names_[n];
    const bool genitive = name.own_phrase && name.phrase >= 0 &&
                          phrases_[name.phrase].relation == PhraseRelation::kGenitive;
    const bool apostrophe = !words.back().ends_with("s");
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

void ActorBuilder::LinkAbbreviations() {
  // "National Example Service (NES)" and "NES (National Example Service)".
  for (size_t n = 1; n < names_.size(); ++n) {
    Name& second = names_[n];
    const auto before = static_cast<size_t>(second.tokens.begin);
    if (before < 2 || doc_.TextOf(doc_.tokens[before - 1]) != "(") continue;
    const auto after = static_cast<size_t>(second.tokens.end);
    if (after >= doc_.tokens.size() || doc_.TextOf(doc_.tokens[after]) != ")") continue;
    const int32_t name = name_at_token_[before - 2];
    if (name < 0 || second.cluster < 0) continue;
    Name& first = names_[static_cast<size_t>(name)];
    if (first.cluster < 0 || Find(first.cluster) == Find(second.cluster)) continue;
    const auto is_body = [this](int32_t cluster) {
      const ActorType type = At(cluster).type;
      return type == ActorType::kOrganization || type == ActorType::kMedia;
    };
    if (!is_body(first.cluster) || !is_body(second.cluster)) continue;
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
    for (const std::string& part : {key.substr(0, blank), NameKey(key.substr(0, blank))}) {
      const auto it = bodies_by_key_.find(part);
      if (it == bodies_by_key_.end() || Find(it->second) == Find(cluster)) continue;
      const Cluster& shorter = At(it->second);
      const auto entry = lexicon_.Find(shorter.name);
      if (entry && !entry->analyses.empty()) continue;  // A common word begins many names.
      if (shorter.type == At(cluster).type) Merge(it->second, cluster);
      break;
    }
  }
}

// ---- Reading from the front ------------------------------------------------------------------

void ActorBuilder::ReadText() {
  // Names outside of phrases come in between, by their first token.
  size_t next_name = 0;
  const auto read_names_before = [&](int32_t token) {
    for (; next_name < names_.size() && names_[next_name].tokens.begin < token; ++next_name) {
      Name& name = names_[next_name];
      if (!name.own_phrase) ReadName(name);
    }
  };
  for (int32_t p = 0; p < phrases_.size(); ++p) {
    if (clusters_.size() > 2 * kMaxItemsPerLayer) break;
    const NounPhrase& phrase = phrases_[p];
    read_names_before(phrase.tokens.begin);
    if (phrase.kind == PhraseKind::kPronoun) {
      ReadPronoun(p);
      continue;
    }
    const int32_t name = name_of_phrase_[static_cast<size_t>(p)];
    if (name >= 0 && names_[static_cast<size_t>(name)].cluster >= 0) {
      ReadName(names_[static_cast<size_t>(name)]);
    } else {
      ReadNominal(p);
    }
  }
  read_names_before(static_cast<int32_t>(doc_.tokens.size()));
}

void ActorBuilder::AddRole(int32_t index, int32_t phrase, const TokenRange& words, int32_t head) {
  Cluster& cluster = At(index);
  const NounPhrase& of = phrases_[phrase];
  if (words.empty()) return;
  NounPhrase nominal = of;
  nominal.head = head;
  std::string role = NominalName(phrase, words);
  if (role.size() > kMaxNameBytes) return;
  AddOnce(&cluster.roles, std::move(role), kMaxRoles);
  AddOnce(&cluster.role_heads, HeadKey(nominal), kMaxRoles);
  const std::string country = CountryOf(phrase);
  if (cluster.country.empty()) cluster.country = country;
}

void ActorBuilder::ReadName(Name& name) {
  if (name.cluster < 0) return;
  const NounPhrase* phrase = name.own_phrase ? &phrases_[name.phrase] : nullptr;
  if (phrase != nullptr && phrase->head < name.tokens.begin && phrase->head >= 0) {
    // Words before the name: an office, a title, a kind of body.
    const WordClass head = phrase->classes;
    TokenRange words{phrase->core.begin, phrase->head + 1};
    if (phrase->determiner >= words.begin) words.begin = phrase->determiner + 1;
    const uint32_t gender_of_title = known_.GenderOfTitle(doc_.TokenText(phrase->head));
    const bool role = head.Has(kActorClasses & ~WordClass::kTitle) && gender_of_title == 0;
    if (At(name.cluster).type == ActorType::kPerson) {
      const uint32_t gender = Agreement(*phrase) & Morphology::kGenders;
      Cluster& person = At(name.cluster);
      if (!(person.morphology & Morphology::kGenders)) {
        person.morphology = gender | Morphology::kSingular;
      }
      // "der Präsident" before, "Präsident Tann" now: one and the same.
      if (role && person.mentions.empty()) {
        const std::string key = HeadKey(*phrase);
        const auto it = nominals_by_head_.find(key);
        const std::string country = CountryOf(name.phrase);
        if (it != nominals_by_head_.end()) {
          for (int32_t candidate : it->second) {
            const Cluster& nominal = At(candidate);
            if (nominal.named || nominal.type != ActorType::kPerson) continue;
            if (nominal.country.empty() || country.empty() || nominal.country != country) continue;
            Merge(candidate, name.cluster);
            break;
          }
        }
      }
    }
    if (role && !words.empty() &&
        (At(name.cluster).type == ActorType::kPerson || head.Has(kBodyClasses))) {
      AddRole(name.cluster, name.phrase, words, phrase->head);
    }
  } else if (phrase != nullptr) {
    const std::string country = CountryOf(name.phrase);
    Cluster& cluster = At(name.cluster);
    if (cluster.country.empty() && cluster.type != ActorType::kPerson) cluster.country = country;
    // The article tells the gender of a body's name.
    if (phrase->determiner >= 0 && cluster.type != ActorType::kPerson &&
        !(cluster.morphology & Morphology::kGenders)) {
      cluster.morphology = phrase->morphology.bits & kGenderNumber;
    }
  }
  if (phrase != nullptr) cluster_of_phrase_[static_cast<size_t>(name.phrase)] = name.cluster;
  const int32_t apposition =
      phrase != nullptr && phrase->parent >= 0 && phrase->relation == PhraseRelation::kApposition
          ? cluster_of_phrase_[static_cast<size_t>(phrase->parent)]
          : -1;
  if (apposition >= 0 && Find(apposition) != Find(name.cluster) && !At(apposition).named &&
      At(apposition).type == At(name.cluster).type) {
    Merge(apposition, name.cluster);
  }
  Mention mention;
  mention.kind = MentionKind::kName;
  mention.span = doc_.SpanOf(name.tokens);
  mention.tokens = name.tokens;
  if (phrase != nullptr) mention.tokens = phrase->tokens;
  At(name.cluster).mentions.push_back(mention);
  AddAlias(name.cluster, name.text);
  if (phrase == nullptr || phrase->relation != PhraseRelation::kApposition) {
    Remember(name.cluster, phrase, name.tokens.begin);
  }
}

int32_t ActorBuilder::AppositionCluster(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].core.begin < phrase.tokens.end;
       ++i) {
    if (phrases_[i].parent != index || phrases_[i].relation != PhraseRelation::kApposition) {
      continue;
    }
    const int32_t name = name_of_phrase_[static_cast<size_t>(i)];
    if (name >= 0) return names_[static_cast<size_t>(name)].cluster;
  }
  if (phrase.relation == PhraseRelation::kApposition && phrase.parent >= 0) {
    return cluster_of_phrase_[static_cast<size_t>(phrase.parent)];
  }
  return -1;
}

int32_t ActorBuilder::FindPerson(int32_t index, const std::string& head, const std::string& country,
                                 bool bare) const {
  const NounPhrase& phrase = phrases_[index];
  const uint32_t agreement = Agreement(phrase);
  const std::string_view form = doc_.TokenText(phrase.head);
  const std::string_view demonym =
      phrase.classes.Has(WordClass::kDemonym) ? known_.CountryOfDemonym(form) : std::string_view();
  const std::vector<std::string>& kinds = known_.RefersTo(head);
  const bool generic = std::find(kinds.begin(), kinds.end(), "person") != kinds.end();
  int32_t fallback = -1;
  for (size_t i = recent_.size(); i-- > 0;) {
    const Referent& referent = recent_[i];
    const Cluster& person = At(referent.cluster);
    if (person.type != ActorType::kPerson || !Agrees(agreement, person.morphology)) continue;
    if (!demonym.empty()) {
      if (person.country == demonym) return Find(referent.cluster);
      if (person.country.empty() && fallback < 0) fallback = Find(referent.cluster);
      continue;
    }
    if (!country.empty() && !person.country.empty() && country != person.country) continue;
    for (const std::string& role : person.role_heads) {
      if (role == head) return Find(referent.cluster);
      // "der Minister" for the "Energieminister", the full word for nobody shorter.
      if (head.size() >= 4 && role.size() > head.size() && role.ends_with(head) &&
          (country.empty() || country == person.country)) {
        return Find(referent.cluster);
      }
    }
    // "der venezolanische Staatschef" for its president.
    if (generic && !country.empty() && country == person.country) return Find(referent.cluster);
    if (generic && bare && country.empty() && fallback < 0 &&
        phrase.sentence - referent.sentence <= kNounSentences &&
        (referent.subject || person.named)) {
      fallback = Find(referent.cluster);
    }
  }
  return fallback;
}

int32_t ActorBuilder::FindBody(int32_t index, const std::string& head, const std::string& country,
                               const std::string& modifier, bool bare, ActorType type) const {
  const NounPhrase& phrase = phrases_[index];
  const std::vector<std::string>& kinds = known_.RefersTo(head);
  // "seine Regierung" is told apart by somebody else.
  if (phrase.possessive) return -1;
  // A country has one army, whatever it is called.
  if (type == ActorType::kOrganization && !country.empty() && modifier.empty() &&
      std::find(kinds.begin(), kinds.end(), kArmy) != kinds.end()) {
    for (size_t i = recent_.size(); i-- > 0;) {
      const Cluster& other = At(recent_[i].cluster);
      if (other.type == type && other.kind == kArmy && other.country == country) {
        return Find(recent_[i].cluster);
      }
    }
  }
  // The same noun: newest first, countries and modifiers must not contradict.
  const auto it = nominals_by_head_.find(head);
  if (it != nominals_by_head_.end()) {
    for (size_t i = it->second.size(); i-- > 0;) {
      const Cluster& other = At(it->second[i]);
      if (other.type != type && !(other.named && type == ActorType::kOrganization)) continue;
      if (!country.empty() && !other.country.empty() && country != other.country) continue;
      if (!country.empty() && other.country.empty() && !bare && other.modifier != modifier)
        continue;
      if (!modifier.empty() && modifier != other.modifier) continue;
      if (country.empty() && modifier.empty() && !phrase.definite && !other.country.empty() &&
          phrase.determiner >= 0) {
        continue;
      }
      return Find(it->second[i]);
    }
  }
  if (!bare || !phrase.definite || type == ActorType::kGroup) return -1;
  for (size_t i = recent_.size(); i-- > 0;) {
    const Referent& referent = recent_[i];
    const Cluster& other = At(referent.cluster);
    if (other.type == ActorType::kPerson || other.type == ActorType::kGroup) continue;
    // "die Kommission" for the "Wahlkommission".
    if (other.type == type && !other.head.empty() && other.head.size() > head.size() &&
        head.size() >= 4 && other.head.ends_with(head)) {
      return Find(referent.cluster);
    }
    for (const std::string& role : other.role_heads) {
      if (role == head || (head.size() >= 4 && role.ends_with(head))) {
        return Find(referent.cluster);
      }
    }
    for (const std::string& kind : kinds) {
      const bool fits =
          kind == other.kind || (kind == "media" && other.type == ActorType::kMedia) ||
          (kind == "organization" && other.type == ActorType::kOrganization && other.named &&
           other.kind.empty()) ||
          (other.type == ActorType::kMedia && other.kind.empty() && type == ActorType::kMedia);
      if (fits && phrase.sentence - referent.sentence <= 2 * kNounSentences) {
        return Find(referent.cluster);
      }
    }
  }
  return -1;
}

void ActorBuilder::ReadNominal(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  const WordClass classes = phrase.classes;
  const std::string head = HeadKey(phrase);
  const bool state_noun = [&] {
    const std::vector<std::string>& kinds = known_.RefersTo(head);
    return std::find(kinds.begin(), kinds.end(), "state") != kinds.end();
  }();
  const std::string_view form = doc_.TokenText(phrase.head);
  const bool demonym = classes.Has(WordClass::kDemonym);
  if (!classes.Has(kActorClasses) && !state_noun) return;
  const bool singular = phrase.morphology.Has(Morphology::kSingular);
  bool plural = phrase.morphology.Has(Morphology::kPlural) && !singular;
  if (phrase.morphology.Has(Morphology::kPlural) && singular && phrase.determiner < 0) {
    // "Experten warnen": without an article a noun for people is a plural.
    plural = classes.Has(kPersonClasses | WordClass::kGroupNoun);
  }
  std::string country = CountryOf(index);
  if (demonym && country.empty()) country = std::string(known_.CountryOfDemonym(form));
  const std::string modifier = ModifierOf(index);
  const TokenRange range = NominalRange(index);
  // "die gleiche Nachrichtenagentur" says no more than "die Nachrichtenagentur".
  const bool anaphoric = range.size() == 2 && known_.IsAnaphoric(doc_.TokenText(range.begin));
  const bool bare =
      (range.size() <= 1 || anaphoric) && country.empty() && modifier.empty() && !phrase.possessive;
  const bool agent = IsAgent(phrase);
  const MentionKind kind = MentionKind::kNominal;

  const auto attach = [&](int32_t cluster) {
    cluster_of_phrase_[static_cast<size_t>(index)] = cluster;
    Mention mention;
    mention.kind = kind;
    mention.tokens = phrase.tokens;
    TokenRange shown = range;
    if (phrase.determiner >= 0) shown.begin = std::min(shown.begin, phrase.determiner);
    mention.span = doc_.SpanOf(shown);
    Cluster& target = At(cluster);
    target.mentions.push_back(mention);
    AddAlias(cluster, Clean(range));
    const TokenRange core{range.begin, phrase.core.end};
    if (core.size() < range.size() && core.size() > 1) AddAlias(cluster, Clean(core));
    if (target.country.empty()) target.country = country;
    Remember(cluster, &phrase, phrase.head);
  };

  // An apposition names the same one: "die Sprecherin, Anna Berg,".
  const int32_t same = AppositionCluster(index);
  if (same >= 0) {
    const ActorType type = At(same).type;
    const bool person = classes.Has(kPersonClasses);
    if ((type == ActorType::kPerson) == person && type != ActorType::kState) {
      AddRole(same, index, range, phrase.head);
      cluster_of_phrase_[static_cast<size_t>(index)] = same;
      const uint32_t gender = Agreement(phrase) & Morphology::kGenders;
      if (!(At(same).morphology & Morphology::kGenders)) At(same).morphology |= gender;
      attach(same);
      return;
    }
  }

  if (state_noun && !classes.Has(kBodyClasses | kPersonClasses)) {
    // "das isolierte Land": the state spoken of last, if it is told apart by more than the article
    // or is the subject.
    if (!phrase.definite || plural || !country.empty() || !modifier.empty()) return;
    if (bare && !agent) return;
    int32_t best = -1;
    int32_t best_score = 0;
    for (size_t i = recent_.size(); i-- > 0;) {
      const Referent& referent = recent_[i];
      const int32_t distance = phrase.sentence - referent.sentence;
      if (distance > kNounSentences) break;
      if (At(referent.cluster).type != ActorType::kState) continue;
      const int32_t score = 10 - distance + (referent.subject ? 2 : 0);
      if (score > best_score) {
        best_score = score;
        best = Find(referent.cluster);
      }
    }
    if (best >= 0) attach(best);
    return;
  }

  // "Hisbollah-Miliz": the name is in the compound.
  const size_t hyphen = form.rfind('-');
  if (hyphen != std::string_view::npos && hyphen > 1 && hyphen + 1 < form.size()) {
    const auto it = bodies_by_key_.find(NameKey(form.substr(0, hyphen)));
    if (it != bodies_by_key_.end() &&
        !known_.RefersTo(LowerCase(form.substr(hyphen + 1))).empty()) {
      attach(Find(it->second));
      return;
    }
  }

  if (plural ||
      (classes.Has(WordClass::kGroupNoun) && !classes.Has(kBodyClasses | kPersonClasses))) {
    ActorType type = ActorType::kGroup;
    if (classes.Has(WordClass::kMediaNoun)) type = ActorType::kMedia;
    const int32_t known = FindBody(index, head, country, modifier, bare, type);
    if (known >= 0) {
      attach(known);
      return;
    }
    if (!agent && country.empty()) return;
    const int32_t cluster = NewCluster(type, kRuleGroup, agent ? 0.55 : 0.4);
    Cluster& group = clusters_.back();
    group.head = head;
    group.country = country;
    group.modifier = modifier;
    group.morphology = Morphology::kPlural;
    group.name = NominalName(index, range);
    std::vector<int32_t>& bucket = nominals_by_head_[head];
    if (bucket.size() < kMaxBucket) bucket.push_back(cluster);
    attach(cluster);
    return;
  }

  if (classes.Has(kBodyClasses)) {
    const ActorType type =
        classes.Has(WordClass::kMediaNoun) ? ActorType::kMedia : ActorType::kOrganization;
    const int32_t known = FindBody(index, head, country, modifier, bare, type);
    const bool indefinite = phrase.determiner >= 0 && !phrase.definite;
    if (known >= 0 && !indefinite) {
      attach(known);
      return;
    }
    if (indefinite && !agent) return;
    if (bare && !phrase.definite && !agent) return;
    if (bare && !agent && type == ActorType::kMedia) return;
    const int32_t cluster = NewCluster(type, kRuleNominalBody, agent ? 0.65 : 0.45);
    Cluster& body = clusters_.back();
    body.head = head;
    body.country = country;
    body.modifier = modifier;
    body.morphology = phrase.morphology.bits & kGenderNumber;
    body.name = NominalName(index, range);
    const std::vector<std::string>& kinds = known_.RefersTo(head);
    if (!kinds.empty()) body.kind = kinds.front();
    std::vector<int32_t>& bucket = nominals_by_head_[head];
    if (bucket.size() < kMaxBucket) bucket.push_back(cluster);
    attach(cluster);
    return;
  }

  // A person by function. A noun without article is a role ("wird Minister") unless a source.
  if (!classes.Has(kPersonClasses)) return;
  const bool source = phrase.preposition >= 0 || phrase.relation != PhraseRelation::kNone;
  if (phrase.determiner < 0 && country.empty() && modifier.empty() && !(source && agent)) return;
  if (phrase.definite || source) {
    const int32_t known = FindPerson(index, head, country, bare || range.size() <= 2);
    if (known >= 0) {
      if (classes.Has(WordClass::kOffice) && !(bare && At(known).role_heads.size() > 0)) {
        AddRole(known, index, range, phrase.head);
      }
      attach(known);
      return;
    }
  }
  if (!agent) return;
  if (!classes.Has(WordClass::kOffice) && bare && phrase.definite) return;
  const int32_t cluster = NewCluster(ActorType::kPerson, kRuleNominalPerson,
                                     classes.Has(WordClass::kOffice) ? 0.6 : 0.45);
  Cluster& person = clusters_.back();
  person.head = head;
  person.country = country;
  person.modifier = modifier;
  person.morphology = Agreement(phrase);
  person.name = NominalName(index, range);
  std::vector<int32_t>& bucket = nominals_by_head_[head];
  if (bucket.size() < kMaxBucket) bucket.push_back(cluster);
  AddRole(cluster, index, range, phrase.head);
  attach(cluster);
}

void ActorBuilder::ReadPronoun(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  if (!phrase.morphology.Has(Morphology::kThird)) return;
  if (phrase.relative) {
    if (phrase.antecedent < 0) return;
    const int32_t cluster = cluster_of_phrase_[static_cast<size_t>(phrase.antecedent)];
    if (cluster < 0) return;
    AddMention(cluster, phrase.tokens, MentionKind::kPronoun);
    cluster_of_phrase_[static_cast<size_t>(index)] = cluster;
    return;
  }
  uint32_t wanted = phrase.morphology.bits & kGenderNumber;
  // "es", "das", "man" rarely stand for somebody.
  if ((wanted & Morphology::kGenders) == Morphology::kNeuter || !phrase.definite) return;
  const bool both = (wanted & Morphology::kSingular) && (wanted & Morphology::kPlural);
  if (both) {
    // "sie": the finite verb beside it tells the number.
    for (const int32_t i : {phrase.head + 1, phrase.head - 1}) {
      if (i < 0 || static_cast<size_t>(i) >= doc_.tokens.size()) continue;
      const Token& verb = doc_.tokens[static_cast<size_t>(i)];
      if (verb.pos != Pos::kVerb && verb.pos != Pos::kAuxiliary) continue;
      const uint32_t number = verb.morphology.bits & Morphology::kNumbers;
      if (number == Morphology::kSingular || number == Morphology::kPlural) {
        wanted &= ~Morphology::kNumbers;
        wanted |= number;
        break;
      }
    }
  }
  if ((wanted & Morphology::kNumbers) == Morphology::kPlural) wanted &= ~Morphology::kGenders;
  if (both && (wanted & Morphology::kNumbers) == Morphology::kSingular) {
    wanted = Morphology::kFeminine | Morphology::kSingular;
  }
  int32_t best = -1;
  double best_score = 0;
  for (size_t i = recent_.size(); i-- > 0;) {
    const Referent& referent = recent_[i];
    const int32_t distance = phrase.sentence - referent.sentence;
    if (distance > kPronounSentences) break;
    const Cluster& cluster = At(referent.cluster);
    const bool person = cluster.type == ActorType::kPerson;
    const uint32_t own = cluster.morphology;
    const bool plural_own = (own & Morphology::kNumbers) == Morphology::kPlural;
    const bool plural_wanted = (wanted & Morphology::kNumbers) == Morphology::kPlural;
    if (plural_own != plural_wanted && (wanted & Morphology::kNumbers) != Morphology::kNumbers) {
      continue;
    }
    if (!Agrees(wanted, own)) continue;
    // What is no person needs a gender that is known.
    if (!person && !plural_own && !(own & Morphology::kGenders)) continue;
    double score = 10.0 - 3.0 * distance - 0.02 * static_cast<double>(recent_.size() - i);
    if (referent.subject) score += 4;
    if (person) score += 3;
    if (person && !(own & Morphology::kGenders)) score -= 1.5;
    if (score > best_score) {
      best_score = score;
      best = Find(referent.cluster);
    }
  }
  if (best < 0) return;
  Cluster& cluster = At(best);
  // What the pronoun says of a person's gender holds from now on.
  if (cluster.type == ActorType::kPerson && !(cluster.morphology & Morphology::kGenders)) {
    const uint32_t gender = wanted & Morphology::kGenders;
    if (gender == Morphology::kMasculine || gender == Morphology::kFeminine) {
      cluster.morphology |= gender;
    }
  }
  AddMention(best, phrase.tokens, MentionKind::kPronoun);
  cluster_of_phrase_[static_cast<size_t>(index)] = best;
  Remember(best, &phrase, phrase.head);
}

// ---- Result ----------------------------------------------------------------------------------

void ActorBuilder::Emit() {
  doc_.actors.clear();
  // A head noun alone is an alias where only one actor of the document has it.
  absl::flat_hash_map<std::string, int32_t> heads;
  for (const Cluster& cluster : clusters_) {
    if (cluster.merged_into < 0 && !cluster.head.empty() && !cluster.mentions.empty()) {
      ++heads[cluster.head];
    }
  }
  std::vector<std::pair<int32_t, int32_t>> order;  // First token, cluster.
  for (size_t c = 0; c < clusters_.size(); ++c) {
    Cluster& cluster = clusters_[c];
    if (cluster.merged_into >= 0 || cluster.mentions.empty()) continue;
    std::sort(cluster.mentions.begin(), cluster.mentions.end(),
              [](const Mention& a, const Mention& b) {
                return std::tie(a.span.begin, a.span.end) < std::tie(b.span.begin, b.span.end);
              });
    order.emplace_back(cluster.mentions.front().span.begin, static_cast<int32_t>(c));
  }
  std::sort(order.begin(), order.end());
  if (order.size() > kMaxItemsPerLayer) {
    order.resize(kMaxItemsPerLayer);
    doc_.truncated_layers.push_back("actors");
  }
  std::vector<int32_t> actor_of(clusters_.size(), -1);
  for (const auto& [begin, c] : order) {
    Cluster& cluster = clusters_[static_cast<size_t>(c)];
    actor_of[static_cast<size_t>(c)] = static_cast<int32_t>(doc_.actors.size());
    Actor actor;
    actor.name = cluster.name.empty() ? cluster.aliases.empty() ? std::string() : cluster.aliases[0]
                                      : cluster.name;
    actor.type = cluster.type;
    actor.roles = std::move(cluster.roles);
    actor.country = cluster.country;
    actor.morphology.bits = cluster.morphology;
    actor.rule = std::string(cluster.rule);
    actor.confidence = cluster.confidence;
    // The bare head noun as it stands in the text.
    if (!cluster.named && heads[cluster.head] == 1) {
      for (const Mention& mention : cluster.mentions) {
        if (mention.kind != MentionKind::kNominal) continue;
        const int32_t outer = phrases_.Outermost(mention.tokens.begin);
        for (int32_t p = outer; p >= 0 && p < phrases_.size(); ++p) {
          if (phrases_[p].tokens.begin > mention.tokens.begin) break;
          if (!(phrases_[p].tokens == mention.tokens)) continue;
          AddOnce(&cluster.aliases, std::string(doc_.TokenText(phrases_[p].head)), kMaxAliases);
          break;
        }
      }
    }
    actor.aliases = std::move(cluster.aliases);
    actor.mentions = std::move(cluster.mentions);
    doc_.actors.push_back(std::move(actor));
  }
  for (Entity& entity : doc_.entities) {
    entity.actor = -1;
    if (entity.tokens.empty()) continue;
    const int32_t name = name_at_token_[static_cast<size_t>(entity.tokens.begin)];
    if (name < 0 || names_[static_cast<size_t>(name)].cluster < 0) continue;
    entity.actor = actor_of[static_cast<size_t>(Find(names_[static_cast<size_t>(name)].cluster))];
  }
}

}  // namespace lagebild::extract
