// The plain reader, the telling of formats and the signature on arbitrary bytes: text stays as it
// is.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/text/utf8.h"
#include "ingest_service/intake/document_intake.h"
#include "ingest_service/intake/signature.h"
#include "ingest_service/intake/url.h"
#include "ingest_service/readers/content_reader.h"
#include "ingest_service/readers/declared_date.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lagebild::ingest;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto plain = ReadContent(bytes, ContentFormat::kPlain);
  if (plain.ok() && plain->text != bytes) std::abort();
  const auto told = ReadContent(bytes, ContentFormat::kUnspecified);
  if (told.ok() && lagebild::FindInvalidUtf8(told->text).has_value()) std::abort();
  if (plain.ok()) {
    const auto signature = MinHashSignature(plain->text);
    if (!signature.empty() && signature.size() != kSignatureValues) std::abort();
  }
  if (const auto url = ParseWebUrl(bytes)) {
    const auto again = ParseWebUrl(NormalizedUrl(*url));
    if (!again.has_value() || NormalizedUrl(*again) != NormalizedUrl(*url)) std::abort();
  }
  (void)CheckDocumentId(bytes);
  (void)NormalizeDeclaredDate(bytes);
  return 0;
}
