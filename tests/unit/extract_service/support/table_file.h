#ifndef LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TABLE_FILE_H_
#define LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TABLE_FILE_H_

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace lagebild::extract {

/// Rows of language/de/NAME.tsv as the source tree has it, example columns included, by column
/// name.
inline std::vector<std::map<std::string, std::string>> ReadTableFile(const std::string& name) {
  std::ifstream file(std::string(LAGEBILD_SOURCE_DIR) + "/extract_service/language/de/" + name +
                     ".tsv");
  const auto split = [](const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    return cells;
  };
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> columns;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> cells = split(line);
    if (columns.empty()) {
      columns = cells;
      continue;
    }
    std::map<std::string, std::string>& row = rows.emplace_back();
    for (size_t i = 0; i < cells.size() && i < columns.size(); ++i) row[columns[i]] = cells[i];
  }
  return rows;
}

}  // namespace lagebild::extract

#endif  // LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TABLE_FILE_H_
