#include "extract_service/times/times_stage.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <optional>
#include <span>
#include <utility>

#include "extract_service/times/grammar.h"
#include "extract_service/times/patterns.h"
#include "extract_service/times/values.h"

namespace lagebild::extract {
namespace {

constexpr double kConfidence = 0.85;
// A text shorter than this is news of the day, where "heute" names it.
constexpr size_t kShortTextBytes = 1050;
// A longer one is, when it names days from the day of telling, or clock times, as often as this.
constexpr size_t kBytesPerDayWord = 2500;
constexpr int kFirstYear = 1400;
constexpr int kLastYear = 2100;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number token taken apart: runs of digits and the marks between them.
struct Digits {
  int count = 0;  // Of runs; more than four count as five.
  int value[4] = {0, 0, 0, 0};
  size_t length[4] = {0, 0, 0, 0};
  char mark[4] = {0, 0, 0, 0};  // After each run.
};

Digits TakeApart(std::string_view text) {
  Digits digits;
  size_t at = 0;
  while (at < text.size() && digits.count < 5) {
    if (digits.count == 4) {
      digits.count = 5;
      break;
    }
    int value = 0;
    size_t length = 0;
    while (at < text.size() && IsDigit(text[at])) {
      if (length < 8) value = value * 10 + (text[at] - '0');
      ++length;
      ++at;
    }
    const int run = digits.count++;
    digits.value[run] = value;
    digits.length[run] = length;
    if (at < text.size()) digits.mark[run] = text[at++];
  }
  return digits;
}

class Finder {
 public:
  Finder(const TimeGrammar& grammar, AnnotatedDocument& document)
      : grammar_(grammar),
        document_(document),
        resolver_(document, grammar.symbols(), grammar.values()) {}

  void Run() {
    Classify();
    const auto count = static_cast<int32_t>(document_.tokens.size());
    const auto memberships = [this](int32_t token) {
      return memberships_[static_cast<size_t>(token)];
    };
    for (int32_t i = 0; i < count; ++i) {
      for (const Membership& membership : memberships(i)) {
        if (!grammar_.patterns().Begins(membership.symbol)) continue;
        grammar_.patterns().MatchAt(i, count, memberships, matches_);
        break;
      }
    }
    Choose();
  }

 private:
  void Classify() {
    const TimeSymbols& s = grammar_.symbols();
    memberships_.resize(document_.tokens.size());
    size_t day_words = 0;
    bool dateline = false;
    for (size_t i = 0; i < document_.tokens.size(); ++i) {
      const Token& token = document_.tokens[i];
      const std::string_view text = document_.TextOf(token);
      switch (token.kind) {
        case TokenKind::kNumber:
          Number(i, text);
          continue;
        case TokenKind::kWord:
          memberships_[i] = IsDigit(text[0]) ? NumberWord(text) : grammar_.Find(text);
          if (token.capitalized && BeginsSentence(i)) AddLowerCase(i, text);
          break;
        case TokenKind::kPunctuation:
          memberships_[i] = grammar_.Find(text);
          continue;
        default:
          continue;
      }
      for (const Membership& membership : memberships_[i]) {
        const auto at = static_cast<int32_t>(i);
        const Symbol symbol = membership.symbol;
        if (symbol == s.plan) resolver_.AddTenseCue(at, 1);
        if (symbol == s.told) resolver_.AddTenseCue(at, -1);
        if (symbol == s.since || symbol == s.until || symbol == s.from || symbol == s.ahead) {
          resolver_.AddPreposition(at, symbol);
        }
        if (symbol == s.country) resolver_.AddCountry(resolver_.ValueOf(membership));
        day_words += symbol == s.day_word;
      }
      day_words +=
          text == clock_word_ && i > 0 && document_.tokens[i - 1].kind == TokenKind::kNumber;
      if (token.capitalized && i > 0 && after_round_year_) AddClass(i, s.capital);
      if (after_year_ && IsPlural(token)) AddClass(i, s.plural);
      after_round_year_ = after_year_ = false;
      if (after_years_ && IsThing(token)) AddClass(i, s.lasting);
      after_years_ = std::any_of(memberships_[i].begin(), memberships_[i].end(),
                                 [&](const Membership& m) { return m.symbol == s.number_years; });
    }
    for (const Region& region : document_.regions) {
      dateline |= region.kind == RegionKind::kDateline;
    }
    resolver_.set_today_is_a_day(document_.text().size() <
                                     std::max(kShortTextBytes, kBytesPerDayWord * day_words) ||
                                 dateline);
  }

