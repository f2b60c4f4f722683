#include "common/server/metrics.h"

#include <prometheus/text_serializer.h>

#include "common/time/clock.h"

namespace lagebild {
namespace {

// Seconds; from a point read to an analysis of a long text.
const prometheus::Histogram::BucketBoundaries& LatencyBounds() {
  static const prometheus::Histogram::BucketBoundaries bounds = {
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return bounds;
}

}  // namespace

Metrics::Metrics(std::string_view service, std::string_view version)
    : rpc_counts_(&prometheus::BuildCounter()
                       .Name("lagebild_rpcs_total")
                       .Help("Finished RPCs by method and status code")
                       .Register(registry_)),
      rpc_seconds_(
          &prometheus::BuildHistogram()
               .Name("lagebild_rpc_seconds")
               .Help("Duration of finished RPCs in seconds; streams count from open to end")
               .Register(registry_)),
      rpcs_running_(&AddGauge("lagebild_rpcs_running", "RPCs running now")) {
  AddGauge("lagebild_build_info", "Always 1; what runs",
           {{"service", std::string(service)}, {"version", std::string(version)}})
      .Set(1);
  AddGauge("lagebild_start_time_seconds", "When the process started, in seconds since 1970")
      .Set(std::chrono::duration<double>(Clock::System().Now().time_since_epoch()).count());
}

prometheus::Counter& Metrics::AddCounter(const std::string& name, const std::string& help,
                                         const std::map<std::string, std::string>& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(labels);
}

prometheus::Gauge& Metrics::AddGauge(const std::string& name, const std::string& help,
                                     const std::map<std::string, std::string>& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(labels);
}

prometheus::Histogram& Metrics::AddHistogram(const std::string& name, const std::string& help,
                                             std::vector<double> bounds,
                                             const std::map<std::string, std::string>& labels) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add(
      labels, std::move(bounds));
}

void Metrics::OnScrape(std::function<void()> update) {
  const std::lock_guard lock(mutex_);
  updates_.push_back(std::move(update));
}

void Metrics::ExportLog(const std::string& name, const RocksDbLog& log) {
  const std::map<std::string, std::string> labels = {{"log", name}};
  auto& head = AddGauge("lagebild_log_head_position", "Newest durable position of the log", labels);
  auto& syncs = AddGauge("lagebild_log_syncs", "Synced write batches since start", labels);
  auto& records = AddGauge("lagebild_log_records", "Records appended since start", labels);
  auto& queued = AddGauge("lagebild_log_queued_appends", "Appends waiting for the disk", labels);
  auto& live = AddGauge("lagebild_storage_live_bytes", "Size of the database's files", labels);
  auto& memtable =
      AddGauge("lagebild_storage_memtable_bytes", "Held in memory, not yet in a file", labels);
  auto& cache = AddGauge("lagebild_storage_block_cache_bytes", "Used by the block cache", labels);
  auto& pending =
      AddGauge("lagebild_storage_pending_compaction_bytes", "Still to be compacted", labels);
  auto& errors =
      AddGauge("lagebild_storage_background_errors", "Background errors since start", labels);
  auto& stopped = AddGauge("lagebild_storage_write_stopped", "1 while writes are refused", labels);
  OnScrape([&log, &head, &syncs, &records, &queued, &live, &memtable, &cache, &pending, &errors,
            &stopped] {
    const LogFigures figures = log.Figures();
    head.Set(static_cast<double>(figures.head));
    syncs.Set(static_cast<double>(figures.syncs));
    records.Set(static_cast<double>(figures.records));
    queued.Set(static_cast<double>(figures.queued));
    live.Set(static_cast<double>(figures.live_bytes));
    memtable.Set(static_cast<double>(figures.memtable_bytes));
    cache.Set(static_cast<double>(figures.block_cache_bytes));
    pending.Set(static_cast<double>(figures.pending_compaction_bytes));
    errors.Set(static_cast<double>(figures.background_errors));
    stopped.Set(figures.write_stopped ? 1 : 0);
  });
}

void Metrics::ExportFollower(const std::string& name, const StreamFollower& follower) {
  const std::map<std::string, std::string> labels = {{"upstream", name}};
  auto& position = AddGauge("lagebild_input_position", "Newest upstream position taken in", labels);
  auto& head = AddGauge("lagebild_upstream_head_position", "Upstream head when last seen", labels);
  auto& lag = AddGauge("lagebild_lag_records", "Upstream positions still to be taken in", labels);
  auto& connected =
      AddGauge("lagebild_upstream_connected", "1 while the upstream is being read", labels);
  OnScrape([&follower, &position, &head, &lag, &connected] {
    const FollowerState state = follower.state();
    position.Set(static_cast<double>(state.position));
    head.Set(static_cast<double>(state.upstream_head));
    lag.Set(static_cast<double>(state.lag()));
    connected.Set(state.connected ? 1 : 0);
  });
}

void Metrics::CountRpc(std::string_view method, std::string_view code,
                       std::chrono::nanoseconds took) {
  prometheus::Counter* counter = nullptr;
  prometheus::Histogram* histogram = nullptr;
  {
    const std::lock_guard lock(mutex_);
    std::string name(method);
    auto [count, new_count] = counters_.try_emplace({name, std::string(code)}, nullptr);
    if (new_count) {
      count->second = &rpc_counts_->Add({{"method", name}, {"code", std::string(code)}});
    }
    counter = count->second;
    auto [seconds, new_seconds] = histograms_.try_emplace(name, nullptr);
    if (new_seconds) {
      seconds->second = &rpc_seconds_->Add({{"method", name}}, LatencyBounds());
    }
    histogram = seconds->second;
  }
  counter->Increment();
  histogram->Observe(std::chrono::duration<double>(took).count());
}

std::string Metrics::Scrape() {
  std::vector<std::function<void()>> updates;
  {
    const std::lock_guard lock(mutex_);
    updates = updates_;
  }
  for (const auto& update : updates) {
    update();
  }
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace lagebild
