#include "extract_service/actors/known_actors.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

std::vector<std::string_view> Split(std::string_view cell, char separator) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  while (begin <= cell.size()) {
    const size_t end = std::min(cell.find(separator, begin), cell.size());
    if (end > begin) parts.push_back(cell.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// A cell's text; "-" stands for nothing.
std::string Text(const LexiconTable& table, size_t row, std::string_view column) {
  const std::string_view cell = table.Cell(row, column);
  return cell == "-" ? std::string() : std::string(cell);
}

/// Whether the name is written in capitals, a genitive's "s" left aside ("UN", "BNDs").
bool InCapitals(std::string_view name) {
  if (name.ends_with("s")) name.remove_suffix(1);
  return name.size() >= 2 && std::none_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
         });
}

std::string_view WithoutGenitive(std::string_view lower, std::string_view original) {
  const size_t stem = GenitiveStem(original);
  // "CRS": a capital "S" is none.
  if (stem == original.size() || stem < 3) return lower;
  std::string_view cut = lower.substr(0, stem);
  // "Amtes", "Kreuzes": the genitive's "e" goes too, as it does where the name ends so anyway.
  if (original.ends_with("es") && cut.size() > 3) cut.remove_suffix(1);
  return cut;
}

}  // namespace

std::string NameKey(std::string_view name) {
  std::string key;
  size_t i = 0;
  while (i < name.size()) {
    while (i < name.size() && static_cast<unsigned char>(name[i]) <= ' ') ++i;
    size_t end = i;
    while (end < name.size() && static_cast<unsigned char>(name[end]) > ' ') ++end;
    if (end == i) break;
    size_t next = end;
    while (next < name.size() && static_cast<unsigned char>(name[next]) <= ' ') ++next;
    const std::string_view original = name.substr(i, end - i);
    const std::string lower = LowerCase(original);
    const std::string_view part =
        next >= name.size() ? WithoutGenitive(lower, original) : AdjectiveStem(lower);
    if (!key.empty()) key += ' ';
    key += part;
    i = next;
  }
  return key;
}

