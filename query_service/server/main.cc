// query_service: follows the extractions log and answers who claims what.

#include <string>

#include "common/admin/admin_service.h"
#include "common/client/channel.h"
#include "common/config/flags.h"
#include "common/server/logging.h"
#include "common/server/server_config.h"
#include "common/server/service_runtime.h"
#include "query_service/index/read_model.h"
#include "query_service/projection/projector.h"
#include "query_service/server/query_service.h"
#include "query_service/source/extractions_source.h"

namespace {

constexpr char kServiceName[] = "lagebild.v1.QueryService";

// Mirrors what the read model says of itself.
void ExportReadModel(lagebild::Metrics& metrics, const lagebild::query::ReadModel& model) {
  prometheus::Gauge& disk =
      metrics.AddGauge("lagebild_read_model_disk_bytes", "Size of the read model's files");
  prometheus::Gauge& memory = metrics.AddGauge("lagebild_read_model_memtable_bytes",
                                               "Read model held in memory, not yet in a file");
  prometheus::Gauge& cache =
      metrics.AddGauge("lagebild_read_model_cache_bytes", "Block cache in use");
  prometheus::Gauge& documents =
      metrics.AddGauge("lagebild_documents", "Documents in the newest picture");
  prometheus::Gauge& claims = metrics.AddGauge("lagebild_claims", "Claims in the newest picture");
  prometheus::Gauge& generation =
      metrics.AddGauge("lagebild_generation", "Generation of the extractor that is served");
  metrics.OnScrape([&] {
    const lagebild::storage::DatabaseFigures figures = model.Figures();
    disk.Set(static_cast<double>(figures.live_bytes));
    memory.Set(static_cast<double>(figures.memtable_bytes));
    cache.Set(static_cast<double>(figures.block_cache_bytes));
    const auto view = model.view();
    documents.Set(static_cast<double>(view->serving().documents));
    claims.Set(static_cast<double>(view->serving().claims));
    generation.Set(view->generation());
  });
}

}  // namespace

int main(int argc, char** argv) {
  const lagebild::ServiceIdentity identity = {"query_service",
                                              "Answers who claims what, since when, on whose word.",
                                              "127.0.0.1:7403", "127.0.0.1:7413"};
  lagebild::ServerConfig config;
  lagebild::ChannelOptions upstream;
  upstream.target = "127.0.0.1:7402";
  int64_t block_cache_mb = 64;
  int64_t answer_cache_mb = 16;
  lagebild::FlagSet flags(identity.name, identity.description, lagebild::kLagebildVersion);
  lagebild::AddServerFlags(flags, identity, &config);
  flags.Add("--upstream", &upstream.target,
            {"extract_service, whose extractions log is read", "127.0.0.1:7402", ""});
  flags.Add("--block-cache-mb", &block_cache_mb, 8, 1 << 20,
            {"Memory for blocks of the read model, in MiB", "64", ""});
  flags.Add(
      "--answer-cache-mb", &answer_cache_mb, 0, 1 << 20,
      {"Memory for the answers given last (GetClaim, first pages of ListClaims), in MiB; 0 = none",
       "16", ""});
  lagebild::AddChannelFlags(flags, &upstream);
  if (const auto exit_code = flags.Parse(argc, argv); exit_code.has_value()) return *exit_code;
  upstream.insecure = upstream.insecure || config.insecure;

  auto channel = lagebild::MakeChannel(upstream);
  if (!channel.ok()) return flags.Fail(channel.status());
  auto runtime = lagebild::ServiceRuntime::Create(identity, config);
  if (!runtime.ok()) return lagebild::FailStart(identity.name, runtime.status());

  lagebild::query::ReadModel::Options options;
  options.directory = config.data_dir;
  options.block_cache_bytes = static_cast<size_t>(block_cache_mb) << 20;
  auto model = lagebild::query::ReadModel::Open(options);
  if (!model.ok()) return lagebild::FailStart(identity.name, model.status());

  lagebild::query::Projector projector(model->get());
  lagebild::query::ExtractionsSource source(*channel, "extract_service at " + upstream.target,
                                            &projector);
  lagebild::query::QueryServiceImpl service(runtime->get(), model->get(),
                                            static_cast<size_t>(answer_cache_mb) << 20,
                                            [&source] { return source.state(); });
  ExportReadModel((*runtime)->metrics(), **model);
  (*runtime)->metrics().ExportFollower("extract_service", source.follower());
  (*runtime)->AddService(kServiceName, &service);
  lagebild::AdminServiceImpl admin(**runtime, (*model)->database());
  admin.Register();
  // Once ready it stays so: what was served can be served on while upstream is away.
  source.Start([&runtime, ready = false](const lagebild::FollowerState& state) mutable {
    if (!ready && state.ready()) {
      ready = true;
      (*runtime)->SetReady(kServiceName, true);
    }
  });
  return (*runtime)->Run([&] {
    source.Stop();
    if (const absl::Status status = (*model)->Flush(); !status.ok()) {
      lagebild::LogError("the read model cannot be flushed", {{"error", status}});
    }
  });
}
