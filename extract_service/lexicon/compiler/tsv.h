#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_TSV_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_TSV_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace lagebild::extract {

/// A tab-separated file: comment lines ("# ...") first, then a line of column names, then rows.
struct TsvFile {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>>
      rows;  ///< Each as long as columns; missing cells are empty.

  /// Index of a column; -1 when there is none.
  int Column(std::string_view name) const;
};

/// Splits at every occurrence of a separator; an empty text is one empty part.
std::vector<std::string> Split(std::string_view text, char separator);

/// The whole file. Errors: NOT_FOUND.
absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path);

/// Errors: NOT_FOUND, INVALID_ARGUMENT with file and line (no header, a column named twice, a row
/// with more cells than columns).
absl::StatusOr<TsvFile> ReadTsv(const std::filesystem::path& path);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_TSV_H_
