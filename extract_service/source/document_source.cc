#include "extract_service/source/document_source.h"

#include <utility>

namespace lagebild::extract {

DocumentSource::DocumentSource(const std::string& upstream,
                               const std::shared_ptr<grpc::Channel>& channel, Handle handle)
    : stub_(v1::IngestService::NewStub(channel)),
      follower_(
          "ingest_service at " + upstream,
          [this](grpc::ClientContext* context, const v1::ReadDocumentsRequest* request,
                 grpc::ClientReadReactor<v1::ReadDocumentsResponse>* reader) {
            stub_->async()->ReadDocuments(context, request, reader);
          },
          [handle = std::move(handle)](v1::ReadDocumentsResponse response) {
            return handle(std::move(*response.mutable_record()));
          }) {}

}  // namespace lagebild::extract
