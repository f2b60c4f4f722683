#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

/// Kind of body (actor_nouns.tsv) of which a country has one.
constexpr std::string_view kArmy = "army";
/// Kind of medium (media.tsv) that is a company as well.
constexpr std::string_view kPlatform = "platform";

/// What stands behind the last hyphen.
std::string_view LastPart(std::string_view noun) { return noun.substr(noun.rfind('-') + 1); }

/// Whether a noun in lower case is the noun of a body's name or the last part of it: "kommission"
/// of "EU-Kommission", "gewerkschaft" of "Gewerkschaft Erziehung und Wissenschaft".
bool IsNamedBy(std::string_view name, std::string_view noun) {
  constexpr size_t kShortestLastPart = 4;
  size_t begin = 0;
  while (begin < name.size()) {
    const size_t end = std::min(name.find(' ', begin), name.size());
    const std::string_view written = name.substr(begin, end - begin);
    const std::string word = LowerCase(written);
    // Behind the first word in small letters stands what the body is for.
    if (begin > 0 && word == written) return false;
    if (word == noun) return true;
    if (word.size() > noun.size() && noun.size() >= kShortestLastPart && word.ends_with(noun)) {
      return true;
    }
    begin = end + 1;
  }
  return false;
}

}  // namespace

uint32_t ActorBuilder::GenderOfFirstName(const Cluster& person) {
  // "Casey" alone is a surname.
  return person.tokens.size() > 1 ? person.first_name_gender : 0;
}

bool ActorBuilder::IsOnlyDescribed(int32_t index) const {
  for (int32_t i = index + 1; i < phrases_.size(); ++i) {
    const NounPhrase& child = phrases_[i];
    if (child.core.begin >= phrases_[index].tokens.end) break;
    if (child.parent != index) continue;
    if (!child.name.empty() || child.determiner >= 0 || child.kind != PhraseKind::kNominal) {
      return false;
    }
  }
  return true;
}

bool ActorBuilder::SpellsOutRole(std::string_view compound, std::string_view role,
                                 const Cluster& person) {
  constexpr size_t kShortestPart = 4;
  if (compound.size() < role.size() + kShortestPart || !compound.ends_with(role)) return false;
  std::string_view first = compound.substr(0, compound.size() - role.size());
  if (first.ends_with("s") || first.ends_with("-")) first.remove_suffix(1);
  return first.size() >= kShortestPart &&
         std::any_of(person.roles.begin(), person.roles.end(), [first](const std::string& words) {
           return LowerCase(words).find(first) != std::string::npos;
         });
}

