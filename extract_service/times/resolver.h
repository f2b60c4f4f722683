#ifndef LAGEBILD_EXTRACT_SERVICE_TIMES_RESOLVER_H_
#define LAGEBILD_EXTRACT_SERVICE_TIMES_RESOLVER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/times/calendar.h"
#include "extract_service/times/patterns.h"

namespace lagebild::extract {

/// Classes that the value functions ask for.
struct TimeSymbols {
  explicit TimeSymbols(PatternSet& patterns);

  // Words.
  Symbol month, weekday, weekdays, part, parts, part_adverb, old_part, weekday_part, unit, units,
      lang, every, season, holiday, num, one, half, vague, ord, last, next, this_, det, mod_point,
      approx, today, day_word, twenty, decade, ref, weekend, plan, told, year_back, early_late,
      decades, zone, span_word, day_adjective, country, since, until, from, ahead, lasting,
      numbered;
  // Numbers, by their digits.
  Symbol day, year, any_year, round_year, years, hour, minute, clock, date, day_month, iso,
      number_decade, capital, plural, number_span, span_tail, clock_seconds, number_years;
};

/// What the value functions know of the document beside the match. One per document.
class TimeResolver {
 public:
  TimeResolver(const AnnotatedDocument& document, const TimeSymbols& symbols,
               const std::vector<std::string>& values);

  const TimeSymbols& symbols() const { return symbols_; }

  /// Value of the nth token that matched by this class; nullopt when there is none.
  std::optional<std::string_view> Get(const PatternMatch& match, Symbol symbol, int nth = 0) const;
  std::optional<int> GetInt(const PatternMatch& match, Symbol symbol, int nth = 0) const;
  /// Value that a token has by this membership; empty when the word has none.
  std::string_view ValueOf(const Membership& membership) const;
  bool Has(const PatternMatch& match, Symbol symbol) const {
    return Get(match, symbol).has_value();
  }

  /// Publication day, when known to the day (an open interval counts by its beginning).
  std::optional<Day> published() const { return published_; }
  std::optional<int> published_year() const { return published_year_; }
  std::optional<int> published_month() const { return published_month_; }
  /// Bounds of the publication interval, empty when open.
  const std::string& published_earliest() const { return published_earliest_; }
  const std::string& published_latest() const { return published_latest_; }

  /// The day a clock or part of day belongs to.
  std::optional<Day> DayFor(const PatternMatch& match) const;
  /// The day named last in the text before; the publication day when none is.
  std::optional<Day> NarratedDay() const;
  /// The same, nullopt when none was named.
  std::optional<Day> last_day() const { return last_day_; }
  /// The year named last in the text before; nullopt when none was.
  std::optional<int> NarratedYear() const { return last_year_; }

  /// Country ("AT") that a match names, else the one the text names most, else Germany. Holidays
  /// differ by it.
  std::string_view Country(const PatternMatch& match) const;

  /// Whether a number stands in the few words before a match and none right after it.
  bool FollowsNumber(const PatternMatch& match) const;

  /// Whether people are named in the few words before a match ("Kinder der Schulen zwischen").
  bool FollowsPeople(const PatternMatch& match) const;

  /// Whether no more than one character stands between any two tokens of a match.
  bool IsTight(const PatternMatch& match) const;

  /// Whether a number stands right after a match ("des Jahres 2000").
  bool NumberFollows(const PatternMatch& match) const;

  /// Whether the time goes on until the present: "seit 2015".
  bool GoesOn(const PatternMatch& match) const { return PrepositionCue(match) == kSince; }

  /// Which way the clause around a match looks: +1 it plans, -1 it tells, 0 unknown; kSince and
  /// kUntil where the preposition leaves no doubt.
  int Direction(const PatternMatch& match) const;
  static constexpr int kSince = -2;
  static constexpr int kUntil = 2;

  /// Whether "heute" is the publication day here, not these times.
  bool today_is_a_day() const { return today_is_a_day_; }

  // Written by the stage as it goes through the text.
  void NameDay(Day day, const PatternMatch& match);
  void NameYear(int year) { last_year_ = year; }
  void set_today_is_a_day(bool value) { today_is_a_day_ = value; }
  /// A value that only this document has; returns its index.
  int32_t AddValue(std::string value);
  /// Tokens whose words say that their clause plans (+1) or tells (-1).
  void AddTenseCue(int32_t token, int direction);
  /// Prepositions "seit" (SINCE), "bis" (UNTIL), "auf" (AHEAD) and "vom" (FROM).
  void AddPreposition(int32_t token, Symbol preposition);
  /// The text names this country once more.
  void AddCountry(std::string_view code);

 private:
  const AnnotatedDocument& document_;
  const TimeSymbols& symbols_;
  const std::vector<std::string>& values_;
  std::vector<std::string> own_values_;
  int PrepositionCue(const PatternMatch& match) const;

  std::vector<int8_t> cues_;  // By token: direction or preposition, 0 = none.
  std::vector<std::pair<std::string_view, int>> countries_;  // With how often each is named.
  std::optional<Day> published_;
  std::optional<int> published_year_;
  std::optional<int> published_month_;
  std::string published_earliest_;
  std::string published_latest_;
  std::optional<Day> last_day_;
  int32_t last_day_token_ = -1;
  std::optional<int> last_year_;
  bool today_is_a_day_ = true;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TIMES_RESOLVER_H_
