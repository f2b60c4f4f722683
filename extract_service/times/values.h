#ifndef LAGEBILD_EXTRACT_SERVICE_TIMES_VALUES_H_
#define LAGEBILD_EXTRACT_SERVICE_TIMES_VALUES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/times/calendar.h"
#include "extract_service/times/patterns.h"
#include "extract_service/times/resolver.h"

namespace lagebild::extract {

/// What an expression means. Type kUnspecified: the rule's.
struct TimeMeaning {
  TimeType type = TimeType::kUnspecified;
  std::string value;
  std::string modifier;
  std::string quantifier;
  std::string frequency;
  /// Of a vague span, the reference it makes ("PAST_REF").
  std::string reference;
  /// Bounds beyond what the value says.
  std::string earliest;
  std::string latest;
  /// The day it names, for what follows in the text.
  std::optional<Day> day;
  /// The year it names, in the same way.
  std::optional<int> year;
};

/// Gives a match its meaning; nullopt when it has none after all (31 June).
using ValueFunction = std::optional<TimeMeaning> (*)(const TimeResolver& resolver,
                                                     const PatternMatch& match,
                                                     const std::vector<std::string>& arguments);

/// The function of this name; nullptr when there is none.
ValueFunction FindValueFunction(std::string_view name);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TIMES_VALUES_H_
