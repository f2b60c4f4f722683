#ifndef LAGEBILD_INGEST_SERVICE_INTAKE_KEYED_SEQUENCER_H_
#define LAGEBILD_INGEST_SERVICE_INTAKE_KEYED_SEQUENCER_H_

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"

namespace lagebild::ingest {

/// Runs asynchronous tasks of one key one after the other, in the order they came, and tasks of
/// different keys side by side. No thread ever waits. Thread-safe; tasks must not outlive it.
class KeyedSequencer {
 public:
  /// Ends a task; the next one of its key begins. Exactly once, from any thread.
  using Release = std::function<void()>;
  using Task = std::function<void(Release release)>;
  /// Runs work soon, on a thread where tasks may read from disk.
  using Executor = std::function<void(std::function<void()>)>;

  /// Tasks that had to wait run on `executor`: the one that releases them may be a thread that must
  /// not be kept.
  explicit KeyedSequencer(Executor executor) : executor_(std::move(executor)) {}
  KeyedSequencer(const KeyedSequencer&) = delete;
  KeyedSequencer& operator=(const KeyedSequencer&) = delete;

  /// Runs the task at once on this thread when no other task of the key runs or waits, else later.
  void Run(const std::string& key, Task task);

  /// Keys with a task that runs or waits.
  size_t active_keys() const;

 private:
  void Start(const std::string& key, const Task& task);
  void Finish(const std::string& key);

  const Executor executor_;
  mutable std::mutex mutex_;
  // Keys in work, with the tasks that wait behind the one that runs.
  absl::flat_hash_map<std::string, std::deque<Task>> waiting_;
};

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_INTAKE_KEYED_SEQUENCER_H_
