#include "extract_service/figures/number_words.h"

#include <gtest/gtest.h>

namespace lagebild::extract {
namespace {

TEST(ParseDigitsTest, ReadsGermanSeparators) {
  EXPECT_DOUBLE_EQ(ParseDigits("12")->value, 12);
  EXPECT_DOUBLE_EQ(ParseDigits("12.000")->value, 12000);
  EXPECT_DOUBLE_EQ(ParseDigits("1.234.567")->value, 1234567);
  EXPECT_DOUBLE_EQ(ParseDigits("1,5")->value, 1.5);
  EXPECT_DOUBLE_EQ(ParseDigits("1.234,5")->value, 1234.5);
  EXPECT_FALSE(ParseDigits("12.000")->decimal_point);
}

TEST(ParseDigitsTest, APointThatGroupsNoThousandsIsADecimalPoint) {
  EXPECT_DOUBLE_EQ(ParseDigits("7.4")->value, 7.4);
  EXPECT_TRUE(ParseDigits("7.4")->decimal_point);
}

TEST(ParseDigitsTest, RefusesWhatIsNoNumber) {
  for (const char* digits : {"18.10.2024", "17:46", "3/4", "1,2,3", "", "0.000.0",
                             "1234567890123456789", "2024-10-18"}) {
    EXPECT_FALSE(ParseDigits(digits)) << digits;
  }
}

class NumberWordsTest : public ::testing::Test {
 protected:
  static double Value(std::string_view word) {
    static const auto lexicon = Lexicon::Open(Lexicon::DefaultPath());
    static const auto words = NumberWords::Create((*lexicon)->Table("number_words"));
    EXPECT_TRUE(words.ok()) << words.status();
    const auto found = words->Find(word);
    return found && found->Is(NumberWord::kCardinal) ? found->value : -1;
  }
};

TEST_F(NumberWordsTest, ReadsComposedCardinals) {
  EXPECT_EQ(Value("zwölf"), 12);
  EXPECT_EQ(Value("Zwölf"), 12);
  EXPECT_EQ(Value("siebenundvierzig"), 47);
  EXPECT_EQ(Value("hunderteins"), 101);
  EXPECT_EQ(Value("dreihundertfünfzig"), 350);
  EXPECT_EQ(Value("zehntausend"), 10000);
  EXPECT_EQ(Value("zweihundertfünfzigtausenddreihundertzwölf"), 250312);
  EXPECT_EQ(Value("dreiunddreißig"), 33);
  EXPECT_EQ(Value("zweieinhalb"), 2.5);
  EXPECT_EQ(Value("anderthalb"), 1.5);
}

TEST_F(NumberWordsTest, OtherWordsAreNone) {
  for (const char* word : {"und", "Hund", "Achtung", "Zweifel", "jahrhundert", "Dreieck", "einsam",
                           "Jahrtausend", "vierzehnte", ""}) {
    EXPECT_EQ(Value(word), -1) << word;
  }
}

}  // namespace
}  // namespace lagebild::extract
