// Checks every read against a naive one: all records in memory, filtered and sorted word for word
// as the contract says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "query_service/index/words.h"
#include "query_service/projection/document_entries.h"
#include "query_service/projection/item_names.h"
#include "tests/unit/query_service/support/folded_model.h"
#include "tests/unit/query_service/support/record_builder.h"

namespace lagebild::query {
namespace {

const std::vector<std::string> kPeople = {"Thekla Barnim", "Jost Ahlers", "Uwe Petersen",
                                          "Ärzte im Dienst"};
const std::vector<std::string> kWords = {"brücke", "hafen", "sperrung", "sperren",
                                         "lotse",  "übung", "boot",     "nebel"};
const std::vector<std::string> kOutlets = {"Küstenbote", "Hafenblatt", ""};

std::string DayOfMarch(int day) {
  return "2031-03-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool Chance(int percent) { return Below(100) < percent; }
  template <class T>
  const T& OneOf(const std::vector<T>& values) {
    return values[static_cast<size_t>(Below(static_cast<int>(values.size())))];
  }

  v1::TimeInterval Interval() {
    switch (Below(5)) {
      case 0:
        return Days("", "");
      case 1:
        return Days("", DayOfMarch(1 + Below(28)));
      case 2:
        return Days(DayOfMarch(1 + Below(28)), "");
      default: {
        const int first = 1 + Below(28);
        return Days(DayOfMarch(first), DayOfMarch(std::min(28, first + Below(3))));
      }
    }
  }

  v1::ExtractionRecord Record(int64_t position) {
    const std::string id = "d" + std::to_string(Below(25));
    const int64_t version = ++versions_[id];
    RecordBuilder builder(position, id, version);
    if (version > 1 && Chance(15)) return builder.Deletion();
    switch (Below(5)) {
      case 0:
        break;
      case 1:
        builder.Published(DayOfMarch(1 + Below(28)) + "T1" + std::to_string(Below(10)) + ":30:00Z");
        break;
      case 2:
        builder.PublishedBetween(DayOfMarch(1 + Below(10)),
                                 Chance(30) ? "" : DayOfMarch(15 + Below(10)));
        break;
      default:
        builder.Published(DayOfMarch(1 + Below(28)));
    }
    builder.Outlet(OneOf(kOutlets));
    if (Chance(5)) return builder.Failure();
    for (int i = Below(6); i > 0; --i) {
      std::string content = OneOf(kWords);
      for (int more = Below(3); more > 0; --more) content += " " + OneOf(kWords);
      v1::Claim* claim = builder.Claim(Chance(85) ? OneOf(kPeople) : "", content,
                                       static_cast<v1::ClaimAct>(1 + Below(4)));
      claim->set_certainty(static_cast<v1::Certainty>(1 + Below(3)));
      claim->set_confidence(Below(10) / 10.0);
      if (Chance(70)) *claim->mutable_about() = Interval();
      if (Chance(20)) builder.Fragment(content);
      if (Chance(30)) builder.Figure("zwölf", 12, OneOf(kWords), Chance(70));
      if (Chance(30)) {
        v1::Event* event = builder.Event(OneOf(kWords) + " kam", Interval());
        if (Chance(60)) event->add_participant_actor_ids(builder.Actor(OneOf(kPeople)));
      }
    }
    return builder.Build();
  }

 private:
  std::mt19937 random_;
  std::map<std::string, int64_t> versions_;
};

struct OraclePicture {
  int64_t limit = INT64_MAX;
  std::optional<int64_t> as_of_us;
};

// One item as the oracle sees it.
struct Item {
  std::string name;
  std::string group;
  int64_t position = 0;
  int index = 0;
  ItemKind kind = ItemKind::kClaim;
  std::string place;  // In the timeline.
};

DocumentEntries EntriesOf(const v1::ExtractionRecord& record) {
  return MakeDocumentEntries(record, record.SerializeAsString());
}

class Oracle {
 public:
  std::vector<v1::ExtractionRecord> records;

  std::vector<const v1::ExtractionRecord*> Visible(const OraclePicture& picture) const {
    std::map<std::string, const v1::ExtractionRecord*> shown;
    std::set<std::string> settled;
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      const std::string& id = record->document().id();
      if (record->document_position() > picture.limit || settled.count(id) != 0) continue;
      if (record->has_deletion()) {
        settled.insert(id);
        continue;
      }
      const int64_t end = EntriesOf(*record).version.published_end_us;
      if (picture.as_of_us.has_value() && end > *picture.as_of_us) continue;
      shown[id] = &*record;
      settled.insert(id);
    }
    std::vector<const v1::ExtractionRecord*> visible;
    for (const auto& [id, record] : shown) visible.push_back(record);
    return visible;
  }

