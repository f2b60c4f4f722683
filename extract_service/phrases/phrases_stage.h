#ifndef LAGEBILD_EXTRACT_SERVICE_PHRASES_PHRASES_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_PHRASES_PHRASES_STAGE_H_

#include <string_view>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/phrases/noun_phrases.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Stage "phrases": the noun phrases that actors and speakers are read from.
///
/// Reads tokens with tags, sentences, quotations, times and entities; sets
/// AnnotatedDocument::noun_phrases. Linear in the text's length.
class PhrasesStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  explicit PhrasesStage(const Lexicon& lexicon) : chunker_(lexicon) {}

  std::string_view name() const override { return "phrases"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  NounPhraseChunker chunker_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PHRASES_PHRASES_STAGE_H_
