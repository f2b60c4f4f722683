#ifndef LAGEBILD_EXTRACT_SERVICE_FIGURES_FIGURE_RULES_H_
#define LAGEBILD_EXTRACT_SERVICE_FIGURES_FIGURE_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "extract_service/figures/number_words.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

enum class UnitKind : uint8_t { kShare, kMoney, kMeasure, kTime, kNone };

/// A phrase that qualifies a number.
struct FigureCue {
  Qualifier qualifier = Qualifier::kUnspecified;
  bool only_quantities = false;  ///< Counts only before a number with a unit of measure.
};

/// What the lexicon's tables say about numbers: number_words, figure_cues, units, figure_status.
/// Words of declined classes are keyed by lemma. Immutable and thread-safe.
struct FigureRules {
  /// Errors: INVALID_ARGUMENT when a row is malformed.
  static absl::StatusOr<FigureRules> Create(const Lexicon& lexicon);

  const FigureCue* FindBefore(std::string_view lower_words) const;
  const FigureCue* FindAfter(std::string_view lower_words) const;
  std::optional<UnitKind> FindUnit(std::string_view word) const;

  NumberWords numbers;
  WordMap<FigureCue> before;
  WordMap<FigureCue> after;
  WordMap<UnitKind> units;
  WordMap<std::string> status;  ///< Lemma -> status.
  WordSet estimates;
  WordSet topics;
  WordSet labels;
  WordSet vague_nouns;
  WordSet count_nouns;
  WordSet scale_nouns;
  // Forms as written, for the grammar around a number.
  WordSet between;       ///< Opens a range whose numbers "und" joins.
  WordSet up_to;         ///< Joins the numbers of a range.
  WordSet conjunctions;  ///< Of the numbers of a range behind `between`, and of attributes.
  WordSet alternatives;
  WordSet arrivals;      ///< Before the number that something reaches ("stieg auf").
  WordSet of;            ///< Before a number or what it is part of.
  WordSet wholes;        ///< Opens what the counted are part of ("138 der 550").
  WordSet parts_behind;  ///< Behind a number of what was counted before.
  WordSet parts_before;  ///< Before such a number.
  WordSet further;       ///< Attributes of more of what was counted.
};

/// Qualifier by its name in the contract ("AT_LEAST"); kUnspecified for other words.
Qualifier QualifierOf(std::string_view name);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_FIGURES_FIGURE_RULES_H_
