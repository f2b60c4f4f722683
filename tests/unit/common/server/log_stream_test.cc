#include "common/server/log_stream.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <chrono>
#include <vector>

#include "common/status/error.h"
#include "common/status/grpc_status.h"
#include "tests/unit/common/server/test_service.h"

namespace lagebild {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

class LogStreamTest : public ServiceFixture {
 protected:
  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::ReadDocumentsResponse>> reader;
  };
  std::unique_ptr<Stream> Open(LogPosition after, bool follow, int32_t partition = 0,
                               std::chrono::milliseconds timeout = 30s) {
    auto stream = std::make_unique<Stream>();
    stream->context.set_deadline(std::chrono::system_clock::now() + timeout);
    v1::ReadDocumentsRequest request;
    request.set_partition(partition);
    request.set_after_position(after);
    request.set_follow(follow);
    stream->reader = stub_->ReadDocuments(&stream->context, request);
    return stream;
  }
  void Append(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(log_->AppendAndWait(0, std::to_string(++appended_)).ok());
    }
  }
  int appended_ = 0;
};

TEST_F(LogStreamTest, SendsTheLogAndEnds) {
  Start();
  Append(300);
  const auto stream = Open(10, /*follow=*/false);
  v1::ReadDocumentsResponse response;
  LogPosition position = 10;
  while (stream->reader->Read(&response)) {
    EXPECT_EQ(response.record().position(), ++position);
    EXPECT_EQ(response.record().document().id(), std::to_string(position));
    EXPECT_EQ(response.head_position(), 300);
  }
  EXPECT_EQ(position, 300);
  EXPECT_TRUE(stream->reader->Finish().ok());
  EXPECT_EQ(
      std::string(
          stream->context.GetServerInitialMetadata().find(kHeadPositionHeader)->second.data(), 3),
      "300");
}

TEST_F(LogStreamTest, RefusesBadPositionsAndPartitions) {
  Start();
  Append(2);
  for (const auto& [after, partition, code, reason] :
       {std::tuple{LogPosition{3}, 0, absl::StatusCode::kInvalidArgument, "POSITION_OUT_OF_RANGE"},
        std::tuple{LogPosition{-1}, 0, absl::StatusCode::kInvalidArgument, "POSITION_OUT_OF_RANGE"},
        std::tuple{LogPosition{0}, 1, absl::StatusCode::kNotFound, "UNKNOWN_PARTITION"},
        std::tuple{LogPosition{0}, -1, absl::StatusCode::kNotFound, "UNKNOWN_PARTITION"}}) {
    const absl::Status status = FromGrpcStatus(Open(after, true, partition)->reader->Finish());
    EXPECT_EQ(status.code(), code);
    EXPECT_EQ(ReasonOf(status), reason);
  }
}

TEST_F(LogStreamTest, ManyFollowersGetEveryRecordOnce) {
  Start();
  Append(5);
  constexpr int kFollowers = 8;
  constexpr int kRecords = 400;
  std::vector<std::thread> followers;
  std::atomic<int> complete{0};
  for (int i = 0; i < kFollowers; ++i) {
    followers.emplace_back([this, &complete] {
      const auto stream = Open(0, /*follow=*/true);
      v1::ReadDocumentsResponse response;
      LogPosition position = 0;
      while (position < kRecords && stream->reader->Read(&response)) {
        ASSERT_EQ(response.record().position(), ++position);
      }
      complete += position == kRecords ? 1 : 0;
      stream->context.TryCancel();
      EXPECT_EQ(stream->reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
    });
  }
  Append(kRecords - 5);
  for (std::thread& follower : followers) {
    follower.join();
  }
  EXPECT_EQ(complete, kFollowers);
}

TEST_F(LogStreamTest, FollowersOfTheEndShareWhatIsReadAndAreToldTheHead) {
  Start();
  constexpr int kFollowers = 20;
  constexpr int kRecords = 50;
  std::vector<std::unique_ptr<Stream>> followers;
  for (int i = 0; i < kFollowers; ++i) {
    followers.push_back(Open(0, /*follow=*/true));
    followers.back()->reader->WaitForInitialMetadata();
  }
  v1::ReadDocumentsResponse response;
  for (int record = 1; record <= kRecords; ++record) {
    Append(1);
    for (const auto& follower : followers) {
      ASSERT_TRUE(follower->reader->Read(&response));
      EXPECT_EQ(response.record().position(), record);
      EXPECT_EQ(response.record().document().id(), std::to_string(record));
      EXPECT_EQ(response.head_position(), record);
    }
  }
  // Streams that take the same record at the same time may each make its message.
  EXPECT_LT(service_->converted, kFollowers * kRecords / 2);
  // What is kept does not stand in the way of what is older, and the head is that of now.
  constexpr int kMore = 1500;
  Append(kMore);
  const auto late = Open(0, /*follow=*/false);
  for (int record = 1; record <= kRecords + kMore; ++record) {
    ASSERT_TRUE(late->reader->Read(&response));
    EXPECT_EQ(response.record().position(), record);
    EXPECT_EQ(response.head_position(), kRecords + kMore);
  }
  EXPECT_FALSE(late->reader->Read(&response));
  EXPECT_TRUE(late->reader->Finish().ok());
  for (const auto& follower : followers) follower->context.TryCancel();
}

TEST_F(LogStreamTest, RefusesWhatIsNoMessage) {
  Start();
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice slice("\xff\xff\xff");
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  const auto call =
      stub.PrepareUnaryCall(&context, "/lagebild.v1.IngestService/ReadDocuments", request, &queue);
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(FromGrpcStatus(status)), "MALFORMED_REQUEST");
}

TEST_F(LogStreamTest, AFollowerIsWokenAtOnce) {
  Start();
  const auto stream = Open(0, /*follow=*/true);
  stream->reader->WaitForInitialMetadata();
  v1::ReadDocumentsResponse response;
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(5ms);
    const auto begin = std::chrono::steady_clock::now();
    Append(1);
    ASSERT_TRUE(stream->reader->Read(&response));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 500ms);
  }
}

TEST_F(LogStreamTest, DeadlinesAndCancellationEndAWaitingStream) {
  Start();
  auto stream = Open(0, /*follow=*/true, 0, 200ms);
  v1::ReadDocumentsResponse response;
  EXPECT_FALSE(stream->reader->Read(&response));
  EXPECT_EQ(stream->reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  stream = Open(0, /*follow=*/true);
  stream->reader->WaitForInitialMetadata();
  stream->context.TryCancel();
  EXPECT_EQ(stream->reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // Both have left: their places are free again.
  for (int i = 0; i < 200 && runtime_->metrics().rpcs_running().Value() > 0; ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(runtime_->metrics().rpcs_running().Value(), 0);
}

TEST_F(LogStreamTest, DrainingEndsFollowersWithUnavailable) {
  Start();
  Append(3);
  const auto stream = Open(0, /*follow=*/true);
  v1::ReadDocumentsResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(stream->reader->Read(&response));
  }
  const auto begin = std::chrono::steady_clock::now();
  runtime_->Shutdown();
  EXPECT_FALSE(stream->reader->Read(&response));
  const absl::Status status = FromGrpcStatus(stream->reader->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "DRAINING");
  thread_.join();
  EXPECT_EQ(exit_code_, 0);
  EXPECT_TRUE(drained_);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1500ms);
}

TEST_F(LogStreamTest, AClosedLogEndsFollowers) {
  Start();
  const auto stream = Open(0, /*follow=*/true);
  stream->reader->WaitForInitialMetadata();
  log_->Close();
  EXPECT_EQ(stream->reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace lagebild
