#include "extract_service/times/values.h"

#include "extract_service/times/value_support.h"

namespace lagebild::extract {
namespace {

Meaning Nothing(const TimeResolver&, const PatternMatch&, const Arguments&) { return std::nullopt; }

}  // namespace

ValueFunction FindValueFunction(std::string_view name) {
  if (name == "none" || name == "ages") return Nothing;
  for (const auto functions : {CalendarFunctions(), DayFunctions(), AmountFunctions()}) {
    for (const auto& [key, function] : functions) {
      if (key == name) return function;
    }
  }
  return nullptr;
}

}  // namespace lagebild::extract
