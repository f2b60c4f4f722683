#ifndef LAGEBILD_INGEST_SERVICE_SERVER_INGEST_STREAM_H_
#define LAGEBILD_INGEST_SERVICE_SERVER_INGEST_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include "common/server/service_runtime.h"
#include "lagebild/v1/ingest_service.pb.h"

namespace lagebild::ingest {

class IngestServiceImpl;

/// Serves one IngestDocuments stream: up to --stream-window requests are in work at once (fewer
/// when they are large), answers go out in the order of the requests, a refused document is
/// answered like any other. When the service drains, what was read is answered and the stream ends
/// with UNAVAILABLE. Both must outlive the stream.
grpc::ServerBidiReactor<v1::IngestDocumentsRequest, v1::IngestDocumentsResponse>* StreamIngest(
    ServiceRuntime& runtime, grpc::CallbackServerContext* context, IngestServiceImpl& service);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_SERVER_INGEST_STREAM_H_
