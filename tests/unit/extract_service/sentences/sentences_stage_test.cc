#include "extract_service/sentences/sentences_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "extract_service/tokens/tokens_stage.h"

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;

SentenceWords Words() {
  return {[](std::string_view form) {
            static const std::set<std::string_view> words = {
                "Der", "Die", "Das", "Er",  "Sie", "Es", "Danach", "Am",  "In",  "der",
                "die", "das", "den", "dem", "am",  "im", "zum",    "bis", "und", "Dann"};
            return words.contains(form);
          },
          [](std::string_view form) { return form == "Mai" || form == "April"; },
          [](std::string_view form) { return form == "St." || form == "Dr."; }};
}

AnnotatedDocument Split(std::string text, std::vector<Region> regions = {}) {
  AnnotatedDocument document(std::move(text), {});
  document.regions = std::move(regions);
  document.tokens = Tokenize(document.text(), [](std::string_view form) {
    return form == "Dr." || form == "Mio." || form == "usw." || form == "Nr.";
  });
  SentencesStage(Words()).Annotate(document);
  return document;
}

std::vector<std::string> Sentences(std::string text) {
  const AnnotatedDocument document = Split(std::move(text));
  std::vector<std::string> sentences;
  for (const Sentence& sentence : document.sentences) {
    sentences.emplace_back(document.TextOf(sentence.span));
  }
  return sentences;
}

// Each text holds one sentence.
TEST(Sentences, AreNotCutAtOtherStops) {
  for (const std::string text : {
           "Am 3. Mai kam Dr. Orlo mit 5 Mio. Euro nach Sandau.",
           "George W. Orlo sah z. B. den 100. Geburtstag.",
           "In St . Orlo wohnt George W . Sandau .",
           "Im 20. Jahrhundert lebte Karl II. von Sandau.",
           "Vom 3. bis zum 5. April gilt Nr. 7 in Sandau.",
           "Am 18.10. Abends kam Orlo an.",
           "„Wir kommen. Ganz sicher?“, sagte Orlo",
           "„Halt!“ rief sie am Tor.",
           "Das Amt (Nr. 3) und die ... Regierung schweigen.",
           "Er sagte: „Nein.“",
           "Der Bericht auf tagesbote.de nennt 12.000 Helfer (...) und 3 Tote.",
           "Die\nStadt hat, dass\nSandau sicher ist.",
       }) {
    if (text.find("Ganz sicher") != std::string::npos) {
      EXPECT_THAT(Sentences(text), ElementsAre("„Wir kommen.", "Ganz sicher?“, sagte Orlo"));
      continue;
    }
    EXPECT_EQ(Sentences(text).size(), 1u) << text;
  }
}

TEST(Sentences, EndAtStopsWithTheirClosingMarks) {
  EXPECT_THAT(
      Sentences("Der Deich hielt. Alle blieben! Warum? Er schwieg… Dann ging er."),
      ElementsAre("Der Deich hielt.", "Alle blieben!", "Warum?", "Er schwieg…", "Dann ging er."));
  EXPECT_THAT(
      Sentences("„Ja“, sagte er. „Nein.“ Danach ging er. (Sie blieb.) Es war so."),
      ElementsAre("„Ja“, sagte er.", "„Nein.“", "Danach ging er.", "(Sie blieb.)", "Es war so."));
  EXPECT_THAT(Sentences("Es waren 12.000. Sie kamen 2021. Orlo blieb."),
              ElementsAre("Es waren 12.000.", "Sie kamen 2021.", "Orlo blieb."));
  EXPECT_THAT(Sentences("Er aß Brot, Käse usw. Danach ging er."),
              ElementsAre("Er aß Brot, Käse usw.", "Danach ging er."));
  EXPECT_THAT(Sentences("Er fiel am 3. Danach kam Orlo."),
              ElementsAre("Er fiel am 3.", "Danach kam Orlo."));
  EXPECT_THAT(Sentences("Der Deich hielt.Die Stadt schlief."),
              ElementsAre("Der Deich hielt.", "Die Stadt schlief."));
  EXPECT_THAT(Sentences("Gelöscht! pic.twitter.com/aB1 Der Brand sei aus, sagte Orlo."),
              ElementsAre("Gelöscht! pic.twitter.com/aB1", "Der Brand sei aus, sagte Orlo."));
  EXPECT_THAT(Sentences("Sandau gewann 3:1. Trainer Orlo war froh."),
              ElementsAre("Sandau gewann 3:1.", "Trainer Orlo war froh."));
}

