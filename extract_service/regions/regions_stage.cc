#include "extract_service/regions/regions_stage.h"

#include <re2/re2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace lagebild::extract {

struct RegionsStage::Rule {
  // Region::rule is a static string: rules live as long as the stage, stages as long as documents
  // are analysed; the text is kept here at a stable address.
  std::unique_ptr<const std::string> id;
  RegionKind kind;
  std::unique_ptr<const RE2> pattern;
};

namespace {

// A line longer than this is prose and no notice; only its ends are looked at.
constexpr int32_t kMaxNotice = 900;
constexpr int32_t kMaxCaption = 600;
constexpr int32_t kMaxHeadingBytes = 130;
constexpr int kMaxHeadingWords = 15;
constexpr int32_t kMaxTitleBytes = 260;
constexpr int kMaxTitleWords = 32;
constexpr int32_t kSuffixWindow = 200;
constexpr int32_t kPrefixWindow = 400;
constexpr int kMaxInline = 200;

constexpr double kDeclaredConfidence = 1.0;
constexpr double kRuleConfidence = 0.9;
constexpr double kLayoutConfidence = 0.8;

std::optional<RegionKind> KindNamed(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, RegionKind>, 8> kKinds = {{
      {"TITLE", RegionKind::kTitle},
      {"HEADING", RegionKind::kHeading},
      {"BODY", RegionKind::kBody},
      {"DATELINE", RegionKind::kDateline},
      {"CAPTION", RegionKind::kCaption},
      {"BOILERPLATE", RegionKind::kBoilerplate},
      {"SOURCE_LINE", RegionKind::kSourceLine},
      {"CONTINUES", RegionKind::kUnspecified},
  }};
  for (const auto& [text, kind] : kKinds) {
    if (text == name) return kind;
  }
  return std::nullopt;
}

bool IsBlank(char c) { return static_cast<unsigned char>(c) <= ' '; }

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

// Ends in a mark that ends a sentence, closing marks and brackets left out of account.
bool EndsSentence(std::string_view line) {
  static constexpr std::array<std::string_view, 10> kClosing = {"\"", "'", ")", "]", "“",
                                                                "”",  "‘", "’", "«", "»"};
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view mark : kClosing) {
      if (line.size() > mark.size() && line.substr(line.size() - mark.size()) == mark) {
        line.remove_suffix(mark.size());
        cut = true;
      }
    }
  }
  if (line.empty()) return false;
  const char last = line.back();
  return last == '.' || last == '!' || last == '?' || last == ':' || last == ';' ||
         (line.size() >= 3 && line.substr(line.size() - 3) == "…");
}

bool StartsLowerCase(std::string_view line) {
  if (line.empty()) return false;
  UChar32 c;
  int32_t at = 0;
  U8_NEXT(line.data(), at, static_cast<int32_t>(line.size()), c);
  return c > 0 && u_islower(c);
}

// Letters, digits and opening marks can begin a heading; bullets and stray marks cannot.
bool CanStartHeading(std::string_view line) {
  UChar32 c;
  int32_t at = 0;
  U8_NEXT(line.data(), at, static_cast<int32_t>(line.size()), c);
  if (c < 0) return false;
  return u_isupper(c) || (c >= '0' && c <= '9') || c == '"' || c == 0x201E || c == 0xBB ||
         c == 0x201A || c == '\'' || c == 0xBF;
}

int Words(std::string_view line) {
  int words = 0;
  bool inside = false;
  for (const char c : line) {
    if (IsBlank(c)) {
      inside = false;
    } else if (!inside) {
      inside = true;
      ++words;
    }
  }
  return words;
}

struct Line {
  Span span;
  bool after_blank = false;   // A blank line or the text's beginning stands before it.
  bool before_blank = false;  // A blank line or the text's end follows.
};

std::vector<Line> SplitLines(std::string_view text) {
  std::vector<Line> lines;
  bool blank = true;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    size_t first = at;
    size_t last = end;
    // No-break spaces (C2 A0) are blanks too.
    for (;;) {
      if (first < last && IsBlank(text[first])) {
        ++first;
      } else if (first + 1 < last && text[first] == '\xC2' && text[first + 1] == '\xA0') {
        first += 2;
      } else {
        break;
      }
    }
    for (;;) {
      if (last > first && IsBlank(text[last - 1])) {
        --last;
      } else if (last > first + 1 && text[last - 2] == '\xC2' && text[last - 1] == '\xA0') {
        last -= 2;
      } else {
        break;
      }
    }
    if (first == last) {
      blank = true;
      if (!lines.empty()) lines.back().before_blank = true;
    } else {
      lines.push_back({{static_cast<int32_t>(first), static_cast<int32_t>(last)}, blank, false});
      blank = false;
    }
    at = end + 1;
  }
  if (!lines.empty()) lines.back().before_blank = true;
  return lines;
}

}  // namespace

