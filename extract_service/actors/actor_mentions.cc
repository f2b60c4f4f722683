#include <algorithm>
#include <utility>

#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

// Rule ids.
constexpr std::string_view kRuleNominalPerson = "actors.person_noun";
constexpr std::string_view kRuleNominalBody = "actors.body_noun";
constexpr std::string_view kRuleGroup = "actors.group_noun";

}  // namespace

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
    } else if (!IsInsideName(phrase)) {
      ReadNominal(p);
    }
    NoteDocument(p);
  }
  read_names_before(static_cast<int32_t>(doc_.tokens.size()));
}

bool ActorBuilder::IsInsideName(const NounPhrase& phrase) const {
  const int32_t name = name_at_token_[static_cast<size_t>(phrase.head)];
  if (name < 0) return false;
  const TokenRange& tokens = names_[static_cast<size_t>(name)].tokens;
  const TokenRange words{std::max(phrase.core.begin, phrase.determiner + 1), phrase.core.end};
  return tokens.begin <= words.begin && words.end <= tokens.end && tokens.size() > words.size();
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

bool ActorBuilder::IsOnlyAtHead(const Cluster& nominal) const {
  return std::all_of(nominal.mentions.begin(), nominal.mentions.end(), [this](const Mention& of) {
    if (InHeadline(of.tokens.begin)) return true;
    const int32_t phrase = phrases_.Outermost(of.tokens.begin);
    return phrase >= 0 && phrases_[phrase].sentence < kHeadSentences && !phrases_[phrase].definite;
  });
}

void ActorBuilder::TakeNounBefore(int32_t phrase, int32_t cluster) {
  const auto it = nominals_by_head_.find(HeadKey(phrases_[phrase]));
  if (it == nominals_by_head_.end()) return;
  const std::string country = CountryOf(phrase);
  const ActorType type = At(cluster).type;
  const bool person = type == ActorType::kPerson;
  for (const int32_t candidate : it->second) {
    const Cluster& nominal = At(candidate);
    if (nominal.named || nominal.type != type || nominal.mentions.empty()) continue;
    if (!person && !nominal.modifier.empty()) continue;
    if (!country.empty() && !nominal.country.empty() && nominal.country != country) continue;
    // "Präsident tritt zurück" is whom the text names, also without his country.
    if (!IsOnlyAtHead(nominal) && (!person || nominal.country.empty() || country.empty())) continue;
    Merge(candidate, cluster);
    return;
  }
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
      Cluster& person = At(name.cluster);
      if (head.Has(WordClass::kDemonym) && person.country.empty()) {
        person.country = std::string(known_.CountryOfDemonym(doc_.TokenText(phrase->head)));
      }
      // "Fahrgast Ellen Berg": the first name says more than a noun for men and women.
      const uint32_t gender = gender_of_title == 0 && GenderOfFirstName(person) != 0
                                  ? GenderOfFirstName(person)
                                  : Agreement(*phrase) & Morphology::kGenders;
      if (!(person.morphology & Morphology::kGenders)) {
        person.morphology = gender | Morphology::kSingular;
      }
      // "der Präsident" before, "Präsident Tann" now: one and the same.
      if (role && person.mentions.empty()) TakeNounBefore(name.phrase, name.cluster);
    }
    if (role && head.Has(kBodyClasses) && At(name.cluster).kind.empty()) {
      const std::vector<std::string>& kinds = known_.RefersTo(HeadKey(*phrase));
      if (!kinds.empty()) At(name.cluster).kind = kinds.front();
    }
    // "Verband warnt" over the text, then "der Verband Deichwacht".
    if (role && head.Has(kBodyClasses) && At(name.cluster).type != ActorType::kPerson &&
        At(name.cluster).mentions.empty()) {
      TakeNounBefore(name.phrase, name.cluster);
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
  if (phrase != nullptr) {
    cluster_of_phrase_[static_cast<size_t>(name.phrase)] = name.cluster;
    RememberTogether(name.phrase);
  }
  const int32_t apposition =
      phrase != nullptr && phrase->parent >= 0 && phrase->relation == PhraseRelation::kApposition
          ? cluster_of_phrase_[static_cast<size_t>(phrase->parent)]
          : -1;
  if (apposition >= 0 && Find(apposition) != Find(name.cluster) && !At(apposition).named &&
      At(apposition).type == At(name.cluster).type) {
    Merge(apposition, name.cluster);
  }
  if (const int32_t office = OfficeBeforeComma(name); office >= 0) {
    Merge(cluster_of_phrase_[static_cast<size_t>(office)], name.cluster);
  }
  ReadBracketBehind(name);
  Mention mention;
  mention.kind = MentionKind::kName;
  mention.span = doc_.SpanOf(name.tokens);
  mention.tokens = name.tokens;
  if (phrase != nullptr) mention.tokens = phrase->tokens;
  // "der Westen": the article belongs to what is no proper name.
  if (At(name.cluster).type == ActorType::kGroup && phrase != nullptr && phrase->determiner >= 0 &&
      phrase->determiner < name.tokens.begin) {
    mention.span = doc_.SpanOf({phrase->determiner, name.tokens.end});
  }
  At(name.cluster).mentions.push_back(mention);
  AddAlias(name.cluster, name.text);
  if (phrase == nullptr || phrase->relation != PhraseRelation::kApposition) {
    Remember(name.cluster, phrase, name.tokens.begin);
  }
}

int32_t ActorBuilder::OfficeBeforeComma(const Name& name) const {
  constexpr int kAttributes = 4;
  const auto word = [this](int32_t t) -> const Token& {
    return doc_.tokens[static_cast<size_t>(t)];
  };
  const int32_t comma = name.tokens.begin - 1;
  const int32_t behind = name.tokens.end;
  if (name.type != ActorType::kPerson || comma < 1 || doc_.TokenText(comma) != "," ||
      word(comma).sentence != word(name.tokens.begin).sentence) {
    return -1;
  }
  // "..., Ulf Tann, sagte", "..., Ulf Tann." and no list.
  const int32_t sentence = word(comma).sentence;
  const auto ends = [&](int32_t t) {
    return static_cast<size_t>(t) >= doc_.tokens.size() || word(t).sentence != sentence ||
           word(t).kind == TokenKind::kPunctuation;
  };
  if (!ends(behind)) return -1;
  if (static_cast<size_t>(behind) + 1 < doc_.tokens.size() && doc_.TokenText(behind) == "," &&
      word(behind + 1).sentence == sentence &&
      (word(behind + 1).pos == Pos::kCoordinator || word(behind + 1).capitalized)) {
    return -1;
  }
  int32_t end = comma;
  for (int i = 0; i <= kAttributes && end > 0; ++i) {
    if (doc_.TokenText(end - 1) == ")") {
      const int32_t close = end - 1;
      while (end > 0 && close - end < 6 && doc_.TokenText(end) != "(") --end;
      if (end <= 0 || doc_.TokenText(end) != "(") return -1;
    }
    const int32_t p = phrases_.Outermost(end - 1);
    const int32_t named = name_at_token_[static_cast<size_t>(end) - 1];
    int32_t begin = named < 0 ? end : names_[static_cast<size_t>(named)].tokens.begin;
    if (p >= 0) begin = std::min(begin, phrases_[p].tokens.begin);
    if (begin >= end || word(begin).sentence != sentence) return -1;
    const int32_t opening = phrases_.Outermost(begin);
    if (opening < 0) return -1;
    const NounPhrase& phrase = phrases_[opening];
    const int32_t cluster = cluster_of_phrase_[static_cast<size_t>(opening)];
    if (phrase.preposition < 0) {
      const bool office = (i > 0 || phrase.tokens.end < comma) &&
                          phrase.kind == PhraseKind::kNominal && phrase.definite &&
                          !phrase.possessive && phrase.classes.Has(kPersonClasses) &&
                          phrase.morphology.Has(Morphology::kSingular) && cluster >= 0;
      return office && At(cluster).type == ActorType::kPerson && !At(cluster).named &&
                     At(cluster).mentions.size() == 1 && Find(cluster) != Find(name.cluster) &&
                     Agrees(Agreement(phrase), At(name.cluster).morphology)
                 ? opening
                 : -1;
    }
    end = phrase.preposition;
  }
  return -1;
}

void ActorBuilder::ReadBracketBehind(const Name& name) {
  const auto open = static_cast<size_t>(name.tokens.end);
  if (open + 2 >= doc_.tokens.size() || doc_.TextOf(doc_.tokens[open]) != "(" ||
      doc_.TextOf(doc_.tokens[open + 2]) != ")" || At(name.cluster).type != ActorType::kPerson) {
    return;
  }
  const std::string_view word = doc_.TextOf(doc_.tokens[open + 1]);
  Cluster& person = At(name.cluster);
  if (const std::string_view country = known_.CountryOfName(NameKey(word)); !country.empty()) {
    if (person.country.empty()) person.country = std::string(country);
  } else if (doc_.tokens[open + 1].all_caps && person.party.empty()) {
    person.party = std::string(word);
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
  // "Ulf Tann, der Sprecher des Verbands sagte": the closing comma is often forgotten, but "sprach
  // Ulf Tann, ein Zuhörer schwieg" are two.
  const auto comma = static_cast<size_t>(phrase.tokens.begin) - 1;
  auto behind = static_cast<size_t>(phrase.tokens.end);
  // "der Chef des Verbands im Süden der Insel sagte".
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].sentence == phrase.sentence; ++i) {
    const NounPhrase& next = phrases_[i];
    if (next.preposition == static_cast<int32_t>(behind) &&
        next.tokens.begin == next.preposition + 1) {
      behind = static_cast<size_t>(next.tokens.end);
    } else if (next.tokens.begin > static_cast<int32_t>(behind)) {
      break;
    }
  }
  if (phrase.tokens.begin > 1 && phrase.determiner >= 0 &&
      (phrase.definite || phrase.tokens.end > phrase.core.end) && phrase.coordination < 0 &&
      phrase.parent < 0 && behind < doc_.tokens.size() && doc_.TextOf(doc_.tokens[comma]) == "," &&
      doc_.tokens[behind].morphology.Has(Morphology::kFinite) &&
      (doc_.tokens[behind].pos == Pos::kVerb || doc_.tokens[behind].pos == Pos::kAuxiliary)) {
    const int32_t name = name_at_token_[comma - 1];
    if (name >= 0 && names_[static_cast<size_t>(name)].type == ActorType::kPerson &&
        doc_.tokens[comma].sentence == phrase.sentence) {
      return names_[static_cast<size_t>(name)].cluster;
    }
  }
  const int32_t bracket = BracketCluster(index);
  return bracket >= 0 ? bracket : NamedBehind(index);
}

