#include "query_service/server/reader.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/paging/page_token.h"
#include "common/status/error.h"
#include "query_service/index/words.h"
#include "query_service/server/request.h"
#include "tests/unit/query_service/support/folded_model.h"
#include "tests/unit/query_service/support/record_builder.h"

namespace lagebild::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// An invented affair: a bridge, two outlets, a denial.
std::vector<v1::ExtractionRecord> Affair() {
  RecordBuilder first(1, "bote-1");
  first.Published("2031-03-10").Outlet("Küstenbote").Title("Brücke gesperrt");
  first.Actor("Thekla Barnim", v1::ACTOR_TYPE_PERSON, {"Barnim"}, {"Bürgermeisterin"});
  v1::Claim* claim = first.Claim("Thekla Barnim", "die Brücke sei gesperrt");
  *claim->mutable_about() = Days("2031-03-09", "2031-03-09");
  first.Figure("zwölf", 12, "Boote", true);
  first.Fragment("gesperrt");
  first.Event("Ein Lotse ging von Bord", Days("2031-03-08", "2031-03-08"))
      ->add_participant_actor_ids(first.Actor("Nordwerft", v1::ACTOR_TYPE_ORGANIZATION));

  RecordBuilder second(2, "blatt-1");
  second.Published("2031-03-12T08:00:00+01:00").Outlet("Hafenblatt").Title("Werft widerspricht");
  v1::Claim* denial = second.Claim("Jost Ahlers", "die Sperrung sei unnötig", v1::CLAIM_ACT_DENY);
  denial->set_kind(v1::CLAIM_KIND_DIRECT);
  denial->set_certainty(v1::CERTAINTY_POSSIBLE);
  denial->set_confidence(0.4);
  *denial->mutable_said_at() = Days("2031-03-11", "2031-03-11");
  second.Figure("40 Prozent", 40, "%", true);
  second.Figure("drei", 3, "Kräne", false);
  second.Actor("Barnim", v1::ACTOR_TYPE_GROUP);
  return {first.Build(), second.Build()};
}

class ReaderTest : public ::testing::Test {
 protected:
  ReaderTest() { model_.Fold(Affair()); }

  std::vector<std::string> Find(const v1::ItemFilter& filter) {
    v1::ListClaimsRequest request;
    *request.mutable_filter() = filter;
    return model_.AllClaims(request);
  }

  FoldedModel model_;
};

constexpr char kBridge[] = "documents/bote-1/claims/c1";
constexpr char kDenial[] = "documents/blatt-1/claims/c1";

TEST_F(ReaderTest, EveryAnswerSaysWhatItWasReadAt) {
  const auto claims = model_.Claims({});
  EXPECT_EQ(claims->read_state().extractions_position(), 2);
  EXPECT_EQ(claims->read_state().documents_position(), 2);
  EXPECT_EQ(claims->read_state().extractor_version(), "test-1");
  EXPECT_EQ(claims->read_state().generation(), 1);
  v1::GetClaimRequest get;
  get.set_name(kBridge);
  EXPECT_EQ(model_.Claim(get)->read_state().extractions_position(), 2);
  EXPECT_EQ(model_.Figures({})->read_state().extractions_position(), 2);
  EXPECT_EQ(model_.Timeline({})->read_state().extractions_position(), 2);
  EXPECT_EQ(model_.Actors({})->read_state().extractions_position(), 2);
}

TEST_F(ReaderTest, EachFilterOfClaims) {
  v1::ItemFilter filter;
  EXPECT_THAT(Find(filter), ElementsAre(kDenial, kBridge));

  filter.add_actors("thekla BARNIM");
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
  filter.add_actors("Jost Ahlers");
  EXPECT_THAT(Find(filter), ElementsAre(kDenial, kBridge));
  filter.clear_actors();
  filter.add_actors("niemand");
  EXPECT_THAT(Find(filter), IsEmpty());

  filter.Clear();
  filter.add_acts(v1::CLAIM_ACT_DENY);
  EXPECT_THAT(Find(filter), ElementsAre(kDenial));
  filter.Clear();
  filter.add_polarities(v1::POLARITY_NEG);
  EXPECT_THAT(Find(filter), ElementsAre(kDenial));
  filter.Clear();
  filter.add_certainties(v1::CERTAINTY_POSSIBLE);
  EXPECT_THAT(Find(filter), ElementsAre(kDenial));
  filter.Clear();
  filter.add_kinds(v1::CLAIM_KIND_INDIRECT);
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
  filter.Clear();
  filter.add_document_ids("bote-1");
  filter.add_document_ids("gibt-es-nicht");
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
  filter.Clear();
  filter.add_outlets("küstenBOTE");
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
  filter.Clear();
  filter.set_text("BRÜCKE barnim");
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
  filter.set_text("Brück");
  EXPECT_THAT(Find(filter), IsEmpty());
  filter.set_text("Brück*");
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
  filter.Clear();
  filter.mutable_event_time()->set_earliest("2031-03-09");
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
  filter.mutable_event_time()->set_earliest("2031-03-10");
  EXPECT_THAT(Find(filter), IsEmpty());
  filter.Clear();
  filter.mutable_published()->set_latest("2031-03-11");
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
  filter.Clear();
  filter.set_min_confidence(0.5);
  EXPECT_THAT(Find(filter), ElementsAre(kBridge));
}

