// What a claim does with words (act): by what is said, not by its verb alone.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/extract_service/support/analyzed_text.h"

namespace lagebild::extract {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Acted {
  std::string text;
  ClaimAct act;
};

void PrintTo(const Acted& acted, std::ostream* out) { *out << acted.text; }

class ClaimActTest : public ::testing::TestWithParam<Acted> {};

TEST_P(ClaimActTest, FollowsFromWhatIsSaid) {
  const auto document = Analyze(GetParam().text);
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].act, GetParam().act);
}

INSTANTIATE_TEST_SUITE_P(
    Demands, ClaimActTest,
    ::testing::Values(
        Acted{"Anna Berg sagte, die Bahn müsse zahlen.", ClaimAct::kDemand},
        Acted{"Anna Berg sagte, die Bahn solle zahlen.", ClaimAct::kDemand},
        Acted{"Anna Berg sagte, die Bahn sollte zahlen.", ClaimAct::kDemand},
        Acted{"Anna Berg sagte, man dürfe nicht ruhen.", ClaimAct::kDemand},
        Acted{"Anna Berg sagte, man dürfe keinesfalls ruhen.", ClaimAct::kDemand},
        Acted{"„Die Bahn muss zahlen“, sagte Anna Berg.", ClaimAct::kDemand},
        // What is allowed, what would have been right, what is asked, why something holds.
        Acted{"Anna Berg sagte, man dürfe den Park betreten.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, die Bahn hätte zahlen müssen.", ClaimAct::kAssess},
        Acted{"Anna Berg sagte, die Bahn habe zahlen müssen.", ClaimAct::kAssert},
        Acted{"„Müssen wir zahlen?“, fragte Anna Berg.", ClaimAct::kAssess},
        Acted{"Dass man weichen müsse, zeige die Not, sagte Anna Berg.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, der Deich halte, weil man zahlen müsse.", ClaimAct::kAssert}));

INSTANTIATE_TEST_SUITE_P(
    Intents, ClaimActTest,
    ::testing::Values(
        Acted{"Der Verein erklärte, der Verein werde klagen.", ClaimAct::kAnnounce},
        Acted{"Der ukrainische Präsident Ulf Tann sagte, die Ukraine werde helfen.",
              ClaimAct::kAnnounce},
        Acted{"Der ukrainische Präsident Ulf Tann sagte, Polen werde helfen.", ClaimAct::kPredict},
        Acted{"Laut Anna Berg soll der Markt im Mai gebaut werden.", ClaimAct::kAnnounce},
        Acted{"Laut Anna Berg soll der Markt gebaut worden sein.", ClaimAct::kAssert},
        Acted{"Laut Anna Berg soll der Mann krank sein.", ClaimAct::kAssert},
        Acted{"Wie die Post berichtet, soll der Mann Geld erhalten.", ClaimAct::kAssert},
        Acted{"Anna Berg erklärte, für den Wiederaufbau zu sorgen.", ClaimAct::kAnnounce},
        Acted{"Anna Berg erklärte, die Rechte schützen zu wollen.", ClaimAct::kAnnounce},
        Acted{"Anna Berg erklärte, nichts davon gewusst zu haben.", ClaimAct::kAssert},
        Acted{"Anna Berg erklärte, den Tod nicht bestätigen zu können.", ClaimAct::kConfirm},
        Acted{"Anna Berg sagte, man erwäge, den Markt zu schließen.", ClaimAct::kAnnounce}));

INSTANTIATE_TEST_SUITE_P(
    Accusations, ClaimActTest,
    ::testing::Values(
        Acted{"Anna Berg sagte, dass der Minister die Leute belogen habe.", ClaimAct::kAccuse},
        Acted{"Anna Berg sagte, die Leute seien belogen worden.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, sie habe die Leute belogen.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, der Minister habe die Leute nicht belogen.", ClaimAct::kAssert}));

