#include "extract_service/lexicon/compiler/list_sources.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "extract_service/lexicon/compiler/tsv.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {
namespace {

using M = Morphology;
using W = WordClass;

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool IsOneWord(std::string_view text) {
  return !text.empty() && text.find(' ') == std::string_view::npos;
}

constexpr std::array<std::pair<std::string_view, Pos>, 16> kPosNames = {
    {{"noun", Pos::kNoun},
     {"proper_noun", Pos::kProperNoun},
     {"verb", Pos::kVerb},
     {"auxiliary", Pos::kAuxiliary},
     {"adjective", Pos::kAdjective},
     {"adverb", Pos::kAdverb},
     {"pronoun", Pos::kPronoun},
     {"determiner", Pos::kDeterminer},
     {"adposition", Pos::kAdposition},
     {"coordinator", Pos::kCoordinator},
     {"subordinator", Pos::kSubordinator},
     {"particle", Pos::kParticle},
     {"numeral", Pos::kNumeral},
     {"punctuation", Pos::kPunctuation},
     {"interjection", Pos::kInterjection},
     {"other", Pos::kOther}}};

constexpr std::array<std::pair<std::string_view, uint32_t>, 12> kFeatureNames = {
    {{"m", M::kMasculine},
     {"f", M::kFeminine},
     {"n", M::kNeuter},
     {"sg", M::kSingular},
     {"pl", M::kPlural},
     {"nom", M::kNominative},
     {"gen", M::kGenitive},
     {"dat", M::kDative},
     {"acc", M::kAccusative},
     {"1", M::kFirst},
     {"2", M::kSecond},
     {"3", M::kThird}}};

template <typename Table>
auto Named(const Table& table, std::string_view name)
    -> std::optional<typename Table::value_type::second_type> {
  for (const auto& [key, value] : table) {
    if (key == name) return value;
  }
  return std::nullopt;
}

// A list of words of one class. Names get a genitive, nouns all their forms.
struct WordList {
  std::string_view file;
  uint32_t word_class;
  bool is_name;
};
constexpr std::array<WordList, 10> kWordLists = {
    {{"offices", W::kOffice, false},
     {"titles", W::kTitle, false},
     {"organization_nouns", W::kOrganizationNoun, false},
     {"media_nouns", W::kMediaNoun, false},
     {"group_nouns", W::kGroupNoun, false},
     {"person_nouns", W::kPersonNoun, false},
     {"media_names", W::kMediaName, true},
     {"organization_names", W::kOrganizationName, true},
     {"event_names", W::kEventName, true},
     {"abbreviations", W::kAbbreviation, true}}};

// Gender of a noun that no package has, by its ending.
bool LooksFeminine(std::string_view noun) {
  constexpr std::array<std::string_view, 11> kEndings = {
      "in", "a", "ung", "heit", "keit", "schaft", "ion", "tät", "ei", "ik", "ie"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return EndsWith(noun, ending); });
}

// Adds the forms of a noun for a person or thing that no package has.
void DeclineNoun(std::string_view noun, bool is_feminine, LexiconBuilder& builder) {
  const uint32_t gender = is_feminine ? M::kFeminine : M::kMasculine;
  const std::string word(noun);
  const uint32_t singular = M::kSingular | gender;
  const uint32_t plural = M::kPlural | gender;
  const auto add = [&](const std::string& form, uint32_t morphology) {
    builder.AddReading(form, word, Pos::kNoun, morphology);
  };
  add(word, singular | M::kNominative);
  if (is_feminine) {
    add(word, singular | M::kCases);
    add(EndsWith(word, "in") ? word + "nen" : word + (EndsWith(word, "e") ? "n" : "en"),
        plural | M::kCases);
  } else if (EndsWith(word, "e")) {  // Weak: "Experte", "Experten".
    add(word + "n", singular | M::kGenitive | M::kDative | M::kAccusative);
    add(word + "n", plural | M::kCases);
  } else if (EndsWith(word, "ent") || EndsWith(word, "ant") || EndsWith(word, "ist") ||
             EndsWith(word, "at")) {
    add(word + "en", singular | M::kGenitive | M::kDative | M::kAccusative);
    add(word + "en", plural | M::kCases);
  } else {
    add(word, singular | M::kDative | M::kAccusative);
    add(word + "s", singular | M::kGenitive);
    if (EndsWith(word, "er")) {
      add(word, plural | M::kNominative | M::kGenitive | M::kAccusative);
      add(word + "n", plural | M::kDative);
    } else if (EndsWith(word, "or")) {
      add(word + "en", plural | M::kCases);
    } else {
      add(word + "e", plural | M::kNominative | M::kGenitive | M::kAccusative);
      add(word + "en", plural | M::kDative);
    }
  }
}