int32_t ActorBuilder::NamedBehind(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  auto begin = static_cast<size_t>(phrase.core.end);
  if (!phrase.classes.Has(kBodyClasses) || !phrase.name.empty() ||
      phrase.head + 1 != phrase.core.end || !phrase.morphology.Has(Morphology::kSingular)) {
    return -1;
  }
  if (begin < doc_.tokens.size() && doc_.tokens[begin].kind == TokenKind::kOpeningQuote) ++begin;
  if (begin >= doc_.tokens.size() || doc_.tokens[begin].sentence != phrase.sentence) return -1;
  const int32_t behind = name_at_token_[begin];
  if (behind < 0) return -1;
  const Name& name = names_[static_cast<size_t>(behind)];
  const bool listed = name.tokens.begin == static_cast<int32_t>(begin) && name.tokens.size() > 1 &&
                      name.body >= 0 &&
                      (name.type == ActorType::kOrganization || name.type == ActorType::kMedia);
  return listed ? name.cluster : -1;
}

int32_t ActorBuilder::SharedNameCluster(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  if (phrase.coordination < 0 || phrase.determiner < 0 || !phrase.name.empty()) return -1;
  const auto conjuncts = phrases_.Conjuncts(index);
  if (conjuncts.size() != 2 || conjuncts[0] != index) return -1;
  const NounPhrase& named = phrases_[conjuncts[1]];
  if (named.determiner >= 0 || !named.classes.Has(kPersonClasses)) return -1;
  // "Der Bürgermeister und Senator, Ulf Tann, sagte".
  const int32_t apposed = named.name.empty() ? AppositionCluster(conjuncts[1]) : -1;
  if (apposed < 0 && (named.name.empty() || named.head >= named.name.begin)) return -1;
  if (!Agrees(Agreement(phrase) & Morphology::kGenders, Agreement(named))) return -1;
  // "Der Minister und Landrat Tann sagten": two.
  uint32_t number = 0;
  for (const int32_t verb : {phrase.tokens.begin - 1, named.tokens.end}) {
    if (verb < 0 || static_cast<size_t>(verb) >= doc_.tokens.size()) continue;
    const Token& finite = doc_.tokens[static_cast<size_t>(verb)];
    const bool is_verb = finite.pos == Pos::kVerb || finite.pos == Pos::kAuxiliary;
    if (finite.sentence == phrase.sentence && is_verb) number |= NumberInThirdPerson(verb);
  }
  const bool one = number == Morphology::kSingular ||
                   (number == 0 && phrase.morphology.Has(Morphology::kSingular));
  if (!one) return -1;
  if (apposed >= 0) return At(apposed).type == ActorType::kPerson ? apposed : -1;
  const int32_t name = name_at_token_[static_cast<size_t>(named.name.begin)];
  if (name < 0 || names_[static_cast<size_t>(name)].type != ActorType::kPerson) return -1;
  return names_[static_cast<size_t>(name)].cluster;
}

