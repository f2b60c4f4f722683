#include "ingest_service/readers/content_reader.h"

#include <array>
#include <cstddef>
#include <string>

#include "ingest_service/readers/ascii.h"
#include "ingest_service/readers/html_reader.h"
#include "ingest_service/readers/plain_reader.h"

namespace lagebild::ingest {
namespace {

// Tags that open a page or a piece of one. A plain text that begins with anything else in angle
// brackets ("<3", "<Name>") stays plain.
constexpr std::array<std::string_view, 23> kPageTags = {
    "html",    "head", "body",    "title",  "meta", "link",   "script",  "style",
    "article", "main", "section", "header", "nav",  "div",    "span",    "p",
    "h1",      "h2",   "h3",      "table",  "ul",   "figure", "noscript"};

bool IsUtf16Mark(std::string_view bytes) {
  return bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE");
}

}  // namespace

ContentFormat DetectFormat(std::string_view bytes) {
  std::string_view rest = bytes;
  std::string utf16_head;
  if (IsUtf16Mark(rest)) {
    // UTF-16 is read for pages only; their opening is ASCII with NUL bytes between.
    for (const char byte : rest.substr(2, 4096)) {
      if (byte != '\0') utf16_head.push_back(byte);
    }
    rest = utf16_head;
  } else if (rest.starts_with("\xEF\xBB\xBF")) {
    rest.remove_prefix(3);
  }
  while (true) {
    while (!rest.empty() && IsAsciiSpace(rest.front())) rest.remove_prefix(1);
    std::string_view closing;
    if (rest.starts_with("<!--")) {
      closing = "-->";
    } else if (rest.starts_with("<?xml")) {
      closing = "?>";
    } else {
      break;
    }
    const size_t end = rest.find(closing);
    if (end == std::string_view::npos) return ContentFormat::kPlain;
    rest.remove_prefix(end + closing.size());
  }
  if (!rest.starts_with('<')) return ContentFormat::kPlain;
  rest.remove_prefix(1);
  if (StartsWithIgnoringCase(rest, "!doctype html")) return ContentFormat::kHtml;
  for (const std::string_view tag : kPageTags) {
    if (!StartsWithIgnoringCase(rest, tag)) continue;
    if (rest.size() == tag.size()) return ContentFormat::kPlain;
    const char next = rest[tag.size()];
    if (next == '>' || next == '/' || IsAsciiSpace(next)) return ContentFormat::kHtml;
  }
  return ContentFormat::kPlain;
}

absl::StatusOr<ReadResult> ReadContent(std::string_view bytes, ContentFormat format) {
  if (format == ContentFormat::kUnspecified) format = DetectFormat(bytes);
  return format == ContentFormat::kHtml ? ReadHtml(bytes) : ReadPlain(bytes);
}

}  // namespace lagebild::ingest
