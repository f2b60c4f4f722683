#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "extract_service/actors/actor_index.h"
#include "extract_service/actors/actors_stage.h"
#include "extract_service/actors/known_actors.h"
#include "extract_service/phrases/phrases_stage.h"
#include "tests/unit/extract_service/support/tagged_text.h"

namespace lagebild::extract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

void Annotate(AnnotatedDocument& document) {
  static const PhrasesStage* const phrases = new PhrasesStage(BuiltLexicon());
  static const ActorsStage* const actors = new ActorsStage(BuiltLexicon());
  phrases->Annotate(document);
  actors->Annotate(document);
}

AnnotatedDocument Annotated(const std::string& tagged) {
  AnnotatedDocument document = TaggedText(tagged);
  Annotate(document);
  return document;
}

std::vector<std::string> Names(const AnnotatedDocument& document) {
  std::vector<std::string> names;
  for (const Actor& actor : document.actors) names.push_back(actor.name);
  return names;
}

std::vector<std::string> MentionTexts(const AnnotatedDocument& document, size_t actor) {
  std::vector<std::string> texts;
  for (const Mention& mention : document.actors[actor].mentions) {
    texts.emplace_back(document.TextOf(mention.span));
  }
  return texts;
}

TEST(ActorsTest, FullNameAndSurnameAreOne) {
  const auto document = Annotated(
      "[PER Berg/E ] schweigt/V ./. | Ministerin/N [PER Anna/E Berg/E ] geht/V ./. | "
      "[PER Bergs/E ] Rede/N war/X kurz/A ./.");
  EXPECT_THAT(Names(document), ElementsAre("Anna Berg"));
  EXPECT_EQ(document.actors[0].type, ActorType::kPerson);
  EXPECT_THAT(document.actors[0].roles, ElementsAre("Ministerin"));
  EXPECT_THAT(document.actors[0].mentions, SizeIs(3));
  EXPECT_EQ(document.entities[0].actor, 0);
}

TEST(ActorsTest, TwoPeopleOfOneSurnameStayTwo) {
  const auto document = Annotated(
      "[PER Anna/E Berg/E ] schweigt/V ./. | [PER Ulf/E Berg/E ] redet/V ./. | "
      "[PER Berg/E ] geht/V ./.");
  EXPECT_THAT(Names(document), ElementsAre("Anna Berg", "Ulf Berg"));
  EXPECT_THAT(document.actors[1].mentions, SizeIs(2));
}

TEST(ActorsTest, ANameIsWhatItIsMoreOften) {
  const auto document = Annotated(
      "[ORG Nordair/E ] fliegt/V ./. | [ORG Nordair/E ] wächst/V ./. | "
      "[PER Nordair/E ] schweigt/V ./.");
  EXPECT_THAT(Names(document), ElementsAre("Nordair"));
  EXPECT_EQ(document.actors[0].type, ActorType::kOrganization);
}

TEST(ActorsTest, ATitleIsNoFirstName) {
  EXPECT_THAT(Names(Annotated("[PER Ulf/E Tann/E ] schweigt/V ./. | Man/P beschuldigt/V "
                              "[PER Admiral/N Tann/E ] ./.")),
              ElementsAre("Ulf Tann"));
}

