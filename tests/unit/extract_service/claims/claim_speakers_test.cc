// Whom claims are given to where the text names him, her or it in other words or elsewhere.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/extract_service/support/analyzed_text.h"

namespace lagebild::extract {
namespace {

using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// Names of the actors of each claim, in text order.
std::vector<std::vector<std::string>> Speakers(const std::string& text) {
  const AnnotatedDocument document = Analyze(text);
  std::vector<std::vector<std::string>> speakers;
  for (const Claim& claim : document.claims) speakers.push_back(SpeakerNames(document, claim));
  return speakers;
}

/// Content of the one claim of a text.
std::vector<std::string> OnlyContent(const std::string& text) {
  const AnnotatedDocument document = Analyze(text);
  EXPECT_THAT(document.claims, SizeIs(1));
  if (document.claims.size() != 1) return {};
  return Texts(document, document.claims[0].content);
}

TEST(ClaimSpeakersTest, AreWhatAPronounIsSaidToBe) {
  EXPECT_THAT(Speakers("Anna Berg kommt aus Riga. Heute ist sie Kommissarin für Gesundheit. Das "
                       "Risiko sei gering, so die Kommissarin."),
              ElementsAre(ElementsAre("Anna Berg")));
}

TEST(ClaimSpeakersTest, AreBodiesThatWereCitedBefore) {
  EXPECT_THAT(Speakers("Nach Angaben des Verbands Xandu brannte ein Lager. Greenpeace war vor Ort. "
                       "Wie die Organisation am Montag mitteilte, starben auch Tiere."),
              ElementsAre(ElementsAre("Xandu"), ElementsAre("Xandu")));
}

TEST(ClaimSpeakersTest, AreBodiesNamedByAWordOfTheDictionary) {
  EXPECT_THAT(
      Speakers("Die Handelskette Kaufstern ist am Ende. Kaufstern bestätigt den Verkauf. Es "
               "gebe Gespräche, heißt es bei Kaufstern."),
      ElementsAre(ElementsAre("Kaufstern"), ElementsAre("Kaufstern")));
}

TEST(ClaimSpeakersTest, AreBodiesInWhichItIsSaid) {
  EXPECT_THAT(Speakers("Der Fehler sei behoben, wird im Innenministerium erläutert."),
              ElementsAre(ElementsAre("Innenministerium")));
  EXPECT_THAT(Speakers("Bei der Polizei geht man davon aus, dass die Zahl steigt."),
              ElementsAre(ElementsAre("Polizei")));
  EXPECT_THAT(Speakers("In der Stadt geht man davon aus, dass die Zahl steigt."),
              ElementsAre(IsEmpty()));
}

TEST(ClaimSpeakersTest, AreBodiesWithAPluralInTheirName) {
  EXPECT_THAT(Speakers("Der Bundesverband Deutscher Kaufleute wirft der Firma vor, zu lügen."),
              ElementsAre(ElementsAre("Bundesverband Deutscher Kaufleute")));
}

TEST(ClaimSpeakersTest, AreNounsOfNoListThatDoWhatOnlySomebodyCan) {
  EXPECT_THAT(Speakers("Das Tanzpaar glaubt, dass der Abend gelingt."),
              ElementsAre(ElementsAre("Tanzpaar")));
  EXPECT_THAT(Speakers("Die Umfrage zeigt, dass der Abend gelang."), ElementsAre(IsEmpty()));
}

TEST(ClaimSpeakersTest, GoOnBehindWhatTheyTellOfOthers) {
  EXPECT_THAT(Speakers("Nach Angaben der Polizei wurde der Mann gefasst. Die Behörden hätten um "
                       "Hilfe ersucht. Er "
                       "sei in Haft."),
              ElementsAre(_, _, ElementsAre("Polizei")));
}

TEST(ClaimSpeakersTest, OfHearsayBehindABodysWordsAreThatBody) {
  EXPECT_THAT(Speakers("Die Polizei sucht den Mann, teilte sie mit. Er sei bewaffnet, hieß es."),
              ElementsAre(ElementsAre("Polizei"), ElementsAre("Polizei")));
  EXPECT_THAT(Speakers("Anna Berg lobte den Plan. Er sei teuer, hieß es."),
              ElementsAre(ElementsAre("Anna Berg"), IsEmpty()));
}

TEST(ClaimSpeakersTest, StandWithoutAVerbRightBeforeAColon) {
  EXPECT_THAT(Speakers("Der Verein spricht Ulf Tann das Vertrauen aus – Als Nachfolgerin genannte "
                       "Anna Berg: „Mir fehlt noch einiges.“"),
              ElementsAre(ElementsAre("Anna Berg")));
}

TEST(ClaimSpeakersTest, OfAStudyAreNotThoseWhoWereAsked) {
  EXPECT_THAT(
      Speakers(
          "Laut einer Studie des Umweltamts sind viele krank. Ein Viertel der Befragten gab an, zu "
          "rauchen. Der Untersuchung zufolge trinken viele."),
      ElementsAre(_, _, ElementsAre("Umweltamt")));
}

TEST(ClaimSpeakersTest, OfPastsInTenAreNoParticiples) {
  EXPECT_THAT(Speakers("Das Gedächtnis hilft, berechneten Forscher des Umweltamts."),
              ElementsAre(ElementsAre("Forscher des Umweltamts")));
}

TEST(ClaimSpeakersTest, AtTheHeadOfATextAreNamedLater) {
  EXPECT_THAT(
      Speakers("Verbandschef warnt vor Folgen der Krise. Am Montag sprach Verbandschef Karl "
               "Wolf in Riga."),
      ElementsAre(ElementsAre("Karl Wolf")));
  EXPECT_THAT(Speakers("Ein gazalischer Zoologe sagt, Fische seien klug. Der Zoologe Karl Wolf "
                       "forscht in Riga."),
              ElementsAre(ElementsAre("Karl Wolf")));
  EXPECT_THAT(
      Speakers("Hersteller verspricht Hilfe. Tesla ruft Autos zurück. Der Hersteller teilte "
               "mit, es gebe Probleme."),
      ElementsAre(ElementsAre("Tesla"), ElementsAre("Tesla")));
}

TEST(ClaimSpeakersTest, AreNotOneWhereManyStandBesideAName) {
  EXPECT_THAT(Speakers("Gaby Berg schwieg. Nun werfen die Abgeordneten Berg vor, zu lügen."),
              ElementsAre(ElementsAre("Abgeordneten")));
}

TEST(ClaimSpeakersTest, OwnTheNounOfSayingBehindTheirName) {
  EXPECT_THAT(Speakers("Anna Berg kam. Anna Bergs Antwort: Wir brauchen Geld."),
              ElementsAre(ElementsAre("Anna Berg")));
  EXPECT_THAT(Speakers("Was tun? Antwort: Die Lage ist ernst."), IsEmpty());
}

TEST(ClaimSpeakersTest, AreWhoIsOfABody) {
  EXPECT_THAT(Speakers("Helmut Hofer kam. Die Studie sei schwach, sagte ABC-Mann Hofer."),
              ElementsAre(ElementsAre("Helmut Hofer")));
}

TEST(ClaimSpeakersTest, AreWhoSpokeBeforeASourceThatTheyCite) {
  EXPECT_THAT(
      Speakers(
          "Die Klage sei berechtigt, sagte Anna Berg. Die Software solle laut Werbetext schneller "
          "sein. Das sei falsch."),
      ElementsAre(_, _, ElementsAre("Anna Berg")));
}

TEST(ClaimSpeakersTest, AreNothingThatCannotSpeak) {
  EXPECT_THAT(Speakers("Alles geht von der Musik aus."), IsEmpty());
  EXPECT_THAT(Speakers("Daran sieht man, dass es geht."), IsEmpty());
}

TEST(ClaimSourcesTest, HaveAttributesOfSeveralPhrases) {
  const auto document =
      Analyze("Der Tunnel ist laut einer von der Stadt in Auftrag gegebenen Studie machbar.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker),
              ElementsAre("einer von der Stadt in Auftrag gegebenen Studie"));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("Der Tunnel ist", "machbar"));
}

TEST(ClaimSourcesTest, LeaveByWhatSomethingIsToTheContent) {
  EXPECT_THAT(OnlyContent("Viele Orte sind laut einer Studie von Armut betroffen."),
              ElementsAre("Viele Orte sind", "von Armut betroffen"));
}

TEST(ClaimSourcesTest, AreNoRegistrations) {
  EXPECT_THAT(Speakers("Der Wirt muss erst nach der Konkursanmeldung zahlen."), IsEmpty());
}

TEST(ClaimsTest, EndWithTheVerbOfTheirClause) {
  EXPECT_THAT(OnlyContent("Anna Berg hält die Annahme, dass es regnet, für falsch."),
              ElementsAre("dass es regnet"));
}

TEST(ClaimsTest, EndBeforeClausesBesideThemAboutOthers) {
  EXPECT_THAT(OnlyContent("Die Staatsanwaltschaft verlangte Haft, der Richter aber schwieg dazu."),
              ElementsAre("Die Staatsanwaltschaft verlangte Haft"));
}

TEST(ClaimsTest, EndBeforeWhatTheWriterAddsBehindADash) {
  const auto document = Analyze("Ulf Tann bat, ein Bild zu malen – sie mochte es.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content), ElementsAre("ein Bild zu malen"));
  EXPECT_THAT(Speakers("Richterin lehnte Haft ab – Mann könnte noch Monate frei bleiben."),
              IsEmpty());
}

TEST(ClaimsTest, AreNotWhatSomebodyMayDo) {
  EXPECT_THAT(Speakers("Ulf Tann kann auf ein Ende der Krise hoffen."), IsEmpty());
  EXPECT_THAT(Speakers("Ulf Tann kann das nicht bestätigen."), SizeIs(1));
}

TEST(ClaimsTest, AreNotOfAnotherVerbWithTheSameForm) {
  EXPECT_THAT(Speakers("Ulf Tann schaltet den Präsidenten ein."), IsEmpty());
  EXPECT_THAT(Speakers("Ein Gericht sprach Ulf Tann vom Vorwurf der Lüge frei."), IsEmpty());
  EXPECT_THAT(Speakers("Ulf Tann bestritt ein Seniorenturnier."), IsEmpty());
  EXPECT_THAT(Speakers("Ulf Tann behauptete den fünften Tabellenplatz."), IsEmpty());
}

TEST(ClaimsTest, AreWithNothingDeniedBesideThem) {
  const auto document = Analyze("Anna Berg erklärte nicht ohne Stolz, dass sie gewonnen habe.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].polarity, Polarity::kPositive);
  EXPECT_THAT(Speakers("Ich habe nicht die Absicht, ein Buch zu schreiben."), IsEmpty());
  EXPECT_THAT(Speakers("Den Fall kommentierte ein Sprecher des Amtes nicht."), IsEmpty());
}

TEST(ClaimSourcesTest, HaveAnOwner) {
  EXPECT_THAT(Speakers("Aus wissenschaftlicher Sicht ist das falsch."), IsEmpty());
  EXPECT_THAT(Speakers("Aus Sicht der Polizei ist das falsch."),
              ElementsAre(ElementsAre("Polizei")));
}

TEST(ClaimSourcesTest, AreNotThoseOfAnAttribute) {
  EXPECT_THAT(Speakers("Die laut Satzung vorgesehene Abstimmung endete gut."), IsEmpty());
}

TEST(ClaimSpeakersTest, HaveParticlesAndPurposesInTheirNames) {
  EXPECT_THAT(Speakers("Alexander Van der Bellen tritt an. Van der Bellen sagte, er sei bereit."),
              ElementsAre(ElementsAre("Alexander Van der Bellen")));
  EXPECT_THAT(
      Speakers("Die Syrische Beobachtungsstelle für Menschenrechte meldete 30 Tote. Laut der "
               "Syrischen Beobachtungsstelle für Menschenrechte starben auch Kinder."),
      ElementsAre(ElementsAre("Syrische Beobachtungsstelle für Menschenrechte")));
}

TEST(ClaimSpeakersTest, AreWhoseVersionStandsBehindAColon) {
  const auto document = Analyze(
      "Die Caritas lobte den Plan. Die rote Fassung: Man habe alles versucht. Das Geld sei knapp.");
  ASSERT_THAT(document.claims, SizeIs(3));
  EXPECT_THAT(Texts(document, document.claims[1].content), ElementsAre("Man habe alles versucht."));
  for (const size_t i : {1, 2}) {
    EXPECT_THAT(Texts(document, document.claims[i].speaker), ElementsAre("Die rote Fassung"));
  }
}

TEST(ClaimSpeakersTest, OfFurtherHearsayAreThoseBefore) {
  EXPECT_THAT(
      Speakers("Der Mann sei gefasst, erklärte Karl Wolf. Er habe gestanden, hieß es weiter."),
      ElementsAre(ElementsAre("Karl Wolf"), ElementsAre("Karl Wolf")));
}

TEST(ClaimSpeakersTest, AgreeWithTheirVerb) {
  EXPECT_THAT(Speakers("Ulf Tann drohen bis zu 30 Jahre Haft."), IsEmpty());
  EXPECT_THAT(Speakers("Ulf Tann droht mit Klage."), ElementsAre(ElementsAre("Ulf Tann")));
}

TEST(ClaimSpeakersTest, AreTwoWhereTwoNamesMeet) {
  const auto document = Analyze(
      "Erwin Pröll kam. Karl Wolf auch. Dann hat Landeshauptmann Erwin Pröll Wolf angeschrien. Das "
      "sei falsch, sagte Wolf.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Karl Wolf"));
}

TEST(ClaimSpeakersTest, AreNotWhoIsSpokenTo) {
  const auto document = Analyze("Die Bauern kamen. Wir wissen, dass Sie ihr vorwerfen, zu lügen.");
  for (const Claim& claim : document.claims) EXPECT_THAT(claim.speaker_actors, IsEmpty());
}

TEST(ClaimsTest, AreNotWhatIsAsked) {
  EXPECT_THAT(Speakers("Offen ist, ob die Behörde einräumt, dass es regnet."), IsEmpty());
}

TEST(ClaimSpeakersTest, AgreeWithTheGenderOfANoun) {
  EXPECT_THAT(
      Speakers("Uwe Tann und Beate Wolf stritten. Tann habe geschlagen, sagte die Angeklagte."),
      ElementsAre(ElementsAre("Beate Wolf")));
}

TEST(ClaimSpeakersTest, StandInTheirPartOfAHeadline) {
  const auto document = Analyze("Anteil von 38 Prozent – Innenministerium kündigt Kontrollen an");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Innenministerium"));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("Innenministerium kündigt Kontrollen an"));
}

TEST(ClaimSpeakersTest, AreWhereItIsSaidByName) {
  const auto document = Analyze("Es sei ernst, heißt es bei Echotopos.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Echotopos"));
}

TEST(ClaimSourcesTest, OfADocumentAreNotWhoSpokeBefore) {
  const auto document =
      Analyze("Die Lage sei ernst, erläuterte Karl Wolf. Laut der Studie trinken viele.");
  ASSERT_THAT(document.claims, SizeIs(2));
  EXPECT_THAT(document.claims[1].speaker_actors, IsEmpty());
}

TEST(ClaimSpeakersTest, AreNotSumsOfMoney) {
  const auto document =
      Analyze("Ulf Tann kam. Verlangt wird Schadenersatz in Höhe von fast 1.800 Euro.");
  for (const Claim& claim : document.claims) EXPECT_THAT(claim.speaker, IsEmpty());
}

TEST(ClaimSpeakersTest, AreJoinedToARoleBetweenCommas) {
  EXPECT_THAT(
      Speakers("Das sei falsch, sagte Karl Wolf, Präsident der Gemeinde, am Montag. Er forderte "
               "mehr Geld."),
      ElementsAre(ElementsAre("Karl Wolf"), ElementsAre("Karl Wolf")));
}

TEST(ClaimSpeakersTest, OfPlansAreNotThoseOfTheSentenceBefore) {
  const auto document = Analyze("Anna Berg kritisierte den Bau. Das Haus soll 2030 fertig sein.");
  for (const Claim& claim : document.claims) {
    if (claim.kind == ClaimKind::kFreeIndirect) {
      EXPECT_THAT(claim.speaker, IsEmpty());
    }
  }
}

TEST(ClaimsTest, AreNotSpeechActsThatDidNotTakePlace) {
  EXPECT_THAT(Speakers("Ulf Tann erhob keine Vorwürfe."), IsEmpty());
  EXPECT_THAT(Speakers("Ulf Tann warnte nicht vor dem Sturm."), IsEmpty());
  EXPECT_THAT(Speakers("Ulf Tann erhob Vorwürfe."), SizeIs(1));
}

TEST(ClaimsTest, AreNotDecisionsThatSomebodyHasAViewOn) {
  EXPECT_THAT(Speakers("Kein Verständnis hat Ulf Tann für die Entscheidung, das Bad zu schließen."),
              IsEmpty());
}

TEST(ClaimsTest, AreNotWhatAQuestionOfOthersHolds) {
  EXPECT_THAT(
      Speakers("Anna Berg sagte, es sei gut. Auf Fragen, ob der Plan bekannt sei, reagierte "
               "sie nicht."),
      SizeIs(1));
}

TEST(ClaimsTest, AreNotExhortations) {
  EXPECT_THAT(Speakers("Anna Berg lobte den Plan. Sei leise, Europa!"), SizeIs(1));
}

TEST(ClaimsTest, AreNotWhatAVerbInARelativeClauseDemands) {
  for (const auto& claim :
       Analyze("Über Mängel, die sie zwingen, auf das Rad umzusteigen, beklagen "
               "sich einige Fahrer.")
           .claims) {
    EXPECT_FALSE(claim.rule.starts_with("verb.infinitive")) << claim.rule;
  }
}

TEST(ClaimsTest, AreNotWhatSomebodyMustYetExplain) {
  EXPECT_THAT(Speakers("Anna Berg muss erklären, warum sie schwieg."), IsEmpty());
  EXPECT_THAT(Speakers("Anna Berg musste erklären, warum sie schwieg."), SizeIs(1));
}

TEST(ClaimsTest, AreDoubtfulWhereTheWriterMayMuse) {
  const auto confidence = [](const std::string& sentence) {
    const auto claims = Analyze("Anna Berg sagte, es sei gut. " + sentence).claims;
    return claims.size() < 2 ? 0.0 : claims.back().confidence;
  };
  EXPECT_LT(confidence("Die Läufer könnten am Abend starten."), 0.5);
  EXPECT_LT(confidence("Die Karten wären teuer."), 0.5);
  EXPECT_GT(confidence("Die Läufer seien bereit."), 0.7);
}

TEST(ClaimSpeakersTest, AreDescribedByTheirParty) {
  EXPECT_THAT(SpeakerNames("Es regne, schrieb die Grüne australische Senatorin Anna Berg."),
              ElementsAre("Anna Berg"));
}

TEST(ClaimSpeakersTest, AreLessSureWhereTheWriterInfersIt) {
  const auto sure = Analyze("Anna Berg rechnet damit, dass es regnet.");
  const auto inferred = Analyze("Offenbar rechnet Anna Berg damit, dass es regnet.");
  ASSERT_THAT(sure.claims, SizeIs(1));
  ASSERT_THAT(inferred.claims, SizeIs(1));
  EXPECT_LT(inferred.claims[0].confidence, sure.claims[0].confidence);
}

TEST(ClaimSpeakersTest, AreTheSubjectAPronounGoesOnWith) {
  EXPECT_THAT(SpeakerNames("Peter Berg kritisierte Karl Tann. Er forderte mehr Geld."),
              ElementsAre("Peter Berg", "Peter Berg"));
}

TEST(ClaimSpeakersTest, AreBodiesOfTheirOwnPlace) {
  EXPECT_THAT(SpeakerNames(
                  "Die italienische Polizei sucht die Täter. Die Duisburger Polizei bestätigte den "
                  "Vorfall."),
              ElementsAre("Duisburger Polizei"));
}

TEST(ClaimSpeakersTest, HaveTwoOfficesAndOneName) {
  EXPECT_THAT(
      SpeakerNames("Der frühere Bürgermeister und Senator, Ulf Tann (SPD), kritisierte den Plan."),
      ElementsAre("Ulf Tann"));
}

TEST(ClaimSpeakersTest, AreNotWhoStandsInAnAttribute) {
  EXPECT_THAT(
      SpeakerNames("Der Partei unter der Führung von Ulf Tann wird vorgeworfen, Geld zu nehmen."),
      IsEmpty());
  EXPECT_THAT(Contents("Die Zinspolitik der Notenbank wirkt. Es gebe Risiken."), IsEmpty());
}

TEST(ClaimSpeakersTest, AreNotEachOfMany) {
  EXPECT_THAT(
      SpeakerNames("Minister Ulf Tann lobte den Plan. Jeder Lehrer wisse das. Er bat um Geduld."),
      ElementsAre("Ulf Tann", "Ulf Tann", "Ulf Tann"));
}

TEST(ClaimSpeakersTest, AreNamedBehindALongOffice) {
  EXPECT_THAT(
      SpeakerNames(
          "Der Vertreter der Bauern im Rat der Agentur für Wasser (AW), Ulf Tann, sagte, es "
          "regne."),
      ElementsAre("Ulf Tann"));
  EXPECT_THAT(
      SpeakerNames("Die Haushaltspolitikerin von Bündnis 90/Die Grünen, Anna Berg, kritisierte den "
                   "Plan."),
      ElementsAre("Anna Berg"));
}

TEST(ClaimSpeakersTest, LendTheirVoiceToTheirNouns) {
  EXPECT_THAT(SpeakerNames("Die Online-Ausgabe des „Spiegel“ berichtete, dass es regnet."),
              ElementsAre("Spiegel"));
  EXPECT_THAT(SpeakerNames("Der Fünfte aus Australien sagte, es regne."), IsEmpty());
}

TEST(ClaimSpeakersTest, AreOneWhereTheVerbBeforeThePronounIs) {
  EXPECT_THAT(
      SpeakerNames("Anna Berg schwieg. Die Männer gingen. Zuerst hatte sie bestritten, dass es "
                   "regnet."),
      ElementsAre("Anna Berg"));
}

TEST(ClaimSpeakersTest, AreNobodyWhoMayBeAnybody) {
  EXPECT_THAT(Contents("Wer behauptet, der Deich sei alt, irrt."), IsEmpty());
  EXPECT_THAT(Contents("Erwähnt sei, dass der Deich alt ist."), IsEmpty());
  EXPECT_THAT(Contents("Die Gäste – so der Spitzname der Leute – waren alt."), IsEmpty());
}

TEST(ClaimSpeakersTest, StandBehindWhatTheySpeakOf) {
  EXPECT_THAT(
      SpeakerNames("Die Kirche lobte Pfarrer Ulf Tann. Die Kammer lobte der Minister Ulf Tann."),
      ElementsAre("Kirche", "Ulf Tann"));
  EXPECT_THAT(SpeakerNames("Anna Bergs Vorwurf weist die Kammer zurück."), ElementsAre("Kammer"));
  EXPECT_THAT(SpeakerNames("Hart nannte Anna Berg, die frühere Chefin der Bahn, die Abmachung."),
              ElementsAre("Anna Berg"));
}

TEST(ClaimSpeakersTest, OfARelativeClauseStandInTheNominative) {
  EXPECT_THAT(SpeakerNames("Anna Berg sprach über die Kammer, der sie Betrug vorwirft."),
              ElementsAre("Anna Berg"));
}

TEST(ClaimSpeakersTest, AreStressedByTwoWords) {
  EXPECT_THAT(
      SpeakerNames("Darüber hatte sich vor allem Anna Berg beschwert, dass es teuer sei. Vor "
                   "allem Ulf Tann sagte, dass es regnet."),
      ElementsAre("Anna Berg", "Ulf Tann"));
}

TEST(ClaimSpeakersTest, AreNotWhoIsToldToBehindAnotherGenitive) {
  const auto document =
      Analyze("Es regne, sagte ein Sprecher der Regierung der gazalischen Agentur Nord.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker),
              ElementsAre("ein Sprecher der Regierung"));
}

TEST(ClaimSpeakersTest, AreMenByTheirEnding) {
  EXPECT_THAT(SpeakerNames("Die Freundin des 38-Jährigen klagte. Es regne, sagte der 38-Jährige."),
              ElementsAre("38-Jährige"));
}

TEST(ClaimSpeakersTest, GoOnAsWhoSpokeAndNotAsWhoWasSpokenOf) {
  EXPECT_THAT(
      SpeakerNames("Ulf Tann werde kommen, betonte der Anwalt Jan Berg. Er bestätigte, dass Tann "
                   "krank ist."),
      ElementsAre("Jan Berg", "Jan Berg"));
}

TEST(ClaimSpeakersTest, AreNotMeantWhereAThingIs) {
  const auto document = Analyze("Anna Berg baute einen Deich. Dieser zeigt, dass es regnet.");
  for (const Claim& claim : document.claims) EXPECT_THAT(claim.speaker_actors, IsEmpty());
}

TEST(ClaimSpeakersTest, TakeUpWhatTheyHaveSaid) {
  EXPECT_THAT(Contents("Die Zahl der Brände ist gestiegen, das teilte die Feuerwehr mit."),
              ElementsAre("Die Zahl der Brände ist gestiegen"));
  EXPECT_THAT(
      SpeakerNames("Die Zahl der Brände ist gestiegen, so berichtet die Feuerwehr am Montag."),
      ElementsAre("Feuerwehr"));
}

TEST(ClaimSpeakersTest, BehindAColonAreWhoItIsLedOverFrom) {
  const auto document = Analyze(
      "Ulf Tann sagte, es regne. Kritikern geht das zu weit: Die Regel verleihe zu viel Macht.");
  ASSERT_THAT(document.claims, SizeIs(2));
  EXPECT_THAT(Texts(document, document.claims[1].speaker), ElementsAre("Kritikern"));
  EXPECT_THAT(document.claims[1].speaker_actors, IsEmpty());
}

TEST(ClaimSpeakersTest, OfABodyAreNotTheBody) {
  EXPECT_THAT(SpeakerNames("Xandu wächst. Jan Berg schwieg. Es regne, sagte der Xandu-Manager."),
              ElementsAre("Jan Berg"));
}

TEST(ClaimSpeakersTest, AreSpelledWithAndWithoutForeignMarks) {
  EXPECT_THAT(SpeakerNames("Ahmet Davutoğlu kam. Es regne, sagte Davutoglu."),
              ElementsAre("Ahmet Davutoğlu"));
}

TEST(ClaimSpeakersTest, AreNotInTheWordsBeforeThem) {
  EXPECT_THAT(SpeakerNames("Jan Berg schwieg. Der Kunde zahlt, sagte der Xandu-Manager."),
              ElementsAre("Jan Berg"));
}

TEST(ClaimSpeakersTest, AreNoCompanyWhereAUnionIsMeant) {
  EXPECT_THAT(SpeakerNames("Der Chemiebetrieb Xandu wächst. Gewerkschaft fordert Aufklärung."),
              ElementsAre("Gewerkschaft"));
}

TEST(ClaimSpeakersTest, ArePointedToByWhatOpensTheSentence) {
  EXPECT_THAT(
      SpeakerNames("Anna Berg kam. Sie winkte dem Minister Ulf Tann zu. Dieser sprach lange und "
                   "betonte, dass es regne."),
      ElementsAre("Ulf Tann"));
}

TEST(ClaimSpeakersTest, AreWhoIsNamedLastBeforeAColon) {
  EXPECT_THAT(
      SpeakerNames("Neben dem Brief von Jan Berg kam ein Nein vom Chef der Kammer, Ulf Tann: Wir "
                   "gehen nicht, sagte er am Freitag."),
      Contains("Ulf Tann"));
}

TEST(ClaimSpeakersTest, AreNotCalledByALongerNameThatComesLater) {
  EXPECT_THAT(
      SpeakerNames("Die XAN wächst. Das Magazin der XAN, XAN Business, kommt. Es regne, sagte die "
                   "XAN."),
      ElementsAre("XAN"));
}

TEST(ClaimSpeakersTest, OfALetterAreWhoSpokeOrActedBefore) {
  EXPECT_THAT(SpeakerNames("Das Ministerium hat ein Rundschreiben verschickt. Werbung sei "
                           "verboten, heißt es in dem Schreiben."),
              ElementsAre("Ministerium"));
  EXPECT_THAT(SpeakerNames("Das Landgericht wies die Klage ab. Der Vertrag sei ungültig, heißt es "
                           "in der Begründung."),
              ElementsAre("Landgericht"));
  // Two bodies act, so that it may be either's.
  EXPECT_THAT(SpeakerNames("Das Landgericht schwieg. Die Bank zahlte, und der Verband ging. Der "
                           "Vertrag sei ungültig, heißt es in der Begründung."),
              IsEmpty());
}

TEST(ClaimSpeakersTest, StandInTheGenitiveBeforeWhatIsTheirs) {
  EXPECT_THAT(SpeakerNames("Ulf Scherak geht. Aus Scheraks Sicht ist der Deich alt."),
              ElementsAre("Ulf Scherak"));
}

TEST(ClaimSpeakersTest, AreMediaNamedInMarksBehindTheirNoun) {
  EXPECT_THAT(SpeakerNames("Laut einem Test des Magazins „rad, boot und ski“ sind Räder billig."),
              ElementsAre("rad, boot und ski"));
}

TEST(ClaimSpeakersTest, MeanWhatNoPossessiveIs) {
  for (const char* text :
       {"Der Plan sei gut, meinen Experten.", "Experten meinen, der Plan sei gut.",
        "„Der Plan ist gut“, meinen Experten."}) {
    EXPECT_THAT(SpeakerNames(text), ElementsAre("Experten")) << text;
  }
  EXPECT_THAT(Contents("Alle sagen, meinen Freunden gehe es gut."),
              ElementsAre("meinen Freunden gehe es gut"));
}

TEST(ClaimSpeakersTest, AreBodiesOfNeuterNounsBehindEs) {
  EXPECT_THAT(SpeakerNames("Das Ministerium schwieg. Es warf dem Verband vor, den Deich zu "
                           "schwächen."),
              ElementsAre("Ministerium"));
  EXPECT_THAT(SpeakerNames("Das Ministerium schwieg. Es heißt, der Deich sei alt."), IsEmpty());
}

TEST(ClaimSpeakersTest, OfDessenAreWhoIsNamedBefore) {
  EXPECT_THAT(SpeakerNames("Ulf Tann schwieg nicht. Der Deich war nach dessen Angaben alt."),
              ElementsAre("Ulf Tann"));
}

TEST(ClaimSpeakersTest, SpeakForWhatTheirNounNames) {
  EXPECT_THAT(SpeakerNames("Ein Sprecher des Finanzministeriums schwieg. Der Deich sei alt, so der "
                           "Ministeriumssprecher."),
              ElementsAre("Sprecher des Finanzministeriums"));
}

TEST(ClaimSpeakersTest, AreNotTheMagazineInBracketsBehindThem) {
  EXPECT_THAT(SpeakerNames("Die Beilage der BIG (BIG Business) kommt. Der Deich sei alt, sagte die "
                           "BIG."),
              ElementsAre("BIG"));
}

TEST(ClaimSpeakersTest, AreKnownByASurnameWrittenOnToTheFirstName) {
  EXPECT_THAT(SpeakerNames("Landeshauptmann HansWittkopf ging. Der Deich sei alt, sagte Wittkopf."),
              ElementsAre("HansWittkopf"));
}

TEST(ClaimSpeakersTest, AreNoPlaceBeforeAFeminineRelative) {
  const auto document = Analyze("Die Armee Thailands, die den Deich alt nennt, schwieg.");
  for (const Claim& claim : document.claims) {
    EXPECT_THAT(SpeakerNames(document, claim), Not(ElementsAre("Thailand")));
  }
}

TEST(ClaimSpeakersTest, BehindDasAreNoAdjectivesNoun) {
  EXPECT_THAT(SpeakerNames("Der Deich ist alt. Das erklärte General Ulf Tann."),
              ElementsAre("Ulf Tann"));
  EXPECT_THAT(Contents("Das erklärte Ziel ist der Deich."), IsEmpty());
}

TEST(ClaimSpeakersTest, ArePapersNamedLikeAWordWhereTheyReport) {
  EXPECT_THAT(SpeakerNames("Die Krone berichtete, dass der Deich alt ist."), ElementsAre("Krone"));
}

TEST(ClaimSpeakersTest, WithABodyBehindTheNameAreOne) {
  EXPECT_THAT(SpeakerNames("Rico Kassidi ist da. Rico Kassidi von Alera Lodic rät, dass man "
                           "wartet."),
              ElementsAre("Rico Kassidi"));
}

TEST(ClaimSpeakersTest, AreNamedBehindTheirOffice) {
  EXPECT_THAT(SpeakerNames("Der Deich sei alt, sagte der Chef des Militärgeheimdienstes, Kirilo "
                           "Budanov."),
              ElementsAre("Kirilo Budanov"));
}

}  // namespace
}  // namespace lagebild::extract
