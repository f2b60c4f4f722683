#include "common/log/log_waiters.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace lagebild {

// The mutex is recursive, so that a callback may destroy its own subscription.
struct LogWaiters::Waiter {
  std::recursive_mutex mutex;
  std::function<void()> wake;  // Empty once called or cancelled.

  void Call() {
    const std::lock_guard lock(mutex);
    const std::function<void()> callback = std::exchange(wake, nullptr);
    if (callback) {
      callback();
    }
  }
};

class LogWaiters::Subscription : public LogSubscription {
 public:
  Subscription(std::shared_ptr<LogWaiters> waiters, LogPosition after,
               std::shared_ptr<Waiter> waiter)
      : waiters_(std::move(waiters)), after_(after), waiter_(std::move(waiter)) {}
  ~Subscription() override {
    {
      const std::lock_guard lock(waiters_->mutex_);
      auto [it, end] = waiters_->by_position_.equal_range(after_);
      for (; it != end; ++it) {
        if (it->second == waiter_) {
          waiters_->by_position_.erase(it);
          break;
        }
      }
    }
    const std::lock_guard lock(waiter_->mutex);  // Waits for a callback that is running.
    waiter_->wake = nullptr;
  }

 private:
  const std::shared_ptr<LogWaiters> waiters_;
  const LogPosition after_;
  const std::shared_ptr<Waiter> waiter_;
};

std::unique_ptr<LogSubscription> LogWaiters::Add(LogPosition after, std::function<void()> wake,
                                                 const std::function<LogPosition()>& head) {
  auto waiter = std::make_shared<Waiter>();
  waiter->wake = std::move(wake);
  auto subscription = std::make_unique<Subscription>(shared_from_this(), after, waiter);
  bool due = false;
  {
    const std::lock_guard lock(mutex_);
    // The head is published before Wake() takes this lock, so either we see it here or Wake() sees
    // us.
    due = closed_ || head() > after;
    if (!due) {
      by_position_.emplace(after, waiter);
    }
  }
  if (due) {
    waiter->Call();
  }
  return subscription;
}

void LogWaiters::Wake(LogPosition head) {
  std::vector<std::shared_ptr<Waiter>> due;
  {
    const std::lock_guard lock(mutex_);
    const auto end = by_position_.lower_bound(head);
    for (auto it = by_position_.begin(); it != end; ++it) {
      due.push_back(it->second);
    }
    by_position_.erase(by_position_.begin(), end);
  }
  for (const auto& waiter : due) {
    waiter->Call();
  }
}

void LogWaiters::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  Wake(INT64_MAX);
}

}  // namespace lagebild