// Reads one document.
class RegionsStage::Reader {
 public:
  Reader(const RegionsStage& stage, const AnnotatedDocument& document)
      : stage_(stage), text_(document.text()), document_(document) {}

  std::vector<Region> Run() {
    TakeDeclared();
    lines_ = SplitLines(text_);
    wrapped_ = IsWrapped();
    size_t declared = 0;
    for (size_t i = 0; i < lines_.size(); ++i) {
      const Span line = lines_[i].span;
      while (declared < declared_.size() && declared_[declared].span.end <= line.begin) {
        Push(declared_[declared++]);
      }
      if (declared < declared_.size() && declared_[declared].span.begin < line.end) {
        AroundDeclared(line, declared);
        before_ = Before::kOther;
        continue;
      }
      ReadLine(i);
    }
    while (declared < declared_.size()) Push(declared_[declared++]);
    return std::move(regions_);
  }

 private:
  // What the line before this one was, as far as it matters to the next.
  enum class Before { kNothing, kFinished, kUnfinished, kOther };

  std::string_view In(Span span) const { return span.In(text_); }

  void TakeDeclared() {
    const auto size = static_cast<int32_t>(text_.size());
    const auto on_border = [&](int32_t at) {
      return at == size ||
             (static_cast<unsigned char>(text_[static_cast<size_t>(at)]) & 0xC0) != 0x80;
    };
    for (const Region& region : document_.declared().regions) {
      const Span span = region.span;
      if (span.begin < 0 || span.empty() || span.end > size || !on_border(span.begin) ||
          !on_border(span.end) || region.kind == RegionKind::kUnspecified) {
        continue;
      }
      declared_.push_back(region);
      declared_.back().rule = "declared";
      declared_.back().confidence = kDeclaredConfidence;
    }
    std::stable_sort(declared_.begin(), declared_.end(),
                     [](const Region& a, const Region& b) { return a.span.begin < b.span.begin; });
    int32_t last = 0;
    std::erase_if(declared_, [&](const Region& region) {
      if (region.span.begin < last) return true;
      last = region.span.end;
      return false;
    });
    has_title_ = std::any_of(declared_.begin(), declared_.end(), [](const Region& region) {
      return region.kind == RegionKind::kTitle;
    });
  }

  // Most lines that another follows at once stop in the middle of a sentence: hard line breaks.
  bool IsWrapped() const {
    int followed = 0;
    int unfinished = 0;
    for (const Line& line : lines_) {
      if (line.before_blank) continue;
      ++followed;
      if (!EndsSentence(In(line.span))) ++unfinished;
    }
    return followed >= 6 && unfinished * 5 > followed * 3;
  }

  void AroundDeclared(Span line, size_t& declared) {
    int32_t at = line.begin;
    while (declared < declared_.size() && declared_[declared].span.begin < line.end) {
      const Region& region = declared_[declared];
      if (region.span.begin > at) {
        Add({at, region.span.begin}, RegionKind::kBody, "gap", kLayoutConfidence);
      }
      at = std::max(at, region.span.end);
      if (region.span.end > line.end) return;  // Goes on in the next line.
      Push(region);
      ++declared;
    }
    if (at < line.end) Add({at, line.end}, RegionKind::kBody, "gap", kLayoutConfidence);
  }

  void ReadLine(size_t number) {
    const Line& line = lines_[number];
    Span rest = line.span;
    const bool goes_on = !line.after_blank && before_ == Before::kUnfinished;
    if (goes_on && !regions_.empty()) {
      // A line break inside a sentence.
      const RegionKind kind = regions_.back().kind == RegionKind::kBoilerplate
                                  ? RegionKind::kBoilerplate
                                  : RegionKind::kBody;
      if (!WholeLine(rest)) Body(rest, kind);
      before_ = EndsSentence(In(line.span)) ? Before::kFinished : Before::kUnfinished;
      return;
    }
    if (WholeLine(rest)) {
      before_ = regions_.back().kind == RegionKind::kBoilerplate && !EndsSentence(In(rest)) &&
                        rest.size() > kMaxHeadingBytes
                    ? Before::kUnfinished
                    : Before::kOther;
      return;
    }
    const bool prefixed = Prefix(rest);
    const std::vector<Region> suffixes = Suffixes(rest);
    if (!rest.empty()) {
      if (IsTitle(number, rest, !suffixes.empty())) {
        Add(rest, RegionKind::kTitle, "first_line", kLayoutConfidence);
        has_title_ = true;
        before_ = Before::kOther;
      } else if (!prefixed && suffixes.empty() && IsHeading(number)) {
        Add(rest, RegionKind::kHeading, "short_line", kLayoutConfidence);
        before_ = Before::kOther;
      } else {
        Body(rest, RegionKind::kBody);
        seen_body_ = true;
        before_ =
            EndsSentence(In(rest)) || !suffixes.empty() ? Before::kFinished : Before::kUnfinished;
      }
    } else {
      before_ = Before::kOther;
    }
    for (auto region = suffixes.rbegin(); region != suffixes.rend(); ++region) Push(*region);
  }

