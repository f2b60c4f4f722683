// Which words frame a claim, whom it is given to and who hands it on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/unit/extract_service/support/analyzed_text.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(ClaimFramesTest, AreNotToldThemselvesInTheKonjunktiv) {
  const auto document = Analyze("Die Zeugin sagte, der Mann sei streng, habe ihr alles verboten.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].speaker), ElementsAre("Die Zeugin"));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("der Mann sei streng, habe ihr alles verboten"));
  const auto framed = Analyze("Der Mann sei streng, habe aber Geld, sagte die Zeugin.");
  ASSERT_THAT(framed.claims, SizeIs(1));
  EXPECT_THAT(Texts(framed, framed.claims[0].speaker), ElementsAre("die Zeugin"));
}

TEST(ClaimFramesTest, HaveSaidWithAnObjectWhatIsMeant) {
  const auto document = Analyze("Die Spieler gehen von einem Sieg aus, sie trauen sich viel zu.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kReported);
  const auto content = Analyze("Die Spieler gehen davon aus, sie gewinnen das Spiel.");
  ASSERT_THAT(content.claims, SizeIs(1));
  EXPECT_EQ(content.claims[0].kind, ClaimKind::kIndirect);
  EXPECT_THAT(Texts(content, content.claims[0].content), ElementsAre("sie gewinnen das Spiel"));
}

TEST(ClaimFramesTest, EndWhereASemicolonStands) {
  const auto document = Analyze("Anna Berg sagte das; der Deich sei alt.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kIndirectFreeIndirect);
}

TEST(ClaimFramesTest, GoOnBehindARelativeClause) {
  const auto judgement = Analyze("Anna Berg hält den Plan, der viel Geld kostet, für falsch.");
  ASSERT_THAT(judgement.claims, SizeIs(1));
  EXPECT_EQ(judgement.claims[0].act, ClaimAct::kAssess);
  const auto demand =
      Analyze("Den Fonds, dessen Gremien heute tagen, forderte Anna Berg auf, mehr zu zahlen.");
  ASSERT_THAT(demand.claims, SizeIs(1));
  EXPECT_THAT(Texts(demand, demand.claims[0].content), ElementsAre("mehr zu zahlen"));
  EXPECT_THAT(Texts(demand, demand.claims[0].addressee), ElementsAre("Den Fonds"));
}

TEST(ClaimFramesTest, OfAQuoteAreNoVerbsJoinedBehindIt) {
  const auto document =
      Analyze("Anna Berg nannte den Plan „eine gute Sache“ und äußerte sich überrascht.");
  ASSERT_THAT(document.claims, SizeIs(2));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kDirect);
  EXPECT_THAT(Texts(document, document.claims[0].cue), ElementsAre("nannte"));
  EXPECT_EQ(document.claims[1].kind, ClaimKind::kReported);
  EXPECT_THAT(SpeakerNames(document, document.claims[1]), ElementsAre("Anna Berg"));
  const auto behind = Analyze("„Das ist eine gute Sache“, äußerte sich Anna Berg überrascht.");
  ASSERT_THAT(behind.claims, SizeIs(1));
  EXPECT_EQ(behind.claims[0].kind, ClaimKind::kDirect);
}

TEST(ClaimFramesTest, OfAQuoteMayStandBehindItsStop) {
  const auto document = Analyze("„Der Deich ist alt und morsch“. Das sagte Anna Berg.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kDirect);
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Anna Berg"));
}

TEST(ClaimFramesTest, MayNameSomebodyByASurnameThatIsAWord) {
  const auto named = Analyze("Minister Ulf Kurz kam an. Kurz sagte, der Deich halte.");
  ASSERT_THAT(named.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(named, named.claims[0]), ElementsAre("Ulf Kurz"));
  const auto adverb = Analyze("Die Gäste kamen. Kurz sagte Ulf Tann, der Deich halte.");
  ASSERT_THAT(adverb.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(adverb, adverb.claims[0]), ElementsAre("Ulf Tann"));
}

TEST(AgentlessPassiveTest, IsSaidByWhoWasQuotedBefore) {
  for (const char* text :
       {"Der Verband kritisierte die Pläne. Der Behörde wird Untätigkeit vorgeworfen.",
        "Der Verband sagte, der Deich sei morsch. Gefordert wurde auch ein neuer Zaun."}) {
    const auto document = Analyze(text);
    ASSERT_THAT(document.claims, SizeIs(2)) << text;
    EXPECT_THAT(SpeakerNames(document, document.claims[1]), ElementsAre("Verband")) << text;
  }
}

TEST(AgentlessPassiveTest, IsNotSaidByWhoIsAccusedNorByAPaperNorParagraphsBefore) {
  for (const char* text :
       {"Der Verband kritisierte die Pläne. Dem Verband wird Untätigkeit vorgeworfen.",
        "Ulf Tann kritisierte die Pläne. Ihm wird Untätigkeit vorgeworfen.",
        "Die Zeitung Küstenpost berichtete, dass der Deich brach. Der Behörde wird Untätigkeit "
        "vorgeworfen.",
        "Der Verband sagte, der Deich sei morsch.\n\nDer Behörde wird Untätigkeit vorgeworfen."}) {
    const auto document = Analyze(text);
    ASSERT_THAT(document.claims, SizeIs(2)) << text;
    EXPECT_THAT(SpeakerNames(document, document.claims[1]), IsEmpty()) << text;
  }
}

TEST(ClaimsBehindAColonTest, AreHearsay) {
  const auto document =
      Analyze("Ein neuer Fall wurde bekannt: Ein Mann soll seine Frau geschlagen haben.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kFreeIndirect);
  EXPECT_EQ(document.claims[0].certainty, Certainty::kHearsay);
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("Ein Mann soll seine Frau geschlagen haben."));
  EXPECT_THAT(Analyze("Der Fall ist klar: Ein Mann hat seine Frau geschlagen.").claims, IsEmpty());
}

TEST(ClaimsBehindAColonTest, AreSaidByWhoStandsBeforeIt) {
  const auto document =
      Analyze("Ulf Tann kritisierte den Haushalt. Anna Berg blieb gelassen: Es sei genug Geld da.");
  ASSERT_THAT(document.claims, SizeIs(2));
  EXPECT_EQ(document.claims[1].kind, ClaimKind::kIndirectFreeIndirect);
  EXPECT_THAT(Texts(document, document.claims[1].content), ElementsAre("Es sei genug Geld da."));
  EXPECT_THAT(SpeakerNames(document, document.claims[1]), ElementsAre("Anna Berg"));
  EXPECT_THAT(Analyze("Ulf Tann kritisierte den Haushalt. Anna Berg blieb gelassen: Es war genug "
                      "Geld da.")
                  .claims,
              SizeIs(1));
}

TEST(HearsayTest, IsNotOnTheWordOfWhomItIsAbout) {
  const auto himself = Analyze("Ulf Tann sagte, der Deich halte. Er soll befördert worden sein.");
  ASSERT_THAT(himself.claims, SizeIs(2));
  EXPECT_EQ(himself.claims[1].kind, ClaimKind::kFreeIndirect);
  EXPECT_THAT(NamesInChain(himself, himself.claims[1], Relation::kCites), IsEmpty());
  const auto another =
      Analyze("Die Polizei sagte, der Deich halte. Der Damm soll gesprengt worden sein.");
  ASSERT_THAT(another.claims, SizeIs(2));
  EXPECT_THAT(NamesInChain(another, another.claims[1], Relation::kCites), ElementsAre("Polizei"));
  // People have told their own side.
  const auto person =
      Analyze("Ulf Tann sagte, der Deich halte. Der Damm soll gesprengt worden sein.");
  ASSERT_THAT(person.claims, SizeIs(2));
  EXPECT_THAT(NamesInChain(person, person.claims[1], Relation::kCites), IsEmpty());
}

TEST(HearsayTest, IsNoPassiveOfAReport) {
  const auto document = Analyze("Die Anwohner sollen zur Flucht aufgefordert worden sein.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_EQ(document.claims[0].kind, ClaimKind::kFreeIndirect);
  const auto reported = Analyze("Die Anwohner wurden zur Flucht aufgefordert.");
  ASSERT_THAT(reported.claims, SizeIs(1));
  EXPECT_EQ(reported.claims[0].kind, ClaimKind::kReported);
}

TEST(ClaimChainTest, HoldsTheAgencyThatSomebodySpeaksTo) {
  const auto document = Analyze("Ulf Tann kam an. Der Vertrag sei fertig, sagte er Interfax.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].addressee), ElementsAre("Interfax"));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Ulf Tann"));
  EXPECT_THAT(NamesInChain(document, document.claims[0], Relation::kReports),
              ElementsAre("Interfax"));
  const auto somebody = Analyze("Der Vertrag sei fertig, sagte er Anna Berg.");
  ASSERT_THAT(somebody.claims, SizeIs(1));
  EXPECT_THAT(NamesInChain(somebody, somebody.claims[0], Relation::kReports), IsEmpty());
}

TEST(ClaimChainTest, HoldsAnOutletInBrackets) {
  const auto document = Analyze("Der Deich ist nach Angaben der Polizei sicher (Interfax).");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(NamesInChain(document, document.claims[0], Relation::kReports),
              ElementsAre("Interfax"));
  for (const char* text : {"Der Deich ist nach Angaben der Polizei sicher (Ulf Tann).",
                           "Die Polizei teilte mit, der Deich sei sicher (CDU)."}) {
    const auto other = Analyze(text);
    ASSERT_THAT(other.claims, SizeIs(1)) << text;
    EXPECT_THAT(NamesInChain(other, other.claims[0], Relation::kReports), IsEmpty()) << text;
  }
}

TEST(ClaimChainTest, HoldsThePaperBehindItsWebsite) {
  for (const char* place : {"auf der Website", "in der Sonntagsausgabe", "in einem Beitrag"}) {
    const auto document = Analyze("Der Deich sei sicher, sagte Anna Berg " + std::string(place) +
                                  " der Zeitung Küstenpost.");
    ASSERT_THAT(document.claims, SizeIs(1)) << place;
    EXPECT_THAT(NamesInChain(document, document.claims[0], Relation::kReports),
                ElementsAre("Küstenpost"))
        << place;
  }
  const auto roof =
      Analyze("Der Deich sei sicher, sagte Anna Berg auf dem Dach der Zeitung Küstenpost.");
  ASSERT_THAT(roof.claims, SizeIs(1));
  EXPECT_THAT(NamesInChain(roof, roof.claims[0], Relation::kReports), IsEmpty());
}

TEST(ClaimChainTest, HoldsASourceBehindAQuotative) {
  const auto document = Analyze("Der Deich hält, so Anna Berg nach Angaben der Polizei.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Anna Berg"));
  EXPECT_THAT(NamesInChain(document, document.claims[0], Relation::kSays),
              ElementsAre("Polizei", "Anna Berg"));
  const auto own = Analyze("Der Deich ist nach Angaben der Polizei dicht.");
  ASSERT_THAT(own.claims, SizeIs(1));
  EXPECT_THAT(NamesInChain(own, own.claims[0], Relation::kSays), ElementsAre("Polizei"));
}

TEST(SpeakersTest, AreBothThatANounOrPronounMeans) {
  for (const char* who : {"Die beiden Minister", "Sie"}) {
    const auto document = Analyze("Ulf Tann und Anna Berg kamen an. " + std::string(who) +
                                  " sagten, der Deich halte.");
    ASSERT_THAT(document.claims, SizeIs(1)) << who;
    EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Ulf Tann", "Anna Berg"))
        << who;
  }
  const auto others = Analyze(
      "Ulf Tann und Anna Berg kamen an. Die Anwohner schwiegen. Sie sagten, der Deich halte.");
  ASSERT_THAT(others.claims, SizeIs(1));
  EXPECT_THAT(SpeakerNames(others, others.claims[0]), ElementsAre("Anwohner"));
}

TEST(SpeakersTest, AreCirclesWhereSomethingIsHeard) {
  for (const auto& [text, name] :
       {std::pair{"In Sicherheitskreisen heißt es, der Deich halte.", "Sicherheitskreise"},
        std::pair{"Aus Regierungskreisen verlautete, der Deich halte.", "Regierungskreise"}}) {
    const auto document = Analyze(text);
    ASSERT_THAT(document.claims, SizeIs(1)) << text;
    EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre(name)) << text;
  }
}

