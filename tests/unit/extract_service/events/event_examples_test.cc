// Every row of the tables about happenings carries an example; here they run.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "tests/unit/extract_service/support/analyzed_text.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

AnnotatedDocument AnalyzeDated(const std::string& text) {
  DeclaredMetadata declared;
  declared.published = "2024-10-22";
  return ThePipeline().Analyze(text, declared);
}

constexpr std::array<std::pair<std::string_view, EventType>, 13> kTypes = {{
    {"MOVE_TROOPS", EventType::kMoveTroops},
    {"MEET", EventType::kMeet},
    {"SIGN", EventType::kSign},
    {"RATIFY", EventType::kRatify},
    {"CLASH", EventType::kClash},
    {"ATTACK", EventType::kAttack},
    {"SUPPLY", EventType::kSupply},
    {"TRAIN", EventType::kTrain},
    {"VISIT", EventType::kVisit},
    {"SUMMON", EventType::kSummon},
    {"KILL", EventType::kKill},
    {"ESTABLISH", EventType::kEstablish},
    {"OTHER", EventType::kOther},
}};

constexpr std::array<std::pair<std::string_view, Factuality>, 5> kFactualities = {{
    {"FACT", Factuality::kFact},
    {"ALLEGED", Factuality::kAlleged},
    {"PLANNED", Factuality::kPlanned},
    {"DENIED", Factuality::kDenied},
    {"NEGATED", Factuality::kNegated},
}};

template <typename Enum, size_t kSize>
std::string NameOf(Enum value, const std::array<std::pair<std::string_view, Enum>, kSize>& names) {
  for (const auto& [name, known] : names) {
    if (value == known) return std::string(name);
  }
  return "?";
}

TEST(EventExamplesTest, Triggers) {
  for (const auto& row : ReadTableFile("event_triggers")) {
    std::string text = row.at("example");
    std::string trigger;
    if (const size_t open = text.find('['); open != std::string::npos) {
      const size_t close = text.find(']');
      trigger = text.substr(open + 1, close - open - 1);
      text.erase(close, 1);
      text.erase(open, 1);
    }
    const AnnotatedDocument document = AnalyzeDated(text);
    const std::string type = row.at("type");
    if (type == "NONE") {
      EXPECT_TRUE(document.events.empty()) << text;
      continue;
    }
    const bool found =
        std::any_of(document.events.begin(), document.events.end(), [&](const Event& event) {
          return document.TextOf(event.trigger) == trigger && NameOf(event.type, kTypes) == type;
        });
    EXPECT_TRUE(found) << text << " should tell of " << type;
  }
}

TEST(EventExamplesTest, Cues) {
  for (const auto& row : ReadTableFile("event_cues")) {
    const std::string example = row.at("example");
    const size_t arrow = example.find(" => ");
    ASSERT_NE(arrow, std::string::npos) << example;
    std::string expected = example.substr(arrow + 4);
    // Behind the factuality the event's value, its interval, or "-" for an open beginning.
    std::string time;
    if (const size_t blank = expected.find(' '); blank != std::string::npos) {
      time = expected.substr(blank + 1);
      expected.erase(blank);
    }
    const AnnotatedDocument document = AnalyzeDated(example.substr(0, arrow));
    if (expected == "none") {
      EXPECT_TRUE(document.events.empty()) << example;
      continue;
    }
    ASSERT_FALSE(document.events.empty()) << example;
    const Event& event = document.events.back();
    EXPECT_EQ(NameOf(event.factuality, kFactualities), expected) << example;
    if (time.empty()) continue;
    const std::string interval =
        event.time.earliest.empty() ? "-" : event.time.earliest + "/" + event.time.latest;
    EXPECT_EQ(event.time.value.empty() ? interval : event.time.value, time) << example;
  }
}

TEST(EventTimeTest, TakesTheTimeOfItsClause) {
  const AnnotatedDocument document =
      AnalyzeDated("Am 3. Mai 2024 beschoss die Armee die Stadt Kestrin.");
  ASSERT_EQ(document.events.size(), 1u);
  EXPECT_EQ(document.events[0].time.value, "2024-05-03");
}

TEST(EventTimeTest, GoesOnAboutTheIncidentThatWasDated) {
  const AnnotatedDocument document = AnalyzeDated(
      "Am Samstagabend griff die Armee die Stadt Kestrin an. Drei Männer wurden getötet.");
  ASSERT_EQ(document.events.size(), 2u);
  EXPECT_EQ(document.events[1].time.value, "2024-10-19");
}

TEST(EventTimeTest, GoesOnSinceATime) {
  for (const auto& [text, earliest] :
       {std::pair{"Seit drei Tagen demonstrieren Schüler in der Stadt.", "2024-10-19"},
        std::pair{"Seit dem Montag demonstrieren Schüler in der Stadt.", "2024-10-21"}}) {
    const AnnotatedDocument document = AnalyzeDated(text);
    ASSERT_EQ(document.events.size(), 1u) << text;
    EXPECT_EQ(document.events[0].time.earliest, earliest) << text;
    EXPECT_EQ(document.events[0].time.latest, "2024-10-22") << text;
  }
}

TEST(EventTimeTest, WhatHasHappenedIsOverWhenItIsTold) {
  const AnnotatedDocument document =
      AnalyzeDated("Im Oktober 2024 wurden in Kestrin drei Männer getötet.");
  ASSERT_EQ(document.events.size(), 1u);
  EXPECT_EQ(document.events[0].time.value, "2024-10");
  EXPECT_EQ(document.events[0].time.latest, "2024-10-22");
}

TEST(EventTest, ABareDefiniteNounTakesUpTheEventBefore) {
  EXPECT_EQ(AnalyzeDated("Die Armee griff Kestrin an. Der Angriff dauerte Stunden.").events.size(),
            1u);
  EXPECT_EQ(AnalyzeDated("Die Armee griff Kestrin an. Der Angriff der Rebellen dauerte Stunden.")
                .events.size(),
            2u);
}

TEST(EventTimeTest, WithoutATimeItHappenedByThePublicationDay) {
  const AnnotatedDocument document = AnalyzeDated("Die Armee hat die Stadt Kestrin beschossen.");
  ASSERT_EQ(document.events.size(), 1u);
  EXPECT_EQ(document.events[0].time.value, "");
  EXPECT_EQ(document.events[0].time.latest, "2024-10-22");
}

}  // namespace
}  // namespace lagebild::extract
