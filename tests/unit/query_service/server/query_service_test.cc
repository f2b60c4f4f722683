#include "query_service/server/query_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/client/channel.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"
#include "tests/unit/query_service/support/folded_model.h"
#include "tests/unit/query_service/support/record_builder.h"

namespace lagebild::query {
namespace {

v1::ExtractionRecord Article(int64_t position) {
  RecordBuilder builder(position, "d/" + std::to_string(position));
  builder.Published("2031-03-10").Title("Brücke gesperrt");
  builder.Claim("Thekla Barnim", "die Brücke sei gesperrt");
  builder.Figure("zwölf", 12, "Boote", true);
  builder.Event("Ein Lotse ging", Days("2031-03-08", "2031-03-08"));
  return builder.Build();
}

// The service on a free port of the loopback, over a folded model.
class QueryServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    model_.Fold({Article(1), Article(2), Article(3)});
    ServerConfig config;
    config.listen = "127.0.0.1:0";
    config.http_listen = "127.0.0.1:0";
    config.log_level = "error";
    config.worker_threads = 2;
    config.drain_timeout_ms = 2000;
    auto runtime = ServiceRuntime::Create({"query_service", "", "", ""}, config);
    ASSERT_TRUE(runtime.ok()) << runtime.status();
    runtime_ = *std::move(runtime);
    service_ =
        std::make_unique<QueryServiceImpl>(runtime_.get(), &model_.model(), size_t{1} << 20, [] {
          FollowerState state;
          state.connected = true;
          state.upstream_head = 10;
          return state;
        });
    runtime_->AddService("lagebild.v1.QueryService", service_.get());
    thread_ = std::thread([this] { runtime_->Run(); });
    const int port = runtime_->WaitForPort();
    ASSERT_GT(port, 0);
    ChannelOptions channel;
    channel.target = "127.0.0.1:" + std::to_string(port);
    stub_ = v1::QueryService::NewStub(*MakeChannel(channel));
  }
  void TearDown() override {
    runtime_->Shutdown();
    thread_.join();
  }

