#include <algorithm>
#include <optional>
#include <utility>

#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

/// Kind of noun (actor_nouns.tsv) that with a country's adjective stands for the state.
constexpr std::string_view kSide = "side";
/// Kind of body that stands for any of its kind in a compound.
constexpr std::string_view kAgency = "agency";

// Rule ids.
constexpr std::string_view kRuleCommunity = "actors.body_noun";
constexpr std::string_view kRuleGroup = "actors.group_noun";
constexpr std::string_view kRuleCompound = "actors.source_compound";

}  // namespace

bool ActorBuilder::ReadSourceCompound(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  const std::string_view word = doc_.TokenText(phrase.head);
  const auto head = lexicon_.FindHead(word);
  if (!head) return false;
  bool statement = false;
  bool testimony = false;
  bool source = false;
  const auto read = [&](const LexiconEntry& noun) {
    for (const Analysis& analysis : noun.analyses) {
      if (analysis.pos != Pos::kNoun) continue;
      statement = statement || known_.IsStatementNoun(lexicon_.Lemma(analysis.lemma));
      testimony = testimony || known_.IsTestimonyNoun(lexicon_.Lemma(analysis.lemma));
      source = source || known_.IsSourceNoun(lexicon_.Lemma(analysis.lemma));
    }
  };
  read(head->entry);
  // "ABC-Jahresbericht": a compound behind the hyphen.
  if (const auto last = lexicon_.FindHead(word.substr(head->begin));
      last && !source && head->begin > 0 && word[head->begin - 1] == '-') {
    read(last->entry);
  }
  if (!statement && !source) return false;
  std::string_view first = word.substr(0, head->begin);
  const auto attach = [&](int32_t cluster) {
    AddMention(cluster, phrase.tokens, MentionKind::kNominal);
    cluster_of_phrase_[static_cast<size_t>(index)] = cluster;
    return true;
  };
  // "dpa-Meldung", "OSZE-Abschlussbericht": a name.
  if (const size_t hyphen = first.rfind('-'); hyphen != std::string_view::npos) {
    const std::string_view name = first.substr(0, hyphen);
    const std::string key = NameKey(name);
    const int32_t known = known_.FindBody(key, name);
    const auto named = bodies_by_key_.find(known >= 0 ? NameKey(known_.body(known).name) : key);
    if (named != bodies_by_key_.end()) return attach(Find(named->second));
    if (known >= 0) {
      const KnownActors::Body& listed = known_.body(known);
      const int32_t cluster = NewCluster(listed.type, kRuleCompound, 0.8);
      Cluster& made = clusters_.back();
      made.country = listed.country;
      made.kind = listed.kind;
      made.name = std::string(name);
      made.named = true;
      bodies_by_key_.emplace(NameKey(listed.name), cluster);
      return attach(cluster);
    }
    // "USGS-Angaben": letters that nobody has explained.
    if (name.size() >= 3 && IsUpperCase(name) && (statement || testimony) &&
        known_.CountryOfName(key).empty()) {
      const int32_t cluster = NewCluster(ActorType::kOrganization, kRuleCompound, 0.5);
      clusters_.back().name = std::string(name);
      clusters_.back().named = true;
      bodies_by_key_.emplace(key, cluster);
      return attach(cluster);
    }
  }
  if ((statement || testimony) && ReadPeopleOfSource(index, first)) return true;
  // "laut Rechnungshofbericht" where a court of audit has been spoken of.
  const bool document = !statement && IsDocument(phrase) && IsSource(phrase);
  if (!statement && !document) return false;
  // A noun, without what links it: "Regierung-s-angaben", "Behörde-n-angaben".
  std::optional<LexiconEntry> body;
  for (const std::string_view link : {"", "-", "s", "n", "en", "es"}) {
    if (!first.ends_with(link) || first.size() < link.size() + 3) continue;
    const std::string_view part = first.substr(0, first.size() - link.size());
    body = lexicon_.Find(part);
    if (body && body->classes.Has(WordClass::kOrganizationNoun)) {
      first = part;
      break;
    }
    body.reset();
  }
  if (!body) return false;
  uint32_t morphology = 0;
  std::string key = LowerCase(first);
  for (const Analysis& analysis : body->analyses) {
    if (analysis.pos != Pos::kNoun) continue;
    morphology |= analysis.morphology.bits & kGenderNumber;
    key = LowerCase(lexicon_.Lemma(analysis.lemma));
  }
  // "Agenturmeldungen" come from any agency.
  const std::vector<std::string>& kinds = known_.RefersTo(key);
  if (std::find(kinds.begin(), kinds.end(), kAgency) != kinds.end()) return false;
  const std::string country = CountryOf(index);
  int32_t known = FindBody(index, key, country, {}, country.empty(), ActorType::kOrganization);
  // "Behördenangaben" are of one or of several.
  const bool several = (morphology & Morphology::kNumbers) == Morphology::kPlural;
  const ActorType type = several ? ActorType::kGroup : ActorType::kOrganization;
  if (known < 0 && several) known = FindBody(index, key, country, {}, country.empty(), type);
  if (known >= 0) return attach(known);
  if (document) return false;
  const int32_t cluster = NewNominal(type, kRuleCompound, 0.6,
                                     {.head = key,
                                      .country = country,
                                      .modifier = {},
                                      .name = std::string(first),
                                      .morphology = morphology});
  if (!kinds.empty()) At(cluster).kind = kinds.front();
  return attach(cluster);
}