TEST(ActorsTest, OfficesAndPronounsPointBack) {
  const auto document = Annotated(
      "Der/D ukrainische/A Präsident/N [PER Ulf/E Tann/E ] schweigt/V ./. | "
      "Er/P geht/V ./. | Der/D Präsident/N kommt/V ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_THAT(MentionTexts(document, 0), ElementsAre("Ulf Tann", "Er", "Der Präsident"));
  EXPECT_THAT(document.actors[0].roles, Contains("ukrainischer Präsident"));
  EXPECT_EQ(document.actors[0].country, "UA");
}

TEST(ActorsTest, AnOfficeThatSpeaksIsTheOnlyPersonItCanBe) {
  const auto one = Annotated(
      "[PER Ulf/E Tann/E ] geht/V ./. | Das/P reicht/V ,/. sagt/V der/D Verbandschef/N ./.");
  EXPECT_THAT(Names(one), ElementsAre("Ulf Tann"));
  const auto two = Annotated(
      "[PER Ulf/E Tann/E ] geht/V ./. | [PER Ulf/E Tann/E ] trifft/V [PER Jan/E Berg/E ] ./. | "
      "Das/P reicht/V ,/. sagt/V der/D Verbandschef/N ./.");
  EXPECT_THAT(Names(two), ElementsAre("Ulf Tann", "Jan Berg", "Verbandschef"));
}

TEST(ActorsTest, ABracketHoldsTheAbbreviationOfWhatStandsBeforeIt) {
  const auto document = Annotated(
      "Das/D Ministerium/N von/R [PER Ulf/E Tann/E ] (/. [ORG ABC/E ] )/. schweigt/V ./.");
  EXPECT_THAT(Names(document), Contains("ABC"));
}

TEST(ActorsTest, DemonymsPointBack) {
  const auto document = Annotated(
      "Generalsekretär/N [PER Ulf/E Tann/E ] schweigt/V ./. | Der/D Niederländer/N geht/V ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_EQ(document.actors[0].country, "NL");
}

TEST(ActorsTest, CapitalsActForTheirState) {
  const auto document = Annotated(
      "[LOC Moskau/E ] bestreitet/V das/P ./. | [LOC Russland/E ] schweigt/V ./. | "
      "Der/D Zug/N fährt/V nach/R [LOC Moskau/E ] ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_EQ(document.actors[0].name, "Russland");
  EXPECT_EQ(document.actors[0].type, ActorType::kState);
  EXPECT_THAT(document.actors[0].mentions, SizeIs(2));
}

TEST(ActorsTest, AbbreviationsInBracketsAreAliases) {
  const auto document = Annotated(
      "Der/D [ORG Sandauer/A Ruderverband/N ] (/. [ORG SRV/E ] )/. schweigt/V ./. | "
      "Der/D [ORG SRV/E ] geht/V ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_EQ(document.actors[0].type, ActorType::kOrganization);
  EXPECT_THAT(document.actors[0].aliases, UnorderedElementsAre("Sandauer Ruderverband", "SRV"));
}

TEST(ActorsTest, GovernmentsAreToldApartByCountry) {
  const auto document = Annotated(
      "Die/D US-Regierung/N schweigt/V ./. | Die/D ukrainische/A Regierung/N redet/V ./. | "
      "Die/D Regierung/N in/R [LOC Washington/E ] geht/V ./.");
  ASSERT_THAT(document.actors, SizeIs(2));
  EXPECT_EQ(document.actors[0].country, "US");
  EXPECT_EQ(document.actors[1].country, "UA");
  EXPECT_THAT(document.actors[0].mentions, SizeIs(2));
}

TEST(ActorsTest, NounsPointBackToNames) {
  const auto document = Annotated(
      "Die/D Zeitung/N „/O Sandauer/A Bote/N “/Q schweigt/V ./. | Das/D Blatt/N geht/V ./. | "
      "Das/D Auswärtige/A Amt/N redet/V ./. | Das/D Ministerium/N kommt/V ./.");
  ASSERT_THAT(document.actors, SizeIs(2));
  EXPECT_EQ(document.actors[0].type, ActorType::kMedia);
  EXPECT_THAT(document.actors[0].mentions, SizeIs(2));
  EXPECT_EQ(document.actors[1].name, "Auswärtiges Amt");
  EXPECT_THAT(document.actors[1].mentions, SizeIs(2));
}

TEST(ActorsTest, GroupsActOrSpeak) {
  const auto document = Annotated("Augenzeugen/N berichten/V von/R Schüssen/N ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_EQ(document.actors[0].type, ActorType::kGroup);
}

TEST(ActorsTest, PronounsAreNeverActors) {
  EXPECT_THAT(Annotated("Er/P schweigt/V ./. | Sie/P schweigen/V ./.").actors, SizeIs(0));
}

std::string NameOfMention(const AnnotatedDocument& document, std::string_view text) {
  for (const Actor& actor : document.actors) {
    for (const Mention& mention : actor.mentions) {
      if (document.TextOf(mention.span) == text) return actor.name;
    }
  }
  return {};
}

TEST(ActorsTest, NumbersAreNoPartOfNames) {
  EXPECT_THAT(Names(Annotated("Mindestens/B 40/M Menschen/N schweigen/V ./.")),
              ElementsAre("Menschen"));
  EXPECT_THAT(Names(Annotated("Die/D Polizei/N spricht/V mit/R 70/M Mitarbeitern/N ./.")),
              ElementsAre("Polizei", "Mitarbeiter"));
}

TEST(ActorsTest, CountriesWithoutArticleAreNeuter) {
  const auto document = Annotated(
      "[PER Ulf/E Tann/E ] redet/V ./. | [LOC Russland/E ] schweigt/V ./. | Er/P geht/V ./.");
  EXPECT_EQ(NameOfMention(document, "Er"), "Ulf Tann");
}

TEST(ActorsTest, WhoSpeaksStandsBeforeHisWords) {
  const auto document = Annotated(
      "Ministerin/N [PER Anna/E Berg/E ] kommt/V ./. | Die/D [ORG EU/E ] handelt/V ,/. sagte/V "
      "sie/P ./.");
  EXPECT_EQ(NameOfMention(document, "sie"), "Anna Berg");
}

TEST(ActorsTest, FirstNamesSuggestAGender) {
  const auto document = Annotated(
      "[PER Anna/E Berg/E ] trifft/V [PER Peter/E Tann/E ] ./. | Sie/P redet/V ./. | Er/P geht/V "
      "./.");
  EXPECT_EQ(NameOfMention(document, "Sie"), "Anna Berg");
  EXPECT_EQ(NameOfMention(document, "Er"), "Peter Tann");
}

TEST(ActorsTest, CompoundsOfStatementsNameTheirSource) {
  const auto army = Annotated("Nach/R israelischen/A Armeeangaben/N regnet/V es/P ./.");
  ASSERT_THAT(army.actors, SizeIs(1));
  EXPECT_EQ(army.actors[0].name, "Armee");
  EXPECT_EQ(army.actors[0].country, "IL");
  const auto agency = Annotated("Laut/R dpa-Meldung/N regnet/V es/P ./.");
  ASSERT_THAT(agency.actors, SizeIs(1));
  EXPECT_EQ(agency.actors[0].type, ActorType::kMedia);
  // What somebody knows is not what he says.
  EXPECT_THAT(Annotated("Laut/R Geheimdienstinformationen/N regnet/V es/P ./.").actors, SizeIs(0));
}

TEST(ActorsTest, SidesAreStates) {
  const auto document = Annotated("Die/D südkoreanische/A Seite/N schweigt/V ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_EQ(document.actors[0].type, ActorType::kState);
  EXPECT_EQ(document.actors[0].country, "KR");
  EXPECT_THAT(Annotated("Die/D linke/A Seite/N schweigt/V ./.").actors, SizeIs(0));
}

TEST(ActorsTest, PairsOfCountriesAreTwoGroups) {
  const auto document = Annotated("Ukrainische/A und/C russische/A Beamte/N schweigen/V ./.");
  EXPECT_THAT(Names(document), UnorderedElementsAre("Ukrainische Beamte", "russische Beamte"));
  const ActorIndex index(document);
  EXPECT_THAT(index.ActorsOf({0, 4}), SizeIs(2));
}

TEST(ActorsTest, NamesInBracketsNameTheNounBefore) {
  const auto document = Annotated(
      "Die/D Beobachtermission/N (/. [ORG XBM/E ] )/. schweigt/V ./. | [ORG XBM/E ] geht/V ./.");
  EXPECT_THAT(document.actors, SizeIs(1));
}

TEST(ActorsTest, NobodyIsNoActor) {
  EXPECT_THAT(Annotated("Kein/D Ministerium/N schweigt/V ./.").actors, SizeIs(0));
}

TEST(ActorsTest, PossessivesOfSourcesPointBack) {
  const auto document = Annotated(
      "[PER Ulf/E Tann/E ] geht/V ./. | Nach/R seinen/D Angaben/N regnet/V es/P ./. | "
      "Nach/R deinen/D Angaben/N regnet/V es/P ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_THAT(MentionTexts(document, 0), ElementsAre("Ulf Tann", "seinen"));
}

TEST(ActorsTest, PapersAreToldByTheirLastWord) {
  const auto document = Annotated(
      "Die/D [ORG Sandauer/A Rundschau/N ] schweigt/V ./. | Die/D Agentur/N [ORG LPD/E ] redet/V "
      "./. | Die/D Zeitung/N geht/V ./.");
  EXPECT_EQ(NameOfMention(document, "Die Zeitung"), "Sandauer Rundschau");
  EXPECT_EQ(document.actors[0].type, ActorType::kMedia);
}

TEST(ActorsTest, AbbreviationsAreWrittenInCapitals) {
  EXPECT_THAT(Names(Annotated("[PER Kim/E Un/E ] schweigt/V ./.")), ElementsAre("Kim Un"));
}

TEST(ActorsTest, BodiesAreNamedWithTheirPlace) {
  const auto document = Annotated(
      "Die/D Staatsanwaltschaft/N [LOC Hamburg/E ] schweigt/V ./. | Die/D Staatsanwaltschaft/N "
      "geht/V ./.");
  EXPECT_THAT(Names(document), ElementsAre("Staatsanwaltschaft Hamburg"));
}

TEST(ActorsTest, HeadlinesGiveShortNames) {
  AnnotatedDocument document =
      TaggedText("Ministerium/N schweigt/V | Das/D Umweltministerium/N geht/V ./.");
  document.regions.push_back({document.sentences[0].span, RegionKind::kTitle, "", 1});
  Annotate(document);
  EXPECT_THAT(Names(document), ElementsAre("Umweltministerium"));
}

TEST(ActorsTest, WomenOfACountryPointBack) {
  EXPECT_THAT(
      MentionTexts(Annotated("[PER Anna/E Berg/E ] geht/V ./. | Die/D Französin/N schweigt/V ./."),
                   0),
      ElementsAre("Anna Berg", "Die Französin"));
  EXPECT_THAT(MentionTexts(
                  Annotated("[PER Anna/E Berg/E ] geht/V ./. | Die/D Ungarin/N schweigt/V ./."), 0),
              ElementsAre("Anna Berg", "Die Ungarin"));
}

TEST(ActorsTest, TheFirstNameSaysMoreThanANounForAll) {
  const auto document =
      Annotated("Fahrgast/N [PER Anna/E Berg/E ] half/V ./. | Der/D Mann/N schweigt/V ./.");
  EXPECT_THAT(MentionTexts(document, 0), ElementsAre("Anna Berg"));
}

TEST(ActorsTest, CompoundsOfMastheadsArePapers) {
  const auto document =
      Annotated("[ORG Küstenpost/E ] und/C [ORG Rhein-Zeitung/E ] berichten/V ./.");
  ASSERT_THAT(document.actors, SizeIs(2));
  for (const Actor& actor : document.actors) EXPECT_EQ(actor.type, ActorType::kMedia);
}

TEST(ActorsTest, AnAttributeIsNotItsWhole) {
  const auto document =
      Annotated("[PER Ulf/E Tann/E ] geht/V ./. | Der/D Anwalt/N des/D Mannes/N schweigt/V ./.");
  ASSERT_THAT(document.actors, SizeIs(2));
  EXPECT_THAT(MentionTexts(document, 0), ElementsAre("Ulf Tann", "des Mannes"));
}

TEST(ActorsTest, CompoundsOfTestimoniesNameTheirPeople) {
  const auto document = Annotated("Nach/R Expertenmeinung/N regnet/V es/P ./.");
  ASSERT_THAT(Names(document), ElementsAre("Experten"));
  EXPECT_EQ(document.actors[0].type, ActorType::kGroup);
  EXPECT_THAT(Names(Annotated("Laut/R Augenzeugenberichten/N regnet/V es/P ./.")),
              ElementsAre("Augenzeugen"));
  EXPECT_THAT(Annotated("Nach/R Expertenwissen/N regnet/V es/P ./.").actors, SizeIs(0));
  EXPECT_THAT(Annotated("Laut/R Wetterbericht/N regnet/V es/P ./.").actors, SizeIs(0));
}

TEST(ActorsTest, InhabitantsPointBack) {
  EXPECT_EQ(
      NameOfMention(Annotated("[PER Ulf/E Tann/E ] geht/V ./. | Der/D Hamburger/N schweigt/V ./."),
                    "Der Hamburger"),
      "Ulf Tann");
  EXPECT_EQ(
      NameOfMention(Annotated("[PER Anna/E Berg/E ] geht/V ./. | Der/D Hamburger/N schweigt/V ./."),
                    "Der Hamburger"),
      "Hamburger");
  EXPECT_THAT(MentionTexts(Annotated("[PER Ulf/E Tann/E ] geht/V ./. | Der/D Hamburger/A Hafen/N "
                                     "ruht/V ./."),
                           0),
              ElementsAre("Ulf Tann"));
}

TEST(ActorsTest, WhoSpeaksIsDescribedByAnOffice) {
  const std::string two = "[PER Ulf/E Tann/E ] geht/V ./. | [PER Jan/E Berg/E ] geht/V ./. | ";
  EXPECT_EQ(NameOfMention(Annotated(two + "Das/P reicht/V ,/. sagt/V der/D frühere/A "
                                          "Bürgermeister/N ./."),
                          "der frühere Bürgermeister"),
            "Jan Berg");
  EXPECT_EQ(NameOfMention(Annotated(two + "Das/P reicht/V ,/. sagt/V ein/D früherer/A "
                                          "Bürgermeister/N ./."),
                          "ein früherer Bürgermeister"),
            "früherer Bürgermeister");
  EXPECT_EQ(NameOfMention(Annotated(two + "Der/D frühere/A Bürgermeister/N kommt/V ./."),
                          "Der frühere Bürgermeister"),
            "früherer Bürgermeister");
  // Who has had such an office is meant rather than who was named last.
  EXPECT_EQ(NameOfMention(Annotated("Gazal-Trainer/N " + two +
                                    "Das/P reicht/V ,/. sagt/V der/D frühere/A Sandau-Trainer/N "
                                    "./."),
                          "der frühere Sandau-Trainer"),
            "Ulf Tann");
}

TEST(ActorsTest, WhoHasJustSpokenGoesOnUnderAnotherNoun) {
  EXPECT_EQ(
      NameOfMention(Annotated("[PER Jan/E Berg/E ] schweigt/V ./. | [PER Ulf/E Tann/E ] sagt/V "
                              "das/P ./. | Das/P reicht/V ,/. kritisiert/V der/D "
                              "Weltmeister/N von/R Gazal/E ./."),
                    "der Weltmeister von Gazal"),
      "Ulf Tann");
  // Nor somebody who has to do with the speaker, nor of the other gender.
  EXPECT_EQ(NameOfMention(Annotated("[PER Ulf/E Tann/E ] sagt/V das/P ./. | Der/D Sprecher/N "
                                    "sagt/V nichts/P ./."),
                          "Der Sprecher"),
            "Sprecher");
  EXPECT_EQ(NameOfMention(Annotated("[PER Anna/E Tann/E ] sagt/V das/P ./. | Der/D Weltmeister/N "
                                    "sagt/V nichts/P ./."),
                          "Der Weltmeister"),
            "Weltmeister");
}

TEST(ActorsTest, WhoActsUnderANounWasNamedBefore) {
  const std::string acts = "Dann/B nahm/V der/D Fotograf/N Urlaub/N ./.";
  EXPECT_EQ(
      NameOfMention(Annotated("[PER Ulf/E Tann/E ] kam/V an/B ./. | " + acts), "der Fotograf"),
      "Ulf Tann");
  EXPECT_EQ(NameOfMention(Annotated("[PER Ulf/E Tann/E ] kam/V an/B ./. | [PER Jan/E Berg/E ] "
                                    "kam/V an/B ./. | " +
                                    acts),
                          "der Fotograf"),
            "Fotograf");
}

TEST(ActorsTest, BothAreTheTwoNamedSideBySide) {
  const std::string two = "[PER Ulf/E Tann/E ] und/C [PER Anna/E Berg/E ] gehen/V ./. | ";
  for (const char* both : {"Die/D beiden/P Politiker/N", "Sie/P"}) {
    const auto document = Annotated(two + both + " schweigen/V ./.");
    ASSERT_THAT(document.actors, SizeIs(2)) << both;
    EXPECT_THAT(document.actors[0].mentions, SizeIs(2)) << both;
    EXPECT_THAT(document.actors[1].mentions, SizeIs(2)) << both;
  }
  EXPECT_THAT(Names(Annotated(two + "Die/D Politiker/N schweigen/V ./.")),
              ElementsAre("Ulf Tann", "Anna Berg", "Politiker"));
  EXPECT_THAT(Annotated(two + "Die/D beiden/P Vereine/N schweigen/V ./.").actors, SizeIs(3));
  EXPECT_THAT(Annotated(two + "Die/D beiden/P Behörden/N schweigen/V ./.").actors, SizeIs(3));
  EXPECT_THAT(Names(Annotated("Mit/R den/D beiden/P Piloten/N spricht/V [PER Ulf/E Tann/E ] ./.")),
              Not(Contains("beiden Pilot")));
  EXPECT_EQ(
      NameOfMention(Annotated(two + "Die/D Anwohner/N reden/V ./. | Sie/P schweigen/V ./."), "Sie"),
      "Anwohner");
}

TEST(ActorsTest, BodiesNamedSideBySideAreBoth) {
  const auto document = Annotated(
      "Der/D [ORG Sandauer/A Ruderverband/N ] und/C der/D [ORG Gazaler/A Turnverein/N ] gehen/V "
      "./. | Die/D beiden/P Vereine/N schweigen/V ./.");
  ASSERT_THAT(document.actors, SizeIs(2));
  for (const Actor& actor : document.actors) EXPECT_THAT(actor.mentions, SizeIs(2));
}

TEST(ActorsTest, ABracketHoldsTheCountryOfWhoStandsBeforeIt) {
  const auto document = Annotated(
      "[PER Ulf/E Tann/E ] (/. [LOC Ukraine/E ] )/. geht/V ./. | Der/D ukrainische/A Präsident/N "
      "schweigt/V ./. | Der/D französische/A Präsident/N redet/V ./.");
  EXPECT_EQ(document.actors[0].country, "UA");
  EXPECT_EQ(NameOfMention(document, "Der ukrainische Präsident"), "Ulf Tann");
  EXPECT_EQ(NameOfMention(document, "Der französische Präsident"), "französischer Präsident");
}

TEST(ActorsTest, OfficesOfACountryAreNobodysWhoHasAnother) {
  const auto counterpart = Annotated(
      "Amtskollege/N [PER Ulf/E Tann/E ] (/. [LOC Ukraine/E ] )/. geht/V ./. | Der/D "
      "ukrainische/A Präsident/N schweigt/V ./.");
  EXPECT_EQ(NameOfMention(counterpart, "Der ukrainische Präsident"), "Ulf Tann");
  const auto ambassador = Annotated(
      "Botschafter/N [PER Ulf/E Tann/E ] (/. [LOC Ukraine/E ] )/. geht/V ./. | Der/D "
      "ukrainische/A Präsident/N schweigt/V ./.");
  EXPECT_EQ(NameOfMention(ambassador, "Der ukrainische Präsident"), "ukrainischer Präsident");
}

TEST(ActorsTest, ABodyReadAsNameAndNounIsOne) {
  EXPECT_THAT(Names(Annotated("Das/D [ORG Ruderkomitee/E ] schweigt/V ./. | Die/D Rede/N des/D "
                              "Ruderkomitees/N war/X kurz/A ./.")),
              ElementsAre("Ruderkomitee"));
  EXPECT_THAT(Names(Annotated("Das/D [ORG Ruderkomitee/E ] schweigt/V ./. | Das/D ukrainische/A "
                              "Ruderkomitee/N geht/V ./.")),
              ElementsAre("Ruderkomitee", "ukrainisches Ruderkomitee"));
}

TEST(ActorsTest, BodiesOfOneNameAreOneUnlessNoneIsNamed) {
  EXPECT_THAT(Names(Annotated("Das/D Landgericht/N [LOC Sandau/E ] schweigt/V ./. | Das/D [ORG "
                              "Landgericht/N Sandau/E ] redet/V ./.")),
              ElementsAre("Landgericht Sandau"));
  EXPECT_THAT(Names(Annotated("Ein/D Ruderverein/N schweigt/V ./. | Ein/D Ruderverein/N geht/V "
                              "./.")),
              ElementsAre("Ruderverein", "Ruderverein"));
}

TEST(ActorsTest, SharesStandForThoseOfWhomTheyAreCounted) {
  const auto document = Annotated("47/M Prozent/N der/D Befragten/N schweigen/V ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_EQ(document.actors[0].type, ActorType::kGroup);
  EXPECT_THAT(MentionTexts(document, 0), ElementsAre("der Befragten"));
  EXPECT_THAT(Annotated("47/M Prozent/N der/D Kosten/N fehlen/V ./.").actors, SizeIs(0));
}

TEST(ActorsTest, CirclesAreWhereSomethingIsHeard) {
  EXPECT_THAT(Names(Annotated("Aus/R Regierungskreisen/N verlautet/V nichts/P ./.")),
              ElementsAre("Regierungskreise"));
  EXPECT_THAT(Annotated("Aus/R den/D Regierungskreisen/N kommt/V Geld/N ./.").actors, SizeIs(0));
  EXPECT_THAT(Annotated("Über/R Regierungskreise/N redet/V man/P ./.").actors, SizeIs(0));
}

TEST(ActorsTest, WieOpensAClauseBehindAMarkOnly) {
  EXPECT_THAT(Names(Annotated("Es/P brannte/V ,/. wie/R Augenzeugen/N betonen/V ./.")),
              ElementsAre("Augenzeugen"));
  EXPECT_THAT(Annotated("Es/P brannte/V wie/R Augenzeugen/N ./.").actors, SizeIs(0));
}

TEST(ActorsTest, TheSideOfSomebodyIsNoState) {
  EXPECT_THAT(Names(Annotated("Die/D Seite/N der/D deutschen/A Delegation/N schweigt/V ./.")),
              ElementsAre("deutsche Delegation"));
}

TEST(ActorsTest, ListedNamesAreFoundWithoutTheirHyphens) {
  const auto document = Annotated("[ORG Deutsche/A Presse/N Agentur/N ] meldet/V das/P ./.");
  ASSERT_THAT(document.actors, SizeIs(1));
  EXPECT_EQ(document.actors[0].type, ActorType::kMedia);
}

TEST(ActorsTest, NamesOfBodiesHoldNoMarks) {
  EXPECT_THAT(Names(Annotated("Das/D Büro/N der/D Zeitung/N „/O Blaue/A Stunde/N “/Q schweigt/V "
                              "./.")),
              Contains("Büro der Zeitung Blaue Stunde"));
}

TEST(ActorsTest, WhatIsSaidBehindACommaMayBeIndefiniteToo) {
  EXPECT_THAT(Names(Annotated("[PER Ulf/E Tann/E ] ,/. ein/D Sprecher/N des/D Verbands/N sagte/V "
                              "das/P ./.")),
              ElementsAre("Ulf Tann", "Verband"));
  EXPECT_THAT(Annotated("[PER Ulf/E Tann/E ] ,/. ein/D Sprecher/N und/C ein/D Minister/N "
                        "schweigen/V ./.")
                  .actors,
              SizeIs(3));
}

TEST(ActorsTest, AnIndefiniteNounBehindACommaMayBeginAClause) {
  EXPECT_THAT(Names(Annotated("Am/R Abend/N sprach/V [PER Ulf/E Tann/E ] ,/. ein/D Zuhörer/N "
                              "schwieg/V ./.")),
              Contains("Zuhörer"));
}

TEST(ActorIndexTest, FindsSpeakers) {
  const auto document = Annotated(
      "Russlands/E Präsident/N [PER Ulf/E Tann/E ] und/C die/D Polizei/N schweigen/V ./. | "
      "Nach/R Angaben/N der/D Polizei/N regnet/V es/P ./.");
  const ActorIndex index(document);
  const auto name = [&](int32_t actor) {
    return actor < 0 ? std::string() : document.actors[static_cast<size_t>(actor)].name;
  };
  EXPECT_EQ(name(index.ActorOf({0, 4})), "Ulf Tann");
  EXPECT_EQ(name(index.ActorOf({0, 4}, 1)), "Ulf Tann");
  EXPECT_EQ(name(index.ActorOf({10, 13})), "Polizei");
  std::vector<std::string> joint;
  for (int32_t actor : index.ActorsOf({0, 7})) joint.push_back(name(actor));
  EXPECT_THAT(joint, ElementsAre("Ulf Tann", "Polizei"));
  EXPECT_EQ(index.ActorOf({8, 9}), -1);
}

TEST(NameKeyTest, InflectedFormsMeet) {
  EXPECT_EQ(NameKey("Roten Kreuzes"), NameKey("Rotes Kreuz"));
  EXPECT_EQ(NameKey("Auswärtigen Amtes"), NameKey("Auswärtiges Amt"));
  EXPECT_EQ(NameKey("Gazals"), NameKey("Gazal"));
  EXPECT_NE(NameKey("CRS"), NameKey("CR"));
}

}  // namespace
}  // namespace lagebild::extract
