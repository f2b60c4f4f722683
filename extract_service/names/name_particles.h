#ifndef LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_PARTICLES_H_
#define LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_PARTICLES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Makes one name of "Anna von der Tann", of which a recogniser may see the ends only, and finds
/// "Von der Tann" where the document goes on with the surname. Immutable and thread-safe.
class NameParticles {
 public:
  /// Reads the particles of the table "phrase_words". Keeps `lexicon`, which has to outlive it.
  explicit NameParticles(const Lexicon& lexicon);

  /// Whether the word before a surname of one word is its first name.
  bool BeginsName(const AnnotatedDocument& document, std::span<const uint8_t> labels,
                  int32_t surname) const;

  /// Widens the names of persons in `labels` (those of name_model.h, one for each token).
  void Join(const AnnotatedDocument& document, std::vector<uint8_t>& labels) const;

 private:
  bool IsParticle(const AnnotatedDocument& document, int32_t token) const;

  /// Joins a first name and a surname that were labelled as two persons or without the first.
  void JoinFirstNames(const AnnotatedDocument& document, std::vector<uint8_t>& labels) const;

  /// "Van" as a name writes it.
  bool IsCapitalParticle(const AnnotatedDocument& document, int32_t token) const;
  /// "Humberto de la Calle" that was labelled as a place or a body.
  bool IsPersonTakenForOther(const AnnotatedDocument& document, const std::vector<uint8_t>& labels,
                             int32_t token) const;
  bool IsFirstName(const AnnotatedDocument& document, int32_t token) const;

  const Lexicon& lexicon_;
  absl::flat_hash_set<std::string> particles_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_PARTICLES_H_
