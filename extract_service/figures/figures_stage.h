#ifndef LAGEBILD_EXTRACT_SERVICE_FIGURES_FIGURES_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_FIGURES_FIGURES_STAGE_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "extract_service/figures/figure_rules.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"
#include "extract_service/places/place_names.h"

namespace lagebild::extract {

/// Stage "figures": numbers claimed about the world, with qualifier, bounds, unit, what is counted,
/// place and status, each tied to the claims whose content it stands in.
///
/// Reads tokens with tags, sentences, times (a number in a time is no figure), entities and claims;
/// writes AnnotatedDocument::figures and Claim::figures. A number becomes a figure when it counts a
/// noun, has a unit, or stands where the text before says what is counted; years, dates, ages,
/// ordinals, scores, labels ("Artikel 5") and numbers inside words are none.
class FiguresStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  /// Errors: those of FigureRules::Create().
  static absl::StatusOr<std::unique_ptr<const FiguresStage>> Create(const Lexicon& lexicon);

  std::string_view name() const override { return "figures"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  FiguresStage(const Lexicon& lexicon, FigureRules rules)
      : lexicon_(lexicon), rules_(std::move(rules)), places_(lexicon) {}

  const Lexicon& lexicon_;
  const FigureRules rules_;
  const PlaceNames places_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_FIGURES_FIGURES_STAGE_H_
