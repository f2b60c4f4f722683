#include "extract_service/source/document_source.h"

#include <utility>

namespace lagebild::extract {

DocumentSource::DocumentSource(const std::string& upstream,
                               const std::shared_ptr<grpc::Channel>& channel, Handle handle)
    : stub_(v1::IngestService::NewStub(channel)),
      follower_(
          "ingest_service at " + upstream,
          [this](grpc::ClientContext* context, LogPosition after) {
            v1::ReadDocumentsRequest request;
            request.set_after_position(after);
            request.set_follow(true);
            return std::unique_ptr<grpc::ClientReaderInterface<v1::ReadDocumentsResponse>>(
                stub_->ReadDocuments(context, request));
          },
          [handle = std::move(handle)](v1::ReadDocumentsResponse response) {
            return handle(std::move(*response.mutable_record()));
          }) {}

}  // namespace lagebild::extract
