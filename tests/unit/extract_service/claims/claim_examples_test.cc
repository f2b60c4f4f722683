// Every row of the tables of reporting carries an example, speaker in [], content in {}; here they
// run.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "extract_service/pipeline/pipeline.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

const Pipeline& ThePipeline() {
  static const auto pipeline = Pipeline::Create(Lexicon::DefaultPath());
  EXPECT_TRUE(pipeline.ok()) << pipeline.status();
  return **pipeline;
}

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

std::string Show(const AnnotatedDocument& document) {
  std::string shown = "language " + document.language + ";";
  for (const Claim& claim : document.claims) {
    shown += " " + claim.rule + " [";
    for (const Span& span : claim.speaker) shown += document.TextOf(span);
    shown += "] {";
    for (const Span& span : claim.content) shown += std::string(document.TextOf(span)) + "|";
    shown += "};";
  }
  return shown;
}

class ClaimExamplesTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ClaimExamplesTest, GiveSpeakerAndContent) {
  for (const auto& row : ReadTableFile(GetParam())) {
    const auto cell = row.find("example");
    if (cell == row.end() || cell->second.empty()) continue;
    const Example example(cell->second);
    const AnnotatedDocument document = ThePipeline().Analyze(example.text, {});
    const bool found =
        std::any_of(document.claims.begin(), document.claims.end(), [&](const Claim& claim) {
          return claim.content == example.content && claim.speaker == example.speaker;
        });
    EXPECT_TRUE(found) << cell->second << "\n  got " << Show(document);
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, ClaimExamplesTest,
                         ::testing::Values("reporting_verbs", "reporting_phrases",
                                           "reporting_nouns", "content_nouns"));

}  // namespace
}  // namespace lagebild::extract
