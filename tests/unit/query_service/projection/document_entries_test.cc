#include "query_service/projection/document_entries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lagebild/v1/query_service.pb.h"
#include "query_service/index/words.h"
#include "tests/unit/query_service/support/record_builder.h"

namespace lagebild::query {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

DocumentEntries EntriesOf(const v1::ExtractionRecord& record) {
  return MakeDocumentEntries(record, record.SerializeAsString());
}

v1::ClaimEntry ClaimEntryOf(const v1::ExtractionRecord& record, int claim) {
  return MakeClaimEntry(record, record.SerializeAsString(), claim);
}

v1::GetClaimResponse ContextOf(const v1::ExtractionRecord& record, int claim) {
  v1::GetClaimResponse context;
  EXPECT_TRUE(context.ParseFromString(MakeClaimContext(record, record.SerializeAsString(), claim)));
  return context;
}

int64_t Micros(std::string_view instant) { return At(instant).time_since_epoch().count(); }

struct PublicationCase {
  const char* name;
  v1::ExtractionRecord record;
  int64_t end_us;
  const char* sort_day;
};

TEST(DocumentEntriesTest, PublicationEndsWhereTheContractSays) {
  const char* recorded = "2031-03-20T12:00:00Z";
  const auto base = [&] { return RecordBuilder(7, "d").RecordedAt(recorded); };
  auto failed = base().Published("2031-03-11").Failure();
  const PublicationCase cases[] = {
      {"a declared day ends at midnight in Berlin", base().Published("2031-03-11").Build(),
       Micros("2031-03-11T23:00:00Z") - 1, "2031-03-11"},
      {"a day in summer time", base().Published("2031-07-11").Build(),
       Micros("2031-07-11T22:00:00Z") - 1, "2031-07-11"},
      {"a declared instant is itself", base().Published("2031-03-11T17:46:00+02:00").Build(),
       Micros("2031-03-11T15:46:00Z"), "2031-03-11"},
      {"a month ends with its last day", base().Published("2031-02").Build(),
       Micros("2031-02-28T23:00:00Z") - 1, "2031-02-28"},
      {"from the text", base().PublishedBetween("2031-03-01", "2031-03-03").Build(),
       Micros("2031-03-03T23:00:00Z") - 1, "2031-03-03"},
      {"an open end is closed by the recording", base().PublishedBetween("2031-03-01", "").Build(),
       Micros(recorded), "2031-03-20"},
      {"so is an unknown date", base().Build(), Micros(recorded), "2031-03-20"},
      {"a failed analysis keeps the declared day", failed, Micros("2031-03-11T23:00:00Z") - 1,
       "2031-03-11"},
  };
  for (const PublicationCase& c : cases) {
    const DocumentEntries entries = EntriesOf(c.record);
    EXPECT_EQ(entries.version.published_end_us, c.end_us) << c.name;
    EXPECT_EQ(DayOf(entries.version.group), ParseIsoDay(c.sort_day)->time_since_epoch().count())
        << c.name;
  }
}

TEST(DocumentEntriesTest, AClaimCarriesItsWordsSpeakersAndChain) {
  RecordBuilder builder(1, "d");
  v1::Claim* claim = builder.Claim("Thekla Barnim", "die Brücke sei gesperrt");
  v1::Attribution* link = claim->add_chain();
  *link->mutable_span() = claim->content(0);
  link->set_relation(v1::RELATION_EVIDENCE);
  const v1::ClaimEntry entry = ClaimEntryOf(builder.Build(), 0);
  EXPECT_EQ(entry.name(), "documents/d/claims/c1");
  EXPECT_EQ(entry.claim().content(0).text(), "die Brücke sei gesperrt");
  EXPECT_EQ(entry.claim().cue(0).text(), "sagte");
  ASSERT_EQ(entry.speakers_size(), 1);
  EXPECT_EQ(entry.speakers(0).name(), "Thekla Barnim");
  EXPECT_EQ(entry.speakers(0).actor_id(),
            ActorId(ActorKey("Thekla Barnim", v1::ACTOR_TYPE_PERSON)));
  ASSERT_EQ(entry.chain_size(), 2);
  EXPECT_EQ(entry.chain(0).name(), "Thekla Barnim");
  EXPECT_EQ(entry.chain(1).actor_id(), "");
  EXPECT_EQ(entry.chain(1).name(), "die Brücke sei gesperrt");
}

TEST(DocumentEntriesTest, TheContextOfAClaimIsWhatBelongsToIt) {
  RecordBuilder builder(1, "d");
  builder.Claim("Jost Ahlers", "es gebe „keine Gefahr“");
  builder.Fragment("„keine Gefahr“");
  builder.Claim("Thekla Barnim", "die Brücke sei gesperrt");
  builder.Figure("zwölf", 12, "Brücken", true);
  builder.Event("Die Brücke wurde gesperrt", Days("2031-03-11", "2031-03-11"))->set_claim_id("c3");
  const v1::GetClaimResponse first = ContextOf(builder.Build(), 0);
  ASSERT_EQ(first.sentences_size(), 1);
  EXPECT_EQ(first.sentences(0).span().text(), "Jost Ahlers sagte, es gebe „keine Gefahr“.");
  ASSERT_EQ(first.fragments_size(), 1);
  EXPECT_EQ(first.fragments(0).content(0).text(), "„keine Gefahr“");
  EXPECT_EQ(first.region().kind(), v1::REGION_KIND_BODY);
  const v1::GetClaimResponse third = ContextOf(builder.Build(), 2);
  ASSERT_EQ(third.figures_size(), 1);
  EXPECT_EQ(third.figures(0).span().text(), "zwölf");
  ASSERT_EQ(third.events_size(), 1);
}

TEST(DocumentEntriesTest, SpansOffTheTextStayWithoutWords) {
  RecordBuilder builder(1, "d");
  v1::Claim* claim = builder.Claim("", "Ünfug");
  claim->mutable_content(0)->set_begin(1);  // Inside of Ü.
  v1::Span* beyond = claim->add_content();
  beyond->set_begin(3);
  beyond->set_end(5000);
  v1::Span* reversed = claim->add_content();
  reversed->set_begin(4);
  reversed->set_end(2);
  v1::Span* negative = claim->add_content();
  negative->set_begin(-4);
  negative->set_end(2);
  const v1::ClaimEntry entry = ClaimEntryOf(builder.Build(), 0);
  for (const v1::Span& span : entry.claim().content()) EXPECT_EQ(span.text(), "");
}

TEST(DocumentEntriesTest, AnEncodingOfAnotherRecordIsNotTaken) {
  RecordBuilder builder(1, "d");
  builder.Claim("Thekla Barnim", "die Brücke sei gesperrt");
  const v1::ExtractionRecord record = builder.Build();
  const std::string own = MakeClaimContext(record, record.SerializeAsString(), 0);
  EXPECT_FALSE(own.empty());
  EXPECT_EQ(MakeClaimContext(record, RecordBuilder(2, "e").Build().SerializeAsString(), 0), own);
  EXPECT_EQ(MakeClaimContext(record, "\xff", 0), own);
}

TEST(DocumentEntriesTest, NestedSpansCannotBlowUp) {
  RecordBuilder builder(1, "d");
  const std::string content(100'000, 'x');
  const v1::Claim claim = *builder.Claim("", content);
  v1::ExtractionRecord record = builder.Build();
  for (int i = 0; i < 500; ++i) {
    *record.mutable_extraction()->add_claims() = claim;
    record.mutable_extraction()->mutable_claims(i + 1)->set_id("n" + std::to_string(i));
  }
  const DocumentEntries entries = EntriesOf(record);
  size_t bytes = entries.claim_contexts.size();
  for (const EntryBuffer::Entry& entry : entries.lists.entries()) bytes += entry.value_size;
  EXPECT_LT(bytes, 10'000'000u);
}

TEST(DocumentEntriesTest, ActorsOfOneNameAndTypeMeetInsideADocument) {
  RecordBuilder builder(1, "d");
  builder.Actor("Nordwerft", v1::ACTOR_TYPE_ORGANIZATION, {"die Werft"}, {});
  v1::ExtractionRecord record = builder.Build();
  v1::Actor* second = record.mutable_extraction()->add_actors();
  second->set_id("a9");
  second->set_name("NORDWERFT");
  second->set_type(v1::ACTOR_TYPE_ORGANIZATION);
  second->add_aliases("die Reederei");
  const DocumentEntries entries = EntriesOf(record);
  ASSERT_EQ(entries.actors.size(), 1u);
  EXPECT_EQ(entries.actors[0].entry.document_count(), 1);
  EXPECT_EQ(entries.actors[0].entry.aliases_size(), 3);
  EXPECT_THAT(entries.actors[0].names, ElementsAre("nordwerft", "die werft", "die reederei"));
}

TEST(DocumentEntriesTest, FormsThatAddANumberNameNobodyElsewhere) {
  RecordBuilder builder(1, "d");
  builder.Actor("Soldaten", v1::ACTOR_TYPE_GROUP, {"43960 Soldaten", "die Soldaten"}, {});
  builder.Actor("Schalke 04", v1::ACTOR_TYPE_ORGANIZATION, {"S04"}, {});
  const DocumentEntries entries = EntriesOf(builder.Build());
  std::vector<std::vector<std::string>> names;
  for (const ActorContribution& actor : entries.actors) names.push_back(actor.names);
  EXPECT_THAT(names, UnorderedElementsAre(ElementsAre("soldaten", "die soldaten"),
                                          ElementsAre("schalke 04", "s04")));
}

}  // namespace
}  // namespace lagebild::query
