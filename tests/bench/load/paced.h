#ifndef LAGEBILD_TESTS_BENCH_LOAD_PACED_H_
#define LAGEBILD_TESTS_BENCH_LOAD_PACED_H_

#include <grpcpp/channel.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lagebild/v1/ingest_service.grpc.pb.h"

namespace lagebild::load {

using Clock = std::chrono::steady_clock;

/// Hands in articles at a steady rate, whether or not the answers to earlier ones are there. What
/// the service refuses because it has too much in work (RESOURCE_EXHAUSTED) is handed in again.
class PacedIngest {
 public:
  /// `on_stored` is called with the position of each article when its acknowledgement is there.
  PacedIngest(const std::string& ingest, const std::vector<v1::IngestDocumentRequest>& articles,
              double rate, std::function<void(int64_t position, Clock::time_point)> on_stored);

  /// Sends all of them and waits for the acknowledgements. Ends the program when one fails. Once.
  void Run();
  /// How often an article was refused. After Run().
  size_t refusals() const { return refusals_; }

 private:
  struct Call {
    grpc::ClientContext context;
    v1::IngestDocumentResponse response;
  };

  void Send(size_t article);
  void SendRefused();

  const std::vector<v1::IngestDocumentRequest>& articles_;
  const double rate_;
  const std::function<void(int64_t, Clock::time_point)> on_stored_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t open_ = 0;              // Not acknowledged yet.
  std::vector<size_t> refused_;  // To be handed in again.
  size_t refusals_ = 0;
};

/// How long it took from acknowledgement to visibility.
struct VisibleResult {
  size_t documents = 0;
  size_t refusals = 0;  ///< As the service had too much in work.
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

/// Hands articles in at this rate and asks query_service every millisecond, with a list of one
/// claim, up to which position of the documents log it answers. Ends the program when the last
/// article is not visible within two minutes.
VisibleResult MeasureVisible(const std::string& ingest, const std::string& query,
                             const std::vector<v1::IngestDocumentRequest>& articles, double rate);

/// How far behind readers of a log were.
struct FollowersResult {
  size_t readers = 0;
  size_t messages = 0;  ///< Of all readers.
  double bytes = 0;
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
  double slowest_reader_p50_ms = 0;
};

/// Opens so many following streams of the documents log at its head, over `connections`
/// connections, hands articles in at this rate and measures how long after the acknowledgement of
/// a document each reader has it. Ends the program when a reader misses one for two minutes.
FollowersResult MeasureFollowers(const std::string& ingest,
                                 const std::vector<v1::IngestDocumentRequest>& articles,
                                 double rate, size_t readers, size_t connections);

}  // namespace lagebild::load

#endif  // LAGEBILD_TESTS_BENCH_LOAD_PACED_H_
