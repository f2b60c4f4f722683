#include "query_service/projection/document_reference.h"

#include <optional>
#include <string>

#include "common/time/proto_time.h"
#include "query_service/projection/span_text.h"

namespace lagebild::query {
namespace {

constexpr std::chrono::microseconds kMicrosecond{1};

int32_t DayNumber(Day day) { return static_cast<int32_t>(day.time_since_epoch().count()); }

// Leaves the value where there is no day.
void ReadDay(const std::string& text, int32_t* value) {
  if (text.empty()) return;
  if (const auto day = ParseIsoDay(text); day.ok()) *value = DayNumber(*day);
}

bool IsInstant(const IsoTime& time) {
  return time.precision == IsoPrecision::kMinute || time.precision == IsoPrecision::kSecond;
}

v1::TimePrecision PrecisionOf(const IsoTime& time) {
  switch (time.precision) {
    case IsoPrecision::kYear:
      return v1::TIME_PRECISION_YEAR;
    case IsoPrecision::kMonth:
      return v1::TIME_PRECISION_MONTH;
    case IsoPrecision::kDay:
      return v1::TIME_PRECISION_DAY;
    case IsoPrecision::kMinute:
    case IsoPrecision::kSecond:
      return v1::TIME_PRECISION_MINUTE;
  }
  return v1::TIME_PRECISION_UNSPECIFIED;
}

std::string TitleOf(const v1::ExtractionRecord& record) {
  if (!record.document().metadata().title().empty()) return record.document().metadata().title();
  for (const v1::Region& region : record.extraction().regions()) {
    if (region.kind() != v1::REGION_KIND_TITLE) continue;
    v1::Region with_text = region;
    SpanTextFiller(record.document().text()).Fill(&with_text);
    return with_text.span().text();
  }
  return "";
}

}  // namespace

DayInterval DaysOf(const v1::TimeInterval& interval) {
  DayInterval days;
  ReadDay(interval.earliest(), &days.first);
  ReadDay(interval.latest(), &days.last);
  if (days.first > days.last) days = {};
  return days;
}

PublicationTime PublicationOf(const v1::ExtractionRecord& record) {
  PublicationTime publication;
  std::optional<IsoTime> declared;
  if (auto parsed = ParseIsoTime(record.document().metadata().published()); parsed.ok()) {
    declared = *parsed;
  }
  bool is_declared = declared.has_value();
  if (record.has_extraction() && record.extraction().has_published()) {
    const v1::Publication& published = record.extraction().published();
    publication.interval = published.interval();
    publication.days = DaysOf(published.interval());
    is_declared = is_declared && (published.rule() == "declared" || !publication.days.known());
  }
  if (is_declared && !publication.days.known()) {
    publication.days = {DayNumber(declared->first_day), DayNumber(declared->last_day)};
    publication.interval.set_value(record.document().metadata().published());
    publication.interval.set_earliest(FormatDay(declared->first_day));
    publication.interval.set_latest(FormatDay(declared->last_day));
    publication.interval.set_precision(PrecisionOf(*declared));
  }

  const Instant recorded = FromProto(record.recorded_at());
  std::optional<Instant> instant;
  if (is_declared) {
    publication.end = IsInstant(*declared) ? declared->begin : declared->end - kMicrosecond;
    if (IsInstant(*declared)) instant = declared->begin;
  } else if (const auto value = ParseIsoTime(publication.interval.value());
             value.ok() && IsInstant(*value)) {
    instant = value->begin;
    publication.end = value->begin;
  } else if (publication.days.last != kOpenEnd) {
    publication.end = BerlinDayEnd(Day(std::chrono::days(publication.days.last))) - kMicrosecond;
  } else {
    publication.end = recorded;
  }

  if (instant.has_value()) {
    const Day day = BerlinDayOf(*instant);
    publication.sort_day = DayNumber(day);
    publication.sort_minute = static_cast<uint16_t>(
        std::chrono::floor<std::chrono::minutes>(*instant - BerlinDayBegin(day)).count());
  } else {
    publication.sort_day = publication.days.last != kOpenEnd ? publication.days.last
                                                             : DayNumber(BerlinDayOf(recorded));
  }
  return publication;
}

v1::DocumentReference MakeDocumentReference(const v1::ExtractionRecord& record,
                                            const PublicationTime& publication) {
  const v1::Document& document = record.document();
  v1::DocumentReference reference;
  reference.set_document_id(document.id());
  reference.set_version(document.version());
  reference.set_title(TitleOf(record));
  reference.set_outlet(document.metadata().outlet());
  reference.set_url(document.metadata().url());
  if (publication.days.known() || !publication.interval.value().empty()) {
    *reference.mutable_published() = publication.interval;
  }
  *reference.mutable_recorded_at() = record.recorded_at();
  reference.set_document_position(record.document_position());
  return reference;
}

}  // namespace lagebild::query
