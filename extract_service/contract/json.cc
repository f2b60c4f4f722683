#include "extract_service/contract/json.h"

#include "google/protobuf/util/json_util.h"

namespace lagebild::extract {

absl::StatusOr<std::string> ExtractionToJson(const v1::Extraction& extraction, JsonLayout layout) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = layout == JsonLayout::kIndented;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(extraction, &json, options);
  if (!status.ok()) return absl::InternalError("cannot print the extraction as JSON");
  if (json.empty() || json.back() != '\n') json += '\n';
  return json;
}

}  // namespace lagebild::extract