INSTANTIATE_TEST_SUITE_P(
    Judgements, ClaimActTest,
    ::testing::Values(
        Acted{"Anna Berg sagte, der Bericht sei unausgewogen.", ClaimAct::kAssess},
        Acted{"Nach Angaben von Anna Berg ist der Bericht umfangreich.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, der Mann sei tot.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, das Land habe die Pflicht.", ClaimAct::kAssess},
        Acted{"„Die Bahn fährt heute im Kreis“, sagte Anna Berg.", ClaimAct::kAssess},
        Acted{"Anna Berg sagte, der Umzug wäre teuer.", ClaimAct::kAssess},
        Acted{"Anna Berg sagte, der Umzug würde Jahre dauern.", ClaimAct::kAssess},
        // The plural stands for the Konjunktiv I; what has been done is told.
        Acted{"Anna Berg sagte, der Umzug habe Jahre gedauert.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, die Umzüge hätten Jahre gedauert.", ClaimAct::kAssert},
        Acted{"„Der Deich ist gestern gebaut worden“, sagte Anna Berg.", ClaimAct::kAssert}));

INSTANTIATE_TEST_SUITE_P(
    Facts, ClaimActTest,
    ::testing::Values(
        Acted{"„Wir wissen, dass der Deich hält“, sagte Anna Berg.", ClaimAct::kAssert},
        Acted{"„Ich weiß, dass der Deich hält“, sagte Anna Berg.", ClaimAct::kAssert},
        Acted{"„Sie wissen, dass der Deich hält“, sagte Anna Berg.", ClaimAct::kAssess},
        Acted{"„Wir glauben, dass der Deich hält“, sagte Anna Berg.", ClaimAct::kEstimate}));

INSTANTIATE_TEST_SUITE_P(
    Needs, ClaimActTest,
    ::testing::Values(Acted{"Anna Berg sagte, es brauche mehr Geld.", ClaimAct::kDemand},
                      Acted{"„Wir brauchen neue Regeln“, sagte Anna Berg.", ClaimAct::kDemand},
                      Acted{"Anna Berg sagte, der Deich brauche mehr Sand.", ClaimAct::kAssert},
                      Acted{"„Wir brauchen nicht zu zahlen“, sagte Anna Berg.",
                            ClaimAct::kAssess}));

INSTANTIATE_TEST_SUITE_P(
    Threats, ClaimActTest,
    ::testing::Values(Acted{"Anna Berg sagte, es drohe eine Flut.", ClaimAct::kWarn},
                      Acted{"Anna Berg sagte, die Flut bedrohe den Deich.", ClaimAct::kAssert}));

INSTANTIATE_TEST_SUITE_P(
    AYes, ClaimActTest,
    ::testing::Values(Acted{"„Ja, der Damm ist gebrochen“, sagte Anna Berg.", ClaimAct::kConfirm},
                      Acted{"„Der Damm ist ja gebrochen“, sagte Anna Berg.", ClaimAct::kAssess}));

INSTANTIATE_TEST_SUITE_P(
    WhatIsToCome, ClaimActTest,
    ::testing::Values(
        Acted{"Ulf Tann sagte, er werde kommen.", ClaimAct::kAnnounce},
        Acted{"Ulf Tann sagte, der Zug werde kommen.", ClaimAct::kPredict},
        Acted{"Nach Meinung der Forscher wird das Eis schmelzen.", ClaimAct::kPredict},
        // A passive, and what is to come only in a condition.
        Acted{"Ulf Tann sagte, er werde bezahlt.", ClaimAct::kAssert},
        Acted{"Ulf Tann sagte, das Tor werde geschlossen.", ClaimAct::kAssert},
        Acted{"Ulf Tann sagte, der Deich halte, wenn das Wasser steigen werde.", ClaimAct::kAssert},
        Acted{"Nach Meinung der Forscher wird das Eis gemessen.", ClaimAct::kAssess}));

INSTANTIATE_TEST_SUITE_P(
    Possibilities, ClaimActTest,
    ::testing::Values(
        Acted{"Anna Berg sagte, die Preise könnten steigen.", ClaimAct::kPredict},
        Acted{"Anna Berg sagte, das Gesetz könne Verträge verletzen.", ClaimAct::kAssess},
        Acted{"Anna Berg ließ offen, wer kommen könnte.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, wer das plane, könne nicht rechnen.", ClaimAct::kAssess},
        Acted{"„Das wird ein Erfolg“, sagte Anna Berg.", ClaimAct::kPredict},
        Acted{"„Das wurde ein Erfolg“, sagte Anna Berg.", ClaimAct::kAssess}));

