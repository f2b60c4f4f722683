#include "extract_service/pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "extract_service/contract/extraction.h"
#include "extract_service/contract/span_texts.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kArticle[] =
    "Kestrin (dpa) - Die Ministerin Anna Velden teilte am Montag mit, rund 300 Soldaten seien in "
    "den Norden verlegt worden. „Wir wissen nicht, ob es mehr sind“, sagte sie. Der Sprecher der "
    "Opposition bestritt, dass weitere Soldaten folgen sollen.";

class PipelineTest : public ::testing::Test {
 protected:
  static const Pipeline& ThePipeline() {
    static const auto pipeline = Pipeline::Create(Lexicon::DefaultPath());
    EXPECT_TRUE(pipeline.ok()) << pipeline.status();
    return **pipeline;
  }

  static std::string Bytes(const AnnotatedDocument& document) {
    v1::Extraction extraction;
    FillExtraction(document, ThePipeline().version(), SpanTexts::kLeftOut, extraction);
    EXPECT_TRUE(FillSpanTexts(document.text(), extraction).ok());
    return SerializeDeterministic(extraction);
  }

  // Seconds for a text of some length; the analysis must not crash and its spans must fit.
  static double Measure(const std::string& text) {
    const auto begin = std::chrono::steady_clock::now();
    const AnnotatedDocument document = ThePipeline().Analyze(text, {});
    const auto end = std::chrono::steady_clock::now();
    Bytes(document);
    return std::chrono::duration<double>(end - begin).count();
  }

  static std::string Repeat(std::string_view part, size_t bytes) {
    std::string text;
    text.reserve(bytes + part.size());
    while (text.size() < bytes) text += part;
    return text;
  }

  // Four times the text may take about four times as long; much more is no longer linear.
  static void ExpectLinear(std::string_view part, size_t bytes) {
    const double small = Measure(Repeat(part, bytes / 4));
    const double large = Measure(Repeat(part, bytes));
    EXPECT_LT(large, 10 * small + 1) << part.substr(0, 40);
  }
};

TEST_F(PipelineTest, RunsItsStagesInThisOrder) {
  EXPECT_THAT(
      ThePipeline().stage_names(),
      ElementsAre("language", "regions", "tokens", "sentences", "tags", "published", "times",
                  "names", "phrases", "actors", "claims", "claim_times", "figures", "events"));
}

TEST_F(PipelineTest, FillsEveryLayer) {
  DeclaredMetadata declared;
  declared.published = "2024-10-22";
  const AnnotatedDocument document = ThePipeline().Analyze(kArticle, declared);
  EXPECT_EQ(document.language, "de");
  EXPECT_THAT(document.regions, Not(IsEmpty()));
  EXPECT_THAT(document.sentences, Not(IsEmpty()));
  EXPECT_TRUE(document.published.has_value());
  EXPECT_THAT(document.times, Not(IsEmpty()));
  EXPECT_THAT(document.entities, Not(IsEmpty()));
  EXPECT_THAT(document.actors, Not(IsEmpty()));
  EXPECT_THAT(document.claims, Not(IsEmpty()));
  EXPECT_THAT(document.figures, Not(IsEmpty()));
  EXPECT_THAT(document.events, Not(IsEmpty()));
  EXPECT_THAT(document.truncated_layers, IsEmpty());
}

TEST_F(PipelineTest, OtherLanguagesGetRegionsOnly) {
  const AnnotatedDocument document = ThePipeline().Analyze(
      "The minister said on Monday that 300 soldiers had been sent to the border with her "
      "neighbours, and that they would not return before the end of the year.",
      {});
  EXPECT_EQ(document.language, "en");
  EXPECT_THAT(document.regions, Not(IsEmpty()));
  EXPECT_THAT(document.tokens, IsEmpty());
  EXPECT_THAT(document.claims, IsEmpty());
}

TEST_F(PipelineTest, ThreadsAgree) {
  const std::string expected = Bytes(ThePipeline().Analyze(kArticle, {}));
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  for (std::string& result : results) {
    threads.emplace_back([&result] { result = Bytes(ThePipeline().Analyze(kArticle, {})); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : results) EXPECT_EQ(result, expected);
}

TEST_F(PipelineTest, ProfileHasOneEntryForEachStage) {
  StageProfile profile;
  ThePipeline().Analyze(kArticle, {}, profile);
  EXPECT_EQ(profile.stages.size(), ThePipeline().stage_names().size());
}

TEST_F(PipelineTest, VersionNamesProgramAndData) {
  EXPECT_THAT(std::string(ThePipeline().version()),
              ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\\+[0-9a-f]+"));
}

TEST_F(PipelineTest, AMissingLexiconIsNotFound) {
  EXPECT_EQ(Pipeline::Create("/nowhere/de.lexicon").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(PipelineTest, OneLongLineTakesLinearTime) {
  ExpectLinear("Der Sprecher sagte am Montag, rund 300 Soldaten seien in Kestrin. ", 2'000'000);
}

TEST_F(PipelineTest, ALineWithoutStopsTakesLinearTime) {
  ExpectLinear("der Sprecher sagte am Montag rund 300 Soldaten seien in Kestrin und ", 1'000'000);
}

TEST_F(PipelineTest, NestedQuotesTakeLinearTime) {
  ExpectLinear("„Er ‚", 800'000);
  ExpectLinear("„", 300'000);
  ExpectLinear("Er sagte: „", 800'000);
}

TEST_F(PipelineTest, ManyItemsAreCutAndNamed) {
  const AnnotatedDocument document = ThePipeline().Analyze(
      Repeat("Am Montag, 3. Mai 2021, kamen in Kestrin rund 300 Soldaten an.\n", 2'000'000), {});
  EXPECT_EQ(document.times.size(), kMaxItemsPerLayer);
  EXPECT_THAT(document.truncated_layers, ::testing::Contains("times"));
}

}  // namespace
}  // namespace lagebild::extract
