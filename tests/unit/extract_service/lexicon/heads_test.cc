// Heads of compounds in the compiled lexicon.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {
namespace {

/// Head with its first letter capitalised; empty = none.
std::string HeadOf(std::string_view noun) {
  static const auto lexicon = Lexicon::Open(Lexicon::DefaultPath());
  EXPECT_TRUE(lexicon.ok()) << lexicon.status();
  const auto head = (*lexicon)->FindHead(noun);
  if (!head) return {};
  return std::string(word_shape::Recased::Upper(noun.substr(head->begin)).text());
}

TEST(FindHeadTest, IsTheLongestNounAtTheEnd) {
  EXPECT_EQ(HeadOf("Verteidigungsministerium"), "Ministerium");
  EXPECT_EQ(HeadOf("Landesrundfunkanstalt"), "Rundfunkanstalt");
  EXPECT_EQ(HeadOf("CDU-Chefin"), "Chefin");
  EXPECT_EQ(HeadOf("Straßenübergang"), "Übergang");
}

TEST(FindHeadTest, NeedsTwoLettersBeforeAndFourInIt) {
  EXPECT_EQ(HeadOf("Ministerium"), "");
  EXPECT_EQ(HeadOf("Xhaus"), "");
  EXPECT_EQ(HeadOf("Rathaus"), "Haus");
  EXPECT_EQ(HeadOf("Hutrat"), "");
  EXPECT_EQ(HeadOf(""), "");
}

TEST(FindHeadTest, LooksAtNoWordThatIsTooLong) {
  EXPECT_EQ(HeadOf(std::string(word_shape::kMaxWordBytes - 4, 'x') + "haus"), "Haus");
  EXPECT_EQ(HeadOf(std::string(word_shape::kMaxWordBytes, 'x') + "haus"), "");
  EXPECT_EQ(HeadOf("\xC3\xC3\xC3\xC3haus\xC3"), "");
}

TEST(FindHeadTest, RemembersWordsForWhoeverAsksNext) {
  constexpr std::string_view kNoun = "Hafenbehörde";
  auto first = Lexicon::Open(Lexicon::DefaultPath());
  ASSERT_TRUE(first.ok()) << first.status();
  const auto asked = (*first)->FindHead(kNoun);
  ASSERT_TRUE(asked);
  first->reset();
  // What is remembered must not point into the lexicon that is gone.
  const auto second = Lexicon::Open(Lexicon::DefaultPath());
  ASSERT_TRUE(second.ok()) << second.status();
  for (int time = 0; time < 2; ++time) {
    const auto again = (*second)->FindHead(kNoun);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->begin, asked->begin);
    ASSERT_FALSE(again->entry.analyses.empty());
    EXPECT_EQ((*second)->Lemma(again->entry.analyses.front().lemma), "Behörde");
  }
}

}  // namespace
}  // namespace lagebild::extract
