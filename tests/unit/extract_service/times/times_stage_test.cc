#include "extract_service/times/times_stage.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "extract_service/sentences/sentences_stage.h"
#include "extract_service/times/calendar.h"
#include "extract_service/tokens/tokens_stage.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

const TimesStage& Stage() {
  static const auto stage = [] {
    std::vector<TimeWords> words;
    for (auto& row : ReadTableFile("time_words")) {
      words.push_back({row["class"], row["value"], row["forms"]});
    }
    std::vector<TimeRule> rules;
    for (auto& row : ReadTableFile("times")) {
      rules.push_back({row["id"], row["type"], row["pattern"], row["value"]});
    }
    auto made = TimesStage::Create(words, rules);
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }();
  return *stage;
}

AnnotatedDocument Read(std::string text, std::string_view published = "2021-04-14") {
  AnnotatedDocument document(std::move(text), {});
  document.tokens = Tokenize(document.text(), [](std::string_view form) {
    return form == "Jan." || form == "Okt." || form == "ca.";
  });
  SentencesStage({[](std::string_view form) { return form == "am" || form == "Am"; },
                  [](std::string_view form) { return form == "Mai"; }})
      .Annotate(document);
  if (!published.empty()) {
    document.published = Publication{IntervalOf(published, ""), std::nullopt, "test", 1};
  }
  Stage().Annotate(document);
  return document;
}

std::vector<std::string> SplitAt(const std::string& text, const std::string& mark) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end; (end = text.find(mark, begin)) != std::string::npos; begin = end + mark.size()) {
    parts.push_back(text.substr(begin, end - begin));
  }
  parts.push_back(text.substr(begin));
  return parts;
}

// "Am [3. Mai] kam er.=2021-05-03": the brackets hold expressions, the values follow, with ";"
// between them.
void CheckExample(const std::string& rule, const std::string& type, const std::string& example) {
  const size_t equals = example.rfind('=');
  ASSERT_NE(equals, std::string::npos) << rule << ": " << example;
  std::string text;
  std::vector<Span> extents;
  for (const char c : example.substr(0, equals)) {
    if (c == '[') {
      extents.push_back({static_cast<int32_t>(text.size()), 0});
    } else if (c == ']') {
      ASSERT_FALSE(extents.empty()) << rule << ": " << example;
      extents.back().end = static_cast<int32_t>(text.size());
    } else {
      text += c;
    }
  }
  const std::vector<std::string> values = SplitAt(example.substr(equals + 1), ";");
  ASSERT_EQ(values.size(), extents.size()) << rule << ": " << example;
  const AnnotatedDocument document = Read(text);
  for (size_t i = 0; i < extents.size(); ++i) {
    bool found = false;
    for (const TimeExpression& time : document.times) {
      if (time.span != extents[i]) continue;
      found = true;
      EXPECT_EQ(time.value, values[i]) << rule << ": " << example;
      if (i > 0) continue;
      EXPECT_EQ(time.rule, rule) << example;
      static constexpr std::string_view kTypes[] = {"", "DATE", "TIME", "DURATION", "SET"};
      EXPECT_EQ(kTypes[static_cast<size_t>(time.type)], type) << rule;
    }
    EXPECT_TRUE(found) << rule << ": nothing at \"" << document.TextOf(extents[i]) << "\" in "
                       << text;
  }
}

TEST(Times, EveryRuleHasExamplesThatHold) {
  for (auto& row : ReadTableFile("times")) {
    ASSERT_FALSE(row["examples"].empty()) << row["id"];
    for (const std::string& example : SplitAt(row["examples"], " | ")) {
      if (example.starts_with("! ")) {
        for (const TimeExpression& time : Read(example.substr(2)).times) {
          EXPECT_NE(time.rule, row["id"]) << example;
        }
        if (row["type"] == "NONE") {
          EXPECT_TRUE(Read(example.substr(2)).times.empty()) << example;
        }
      } else {
        CheckExample(row["id"], row["type"], example);
      }
    }
  }
}

// Values of a text's expressions, with a blank between them.
std::string Values(std::string text, std::string_view published = "2021-04-14") {
  std::string values;
  for (const TimeExpression& time : Read(std::move(text), published).times) {
    values += (values.empty() ? "" : " ") + time.value;
  }
  return values;
}