KnownActors::KnownActors(const Lexicon& lexicon) {
  const LexiconTable& countries = lexicon.Table("countries");
  for (size_t row = 0; row < countries.size(); ++row) {
    const std::string_view form = countries.Cell(row, "form");
    const std::string_view kind = countries.Cell(row, "kind");
    const std::string code(countries.Cell(row, "code"));
    if (kind == "name") {
      country_by_name_.emplace(NameKey(form), code);
      if (form.find(' ') != std::string_view::npos) AddFirstWord(form);
    } else if (kind == "usual") {
      name_by_country_.emplace(code, form);
    } else if (kind == "capital") {
      country_by_capital_.emplace(NameKey(form), code);
    } else if (kind == "demonym") {
      country_by_demonym_.emplace(LowerCase(form), code);
    } else if (kind == "adjective") {
      country_by_adjective_.emplace(LowerCase(form), code);
    }
  }
  const LexiconTable& metonyms = lexicon.Table("metonyms");
  for (size_t row = 0; row < metonyms.size(); ++row) {
    country_by_capital_.emplace(NameKey(metonyms.Cell(row, "form")), metonyms.Cell(row, "code"));
  }
  const LexiconTable& prefixes = lexicon.Table("country_prefixes");
  for (size_t row = 0; row < prefixes.size(); ++row) {
    prefixes_.emplace_back(prefixes.Cell(row, "prefix"), prefixes.Cell(row, "code"));
  }
  AddBodies(lexicon.Table("organisations"), ActorType::kOrganization);
  AddBodies(lexicon.Table("media"), ActorType::kMedia);
  AddNames(lexicon.Table("organization_names"), ActorType::kOrganization);
  AddNames(lexicon.Table("media_names"), ActorType::kMedia);
  const LexiconTable& nouns = lexicon.Table("actor_nouns");
  for (size_t row = 0; row < nouns.size(); ++row) {
    std::vector<std::string>& kinds = refers_to_[LowerCase(nouns.Cell(row, "noun"))];
    for (std::string_view kind : Split(nouns.Cell(row, "refers_to"), ' ')) kinds.emplace_back(kind);
  }
  const LexiconTable& words = lexicon.Table("actor_words");
  for (size_t row = 0; row < words.size(); ++row) {
    const std::string form(words.Cell(row, "form"));
    const std::string_view kind = words.Cell(row, "kind");
    if (kind == "agent") agent_prepositions_.insert(form);
    if (kind == "source") source_prepositions_.insert(form);
    if (kind == "legal_form") legal_forms_.insert(LowerCase(form));
    if (kind == "source_behind") sources_behind_.insert(form);
    if (kind == "quotative") quotatives_.insert(form);
    if (kind == "hearsay_verb") hearsay_verbs_.insert(form);
    if (kind == "somebody_verb") somebody_verbs_.insert(form);
    if (kind == "opener") report_openers_.insert(form);
    if (kind == "anaphoric") anaphoric_.emplace(AdjectiveStem(form));
    if (kind == "negative") negative_.insert(form);
    if (kind == "counterpart") counterparts_.push_back(form);
    if (kind == "paper_place") paper_places_.insert(form);
    if (kind == "publishing") publishing_verbs_.insert(form);
    if (kind == "document" || kind == "any_document" || kind == "report") {
      documents_.push_back(form);
    }
    if (kind == "any_document") any_documents_.insert(form);
    if (kind == "report") reports_.insert(form);
    if (kind == "masthead") {
      mastheads_.insert(form);
      masthead_endings_.push_back(LowerCase(form));
    }
    if (kind == "his") {
      owners_.emplace(form, Morphology::kMasculine | Morphology::kNeuter | Morphology::kSingular);
    }
    if (kind == "hers") {
      owners_.emplace(form, Morphology::kFeminine | Morphology::kNumbers);
    }
    if (kind == "statement") statement_nouns_.insert(form);
    if (kind == "source_place") source_places_.insert(form);
    if (kind == "both") both_.insert(form);
    if (kind == "community") communities_.insert(form);
    if (kind == "copula") copulas_.insert(form);
    if (kind == "role_opener") role_openers_.insert(form);
    if (kind == "testimony") testimony_nouns_.insert(form);
    if (kind == "masculine") title_genders_.emplace(form, Morphology::kMasculine);
    if (kind == "feminine") title_genders_.emplace(form, Morphology::kFeminine);
  }
  const LexiconTable& clause_words = lexicon.Table("clause_words");
  for (size_t row = 0; row < clause_words.size(); ++row) {
    if (clause_words.Cell(row, "class") != "media_person") continue;
    for (const std::string_view form : Split(clause_words.Cell(row, "words"), ' ')) {
      media_persons_.emplace(form);
    }
  }
  const LexiconTable& verbs = lexicon.Table("reporting_verbs");
  for (size_t row = 0; row < verbs.size(); ++row) {
    if (verbs.Cell(row, "strength") == "strong") verbs_of_speech_.emplace(verbs.Cell(row, "lemma"));
  }
  for (const std::string_view table : {"first_names", "given_names"}) {
    const LexiconTable& first_names = lexicon.Table(table);
    for (size_t row = 0; row < first_names.size(); ++row) {
      gender_by_first_name_.emplace(LowerCase(first_names.Cell(row, "name")),
                                    first_names.Cell(row, "gender") == "male"
                                        ? Morphology::kMasculine
                                        : Morphology::kFeminine);
    }
  }
  const LexiconTable& sources = lexicon.Table("reporting_nouns");
  for (size_t row = 0; row < sources.size(); ++row) {
    source_nouns_.insert(LowerCase(sources.Cell(row, "noun")));
  }
  // "sein Argument", "der Vorwurf der Opposition".
  const LexiconTable& contents = lexicon.Table("content_nouns");
  for (size_t row = 0; row < contents.size(); ++row) {
    const std::string_view forms = contents.Cell(row, "forms");
    for (const auto& form : absl::StrSplit(absl::string_view(forms.data(), forms.size()), ',')) {
      source_nouns_.insert(LowerCase({form.data(), form.size()}));
    }
  }
}

void KnownActors::AddBodies(const LexiconTable& table, ActorType usual_type) {
  for (size_t row = 0; row < table.size(); ++row) {
    const auto index = static_cast<int32_t>(bodies_.size());
    const ActorType type = table.Cell(row, "type") == "GROUP" ? ActorType::kGroup : usual_type;
    Body body{Text(table, row, "name"), type, Text(table, row, "code"), Text(table, row, "kind")};
    AddBodyName(body.name, index);
    const std::string aliases = Text(table, row, "aliases");
    for (std::string_view alias : Split(aliases, ';')) {
      AddBodyName(alias, index);
    }
    bodies_.push_back(std::move(body));
  }
}