// Adds the forms of a compound whose head a package has; says whether it found one.
bool DeclineCompound(const std::string& noun, LexiconBuilder& builder) {
  bool found = false;
  word_shape::ForEachSuffix(noun, [&](std::string_view suffix) {
    if (builder.NounForms(suffix).empty() || !word_shape::StartsUpper(suffix)) return false;
    builder.DeclineAs(noun, suffix);
    found = true;
    return true;
  });
  return found;
}

// A plural that names people ("Sicherheitskräfte"), and its dative.
void AddPlural(const std::string& noun, LexiconBuilder& builder) {
  const bool declines = !EndsWith(noun, "n") && !EndsWith(noun, "s");
  const std::string dative = declines ? noun + "n" : noun;
  if (!builder.HasReading(noun, Pos::kNoun)) {
    builder.AddReading(noun, noun, Pos::kNoun,
                       M::kPlural | M::kNominative | M::kGenitive | M::kAccusative);
  }
  if (!builder.HasReading(dative, Pos::kNoun)) {
    builder.AddReading(dative, noun, Pos::kNoun, M::kPlural | M::kDative);
  }
  builder.AddClasses(noun, W::kGroupNoun);
  builder.AddClasses(dative, W::kGroupNoun);
}

void AddNameForm(const std::string& name, uint32_t classes, LexiconBuilder& builder) {
  if (!IsOneWord(name)) return;
  builder.AddClasses(name, classes);
  const std::string genitive = name + "s";
  if (!EndsWith(name, "s") && !EndsWith(name, ".") && !builder.HasReading(genitive)) {
    builder.AddClasses(genitive, classes);
  }
}

// Readings of "Russe", "Russin", "Amerikaner" and the class of demonyms for all their forms. A
// feminine by itself ("Französin") is one that the masculine does not lead to.
void AddDemonym(const std::string& masculine, LexiconBuilder& builder) {
  std::vector<std::string> forms = {masculine};
  std::string feminine;
  if (EndsWith(masculine, "in")) {
    if (!builder.HasReading(masculine, Pos::kNoun)) DeclineNoun(masculine, true, builder);
    for (const std::string& form : {masculine, masculine + "nen"}) {
      builder.AddClasses(form, W::kDemonym);
    }
    return;
  }
  // "ein Deutscher" is declined as an adjective.
  const std::string stem = masculine.substr(0, masculine.size() - 1);
  if (EndsWith(masculine, "er") && builder.HasReading(stem, Pos::kNoun)) {
    for (const std::string_view ending : {"", "r", "n", "m"}) {
      builder.AddClasses(stem + std::string(ending), W::kDemonym);
    }
    return;
  }
  if (EndsWith(masculine, "e")) {
    forms.push_back(masculine + "n");
    feminine = stem + "in";
  } else if (EndsWith(masculine, "er")) {
    forms.push_back(masculine + "s");
    forms.push_back(masculine + "n");
    feminine = masculine + "in";
  } else {
    forms.push_back(masculine + "s");
    feminine = masculine + "in";
  }
  if (!builder.HasReading(masculine, Pos::kNoun)) DeclineNoun(masculine, false, builder);
  if (!feminine.empty()) {
    if (!builder.HasReading(feminine, Pos::kNoun)) DeclineNoun(feminine, true, builder);
    forms.push_back(feminine);
    forms.push_back(feminine + "nen");
  }
  for (const std::string& form : forms) builder.AddClasses(form, W::kDemonym);
}

void AddPlaceAdjective(const std::string& stem, LexiconBuilder& builder) {
  for (const std::string_view ending : {"", "e", "en", "em", "er", "es"}) {
    const std::string form = stem + std::string(ending);
    if (!builder.HasReading(form, Pos::kAdjective)) {
      const uint32_t any = ending.empty() ? 0u : M::kGenders | M::kNumbers | M::kCases;
      builder.AddReading(form, stem, Pos::kAdjective, any);
    }
    builder.AddClasses(form, W::kPlaceAdjective);
  }
}

// Months by all their names ("Jänner"); the calendars of CLDR have one for each.
void AddMonths(const TsvFile& time_words, LexiconBuilder& builder) {
  const int word_class = time_words.Column("class");
  const int forms = time_words.Column("forms");
  if (word_class < 0 || forms < 0) return;
  for (const std::vector<std::string>& row : time_words.rows) {
    if (row[static_cast<size_t>(word_class)] != "MONTH") continue;
    std::istringstream names(row[static_cast<size_t>(forms)]);
    for (std::string month; names >> month;) {
      if (IsOneWord(month) && !month.ends_with('.')) builder.AddClasses(month, W::kMonth);
    }
  }
}

