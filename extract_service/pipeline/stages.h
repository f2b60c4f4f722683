#ifndef LAGEBILD_EXTRACT_SERVICE_PIPELINE_STAGES_H_
#define LAGEBILD_EXTRACT_SERVICE_PIPELINE_STAGES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// All stages in the order they run in. This list is the whole of the analysis: a new stage is a
/// folder and a line in stages.cc. Two threads make them.
///
/// The stages keep references to the lexicon, which must outlive them.
/// Errors: those of the stages whose tables in the lexicon are missing or malformed.
absl::StatusOr<std::vector<std::unique_ptr<const Stage>>> MakeStages(const Lexicon& lexicon);

/// Whether a stage also runs on documents that are not in German. These come first in the list.
bool RunsOnEveryLanguage(const Stage& stage);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PIPELINE_STAGES_H_
