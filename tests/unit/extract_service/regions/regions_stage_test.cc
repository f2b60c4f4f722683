#include "extract_service/regions/regions_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::unique_ptr<const RegionsStage> Stage() {
  std::vector<RegionRule> rules;
  for (auto& row : ReadTableFile("regions")) {
    rules.push_back({row["id"], row["scope"], row["pattern"], row["kind"]});
  }
  auto stage = RegionsStage::Create(rules);
  EXPECT_TRUE(stage.ok()) << stage.status();
  return *std::move(stage);
}

std::string_view Name(RegionKind kind) {
  switch (kind) {
    case RegionKind::kTitle:
      return "TITLE";
    case RegionKind::kHeading:
      return "HEADING";
    case RegionKind::kBody:
      return "BODY";
    case RegionKind::kDateline:
      return "DATELINE";
    case RegionKind::kCaption:
      return "CAPTION";
    case RegionKind::kBoilerplate:
      return "BOILERPLATE";
    case RegionKind::kSourceLine:
      return "SOURCE_LINE";
    case RegionKind::kUnspecified:
      break;
  }
  return "";
}

std::vector<std::pair<std::string, std::string>> Read(std::string text,
                                                      DeclaredMetadata declared = {}) {
  static const auto stage = Stage();
  AnnotatedDocument document(std::move(text), std::move(declared));
  stage->Annotate(document);
  std::vector<std::pair<std::string, std::string>> regions;
  for (const Region& region : document.regions) {
    regions.emplace_back(Name(region.kind), document.TextOf(region.span));
  }
  return regions;
}

TEST(Regions, EveryRuleFindsItsExample) {
  const auto stage = Stage();
  for (auto& row : ReadTableFile("regions")) {
    if (row["scope"] == "line_end") continue;
    AnnotatedDocument document(row["example"] + "\nDie Stadt Sandau liegt am Fluss. Sie ist alt.",
                               {});
    stage->Annotate(document);
    bool found = false;
    for (const Region& region : document.regions) {
      found |= region.rule == row["id"] && Name(region.kind) == row["kind"];
    }
    EXPECT_TRUE(found) << row["id"];
  }
}

TEST(Regions, OneParagraphIsBody) {
  EXPECT_THAT(Read("Der Deich hielt. Alle blieben wach."),
              ElementsAre(Pair("BODY", "Der Deich hielt. Alle blieben wach.")));
  EXPECT_THAT(Read("Der Deich hielt"), ElementsAre(Pair("BODY", "Der Deich hielt")));
  EXPECT_THAT(Read(""), ElementsAre());
}

TEST(Regions, TellsTitleDateAndHeadings) {
  EXPECT_THAT(
      Read("Flut in Sandau Deich hält stand Stand: 17.04.2021 18:30 Uhr\n\nDer Deich hielt.\n\n"
           "Helfer aus aller Welt\n\nSie kamen spät."),
      ElementsAre(Pair("TITLE", "Flut in Sandau Deich hält stand"),
                  Pair("DATELINE", "Stand: 17.04.2021 18:30 Uhr"), Pair("BODY", "Der Deich hielt."),
                  Pair("HEADING", "Helfer aus aller Welt"), Pair("BODY", "Sie kamen spät.")));
  EXPECT_THAT(Read("Flut in Sandau (2021-04-17)\n\nDer Deich hielt."),
              ElementsAre(Pair("TITLE", "Flut in Sandau"), Pair("DATELINE", "(2021-04-17)"),
                          Pair("BODY", "Der Deich hielt.")));
  EXPECT_THAT(
      Read(" date 2021-04 Laut Ada Brandow hielt der Deich. Alle blieben.\n\nSie kamen."),
      ElementsAre(Pair("DATELINE", "date 2021-04"),
                  Pair("BODY", "Laut Ada Brandow hielt der Deich. Alle blieben.\n\nSie kamen.")));
}

