// What belongs to a claim and what leads over to it, and who stands beside the words without having
// said them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/extract_service/support/analyzed_text.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ClaimBordersTest, LeaveOutWhatLeadsOverToAColon) {
  EXPECT_THAT(Contents("Was den Andrang betrifft, sagt Anna Berg: Wir hoffen auf fünfzig Gäste."),
              ElementsAre("Wir hoffen auf fünfzig Gäste"));
  EXPECT_THAT(
      Contents("Noch während Ulf Tann redete, widersprach ihm die Behörde: Der Deich hält."),
      ElementsAre("Der Deich hält"));
}

TEST(ClaimBordersTest, LeaveOutConditionsOfWhatIsToldBehindThem) {
  EXPECT_THAT(Contents("Sollte es zu einem Prozess kommen, drohen Ulf Tann zehn Jahre Haft."),
              IsEmpty());
  EXPECT_THAT(Contents("Sollte der Deich brechen, sagte Anna Berg, werde man helfen."),
              ElementsAre("Sollte der Deich brechen", "werde man helfen"));
  EXPECT_THAT(Contents("Gehen Sie nach Hause, sagte Anna Berg."),
              ElementsAre("Gehen Sie nach Hause"));
}

TEST(ClaimBordersTest, HoldInfinitivesWithWhatIsPutIn) {
  EXPECT_THAT(Contents("Die Bank hat angekündigt, das Haus, das noch der Stadt gehört, zu kaufen."),
              ElementsAre("das Haus, das noch der Stadt gehört, zu kaufen"));
  EXPECT_THAT(
      Contents("Anna Berg verspricht, Politik nicht für die Stadt, sondern für alle zu machen."),
      ElementsAre("Politik nicht für die Stadt, sondern für alle zu machen"));
  EXPECT_THAT(
      Contents("Anna Berg empfiehlt allen Gästen, sich von Leuten – etwa von Ärzten – beraten "
               "zu lassen."),
      ElementsAre("sich von Leuten – etwa von Ärzten – beraten zu lassen"));
}

TEST(ClaimBordersTest, EndBeforeWhatOthersSayOfAll) {
  const std::string text =
      "Die Opposition warf der Regierung vor, das Geld zu verschwenden, was Anna Berg bestreitet.";
  EXPECT_THAT(Contents(text), ElementsAre("das Geld zu verschwenden", "was Anna Berg bestreitet"));
  EXPECT_THAT(SpeakerNames(text), ElementsAre("Opposition", "Anna Berg"));
}

TEST(ClaimBordersTest, StandBeforeAFrameThatAnAppositionInterrupts) {
  EXPECT_THAT(SpeakerNames("Die Strafe sei zu hoch, hatte die Anwältin, Anna Berg, gesagt."),
              ElementsAre("Anna Berg"));
}

TEST(ClaimBordersTest, AreOfTheFrameBehindAQuotation) {
  EXPECT_THAT(SpeakerNames(
                  "Ulf Tann drohte, sollte die Behörde den Beschluss fassen: „Alle Schiffe sind in "
                  "Gefahr und alle Häfen auch“, sagte Ulf Tann."),
              ElementsAre("Ulf Tann"));
}

TEST(ClaimBordersTest, StandBehindAHeadingThatLostItsMark) {
  EXPECT_THAT(
      Contents("Die Halle brannte. Keine Hinweise auf Brandstiftung Nach dem Feuer habe man die "
               "Halle geräumt, sagte Anna Berg."),
      ElementsAre("Nach dem Feuer habe man die Halle geräumt"));
  for (const std::string text :
       {"Am Montag berichtete Die Presse von einem Feuer in der Halle.",
        "Daraus wurde schließlich der Film Das Boot von einem guten Regisseur gemacht.",
        "Der Redner dankte, dass Sie gekommen sind, und Ihre Hilfe war groß.",
        "Der Chef der Partei Die Linke sprach am Montag lange vor den Gästen."}) {
    EXPECT_THAT(Analyze(text).sentences, SizeIs(1)) << text;
  }
}