// A rule for times gets into the lexicon with an example of what it finds and one of what it does
// not. One that takes words away (NONE) finds nothing, so that all its examples are of that kind.
absl::Status CheckExamples(const std::filesystem::path& path, const TsvFile& times) {
  const int type = times.Column("type");
  const int examples = times.Column("examples");
  for (const std::vector<std::string>& row : times.rows) {
    const std::string_view cell =
        examples < 0 ? std::string_view() : std::string_view(row[static_cast<size_t>(examples)]);
    const bool finds = type < 0 || row[static_cast<size_t>(type)] != "NONE";
    const char* missing = nullptr;
    if (cell.find("! ") == std::string_view::npos) missing = "no counter-example (\"! ...\")";
    if (cell.empty() || (finds && cell.find('=') == std::string_view::npos)) missing = "no example";
    if (missing != nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(path.string(), ": the rule \"", row[0], "\" has ", missing));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddClosedClass(const std::filesystem::path& lists, LexiconBuilder& builder) {
  const std::filesystem::path path = lists / "closed_class.tsv";
  const absl::StatusOr<TsvFile> file = ReadTsv(path);
  if (!file.ok()) return file.status();
  if (file->columns.size() < 4) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": columns are missing"));
  }
  for (const std::vector<std::string>& row : file->rows) {
    const auto pos = Named(kPosNames, row[1]);
    if (!pos) {
      return absl::InvalidArgumentError(
          absl::StrCat(path.string(), ": unknown part of speech ", row[1], " at ", row[0]));
    }
    uint32_t morphology = 0;
    for (const std::string& name : Split(row[3], ' ')) {
      const auto bit = Named(kFeatureNames, name);
      if (!bit && !name.empty()) {
        return absl::InvalidArgumentError(
            absl::StrCat(path.string(), ": unknown feature ", name, " at ", row[0]));
      }
      morphology |= bit.value_or(0);
    }
    for (const std::string& form : Split(row[0], ' ')) {
      builder.AddReading(form, row[2].empty() ? form : row[2], *pos, morphology);
    }
  }
  const absl::StatusOr<TsvFile> invariable = ReadTsv(lists / "invariable_words.tsv");
  if (!invariable.ok()) return invariable.status();
  for (const std::vector<std::string>& row : invariable->rows) {
    const auto pos = Named(kPosNames, row[1]);
    if (!pos) {
      return absl::InvalidArgumentError(
          absl::StrCat("invariable_words.tsv: unknown part of speech ", row[1]));
    }
    builder.AddReading(row[0], row[0], *pos, 0);
  }
  return absl::OkStatus();
}

