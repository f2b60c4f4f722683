// The HTML reader on arbitrary bytes: what it gives is well-formed text with well-formed marks, or
// an error with a reason.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/status/error.h"
#include "common/text/utf8.h"
#include "ingest_service/readers/html_reader.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto result = lagebild::ingest::ReadHtml(bytes);
  if (!result.ok()) {
    Require(!lagebild::ReasonOf(result.status()).empty());
    return 0;
  }
  Require(!result->text.empty());
  Require(!lagebild::FindInvalidUtf8(result->text).has_value());
  Require(!lagebild::FindNul(result->text).has_value());
  int32_t before = 0;
  for (const auto& region : result->marked_regions) {
    Require(region.span.begin >= before && region.span.end > region.span.begin);
    Require(static_cast<size_t>(region.span.end) <= result->text.size());
    Require(lagebild::IsCodePointBorder(result->text, static_cast<size_t>(region.span.begin)));
    Require(lagebild::IsCodePointBorder(result->text, static_cast<size_t>(region.span.end)));
    before = region.span.end;
  }
  Require(!lagebild::FindInvalidUtf8(result->metadata.title).has_value());
  Require(!lagebild::FindInvalidUtf8(result->metadata.outlet).has_value());
  return 0;
}
