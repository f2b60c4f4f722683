#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_ENTRIES_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_ENTRIES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lagebild/v1/log.pb.h"
#include "lagebild/v1/read.pb.h"
#include "query_service/index/keys.h"

namespace lagebild::query {

/// An entry of a list: `rest` is what follows generation and tag in its key.
struct ListEntry {
  Tag tag;
  std::string rest;
  std::string value;
};

/// Where a claim stands and what GetClaim says of it beside its entry.
struct ClaimPlace {
  std::string claim_id;
  uint32_t item = 0;
  /// lagebild.v1.GetClaimResponse with the fields sentences, region, figures, events, fragments.
  std::string context;
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
  std::vector<ListEntry> lists;
  std::vector<ClaimPlace> claim_places;
  std::vector<ActorContribution> actors;
  int32_t publication_days = 0;    ///< Days between first and last day of publication.
  int32_t longest_event = 0;       ///< Most days between first and last day of a dated item.
  bool open_ended_events = false;  ///< Some item has a first day and no last.
  int32_t claims = 0;
  int32_t figures = 0;
  int32_t events = 0;
};

DocumentEntries MakeDocumentEntries(const v1::ExtractionRecord& record);

/// The reference to the document of a record, as items carry it.
v1::DocumentReference MakeDocumentReference(const v1::ExtractionRecord& record);

/// The actors of an extraction as they are known across documents, in its order.
std::vector<v1::ActorReference> MakeActorReferences(const v1::Extraction& extraction);

/// The entries of single items with the text of their spans, for reading one of an older version.
v1::ClaimEntry MakeClaimEntry(const v1::ExtractionRecord& record, int claim);

/// What GetClaim says of a claim beside its entry, as ClaimPlace::context.
std::string MakeClaimContext(const v1::ExtractionRecord& record, int claim);

/// "documents/D/claims/C" with both ids percent-encoded.
std::string MakeItemName(std::string_view document_id, std::string_view collection,
                         std::string_view item_id);

/// Reads such a name; false when it is not of this form.
bool ParseItemName(std::string_view name, std::string_view collection, std::string* document_id,
                   std::string* item_id);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_ENTRIES_H_
