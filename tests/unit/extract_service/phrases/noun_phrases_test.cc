#include "extract_service/phrases/noun_phrases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "extract_service/phrases/words.h"
#include "tests/unit/extract_service/support/tagged_text.h"

namespace lagebild::extract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

/// Texts of the phrases that are no attributes.
std::vector<std::string> Outer(const std::string& tagged) {
  const AnnotatedDocument document = TaggedText(tagged);
  const NounPhrases phrases = NounPhraseChunker(BuiltLexicon()).Chunk(document);
  std::vector<std::string> texts;
  for (const NounPhrase& phrase : phrases.all()) {
    if (phrase.parent < 0) texts.emplace_back(document.TextOf(document.SpanOf(phrase.tokens)));
  }
  return texts;
}

TEST(NounPhrasesTest, TakeArticleAdjectivesAndHead) {
  EXPECT_THAT(Outer("Die/D neue/A Sprecherin/N schweigt/V ./."),
              ElementsAre("Die neue Sprecherin"));
  EXPECT_THAT(Outer("Rund/B 12.000/M Soldaten/N kamen/V ./."), ElementsAre("Rund 12.000 Soldaten"));
}

TEST(NounPhrasesTest, TakeOfficeAndName) {
  EXPECT_THAT(Outer("Ministerpräsidentin/N [PER Anna/E Berg/E ] schweigt/V ./."),
              ElementsAre("Ministerpräsidentin Anna Berg"));
}

TEST(NounPhrasesTest, TakeGenitiveChains) {
  EXPECT_THAT(Outer("Die/D Sprecherin/N des/D Präsidenten/N der/D Ukraine/E schweigt/V ./."),
              ElementsAre("Die Sprecherin des Präsidenten der Ukraine"));
  EXPECT_THAT(Outer("Nach/R Angaben/N südkoreanischer/A Behörden/N regnet/V es/P ./."),
              ElementsAre("Angaben südkoreanischer Behörden", "es"));
}

TEST(NounPhrasesTest, TakeAGenitiveInFront) {
  EXPECT_THAT(Outer("Russlands/E Präsident/N schweigt/V ./."), ElementsAre("Russlands Präsident"));
}

TEST(NounPhrasesTest, TakeVonPhrasesButNoAgents) {
  EXPECT_THAT(Outer("Der/D Bürgermeister/N von/R [LOC Sandau/E ] schweigt/V ./."),
              ElementsAre("Der Bürgermeister von Sandau"));
  EXPECT_THAT(Outer("Der/D Bürgermeister/N wurde/X von/R [PER Ulf/E Tann/E ] gesehen/V ./."),
              ElementsAre("Der Bürgermeister", "Ulf Tann"));
}

TEST(NounPhrasesTest, TakeBracketsAndCommaAppositions) {
  EXPECT_THAT(Outer("Die/D Sprecherin/N ,/. [PER Anna/E Berg/E ] (/. CDU/E )/. ,/. schweigt/V ./."),
              ElementsAre("Die Sprecherin , Anna Berg ( CDU )"));
  EXPECT_THAT(Outer("[PER Anna/E Berg/E ] ,/. Sprecherin/N der/D Polizei/N ,/. schweigt/V ./."),
              ElementsAre("Anna Berg , Sprecherin der Polizei"));
}

TEST(NounPhrasesTest, LeaveRelativeClausesOut) {
  const AnnotatedDocument document =
      TaggedText("Der/D Minister/N ,/. der/P schweigt/V ,/. geht/V ./.");
  const NounPhrases phrases = NounPhraseChunker(BuiltLexicon()).Chunk(document);
  ASSERT_EQ(phrases.size(), 2);
  EXPECT_EQ(phrases[0].tokens, (TokenRange{0, 2}));
  EXPECT_TRUE(phrases[1].relative);
  EXPECT_EQ(phrases[1].antecedent, 0);
}

TEST(NounPhrasesTest, KeepConjunctsApartWithOneNumber) {
  const AnnotatedDocument document =
      TaggedText("[PER Anna/E Berg/E ] und/C die/D Polizei/N schweigen/V ./.");
  const NounPhrases phrases = NounPhraseChunker(BuiltLexicon()).Chunk(document);
  ASSERT_EQ(phrases.size(), 2);
  EXPECT_THAT(phrases.Conjuncts(1), ElementsAre(0, 1));
  EXPECT_EQ(phrases.CoordinationRange(0), (TokenRange{0, 5}));
}

