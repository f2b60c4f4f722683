#include "query_service/index/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/utf8.h"

namespace lagebild::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(WordsTest, WordsAreFoldedRunsOfLettersMarksAndDigits) {
  EXPECT_THAT(WordsOf("Die Brücke, 12.000-mal „GESPERRT“!"),
              ElementsAre("die", "brücke", "12", "000", "mal", "gesperrt"));
  EXPECT_THAT(WordsOf("plain ASCII words_2"), ElementsAre("plain", "ascii", "words", "2"));
  EXPECT_THAT(WordsOf(" … – "), IsEmpty());
  EXPECT_THAT(WordsOf(""), IsEmpty());
}

TEST(WordsTest, DifferentSpellingsOfTheSameLettersMeet) {
  EXPECT_EQ(FoldCase("Straße"), FoldCase("STRASSE"));
  EXPECT_EQ(FoldCase("Mu\xcc\x88hlbach"), FoldCase("MÜHLBACH"));  // u + combining diaeresis.
  EXPECT_THAT(WordsOf("Mu\xcc\x88hlbach"), ElementsAre("mühlbach"));
}

// A text that holds a letter of elsewhere goes another way than one without.
TEST(WordsTest, TheShortWayForLatinLettersIsTheLongOne) {
  const std::string elsewhere = " \xce\xa9";  // Omega.
  const auto expect_same = [&](const std::string& text) {
    std::vector<std::string> words = WordsOf(text);
    words.push_back("\xcf\x89");
    EXPECT_EQ(WordsOf(text + elsewhere), words) << text;
    EXPECT_EQ(FoldCase(text + elsewhere), FoldCase(text) + " \xcf\x89") << text;
  };
  std::vector<std::string> characters;
  for (int c = 1; c < 0x80; ++c) characters.emplace_back(1, static_cast<char>(c));
  for (int c = 0x80; c < 0x100; ++c) {
    characters.push_back({static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))});
  }
  for (int c = 0x2000; c < 0x20d0; ++c) {
    characters.push_back({static_cast<char>(0xe2), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
                          static_cast<char>(0x80 | (c & 0x3f))});
  }
  for (const std::string& character : characters) {
    expect_same("a" + character + "b");
    expect_same(character);
    for (const std::string next : {"\xc3\x84", "\xc3\x9f", "s", "\xe2\x80\x9c"}) {
      expect_same(character + next + character);
    }
  }
  for (int length = 60; length < 70; ++length) {
    expect_same(std::string(static_cast<size_t>(length), 'x') + "\xc3\x9f\xc3\x9fy z");
  }
}

TEST(WordsTest, WordsOfAPartAreThoseOfTheWhole) {
  const std::string text = "„Die Größe“ der 12 Brücken – STRASSE, " + std::string(70, 'x') + "ß a";
  const TextWords words(text);
  size_t told = 0;
  for (size_t begin = 0; begin <= text.size(); ++begin) {
    for (size_t end = begin; end <= text.size(); ++end) {
      if (!IsCodePointBorder(text, begin) || !IsCodePointBorder(text, end)) continue;
      const std::optional<TextWords::Range> range = words.Between(begin, end);
      if (!range.has_value()) continue;
      ++told;
      std::vector<std::string> found;
      for (size_t i = range->first; i < range->last; ++i) found.emplace_back(words.word(i));
      EXPECT_EQ(found, WordsOf(text.substr(begin, end - begin))) << begin << " to " << end;
    }
  }
  EXPECT_GT(told, 200u);
  EXPECT_FALSE(words.Between(4, 6).has_value());  // "ie" of "Die".
  EXPECT_FALSE(TextWords("Ω und α").Between(3, 6).has_value());
}

TEST(WordsTest, QueriesKnowBeginnings) {
  EXPECT_THAT(
      QueryWordsOf("Brück* gesperrt *x"),
      ElementsAre(QueryWord{"brück", true}, QueryWord{"gesperrt", false}, QueryWord{"x", false}));
  EXPECT_THAT(QueryWordsOf("abc*"), ElementsAre(QueryWord{"abc", true}));
}

TEST(WordsTest, AnyBytesAreAccepted) {
  EXPECT_NO_THROW(WordsOf("a\xff\xc3(b\xe2\x82"));
  EXPECT_LE(WordsOf(std::string(10'000, 'a'))[0].size(), 64u);
}

TEST(WordsTest, NamesSortAsInAGermanDictionary) {
  EXPECT_LT(CollationKey("Ärzte"), CollationKey("Bremen"));
  EXPECT_LT(CollationKey("apfel"), CollationKey("Äpfel"));
  EXPECT_LT(CollationKey("Zander"), CollationKey("Zöllner"));
  EXPECT_EQ(CollationKey("x").find('\0'), std::string::npos);
}

TEST(WordsTest, ActorIdsComeBackAndTellTypesApart) {
  const uint64_t person = ActorKey("Thekla Barnim", 1);
  EXPECT_EQ(person, ActorKey("THEKLA BARNIM", 1));
  EXPECT_NE(person, ActorKey("Thekla Barnim", 3));
  EXPECT_EQ(ParseActorId(ActorId(person)), person);
  EXPECT_EQ(ParseActorId("act-xyz"), 0u);
  EXPECT_EQ(ParseActorId("Thekla Barnim"), 0u);
}

}  // namespace
}  // namespace lagebild::query
