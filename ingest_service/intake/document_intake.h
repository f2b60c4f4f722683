#ifndef LAGEBILD_INGEST_SERVICE_INTAKE_DOCUMENT_INTAKE_H_
#define LAGEBILD_INGEST_SERVICE_INTAKE_DOCUMENT_INTAKE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest_service/readers/read_result.h"

namespace lagebild::ingest {

inline constexpr size_t kMaxIdBytes = 256;
inline constexpr size_t kMaxTitleBytes = 2000;
inline constexpr size_t kMaxOutletBytes = 500;
inline constexpr size_t kMaxUrlBytes = 4000;
inline constexpr size_t kMaxAuthors = 100;
inline constexpr size_t kMaxAuthorBytes = 500;

/// A document as a caller hands it in.
struct Submission {
  std::string id;                      ///< Empty = to be made.
  std::string_view content;            ///< Must live until PrepareDocument() returns.
  std::string content_field = "text";  ///< Request field the content stands in, for errors.
  ContentFormat format = ContentFormat::kUnspecified;
  DocumentMetadata metadata;
};

/// A document that may be stored.
struct PreparedDocument {
  std::string id;
  std::string text;
  std::string raw;  ///< Bytes as received where they differ from the text; else empty.
  ContentFormat format = ContentFormat::kPlain;
  DocumentMetadata metadata;
  std::vector<MarkedRegion> marked_regions;
  std::vector<uint32_t> signature;
  /// SHA-256 over format, bytes as received and metadata: two submissions under one id with the
  /// same fingerprint are the same document.
  std::string fingerprint;
};

/// Checks, reads, dates, names and signs a document. Takes time linear in its length; no locks.
///
/// The caller's metadata wins, field by field, over what the markup says; the outlet is the URL's
/// host when neither names one. The id is the caller's, else "url-" and a hash of the caller's URL,
/// else "sha-" and a hash of the bytes. A URL found in the markup names no document: pages that
/// declare a wrong one would replace each other. Errors: INVALID_ARGUMENT with reason and field:
/// EMPTY_TEXT, INVALID_UTF8, NUL_BYTE, TOO_LARGE, INVALID_ID, INVALID_URL, INVALID_DATE.
absl::StatusOr<PreparedDocument> PrepareDocument(const Submission& submission,
                                                 int64_t max_content_bytes);

/// 1 to 256 bytes of printable UTF-8 without "/" and control characters, no blank at either end.
/// Errors: INVALID_ARGUMENT, INVALID_ID.
absl::Status CheckDocumentId(std::string_view id);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_INTAKE_DOCUMENT_INTAKE_H_
