#ifndef LAGEBILD_EXTRACT_SERVICE_PIPELINE_PIPELINE_H_
#define LAGEBILD_EXTRACT_SERVICE_PIPELINE_PIPELINE_H_

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Time spent in each stage, summed over the documents it is given to. Not thread-safe: give every
/// thread its own and Add() them up.
struct StageProfile {
  std::vector<std::chrono::nanoseconds> stages;  ///< In the order of Pipeline::stage_names().

  void Add(const StageProfile& other);
};

/// The whole analysis of one document: the stages of stages.cc, one after the other.
///
/// Immutable and thread-safe; one Pipeline serves all threads of a process. Analyze() never throws,
/// never waits, and takes time linear in the length of the text. Equal text, metadata and version()
/// give equal layers, on any machine and in any order.
class Pipeline {
 public:
  /// Opens the lexicon and builds the stages.
  /// Errors: those of Lexicon::Open() (NOT_FOUND, DATA_LOSS, FAILED_PRECONDITION), and
  /// INVALID_ARGUMENT when a table in it is missing or malformed.
  static absl::StatusOr<std::unique_ptr<const Pipeline>> Create(
      const std::filesystem::path& lexicon_path);

  /// Analyses a text. Documents in another language than German carry the layers language and
  /// regions and nothing else. A layer with more than kMaxItemsPerLayer items is cut and named in
  /// AnnotatedDocument::truncated_layers.
  /// REQUIRES: as AnnotatedDocument says of its text.
  AnnotatedDocument Analyze(std::string text, DeclaredMetadata declared) const;

  /// The same, and adds the time of each stage to the profile.
  AnnotatedDocument Analyze(std::string text, DeclaredMetadata declared,
                            StageProfile& profile) const;

  /// Version of code and data together, "0.1.0+a1b2c3d4": the program's version and the hash of the
  /// compiled lexicon with everything in it.
  std::string_view version() const { return version_; }

  /// Names of the stages in the order they run in.
  std::vector<std::string_view> stage_names() const;

  const Lexicon& lexicon() const { return *lexicon_; }

 private:
  Pipeline(std::unique_ptr<const Lexicon> lexicon,
           std::vector<std::unique_ptr<const Stage>> stages);

  AnnotatedDocument Run(std::string text, DeclaredMetadata declared, StageProfile* profile) const;

  const std::unique_ptr<const Lexicon> lexicon_;
  const std::vector<std::unique_ptr<const Stage>> stages_;
  const std::string version_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PIPELINE_PIPELINE_H_