  std::vector<Item> Claims(const OraclePicture& picture, const v1::ItemFilter& filter,
                           bool fragments) const {
    std::vector<Item> items;
    for (const v1::ExtractionRecord* record : Visible(picture)) {
      const std::string group = EntriesOf(*record).version.group;
      for (int i = 0; i < record->extraction().claims_size(); ++i) {
        const v1::ClaimEntry entry = MakeClaimEntry(*record, record->SerializeAsString(), i);
        const v1::Claim& claim = entry.claim();
        if (!fragments && !claim.part_of().empty()) continue;
        std::string text;
        for (const auto* spans :
             {&claim.content(), &claim.speaker(), &claim.cue(), &claim.frame()}) {
          for (const v1::Span& span : *spans) text += span.text() + " ";
        }
        if (!MatchesShared(filter, *record, entry.speakers(), text, claim.confidence(),
                           claim.about()) ||
            !MatchesClaim(filter, claim)) {
          continue;
        }
        items.push_back(
            {entry.name(), group, record->document_position(), i, ItemKind::kClaim,
             PlaceOf(claim.about(), *record, claim.content(0).begin(), ItemKind::kClaim, i)});
      }
    }
    return items;
  }

  std::vector<Item> Events(const OraclePicture& picture, const v1::ItemFilter& filter) const {
    std::vector<Item> items;
    for (const v1::ExtractionRecord* record : Visible(picture)) {
      const std::vector<v1::ActorReference> actors = MakeActorReferences(record->extraction());
      for (int i = 0; i < record->extraction().events_size(); ++i) {
        const v1::Event& event = record->extraction().events(i);
        std::vector<v1::ActorReference> participants;
        for (int a = 0; a < record->extraction().actors_size(); ++a) {
          const auto& ids = event.participant_actor_ids();
          if (std::find(ids.begin(), ids.end(), record->extraction().actors(a).id()) != ids.end()) {
            participants.push_back(actors[static_cast<size_t>(a)]);
          }
        }
        const std::string text = record->document().text().substr(
            static_cast<size_t>(event.span().begin()),
            static_cast<size_t>(event.span().end() - event.span().begin()));
        if (!filter.acts().empty() || !filter.certainties().empty()) continue;
        if (!MatchesShared(filter, *record, participants, text, event.confidence(), event.time())) {
          continue;
        }
        items.push_back(
            {MakeItemName(record->document().id(), "events", event.id()), "",
             record->document_position(), i, ItemKind::kEvent,
             PlaceOf(event.time(), *record, event.span().begin(), ItemKind::kEvent, i)});
      }
    }
    return items;
  }

 private:
  static std::string First(const v1::TimeInterval& time) {
    return time.earliest().empty() ? "0000" : time.earliest();
  }
  static std::string Last(const v1::TimeInterval& time) {
    return time.latest().empty() ? "9999" : time.latest();
  }

  // Sorts by earliest, latest, position in log and text; undated last.
  static std::string PlaceOf(const v1::TimeInterval& time, const v1::ExtractionRecord& record,
                             int begin, ItemKind kind, int index) {
    std::string first = time.earliest().empty() ? Last(time) : time.earliest();
    char rest[64];
    std::snprintf(rest, sizeof(rest), "%010d %010d %d %010d",
                  static_cast<int>(record.document_position()), begin, static_cast<int>(kind),
                  index);
    return first + " " + Last(time) + " " + rest;
  }

  static bool Overlap(const std::string& first, const std::string& last,
                      const v1::DayRange& range) {
    return (range.latest().empty() || first <= range.latest()) &&
           (range.earliest().empty() || last >= range.earliest());
  }