absl::Status AddWordLists(const std::filesystem::path& lists, LexiconBuilder& builder) {
  std::set<std::string> heads;
  for (const WordList& list : kWordLists) {
    const absl::StatusOr<TsvFile> file = ReadTsv(lists / (std::string(list.file) + ".tsv"));
    if (!file.ok()) return file.status();
    const int compound = file->Column("compound");
    const int feminine = file->Column("feminine");
    for (const std::vector<std::string>& row : file->rows) {
      if (list.is_name) {
        AddNameForm(row[0], list.word_class, builder);
        continue;
      }
      const bool is_head = compound >= 0 && row[compound] == "yes";
      const uint32_t classes = list.word_class | (is_head ? uint32_t{W::kCompoundHead} : 0u);
      std::vector<std::pair<std::string, bool>> nouns = {{row[0], LooksFeminine(row[0])}};
      if (feminine >= 0 && !row[feminine].empty()) nouns.emplace_back(row[feminine], true);
      for (const auto& [noun, is_feminine] : nouns) {
        if (!IsOneWord(noun)) continue;
        if (list.word_class == W::kGroupNoun && builder.NounForms(noun).empty()) {
          AddPlural(noun, builder);
          continue;
        }
        std::vector<std::string> forms = builder.NounForms(noun);
        if (forms.empty() && list.word_class != W::kTitle &&
            !builder.HasReading(noun, Pos::kNoun)) {
          const bool is_compound =
              list.word_class == W::kOrganizationNoun && DeclineCompound(noun, builder);
          if (!is_compound) DeclineNoun(noun, is_feminine, builder);
          forms = builder.NounForms(noun);
        }
        // The packages know many compounds in the nominative only.
        constexpr size_t kMostForms = 3;
        const bool is_body =
            list.word_class == W::kOrganizationNoun || list.word_class == W::kMediaNoun;
        if (is_body && forms.size() < kMostForms && DeclineCompound(noun, builder)) {
          forms = builder.NounForms(noun);
        }
        builder.AddClasses(noun, classes);
        for (const std::string& form : forms) {
          // Forms that are ordinary words in lower case would make verbs of them: kept out.
          if (word_shape::StartsUpper(form)) builder.AddClasses(form, classes);
        }
      }
    }
  }
  // Compounds of the dictionaries get the classes of their heads here; those of no dictionary get
  // them when a text is read.
  std::vector<std::pair<std::string, uint32_t>> compounds;
  builder.ForEachForm([&](const std::string& form, LexiconBuilder::Form& entry) {
    constexpr uint32_t kInherited =
        W::kOffice | W::kOrganizationNoun | W::kMediaNoun | W::kGroupNoun | W::kPersonNoun;
    const bool is_noun = std::any_of(entry.readings.begin(), entry.readings.end(),
                                     [](const auto& r) { return r.pos == Pos::kNoun; });
    if (!is_noun || (entry.classes & kInherited) != 0 || !word_shape::StartsUpper(form)) return;
    word_shape::ForEachSuffix(form, [&](std::string_view suffix) {
      const uint32_t classes = builder.Classes(suffix);
      if ((classes & W::kCompoundHead) != 0) {
        compounds.emplace_back(form, classes & kInherited);
        return true;
      }
      // A longer noun between the head and the word decides: "Vorrat" is no council.
      return builder.HasReading(suffix, Pos::kNoun);
    });
  });
  for (const auto& [form, classes] : compounds) builder.AddClasses(form, classes);
  return absl::OkStatus();
}

absl::Status AddCountries(const std::filesystem::path& lists,
                          const std::filesystem::path& resources, LexiconBuilder& builder) {
  std::set<std::tuple<std::string, std::string, std::string>> rows;  // form, kind, code
  std::map<std::string, std::string> usual_names;                    // By code.
  const auto add_name = [&](const std::string& name, const std::string& code) {
    if (name.empty()) return;
    rows.emplace(name, "name", code);
    if (!builder.HasReading(name, Pos::kNoun)) AddNameForm(name, W::kCountry, builder);
  };
  const auto add_adjective = [&](const std::string& stem, const std::string& code) {
    if (!IsOneWord(stem)) return;
    rows.emplace(stem, "adjective", code);
    AddPlaceAdjective(stem, builder);
  };

  const std::filesystem::path modules = resources / "npm/node_modules";
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::object list;
  const std::filesystem::path names_path = modules / "i18n-iso-countries/langs/de.json";
  if (parser.load(names_path.string()).get(root) || root["countries"].get(list)) {
    return absl::NotFoundError(absl::StrCat("cannot read ", names_path.string()));
  }
  for (const auto& [code, value] : list) {
    std::string_view name;
    simdjson::dom::array names;
    if (!value.get(name)) add_name(std::string(name), std::string(code));
    if (value.get(names)) continue;
    for (const simdjson::dom::element item : names) {
      if (!item.get(name)) add_name(std::string(name), std::string(code));
    }
  }
  const std::filesystem::path territories_path =
      modules / "cldr-localenames-full/main/de/territories.json";
  if (parser.load(territories_path.string()).get(root) ||
      root.at_pointer("/main/de/localeDisplayNames/territories").get(list)) {
    return absl::NotFoundError(absl::StrCat("cannot read ", territories_path.string()));
  }
  for (const auto& [key, value] : list) {
    // Two letters, or two letters and "-alt-short" or the like; not the numbered regions.
    const std::string code(key.substr(0, 2));
    const bool is_country = code[0] >= 'A' && (key.size() == 2 || key[2] == '-') && code != "EU" &&
                            code != "EZ" && code != "UN" && code != "XA" && code != "XB" &&
                            code != "ZZ" && code != "QO";
    std::string_view name;
    if (!is_country || value.get(name)) continue;
    add_name(std::string(name), code);
    if (key.size() == 2) usual_names.insert_or_assign(code, name);
  }
  const std::filesystem::path adjectives_path = modules / "i18n-nationality/langs/de.json";
  if (parser.load(adjectives_path.string()).get(root) || root["nationalities"].get(list)) {
    return absl::NotFoundError(absl::StrCat("cannot read ", adjectives_path.string()));
  }
  for (const auto& [code, value] : list) {
    std::string_view adjective;
    if (!value.get(adjective) && EndsWith(adjective, "isch") && IsOneWord(adjective)) {
      add_adjective(std::string(word_shape::Recased::Lower(adjective).text()), std::string(code));
    }
  }

  const absl::StatusOr<TsvFile> file = ReadTsv(lists / "country_words.tsv");
  if (!file.ok()) return file.status();
  if (file->columns.size() < 5) {
    return absl::InvalidArgumentError("country_words.tsv: columns are missing");
  }
  const auto parts = [](const std::string& cell) {
    return cell.empty() ? std::vector<std::string>() : Split(cell, '|');
  };
  for (const std::vector<std::string>& row : file->rows) {
    const std::string& code = row[0];
    const std::vector<std::string> names = parts(row[1]);
    if (!names.empty()) usual_names.insert_or_assign(code, names.front());
    for (const std::string& name : names) {
      rows.emplace(name, "name", code);
      AddNameForm(name, W::kCountry, builder);
    }
    for (const std::string& stem : parts(row[2])) add_adjective(stem, code);
    for (const std::string& demonym : parts(row[3])) {
      rows.emplace(demonym, "demonym", code);
      AddDemonym(demonym, builder);
    }
    for (const std::string& capital : parts(row[4])) {
      rows.emplace(capital, "capital", code);
      AddNameForm(capital, W::kCapital | W::kCity, builder);
    }
  }
  for (const auto& [code, name] : usual_names) rows.emplace(name, "usual", code);
  SourceTable table;
  table.columns = {"form", "kind", "code"};
  for (const auto& [form, kind, code] : rows) table.rows.push_back({form, kind, code});
  builder.AddTable("countries", std::move(table));

  // "Berliner", "Moskauer": capitalised and without ending, made of a place and "-er".
  std::vector<std::string> adjectives;
  builder.ForEachForm([&](const std::string& form, LexiconBuilder::Form&) {
    if (!EndsWith(form, "er") || !word_shape::StartsUpper(form) || form.size() < 6) return;
    const std::string stem = form.substr(0, form.size() - 2);
    std::vector<std::string> places = {stem, stem + "e", stem + "en"};
    if (EndsWith(stem, "n")) places.push_back(stem.substr(0, stem.size() - 1) + "en");
    for (const std::string& place : places) {
      if ((builder.Classes(place) & (W::kCity | W::kCapital)) != 0 &&
          !builder.HasReading(place, Pos::kNoun)) {
        adjectives.push_back(form);
        return;
      }
    }
  });
  for (const std::string& form : adjectives) builder.AddClasses(form, W::kPlaceAdjective);
  return absl::OkStatus();
}

