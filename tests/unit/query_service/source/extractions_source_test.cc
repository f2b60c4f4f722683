#include "query_service/source/extractions_source.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "common/client/channel.h"
#include "common/server/logging.h"
#include "lagebild/v1/extract_service.grpc.pb.h"
#include "tests/unit/query_service/support/folded_model.h"
#include "tests/unit/query_service/support/record_builder.h"

namespace lagebild::query {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

v1::ExtractionRecord Article(int64_t position) {
  RecordBuilder builder(position, "d" + std::to_string(position % 40), 1 + position / 40);
  builder.Published("2031-03-10");
  builder.Claim("Thekla Barnim", "Fassung " + std::to_string(position));
  return builder.Build();
}

// Serves articles up to `head`; breaks off after `break_after` records of a stream.
class FakeExtract : public v1::ExtractService::Service {
 public:
  std::atomic<int64_t> head{0};
  std::atomic<int> break_after{1'000'000};
  std::atomic<int> streams{0};

  grpc::Status ReadExtractions(grpc::ServerContext* context,
                               const v1::ReadExtractionsRequest* request,
                               grpc::ServerWriter<v1::ReadExtractionsResponse>* writer) override {
    ++streams;
    EXPECT_TRUE(request->follow());
    context->AddInitialMetadata(kHeadPositionHeader, std::to_string(head));
    writer->SendInitialMetadata();
    int64_t position = request->after_position();
    for (int sent = 0; !context->IsCancelled();) {
      if (sent >= break_after) return {grpc::StatusCode::UNAVAILABLE, "stopping"};
      if (position >= head) {
        std::this_thread::sleep_for(2ms);
        continue;
      }
      v1::ReadExtractionsResponse response;
      *response.mutable_record() = Article(++position);
      response.set_head_position(head);
      if (!writer->Write(response)) break;
      ++sent;
    }
    return grpc::Status::CANCELLED;
  }
};

class ExtractionsSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    InitLogging("test", "text", "error");
    Serve();
  }
  void Serve() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_),
                             grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&extract_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }
  void Start() {
    auto opened = ReadModel::Open({directory_.path() / "model"});
    ASSERT_TRUE(opened.ok()) << opened.status();
    model_ = *std::move(opened);
    projector_ = std::make_unique<Projector>(model_.get());
    ChannelOptions channel;
    channel.target = "127.0.0.1:" + std::to_string(port_);
    source_ = std::make_unique<ExtractionsSource>(*MakeChannel(channel), "extract_service",
                                                  projector_.get());
    source_->Start({});
  }
  void Stop() {
    source_.reset();
    projector_.reset();
    model_.reset();
  }
  void TearDown() override {
    Stop();
    server_->Shutdown(std::chrono::system_clock::now());
  }
  void WaitFor(int64_t position) {
    for (int i = 0; i < 2000; ++i) {
      if (model_->view()->state().extractions_position >= position &&
          source_->state().position >= position) {
        return;
      }
      std::this_thread::sleep_for(10ms);
    }
    FAIL() << "at " << model_->view()->state().extractions_position << " of " << position;
  }

  FakeExtract extract_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  TemporaryDirectory directory_;
  std::unique_ptr<ReadModel> model_;
  std::unique_ptr<Projector> projector_;
  std::unique_ptr<ExtractionsSource> source_;
};

TEST_F(ExtractionsSourceTest, FollowsTheLogAndTellsWhereItStands) {
  extract_.head = 20;
  Start();
  WaitFor(20);
  extract_.head = 25;
  WaitFor(25);
  const FollowerState state = source_->state();
  EXPECT_TRUE(state.connected);
  EXPECT_TRUE(state.ready());
  EXPECT_EQ(state.upstream_head, 25);
  EXPECT_EQ(model_->view()->serving().documents, 25);
}

TEST_F(ExtractionsSourceTest, BrokenStreamsAndRestartsFoldEachRecordOnce) {
  extract_.head = 150;
  extract_.break_after = 23;
  Start();
  WaitFor(60);
  Stop();
  Start();
  WaitFor(150);
  EXPECT_GT(extract_.streams, 5);
  FoldedModel expected;
  for (int64_t position = 1; position <= 150; ++position) expected.Fold({Article(position)});
  EXPECT_EQ(*model_->Dump(), expected.Dump());
}

TEST_F(ExtractionsSourceTest, ReconnectsWhenUpstreamComesBack) {
  extract_.head = 5;
  Start();
  WaitFor(5);
  server_->Shutdown(std::chrono::system_clock::now());
  extract_.head = 9;
  Serve();
  WaitFor(9);
}

TEST_F(ExtractionsSourceTest, IsReadyWhenUpstreamCannotBeReached) {
  server_->Shutdown(std::chrono::system_clock::now());
  Start();
  for (int i = 0; i < 500 && !source_->state().ready(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(source_->state().ready());
  EXPECT_FALSE(source_->state().connected);
}

}  // namespace
}  // namespace lagebild::query
