// Every row of the tables about numbers carries an example; here they run.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <sstream>
#include <string>

#include "extract_service/figures/figure_rules.h"
#include "extract_service/pipeline/pipeline.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

const Pipeline& ThePipeline() {
  static const auto pipeline = Pipeline::Create(Lexicon::DefaultPath());
  EXPECT_TRUE(pipeline.ok()) << pipeline.status();
  return **pipeline;
}

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

}  // namespace
}  // namespace lagebild::extract
