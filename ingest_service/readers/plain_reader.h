#ifndef LAGEBILD_INGEST_SERVICE_READERS_PLAIN_READER_H_
#define LAGEBILD_INGEST_SERVICE_READERS_PLAIN_READER_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest_service/readers/read_result.h"

namespace lagebild::ingest {

/// Plain text, kept byte for byte (byte order marks and line ends included).
/// Errors: as ReadContent().
absl::StatusOr<ReadResult> ReadPlain(std::string_view bytes);

/// What every text must be: more than blanks, well-formed UTF-8, no NUL bytes. Errors as above.
absl::Status CheckText(std::string_view text);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_PLAIN_READER_H_
