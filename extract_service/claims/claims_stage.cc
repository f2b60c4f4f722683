#include "extract_service/claims/claims_stage.h"

#include "extract_service/claims/claim_finder.h"
#include "extract_service/phrases/noun_phrases.h"

namespace lagebild::extract {

ClaimsStage::ClaimsStage(const Lexicon& lexicon)
    : lexicon_(lexicon),
      grammar_(lexicon),
      reporting_(lexicon),
      links_(lexicon),
      confidence_(lexicon) {}

void ClaimsStage::Annotate(AnnotatedDocument& document) const {
  const NounPhrases& phrases = *document.noun_phrases;
  ClaimFinder(document, lexicon_, grammar_, reporting_, phrases).Run();
  links_.Add(phrases, document);
  for (Claim& claim : document.claims) {
    claim.confidence = confidence_.Of(claim.rule, claim.confidence, SpeakerFormOf(document, claim));
  }
}

}  // namespace lagebild::extract
