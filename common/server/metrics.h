#ifndef LAGEBILD_COMMON_SERVER_METRICS_H_
#define LAGEBILD_COMMON_SERVER_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/client/stream_follower.h"
#include "common/log/rocksdb_log.h"

namespace lagebild {

/// The Prometheus metrics of a process. Names begin with "lagebild_", units are in the name.
/// Thread-safe.
///
/// lagebild_rpcs_total{method,code}, lagebild_rpc_seconds{method} (histogram),
/// lagebild_rpcs_running come by themselves with the RPC helpers.
class Metrics {
 public:
  explicit Metrics(std::string_view service, std::string_view version);
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// For metrics of a service's own.
  prometheus::Registry& registry() { return registry_; }
  prometheus::Counter& AddCounter(const std::string& name, const std::string& help,
                                  const std::map<std::string, std::string>& labels = {});
  prometheus::Gauge& AddGauge(const std::string& name, const std::string& help,
                              const std::map<std::string, std::string>& labels = {});
  prometheus::Histogram& AddHistogram(const std::string& name, const std::string& help,
                                      std::vector<double> bounds,
                                      const std::map<std::string, std::string>& labels = {});

  /// Runs before every scrape, to set gauges from what they mirror. Must be quick and outlive the
  /// server.
  void OnScrape(std::function<void()> update);

  /// Exports head, syncs, queue and storage figures of a log under label log=`name`.
  void ExportLog(const std::string& name, const RocksDbLog& log);
  /// Exports position, head, lag and connection of a follower under label upstream=`name`.
  void ExportFollower(const std::string& name, const StreamFollower& follower);

  /// Counts one finished RPC. `code` is the canonical name ("OK", "NOT_FOUND").
  void CountRpc(std::string_view method, std::string_view code, std::chrono::nanoseconds took);
  /// RPCs running now; the RPC helpers move it.
  prometheus::Gauge& rpcs_running() { return *rpcs_running_; }

  /// The text exposition format.
  std::string Scrape();

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>* rpc_counts_;
  prometheus::Family<prometheus::Histogram>* rpc_seconds_;
  prometheus::Gauge* rpcs_running_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, prometheus::Counter*> counters_;
  std::map<std::string, prometheus::Histogram*> histograms_;
  std::vector<std::function<void()>> updates_;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_METRICS_H_
