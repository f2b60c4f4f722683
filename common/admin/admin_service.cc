#include "common/admin/admin_service.h"

#include <string>
#include <utility>

#include "common/server/logging.h"
#include "common/status/error.h"
#include "common/time/proto_time.h"

namespace lagebild {
namespace {

// Long calls in work at once: a backup and a verification; and how many wait.
constexpr size_t kLongCalls = 2;
constexpr size_t kLongCallsWaiting = 2;

absl::Status NoBackupDirectory() {
  return FailedPrecondition("NO_BACKUP_DIR",
                            "the service was started without --backup-dir, so it has no place for "
                            "backups");
}

void Fill(const storage::BackupEntry& entry, v1::Backup* backup) {
  backup->set_id(static_cast<int32_t>(entry.id));
  backup->mutable_created_at()->set_seconds(entry.created_at_seconds);
  backup->set_size_bytes(static_cast<int64_t>(entry.size_bytes));
  backup->set_file_count(static_cast<int32_t>(entry.file_count));
}

}  // namespace

AdminServiceImpl::AdminServiceImpl(ServiceRuntime& runtime, storage::Database& database)
    : runtime_(runtime), database_(database), long_work_(kLongCalls, kLongCallsWaiting) {
  if (!runtime.config().backup_dir.empty()) {
    backups_.emplace(database, runtime.config().backup_dir);
    drain_ = runtime.OnDrain([this] { backups_->Stop(); });
  }
}

AdminServiceImpl::~AdminServiceImpl() {
  drain_ = DrainSubscription();
  if (backups_.has_value()) {
    backups_->Stop();
  }
  long_work_.Stop();
}

void AdminServiceImpl::Register() {
  runtime_.AddService(kAdminServiceName, this);
  runtime_.SetReady(kAdminServiceName, true);
}

grpc::ServerUnaryReactor* AdminServiceImpl::CreateBackup(grpc::CallbackServerContext* context,
                                                         const v1::CreateBackupRequest* request,
                                                         v1::CreateBackupResponse* response) {
  return HandleLong(context, "CreateBackup",
                    [this, request, response] { return Create(*request, response); });
}

grpc::ServerUnaryReactor* AdminServiceImpl::ListBackups(grpc::CallbackServerContext* context,
                                                        const v1::ListBackupsRequest* /*request*/,
                                                        v1::ListBackupsResponse* response) {
  return HandleUnary(runtime_, context, "ListBackups", RunOn::kWorkers,
                     [this, response] { return List(response); });
}

grpc::ServerUnaryReactor* AdminServiceImpl::VerifyDatabase(
    grpc::CallbackServerContext* context, const v1::VerifyDatabaseRequest* /*request*/,
    v1::VerifyDatabaseResponse* response) {
  return HandleLong(context, "VerifyDatabase", [this, response] { return Verify(response); });
}

absl::Status AdminServiceImpl::Create(const v1::CreateBackupRequest& request,
                                      v1::CreateBackupResponse* response) {
  if (!backups_.has_value()) {
    return NoBackupDirectory();
  }
  if (request.keep_count() < 0) {
    return InvalidArgument("INVALID_KEEP_COUNT", "keep_count is negative", "keep_count");
  }
  const absl::StatusOr<storage::BackupEntry> made =
      backups_->Create(static_cast<uint32_t>(request.keep_count()));
  if (!made.ok()) {
    LogError("the backup failed", {{"error", made.status()}});
    return made.status();
  }
  LogInfo("backup made", {{"id", made->id}, {"bytes", made->size_bytes}});
  Fill(*made, response->mutable_backup());
  const auto all = storage::ListBackups(runtime_.config().backup_dir);
  if (!all.ok()) {
    return all.status();
  }
  response->set_backup_count(static_cast<int32_t>(all->size()));
  return absl::OkStatus();
}

absl::Status AdminServiceImpl::List(v1::ListBackupsResponse* response) const {
  if (!backups_.has_value()) {
    return NoBackupDirectory();
  }
  const auto all = storage::ListBackups(runtime_.config().backup_dir);
  if (!all.ok()) {
    return all.status();
  }
  for (const storage::BackupEntry& entry : *all) {
    Fill(entry, response->add_backups());
  }
  return absl::OkStatus();
}

absl::Status AdminServiceImpl::Verify(v1::VerifyDatabaseResponse* response) const {
  const absl::StatusOr<storage::DatabaseContents> contents = database_.Verify();
  if (!contents.ok()) {
    return contents.status();
  }
  response->set_entry_count(static_cast<int64_t>(contents->entries));
  response->set_size_bytes(static_cast<int64_t>(contents->bytes));
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AdminServiceImpl::HandleLong(grpc::CallbackServerContext* context,
                                                       std::string_view method,
                                                       std::function<absl::Status()> handler) {
  return HandleUnaryAsync(
      runtime_, context, method, RunOn::kInline,
      [this, handler = std::move(handler)](const RpcDone& done) {
        if (!long_work_.TrySubmit([handler, done] { done(handler()); })) {
          done(ResourceExhausted("TOO_MANY_REQUESTS",
                                 "backups or verifications are in work; try again later"));
        }
      });
}

}  // namespace lagebild
