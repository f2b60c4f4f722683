#ifndef LAGEBILD_EXTRACT_SERVICE_CLAIMS_SOURCE_LINKS_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAIMS_SOURCE_LINKS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/phrases/noun_phrases.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Lengthens the chains of claims by what other sentences say of their sources: "Dabei beruft sich
/// die Zeitung auf Beamte", "stützt seine Angaben auf Luftbilder"; and by whom a speaker has it
/// from in his own words: "Wir wissen von den Behörden, dass ...".
///
/// Immutable and thread-safe. Linear in the text's length: a verb reaches a bounded number of
/// sentences back.
class SourceLinks {
 public:
  /// Reads the table "source_verbs". Keeps a reference to the lexicon, which must outlive it.
  explicit SourceLinks(const Lexicon& lexicon);

  /// Adds links to the claims of a document whose actors and claims are there.
  void Add(const NounPhrases& phrases, AnnotatedDocument& document) const;

 private:
  struct Verb {
    std::string preposition;
    bool learns = false;
    Relation relation = Relation::kCites;
  };
  using Verbs = absl::InlinedVector<Verb, 2>;

  const Lexicon& lexicon_;
  WordMap<Verbs> verbs_;  ///< By infinitive.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAIMS_SOURCE_LINKS_H_
