#include "query_service/server/answer_cache.h"

#include <rocksdb/slice.h>

#include "common/storage/database.h"

namespace lagebild::query {
namespace {

constexpr size_t kMaxQuestionBytes = 1024;
constexpr size_t kMaxAnswerBytes = size_t{256} << 10;

struct Remembered {
  AnswerCache::State state;
  std::string answer;
};

void Delete(const rocksdb::Slice& /*key*/, void* value) { delete static_cast<Remembered*>(value); }

}  // namespace

AnswerCache::AnswerCache(size_t bytes)
    : cache_(bytes == 0 ? nullptr : rocksdb::NewLRUCache(bytes, /*num_shard_bits=*/4)) {}

bool AnswerCache::Append(std::string_view question, const State& state, std::string* bytes) const {
  if (cache_ == nullptr) return false;
  rocksdb::Cache::Handle* const handle = cache_->Lookup(storage::ToSlice(question));
  if (handle == nullptr) return false;
  const auto& remembered = *static_cast<const Remembered*>(cache_->Value(handle));
  const bool holds = remembered.state.generation == state.generation &&
                     remembered.state.change == state.change &&
                     remembered.state.position <= state.position;
  if (holds) bytes->append(remembered.answer);
  cache_->Release(handle);
  return holds;
}

void AnswerCache::Put(std::string_view question, const State& state, std::string_view answer) {
  if (cache_ == nullptr || question.size() > kMaxQuestionBytes || answer.size() > kMaxAnswerBytes) {
    return;
  }
  auto* const remembered = new Remembered{.state = state, .answer = std::string(answer)};
  // Whether there was room does not matter; what finds none is deleted.
  (void)cache_->Insert(storage::ToSlice(question), remembered, sizeof(Remembered) + answer.size(),
                       &Delete);
}

}  // namespace lagebild::query
