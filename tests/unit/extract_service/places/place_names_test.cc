#include "extract_service/places/place_names.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

const Lexicon& TheLexicon() {
  static const auto lexicon = Lexicon::Open(Lexicon::DefaultPath());
  EXPECT_TRUE(lexicon.ok()) << lexicon.status();
  return **lexicon;
}

/// A document whose tokens are the words between blanks, each with the lemma the lexicon gives it.
AnnotatedDocument Words(const std::string& text) {
  AnnotatedDocument document(text, {});
  for (size_t begin = 0; begin < text.size();) {
    size_t end = text.find(' ', begin);
    if (end == std::string::npos) end = text.size();
    Token token;
    token.span = {static_cast<int32_t>(begin), static_cast<int32_t>(end)};
    token.kind = TokenKind::kWord;
    const auto entry = TheLexicon().Find(text.substr(begin, end - begin));
    if (entry && !entry->analyses.empty()) token.lemma = entry->analyses.front().lemma;
    document.tokens.push_back(token);
    begin = end + 1;
  }
  return document;
}

Place Resolve(const std::string& words) {
  static const PlaceNames names(TheLexicon());
  const AnnotatedDocument document = Words(words);
  return names.Resolve(document, {0, static_cast<int32_t>(document.tokens.size())});
}

TEST(PlaceNamesTest, WhatKindOfPlaceItIsIsNoPartOfTheName) {
  const auto rows = ReadTableFile("place_kinds");
  ASSERT_FALSE(rows.empty());
  for (const auto& row : rows) {
    const std::string& example = row.at("example");
    const size_t open = example.find('[');
    const std::string place = example.substr(open + 1, example.find(']') - open - 1);
    EXPECT_EQ(Resolve(place).name, row.at("example_name")) << example;
  }
}

TEST(PlaceNamesTest, CountriesAndCities) {
  EXPECT_EQ(Resolve("Frankreich").country, "FR");
  EXPECT_EQ(Resolve("Vereinigte Staaten").country, "US");
  EXPECT_EQ(Resolve("Kursk").country, "RU");
  EXPECT_EQ(Resolve("Gebiet Kursk").country, "RU");
  EXPECT_EQ(Resolve("Warschau").country, "PL");
  EXPECT_EQ(Resolve("Moskau").country, "RU");
  EXPECT_EQ(Resolve("Göttingen").country, "DE");
}

TEST(PlaceNamesTest, TheGenitiveIsTakenOff) {
  EXPECT_EQ(Resolve("Mazedoniens").name, "Mazedonien");
  EXPECT_EQ(Resolve("Kursks").name, "Kursk");
  EXPECT_EQ(Resolve("Paris").name, "Paris");
  EXPECT_EQ(Resolve("Tolmeins").name, "Tolmeins") << "no list has the name without s";
}

TEST(PlaceNamesTest, AmbiguousNamesHaveNoCountry) {
  EXPECT_EQ(Resolve("Birmingham").country, "") << "in England and in Alabama";
  EXPECT_EQ(Resolve("Tolmein").country, "");
}

}  // namespace
}  // namespace lagebild::extract
