#include "extract_service/claims/claims_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/unit/extract_service/support/analyzed_text.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ClaimsStageTest, LeavesTheFinalStopOutsideAnIndirectClaim) {
  const auto document = Analyze("Die Sprecherin sagte, dass der Deich gehalten habe.");
  ASSERT_THAT(document.claims, SizeIs(1));
  const Claim& claim = document.claims[0];
  EXPECT_EQ(claim.kind, ClaimKind::kIndirect);
  EXPECT_THAT(Texts(document, claim.content), ElementsAre("dass der Deich gehalten habe"));
  EXPECT_THAT(Texts(document, claim.frame), ElementsAre("Die Sprecherin sagte,"));
  EXPECT_THAT(Texts(document, claim.cue), ElementsAre("sagte"));
}

TEST(ClaimsStageTest, TakesTheMarksIntoADirectClaim) {
  const auto document =
      Analyze("„Wir haben den Deich die ganze Nacht gehalten“, sagte die Sprecherin.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kDirect);
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("„Wir haben den Deich die ganze Nacht gehalten“"));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("die Sprecherin"));
}

TEST(ClaimsStageTest, TakesAnAdjunctOutOfTheContent) {
  const auto document = Analyze("Die Brücke ist laut der Polizei seit dem Morgen gesperrt.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("Die Brücke ist", "seit dem Morgen gesperrt"));
  EXPECT_THAT(Texts(document, document.claims[0].frame), ElementsAre("laut der Polizei"));
}

TEST(ClaimsStageTest, CarriesTheSpeakerOnOverAKonjunktivSentence) {
  const auto document =
      Analyze("Die Sprecherin sagte, der Deich sei sicher. Niemand müsse sein Haus verlassen.");
  ASSERT_THAT(document.claims, SizeIs(2));
  EXPECT_EQ(document.claims[1].kind, ClaimKind::kIndirectFreeIndirect);
  EXPECT_THAT(Texts(document, document.claims[1].content),
              ElementsAre("Niemand müsse sein Haus verlassen."));
  EXPECT_EQ(document.claims[1].speaker, document.claims[0].speaker);
}

TEST(ClaimsStageTest, TakesReportiveSollenForHearsay) {
  const auto document = Analyze("In der Nacht sollen drei Männer das Haus verlassen haben.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kFreeIndirect);
  EXPECT_EQ(document.claims[0].certainty, Certainty::kHearsay);
  EXPECT_THAT(document.claims[0].speaker_actors, IsEmpty());
}

TEST(ClaimsStageTest, TellsWithholdingFromDenying) {
  const auto document = Analyze("Die Polizei konnte nicht bestätigen, dass der Mann gefasst ist.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].act, ClaimAct::kConfirm);
  EXPECT_EQ(document.claims[0].polarity, Polarity::kNegative);
  EXPECT_EQ(document.claims[0].certainty, Certainty::kUncertain);
}

TEST(ClaimsStageTest, LeavesTitlesAndNamesInMarksAlone) {
  const auto document =
      Analyze("Der Roman „Die lange Nacht am Deich“ liegt seit gestern in den Läden.");
  EXPECT_THAT(document.claims, IsEmpty());
}

TEST(ClaimsStageTest, ReportsNothingOfVerbsThatDoNotReport) {
  const auto document = Analyze("Die Helfer versuchten, den Deich mit Sandsäcken zu halten.");
  EXPECT_THAT(document.claims, IsEmpty());
}

TEST(ClaimsStageTest, TakesTheWholePrefieldAsFrameOfAnAdjunct) {
  const auto document = Analyze(
      "Nach Angaben der Leiterin Anna Berg, die den Einsatz führt, ist der Deich seit dem Morgen "
      "dicht.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("ist der Deich seit dem Morgen dicht"));
  EXPECT_THAT(Texts(document, document.claims[0].speaker),
              ElementsAre("Angaben der Leiterin Anna Berg"));
}

TEST(ClaimsStageTest, TakesWhatOpensThePrefieldForTheSubject) {
  const auto document =
      Analyze("Die Gewerkschaft forderte die Regierung auf, den Deich zu erhöhen.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Die Gewerkschaft"));
  EXPECT_THAT(Texts(document, document.claims[0].addressee), ElementsAre("die Regierung"));
}

TEST(ClaimsStageTest, ReadsANameInMarksAsTheSubjectAndNotAsAQuotation) {
  const auto document = Analyze("Wie „Abendpost“ berichtet, brach der Deich am Morgen.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kIndirect);
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("brach der Deich am Morgen"));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("„Abendpost“"));
}

TEST(ClaimsStageTest, EndsWhatIsToldWhereTheClauseAroundItsFrameGoesOn) {
  const auto document = Analyze(
      "Die Behauptung, dass der Deich gebrochen sei, war am Morgen im ganzen Dorf zu hören.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("dass der Deich gebrochen sei"));
}

TEST(ClaimsStageTest, TellsASecondVerbOfOneSubjectFromAFrame) {
  const auto document =
      Analyze("Die Sprecherin wollte sich nicht festlegen, sagte aber, der Deich sei sicher.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content), ElementsAre("der Deich sei sicher"));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Die Sprecherin"));
}

TEST(ClaimsStageTest, ReadsAFramePutInBeforeTheVerb) {
  const auto document =
      Analyze("In zehn Jahren, so schätzen die Forscher, wird der Deich brechen.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("In zehn Jahren", "wird der Deich brechen"));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("die Forscher"));
}

TEST(ClaimsStageTest, CarriesNoSpeakerIntoTheFirstPersonOrAWish) {
  for (const char* sentence :
       {"Ich habe den Deich gesehen.", "Der Bauer möchte den Deich sehen."}) {
    const auto document =
        Analyze(std::string("Die Sprecherin sagte, der Deich sei sicher. ") + sentence);
    EXPECT_THAT(document.claims, SizeIs(1)) << sentence;
  }
}

TEST(ClaimsStageTest, CompletesTheCueWithWhatTheVerbGoverns) {
  const auto document =
      Analyze("Die Sprecherin bezeichnete den Deich als „ein Wunder der alten Baukunst“.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].cue), ElementsAre("bezeichnete", "als"));
}

TEST(ClaimsStageTest, AsksForASourceBeforeAPrepositionWithARelativePronoun) {
  EXPECT_THAT(Analyze("Das Spiel ging in die Pause, nach der die Gäste stärker wurden.").claims,
              IsEmpty());
}

TEST(ClaimsStageTest, ReadsMainClausesThatOpenLikeSubordinateOnes) {
  for (const char* content :
       {"damit solle Zeit gewonnen werden", "die noch zu schaffende Behörde werde den Deich prüfen",
        "sehr wahrscheinlich handele es sich um einen Unfall"}) {
    const auto document = Analyze("Die Sprecherin sagte, " + std::string(content) + ".");
    ASSERT_THAT(document.claims, SizeIs(1)) << content;
    EXPECT_THAT(Texts(document, document.claims[0].content), ElementsAre(content));
  }
  // The verb at the end tells a relative clause.
  EXPECT_THAT(Analyze("Die Sprecherin traf eine Frau, die den Deich werde prüfen können.").claims,
              IsEmpty());
}

TEST(ClaimsStageTest, TakesTheAttributeOfANounOfSayingForTheSpeaker) {
  const auto document = Analyze(
      "Trotz der Ankündigung ihres Trainers, die Zusammenarbeit zu beenden, siegte die "
      "Mannschaft.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("die Zusammenarbeit zu beenden"));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("ihres Trainers"));
  EXPECT_THAT(Texts(document, document.claims[0].cue), ElementsAre("der Ankündigung"));
}

TEST(ClaimsStageTest, FindsTheSourceOfAVerbWithoutSubject) {
  const auto document =
      Analyze("Wie aus Kreisen der Firma verlautete, soll das Werk umgerüstet werden.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kIndirect);
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Kreisen der Firma"));
}

TEST(ClaimsStageTest, ReadsANameInTheGenitiveBeforeItsOpinion) {
  const auto document = Analyze("Nach Müllers Meinung werden dort Fehler gemacht.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Müllers Meinung"));
}

TEST(ClaimsStageTest, TakesAPlanFarFromAnySourceForNoHearsay) {
  const auto document = Analyze(
      "Das Haus steht am Fluss. Es hat zwei Stockwerke. Im Erdgeschoss liegt ein Laden. Im Herbst "
      "soll das Dach erneuert werden.");
  EXPECT_THAT(document.claims, IsEmpty());
}

TEST(ClaimsStageTest, TakesEsForTheSpeakerOfAVerbWithSomebodySpokenTo) {
  const auto document = Analyze("Es warf der Regierung vor, den Vertrag gebrochen zu haben.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Es"));
}

TEST(ClaimsStageTest, TakesNoQuestionForAReport) {
  EXPECT_THAT(Analyze("Werden sie also bald noch mehr Härten ankündigen?").claims, IsEmpty());
}

TEST(ClaimsStageTest, KnowsAPassiveByTheVerbThatReports) {
  const auto document = Analyze("Den Anwohnern wird geraten, die Fenster zu schließen.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(document.claims[0].speaker, IsEmpty());
}

TEST(ClaimsStageTest, TakesTheClauseAroundForNoComplement) {
  const auto document = Analyze(
      "Als Stück, das von den Darstellern einige Kletterkünste verlange, zeigt das Haus einen "
      "Klassiker.");
  EXPECT_THAT(document.claims, IsEmpty());
}

TEST(ClaimsStageTest, TakesAStateAndAWouldForNoReport) {
  for (const char* text :
       {"Viele Gäste, die im Ort als Mieter gemeldet sind, jedoch fern wohnen wollen, zahlen mehr.",
        "Die Tordifferenz würde über die Platzierung entscheiden: Der Verein wäre Sieger."}) {
    EXPECT_THAT(Analyze(text).claims, IsEmpty()) << text;
  }
}

TEST(ClaimsStageTest, ReadsAJudgementThatIsNoNounPhrase) {
  struct Case {
    const char* text;
    const char* speaker;
  };
  for (const Case& c :
       {Case{"Der Botschafter bezeichnete die Reise als hilfreich.", "Der Botschafter"},
        Case{"Die Tat bezeichnete er als sinnlos.", "er"},
        Case{"Eine Verschiebung des Termins bezeichnete Kohlberg als fatal.", "Kohlberg"},
        Case{"Die Pläne wurden von der Opposition als völlig unrealistisch bezeichnet.",
             "der Opposition"}}) {
    const auto document = Analyze(c.text);
    ASSERT_THAT(document.claims, SizeIs(1)) << c.text;
    EXPECT_EQ(document.claims[0].kind, ClaimKind::kReported) << c.text;
    EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre(c.speaker)) << c.text;
  }
  EXPECT_THAT(Analyze("Als Kind wurde er oft belächelt.").claims, IsEmpty());
}

TEST(ClaimsStageTest, TakesWhoIsCitedForTheSpeaker) {
  for (const char* text :
       {"Trainer Thomas Berger wird in der Zeitung mit den Worten zitiert, es habe Zustimmung "
        "gegeben.",
        "„Die Schuld liegt allein bei uns“, wird Trainer Thomas Berger im Fachblatt zitiert."}) {
    const auto document = Analyze(text);
    ASSERT_THAT(document.claims, SizeIs(1)) << text;
    EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Trainer Thomas Berger"))
        << text;
  }
}

TEST(ClaimsStageTest, GoesOnBehindAFrameInTheMiddleOfAClause) {
  struct Case {
    const char* text;
    std::vector<std::string> content;
  };
  for (const Case& c : std::vector<Case>{
           {"Die Wähler hätten zudem, schreibt die Zeitung, eine Schwäche für klare Worte.",
            {"Die Wähler hätten zudem", "eine Schwäche für klare Worte"}},
           {"Man habe, erklärte die Ministerin am Montag, alles versucht.",
            {"Man habe", "alles versucht"}},
           {"Er habe, wie er sagt, nichts gewusst.", {"Er habe", "nichts gewusst"}},
           // An apposition to who speaks goes on with nothing.
           {"Die Lage sei ernst, sagte Anna Kohlberg, Leiterin der Wache.",
            {"Die Lage sei ernst"}}}) {
    const auto document = Analyze(c.text);
    ASSERT_THAT(document.claims, SizeIs(1)) << c.text;
    EXPECT_EQ(Texts(document, document.claims[0].content), c.content) << c.text;
  }
}

TEST(ClaimsStageTest, TakesTheNameBehindACommonNounIntoTheSpeaker) {
  struct Case {
    const char* text;
    const char* speaker;
  };
  for (const Case& c :
       {Case{"Das Gesetz sei verfassungswidrig, sagte der Verfassungsrechtler Heinz Mayer.",
             "der Verfassungsrechtler Heinz Mayer"},
        Case{"Der Verkauf stehe bevor, berichtet das Branchenmedium Kohlberg-Brief.",
             "das Branchenmedium Kohlberg-Brief"},
        // A body's name is not the name of whom it speaks to.
        Case{"Dabei warf die Staatsanwaltschaft Thomas Berger vor, Geld genommen zu haben.",
             "die Staatsanwaltschaft"}}) {
    const auto document = Analyze(c.text);
    ASSERT_THAT(document.claims, SizeIs(1)) << c.text;
    EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre(c.speaker)) << c.text;
  }
}

TEST(ClaimsStageTest, KnowsOneSubjectOfTwoVerbs) {
  const auto document =
      Analyze("Die Demonstranten skandierten Slogans und verlangten höhere Entschädigungen.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Die Demonstranten"));
}

TEST(ClaimsStageTest, TakesWhoStandsBehindASecondVerbForTheAddressee) {
  const auto document = Analyze(
      "Er lobte die Proteste und forderte Berg und dessen Anhänger dazu auf, Ruhe zu bewahren.");
  ASSERT_THAT(document.claims, SizeIs(testing::Ge(1)));
  const Claim& claim = document.claims.front();
  EXPECT_THAT(Texts(document, claim.content), ElementsAre("Ruhe zu bewahren"));
  EXPECT_THAT(Texts(document, claim.speaker), ElementsAre("Er"));
  EXPECT_THAT(Texts(document, claim.addressee), ElementsAre("Berg und dessen Anhänger"));
}

TEST(ClaimsStageTest, AsksForThePrepositionOfAPhrase) {
  const auto document = Analyze("Das Gericht ging davon aus, dass der Mann geflohen war.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Das Gericht"));
}

TEST(ClaimsStageTest, FindsTheBodyWhereItWasSaid) {
  const auto agency = Analyze("Bei der Agentur hieß es, dass zwei Züge fehlen.");
  ASSERT_THAT(agency.claims, SizeIs(1));
  EXPECT_THAT(Texts(agency, agency.claims[0].speaker), ElementsAre("der Agentur"));
  const auto meeting = Analyze("Bei der Ankunft hieß es, dass zwei Züge fehlen.");
  ASSERT_THAT(meeting.claims, SizeIs(1));
  EXPECT_THAT(meeting.claims[0].speaker, IsEmpty());
}

TEST(ClaimsStageTest, TakesNobodyWhoSpeaksOfHimselfForASpeaker) {
  EXPECT_THAT(Analyze("Ich hoffe, dass der Plan gelingt.").claims, IsEmpty());
  const auto document = Analyze("„Ich hoffe, dass der Plan gelingt“, sagte die Ministerin.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("die Ministerin"));
}

TEST(ClaimsStageTest, CarriesNoSpeakerIntoAQuestionOfTheReporter) {
  const auto document = Analyze(
      "Der Minister sagte, die Lage sei ernst. Könnte es noch einen Einsatz im Norden geben?");
  EXPECT_THAT(document.claims, SizeIs(1));
}

TEST(ClaimsStageTest, GivesEachOfSeveralVerbsItsClause) {
  const auto document = Analyze(
      "Der Minister kritisierte die Pläne, forderte ein Moratorium und kündigte Gespräche an.");
  ASSERT_THAT(document.claims, SizeIs(3));
  for (const Claim& claim : document.claims) {
    EXPECT_EQ(claim.kind, ClaimKind::kReported);
    EXPECT_THAT(Texts(document, claim.speaker), ElementsAre("Der Minister"));
  }
  EXPECT_THAT(Texts(document, document.claims[1].content), ElementsAre("forderte ein Moratorium"));
}

TEST(ClaimsStageTest, TakesNoClauseBesideAnotherForItsContent) {
  const auto document =
      Analyze("Der Verband begrüßte die Entscheidung, die Gewerkschaft bedauerte sie.");
  for (const Claim& claim : document.claims) EXPECT_EQ(claim.kind, ClaimKind::kReported);
}

TEST(ClaimsStageTest, KnowsTheSubjectOfSeveralParticiples) {
  const auto document = Analyze(
      "Die Partei hat Briefe verteilt, Plakate geklebt und verkündet, sie werde nicht weichen.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Die Partei"));
}

TEST(ClaimsStageTest, TakesNothingThatIsNotSaidYet) {
  for (const char* text : {"Wenn die Ministerin sagt, dass sie antritt, ist das Rennen offen.",
                           "Das Gericht wird sein Urteil am 12. Juni verkünden.",
                           "Niemand sagt, dass die Umstellung leicht wird.",
                           "Über den Verbleib der Tiere hat das Amt noch zu entscheiden.",
                           "Die genaue Zahl wollte der Sprecher nicht nennen.",
                           "Sagen Sie der Redaktion, welches Thema Sie bewegt."}) {
    EXPECT_THAT(Analyze(text).claims, IsEmpty()) << text;
  }
}

TEST(ClaimsStageTest, ReadsHeadlinesWithAColon) {
  const auto document = Analyze("Studie: Jeder Dritte schläft schlecht");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Studie"));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("Jeder Dritte schläft schlecht"));
  EXPECT_THAT(Analyze("Wetter: Morgen scheint die Sonne").claims, IsEmpty());
}

TEST(ClaimsStageTest, TakesReportiveWollenForTheWordsOfItsSubject) {
  const auto document = Analyze("Der Zeuge will den Wagen um Mitternacht gesehen haben.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kFreeIndirect);
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Der Zeuge"));
  EXPECT_THAT(Analyze("Der Zeuge will den Wagen verkaufen.").claims, IsEmpty());
}

TEST(ClaimsStageTest, TakesWhatABodyMeansToDoForAnnounced) {
  const auto document = Analyze("Die Regierung will am Montag das Bad erneuern.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kReported);
  EXPECT_EQ(document.claims[0].act, ClaimAct::kAnnounce);
  EXPECT_FALSE(document.claims[0].said_at.has_value());
  EXPECT_THAT(Analyze("Die Regierung wollte das Bad erneuern.").claims, IsEmpty());
}

TEST(ClaimsStageTest, TakesAKonjunktivForWordsWhoeverSaidThem) {
  EXPECT_THAT(Contents("Ein Streik droht. Der Lohn liege weit unter dem Tarif."),
              ElementsAre("Der Lohn liege weit unter dem Tarif."));
  for (const char* text : {"Sei es, wie es sei.", "Man denke nur an den Deich.",
                           "Erwähnt sei noch der Deich.", "Das 300 Meter lange Schiff fuhr aus."}) {
    EXPECT_THAT(Contents(text), IsEmpty()) << text;
  }
}

TEST(ClaimsStageTest, TakesAClauseInTheKonjunktivBehindOneOfTheWriters) {
  EXPECT_THAT(Contents("Zwölf Gäste wurden verletzt, der Deich sei schuld."),
              ElementsAre("der Deich sei schuld"));
  EXPECT_THAT(Contents("Der Gast schlich hinaus, als komme er nie wieder."), IsEmpty());
  EXPECT_THAT(Contents("Das Fest fällt aus, es sei denn, der Regen hört auf."), IsEmpty());
}

TEST(ClaimsStageTest, ReadsOnBehindAnAppositionInWhatIsSaid) {
  for (const char* text : {"Der Wirt sagte, der Chef der Bank, Ulf Tann, habe das Geld.",
                           "Der Wirt sagte, Ulf Tann, Chef der Bank, habe das Geld."}) {
    EXPECT_THAT(Contents(text), ElementsAre(EndsWith("habe das Geld"))) << text;
  }
}

TEST(ClaimsStageTest, KeepsSentencesInTheKonjunktivApart) {
  const auto document =
      Analyze("Anna Berg sagte, der Deich sei alt. Er sei undicht. Die Stadt habe kein Geld.");
  ASSERT_THAT(document.claims, SizeIs(3));
  EXPECT_THAT(Texts(document, document.claims[1].content), ElementsAre("Er sei undicht."));
  EXPECT_THAT(SpeakerNames(document, document.claims[2]), ElementsAre("Anna Berg"));
}

TEST(ClaimsStageTest, ReadsWhatARelativeClauseReports) {
  const auto document = Analyze("Der Deich gehört der Firma Xandu AG, die den Vorwurf bestätigte.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].act, ClaimAct::kConfirm);
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("die den Vorwurf bestätigte"));
}

TEST(ClaimsStageTest, TakesARefusalOfSomebodyForADenial) {
  const auto document = Analyze("Anna Berg lehnte den Verkauf ab.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].act, ClaimAct::kDeny);
  EXPECT_THAT(Analyze("Der Antrag wurde abgelehnt.").claims, IsEmpty());
}

TEST(ClaimsStageTest, NamesNobodyForWhatAnybodyCallsAThing) {
  EXPECT_THAT(Analyze("Als Taifun wird dieser Sturm bezeichnet.").claims, IsEmpty());
}

TEST(ClaimsStageTest, FindsOfWhomCriticismComes) {
  const auto document = Analyze("Kritik an dem Plan kam vom Verband der Winzer.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Verband der Winzer"));
}

TEST(ClaimsStageTest, FindsWhoSpeaksBeforeAColon) {
  const auto document =
      Analyze("Landrat Ulf Tann ist vorgeprescht: Er sehe mehr Mut als im Mai, sagte er.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Ulf Tann"));
}

TEST(ClaimsStageTest, TellsHowFromAsSomebodySays) {
  const auto document = Analyze("Danach habe das Team Mut gezeigt, wie Anna Berg meinte.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Anna Berg"));
}

TEST(ClaimsStageTest, HearsNobodyWhereHardlyAnybodySpeaks) {
  EXPECT_THAT(Analyze("Kein Politiker behauptet, dass es brennt.").claims, IsEmpty());
  EXPECT_THAT(Analyze("Kaum ein Politiker behauptet, dass es brennt.").claims, IsEmpty());
}

TEST(ClaimsStageTest, TakesDuerfteForTheWritersGuess) {
  EXPECT_THAT(Analyze("Ulf Tann sagte, er gehe. Die Entscheidung dürfte im Mai fallen.").claims,
              SizeIs(1));
}

TEST(ClaimsStageTest, LeavesExamplesOutOfTheSpeakers) {
  const auto document =
      Analyze("Umweltorganisationen wie der Deichbund und Greenpeace bewerteten den Plan positiv.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Umweltorganisationen"));
}

