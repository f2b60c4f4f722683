#ifndef LAGEBILD_EXTRACT_SERVICE_CLAIM_TIMES_CLAIM_TIMES_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAIM_TIMES_CLAIM_TIMES_STAGE_H_

#include <string_view>

#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Stage "claim_times": when a claim was made and what time it is about, from the time expressions
/// around it.
///
/// Claim::said_at is the date or clock in the claim's frame, nearest to its cue; of a frame that
/// names none, one beside the cue in its sentence that no claim contains. A claim reported without
/// its wording holds its frame in its content. Claim::about is the first date or clock of the
/// content. Both stay empty where the words give none.
class ClaimTimesStage : public Stage {
 public:
  std::string_view name() const override { return "claim_times"; }
  void Annotate(AnnotatedDocument& document) const override;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAIM_TIMES_CLAIM_TIMES_STAGE_H_
