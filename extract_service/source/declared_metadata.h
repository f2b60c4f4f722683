#ifndef LAGEBILD_EXTRACT_SERVICE_SOURCE_DECLARED_METADATA_H_
#define LAGEBILD_EXTRACT_SERVICE_SOURCE_DECLARED_METADATA_H_

#include <string_view>

#include "extract_service/pipeline/annotated_document.h"
#include "lagebild/v1/document.pb.h"

namespace lagebild::extract {

/// What the pipeline is told about a document beside its text.
DeclaredMetadata DeclaredOf(std::string_view document_id, const v1::DocumentMetadata& metadata);

/// The same with the regions its reader saw in the markup; regions off the text are left out.
DeclaredMetadata DeclaredOf(const v1::Document& document);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_SOURCE_DECLARED_METADATA_H_
