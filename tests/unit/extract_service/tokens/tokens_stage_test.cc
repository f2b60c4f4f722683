#include "extract_service/tokens/tokens_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;

bool IsKnownAbbreviation(std::string_view form) {
  return form == "Dr." || form == "Mio." || form == "usw." || form == "Nr.";
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (const Token& token : Tokenize(text, IsKnownAbbreviation)) {
    words.emplace_back(token.span.In(text));
  }
  return words;
}

// Opening marks as <, closing as >, anything else left out.
std::string Quotes(std::string_view text) {
  std::string marks;
  for (const Token& token : Tokenize(text, IsKnownAbbreviation)) {
    if (token.kind == TokenKind::kOpeningQuote) marks += '<';
    if (token.kind == TokenKind::kClosingQuote) marks += '>';
  }
  return marks;
}

TEST(Tokens, KeepsWordsWithInnerHyphensAndApostrophesWhole) {
  EXPECT_THAT(Words("Die US-Regierung, D'Arenga und gibt’s."),
              ElementsAre("Die", "US-Regierung", ",", "D'Arenga", "und", "gibt’s", "."));
  EXPECT_THAT(Words("Innen- und Außenpolitik"), ElementsAre("Innen-", "und", "Außenpolitik"));
  EXPECT_THAT(Words("eine 20-Jährige der 1990er"),
              ElementsAre("eine", "20-Jährige", "der", "1990er"));
  EXPECT_THAT(Words("G20, Bürger:innen"), ElementsAre("G20", ",", "Bürger:innen"));
}

TEST(Tokens, KeepsNumbersDatesAndClocksWhole) {
  EXPECT_THAT(Words("12.000 Leute, 1,5 Mio. Euro."),
              ElementsAre("12.000", "Leute", ",", "1,5", "Mio.", "Euro", "."));
  EXPECT_THAT(Words("Stand: 18.10.2024 17:46 Uhr"),
              ElementsAre("Stand", ":", "18.10.2024", "17:46", "Uhr"));
  EXPECT_THAT(Words("am 3. und 4.5. um 19.30 Uhr"),
              ElementsAre("am", "3", ".", "und", "4.5", ".", "um", "19.30", "Uhr"));
  EXPECT_THAT(Words("(2024-10-18) 2024-10 10-17 1925/26"),
              ElementsAre("(", "2024-10-18", ")", "2024-10", "10", "-", "17", "1925/26"));
  EXPECT_THAT(Words("haben.23.10.2024 | 2:31 min"),
              ElementsAre("haben", ".", "23.10.2024", "|", "2:31", "min"));
  EXPECT_THAT(Words("50% und 3€"), ElementsAre("50", "%", "und", "3", "€"));
}

TEST(Tokens, JoinsAbbreviationsAndInitialsWithTheirStops) {
  EXPECT_THAT(
      Words("Dr. Orlo, z.B. Anna W. Bell, z. B. a.D."),
      ElementsAre("Dr.", "Orlo", ",", "z.B.", "Anna", "W.", "Bell", ",", "z.", "B.", "a.D."));
  EXPECT_THAT(Words("Er ging."), ElementsAre("Er", "ging", "."));
  EXPECT_THAT(Words("Das ist Plan B."), ElementsAre("Das", "ist", "Plan", "B", "."));
}

TEST(Tokens, KeepsAddressesWhole) {
  EXPECT_THAT(Words("Siehe https://example.org/a?b=c, www.bild-x.de."),
              ElementsAre("Siehe", "https://example.org/a?b=c", ",", "www.bild-x.de", "."));
  EXPECT_THAT(Words("Wie tagesbote.de meldete, max.muster@example.org"),
              ElementsAre("Wie", "tagesbote.de", "meldete", ",", "max.muster@example.org"));
  EXPECT_THAT(Words("gesagt.Der #Wahl_1 @amt"),
              ElementsAre("gesagt", ".", "Der", "#Wahl_1", "@amt"));
}

