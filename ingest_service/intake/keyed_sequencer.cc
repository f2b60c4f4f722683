#include "ingest_service/intake/keyed_sequencer.h"

#include <utility>

namespace lagebild::ingest {

void KeyedSequencer::Run(const std::string& key, Task task) {
  {
    const std::lock_guard lock(mutex_);
    const auto [entry, first] = waiting_.try_emplace(key);
    if (!first) {
      entry->second.push_back(std::move(task));
      return;
    }
  }
  Start(key, task);
}

void KeyedSequencer::Start(const std::string& key, const Task& task) {
  task([this, key] { Finish(key); });
}

void KeyedSequencer::Finish(const std::string& key) {
  Task next;
  {
    const std::lock_guard lock(mutex_);
    const auto entry = waiting_.find(key);
    if (entry->second.empty()) {
      waiting_.erase(entry);
      return;
    }
    next = std::move(entry->second.front());
    entry->second.pop_front();
  }
  executor_([this, key, next = std::move(next)] { Start(key, next); });
}

size_t KeyedSequencer::active_keys() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace lagebild::ingest
