#ifndef LAGEBILD_INGEST_SERVICE_READERS_CONTENT_READER_H_
#define LAGEBILD_INGEST_SERVICE_READERS_CONTENT_READER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "ingest_service/readers/read_result.h"

namespace lagebild::ingest {

/// The format that bytes are in: HTML when they open (behind blanks, a byte order mark, comments
/// and an XML declaration) with a doctype or a tag of a page ("<html", "<head", "<body",
/// "<article",
/// "<div", "<p"...), else plain text.
ContentFormat DetectFormat(std::string_view bytes);

/// Reads bytes in a format; kUnspecified is told from the bytes. Linear in their length.
/// Errors: INVALID_ARGUMENT with reasons EMPTY_TEXT (nothing but blanks, or a page without text),
/// INVALID_UTF8 (metadata "byte_offset"), NUL_BYTE (metadata "byte_offset"); without a field, which
/// the caller knows.
absl::StatusOr<ReadResult> ReadContent(std::string_view bytes, ContentFormat format);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_CONTENT_READER_H_