TEST_F(ReaderTest, EachOrderOfClaims) {
  // Recorded before the others, published after them.
  model_.Fold({[] {
    RecordBuilder third(3, "bote-2");
    third.Published("2031-03-11");
    third.Claim("Jost Ahlers", "eins");
    third.Claim("Jost Ahlers", "zwei");
    return third.Build();
  }()});
  const std::string one = "documents/bote-2/claims/c1";
  const std::string two = "documents/bote-2/claims/c2";
  v1::ListClaimsRequest request;
  for (const int page_size : {1, 2, 100}) {
    request.set_order_by(v1::ITEM_ORDER_UNSPECIFIED);
    EXPECT_THAT(model_.AllClaims(request, page_size), ElementsAre(kDenial, one, two, kBridge));
    request.set_order_by(v1::ITEM_ORDER_PUBLISHED_ASC);
    EXPECT_THAT(model_.AllClaims(request, page_size), ElementsAre(kBridge, one, two, kDenial));
    request.set_order_by(v1::ITEM_ORDER_RECORDED_DESC);
    EXPECT_THAT(model_.AllClaims(request, page_size), ElementsAre(one, two, kDenial, kBridge));
    request.set_order_by(v1::ITEM_ORDER_RECORDED_ASC);
    EXPECT_THAT(model_.AllClaims(request, page_size), ElementsAre(kBridge, kDenial, one, two));
  }
}

TEST_F(ReaderTest, FragmentsAreListedOnlyWhenAskedFor) {
  v1::ListClaimsRequest request;
  EXPECT_EQ(model_.AllClaims(request).size(), 2u);
  request.set_include_fragments(true);
  EXPECT_THAT(model_.AllClaims(request),
              ElementsAre(kDenial, kBridge, "documents/bote-1/claims/c1f"));
}

TEST_F(ReaderTest, GetClaimShowsItInItsPlace) {
  v1::GetClaimRequest get;
  get.set_name(kBridge);
  const auto claim = model_.Claim(get);
  ASSERT_TRUE(claim.ok()) << claim.status();
  EXPECT_EQ(claim->claim().document().title(), "Brücke gesperrt");
  EXPECT_EQ(claim->claim().document().outlet(), "Küstenbote");
  EXPECT_EQ(claim->claim().claim().content(0).text(), "die Brücke sei gesperrt");
  ASSERT_EQ(claim->sentences_size(), 1);
  EXPECT_EQ(claim->sentences(0).span().text(), "Thekla Barnim sagte, die Brücke sei gesperrt.");
  EXPECT_EQ(claim->region().kind(), v1::REGION_KIND_BODY);
  ASSERT_EQ(claim->figures_size(), 1);
  EXPECT_EQ(claim->figures(0).span().text(), "zwölf");
  ASSERT_EQ(claim->fragments_size(), 1);
  EXPECT_EQ(claim->fragments(0).content(0).text(), "gesperrt");
}

TEST_F(ReaderTest, AnswersAreRememberedOnlyAsLongAsTheyHold) {
  v1::GetClaimRequest get;
  get.set_name(kBridge);
  const v1::ListClaimsRequest list;
  ASSERT_TRUE(model_.Claim(get).ok());
  ASSERT_EQ(model_.Claims(list)->claims_size(), 2);
  // Another document changes the list and not the claim, whose state is the newest all the same.
  RecordBuilder other(3, "neu");
  other.Claim("Barnim", "die Brücke sei offen");
  model_.Fold({other.Build()});
  EXPECT_EQ(model_.Claim(get)->read_state().documents_position(), 3);
  EXPECT_EQ(model_.Claims(list)->claims_size(), 3);
  // A new version takes the claim away.
  RecordBuilder next(4, "bote-1", 2);
  model_.Fold({next.Build()});
  EXPECT_EQ(ReasonOf(model_.Claim(get).status()), "CLAIM_NOT_FOUND");
  EXPECT_EQ(model_.Claims(list)->claims_size(), 2);
  // And another brings one of the same name, with other words.
  RecordBuilder back(5, "bote-1", 3);
  back.Claim("Thekla Barnim", "die Brücke bleibe zu");
  model_.Fold({back.Build()});
  EXPECT_EQ(model_.Claim(get)->claim().claim().content(0).text(), "die Brücke bleibe zu");
}

