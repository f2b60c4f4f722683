#ifndef LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TIMEX3_H_
#define LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TIMEX3_H_

#include <re2/re2.h>

#include <string>

#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/times/calendar.h"

namespace lagebild::extract {

/// Whether a value is one that TIMEX3 knows, a form for each kind of expression.
inline bool IsTimex3(const std::string& value) {
  static const RE2 kForms(
      // Era, millennium, century, decade, year.
      R"((BC)?(\d{1,4}|XXXX))"
      // Quarter, half, season; week, weekend, weekday with a part of its day.
      R"(|(\d{4}|XXXX)-(Q[1-4X]|H[12X]|SP|SU|FA|WI))"
      R"(|(\d{4}|XXXX)-W(\d\d|XX)(-WE|-[1-7](T(MO|MI|AF|EV|NI))?)?)"
      // Month, day, part of day; clock, with a zone.
      R"(|(\d{4}|XXXX)-(\d\d|XX)(-(\d\d|XX)(T(MO|MI|AF|EV|NI))?)?)"
      R"(|((\d{4}|XXXX)-(\d\d|XX)-(\d\d|XX))?T([01]\d|2[0-4]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:00)?)"
      // Length.
      R"(|P(\d+(\.\d+)?|X)(DE|CE|ML|[YQMWD])(\d+(\.\d+)?[MWD])?(T\d+(\.\d+)?[HMS])?)"
      R"(|PT(\d+(\.\d+)?|X)[HMS](\d+(\.\d+)?[MS])?)"
      R"(|(PAST|PRESENT|FUTURE)_REF)");
  return RE2::FullMatch(value, kForms);
}

/// What is wrong with a document's times, empty when nothing is: they stand in text order without
/// overlapping, each value is TIMEX3, its days lie in its interval, and bounds are days in order.
inline std::string FaultOfTimes(const AnnotatedDocument& document) {
  int32_t last = 0;
  for (const TimeExpression& time : document.times) {
    const std::string where = " at " + std::to_string(time.span.begin) + " (" + time.rule + ")";
    if (time.span.begin < last || time.span.end <= time.span.begin ||
        time.span.end > static_cast<int32_t>(document.text().size())) {
      return "span" + where;
    }
    last = time.span.end;
    if (!IsTimex3(time.value)) return "value \"" + time.value + "\"" + where;
    const bool length = time.type == TimeType::kDuration;
    if (length != (time.value[0] == 'P' && time.type != TimeType::kSet &&
                   time.value.find("_REF") == std::string::npos)) {
      return "type of \"" + time.value + "\"" + where;
    }
    if (!time.interval.has_value()) continue;
    const TimeInterval& interval = *time.interval;
    if (!IsTimex3(interval.value)) return "interval's value \"" + interval.value + "\"" + where;
    for (const std::string& bound : {interval.earliest, interval.latest}) {
      if (!bound.empty() && (bound.size() != 10 || !ParseIsoDay(bound).has_value())) {
        return "bound \"" + bound + "\"" + where;
      }
    }
    if (!interval.earliest.empty() && !interval.latest.empty() &&
        interval.earliest > interval.latest) {
      return "order of bounds" + where;
    }
    const TimeInterval days = IntervalOf(interval.value, interval.modifier);
    if (!days.earliest.empty() &&
        (days.earliest < interval.earliest || days.latest > interval.latest)) {
      return "days of \"" + interval.value + "\"" + where;
    }
  }
  return "";
}

}  // namespace lagebild::extract

#endif  // LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TIMEX3_H_
