#include "common/time/clock.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "common/time/proto_time.h"

namespace lagebild {
namespace {

using std::chrono::seconds;

Instant At(int64_t seconds_since_1970) { return Instant(seconds(seconds_since_1970)); }

TEST(RecordingClockTest, AlwaysGoesOn) {
  constexpr auto kTick = std::chrono::microseconds(1);
  ManualClock machine(At(100));
  RecordingClock clock(machine, At(50));
  EXPECT_EQ(clock.Now(), At(100));
  EXPECT_EQ(clock.Now(), At(100) + kTick);
  machine.Set(At(90));
  EXPECT_EQ(clock.Now(), At(100) + 2 * kTick);
  machine.Advance(seconds(20));
  EXPECT_EQ(clock.Now(), At(110));
  // After a restart on a machine whose clock was set back.
  machine.Set(At(10));
  RecordingClock restarted(machine, At(110));
  EXPECT_EQ(restarted.Now(), At(110) + kTick);
}

TEST(RecordingClockTest, GoesOnInEachOfManyThreads) {
  RecordingClock clock(Clock::System(), At(0));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&clock] {
      Instant last = At(0);
      for (int k = 0; k < 2000; ++k) {
        const Instant now = clock.Now();
        ASSERT_GT(now, last);
        last = now;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(ProtoTimeTest, RoundTrips) {
  for (const int64_t micros :
       {int64_t{0}, int64_t{1}, int64_t{1'700'000'000'123'456}, int64_t{-1}, int64_t{-1'500'000}}) {
    const Instant instant{std::chrono::microseconds(micros)};
    const google::protobuf::Timestamp proto = ToProto(instant);
    EXPECT_GE(proto.nanos(), 0);
    EXPECT_LT(proto.nanos(), 1'000'000'000);
    EXPECT_EQ(FromProto(proto), instant);
  }
}

}  // namespace
}  // namespace lagebild