TEST_F(ReaderTest, FiguresCarryTheirClaimantsAndDay) {
  v1::ListFiguresRequest request;
  const auto all = model_.Figures(request);
  ASSERT_EQ(all->figures_size(), 3);
  EXPECT_EQ(all->figures(0).name(), "documents/blatt-1/figures/f1");
  ASSERT_EQ(all->figures(0).claimants_size(), 1);
  EXPECT_EQ(all->figures(0).claimants(0).name(), "Jost Ahlers");
  EXPECT_EQ(all->figures(0).as_of().latest(), "2031-03-11");  // When it was said.
  EXPECT_EQ(all->figures(2).as_of().latest(), "2031-03-10");  // The publication.
  EXPECT_EQ(all->figures(2).sentence().text(), "zwölf Boote.");

  request.set_claimed_only(true);
  EXPECT_EQ(model_.Figures(request)->figures_size(), 2);
  request.set_unit("BOOTE");
  EXPECT_EQ(model_.Figures(request)->figures_size(), 1);
  request.set_unit("%");
  EXPECT_EQ(model_.Figures(request)->figures_size(), 1);
  request.set_unit("Schiffe");
  EXPECT_EQ(model_.Figures(request)->figures_size(), 0);
  request.clear_unit();
  request.mutable_filter()->add_actors("Jost Ahlers");
  EXPECT_EQ(model_.Figures(request)->figures_size(), 1);
  request.clear_filter();
  request.mutable_filter()->add_acts(v1::CLAIM_ACT_DENY);  // Stated in a denial.
  EXPECT_EQ(model_.Figures(request)->figures_size(), 1);
}

TEST_F(ReaderTest, TheTimelineMergesEventsClaimsAndFigures) {
  v1::GetTimelineRequest request;
  const auto sources = [&] {
    std::vector<std::string> texts;
    const auto timeline = model_.Timeline(request);
    for (const v1::TimelineEntry& entry : timeline->entries()) {
      texts.push_back(entry.time().earliest() + " " + entry.source().text());
    }
    return texts;
  };
  EXPECT_THAT(sources(),
              ElementsAre("2031-03-08 Ein Lotse ging von Bord",
                          "2031-03-09 die Brücke sei gesperrt", "2031-03-10 zwölf",
                          "2031-03-11 40 Prozent", "2031-03-12 drei", " die Sperrung sei unnötig"));
  request.add_kinds(v1::TIMELINE_ENTRY_KIND_EVENT);
  EXPECT_THAT(sources(), ElementsAre("2031-03-08 Ein Lotse ging von Bord"));
  request.clear_kinds();
  request.mutable_filter()->add_actors("Nordwerft");
  request.mutable_filter()->add_actors("Thekla Barnim");
  EXPECT_THAT(sources(), ElementsAre("2031-03-08 Ein Lotse ging von Bord",
                                     "2031-03-09 die Brücke sei gesperrt", "2031-03-10 zwölf"));
  request.clear_filter();
  request.mutable_filter()->mutable_event_time()->set_earliest("2031-03-09");
  request.mutable_filter()->mutable_event_time()->set_latest("2031-03-10");
  EXPECT_THAT(sources(), ElementsAre("2031-03-09 die Brücke sei gesperrt", "2031-03-10 zwölf"));
  request.clear_filter();
  request.mutable_filter()->set_text("sperr* gesperrt");
  EXPECT_THAT(sources(), IsEmpty());
  request.mutable_filter()->set_text("gesperrt");
  EXPECT_THAT(sources(), ElementsAre("2031-03-09 die Brücke sei gesperrt"));
}

