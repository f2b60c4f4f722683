#include "ingest_service/readers/content_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "common/status/error.h"

namespace lagebild::ingest {
namespace {

TEST(DetectFormatTest, TellsPagesFromText) {
  for (const std::string_view page :
       {"<!DOCTYPE html><p>x", "\n <html lang=de>", "<HTML>", "<!-- x --><body>", "<p>Text",
        "\xEF\xBB\xBF<html>", "<?xml version='1.0'?><html>", "<div class=x>"}) {
    EXPECT_EQ(DetectFormat(page), ContentFormat::kHtml) << page;
  }
  for (const std::string_view text : {"", "Der Hafen <b>brennt</b>", "<3 Norderhaff",
                                      "<Name> sagte", "<", "<!-- offen", "<pension>", "<p"}) {
    EXPECT_EQ(DetectFormat(text), ContentFormat::kPlain) << text;
  }
}

TEST(ReadContentTest, KeepsPlainTextByteForByte) {
  const std::string text = "\xEF\xBB\xBF  Zeile\r\n\t<b>kein Markup</b> &amp; so\n\n";
  const auto result = ReadContent(text, ContentFormat::kUnspecified);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->text, text);
  EXPECT_EQ(result->format, ContentFormat::kPlain);
  EXPECT_TRUE(result->marked_regions.empty());
}

TEST(ReadContentTest, ADeclaredFormatWins) {
  EXPECT_EQ(ReadContent("<p>x</p>", ContentFormat::kPlain)->text, "<p>x</p>");
  EXPECT_EQ(ReadContent("a &amp; b", ContentFormat::kHtml)->text, "a & b");
}

TEST(ReadContentTest, RefusesWhatIsNoText) {
  EXPECT_EQ(ReasonOf(ReadContent("", ContentFormat::kPlain).status()), "EMPTY_TEXT");
  EXPECT_EQ(ReasonOf(ReadContent(" \r\n\t", ContentFormat::kPlain).status()), "EMPTY_TEXT");
  EXPECT_EQ(ReasonOf(ReadContent(std::string_view("a\0", 2), ContentFormat::kPlain).status()),
            "NUL_BYTE");
  const absl::Status status = ReadContent("gut \xC3\x28", ContentFormat::kPlain).status();
  EXPECT_EQ(ReasonOf(status), "INVALID_UTF8");
  EXPECT_EQ(DetailOf(status).metadata.at("byte_offset"), "4");
}

}  // namespace
}  // namespace lagebild::ingest
