#include "common/access/rate_limiter.h"

#include <algorithm>

namespace lagebild {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;

int64_t Nanoseconds(RateLimiter::Time time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

}  // namespace

RateLimiter::RateLimiter(double rate, double burst)
    : interval_ns_(std::max<int64_t>(1, static_cast<int64_t>(kNanosecondsPerSecond / rate))),
      burst_ns_(static_cast<int64_t>(static_cast<double>(interval_ns_) * burst)) {}

std::chrono::nanoseconds RateLimiter::Take(Time time) {
  const int64_t now = Nanoseconds(time);
  int64_t due = due_ns_.load(std::memory_order_relaxed);
  while (true) {
    const int64_t next = std::max(due, now) + interval_ns_;
    if (next - now > burst_ns_) {
      return std::chrono::nanoseconds(next - now - burst_ns_);
    }
    if (due_ns_.compare_exchange_weak(due, next, std::memory_order_relaxed)) {
      return std::chrono::nanoseconds(0);
    }
  }
}

std::chrono::nanoseconds RateLimiter::Wait(Time time) const {
  const int64_t now = Nanoseconds(time);
  const int64_t next = std::max(due_ns_.load(std::memory_order_relaxed), now) + interval_ns_;
  return std::chrono::nanoseconds(std::max<int64_t>(0, next - now - burst_ns_));
}

std::chrono::nanoseconds RateLimiter::Charge(Time time) {
  const int64_t now = Nanoseconds(time);
  int64_t due = due_ns_.load(std::memory_order_relaxed);
  int64_t next = 0;
  do {
    next = std::max(due, now) + interval_ns_;
  } while (!due_ns_.compare_exchange_weak(due, next, std::memory_order_relaxed));
  return std::chrono::nanoseconds(std::max<int64_t>(0, next - now - burst_ns_));
}

bool RateLimiter::Full(Time time) const {
  return due_ns_.load(std::memory_order_relaxed) <= Nanoseconds(time);
}

}  // namespace lagebild
