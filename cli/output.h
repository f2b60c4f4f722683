#ifndef LAGEBILD_CLI_OUTPUT_H_
#define LAGEBILD_CLI_OUTPUT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "cli/globals.h"
#include "google/protobuf/message.h"

namespace CLI {
class App;
}

namespace lagebild::cli {

/// Adds --format table|json|csv to a command.
void AddFormatOption(CLI::App& command, OutputFormat& format);

/// Rows under named columns, printed as a table for people or as CSV (RFC 4180).
///
/// On a table, columns are as wide as their longest cell. Where the terminal is too narrow for
/// that, the widest give way and are wrapped; the one named by `flexible` keeps two fifths of the
/// line. Cells are made printable first (see Printable()).
class Table {
 public:
  Table(std::vector<std::string> columns, size_t flexible);

  /// REQUIRES: as many cells as columns.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  /// Prints to standard output. `nothing` is said where there are no rows (table only).
  void Print(OutputFormat format, const std::string& nothing) const;

 private:
  void PrintCsv() const;
  void PrintTable() const;
  std::vector<int> ColumnWidths() const;

  std::vector<std::string> columns_;
  size_t flexible_;
  std::vector<std::vector<std::string>> rows_;
};

/// Prints a message as indented proto3 JSON with every field name in lowerCamelCase.
void PrintJson(const google::protobuf::Message& message);

/// Prints a message as JSON on one line, and flushes.
void PrintJsonLine(const google::protobuf::Message& message);

/// Prints one line of CSV (RFC 4180), and flushes.
void PrintCsvLine(const std::vector<std::string>& cells);

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_OUTPUT_H_
