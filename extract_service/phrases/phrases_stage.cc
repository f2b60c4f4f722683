#include "extract_service/phrases/phrases_stage.h"

#include <memory>

namespace lagebild::extract {

void PhrasesStage::Annotate(AnnotatedDocument& document) const {
  document.noun_phrases = std::make_shared<const NounPhrases>(chunker_.Chunk(document));
}

}  // namespace lagebild::extract
