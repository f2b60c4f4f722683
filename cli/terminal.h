#ifndef LAGEBILD_CLI_TERMINAL_H_
#define LAGEBILD_CLI_TERMINAL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lagebild::cli {

/// Whether standard output is a terminal and colours are wanted (NO_COLOR and --no-color switch
/// them off).
bool UseColor(bool no_color);

/// Width of the terminal in columns; 120 when standard output is none.
int TerminalWidth();

/// Text that may be printed: control characters (escape sequences in hostile articles) become
/// U+FFFD, line breaks and tabs a blank.
std::string Printable(std::string_view text);

/// Columns a text takes: East Asian wide characters count two, combining marks none.
int DisplayWidth(std::string_view text);

/// The text broken at blanks into lines of at most `width` columns; longer words are cut.
std::vector<std::string> Wrap(std::string_view text, int width);

/// The text cut to `width` columns, the last one an ellipsis where something was cut.
std::string Shorten(std::string_view text, int width);

/// Shows progress on standard error: a bar, rate and time left on a terminal, a line every ten
/// seconds elsewhere.
class Progress {
 public:
  /// `total` 0 = unknown. `unit` is a plural noun ("documents").
  Progress(std::string unit, int64_t total);
  ~Progress();

  /// `done` items are through. Cheap; draws at most ten times a second.
  void Update(int64_t done);
  /// Draws the last state and ends the line.
  void Finish();

 private:
  void Draw(double now);

  std::string unit_;
  int64_t total_;
  int64_t done_ = 0;
  double started_;
  double drawn_ = 0;
  bool terminal_;
  bool finished_ = false;
};

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_TERMINAL_H_
