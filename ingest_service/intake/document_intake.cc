#include "ingest_service/intake/document_intake.h"

#include <unicode/uchar.h>

#include <optional>
#include <utility>

#include "common/status/error.h"
#include "common/text/utf8.h"
#include "common/time/iso8601.h"
#include "ingest_service/intake/sha256.h"
#include "ingest_service/intake/signature.h"
#include "ingest_service/intake/url.h"
#include "ingest_service/readers/ascii.h"
#include "ingest_service/readers/clean_line.h"
#include "ingest_service/readers/content_reader.h"

namespace lagebild::ingest {
namespace {

// Digits of a hash in an id: 128 bits.
constexpr size_t kIdHashDigits = 32;

absl::Status WithField(const absl::Status& status, std::string_view field) {
  ErrorDetail detail = DetailOf(status);
  return MakeError(status.code(), detail.reason,
                   std::string(status.message().data(), status.message().size()), field,
                   std::move(detail.metadata));
}

absl::Status TooLarge(std::string_view field, size_t size, size_t limit) {
  return InvalidArgument(
      "TOO_LARGE",
      std::string(field) + " has " + std::to_string(size) + " bytes, more than the limit of " +
          std::to_string(limit),
      field, {{"limit_bytes", std::to_string(limit)}, {"size_bytes", std::to_string(size)}});
}

absl::Status CheckLine(std::string_view value, std::string_view field, size_t limit) {
  if (value.size() > limit) return TooLarge(field, value.size(), limit);
  if (const auto offset = FindInvalidUtf8(value)) {
    const std::string at = std::to_string(*offset);
    return InvalidArgument("INVALID_UTF8", std::string(field) + " is not valid UTF-8 at byte " + at,
                           field, {{"byte_offset", at}});
  }
  if (const auto offset = FindNul(value)) {
    const std::string at = std::to_string(*offset);
    return InvalidArgument("NUL_BYTE", std::string(field) + " has a NUL byte at byte " + at, field,
                           {{"byte_offset", at}});
  }
  return absl::OkStatus();
}

absl::Status CheckMetadata(const DocumentMetadata& metadata) {
  if (auto status = CheckLine(metadata.title, "metadata.title", kMaxTitleBytes); !status.ok()) {
    return status;
  }
  if (auto status = CheckLine(metadata.outlet, "metadata.outlet", kMaxOutletBytes); !status.ok()) {
    return status;
  }
  if (auto status = CheckLine(metadata.url, "metadata.url", kMaxUrlBytes); !status.ok()) {
    return status;
  }
  if (!metadata.url.empty() && !ParseWebUrl(metadata.url).has_value()) {
    return InvalidArgument("INVALID_URL", "metadata.url is not an absolute http or https address",
                           "metadata.url");
  }
  if (!metadata.published.empty() && !ParseIsoTime(metadata.published).ok()) {
    return InvalidArgument("INVALID_DATE",
                           "metadata.published is not an ISO 8601 year, month, day or instant "
                           "(2024-10-21, 2024-10-21T17:46:00+02:00)",
                           "metadata.published");
  }
  if (metadata.authors.size() > kMaxAuthors) {
    return InvalidArgument(
        "TOO_LARGE", "metadata.authors has more than " + std::to_string(kMaxAuthors) + " entries",
        "metadata.authors");
  }
  for (const std::string& author : metadata.authors) {
    if (auto status = CheckLine(author, "metadata.authors", kMaxAuthorBytes); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

// The caller's word where there is one, else the markup's where it can be used.
DocumentMetadata Merge(const DocumentMetadata& declared, DocumentMetadata found) {
  DocumentMetadata merged = declared;
  if (merged.title.empty()) merged.title = CleanLine(found.title, kMaxTitleBytes);
  if (merged.outlet.empty()) merged.outlet = CleanLine(found.outlet, kMaxOutletBytes);
  if (merged.published.empty()) merged.published = std::move(found.published);
  if (merged.url.empty() && found.url.size() <= kMaxUrlBytes && ParseWebUrl(found.url)) {
    merged.url = std::move(found.url);
  }
  if (merged.authors.empty()) {
    for (const std::string& author : found.authors) {
      if (merged.authors.size() == kMaxAuthors) break;
      merged.authors.push_back(CleanLine(author, kMaxAuthorBytes));
    }
  }
  if (merged.outlet.empty()) {
    if (const auto url = ParseWebUrl(merged.url)) merged.outlet = OutletOfHost(*url);
  }
  return merged;
}

std::string HashId(std::string_view prefix, std::string_view bytes) {
  Sha256 hash;
  hash.Add(bytes);
  return std::string(prefix) + Hex(hash.Finish()).substr(0, kIdHashDigits);
}

std::string Fingerprint(const PreparedDocument& document, std::string_view content) {
  Sha256 hash;
  hash.AddField(document.format == ContentFormat::kHtml ? "html" : "plain");
  hash.AddField(document.metadata.title);
  hash.AddField(document.metadata.outlet);
  hash.AddField(document.metadata.url);
  hash.AddField(document.metadata.published);
  for (const std::string& author : document.metadata.authors) hash.AddField(author);
  hash.AddField(content);
  return hash.Finish();
}

}  // namespace

absl::Status CheckDocumentId(std::string_view id) {
  const auto invalid = [](std::string_view why) {
    return InvalidArgument("INVALID_ID", "document_id " + std::string(why), "document_id");
  };
  if (id.empty()) return invalid("is empty");
  if (id.size() > kMaxIdBytes) return invalid("has more than 256 bytes");
  if (FindInvalidUtf8(id).has_value()) return invalid("is not valid UTF-8");
  if (id.front() == ' ' || id.back() == ' ') return invalid("begins or ends with a blank");
  for (size_t i = 0; i < id.size();) {
    const char32_t c = NextCodePoint(id, &i);
    if (c == '/') return invalid("contains \"/\"");
    if (u_isprint(static_cast<UChar32>(c)) == 0) {
      return invalid("contains a character that is not printable");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<PreparedDocument> PrepareDocument(const Submission& submission,
                                                 int64_t max_content_bytes) {
  if (!submission.id.empty()) {
    if (auto status = CheckDocumentId(submission.id); !status.ok()) return status;
  }
  if (auto status = CheckMetadata(submission.metadata); !status.ok()) return status;
  if (submission.content.size() > static_cast<uint64_t>(max_content_bytes)) {
    return TooLarge(submission.content_field, submission.content.size(),
                    static_cast<size_t>(max_content_bytes));
  }
  absl::StatusOr<ReadResult> read = ReadContent(submission.content, submission.format);
  if (!read.ok()) return WithField(read.status(), submission.content_field);

  PreparedDocument document;
  document.text = std::move(read->text);
  document.format = read->format;
  document.metadata = Merge(submission.metadata, std::move(read->metadata));
  document.marked_regions = std::move(read->marked_regions);
  document.signature = MinHashSignature(document.text);
  document.fingerprint = Fingerprint(document, submission.content);
  if (document.text != submission.content) document.raw = std::string(submission.content);
  if (!submission.id.empty()) {
    document.id = submission.id;
  } else if (const auto url = ParseWebUrl(submission.metadata.url)) {
    document.id = HashId("url-", NormalizedUrl(*url));
  } else {
    document.id = HashId("sha-", submission.content);
  }
  return document;
}

}  // namespace lagebild::ingest
