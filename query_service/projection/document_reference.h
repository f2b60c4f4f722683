#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_REFERENCE_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_REFERENCE_H_

#include <algorithm>
#include <cstdint>

#include "common/time/iso8601.h"
#include "lagebild/v1/log.pb.h"
#include "lagebild/v1/read.pb.h"
#include "query_service/index/keys.h"

namespace lagebild::query {

/// First and last day, inclusive, as day numbers; open where they are not known.
struct DayInterval {
  int32_t first = kOpenBeginning;
  int32_t last = kOpenEnd;
  bool known() const { return first != kOpenBeginning || last != kOpenEnd; }
  int32_t length() const {
    return first == kOpenBeginning || last == kOpenEnd ? 0 : std::max(0, last - first);
  }
};

/// The days of an interval; open on both sides where they contradict.
DayInterval DaysOf(const v1::TimeInterval& interval);

/// When a version was published.
struct PublicationTime {
  v1::TimeInterval interval;  ///< As references show it.
  DayInterval days;
  Instant end;  ///< Last instant, inclusive; the recording time when open or unknown.
  int32_t sort_day = 0;
  uint16_t sort_minute = 0;
};

/// As declared by the document, else as found in its text, else as recorded.
PublicationTime PublicationOf(const v1::ExtractionRecord& record);

/// The reference to the document of a record, as items carry it.
v1::DocumentReference MakeDocumentReference(const v1::ExtractionRecord& record,
                                            const PublicationTime& publication);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_DOCUMENT_REFERENCE_H_
