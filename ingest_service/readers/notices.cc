#include "ingest_service/readers/notices.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {
namespace {

constexpr size_t kLongestOpening = 300;
constexpr size_t kLongestPhrase = 600;

struct NoticeTable {
  absl::flat_hash_map<std::string, ClassVerdict> classes;
  absl::flat_hash_set<std::string> exact;
  std::vector<std::string> openings;
  std::vector<std::string> phrases;
};

const NoticeTable& Table() {
  static const auto* const kTable = [] {
    auto* table = new NoticeTable();
    for (Notice& notice : ParseNotices(kNoticesTable)) {
      if (notice.kind == "class") {
        table->classes[notice.pattern] = ClassVerdict::kNotice;
      } else if (notice.kind == "box") {
        table->classes[notice.pattern] = ClassVerdict::kBox;
      } else if (notice.kind == "exact") {
        table->exact.insert(std::move(notice.pattern));
      } else if (notice.kind == "opening") {
        table->openings.push_back(std::move(notice.pattern));
      } else if (notice.kind == "phrase") {
        table->phrases.push_back(std::move(notice.pattern));
      }
    }
    return table;
  }();
  return *kTable;
}

std::string Folded(std::string_view text) {
  std::string folded;
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
      .toLower()
      .toUTF8String(folded);
  return folded;
}

bool HasQuotationMark(std::string_view text) {
  for (const std::string_view mark : {"„", "“", "”", "»", "«", "\""}) {
    if (text.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::vector<Notice> ParseNotices(std::string_view table) {
  std::vector<Notice> notices;
  while (!table.empty()) {
    const size_t end = std::min(table.find('\n'), table.size());
    const std::string_view line = table.substr(0, end);
    table.remove_prefix(std::min(end + 1, table.size()));
    if (line.empty() || line.front() == '#') continue;
    const size_t first = line.find('\t');
    const size_t second = line.find('\t', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    notices.push_back({std::string(line.substr(0, first)),
                       std::string(line.substr(first + 1, second - first - 1)),
                       std::string(line.substr(second + 1))});
  }
  return notices;
}

ClassVerdict JudgeClass(std::string_view class_or_id) {
  const auto& classes = Table().classes;
  ClassVerdict verdict = ClassVerdict::kNothing;
  std::string word;
  const auto end_word = [&] {
    const auto found = classes.find(word);
    if (found != classes.end()) verdict = std::max(verdict, found->second);
    word.clear();
  };
  bool after_lower = false;
  for (const char c : class_or_id) {
    if (!IsAsciiAlpha(c) && !IsAsciiDigit(c)) {
      end_word();
      after_lower = false;
      continue;
    }
    if (IsAsciiUpper(c) && after_lower) end_word();
    after_lower = !IsAsciiUpper(c);
    word.push_back(AsciiLower(c));
  }
  end_word();
  return verdict;
}

bool IsNoticeText(std::string_view block) {
  if (block.size() > kLongestPhrase) return false;
  const NoticeTable& table = Table();
  const std::string folded = Folded(block);
  if (table.exact.contains(folded)) return true;
  if (block.size() <= kLongestOpening) {
    for (const std::string& opening : table.openings) {
      if (folded.starts_with(opening)) return true;
    }
  }
  if (HasQuotationMark(block)) return false;
  for (const std::string& phrase : table.phrases) {
    if (folded.find(phrase) != std::string::npos) return true;
  }
  return false;
}

}  // namespace lagebild::ingest
