#ifndef LAGEBILD_EXTRACT_SERVICE_PHRASES_PHRASE_GRAMMAR_H_
#define LAGEBILD_EXTRACT_SERVICE_PHRASES_PHRASE_GRAMMAR_H_

#include <cstdint>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/phrases/agreement.h"

namespace lagebild::extract {

enum class DeterminerKind : uint8_t {
  kDefinite,
  kDemonstrative,
  kPossessive,
  kIndefinite,
  kQuantifier,
  kContraction
};

struct Determiner {
  DeterminerKind kind = DeterminerKind::kIndefinite;
  Agreement agreement = kAnyAgreement;
};

enum class PronounKind : uint8_t { kPersonal, kDemonstrative, kIndefinite, kRelative };

struct Pronoun {
  PronounKind kind = PronounKind::kPersonal;
  Agreement agreement = kAnyAgreement;
  uint32_t person = Morphology::kThird;
};

/// Prepositions whose phrases can be attributes, by what they say.
enum class AttributePreposition : uint8_t { kOf, kFrom, kIn, kFor, kAt };

/// Word classes that make a noun a possible actor, so that a name behind it is an apposition.
inline constexpr uint32_t kPersonClasses =
    WordClass::kOffice | WordClass::kTitle | WordClass::kPersonNoun | WordClass::kDemonym;
inline constexpr uint32_t kActorClasses =
    kPersonClasses | WordClass::kOrganizationNoun | WordClass::kMediaNoun | WordClass::kGroupNoun;
inline constexpr uint32_t kPlaceClasses =
    WordClass::kCountry | WordClass::kCapital | WordClass::kCity;
inline constexpr uint32_t kNameClasses = kPlaceClasses | WordClass::kFirstName |
                                         WordClass::kLastName | WordClass::kMediaName |
                                         WordClass::kOrganizationName;

/// The closed classes that the phrases of German are built around, by form: the tables
/// "determiners", "pronouns" and "phrase_words". Immutable after construction and thread-safe.
struct PhraseGrammar {
  /// Copies what it needs; a table that the lexicon lacks is empty.
  explicit PhraseGrammar(const Lexicon& lexicon);

  WordMap<Determiner> determiners;
  WordMap<Pronoun> pronouns;
  WordMap<Pronoun> relatives;
  WordSet particles;
  WordSet measures;
  WordSet partitives;
  WordSet passives;
  WordSet approximators;
  WordMap<std::string> focus_particles;  ///< "vor allem": the first word by the second.
  WordSet coordinators;
  WordMap<AttributePreposition> prepositions;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PHRASES_PHRASE_GRAMMAR_H_
