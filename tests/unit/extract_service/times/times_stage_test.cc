#include "extract_service/times/times_stage.h"

#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "extract_service/sentences/sentences_stage.h"
#include "extract_service/times/calendar.h"
#include "extract_service/tokens/tokens_stage.h"
#include "tests/unit/extract_service/support/table_file.h"
#include "tests/unit/extract_service/support/timex3.h"

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
  // What the tagger says of a noun that is no singular.
  for (Token& token : document.tokens) {
    if (document.TextOf(token) != "Familien") continue;
    token.pos = Pos::kNoun;
    token.known = true;
    token.morphology.bits = Morphology::kPlural;
  }
  SentencesStage({[](std::string_view form) { return form == "am" || form == "Am"; },
                  [](std::string_view form) { return form == "Mai"; },
                  [](std::string_view form) { return form == "Jan." || form == "Okt."; }})
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

// The texts of all examples, without their brackets and values.
std::vector<std::string> ExampleTexts() {
  std::vector<std::string> texts;
  for (auto& row : ReadTableFile("times")) {
    for (std::string example : SplitAt(row["examples"], " | ")) {
      if (example.starts_with("! ")) {
        example.erase(0, 2);
      } else {
        example.erase(example.rfind('='));
      }
      std::erase_if(example, [](char c) { return c == '[' || c == ']'; });
      texts.push_back(std::move(example));
    }
  }
  return texts;
}

// A rule whose example is missing, or finds something else, fails here.
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

TEST(Times, EveryLineOfWordsHasAnExampleThatUsesIt) {
  for (auto& row : ReadTableFile("time_words")) {
    std::vector<std::string> forms = SplitAt(row["forms"], " ");
    bool used = false;
    for (std::string form : forms) {
      if (form.ends_with('+') || form.ends_with('~')) form.pop_back();
      std::string capitalized = form;
      capitalized[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(form[0])));
      used |= row["example"].find(form) != std::string::npos ||
              row["example"].find(capitalized) != std::string::npos;
    }
    EXPECT_TRUE(used) << row["class"] << " " << row["forms"];
  }
}

// Every example, read as if published on each day of a leap and a common year and in years where
// the calendar is odd.
TEST(Times, HoldTheirInvariantsOnEveryPublicationDay) {
  std::string text;
  for (const std::string& example : ExampleTexts()) text += example + "\n\n";
  for (const int year : {2023, 2024}) {
    for (Day day = *MakeDay(year, 1, 1); day <= *MakeDay(year, 12, 31);
         day += std::chrono::days(7)) {
      ASSERT_EQ(FaultOfTimes(Read(text, IsoDay(day))), "") << IsoDay(day);
    }
  }
  for (const std::string published :
       {"", "0001-01-01", "1582-10-10", "1900-02-28", "2000-02-29", "2020-12-31", "2021-01-01",
        "9999-12-31", "2021", "2021-04"}) {
    ASSERT_EQ(FaultOfTimes(Read(text, published)), "") << published;
  }
}

struct Moved {
  std::string words;
  std::function<std::string(Day)> value;
};

