#ifndef LAGEBILD_EXTRACT_SERVICE_CONTRACT_TIMEML_H_
#define LAGEBILD_EXTRACT_SERVICE_CONTRACT_TIMEML_H_

#include <string>

#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// The document as TimeML 1.2.1 in the layout of TempEval-3: DOCID, DCT (empty when the publication
/// date is not known), TEXT with TIMEX3 and EVENT tags inline, one MAKEINSTANCE for each EVENT.
///
/// TEXT holds every character of the text; the ones that XML 1.0 cannot hold (control characters)
/// become U+FFFD. Tags do not nest: an event whose trigger overlaps a time expression or an earlier
/// event has none. UTF-8, ends in a line feed.
std::string DocumentToTimeMl(const AnnotatedDocument& document);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CONTRACT_TIMEML_H_