TEST(SpeakersTest, AreFoundWhereNoListHasTheirWords) {
  const std::pair<const char*, const char*> kTexts[] = {
      {"Hans-Peter zu Wiedeck kam an. „Der Deich hält“, sagte Wiedeck.", "Hans-Peter zu Wiedeck"},
      {"„Der Deich hält“, so Abc-Finanzmagier Ulf Tann am Montag.", "Ulf Tann"},
      {"„Der Deich hält“, schrieb die in Berlin geborene Martinez am Montag.", "Martinez"},
      {"Ulf Tann, der Dekan der Fakultät und Vorsitzende des Ausschusses, sagte, der Deich halte.",
       "Ulf Tann"},
      {"Das Deichamt-nahe Institut sagte, der Deich halte.", "Deichamt-nahe Institut"},
      {"Die Militärführung sagte, der Deich halte.", "Militärführung"},
      {"Menschenrechtsgruppen sagten, der Deich halte.", "Menschenrechtsgruppen"},
      {"Die EU-Staaten sagten, der Deich halte.", "EU-Staaten"},
      {"Ein Zeuge sagte, der Deich halte.", "Zeuge"},
      {"Am Abend spricht die Polizei von weniger Streit.", "Polizei"},
      {"Franz Josef Tannberg kam an. „Der Deich hält“, sagte Franz-Josef Tannberg.",
       "Franz Josef Tannberg"},
      {"Ulf Tann, der Kandidat der Partei um das Amt des Präsidenten bei den Wahlen, sagte, der "
       "Deich halte.",
       "Ulf Tann"},
      {"Arasch Tannberg starb. Nach Angaben der Anwältin Tannbergs hält der Deich.",
       "Anwältin Tannbergs"},
      {"Darüber hinaus wirft der „Arbeitskreis Deich“ der Polizei vor, nichts zu tun.",
       "Arbeitskreis Deich"},
      {"Nach Angaben des Nachrichtenmagazins hält der Deich.", "Nachrichtenmagazin"},
      {"Die Polizei sucht Zeugen. Sie geht von einem Unfall aus.", "Polizei"},
      {"Die Stadt Köln teilte mit, dass der Deich halte.", "Stadt Köln"},
      {"Wie die Stadt mitteilte, hält der Deich.", "Stadt"},
      {"Nach Angaben der Stadt hält der Deich.", "Stadt"},
      {"Die Stadt weist darauf hin, dass der Deich hält.", "Stadt"},
      {"Das Land Hessen hat erklärt, dass der Deich hält.", "Land Hessen"},
  };
  for (const auto& [text, name] : kTexts) {
    const auto document = Analyze(text);
    ASSERT_THAT(document.claims, Not(IsEmpty())) << text;
    EXPECT_THAT(SpeakerNames(document, document.claims.back()), ElementsAre(name)) << text;
  }
}

