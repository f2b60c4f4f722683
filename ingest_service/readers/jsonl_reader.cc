#include "ingest_service/readers/jsonl_reader.h"

#include <simdjson.h>

#include "common/status/error.h"
#include "common/text/utf8.h"
#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string Place(int64_t number) { return "line " + std::to_string(number); }

absl::Status BadField(int64_t number, std::string_view field, std::string_view what) {
  return InvalidArgument(
      "INVALID_FIELD",
      Place(number) + ": field \"" + std::string(field) + "\" " + std::string(what), field);
}

// A string field; nullopt when it is absent or null.
absl::StatusOr<std::optional<std::string>> StringField(const object& node, std::string_view field,
                                                       int64_t number) {
  element value;
  if (node[field].get(value) != simdjson::SUCCESS || value.is_null()) {
    return std::optional<std::string>();
  }
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return BadField(number, field, "must be a string");
  return std::optional<std::string>(text);
}

absl::StatusOr<std::vector<std::string>> Authors(const object& node, int64_t number) {
  element value;
  if (node["authors"].get(value) != simdjson::SUCCESS || value.is_null()) {
    return std::vector<std::string>();
  }
  array list;
  if (value.get(list) != simdjson::SUCCESS) {
    return BadField(number, "authors", "must be a list of strings");
  }
  std::vector<std::string> authors;
  for (const element item : list) {
    std::string_view author;
    if (item.get(author) != simdjson::SUCCESS) {
      return BadField(number, "authors", "must be a list of strings");
    }
    authors.emplace_back(author);
  }
  return authors;
}

}  // namespace

struct JsonlReader::Parser {
  simdjson::dom::parser json;
};

JsonlReader::JsonlReader(std::istream& input, size_t max_line_bytes)
    : input_(input), max_line_bytes_(max_line_bytes), parser_(std::make_unique<Parser>()) {}

JsonlReader::~JsonlReader() = default;

std::optional<JsonlLine> JsonlReader::Next() {
  std::streambuf* const bytes = input_.rdbuf();
  while (true) {
    std::string line;
    size_t length = 0;
    bool ended = false;
    int c = std::char_traits<char>::eof();
    while ((c = bytes->sbumpc()) != std::char_traits<char>::eof()) {
      if (c == '\n') {
        ended = true;
        break;
      }
      if (++length <= max_line_bytes_) line.push_back(static_cast<char>(c));
    }
    if (length == 0 && !ended) return std::nullopt;
    ++number_;
    if (length > max_line_bytes_) {
      return JsonlLine{
          number_,
          InvalidArgument("TOO_LARGE", Place(number_) + ": " + std::to_string(length) +
                                           " bytes, more than " + std::to_string(max_line_bytes_))};
    }
    std::string_view content = line;
    if (number_ == 1 && content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
    if (Trimmed(content).empty()) continue;
    return JsonlLine{number_, ParseLine(content, number_)};
  }
}

absl::StatusOr<JsonlDocument> JsonlReader::ParseLine(std::string_view line, int64_t number) {
  if (const auto offset = FindInvalidUtf8(line)) {
    const std::string at = std::to_string(*offset);
    return InvalidArgument("INVALID_UTF8", Place(number) + ": not valid UTF-8 at byte " + at, {},
                           {{"byte_offset", at}});
  }
  element root;
  const simdjson::error_code error = parser_->json.parse(line.data(), line.size()).get(root);
  if (error != simdjson::SUCCESS) {
    return InvalidArgument("INVALID_JSON",
                           Place(number) + ": not valid JSON: " + simdjson::error_message(error));
  }
  object node;
  if (root.get(node) != simdjson::SUCCESS) {
    return InvalidArgument("INVALID_JSON", Place(number) + ": not a JSON object");
  }
  JsonlDocument document;
  struct Target {
    std::string_view field;
    std::string* value;
  };
  for (const Target& target : {Target{"id", &document.id},
                               {"title", &document.metadata.title},
                               {"outlet", &document.metadata.outlet},
                               {"url", &document.metadata.url},
                               {"published", &document.metadata.published}}) {
    auto value = StringField(node, target.field, number);
    if (!value.ok()) return value.status();
    if (value->has_value()) *target.value = std::move(**value);
  }
  auto authors = Authors(node, number);
  if (!authors.ok()) return authors.status();
  document.metadata.authors = *std::move(authors);
  auto text = StringField(node, "text", number);
  if (!text.ok()) return text.status();
  auto html = StringField(node, "html", number);
  if (!html.ok()) return html.status();
  if (text->has_value() && html->has_value()) {
    return BadField(number, "html", "must not stand beside \"text\"");
  }
  if (!text->has_value() && !html->has_value()) {
    return InvalidArgument("MISSING_FIELD",
                           Place(number) + ": field \"text\" or \"html\" is missing", "text");
  }
  document.format = html->has_value() ? ContentFormat::kHtml : ContentFormat::kPlain;
  document.content = html->has_value() ? std::move(**html) : std::move(**text);
  return document;
}

}  // namespace lagebild::ingest