int32_t ActorBuilder::FindPerson(int32_t index, const std::string& head, const std::string& country,
                                 bool bare) const {
  const NounPhrase& phrase = phrases_[index];
  const uint32_t agreement = Agreement(phrase);
  const std::string_view form = doc_.TokenText(phrase.head);
  const std::string_view demonym =
      phrase.classes.Has(WordClass::kDemonym) ? known_.CountryOfDemonym(form) : std::string_view();
  const std::vector<std::string>& kinds = known_.RefersTo(head);
  // "der Gazal-Experte" points back as "der Experte" does.
  const std::vector<std::string>& last_kinds = known_.RefersTo(LastPart(head));
  // So does "der Sandauer".
  const bool generic =
      phrase.classes.Has(WordClass::kPlaceAdjective) ||
      std::find(kinds.begin(), kinds.end(), "person") != kinds.end() ||
      std::find(last_kinds.begin(), last_kinds.end(), "person") != last_kinds.end();
  const int32_t around =
      phrase.parent >= 0 ? cluster_of_phrase_[static_cast<size_t>(phrase.parent)] : -1;
  const bool says_before = SpeaksBehind(phrase);
  // "sagte der Geistliche", "sagte der frühere Trainer": who speaks has mostly been named.
  const bool behind = phrase.definite && !phrase.possessive && country.empty() &&
                      IsSubject(phrase) && says_before && !IsHeadOfPerson(head) &&
                      (ModifierOf(index).empty() || IsOnlyDescribed(index));
  const bool described = phrase.head > phrase.determiner + 1;
  const bool speaks = behind && (phrase.classes.Has(WordClass::kPersonNoun) ||
                                 (phrase.classes.Has(WordClass::kOffice) && described));
  // "sagte die Verbands-Chefin": somebody new would have been named.
  const bool office_speaks = behind && phrase.classes.Has(WordClass::kOffice);
  // "hat sich der Fotograf Urlaub genommen".
  const bool acts = phrase.definite && !phrase.possessive && country.empty() &&
                    phrase.classes.Has(WordClass::kPersonNoun | WordClass::kOffice) &&
                    (agreement & Morphology::kSingular) != 0 && IsSubject(phrase) &&
                    !IsHeadOfPerson(head) && !known_.IsCounterpart(head) &&
                    (ModifierOf(index).empty() || IsOnlyDescribed(index));
  bool in_focus = false;
  int32_t only_person = -1;
  bool several = false;
  int32_t fallback = -1;
  bool fallback_is_subject = false;
  for (size_t i = recent_.size(); i-- > 0;) {
    const Referent& referent = recent_[i];
    const Cluster& person = At(referent.cluster);
    if (person.type != ActorType::kPerson || !Agrees(agreement, person.morphology)) continue;
    // "Der Kunde zahlt, sagte der Xandu-Manager": who speaks is not in the words.
    if (says_before && referent.sentence == phrase.sentence &&
        !ColonBetween(referent.token, phrase.head)) {
      continue;
    }
    // "des Mannes" of "der Anwalt des Mannes" is not the lawyer.
    if (around >= 0 && Find(referent.cluster) == Find(around)) continue;
    const uint32_t gender = agreement & Morphology::kGenders;
    const uint32_t suggested = GenderOfFirstName(person);
    if (std::has_single_bit(gender) && suggested != 0 &&
        !(person.morphology & Morphology::kGenders) && (suggested & gender) == 0) {
      continue;
    }
    if (!demonym.empty()) {
      if (person.country == demonym) return Find(referent.cluster);
      // Who was just spoken of rather than a countryman further up.
      const bool in_topic = referent.subject && phrase.sentence - referent.sentence == 1;
      if (person.country.empty() && in_topic && fallback < 0) return Find(referent.cluster);
      if (person.country.empty() && fallback < 0) fallback = Find(referent.cluster);
      continue;
    }
    if (!country.empty() && !person.country.empty() && country != person.country) continue;
    // "der ABC-Chef" for "Ulf Tann (ABC)".
    if (bare && phrase.definite && !person.party.empty() && form.size() > person.party.size() &&
        form.starts_with(person.party) && form[person.party.size()] == '-') {
      return Find(referent.cluster);
    }
    for (const std::string& role : person.role_heads) {
      if (role == head) return Find(referent.cluster);
      // "sagte der frühere Sandau-Trainer" for the "Gazal-Trainer".
      if (speaks && LastPart(role) == LastPart(head)) return Find(referent.cluster);
      // "der Minister" for the "Energieminister", the full word for nobody shorter.
      if (head.size() >= 4 && role.size() > head.size() && role.ends_with(head) &&
          (country.empty() || country == person.country)) {
        return Find(referent.cluster);
      }
      if (SpellsOutRole(head, role, person)) return Find(referent.cluster);
    }
    // "der ecuadorianische Präsident" for somebody of that country whose office was not named.
    const bool named_office =
        std::any_of(person.role_heads.begin(), person.role_heads.end(),
                    [this](const std::string& role) { return known_.RefersTo(role).empty(); });
    if (phrase.classes.Has(WordClass::kOffice) && !country.empty() && person.named &&
        !named_office && country == person.country) {
      return Find(referent.cluster);
    }
    // "der venezolanische Staatschef" for its president.
    if (generic && !country.empty() && country == person.country) return Find(referent.cluster);
    // "Der Richter gab ihm recht. Der Mann ...": not the judge.
    const bool counterpart =
        generic && !person.named && !person.role_heads.empty() &&
        std::all_of(person.role_heads.begin(), person.role_heads.end(),
                    [this](const std::string& role) { return known_.IsCounterpart(role); });
    if (counterpart) continue;
    if (((generic && bare) || (speaks && person.named)) && country.empty() && fallback < 0 &&
        phrase.sentence - referent.sentence <= kNounSentences &&
        (referent.subject || person.named)) {
      fallback = Find(referent.cluster);
      fallback_is_subject = referent.subject;
    } else if (fallback >= 0 && !fallback_is_subject && (generic || speaks) && referent.subject &&
               bare && phrase.sentence - referent.sentence <= 1) {
      // "gegen Berg" is played, and who plays is spoken of.
      fallback = Find(referent.cluster);
      fallback_is_subject = true;
    }
    if ((person.named || referent.subject) &&
        phrase.sentence - referent.sentence <= kNounSentences) {
      several = several || (only_person >= 0 && only_person != Find(referent.cluster));
      only_person = Find(referent.cluster);
      in_focus = in_focus || (referent.subject && phrase.sentence - referent.sentence <= 2);
    }
  }
  // One name that is not the noun's own kind of word ("Engel") and was just spoken of.
  if (fallback < 0 && acts && in_focus && !several && At(only_person).named &&
      At(only_person).tokens.size() > 1) {
    return only_person;
  }
  if (fallback < 0) fallback = FindSpeakerBefore(phrase, head, country);
  return fallback < 0 && office_speaks && !several && only_person >= 0 && At(only_person).named
             ? only_person
             : fallback;
}

