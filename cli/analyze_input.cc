#include "cli/analyze_input.h"

#include <simdjson.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <limits>
#include <utility>

#include "common/hash/hash.h"
#include "common/text/utf8.h"
#include "common/time/iso8601.h"
#include "ingest_service/readers/content_reader.h"

namespace lagebild::cli {
namespace {

constexpr size_t kMaxTextBytes = size_t{std::numeric_limits<int32_t>::max()};
// Names of at most 255 bytes are safe everywhere; ".json" and a hash are added to them.
constexpr size_t kMaxNameBytes = 200;

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// As extract_service takes the regions that ingest_service saw in the markup.
constexpr std::string_view kMarkupRule = "markup";
constexpr double kMarkupConfidence = 1.0;

extract::RegionKind KindOf(ingest::MarkedRegionKind kind) {
  switch (kind) {
    case ingest::MarkedRegionKind::kTitle:
      return extract::RegionKind::kTitle;
    case ingest::MarkedRegionKind::kHeading:
      return extract::RegionKind::kHeading;
    case ingest::MarkedRegionKind::kCaption:
      return extract::RegionKind::kCaption;
  }
  return extract::RegionKind::kUnspecified;
}

absl::Status Invalid(const std::string& message) { return absl::InvalidArgumentError(message); }

}  // namespace

absl::Status CheckInput(const AnalyzeInput& input) {
  if (IsBlank(input.text)) return Invalid("field \"text\": is empty");
  if (input.text.size() > kMaxTextBytes) return Invalid("field \"text\": is larger than 2 GiB");
  if (const auto offset = FindInvalidUtf8(input.text)) {
    return Invalid("field \"text\": is not UTF-8 at byte " + std::to_string(*offset));
  }
  if (const auto offset = FindNul(input.text)) {
    return Invalid("field \"text\": has a NUL at byte " + std::to_string(*offset));
  }
  if (!input.declared.published.empty() && !ParseIsoTime(input.declared.published).ok()) {
    return Invalid("field \"published\": \"" + input.declared.published +
                   "\" is no ISO 8601 day or instant (such as 2024-10-21)");
  }
  return absl::OkStatus();
}

absl::StatusOr<AnalyzeInput> ReadFileInput(std::string bytes, extract::DeclaredMetadata declared) {
  AnalyzeInput input;
  input.declared = std::move(declared);
  if (ingest::DetectFormat(bytes) != ingest::ContentFormat::kHtml) {
    input.text = std::move(bytes);
  } else {
    auto page = ingest::ReadContent(bytes, ingest::ContentFormat::kHtml);
    if (!page.ok()) return page.status();
    input.text = std::move(page->text);
    const auto fill = [](std::string& field, std::string& found) {
      if (field.empty()) field = std::move(found);
    };
    fill(input.declared.published, page->metadata.published);
    fill(input.declared.title, page->metadata.title);
    fill(input.declared.outlet, page->metadata.outlet);
    fill(input.declared.url, page->metadata.url);
    for (const ingest::MarkedRegion& region : page->marked_regions) {
      input.declared.regions.push_back(
          {region.span, KindOf(region.kind), kMarkupRule, kMarkupConfidence});
    }
  }
  if (absl::Status status = CheckInput(input); !status.ok()) return status;
  return input;
}

class JsonLinesReader::Parser {
 public:
  simdjson::dom::parser json;
};

JsonLinesReader::JsonLinesReader(std::istream& stream)
    : stream_(stream), parser_(std::make_unique<Parser>()) {}
JsonLinesReader::~JsonLinesReader() = default;

bool JsonLinesReader::Next() {
  while (std::getline(stream_, line_)) {
    ++line_number_;
    if (!IsBlank(line_)) return true;
  }
  return false;
}

absl::StatusOr<AnalyzeInput> JsonLinesReader::Read() {
  auto input = ReadLine();
  if (input.ok()) return input;
  return Invalid("line " + std::to_string(line_number_) + ": " +
                 std::string(input.status().message()));
}

absl::StatusOr<AnalyzeInput> JsonLinesReader::ReadLine() {
  simdjson::dom::element element;
  if (const auto error = parser_->json.parse(line_).get(element)) {
    return Invalid(std::string("is not JSON: ") + simdjson::error_message(error));
  }
  simdjson::dom::object object;
  if (element.get(object)) return Invalid("is not a JSON object");

  AnalyzeInput input;
  const std::array<std::pair<const char*, std::string*>, 6> fields = {{
      {"id", &input.declared.document_id},
      {"text", &input.text},
      {"published", &input.declared.published},
      {"title", &input.declared.title},
      {"outlet", &input.declared.outlet},
      {"url", &input.declared.url},
  }};
  for (const auto& [name, target] : fields) {
    simdjson::dom::element value;
    if (object[name].get(value) || value.is_null()) continue;
    std::string_view words;
    if (value.get(words)) return Invalid(std::string("field \"") + name + "\": is not a string");
    target->assign(words);
  }
  if (input.declared.document_id.empty()) return Invalid("field \"id\": is missing or empty");
  if (absl::Status status = CheckInput(input); !status.ok()) return status;
  const auto [first, fresh] = ids_.try_emplace(input.declared.document_id, line_number_);
  if (!fresh) {
    return Invalid("field \"id\": \"" + input.declared.document_id + "\" was used on line " +
                   std::to_string(first->second) + " already");
  }
  return input;
}

std::string OutputFileName(std::string_view id) {
  std::string name;
  for (size_t i = 0; i < id.size(); ++i) {
    const auto byte = static_cast<unsigned char>(id[i]);
    const bool plain =
        byte >= 0x80 || std::isalnum(byte) || byte == '-' || byte == '_' || (byte == '.' && i > 0);
    if (plain) {
      name += id[i];
    } else {
      char escaped[4];
      std::snprintf(escaped, sizeof(escaped), "%%%02X", byte);
      name += escaped;
    }
  }
  if (name.size() > kMaxNameBytes) {
    char hash[18];
    std::snprintf(hash, sizeof(hash), "~%016llx", static_cast<unsigned long long>(Hash64(id)));
    size_t kept = kMaxNameBytes;
    while ((static_cast<unsigned char>(name[kept]) & 0xC0) == 0x80) --kept;
    name = name.substr(0, kept) + hash;
  }
  return name + ".json";
}

}  // namespace lagebild::cli
