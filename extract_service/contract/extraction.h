#ifndef LAGEBILD_EXTRACT_SERVICE_CONTRACT_EXTRACTION_H_
#define LAGEBILD_EXTRACT_SERVICE_CONTRACT_EXTRACTION_H_

#include <string>
#include <string_view>

#include "extract_service/pipeline/annotated_document.h"
#include "lagebild/v1/extraction.pb.h"

namespace lagebild::extract {

/// Whether spans carry their words: with them where an extraction is handed out, without them where
/// it is stored (FillSpanTexts() brings them back).
enum class SpanTexts { kFilled, kLeftOut };

/// Writes all layers of an analysed document into `extraction` (which may live on an arena),
/// replacing what it held.
///
/// Ids, unique within the document:
///  - claims: 16 hex digits, a hash of the kind and the offsets of the content, so that a claim
///    keeps its id in every version of the extractor that finds the same words; claims that agree
///    in both get "-2", "-3"... in text order;
///  - actors "a1", "a2"..., figures "f1"..., events "e1"..., counted in the order of their layer.
void FillExtraction(const AnnotatedDocument& document, std::string_view extractor_version,
                    SpanTexts span_texts, v1::Extraction& extraction);

/// The id a claim of this kind and content has (without a suffix for doubles).
std::string ClaimId(const Claim& claim);

/// Serializes a message so that equal messages give equal bytes, which plain serialization does not
/// promise.
std::string SerializeDeterministic(const google::protobuf::MessageLite& message);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CONTRACT_EXTRACTION_H_