TEST(NounPhrasesTest, TakeTruncatedParts) {
  EXPECT_THAT(Outer("Der/D Innen-/N und/C Verteidigungsminister/N schweigt/V ./."),
              ElementsAre("Der Innen- und Verteidigungsminister"));
}

TEST(NounPhrasesTest, TakeNamesInQuotationMarks) {
  EXPECT_THAT(Outer("Die/D Zeitung/N „/O Sandauer/A Bote/N “/Q schweigt/V ./."),
              ElementsAre("Die Zeitung „ Sandauer Bote “"));
}

TEST(NounPhrasesTest, TakeExtendedAttributes) {
  EXPECT_THAT(Outer("Das/D von/R der/D Polizei/N gezeigte/A Bild/N fehlt/V ./."),
              Contains("Das von der Polizei gezeigte Bild"));
}

TEST(NounPhrasesTest, TakeAGenitiveInFrontOfOfficeAndName) {
  EXPECT_THAT(Outer("Russlands/E Präsident/N [PER Ulf/E Tann/E ] schweigt/V ./."),
              ElementsAre("Russlands Präsident Ulf Tann"));
}

TEST(NounPhrasesTest, PickSomeOfMany) {
  EXPECT_THAT(Outer("Einer/P der/D Männer/N schweigt/V ./."), ElementsAre("Einer der Männer"));
  EXPECT_THAT(Outer("Zwei/M der/D drei/M Zeugen/N schweigen/V ./."),
              ElementsAre("Zwei der drei Zeugen"));
  EXPECT_THAT(Outer("Einer/P der/D Männer/N ,/. [PER Ulf/E Tann/E ] ,/. schweigt/V ./."),
              ElementsAre("Einer der Männer , Ulf Tann"));
  EXPECT_THAT(Outer("In/R einer/D der/D Brücken/N steckt/V Rost/N ./."),
              Contains("einer der Brücken"));
}

TEST(NounPhrasesTest, TakeAttributesInTheDative) {
  EXPECT_THAT(Outer("Einer/D der/D Agentur/N vorliegenden/A Liste/N glaubt/V man/P ./."),
              ElementsAre("Einer der Agentur vorliegenden Liste", "man"));
  EXPECT_THAT(Outer("Ein/D dem/D Sender/N zugespielter/A Bericht/N fehlt/V ./."),
              ElementsAre("Ein dem Sender zugespielter Bericht"));
}

TEST(NounPhrasesTest, TakeSharesForOneOrMany) {
  const AnnotatedDocument document = TaggedText("47/M Prozent/N der/D Zeugen/N schweigen/V ./.");
  const NounPhrases phrases = NounPhraseChunker(BuiltLexicon()).Chunk(document);
  ASSERT_GE(phrases.size(), 1);
  EXPECT_EQ(phrases[0].tokens, (TokenRange{0, 4}));
  EXPECT_TRUE(phrases[0].morphology.Has(Morphology::kPlural));
  EXPECT_TRUE(phrases[0].classes.Has(WordClass::kPersonNoun));
}

TEST(NounPhrasesTest, TakeAMeasuredAdjective) {
  EXPECT_THAT(Outer("Der/D 330/M Seiten/N starke/A Bericht/N fehlt/V ./."),
              ElementsAre("Der 330 Seiten starke Bericht"));
}

TEST(NounPhrasesTest, TakeTheNameOfTheHeadBehindItsAttribute) {
  EXPECT_THAT(Outer("Der/D Leiter/N der/D Behörde/N [PER Ulf/E Tann/E ] schweigt/V ./."),
              ElementsAre("Der Leiter der Behörde Ulf Tann"));
}

TEST(NounPhrasesTest, TakeTheNameBehindAnOfficeAndItsAttributes) {
  EXPECT_THAT(
      Outer("Die/D Vorsitzende/N im/R Verband/N der/D Gießereien/N ,/. [PER Anna/E Berg/E ] "
            ",/. schweigt/V ./."),
      ElementsAre("Die Vorsitzende im Verband der Gießereien , Anna Berg"));
  EXPECT_THAT(Outer("Nach/R Angaben/N des/D Sprechers/N im/R Amt/N ,/. [PER Ulf/E Tann/E ] ,/. "
                    "regnet/V es/P ./."),
              ElementsAre("Angaben des Sprechers im Amt , Ulf Tann", "es"));
}

