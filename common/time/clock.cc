#include "common/time/clock.h"

#include <algorithm>

namespace lagebild {
namespace {

class SystemClock : public Clock {
 public:
  Instant Now() const override {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace

const Clock& Clock::System() {
  static const SystemClock clock;
  return clock;
}

Instant ManualClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void ManualClock::Set(Instant now) {
  const std::lock_guard lock(mutex_);
  now_ = now;
}

void ManualClock::Advance(std::chrono::microseconds by) {
  const std::lock_guard lock(mutex_);
  now_ += by;
}

Instant RecordingClock::Now() {
  const std::lock_guard lock(mutex_);
  last_ = std::max(last_ + std::chrono::microseconds(1), clock_.Now());
  return last_;
}

}  // namespace lagebild
