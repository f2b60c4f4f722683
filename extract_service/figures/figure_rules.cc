#include "extract_service/figures/figure_rules.h"

#include <array>
#include <utility>

#include "absl/status/status.h"

namespace lagebild::extract {
namespace {

absl::Status Malformed(std::string_view table, std::string_view word) {
  return absl::InvalidArgumentError(std::string(table) + ": the row of \"" + std::string(word) +
                                    "\" is malformed");
}

// The set that a kind of cue which qualifies nothing by itself goes into; null = no such kind.
WordSet* SetOf(std::string_view kind, FigureRules& rules) {
  const std::pair<std::string_view, WordSet*> sets[] = {
      {"estimate", &rules.estimates},
      {"topic", &rules.topics},
      {"label", &rules.labels},
      {"vague_noun", &rules.vague_nouns},
      {"count_noun", &rules.count_nouns},
      {"scale_noun", &rules.scale_nouns},
      {"between", &rules.between},
      {"up_to", &rules.up_to},
      {"and", &rules.conjunctions},
      {"or", &rules.alternatives},
      {"arrival", &rules.arrivals},
      {"of", &rules.of},
      {"whole", &rules.wholes},
      {"part_behind", &rules.parts_behind},
      {"part_before", &rules.parts_before},
      {"further", &rules.further},
  };
  for (const auto& [name, set] : sets) {
    if (name == kind) return set;
  }
  return nullptr;
}

absl::Status ReadCues(const LexiconTable& table, FigureRules& rules) {
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string words(table.Cell(row, "words"));
    const std::string_view kind = table.Cell(row, "kind");
    FigureCue cue;
    cue.qualifier = QualifierOf(table.Cell(row, "qualifier"));
    cue.only_quantities = table.Cell(row, "condition") == "quantity";
    const bool qualifies = kind == "before" || kind == "after" || kind == "estimate";
    if (qualifies && cue.qualifier == Qualifier::kUnspecified)
      return Malformed("figure_cues", words);
    if (kind == "before") {
      rules.before[words] = cue;
    } else if (kind == "after") {
      rules.after[words] = cue;
    } else if (WordSet* const set = SetOf(kind, rules); set != nullptr) {
      set->insert(words);
    } else {
      return Malformed("figure_cues", words);
    }
  }
  return absl::OkStatus();
}

absl::Status ReadUnits(const LexiconTable& table, FigureRules& rules) {
  constexpr std::array<std::pair<std::string_view, UnitKind>, 5> kKinds = {{
      {"share", UnitKind::kShare},
      {"money", UnitKind::kMoney},
      {"measure", UnitKind::kMeasure},
      {"time", UnitKind::kTime},
      {"none", UnitKind::kNone},
  }};
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string unit(table.Cell(row, "unit"));
    bool found = false;
    for (const auto& [name, kind] : kKinds) {
      if (table.Cell(row, "kind") != name) continue;
      rules.units[unit] = kind;
      found = true;
    }
    if (!found) return Malformed("units", unit);
  }
  return absl::OkStatus();
}

void ReadStatus(const LexiconTable& table, FigureRules& rules) {
  for (size_t row = 0; row < table.size(); ++row) {
    std::string_view lemmas = table.Cell(row, "lemmas");
    while (!lemmas.empty()) {
      const size_t end = std::min(lemmas.find(' '), lemmas.size());
      rules.status[std::string(lemmas.substr(0, end))] = table.Cell(row, "status");
      lemmas.remove_prefix(std::min(end + 1, lemmas.size()));
    }
  }
}

const FigureCue* Find(const WordMap<FigureCue>& cues, std::string_view words) {
  const auto found = cues.find(words);
  return found == cues.end() ? nullptr : &found->second;
}

}  // namespace

absl::StatusOr<FigureRules> FigureRules::Create(const Lexicon& lexicon) {
  auto numbers = NumberWords::Create(lexicon.Table("number_words"));
  if (!numbers.ok()) return numbers.status();
  FigureRules rules;
  rules.numbers = *std::move(numbers);
  if (absl::Status status = ReadCues(lexicon.Table("figure_cues"), rules); !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadUnits(lexicon.Table("units"), rules); !status.ok()) return status;
  ReadStatus(lexicon.Table("figure_status"), rules);
  return rules;
}

const FigureCue* FigureRules::FindBefore(std::string_view lower_words) const {
  return Find(before, lower_words);
}

const FigureCue* FigureRules::FindAfter(std::string_view lower_words) const {
  return Find(after, lower_words);
}

std::optional<UnitKind> FigureRules::FindUnit(std::string_view word) const {
  const auto found = units.find(word);
  if (found == units.end()) return std::nullopt;
  return found->second;
}

Qualifier QualifierOf(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Qualifier>, 8> kNames = {{
      {"EXACT", Qualifier::kExact},
      {"ABOUT", Qualifier::kAbout},
      {"AT_LEAST", Qualifier::kAtLeast},
      {"AT_MOST", Qualifier::kAtMost},
      {"MORE_THAN", Qualifier::kMoreThan},
      {"LESS_THAN", Qualifier::kLessThan},
      {"ALMOST", Qualifier::kAlmost},
      {"VAGUE", Qualifier::kVague},
  }};
  for (const auto& [known, qualifier] : kNames) {
    if (name == known) return qualifier;
  }
  return Qualifier::kUnspecified;
}

}  // namespace lagebild::extract
