#ifndef LAGEBILD_EXTRACT_SERVICE_PLACES_PLACE_NAMES_H_
#define LAGEBILD_EXTRACT_SERVICE_PLACES_PLACE_NAMES_H_

#include <string>
#include <string_view>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Gives places one name and their country: "Region Kursk", "im Gebiet Kursk" and "Kursk" are one,
/// "Mazedoniens" is "Mazedonien".
///
/// Countries come from CLDR and the project's list, cities from GeoNames and CLDR. A name that
/// places of several countries share has the country of the largest only where that is ten times as
/// large as all others together. Immutable and thread-safe.
class PlaceNames {
 public:
  /// Keeps a reference to the lexicon, which must outlive it.
  explicit PlaceNames(const Lexicon& lexicon);

  /// The place that the tokens name. Reads the document's tokens and entities: a genitive of a name
  /// that no list has is known by the name standing elsewhere.
  Place Resolve(const AnnotatedDocument& document, TokenRange tokens) const;

  /// Country of a name as lists have it; empty when unknown or ambiguous.
  std::string_view CountryOf(std::string_view name) const;

 private:
  bool IsKnown(std::string_view name) const { return !CountryOf(name).empty(); }

  const Lexicon& lexicon_;
  WordMap<std::string> countries_;
  WordSet kinds_;            ///< "region", "gebiet": lower case.
  std::string_view cities_;  ///< Lines "NAME\tCODE\n" in byte order, in the lexicon.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PLACES_PLACE_NAMES_H_