  std::span<const Membership> Own(std::vector<Membership> memberships) {
    own_.push_back(std::move(memberships));
    return own_.back();
  }

  // "Resolution 1701", "Ratsresolution 1701": the word before a number that looks like a year.
  void FindNumbered(size_t token) {
    const std::string_view text = document_.TextOf(document_.tokens[token]);
    if (document_.tokens[token].kind == TokenKind::kWord && grammar_.IsNumbered(text)) {
      AddClass(token, grammar_.symbols().numbered);
    }
  }

  bool BeginsSentence(size_t token) const {
    return token == 0 || document_.tokens[token].sentence != document_.tokens[token - 1].sentence;
  }

  // A word that begins a sentence may be the noun or the word in lower case: "Morgen".
  void AddLowerCase(size_t token, std::string_view text) {
    const std::span<const Membership> lower = grammar_.FindLowerCase(text);
    if (lower.empty() || lower.data() == memberships_[token].data()) return;
    std::vector<Membership> all(memberships_[token].begin(), memberships_[token].end());
    all.insert(all.end(), lower.begin(), lower.end());
    memberships_[token] = Own(std::move(all));
  }

  void AddClass(size_t token, Symbol symbol) {
    std::vector<Membership> all(memberships_[token].begin(), memberships_[token].end());
    all.push_back({symbol, -1});
    memberships_[token] = Own(std::move(all));
  }

  // A known noun that is nobody: what lasts "drei Jahre" where people are of that age.
  static bool IsThing(const Token& token) {
    constexpr uint32_t kPeople = WordClass::kDemonym | WordClass::kTitle | WordClass::kOffice |
                                 WordClass::kGroupNoun | WordClass::kPersonNoun |
                                 WordClass::kFirstName | WordClass::kLastName;
    return token.pos == Pos::kNoun && token.known && !token.classes.Has(kPeople);
  }

  // A noun of more than one: "1438 Familien" counts them.
  static bool IsPlural(const Token& token) {
    return token.pos == Pos::kNoun && token.capitalized && token.known &&
           token.morphology.Has(Morphology::kPlural) &&
           !token.morphology.Has(Morphology::kSingular);
  }