bool ActorBuilder::ReadPeopleOfSource(int32_t index, std::string_view people) {
  const auto noun = lexicon_.Find(people);
  if (!noun) return false;
  const Analysis* plural = nullptr;
  for (const Analysis& analysis : noun->analyses) {
    if (analysis.pos == Pos::kNoun && analysis.morphology.Has(Morphology::kPlural)) {
      plural = &analysis;
    }
  }
  if (plural == nullptr) return false;
  const auto one = lexicon_.Find(lexicon_.Lemma(plural->lemma));
  if (!one || !one->classes.Has(kPersonClasses)) return false;
  const std::string key = LowerCase(lexicon_.Lemma(plural->lemma));
  int32_t cluster = FindBody(index, key, {}, {}, /*bare=*/true, ActorType::kGroup);
  if (cluster < 0) {
    cluster = NewNominal(ActorType::kGroup, kRuleCompound, 0.6,
                         {.head = key,
                          .country = {},
                          .modifier = {},
                          .name = std::string(people),
                          .morphology = Morphology::kPlural});
  }
  AddMention(cluster, phrases_[index].tokens, MentionKind::kNominal);
  cluster_of_phrase_[static_cast<size_t>(index)] = cluster;
  return true;
}

bool ActorBuilder::ReadSide(int32_t index, const std::string& country) {
  // "die Seite der deutschen Delegation": somebody else's.
  const NounPhrase& phrase = phrases_[index];
  if (country.empty() || phrase.tokens.end != phrase.core.end) return false;
  const Token& noun = doc_.tokens[static_cast<size_t>(phrase.head)];
  const std::vector<std::string>& kinds = known_.RefersTo(HeadKey(phrase));
  const bool side = IsAgent(phrase) && std::find(kinds.begin(), kinds.end(), kSide) != kinds.end();
  // "nach gazalischen Angaben".
  const bool statement = phrase.preposition >= 0 && phrase.determiner < 0 &&
                         noun.lemma != Token::kNoLemma &&
                         known_.IsStatementNoun(lexicon_.Lemma(noun.lemma));
  if (!side && !statement) return false;
  const int32_t state = StateOf(country);
  AddMention(state, phrases_[index].tokens, MentionKind::kNominal);
  AddAlias(state, Clean(NominalRange(index)));
  cluster_of_phrase_[static_cast<size_t>(index)] = state;
  Remember(state, &phrases_[index], phrases_[index].head);
  return true;
}

bool ActorBuilder::ReadAbbreviated(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  // "SANDAU (ABC)" is where an agency writes from.
  if (phrase.determiner < 0 || !phrase.definite || !phrase.morphology.Has(Morphology::kSingular)) {
    return false;
  }
  const int32_t cluster = BracketCluster(index);
  if (cluster < 0 || At(cluster).type != ActorType::kOrganization) return false;
  AddMention(cluster, phrase.tokens, MentionKind::kNominal);
  AddAlias(cluster, Clean(NominalRange(index)));
  cluster_of_phrase_[static_cast<size_t>(index)] = cluster;
  Remember(cluster, &phrase, phrase.head);
  return true;
}

