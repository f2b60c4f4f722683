#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "extract_service/names/name_model.h"
#include "extract_service/names/name_words.h"
#include "tests/unit/extract_service/support/analyzed_text.h"
#include "tests/unit/extract_service/support/tagged_text.h"

namespace lagebild::extract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

std::vector<std::string> Names(const std::string& text) {
  static constexpr const char* kLabels[] = {"", "PER ", "ORG ", "LOC ", "MISC "};
  const AnnotatedDocument document = ThePipeline().Analyze(text, {});
  std::vector<std::string> names;
  for (const Entity& entity : document.entities) {
    names.push_back(kLabels[static_cast<size_t>(entity.label)] +
                    std::string(document.TextOf(entity.span)));
  }
  return names;
}

TEST(Names, AreTypedByWordsAndContext) {
  EXPECT_THAT(Names("Der Minister Karl Orlowski reiste am Montag von Hamburg nach Warschau."),
              ElementsAre("PER Karl Orlowski", "LOC Hamburg", "LOC Warschau"));
  EXPECT_THAT(Names("Wie die SPD mitteilte, sprach Maria Sandau in Köln mit der Nato."),
              ElementsAre("ORG SPD", "PER Maria Sandau", "LOC Köln", "ORG Nato"));
  EXPECT_THAT(Names("Der Zweite Weltkrieg begann im Herbst."),
              ElementsAre("MISC Zweite Weltkrieg"));
}

TEST(Names, HoldTheirFirstNames) {
  EXPECT_THAT(Names("Das sagte die Archäologin Kat Szabo. Es ist spät, sagte Szabo."),
              ElementsAre("PER Kat Szabo", "PER Szabo"));
  EXPECT_THAT(Names("Roman Stiftner, Präsident des Verbandes, schweigt. Es ist spät, sagt "
                    "Stiftner."),
              ElementsAre("PER Roman Stiftner", "PER Stiftner"));
  EXPECT_THAT(Names("Gut war nur Messi. Nur Messi traf."), ElementsAre("PER Messi", "PER Messi"));
}

TEST(Names, AreNotWordsMadeOfNames) {
  EXPECT_THAT(Names("Die deutschen Firmen und die Berliner Gäste blieben zu Hause."), IsEmpty());
  EXPECT_THAT(Names("Die Gäste lobten die SPD-Vorsitzende."), IsEmpty());
}

TEST(Names, HoldNoAdjectivesMadeOfNames) {
  EXPECT_THAT(Names("Ein Sprecher der SPD-nahen Sandauer Bank schwieg."),
              ElementsAre("ORG Sandauer Bank"));
  EXPECT_THAT(Names("Die SPD-nahe Friedrich-Gazal-Stiftung lud ein."),
              ElementsAre("ORG Friedrich-Gazal-Stiftung"));
}

TEST(Names, AreFoundInDatelines) {
  EXPECT_THAT(Names("Hamburg (dpa) - Die Gäste sind am Montag angekommen. Sie blieben bis zum "
                    "Abend im Hafen und fuhren danach zurück."),
              IsSupersetOf({"LOC Hamburg", "ORG dpa"}));
}

TEST(Names, HoldTogetherOverTheStopOfAnAbbreviation) {
  EXPECT_THAT(Names("Die Gäste fuhren am Montag nach St . Gallen ."), Contains("LOC St . Gallen"));
}

// What a word weighs is remembered; that must not show.
TEST(Names, AreTheSameWhateverWasReadBefore) {
  const auto model = LinearModel::Find(BuiltLexicon(), "names", kNameLabelCount);
  ASSERT_TRUE(model.ok()) << model.status();
  NameScratch remembering;
  std::vector<NameWord> words;
  size_t named = 0;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 3000; ++i) {
      const AnnotatedDocument document =
          TaggedText("Der/D Minister/N Karl/E Wort" + std::to_string(i * 7919 % 5000) +
                     "/E fuhr/V nach/R Wort" + std::to_string(i) + "/E ./.");
      ReadNameWords(document, document.sentences[0].tokens, BuiltLexicon(), words);
      std::vector<uint8_t> labels(words.size());
      LabelNames(*model, words, labels, remembering);
      for (NameWord& word : words) word.key = 0;
      std::vector<uint8_t> fresh(words.size());
      LabelNames(*model, words, fresh, remembering);
      ASSERT_EQ(labels, fresh) << i;
      named += std::count_if(labels.begin(), labels.end(), IsName);
    }
  }
  EXPECT_GT(named, 0u);
}

