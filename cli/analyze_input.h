#ifndef LAGEBILD_CLI_ANALYZE_INPUT_H_
#define LAGEBILD_CLI_ANALYZE_INPUT_H_

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::cli {

/// A document as the analysis takes it.
struct AnalyzeInput {
  std::string text;
  extract::DeclaredMetadata declared;
};

/// Whether the analysis can take it: some text, UTF-8, no NUL, under 2 GiB, `published` a date.
/// Errors: INVALID_ARGUMENT that names the field and, for bytes, the offset.
absl::Status CheckInput(const AnalyzeInput& input);

/// Reads a file's bytes as one document: a page is read as ingest_service reads it (its text, what
/// its markup declares where the caller has not), anything else is the text.
/// Errors: INVALID_ARGUMENT as of CheckInput(), or what a page lacks.
absl::StatusOr<AnalyzeInput> ReadFileInput(std::string bytes, extract::DeclaredMetadata declared);

/// Reads documents from JSON Lines: {"id", "text"} and, where known, "published", "title",
/// "outlet", "url"; other fields are passed over. Lines of blanks are skipped.
///
/// Not thread-safe. The stream must outlive the reader.
class JsonLinesReader {
 public:
  explicit JsonLinesReader(std::istream& stream);
  ~JsonLinesReader();

  /// Moves to the next line that is not blank; false at the end.
  bool Next();

  /// The document on the current line.
  /// Errors: INVALID_ARGUMENT that begins with "line N:" and names the field; the reader can go on
  /// with the next line.
  absl::StatusOr<AnalyzeInput> Read();

  /// 1-based number of the current line.
  int64_t line_number() const { return line_number_; }

 private:
  class Parser;

  absl::StatusOr<AnalyzeInput> ReadLine();

  std::istream& stream_;
  std::string line_;
  int64_t line_number_ = 0;
  std::unordered_map<std::string, int64_t> ids_;  // Id -> line it was first seen on.
  std::unique_ptr<Parser> parser_;
};

/// Name of the file an analysis of the document is written to: the id where it is plain ("000" ->
/// "000.json"), ASCII other than letters, digits, '-', '_' and inner '.' percent-encoded, and ids
/// too long for a file system cut and ended by their hash. Different ids give different names.
std::string OutputFileName(std::string_view id);

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_ANALYZE_INPUT_H_