std::string ActorBuilder::VerbBeside(const NounPhrase& subject) const {
  const auto is_verb = [this](int32_t t) {
    if (t < 0 || static_cast<size_t>(t) >= doc_.tokens.size()) return false;
    const Pos pos = doc_.tokens[static_cast<size_t>(t)].pos;
    return pos == Pos::kVerb || pos == Pos::kAuxiliary;
  };
  constexpr size_t kLongestClause = 80;
  const auto end_of_clause = [this, &subject](int32_t from) {
    auto last = static_cast<size_t>(from) + 1;
    const size_t limit = std::min(doc_.tokens.size(), last + kLongestClause);
    while (last < limit && doc_.tokens[last].sentence == subject.sentence &&
           doc_.tokens[last].kind != TokenKind::kPunctuation) {
      ++last;
    }
    return static_cast<int32_t>(last) - 1;
  };
  int32_t verb = subject.tokens.end;
  if (!is_verb(verb)) verb = subject.tokens.begin - 1;
  // "wie das Amt am Montag mitteilte".
  if (verb >= 0 && !is_verb(verb) && known_.OpensReport(doc_.TokenText(verb))) {
    verb = end_of_clause(subject.tokens.end - 1);
  }
  if (!is_verb(verb)) return {};
  const Token& finite = doc_.tokens[static_cast<size_t>(verb)];
  if (finite.sentence != subject.sentence || finite.lemma == Token::kNoLemma) return {};
  std::string lemma(lexicon_.Lemma(finite.lemma));
  if (known_.IsVerbOfSpeech(lemma)) return lemma;
  // "hat ... erklärt", "weist ... hin": the end of the clause tells.
  const int32_t last = end_of_clause(verb);
  if (last <= verb) return lemma;
  const Token& end = doc_.tokens[static_cast<size_t>(last)];
  if (end.kind != TokenKind::kWord) return lemma;
  // "hat", whatever its tag, is the auxiliary of a participle.
  const bool participle = (end.pos == Pos::kVerb || end.pos == Pos::kAuxiliary) &&
                          end.morphology.Has(Morphology::kParticiplePerfect);
  if (finite.pos == Pos::kAuxiliary || participle) {
    return end.lemma == Token::kNoLemma ? std::string() : std::string(lexicon_.Lemma(end.lemma));
  }
  std::string whole = LowerCase(doc_.TextOf(end)) + lemma;
  return known_.IsVerbOfSpeech(whole) || known_.IsPublishingVerb(whole) ? whole : lemma;
}

bool ActorBuilder::Speaks(const NounPhrase& subject) const {
  return known_.IsVerbOfSpeech(VerbBeside(subject));
}

bool ActorBuilder::ReadSomebody(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  if (phrase.kind != PhraseKind::kNominal || !phrase.name.empty() || InHeadline(phrase.head) ||
      phrase.classes.Has(WordClass::kUnit | WordClass::kWeekday | WordClass::kMonth) ||
      !IsSubject(phrase) || NamesSource(phrase.head) ||
      doc_.tokens[static_cast<size_t>(phrase.head)].pos != Pos::kNoun ||
      !known_.IsVerbOfSomebody(VerbBeside(phrase))) {
    return false;
  }
  const bool plural =
      phrase.morphology.Has(Morphology::kPlural) && !phrase.morphology.Has(Morphology::kSingular);
  // "Kritik beklagt niemand": what has no article may be an object.
  if (!plural && !phrase.definite) return false;
  AddNominalBody(index, HeadKey(phrase), plural ? ActorType::kGroup : ActorType::kOrganization,
                 plural ? kRuleGroup : kRuleCommunity, 0.5);
  return true;
}

