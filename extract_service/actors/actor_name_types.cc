#include <algorithm>
#include <string_view>

#include "extract_service/actors/actor_builder.h"

namespace lagebild::extract {
namespace {

/// Kind (actor_nouns.tsv) of nouns for bodies that bear a name of their own.

}  // namespace

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
  const bool joined =
      std::any_of(doc_.tokens.begin() + name->tokens.begin, doc_.tokens.begin() + name->tokens.end,
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
    // "Die Krone berichtete": a coin says nothing.
    const bool tells =
        type == ActorType::kMedia && phrase != nullptr && IsSubject(*phrase) && Speaks(*phrase);
    // "der Westen" acts or is a point of the compass.
    if (type == ActorType::kGroup && (phrase == nullptr || !IsAgent(*phrase))) return false;
    if (!word || in_marks || tells || type == ActorType::kGroup || head.Has(kBodyClasses) ||
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
          !(IsAgent(*phrase) || IsHeardFrom(*phrase))) {
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
    const bool any_body = std::any_of(kinds.begin(), kinds.end(), MeansAnyBody) &&
                          !start.classes.Has(WordClass::kFirstName | WordClass::kLastName);
    if (head.Has(WordClass::kOrganizationNoun) && (label != EntityLabel::kPerson || any_body)) {
      name->type = ActorType::kOrganization;
      return true;
    }
  }
  // "des Magazins „rad und boot“", "„Rundschau am Sonntag“".
  const int32_t noun = name->tokens.begin - 2;
  if (in_marks && noun >= 0 &&
      (doc_.tokens[static_cast<size_t>(noun)].classes.Has(WordClass::kMediaNoun) ||
       known_.IsMasthead(doc_.TextOf(start)))) {
    name->type = ActorType::kMedia;
    return true;
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
  if (name->tokens.size() == 1 && label != EntityLabel::kPerson && IsBranch(name->text)) {
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
                           phrase->determiner >= 0 &&
                           phrase->determiner + 1 == name->tokens.begin &&
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
  name->type = site ? ActorType::kMedia : of_body ? ActorType::kOrganization : ActorType::kPerson;
  return true;
}

}  // namespace lagebild::extract
