#ifndef LAGEBILD_COMMON_LOG_LOG_WAITERS_H_
#define LAGEBILD_COMMON_LOG_LOG_WAITERS_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "common/log/log.h"

namespace lagebild {

/// The subscribers of a log by the position they wait behind. Thread-safe.
class LogWaiters : public std::enable_shared_from_this<LogWaiters> {
 public:
  /// Calls `wake` once when the log's head is behind `after` or the log is closed: at once where
  /// that is so already, else from the thread that calls Wake() or Close(). `head` gives the newest
  /// durable position, which must be published before Wake() is called with it. Destroying the
  /// subscription, also from the callback, takes it back; a callback that is running is waited for.
  std::unique_ptr<LogSubscription> Add(LogPosition after, std::function<void()> wake,
                                       const std::function<LogPosition()>& head);

  /// Calls and forgets those that wait behind a smaller position.
  void Wake(LogPosition head);
  /// Calls all; nobody waits from now on.
  void Close();

 private:
  struct Waiter;
  class Subscription;

  std::mutex mutex_;
  std::multimap<LogPosition, std::shared_ptr<Waiter>> by_position_;
  bool closed_ = false;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_LOG_LOG_WAITERS_H_