int32_t ActorBuilder::PredicateCluster(int32_t index, ActorType type) const {
  constexpr int32_t kMostAdverbs = 2;
  const NounPhrase& phrase = phrases_[index];
  if (phrase.relation != PhraseRelation::kNone || phrase.possessive) return -1;
  const auto word = [this](int32_t t) -> const Token& {
    return doc_.tokens[static_cast<size_t>(t)];
  };
  const auto named_before = [&](int32_t end) {
    if (end > 1 && word(end - 1).kind == TokenKind::kClosingQuote) --end;
    if (end <= 0) return -1;
    const int32_t subject = phrases_.Outermost(end - 1);
    if (subject < 0 || phrases_[subject].sentence != phrase.sentence ||
        phrases_[subject].tokens.end < end) {
      return -1;
    }
    const int32_t cluster = cluster_of_phrase_[static_cast<size_t>(subject)];
    return cluster >= 0 && At(cluster).type == type && At(cluster).named ? cluster : -1;
  };
  // "Ulf Tann, als Leiter des Amtes zuständig".
  const int32_t as = phrase.preposition >= 0 ? phrase.preposition : phrase.tokens.begin - 1;
  if (as > 0 && known_.IsRoleOpener(doc_.TokenText(as))) {
    return doc_.TokenText(as - 1) == "," ? named_before(as - 1) : -1;
  }
  if (phrase.preposition >= 0) return -1;
  // "Sie ist seit Mai Sprecherin des Verbands".
  int32_t verb = phrase.tokens.begin - 1;
  for (int32_t skipped = 0; verb > 0 && skipped < kMostAdverbs; ++skipped) {
    if (word(verb).pos != Pos::kAdverb) break;
    --verb;
  }
  const auto is_copula = [&](int32_t t) {
    return t >= 0 && word(t).sentence == phrase.sentence && word(t).lemma != Token::kNoLemma &&
           word(t).morphology.Has(Morphology::kFinite) &&
           known_.IsCopula(lexicon_.Lemma(word(t).lemma));
  };
  if (verb <= 0) return -1;
  if (is_copula(verb)) return named_before(verb);
  // "Heute ist sie Sprecherin des Verbands".
  const int32_t subject = phrases_.Outermost(verb);
  const bool behind_copula = subject >= 0 && phrases_[subject].tokens.end == verb + 1 &&
                             phrases_[subject].preposition < 0 &&
                             is_copula(phrases_[subject].tokens.begin - 1);
  return behind_copula && phrase.determiner < 0 ? named_before(verb + 1) : -1;
}

