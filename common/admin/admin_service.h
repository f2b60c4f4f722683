#ifndef LAGEBILD_COMMON_ADMIN_ADMIN_SERVICE_H_
#define LAGEBILD_COMMON_ADMIN_ADMIN_SERVICE_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <optional>
#include <string_view>

#include "common/concurrency/worker_pool.h"
#include "common/server/service_runtime.h"
#include "common/server/unary.h"
#include "common/storage/backup.h"
#include "common/storage/database.h"
#include "lagebild/v1/admin_service.grpc.pb.h"

namespace lagebild {

/// Full name of the service.
inline constexpr char kAdminServiceName[] = "lagebild.v1.AdminService";

/// The contract's AdminService over the database of the process. Long work runs on threads of its
/// own, so that no worker is missing while a backup is made. Thread-safe.
class AdminServiceImpl final : public v1::AdminService::CallbackService {
 public:
  /// Both must outlive it.
  AdminServiceImpl(ServiceRuntime& runtime, storage::Database& database);
  ~AdminServiceImpl() override;

  /// Adds it to the runtime, ready at once. Before Run().
  void Register();

  grpc::ServerUnaryReactor* CreateBackup(grpc::CallbackServerContext* context,
                                         const v1::CreateBackupRequest* request,
                                         v1::CreateBackupResponse* response) override;
  grpc::ServerUnaryReactor* ListBackups(grpc::CallbackServerContext* context,
                                        const v1::ListBackupsRequest* request,
                                        v1::ListBackupsResponse* response) override;
  grpc::ServerUnaryReactor* VerifyDatabase(grpc::CallbackServerContext* context,
                                           const v1::VerifyDatabaseRequest* request,
                                           v1::VerifyDatabaseResponse* response) override;

 private:
  absl::Status Create(const v1::CreateBackupRequest& request, v1::CreateBackupResponse* response);
  absl::Status List(v1::ListBackupsResponse* response) const;
  absl::Status Verify(v1::VerifyDatabaseResponse* response) const;
  grpc::ServerUnaryReactor* HandleLong(grpc::CallbackServerContext* context,
                                       std::string_view method,
                                       std::function<absl::Status()> handler);

  ServiceRuntime& runtime_;
  storage::Database& database_;
  std::optional<storage::BackupMaker> backups_;  // Without --backup-dir none.
  DrainSubscription drain_;
  WorkerPool long_work_;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_ADMIN_ADMIN_SERVICE_H_
