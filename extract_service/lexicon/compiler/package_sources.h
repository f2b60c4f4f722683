#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_PACKAGE_SOURCES_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_PACKAGE_SOURCES_H_

#include <filesystem>

#include "absl/status/status.h"
#include "extract_service/lexicon/compiler/lexicon_builder.h"

namespace lagebild::extract {

/// Readers of the fetched packages (deploy/resources), to be called in this order. `resources` is
/// the directory that deploy/resources/fetch fills, `lists` is language/de. A reading of a form is
/// kept when its lemma occurs in real text in any form. Errors: NOT_FOUND (a package is missing),
/// INVALID_ARGUMENT (not what is expected).
absl::Status AddFrequencies(const std::filesystem::path& resources, LexiconBuilder& builder);
absl::Status AddVerbs(const std::filesystem::path& resources, const std::filesystem::path& lists,
                      LexiconBuilder& builder);
absl::Status AddNouns(const std::filesystem::path& resources, LexiconBuilder& builder);
absl::Status AddAdjectives(const std::filesystem::path& resources,
                           const std::filesystem::path& lists, LexiconBuilder& builder);

/// First and last names, cities, months, weekdays, countries; the table "first_names" (name,
/// gender) holds first names that belong to one gender.
absl::Status AddNames(const std::filesystem::path& resources, LexiconBuilder& builder);

/// The table "cities": one cell of lines "NAME\tCODE\n" in byte order, the names whose country is
/// clear (ISO 3166-1 alpha-2).
absl::Status AddCities(const std::filesystem::path& resources, LexiconBuilder& builder);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_PACKAGE_SOURCES_H_
