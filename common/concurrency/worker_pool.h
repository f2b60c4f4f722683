#ifndef LAGEBILD_COMMON_CONCURRENCY_WORKER_POOL_H_
#define LAGEBILD_COMMON_CONCURRENCY_WORKER_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lagebild {

/// A fixed number of threads behind a bounded queue. Thread-safe. Idle threads cost nothing.
/// Destruction runs what is queued, then joins.
class WorkerPool {
 public:
  /// REQUIRES: threads > 0, max_queued > 0.
  WorkerPool(size_t threads, size_t max_queued);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Queues work; false when the queue is full or the pool has been stopped. `work` must not throw.
  bool TrySubmit(std::function<void()> work);

  /// Runs what is queued, refuses more, joins the threads. Idempotent; not from a worker.
  void Stop();

  size_t threads() const { return thread_count_; }
  /// Entries that wait for a thread.
  size_t queued() const;

 private:
  void Run();

  const size_t thread_count_;
  const size_t max_queued_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_CONCURRENCY_WORKER_POOL_H_