TEST(ClaimBordersTest, StandBehindHeadingsThatEndInAVerb) {
  for (const std::string text :
       {"Die Halle brannte. Rückzug gefordert Im Rat empfahl die Kammer den Rückzug der Truppe.",
        "Die Halle brannte. Regierung will zügig entscheiden Die neue Regierung prüft den Brief.",
        "Die Halle brannte. Tann könnte Berg verklagen Tann schloss eine Klage gegen ihn nicht "
        "aus."}) {
    EXPECT_THAT(Analyze(text).sentences, SizeIs(3)) << text;
  }
  for (const std::string text : {"Seit Jahren sieht sich Woody Allen in dieser Lage am Ende.",
                                 "Bekannt ist sie aus Filmen wie Die Brücke und aus dem Radio.",
                                 "Das war auf absehbare Zeit nicht zu schaffen, sagte Ulf Tann."}) {
    EXPECT_THAT(Analyze(text).sentences, SizeIs(1)) << text;
  }
  EXPECT_THAT(Analyze("Er bekam einen Preis für diese Art. Es sei teuer gewesen.").sentences,
              SizeIs(2));
}

TEST(ClaimSourcesTest, AreNamedInFullBeforeTheVerb) {
  const auto document = Analyze("Dem Wall Street Journal zufolge wurde eine Klage eingereicht.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Dem Wall Street Journal"));
}

TEST(ClaimBordersTest, AreNotAroundAWordOfAHeadline) {
  for (const Claim& claim : Analyze("Xandu: „Helden“ retten Katze von Baum").claims) {
    EXPECT_NE(claim.kind, ClaimKind::kDirect);
  }
}

TEST(HearsayTest, StandsInDependentClauses) {
  EXPECT_THAT(Contents("Die Polizei nahm den Mann fest, der den Wagen gestohlen haben soll."),
              ElementsAre("der den Wagen gestohlen haben soll"));
  EXPECT_THAT(Contents("Der Fahrer wohnt in Gazal und soll absichtlich gebremst haben."),
              ElementsAre("soll absichtlich gebremst haben"));
}

TEST(HearsayTest, IsOfHowThingsAre) {
  EXPECT_THAT(Contents("Es soll sich um zehn Liter Öl handeln."), SizeIs(1));
}

TEST(DeedsTest, AreNoClaims) {
  EXPECT_THAT(Contents("Die Mannschaft hat gezeigt, dass sie gut ist."), IsEmpty());
  EXPECT_THAT(Contents("Der Verein konnte beweisen, dass er gut ist."), IsEmpty());
  EXPECT_THAT(Contents("Die Studie zeigt, dass Kinder wenig schlafen."),
              ElementsAre("dass Kinder wenig schlafen"));
}

TEST(ReportedTest, IsOfNoAuxiliary) {
  EXPECT_THAT(Contents("Anna Berg hat sich die Bedenken angehört."), IsEmpty());
  EXPECT_THAT(Contents("Anna Berg hat Bedenken, dass der Deich bricht."), SizeIs(1));
}

TEST(ReportedTest, IsNotInTheWordsOfAFirstPerson) {
  EXPECT_THAT(Contents("Viele von ihnen kritisieren uns jetzt."), IsEmpty());
}

TEST(ReportedTest, HoldsAPrepositionBehindAPlace) {
  EXPECT_THAT(Contents("Die Zeitung hatte in ihrer Ausgabe von einer Festnahme berichtet."),
              SizeIs(1));
}