TEST(ClaimsStageTest, TakesNachForAPrepositionBeforeWhatItGoverns) {
  EXPECT_THAT(Analyze("Die Versicherung nach dem Umbau war teuer.").claims, IsEmpty());
}

TEST(ClaimsStageTest, FindsWhoARelativePronounBehindAVerbStandsFor) {
  const auto document =
      Analyze("Viele wollen dem Mitglied Ulf Tann folgen, der erklärt hat, dass er geht.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Ulf Tann"));
}

TEST(ClaimsStageTest, HearsThePersonOfTheSentenceBefore) {
  const auto document =
      Analyze("Ministerin Anna Berg gab sich gelassen. Die Umfragen seien eine Momentaufnahme.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kIndirectFreeIndirect);
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Ministerin Anna Berg"));
}

TEST(ClaimsStageTest, LooksForWhatIsThereinInTheSentenceBefore) {
  const auto document = Analyze(
      "Die Stadt hat gestern ein Gutachten vorgelegt. Darin heißt es, der Beton sei morsch.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("ein Gutachten"));
}

TEST(ClaimsStageTest, ReadsTheContentOfANounInsideItsClause) {
  const auto document =
      Analyze("Der Vorwurf der Opposition, die Regierung verschleppe die Reform, ist nicht neu.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("die Regierung verschleppe die Reform"));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("der Opposition"));
}

TEST(ClaimsStageTest, GivesAQuotationToWhomTheNextSentencePointsAt) {
  const auto document = Analyze(
      "„Ich habe sofort gebremst. Auf dem Laub ging gar nichts mehr.“ So schilderte der Lokführer "
      "den Unfall.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].rule, "quote.pointing:schildern");
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("der Lokführer"));
}

TEST(ClaimsStageTest, TakesAnyVerbRightBehindAQuotation) {
  const auto document =
      Analyze("„Wir haben aufgehört, Fußball zu spielen“, haderte Trainer Ruben Kallweit.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Trainer Ruben Kallweit"));
}

TEST(ClaimsStageTest, TellsThePaperSomebodySpeaksToFromWhoSpeaks) {
  const auto document =
      Analyze("Der Vertrag sei fertig, sagte ein Sprecher der Nachrichtenagentur Nordpress.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("ein Sprecher"));
  EXPECT_THAT(Texts(document, document.claims[0].addressee),
              ElementsAre("der Nachrichtenagentur Nordpress"));
  const auto editor = Analyze("Der Vertrag sei fertig, sagte der Chefredakteur der Zeitung.");
  ASSERT_THAT(editor.claims, SizeIs(1));
  EXPECT_THAT(Texts(editor, editor.claims[0].speaker),
              ElementsAre("der Chefredakteur der Zeitung"));
  const auto quoted = Analyze("„Ich möchte das nicht mehr“, sagte sie der „Zeit“.");
  ASSERT_THAT(quoted.claims, SizeIs(1));
  EXPECT_THAT(Texts(quoted, quoted.claims[0].addressee), ElementsAre("der „Zeit“"));
}

TEST(ClaimsStageTest, ReadsTheVerbBehindANameInMarks) {
  const auto document = Analyze("Gegenüber der Zeitung „Die Welt“ erklärte Berg, er trete an.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Berg"));
}

TEST(ClaimsStageTest, TakesWhatTellsWhoTheSpeakerIsForNoContent) {
  const auto document =
      Analyze("„Die Orgel ist unser Sorgenkind“, so Kantor Ruprecht Ehlen, ein Siegerländer.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kDirect);
  const auto goes_on = Analyze("Das Problem sei vielmehr, so die Ministerin, dass das Geld fehle.");
  ASSERT_THAT(goes_on.claims, SizeIs(1));
  EXPECT_THAT(Texts(goes_on, goes_on.claims[0].content),
              ElementsAre("Das Problem sei vielmehr", "dass das Geld fehle"));
}

TEST(ClaimsStageTest, TakesSilenceForNoStatement) {
  EXPECT_THAT(Analyze("Der Vorstand wollte über die Ablöse nicht sprechen.").claims, IsEmpty());
}

struct Attributed {
  std::string text;
  std::string speaker;  ///< Names of the last claim's actors, joined by "; ".
  std::vector<std::string> content;
};

void PrintTo(const Attributed& attributed, std::ostream* out) { *out << attributed.text; }

class AttributionTest : public ::testing::TestWithParam<Attributed> {};

TEST_P(AttributionTest, FindsWhoSaysWhat) {
  const auto document = Analyze(GetParam().text);
  ASSERT_FALSE(document.claims.empty());
  const Claim& claim = document.claims.back();
  std::string speaker;
  for (const int32_t actor : claim.speaker_actors) {
    if (!speaker.empty()) speaker += "; ";
    speaker += document.actors[static_cast<size_t>(actor)].name;
  }
  EXPECT_EQ(speaker, GetParam().speaker);
  EXPECT_EQ(Texts(document, claim.content), GetParam().content);
}

INSTANTIATE_TEST_SUITE_P(
    CommentsOfTheWriter, AttributionTest,
    ::testing::Values(
        Attributed{"Anna Berg sagte, man müsse vieles angeben – eine Anspielung auf den Fall.",
                   "Anna Berg",
                   {"man müsse vieles angeben"}},
        Attributed{"Anna Berg forderte mehr Geld – eine Forderung, die neu ist.",
                   "Anna Berg",
                   {"Anna Berg forderte mehr Geld"}},
        Attributed{"Anna Berg sagte, der Deich sei dicht – die Kritik daran sei falsch.",
                   "Anna Berg",
                   {"der Deich sei dicht – die Kritik daran sei falsch"}}));

INSTANTIATE_TEST_SUITE_P(
    OwnersOfPapers, AttributionTest,
    ::testing::Values(
        Attributed{"Laut einem der Agentur vorliegenden Papier des Umweltministeriums fehlt Geld.",
                   "Umweltministerium",
                   {"fehlt Geld"}},
        Attributed{
            "Das Umweltministerium legte einen Bericht vor. Im Bericht heißt es, Geld fehle.",
            "Umweltministerium",
            {"Geld fehle"}}));

INSTANTIATE_TEST_SUITE_P(
    Offices, AttributionTest,
    ::testing::Values(
        Attributed{"Das war nach Worten des Beauftragten im Verkehrsamt, Jochen Albers, abzusehen.",
                   "Jochen Albers",
                   {"Das war", "abzusehen"}},
        Attributed{"Ulrike Kellermann trat ab. Sie habe genug, sagte die Verbands-Chefin.",
                   "Ulrike Kellermann",
                   {"Sie habe genug"}},
        Attributed{"Der Kanal sei dicht, sagte Rolf Peter Hagen, Direktor der Schleuse am See und "
                   "Mitautor der Pläne.",
                   "Rolf Peter Hagen",
                   {"Der Kanal sei dicht"}},
        Attributed{"Anna Berg vom Institut für Wetterkunde sagt, es bleibe trocken.",
                   "Anna Berg",
                   {"es bleibe trocken"}},
        Attributed{"Anna Berg aus dem Amt von Karl Vogt (CDU) sagte, man warte ab.",
                   "Anna Berg",
                   {"man warte ab"}},
        Attributed{"Ulf Tann sprach mit Anna Berg. Die Frist sei um, erklärte der Oberste "
                   "Gerichtshof.",
                   "Oberster Gerichtshof",
                   {"Die Frist sei um"}}));

INSTANTIATE_TEST_SUITE_P(
    Sources, AttributionTest,
    ::testing::Values(
        Attributed{
            "Die Halle ist nach Angaben von Borun TV leer.", "Borun TV", {"Die Halle ist", "leer"}},
        Attributed{"Anlass ist laut deutschen Medien Brandners plötzlicher Rückzug ins Private.",
                   "deutsche Medien",
                   {"Anlass ist", "Brandners plötzlicher Rückzug ins Private"}},
        Attributed{"Das Netz hält, sagte der CDU-Politiker der Zeitung Welt am Sonntag.",
                   "CDU-Politiker",
                   {"Das Netz hält"}},
        Attributed{"Die Tür sei offen gewesen, heißt es in einem Dienstbericht des Polizisten.",
                   "Polizist",
                   {"Die Tür sei offen gewesen"}},
        Attributed{"Der Vermieter habe laut Anna Berg versprochen, das Dach zu richten: Bislang "
                   "stehe kein Gerüst, so Ulf Kiesling.",
                   "Ulf Kiesling",
                   {"Bislang stehe kein Gerüst"}},
        Attributed{"Am Hafen brannte nach palästinensischen Angaben ein Lager, in Sandau stürzte "
                   "ein Kran um.",
                   "Palästina",
                   {"Am Hafen brannte", "ein Lager"}},
        Attributed{"„Der Kessel ist ein Skandal“, sagte Ulf Tann laut Reuters.",
                   "Ulf Tann",
                   {"„Der Kessel ist ein Skandal“"}},
        Attributed{"Laut Reuters sagte Ulf Tann: „Der Kessel ist ein Skandal.“",
                   "Ulf Tann",
                   {"„Der Kessel ist ein Skandal.“"}},
        Attributed{"Von der Polizei kam die Information, der Kran sei umgestürzt.",
                   "Polizei",
                   {"der Kran sei umgestürzt"}},
        Attributed{"Ulf Tann sagte: „Die Lage ist ernst.“ Und: „Die Gefahren sind groß und nah.“",
                   "Ulf Tann",
                   {"„Die Gefahren sind groß und nah.“"}},
        Attributed{"Es gab Opfer, heißt es in dem am Mittwoch vorgestellten Bericht der Polizei.",
                   "Polizei",
                   {"Es gab Opfer"}},
        Attributed{
            "Der Sender zitierte Ulf Tann mit den Worten: „Wenn ich das Problem bin, gehe ich.“",
            "Ulf Tann",
            {"„Wenn ich das Problem bin, gehe ich.“"}},
        Attributed{"Anna Berg sagte, es reiche für alle.", "Anna Berg", {"es reiche für alle"}},
        Attributed{"Der Läufer – laut Polizei ein Gast aus Bayern – gab auf.",
                   "Polizei",
                   {"ein Gast aus Bayern"}}));

INSTANTIATE_TEST_SUITE_P(
    PointingBack, AttributionTest,
    ::testing::Values(
        Attributed{"Ulf Tann (ABC) klagt. Der ABC-Chef hatte gefordert, die Mieten zu senken.",
                   "Ulf Tann",
                   {"die Mieten zu senken"}},
        Attributed{"Der Kroate Marin Filic spielte gegen Ulf Tann. Es war knapp, sagte der Serbe.",
                   "Ulf Tann",
                   {"Es war knapp"}},
        Attributed{"Air France verhandelt. Die Fluggesellschaft teilte mit, man sei sich einig.",
                   "Air France",
                   {"man sei sich einig"}},
        Attributed{
            "Dazu die Ministerin Anna Berg: Der Deich hält.", "Anna Berg", {"Der Deich hält"}},
        Attributed{"Ulf Tann trat vor die Presse. Karl Vogt warf er vor, seit Jahren zu lügen.",
                   "Ulf Tann",
                   {"seit Jahren zu lügen"}},
        Attributed{"Anna Berg am Donnerstag: So kann man nicht arbeiten.",
                   "Anna Berg",
                   {"So kann man nicht arbeiten"}}));

INSTANTIATE_TEST_SUITE_P(
    FramesBehind, AttributionTest,
    ::testing::Values(
        Attributed{"Mit dem Umbau komme man kaum voran, bekannte Anna Berg.",
                   "Anna Berg",
                   {"Mit dem Umbau komme man kaum voran"}},
        Attributed{"Der Chor klinge wie nie zuvor, haderte Anna Berg.",
                   "Anna Berg",
                   {"Der Chor klinge wie nie zuvor"}},
        Attributed{"Gefeilscht wurde die ganze Nacht um Worte, erzählt Ulf Tann.",
                   "Ulf Tann",
                   {"Gefeilscht wurde die ganze Nacht um Worte"}},
        Attributed{"Ab wann, dürfe er noch nicht verraten, teilte Ulf Tann mit.",
                   "Ulf Tann",
                   {"Ab wann, dürfe er noch nicht verraten"}},
        Attributed{"Wer danach komme, orakelt Anna Berg, werde alles umwerfen.",
                   "Anna Berg",
                   {"Wer danach komme", "werde alles umwerfen"}},
        Attributed{"Es bleiben nur zwei Wege: Wir gehen oder wir warten, sagte Anna Berg.",
                   "Anna Berg",
                   {"Es bleiben nur zwei Wege: Wir gehen oder wir warten"}},
        Attributed{"Das Lager hilft vielen, wie Obmann Karl Berg sagt, der auch den Chor leitet.",
                   "Karl Berg",
                   {"Das Lager hilft vielen"}},
        Attributed{"Es hakt, wie Anna Berg, Managerin für Bayern, am Dienstag bei der Messe sagte.",
                   "Anna Berg",
                   {"Es hakt"}},
        Attributed{"Wann das Bad öffnet, ließ Anna Berg offen – es dürfe nichts überstürzt werden.",
                   "Anna Berg",
                   {"Wann das Bad öffnet"}}));

TEST(ClaimsStageTest, TakesNamingsComparisonsAndSubjectsForNoStatements) {
  for (const char* text : {
           "Neustart nennt sich die Liste, die bei der Wahl antritt.",
           "Die Gäste dürften mehr Bier getrunken haben als am Vortag erwartet.",
           "Sie pflegt einen Ton, wie er am Theater erwartet wird.",
           "Dass es im Mai schneit, bestätigt diese Messung.",
           "Dem Trainer droht ein Ausfall.",
           "Das zeigt allen, dass wir kämpfen.",
           "Komme kein Bus, fahre Anna Berg mit dem Rad.",
           "Der Preis wurde nicht genannt.",
           "Der Schaden kann genau geschätzt werden.",
           "Nach umstrittenen Aussagen von Anna Berg trat der Trainer zurück.",
           "Ulf Tann bestritt zwei Seniorenturniere.",
       }) {
    EXPECT_THAT(Analyze(text).claims, IsEmpty()) << text;
  }
}

TEST(ClaimsStageTest, KeepsClaimsApartFromQuotativesBehindASemicolon) {
  const auto document =
      Analyze("Anna Berg kündigte an: Der Plan kommt; dann gehe es los, so Ulf Tann.");
  ASSERT_THAT(document.claims, SizeIs(2));
  EXPECT_THAT(Texts(document, document.claims[0].content), ElementsAre("Der Plan kommt"));
}

TEST(ClaimsStageTest, SurvivesManyVerbsOfOneSubject) {
  std::string text = "Anna Berg kritisierte das Vorhaben";
  for (int i = 0; i < 300; ++i) text += i % 2 == 0 ? ", forderte eine Pause" : ", malte eine Wand";
  EXPECT_FALSE(Analyze(text + ".").claims.empty());
}

TEST(ClaimsStageTest, SurvivesANamePhraseWithoutAName) {
  EXPECT_THAT(Analyze("Die erste Zeitung, der spätere Märkische Sprecher, erschien 1829.").claims,
              IsEmpty());
}

TEST(ClaimsStageTest, SurvivesQuotesWithoutEnd) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "„sagte, dass ";
  const auto document = Analyze("Der Sprecher sagte, dass es so ist. " + text);
  for (const Claim& claim : document.claims) {
    for (const Span& span : claim.content) {
      EXPECT_LE(span.end, static_cast<int32_t>(document.text().size()));
      EXPECT_LT(span.begin, span.end);
    }
  }
}

}  // namespace
}  // namespace lagebild::extract
