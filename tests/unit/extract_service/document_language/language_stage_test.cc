#include "extract_service/document_language/language_stage.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

LanguageGuesser Guesser() {
  std::vector<std::pair<std::string, std::string>> rows;
  for (auto& row : ReadTableFile("function_words"))
    rows.emplace_back(row["language"], row["words"]);
  auto guesser = LanguageGuesser::Create(rows, [](std::string_view form) {
    static const std::set<std::string_view> forms = {"Flut", "Deich", "erreicht", "Stadt",
                                                     "Hochwasser"};
    return forms.contains(form);
  });
  EXPECT_TRUE(guesser.ok()) << guesser.status();
  return *std::move(guesser);
}

TEST(Language, IsToldByTheExampleOfEachRow) {
  const LanguageGuesser guesser = Guesser();
  for (auto& row : ReadTableFile("function_words")) {
    // Danish and Norwegian share nearly all of theirs.
    if (row["language"] == "no") continue;
    EXPECT_EQ(guesser.Guess(row["example"]), row["language"]) << row["example"];
  }
}

TEST(Language, KnowsShortGermanHeadlinesByTheDictionary) {
  const LanguageGuesser guesser = Guesser();
  EXPECT_EQ(guesser.Guess("Hochwasser erreicht Sandau"), "de");
  EXPECT_EQ(guesser.Guess("Flut erreicht Wellin"), "de");
  EXPECT_EQ(guesser.Guess("Die Flut"), "de");
}

TEST(Language, IsUndeterminedWhereThereIsTooLittle) {
  const LanguageGuesser guesser = Guesser();
  for (const std::string text :
       {"", "   ", "12.000", "Sandau", "Вода пришла в город", "水が来た", "\xF0\x9F\x91\x8D"}) {
    EXPECT_EQ(guesser.Guess(text), "und") << text;
  }
}

TEST(Language, NamesInAForeignTextDoNotMakeItGerman) {
  EXPECT_EQ(
      Guesser().Guess("The mayor of München said that the Oktoberfest is over and will not be "
                      "held this year."),
      "en");
}

TEST(Language, ReadsOnUntilOneLanguageIsFarAhead) {
  std::string german;
  std::string both;
  for (int i = 0; i < 20; ++i) {
    german += "Die Stadt hat den Deich in der Nacht nicht geräumt. ";
    both += "Die Stadt hat den Deich geräumt. The mayor of the town said that it is over. ";
  }
  const LanguageGuesser guesser = Guesser();
  // Sure after the first words: what follows does not matter.
  EXPECT_EQ(guesser.Guess(german + both + both), "de");
  // Not sure after the first words: what follows decides.
  std::string english;
  for (int i = 0; i < 100; ++i) english += "It was the end of the year and that is all. ";
  EXPECT_EQ(guesser.Guess(both + german + german + german), "de");
  EXPECT_EQ(guesser.Guess(both + english), "en");
}

TEST(Language, RefusesATableWithoutGerman) {
  EXPECT_FALSE(
      LanguageGuesser::Create({{"en", "the of"}}, [](std::string_view) { return false; }).ok());
}

}  // namespace
}  // namespace lagebild::extract
