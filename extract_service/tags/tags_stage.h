#ifndef LAGEBILD_EXTRACT_SERVICE_TAGS_TAGS_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_TAGS_TAGS_STAGE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/models/linear_model.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Stage "tags": part of speech, morphology, lemma and word classes of every token.
///
/// Reads tokens and sentences. Tokens outside of sentences are tagged as well.
class TagsStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  /// Errors: those of LinearModel::Find().
  static absl::StatusOr<TagsStage> Create(const Lexicon& lexicon);

  std::string_view name() const override { return "tags"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  TagsStage(const Lexicon& lexicon, LinearModel model)
      : lexicon_(&lexicon), model_(std::move(model)) {}

  const Lexicon* lexicon_;
  LinearModel model_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TAGS_TAGS_STAGE_H_