TEST(NounPhrasesTest, TakeRolesBetweenCommasWithAllThatIsSaidOfThem) {
  EXPECT_THAT(Outer("[PER Anna/E Berg/E ] ,/. einst/B Sprecherin/N in/R fremden/A Diensten/N ,/. "
                    "schweigt/V ./."),
              ElementsAre("Anna Berg , einst Sprecherin in fremden Diensten"));
  EXPECT_THAT(Outer("Es/P sagte/V [PER Anna/E Berg/E ] ,/. Sprecherin/N der/D Polizei/N und/C "
                    "die/D Feuerwehr/N ./."),
              Contains("die Feuerwehr"));
}

TEST(NounPhrasesTest, EndBeforeAGenitiveThatOpensTheNext) {
  EXPECT_THAT(Outer("Laut/R Medien/N [PER Bergs/E ] neue/A Rede/N ./."),
              ElementsAre("Medien", "Bergs neue Rede"));
}

TEST(NounPhrasesTest, RelateToAPersonRatherThanToItsCountry) {
  const AnnotatedDocument document =
      TaggedText("Der/D Präsident/N Irans/E ,/. der/P schweigt/V ,/. geht/V ./.");
  const NounPhrases phrases = NounPhraseChunker(BuiltLexicon()).Chunk(document);
  ASSERT_GE(phrases.size(), 3);
  EXPECT_TRUE(phrases[2].relative);
  EXPECT_EQ(phrases[2].antecedent, 0);
}

TEST(NounPhrasesTest, AreManyInAGenitiveThatIsThePluralsOnly) {
  const AnnotatedDocument document = TaggedText("Der/D Chef/N der/D Ermittler/N schweigt/V ./.");
  const NounPhrases phrases = NounPhraseChunker(BuiltLexicon()).Chunk(document);
  ASSERT_EQ(phrases.size(), 2);
  EXPECT_TRUE(phrases[1].morphology.Has(Morphology::kPlural));
  EXPECT_FALSE(phrases[1].morphology.Has(Morphology::kSingular));
  const AnnotatedDocument subject = TaggedText("Der/D Ermittler/N schweigt/V ./.");
  EXPECT_TRUE(
      NounPhraseChunker(BuiltLexicon()).Chunk(subject)[0].morphology.Has(Morphology::kSingular));
}

TEST(NounPhrasesTest, AreManyBehindBoth) {
  const AnnotatedDocument document = TaggedText("Die/D beiden/P Piloten/N schweigen/V ./.");
  const NounPhrases phrases = NounPhraseChunker(BuiltLexicon()).Chunk(document);
  ASSERT_EQ(phrases.size(), 1);
  EXPECT_TRUE(phrases[0].morphology.Has(Morphology::kPlural));
  EXPECT_FALSE(phrases[0].morphology.Has(Morphology::kSingular));
}

TEST(NounPhrasesTest, TakeTwoOfficesUnderOneArticleForOnePerson) {
  EXPECT_THAT(Outer("Der/D Präsident/N des/D Vereins/N und/C Abgeordnete/N [PER Anna/E Berg/E ] "
                    "schweigt/V ./."),
              ElementsAre("Der Präsident des Vereins und Abgeordnete Anna Berg"));
  EXPECT_THAT(Outer("Der/D Präsident/N des/D Vereins/N und/C die/D Abgeordnete/N [PER Anna/E "
                    "Berg/E ] schweigen/V ./."),
              ElementsAre("Der Präsident des Vereins", "die Abgeordnete Anna Berg"));
  EXPECT_THAT(Outer("Die/D Präsidenten/N des/D Vereins/N und/C Abgeordnete/N [PER Anna/E Berg/E ] "
                    "schweigen/V ./."),
              ElementsAre("Die Präsidenten des Vereins", "Abgeordnete Anna Berg"));
}

TEST(NounPhrasesTest, TakeANameBehindABareOfficeForNoGenitive) {
  const auto name = [](const std::string& tagged) {
    const AnnotatedDocument document = TaggedText(tagged);
    return NounPhraseChunker(BuiltLexicon()).Chunk(document)[0].name;
  };
  EXPECT_EQ(name("Landeschef/N [PER Tillis/E ] schweigt/V ./."), (TokenRange{1, 2}));
  EXPECT_TRUE(name("Der/D Landeschef/N [LOC Sandaus/E ] schweigt/V ./.").empty());
}

