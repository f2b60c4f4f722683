#include "extract_service/claim_times/claim_times_stage.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace lagebild::extract {
namespace {

class ClaimTimesFixture : public ::testing::Test {
 protected:
  explicit ClaimTimesFixture(std::string text) : document_(std::move(text), {}) {}

  Span Find(std::string_view words) const {
    const size_t at = document_.text().find(words);
    EXPECT_NE(at, std::string_view::npos) << words;
    return {static_cast<int32_t>(at), static_cast<int32_t>(at + words.size())};
  }
  void AddSentence(std::string_view words) { document_.sentences.push_back({Find(words), {}, 0}); }
  void AddTime(std::string_view words, std::string value) {
    TimeExpression time;
    time.span = Find(words);
    time.type = TimeType::kDate;
    time.value = value;
    time.interval = TimeInterval{value, "", "", "", TimePrecision::kDay};
    document_.times.push_back(time);
  }
  Claim& AddClaim(ClaimKind kind, std::string_view content, std::string_view cue,
                  std::string_view frame) {
    Claim claim;
    claim.kind = kind;
    claim.content = {Find(content)};
    if (!cue.empty()) claim.cue = {Find(cue)};
    if (!frame.empty()) claim.frame = {Find(frame)};
    return document_.claims.emplace_back(std::move(claim));
  }
  void AddVerb(std::string_view words) {
    Token token;
    token.span = Find(words);
    token.pos = Pos::kVerb;
    token.morphology.bits = Morphology::kFinite;
    document_.tokens.push_back(token);
  }
  static std::string Value(const std::optional<TimeInterval>& time) {
    return time.has_value() ? time->value : "";
  }

  AnnotatedDocument document_;
};

class ClaimTimesTest : public ClaimTimesFixture {
 protected:
  ClaimTimesTest()
      : ClaimTimesFixture(
            "Orlo sagte am Montag, dass der Deich im Mai brach. Am Dienstag forderte die Stadt "
            "Hilfe.") {
    AddSentence("Orlo sagte am Montag, dass der Deich im Mai brach.");
    AddSentence("Am Dienstag forderte die Stadt Hilfe.");
    AddTime("Montag", "2021-04-12");
    AddTime("Mai", "2020-05");
    AddTime("Dienstag", "2021-04-13");
  }
};

/// Times and verbs of several clauses in one sentence.
class ClaimTimesOfClausesTest : public ClaimTimesFixture {
 protected:
  ClaimTimesOfClausesTest()
      : ClaimTimesFixture(
            "Den Fonds, der am Montag tagt, lobte Orlo am Dienstag, spät im April, und kritisierte "
            "Tann. Er mahnte.") {
    AddSentence(
        "Den Fonds, der am Montag tagt, lobte Orlo am Dienstag, spät im April, und kritisierte "
        "Tann.");
    AddSentence("Er mahnte.");
    for (const char* verb : {"tagt", "lobte", "kritisierte", "mahnte"}) AddVerb(verb);
  }
};

TEST_F(ClaimTimesTest, TakesSaidAtFromTheFrameAndAboutFromTheContent) {
  AddClaim(ClaimKind::kIndirect, "dass der Deich im Mai brach", "sagte", "Orlo sagte am Montag");
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "2021-04-12");
  EXPECT_EQ(Value(document_.claims[0].about), "2020-05");
}

TEST_F(ClaimTimesTest, LooksBesideTheCueWhenTheFrameIsShort) {
  AddClaim(ClaimKind::kIndirect, "dass der Deich im Mai brach", "sagte", "Orlo sagte");
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "2021-04-12");
}

TEST_F(ClaimTimesTest, AReportedClaimHoldsItsFrame) {
  AddClaim(ClaimKind::kReported, "Am Dienstag forderte die Stadt Hilfe.", "forderte", "");
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "2021-04-13");
  EXPECT_EQ(Value(document_.claims[0].about), "");
}

TEST_F(ClaimTimesTest, AReportedClaimIsNotMadeWhenWhatItTellsHappened) {
  // A comma parts the verb from what it tells of.
  AddClaim(ClaimKind::kReported, "Orlo sagte am Montag, dass der Deich im Mai brach.", "sagte", "");
  document_.times.erase(document_.times.begin());
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "");
}

TEST_F(ClaimTimesTest, NothingIsSaidInTheFuture) {
  document_.times[2].interval->value = "FUTURE_REF";
  AddClaim(ClaimKind::kReported, "Am Dienstag forderte die Stadt Hilfe.", "forderte", "");
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "");
}

TEST_F(ClaimTimesTest, ALengthCountsWhereItStandsForDays) {
  document_.times[2].type = TimeType::kDuration;
  document_.times[2].value = "P3W";
  document_.times[2].interval->value = "2021-W12";
  AddClaim(ClaimKind::kReported, "Am Dienstag forderte die Stadt Hilfe.", "forderte", "");
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "2021-W12");
  document_.times[2].interval->value = "P3W";
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "");
}

TEST_F(ClaimTimesTest, AClaimMadeSinceATimeIsMadeUntilTheArticle) {
  AddClaim(ClaimKind::kIndirect, "dass der Deich im Mai brach", "sagte", "Orlo sagte am Montag");
  document_.published =
      Publication{TimeInterval{"2021-04-14", "", "2021-04-14", "2021-04-14", TimePrecision::kDay},
                  std::nullopt, "test", 1};
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(document_.claims[0].said_at->latest, "");
  document_.times[0].goes_on = true;
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(document_.claims[0].said_at->value, "2021-04-12");
  EXPECT_EQ(document_.claims[0].said_at->latest, "2021-04-14");
}

TEST_F(ClaimTimesOfClausesTest, ATimeOfAnotherClauseIsNotWhenItWasSaid) {
  AddTime("Montag", "2021-04-12");
  AddClaim(ClaimKind::kIndirect, "kritisierte Tann", "lobte",
           "Den Fonds, der am Montag tagt, lobte Orlo");
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "");
}

TEST_F(ClaimTimesOfClausesTest, ACommaAloneMakesNoClause) {
  AddTime("April", "2021-04");
  AddClaim(ClaimKind::kIndirect, "kritisierte Tann", "lobte",
           "lobte Orlo am Dienstag, spät im April");
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "2021-04");
}

TEST_F(ClaimTimesOfClausesTest, WhatOneSaysInOneSentenceIsSaidOnOneOccasion) {
  AddTime("Dienstag", "2021-04-13");
  AddClaim(ClaimKind::kReported, "lobte Orlo am Dienstag", "lobte", "").speaker_actors = {0};
  AddClaim(ClaimKind::kReported, "und kritisierte Tann", "kritisierte", "").speaker_actors = {0};
  AddClaim(ClaimKind::kReported, "Er mahnte", "mahnte", "").speaker_actors = {0};
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[1].said_at), "2021-04-13");
  EXPECT_EQ(Value(document_.claims[2].said_at), "");
  // Not what somebody else says.
  document_.claims[1].speaker_actors = {1};
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[1].said_at), "");
}

TEST_F(ClaimTimesTest, NothingComesFromNothing) {
  AddClaim(ClaimKind::kFreeIndirect, "die Stadt Hilfe", "", "");
  ClaimTimesStage().Annotate(document_);
  EXPECT_EQ(Value(document_.claims[0].said_at), "");
  EXPECT_EQ(Value(document_.claims[0].about), "");
}

}  // namespace
}  // namespace lagebild::extract
