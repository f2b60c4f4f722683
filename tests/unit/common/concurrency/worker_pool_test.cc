#include "common/concurrency/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace lagebild {
namespace {

TEST(WorkerPoolTest, RunsWhatItTookAndRefusesTheRest) {
  std::promise<void> begun;
  std::promise<void> release;
  std::atomic<int> ran{0};
  WorkerPool pool(1, 2);
  ASSERT_TRUE(pool.TrySubmit([&] {
    begun.set_value();
    release.get_future().wait();
    ++ran;
  }));
  begun.get_future().wait();
  EXPECT_TRUE(pool.TrySubmit([&] { ++ran; }));
  EXPECT_TRUE(pool.TrySubmit([&] { ++ran; }));
  EXPECT_FALSE(pool.TrySubmit([&] { ran += 100; }));
  EXPECT_EQ(pool.queued(), 2u);
  release.set_value();
  pool.Stop();
  EXPECT_EQ(ran, 3);
  EXPECT_FALSE(pool.TrySubmit([&] { ran += 100; }));
  pool.Stop();
}

TEST(WorkerPoolTest, ManyThreadsShareTheWork) {
  std::atomic<int> ran{0};
  {
    WorkerPool pool(4, 10'000);
    for (int i = 0; i < 5000; ++i) {
      ASSERT_TRUE(pool.TrySubmit([&ran] { ++ran; }));
    }
  }
  EXPECT_EQ(ran, 5000);
}

}  // namespace
}  // namespace lagebild
