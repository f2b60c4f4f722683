// ingest_service: takes documents in, keeps every version of them, and hands them out as a log.

#include <memory>
#include <utility>

#include "common/admin/admin_service.h"
#include "common/config/flags.h"
#include "common/log/rocksdb_log.h"
#include "common/server/logging.h"
#include "common/server/server_config.h"
#include "common/server/service_runtime.h"
#include "common/time/clock.h"
#include "ingest_service/server/service.h"
#include "ingest_service/store/document_store.h"

namespace lagebild::ingest {
namespace {

int Main(int argc, char** argv) {
  const ServiceIdentity identity = {
      "ingest_service",
      "Takes documents in, keeps every version of them, and hands them out as a log.",
      "127.0.0.1:7401", "127.0.0.1:7411"};
  ServerConfig config;
  FlagSet flags(identity.name, identity.description, kLagebildVersion);
  AddServerFlags(flags, identity, &config);
  if (const auto exit_code = flags.Parse(argc, argv)) return *exit_code;
  auto runtime = ServiceRuntime::Create(identity, config);
  if (!runtime.ok()) return FailStart(identity.name, runtime.status());

  RocksDbLogOptions options;
  options.directory = config.data_dir;
  options.kind = "documents log";
  options.schema_version = kDocumentsSchemaVersion;
  options.indexer = DocumentStore::MakeIndexer();
  options.way_out = "restore it from a backup, or start with an empty --data-dir";
  auto opened = RocksDbLog::Open(std::move(options));
  if (!opened.ok()) return FailStart(identity.name, opened.status());
  const std::shared_ptr<RocksDbLog> log = *std::move(opened);
  auto store = DocumentStore::Create(log, Clock::System());
  if (!store.ok()) return FailStart(identity.name, store.status());

  IngestServiceImpl service(**runtime, **store);
  (*runtime)->metrics().ExportLog("documents", *log);
  (*runtime)->AddService(kIngestServiceName, &service);
  (*runtime)->SetReady(kIngestServiceName, true);
  AdminServiceImpl admin(**runtime, log->database());
  admin.Register();
  return (*runtime)->Run([&log] {
    log->Close();
    if (const absl::Status status = log->database().Flush(); !status.ok()) {
      LogError("the documents log cannot be flushed", {{"error", status}});
    }
  });
}

}  // namespace
}  // namespace lagebild::ingest

int main(int argc, char** argv) { return lagebild::ingest::Main(argc, argv); }
