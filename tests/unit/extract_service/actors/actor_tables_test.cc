// Every row of the tables of actors carries an example; here they run.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/unit/extract_service/support/analyzed_text.h"
#include "tests/unit/extract_service/support/table_file.h"

namespace lagebild::extract {
namespace {

bool HasActor(const AnnotatedDocument& document, ActorType type, const std::string& country) {
  return std::any_of(document.actors.begin(), document.actors.end(), [&](const Actor& actor) {
    return (type == ActorType::kUnspecified || actor.type == type) &&
           (country == "-" || actor.country == country);
  });
}

TEST(ActorTablesTest, MetonymsAreTheirState) {
  for (const auto& row : ReadTableFile("metonyms")) {
    EXPECT_TRUE(HasActor(Analyze(row.at("example")), ActorType::kState, row.at("code")))
        << row.at("example");
  }
}

TEST(ActorTablesTest, PrefixesGiveTheCountry) {
  for (const auto& row : ReadTableFile("country_prefixes")) {
    EXPECT_TRUE(HasActor(Analyze(row.at("example")), ActorType::kUnspecified, row.at("code")))
        << row.at("example");
  }
}

TEST(ActorTablesTest, MediaAreMedia) {
  for (const auto& row : ReadTableFile("media")) {
    EXPECT_TRUE(HasActor(Analyze(row.at("example")), ActorType::kMedia, row.at("code")))
        << row.at("example");
  }
}

TEST(ActorTablesTest, OrganisationsHaveTheirTypeAndCountry) {
  for (const auto& row : ReadTableFile("organisations")) {
    // A group's name acts or is a word: "der Westen".
    if (row.at("type") == "GROUP") continue;
    EXPECT_TRUE(HasActor(Analyze(row.at("example")), ActorType::kOrganization, row.at("code")))
        << row.at("example");
  }
}

TEST(ActorTablesTest, StatementsNameTheirSource) {
  for (const auto& row : ReadTableFile("actor_words")) {
    const std::string& kind = row.at("kind");
    const AnnotatedDocument document = Analyze(row.at("example"));
    if (kind == "statement") {
      EXPECT_TRUE(HasActor(document, ActorType::kOrganization, "-")) << row.at("example");
    }
    if (kind == "both" || kind == "counterpart") {
      EXPECT_EQ(document.actors.size(), 2u) << row.at("example");
    }
    if (kind == "testimony" || kind == "opener" || kind == "source_place") {
      EXPECT_TRUE(HasActor(document, ActorType::kGroup, "-")) << row.at("example");
    }
    if (kind == "negative") {
      EXPECT_TRUE(document.actors.empty()) << row.at("example");
    }
    if (kind == "masthead") {
      EXPECT_TRUE(HasActor(document, ActorType::kMedia, "-")) << row.at("example");
    }
    if (kind == "publishing" || kind == "document" || kind == "any_document" || kind == "report" ||
        kind == "paper_place" || row.at("form") == "hervorgehen") {
      ASSERT_FALSE(document.claims.empty()) << row.at("example");
      EXPECT_EQ(document.claims.back().speaker_actors.size(), 1u) << row.at("example");
    }
    if (kind == "his" || kind == "hers") {
      EXPECT_TRUE(std::any_of(document.actors.begin(), document.actors.end(),
                              [](const Actor& actor) { return actor.mentions.size() == 2; }))
          << row.at("example");
    }
  }
}

TEST(ActorTablesTest, PersonNounsPointBack) {
  for (const auto& row : ReadTableFile("actor_nouns")) {
    if (row.at("refers_to") != "person" || row.at("example").find(". ") == std::string::npos) {
      continue;
    }
    const AnnotatedDocument document = Analyze(row.at("example"));
    EXPECT_EQ(document.actors.size(), 1u) << row.at("example");
  }
}

TEST(ActorTablesTest, SourceVerbsLengthenChains) {
  for (const auto& row : ReadTableFile("source_verbs")) {
    const AnnotatedDocument document = Analyze(row.at("example"));
    const Relation relation =
        row.at("relation") == "EVIDENCE" ? Relation::kEvidence : Relation::kCites;
    EXPECT_TRUE(std::any_of(document.claims.begin(), document.claims.end(),
                            [relation](const Claim& claim) {
                              return !claim.chain.empty() &&
                                     claim.chain.back().relation == relation;
                            }))
        << row.at("example");
  }
}

}  // namespace
}  // namespace lagebild::extract
