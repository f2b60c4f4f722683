#ifndef LAGEBILD_EXTRACT_SERVICE_PUBLISHED_PUBLISHED_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_PUBLISHED_PUBLISHED_STAGE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// One row of language/de/published.tsv.
struct PublishedRule {
  std::string id;
  std::string region;   ///< Name of a region kind, or ANY.
  std::string pattern;  ///< RE2 with groups evidence, year, month or name, day.
  std::string bound;    ///< DAY or FROM.
  std::string confidence;
};

/// Stage "published": when the document was published.
///
/// What the caller declares wins and has no evidence span; else the words of the text that show it,
/// with the precision they have ("date 2024-10" is a month). A date that only shows that the text
/// is not older leaves `latest` open. Nothing is written when neither is there.
class PublishedStage : public Stage {
 public:
  /// Errors: INVALID_ARGUMENT when a rule of the table "published" is malformed.
  static absl::StatusOr<std::unique_ptr<const PublishedStage>> Create(const Lexicon& lexicon);
  /// `months`: names with their numbers, 1 to 12.
  static absl::StatusOr<std::unique_ptr<const PublishedStage>> Create(
      const std::vector<PublishedRule>& rules, absl::flat_hash_map<std::string, int> months);
  ~PublishedStage() override;

  std::string_view name() const override { return "published"; }
  void Annotate(AnnotatedDocument& document) const override;

  /// A rule with its pattern compiled.
  struct Rule;

 private:
  PublishedStage();

  std::vector<Rule> rules_;
  absl::flat_hash_map<std::string, int> months_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PUBLISHED_PUBLISHED_STAGE_H_