bool ActorBuilder::IsHeadOfPerson(const std::string& head) const {
  const auto it = nominals_by_head_.find(head);
  return it != nominals_by_head_.end() &&
         std::any_of(it->second.begin(), it->second.end(),
                     [this](int32_t cluster) { return At(cluster).type == ActorType::kPerson; });
}

int32_t ActorBuilder::FindSpeakerBefore(const NounPhrase& phrase, const std::string& head,
                                        const std::string& country) const {
  constexpr int32_t kSentences = 2;
  uint32_t agreement = Agreement(phrase);
  if (!phrase.definite || phrase.possessive || IsHeadOfPerson(head) || known_.IsCounterpart(head) ||
      (agreement & Morphology::kSingular) == 0 || !IsSubject(phrase) || !Speaks(phrase)) {
    return -1;
  }
  // "das Stadtoberhaupt".
  if ((agreement & Morphology::kGenders) == Morphology::kNeuter) agreement &= ~Morphology::kGenders;
  // "sagten die Sandauer".
  if (phrase.classes.Has(WordClass::kPlaceAdjective) && !(agreement & Morphology::kMasculine)) {
    return -1;
  }
  const auto fits = [&](const Cluster& person) {
    const uint32_t gender = agreement & Morphology::kGenders;
    const uint32_t suggested = GenderOfFirstName(person);
    return person.type == ActorType::kPerson && person.named &&
           Agrees(agreement, person.morphology) &&
           (!std::has_single_bit(gender) || suggested == 0 || (suggested & gender) != 0 ||
            (person.morphology & Morphology::kGenders) != 0) &&
           (country.empty() || person.country.empty() || country == person.country);
  };
  int32_t beside = -1;  // The only one named in the sentence before.
  bool several = false;
  for (size_t i = recent_.size(); i-- > 0;) {
    const Referent& referent = recent_[i];
    const int32_t distance = phrase.sentence - referent.sentence;
    if (distance > kSentences) break;
    if (distance == 0 || referent.quoted) continue;
    const Cluster& other = At(referent.cluster);
    if (referent.speaks || referent.cited) return fits(other) ? Find(referent.cluster) : -1;
    if (distance == 1 && fits(other)) {
      several = several || (beside >= 0 && beside != Find(referent.cluster));
      beside = Find(referent.cluster);
    }
  }
  return several ? -1 : beside;
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
  // "der südkoreanische Geheimdienst" where the document names the one of that country.
  if (phrase.definite && !country.empty() && modifier.empty()) {
    for (const std::string& kind : kinds) {
      const auto only = only_body_.find(absl::StrCat(kind, " ", country));
      if (only != only_body_.end() && only->second >= 0 && At(only->second).type == type) {
        return Find(only->second);
      }
    }
  }
  // A headline says "Ministerium" for what the text calls "Umweltministerium".
  for (const Referent& referent : recent_) {
    if (!InHeadline(referent.token)) break;
    const Cluster& other = At(referent.cluster);
    if (other.type == type && !other.named && other.country.empty() && other.modifier.empty() &&
        other.head.size() >= 4 && head.ends_with(other.head) && phrase.definite &&
        other.mentions.size() == 1) {
      return Find(referent.cluster);
    }
  }
  // The same noun: newest first, countries and modifiers must not contradict.
  const auto it = nominals_by_head_.find(head);
  if (it != nominals_by_head_.end()) {
    for (size_t i = it->second.size(); i-- > 0;) {
      const Cluster& other = At(it->second[i]);
      if (other.type != type && !(other.named && type == ActorType::kOrganization)) continue;
      if (!country.empty() && !other.country.empty() && country != other.country) continue;
      // "der Sender" is none of "15 weitere Sender".
      if (bare && other.morphology == Morphology::kPlural &&
          !phrase.morphology.Has(Morphology::kPlural)) {
        continue;
      }
      if (!country.empty() && other.country.empty() && !bare && other.modifier != modifier)
        continue;
      // "Die Polizei sucht ihn. Die gazalische Polizei half": another one.
      if (!country.empty() && other.country.empty() && !other.named && type != ActorType::kGroup &&
          !IsOnlyAtHead(other)) {
        continue;
      }
      if (!modifier.empty() && modifier != other.modifier) continue;
      // "die italienische Polizei", "die Duisburger Polizei".
      if (country.empty() && !other.country.empty() && !bare && HasPlaceAdjective(phrase)) continue;
      // "Nutzer" are not "die Nutzer des Geräts".
      if (bare && type == ActorType::kGroup && phrase.determiner < 0 && !other.modifier.empty()) {
        continue;
      }
      if (country.empty() && modifier.empty() && !phrase.definite && !other.country.empty() &&
          phrase.determiner >= 0) {
        continue;
      }
      return Find(it->second[i]);
    }
  }
  // "die in Gazal ansässige Beobachtungsstelle" for the "Sandauer Beobachtungsstelle".
  if (phrase.definite && !bare && country.empty() && modifier.empty() &&
      type == ActorType::kOrganization) {
    const int32_t named = FindOnlyNamedBy(head);
    if (named >= 0) return named;
  }
  const bool speaks = IsSubject(phrase) && Speaks(phrase);
  const std::vector<std::string>& of_compound = KindsOfNoun(head, doc_.TokenText(phrase.head));
  const bool company = of_compound.size() == 1 && of_compound.front() == kCompany;
  // "der börsennotierte Konzern", where there is one.
  if (company && speaks && !bare && phrase.definite && modifier.empty() &&
      type == ActorType::kOrganization) {
    const int32_t only = FindOnlyBody(country);
    if (only >= 0) return only;
  }
  // "laut Ministerium" points back as "das Ministerium" does.
  const bool points_back = phrase.definite || (phrase.determiner < 0 && IsAgent(phrase));
  if (!bare || !points_back || type == ActorType::kGroup) return -1;
  // "der Aluminiumkonzern rechnet": a firm. Of ministries and unions there are several.
  const std::vector<std::string>& meant = company && speaks ? of_compound : kinds;
  // "Wie die Organisation mitteilte": who was cited before goes on to be.
  if (speaks) {
    const int32_t cited = FindBodyOfKind(phrase, head, meant, type, /*cited=*/true);
    if (cited >= 0) return cited;
  }
  return FindBodyOfKind(phrase, head, meant, type, /*cited=*/false);
}