  // Classes of a number by its digits.
  void Number(size_t token, std::string_view text) {
    const TimeSymbols& s = grammar_.symbols();
    const Digits d = TakeApart(text);
    std::vector<Membership> found;
    std::optional<int32_t> value;
    const auto add = [&](Symbol symbol) {
      if (!value.has_value()) value = resolver_.AddValue(std::string(text));
      found.push_back({symbol, *value});
    };
    after_round_year_ = after_year_ = false;
    if (d.count == 1) {
      add(s.num);
      if (d.length[0] <= 2 && d.value[0] >= 1 && d.value[0] <= 31) add(s.day);
      if (d.length[0] <= 2 && d.value[0] <= 24) add(s.hour);
      if (d.length[0] == 2 && d.value[0] <= 59) add(s.minute);
      if (d.length[0] == 4 && d.value[0] >= kFirstYear && d.value[0] <= kLastYear) {
        add(s.year);
        after_year_ = true;
        if (token > 0) FindNumbered(token - 1);
        if (d.value[0] % 100 == 0) {
          add(s.round_year);
          after_round_year_ = true;
        }
      }
      if (d.length[0] >= 3 && d.length[0] <= 4) add(s.any_year);
    } else if (d.count == 2) {
      const char mark = d.mark[0];
      if (mark == ',' || (mark == '.' && d.length[1] == 3)) add(s.num);
      if ((mark == '.' || mark == ':') && d.length[0] <= 2 && d.length[1] == 2 &&
          d.value[0] <= 24 && d.value[1] <= 59) {
        add(s.clock);
      }
      if (mark == '.' && d.length[0] <= 2 && d.length[1] <= 2 && d.value[0] >= 1 &&
          d.value[0] <= 31 && d.value[1] >= 1 && d.value[1] <= 12) {
        add(s.day_month);
      }
      if (mark == '/' && d.length[0] == 4 && (d.length[1] == 2 || d.length[1] == 4) &&
          d.value[0] >= kFirstYear && d.value[0] <= kLastYear) {
        add(s.years);
      }
      if (mark == '-' && d.length[0] == 4 && d.length[1] == 2 && d.value[1] <= 12) add(s.iso);
    } else if (d.count == 3) {
      if (d.mark[0] == '.' && d.mark[1] == '.' && d.length[0] <= 2 && d.length[1] <= 2 &&
          (d.length[2] == 4 || d.length[2] == 2)) {
        add(s.date);
      }
      if (d.mark[0] == '-' && d.mark[1] == '-' && d.length[0] == 4) add(s.iso);
      if (d.mark[0] == ':' && d.mark[1] == ':' && d.length[0] <= 2 && d.length[1] == 2 &&
          d.length[2] == 2 && d.value[0] <= 24 && d.value[1] <= 59 && d.value[2] <= 59) {
        add(s.clock_seconds);
      }
      if (d.mark[0] == '.' && d.length[1] == 3 && d.length[2] == 3) add(s.num);
    }
    if (!found.empty()) memberships_[token] = Own(std::move(found));
  }

  // "1990er", "80er-Jahre", "30-tägig".
  std::span<const Membership> NumberWord(std::string_view text) {
    size_t digits = 0;
    while (digits < text.size() && IsDigit(text[digits])) ++digits;
    const TimeSymbols& s = grammar_.symbols();
    if (digits < text.size() && text[digits] == '-') {
      for (const Membership& tail : grammar_.Find(text.substr(digits + 1))) {
        if (tail.symbol != s.span_tail) continue;
        const std::string& unit = grammar_.values()[static_cast<size_t>(tail.value)];
        return Own({{grammar_.SpanSymbol(unit),
                     resolver_.AddValue(std::string(text.substr(0, digits)) + ":" + unit)}});
      }
    }
    if ((digits != 4 && digits != 2) || text[digits - 1] != '0') return {};
    const std::string_view rest = text.substr(digits);
    if (rest != "er" && rest != "ern" && rest != "er-Jahre" && rest != "er-Jahren") return {};
    return Own({{s.number_decade, resolver_.AddValue(std::string(text.substr(0, digits)))}});
  }

  // Takes the longest expression at each place; its rules in their order until one gives a value.
  void Choose() {
    std::stable_sort(matches_.begin(), matches_.end(),
                     [](const PatternMatch& a, const PatternMatch& b) {
                       if (a.extent.begin != b.extent.begin) return a.extent.begin < b.extent.begin;
                       if (a.extent.end != b.extent.end) return a.extent.end > b.extent.end;
                       if (a.tokens.size() != b.tokens.size()) {
                         return a.tokens.size() > b.tokens.size();
                       }
                       return a.rule < b.rule;
                     });
    int32_t taken = 0;
    for (const PatternMatch& match : matches_) {
      if (match.extent.begin < taken || !HoldsTogether(match)) continue;
      const TimeGrammar::Rule& rule = grammar_.rule(match.rule);
      if (rule.takes_away) {
        // The words are no time, under the rule's condition if it has one.
        if (!rule.only_of_people || resolver_.FollowsPeople(match)) taken = match.extent.end;
        continue;
      }
      auto meaning = rule.value(resolver_, match, rule.arguments);
      if (!meaning.has_value()) continue;
      taken = match.extent.end;
      if (meaning->day.has_value()) {
        resolver_.NameDay(*meaning->day, match);
        meaning->year = Civil(*meaning->day).year;
      }
      if (meaning->year.has_value()) resolver_.NameYear(*meaning->year);
      Emit(match, rule, *std::move(meaning));
    }
  }