int32_t ActorBuilder::BracketCluster(int32_t index) const {
  const NounPhrase& phrase = phrases_[index];
  int32_t end = std::max(NominalRange(index).end, phrase.core.end);
  // "die Mission in Gazal (ABC)": with where it is.
  for (int32_t i = index + 1; i < phrases_.size() && phrases_[i].sentence == phrase.sentence; ++i) {
    if (phrases_[i].preposition == end && phrases_[i].tokens.begin <= end + 1) {
      end = phrases_[i].tokens.end;
      break;
    }
    if (phrases_[i].tokens.begin > end) break;
  }
  const auto count = static_cast<int32_t>(doc_.tokens.size());
  for (int32_t open = phrase.core.end; open <= end && open + 1 < count; ++open) {
    if (doc_.TokenText(open) != "(") continue;
    const int32_t inside = name_at_token_[static_cast<size_t>(open) + 1];
    if (inside < 0) return -1;
    const Name& name = names_[static_cast<size_t>(inside)];
    if (name.cluster < 0 || BeforeBracket(name.tokens) < 0) return -1;
    // "das Ministerium von Ulf Tann (ABC)": behind a person they are a party's, behind a name that
    // they stand for they are no more than that.
    const int32_t before = name_at_token_[static_cast<size_t>(open) - 1];
    if (before >= 0) {
      const Name& named = names_[static_cast<size_t>(before)];
      if (named.type == ActorType::kPerson) return -1;
      if (named.cluster >= 0 && Find(named.cluster) == Find(name.cluster) &&
          !phrase.core.Contains(open - 1)) {
        return -1;
      }
    }
    return name.cluster;
  }
  return -1;
}

