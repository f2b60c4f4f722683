#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "extract_service/times/value_support.h"

// Values of durations and of sets.
namespace lagebild::extract {
namespace {

constexpr int kYearsPerCentury = 100;
constexpr int kYearsPerMillennium = 1000;
constexpr int kMonthsPerHalf = 6;
// A length of more units is none that a calendar reckons with.
constexpr int kMostUnits = 3000;

// A German number with a point for its comma and none between thousands.
std::string Decimal(std::string_view number) {
  std::string digits;
  for (const char c : number) {
    if (c == ',') {
      digits += '.';
    } else if (c != '.' || number.find(',') == std::string_view::npos) {
      digits += c;
    }
  }
  // Points before three digits separate thousands.
  if (number.find(',') == std::string_view::npos) {
    for (size_t point = digits.find('.'); point != std::string::npos; point = digits.find('.')) {
      const size_t next = digits.find('.', point + 1);
      if (std::min(next, digits.size()) - point != 4) break;
      digits.erase(point, 1);
    }
  }
  return digits;
}

// Without an exponent.
std::string Plain(double number) {
  const auto whole = static_cast<int64_t>(number);
  return static_cast<double>(whole) == number ? absl::StrCat(whole) : absl::StrCat(number);
}

// "P3W", "PT2H", "PXD", "P0.5Y" of a number as the word lists and digits give it.
std::string Length(std::string_view number, std::string_view unit) {
  const std::string digits = Decimal(number);
  if (unit == "S" || unit == "H" || unit == "MIN") {
    return absl::StrCat("PT", digits, unit == "MIN" ? "M" : std::string(unit));
  }
  if (unit == "CE" || unit == "ML" || unit == "HY") {
    double value;
    if (digits == "X" || !absl::SimpleAtod(digits, &value) || value > kMostUnits) {
      return absl::StrCat("P", digits, unit == "HY" ? "M" : std::string(unit));
    }
    value *= unit == "CE" ? kYearsPerCentury : unit == "ML" ? kYearsPerMillennium : kMonthsPerHalf;
    return absl::StrCat("P", Plain(value), unit == "HY" ? "M" : "Y");
  }
  return absl::StrCat("P", digits, std::string(unit));
}

// The argument, if any, is the modifier.
Meaning Amount(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const auto unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  TimeMeaning meaning = Value(Length(CountOf(r, match), *unit));
  meaning.modifier =
      arguments.empty() ? std::string(r.Get(match, r.symbols().approx).value_or("")) : arguments[0];
  return meaning;
}

// "vor drei Wochen": a length, and the week it leads back to.
Meaning AmountAgo(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  auto meaning = Amount(r, match, arguments);
  if (!meaning.has_value()) return std::nullopt;
  if (CountOf(r, match) == "X") {
    meaning->reference = "PAST_REF";
    meaning->latest = PastRef(r).latest;
  } else if (r.published().has_value()) {
    meaning->reference = DateBefore(*r.published(), meaning->value);
  }
  return meaning;
}

// The second of "zwei, drei Wochen" stands for both.
Meaning AmountFirst(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  return Value(Length(CountOf(r, match, 0), *unit));
}

// "zweitägig": the number and its unit in one word.
Meaning Span(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  auto span = r.Get(match, r.symbols().number_span);
  if (!span.has_value()) span = r.Get(match, r.symbols().number_years);
  if (!span.has_value()) return std::nullopt;
  const size_t colon = span->find(':');
  return Value(Length(span->substr(0, colon), span->substr(colon + 1)));
}

// "drei Viertelstunden": a word that holds a length of its own, once or several times.
Meaning SpanWord(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto word = r.Get(match, r.symbols().span_word);
  if (!word.has_value()) return std::nullopt;
  const std::string_view count = CountOf(r, match);
  if (count == "X") return Value(std::string(*word));
  const size_t begin = word->find_first_of("0123456789");
  const size_t end = word->find_first_not_of("0123456789", begin);
  double times;
  if (!absl::SimpleAtod(Decimal(count), &times) || times > kMostUnits) return std::nullopt;
  return Value(absl::StrCat(std::string(word->substr(0, begin)),
                            Plain(times * ToInt(word->substr(begin, end - begin))),
                            std::string(word->substr(end))));
}

Meaning AmountTwo(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto first = UnitOf(r, match, 0);
  const auto second = UnitOf(r, match, 1);
  if (!first.has_value() || !second.has_value()) return std::nullopt;
  const std::string head = Length(CountOf(r, match, 0), *first);
  const std::string tail = Length(CountOf(r, match, 1), *second);
  // A length goes from the larger unit to the smaller.
  static constexpr std::string_view kOrder = "Y M W D TH TM TS";
  const auto place = [](const std::string& length) {
    const bool clock = length.starts_with("PT");
    return kOrder.find(clock ? std::string("T") + length.back() : std::string(1, length.back()));
  };
  if (place(tail) == std::string_view::npos || place(head) >= place(tail)) return std::nullopt;
  // "P2Y" and "P3M" join to "P2Y3M", "PT2H" and "PT5M" to "PT2H5M", "P2D" and "PT5H" to "P2DT5H".
  const bool both_clock = head.starts_with("PT") && tail.starts_with("PT");
  return Value(head + tail.substr(both_clock ? 2 : 1));
}

Meaning AmountClock(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto clock = r.Get(match, r.symbols().clock);
  if (!clock.has_value()) return std::nullopt;
  const size_t split = clock->find_first_of(".:");
  return Value(absl::StrCat("PT", ToInt(*clock), "M", ToInt(clock->substr(split + 1)), "S"));
}

// "in den letzten Wochen": a length that lies before or after the publication.
Meaning AmountRel(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  const auto unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  TimeMeaning meaning = Value(Length(CountOf(r, match), *unit));
  if (CountOf(r, match) == "X") {
    if (r.Has(match, s.last)) {
      meaning.reference = "PAST_REF";
      meaning.latest = PastRef(r).latest;
    } else if (r.Has(match, s.next)) {
      meaning.reference = "FUTURE_REF";
    }
  }
  return meaning;
}

TimeMeaning Every(std::string value) {
  TimeMeaning meaning = Value(std::move(value));
  meaning.quantifier = "EVERY";
  return meaning;
}

Meaning Set(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  auto unit = r.Get(match, r.symbols().every);
  if (!unit.has_value()) unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  TimeMeaning meaning = Every(Length("1", *unit));
  const auto times = r.Get(match, r.symbols().num);
  if (times.has_value()) meaning.frequency = Decimal(*times) + "X";
  return meaning;
}

// "300 Euro im Monat": a rate where a number stands before.
Meaning Rate(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  if (!r.FollowsNumber(match)) return std::nullopt;
  return Set(r, match, arguments);
}

// "acht Stunden am Tag": the unit that is named last.
Meaning RateOf(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto unit = r.Get(match, r.symbols().unit);
  if (!unit.has_value()) return std::nullopt;
  return Every(Length("1", *unit));
}

// "Tag für Tag": the same unit twice.
Meaning SetTwice(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  if (UnitOf(r, match, 0) != UnitOf(r, match, 1)) return std::nullopt;
  return Set(r, match, arguments);
}

// "montags", "jeden Montagabend", "jeden Sommer", "abends", "jedes Weihnachten".
Meaning SetPoint(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const TimeSymbols& s = r.symbols();
  if (const auto compound = r.Get(match, s.weekday_part)) {
    return Every(absl::StrCat("XXXX-WXX-", ToInt(*compound), std::string(compound->substr(2))));
  }
  auto weekday = r.GetInt(match, s.weekday);
  if (!weekday.has_value()) weekday = r.GetInt(match, s.weekdays);
  const auto part = PartOf(r, match);
  if (weekday.has_value()) {
    return Every(absl::StrCat("XXXX-WXX-", *weekday, std::string(part.value_or(""))));
  }
  if (part.has_value()) return Every(absl::StrCat("XXXX-XX-XX", std::string(*part)));
  if (const auto season = r.Get(match, s.season)) {
    return Every(absl::StrCat("XXXX-", std::string(*season)));
  }
  if (const auto month = r.GetInt(match, s.month)) {
    return Every(absl::StrCat("XXXX-", Pad(*month, 2)));
  }
  return std::nullopt;
}

// Of "abends" alone, which no "jeden" makes a set of: the same without a quantifier.
Meaning PartSet(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  return Value(absl::StrCat("XXXX-XX-XX", std::string(PartOf(r, match).value_or("TNI"))));
}

// "jeden zweiten Dienstag", "jede zweite Woche".
Meaning SetNth(const TimeResolver& r, const PatternMatch& match, const Arguments& arguments) {
  const auto number = OrdinalOf(r, match);
  const auto unit = arguments.empty() ? UnitOf(r, match) : std::string_view(arguments[0]);
  if (!unit.has_value() || !number.has_value()) return std::nullopt;
  return Every(Length(absl::StrCat(*number), *unit));
}

Meaning SetAmount(const TimeResolver& r, const PatternMatch& match, const Arguments&) {
  const auto unit = UnitOf(r, match);
  if (!unit.has_value()) return std::nullopt;
  const std::string_view count = CountOf(r, match);
  return Every(Length(count == "X" ? "1" : count, *unit));
}

// The value is the argument.
Meaning SetOf(const TimeResolver&, const PatternMatch&, const Arguments& arguments) {
  if (arguments.size() != 1) return std::nullopt;
  return Every(arguments[0]);
}

constexpr std::array<NamedValueFunction, 17> kFunctions = {{
    {"amount", Amount},
    {"amount_ago", AmountAgo},
    {"amount_first", AmountFirst},
    {"amount_two", AmountTwo},
    {"amount_clock", AmountClock},
    {"amount_rel", AmountRel},
    {"span", Span},
    {"span_word", SpanWord},
    {"set", Set},
    {"rate", Rate},
    {"rate_of", RateOf},
    {"set_twice", SetTwice},
    {"set_point", SetPoint},
    {"part_set", PartSet},
    {"set_nth", SetNth},
    {"set_amount", SetAmount},
    {"set_of", SetOf},
}};

}  // namespace

std::span<const NamedValueFunction> AmountFunctions() { return kFunctions; }

}  // namespace lagebild::extract
