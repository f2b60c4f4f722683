#ifndef LAGEBILD_INGEST_SERVICE_READERS_READ_RESULT_H_
#define LAGEBILD_INGEST_SERVICE_READERS_READ_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/text/span.h"

namespace lagebild::ingest {

/// How the bytes of a document are to be read; as in the contract.
enum class ContentFormat : uint8_t { kUnspecified, kPlain, kHtml };

/// What is declared about a document. Empty = not declared.
struct DocumentMetadata {
  std::string title;
  std::string outlet;
  std::string url;
  std::string published;  ///< ISO 8601 year, month, day or instant.
  std::vector<std::string> authors;

  friend bool operator==(const DocumentMetadata&, const DocumentMetadata&) = default;
};

/// Function of a part of the text that the markup shows.
enum class MarkedRegionKind : uint8_t { kTitle, kHeading, kCaption };

/// A part of the text whose function the reader saw in the markup.
struct MarkedRegion {
  Span span;
  MarkedRegionKind kind = MarkedRegionKind::kTitle;
  std::string rule;  ///< Stable id of what showed it ("html.h1").

  friend bool operator==(const MarkedRegion&, const MarkedRegion&) = default;
};

/// What a reader made of bytes.
struct ReadResult {
  std::string text;                          ///< Well-formed UTF-8 without NUL bytes.
  DocumentMetadata metadata;                 ///< What the bytes declare about themselves.
  std::vector<MarkedRegion> marked_regions;  ///< In text order, not overlapping.
  ContentFormat format = ContentFormat::kPlain;
};

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_READ_RESULT_H_