  // Calls a method of the stub.
  template <class Request, class Response>
  absl::Status Call(grpc::Status (v1::QueryService::Stub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    return FromGrpcStatus((stub_.get()->*method)(&context, request, response));
  }

  FoldedModel model_;
  std::unique_ptr<ServiceRuntime> runtime_;
  std::unique_ptr<QueryServiceImpl> service_;
  std::thread thread_;
  std::unique_ptr<v1::QueryService::Stub> stub_;
};

TEST_F(QueryServiceTest, ListClaimsWalksItsPages) {
  v1::ListClaimsRequest request;
  request.set_page_size(2);
  v1::ListClaimsResponse response;
  ASSERT_TRUE(Call(&v1::QueryService::Stub::ListClaims, request, &response).ok());
  ASSERT_EQ(response.claims_size(), 2);
  EXPECT_EQ(response.claims(0).name(), "documents/d%2F3/claims/c1");
  EXPECT_EQ(response.claims(0).claim().content(0).text(), "die Brücke sei gesperrt");
  EXPECT_EQ(response.read_state().extractions_position(), 3);
  request.set_page_token(response.next_page_token());
  ASSERT_TRUE(Call(&v1::QueryService::Stub::ListClaims, request, &response).ok());
  EXPECT_EQ(response.claims_size(), 1);
  EXPECT_EQ(response.next_page_token(), "");
  request.Clear();
  request.mutable_filter()->set_text("brück*");  // On the workers.
  ASSERT_TRUE(Call(&v1::QueryService::Stub::ListClaims, request, &response).ok());
  EXPECT_EQ(response.claims_size(), 3);
}

TEST_F(QueryServiceTest, EveryOtherMethodAnswers) {
  v1::GetClaimRequest get_claim;
  get_claim.set_name("documents/d%2F1/claims/c1");
  v1::GetClaimResponse claim;
  ASSERT_TRUE(Call(&v1::QueryService::Stub::GetClaim, get_claim, &claim).ok());
  EXPECT_EQ(claim.sentences_size(), 1);
  v1::GetClaimResponse earlier;
  get_claim.mutable_picture()->set_recorded_by("2031-03-20");
  ASSERT_TRUE(Call(&v1::QueryService::Stub::GetClaim, get_claim, &earlier).ok());
  EXPECT_EQ(claim.SerializeAsString(), earlier.SerializeAsString());

  v1::ListFiguresResponse figures;
  ASSERT_TRUE(Call(&v1::QueryService::Stub::ListFigures, {}, &figures).ok());
  EXPECT_EQ(figures.figures_size(), 3);
  v1::GetTimelineResponse timeline;
  ASSERT_TRUE(Call(&v1::QueryService::Stub::GetTimeline, {}, &timeline).ok());
  EXPECT_EQ(timeline.entries_size(), 9);
  EXPECT_TRUE(timeline.entries(0).has_event());
  v1::ListActorsResponse actors;
  ASSERT_TRUE(Call(&v1::QueryService::Stub::ListActors, {}, &actors).ok());
  ASSERT_EQ(actors.actors_size(), 1);
  EXPECT_EQ(actors.actors(0).claim_count(), 3);
  v1::GetActorRequest get_actor;
  get_actor.set_actor_id(actors.actors(0).actor_id());
  v1::GetActorResponse actor;
  ASSERT_TRUE(Call(&v1::QueryService::Stub::GetActor, get_actor, &actor).ok());
  EXPECT_EQ(actor.documents_size(), 3);
  v1::QueryServiceGetDocumentRequest get_document;
  get_document.set_document_id("d/2");
  v1::QueryServiceGetDocumentResponse document;
  ASSERT_TRUE(Call(&v1::QueryService::Stub::GetDocument, get_document, &document).ok());
  EXPECT_EQ(document.extraction().claims_size(), 1);
  v1::QueryServiceGetStatusResponse status;
  ASSERT_TRUE(Call(&v1::QueryService::Stub::GetStatus, {}, &status).ok());
  EXPECT_EQ(status.status().service(), "query_service");
  EXPECT_EQ(status.status().generation(), 1);
  EXPECT_EQ(status.status().extractor_version(), "test-1");
  ASSERT_EQ(status.status().logs_size(), 1);
  EXPECT_EQ(status.status().logs(0).head_position(), 3);
  EXPECT_EQ(status.status().logs(0).lag(), 7);
  EXPECT_TRUE(status.status().logs(0).upstream_connected());
  std::string counts;
  for (const v1::Count& count : status.status().counts()) {
    counts += count.name() + "=" + std::to_string(count.value()) + " ";
  }
  EXPECT_EQ(counts, "actors=1 claims=3 documents=3 events=3 failures=0 figures=3 versions=3 ");
}

TEST_F(QueryServiceTest, ErrorsCarryReasonAndField) {
  const auto expect = [](const absl::Status& status, absl::StatusCode code, const char* reason,
                         const char* field) {
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_EQ(DetailOf(status).reason, reason);
    EXPECT_EQ(DetailOf(status).field, field);
  };
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  constexpr auto kNotFound = absl::StatusCode::kNotFound;
  v1::ListClaimsRequest claims;
  v1::ListClaimsResponse claims_response;
  claims.set_page_token("unsinn");
  expect(Call(&v1::QueryService::Stub::ListClaims, claims, &claims_response), kInvalid,
         "INVALID_PAGE_TOKEN", "page_token");
  v1::ListFiguresRequest figures;
  v1::ListFiguresResponse figures_response;
  figures.set_page_size(-2);
  expect(Call(&v1::QueryService::Stub::ListFigures, figures, &figures_response), kInvalid,
         "INVALID_PAGE_SIZE", "page_size");
  v1::GetTimelineRequest timeline;
  v1::GetTimelineResponse timeline_response;
  timeline.mutable_filter()->mutable_event_time()->set_earliest("2031-03-02");
  timeline.mutable_filter()->mutable_event_time()->set_latest("2031-03-01");
  expect(Call(&v1::QueryService::Stub::GetTimeline, timeline, &timeline_response), kInvalid,
         "REVERSED_INTERVAL", "filter.event_time");
  v1::ListActorsRequest actors;
  v1::ListActorsResponse actors_response;
  actors.mutable_picture()->set_as_of("gestern");
  expect(Call(&v1::QueryService::Stub::ListActors, actors, &actors_response), kInvalid,
         "INVALID_DATE", "picture.as_of");
  v1::GetActorRequest actor;
  v1::GetActorResponse actor_response;
  actor.set_actor_id("niemand");
  expect(Call(&v1::QueryService::Stub::GetActor, actor, &actor_response), kNotFound,
         "ACTOR_NOT_FOUND", "actor_id");
  v1::GetClaimRequest claim;
  v1::GetClaimResponse claim_response;
  claim.set_name("documents/a/claims/b");
  expect(Call(&v1::QueryService::Stub::GetClaim, claim, &claim_response), kNotFound,
         "CLAIM_NOT_FOUND", "name");
  v1::QueryServiceGetDocumentRequest document;
  v1::QueryServiceGetDocumentResponse document_response;
  document.set_document_id("keins");
  expect(Call(&v1::QueryService::Stub::GetDocument, document, &document_response), kNotFound,
         "DOCUMENT_NOT_FOUND", "document_id");
}

TEST_F(QueryServiceTest, ManyCallersReadWhileDocumentsArrive) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> callers;
  std::atomic<int> answers{0};
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&, i] {
      while (!stop) {
        v1::ListClaimsRequest request;
        if (i % 2 == 1) request.mutable_filter()->set_text("brücke");
        v1::ListClaimsResponse response;
        const absl::Status status = Call(&v1::QueryService::Stub::ListClaims, request, &response);
        ASSERT_TRUE(status.ok()) << status;
        // One claim a document: an answer is of one state.
        ASSERT_EQ(std::min<int64_t>(50, response.read_state().extractions_position()),
                  response.claims_size());
        ++answers;
      }
    });
  }
  for (int64_t position = 4; position <= 100; ++position) model_.Fold({Article(position)});
  while (answers < 50) std::this_thread::yield();
  stop = true;
  for (std::thread& caller : callers) caller.join();
}

}  // namespace
}  // namespace lagebild::query
