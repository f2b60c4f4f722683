// The program extract_service: flags, then the parts put together, then the runtime.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "common/admin/admin_service.h"
#include "common/client/channel.h"
#include "common/server/logging.h"
#include "common/server/service_runtime.h"
#include "common/status/error.h"
#include "extract_service/contract/extraction.h"
#include "extract_service/pipeline/pipeline.h"
#include "extract_service/server/extract_service_impl.h"
#include "extract_service/source/attempt_table.h"
#include "extract_service/source/declared_metadata.h"
#include "extract_service/source/document_source.h"
#include "extract_service/source/ordered_extractor.h"
#include "extract_service/store/extraction_store.h"

namespace lagebild::extract {
namespace {

// File of the AttemptTable, beside RocksDB's own files, which are named otherwise.
constexpr char kAttemptsFile[] = "attempts.lagebild";
constexpr auto kStopGrace = std::chrono::milliseconds(500);

int Main(int argc, char** argv) {
  const ServiceIdentity identity = {"extract_service",
                                    "Reads the documents log of ingest_service, finds who claims "
                                    "what in each document, and keeps "
                                    "the results as a log.",
                                    "127.0.0.1:7402", "127.0.0.1:7412"};
  ServerConfig config;
  ChannelOptions upstream;
  upstream.target = "127.0.0.1:7401";
  std::filesystem::path lexicon = Lexicon::DefaultPath();
  int64_t analysis_timeout_ms = 60'000;
  FlagSet flags(identity.name, identity.description, kLagebildVersion);
  AddServerFlags(flags, identity, &config);
  flags.Add("--upstream", &upstream.target,
            {"Address of ingest_service", "ingest:7401", "Connection"});
  AddChannelFlags(flags, &upstream);
  flags.Add("--lexicon", &lexicon,
            {"Compiled lexicon of the analysis", "/usr/share/lagebild/de.lexicon", ""});
  constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;
  flags.Add("--analysis-timeout-ms", &analysis_timeout_ms, 1, kDayMs,
            {"Time the analysis of one stored document may take, in milliseconds; beyond, it gets "
             "a failure record",
             "10000", "Limits"});
  if (const std::optional<int> exit_code = flags.Parse(argc, argv); exit_code.has_value()) {
    return *exit_code;
  }
  upstream.insecure = config.insecure;
  upstream.max_message_bytes = config.max_message_bytes;

  absl::StatusOr<std::unique_ptr<ServiceRuntime>> created =
      ServiceRuntime::Create(identity, config);
  if (!created.ok()) {
    return FailStart(identity.name, created.status());
  }
  ServiceRuntime& runtime = **created;
  AttemptTable::InstallCrashHandlers();
  const absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = MakeChannel(upstream);
  if (!channel.ok()) {
    return FailStart(identity.name, Annotate(channel.status(), "--upstream"));
  }
  const absl::StatusOr<std::unique_ptr<const Pipeline>> pipeline = Pipeline::Create(lexicon);
  if (!pipeline.ok()) {
    return FailStart(identity.name, Annotate(pipeline.status(), "--lexicon"));
  }
  const absl::StatusOr<std::unique_ptr<ExtractionStore>> store =
      ExtractionStore::Open(config.data_dir, (*pipeline)->version());
  if (!store.ok()) {
    return FailStart(identity.name, store.status());
  }
  const absl::StatusOr<LogPosition> input = (*store)->InputPosition();
  if (!input.ok()) {
    return FailStart(identity.name, input.status());
  }
  absl::StatusOr<std::unique_ptr<AttemptTable>> attempts =
      AttemptTable::Open(config.data_dir / kAttemptsFile, (*store)->generation(), *input);
  if (!attempts.ok()) {
    return FailStart(identity.name, attempts.status());
  }

  Metrics& metrics = runtime.metrics();
  prometheus::Counter& documents =
      metrics.AddCounter("lagebild_documents_extracted_total", "Documents analysed for the log");
  prometheus::Counter& failures = metrics.AddCounter("lagebild_analysis_failures_total",
                                                     "Documents that could not be analysed");
  prometheus::Counter& bytes =
      metrics.AddCounter("lagebild_extracted_text_bytes_total", "Bytes of text analysed");
  prometheus::Histogram& seconds = metrics.AddHistogram(
      "lagebild_analysis_seconds", "Time to analyse one document, in seconds",
      {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60});

  StreamFollower* follower = nullptr;
  ExtractorLimits limits;
  limits.threads = runtime.workers().threads();
  limits.budget = std::chrono::milliseconds(analysis_timeout_ms);
  const Pipeline& analysis = **pipeline;
  OrderedExtractor extractor(
      limits,
      [&analysis](const v1::Document& document, v1::Extraction& extraction) {
        FillExtraction(analysis.Analyze(document.text(), DeclaredOf(document)), analysis.version(),
                       SpanTexts::kLeftOut, extraction);
      },
      **store, std::shared_ptr<AttemptTable>(*std::move(attempts)),
      {[&follower](LogPosition position) { follower->Advance(position); },
       [&](const ExtractedDocument& document) {
         documents.Increment();
         bytes.Increment(static_cast<double>(document.text_bytes));
         seconds.Observe(std::chrono::duration<double>(document.took).count());
         if (document.failed) {
           failures.Increment();
         }
       },
       [](const absl::Status& status) {
         LogError("cannot store results; trying again", {{"error", status}});
       }});
  DocumentSource source(upstream.target, *channel, [&extractor](v1::DocumentRecord record) {
    return extractor.Submit(std::move(record));
  });
  follower = &source.follower();
  metrics.ExportLog("extractions", (*store)->log());
  metrics.ExportFollower("documents", source.follower());

  ExtractServiceImpl service(runtime, analysis, **store, source.follower());
  runtime.AddService(kExtractServiceName, &service);
  AdminServiceImpl admin(runtime, (*store)->log().database());
  admin.Register();
  const DrainSubscription stop_work = runtime.OnDrain([&extractor] { extractor.RequestStop(); });
  LogInfo("extracting", {{"extractor_version", (*store)->extractor_version()},
                         {"generation", (*store)->generation()},
                         {"input_position", *input},
                         {"upstream", upstream.target}});
  bool connected = false;
  source.follower().Start(*input, [&runtime, &connected](const FollowerState& state) {
    if (state.connected != connected) {
      connected = state.connected;
      LogInfo(connected ? "upstream connected" : "upstream lost",
              {{"head_position", state.upstream_head}, {"error", state.last_error}});
    }
    runtime.SetReady(kExtractServiceName, state.ready());
  });

  size_t left_running = 0;
  const int exit_code = runtime.Run([&] {
    extractor.RequestStop();
    source.follower().Stop();
    left_running = extractor.Stop(kStopGrace);
    (*store)->log().Close();
    if (const absl::Status status = (*store)->log().database().Flush(); !status.ok()) {
      LogError("the extractions log cannot be flushed", {{"error", status}});
    }
  });
  extractor.RequestStop();
  source.follower().Stop();
  left_running += extractor.Stop(kStopGrace);
  if (left_running > 0) {
    // An analysis that does not end still uses what would be destroyed now. Its document is not
    // committed.
    LogWarning("leaving analyses unfinished", {{"count", left_running}});
    std::_Exit(exit_code);
  }
  return exit_code;
}

}  // namespace
}  // namespace lagebild::extract

int main(int argc, char** argv) { return lagebild::extract::Main(argc, argv); }