  template <class Actors>
  static bool MatchesShared(const v1::ItemFilter& filter, const v1::ExtractionRecord& record,
                            const Actors& actors, const std::string& text, double confidence,
                            const v1::TimeInterval& time) {
    if (!filter.actors().empty() &&
        std::none_of(actors.begin(), actors.end(), [&](const v1::ActorReference& actor) {
          return std::any_of(
              filter.actors().begin(), filter.actors().end(), [&](const std::string& wanted) {
                return FoldCase(wanted) == FoldCase(actor.name()) || wanted == actor.actor_id();
              });
        })) {
      return false;
    }
    const auto& ids = filter.document_ids();
    if (!ids.empty() && std::find(ids.begin(), ids.end(), record.document().id()) == ids.end()) {
      return false;
    }
    if (!filter.outlets().empty() &&
        std::none_of(filter.outlets().begin(), filter.outlets().end(), [&](const std::string& one) {
          return FoldCase(one) == FoldCase(record.document().metadata().outlet());
        })) {
      return false;
    }
    const std::vector<std::string> words = WordsOf(text);
    for (const QueryWord& wanted : QueryWordsOf(filter.text())) {
      if (std::none_of(words.begin(), words.end(), [&](const std::string& word) {
            return wanted.prefix ? word.substr(0, wanted.word.size()) == wanted.word
                                 : word == wanted.word;
          })) {
        return false;
      }
    }
    if (confidence < filter.min_confidence()) return false;
    if (filter.has_event_time()) {
      if (time.earliest().empty() && time.latest().empty()) return false;
      if (!Overlap(First(time), Last(time), filter.event_time())) return false;
    }
    if (filter.has_published()) {
      const v1::TimeInterval& published = record.extraction().published().interval();
      if (published.earliest().empty() && published.latest().empty()) return false;
      std::string last = published.latest();
      if (last.empty()) last = FormatDay(BerlinDayOf(FromProto(record.recorded_at())));
      if (!Overlap(First(published), last, filter.published())) return false;
    }
    return true;
  }

