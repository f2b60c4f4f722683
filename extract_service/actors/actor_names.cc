#include <algorithm>
#include <utility>

#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

/// "B.N.", "J.": first letters of first names.
bool IsInitials(std::string_view word) {
  if (word.size() < 2 || word.size() % 2 != 0) return false;
  for (size_t i = 0; i < word.size(); i += 2) {
    if (word[i] < 'A' || word[i] > 'Z' || word[i + 1] != '.') return false;
  }
  return true;
}

}  // namespace

void ActorBuilder::AddName(const TokenRange& tokens, int32_t phrase, bool own) {
  if (tokens.empty() || IsTaken(tokens)) return;
  if (phrase >= 0 && IsOneOfBody(tokens, phrases_[phrase])) return;
  Name name;
  name.tokens = WithPurpose(WithMissedWords(WithoutTitle(tokens)), own ? phrase : -1);
  name.phrase = phrase;
  name.own_phrase = own;
  name.text = Clean(name.tokens);
  name.key = NameKey(name.text);
  if (name.text.size() > kMaxNameBytes || !ResolveType(&name)) return;
  Keep(std::move(name), tokens);
}

bool ActorBuilder::IsOneOfBody(const TokenRange& tokens, const NounPhrase& phrase) const {
  if (tokens.size() != 1 || phrase.head != tokens.begin || phrase.determiner < 0 ||
      !phrase.classes.Has(WordClass::kPersonNoun) || !IsListed(tokens)) {
    return false;
  }
  const uint32_t agreement = Agreement(phrase);
  const bool named = phrase.name.begin > phrase.head;
  return agreement == (Morphology::kMasculine | Morphology::kSingular) ||
         (named && (agreement & Morphology::kPlural) == 0);
}

void ActorBuilder::Keep(Name name, const TokenRange& found) {
  if (names_.size() >= kMaxItemsPerLayer) return;
  const auto index = static_cast<int32_t>(names_.size());
  std::fill(name_at_token_.begin() + std::min(found.begin, name.tokens.begin),
            name_at_token_.begin() + std::max(found.end, name.tokens.end), index);
  if (name.own_phrase) name_of_phrase_[static_cast<size_t>(name.phrase)] = index;
  names_.push_back(std::move(name));
}

bool ActorBuilder::IsTaken(const TokenRange& tokens) const {
  return std::any_of(name_at_token_.begin() + tokens.begin, name_at_token_.begin() + tokens.end,
                     [](int32_t name) { return name >= 0; });
}

bool ActorBuilder::IsListed(const TokenRange& tokens) const {
  const std::string text = Clean(tokens);
  const std::string key = NameKey(text);
  return known_.FindBody(key, text) >= 0 || !known_.CountryOfName(key).empty() ||
         !known_.CountryOfCapital(key).empty();
}

bool ActorBuilder::IsBranch(std::string_view name) const {
  const size_t hyphen = name.rfind('-');
  if (hyphen == std::string_view::npos || hyphen == 0) return false;
  const std::string_view whole = name.substr(hyphen + 1);
  const int32_t body = known_.FindBody(NameKey(whole), whole);
  return body >= 0 && known_.body(body).type == ActorType::kOrganization;
}

void ActorBuilder::CollectQuotedNames() {
  constexpr int32_t kShortest = 2, kLongest = 6;
  for (const Quotation& quotation : doc_.quotations) {
    const TokenRange name{quotation.tokens.begin + 1, quotation.tokens.end - 1};
    if (name.size() < kShortest || name.size() > kLongest || name.begin < 2) continue;
    const Token& before = doc_.tokens[static_cast<size_t>(quotation.tokens.begin) - 1];
    const Token& first = doc_.tokens[static_cast<size_t>(name.begin)];
    const Token& last = doc_.tokens[static_cast<size_t>(name.end) - 1];
    const int32_t phrase = phrases_.Innermost(name.begin);
    const bool whole = phrase >= 0 && phrases_[phrase].core.end >= name.end;
    if (whole || last.kind != TokenKind::kWord) continue;
    const bool body = before.pos == Pos::kDeterminer && first.capitalized &&
                      first.classes.Has(WordClass::kOrganizationNoun);
    // "die in Sandau erscheinende „Rundschau am Sonntag“".
    const bool paper = (before.pos == Pos::kDeterminer || before.pos == Pos::kAdjective) &&
                       known_.IsMasthead(doc_.TextOf(first));
    if (body || paper || before.classes.Has(WordClass::kMediaNoun)) AddName(name, phrase, false);
  }
}