TEST(NounPhrasesTest, TakeAnUnknownWordBeforeASurnameForTheFirstName) {
  const auto name = [](const std::string& tagged) {
    const AnnotatedDocument document = TaggedText(tagged);
    return NounPhraseChunker(BuiltLexicon()).Chunk(document)[0].name;
  };
  EXPECT_EQ(name("Quandro/E [PER Berg/E ] schweigt/V ./."), (TokenRange{0, 2}));
  EXPECT_EQ(name("Kantor/N [PER Berg/E ] schweigt/V ./."), (TokenRange{1, 2}));
}

TEST(NounPhrasesTest, KnowTheGenderOfACompoundByItsLastPart) {
  const auto nominative = [](const std::string& tagged) {
    const AnnotatedDocument document = TaggedText(tagged);
    return NounPhraseChunker(BuiltLexicon())
        .Chunk(document)[0]
        .morphology.Has(Morphology::kNominative);
  };
  EXPECT_TRUE(nominative("Der/D SRV-Landesvorsitzende/N schweigt/V ./."));
  EXPECT_TRUE(nominative("Die/D SRV-Landesvorsitzende/N schweigt/V ./."));
  EXPECT_FALSE(nominative("Der/D SRV-Sprecherin/N glaubt/V man/P ./."));
}

TEST(NounPhrasesTest, LeaveLooseVonPhrasesToTheVerb) {
  EXPECT_THAT(Outer("Am/R Abend/N spricht/V die/D Polizei/N von/R Erfolgen/N ./."),
              ElementsAre("Abend", "die Polizei", "Erfolgen"));
  EXPECT_THAT(Outer("Die/D Polizei/N von/R [LOC Sandau/E ] schweigt/V ./."),
              ElementsAre("Die Polizei von Sandau"));
  EXPECT_THAT(Outer("Der/D Chef/N von/R Behörden/N schweigt/V ./."),
              ElementsAre("Der Chef von Behörden"));
}

TEST(NounPhrasesTest, TakeANameInMarksBehindAnExtendedAttribute) {
  EXPECT_THAT(Outer("Die/D von/R [PER Ulf/E Tann/E ] gegründete/A „/O Sandauer/A Tafel/N “/Q "
                    "schweigt/V ./."),
              ElementsAre("Die von Ulf Tann gegründete „ Sandauer Tafel “"));
  EXPECT_THAT(Outer("Die/P von/R [PER Ulf/E Tann/E ] riefen/V „/O Sandauer/A Tafel/N “/Q ./."),
              Contains("Ulf Tann"));
}

TEST(NounPhrasesTest, SurviveAnything) {
  std::string tagged;
  for (int i = 0; i < 3000; ++i) tagged += "der/D Sprecher/N des/D von/R ,/. (/. „/O ";
  const AnnotatedDocument document = TaggedText(tagged);
  const NounPhrases phrases = NounPhraseChunker(BuiltLexicon()).Chunk(document);
  for (const NounPhrase& phrase : phrases.all()) {
    EXPECT_LT(phrase.tokens.begin, phrase.tokens.end);
    EXPECT_TRUE(phrase.tokens.Contains(phrase.head));
  }
}

TEST(WordsTest, LowerCaseAndGenitive) {
  EXPECT_EQ(LowerCase("ÄRZTE Šabac Ÿ"), "ärzte šabac Ÿ");
  EXPECT_EQ(UpperFirst("ärzte"), "Ärzte");
  EXPECT_EQ(GenitiveStem("Gazals"), 5u);
  EXPECT_EQ(GenitiveStem("Hans'"), 4u);
  EXPECT_EQ(GenitiveStem("Berg"), 4u);
  EXPECT_EQ(AdjectiveStem("richtiger"), "richtig");
  EXPECT_EQ(AdjectiveStem("falsch"), "falsch");
  EXPECT_EQ(AdjectiveStem("edle"), "edl");
  EXPECT_EQ(AdjectiveStem("rer"), "rer");
  EXPECT_TRUE(IsUpperCase("ÖVB"));
  EXPECT_FALSE(IsUpperCase("Övb"));
  EXPECT_FALSE(IsUpperCase("Ö"));
}

}  // namespace
}  // namespace lagebild::extract
