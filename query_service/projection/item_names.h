#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_ITEM_NAMES_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_ITEM_NAMES_H_

#include <string>
#include <string_view>

namespace lagebild::query {

/// "documents/D/" with the id percent-encoded: what the names of a document's items begin with.
std::string MakeItemNamePrefix(std::string_view document_id);

/// Appends "claims/C" with the id percent-encoded to such a beginning.
void AppendItemName(std::string* name, std::string_view collection, std::string_view item_id);

/// "documents/D/claims/C" with both ids percent-encoded.
std::string MakeItemName(std::string_view document_id, std::string_view collection,
                         std::string_view item_id);

/// Reads such a name; false when it is not of this form.
bool ParseItemName(std::string_view name, std::string_view collection, std::string* document_id,
                   std::string* item_id);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_ITEM_NAMES_H_
