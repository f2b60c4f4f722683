#ifndef LAGEBILD_COMMON_ACCESS_RATE_LIMITER_H_
#define LAGEBILD_COMMON_ACCESS_RATE_LIMITER_H_

#include <atomic>
#include <chrono>
#include <cstdint>

namespace lagebild {

/// A token bucket: `rate` a second on average, up to `burst` at once. Kept as one point in time
/// (the generic cell rate algorithm), so that taking is one compare-and-swap. Thread-safe.
class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// REQUIRES: rate > 0, burst >= 1.
  RateLimiter(double rate, double burst);

  /// Takes one. 0 when there was one; else nothing is taken and this is the time until there will
  /// be one.
  std::chrono::nanoseconds Take(Time now);

  /// What Take() would answer, with nothing taken.
  std::chrono::nanoseconds Wait(Time now) const;

  /// Takes one whether or not it is there. The time until the debt is paid: for streams, which are
  /// slowed down instead of refused.
  std::chrono::nanoseconds Charge(Time now);

  /// Whether it is full: as good as new.
  bool Full(Time now) const;

 private:
  const int64_t interval_ns_;  // Between two at the average rate.
  const int64_t burst_ns_;     // How far ahead of the average a caller may be.
  std::atomic<int64_t> due_ns_{
      0};  // When everything taken so far would be paid at the average rate.
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_ACCESS_RATE_LIMITER_H_
