#include "extract_service/actors/actors_stage.h"

#include "extract_service/actors/actor_builder.h"
#include "extract_service/phrases/noun_phrases.h"

namespace lagebild::extract {

void ActorsStage::Annotate(AnnotatedDocument& document) const {
  ActorBuilder(document, lexicon_, known_, *document.noun_phrases).Build();
}

}  // namespace lagebild::extract
