#ifndef LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_WORDS_H_
#define LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_WORDS_H_

#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/names/name_model.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// The tokens that the recogniser labels together: a sentence, with the dateline before it
/// ("BERLIN (dpa) -"), which belongs to no sentence but names a place and an agency.
TokenRange NameTokens(const AnnotatedDocument& document, const Sentence& sentence);

/// Replaces `words` by the words of these tokens. REQUIRES: tokens are tagged.
void ReadNameWords(const AnnotatedDocument& document, TokenRange tokens, const Lexicon& lexicon,
                   std::vector<NameWord>& words);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_WORDS_H_
