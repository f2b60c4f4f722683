#include "extract_service/clauses/clause_grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/extract_service/support/tagged_text.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;

/// A parsed sentence with what is needed to look at it.
struct Parsed {
  explicit Parsed(const std::string& tagged) : document(TaggedText(tagged)) {
    const ClauseGrammar grammar(BuiltLexicon());
    grammar.LookUp(document, &words);
    grammar.Parse(document, words, 0, &clauses);
  }

  std::string Text(int32_t token) const {
    return token < 0 ? "-" : std::string(document.TokenText(token));
  }
  std::vector<std::string> Segments() const {
    std::vector<std::string> texts;
    for (const Segment& segment : clauses.segments) {
      texts.emplace_back(document.TextOf(document.SpanOf(segment.tokens)));
    }
    return texts;
  }
  const SentenceClause& operator[](size_t clause) const { return clauses.clauses.at(clause); }

  AnnotatedDocument document;
  std::vector<WordInfo> words;
  SentenceClauses clauses;
};

TEST(ClauseGrammarTest, CutsAtCommaAndKnowsTheOpener) {
  const Parsed parsed("Berg/E sagte/V ,/. dass/C der/D Deich/N gehalten/V habe/X ./.");
  EXPECT_THAT(parsed.Segments(), ElementsAre("Berg sagte", "dass der Deich gehalten habe"));
  EXPECT_EQ(parsed[0].kind, ClauseKind::kMain);
  EXPECT_EQ(parsed[1].opener, Opener::kDass);
  EXPECT_EQ(parsed[1].mood, ClauseMood::kKonjunktiv1);
  EXPECT_EQ(parsed.Text(parsed[1].main), "gehalten");
}

TEST(ClauseGrammarTest, JoinsVerbAndSeparatedParticle) {
  const Parsed parsed("Berg/E teilte/V am/R Abend/N mit/R ,/. der/D Deich/N halte/V ./.");
  EXPECT_EQ(parsed.Text(parsed[0].finite), "teilte");
  EXPECT_EQ(parsed.Text(parsed[0].particle), "mit");
  EXPECT_EQ(parsed[1].kind, ClauseKind::kMain);
}

TEST(ClauseGrammarTest, FindsTheFullVerbBehindAnAuxiliary) {
  const Parsed parsed("Berg/E hat/X den/D Bericht/N bestätigt/V ./.");
  EXPECT_EQ(parsed.Text(parsed[0].finite), "hat");
  EXPECT_EQ(parsed.Text(parsed[0].main), "bestätigt");
  EXPECT_FALSE(parsed[0].passive);
}

TEST(ClauseGrammarTest, KnowsThePassive) {
  const Parsed parsed("Der/D Bericht/N wurde/X von/R Berg/E bestätigt/V ./.");
  EXPECT_TRUE(parsed[0].passive);
}

TEST(ClauseGrammarTest, ReadsAPostposedFrameAsVerbFirst) {
  const Parsed parsed("Der/D Deich/N sei/X sicher/A ,/. sagte/V Berg/E ./.");
  ASSERT_EQ(parsed.clauses.clauses.size(), 2u);
  EXPECT_TRUE(parsed[1].verb_first);
  EXPECT_EQ(parsed[0].mood, ClauseMood::kKonjunktiv1);
}

TEST(ClauseGrammarTest, LetsARelativeClauseInterruptItsClause) {
  const Parsed parsed("Der/D Mann/N ,/. der/P gestern/B kam/V ,/. schweigt/V ./.");
  ASSERT_EQ(parsed.clauses.clauses.size(), 2u);
  EXPECT_EQ(parsed.Text(parsed[0].finite), "schweigt");
  EXPECT_EQ(parsed[1].kind, ClauseKind::kRelative);
}

TEST(ClauseGrammarTest, ReadsAnInfinitiveClauseThatOpensWithAnArticle) {
  const Parsed parsed("Berg/E forderte/V ,/. die/D Brücke/N zu/C sperren/V ./.");
  ASSERT_EQ(parsed.clauses.clauses.size(), 2u);
  EXPECT_EQ(parsed[1].kind, ClauseKind::kInfinitive);
}

