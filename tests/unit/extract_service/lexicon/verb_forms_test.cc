// The verbs of the compiled lexicon: what the dictionary has, what is derived, and the spellings.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "extract_service/lexicon/lexicon.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

const Lexicon& TheLexicon() {
  static const auto lexicon = Lexicon::Open(Lexicon::DefaultPath());
  EXPECT_TRUE(lexicon.ok()) << lexicon.status();
  return **lexicon;
}

/// Morphology of all readings of the form as this verb; 0 = it has none.
uint32_t MorphologyOf(std::string_view form, std::string_view infinitive) {
  uint32_t bits = 0;
  const auto entry = TheLexicon().Find(form);
  if (!entry) return 0;
  for (const Analysis& analysis : entry->analyses) {
    const bool verb = analysis.pos == Pos::kVerb || analysis.pos == Pos::kAuxiliary;
    if (verb && TheLexicon().Lemma(analysis.lemma) == infinitive) bits |= analysis.morphology.bits;
  }
  return bits;
}

class VerbTableTest : public ::testing::TestWithParam<const char*> {};

TEST_P(VerbTableTest, ExamplesAreForms) {
  const auto rows = ReadTableFile(GetParam());
  ASSERT_FALSE(rows.empty());
  for (const auto& row : rows) {
    const std::string& example = row.at("example");
    const size_t equals = example.find('=');
    ASSERT_NE(equals, std::string::npos) << "a line without an example: " << row.begin()->second;
    EXPECT_NE(MorphologyOf(example.substr(0, equals), example.substr(equals + 1)), 0u) << example;
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, VerbTableTest,
                         ::testing::Values("verb_prefixes", "regular_verbs", "verb_variants"));

TEST(VerbFormsTest, AreKnownInTheSpellingOfTodayAndOfBefore) {
  for (const char* form : {"muss", "muß", "musste", "mußte"}) {
    EXPECT_NE(MorphologyOf(form, "müssen"), 0u) << form;
  }
  EXPECT_NE(MorphologyOf("lässt", "lassen"), 0u);
  EXPECT_NE(MorphologyOf("schloss", "schließen"), 0u);
  EXPECT_NE(MorphologyOf("müsste", "müssen") & Morphology::kKonjunktiv2, 0u);
  EXPECT_NE(MorphologyOf("liess", "lassen"), 0u) << "as spelt in Switzerland";
  EXPECT_EQ(MorphologyOf("grüßt", "grüssen"), 0u);
}

TEST(VerbFormsTest, AreCompletedWhereTheDictionaryHasAFew) {
  EXPECT_NE(MorphologyOf("platzierte", "platzieren") & Morphology::kPast, 0u);
  EXPECT_NE(MorphologyOf("platziert", "platzieren") & Morphology::kParticiplePerfect, 0u);
  EXPECT_NE(MorphologyOf("zugewandt", "zuwenden") & Morphology::kParticiplePerfect, 0u);
  EXPECT_NE(MorphologyOf("wandten", "wenden") & Morphology::kPlural, 0u);
}

TEST(VerbFormsTest, PrefixesMakeVerbsOfVerbs) {
  EXPECT_NE(MorphologyOf("mitfinanziert", "mitfinanzieren") & Morphology::kParticiplePerfect, 0u);
  EXPECT_NE(MorphologyOf("mitzufinanzieren", "mitfinanzieren") & Morphology::kZuInfinitive, 0u);
  EXPECT_NE(MorphologyOf("umrundet", "umrunden") & Morphology::kParticiplePerfect, 0u);
}

TEST(VerbFormsTest, RegularVerbsHaveTheirMoods) {
  EXPECT_NE(MorphologyOf("vereinbare", "vereinbaren") & Morphology::kKonjunktiv1, 0u);
  EXPECT_NE(MorphologyOf("recherchierte", "recherchieren") & Morphology::kPast, 0u);
  EXPECT_EQ(MorphologyOf("recherchiert", "recherchieren") & Morphology::kPast, 0u);
}

TEST(VerbFormsTest, TheStemMayLoseItsE) {
  EXPECT_NE(MorphologyOf("handele", "handeln") & Morphology::kKonjunktiv1, 0u);
  EXPECT_NE(MorphologyOf("handle", "handeln") & Morphology::kKonjunktiv1, 0u);
}

TEST(VerbFormsTest, EveryReportingVerbIsKnown) {
  for (const auto& row : ReadTableFile("reporting_verbs")) {
    const std::string& lemma = row.at("lemma");
    EXPECT_TRUE(TheLexicon().FindLemma(lemma).has_value()) << lemma;
  }
}

}  // namespace
}  // namespace lagebild::extract
