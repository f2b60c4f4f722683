#ifndef LAGEBILD_INGEST_SERVICE_READERS_HTML_READER_H_
#define LAGEBILD_INGEST_SERVICE_READERS_HTML_READER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "ingest_service/readers/read_result.h"

namespace lagebild::ingest {

/// Reads the article of a page.
///
/// The text is the article's headline, headings, paragraphs, lists, tables and captions in page
/// order, blocks separated by a blank line (items and rows by a line end); navigation, consent
/// notices, share hints, forms, footers and scripts are left out. The title, headings and captions
/// are marked. Metadata comes from JSON-LD, meta elements, microdata, <time> and <h1>, in this
/// order; values that cannot be read are left out. A page in which no article can be told gives all
/// its text. Time and memory are linear in the page's length, whatever its markup. Errors: as
/// ReadContent().
absl::StatusOr<ReadResult> ReadHtml(std::string_view bytes);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_HTML_READER_H_
