#ifndef LAGEBILD_QUERY_SERVICE_SERVER_ANSWER_CACHE_H_
#define LAGEBILD_QUERY_SERVICE_SERVER_ANSWER_CACHE_H_

#include <rocksdb/cache.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lagebild::query {

/// Remembers the answers given last, for those who ask the same again: claims that many look at,
/// the list that every page begins with. Thread-safe.
class AnswerCache {
 public:
  /// What an answer depends on beside the question. One that was remembered holds where generation
  /// and change are the same and the position is not less.
  struct State {
    int64_t generation = 0;
    int64_t change = 0;    ///< Differs when anything that matters to the answer is another.
    int64_t position = 0;  ///< How far the state reaches; what was read must lie within.
  };

  /// Room in bytes, questions and overhead counted; 0 = remembers nothing.
  explicit AnswerCache(size_t bytes);

  /// Appends what was remembered; false when nothing holds in this state.
  bool Append(std::string_view question, const State& state, std::string* bytes) const;

  /// Remembers an answer that was read in a state. Large questions and answers are left out.
  void Put(std::string_view question, const State& state, std::string_view answer);

 private:
  const std::shared_ptr<rocksdb::Cache> cache_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_SERVER_ANSWER_CACHE_H_
