#ifndef LAGEBILD_QUERY_SERVICE_SERVER_QUERY_SERVICE_H_
#define LAGEBILD_QUERY_SERVICE_SERVER_QUERY_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>

#include "common/client/stream_follower.h"
#include "common/server/service_runtime.h"
#include "lagebild/v1/query_service.grpc.pb.h"
#include "query_service/index/read_model.h"
#include "query_service/server/reader.h"

namespace lagebild::query {

/// The RPCs of QueryService over a Reader.
///
/// What is a few reads by key or one short walk is answered on gRPC's own threads; what may search
/// goes to the workers. Lists of items and GetClaim send entries as they are stored, so they take
/// and give raw bytes. Thread-safe.
class QueryServiceImpl final
    : public v1::QueryService::WithCallbackMethod_ListActors<
          v1::QueryService::WithCallbackMethod_GetActor<
              v1::QueryService::WithCallbackMethod_GetDocument<
                  v1::QueryService::WithCallbackMethod_GetStatus<
                      v1::QueryService::WithRawCallbackMethod_ListClaims<
                          v1::QueryService::WithRawCallbackMethod_GetClaim<
                              v1::QueryService::WithRawCallbackMethod_ListFigures<
                                  v1::QueryService::WithRawCallbackMethod_GetTimeline<
                                      v1::QueryService::Service>>>>>>>> {
 public:
  /// `answer_cache_bytes`: as Reader takes it. `upstream` tells where the follower of the
  /// extractions log stands. All must outlive the service.
  QueryServiceImpl(ServiceRuntime* runtime, const ReadModel* model, size_t answer_cache_bytes,
                   std::function<FollowerState()> upstream)
      : runtime_(*runtime),
        model_(model),
        reader_(model, answer_cache_bytes),
        upstream_(std::move(upstream)) {}

  grpc::ServerUnaryReactor* ListActors(grpc::CallbackServerContext* context,
                                       const v1::ListActorsRequest* request,
                                       v1::ListActorsResponse* response) override;
  grpc::ServerUnaryReactor* GetActor(grpc::CallbackServerContext* context,
                                     const v1::GetActorRequest* request,
                                     v1::GetActorResponse* response) override;
  grpc::ServerUnaryReactor* ListClaims(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetClaim(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListFigures(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetTimeline(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetDocument(grpc::CallbackServerContext* context,
                                        const v1::QueryServiceGetDocumentRequest* request,
                                        v1::QueryServiceGetDocumentResponse* response) override;
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::QueryServiceGetStatusRequest* request,
                                      v1::QueryServiceGetStatusResponse* response) override;

 private:
  ServiceRuntime& runtime_;
  const ReadModel* const model_;
  const Reader reader_;
  const std::function<FollowerState()> upstream_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_SERVER_QUERY_SERVICE_H_
