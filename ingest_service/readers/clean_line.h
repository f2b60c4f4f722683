#ifndef LAGEBILD_INGEST_SERVICE_READERS_CLEAN_LINE_H_
#define LAGEBILD_INGEST_SERVICE_READERS_CLEAN_LINE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace lagebild::ingest {

/// Longest value taken from markup for a line of metadata, in bytes.
inline constexpr size_t kMaxMetadataLine = 2000;

/// Appends text of a page as a reader shows it: runs of blanks as one space (no-break spaces stay),
/// without control characters, soft hyphens, zero-width spaces and byte order marks. No blank at
/// the beginning of `out` or behind a line end. U+2028 and U+2029 are not touched. `text` is UTF-8.
void AppendCollapsed(std::string_view text, std::string* out);

/// A line of metadata: collapsed, trimmed at both ends, cut to `max_bytes` on a code-point border.
std::string CleanLine(std::string_view text, size_t max_bytes);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_CLEAN_LINE_H_