void KnownActors::AddNames(const LexiconTable& table, ActorType type) {
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string_view name = table.Cell(row, "name");
    // One word is told by its class, and a seat of power stands for its state.
    const std::string key = NameKey(name);
    if (name.find(' ') == std::string_view::npos || body_by_key_.contains(key) ||
        country_by_capital_.contains(key)) {
      continue;
    }
    AddBodyName(name, static_cast<int32_t>(bodies_.size()));
    bodies_.push_back({std::string(name), type, {}, {}});
  }
}

std::string_view KnownActors::Get(const Map& map, std::string_view key) {
  const auto it = map.find(key);
  return it == map.end() ? std::string_view() : std::string_view(it->second);
}

void KnownActors::AddFirstWord(std::string_view name) {
  const std::string lower = LowerCase(name.substr(0, name.find(' ')));
  const std::string_view stem = AdjectiveStem(lower);
  first_words_.emplace(stem);
  short_openings_[OpeningOf(stem, kShortOpening)] = true;
  if (stem.size() >= kLongOpening) long_openings_[OpeningOf(stem, kLongOpening)] = true;
}

uint16_t KnownActors::OpeningOf(std::string_view word, size_t size) {
  uint32_t hash = 0;
  for (size_t i = 0; i < std::min(word.size(), size); ++i) {
    // One value for the bytes of all letters beyond ASCII, whose case is not known here.
    const auto byte = static_cast<unsigned char>(word[i]);
    hash = hash * 31 + (byte >= 0x80 ? 0x80u : byte >= 'A' && byte <= 'Z' ? byte + 0x20u : byte);
  }
  return static_cast<uint16_t>(hash ^ (hash >> 16));
}

bool KnownActors::BeginsName(std::string_view word) const {
  // Most words do not even begin like one. What a genitive and an adjective end in has four bytes
  // at most, and an apostrophe is not met.
  constexpr size_t kLongestEnding = 4;
  const bool opens = word.size() >= kLongOpening + kLongestEnding
                         ? long_openings_[OpeningOf(word, kLongOpening)]
                         : short_openings_[OpeningOf(word, kShortOpening)];
  if (!opens && word.find('\'') == std::string_view::npos && word.find("’") == word.npos)
    return false;
  const std::string lower = LowerCase(word);
  if (first_words_.contains(AdjectiveStem(lower))) return true;
  // "Hisbollahs": the genitive of a name of one word.
  const std::string_view base = WithoutGenitive(lower, word);
  return base != lower && first_words_.contains(AdjectiveStem(base));
}

void KnownActors::AddBodyName(std::string_view name, int32_t body) {
  const auto [it, fresh] = body_by_key_.try_emplace(NameKey(name), BodyKey{body, InCapitals(name)});
  if (!fresh && it->second.body == body) it->second.capitals &= InCapitals(name);
  AddFirstWord(name);
  // "Deutsche Presse Agentur": hyphens are often left out.
  if (name.find(' ') != std::string_view::npos && name.find('-') != std::string_view::npos) {
    std::string loose(name);
    std::replace(loose.begin(), loose.end(), '-', ' ');
    body_by_key_.try_emplace(NameKey(loose), BodyKey{body, false});
  }
}

int32_t KnownActors::FindBody(std::string_view key, std::string_view name) const {
  const auto it = body_by_key_.find(key);
  if (it == body_by_key_.end()) return -1;
  return it->second.capitals && !InCapitals(name) ? -1 : it->second.body;
}

std::string_view KnownActors::CountryOfName(std::string_view key) const {
  return Get(country_by_name_, key);
}

std::string_view KnownActors::CountryOfCapital(std::string_view key) const {
  return Get(country_by_capital_, key);
}

std::string_view KnownActors::CountryOfDemonym(std::string_view word) const {
  const std::string lower = LowerCase(word);
  std::string_view form = lower;
  if (const std::string_view code = Get(country_by_demonym_, form); !code.empty()) return code;
  for (std::string_view ending : {"innen", "in", "n", "s", ""}) {
    if (!form.ends_with(ending)) continue;
    const std::string stem(form.substr(0, form.size() - ending.size()));
    // "Ungarin", "Russin", "die Deutsche".
    for (const std::string& masculine : {stem, stem + "e", stem + "r"}) {
      const std::string_view code = Get(country_by_demonym_, masculine);
      if (!code.empty()) return code;
    }
  }
  return {};
}

