#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "common/text/utf8.h"

namespace lagebild::cli {
namespace {

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int CodePointWidth(char32_t c) {
  const auto type = u_charType(static_cast<UChar32>(c));
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
  const int east_asian = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_EAST_ASIAN_WIDTH);
  return east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
}

std::string Duration(double seconds) {
  char out[32];
  const auto s = static_cast<int64_t>(seconds + 0.5);
  if (s >= 3600) {
    std::snprintf(out, sizeof out, "%ld:%02ld:%02ld h", s / 3600, s / 60 % 60, s % 60);
  } else {
    std::snprintf(out, sizeof out, "%ld:%02ld min", s / 60, s % 60);
  }
  return out;
}

}  // namespace

bool UseColor(bool no_color) {
  if (no_color || std::getenv("NO_COLOR") != nullptr) return false;
  return isatty(STDOUT_FILENO) != 0;
}

int TerminalWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 120;
}

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const char32_t c = NextCodePoint(text, &at);
    if (c == '\n' || c == '\t' || c == '\r' || c == 0x2028 || c == 0x2029) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (u_iscntrl(static_cast<UChar32>(c)) || (c >= 0x202a && c <= 0x202e) ||
               (c >= 0x2066 && c <= 0x2069)) {
      out += "\xef\xbf\xbd";
    } else {
      out.append(text.substr(begin, at - begin));
    }
  }
  return out;
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) width += CodePointWidth(NextCodePoint(text, &at));
  return width;
}

std::vector<std::string> Wrap(std::string_view text, int width) {
  width = std::max(width, 8);
  std::vector<std::string> lines;
  std::string line;
  int line_width = 0;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find(' ', at);
    if (end == std::string_view::npos) end = text.size();
    std::string_view word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    int word_width = DisplayWidth(word);
    if (line_width > 0 && line_width + 1 + word_width > width) {
      lines.push_back(std::exchange(line, {}));
      line_width = 0;
    }
    while (word_width > width) {
      size_t cut = 0;
      int cut_width = 0;
      while (cut < word.size()) {
        size_t next = cut;
        const int w = CodePointWidth(NextCodePoint(word, &next));
        if (cut_width + w > width) break;
        cut = next;
        cut_width += w;
      }
      lines.emplace_back(word.substr(0, cut));
      word.remove_prefix(cut);
      word_width -= cut_width;
    }
    if (word.empty()) continue;
    if (line_width > 0) {
      line += ' ';
      ++line_width;
    }
    line.append(word);
    line_width += word_width;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string Shorten(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  size_t at = 0;
  int taken = 0;
  while (at < text.size()) {
    size_t next = at;
    const int w = CodePointWidth(NextCodePoint(text, &next));
    if (taken + w > width - 1) break;
    at = next;
    taken += w;
  }
  return std::string(text.substr(0, at)) + "…";
}

Progress::Progress(std::string unit, int64_t total)
    : unit_(std::move(unit)),
      total_(total),
      started_(Seconds()),
      terminal_(isatty(STDERR_FILENO)) {}

Progress::~Progress() { Finish(); }

void Progress::Update(int64_t done) {
  done_ = done;
  const double now = Seconds();
  if (drawn_ == 0) drawn_ = started_;
  if (now - drawn_ >= (terminal_ ? 0.1 : 10.0)) Draw(now);
}

void Progress::Finish() {
  if (std::exchange(finished_, true)) return;
  if (terminal_) {
    Draw(Seconds());
    std::fputc('\n', stderr);
  }
}

void Progress::Draw(double now) {
  drawn_ = now;
  const double elapsed = std::max(now - started_, 1e-3);
  const double rate = static_cast<double>(done_) / elapsed;
  std::string line = std::to_string(done_);
  if (total_ > 0) {
    const double share = static_cast<double>(done_) / static_cast<double>(total_);
    const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * 24);
    std::string bar;
    for (int i = 0; i < 24; ++i) bar += i < filled ? "█" : "░";
    line = bar + " " + line + "/" + std::to_string(total_);
  }
  char speed[48];
  std::snprintf(speed, sizeof speed, " %s, %.0f/s", unit_.c_str(), rate);
  line += speed;
  if (total_ > done_ && rate > 0) {
    line += ", " + Duration(static_cast<double>(total_ - done_) / rate) + " left";
  } else {
    line += ", " + Duration(elapsed);
  }
  std::fprintf(stderr, terminal_ ? "\r%s\x1b[K" : "%s\n", line.c_str());
  std::fflush(stderr);
}

}  // namespace lagebild::cli