bool ActorBuilder::ReadSurname(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  if (phrase.determiner >= 0 || phrase.core.size() != 1) return false;
  const auto known = persons_by_token_.find(LowerCase(doc_.TokenText(phrase.head)));
  if (known == persons_by_token_.end()) return false;
  for (const int32_t person : known->second) {
    const Cluster& cluster = At(person);
    if (cluster.tokens.size() < 2 || cluster.tokens.back() != known->first ||
        cluster.mentions.empty()) {
      continue;
    }
    AddMention(person, phrase.tokens, MentionKind::kName);
    AddAlias(person, Clean(phrase.core));
    cluster_of_phrase_[static_cast<size_t>(index)] = person;
    Remember(person, &phrase, phrase.head);
    return true;
  }
  return false;
}

bool ActorBuilder::IsCounted(const NounPhrase& phrase) const {
  if (!phrase.morphology.Has(Morphology::kPlural)) return false;
  for (int32_t t = phrase.head - 1; t >= phrase.core.begin; --t) {
    const Token& word = doc_.tokens[static_cast<size_t>(t)];
    if (word.kind == TokenKind::kNumber) return doc_.TokenText(t) != "1";
    // "der 20 Jahre amtierende Präsident".
    if (word.pos != Pos::kAdjective) return false;
  }
  return false;
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
  ReadPossessive(index);
  if (ReadSurname(index)) return;
  if (!classes.Has(kActorClasses) && !state_noun) {
    if (!ReadSourceCompound(index) && !ReadSide(index, CountryOf(index)) &&
        !ReadAbbreviated(index) && !ReadDocument(index) && !ReadCommunity(index, head)) {
      ReadSomebody(index);
    }
    return;
  }
  if (classes.Has(WordClass::kAbbreviation)) return;
  // "47 Prozent der Befragten": the whole is read for the part.
  if (index + 1 < phrases_.size() && phrases_[index + 1].parent == index &&
      IsShare(phrases_[index + 1])) {
    return;
  }
  // "kein Ministerium" is nobody.
  if (phrase.determiner >= 0 && known_.IsNegative(doc_.TokenText(phrase.determiner))) return;
  const bool singular = phrase.morphology.Has(Morphology::kSingular);
  bool plural = phrase.morphology.Has(Morphology::kPlural) && !singular;
  if (phrase.morphology.Has(Morphology::kPlural) && singular && phrase.determiner < 0) {
    // "Experten warnen": without an article a noun for people is a plural.
    plural = classes.Has(kPersonClasses | WordClass::kGroupNoun) && !IsOneByVerb(phrase);
  }
  for (int32_t t = phrase.tokens.begin; t < phrase.head; ++t) {
    plural = plural || known_.MeansBoth(doc_.TokenText(t));
  }
  plural = plural || IsCounted(phrase);
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
  int32_t same = AppositionCluster(index);
  if (same < 0 && classes.Has(kPersonClasses)) {
    if (!plural) same = PredicateCluster(index, ActorType::kPerson);
    if (same < 0) same = SharedNameCluster(index);
  }
  if (same < 0 && classes.Has(kBodyClasses) && phrase.determiner >= 0 && !phrase.definite) {
    same = PredicateCluster(index, ActorType::kOrganization);
  }
  if (same >= 0) {
    const ActorType type = At(same).type;
    const bool person = classes.Has(kPersonClasses);
    if ((type == ActorType::kPerson) == person && type != ActorType::kState) {
      AddRole(same, index, range, phrase.head);
      if (person && At(same).mentions.empty()) TakeNounBefore(index, same);
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
    if (phrase.definite && !plural && !country.empty() && modifier.empty() && agent &&
        phrase.tokens.end == phrase.core.end) {
      attach(StateOf(country));  // "der gazalische Staat".
      return;
    }
    if (!phrase.definite || plural || !country.empty() || !modifier.empty()) {
      ReadCommunity(index, head);
      return;
    }
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
    if (best >= 0) {
      attach(best);
    } else {
      ReadCommunity(index, head);
    }
    return;
  }

  // "Hisbollah-Miliz": the name is in the compound.
  const size_t hyphen = form.rfind('-');
  if (hyphen != std::string_view::npos && hyphen > 1 && hyphen + 1 < form.size() &&
      !classes.Has(kPersonClasses)) {
    const auto it = bodies_by_key_.find(NameKey(form.substr(0, hyphen)));
    if (it != bodies_by_key_.end() &&
        !known_.RefersTo(LowerCase(form.substr(hyphen + 1))).empty()) {
      attach(Find(it->second));
      return;
    }
  }

  if (plural && ReadCountryPair(index, head)) return;
  if (plural ||
      (classes.Has(WordClass::kGroupNoun) && !classes.Has(kBodyClasses | kPersonClasses))) {
    // "die beiden Politiker", "die Organisationen": those named side by side before.
    const std::vector<int32_t> members =
        country.empty() && modifier.empty() ? FindTogether(phrase, head) : std::vector<int32_t>();
    if (!members.empty()) {
      for (const int32_t member : members) AddMention(member, phrase.tokens, kind);
      cluster_of_phrase_[static_cast<size_t>(index)] = members.front();
      return;
    }
    ActorType type = ActorType::kGroup;
    if (classes.Has(WordClass::kMediaNoun)) type = ActorType::kMedia;
    const int32_t known = FindBody(index, head, country, modifier, bare, type);
    if (known >= 0) {
      attach(known);
      return;
    }
    if (!agent && country.empty()) return;
    attach(NewNominal(type, kRuleGroup, agent ? 0.55 : 0.4,
                      {.head = head,
                       .country = country,
                       .modifier = modifier,
                       .name = NominalName(index, range, /*plural=*/true),
                       .morphology = Morphology::kPlural}));
    return;
  }

  if (classes.Has(kBodyClasses)) {
    const ActorType type =
        classes.Has(WordClass::kMediaNoun) ? ActorType::kMedia : ActorType::kOrganization;
    int32_t known = FindBody(index, head, country, modifier, bare, type);
    // "Hersteller verspricht Hilfe. Xandu ruft Autos zurück. Der Hersteller ...".
    if (known >= 0 && bare && phrase.definite && !At(known).named && IsOnlyAtHead(At(known))) {
      const int32_t named =
          FindBodyOfKind(phrase, head, known_.RefersTo(head), type, /*cited=*/false);
      if (named >= 0 && At(named).named) {
        Merge(known, named);
        known = Find(named);
      }
    }
    // "des Nobelkomitees" where "Nobelkomitee" was read as a name.
    if (const auto named = bodies_by_key_.find(head);
        known < 0 && country.empty() && modifier.empty() && named != bodies_by_key_.end()) {
      known = Find(named->second);
    }
    const bool indefinite = phrase.determiner >= 0 && !phrase.definite;
    if (known < 0 && !bare && !indefinite) known = FindAbbreviation(NominalName(index, range));
    if (known >= 0 && !indefinite) {
      Cluster& found = At(known);
      // The fuller words name it.
      if (!found.named && found.head.size() < head.size() && found.mentions.size() == 1) {
        found.head = head;
        found.country = country;
        found.modifier = modifier;
        found.name = NominalName(index, range);
        RememberHead(head, known);
      }
      attach(known);
      return;
    }
    if (indefinite && !agent) return;
    if (bare && !phrase.definite && !agent) return;
    if (bare && !agent && type == ActorType::kMedia) return;
    const int32_t cluster = NewNominal(type, kRuleNominalBody, agent ? 0.65 : 0.45,
                                       {.head = head,
                                        .country = country,
                                        .modifier = modifier,
                                        .name = NominalName(index, range),
                                        .morphology = phrase.morphology.bits & kGenderNumber});
    const std::vector<std::string>& kinds = KindsOfNoun(head, form);
    if (!kinds.empty()) At(cluster).kind = kinds.front();
    attach(cluster);
    return;
  }

  // A person by function. A noun without article is a role ("wird Minister") unless a source.
  if (!classes.Has(kPersonClasses)) return;
  const bool source = phrase.preposition >= 0 || phrase.relation != PhraseRelation::kNone;
  if (phrase.determiner < 0 && country.empty() && modifier.empty() && !(source && agent) &&
      !(phrase.sentence < kHeadSentences && IsSubject(phrase) && Speaks(phrase))) {
    return;
  }
  const bool indefinite = phrase.determiner >= 0 && !phrase.definite;
  if (phrase.definite || (source && !indefinite)) {
    const int32_t known = FindPerson(index, head, country, bare || range.size() <= 2);
    if (known >= 0) {
      const bool says_more = classes.Has(WordClass::kOffice) || !country.empty() ||
                             (form.find('-') != std::string_view::npos &&
                              !(form.front() >= '0' && form.front() <= '9'));  // Not an age.
      if (says_more && !demonym && !(bare && !At(known).role_heads.empty())) {
        AddRole(known, index, range, phrase.head);
      }
      attach(known);
      return;
    }
  }
  if (!agent) return;
  if (!classes.Has(WordClass::kOffice) && bare && phrase.definite && !IsSubject(phrase) &&
      !IsSource(phrase)) {
    return;
  }
  const int32_t cluster = NewNominal(ActorType::kPerson, kRuleNominalPerson,
                                     classes.Has(WordClass::kOffice) ? 0.6 : 0.45,
                                     {.head = head,
                                      .country = country,
                                      .modifier = modifier,
                                      .name = NominalName(index, range),
                                      .morphology = Agreement(phrase)});
  AddRole(cluster, index, range, phrase.head);
  attach(cluster);
}

}  // namespace lagebild::extract
