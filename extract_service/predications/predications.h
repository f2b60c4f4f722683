#ifndef LAGEBILD_EXTRACT_SERVICE_PREDICATIONS_PREDICATIONS_H_
#define LAGEBILD_EXTRACT_SERVICE_PREDICATIONS_PREDICATIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// A verb form of a clause.
struct PredicationVerb {
  int32_t token = -1;
  int32_t particle = -1;  ///< Token of its separated prefix ("bestellte ... ein"); -1 = none.
  /// Infinitive, the separated prefix in front ("einbestellen"). Empty when the form is unknown.
  std::string lemma;
  Morphology morphology;
  bool auxiliary = false;  ///< Auxiliary or modal: says nothing of what happens by itself.
};

/// A stretch of a sentence that holds one predicate, as far as its marks and conjunctions show.
struct Predication {
  TokenRange tokens;  ///< Without the marks and brackets around it.
  int32_t sentence = -1;
  std::vector<PredicationVerb> verbs;  ///< In text order.
};

/// Cuts the sentence at commas, semicolons, colons, dashes, brackets and quotation marks, and at a
/// coordinating conjunction that has verbs on both sides. Reads tokens, tags and sentences. Linear
/// in the length of the sentence.
std::vector<Predication> PredicationsOf(const AnnotatedDocument& document, const Lexicon& lexicon,
                                        int32_t sentence);

/// Text of a token's lemma; the token's own words when the form is unknown.
std::string_view LemmaText(const AnnotatedDocument& document, const Lexicon& lexicon,
                           int32_t token);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PREDICATIONS_PREDICATIONS_H_
