#ifndef LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_CONFIDENCE_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_CONFIDENCE_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "extract_service/lexicon/lexicon.h"

namespace lagebild::extract {

/// Turns the strength of a rule's evidence into the share of claims that are right at it, so that
/// of the claims given as 0.8 about 80 % are. Immutable and thread-safe.
class ClaimConfidence {
 public:
  /// Reads the table "claim_confidence"; holds copies.
  explicit ClaimConfidence(const Lexicon& lexicon);

  /// Evidence in [0, 1] of a rule ("verb.dass:sagen": what stands before the colon counts) as a
  /// probability in [0.05, 0.99], rounded to hundredths. Rules that the table lacks keep theirs.
  double Of(std::string_view rule, double evidence) const;

 private:
  absl::flat_hash_map<std::string, double> shifts_;  ///< In log-odds, by rule.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_CONFIDENCE_H_