TEST(Times, InventsNothingWithoutAnAnchor) {
  EXPECT_EQ(Values("Am Montag kam er.", ""), "XXXX-WXX-1");
  EXPECT_EQ(Values("Am Montagabend kam er.", "2021-04"), "XXXX-WXX-1TEV");
  EXPECT_EQ(Values("Am 3. Mai kam er.", ""), "XXXX-05-03");
  EXPECT_EQ(Values("Im Mai kam er.", ""), "XXXX-05");
  EXPECT_EQ(Values("Im Mai kommt er.", "2021-04"), "2021-05");
  EXPECT_EQ(Values("Vergangene Woche kam er.", "2021-04"), "XXXX-WXX");
  EXPECT_EQ(Values("Um 19 Uhr kam er.", ""), "T19:00");
}

TEST(Times, AWeekdayOfAKnownMonthLiesInIt) {
  const AnnotatedDocument document = Read("Am Montag kam er.", "2021-04");
  ASSERT_EQ(document.times.size(), 1u);
  EXPECT_EQ(document.times[0].interval->earliest, "2021-04-01");
  EXPECT_EQ(document.times[0].interval->latest, "2021-04-30");
}

TEST(Times, VagueSpansCarryTheirReference) {
  const AnnotatedDocument document = Read("In den vergangenen Monaten stieg es.");
  ASSERT_EQ(document.times.size(), 1u);
  EXPECT_EQ(document.times[0].value, "PXM");
  EXPECT_EQ(document.times[0].interval->value, "PAST_REF");
  EXPECT_EQ(document.times[0].interval->latest, "2021-04-14");
}

TEST(Times, DoNotCrossParagraphs) {
  EXPECT_EQ(Values("Es kam der 3.\n\nMai heißt der Hund."), "2021-05");
}

// Relative days move with the publication, by exactly as many days, over a leap and a common year.
TEST(Times, MoveWithThePublicationDay) {
  for (const int year : {2023, 2024}) {
    for (Day day = *MakeDay(year, 1, 1); day <= *MakeDay(year, 12, 31);
         day += std::chrono::days(1)) {
      const AnnotatedDocument document = Read(
          "Gestern kam er, am Montag war er da, übermorgen geht er. Vergangene Woche sang er. Im "
          "Mai, am 3. März und zu Ostern, am vergangenen Freitag und am Wochenende, im Vorjahr, "
          "im letzten Monat.",
          IsoDay(day));
      ASSERT_EQ(document.times.size(), 11u) << IsoDay(day);
      EXPECT_EQ(document.times[0].value, IsoDay(day - std::chrono::days(1)));
      const auto monday = ParseIsoDay(document.times[1].value);
      ASSERT_TRUE(monday.has_value());
      EXPECT_EQ(IsoWeekday(*monday), 1);
      EXPECT_LE(*monday, day);
      EXPECT_GT(*monday, day - std::chrono::days(7));
      EXPECT_EQ(document.times[2].value, IsoDay(day + std::chrono::days(2)));
      EXPECT_EQ(document.times[3].value, IsoWeek(day - std::chrono::days(7)));
      for (const TimeExpression& time : document.times) {
        ASSERT_TRUE(time.interval.has_value());
        ASSERT_FALSE(time.interval->earliest.empty()) << time.value;
        ASSERT_LE(time.interval->earliest, time.interval->latest) << time.value;
      }
    }
  }
}

TEST(Times, HoldTheirInvariantsOnRandomText) {
  std::vector<std::string> pieces = {
      ".", ",",          "\n\n",          "-",         "31.", "24:59", "29.2.2023", "99.99.9999",
      "0", "2024-13-77", "1000000000000", "1.2.3.4.5", "Uhr", "0000",  "1900/01"};
  for (auto& row : ReadTableFile("time_words")) {
    pieces.push_back(row["forms"].substr(0, row["forms"].find_first_of(" +")));
  }
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int i = 0; i < 20; ++i)
      text += pieces[random() % pieces.size()] + (random() % 6 ? " " : "");
    const std::string published[] = {"",           "2021",       "2021-04",
                                     "2024-02-29", "9999-12-31", "0001-01-01"};
    const AnnotatedDocument document = Read(text, published[random() % 6]);
    int32_t last = 0;
    for (const TimeExpression& time : document.times) {
      ASSERT_LE(last, time.span.begin) << text;
      ASSERT_LT(time.span.begin, time.span.end);
      ASSERT_FALSE(time.value.empty()) << text;
      last = time.span.end;
    }
  }
}

TEST(Times, AreLinear) {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string piece :
       {"3. ", "Montag ", "3., 4. und ", "vor ", "1990 ", "wird ", ", "}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    Read(std::move(text));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

}  // namespace
}  // namespace lagebild::extract
