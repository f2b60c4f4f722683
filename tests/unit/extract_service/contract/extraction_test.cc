#include "extract_service/contract/extraction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "extract_service/contract/json.h"
#include "extract_service/contract/span_texts.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kText[] = "Velden sagte, es seien über 300 Männer.";

Claim SomeClaim() {
  Claim claim;
  claim.kind = ClaimKind::kIndirect;
  claim.act = ClaimAct::kAssert;
  claim.polarity = Polarity::kPositive;
  claim.content = {{14, 40}};
  claim.speaker = {{0, 6}};
  claim.speaker_actors = {0};
  claim.chain = {{0, {0, 6}, Relation::kSays}};
  claim.figures = {0};
  claim.rule = "test";
  return claim;
}

AnnotatedDocument SomeDocument() {
  DeclaredMetadata declared;
  declared.document_id = "d";
  AnnotatedDocument document(kText, declared);
  document.language = "de";
  Actor actor;
  actor.name = "Velden";
  actor.type = ActorType::kPerson;
  actor.mentions = {{{0, 6}, {0, 1}, MentionKind::kName}};
  document.actors = {actor};
  document.claims = {SomeClaim()};
  Figure figure;
  figure.span = {23, 32};
  figure.low = 300;
  figure.qualifier = Qualifier::kMoreThan;
  figure.unit = "Männer";
  figure.claims = {0};
  document.figures = {figure};
  return document;
}

v1::Extraction Write(const AnnotatedDocument& document, SpanTexts texts) {
  v1::Extraction extraction;
  FillExtraction(document, "1+0", texts, extraction);
  return extraction;
}

TEST(ExtractionTest, TiesItemsByTheirIds) {
  const v1::Extraction extraction = Write(SomeDocument(), SpanTexts::kFilled);
  EXPECT_EQ(extraction.document_id(), "d");
  EXPECT_EQ(extraction.extractor_version(), "1+0");
  ASSERT_EQ(extraction.claims_size(), 1);
  const v1::Claim& claim = extraction.claims(0);
  EXPECT_EQ(extraction.actors(0).id(), "a1");
  EXPECT_THAT(claim.speaker_actor_ids(), ElementsAre("a1"));
  EXPECT_EQ(claim.chain(0).actor_id(), "a1");
  EXPECT_THAT(claim.figure_ids(), ElementsAre(extraction.figures(0).id()));
  EXPECT_THAT(extraction.figures(0).claim_ids(), ElementsAre(claim.id()));
  EXPECT_EQ(claim.speaker(0).text(), "Velden");
}

TEST(ExtractionTest, AnOpenBoundIsAbsent) {
  const v1::Extraction extraction = Write(SomeDocument(), SpanTexts::kFilled);
  EXPECT_TRUE(extraction.figures(0).has_low());
  EXPECT_FALSE(extraction.figures(0).has_high());
}

TEST(ExtractionTest, AClaimsIdHangsOnKindAndContentOnly) {
  Claim other = SomeClaim();
  other.act = ClaimAct::kDeny;
  other.speaker_actors.clear();
  EXPECT_EQ(ClaimId(other), ClaimId(SomeClaim()));
  other.kind = ClaimKind::kDirect;
  EXPECT_NE(ClaimId(other), ClaimId(SomeClaim()));
  other = SomeClaim();
  other.content[0].end = 39;
  EXPECT_NE(ClaimId(other), ClaimId(SomeClaim()));
  // Stored ids must stay what they are.
  EXPECT_EQ(ClaimId(SomeClaim()).size(), 16u);
}

TEST(ExtractionTest, ClaimsOfOneKindAndContentGetDifferentIds) {
  AnnotatedDocument document = SomeDocument();
  document.claims.push_back(SomeClaim());
  const v1::Extraction extraction = Write(document, SpanTexts::kFilled);
  EXPECT_EQ(extraction.claims(1).id(), extraction.claims(0).id() + "-2");
}

TEST(ExtractionTest, StoredSpansGetTheirWordsBack) {
  v1::Extraction stored = Write(SomeDocument(), SpanTexts::kLeftOut);
  EXPECT_EQ(stored.claims(0).speaker(0).text(), "");
  ASSERT_TRUE(FillSpanTexts(kText, stored).ok());
  EXPECT_EQ(SerializeDeterministic(stored),
            SerializeDeterministic(Write(SomeDocument(), SpanTexts::kFilled)));
}

TEST(ExtractionTest, SpansThatDoNotFitTheTextAreDataLoss) {
  v1::Extraction stored = Write(SomeDocument(), SpanTexts::kLeftOut);
  EXPECT_EQ(FillSpanTexts("kurz", stored).code(), absl::StatusCode::kDataLoss);
  stored = Write(SomeDocument(), SpanTexts::kLeftOut);
  // The second byte of a letter of two bytes.
  stored.mutable_figures(0)->mutable_span()->set_begin(24);
  EXPECT_EQ(FillSpanTexts(kText, stored).code(), absl::StatusCode::kDataLoss);
}

TEST(ExtractionTest, JsonNamesFieldsInLowerCamelCase) {
  const auto json =
      ExtractionToJson(Write(SomeDocument(), SpanTexts::kFilled), JsonLayout::kCompact);
  ASSERT_TRUE(json.ok());
  EXPECT_THAT(*json, HasSubstr("\"documentId\":\"d\""));
  EXPECT_THAT(*json, HasSubstr("\"low\":300"));
  EXPECT_THAT(*json, HasSubstr("\"qualifier\":\"QUALIFIER_MORE_THAN\""));
  EXPECT_EQ(json->back(), '\n');
}

}  // namespace
}  // namespace lagebild::extract