int32_t ActorBuilder::FindOnlyNamedBy(const std::string& noun) const {
  constexpr size_t kShortest = 8;  // Short nouns name many.
  int32_t found = -1;
  if (noun.size() < kShortest) return found;
  for (const Referent& referent : recent_) {
    const Cluster& other = At(referent.cluster);
    if (other.type != ActorType::kOrganization || !other.named || !IsNamedBy(other.name, noun)) {
      continue;
    }
    if (found >= 0 && found != Find(referent.cluster)) return -1;
    found = Find(referent.cluster);
  }
  return found;
}

int32_t ActorBuilder::FindOnlyBody(const std::string& country) const {
  int32_t found = -1;
  for (const Referent& referent : recent_) {
    const Cluster& other = At(referent.cluster);
    const bool unlisted =
        other.type == ActorType::kOrganization && other.named && other.kind.empty();
    if (!unlisted && other.kind != kPlatform) continue;
    if (!country.empty() && !other.country.empty() && country != other.country) continue;
    if (found >= 0 && found != Find(referent.cluster)) return -1;
    found = Find(referent.cluster);
  }
  return found;
}

const std::vector<std::string>& ActorBuilder::KindsOfNoun(const std::string& head,
                                                          std::string_view form) const {
  const std::vector<std::string>& kinds = known_.RefersTo(head);
  if (!kinds.empty()) return kinds;
  const auto part = lexicon_.FindHead(form);
  return part && part->begin < head.size() ? known_.RefersTo(head.substr(part->begin)) : kinds;
}

