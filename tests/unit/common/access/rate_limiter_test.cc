#include "common/access/rate_limiter.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace lagebild {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

const RateLimiter::Time kStart = RateLimiter::Time(std::chrono::hours(1));

TEST(RateLimiterTest, LetsTheBurstThroughAndThenTheRate) {
  RateLimiter limiter(10, 5);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(limiter.Take(kStart), 0ns) << i;
  }
  EXPECT_EQ(limiter.Take(kStart), 100ms);
  EXPECT_EQ(limiter.Wait(kStart), 100ms);
  EXPECT_EQ(limiter.Take(kStart + 99ms), 1ms);
  EXPECT_EQ(limiter.Take(kStart + 100ms), 0ns);
  EXPECT_EQ(limiter.Take(kStart + 100ms), 100ms);
  EXPECT_FALSE(limiter.Full(kStart + 100ms));
  // After a pause the burst is there again, and no more than the burst.
  EXPECT_TRUE(limiter.Full(kStart + 1h));
  int taken = 0;
  while (limiter.Take(kStart + 1h) == 0ns) {
    ++taken;
  }
  EXPECT_EQ(taken, 5);
}

TEST(RateLimiterTest, ChargingMakesDebts) {
  RateLimiter limiter(10, 1);
  EXPECT_EQ(limiter.Charge(kStart), 0ns);
  EXPECT_EQ(limiter.Charge(kStart), 100ms);
  EXPECT_EQ(limiter.Charge(kStart), 200ms);
  EXPECT_EQ(limiter.Take(kStart + 200ms), 100ms);
  EXPECT_EQ(limiter.Take(kStart + 300ms), 0ns);
}

TEST(RateLimiterTest, ThreadsTogetherGetNoMore) {
  RateLimiter limiter(1, 1000);
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) {
        taken += limiter.Take(kStart) == 0ns ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(taken, 1000);
}

}  // namespace
}  // namespace lagebild
