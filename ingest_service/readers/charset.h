#ifndef LAGEBILD_INGEST_SERVICE_READERS_CHARSET_H_
#define LAGEBILD_INGEST_SERVICE_READERS_CHARSET_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace lagebild::ingest {

/// The bytes of a page as UTF-8 without byte order mark.
///
/// A byte order mark decides (UTF-8, UTF-16); else bytes that are well-formed UTF-8 are UTF-8; else
/// the charset that the first 4 KiB declare in a meta element, where ISO-8859-1 and ASCII mean
/// windows-1252 as browsers have it; else windows-1252. What cannot be decoded becomes U+FFFD.
/// Errors: INVALID_ARGUMENT, INVALID_UTF8 (metadata "byte_offset") when the page says that it is
/// UTF-8 and is not.
absl::StatusOr<std::string> DecodePage(std::string_view bytes);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_CHARSET_H_