TEST(ClauseGrammarTest, TakesAQuotationForOnePiece) {
  const Parsed parsed("„/O Wir/P bleiben/V ,/. sie/P gehen/V “/Q ,/. sagte/V Berg/E ./.");
  EXPECT_EQ(parsed.clauses.segments.size(), 2u);
}

TEST(ClauseGrammarTest, DoesNotCallAFormKonjunktivThatIsIndicativeToo) {
  const Parsed parsed("Die/D Leute/N kommen/V ./.");
  EXPECT_NE(parsed[0].mood, ClauseMood::kKonjunktiv1);
}

TEST(ClauseGrammarTest, OpensAWieClauseWhoseVerbStandsBehindAnApposition) {
  const Parsed parsed(
      "Der/D Deich/N hält/V ,/. wie/C Berg/E ,/. Chef/N der/D Wache/N ,/. sagte/V ./.");
  ASSERT_EQ(parsed.clauses.clauses.size(), 2u);
  EXPECT_EQ(parsed[1].opener, Opener::kWie);
  EXPECT_EQ(parsed.Text(parsed[1].finite), "sagte");
}

TEST(ClauseGrammarTest, KeepsAClausePutInWithSoApart) {
  const Parsed parsed(
      "In/R zehn/M Jahren/N ,/. so/B schätzt/V Berg/E ,/. wird/X der/D Deich/N brechen/V ./.");
  ASSERT_EQ(parsed.clauses.clauses.size(), 2u);
  EXPECT_EQ(parsed.Text(parsed[0].finite), "wird");
  EXPECT_EQ(parsed.Text(parsed[1].finite), "schätzt");
}

TEST(ClauseGrammarTest, GoesOnBehindAFramePutInBeforeTheVerb) {
  const Parsed parsed(
      "Im/R Tal/N ,/. stellte/V Berg/E fest/R ,/. seien/X die/D Wege/N gesperrt/V ./.");
  ASSERT_EQ(parsed.clauses.clauses.size(), 2u);
  EXPECT_EQ(parsed.Text(parsed[0].finite), "seien");
  EXPECT_EQ(parsed.Text(parsed[1].finite), "stellte");
}

TEST(ClauseGrammarTest, JoinsTheVerbBehindAnAppositionToAWieClause) {
  const Parsed parsed(
      "Wie/C der/D Chef/N ,/. Anton/E Berg/E ,/. sagte/V ,/. waren/X die/D Wege/N gesperrt/V ./.");
  ASSERT_EQ(parsed.clauses.clauses.size(), 2u);
  EXPECT_EQ(parsed.Text(parsed[0].finite), "sagte");
  EXPECT_EQ(parsed.Text(parsed[1].finite), "waren");
}

TEST(ClauseGrammarTest, TakesAPrepositionThatMayOpenAClauseForOne) {
  const Parsed parsed(
      "Seit/R Mai/N seien/X dort/B viele/A Menschen/N getötet/V oder/C verwundet/V worden/X ,/. "
      "fügte/V Berg/E hinzu/R ./.");
  EXPECT_EQ(parsed[0].kind, ClauseKind::kMain);
  EXPECT_EQ(parsed.Text(parsed[0].finite), "seien");
}

TEST(ClauseGrammarTest, CutsAnInfinitiveThatHasNoComma) {
  const Parsed parsed(
      "Berg/E hatte/X am/R Abend/N angekündigt/V bei/R der/D Wahl/N anzutreten/V ./.");
  EXPECT_THAT(parsed.Segments(),
              ElementsAre("Berg hatte am Abend angekündigt", "bei der Wahl anzutreten"));
  EXPECT_EQ(parsed[1].kind, ClauseKind::kInfinitive);
}

TEST(ClauseGrammarTest, KeepsAnInfinitiveInItsBracket) {
  const Parsed parsed("Berg/E hat/X den/D Deich/N zu/R schützen/V ./.");
  EXPECT_EQ(parsed.clauses.clauses.size(), 1u);
}

TEST(ClauseGrammarTest, TakesTheFormOfAWishForTheIndicative) {
  const Parsed parsed("Berg/E möchte/X den/D Deich/N sehen/V ./.");
  EXPECT_EQ(parsed[0].mood, ClauseMood::kIndicative);
}