TEST(SpeakersTest, AreNoPlacesOfWhichSomethingIsTold) {
  EXPECT_THAT(Analyze("Die Stadt liegt am Meer. In der Stadt sagte niemand ein Wort.").actors,
              IsEmpty());
}

TEST(AdjunctTest, NamesWhoJudgesWhereWordsAreQuoted) {
  const auto document = Analyze("Für Anna Berg ist der Deich „ein Witz“.");
  ASSERT_THAT(document.claims, Not(IsEmpty()));
  EXPECT_EQ(document.claims[0].act, ClaimAct::kAssess);
  EXPECT_THAT(SpeakerNames(document, document.claims[0]), ElementsAre("Anna Berg"));
  EXPECT_THAT(Analyze("Für Anna Berg ist der Deich ein Heimspiel.").claims, IsEmpty());
}

TEST(ReportedTest, TakesAnObjectOfAnyDegree) {
  for (const char* text : {"Fachleute rechnen mit Regen.", "Fachleute rechnen mit starkem Regen.",
                           "Fachleute rechnen mit sehr starkem Regen.",
                           "Fachleute warnen vor besonders starkem Regen."}) {
    const auto document = Analyze(text);
    ASSERT_THAT(document.claims, SizeIs(1)) << text;
    EXPECT_EQ(document.claims[0].kind, ClaimKind::kReported) << text;
  }
}