TEST(Names, StayInsideTheirSentenceAndOrder) {
  const AnnotatedDocument document = ThePipeline().Analyze(
      "Hamburg (dpa) - Karl Orlowski kam. Maria Sandau blieb in Köln. Die Nato schwieg.", {});
  int32_t last = 0;
  for (const Entity& entity : document.entities) {
    EXPECT_GE(entity.tokens.begin, last);
    EXPECT_LT(entity.tokens.begin, entity.tokens.end);
    last = entity.tokens.end;
    for (int32_t token = entity.tokens.begin; token < entity.tokens.end; ++token) {
      EXPECT_EQ(document.tokens[static_cast<size_t>(token)].sentence,
                document.tokens[static_cast<size_t>(entity.tokens.begin)].sentence);
    }
  }
}

TEST(Names, TakeASurnameThatIsAWordWhereTheDocumentSaysItAgain) {
  const AnnotatedDocument document = ThePipeline().Analyze(
      "Das sagte Außenminister Antony Blinken. Danach schwieg Blinken lange. Das Blinken endete.",
      {});
  std::vector<std::string> persons;
  for (const Entity& entity : document.entities) {
    if (entity.label == EntityLabel::kPerson) persons.emplace_back(document.TextOf(entity.span));
  }
  EXPECT_EQ(persons, (std::vector<std::string>{"Antony Blinken", "Blinken"}));
}

TEST(Names, TakeASurnameThatIsAnAdverbBesideAVerbOnly) {
  const std::string before = "Minister Ulf Kurz kam an. ";
  EXPECT_THAT(Names(before + "Kurz sagte, der Deich halte."),
              ElementsAre("PER Ulf Kurz", "PER Kurz"));
  EXPECT_THAT(Names(before + "Kurz und gut, der Deich hält."), ElementsAre("PER Ulf Kurz"));
  EXPECT_THAT(Names("Ulf Tann kam an. Tann wird Untätigkeit vorgeworfen."),
              ElementsAre("PER Ulf Tann", "PER Tann"));
}

TEST(NamesStage, FindsTheAbbreviationOfABodyInBrackets) {
  EXPECT_THAT(Names("Das Wirtschaftsforschungsinstitut (Wifo) warnt."), ElementsAre("ORG Wifo"));
  EXPECT_THAT(Names("Die Arbeiterkammer (AK) warnt."), ElementsAre("ORG AK"));
  // Letters of something else, a kind of body, no body at all.
  EXPECT_THAT(Names("Das Ministerium (Nolo) warnt."), Not(Contains("ORG Nolo")));
  EXPECT_THAT(Names("Der Pilot diente in Geschwadern (GS)."), Not(Contains("ORG GS")));
  EXPECT_THAT(Names("Der Deichbau (DB) ist teuer."), Not(Contains("ORG DB")));
}

TEST(NameLists, AreInTheLexicon) {
  const auto expect = [](const std::string& file, uint32_t word_class) {
    std::ifstream in(LAGEBILD_SOURCE_DIR "/extract_service/language/de/" + file + ".tsv");
    std::string name;
    size_t count = 0;
    while (std::getline(in, name)) {
      if (name.empty() || name[0] == '#' || name == "name" || name.find(' ') != std::string::npos) {
        continue;
      }
      const auto entry = BuiltLexicon().Find(name);
      ASSERT_TRUE(entry.has_value()) << name;
      EXPECT_TRUE(entry->classes.Has(word_class)) << name;
      ++count;
    }
    EXPECT_GT(count, 100u) << file;
  };
  expect("organization_names", WordClass::kOrganizationName);
  expect("event_names", WordClass::kEventName);
}

}  // namespace
}  // namespace lagebild::extract
