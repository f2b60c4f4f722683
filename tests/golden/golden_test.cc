// Our own articles against the whole extraction as checked in, so that every change of what is
// extracted shows up as a difference for a person to read. `tests/golden/update BUILD_DIR` writes
// the files anew.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "extract_service/contract/extraction.h"
#include "extract_service/contract/json.h"
#include "extract_service/pipeline/pipeline.h"

namespace lagebild::extract {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(LAGEBILD_SOURCE_DIR) / "tests/golden";
constexpr char kPublished[] = "2031-03-12";

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string Extract(const Pipeline& pipeline, const std::filesystem::path& article) {
  DeclaredMetadata declared;
  declared.document_id = article.stem().string();
  declared.published = kPublished;
  v1::Extraction extraction;
  // The version changes with every word list; it says nothing of what was extracted.
  FillExtraction(pipeline.Analyze(Read(article), declared), "", SpanTexts::kFilled, extraction);
  const auto json = ExtractionToJson(extraction, JsonLayout::kIndented);
  EXPECT_TRUE(json.ok());
  return json.value_or("");
}

TEST(GoldenTest, ArticlesGiveTheExtractionsCheckedIn) {
  const auto pipeline = Pipeline::Create(Lexicon::DefaultPath());
  ASSERT_TRUE(pipeline.ok()) << pipeline.status();
  std::vector<std::filesystem::path> articles;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder / "articles")) {
    articles.push_back(entry.path());
  }
  std::sort(articles.begin(), articles.end());
  ASSERT_FALSE(articles.empty());
  for (const auto& article : articles) {
    const auto expected = kFolder / "expected" / (article.stem().string() + ".json");
    const std::string json = Extract(**pipeline, article);
    if (std::getenv("LAGEBILD_UPDATE_GOLDEN") != nullptr) {
      std::filesystem::create_directories(expected.parent_path());
      std::ofstream file(expected, std::ios::binary);
      file << json;
      ASSERT_TRUE(file.flush().good()) << expected;
      continue;
    }
    EXPECT_EQ(json, Read(expected)) << "If this is meant: tests/golden/update BUILD_DIR";
  }
}

}  // namespace
}  // namespace lagebild::extract
