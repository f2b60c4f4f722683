#ifndef LAGEBILD_EXTRACT_SERVICE_PIPELINE_LIMITS_H_
#define LAGEBILD_EXTRACT_SERVICE_PIPELINE_LIMITS_H_

#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Cuts every item layer (times, entities, actors, claims, figures, events) that has grown over
/// kMaxItemsPerLayer, takes references to what was cut out of the other layers, and names the layer
/// in truncated_layers. Cheap when nothing is too long; run after each stage.
void LimitItems(AnnotatedDocument& document);

/// Cuts regions and sentences as well. Stages find their way by these two, so they are cut only
/// when all stages have run.
void LimitStructure(AnnotatedDocument& document);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PIPELINE_LIMITS_H_