bool ActorBuilder::IsCalledOtherwise(const Cluster& body, std::string_view kind) const {
  return std::any_of(body.role_heads.begin(), body.role_heads.end(), [&](const std::string& role) {
    const std::vector<std::string>& kinds = KindsOfNoun(role, UpperFirst(role));
    return kinds.size() == 1 && MeansAnyBody(kinds.front()) && kinds.front() != kind;
  });
}

int32_t ActorBuilder::FindBodyOfKind(const NounPhrase& phrase, const std::string& head,
                                     const std::vector<std::string>& kinds, ActorType type,
                                     bool cited) const {
  int32_t unlisted = -1;
  // "Gazal, Xandu und Tann liefern. Das Unternehmen": rather one that was named by itself.
  const bool one = phrase.morphology.Has(Morphology::kSingular);
  const bool by_itself =
      one && std::any_of(recent_.begin(), recent_.end(), [this, type](const Referent& other) {
        return !other.joined && At(other.cluster).type == type && At(other.cluster).named;
      });
  for (size_t i = recent_.size(); i-- > 0;) {
    const Referent& referent = recent_[i];
    if ((cited && !referent.cited) || (by_itself && referent.joined)) continue;
    const Cluster& other = At(referent.cluster);
    if (other.type == ActorType::kPerson || other.type == ActorType::kGroup) continue;
    // "die Kommission" for the "Wahlkommission".
    if (other.type == type && !other.head.empty() && other.head.size() > head.size() &&
        head.size() >= 4 && other.head.ends_with(head)) {
      return Find(referent.cluster);
    }
    if (other.type == type && other.named && IsNamedBy(other.name, head)) {
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
          (MeansAnyBody(kind) && other.type == ActorType::kOrganization && other.named &&
           other.kind.empty() && !IsCalledOtherwise(other, kind)) ||
          (kind == kCompany && other.kind == kPlatform) ||
          (other.type == ActorType::kMedia && other.kind.empty() && type == ActorType::kMedia);
      if (!fits || phrase.sentence - referent.sentence > 2 * kNounSentences) continue;
      // "die Bank" is rather a bank than a body of which nothing is known.
      if (kind != kCompany || kinds.size() == 1) return Find(referent.cluster);
      if (unlisted < 0) unlisted = Find(referent.cluster);
    }
  }
  return unlisted;
}

uint32_t ActorBuilder::NumberInThirdPerson(int32_t verb) const {
  uint32_t number = 0;
  if (const auto entry = lexicon_.Find(doc_.TokenText(verb))) {
    for (const Analysis& analysis : entry->analyses) {
      if (analysis.morphology.Has(Morphology::kFinite) &&
          analysis.morphology.Has(Morphology::kThird)) {
        number |= analysis.morphology.bits & Morphology::kNumbers;
      }
    }
  }
  return number != 0
             ? number
             : doc_.tokens[static_cast<size_t>(verb)].morphology.bits & Morphology::kNumbers;
}

