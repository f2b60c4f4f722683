#include "extract_service/claims/claim_confidence.h"

#include <gtest/gtest.h>

#include "tests/unit/extract_service/support/tagged_text.h"

namespace lagebild::extract {
namespace {

TEST(ClaimConfidenceTest, KeepsOrderAndRange) {
  const ClaimConfidence confidence(BuiltLexicon());
  double before = 0;
  for (const double evidence : {0.0, 0.2, 0.5, 0.8, 0.95, 1.0}) {
    const double given = confidence.Of("verb.object:warnen", evidence);
    EXPECT_GE(given, before);
    EXPECT_GE(given, 0.05);
    EXPECT_LE(given, 0.99);
    before = given;
  }
}

TEST(ClaimConfidenceTest, ReadsTheRuleBeforeTheColon) {
  const ClaimConfidence confidence(BuiltLexicon());
  EXPECT_EQ(confidence.Of("verb.object:warnen", 0.4), confidence.Of("verb.object", 0.4));
  // Speech acts without wording are right more often than their evidence says.
  EXPECT_GT(confidence.Of("verb.object:warnen", 0.4), 0.4);
}

TEST(ClaimConfidenceTest, KeepsWhatItDoesNotKnow) {
  EXPECT_EQ(ClaimConfidence(BuiltLexicon()).Of("no.such.rule", 0.42), 0.42);
}

}  // namespace
}  // namespace lagebild::extract
