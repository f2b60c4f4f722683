#ifndef LAGEBILD_EXTRACT_SERVICE_SERVER_EXTRACT_SERVICE_IMPL_H_
#define LAGEBILD_EXTRACT_SERVICE_SERVER_EXTRACT_SERVICE_IMPL_H_

#include <string_view>

#include "common/client/stream_follower.h"
#include "common/server/log_stream.h"
#include "common/server/service_runtime.h"
#include "extract_service/pipeline/pipeline.h"
#include "extract_service/store/extraction_store.h"
#include "lagebild/v1/extract_service.grpc.pb.h"

namespace lagebild::extract {

/// Name in grpc.health.v1 and over reflection.
inline constexpr std::string_view kExtractServiceName = "lagebild.v1.ExtractService";

/// The RPCs of ExtractService (see the contract) over the pipeline and the extractions log.
/// Everything it is given must outlive the runtime's Run().
class ExtractServiceImpl final : public v1::ExtractService::WithRawCallbackMethod_ReadExtractions<
                                     v1::ExtractService::CallbackService> {
 public:
  ExtractServiceImpl(ServiceRuntime& runtime, const Pipeline& pipeline, ExtractionStore& store,
                     const StreamFollower& upstream);

  grpc::ServerUnaryReactor* AnalyzeDocument(grpc::CallbackServerContext* context,
                                            const v1::AnalyzeDocumentRequest* request,
                                            v1::AnalyzeDocumentResponse* response) override;
  grpc::ServerUnaryReactor* GetExtraction(grpc::CallbackServerContext* context,
                                          const v1::GetExtractionRequest* request,
                                          v1::GetExtractionResponse* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ReadExtractions(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::ExtractServiceGetStatusRequest* request,
                                      v1::ExtractServiceGetStatusResponse* response) override;

 private:
  absl::Status Analyze(const v1::AnalyzeDocumentRequest& request,
                       v1::AnalyzeDocumentResponse* response) const;
  absl::Status Get(const v1::GetExtractionRequest& request,
                   v1::GetExtractionResponse* response) const;
  absl::Status FillStatus(v1::ServiceStatus& status) const;

  ServiceRuntime& runtime_;
  const Pipeline& pipeline_;
  ExtractionStore& store_;
  LogStreamSource<v1::ReadExtractionsResponse> extractions_;
  const StreamFollower& upstream_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_SERVER_EXTRACT_SERVICE_IMPL_H_