TEST_F(ReaderTest, ActorsMeetAcrossDocumentsByNameAndType) {
  RecordBuilder third(3, "bote-2");
  third.Published("2031-03-15");
  third.Actor("THEKLA BARNIM", v1::ACTOR_TYPE_PERSON, {"Barnim"},
              {"Bürgermeisterin", "Ministerin"});
  model_.Fold({third.Build()});
  v1::GetActorRequest get;
  get.set_actor_id("thekla barnim");
  const auto actor = model_.Actor(get);
  ASSERT_TRUE(actor.ok()) << actor.status();
  EXPECT_EQ(actor->actor().name(), "Thekla Barnim");
  EXPECT_EQ(actor->actor().document_count(), 2);
  EXPECT_EQ(actor->actor().claim_count(), 1);
  EXPECT_EQ(actor->actor().first_published(), "2031-03-10");
  EXPECT_EQ(actor->actor().last_published(), "2031-03-15");
  EXPECT_EQ(actor->actor().roles(0).name(), "Bürgermeisterin");
  EXPECT_EQ(actor->actor().roles(0).document_count(), 2);
  EXPECT_EQ(actor->actor().aliases(0).name(), "Barnim");
  ASSERT_EQ(actor->documents_size(), 2);
  EXPECT_EQ(actor->documents(0).document_id(), "bote-2");
  get.set_actor_id(actor->actor().actor_id());
  EXPECT_EQ(model_.Actor(get)->actor().name(), "Thekla Barnim");
  // "Barnim" is the name of a group before it is anybody's alias.
  get.set_actor_id("Barnim");
  EXPECT_EQ(model_.Actor(get)->actor().type(), v1::ACTOR_TYPE_GROUP);
}

TEST_F(ReaderTest, AnAmbiguousNameIsRefusedWithTheChoices) {
  RecordBuilder third(3, "bote-2");
  third.Actor("Nordwerft", v1::ACTOR_TYPE_GROUP);
  model_.Fold({third.Build()});
  v1::GetActorRequest get;
  get.set_actor_id("nordwerft");
  const absl::Status status = model_.Actor(get).status();
  EXPECT_EQ(ReasonOf(status), "AMBIGUOUS_ACTOR");
  EXPECT_NE(status.message().find("act-"), absl::string_view::npos);
}

TEST_F(ReaderTest, ListsOfActors) {
  const auto names = [&](const v1::ListActorsRequest& request) {
    std::vector<std::string> found;
    const auto response = model_.Actors(request);
    for (const v1::ActorEntry& actor : response->actors()) found.push_back(actor.name());
    return found;
  };
  v1::ListActorsRequest request;
  EXPECT_THAT(names(request), ElementsAre("Barnim", "Jost Ahlers", "Nordwerft", "Thekla Barnim"));
  request.set_order_by(v1::ACTOR_ORDER_CLAIMS_DESC);
  EXPECT_THAT(names(request), ElementsAre("Jost Ahlers", "Thekla Barnim", "Barnim", "Nordwerft"));
  request.Clear();
  request.set_text("BARN");
  EXPECT_THAT(names(request), ElementsAre("Barnim", "Thekla Barnim"));
  request.add_types(v1::ACTOR_TYPE_PERSON);
  EXPECT_THAT(names(request), ElementsAre("Thekla Barnim"));
  request.Clear();
  request.set_document_id("blatt-1");
  EXPECT_THAT(names(request), ElementsAre("Barnim", "Jost Ahlers"));
  request.set_document_id("gibt-es-nicht");
  EXPECT_THAT(names(request), IsEmpty());
}

TEST_F(ReaderTest, PagesOfActorsStayTheSameWhileDocumentsArrive) {
  for (const v1::ActorOrder order : {v1::ACTOR_ORDER_NAME_ASC, v1::ACTOR_ORDER_CLAIMS_DESC}) {
    FoldedModel model;
    model.Fold(Affair());
    v1::ListActorsRequest request;
    request.set_order_by(order);
    const auto expected = model.Actors(request);
    v1::ListActorsResponse paged;
    request.set_page_size(1);
    int64_t position = 2;
    do {
      const auto page = model.Actors(request);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::ActorEntry& actor : page->actors()) *paged.add_actors() = actor;
      request.set_page_token(page->next_page_token());
      // Everybody claims more, a correction takes claims away, new actors come up.
      ++position;
      RecordBuilder next(position, position == 4 ? "bote-1" : "neu-" + std::to_string(position),
                         position == 4 ? 2 : 1);
      next.Claim("Nordlicht " + std::to_string(position), "eins");
      next.Claim("Barnim", "zwei");
      next.Claim("Jost Ahlers", "drei");
      model.Fold({next.Build()});
    } while (!request.page_token().empty());
    ASSERT_EQ(paged.actors_size(), expected->actors_size());
    for (int i = 0; i < paged.actors_size(); ++i) {
      EXPECT_EQ(paged.actors(i).DebugString(), expected->actors(i).DebugString());
    }
  }
}