TEST(ClauseGrammarTest, ReadsAnUnknownVerbByTheVerbAtItsEnd) {
  const Parsed finite("Berg/E sagte/V ,/. dass/C hier/B alles/P querläuft/V ./.");
  EXPECT_EQ(finite.Text(finite[1].finite), "querläuft");
  EXPECT_EQ(finite[1].mood, ClauseMood::kIndicative);
  const Parsed infinitive("Berg/E bat/V ,/. den/D Text/N querzulesen/V ./.");
  EXPECT_EQ(infinitive[1].kind, ClauseKind::kInfinitive);
  const Parsed unknown("Berg/E sagte/V ,/. dass/C hier/B alles/P xyzzt/V ./.");
  EXPECT_EQ(unknown.Text(unknown[1].finite), "-");
}

TEST(ClauseGrammarTest, TakesAFormWithItsSubjectRightBehindForFinite) {
  const Parsed finite(
      "Am/R Abend/N ,/. brauchen/V wir/P nicht/B anzutreten/V ,/. sagte/V Berg/E ./.");
  EXPECT_EQ(finite.Text(finite[1].finite), "brauchen");
  EXPECT_TRUE(finite[1].verb_first);
  const Parsed infinitive("Berg/E hofft/V ,/. kommen/V zu/C können/V ./.");
  EXPECT_EQ(infinitive[1].kind, ClauseKind::kInfinitive);
}

TEST(ClauseGrammarTest, TellsAPrepositionByTheVerbThatStandsSecond) {
  const Parsed preposition(
      "Während/R des/D Treffens/N haben/X viele/A Gäste/N reden/V wollen/V ./.");
  EXPECT_EQ(preposition[0].kind, ClauseKind::kMain);
  EXPECT_EQ(preposition.Text(preposition[0].finite), "haben");
  const Parsed opener("Seit/R die/D Gäste/N kommen/V wollen/V ,/. schweigt/V Berg/E ./.");
  EXPECT_EQ(opener[0].opener, Opener::kSubordinator);
  EXPECT_EQ(opener.Text(opener[0].finite), "wollen");
}

TEST(ClauseGrammarTest, TakesNoPrepositionBeforeANumberForAParticle) {
  const Parsed preposition("Berg/E traf/V nach/R 90/M Minuten/N ./.");
  EXPECT_EQ(preposition.Text(preposition[0].particle), "-");
  const Parsed particle("Berg/E gab/V nach/R 90/M Minuten/N nach/R ./.");
  EXPECT_EQ(particle.Text(particle[0].particle), "nach");
}

TEST(ClauseGrammarTest, OpensARelativeClauseWhosePronounLooksLikeAnArticle) {
  for (const char* inserted :
       {"dessen/D Gremien/N heute/B tagen/V", "den/D Berg/E an/R Tann/E geschickt/V hat/X"}) {
    const Parsed parsed("Der/D Brief/N ,/. " + std::string(inserted) + " ,/. fehlt/V ./.");
    ASSERT_EQ(parsed.clauses.clauses.size(), 2u) << inserted;
    EXPECT_EQ(parsed[1].opener, Opener::kRelative) << inserted;
    EXPECT_EQ(parsed.Text(parsed[0].finite), "fehlt") << inserted;
  }
  const Parsed main("Berg/E sagte/V ,/. den/D Brief/N hat/X Tann/E geschickt/V ./.");
  EXPECT_EQ(main[1].kind, ClauseKind::kMain);
}

TEST(ClauseGrammarTest, GoesBackToTheClauseAroundBehindTheVerbOfARelativeClause) {
  const Parsed parsed(
      "Berg/E hält/V das/D Verfahren/N ,/. das/P dazu/B führte/V ,/. für/R falsch/A ./.");
  ASSERT_EQ(parsed.clauses.segments.size(), 3u);
  EXPECT_EQ(parsed.clauses.segments[2].clause, 0);
  const Parsed own("Berg/E traf/V den/D Mann/N ,/. der/P früh/B kam/V ,/. am/R Mittag/N aß/V ./.");
  ASSERT_EQ(own.clauses.segments.size(), 3u);
  EXPECT_NE(own.clauses.segments[2].clause, 0);
}

TEST(ClauseGrammarTest, SurvivesMarksOnly) {
  const Parsed parsed(",/. :/. ,/. „/O “/Q ./.");
  EXPECT_LE(parsed.clauses.clauses.size(), 3u);
}

}  // namespace
}  // namespace lagebild::extract
