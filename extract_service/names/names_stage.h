#ifndef LAGEBILD_EXTRACT_SERVICE_NAMES_NAMES_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_NAMES_NAMES_STAGE_H_

#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/models/linear_model.h"
#include "extract_service/names/name_particles.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Stage "names": persons, organisations, places and other names.
///
/// Reads tokens with their tags and sentences. Rules: "names.crf" (the model), "names.repeated" (a
/// word that the model took for a name elsewhere in the document and that is no word of the
/// lexicon).
class NamesStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  /// Errors: those of LinearModel::Find().
  static absl::StatusOr<NamesStage> Create(const Lexicon& lexicon);

  std::string_view name() const override { return "names"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  NamesStage(const Lexicon& lexicon, LinearModel model)
      : lexicon_(&lexicon), model_(std::move(model)), particles_(lexicon) {}

  const Lexicon* lexicon_;
  LinearModel model_;
  NameParticles particles_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_NAMES_NAMES_STAGE_H_