  // A line that is no prose as a whole.
  bool WholeLine(Span line) {
    if (line.size() > kMaxNotice) return false;
    for (const Rule& rule : stage_.line_) {
      if (rule.kind == RegionKind::kCaption && line.size() > kMaxCaption) continue;
      if (!RE2::PartialMatch(Piece(In(line)), *rule.pattern)) continue;
      Add(line, rule.kind, *rule.id, kRuleConfidence);
      return true;
    }
    return false;
  }

  // Takes what the prefix rules find off the line's beginning.
  bool Prefix(Span& line) {
    for (const Rule& rule : stage_.prefix_) {
      const std::string_view head =
          In(line).substr(0, static_cast<size_t>(std::min(line.size(), kPrefixWindow)));
      std::array<re2::StringPiece, 2> groups;
      if (!rule.pattern->Match(Piece(head), 0, head.size(), RE2::ANCHOR_START, groups.data(), 2)) {
        continue;
      }
      const auto size = static_cast<int32_t>(groups[1].size());
      if (size == 0) continue;
      Add({line.begin, line.begin + size}, rule.kind, *rule.id, kRuleConfidence);
      line.begin += size;
      while (line.begin < line.end && IsBlank(text_[static_cast<size_t>(line.begin)])) ++line.begin;
      return true;
    }
    return false;
  }

  // Takes what the suffix rules find off the line's end; last first.
  std::vector<Region> Suffixes(Span& line) const {
    std::vector<Region> found;
    for (bool again = true; again && found.size() < 3 && !line.empty();) {
      again = false;
      for (const Rule& rule : stage_.suffix_) {
        int32_t from = std::max(line.begin, line.end - kSuffixWindow);
        while (from < line.end &&
               (static_cast<unsigned char>(text_[static_cast<size_t>(from)]) & 0xC0) == 0x80) {
          ++from;
        }
        const std::string_view tail = In({from, line.end});
        std::array<re2::StringPiece, 2> groups;
        if (!rule.pattern->Match(Piece(tail), 0, tail.size(), RE2::UNANCHORED, groups.data(), 2) ||
            groups[1].empty()) {
          continue;
        }
        const auto begin = static_cast<int32_t>(groups[1].data() - text_.data());
        const auto size = static_cast<int32_t>(groups[1].size());
        found.push_back({{begin, begin + size}, rule.kind, *rule.id, kRuleConfidence});
        line.end = begin;
        while (line.end > line.begin && IsBlank(text_[static_cast<size_t>(line.end) - 1]))
          --line.end;
        again = true;
        break;
      }
    }
    return found;
  }

  bool IsTitle(size_t number, Span rest, bool has_suffix) const {
    if (has_title_ || seen_body_) return false;
    const std::string_view line = In(rest);
    const std::string& declared = document_.declared().title;
    if (!declared.empty() && line == declared) return true;
    if (rest.size() > kMaxTitleBytes || Words(line) > kMaxTitleWords) return false;
    if (line.back() == '.' || line.back() == ':' || line.back() == ',') return false;
    if (number + 1 >= lines_.size()) return false;  // Nothing that it could be the title of.
    if (has_suffix || lines_[number].before_blank) return true;
    return !wrapped_ && !GoesOn(line) && !StartsLowerCase(In(lines_[number + 1].span));
  }

  bool IsHeading(size_t number) const {
    const Line& line = lines_[number];
    const std::string_view text = In(line.span);
    if (line.span.size() > kMaxHeadingBytes || Words(text) > kMaxHeadingWords) return false;
    const char last = text.back();
    if (last == '.' || last == ':' || last == ',' || last == ';' || last == '-') return false;
    if (text.size() >= 3 && text.substr(text.size() - 3) == "…") return false;
    // "…“ with its stop inside is speech, not a heading.
    if (EndsSentence(text) && last != '?' && last != '!') return false;
    if (!CanStartHeading(text)) return false;
    if (number + 1 >= lines_.size()) return false;
    if (line.after_blank && line.before_blank) return true;
    if (wrapped_ || GoesOn(text)) return false;
    return !StartsLowerCase(In(lines_[number + 1].span));
  }

  // Whether a line ends in a word that needs another after it.
  bool GoesOn(std::string_view line) const {
    return std::any_of(stage_.line_end_.begin(), stage_.line_end_.end(), [&](const Rule& rule) {
      return RE2::PartialMatch(Piece(line), *rule.pattern);
    });
  }