  static bool MatchesClaim(const v1::ItemFilter& filter, const v1::Claim& claim) {
    const auto& acts = filter.acts();
    const auto& certainties = filter.certainties();
    return (acts.empty() || std::find(acts.begin(), acts.end(), claim.act()) != acts.end()) &&
           (certainties.empty() || std::find(certainties.begin(), certainties.end(),
                                             claim.certainty()) != certainties.end());
  }
};

void Sort(std::vector<Item>* items, v1::ItemOrder order) {
  std::sort(items->begin(), items->end(), [&](const Item& a, const Item& b) {
    if (a.position == b.position) return a.index < b.index;
    switch (order) {
      case v1::ITEM_ORDER_PUBLISHED_ASC:
        return a.group > b.group;
      case v1::ITEM_ORDER_RECORDED_ASC:
        return a.position < b.position;
      case v1::ITEM_ORDER_RECORDED_DESC:
        return a.position > b.position;
      default:
        return a.group < b.group;
    }
  });
}

std::vector<std::string> Names(const std::vector<Item>& items) {
  std::vector<std::string> names;
  for (const Item& item : items) names.push_back(item.name);
  return names;
}

v1::ItemFilter RandomFilter(Generator* generator) {
  v1::ItemFilter filter;
  if (generator->Chance(25)) filter.add_actors(generator->OneOf(kPeople));
  if (filter.actors_size() == 1 && generator->Chance(40)) {
    filter.add_actors(ActorId(ActorKey(generator->OneOf(kPeople), v1::ACTOR_TYPE_PERSON)));
  }
  if (generator->Chance(20)) filter.add_acts(static_cast<v1::ClaimAct>(1 + generator->Below(4)));
  if (generator->Chance(10)) filter.add_acts(v1::CLAIM_ACT_DENY);
  if (generator->Chance(15)) {
    filter.add_certainties(static_cast<v1::Certainty>(1 + generator->Below(3)));
  }
  if (generator->Chance(15)) {
    for (int i = 0; i < 3; ++i) filter.add_document_ids("d" + std::to_string(generator->Below(25)));
  }
  if (generator->Chance(20)) filter.add_outlets("HAFENBLATT");
  if (generator->Chance(25)) filter.set_text(generator->OneOf(kWords));
  if (generator->Chance(15)) filter.set_text("sperr* " + filter.text());
  if (generator->Chance(25)) {
    const int first = 1 + generator->Below(28);
    filter.mutable_event_time()->set_earliest(DayOfMarch(first));
    if (generator->Chance(70)) {
      filter.mutable_event_time()->set_latest(
          DayOfMarch(std::min(28, first + generator->Below(4))));
    }
  }
  if (generator->Chance(25)) {
    const int first = 1 + generator->Below(25);
    if (generator->Chance(80)) filter.mutable_published()->set_earliest(DayOfMarch(first));
    filter.mutable_published()->set_latest(DayOfMarch(std::min(28, first + generator->Below(4))));
  }
  if (generator->Chance(15)) filter.set_min_confidence(0.5);
  return filter;
}

// A picture as a request and as the oracle knows it.
std::pair<v1::Picture, OraclePicture> RandomPicture(Generator* generator, const Oracle& oracle) {
  v1::Picture picture;
  OraclePicture expected;
  if (generator->Chance(40)) {
    const std::string day = DayOfMarch(1 + generator->Below(28));
    picture.set_as_of(generator->Chance(50) ? day : day + "T12:00:00+01:00");
    expected.as_of_us = picture.as_of() == day
                            ? BerlinDayEnd(*ParseIsoDay(day)).time_since_epoch().count() - 1
                            : At(picture.as_of()).time_since_epoch().count();
  }
  if (generator->Chance(40)) {
    const v1::ExtractionRecord& last = oracle.records[static_cast<size_t>(
        generator->Below(static_cast<int>(oracle.records.size())))];
    picture.set_recorded_by(FormatInstant(FromProto(last.recorded_at())));
    expected.limit = last.document_position();
  }
  return {picture, expected};
}

constexpr size_t kInMemory = size_t{16} << 20;

// By seed, and by the size from which on batches become table files with blocks of postings.
class OracleTest : public ::testing::TestWithParam<std::tuple<unsigned, size_t>> {
 protected:
  static unsigned Seed() { return std::get<0>(GetParam()); }
  static size_t TableBytes() { return std::get<1>(GetParam()); }
  // Where every small batch becomes table files, reading takes up to five times as long; under a
  // sanitizer that would be minutes.
  static int Rounds(int in_memory) { return TableBytes() == kInMemory ? in_memory : in_memory / 3; }
};

TEST_P(OracleTest, ListsOfClaimsAreThoseOfTheNaiveReading) {
  Generator generator(Seed());
  Oracle oracle;
  for (int64_t position = 1; position <= 160; ++position) {
    oracle.records.push_back(generator.Record(position));
  }
  FoldedModel model(TableBytes());
  model.Fold(oracle.records);
  size_t found = 0;
  for (int round = 0; round < Rounds(300); ++round) {
    v1::ListClaimsRequest request;
    *request.mutable_filter() = RandomFilter(&generator);
    request.set_order_by(static_cast<v1::ItemOrder>(generator.Below(5)));
    request.set_include_fragments(generator.Chance(30));
    const auto [picture, expected_picture] = RandomPicture(&generator, oracle);
    *request.mutable_picture() = picture;
    std::vector<Item> expected =
        oracle.Claims(expected_picture, request.filter(), request.include_fragments());
    Sort(&expected, request.order_by());
    const std::vector<std::string> names = Names(expected);
    ASSERT_EQ(model.AllClaims(request, 1 + generator.Below(12)), names) << request.DebugString();
    found += names.size();
  }
  EXPECT_GT(found, static_cast<size_t>(Rounds(1000)));
}

TEST_P(OracleTest, TimelinesAreThoseOfTheNaiveReading) {
  Generator generator(Seed() + 100);
  Oracle oracle;
  for (int64_t position = 1; position <= 120; ++position) {
    oracle.records.push_back(generator.Record(position));
  }
  FoldedModel model(TableBytes());
  model.FoldOneByOne(oracle.records);
  for (int round = 0; round < Rounds(200); ++round) {
    v1::GetTimelineRequest request;
    *request.mutable_filter() = RandomFilter(&generator);
    request.add_kinds(v1::TIMELINE_ENTRY_KIND_CLAIM);
    request.add_kinds(v1::TIMELINE_ENTRY_KIND_EVENT);
    const auto [picture, expected_picture] = RandomPicture(&generator, oracle);
    *request.mutable_picture() = picture;
    std::vector<Item> expected = oracle.Claims(expected_picture, request.filter(), false);
    const std::vector<Item> events = oracle.Events(expected_picture, request.filter());
    expected.insert(expected.end(), events.begin(), events.end());
    std::sort(expected.begin(), expected.end(),
              [](const Item& a, const Item& b) { return a.place < b.place; });
    std::vector<std::string> names;
    request.set_page_size(1 + generator.Below(12));
    do {
      const auto page = model.Timeline(request);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::TimelineEntry& entry : page->entries()) {
        names.push_back(entry.has_claim() ? entry.claim().name() : entry.event().name());
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    ASSERT_EQ(names, Names(expected)) << request.DebugString();
  }
}

TEST_P(OracleTest, PagesStayTheSameWhileDocumentsArrive) {
  Generator generator(Seed() + 200);
  Oracle oracle;
  for (int64_t position = 1; position <= 60; ++position) {
    oracle.records.push_back(generator.Record(position));
  }
  FoldedModel model(TableBytes());
  model.Fold(oracle.records);
  for (int round = 0; round < Rounds(12); ++round) {
    v1::ListClaimsRequest request;
    if (generator.Chance(50)) *request.mutable_filter() = RandomFilter(&generator);
    request.set_order_by(static_cast<v1::ItemOrder>(generator.Below(5)));
    std::vector<Item> expected = oracle.Claims({}, request.filter(), false);
    Sort(&expected, request.order_by());
    const std::vector<std::string> names = model.AllClaims(request, 1 + generator.Below(5), [&] {
      if (oracle.records.size() > 400) return;
      oracle.records.push_back(generator.Record(static_cast<int64_t>(oracle.records.size()) + 1));
      model.Fold({oracle.records.back()});
    });
    ASSERT_EQ(names, Names(expected)) << request.DebugString();
  }
}

TEST_P(OracleTest, ActorsAreCountedAsInTheNaiveReading) {
  Generator generator(Seed() + 300);
  Oracle oracle;
  FoldedModel model(TableBytes());
  for (int64_t position = 1; position <= 90; ++position) {
    oracle.records.push_back(generator.Record(position));
    if (position % 7 == 0) {
      const std::vector<v1::ExtractionRecord> newest(oracle.records.end() - 7,
                                                     oracle.records.end());
      model.Fold(newest);
    }
  }
  oracle.records.resize(oracle.records.size() / 7 * 7);
  for (int round = 0; round < Rounds(60); ++round) {
    v1::ListActorsRequest request;
    request.set_order_by(generator.Chance(50) ? v1::ACTOR_ORDER_CLAIMS_DESC
                                              : v1::ACTOR_ORDER_NAME_ASC);
    const auto [picture, expected_picture] = RandomPicture(&generator, oracle);
    *request.mutable_picture() = picture;
    std::map<std::string, std::tuple<int, int, std::string, std::string>> expected;
    for (const v1::ExtractionRecord* record : oracle.Visible(expected_picture)) {
      const std::vector<v1::ActorReference> actors = MakeActorReferences(record->extraction());
      for (size_t i = 0; i < actors.size(); ++i) {
        auto& [documents, claims, first, last] = expected[actors[i].name()];
        ++documents;
        for (const v1::Claim& claim : record->extraction().claims()) {
          if (!claim.part_of().empty()) continue;
          for (const std::string& id : claim.speaker_actor_ids()) {
            claims += id == record->extraction().actors(static_cast<int>(i)).id() ? 1 : 0;
          }
        }
        const v1::TimeInterval& published = record->extraction().published().interval();
        const std::string& from =
            published.earliest().empty() ? published.latest() : published.earliest();
        const std::string& to =
            published.latest().empty() ? published.earliest() : published.latest();
        if (!from.empty() && (first.empty() || from < first)) first = from;
        if (to > last) last = to;
      }
    }
    std::vector<std::string> order;
    request.set_page_size(1 + generator.Below(3));
    do {
      const auto page = model.Actors(request);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::ActorEntry& actor : page->actors()) {
        order.push_back(actor.name());
        ASSERT_TRUE(expected.count(actor.name())) << actor.name();
        EXPECT_EQ(std::make_tuple(actor.document_count(), actor.claim_count(),
                                  actor.first_published(), actor.last_published()),
                  expected[actor.name()])
            << actor.DebugString() << request.DebugString();
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    std::vector<std::string> expected_order;
    for (const auto& [name, counts] : expected) expected_order.push_back(name);
    std::sort(expected_order.begin(), expected_order.end(),
              [&](const std::string& a, const std::string& b) {
                if (request.order_by() == v1::ACTOR_ORDER_CLAIMS_DESC &&
                    std::get<1>(expected[a]) != std::get<1>(expected[b])) {
                  return std::get<1>(expected[a]) > std::get<1>(expected[b]);
                }
                return CollationKey(a) < CollationKey(b);
              });
    EXPECT_EQ(order, expected_order) << request.DebugString();
  }
}

// None, all, and some of the batches.
INSTANTIATE_TEST_SUITE_P(Seeds, OracleTest,
                         ::testing::Combine(::testing::Values(1u, 2u, 3u, 4u),
                                            ::testing::Values(kInMemory, size_t{1}, size_t{6000})));

}  // namespace
}  // namespace lagebild::query