bool ActorBuilder::IsOneByVerb(const NounPhrase& phrase) const {
  // "Zeugen" is no nominative of one.
  if (!IsSubject(phrase) ||
      Nominative(phrase.head, /*plural=*/false) != doc_.TokenText(phrase.head)) {
    return false;
  }
  for (int32_t t = phrase.core.begin; t < phrase.head; ++t) {
    const Token& token = doc_.tokens[static_cast<size_t>(t)];
    if (token.kind == TokenKind::kNumber || token.pos == Pos::kNumeral) return false;
  }
  for (const int32_t i : {phrase.tokens.end, phrase.tokens.begin - 1}) {
    if (i < 0 || static_cast<size_t>(i) >= doc_.tokens.size()) continue;
    const Token& verb = doc_.tokens[static_cast<size_t>(i)];
    if ((verb.pos != Pos::kVerb && verb.pos != Pos::kAuxiliary) ||
        verb.sentence != phrase.sentence || !verb.morphology.Has(Morphology::kFinite) ||
        verb.morphology.Has(Morphology::kParticiplePerfect)) {
      continue;
    }
    return NumberInThirdPerson(i) == Morphology::kSingular;
  }
  return false;
}

bool ActorBuilder::IsPolite(const NounPhrase& pronoun) const {
  const auto at = static_cast<size_t>(pronoun.head);
  if (!doc_.tokens[at].capitalized || at == 0 || doc_.tokens[at - 1].sentence != pronoun.sentence ||
      doc_.tokens[at].line_start) {
    return false;
  }
  // Behind a mark a capital may begin a sentence.
  return doc_.tokens[at - 1].kind == TokenKind::kWord || doc_.TextOf(doc_.tokens[at - 1]) == ",";
}

int32_t ActorBuilder::FindNeuterBefore(const NounPhrase& pronoun) const {
  // It opens its sentence and does what only somebody can.
  const TokenRange sentence = doc_.sentences[static_cast<size_t>(pronoun.sentence)].tokens;
  if (pronoun.head != sentence.begin || !known_.IsVerbOfSomebody(VerbBeside(pronoun))) return -1;
  for (size_t i = recent_.size(); i-- > 0 && pronoun.sentence - recent_[i].sentence <= 1;) {
    const Referent& referent = recent_[i];
    if (!referent.subject || referent.quoted) continue;
    const Cluster& body = At(referent.cluster);
    const uint32_t genders = referent.morphology & Morphology::kGenders;
    return body.type == ActorType::kOrganization && genders == Morphology::kNeuter
               ? Find(referent.cluster)
               : -1;
  }
  return -1;
}