INSTANTIATE_TEST_SUITE_P(
    Verdicts, ClaimActTest,
    ::testing::Values(
        Acted{"Anna Berg sagte, die Auflösung sei ein richtiger Schritt.", ClaimAct::kAssess},
        Acted{"Anna Berg sagte, dass der Bezirk bleibe, sei ein Erfolg.", ClaimAct::kAssess},
        Acted{"Der Weg sei steinig, so Anna Berg.", ClaimAct::kAssess},
        // The adjective goes with what happened, the noun with a preposition.
        Acted{"Anna Berg sagte, alles sei friedlich verlaufen.", ClaimAct::kAssert},
        Acted{"Anna Berg sagte, er habe mit einem großen Fehler begonnen.", ClaimAct::kAssert}));

INSTANTIATE_TEST_SUITE_P(
    Reasons, ClaimActTest,
    ::testing::Values(
        Acted{"Die Stadt hatte mit der Begründung abgelehnt, nur das Land könne zahlen.",
              ClaimAct::kAssess},
        Acted{"Die Stadt hatte mit dem Hinweis abgelehnt, dass das Land zahlt.",
              ClaimAct::kAssert}));

INSTANTIATE_TEST_SUITE_P(
    OwnVerbs, ClaimActTest,
    ::testing::Values(Acted{"„Wir möchten Sie auffordern, das Tor zu öffnen“, sagte Anna Berg.",
                            ClaimAct::kDemand},
                      Acted{
                          "„Die Deiche halten, aber wir befürchten neue Fluten“, sagte Anna Berg.",
                          ClaimAct::kConcern},
                      Acted{"Ulf Tann sagte, er rate zum Kauf eines Rades.", ClaimAct::kDemand}));

INSTANTIATE_TEST_SUITE_P(
    Predicates, ClaimActTest,
    ::testing::Values(Acted{"Anna Berg sagte, der Auftritt sei stark gewesen.", ClaimAct::kAssess},
                      Acted{"Anna Berg sagte, der Plan bleibe gut.", ClaimAct::kAssess},
                      Acted{"Anna Berg sagte, der Plan gelte als gut.", ClaimAct::kAssess},
                      Acted{"Anna Berg sagte, der Preis sei stark gestiegen.", ClaimAct::kAssert},
                      Acted{"Anna Berg sagte, der starke Kaffee sei im Schrank.",
                            ClaimAct::kAssert},
                      Acted{"Anna Berg sagte, der Plan bleibe ein Plan.", ClaimAct::kAssert}));

INSTANTIATE_TEST_SUITE_P(
    NounsOfSaying, ClaimActTest,
    ::testing::Values(Acted{"Die Opposition erhob gegen den Kanzler Vorwürfe.", ClaimAct::kAccuse},
                      Acted{"Der Verband äußerte Vorbehalte.", ClaimAct::kConcern},
                      Acted{"Der Nachbar äußerte eine Bitte.", ClaimAct::kDemand},
                      Acted{"Der Verband sprach eine Warnung aus.", ClaimAct::kWarn},
                      Acted{"Die Ärztin äußerte sich besorgt.", ClaimAct::kConcern},
                      Acted{"Der Verband reagierte empört.", ClaimAct::kAssess},
                      Acted{"Der Trainer spricht von ersten Erfolgen.", ClaimAct::kAssert}));

