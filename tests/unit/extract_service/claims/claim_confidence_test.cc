#include "extract_service/claims/claim_confidence.h"

#include <gtest/gtest.h>

#include "tests/unit/extract_service/support/analyzed_text.h"
#include "tests/unit/extract_service/support/tagged_text.h"

namespace lagebild::extract {
namespace {

TEST(ClaimConfidenceTest, KeepsOrderAndRange) {
  const ClaimConfidence confidence(BuiltLexicon());
  double before = 0;
  for (const double evidence : {0.0, 0.2, 0.5, 0.8, 0.95, 1.0}) {
    const double given = confidence.Of("verb.object:warnen", evidence, SpeakerForm::kNamed);
    EXPECT_GE(given, before);
    EXPECT_GE(given, 0.05);
    EXPECT_LE(given, 0.99);
    before = given;
  }
}

TEST(ClaimConfidenceTest, ReadsTheRuleBeforeTheColon) {
  const ClaimConfidence confidence(BuiltLexicon());
  EXPECT_EQ(confidence.Of("verb.object:warnen", 0.4, SpeakerForm::kNamed),
            confidence.Of("verb.object", 0.4, SpeakerForm::kNamed));
  // Speech acts without wording are right more often than their evidence says.
  EXPECT_GT(confidence.Of("verb.object:warnen", 0.4, SpeakerForm::kNamed), 0.4);
}

TEST(ClaimConfidenceTest, IsLowerTheLessIsKnownOfTheSpeaker) {
  const ClaimConfidence confidence(BuiltLexicon());
  const auto of = [&confidence](SpeakerForm speaker) {
    return confidence.Of("no.such.rule", 0.9, speaker);
  };
  EXPECT_GT(of(SpeakerForm::kNamed), of(SpeakerForm::kNoun));
  EXPECT_GT(of(SpeakerForm::kNoun), of(SpeakerForm::kUnnamed));
  EXPECT_GT(of(SpeakerForm::kUnnamed), of(SpeakerForm::kWords));
  EXPECT_GT(of(SpeakerForm::kPronoun), of(SpeakerForm::kUnnamedPronoun));
  EXPECT_GT(of(SpeakerForm::kWords), of(SpeakerForm::kElsewhere));
}

TEST(ClaimConfidenceTest, KnowsTheFormOfASpeaker) {
  const AnnotatedDocument document = Analyze(
      "Anna Berg sagte, es regne. Sie betonte, dass es schneie. Der Polizei zufolge taut es. Laut "
      "einer Studie friert es. Es wird vermutet, dass es hagelt.");
  ASSERT_EQ(document.claims.size(), 5u);
  EXPECT_EQ(SpeakerFormOf(document, document.claims[0]), SpeakerForm::kNamed);
  EXPECT_EQ(SpeakerFormOf(document, document.claims[1]), SpeakerForm::kPronoun);
  EXPECT_EQ(SpeakerFormOf(document, document.claims[2]), SpeakerForm::kUnnamed);
  EXPECT_EQ(SpeakerFormOf(document, document.claims[3]), SpeakerForm::kWords);
  EXPECT_EQ(SpeakerFormOf(document, document.claims[4]), SpeakerForm::kNobody);
}

TEST(ClaimConfidenceTest, KeepsWhatItDoesNotKnow) {
  // All but what is left open of the speaker.
  EXPECT_NEAR(ClaimConfidence(BuiltLexicon()).Of("no.such.rule", 0.42, SpeakerForm::kNamed), 0.42,
              0.03);
}

}  // namespace
}  // namespace lagebild::extract