void ActorBuilder::CollectNames() {
  CollectQuotedNames();
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
    // "die Zeitung Sandau Heute", of which a phrase holds the place only.
    const int32_t opening = phrases_.Innermost(i);
    if (opening >= 0 && opening != phrase && phrases_[opening].name.begin == i &&
        phrases_[opening].core.end < i + length && phrases_[opening].head < i) {
      phrase = opening;
      own = true;
    } else if (phrase >= 0) {
      const NounPhrase& holder = phrases_[phrase];
      own = holder.core.end == tokens.end ||
            (holder.core.end == tokens.end + 1 && !holder.name.empty());
      // The name's last word is the head, or an apposition to it.
      own = own && holder.core.begin <= i &&
            (tokens.Contains(holder.head) || holder.head < tokens.begin);
    }
    AddName(tokens, phrase, own);
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
        if (IsListed(wide)) {
          AddName(wide, p, true);
          continue;
        }
      }
      AddName(phrase.name, p, true);
      continue;
    }
    // "Auswärtiges Amt": common words that the lists know as a name.
    const TokenRange words = {
        phrase.determiner >= phrase.core.begin ? phrase.determiner + 1 : phrase.core.begin,
        phrase.core.end};
    for (const TokenRange& range : {NominalRange(p), words}) {
      if (range.empty() || range.size() > 8) continue;
      if (IsListed(range) || (range.size() == 1 && IsBranch(doc_.TokenText(range.begin)))) {
        AddName(range, p, true);
        break;
      }
    }
  }
  for (const Entity& entity : doc_.entities) {
    if (entity.tokens.empty() ||
        doc_.tokens[static_cast<size_t>(entity.tokens.begin)].sentence < 0) {
      continue;
    }
    AddName(entity.tokens, phrases_.Innermost(entity.tokens.begin), false);
  }
  CompleteLists();
  PartNeighbours();
  CollectSpeakers();
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
  const auto is_body = [this](int32_t phrase) {
    const int32_t name = name_of_phrase_[static_cast<size_t>(phrase)];
    return name >= 0 && names_[static_cast<size_t>(name)].type == ActorType::kOrganization;
  };
  for (int32_t p = 0; p < phrases_.size(); ++p) {
    const TokenRange& tokens = phrases_[p].name;
    if (phrases_[p].coordination < 0 || tokens.empty() ||
        name_of_phrase_[static_cast<size_t>(p)] >= 0 || IsTaken(tokens)) {
      continue;
    }
    const std::vector<int32_t> conjuncts = phrases_.Conjuncts(p);
    if (conjuncts.size() < 3 ||
        !std::all_of(conjuncts.begin(), conjuncts.end(),
                     [&](int32_t conjunct) { return conjunct == p || is_body(conjunct); })) {
      continue;
    }
    Name name;
    name.tokens = tokens;
    name.phrase = p;
    name.own_phrase = true;
    name.text = Clean(tokens);
    if (name.text.size() > kMaxNameBytes) continue;
    name.key = NameKey(name.text);
    name.type = ActorType::kOrganization;
    Keep(std::move(name), tokens);
  }
}

void ActorBuilder::PartNeighbours() {
  // Full names by their last word, as far as they have one or two.
  absl::flat_hash_map<std::string_view, std::string_view> first_by_last;
  const auto word = [this](int32_t token) { return doc_.TokenText(token); };
  for (const Name& name : names_) {
    if (name.type == ActorType::kPerson && name.tokens.size() == 2) {
      first_by_last.try_emplace(word(name.tokens.end - 1), word(name.tokens.begin));
    }
  }
  const size_t count = names_.size();
  for (size_t i = 0; i < count; ++i) {
    const TokenRange whole = names_[i].tokens;
    if (whole.size() != 3) continue;
    const auto last = first_by_last.find(word(whole.end - 1));
    // Both surnames are known, and the last is not the first's.
    if (last == first_by_last.end() || last->second == word(whole.begin) ||
        !first_by_last.contains(word(whole.end - 2))) {
      continue;
    }
    Name& first = names_[i];
    first.tokens.end = whole.end - 1;
    first.text = Clean(first.tokens);
    first.key = NameKey(first.text);
    first.type = ActorType::kPerson;
    first.body = -1;
    name_at_token_[static_cast<size_t>(whole.end) - 1] = -1;
    AddName({whole.end - 1, whole.end}, first.phrase, false);
  }
}

