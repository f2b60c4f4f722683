#include "common/server/logging.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

namespace lagebild {
namespace {

TEST(LoggingTest, JsonLinesAreJsonWhateverTheyHold) {
  const std::string line =
      FormatJsonLogLine("2026-11-25T00:00:00Z", "warn", "ingest_service", "a \"message\"\n",
                        {{"position", int64_t{-7}},
                         {"seconds", 0.25},
                         {"path", "C:\\x\t\x01"},
                         {"text", std::string("Grün")},
                         {"error", absl::NotFoundError("no \"such\" thing")}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  ASSERT_EQ(parser.parse(line).get(json), simdjson::SUCCESS) << line;
  const auto text = [&json](const char* key) {
    return std::string(std::string_view(json[key].get_string().value()));
  };
  EXPECT_EQ(text("ts"), "2026-11-25T00:00:00Z");
  EXPECT_EQ(text("level"), "warn");
  EXPECT_EQ(text("service"), "ingest_service");
  EXPECT_EQ(text("msg"), "a \"message\"\n");
  EXPECT_EQ(int64_t(json["position"]), -7);
  EXPECT_EQ(double(json["seconds"]), 0.25);
  EXPECT_EQ(text("path"), "C:\\x\t\x01");
  EXPECT_EQ(text("text"), "Grün");
  EXPECT_EQ(text("error"), "NOT_FOUND: no \"such\" thing");
}

}  // namespace
}  // namespace lagebild
