#ifndef LAGEBILD_QUERY_SERVICE_SOURCE_EXTRACTIONS_SOURCE_H_
#define LAGEBILD_QUERY_SERVICE_SOURCE_EXTRACTIONS_SOURCE_H_

#include <grpcpp/channel.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "common/client/stream_follower.h"
#include "query_service/projection/projector.h"

namespace lagebild::query {

/// Reads the extractions log from where the read model stands and folds it in, until stopped.
///
/// Two threads: one reads the stream and prepares records, one folds everything that is ready in
/// one go, so that batches grow under load and a single record is visible at once; of old records,
/// which come when there is much to catch up with, it gathers more. Between them
/// stands a queue bounded in bytes; when it is full the stream is not read. A record that cannot be
/// folded (full disk) is tried again every second. Thread-safe.
class ExtractionsSource {
 public:
  /// `projector` must outlive it and is used by nobody else while it runs.
  ExtractionsSource(std::shared_ptr<grpc::Channel> channel, std::string upstream,
                    Projector* projector);
  ~ExtractionsSource();
  ExtractionsSource(const ExtractionsSource&) = delete;
  ExtractionsSource& operator=(const ExtractionsSource&) = delete;

  /// `on_change` is called whenever the state changed; it must not block.
  void Start(std::function<void(const FollowerState&)> on_change);

  /// Stops reading, folds what is queued, joins. Idempotent.
  void Stop();

  FollowerState state() const { return follower_.state(); }
  const StreamFollower& follower() const { return follower_; }

 private:
  absl::StatusOr<StreamPosition> Take(const grpc::ByteBuffer& message);
  bool GatheredEnough() const;
  void Run();

  Projector* const projector_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<PreparedRecord> queue_;
  size_t queued_bytes_ = 0;
  LogPosition upstream_head_ = 0;  // As the newest message told it.
  bool stopping_ = false;
  std::thread thread_;
  StreamFollower follower_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_SOURCE_EXTRACTIONS_SOURCE_H_
