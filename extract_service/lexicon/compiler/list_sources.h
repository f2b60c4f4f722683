#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_LIST_SOURCES_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_LIST_SOURCES_H_

#include <filesystem>

#include "absl/status/status.h"
#include "extract_service/lexicon/compiler/lexicon_builder.h"

namespace lagebild::extract {

/// Readers of the project's own lists (`lists` = language/de), to be called after those of the
/// packages and in this order.
/// Errors: NOT_FOUND, INVALID_ARGUMENT with file and what is wrong.

/// closed_class.tsv: articles, pronouns, prepositions, conjunctions, particles, adverbs.
absl::Status AddClosedClass(const std::filesystem::path& lists, LexiconBuilder& builder);

/// The lists that give a class to a word: offices.tsv, organization_nouns.tsv and so on, with the
/// forms of nouns and, where a line says so, compounds that end in them.
absl::Status AddWordLists(const std::filesystem::path& lists, LexiconBuilder& builder);

/// country_words.tsv and the country packages: classes of countries, capitals, demonyms and
/// adjectives of place, and the table "countries" (form, kind, code), in which kind "usual" marks
/// the name a country goes by.
absl::Status AddCountries(const std::filesystem::path& lists,
                          const std::filesystem::path& resources, LexiconBuilder& builder);

/// Every table of the folder, without its columns of examples.
absl::Status AddTables(const std::filesystem::path& lists, LexiconBuilder& builder);

/// Every model of the folder (NAME.model), as the table "models" (name, bytes).
absl::Status AddModels(const std::filesystem::path& models, LexiconBuilder& builder);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_LIST_SOURCES_H_
