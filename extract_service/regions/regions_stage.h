#ifndef LAGEBILD_EXTRACT_SERVICE_REGIONS_REGIONS_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_REGIONS_REGIONS_STAGE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace re2 {
class RE2;
}

namespace lagebild::extract {

/// One row of language/de/regions.tsv.
struct RegionRule {
  std::string id;
  std::string scope;    ///< prefix, suffix, line, inline or line_end.
  std::string pattern;  ///< RE2.
  std::string kind;     ///< Name of a RegionKind, "CONTINUES" with scope line_end.
};

/// Stage "regions": says what each part of the text is.
///
/// Declared regions win. What they leave open is told by layout (blank lines, short lines without a
/// stop) and by the rules of regions.tsv. Regions are sorted, do not overlap and cover everything
/// but white space; body lines that follow each other are one region.
class RegionsStage : public Stage {
 public:
  /// Errors: INVALID_ARGUMENT when a rule of the table "regions" is malformed.
  static absl::StatusOr<std::unique_ptr<const RegionsStage>> Create(const Lexicon& lexicon);
  static absl::StatusOr<std::unique_ptr<const RegionsStage>> Create(
      const std::vector<RegionRule>& rules);
  ~RegionsStage() override;

  std::string_view name() const override { return "regions"; }
  void Annotate(AnnotatedDocument& document) const override;

  /// A rule with its pattern compiled.
  struct Rule;

 private:
  RegionsStage();

  std::vector<Rule> prefix_;
  std::vector<Rule> suffix_;
  std::vector<Rule> line_;
  std::vector<Rule> inline_;
  std::vector<Rule> line_end_;
  class Reader;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_REGIONS_REGIONS_STAGE_H_
