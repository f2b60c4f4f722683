#include "ingest_service/readers/jsonl_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "common/status/error.h"

namespace lagebild::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(JsonlReaderTest, ReadsDocumentsAndGoesOnBehindBadLines) {
  std::istringstream input(
      "\xEF\xBB\xBF"
      R"({"id":"a","text":"Erster \"Text\"","title":"T","outlet":"O","url":"https://o.example/a","published":"2031-03-04","authors":["X","Y"],"more":1})"
      "\n\n"
      "{\"id\":\"b\"}\n"
      "{\"id\":7,\"text\":\"x\"}\n"
      "nicht json\n"
      "[1]\n"
      "{\"text\":\"x\",\"html\":\"y\"}\n"
      "{\"text\":\"\xff\"}\n"
      "{\"text\":\"x\",\"authors\":\"X\"}\n"
      "{\"html\":\"<p>Seite\",\"title\":null}\r\n"
      "{\"text\":\"ohne Zeilenende\"}");
  JsonlReader reader(input);

  auto line = reader.Next();
  ASSERT_TRUE(line.has_value() && line->document.ok()) << line->document.status();
  EXPECT_EQ(line->number, 1);
  EXPECT_EQ(line->document->id, "a");
  EXPECT_EQ(line->document->content, "Erster \"Text\"");
  EXPECT_EQ(line->document->format, ContentFormat::kPlain);
  EXPECT_EQ(line->document->metadata.title, "T");
  EXPECT_EQ(line->document->metadata.outlet, "O");
  EXPECT_EQ(line->document->metadata.url, "https://o.example/a");
  EXPECT_EQ(line->document->metadata.published, "2031-03-04");
  EXPECT_THAT(line->document->metadata.authors, ElementsAre("X", "Y"));

  struct Expected {
    int64_t number;
    const char* reason;
    const char* field;
  };
  for (const Expected& expected : {Expected{3, "MISSING_FIELD", "text"},
                                   {4, "INVALID_FIELD", "id"},
                                   {5, "INVALID_JSON", ""},
                                   {6, "INVALID_JSON", ""},
                                   {7, "INVALID_FIELD", "html"},
                                   {8, "INVALID_UTF8", ""},
                                   {9, "INVALID_FIELD", "authors"}}) {
    line = reader.Next();
    ASSERT_TRUE(line.has_value());
    EXPECT_EQ(line->number, expected.number);
    ASSERT_FALSE(line->document.ok());
    EXPECT_EQ(ReasonOf(line->document.status()), expected.reason);
    EXPECT_EQ(DetailOf(line->document.status()).field, expected.field);
    EXPECT_THAT(std::string(line->document.status().message()),
                HasSubstr("line " + std::to_string(expected.number)));
  }

  line = reader.Next();
  ASSERT_TRUE(line.has_value() && line->document.ok());
  EXPECT_EQ(line->document->format, ContentFormat::kHtml);
  EXPECT_EQ(line->document->content, "<p>Seite");
  line = reader.Next();
  ASSERT_TRUE(line.has_value() && line->document.ok());
  EXPECT_EQ(line->number, 11);
  EXPECT_EQ(line->document->content, "ohne Zeilenende");
  EXPECT_FALSE(reader.Next().has_value());
}

TEST(JsonlReaderTest, PassesOverLinesBeyondTheLimit) {
  std::istringstream input("{\"text\":\"" + std::string(100, 'x') + "\"}\n{\"text\":\"y\"}\n");
  JsonlReader reader(input, 50);
  auto line = reader.Next();
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(ReasonOf(line->document.status()), "TOO_LARGE");
  line = reader.Next();
  ASSERT_TRUE(line.has_value());
  EXPECT_TRUE(line->document.ok());
  EXPECT_EQ(line->number, 2);
}

TEST(JsonlReaderTest, SurvivesDeepNesting) {
  std::istringstream input(std::string(100'000, '[') + "\n");
  JsonlReader reader(input);
  EXPECT_EQ(ReasonOf(reader.Next()->document.status()), "INVALID_JSON");
}

}  // namespace
}  // namespace lagebild::ingest
