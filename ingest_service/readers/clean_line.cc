#include "ingest_service/readers/clean_line.h"

#include "common/text/utf8.h"
#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

// Length of an invisible character at the front of the text; 0 when there is none.
size_t InvisibleAt(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  if (lead < 0x20 || lead == 0x7f) return 1;
  if (lead == 0xc2 && rest.size() > 1) {
    const auto next = static_cast<unsigned char>(rest[1]);
    // C1 controls and the soft hyphen.
    if (next < 0xa0 || next == 0xad) return 2;
  }
  if (rest.starts_with("\xE2\x80\x8B") || rest.starts_with("\xEF\xBB\xBF")) return 3;
  return 0;
}

}  // namespace

void AppendCollapsed(std::string_view text, std::string* out) {
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (IsAsciiSpace(c)) {
      if (!out->empty() && out->back() != ' ' && out->back() != '\n') out->push_back(' ');
      ++i;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f) {
      out->push_back(c);
      ++i;
      continue;
    }
    if (const size_t skip = InvisibleAt(text.substr(i)); skip > 0) {
      i += skip;
      continue;
    }
    out->push_back(c);
    ++i;
  }
}

std::string CleanLine(std::string_view text, size_t max_bytes) {
  std::string line;
  AppendCollapsed(Utf8Prefix(text, 4 * max_bytes), &line);
  std::string_view view = line;
  while (true) {
    if (view.starts_with(kNoBreakSpace)) {
      view.remove_prefix(kNoBreakSpace.size());
    } else if (view.ends_with(kNoBreakSpace)) {
      view.remove_suffix(kNoBreakSpace.size());
    } else if (const auto trimmed = Trimmed(view); trimmed.size() != view.size()) {
      view = trimmed;
    } else {
      break;
    }
  }
  return std::string(Trimmed(Utf8Prefix(view, max_bytes)));
}

}  // namespace lagebild::ingest
