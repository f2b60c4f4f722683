#ifndef LAGEBILD_EXTRACT_SERVICE_CONTRACT_JSON_H_
#define LAGEBILD_EXTRACT_SERVICE_CONTRACT_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "lagebild/v1/extraction.pb.h"

namespace lagebild::extract {

enum class JsonLayout { kCompact, kIndented };

/// The extraction as proto3 JSON (lowerCamelCase names, fields at their default left out), ended by
/// a line feed. Equal extractions give equal bytes.
/// Errors: INTERNAL when a string in it is not UTF-8.
absl::StatusOr<std::string> ExtractionToJson(const v1::Extraction& extraction, JsonLayout layout);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CONTRACT_JSON_H_