void ActorBuilder::AddNominalBody(int32_t index, const std::string& head, ActorType type,
                                  std::string_view rule, double confidence) {
  const NounPhrase& phrase = phrases_[index];
  const std::string country = CountryOf(index);
  const std::string modifier = ModifierOf(index);
  const TokenRange range = NominalRange(index);
  const bool bare = range.size() <= 1 && country.empty() && modifier.empty();
  int32_t cluster = FindBody(index, head, country, modifier, bare, type);
  if (cluster < 0) {
    cluster = NewNominal(type, rule, confidence,
                         {.head = head,
                          .country = country,
                          .modifier = modifier,
                          .name = NominalName(index, range, type == ActorType::kGroup),
                          .morphology = phrase.morphology.bits & kGenderNumber});
  }
  AddMention(cluster, phrase.tokens, MentionKind::kNominal);
  AddAlias(cluster, Clean(range));
  cluster_of_phrase_[static_cast<size_t>(index)] = cluster;
  Remember(cluster, &phrase, phrase.head);
}

bool ActorBuilder::ReadCommunity(int32_t index, const std::string& head) {
  const NounPhrase& phrase = phrases_[index];
  const Token& noun = doc_.tokens[static_cast<size_t>(phrase.head)];
  if (noun.lemma == Token::kNoLemma || !known_.IsCommunity(lexicon_.Lemma(noun.lemma)) ||
      !phrase.definite || !phrase.morphology.Has(Morphology::kSingular) ||
      !(IsSource(phrase) || (IsSubject(phrase) && Speaks(phrase)))) {
    return false;
  }
  AddNominalBody(index, head, ActorType::kOrganization, kRuleCommunity, 0.55);
  return true;
}

bool ActorBuilder::ReadCountryPair(int32_t index, const std::string& head) {
  const NounPhrase& phrase = phrases_[index];
  struct Part {
    std::string country;
    std::string name;
  };
  std::vector<Part> parts;
  int32_t begin = phrase.tokens.begin;
  const std::string noun = Nominative(phrase.head, /*plural=*/true);
  const auto add = [&](int32_t token) {
    const std::string_view country = known_.CountryOfAdjective(doc_.TokenText(token));
    if (country.empty()) return;
    parts.push_back(
        {std::string(country), StrongAdjective(doc_.TokenText(token), "e") + " " + noun});
  };
  size_t prefix = 0;
  const std::string_view of_head = known_.CountryOfPrefix(noun, &prefix);
  if (!of_head.empty()) {
    // "ukrainische und US-Beamte": the first country lacks its noun.
    const int32_t before = phrase.tokens.begin - 1;
    if (phrase.determiner >= 0 || before < 1 ||
        doc_.tokens[static_cast<size_t>(before)].pos != Pos::kCoordinator ||
        doc_.tokens[static_cast<size_t>(before) - 1].sentence != phrase.sentence) {
      return false;
    }
    const std::string_view country = known_.CountryOfAdjective(doc_.TokenText(before - 1));
    if (country.empty()) return false;
    begin = before - 1;
    parts.push_back({std::string(country), StrongAdjective(doc_.TokenText(before - 1), "e") + " " +
                                               UpperFirst(noun.substr(prefix))});
    parts.push_back({std::string(of_head), noun});
  } else {
    bool joined = false;
    for (int32_t i = phrase.core.begin; i < phrase.head; ++i) {
      add(i);
      joined = joined || doc_.tokens[static_cast<size_t>(i)].pos == Pos::kCoordinator;
    }
    if (!joined || parts.size() != 2) return false;
  }
  if (!IsAgent(phrase)) return false;
  const TokenRange tokens{begin, phrase.tokens.end};
  for (const Part& part : parts) {
    int32_t cluster = FindBody(index, head, part.country, {}, false, ActorType::kGroup);
    if (cluster < 0) {
      cluster = NewNominal(ActorType::kGroup, kRuleGroup, 0.5,
                           {.head = head,
                            .country = part.country,
                            .modifier = {},
                            .name = part.name,
                            .morphology = Morphology::kPlural});
    }
    AddMention(cluster, tokens, MentionKind::kNominal);
    AddAlias(cluster, part.name);
    Remember(cluster, &phrase, phrase.head);
  }
  return true;
}

}  // namespace lagebild::extract
