#ifndef LAGEBILD_COMMON_TIME_CLOCK_H_
#define LAGEBILD_COMMON_TIME_CLOCK_H_

#include <chrono>
#include <mutex>

namespace lagebild {

/// A point in time, UTC, in microseconds since 1970.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// Tells the time; injected where a test needs to choose it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;

  /// The machine's clock; lives for ever.
  static const Clock& System();
};

/// A clock a test sets. Thread-safe.
class ManualClock : public Clock {
 public:
  explicit ManualClock(Instant now) : now_(now) {}
  Instant Now() const override;
  void Set(Instant now);
  void Advance(std::chrono::microseconds by);

 private:
  mutable std::mutex mutex_;
  Instant now_;
};

/// The clock that stamps records: each reading is later than the one before, along a whole log,
/// also over restarts and when the machine's clock is set back. So an instant names a state of the
/// log, and what was recorded by then never changes.
///
/// Seed it with the time of the newest record of the log. Thread-safe. Records of several threads
/// are in order only when reading the clock and handing the record to the log happen under one lock
/// of the caller.
class RecordingClock {
 public:
  RecordingClock(const Clock& clock, Instant newest_record) : clock_(clock), last_(newest_record) {}

  /// The present, or a microsecond behind the reading before where that is later.
  Instant Now();

 private:
  const Clock& clock_;
  std::mutex mutex_;
  Instant last_;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_TIME_CLOCK_H_