TEST(Tokens, TypesQuotationMarksByShapeAndSurroundings) {
  EXPECT_EQ(Quotes("„Ja“, sagte er. „Nein.“"), "<><>");
  EXPECT_EQ(Quotes("\"Ja\", sagte \"er\". (\"Nein\")"), "<><><>");
  EXPECT_EQ(Quotes("»Ja«, «Nein», “Yes” und ‚einfach‘ ›so‹"), "<><><><><>");
  EXPECT_EQ(Quotes("„Er rief: ‚Halt!‘“"), "<<>>");
  EXPECT_EQ(Quotes("''Ja'' und ``Nein'' und ,,alt''"), "<><><>");
  EXPECT_EQ(Quotes("der \"US\"-Chef und das \"-\""), "<><>");
  EXPECT_EQ(Quotes("„Ja”, „Nein\" und \"Bruch\", \"nicht nur in X\", sondern"), "<><><><>");
  EXPECT_EQ(Quotes("„…und dann“ „...und“"), "<><>");
}

TEST(Tokens, AnUnclosedQuotationDoesNotReachTheNextParagraph) {
  EXPECT_EQ(Quotes("Er sagte \"so.\n\nSie-\"kamen\" an."), "<<>");
}

TEST(Tokens, TellsApostrophesFromMarks) {
  EXPECT_EQ(Quotes("Hans' Hut, Marx’ Bart"), "");
  EXPECT_EQ(Quotes("'Ja', sagte er"), "<>");
}

TEST(Tokens, KeepsEllipsesEmojiAndDashesTogether) {
  EXPECT_THAT(
      Words("die (...) und […] so... – nein -- 👍🏽🇩🇪"),
      ElementsAre("die", "(...)", "und", "[…]", "so", "...", "–", "nein", "--", "👍🏽", "🇩🇪"));
}

TEST(Tokens, SetsLayoutAndCase) {
  const auto tokens = Tokenize("Die NATO\nund Äpfel, ach", IsKnownAbbreviation);
  ASSERT_EQ(tokens.size(), 6u);
  EXPECT_TRUE(tokens[0].capitalized && tokens[0].line_start && tokens[0].space_before);
  EXPECT_TRUE(tokens[1].all_caps);
  EXPECT_TRUE(tokens[2].line_start);
  EXPECT_TRUE(tokens[3].capitalized);
  EXPECT_FALSE(tokens[3].all_caps);
  EXPECT_FALSE(tokens[4].space_before);
}

void CheckInvariants(std::string_view text) {
  int32_t last = 0;
  for (const Token& token : Tokenize(text, IsKnownAbbreviation)) {
    ASSERT_LE(last, token.span.begin);
    ASSERT_LT(token.span.begin, token.span.end);
    ASSERT_LE(static_cast<size_t>(token.span.end), text.size());
    last = token.span.end;
    const auto border = [&](int32_t at) {
      return static_cast<size_t>(at) == text.size() ||
             (static_cast<unsigned char>(text[static_cast<size_t>(at)]) & 0xC0) != 0x80;
    };
    ASSERT_TRUE(border(token.span.begin) && border(token.span.end));
  }
}

TEST(Tokens, HoldsItsInvariantsOnRandomText) {
  const std::vector<std::string> pieces = {
      "a",      "Ä",  "ß",      "1",    ".",   ",",       "-", "\"", "„",      "“",       "'",
      "’",      " ",  "\n",     "(",    ")",   "…",       "@", "#",  "/",      "http://", "👍",
      "\u200d", "漢", "\u0301", "z.B.", "Dr.", "2024-10", "%", ":",  "\u00ad", "''"};
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += pieces[random() % pieces.size()];
    CheckInvariants(text);
  }
}

TEST(Tokens, IsLinearOnLongLines) {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string piece :
       {"a", "1", "1.", "a.", "a@", "\"", "„", "漢", "-", "a-", "x.y.", "#a"}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    CheckInvariants(text);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace lagebild::extract
