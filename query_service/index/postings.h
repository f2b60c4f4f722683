#ifndef LAGEBILD_QUERY_SERVICE_INDEX_POSTINGS_H_
#define LAGEBILD_QUERY_SERVICE_INDEX_POSTINGS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "query_service/index/keys.h"
#include "query_service/index/read_model.h"
#include "query_service/index/search.h"

namespace lagebild::query {

/// Items of one kind of one version of a document; all of them when there is no `items`. An empty
/// list says that the terms occur in items of other kinds alone.
struct Posting {
  std::string group;
  std::optional<std::vector<uint32_t>> items;
};

/// A stream of postings in walking order, one for each group.
class PostingSource {
 public:
  virtual ~PostingSource() = default;
  /// Moves to the first group at or behind `group` in walking order.
  virtual void Seek(std::string_view group) = 0;
  virtual bool Valid() const = 0;
  virtual std::string_view group() const = 0;
  /// Takes the posting of the current group and moves on. REQUIRES: Valid().
  virtual Posting Take() = 0;
  virtual absl::Status status() const = 0;
};

/// Limits of the groups to be walked: byte order, `upper` exclusive; empty = none.
struct GroupBounds {
  std::string lower;
  std::string upper;
};

/// Groups in which one of the terms occurs, of newest and older versions alike, with the items of a
/// kind in which it does.
/// Terms with `prefix` are gathered in memory.
std::unique_ptr<PostingSource> MakeTermSource(const View& view, ItemKind kind,
                                              const std::vector<Term>& terms,
                                              const GroupBounds& bounds, bool backward,
                                              const std::function<absl::Status()>& alive);

/// The given groups with all their items.
std::unique_ptr<PostingSource> MakeGroupSource(std::vector<std::string> groups, bool backward);

/// Groups that all sources hold, with the items all of them name.
class Intersection {
 public:
  Intersection(std::vector<std::unique_ptr<PostingSource>> sources, bool backward)
      : sources_(std::move(sources)), backward_(backward) {}

  /// Continues at a group (inclusive) in walking order; empty = from the start.
  void Seek(std::string_view group);
  /// The next posting; nullopt at the end.
  absl::StatusOr<std::optional<Posting>> Next();

 private:
  // Whether a stands before b in walking order.
  bool Before(std::string_view a, std::string_view b) const { return backward_ ? a > b : a < b; }

  std::vector<std::unique_ptr<PostingSource>> sources_;
  const bool backward_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_INDEX_POSTINGS_H_
