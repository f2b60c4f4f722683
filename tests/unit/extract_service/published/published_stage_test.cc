#include "extract_service/published/published_stage.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "extract_service/regions/regions_stage.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

AnnotatedDocument Read(std::string text, std::string declared = "") {
  static const auto regions = [] {
    std::vector<RegionRule> rules;
    for (auto& row : ReadTableFile("regions")) {
      rules.push_back({row["id"], row["scope"], row["pattern"], row["kind"]});
    }
    return *RegionsStage::Create(rules);
  }();
  static const auto published = [] {
    std::vector<PublishedRule> rules;
    for (auto& row : ReadTableFile("published")) {
      rules.push_back({row["id"], row["region"], row["pattern"], row["bound"], row["confidence"]});
    }
    auto stage = PublishedStage::Create(rules, {{"April", 4}, {"Mai", 5}});
    EXPECT_TRUE(stage.ok()) << stage.status();
    return *std::move(stage);
  }();
  DeclaredMetadata metadata;
  metadata.published = std::move(declared);
  AnnotatedDocument document(std::move(text), std::move(metadata));
  regions->Annotate(document);
  published->Annotate(document);
  return document;
}

TEST(Published, EveryRuleFindsItsExample) {
  for (auto& row : ReadTableFile("published")) {
    const std::string& example = row["example"];
    const size_t equals = example.rfind('=');
    const AnnotatedDocument document =
        Read(example.substr(0, equals) + "\n\nSandau liegt am Fluss. Die Stadt ist alt.");
    const AnnotatedDocument alone = Read(example.substr(0, equals));
    const AnnotatedDocument& found = document.published.has_value() ? document : alone;
    ASSERT_TRUE(found.published.has_value()) << row["id"];
    EXPECT_EQ(found.published->rule, row["id"]);
    EXPECT_EQ(found.published->interval.value, example.substr(equals + 1)) << row["id"];
    ASSERT_TRUE(found.published->evidence.has_value());
    EXPECT_EQ(found.published->interval.latest.empty(),
              row["bound"] == "FROM" || example.ends_with("XXXX-04-17"))
        << row["id"];
  }
}

TEST(Published, TheDeclaredDateWins) {
  const AnnotatedDocument document =
      Read("Flut Stand: 17.04.2021 18:30 Uhr\n\nEs regnet.", "2021-05-02T07:00:00+02:00");
  ASSERT_TRUE(document.published.has_value());
  EXPECT_EQ(document.published->interval.value, "2021-05-02");
  EXPECT_FALSE(document.published->evidence.has_value());
  EXPECT_EQ(Read("Es regnet.", "2021-05").published->interval.latest, "2021-05-31");
  EXPECT_EQ(Read("Es regnet.", "2021").published->interval.earliest, "2021-01-01");
}

TEST(Published, BadDeclarationsAreLeftOutOfAccount) {
  for (const std::string declared :
       {"gestern", "2021-13-45", "2021-1", "2021-05-02x", "20210502"}) {
    EXPECT_FALSE(Read("Es regnet.", declared).published.has_value()) << declared;
  }
}

TEST(Published, OtherDatesAreNotIt) {
  for (const std::string text : {"Es regnet.", "Am 17. April 2021 brach der Deich.",
                                 "Stand: 31.02.2021 18:30 Uhr\n\nEs regnet."}) {
    EXPECT_FALSE(Read(text).published.has_value()) << text;
  }
}

TEST(Published, TheLatestStampBoundsADayFromBelow) {
  const AnnotatedDocument document = Read(
      "Flut.17.04.2021 | 2:10 min\nDer Deich hielt. Alle blieben.\nDamm.18.04.2021 | 1:10 min\nDer "
      "Damm "
      "hielt. Alle gingen.");
  ASSERT_TRUE(document.published.has_value());
  EXPECT_EQ(document.published->interval.earliest, "2021-04-18");
  EXPECT_EQ(document.published->interval.latest, "");
  EXPECT_EQ(document.TextOf(*document.published->evidence), "18.04.2021");
}

}  // namespace
}  // namespace lagebild::extract
