#include "common/server/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/common/temporary_directory.h"

namespace lagebild {
namespace {

using ::testing::HasSubstr;

TEST(MetricsTest, ShowsRpcsLogsAndWhatServicesAdd) {
  TemporaryDirectory directory;
  RocksDbLogOptions options;
  options.directory = directory.path();
  options.kind = "test log";
  const auto log = *RocksDbLog::Open(options);
  ASSERT_TRUE(log->AppendAndWait(0, "a").ok());
  Metrics metrics("ingest_service", "1.2.3");
  metrics.ExportLog("documents", *log);
  metrics.AddCounter("lagebild_things_total", "Things").Increment();
  metrics.CountRpc("GetDocument", "OK", std::chrono::milliseconds(3));
  metrics.CountRpc("GetDocument", "OK", std::chrono::milliseconds(3));
  metrics.CountRpc("GetDocument", "NOT_FOUND", std::chrono::milliseconds(3));
  int scrapes = 0;
  metrics.OnScrape([&scrapes] { ++scrapes; });
  const std::string text = metrics.Scrape();
  EXPECT_EQ(scrapes, 1);
  for (const char* const line :
       {"lagebild_rpcs_total{code=\"OK\",method=\"GetDocument\"} 2",
        "lagebild_rpcs_total{code=\"NOT_FOUND\",method=\"GetDocument\"} 1",
        "lagebild_rpc_seconds_count{method=\"GetDocument\"} 3",
        "lagebild_rpc_seconds_bucket{method=\"GetDocument\",le=\"0.005\"} 3",
        "lagebild_log_head_position{log=\"documents\"} 1",
        "lagebild_log_syncs{log=\"documents\"} 1", "lagebild_things_total 1",
        "lagebild_build_info{service=\"ingest_service\",version=\"1.2.3\"} 1"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

}  // namespace
}  // namespace lagebild
