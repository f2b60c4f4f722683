#ifndef LAGEBILD_EXTRACT_SERVICE_CLAIMS_STANCE_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAIMS_STANCE_H_

#include <cstdint>
#include <vector>

#include "extract_service/claims/reporting_lexicon.h"
#include "extract_service/clauses/clause_grammar.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// What the speaker does by a claim and how far he stands by it.
struct Stance {
  ClaimAct act = ClaimAct::kAssert;
  Polarity polarity = Polarity::kPositive;
  Certainty certainty = Certainty::kCertain;
};

/// Whom the words of a claim are about.
enum class ContentSubject : uint8_t {
  kUnknown,
  kOther,
  kSpeaker,
  kOwnSide,  ///< The state, body or office that the speaker speaks for.
};

/// What is known of a claim beside its words.
struct StanceFrame {
  ClaimKind kind = ClaimKind::kUnspecified;
  const ReportingEntry* entry = nullptr;  ///< The reporting verb; none = adjuncts and free kinds.
  bool negated = false;                   ///< The frame negates it.
  /// Whom the first subject in its words stands for.
  ContentSubject subject = ContentSubject::kUnknown;
  /// Who says so only hands it on: then "soll" tells from hearsay, else of a plan.
  bool relayed = false;
};

/// Reads the stance of a claim from its frame and its words. What the words of the content show is
/// more specific than a cue that only says "sagte".
Stance StanceOf(const AnnotatedDocument& document, const ClauseGrammar& grammar,
                const ReportingLexicon& reporting, const std::vector<WordInfo>& words,
                const TokenRange& content, const StanceFrame& frame);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAIMS_STANCE_H_