TEST(ClaimActTest, IsReportedByANounOfSayingWithItsVerb) {
  const auto document = Analyze("Die Opposition erhob gegen den Kanzler Vorwürfe.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kReported);
  EXPECT_EQ(Texts(document, document.claims[0].speaker),
            (std::vector<std::string>{"Die Opposition"}));
}

TEST(ClaimActTest, IsNothingFeltNothingToComeAndNoAttribute) {
  for (const char* text :
       {"Die Sprecherin hatte Angst.", "Die Opposition hatte Vorwürfe.",
        "Der Nachbar will Klage führen.", "Der Nachbar wollte Kritik üben.",
        "Die Sprecherin will sich besorgt äußern.", "Die besorgte Ärztin äußerte sich zur Lage.",
        "Der empörte Verband reagierte auf den Plan.", "Der Trainer spricht mit den Spielern.",
        // Told itself, or a plan.
        "Es soll vor Böen warnen."}) {
    EXPECT_THAT(Analyze(text).claims, IsEmpty()) << text;
  }
}

TEST(ClaimCertaintyTest, IsNoneWhereSomebodySaysThatHeDoesNotKnow) {
  for (const auto& [text, certainty] :
       {std::pair{"Anna Berg sagte, man wisse nicht, ob der Deich halte.", Certainty::kUncertain},
        std::pair{"Anna Berg sagte, man wisse, dass der Deich halte.", Certainty::kCertain},
        std::pair{"Anna Berg sagte, sie wüsste nicht, wie man das rechtfertigen soll.",
                  Certainty::kCertain}}) {
    const auto document = Analyze(text);
    ASSERT_THAT(document.claims, SizeIs(1)) << text;
    EXPECT_EQ(document.claims[0].certainty, certainty) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    DenialsAndIntents, ClaimActTest,
    ::testing::Values(Acted{"Anna Berg sagte, sie sei unschuldig.", ClaimAct::kDeny},
                      Acted{"Anna Berg sagte, der Vorwurf sei falsch.", ClaimAct::kDeny},
                      Acted{"Anna Berg sagte, der Vorwurf sei nicht falsch.", ClaimAct::kAssess},
                      Acted{"Anna Berg sagte, die Rechnung sei falsch.", ClaimAct::kAssess},
                      Acted{"Anna Berg sagte, sie wolle zahlen.", ClaimAct::kAnnounce},
                      Acted{"Anna Berg sagte, dass man zahlen wolle.", ClaimAct::kAnnounce},
                      Acted{"Anna Berg sagte, dass man zahlen wollte.", ClaimAct::kAssert},
                      Acted{"Anna Berg sagte, der Nachbar wolle zahlen.", ClaimAct::kAssert}));

TEST(ClaimActTest, LooksPastWhatIsSubordinate) {
  const auto because = Analyze("Anna Berg sagte, die Stadt schweige, weil der Deich brechen wird.");
  ASSERT_THAT(because.claims, SizeIs(1));
  EXPECT_EQ(because.claims[0].act, ClaimAct::kAssert);
  const auto believed = Analyze("„Wir denken, dass der Deich brechen wird“, sagte Anna Berg.");
  ASSERT_THAT(believed.claims, SizeIs(1));
  EXPECT_EQ(believed.claims[0].act, ClaimAct::kPredict);
}

TEST(StanceTest, WithholdsWhatSomebodyDoesNotBelieve) {
  for (const char* text :
       {"Anna Berg glaubt nicht, dass es regnet.", "Anna Berg rechnet nicht damit, dass es regnet.",
        "Anna Berg hält es nicht für richtig, dass er geht."}) {
    const auto document = Analyze(text);
    ASSERT_EQ(document.claims.size(), 1u) << text;
    EXPECT_EQ(document.claims[0].polarity, Polarity::kNegative) << text;
  }
  const auto believed = Analyze("Anna Berg glaubt, dass es nicht regnet.");
  ASSERT_EQ(believed.claims.size(), 1u);
  EXPECT_EQ(believed.claims[0].polarity, Polarity::kPositive);
}

TEST(StanceTest, AWordBehindAlsIsNotTheVerbs) {
  const auto document = Analyze("Anna Berg bezeichnete es als nicht hinnehmbar, dass es regnet.");
  ASSERT_EQ(document.claims.size(), 1u);
  EXPECT_EQ(document.claims[0].act, ClaimAct::kAssess);
  EXPECT_EQ(document.claims[0].polarity, Polarity::kPositive);
}

}  // namespace
}  // namespace lagebild::extract
