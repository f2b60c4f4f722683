// Every row of the tables about numbers carries an example; here they run.

#include <gtest/gtest.h>
#include <unicode/rbnf.h>

#include <cmath>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "extract_service/figures/figure_rules.h"
#include "tests/unit/extract_service/support/analyzed_text.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

struct Example {
  std::string sentence;
  std::string expected;
};

Example Split(const std::string& example) {
  const size_t arrow = example.find(" => ");
  EXPECT_NE(arrow, std::string::npos) << example;
  return {example.substr(0, arrow), example.substr(arrow + 4)};
}

std::string Bound(const std::optional<double>& bound) {
  if (!bound) return "-";
  const double rounded = std::round(*bound * 1e6) / 1e6;
  if (rounded == std::floor(rounded)) return std::to_string(static_cast<int64_t>(rounded));
  std::ostringstream out;
  out << rounded;
  return out.str();
}

std::string Bounds(const Figure& figure) {
  if (!figure.low && !figure.high) return "-..-";
  return Bound(figure.low) + ".." + Bound(figure.high);
}

std::optional<Figure> FirstFigure(const std::string& sentence) {
  const AnnotatedDocument document = ThePipeline().Analyze(sentence, {});
  if (document.figures.empty()) return std::nullopt;
  return document.figures.front();
}

TEST(FigureExamplesTest, NumberWords) {
  for (const auto& row : ReadTableFile("number_words")) {
    const auto [sentence, expected] = Split(row.at("example"));
    const auto figure = FirstFigure(sentence);
    ASSERT_TRUE(figure) << sentence;
    EXPECT_EQ(Bounds(*figure), expected == "-" ? "-..-" : expected) << sentence;
  }
}

TEST(FigureExamplesTest, Cues) {
  for (const auto& row : ReadTableFile("figure_cues")) {
    const auto [sentence, expected] = Split(row.at("example"));
    const auto figure = FirstFigure(sentence);
    if (expected == "none") {
      EXPECT_FALSE(figure) << sentence;
      continue;
    }
    ASSERT_TRUE(figure) << sentence;
    const size_t blank = expected.find(' ');
    EXPECT_EQ(figure->qualifier, QualifierOf(expected.substr(0, blank))) << sentence;
    EXPECT_EQ(Bounds(*figure), expected.substr(blank + 1)) << sentence;
  }
}

TEST(FigureExamplesTest, Units) {
  for (const auto& row : ReadTableFile("units")) {
    const auto [sentence, expected] = Split(row.at("example"));
    const auto figure = FirstFigure(sentence);
    if (expected == "none") {
      EXPECT_FALSE(figure) << sentence;
      continue;
    }
    ASSERT_TRUE(figure) << sentence;
    EXPECT_EQ(Bounds(*figure) + " " + figure->unit, expected) << sentence;
  }
}

TEST(FigureExamplesTest, Status) {
  for (const auto& row : ReadTableFile("figure_status")) {
    const auto [sentence, expected] = Split(row.at("example"));
    const auto figure = FirstFigure(sentence);
    ASSERT_TRUE(figure) << sentence;
    EXPECT_EQ(figure->status, expected) << sentence;
  }
}

TEST(FigureExamplesTest, NumbersThatAreNoFigures) {
  for (const char* sentence : {
           "Die Firma verkauft den Panzer T-72 nach Kestrin.",
           "Der 54-jährige Mann wohnt in Kestrin.",
           "Die Mannschaft gewann mit 3:2 gegen Kestrin.",
           "Der 500-Euro-Schein lag auf dem Tisch.",
           "Die G20 trafen sich in Kestrin.",
           "Beide Männer wohnen in Kestrin.",
           "Eine der Frauen wohnt in Kestrin.",
           "Er kam als 3. Läufer ins Ziel.",
           "Die Sendung läuft in Studio Kestrin 2 und im Radio.",
       }) {
    EXPECT_FALSE(FirstFigure(sentence)) << sentence;
  }
}

TEST(FigureExamplesTest, RangesAndScales) {
  struct Case {
    const char* sentence;
    const char* bounds;
  };
  for (const auto& [sentence, bounds] : {
           Case{"In Kestrin wohnen fünf bis sechs Familien.", "5..6"},
           Case{"In Kestrin wohnen 300-400 Familien.", "300..400"},
           Case{"In Kestrin wohnen zwischen 300 und 400 Familien.", "300..400"},
           Case{"Das Werk kostet 1,5 bis 2 Millionen Euro.", "1500000..2000000"},
           Case{"In Kestrin wohnen 12 000 Familien.", "12000..12000"},
           Case{"In Kestrin wohnen 12.000 Familien.", "12000..12000"},
           Case{"In Kestrin wohnen zwölftausend Familien.", "12000..12000"},
       }) {
    const auto figure = FirstFigure(sentence);
    ASSERT_TRUE(figure) << sentence;
    EXPECT_EQ(Bounds(*figure), bounds) << sentence;
  }
}

TEST(FigureExamplesTest, PartOfAWhole) {
  const auto figure = FirstFigure("Von der Sperre sind 138 der 550 Abgeordneten betroffen.");
  ASSERT_TRUE(figure);
  EXPECT_EQ(Bounds(*figure), "138..138");
  EXPECT_EQ(figure->unit, "Abgeordnete");
}

TEST(FigureExamplesTest, UnitsAreInTheNominative) {
  EXPECT_EQ(FirstFigure("Die Partei gewann in 328 Bezirken.")->unit, "Bezirke");
  EXPECT_EQ(FirstFigure("Die Armee rechnet mit 300 Soldaten.")->unit, "Soldaten");
  EXPECT_EQ(FirstFigure("Die Polizei spricht von 300 Verletzten.")->unit, "Verletzte");
}

/// A number in German words, without the soft hyphens ICU puts between them.
std::string InWords(int number) {
  UErrorCode status = U_ZERO_ERROR;
  static const icu::RuleBasedNumberFormat kSpellout(icu::URBNF_SPELLOUT, icu::Locale::getGerman(),
                                                    status);
  icu::UnicodeString words;
  kSpellout.format(number, words);
  words.findAndReplace(icu::UnicodeString(UChar32{0xad}), icu::UnicodeString());
  std::string utf8;
  words.toUTF8String(utf8);
  return utf8;
}

std::string Grouped(int number, const std::string& separator) {
  std::string digits = std::to_string(number);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), separator);
  }
  return digits;
}

TEST(FigurePropertyTest, ANumberIsTheSameHoweverItIsWritten) {
  for (int number = 3; number < 1'000'000; number += number < 130 ? 1 : number / 17) {
    const std::string bounds = absl::StrCat(number, "..", number);
    std::vector<std::string> forms = {InWords(number), Grouped(number, "."), Grouped(number, " "),
                                      Grouped(number, "\u00a0")};
    // Four plain digits may be a year.
    if (number < 1000 || number >= 2100) forms.push_back(std::to_string(number));
    for (const std::string& written : forms) {
      const std::string sentence = "Im Lager von Kestrin leben " + written + " Familien.";
      const auto figure = FirstFigure(sentence);
      ASSERT_TRUE(figure) << sentence;
      EXPECT_EQ(Bounds(*figure), bounds) << sentence;
      EXPECT_EQ(figure->qualifier, Qualifier::kExact) << sentence;
    }
  }
}

}  // namespace
}  // namespace lagebild::extract
