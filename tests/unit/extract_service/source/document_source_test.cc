#include "extract_service/source/document_source.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "common/client/channel.h"
#include "lagebild/v1/ingest_service.grpc.pb.h"

namespace lagebild::extract {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// Sends the positions up to `head`, then breaks off or waits for the caller to go.
class FakeIngest : public v1::IngestService::Service {
 public:
  std::atomic<LogPosition> head{0};
  std::atomic<bool> break_off{false};
  std::atomic<int> streams{0};

  grpc::Status ReadDocuments(grpc::ServerContext* context, const v1::ReadDocumentsRequest* request,
                             grpc::ServerWriter<v1::ReadDocumentsResponse>* writer) override {
    ++streams;
    EXPECT_TRUE(request->follow());
    context->AddInitialMetadata(kHeadPositionHeader, std::to_string(head));
    writer->SendInitialMetadata();
    LogPosition position = request->after_position();
    while (!context->IsCancelled()) {
      if (position >= head) {
        if (break_off) {
          return {grpc::StatusCode::UNAVAILABLE, "stopping"};
        }
        std::this_thread::sleep_for(5ms);
        continue;
      }
      v1::ReadDocumentsResponse response;
      response.mutable_record()->set_position(++position);
      response.set_head_position(head);
      writer->Write(response);
    }
    return grpc::Status::CANCELLED;
  }
};

class DocumentSourceTest : public ::testing::Test {
 protected:
  void Serve() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_),
                             grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&ingest_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }
  void Stop() {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_.reset();
  }
  std::unique_ptr<DocumentSource> Follow(LogPosition after) {
    ChannelOptions options;
    options.target = "127.0.0.1:" + std::to_string(port_);
    auto source = std::make_unique<DocumentSource>(options.target, *MakeChannel(options),
                                                   [this](const v1::DocumentRecord& record) {
                                                     const std::lock_guard lock(mutex_);
                                                     if (record.position() == refuse_once_) {
                                                       refuse_once_ = 0;
                                                       return absl::InternalError("not now");
                                                     }
                                                     positions_.push_back(record.position());
                                                     source_->follower().Advance(record.position());
                                                     return absl::OkStatus();
                                                   });
    source_ = source.get();
    source->follower().Start(after);
    return source;
  }
  template <class Condition>
  bool Eventually(Condition condition) {
    for (int i = 0; i < 1000; ++i) {
      if (condition()) {
        return true;
      }
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }
  std::vector<LogPosition> positions() {
    const std::lock_guard lock(mutex_);
    return positions_;
  }

  FakeIngest ingest_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::mutex mutex_;
  std::vector<LogPosition> positions_;
  LogPosition refuse_once_ = 0;
  DocumentSource* source_ = nullptr;
};

std::vector<LogPosition> Range(LogPosition first, LogPosition last) {
  std::vector<LogPosition> range;
  for (LogPosition position = first; position <= last; ++position) {
    range.push_back(position);
  }
  return range;
}

TEST_F(DocumentSourceTest, ResumesBehindWhatItHasOverErrorsAndRestarts) {
  ingest_.head = 5;
  Serve();
  refuse_once_ = 3;
  const auto source = Follow(0);
  ASSERT_TRUE(Eventually([&] { return positions().size() == 5; }));
  EXPECT_TRUE(source->follower().state().ready());
  EXPECT_TRUE(source->follower().state().connected);
  EXPECT_GE(ingest_.streams, 2);

  ingest_.break_off = true;  // An orderly end.
  ASSERT_TRUE(Eventually([&] { return ingest_.streams >= 4; }));
  ingest_.break_off = false;
  ingest_.head = 8;
  ASSERT_TRUE(Eventually([&] { return positions().size() == 8; }));

  Stop();  // The upstream dies and comes back.
  ASSERT_TRUE(Eventually([&] { return !source->follower().state().connected; }));
  EXPECT_FALSE(source->follower().state().last_error.empty());
  EXPECT_TRUE(source->follower().state().ready());
  ingest_.head = 10;
  const auto begin = std::chrono::steady_clock::now();
  Serve();
  ASSERT_TRUE(Eventually([&] { return positions().size() == 10; }));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
  EXPECT_EQ(positions(), Range(1, 10));
  EXPECT_EQ(source->follower().state().lag(), 0);
  source->follower().Stop();
  Stop();
}

TEST_F(DocumentSourceTest, IsReadyWhenCaughtUpOrWithoutUpstream) {
  port_ = 1;  // Nobody listens there.
  {
    const auto source = Follow(0);
    EXPECT_TRUE(Eventually([&] { return source->follower().state().ready(); }));
    EXPECT_FALSE(source->follower().state().ever_connected);
  }
  port_ = 0;
  ingest_.head = 3;
  Serve();
  const auto source = Follow(3);  // Nothing to send; the headers tell.
  EXPECT_TRUE(Eventually([&] { return source->follower().state().connected; }));
  EXPECT_TRUE(source->follower().state().ready());
  EXPECT_TRUE(positions().empty());
  source->follower().Stop();
  Stop();
}

}  // namespace
}  // namespace lagebild::extract
