#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_ENTRIES_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_ENTRIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lagebild/v1/log.pb.h"
#include "lagebild/v1/read.pb.h"
#include "query_service/index/keys.h"

namespace lagebild::query {

/// Keys and values one behind the other in one string: a document makes a hundred of them, and a
/// string for each would cost more than what is in it.
class EntryBuffer {
 public:
  struct Entry {
    Tag tag = Tag::kItems;
    size_t begin = 0;
    uint32_t rest_size = 0;
    uint32_t value_size = 0;
  };

  void Add(Tag tag, std::string_view rest, std::string_view value);
  /// Makes room for this many entries and their bytes.
  void Reserve(size_t entries, size_t bytes);
  const std::vector<Entry>& entries() const { return entries_; }
  /// What follows generation and tag in its key.
  std::string_view rest(const Entry& entry) const {
    return std::string_view(bytes_).substr(entry.begin, entry.rest_size);
  }
  std::string_view value(const Entry& entry) const {
    return std::string_view(bytes_).substr(entry.begin + entry.rest_size, entry.value_size);
  }

 private:
  std::vector<Entry> entries_;
  std::string bytes_;
};

/// What one document says of an actor.
struct ActorContribution {
  uint64_t key = 0;
  v1::ActorEntry entry;            ///< document_count is 1, and so are all counts of names.
  std::vector<std::string> names;  ///< Folded: the canonical name first, then the aliases.
};

/// What the read model holds of one version of a document: a pure function of its record in the
/// extractions log.
struct DocumentEntries {
  VersionRecord version;
  EntryBuffer lists;     ///< Of Era::kCurrent while it is the newest version.
  EntryBuffer postings;  ///< `rest` without the group.
  std::vector<ActorContribution> actors;
  /// Value of tag 0x16; empty where there are no claims.
  std::string claim_contexts;
  int32_t publication_days = 0;    ///< Days between first and last day of publication.
  int32_t longest_event = 0;       ///< Most days between first and last day of a dated item.
  bool open_ended_events = false;  ///< Some item has a first day and no last.
  int32_t claims = 0;
  int32_t figures = 0;
  int32_t events = 0;
};

/// `encoded` is what the record was parsed from, here and below.
DocumentEntries MakeDocumentEntries(const v1::ExtractionRecord& record, std::string_view encoded);

/// The actors of an extraction as they are known across documents, in its order.
std::vector<v1::ActorReference> MakeActorReferences(const v1::Extraction& extraction);

/// The entry of a claim with the text of its spans, for reading one of an older version.
v1::ClaimEntry MakeClaimEntry(const v1::ExtractionRecord& record, std::string_view encoded,
                              int claim);

/// What GetClaim says of a claim beside its entry: lagebild.v1.GetClaimResponse with the fields
/// sentences, region, figures, events, fragments.
std::string MakeClaimContext(const v1::ExtractionRecord& record, std::string_view encoded,
                             int claim);

/// The context of a claim in a value of tag 0x16; nullopt when it is not there.
struct ClaimPlace {
  std::string_view group;
  uint32_t item = 0;
  std::string_view context;
};
std::optional<ClaimPlace> FindClaim(std::string_view claim_contexts, std::string_view claim_id);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_ENTRIES_H_
