#ifndef LAGEBILD_QUERY_SERVICE_SERVER_ACTOR_READER_H_
#define LAGEBILD_QUERY_SERVICE_SERVER_ACTOR_READER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lagebild/v1/read.pb.h"
#include "query_service/index/search.h"

namespace lagebild::query {

/// Which actors, in which order.
struct ActorSearch {
  unsigned types = 0;  ///< Bit n = ActorType n; 0 = any.
  std::string folded_text;
  std::optional<std::vector<uint64_t>> among;
  bool by_claims = false;
  std::string after;
  size_t page_size = 50;
};

/// Reads the actor directory in a picture. One request's; the view must outlive it.
///
/// What the newest picture says of an actor is stored. An earlier picture without `as_of` differs
/// from it only for the actors of what was folded in since, which are counted anew from their
/// documents; with `as_of`, all are.
class ActorReader {
 public:
  ActorReader(const View& view, const ResolvedPicture& picture,
              const std::function<absl::Status()>& alive);

  /// The actor; nullopt when no document of the picture names it.
  absl::StatusOr<std::optional<v1::ActorEntry>> Get(uint64_t key);

  /// Documents that name it, newest publication first.
  absl::Status Documents(uint64_t key, int limit,
                         google::protobuf::RepeatedPtrField<v1::DocumentReference>* documents);

  /// A page of actors.
  absl::StatusOr<SearchResult> List(const ActorSearch& search,
                                    const std::function<void(const v1::ActorEntry&)>& visit);

 private:
  absl::Status FindChanged();
  absl::Status AddActorsOf(int64_t document_position);
  bool IsAsStored(uint64_t key) const;
  absl::StatusOr<std::optional<v1::ActorEntry>> AtPicture(uint64_t key, v1::ActorEntry stored);
  absl::StatusOr<SearchResult> ListByName(const ActorSearch& search,
                                          const std::function<void(const v1::ActorEntry&)>& visit);
  absl::StatusOr<SearchResult> ListByClaims(
      const ActorSearch& search, const std::function<void(const v1::ActorEntry&)>& visit);
  absl::StatusOr<SearchResult> ListAmong(const ActorSearch& search,
                                         const std::function<void(const v1::ActorEntry&)>& visit);
  absl::Status Step();

  const View& view_;
  const ResolvedPicture picture_;
  const std::function<absl::Status()>& alive_;
  Visibility visibility_;
  bool prepared_ = false;
  bool all_changed_ = false;
  std::set<uint64_t> changed_;
  size_t steps_ = 0;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_SERVER_ACTOR_READER_H_
