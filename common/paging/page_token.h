#ifndef LAGEBILD_COMMON_PAGING_PAGE_TOKEN_H_
#define LAGEBILD_COMMON_PAGING_PAGE_TOKEN_H_

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace lagebild {

inline constexpr int32_t kDefaultPageSize = 50;
inline constexpr int32_t kMaxPageSize = 1000;

/// The page size to use: 50 for 0, capped at 1,000.
/// Errors: INVALID_ARGUMENT, INVALID_PAGE_SIZE (field page_size) when negative.
absl::StatusOr<int32_t> EffectivePageSize(int32_t page_size);

/// A token that hands `state` (what the next page needs: last key, pinned positions) to the request
/// for the next page. Opaque, url-safe, versioned, checksummed and bound to the request: its type
/// and all its fields but `page_size` and `page_token`.
std::string MakePageToken(const google::protobuf::Message& request, std::string_view state);

/// The state in the request's `page_token`; empty when the request has none (the first page).
/// State is never empty in a token, so the two cannot be mixed up.
/// Errors: INVALID_ARGUMENT, INVALID_PAGE_TOKEN (field page_token) for anything that is not a token
/// made for this request. State still is the caller's to validate: a token is checksummed, not
/// signed.
absl::StatusOr<std::string> ReadPageToken(const google::protobuf::Message& request);

/// The error that both use, for callers that find the state itself wanting.
absl::Status InvalidPageToken();

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_PAGING_PAGE_TOKEN_H_