absl::Status AddTables(const std::filesystem::path& lists, LexiconBuilder& builder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(lists)) {
    if (entry.path().extension() == ".tsv") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const std::filesystem::path& path : paths) {
    const absl::StatusOr<TsvFile> file = ReadTsv(path);
    if (!file.ok()) return file.status();
    if (path.stem() == "times") {
      if (absl::Status status = CheckExamples(path, *file); !status.ok()) return status;
    }
    std::vector<size_t> kept;
    SourceTable table;
    for (size_t i = 0; i < file->columns.size(); ++i) {
      if (file->columns[i].rfind("example", 0) == 0 ||
          file->columns[i].rfind("counter_example", 0) == 0)
        continue;
      kept.push_back(i);
      table.columns.push_back(file->columns[i]);
    }
    for (const std::vector<std::string>& row : file->rows) {
      std::vector<std::string>& cells = table.rows.emplace_back();
      for (const size_t column : kept) cells.push_back(row[column]);
    }
    if (path.stem() == "units") {
      const int unit = file->Column("unit");
      for (const std::vector<std::string>& row : file->rows) {
        if (unit >= 0 && IsOneWord(row[unit])) builder.AddClasses(row[unit], W::kUnit);
      }
    }
    if (path.stem() == "time_words") AddMonths(*file, builder);
    builder.AddTable(path.stem().string(), std::move(table));
  }
  return absl::OkStatus();
}

absl::Status AddModels(const std::filesystem::path& models, LexiconBuilder& builder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(models)) {
    if (entry.path().extension() == ".model") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  SourceTable table;
  table.columns = {"name", "bytes"};
  for (const std::filesystem::path& path : paths) {
    absl::StatusOr<std::string> bytes = ReadFile(path);
    if (!bytes.ok()) return bytes.status();
    table.rows.push_back({path.stem().string(), *std::move(bytes)});
  }
  builder.AddTable("models", std::move(table));
  return absl::OkStatus();
}

}  // namespace lagebild::extract
