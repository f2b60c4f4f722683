#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "extract_service/tags/word_facts.h"
#include "tests/unit/extract_service/support/analyzed_text.h"
#include "tests/unit/extract_service/support/tagged_text.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;

std::vector<Pos> Tags(const std::string& text) {
  std::vector<Pos> tags;
  for (const Token& token : ThePipeline().Analyze(text, {}).tokens) tags.push_back(token.pos);
  return tags;
}

TEST(Tags, TellPartsOfSpeechByTheirPlace) {
  EXPECT_THAT(Tags("Die Minister sagten, dass sie den alten Vertrag nicht kennen."),
              ElementsAre(Pos::kDeterminer, Pos::kNoun, Pos::kVerb, Pos::kPunctuation,
                          Pos::kSubordinator, Pos::kPronoun, Pos::kDeterminer, Pos::kAdjective,
                          Pos::kNoun, Pos::kParticle, Pos::kVerb, Pos::kPunctuation));
  EXPECT_THAT(Tags("Der Sprecher hat am Abend in Berlin die Zahlen genannt."),
              ElementsAre(Pos::kDeterminer, Pos::kNoun, Pos::kAuxiliary, Pos::kAdposition,
                          Pos::kNoun, Pos::kAdposition, Pos::kProperNoun, Pos::kDeterminer,
                          Pos::kNoun, Pos::kVerb, Pos::kPunctuation));
}

TEST(Tags, KnowAPastBeforeANounWhereNothingElseIsFinite) {
  EXPECT_EQ(Tags("Die Gäste skandierten Parolen gegen den Bau.")[2], Pos::kVerb);
  EXPECT_EQ(Tags("Das berichteten Zeugen aus der Stadt.")[1], Pos::kVerb);
  EXPECT_NE(Tags("Die von Gästen skandierten Parolen waren laut.")[3], Pos::kVerb);
}

TEST(Tags, KnowAParticipleBetweenAnArticleAndItsNoun) {
  EXPECT_EQ(Tags("Der erst gestern entsandte Bischof kam am Abend.")[3], Pos::kAdjective);
  EXPECT_EQ(Tags("Der Chef entsandte Minister in alle Länder.")[2], Pos::kVerb);
  EXPECT_EQ(Tags("Am Abend entsandte Minister Tann einen Boten.")[2], Pos::kVerb);
}

TEST(Tags, KnowNounsBehindAHyphen) {
  EXPECT_EQ(Tags("Der ABC-abc-Chef kam am Abend.")[1], Pos::kNoun);
  EXPECT_EQ(Tags("Der SRV-21-Chef kam am Abend.")[1], Pos::kNoun);
  EXPECT_EQ(Tags("Um 12 kamen 21 Gäste.")[1], Pos::kNumeral);
}

TEST(Tags, GiveReadingsOfTheChosenPartOfSpeechOnly) {
  const AnnotatedDocument document =
      ThePipeline().Analyze("Sie liebe das Meer, sagte sie. Die Liebe blieb.", {});
  const auto pos = [&document](size_t token) { return document.tokens[token].pos; };
  EXPECT_EQ(pos(1), Pos::kVerb);
  EXPECT_TRUE(document.tokens[1].morphology.Has(Morphology::kKonjunktiv1));
  EXPECT_EQ(pos(9), Pos::kNoun);
  EXPECT_FALSE(document.tokens[9].morphology.Has(Morphology::kMoods));
}

void ExpectSame(const WordFacts& a, const WordFacts& b, const std::string& form) {
  EXPECT_EQ(a.form, b.form) << form;
  EXPECT_EQ(a.spelling, b.spelling) << form;
  EXPECT_EQ(a.shape, b.shape) << form;
  EXPECT_EQ(a.cluster, b.cluster) << form;
  EXPECT_EQ(a.classes.bits, b.classes.bits) << form;
  EXPECT_EQ(a.pos_mask, b.pos_mask) << form;
  EXPECT_EQ(a.head, b.head) << form;
  EXPECT_EQ(a.analyses.data(), b.analyses.data()) << form;
  EXPECT_EQ(a.lower_analyses.data(), b.lower_analyses.data()) << form;
}

TEST(WordFactsCache, GivesTheSameWhateverWasAskedBefore) {
  WordFactsCache cache;
  std::vector<std::string> forms = {"",  "Die",           "die", "Außenminister",
                                    "Ä", "Berlin-Besuch", "12.5"};
  // More words than places, so that they push each other out.
  for (int i = 0; i < 10000; ++i) forms.push_back("Wort" + std::to_string(i));
  for (int round = 0; round < 2; ++round) {
    for (const std::string& form : forms) {
      for (const bool at_beginning : {false, true}) {
        ExpectSame(cache.Find(form, at_beginning, BuiltLexicon()),
                   FactsOf(form, at_beginning, BuiltLexicon()), form);
      }
    }
  }
}

TEST(WordFacts, KnowPartsOfCompounds) {
  const WordFacts compound = FactsOf("Wüstenminister", false, BuiltLexicon());
  EXPECT_TRUE(compound.classes.Has(WordClass::kOffice));
  EXPECT_FALSE(compound.head_analyses.empty());
  EXPECT_NE(compound.head, 0u);
  const WordFacts hyphen = FactsOf("Berlin-Besuch", false, BuiltLexicon());
  EXPECT_NE(hyphen.first_part_classes & WordClass::kCity, 0u);
  EXPECT_EQ(hyphen.head, FactsOf("Paris-Besuch", false, BuiltLexicon()).head);
}

TEST(WordFacts, KnowAdjectivesMadeOfNames) {
  const WordFacts known = FactsOf("SPD-nahe", false, BuiltLexicon());
  EXPECT_TRUE(known.known);
  EXPECT_TRUE(
      std::any_of(known.analyses.begin(), known.analyses.end(),
                  [](const Analysis& analysis) { return analysis.pos == Pos::kAdjective; }));
  EXPECT_TRUE(FactsOf("SPD-xyz", false, BuiltLexicon()).analyses.empty());
}

}  // namespace
}  // namespace lagebild::extract
