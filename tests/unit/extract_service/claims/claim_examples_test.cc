// Every row of the tables of reporting and of stance carries examples, speaker in [], content in
// {}, and counter-examples where its word could reach too far; here they run.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/extract_service/support/analyzed_text.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

/// An example without its markers, and the marked spans.
struct Example {
  explicit Example(const std::string& marked) {
    for (const char c : marked) {
      const auto at = static_cast<int32_t>(text.size());
      switch (c) {
        case '[':
          speaker.push_back({at, at});
          break;
        case ']':
          speaker.back().end = at;
          break;
        case '{':
          content.push_back({at, at});
          break;
        case '}':
          content.back().end = at;
          break;
        default:
          text += c;
      }
    }
  }

  std::string text;
  std::vector<Span> speaker;
  std::vector<Span> content;
};

std::string Stance(const Claim& claim) {
  static constexpr const char* kActs[] = {"?",        "ASSERT",   "CONFIRM", "DENY",
                                          "ESTIMATE", "PREDICT",  "DEMAND",  "WARN",
                                          "ACCUSE",   "ANNOUNCE", "ASSESS",  "CONCERN"};
  static constexpr const char* kCertainties[] = {"?",        "CERTAIN",   "PROBABLE",
                                                 "POSSIBLE", "UNCERTAIN", "HEARSAY"};
  static constexpr const char* kPolarities[] = {"?", "POS", "NEG"};
  return std::string(kActs[static_cast<size_t>(claim.act)]) + " " +
         kCertainties[static_cast<size_t>(claim.certainty)] + " " +
         kPolarities[static_cast<size_t>(claim.polarity)];
}

std::string Show(const AnnotatedDocument& document) {
  std::string shown = "language " + document.language + ";";
  for (const Claim& claim : document.claims) {
    shown += " " + claim.rule + " [";
    for (const Span& span : claim.speaker) shown += document.TextOf(span);
    shown += "] {";
    for (const Span& span : claim.content) shown += std::string(document.TextOf(span)) + "|";
    shown += "} " + Stance(claim) + ";";
  }
  return shown;
}

/// The claim whose content (and speaker, where one is marked) is the example's, or null.
const Claim* Find(const AnnotatedDocument& document, const Example& example) {
  for (const Claim& claim : document.claims) {
    if (claim.content != example.content) continue;
    if (!example.speaker.empty() && claim.speaker != example.speaker) continue;
    return &claim;
  }
  return nullptr;
}

class ClaimExamplesTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ClaimExamplesTest, GiveSpeakerContentAndStance) {
  for (auto row : ReadTableFile(GetParam())) {
    if (row["strength"] == "blocked") continue;
    EXPECT_NE(row["example"], "") << row.begin()->second;
    const Example example(row["example"]);
    const AnnotatedDocument document = ThePipeline().Analyze(example.text, {});
    const Claim* claim = Find(document, example);
    EXPECT_TRUE(claim != nullptr && claim->speaker == example.speaker)
        << row["example"] << "\n  got " << Show(document);
    if (claim == nullptr) continue;
    const std::string polarity = row.contains("polarity") ? row["polarity"] : "POS";
    // Who only says something leaves the act to what is said.
    const std::string act =
        row["act"] == "ASSERT" ? Stance(*claim).substr(0, Stance(*claim).find(' ')) : row["act"];
    EXPECT_EQ(Stance(*claim), act + " " + row["certainty"] + " " + polarity) << row["example"];
  }
}