TEST(ContentNounTest, DeniesWithItsVerb) {
  const auto own = Analyze("Den Vorwurf, er habe gelogen, wies Ulf Tann zurück.");
  ASSERT_THAT(own.claims, SizeIs(1));
  EXPECT_EQ(own.claims[0].act, ClaimAct::kDeny);
  EXPECT_THAT(SpeakerNames(own, own.claims[0]), ElementsAre("Ulf Tann"));
  const auto others = Analyze("Den Vorwurf der CDU, er habe gelogen, wies Ulf Tann zurück.");
  ASSERT_THAT(others.claims, SizeIs(1));
  EXPECT_EQ(others.claims[0].act, ClaimAct::kAccuse);
  EXPECT_THAT(SpeakerNames(others, others.claims[0]), ElementsAre("CDU"));
}

TEST(VerbFinalTest, GoesOnBehindTheFrameThatCutItOff) {
  for (const char* text : {"Wenn es regnet, sagte Anna Berg, bricht der Deich.",
                           "Wenn es regne, sagte Anna Berg, breche der Deich."}) {
    const auto document = Analyze(text);
    ASSERT_THAT(document.claims, SizeIs(1)) << text;
    EXPECT_THAT(document.claims[0].content, SizeIs(2)) << text;
  }
  EXPECT_THAT(Analyze("Als der Regen kam, sagte Anna Berg ab, blieb aber höflich.").claims,
              IsEmpty());
}

TEST(VerbSecondTest, GoesOnBehindARelativeClause) {
  const auto document = Analyze("Ulf Tann sagte, die Brücke, die bald gebaut wird, koste viel.");
  ASSERT_THAT(document.claims, SizeIs(1));
  EXPECT_THAT(Texts(document, document.claims[0].content),
              ElementsAre("die Brücke, die bald gebaut wird, koste viel"));
}

}  // namespace
}  // namespace lagebild::extract
