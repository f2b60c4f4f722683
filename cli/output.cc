#include "cli/output.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

#include "cli/terminal.h"
#include "google/protobuf/util/json_util.h"

namespace lagebild::cli {
namespace {

constexpr int kColumnGap = 2;
// A word longer than this may be cut to make a table fit.
constexpr int kMaxWordKept = 20;
constexpr int kNarrowestColumn = 10;

void Put(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string CsvCell(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

int LongestWord(std::string_view text) {
  int longest = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    longest = std::max(longest, DisplayWidth(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

}  // namespace

void AddFormatOption(CLI::App& command, OutputFormat& format) {
  static const std::map<std::string, OutputFormat> kFormats = {
      {"table", OutputFormat::kTable}, {"json", OutputFormat::kJson}, {"csv", OutputFormat::kCsv}};
  command.add_option("--format", format, "table (for people), json or csv")
      ->transform(CLI::CheckedTransformer(kFormats, CLI::ignore_case))
      ->default_str("table")
      ->type_name("FORMAT");
}

Table::Table(std::vector<std::string> columns, size_t flexible)
    : columns_(std::move(columns)), flexible_(flexible) {}

void Table::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

void Table::Print(OutputFormat format, const std::string& nothing) const {
  if (format == OutputFormat::kCsv) {
    PrintCsv();
  } else if (rows_.empty()) {
    Put(nothing + "\n");
  } else {
    PrintTable();
  }
}

void Table::PrintCsv() const {
  PrintCsvLine(columns_);
  for (const auto& row : rows_) PrintCsvLine(row);
}

std::vector<int> Table::ColumnWidths() const {
  std::vector<int> widths(columns_.size());
  std::vector<int> least(columns_.size());
  int budget = TerminalWidth();
  int sum = 0;
  for (size_t c = 0; c < columns_.size(); ++c) {
    widths[c] = least[c] = DisplayWidth(columns_[c]);
    for (const auto& row : rows_) {
      widths[c] = std::max(widths[c], DisplayWidth(row[c]));
      least[c] = std::max(least[c], std::min(LongestWord(row[c]), kMaxWordKept));
    }
    sum += widths[c];
    if (c > 0) budget -= kColumnGap;
  }
  least[flexible_] = std::max(least[flexible_], std::min(widths[flexible_], budget * 2 / 5));
  // Words are cut only where wrapping between them is not enough.
  for (const bool cut_words : {false, true}) {
    while (sum > budget) {
      size_t widest = columns_.size();
      for (size_t c = 0; c < columns_.size(); ++c) {
        const int floor = cut_words ? std::min(least[c], kNarrowestColumn) : least[c];
        if (widths[c] > floor && (widest == columns_.size() || widths[c] > widths[widest])) {
          widest = c;
        }
      }
      if (widest == columns_.size()) break;
      --widths[widest];
      --sum;
    }
  }
  return widths;
}

void Table::PrintTable() const {
  const std::vector<int> widths = ColumnWidths();
  const auto print = [&](const std::vector<std::string>& cells) {
    std::vector<std::vector<std::string>> lines(cells.size());
    size_t height = 1;
    for (size_t c = 0; c < cells.size(); ++c) {
      lines[c] = Wrap(cells[c], widths[c]);
      height = std::max(height, lines[c].size());
    }
    for (size_t i = 0; i < height; ++i) {
      std::string out;
      for (size_t c = 0; c < cells.size(); ++c) {
        const std::string& part = i < lines[c].size() ? lines[c][i] : std::string();
        out += part;
        out.append(static_cast<size_t>(std::max(0, widths[c] - DisplayWidth(part)) + kColumnGap),
                   ' ');
      }
      out.erase(out.find_last_not_of(' ') + 1);
      Put(out + "\n");
    }
  };
  print(columns_);
  std::vector<std::string> rule;
  for (const int width : widths) {
    std::string dashes;
    for (int i = 0; i < width; ++i) dashes += "─";
    rule.push_back(dashes);
  }
  print(rule);
  for (const auto& row : rows_) print(row);
  std::fflush(stdout);  // What is said on standard error stands behind it.
}

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  // Our messages hold nothing that JSON cannot carry: no Any, and all strings are UTF-8.
  if (google::protobuf::util::MessageToJsonString(message, &json, options).ok()) Put(json);
}

void PrintJsonLine(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  if (google::protobuf::util::MessageToJsonString(message, &json, options).ok()) Put(json + "\n");
  std::fflush(stdout);
}

void PrintCsvLine(const std::vector<std::string>& cells) {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) out += (i ? "," : "") + CsvCell(cells[i]);
  Put(out + "\r\n");
  std::fflush(stdout);
}

}  // namespace lagebild::cli
