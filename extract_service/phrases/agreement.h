#ifndef LAGEBILD_EXTRACT_SERVICE_PHRASES_AGREEMENT_H_
#define LAGEBILD_EXTRACT_SERVICE_PHRASES_AGREEMENT_H_

#include <cstdint>
#include <string_view>

#include "extract_service/lexicon/lexicon.h"

namespace lagebild::extract {

/// Possible values of agreement as a set: bit `4 * column + case`, columns masculine, feminine,
/// neuter, plural; cases nominative, genitive, dative, accusative.
using Agreement = uint16_t;
inline constexpr Agreement kAnyAgreement = 0xffff;
inline constexpr Agreement kNominatives = 0x1111;
inline constexpr Agreement kGenitives = 0x2222;
inline constexpr Agreement kDatives = 0x4444;
inline constexpr Agreement kNeuters = 0x0f00;
inline constexpr Agreement kPlurals = 0xf000;
/// What an adjective in "-e" stands for behind a definite article: the nominatives of the singular
/// and the accusatives of feminine and neuter.
inline constexpr Agreement kWeakInE = 0x0991;

/// The readings that a morphology leaves open; what it does not say is any.
Agreement AgreementOf(const Morphology& morphology);

/// The morphology of a phrase: gender, number and case from its agreement, the rest from its head.
Morphology MorphologyOf(Agreement agreement, const Morphology& head);

/// Reads "MN FG PD" of the tables: a column (masculine, feminine, neuter, plural) and a case each.
Agreement ParseReadings(std::string_view readings);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PHRASES_AGREEMENT_H_
