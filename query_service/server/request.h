#ifndef LAGEBILD_QUERY_SERVICE_SERVER_REQUEST_H_
#define LAGEBILD_QUERY_SERVICE_SERVER_REQUEST_H_

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lagebild/v1/query_service.pb.h"
#include "lagebild/v1/read.pb.h"
#include "query_service/index/read_model.h"
#include "query_service/index/search.h"

namespace lagebild::query {

/// What a read is pinned to: made from the Picture of the first page, carried on by its token.
struct PinnedRead {
  v1::ReadState state;
  ResolvedPicture picture;
  std::string after;  ///< Where the page before ended; empty on the first.
};

/// Resolves a picture against the newest state.
/// Errors: INVALID_ARGUMENT (INVALID_DATE) with field picture.as_of or picture.recorded_by.
absl::StatusOr<PinnedRead> ResolvePicture(const View& view, const v1::Picture& picture);

/// The same for a list: with a page token the state is the token's.
/// Errors: also INVALID_ARGUMENT (INVALID_PAGE_TOKEN), FAILED_PRECONDITION (PAGE_TOKEN_EXPIRED).
absl::StatusOr<PinnedRead> ResolvePage(const View& view, const google::protobuf::Message& request,
                                       const v1::Picture& picture);

/// Token for the page behind `last`.
std::string NextPageToken(const google::protobuf::Message& request, const PinnedRead& read,
                          std::string_view last);

/// What a page token's state says. Exposed for fuzzing: any bytes may come in.
/// Errors: INVALID_ARGUMENT (INVALID_PAGE_TOKEN).
absl::StatusOr<PinnedRead> DecodePageState(std::string_view bytes);

/// Conditions of a filter. `limit` bounds which actor names are known.
/// Errors: INVALID_ARGUMENT (INVALID_FILTER, INVALID_DATE, REVERSED_INTERVAL) with the field.
absl::StatusOr<Conditions> MakeConditions(const View& view, const v1::ItemFilter& filter,
                                          int64_t limit);

/// Keys of the actors that an id or a name means at a position: the actors of this id, else of this
/// canonical name, else of this alias. Empty when there are none.
absl::StatusOr<std::vector<uint64_t>> FindActors(const View& view, std::string_view id_or_name,
                                                 int64_t limit);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_SERVER_REQUEST_H_
