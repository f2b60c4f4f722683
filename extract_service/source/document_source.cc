#include "extract_service/source/document_source.h"

#include <utility>

#include "common/status/error.h"
#include "common/wire/byte_buffer.h"
#include "lagebild/v1/ingest_service.pb.h"

namespace lagebild::extract {

DocumentSource::DocumentSource(const std::string& upstream,
                               const std::shared_ptr<grpc::Channel>& channel, Handle handle)
    : follower_(
          "ingest_service at " + upstream, channel, "/lagebild.v1.IngestService/ReadDocuments",
          [](LogPosition after) {
            v1::ReadDocumentsRequest request;
            request.set_after_position(after);
            request.set_follow(true);
            return EncodeMessage(request);
          },
          [handle = std::move(handle)](
              const grpc::ByteBuffer& message) -> absl::StatusOr<StreamPosition> {
            v1::ReadDocumentsResponse response;
            if (!DecodeMessage(message, &response)) {
              return DataLoss("CORRUPT_RECORD", "a message of ReadDocuments cannot be read");
            }
            const StreamPosition place = {.position = response.record().position(),
                                          .head = response.head_position()};
            if (absl::Status status = handle(std::move(*response.mutable_record())); !status.ok()) {
              return status;
            }
            return place;
          }) {}

}  // namespace lagebild::extract