TEST_P(ClaimExamplesTest, SayNothingInCounterExamples) {
  for (auto row : ReadTableFile(GetParam())) {
    if (row["counter_example"].empty()) continue;
    const AnnotatedDocument document = ThePipeline().Analyze(row["counter_example"], {});
    EXPECT_TRUE(document.claims.empty()) << row["counter_example"] << "\n  got " << Show(document);
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, ClaimExamplesTest,
                         ::testing::Values("reporting_verbs", "reporting_phrases",
                                           "reporting_nouns", "content_nouns"));

TEST(ReportingVerbsTest, NameEachVerbOnce) {
  std::set<std::string> lemmas;
  for (auto row : ReadTableFile("reporting_verbs")) {
    EXPECT_TRUE(lemmas.insert(row["lemma"]).second) << row["lemma"];
  }
}

TEST(ReportingVerbsTest, AreKnownToTheLexicon) {
  const auto lexicon = Lexicon::Open(Lexicon::DefaultPath());
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  for (auto row : ReadTableFile("reporting_verbs")) {
    EXPECT_TRUE((*lexicon)->FindLemma(row["lemma"]).has_value()) << row["lemma"];
  }
}

TEST(HedgesTest, ExamplesAreAsSureAsTheirRows) {
  for (auto row : ReadTableFile("hedges")) {
    const Example example(row["example"]);
    const AnnotatedDocument document = ThePipeline().Analyze(example.text, {});
    const Claim* claim = Find(document, example);
    ASSERT_NE(claim, nullptr) << row["example"] << "\n  got " << Show(document);
    EXPECT_NE(Stance(*claim).find(" " + row["certainty"] + " "), std::string::npos)
        << row["example"] << "\n  got " << Show(document);
  }
}

TEST(HedgesTest, CounterExamplesAreNot) {
  for (auto row : ReadTableFile("hedges")) {
    if (row["counter_example"].empty()) continue;
    const Example example(row["counter_example"]);
    const AnnotatedDocument document = ThePipeline().Analyze(example.text, {});
    const Claim* claim = Find(document, example);
    ASSERT_NE(claim, nullptr) << row["counter_example"] << "\n  got " << Show(document);
    EXPECT_EQ(Stance(*claim).find(" " + row["certainty"] + " "), std::string::npos)
        << row["counter_example"] << "\n  got " << Show(document);
  }
}

TEST(EvaluationsTest, ExamplesAssess) {
  for (auto row : ReadTableFile("evaluations")) {
    const Example example(row["example"]);
    const AnnotatedDocument document = ThePipeline().Analyze(example.text, {});
    const Claim* claim = Find(document, example);
    ASSERT_NE(claim, nullptr) << row["example"] << "\n  got " << Show(document);
    EXPECT_EQ(claim->act, ClaimAct::kAssess) << row["example"] << "\n  got " << Show(document);
  }
}

TEST(EvaluationsTest, CounterExamplesDoNot) {
  for (auto row : ReadTableFile("evaluations")) {
    if (row["counter_example"].empty()) continue;
    const Example example(row["counter_example"]);
    const AnnotatedDocument document = ThePipeline().Analyze(example.text, {});
    const Claim* claim = Find(document, example);
    ASSERT_NE(claim, nullptr) << row["counter_example"] << "\n  got " << Show(document);
    EXPECT_NE(claim->act, ClaimAct::kAssess)
        << row["counter_example"] << "\n  got " << Show(document);
  }
}

TEST(WrongsTest, ExamplesAccuse) {
  for (auto row : ReadTableFile("wrongs")) {
    for (const std::string column : {"example", "counter_example"}) {
      const Example example(row[column]);
      const AnnotatedDocument document = ThePipeline().Analyze(example.text, {});
      const Claim* claim = Find(document, example);
      ASSERT_NE(claim, nullptr) << row[column] << "\n  got " << Show(document);
      EXPECT_EQ(claim->act == ClaimAct::kAccuse, column == "example")
          << row[column] << "\n  got " << Show(document);
    }
  }
}

TEST(StatesTest, ExamplesDoNotAssess) {
  for (auto row : ReadTableFile("states")) {
    const Example example(row["example"]);
    const AnnotatedDocument document = ThePipeline().Analyze(example.text, {});
    const Claim* claim = Find(document, example);
    ASSERT_NE(claim, nullptr) << row["example"] << "\n  got " << Show(document);
    EXPECT_NE(claim->act, ClaimAct::kAssess) << row["example"] << "\n  got " << Show(document);
  }
}

}  // namespace
}  // namespace lagebild::extract