// What each deictic expression says on each day of a leap and a common year.
TEST(Times, DeicticDaysMoveByExactlyTheRightDays) {
  const auto shifted = [](int days) {
    return [days](Day day) { return IsoDay(day + std::chrono::days(days)); };
  };
  const auto weeks = [](int number, std::string tail) {
    return [number, tail](Day day) { return IsoWeek(day + std::chrono::days(7 * number)) + tail; };
  };
  const auto years = [](int number) {
    return [number](Day day) { return std::to_string(Civil(day).year + number); };
  };
  const auto months = [](int number) {
    return [number](Day day) {
      const YearMonthDay date = Civil(day);
      const int count = 12 * date.year + date.month - 1 + number;
      char text[16];
      std::snprintf(text, sizeof(text), "%04d-%02d", count / 12, count % 12 + 1);
      return std::string(text);
    };
  };
  const std::vector<Moved> cases = {
      {"Er kam vorgestern.", shifted(-2)},
      {"Er kam gestern.", shifted(-1)},
      {"Er kommt heute.", shifted(0)},
      {"Er kommt morgen.", shifted(1)},
      {"Er kommt übermorgen.", shifted(2)},
      {"Er kam heute vor einer Woche.", shifted(-7)},
      {"Er kommt heute in zwei Wochen.", shifted(14)},
      {"Er kam gestern Abend.", [](Day day) { return IsoDay(day - std::chrono::days(1)) + "TEV"; }},
      {"Er kam vorletzte Woche.", weeks(-2, "")},
      {"Er kam vergangene Woche.", weeks(-1, "")},
      {"Er kommt diese Woche.", weeks(0, "")},
      {"Er kommt nächste Woche.", weeks(1, "")},
      {"Er kommt übernächste Woche.", weeks(2, "")},
      {"Er kam im vorletzten Monat.", months(-2)},
      {"Er kam im vergangenen Monat.", months(-1)},
      {"Er kommt im nächsten Monat.", months(1)},
      {"Er kam im Vorjahr.", years(-1)},
      {"Er kommt in diesem Jahr.", years(0)},
      {"Er kommt im übernächsten Jahr.", years(2)},
  };
  for (const int year : {2023, 2024}) {
    for (Day day = *MakeDay(year, 1, 1); day <= *MakeDay(year, 12, 31);
         day += std::chrono::days(1)) {
      for (const Moved& moved : cases) {
        ASSERT_EQ(Values(moved.words, IsoDay(day)), moved.value(day))
            << moved.words << " on " << IsoDay(day);
      }
      for (int weekday = 1; weekday <= 7; ++weekday) {
        static const std::string kNames[] = {"",           "Montag",  "Dienstag", "Mittwoch",
                                             "Donnerstag", "Freitag", "Samstag",  "Sonntag"};
        const auto told = ParseIsoDay(Values("Am " + kNames[weekday] + " kam er.", IsoDay(day)));
        const auto next =
            ParseIsoDay(Values("Am kommenden " + kNames[weekday] + " kommt er.", IsoDay(day)));
        ASSERT_TRUE(told.has_value() && next.has_value());
        ASSERT_EQ(IsoWeekday(*told), weekday);
        ASSERT_EQ(IsoWeekday(*next), weekday);
        ASSERT_TRUE(*told <= day && day - *told < std::chrono::days(7));
        ASSERT_TRUE(*next > day && *next - day <= std::chrono::days(7));
      }
    }
  }
}

TEST(Times, LengthsBeforeThePublicationKnowTheirDays) {
  const AnnotatedDocument document = Read("Vor drei Wochen kam er, vor zwei Jahren ging er.");
  ASSERT_EQ(document.times.size(), 2u);
  EXPECT_EQ(document.times[0].value, "P3W");
  EXPECT_EQ(document.times[0].interval->value, "2021-W12");
  EXPECT_EQ(document.times[0].interval->earliest, "2021-03-22");
  EXPECT_EQ(document.times[0].interval->latest, "2021-03-28");
  EXPECT_EQ(document.times[1].interval->value, "2019");
  EXPECT_FALSE(Read("Vor drei Wochen kam er.", "").times[0].interval.has_value());
}

TEST(Times, WritesLargeLengthsInFull) {
  EXPECT_EQ(Values("Es dauerte 2557 Jahrtausende."), "P2557000Y");
  EXPECT_EQ(Values("Es dauerte 1.000.000 Jahre."), "P1000000Y");
  EXPECT_EQ(Values("Es dauerte 2,5 Jahrhunderte."), "P250Y");
}

TEST(Times, HolidaysDifferByCountry) {
  EXPECT_EQ(Values("Am Vatertag 2019 kam er."), "2019-05-30");
  EXPECT_EQ(Values("Am Vatertag 2019 kam er. Österreich feiert."), "2019-06-09");
  EXPECT_EQ(Values("Am Vatertag 2019 kam er. Die Schweiz feiert."), "2019-06-02");
  EXPECT_EQ(Values("Am Nationalfeiertag 2019 kam er nach Wien."), "2019-10-26");
  EXPECT_EQ(Values("Am Nationalfeiertag 2019 kam er nach Zürich."), "2019-08-01");
}

TEST(Times, HoldTheirInvariantsOnRandomText) {
  std::vector<std::string> pieces = {
      ".", ",",          "\n\n",          "-",         "31.", "24:59", "29.2.2023", "99.99.9999",
      "0", "2024-13-77", "1000000000000", "1.2.3.4.5", "Uhr", "0000",  "1900/01"};
  for (auto& row : ReadTableFile("time_words")) {
    pieces.push_back(row["forms"].substr(0, row["forms"].find_first_of(" +~")));
  }
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int i = 0; i < 20; ++i)
      text += pieces[random() % pieces.size()] + (random() % 6 ? " " : "");
    const std::string published[] = {"",           "2021",       "2021-04",
                                     "2024-02-29", "9999-12-31", "0001-01-01"};
    const AnnotatedDocument document = Read(text, published[random() % 6]);
    ASSERT_EQ(FaultOfTimes(document), "") << text;
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
