#ifndef LAGEBILD_EXTRACT_SERVICE_SOURCE_DOCUMENT_SOURCE_H_
#define LAGEBILD_EXTRACT_SERVICE_SOURCE_DOCUMENT_SOURCE_H_

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/client/stream_follower.h"
#include "lagebild/v1/document.pb.h"

namespace lagebild::extract {

/// Reads the documents log of ingest_service for ever and hands every record over, in order.
/// Reconnects by itself. Thread-safe.
class DocumentSource {
 public:
  /// `handle` may block: then nothing more is read. Its error makes the source connect anew.
  using Handle = std::function<absl::Status(v1::DocumentRecord record)>;

  /// `upstream` is the address, as logs and errors call it.
  DocumentSource(const std::string& upstream, const std::shared_ptr<grpc::Channel>& channel,
                 Handle handle);

  StreamFollower& follower() { return follower_; }
  const StreamFollower& follower() const { return follower_; }

 private:
  StreamFollower follower_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_SOURCE_DOCUMENT_SOURCE_H_
