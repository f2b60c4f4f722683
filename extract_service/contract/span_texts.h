#ifndef LAGEBILD_EXTRACT_SERVICE_CONTRACT_SPAN_TEXTS_H_
#define LAGEBILD_EXTRACT_SERVICE_CONTRACT_SPAN_TEXTS_H_

#include <string_view>

#include "absl/status/status.h"
#include "lagebild/v1/extraction.pb.h"

namespace lagebild::extract {

/// Writes the words of every span, which storage leaves out, into a stored extraction.
/// Errors: DATA_LOSS (CORRUPT_RECORD) when a span does not lie in the text or is off a code-point
/// border, which means that text and extraction do not belong together; `extraction` is then filled
/// in part.
absl::Status FillSpanTexts(std::string_view text, v1::Extraction& extraction);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CONTRACT_SPAN_TEXTS_H_