TEST_F(ReaderTest, GetDocumentHasAllLayersWithTheirWords) {
  v1::QueryServiceGetDocumentRequest get;
  get.set_document_id("bote-1");
  const auto document = model_.Document(get);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->reference().version(), 1);
  EXPECT_EQ(document->extraction().claims(0).content(0).text(), "die Brücke sei gesperrt");
  ASSERT_EQ(document->actors_size(), document->extraction().actors_size());
  EXPECT_EQ(document->actors(0).name(), "Thekla Barnim");
  EXPECT_EQ(document->actors(0).actor_id(),
            ActorId(ActorKey("Thekla Barnim", v1::ACTOR_TYPE_PERSON)));
}

struct ErrorCase {
  const char* request;  // Text format of a ListClaimsRequest.
  const char* reason;
  const char* field;
};

TEST_F(ReaderTest, BadRequestsGetReasonAndField) {
  std::string long_text(1001, 'a');
  const ErrorCase cases[] = {
      {"page_size: -1", "INVALID_PAGE_SIZE", "page_size"},
      {"page_token: 'unsinn'", "INVALID_PAGE_TOKEN", "page_token"},
      {"picture { as_of: 'gestern' }", "INVALID_DATE", "picture.as_of"},
      {"picture { as_of: '2031-13-01' }", "INVALID_DATE", "picture.as_of"},
      {"picture { as_of: '2031-03' }", "INVALID_DATE", "picture.as_of"},
      {"picture { recorded_by: '2031' }", "INVALID_DATE", "picture.recorded_by"},
      {"filter { event_time { earliest: '2031-03-02' latest: '2031-03-01' } }", "REVERSED_INTERVAL",
       "filter.event_time"},
      {"filter { published { earliest: '2031-03-02' latest: '2031-03-01' } }", "REVERSED_INTERVAL",
       "filter.published"},
      {"filter { published { latest: 'März' } }", "INVALID_DATE", "filter.published.latest"},
      {"filter { event_time { earliest: '2031-3-1' } }", "INVALID_DATE",
       "filter.event_time.earliest"},
      {"filter { actors: '' }", "INVALID_FILTER", "filter.actors"},
      {"filter { outlets: '' }", "INVALID_FILTER", "filter.outlets"},
      {"filter { document_ids: '' }", "INVALID_FILTER", "filter.document_ids"},
      {"filter { text: '!?' }", "INVALID_FILTER", "filter.text"},
      {"filter { text: 'a*' }", "INVALID_FILTER", "filter.text"},
      {"filter { min_confidence: 1.5 }", "INVALID_FILTER", "filter.min_confidence"},
      {"filter { min_confidence: nan }", "INVALID_FILTER", "filter.min_confidence"},
  };
  for (const ErrorCase& c : cases) {
    v1::ListClaimsRequest request;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(c.request, &request)) << c.request;
    const absl::Status status = model_.Claims(request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.request;
    EXPECT_EQ(DetailOf(status).reason, c.reason) << c.request;
    EXPECT_EQ(DetailOf(status).field, c.field) << c.request;
  }
  v1::ListClaimsRequest request;
  request.mutable_filter()->set_text(long_text);
  EXPECT_EQ(DetailOf(model_.Claims(request).status()).field, "filter.text");
  request.Clear();
  request.mutable_filter()->add_acts(static_cast<v1::ClaimAct>(99));
  EXPECT_EQ(DetailOf(model_.Claims(request).status()).field, "filter.acts");
  request.Clear();
  request.mutable_filter()->add_kinds(static_cast<v1::ClaimKind>(-1));
  EXPECT_EQ(DetailOf(model_.Claims(request).status()).field, "filter.kinds");
  request.Clear();
  request.set_order_by(static_cast<v1::ItemOrder>(42));
  EXPECT_EQ(DetailOf(model_.Claims(request).status()).field, "order_by");
  request.Clear();
  for (int i = 0; i < 101; ++i) request.mutable_filter()->add_actors("x");
  EXPECT_EQ(DetailOf(model_.Claims(request).status()).field, "filter.actors");
}

