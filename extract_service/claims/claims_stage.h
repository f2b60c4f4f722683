#ifndef LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIMS_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIMS_STAGE_H_

#include <memory>
#include <string_view>

#include "extract_service/claims/claim_confidence.h"
#include "extract_service/claims/reporting_lexicon.h"
#include "extract_service/claims/source_links.h"
#include "extract_service/clauses/clause_grammar.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Stage "claims": who is said to have said what, of all five kinds, with stance and chain.
///
/// Reads tokens with tags, sentences, quotations, regions, entities, noun phrases and actors; adds
/// AnnotatedDocument::claims without said_at, about and figures. Linear in the text's length.
class ClaimsStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  explicit ClaimsStage(const Lexicon& lexicon);

  std::string_view name() const override { return "claims"; }
  /// REQUIRES: noun phrases.
  void Annotate(AnnotatedDocument& document) const override;

 private:
  const Lexicon& lexicon_;
  ClauseGrammar grammar_;
  ReportingLexicon reporting_;
  SourceLinks links_;
  ClaimConfidence confidence_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIMS_STAGE_H_