std::string_view KnownActors::CountryOfAdjective(std::string_view word) const {
  const std::string lower = LowerCase(word);
  if (const std::string_view code = Get(country_by_adjective_, lower); !code.empty()) return code;
  return Get(country_by_adjective_, AdjectiveStem(lower));
}

std::string_view KnownActors::CountryOfPrefix(std::string_view word, size_t* length) const {
  for (const auto& [prefix, code] : prefixes_) {
    if (word.size() > prefix.size() + 2 && word.starts_with(prefix)) {
      *length = prefix.size();
      return code;
    }
  }
  const size_t hyphen = word.find('-');
  if (hyphen == std::string_view::npos || hyphen + 2 >= word.size()) return {};
  const std::string key = NameKey(word.substr(0, hyphen));
  std::string_view code = CountryOfName(key);
  if (code.empty()) code = CountryOfCapital(key);
  if (!code.empty()) *length = hyphen + 1;
  return code;
}

std::string_view KnownActors::NameOfCountry(std::string_view code) const {
  return Get(name_by_country_, code);
}

const std::vector<std::string>& KnownActors::RefersTo(std::string_view noun) const {
  static const std::vector<std::string>* const kNothing = new std::vector<std::string>();
  const auto it = refers_to_.find(noun);
  return it == refers_to_.end() ? *kNothing : it->second;
}

bool KnownActors::IsAnaphoric(std::string_view adjective) const {
  return anaphoric_.contains(AdjectiveStem(adjective));
}

bool KnownActors::IsAgentPreposition(std::string_view word) const {
  return agent_prepositions_.contains(LowerCase(word));
}

bool KnownActors::IsSourcePreposition(std::string_view word) const {
  return source_prepositions_.contains(LowerCase(word));
}

bool KnownActors::IsSourceNoun(std::string_view lemma) const {
  return source_nouns_.contains(LowerCase(lemma));
}

bool KnownActors::IsCounterpart(std::string_view lower) const {
  return std::any_of(counterparts_.begin(), counterparts_.end(),
                     [lower](const std::string& noun) { return lower.ends_with(noun); });
}

bool KnownActors::IsDocument(std::string_view lower) const {
  return std::any_of(documents_.begin(), documents_.end(),
                     [lower](const std::string& noun) { return lower.ends_with(noun); });
}

bool KnownActors::IsNegative(std::string_view determiner) const {
  const std::string lower = LowerCase(determiner);
  return negative_.contains(AdjectiveStem(lower));
}

uint32_t KnownActors::OwnerOf(std::string_view possessive) const {
  const std::string lower = LowerCase(possessive);
  const auto it = owners_.find(AdjectiveStem(lower));
  return it == owners_.end() ? 0 : it->second;
}

bool KnownActors::IsMasthead(std::string_view word) const {
  return mastheads_.contains(word) || mastheads_.contains(word.substr(0, GenitiveStem(word)));
}

bool KnownActors::EndsInMasthead(std::string_view word) const {
  constexpr size_t kShortestFirstPart = 3;
  const std::string lower = LowerCase(word);
  return std::any_of(masthead_endings_.begin(), masthead_endings_.end(), [&](const auto& ending) {
    return lower.size() >= ending.size() + kShortestFirstPart && lower.ends_with(ending);
  });
}

bool KnownActors::WorksForMedia(std::string_view noun) const {
  return media_persons_.contains(LowerCase(noun));
}

bool KnownActors::IsSourcePlace(std::string_view word) const {
  return source_places_.contains(LowerCase(word));
}

bool KnownActors::IsPaperPlace(std::string_view word) const {
  return paper_places_.contains(LowerCase(word));
}

bool KnownActors::MeansBoth(std::string_view word) const {
  const std::string lower = LowerCase(word);
  return both_.contains(AdjectiveStem(lower));
}

bool KnownActors::OpensReport(std::string_view word) const {
  return report_openers_.contains(LowerCase(word));
}

bool KnownActors::IsTestimonyNoun(std::string_view lemma) const {
  return testimony_nouns_.contains(lemma);
}

bool KnownActors::IsStatementNoun(std::string_view lemma) const {
  return statement_nouns_.contains(lemma);
}

uint32_t KnownActors::GenderOfFirstName(std::string_view lower) const {
  const auto it = gender_by_first_name_.find(lower);
  return it == gender_by_first_name_.end() ? 0 : it->second;
}

uint32_t KnownActors::GenderOfTitle(std::string_view word) const {
  const auto it = title_genders_.find(word);
  return it == title_genders_.end() ? 0 : it->second;
}

}  // namespace lagebild::extract
