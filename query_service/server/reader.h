#ifndef LAGEBILD_QUERY_SERVICE_SERVER_READER_H_
#define LAGEBILD_QUERY_SERVICE_SERVER_READER_H_

#include <cstddef>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "lagebild/v1/query_service.pb.h"
#include "query_service/index/read_model.h"
#include "query_service/server/answer_cache.h"

namespace lagebild::query {

/// Answers the reads of QueryService from the read model, without RPC machinery.
///
/// Every call reads one view, so an answer is of one state. Thread-safe. Calls that hand out
/// entries as they are stored append the serialised response to `bytes`. `alive` is asked during
/// long reads; its error ends them. Errors are those of the RPCs.
class Reader {
 public:
  using Alive = std::function<absl::Status()>;

  /// `answer_cache_bytes`: memory for the answers given last (GetClaim, first pages of ListClaims);
  /// 0 = none.
  explicit Reader(const ReadModel* model, size_t answer_cache_bytes = 0)
      : model_(model), answers_(answer_cache_bytes) {}

  absl::Status ListActors(const v1::ListActorsRequest& request, const Alive& alive,
                          v1::ListActorsResponse* response) const;
  absl::Status GetActor(const v1::GetActorRequest& request, const Alive& alive,
                        v1::GetActorResponse* response) const;
  /// Appends a ListClaimsResponse.
  absl::Status ListClaims(const v1::ListClaimsRequest& request, const Alive& alive,
                          std::string* bytes) const;
  /// Appends a GetClaimResponse.
  absl::Status GetClaim(const v1::GetClaimRequest& request, std::string* bytes) const;
  /// Appends a ListFiguresResponse.
  absl::Status ListFigures(const v1::ListFiguresRequest& request, const Alive& alive,
                           std::string* bytes) const;
  /// Appends a GetTimelineResponse.
  absl::Status GetTimeline(const v1::GetTimelineRequest& request, const Alive& alive,
                           std::string* bytes) const;
  absl::Status GetDocument(const v1::QueryServiceGetDocumentRequest& request,
                           v1::QueryServiceGetDocumentResponse* response) const;

 private:
  const ReadModel* const model_;
  mutable AnswerCache answers_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_SERVER_READER_H_