void ActorBuilder::CollectSpeakers() {
  constexpr int32_t kOften = 3;  // A word of the dictionary is a name only where it always is bare.
  struct Use {
    int32_t bare = 0;
    bool declined = false;  ///< With an article, an attribute or in the plural.
    bool speaks = false;
    bool named = false;
  };
  absl::flat_hash_map<std::string_view, Use> uses;
  for (const Name& name : names_) {
    if (name.tokens.size() == 1 && name.type == ActorType::kOrganization) {
      uses[doc_.TokenText(name.tokens.begin)].named = true;
    }
  }
  const auto is_common = [this](const NounPhrase& phrase) {
    return phrase.kind == PhraseKind::kNominal && phrase.name.empty() &&
           !phrase.classes.Has(kActorClasses) && !IsTaken({phrase.head, phrase.head + 1});
  };
  const auto is_bare = [](const NounPhrase& phrase) {
    return phrase.determiner < 0 && phrase.core.size() == 1 &&
           phrase.morphology.Has(Morphology::kSingular);
  };
  for (const NounPhrase& phrase : phrases_.all()) {
    if (!is_common(phrase)) continue;
    Use& use = uses[doc_.TokenText(phrase.head)];
    if (!is_bare(phrase)) {
      use.declined = true;
      continue;
    }
    ++use.bare;
    use.speaks = use.speaks || (!InHeadline(phrase.head) && IsSubject(phrase) && Speaks(phrase));
  }
  for (int32_t p = 0; p < phrases_.size(); ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (!is_common(phrase) || !is_bare(phrase)) continue;
    const Token& word = doc_.tokens[static_cast<size_t>(phrase.head)];
    const Use& use = uses[doc_.TextOf(word)];
    const bool unknown = word.lemma == Token::kNoLemma;
    const bool speaks = use.speaks && !use.declined && use.bare >= (unknown ? 2 : kOften);
    if (!speaks && !(unknown && use.named)) continue;
    Name name;
    name.tokens = phrase.core;
    name.phrase = p;
    name.own_phrase = true;
    name.text = std::string(doc_.TextOf(word));
    name.key = NameKey(name.text);
    name.type = ActorType::kOrganization;
    Keep(std::move(name), phrase.core);
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
  // Last words of people's full names, first words of longer names of bodies.
  absl::flat_hash_set<std::string_view> surnames, first_words;
  const auto may_change = [](const Name& name) {
    return name.body < 0 &&
           (name.type == ActorType::kPerson || name.type == ActorType::kOrganization ||
            name.type == ActorType::kMedia);
  };
  for (const Name& name : names_) {
    const std::string_view key = name.key;
    if (const size_t blank = key.find(' '); blank != std::string_view::npos) {
      if (name.type == ActorType::kPerson) {
        surnames.insert(key.substr(key.rfind(' ') + 1));
      } else {
        first_words.insert(key.substr(0, blank));
      }
    }
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
    // "Anna Katz kam. Katz zufolge ...": of the second nothing was known but that it is cited.
    if (name.type == ActorType::kOrganization && surnames.contains(name.key) &&
        !first_words.contains(name.key)) {
      name.type = ActorType::kPerson;
    }
  }
}

bool ActorBuilder::IsRoleNoun(int32_t token) const {
  const WordClass classes = doc_.tokens[static_cast<size_t>(token)].classes;
  return classes.Has(WordClass::kOffice | WordClass::kPersonNoun) &&
         !classes.Has(WordClass::kFirstName | WordClass::kLastName);
}

TokenRange ActorBuilder::WithoutTitle(TokenRange tokens) const {
  // "ABC-Mann Berg".
  const std::string_view first = doc_.TokenText(tokens.begin);
  if (const size_t hyphen = first.rfind('-'); tokens.size() == 2 && hyphen != first.npos) {
    const auto role = lexicon_.Find(first.substr(hyphen + 1));
    if (role && role->classes.Has(WordClass::kOffice | WordClass::kPersonNoun)) ++tokens.begin;
  }
  while (tokens.size() > 2) {
    if (!IsRoleNoun(tokens.begin) ||
        !doc_.tokens[static_cast<size_t>(tokens.begin) + 1].classes.Has(WordClass::kFirstName)) {
      break;
    }
    ++tokens.begin;
  }
  return tokens;
}

TokenRange ActorBuilder::WithMissedWords(TokenRange tokens) const {
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

TokenRange ActorBuilder::WithPurpose(TokenRange tokens, int32_t phrase) const {
  // What the phrase holds behind its name: no place, no body.
  const int32_t child = phrase + 1;
  if (tokens.size() > 1 && phrase >= 0 && child < phrases_.size() &&
      phrases_[child].parent == phrase && phrases_[child].preposition == tokens.end &&
      phrases_[child].determiner < 0 && phrases_[child].core.size() == 1 &&
      phrases_[child].kind == PhraseKind::kNominal && !phrases_[child].classes.Has(kActorClasses)) {
    tokens.end = phrases_[child].core.end;
  }
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

}  // namespace lagebild::extract
