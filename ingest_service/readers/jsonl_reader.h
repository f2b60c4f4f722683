#ifndef LAGEBILD_INGEST_SERVICE_READERS_JSONL_READER_H_
#define LAGEBILD_INGEST_SERVICE_READERS_JSONL_READER_H_

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ingest_service/readers/read_result.h"

namespace lagebild::ingest {

/// A document of a JSON Lines file, as declared.
struct JsonlDocument {
  std::string id;  ///< Empty = not declared.
  std::string content;
  ContentFormat format = ContentFormat::kPlain;  ///< kPlain for "text", kHtml for "html".
  DocumentMetadata metadata;
};

/// One line that holds something.
struct JsonlLine {
  int64_t number = 0;  ///< 1-based.
  /// Errors: INVALID_ARGUMENT, INVALID_JSON or INVALID_UTF8 (the line), MISSING_FIELD,
  /// INVALID_FIELD (with its name), TOO_LARGE; messages begin with "line N".
  absl::StatusOr<JsonlDocument> document;
};

/// Reads JSON Lines, a document a line:
/// {"id", "text" or "html", "published", "title", "outlet", "url", "authors"}. Exactly one of text
/// and html; the rest may be left out or null; other fields are ignored. Blank lines are passed
/// over. A bad line gives its error and reading goes on. Not thread-safe.
class JsonlReader {
 public:
  /// `input` must outlive the reader. Lines beyond `max_line_bytes` are passed over with an error
  /// and never held in memory as a whole.
  explicit JsonlReader(std::istream& input, size_t max_line_bytes = size_t{64} << 20);
  ~JsonlReader();
  JsonlReader(const JsonlReader&) = delete;
  JsonlReader& operator=(const JsonlReader&) = delete;

  /// The next line that holds something; nullopt at the end.
  std::optional<JsonlLine> Next();

  /// One line, numbered for its messages.
  absl::StatusOr<JsonlDocument> ParseLine(std::string_view line, int64_t number);

 private:
  struct Parser;

  std::istream& input_;
  const size_t max_line_bytes_;
  int64_t number_ = 0;
  std::unique_ptr<Parser> parser_;
};

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_JSONL_READER_H_