TEST(Regions, KeepsSoftLineBreaksTogether) {
  EXPECT_THAT(Read("Bürger füllen Säcke.17.04.2021 | 2:31 min\nDie\nFeuerwehr hat nach Angaben der "
                   "Stadt, dass\n"
                   "Sandau sicher ist. Alle blieben.\nHelfer: Deich wäre \"sehr nass\"\nAuch die "
                   "Stadt half."),
              ElementsAre(Pair("CAPTION", "Bürger füllen Säcke.17.04.2021 | 2:31 min"),
                          Pair("BODY",
                               "Die\nFeuerwehr hat nach Angaben der Stadt, dass\nSandau sicher "
                               "ist. Alle blieben."),
                          Pair("HEADING", "Helfer: Deich wäre \"sehr nass\""),
                          Pair("BODY", "Auch die Stadt half.")));
}

TEST(Regions, AConsentNoticeRunsToTheEndOfItsSentence) {
  EXPECT_THAT(Read("Der Deich hielt.\nEin Klick für den Datenschutz\nErst wenn Sie hier klicken, "
                   "werden Bilder von X "
                   "geladen. Wir speichern Ihre Zustimmung in den Einstellungen und zwar noch "
                   "lange, damit Sie später in den\n"
                   "Einstellungen lesen können.\nAlle blieben wach. Sie tranken Tee."),
              ElementsAre(Pair("BODY", "Der Deich hielt."), Pair("BOILERPLATE", ::testing::_),
                          Pair("BODY", "Alle blieben wach. Sie tranken Tee.")));
}

TEST(Regions, FindsDatelinesAndSourceLines) {
  EXPECT_THAT(
      Read("Sandau/Wellin (dpa) - Der Deich hielt.\n\nQuelle: Tagesbote, dpa"),
      ElementsAre(Pair("DATELINE", "Sandau/Wellin (dpa) -"), Pair("BODY", "Der Deich hielt."),
                  Pair("SOURCE_LINE", "Quelle: Tagesbote, dpa")));
  EXPECT_THAT(
      Read("Deich hält. Sandau – Der Deich hielt. (APA, 17.4.2021)"),
      ElementsAre(Pair("BODY", "Deich hält."), Pair("DATELINE", "Sandau –"),
                  Pair("BODY", "Der Deich hielt."), Pair("SOURCE_LINE", "(APA, 17.4.2021)")));
}

TEST(Regions, DeclaredRegionsWin) {
  DeclaredMetadata declared;
  declared.regions.push_back({{0, 15}, RegionKind::kHeading, "", 0});
  declared.regions.push_back({{900, 950}, RegionKind::kHeading, "", 0});
  EXPECT_THAT(Read("Der Deich hielt. Ja.\n\nMehr kam nicht.", declared),
              ElementsAre(Pair("HEADING", "Der Deich hielt"), Pair("BODY", ". Ja."),
                          Pair("BODY", "Mehr kam nicht.")));
}

TEST(Regions, AreSortedAndCoverTheTextWhateverItIs) {
  const std::vector<std::string> pieces = {"Der Deich", " ",
                                           "\n",        "\n\n",
                                           "hielt.",    "„",
                                           "“",         "(",
                                           ")",         "Stand: 1.2.2021",
                                           "(dpa) -",   "17.04.2021 | 2:31 min",
                                           "Quelle: X", "ä",
                                           "\xC2\xA0",  "(Siehe auch X)",
                                           " – ",       "date 2021-04 ",
                                           "…"};
  std::mt19937 random(11);
  const auto stage = Stage();
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 30; ++i) text += pieces[random() % pieces.size()];
    AnnotatedDocument document(text, {});
    stage->Annotate(document);
    int32_t at = 0;
    for (const Region& region : document.regions) {
      ASSERT_LE(at, region.span.begin);
      ASSERT_LT(region.span.begin, region.span.end);
      for (; at < region.span.begin; ++at) {
        const auto c = static_cast<unsigned char>(text[static_cast<size_t>(at)]);
        ASSERT_TRUE(c <= ' ' || c == 0xC2 || c == 0xA0) << text << " at " << at;
      }
      at = region.span.end;
    }
  }
}

TEST(Regions, IsLinear) {
  const auto stage = Stage();
  for (const std::string piece :
       {"(Siehe auch X) ", "a\n", "A\n\n", "Der Deich hielt. Sandau – Ja ", "„"}) {
    std::string text;
    while (text.size() < 2'000'000) text += piece;
    const auto start = std::chrono::steady_clock::now();
    AnnotatedDocument document(std::move(text), {});
    stage->Annotate(document);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10)) << piece;
  }
}

}  // namespace
}  // namespace lagebild::extract
