#include "common/log/log.h"

#include <future>
#include <utility>

namespace lagebild {

absl::StatusOr<LogPosition> Log::AppendAndWait(int32_t partition, std::string payload) {
  std::promise<absl::StatusOr<LogPosition>> promise;
  auto result = promise.get_future();
  Append(partition, std::move(payload), [&promise](absl::StatusOr<LogPosition> position) {
    promise.set_value(std::move(position));
  });
  return result.get();
}

absl::StatusOr<std::vector<LogPosition>> Log::CommitAndWait(int32_t partition,
                                                            std::vector<std::string> outputs,
                                                            InputCursor cursor) {
  std::promise<absl::StatusOr<std::vector<LogPosition>>> promise;
  auto result = promise.get_future();
  Commit(partition, std::move(outputs), std::move(cursor),
         [&promise](absl::StatusOr<std::vector<LogPosition>> positions) {
           promise.set_value(std::move(positions));
         });
  return result.get();
}

}  // namespace lagebild
