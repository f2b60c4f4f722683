#ifndef LAGEBILD_INGEST_SERVICE_READERS_JSON_LD_H_
#define LAGEBILD_INGEST_SERVICE_READERS_JSON_LD_H_

#include <string_view>

#include "ingest_service/readers/read_result.h"

namespace lagebild::ingest {

/// Takes from a JSON-LD script what it says about the article (schema.org NewsArticle and its kin,
/// also inside arrays, @graph and mainEntity) and fills the fields of `metadata` that are empty.
/// What is not JSON is ignored.
void ReadJsonLd(std::string_view json, DocumentMetadata* metadata);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_JSON_LD_H_