TEST(Sentences, EndAtParagraphsAndBullets) {
  const AnnotatedDocument document =
      Split("Helfer aus aller Welt\n\nSie kamen.\nOrlo kam.\n- Brot\n- Tee");
  std::vector<int32_t> paragraphs;
  for (const Sentence& sentence : document.sentences) paragraphs.push_back(sentence.paragraph);
  EXPECT_THAT(paragraphs, ElementsAre(0, 1, 2, 3, 3));
}

TEST(Sentences, LieInProseOnly) {
  const AnnotatedDocument document =
      Split("Sandau – Der Deich hielt. Quelle: dpa", {{{0, 10}, RegionKind::kDateline, "", 1},
                                                      {{11, 27}, RegionKind::kBody, "", 1},
                                                      {{28, 39}, RegionKind::kSourceLine, "", 1}});
  ASSERT_EQ(document.sentences.size(), 1u);
  EXPECT_EQ(document.tokens[0].sentence, -1);
  EXPECT_EQ(document.TextOf(document.sentences[0].span), "Der Deich hielt.");
}

std::vector<std::pair<std::string, int>> Quotations(std::string text) {
  const AnnotatedDocument document = Split(std::move(text));
  std::vector<std::pair<std::string, int>> quotations;
  for (const Quotation& quotation : document.quotations) {
    quotations.emplace_back(document.TextOf(document.SpanOf(quotation.tokens)), quotation.outer);
  }
  return quotations;
}

TEST(Quotations, PairNestedAndUnbalancedMarks) {
  using ::testing::Pair;
  EXPECT_THAT(Quotations("„Er rief ‚Halt‘ und \"Nein\"“, sagte »Orlo«."),
              ElementsAre(Pair("„Er rief ‚Halt‘ und \"Nein\"“", -1), Pair("‚Halt‘", 0),
                          Pair("\"Nein\"", 0), Pair("»Orlo«", -1)));
  EXPECT_THAT(Quotations("Er sagte „Nein.\n\nSie „schwieg“."), ElementsAre(Pair("„schwieg“", -1)));
  EXPECT_THAT(Quotations("Er sagte nein“, sie „ja“."), ElementsAre(Pair("„ja“", -1)));
  EXPECT_THAT(Quotations("Er: „Nein.\n\n„Und ja.“ So."),
              ElementsAre(Pair("„Nein.\n\n„Und ja.“", -1)));
}

TEST(Sentences, HoldTheirInvariantsAndAreLinear) {
  const std::vector<std::string> pieces = {"Der ", "orlo ", "3",  ".",    ". ",    "! ", "„",
                                           "“",    "\"",    "\n", "\n\n", "usw. ", "… ", "(",
                                           ") ",   "Mai ",  ", ", "– ",   "‚",     "‘"};
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += pieces[random() % pieces.size()];
    const AnnotatedDocument document = Split(text);
    int32_t at = 0;
    for (const Sentence& sentence : document.sentences) {
      ASSERT_EQ(at, sentence.tokens.begin);
      ASSERT_LT(sentence.tokens.begin, sentence.tokens.end);
      at = sentence.tokens.end;
    }
    ASSERT_EQ(at, static_cast<int32_t>(document.tokens.size()));
    for (size_t i = 0; i < document.quotations.size(); ++i) {
      const Quotation& quotation = document.quotations[i];
      ASSERT_LT(quotation.outer, static_cast<int32_t>(i));
      if (quotation.outer >= 0) {
        const TokenRange outer = document.quotations[static_cast<size_t>(quotation.outer)].tokens;
        ASSERT_TRUE(outer.begin < quotation.tokens.begin && quotation.tokens.end < outer.end);
      }
    }
  }
  const auto start = std::chrono::steady_clock::now();
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += i % 2 == 0 ? "„" : "‚";
  for (int i = 0; i < 100'000; ++i) nested += i % 2 == 0 ? "‘" : "“";
  EXPECT_FALSE(Split(nested).quotations.empty());
  std::string words;
  while (words.size() < 3'000'000) words += "ja ";
  EXPECT_EQ(Split(words).sentences.size(), 1000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace lagebild::extract