TEST_F(ReaderTest, WhatIsNotThereIsSaidSo) {
  v1::GetClaimRequest claim;
  claim.set_name("documents/bote-1/claims/c99");
  EXPECT_EQ(ReasonOf(model_.Claim(claim).status()), "CLAIM_NOT_FOUND");
  claim.set_name("documents/keins/claims/c1");
  EXPECT_EQ(ReasonOf(model_.Claim(claim).status()), "CLAIM_NOT_FOUND");
  claim.mutable_picture()->set_as_of("2031-03-30");
  EXPECT_EQ(ReasonOf(model_.Claim(claim).status()), "CLAIM_NOT_FOUND");
  claim.set_name("bote-1");
  EXPECT_EQ(ReasonOf(model_.Claim(claim).status()), "INVALID_NAME");
  v1::GetActorRequest actor;
  EXPECT_EQ(ReasonOf(model_.Actor(actor).status()), "INVALID_NAME");
  actor.set_actor_id("act-0123456789abcdef");
  EXPECT_EQ(ReasonOf(model_.Actor(actor).status()), "ACTOR_NOT_FOUND");
  v1::QueryServiceGetDocumentRequest document;
  EXPECT_EQ(ReasonOf(model_.Document(document).status()), "INVALID_NAME");
  document.set_document_id("keins");
  EXPECT_EQ(ReasonOf(model_.Document(document).status()), "DOCUMENT_NOT_FOUND");
}

TEST_F(ReaderTest, TokensAreBoundToTheirRequestAndState) {
  v1::ListClaimsRequest request;
  request.set_page_size(1);
  const std::string token = model_.Claims(request)->next_page_token();
  ASSERT_FALSE(token.empty());
  request.set_page_token(token);
  request.set_page_size(7);  // May change.
  EXPECT_EQ(model_.Claims(request)->claims_size(), 1);
  request.set_include_fragments(true);
  EXPECT_EQ(ReasonOf(model_.Claims(request).status()), "INVALID_PAGE_TOKEN");
  v1::ListFiguresRequest figures;
  figures.set_page_token(token);
  EXPECT_EQ(ReasonOf(model_.Figures(figures).status()), "INVALID_PAGE_TOKEN");

  // A read model that does not reach so far (any more).
  FoldedModel other;
  request.Clear();
  request.set_page_token(token);
  EXPECT_EQ(ReasonOf(other.Claims(request).status()), "PAGE_TOKEN_EXPIRED");

  // A well-made token with a place of another order.
  request.Clear();
  PinnedRead read = *ResolvePicture(*model_.model().view(), {});
  request.set_page_token(NextPageToken(request, read, "kurz"));
  EXPECT_EQ(ReasonOf(model_.Claims(request).status()), "INVALID_PAGE_TOKEN");
  request.set_page_token(MakePageToken(request, "x"));
  EXPECT_EQ(ReasonOf(model_.Claims(request).status()), "INVALID_PAGE_TOKEN");
}

TEST(EmptyReaderTest, AnEmptyReadModelAnswers) {
  FoldedModel model;
  EXPECT_EQ(model.Claims({})->claims_size(), 0);
  EXPECT_EQ(model.Figures({})->figures_size(), 0);
  EXPECT_EQ(model.Timeline({})->entries_size(), 0);
  EXPECT_EQ(model.Actors({})->actors_size(), 0);
  v1::ListClaimsRequest filtered;
  filtered.mutable_filter()->add_actors("niemand");
  filtered.mutable_picture()->set_recorded_by("2031-01-01");
  EXPECT_EQ(model.Claims(filtered)->claims_size(), 0);
  v1::GetClaimRequest claim;
  claim.set_name(kBridge);
  EXPECT_EQ(ReasonOf(model.Claim(claim).status()), "CLAIM_NOT_FOUND");
  v1::GetActorRequest actor;
  actor.set_actor_id("niemand");
  EXPECT_EQ(ReasonOf(model.Actor(actor).status()), "ACTOR_NOT_FOUND");
}

TEST(ReaderLimitsTest, LongReadsStopWhenNobodyWaits) {
  FoldedModel model;
  std::vector<v1::ExtractionRecord> records;
  for (int64_t position = 1; position <= 600; ++position) {
    RecordBuilder builder(position, "d" + std::to_string(position));
    builder.Claim("Thekla Barnim", "eins");
    records.push_back(builder.Build());
  }
  model.Fold(records);
  v1::ListClaimsRequest request;
  request.mutable_filter()->set_min_confidence(1);
  std::string bytes;
  const absl::Status status = model.reader().ListClaims(
      request, [] { return absl::CancelledError("gone"); }, &bytes);
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace lagebild::query
