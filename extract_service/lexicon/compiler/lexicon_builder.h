#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_LEXICON_BUILDER_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_LEXICON_BUILDER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"

namespace lagebild::extract {

/// A table as read from a TSV file, example columns left out.
struct SourceTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// Collects forms, readings, classes and tables, and writes them as one lexicon file.
///
/// The bytes depend on what was added, not on the order of adding, except for the rows of tables.
/// Not thread-safe.
class LexiconBuilder {
 public:
  struct Reading {
    uint32_t lemma = 0;  ///< Index into lemmas of the builder.
    Pos pos = Pos::kUnknown;
    uint32_t morphology = 0;
  };
  struct Form {
    std::vector<Reading> readings;
    uint32_t classes = 0;
    uint32_t cluster = 0;
    float log_probability = 0;
  };

  /// Adds what a corpus knows of a form.
  void AddFrequency(std::string_view form, float log_probability);
  void AddCluster(std::string_view form, uint32_t cluster);
  /// Whether AddFrequency() was called for the form: it occurs in real text.
  bool Occurs(std::string_view form) const;
  /// Its log-probability; -30 when it does not occur.
  float LogProbability(std::string_view form) const;

  /// Adds a reading of a form, or its morphology to the reading of the same lemma, part of speech,
  /// number, mood and tense.
  void AddReading(std::string_view form, std::string_view lemma, Pos pos, uint32_t morphology);
  void AddClasses(std::string_view form, uint32_t classes);
  bool HasReading(std::string_view form) const;
  bool HasReading(std::string_view form, Pos pos) const;
  uint32_t Classes(std::string_view form) const;
  /// All forms that have a noun reading with this lemma, sorted.
  std::vector<std::string> NounForms(std::string_view lemma) const;
  /// Declines a compound as its head is declined: "Hafenrat" as "Rat". `head` is a lemma that ends
  /// the compound but for the case of its first letter.
  void DeclineAs(std::string_view compound, std::string_view head);
  /// Calls for every form in byte order; the callback may change the form but add none.
  void ForEachForm(const std::function<void(const std::string&, Form&)>& visit);

  void AddTable(std::string_view name, SourceTable table);

  /// The least probable forms that have neither readings nor classes are dropped until at most this
  /// many forms are left.
  void Prune(size_t max_forms);

  /// Writes the file (under a temporary name first). Errors: OUT_OF_RANGE when a format limit is
  /// exceeded or two forms cannot be told apart, UNAVAILABLE when the file cannot be written.
  absl::Status Write(const std::filesystem::path& path) const;

  size_t form_count() const { return forms_.size(); }

 private:
  absl::StatusOr<std::string> Serialize() const;

  absl::flat_hash_map<std::string, Form> forms_;
  absl::flat_hash_map<std::string, uint32_t> lemma_numbers_;
  std::vector<std::string> lemmas_;
  absl::flat_hash_map<uint32_t, std::vector<std::string>> noun_forms_;
  std::map<std::string, SourceTable, std::less<>> tables_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_LEXICON_BUILDER_H_