void ActorBuilder::ReadPronoun(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  if (!phrase.morphology.Has(Morphology::kThird)) return;
  // "Wir danken Ihnen, dass Sie kommen": who is spoken to.
  if (IsPolite(phrase)) return;
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
  if (!phrase.definite) return;
  if ((wanted & Morphology::kGenders) == Morphology::kNeuter) {
    const int32_t body = phrase.demonstrative ? -1 : FindNeuterBefore(phrase);
    if (body < 0) return;
    AddMention(body, phrase.tokens, MentionKind::kPronoun);
    cluster_of_phrase_[static_cast<size_t>(index)] = body;
    Remember(body, &phrase, phrase.head);
    return;
  }
  const bool both = (wanted & Morphology::kSingular) && (wanted & Morphology::kPlural);
  if (both) {
    // "sie": the finite verb beside it tells the number. In front first: "hatte sie bestritten".
    for (const int32_t i : {phrase.head - 1, phrase.head + 1}) {
      if (i < 0 || static_cast<size_t>(i) >= doc_.tokens.size()) continue;
      const Token& verb = doc_.tokens[static_cast<size_t>(i)];
      if (verb.pos != Pos::kVerb && verb.pos != Pos::kAuxiliary) continue;
      const uint32_t number = NumberInThirdPerson(i);
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
  const bool speaks = SpeaksBehind(phrase);
  if (phrase.demonstrative && IsOfThing(phrase, wanted)) return;
  int32_t best = Antecedent(phrase, wanted, speaks);
  // "Die Polizei suche den Wagen, teilte sie mit": nobody stands before the words.
  if (best < 0 && speaks) best = Antecedent(phrase, wanted, /*speaks=*/false);
  if ((wanted & Morphology::kNumbers) == Morphology::kPlural &&
      phrase.sentence - together_.sentence <= 1 && (best < 0 || !At(best).named)) {
    // "Berg und Tann ... Sie sagten": unless somebody else was spoken of since.
    const bool since =
        best >= 0 &&
        doc_.tokens[static_cast<size_t>(At(best).mentions.back().tokens.begin)].sentence >
            together_.sentence;
    const std::vector<int32_t> members = FindTogether(phrase, {});
    if (!since && !members.empty()) {
      for (const int32_t member : members) AddMention(member, phrase.tokens, MentionKind::kPronoun);
      cluster_of_phrase_[static_cast<size_t>(index)] = members.front();
      return;
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

bool ActorBuilder::IsOfThing(const NounPhrase& phrase, uint32_t wanted) const {
  if (phrase.sentence == 0) return false;
  const auto [first, last] = phrases_.InSentence(phrase.sentence - 1);
  for (int32_t p = last - 1; p >= first; --p) {
    const NounPhrase& before = phrases_[p];
    if (before.relation != PhraseRelation::kNone || before.kind == PhraseKind::kPronoun ||
        !before.morphology.Has(Morphology::kGenders) ||
        !Agrees(wanted, before.morphology.bits & kGenderNumber)) {
      continue;
    }
    return cluster_of_phrase_[static_cast<size_t>(p)] < 0;
  }
  return false;
}

void ActorBuilder::RememberTogether(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  if (phrase.coordination < 0 || phrase.coordination == index) return;
  const std::vector<int32_t> conjuncts = phrases_.Conjuncts(index);
  if (conjuncts.back() != index) return;
  Together together;
  together.sentence = phrase.sentence;
  for (const int32_t conjunct : conjuncts) {
    const int32_t cluster = cluster_of_phrase_[static_cast<size_t>(conjunct)];
    if (cluster < 0 || !At(cluster).named) return;
    const ActorType type = At(cluster).type;
    if (type != ActorType::kPerson && type != ActorType::kOrganization) return;
    together.clusters.push_back(Find(cluster));
  }
  const NounPhrase& first = phrases_[conjuncts.front()];
  if (!first.name.empty() && first.head < first.name.begin) together.noun = HeadKey(first);
  together_ = std::move(together);
}

std::vector<int32_t> ActorBuilder::FindTogether(const NounPhrase& phrase,
                                                std::string_view head) const {
  // "die Organisationen" long after "die Organisationen A und B".
  const bool called = !head.empty() && head == together_.noun;
  if (together_.clusters.empty() || !phrase.definite || phrase.possessive ||
      (phrase.sentence - together_.sentence > kNounSentences && !called)) {
    return {};
  }
  if (phrase.kind == PhraseKind::kPronoun) return together_.clusters;
  // "die beiden", or what they were called before.
  bool same = called;
  for (int32_t t = phrase.tokens.begin; t < phrase.head; ++t) {
    same = same || known_.MeansBoth(doc_.TokenText(t));
  }
  const bool persons = phrase.classes.Has(kPersonClasses | WordClass::kGroupNoun) &&
                       !phrase.classes.Has(kBodyClasses);
  for (const int32_t cluster : together_.clusters) {
    const Cluster& member = At(cluster);
    if (!(member.type == ActorType::kPerson ? persons : phrase.classes.Has(kBodyClasses))) {
      return {};
    }
    same = same || std::find(member.role_heads.begin(), member.role_heads.end(), head) !=
                       member.role_heads.end();
  }
  if (!same) return {};
  return together_.clusters;
}

bool ActorBuilder::SameClause(int32_t from, int32_t to) const {
  for (int32_t i = from; i < to; ++i) {
    const Token& token = doc_.tokens[static_cast<size_t>(i)];
    if (token.kind != TokenKind::kWord || token.pos == Pos::kCoordinator) return false;
  }
  return true;
}

bool ActorBuilder::HasPlaceAdjective(const NounPhrase& phrase) const {
  for (int32_t t = phrase.core.begin; t < phrase.head; ++t) {
    if (doc_.tokens[static_cast<size_t>(t)].classes.Has(WordClass::kPlaceAdjective)) return true;
  }
  return false;
}

bool ActorBuilder::HasSubjectBefore(const NounPhrase& phrase) const {
  constexpr uint32_t kObjects = Morphology::kAccusative | Morphology::kDative;
  const uint32_t cases = phrase.morphology.bits & Morphology::kCases;
  if ((cases != 0 && (cases & kObjects) == 0) || phrase.coordination >= 0) return false;
  for (size_t i = recent_.size(); i-- > 0 && recent_[i].sentence == phrase.sentence;) {
    const Referent& referent = recent_[i];
    if (referent.subject && referent.token < phrase.tokens.begin &&
        SameClause(referent.token, phrase.head)) {
      return true;
    }
  }
  return false;
}

bool ActorBuilder::ColonBetween(int32_t from, int32_t to) const {
  for (int32_t t = std::max(from + 1, to - kMaxColonReach); t < to; ++t) {
    if (doc_.TokenText(t) == ":") return true;
  }
  return false;
}

int32_t ActorBuilder::Antecedent(const NounPhrase& phrase, uint32_t wanted, bool speaks) const {
  constexpr double kJoinedPenalty = 4;
  const bool quoted = quoted_[static_cast<size_t>(phrase.head)];
  const bool goes_on = !quoted && IsSubject(phrase) && Speaks(phrase);
  bool before_colon = false;
  int32_t best = -1;
  double best_score = 0;
  for (size_t i = recent_.size(); i-- > 0;) {
    const Referent& referent = recent_[i];
    const int32_t distance = phrase.sentence - referent.sentence;
    if (distance > kPronounSentences) break;
    // Who speaks stands before the words, not in them: in the sentence before, or before a colon.
    if (speaks &&
        (referent.quoted || (distance == 0 && !ColonBetween(referent.token, phrase.head)))) {
      continue;
    }
    // "Tann warf er vor, ...": two parts of one clause are two.
    if (distance == 0 && referent.subject && !phrase.possessive &&
        SameClause(referent.token, phrase.head)) {
      continue;
    }
    const Cluster& cluster = At(referent.cluster);
    const bool person = cluster.type == ActorType::kPerson;
    const uint32_t own = person ? cluster.morphology : referent.morphology;
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
    // "Berg baute, Tann für ihn die Türme": who comes first is spoken of.
    if (referent.subject && i > 0 && recent_[i - 1].subject && !recent_[i - 1].quoted &&
        recent_[i - 1].sentence == referent.sentence &&
        recent_[i - 1].cluster != referent.cluster) {
      score -= 1;
    }
    // One body of several is seldom gone on with.
    if (referent.joined && !person && !plural_wanted) score -= kJoinedPenalty;
    // "Ablehnung kam von Berg: Das geht nicht, sagte er": who is named last before the colon.
    if (speaks && distance == 0 && person && !before_colon) {
      score += 6;
      before_colon = true;
    }
    // "Tann sei krank, sagte der Arzt Berg. Er bestätigte": who speaks goes on.
    if (goes_on && distance == 1 && referent.speaks && person) score += 3;
    // "laut Berg ..., sagte sie".
    if (speaks && referent.cited && person) score += 5;
    if (person) score += 3;
    if (referent.quoted != quoted) score -= 3;
    if (person && !(own & Morphology::kGenders)) {
      const uint32_t suggested = cluster.first_name_gender & wanted;
      score -= suggested != 0 ? 0.5 : cluster.first_name_gender != 0 ? 8 : 1.5;
    }
    if (score > best_score) {
      best_score = score;
      best = Find(referent.cluster);
    }
  }
  return best;
}

void ActorBuilder::ReadPossessive(int32_t index) {
  const NounPhrase& phrase = phrases_[index];
  if (!phrase.possessive || phrase.determiner < 0 || !NamesSource(phrase.head)) return;
  // "sein" stands for a man or a thing, "ihr" for a woman, a thing or several.
  const uint32_t wanted = known_.OwnerOf(doc_.TokenText(phrase.determiner));
  if (wanted == 0) return;
  const int32_t owner = Antecedent(phrase, wanted, /*speaks=*/false);
  // "Seiner Meinung nach": no country's.
  if (owner < 0 || At(owner).type == ActorType::kState) return;
  AddMention(owner, {phrase.determiner, phrase.determiner + 1}, MentionKind::kPronoun);
}

}  // namespace lagebild::extract
