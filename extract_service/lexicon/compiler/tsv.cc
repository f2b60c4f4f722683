#include "extract_service/lexicon/compiler/tsv.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace lagebild::extract {

int TsvFile::Column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path.string()));
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

absl::StatusOr<TsvFile> ReadTsv(const std::filesystem::path& path) {
  const absl::StatusOr<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  TsvFile file;
  size_t number = 0;
  for (const std::string& line : Split(*bytes, '\n')) {
    ++number;
    if (line.empty() || (file.columns.empty() && line[0] == '#')) continue;
    std::vector<std::string> cells = Split(line, '\t');
    if (file.columns.empty()) {
      file.columns = std::move(cells);
      std::vector<std::string> sorted = file.columns;
      std::sort(sorted.begin(), sorted.end());
      if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
        return absl::InvalidArgumentError(
            absl::StrCat(path.string(), ":", number, ": a column is named twice"));
      }
      continue;
    }
    if (cells.size() > file.columns.size()) {
      return absl::InvalidArgumentError(absl::StrCat(path.string(), ":", number, ": ", cells.size(),
                                                     " cells for ", file.columns.size(),
                                                     " columns"));
    }
    cells.resize(file.columns.size());
    file.rows.push_back(std::move(cells));
  }
  if (file.columns.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": no line of column names"));
  }
  return file;
}

}  // namespace lagebild::extract
