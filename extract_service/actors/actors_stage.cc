#include "extract_service/actors/actors_stage.h"

#include "extract_service/actors/actor_builder.h"

namespace lagebild::extract {

void ActorsStage::Annotate(AnnotatedDocument& document) const {
  const NounPhrases phrases = chunker_.Chunk(document);
  ActorBuilder(document, lexicon_, known_, phrases).Build();
}

}  // namespace lagebild::extract
