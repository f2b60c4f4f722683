#include "ingest_service/readers/plain_reader.h"

#include <algorithm>
#include <string>

#include "common/status/error.h"
#include "common/text/utf8.h"
#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {

absl::Status CheckText(std::string_view text) {
  if (const auto offset = FindInvalidUtf8(text)) {
    const std::string at = std::to_string(*offset);
    return InvalidArgument("INVALID_UTF8", "the content is not valid UTF-8 at byte " + at, {},
                           {{"byte_offset", at}});
  }
  if (const auto offset = FindNul(text)) {
    const std::string at = std::to_string(*offset);
    return InvalidArgument("NUL_BYTE", "the content has a NUL byte at byte " + at, {},
                           {{"byte_offset", at}});
  }
  const std::string_view marked = text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
  if (std::all_of(marked.begin(), marked.end(), IsAsciiSpace)) {
    return InvalidArgument("EMPTY_TEXT", "the content has no text");
  }
  return absl::OkStatus();
}

absl::StatusOr<ReadResult> ReadPlain(std::string_view bytes) {
  if (absl::Status status = CheckText(bytes); !status.ok()) return status;
  ReadResult result;
  result.text = std::string(bytes);
  result.format = ContentFormat::kPlain;
  return result;
}

}  // namespace lagebild::ingest
