#ifndef LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_ABBREVIATIONS_H_
#define LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_ABBREVIATIONS_H_

#include <cstdint>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Labels as the name of a body what stands alone in brackets behind a body and is made of its
/// letters: "das Wirtschaftsforschungsinstitut (Wifo)". A recogniser sees an unknown word there.
/// Leaves words alone that have a label in `labels` (those of name_model.h, one for each token).
/// Returns the tokens it has labelled, in order.
std::vector<int32_t> LabelAbbreviations(const AnnotatedDocument& document, const Lexicon& lexicon,
                                        std::vector<uint8_t>& labels);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_ABBREVIATIONS_H_