  // An expression does not cross a blank line, nor a range of numbers one: "10 - 12" does not hold
  // the hyphen of "10-12" apart from it.
  bool HoldsTogether(const PatternMatch& match) const {
    for (int32_t i = match.tokens.begin + 1; i < match.tokens.end; ++i) {
      const Token& token = document_.tokens[static_cast<size_t>(i)];
      if (!token.line_start) continue;
      const Token& before = document_.tokens[static_cast<size_t>(i) - 1];
      int newlines = 0;
      for (int32_t at = before.span.end; at < token.span.begin; ++at) {
        newlines += document_.text()[static_cast<size_t>(at)] == '\n';
      }
      if (newlines > 1) return false;
    }
    return true;
  }

  void Emit(const PatternMatch& match, const TimeGrammar::Rule& rule, TimeMeaning meaning) {
    TimeExpression time;
    time.tokens = match.extent;
    time.span = document_.SpanOf(match.extent);
    time.type = meaning.type == TimeType::kUnspecified ? rule.type : meaning.type;
    time.rule = rule.id;
    time.confidence = kConfidence;
    time.quantifier = std::move(meaning.quantifier);
    time.frequency = std::move(meaning.frequency);
    if (time.type == TimeType::kDate || time.type == TimeType::kTime ||
        !meaning.reference.empty()) {
      TimeInterval interval = IntervalOf(
          meaning.reference.empty() ? meaning.value : meaning.reference, meaning.modifier);
      if (!meaning.earliest.empty()) interval.earliest = meaning.earliest;
      if (!meaning.latest.empty()) interval.latest = meaning.latest;
      time.interval = std::move(interval);
    }
    time.goes_on = resolver_.GoesOn(match);
    time.value = std::move(meaning.value);
    time.modifier = std::move(meaning.modifier);
    document_.times.push_back(std::move(time));
  }

  static constexpr std::string_view clock_word_ = "Uhr";

  const TimeGrammar& grammar_;
  AnnotatedDocument& document_;
  TimeResolver resolver_;
  std::vector<std::span<const Membership>> memberships_;
  std::deque<std::vector<Membership>> own_;
  std::vector<PatternMatch> matches_;
  bool after_round_year_ = false;
  bool after_year_ = false;
  bool after_years_ = false;
};

}  // namespace

TimesStage::TimesStage(std::unique_ptr<const TimeGrammar> grammar) : grammar_(std::move(grammar)) {}
TimesStage::~TimesStage() = default;

absl::StatusOr<std::unique_ptr<const TimesStage>> TimesStage::Create(const Lexicon& lexicon) {
  std::vector<TimeWords> words;
  const LexiconTable& word_table = lexicon.Table("time_words");
  for (size_t row = 0; row < word_table.size(); ++row) {
    words.push_back({std::string(word_table.Cell(row, "class")),
                     std::string(word_table.Cell(row, "value")),
                     std::string(word_table.Cell(row, "forms"))});
  }
  std::vector<TimeRule> rules;
  const LexiconTable& rule_table = lexicon.Table("times");
  for (size_t row = 0; row < rule_table.size(); ++row) {
    rules.push_back(
        {std::string(rule_table.Cell(row, "id")), std::string(rule_table.Cell(row, "type")),
         std::string(rule_table.Cell(row, "pattern")), std::string(rule_table.Cell(row, "value"))});
  }
  return Create(words, rules);
}

absl::StatusOr<std::unique_ptr<const TimesStage>> TimesStage::Create(
    const std::vector<TimeWords>& words, const std::vector<TimeRule>& rules) {
  auto grammar = TimeGrammar::Create(words, rules);
  if (!grammar.ok()) return grammar.status();
  return std::unique_ptr<const TimesStage>(new TimesStage(*std::move(grammar)));
}

void TimesStage::Annotate(AnnotatedDocument& document) const { Finder(*grammar_, document).Run(); }

}  // namespace lagebild::extract
