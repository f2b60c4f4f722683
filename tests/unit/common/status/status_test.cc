#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/status/error.h"
#include "common/status/grpc_status.h"

namespace lagebild {
namespace {

TEST(StatusTest, DetailsSurviveTheWire) {
  const absl::Status status =
      InvalidArgument("INVALID_UTF8", "Text ist kaputt – bei 7", "text", {{"byte_offset", "7"}});
  const grpc::Status wire = ToGrpcStatus(status);
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  google::rpc::Status proto;
  ASSERT_TRUE(proto.ParseFromString(wire.error_details()));
  EXPECT_EQ(proto.code(), 3);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(proto.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "INVALID_UTF8");
  EXPECT_EQ(info.domain(), "lagebild");
  EXPECT_EQ(info.metadata().at("field"), "text");
  EXPECT_EQ(info.metadata().at("byte_offset"), "7");

  const absl::Status back = FromGrpcStatus(wire);
  EXPECT_EQ(back.code(), status.code());
  EXPECT_EQ(back.message(), status.message());
  EXPECT_EQ(DetailOf(back).reason, "INVALID_UTF8");
  EXPECT_EQ(DetailOf(back).field, "text");
  EXPECT_EQ(DetailOf(back).metadata, DetailOf(status).metadata);
}

TEST(StatusTest, PlainStatusesAndForeignDetailsPass) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
  const grpc::Status plain = ToGrpcStatus(absl::CancelledError("gone"));
  EXPECT_TRUE(plain.error_details().empty());
  EXPECT_EQ(FromGrpcStatus(plain), absl::CancelledError("gone"));
  const absl::Status garbage =
      FromGrpcStatus(grpc::Status(grpc::StatusCode::INTERNAL, "x", "\xff\xff"));
  EXPECT_EQ(garbage.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReasonOf(garbage), "");
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
}

TEST(StatusTest, LongMessagesAreCutOnABorder) {
  std::string message;
  while (message.size() < 10'000) {
    message += "ü";
  }
  const grpc::Status status = ToGrpcStatus(NotFound("X", "a" + message));
  EXPECT_LE(status.error_message().size(), 2100u);
  EXPECT_EQ(status.error_message().substr(status.error_message().size() - 5), "ü...");
}

TEST(StatusTest, TheDelayOfARetrySurvivesTheWire) {
  const absl::Status status = RateLimited("zu oft", std::chrono::milliseconds(1500));
  const absl::Status back = FromGrpcStatus(ToGrpcStatus(status));
  EXPECT_EQ(back.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(back), "RATE_LIMITED");
  EXPECT_EQ(RetryDelayOf(back), std::chrono::milliseconds(1500));
  EXPECT_EQ(RetryDelayOf(NotFound("X", "x")), std::chrono::nanoseconds(0));
}

TEST(StatusTest, WhatIsInsideDoesNotLeaveTheProcess) {
  const absl::Status damaged = WithPublicMessage(
      DataLoss("DATABASE_DAMAGED", "\"/var/lib/x/000012.sst\" is damaged"), "the log is damaged");
  const grpc::Status wire = ToGrpcStatus(Annotate(damaged, "beim Lesen"));
  EXPECT_EQ(wire.error_message(), "the log is damaged");
  EXPECT_EQ(wire.error_details().find("000012"), std::string::npos);
  EXPECT_EQ(ReasonOf(FromGrpcStatus(wire)), "DATABASE_DAMAGED");
  // For the terminal and the log it stays.
  EXPECT_NE(damaged.message().find("000012"), absl::string_view::npos);
  for (const absl::StatusCode code : {absl::StatusCode::kInternal, absl::StatusCode::kUnknown}) {
    const grpc::Status inside =
        ToGrpcStatus(MakeError(code, "CRASHED", "std::bad_alloc at /usr/src/x.cc:12"));
    EXPECT_EQ(inside.error_message().find("/usr"), std::string::npos);
    EXPECT_EQ(inside.error_details().find("/usr"), std::string::npos);
    EXPECT_EQ(ReasonOf(FromGrpcStatus(inside)), "CRASHED");
  }
  EXPECT_EQ(PublicMessageOf(NotFound("X", "nicht da")), "nicht da");
}

TEST(StatusTest, AnnotationKeepsTheDetail) {
  const absl::Status status = Annotate(NotFound("GONE", "nicht da", "id"), "beim Lesen");
  EXPECT_EQ(status.message(), "beim Lesen: nicht da");
  EXPECT_EQ(DetailOf(status).field, "id");
  EXPECT_TRUE(Annotate(absl::OkStatus(), "x").ok());
}

}  // namespace
}  // namespace lagebild