  // Adds prose, with what the inline rules find in it cut out.
  void Body(Span span, RegionKind kind) {
    std::vector<Region> found;
    for (const Rule& rule : stage_.inline_) {
      const std::string_view text = In(span);
      size_t at = 0;
      std::array<re2::StringPiece, 2> groups;
      for (int hits = 0; hits < kMaxInline; ++hits) {
        if (!rule.pattern->Match(Piece(text), at, text.size(), RE2::UNANCHORED, groups.data(), 2) ||
            groups[1].empty()) {
          break;
        }
        const auto begin = static_cast<int32_t>(groups[1].data() - text_.data());
        const auto size = static_cast<int32_t>(groups[1].size());
        found.push_back({{begin, begin + size}, rule.kind, *rule.id, kRuleConfidence});
        at = static_cast<size_t>(begin + size - span.begin);
      }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Region& a, const Region& b) { return a.span.begin < b.span.begin; });
    int32_t at = span.begin;
    for (const Region& region : found) {
      if (region.span.begin < at) continue;
      AddTrimmed({at, region.span.begin}, kind);
      Push(region);
      at = region.span.end;
    }
    AddTrimmed({at, span.end}, kind);
  }

  void AddTrimmed(Span span, RegionKind kind) {
    while (span.begin < span.end && IsBlank(text_[static_cast<size_t>(span.begin)])) ++span.begin;
    while (span.end > span.begin && IsBlank(text_[static_cast<size_t>(span.end) - 1])) --span.end;
    if (!span.empty()) Add(span, kind, "prose", kLayoutConfidence);
  }

  void Add(Span span, RegionKind kind, std::string_view rule, double confidence) {
    Push({span, kind, rule, confidence});
  }

  void Push(const Region& region) {
    if (!regions_.empty()) {
      Region& last = regions_.back();
      const bool joins =
          region.kind == RegionKind::kBody || region.kind == RegionKind::kBoilerplate;
      if (joins && last.kind == region.kind && last.rule != "declared" &&
          region.rule != "declared" &&
          (last.rule == region.rule || region.kind == RegionKind::kBoilerplate)) {
        last.span.end = region.span.end;
        return;
      }
    }
    regions_.push_back(region);
  }

  const RegionsStage& stage_;
  const std::string_view text_;
  const AnnotatedDocument& document_;
  std::vector<Region> declared_;
  std::vector<Line> lines_;
  std::vector<Region> regions_;
  Before before_ = Before::kNothing;
  bool has_title_ = false;
  bool seen_body_ = false;
  bool wrapped_ = false;
};

RegionsStage::RegionsStage() = default;
RegionsStage::~RegionsStage() = default;

absl::StatusOr<std::unique_ptr<const RegionsStage>> RegionsStage::Create(const Lexicon& lexicon) {
  const LexiconTable& table = lexicon.Table("regions");
  std::vector<RegionRule> rules;
  for (size_t row = 0; row < table.size(); ++row) {
    rules.push_back({std::string(table.Cell(row, "id")), std::string(table.Cell(row, "scope")),
                     std::string(table.Cell(row, "pattern")),
                     std::string(table.Cell(row, "kind"))});
  }
  return Create(rules);
}

absl::StatusOr<std::unique_ptr<const RegionsStage>> RegionsStage::Create(
    const std::vector<RegionRule>& rules) {
  std::unique_ptr<RegionsStage> stage(new RegionsStage());
  for (const RegionRule& row : rules) {
    const auto kind = KindNamed(row.kind);
    Rule rule{std::make_unique<const std::string>(row.id), kind.value_or(RegionKind::kUnspecified),
              std::make_unique<const RE2>(row.pattern, RE2::Quiet)};
    const bool takes_group =
        row.scope == "prefix" || row.scope == "suffix" || row.scope == "inline";
    if (!kind.has_value() || !rule.pattern->ok() ||
        (takes_group && rule.pattern->NumberOfCapturingGroups() != 1)) {
      return absl::InvalidArgumentError(
          absl::StrCat("regions: rule \"", row.id, "\" is malformed: ", rule.pattern->error()));
    }
    if (row.scope == "prefix") {
      stage->prefix_.push_back(std::move(rule));
    } else if (row.scope == "suffix") {
      stage->suffix_.push_back(std::move(rule));
    } else if (row.scope == "line") {
      stage->line_.push_back(std::move(rule));
    } else if (row.scope == "inline") {
      stage->inline_.push_back(std::move(rule));
    } else if (row.scope == "line_end") {
      stage->line_end_.push_back(std::move(rule));
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("regions: rule \"", row.id, "\" has the unknown scope \"", row.scope, "\""));
    }
  }
  return std::unique_ptr<const RegionsStage>(std::move(stage));
}

void RegionsStage::Annotate(AnnotatedDocument& document) const {
  document.regions = Reader(*this, document).Run();
}

}  // namespace lagebild::extract
