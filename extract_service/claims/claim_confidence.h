#ifndef LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_CONFIDENCE_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_CONFIDENCE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// How a claim's speaker is known; the names of the values stand in
/// language/de/speaker_confidence.tsv.
enum class SpeakerForm : uint8_t {
  kNamed,           ///< "named": an actor, called by name beside the claim ("minister Weber").
  kNoun,            ///< "noun": called by a noun there and by name elsewhere ("the minister").
  kUnnamed,         ///< "unnamed": called by nouns only in the whole document ("the police").
  kPronoun,         ///< "pronoun": by a pronoun there, by name elsewhere.
  kUnnamedPronoun,  ///< "unnamed_pronoun": by a pronoun there, by nouns elsewhere.
  kElsewhere,       ///< "elsewhere": an actor whom the words beside the claim point to
                    ///< ("accordingly").
  kWords,           ///< "words": words that stand for no actor ("a study").
  kNobody,          ///< "nobody": no words.
};
inline constexpr size_t kSpeakerForms = static_cast<size_t>(SpeakerForm::kNobody) + 1;

/// The form in which a claim of a document has its speaker. REQUIRES: actors.
SpeakerForm SpeakerFormOf(const AnnotatedDocument& document, const Claim& claim);

/// Turns the strength of a rule's evidence into the share of claims that are right at it in content
/// and speaker, so that of the claims given as 0.8 about 80 % are. Immutable and thread-safe.
class ClaimConfidence {
 public:
  /// Reads the tables "claim_confidence" and "speaker_confidence"; holds copies.
  explicit ClaimConfidence(const Lexicon& lexicon);

  /// Evidence in [0, 1] of a rule ("verb.dass:sagen": what stands before the colon counts) for the
  /// content, and how the speaker is known, as a probability in [0.05, 0.99], rounded to
  /// hundredths. Rules that the table lacks keep their evidence.
  double Of(std::string_view rule, double evidence, SpeakerForm speaker) const;

 private:
  absl::flat_hash_map<std::string, double> shifts_;  ///< In log-odds, by rule.
  std::array<double, kSpeakerForms> speakers_;       ///< Share of right speakers by SpeakerForm.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_CONFIDENCE_H_
