#ifndef LAGEBILD_INGEST_SERVICE_SERVER_SERVICE_H_
#define LAGEBILD_INGEST_SERVICE_SERVER_SERVICE_H_

#include <grpcpp/support/server_callback.h>

#include "common/server/log_stream.h"
#include "common/server/service_runtime.h"
#include "ingest_service/server/ingester.h"
#include "ingest_service/store/document_store.h"
#include "lagebild/v1/ingest_service.grpc.pb.h"

namespace lagebild::ingest {

/// Full name of the service, also in grpc.health.v1.
inline constexpr char kIngestServiceName[] = "lagebild.v1.IngestService";

/// The contract's IngestService over a store. Reading, checking and signing of documents run on the
/// runtime's workers; what waits for the disk waits in the log, not on a thread. Thread-safe.
class IngestServiceImpl final : public v1::IngestService::WithRawCallbackMethod_ReadDocuments<
                                    v1::IngestService::CallbackService> {
 public:
  /// Both must outlive it. Exports counters under lagebild_ingest_*.
  IngestServiceImpl(ServiceRuntime& runtime, DocumentStore& store);

  grpc::ServerUnaryReactor* IngestDocument(grpc::CallbackServerContext* context,
                                           const v1::IngestDocumentRequest* request,
                                           v1::IngestDocumentResponse* response) override;
  grpc::ServerBidiReactor<v1::IngestDocumentsRequest, v1::IngestDocumentsResponse>* IngestDocuments(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* GetDocument(grpc::CallbackServerContext* context,
                                        const v1::IngestServiceGetDocumentRequest* request,
                                        v1::IngestServiceGetDocumentResponse* response) override;
  grpc::ServerUnaryReactor* ListDocuments(grpc::CallbackServerContext* context,
                                          const v1::ListDocumentsRequest* request,
                                          v1::ListDocumentsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteDocument(grpc::CallbackServerContext* context,
                                           const v1::DeleteDocumentRequest* request,
                                           v1::DeleteDocumentResponse* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ReadDocuments(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::IngestServiceGetStatusRequest* request,
                                      v1::IngestServiceGetStatusResponse* response) override;

  /// Reads, checks and stores one document; what IngestDocument and the stream share. `done` is
  /// called once, from any thread. The request must live until this returns.
  void Ingest(const v1::IngestDocumentRequest& request,
              std::function<void(absl::StatusOr<v1::IngestDocumentResponse>)> done);

 private:
  absl::Status List(const v1::ListDocumentsRequest& request, v1::ListDocumentsResponse* response);
  absl::Status Status(v1::IngestServiceGetStatusResponse* response);

  ServiceRuntime& runtime_;
  DocumentStore& store_;
  LogStreamSource<v1::ReadDocumentsResponse> documents_;
  prometheus::Counter& created_;
  prometheus::Counter& unchanged_;
  prometheus::Counter& refused_;
  prometheus::Counter& bytes_;
  Ingester ingester_;
};

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_SERVER_SERVICE_H_
