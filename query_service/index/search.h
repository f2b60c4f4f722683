#ifndef LAGEBILD_QUERY_SERVICE_INDEX_SEARCH_H_
#define LAGEBILD_QUERY_SERVICE_INDEX_SEARCH_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "query_service/index/keys.h"
#include "query_service/index/read_model.h"

namespace lagebild::query {

/// Which versions are read: first those recorded up to `limit`, then of each document the newest
/// one published by `as_of_us`. A deletion hides everything before it.
struct ResolvedPicture {
  int64_t limit = 0;                ///< Newest position of the documents log.
  std::optional<int64_t> as_of_us;  ///< Inclusive; nullopt = no bound.
  int32_t as_of_day = 0;            ///< The day in Berlin that lies in, from 1970.

  /// Whether only newest versions can be part of it, which lie in lists of their own.
  bool newest(const GenerationState& state) const {
    return !as_of_us.has_value() && limit >= state.last_superseded;
  }
};

/// The newest position recorded by an instant (inclusive); 0 when there is none.
absl::StatusOr<int64_t> PositionRecordedBy(const View& view, int64_t recorded_by_us);

/// Tells which versions belong to a picture; remembers what it was asked. One request's.
class Visibility {
 public:
  Visibility(const View& view, const ResolvedPicture& picture)
      : view_(view), picture_(picture), newest_(picture.newest(view.serving())) {}

  /// Whether the version at this position is the one shown of its document. In the newest picture
  /// REQUIRES: it is a document's newest version or behind the limit.
  absl::StatusOr<bool> Visible(int64_t document_position);
  /// The version shown of a document, without reference; nullopt when none is.
  absl::StatusOr<std::optional<VersionRecord>> VersionOf(std::string_view document_id);
  /// Lists that have to be read.
  const std::vector<Era>& eras() const;

 private:
  const View& view_;
  const ResolvedPicture picture_;
  const bool newest_;
  std::unordered_map<std::string, int64_t> shown_;  // By document id; 0 = none.
  std::unordered_map<int64_t, bool> visible_;
};

/// A version with its reference.
absl::StatusOr<std::optional<VersionRecord>> ReadVersion(const View& view,
                                                         int64_t document_position);

/// A term to be found in the postings.
struct Term {
  Field field = Field::kWord;
  std::string term;
  bool prefix = false;  ///< All terms that begin with it.
};

/// First and last day of a range, open where not bounded.
struct DaySpan {
  int32_t first = kOpenBeginning;
  int32_t last = kOpenEnd;
};

/// Conditions on items, combined with AND.
struct Conditions {
  std::vector<std::vector<Term>> terms;         ///< Of each inner list one must be there.
  std::optional<std::vector<uint64_t>> actors;  ///< One of these, by key.
  std::optional<std::vector<std::string>> document_ids;
  uint16_t acts = 0;  ///< Bits as in ItemHeader; 0 = any.
  uint8_t polarities = 0;
  uint8_t certainties = 0;
  uint8_t kinds = 0;
  std::optional<DaySpan> event_time;
  std::optional<DaySpan> published;
  double min_confidence = 0;
  bool without_fragments = false;
  bool claimed_only = false;

  /// What can be told from the header alone.
  bool Match(const ItemHeader& header) const;
};

enum class Order { kPublishedDesc, kPublishedAsc, kRecordedDesc, kRecordedAsc, kTimeline };

/// What a page is made of.
struct SearchRequest {
  ResolvedPicture picture;
  Conditions conditions;
  std::vector<ItemKind> kinds;  ///< One, or any number for a timeline.
  Order order = Order::kPublishedDesc;
  std::string after;  ///< `last` of the page before; empty = the first page.
  size_t page_size = 50;
};

/// An item found; the views live during the call.
struct Found {
  ItemKind kind = ItemKind::kClaim;
  std::string_view group;
  uint32_t item = 0;
  ItemHeader header;
  std::string_view document;  ///< The field of the entry that refers to its document, encoded.
  std::string_view entry;     ///< The other fields.
};

struct SearchResult {
  bool more = false;  ///< There is an item behind the last.
  std::string last;   ///< Where the page ended.
};

/// Finds a page of items and hands them over in order.
///
/// The default order without conditions is a seek and one step an item. Conditions on words,
/// actors, outlets, units and documents are intersected on posting lists, so that time depends on
/// how many items match the rarest of them; what is left is checked on the items. `alive` is asked
/// now and then; its error ends the search. Errors: DATA_LOSS, INVALID_ARGUMENT
/// (INVALID_PAGE_TOKEN) when `after` is no place of this order.
absl::StatusOr<SearchResult> Search(const View& view, const SearchRequest& request,
                                    const std::function<absl::Status()>& alive,
                                    const std::function<void(const Found&)>& visit);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_INDEX_SEARCH_H_
