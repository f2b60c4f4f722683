#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"
#include "common/storage/backup.h"
#include "common/storage/offline.h"
#include "common/time/iso8601.h"
#include "common/time/proto_time.h"

namespace lagebild::cli {
namespace {

constexpr char kReadModel[] = "read model";

struct Service {
  std::string word;  ///< On the command line.
  std::string name;
  std::string address;
};

/// From the last reader to the first source: a service that is backed up later is never behind one
/// that reads from it, so that the backups of one run fit together.
std::vector<Service> Services(const Globals& globals) {
  return {{"query", "query_service", globals.query_address},
          {"extract", "extract_service", globals.extract_address},
          {"ingest", "ingest_service", globals.ingest_address}};
}

struct AdminOptions {
  std::vector<std::string> services;
  int32_t keep = 0;
  std::string data_dir;
  std::string backup_dir;
  uint32_t id = 0;
  OutputFormat format = OutputFormat::kTable;
};

std::vector<Service> Chosen(const Globals& globals, const AdminOptions& options) {
  std::vector<Service> services = Services(globals);
  if (!options.services.empty()) {
    std::erase_if(services, [&options](const Service& service) {
      return std::find(options.services.begin(), options.services.end(), service.word) ==
             options.services.end();
    });
  }
  return services;
}

/// Calls one method at each chosen service; what it answers goes to `take`. Goes on after a
/// failure, whose exit code is returned. Without a deadline: it takes as long as there is to copy
/// or to read, and a dead connection is noticed without one.
template <class Request, class Response, class Take>
int ForEach(const Globals& globals, const AdminOptions& options, const Request& request,
            grpc::Status (v1::AdminService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
            const Take& take) {
  int exit_code = kOk;
  for (const Service& service : Chosen(globals, options)) {
    const auto stub = AdminStub(globals, service.address);
    absl::Status status = stub.status();
    Response response;
    if (status.ok()) {
      grpc::ClientContext context;
      status = FromGrpcStatus(((**stub).*method)(&context, request, &response));
    }
    if (status.ok()) {
      take(service, response);
    } else {
      exit_code = Report(Annotate(status, service.name), service.name, service.address);
    }
  }
  return exit_code;
}

std::string Megabytes(uint64_t bytes) {
  constexpr double kMega = 1e6;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f MB", static_cast<double>(bytes) / kMega);
  return text.data();
}

int Backup(const Globals& globals, const AdminOptions& options) {
  v1::CreateBackupRequest request;
  request.set_keep_count(options.keep);
  return ForEach<v1::CreateBackupRequest, v1::CreateBackupResponse>(
      globals, options, request, &v1::AdminService::Stub::CreateBackup,
      [](const Service& service, const v1::CreateBackupResponse& response) {
        std::printf("%s: backup %d made, %s; %d kept\n", service.name.c_str(),
                    response.backup().id(),
                    Megabytes(static_cast<uint64_t>(response.backup().size_bytes())).c_str(),
                    response.backup_count());
        std::fflush(stdout);
      });
}

int Backups(const Globals& globals, const AdminOptions& options) {
  const bool csv = options.format == OutputFormat::kCsv;
  Table table(csv ? std::vector<std::string>{"service", "id", "created_at", "size_bytes", "files"}
                  : std::vector<std::string>{"SERVICE", "ID", "CREATED", "BYTES", "FILES"},
              0);
  const int exit_code = ForEach<v1::ListBackupsRequest, v1::ListBackupsResponse>(
      globals, options, {}, &v1::AdminService::Stub::ListBackups,
      [&](const Service& service, const v1::ListBackupsResponse& response) {
        if (options.format == OutputFormat::kJson) PrintJson(response);
        for (const v1::Backup& backup : response.backups()) {
          table.AddRow({service.name, std::to_string(backup.id()),
                        FormatInstant(FromProto(backup.created_at())),
                        std::to_string(backup.size_bytes()), std::to_string(backup.file_count())});
        }
      });
  if (options.format != OutputFormat::kJson) table.Print(options.format, "No backups.");
  return exit_code;
}

int Verify(const Globals& globals, const AdminOptions& options) {
  if (!options.backup_dir.empty()) {
    const auto entry = storage::VerifyBackup(options.backup_dir, options.id);
    if (!entry.ok()) return Report(entry.status(), "", "");
    std::printf("backup %u is sound: %u files, %s\n", entry->id, entry->file_count,
                Megabytes(entry->size_bytes).c_str());
    return kOk;
  }
  if (!options.data_dir.empty()) {
    const auto found = storage::InspectDirectory(options.data_dir);
    if (!found.ok()) return Report(found.status(), "", "");
    std::printf("%s, schema %u, is sound: %llu entries, %s\n", found->kind.c_str(),
                found->schema_version, static_cast<unsigned long long>(found->contents.entries),
                Megabytes(found->contents.bytes).c_str());
    return kOk;
  }
  return ForEach<v1::VerifyDatabaseRequest, v1::VerifyDatabaseResponse>(
      globals, options, {}, &v1::AdminService::Stub::VerifyDatabase,
      [](const Service& service, const v1::VerifyDatabaseResponse& response) {
        std::printf("%s is sound: %lld entries, %s\n", service.name.c_str(),
                    static_cast<long long>(response.entry_count()),
                    Megabytes(static_cast<uint64_t>(response.size_bytes())).c_str());
        std::fflush(stdout);
      });
}

int Restore(const AdminOptions& options) {
  const auto entry = storage::RestoreBackup(options.backup_dir, options.id, options.data_dir);
  if (!entry.ok()) return Report(entry.status(), "", "");
  std::printf("backup %u restored to %s, %s; start the service with --data-dir %s\n", entry->id,
              options.data_dir.c_str(), Megabytes(entry->size_bytes).c_str(),
              options.data_dir.c_str());
  return kOk;
}

int Rebuild(const AdminOptions& options) {
  if (const absl::Status status = storage::DeleteDatabase(options.data_dir, kReadModel);
      !status.ok()) {
    return Report(status, "", "");
  }
  std::printf(
      "the read model is gone; query_service builds it again from the extractions log when "
      "it is started\n");
  return kOk;
}

void AddServices(CLI::App& command, AdminOptions& options) {
  command.add_option("SERVICE", options.services, "ingest, extract, query; none = all")
      ->check(CLI::IsMember({"ingest", "extract", "query"}));
}

CLI::Option* AddDataDir(CLI::App& command, AdminOptions& options, const std::string& meaning) {
  return command.add_option("--data-dir", options.data_dir, meaning)->type_name("PATH");
}

CLI::Option* AddBackupDir(CLI::App& command, AdminOptions& options, const std::string& meaning) {
  command.add_option("--id", options.id, "number of the backup; without it the newest")
      ->type_name("NUMBER");
  return command.add_option("--backup-dir", options.backup_dir, meaning)->type_name("PATH");
}

}  // namespace

void AddAdminCommand(CLI::App& app, Globals& globals) {
  CLI::App* group =
      app.add_subcommand("admin", "Backups, checks and repairs of the services' databases");
  group->require_subcommand(1);
  group->footer("Examples:\n  lagebild admin backup --keep 14\n  lagebild admin verify");
  const auto options = std::make_shared<AdminOptions>();

  CLI::App* backup = group->add_subcommand("backup", "Back up running services");
  AddServices(*backup, *options);
  backup->add_option("--keep", options->keep, "keep only so many of the newest backups; 0 = all")
      ->check(CLI::Range(0, 1'000'000))
      ->type_name("N");
  backup->footer(
      "Each service writes into its own --backup-dir while it goes on. Files that an earlier "
      "backup "
      "has are not\ncopied again.\nExample:\n  lagebild admin backup --keep 14");
  backup->callback([options, &globals] { globals.exit_code = Backup(globals, *options); });

  CLI::App* backups = group->add_subcommand("backups", "List the backups of running services");
  AddServices(*backups, *options);
  AddFormatOption(*backups, options->format);
  backups->footer("Example:\n  lagebild admin backups ingest --format json");
  backups->callback([options, &globals] { globals.exit_code = Backups(globals, *options); });

  CLI::App* verify =
      group->add_subcommand("verify", "Read a whole database or backup and check every checksum");
  AddServices(*verify, *options);
  CLI::Option* const verify_data =
      AddDataDir(*verify, *options, "directory of a service that is stopped");
  AddBackupDir(*verify, *options, "directory of backups")->excludes(verify_data);
  verify->footer(
      "Examples:\n"
      "  lagebild admin verify ingest                       a running service\n"
      "  lagebild admin verify --data-dir DIR               a stopped one\n"
      "  lagebild admin verify --backup-dir DIR --id 3      a backup");
  verify->callback([options, &globals] { globals.exit_code = Verify(globals, *options); });

  CLI::App* restore = group->add_subcommand("restore", "Put a backup into a new directory");
  AddBackupDir(*restore, *options, "directory of backups")->required();
  AddDataDir(*restore, *options, "where to: a directory that is empty or does not exist")
      ->required();
  restore->footer(
      "The backup is checked before and the restored database is read after.\nExample:\n"
      "  lagebild admin restore --backup-dir /var/backups/lagebild/ingest --data-dir "
      "/var/lib/lagebild/ingest");
  restore->callback([options, &globals] { globals.exit_code = Restore(*options); });

  CLI::App* rebuild = group->add_subcommand(
      "rebuild", "Delete the read model of a stopped query_service, to be built again");
  AddDataDir(*rebuild, *options, "directory of query_service")->required();
  rebuild->footer("Example:\n  lagebild admin rebuild --data-dir /var/lib/lagebild/query_service");
  rebuild->callback([options, &globals] { globals.exit_code = Rebuild(*options); });
}

}  // namespace lagebild::cli
