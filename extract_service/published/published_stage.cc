#include "extract_service/published/published_stage.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "extract_service/times/calendar.h"

namespace lagebild::extract {

struct PublishedStage::Rule {
  // Publication::rule points here; the stage outlives the documents it annotates.
  std::unique_ptr<const std::string> id;
  std::unique_ptr<const RE2> pattern;
  std::optional<RegionKind> region;  // nullopt: the text's head.
  bool from = false;
  double confidence = 0;
  // Numbers of the pattern's groups, 0 = none.
  int evidence = 0;
  int year = 0;
  int month = 0;
  int name = 0;
  int day = 0;
};

namespace {

constexpr size_t kHeadBytes = 2000;
constexpr int kMaxGroups = 8;
constexpr int kMaxCandidates = 1000;
constexpr double kDeclaredConfidence = 1.0;
constexpr std::string_view kDeclaredRule = "declared";

std::optional<RegionKind> KindNamed(std::string_view name) {
  if (name == "DATELINE") return RegionKind::kDateline;
  if (name == "SOURCE_LINE") return RegionKind::kSourceLine;
  if (name == "CAPTION") return RegionKind::kCaption;
  if (name == "TITLE") return RegionKind::kTitle;
  if (name == "BODY") return RegionKind::kBody;
  return std::nullopt;
}

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The TIMEX3 value of an ISO day, instant, month or year; empty when it is none.
std::string DeclaredValue(std::string_view declared) {
  if (ParseIsoDay(declared).has_value()) {
    const bool ends = declared.size() == 10 || declared[10] == 'T' || declared[10] == ' ';
    return ends ? std::string(declared.substr(0, 10)) : "";
  }
  if (declared.size() == 7 && declared[4] == '-' && AllDigits(declared.substr(0, 4)) &&
      AllDigits(declared.substr(5))) {
    return std::string(declared);
  }
  if (declared.size() == 4 && AllDigits(declared)) return std::string(declared);
  return "";
}

int GroupNumber(const RE2& pattern, const std::string& name) {
  const auto& groups = pattern.NamedCapturingGroups();
  const auto found = groups.find(name);
  return found == groups.end() ? 0 : found->second;
}

int ToInt(const re2::StringPiece& text) { return std::atoi(std::string(text).c_str()); }

}  // namespace

PublishedStage::PublishedStage() = default;
PublishedStage::~PublishedStage() = default;

absl::StatusOr<std::unique_ptr<const PublishedStage>> PublishedStage::Create(
    const Lexicon& lexicon) {
  const LexiconTable& table = lexicon.Table("published");
  std::vector<PublishedRule> rules;
  for (size_t row = 0; row < table.size(); ++row) {
    rules.push_back({std::string(table.Cell(row, "id")), std::string(table.Cell(row, "region")),
                     std::string(table.Cell(row, "pattern")), std::string(table.Cell(row, "bound")),
                     std::string(table.Cell(row, "confidence"))});
  }
  absl::flat_hash_map<std::string, int> months;
  const LexiconTable& words = lexicon.Table("time_words");
  for (size_t row = 0; row < words.size(); ++row) {
    if (words.Cell(row, "class") != "MONTH") continue;
    const std::string forms(words.Cell(row, "forms"));
    for (const absl::string_view form : absl::StrSplit(forms, ' ', absl::SkipEmpty())) {
      months[std::string(form)] = std::atoi(std::string(words.Cell(row, "value")).c_str());
    }
  }
  return Create(rules, std::move(months));
}

absl::StatusOr<std::unique_ptr<const PublishedStage>> PublishedStage::Create(
    const std::vector<PublishedRule>& rules, absl::flat_hash_map<std::string, int> months) {
  std::unique_ptr<PublishedStage> stage(new PublishedStage());
  stage->months_ = std::move(months);
  for (const PublishedRule& row : rules) {
    Rule rule;
    rule.id = std::make_unique<const std::string>(row.id);
    rule.pattern = std::make_unique<const RE2>(row.pattern, RE2::Quiet);
    rule.region = KindNamed(row.region);
    rule.from = row.bound == "FROM";
    rule.evidence = GroupNumber(*rule.pattern, "evidence");
    rule.year = GroupNumber(*rule.pattern, "year");
    rule.month = GroupNumber(*rule.pattern, "month");
    rule.name = GroupNumber(*rule.pattern, "name");
    rule.day = GroupNumber(*rule.pattern, "day");
    if (!rule.pattern->ok() || (!rule.region.has_value() && row.region != "ANY") ||
        (row.bound != "DAY" && row.bound != "FROM") || rule.evidence == 0 ||
        rule.pattern->NumberOfCapturingGroups() >= kMaxGroups ||
        !absl::SimpleAtod(row.confidence, &rule.confidence)) {
      return absl::InvalidArgumentError(
          absl::StrCat("published: rule \"", row.id, "\" is malformed: ", rule.pattern->error()));
    }
    stage->rules_.push_back(std::move(rule));
  }
  return std::unique_ptr<const PublishedStage>(std::move(stage));
}

void PublishedStage::Annotate(AnnotatedDocument& document) const {
  const std::string declared = DeclaredValue(document.declared().published);
  if (!declared.empty()) {
    TimeInterval interval = IntervalOf(declared, "");
    if (!interval.earliest.empty()) {
      document.published =
          Publication{std::move(interval), std::nullopt, kDeclaredRule, kDeclaredConfidence};
      return;
    }
  }
  const std::string_view text = document.text();
  const auto group_or = [](const auto& groups, int number) {
    return number == 0 ? re2::StringPiece() : groups[static_cast<size_t>(number)];
  };
  for (const Rule& rule : rules_) {
    std::optional<Publication> best;
    // Reads all of one part; of several dates the latest counts where the rule gives a bound.
    const auto search = [&](std::string_view part) {
      re2::StringPiece rest(part.data(), part.size());
      std::array<re2::StringPiece, kMaxGroups> groups;
      for (int found = 0; found < kMaxCandidates; ++found) {
        if (!rule.pattern->Match(rest, 0, rest.size(), RE2::UNANCHORED, groups.data(),
                                 rule.pattern->NumberOfCapturingGroups() + 1)) {
          return;
        }
        rest.remove_prefix(static_cast<size_t>(groups[0].data() + groups[0].size() - rest.data()));
        const re2::StringPiece year = group_or(groups, rule.year);
        const re2::StringPiece month_digits = group_or(groups, rule.month);
        const re2::StringPiece month_name = group_or(groups, rule.name);
        const re2::StringPiece day = group_or(groups, rule.day);
        int month = month_digits.empty() ? 0 : ToInt(month_digits);
        if (!month_name.empty()) {
          const auto named = months_.find(std::string(month_name));
          if (named == months_.end()) continue;
          month = named->second;
        }
        if (month < 1 || month > 12) continue;
        std::array<char, 16> value;
        int written = 0;
        if (year.empty()) {
          written =
              std::snprintf(value.data(), value.size(), "XXXX-%02d-%02d", month, ToInt(day) % 100);
        } else {
          const int full = year.size() == 2 ? 2000 + ToInt(year) : ToInt(year);
          written = day.empty() ? std::snprintf(value.data(), value.size(), "%04d-%02d",
                                                full % 10000, month)
                                : std::snprintf(value.data(), value.size(), "%04d-%02d-%02d",
                                                full % 10000, month, ToInt(day) % 100);
        }
        TimeInterval interval =
            IntervalOf(std::string_view(value.data(), static_cast<size_t>(written)), "");
        if (!year.empty() && interval.earliest.empty()) continue;  // No such day.
        if (rule.from) interval.latest.clear();
        if (best.has_value() && (!rule.from || best->interval.earliest >= interval.earliest))
          continue;
        const re2::StringPiece& evidence = groups[static_cast<size_t>(rule.evidence)];
        const auto begin = static_cast<int32_t>(evidence.data() - text.data());
        best = Publication{std::move(interval),
                           Span{begin, begin + static_cast<int32_t>(evidence.size())}, *rule.id,
                           rule.confidence};
        if (!rule.from) return;
      }
    };
    if (!rule.region.has_value()) {
      size_t head = std::min(text.size(), kHeadBytes);
      while (head < text.size() && (static_cast<unsigned char>(text[head]) & 0xC0) == 0x80) --head;
      search(text.substr(0, head));
    } else {
      for (const Region& region : document.regions) {
        if (region.kind == *rule.region) search(region.span.In(text));
        if (best.has_value() && !rule.from) break;
      }
    }
    if (best.has_value()) {
      document.published = std::move(best);
      return;
    }
  }
}

}  // namespace lagebild::extract