TEST(VerbSecondTest, BehindAColonIsSureInTheFirstPerson) {
  const auto document = Analyze("Trainerin Anna Berg sagte am Montag: Wir sind bereit.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_GT(document.claims[0].confidence, 0.7);
}

TEST(ReportedTest, IsWhatSomebodyStandsFor) {
  EXPECT_THAT(Contents("Minister Ulf Tann verteidigte den Entwurf."), SizeIs(1));
  EXPECT_THAT(Contents("Ulf Tann verteidigte seinen Titel."), IsEmpty());
  EXPECT_THAT(Contents("Ulf Tann verteidigte Anna Berg."), IsEmpty());
}

TEST(ClaimBordersTest, SayInsteadWhatStandsBehindADenial) {
  const auto document = Analyze("Vorwürfe hatte Ulf Tann zurückgewiesen: Der Deich sei sicher.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].polarity, Polarity::kPositive);
}

TEST(ClaimSourcesTest, OpenARelativeClause) {
  const auto document =
      Analyze("Dem Gericht liegt ein Gutachten vor, laut dem Ulf Tann betrogen worden war.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("Ulf Tann betrogen worden war"));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("ein Gutachten"));
}

TEST(ClaimSourcesTest, AreNoOccasions) {
  EXPECT_THAT(Contents("Die Halle ist leer nach Berichten über Mängel am Dach."), IsEmpty());
  EXPECT_THAT(Contents("Nach Ermittlungen gegen eine Bande fand man das Geld."), IsEmpty());
  EXPECT_THAT(Contents("Nach Berichten der Polizei brannte die Halle."), SizeIs(1));
}

TEST(ReportedTest, IsNoState) {
  EXPECT_THAT(Contents("Die Mannschaft ist gewarnt vor der Reise nach Riga."), IsEmpty());
  EXPECT_THAT(Contents("Der Plan muss noch vom Gericht bestätigt werden."), IsEmpty());
  EXPECT_THAT(Contents("Die Regierung verspricht sich davon mehr Arbeit."), IsEmpty());
}

TEST(ClaimBordersTest, HoldInfinitivesOfANounWithTheNoun) {
  EXPECT_THAT(Contents("Anna Berg betonte das Recht des Landes, sein Gebiet zu verteidigen."),
              ElementsAre("Anna Berg betonte das Recht des Landes, sein Gebiet zu verteidigen."));
}

TEST(ClaimBordersTest, LeaveOutWhatTheWriterTellsBehindAColon) {
  for (const Claim& claim :
       Analyze("Ulf Tann schimpfte über den Schiedsrichter: Der Klub verlor erneut zu Hause.")
           .claims) {
    EXPECT_EQ(claim.kind, ClaimKind::kReported);
  }
}

TEST(ClaimBordersTest, AreDrawnAtTheCoordinatorOfTheVerb) {
  EXPECT_THAT(Contents("Der Rat kritisierte Lärm und Schmutz, und Ulf Tann wies den Plan zurück."),
              ElementsAre("Der Rat kritisierte Lärm und Schmutz", "Ulf Tann wies den Plan zurück"));
}

TEST(ClaimSourcesTest, AreNoViewsOfPictures) {
  const auto document = Analyze("Der Sünder war nach Ansicht der Bilder reumütig.");
  for (const Claim& claim : document.claims) EXPECT_LT(claim.confidence, 0.5);
}

TEST(ClaimSourcesTest, AreLessSureTheFartherTheyAre) {
  const auto document = Analyze(
      "Anna Berg sagte, es regne. Der Deich ist alt. Der Damm ist neu. Der Hafen sei leer.");
  ASSERT_THAT(document.claims, SizeIs(2));
  EXPECT_LT(document.claims[1].confidence, document.claims[0].confidence);
}

TEST(ClaimBordersTest, EndBeforeASecondVerbBehindAnInfinitive) {
  EXPECT_THAT(Contents("Anna Berg warf der Regierung vor, zu lügen und wies alle Vorwürfe zurück."),
              ElementsAre("zu lügen", "wies alle Vorwürfe zurück"));
}

TEST(ClaimSourcesTest, StandInNoAttribute) {
  EXPECT_THAT(Contents("Die Kammer hat die nach ihren Schätzungen Milliarden kostende Flucht vor "
                       "der Steuer beendet."),
              IsEmpty());
}

TEST(ReportedTest, IsNotWhatNobodyDid) {
  EXPECT_THAT(Contents("Offene Kritik übt Anna Berg nicht an der Lage."), IsEmpty());
}

TEST(ReportedTest, IsMeantWhereThereIsNoDoubt) {
  const auto document = Analyze("Anna Berg hat keinen Zweifel daran, dass es regnet.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].polarity, Polarity::kPositive);
}

TEST(ReportedTest, IsNoFight) {
  EXPECT_THAT(Contents("Bisher bestritt Ulf Tann 67 Kämpfe."), IsEmpty());
}

TEST(ClaimBordersTest, LeaveOutTheDateOfWhatIsCited) {
  EXPECT_THAT(Contents("Der Deich gilt laut einem Urteil des Gerichts vom Herbst 2015 als alt."),
              ElementsAre("Der Deich gilt", "als alt"));
}

TEST(ClaimBordersTest, GoOnBehindWhatDashesPutIn) {
  EXPECT_THAT(Contents("Der Wirt sagte, der Ort könne den Deich – ein Werk der Ahnen – nicht "
                       "zahlen."),
              ElementsAre("der Ort könne den Deich – ein Werk der Ahnen – nicht zahlen"));
  EXPECT_THAT(Contents("Der Wirt sagte, dass die Deiche – wie berichtet – alt seien."),
              ElementsAre("dass die Deiche – wie berichtet – alt seien"));
}

TEST(ClaimBordersTest, LeaveOutAClauseWithASubjectOfItsOwn) {
  EXPECT_THAT(Contents("Die Anwältin schwieg am Montag, der Anwalt kündigte Berufung an."),
              ElementsAre("der Anwalt kündigte Berufung an."));
}

TEST(ClaimBordersTest, HoldARelativeClauseWhoseVerbStandsAlone) {
  EXPECT_THAT(Contents("China kritisierte die Übung, an der Soldaten aus Gazal teilnehmen."),
              ElementsAre("China kritisierte die Übung, an der Soldaten aus Gazal teilnehmen."));
}

TEST(ClaimBordersTest, OpenAnInfinitiveBehindItsCorrelate) {
  EXPECT_THAT(Contents("Der Wirt plädiert dafür, das Modell, das es schon gibt, auszuweiten."),
              ElementsAre("das Modell, das es schon gibt, auszuweiten"));
}

TEST(ClaimBordersTest, StandBehindHeadingsBeforeAPronoun) {
  EXPECT_THAT(Contents("Der Rat tagte lange. Lob für Deiche Es ist ein guter Tag für den Ort, "
                       "sagte Ulf Tann."),
              ElementsAre("Es ist ein guter Tag für den Ort"));
  EXPECT_THAT(Contents("Der Rat tagte lange. Verband zufrieden Insgesamt wurden nach Angaben des "
                       "Amts 30 Deiche gebaut."),
              ElementsAre("Insgesamt wurden", "30 Deiche gebaut"));
}

TEST(ClaimBordersTest, LeaveOutASecondSource) {
  EXPECT_THAT(Contents("Der Deich hat nach Angaben von Bewohnern und eines Arztes gebrannt."),
              ElementsAre("Der Deich hat", "gebrannt"));
}

TEST(ClaimBordersTest, HoldWhoDidItBehindAnOwnedSource) {
  EXPECT_THAT(Contents("Der Deich wurde nach Angaben des Amts von den Gemeinden bezahlt."),
              ElementsAre("Der Deich wurde", "von den Gemeinden bezahlt"));
}

TEST(ClaimBordersTest, LeaveOutWhatABodyIsFor) {
  EXPECT_THAT(Contents("Drei Gäste starben nach Angaben der Sandauer Beobachtungsstelle für "
                       "Deichrechte."),
              ElementsAre("Drei Gäste starben"));
}

}  // namespace
}  // namespace lagebild::extract
