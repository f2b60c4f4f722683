#ifndef LAGEBILD_EXTRACT_SERVICE_DOCUMENT_LANGUAGE_LANGUAGE_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_DOCUMENT_LANGUAGE_LANGUAGE_STAGE_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Tells the language of a text by the function words of a few languages and, for German, by the
/// share of words that the dictionary knows: a headline has hardly any function word.
/// Immutable, thread-safe.
class LanguageGuesser {
 public:
  /// Whether the German dictionary has a reading for the form.
  using IsGermanForm = std::function<bool(std::string_view form)>;

  /// `function_words`: pairs of an ISO 639-1 code and its words, separated by blanks.
  /// Errors: INVALID_ARGUMENT when German is missing or there are more than 32 languages.
  static absl::StatusOr<LanguageGuesser> Create(
      const std::vector<std::pair<std::string, std::string>>& function_words,
      IsGermanForm is_german_form);

  /// ISO 639-1 code; "und" when the text is too short to tell or its script or language is not
  /// among those known. Looks at as many words as it takes to be sure, at most 3,000.
  std::string Guess(std::string_view text) const;

 private:
  std::vector<std::string> languages_;  // languages_[0] is German.
  WordMap<uint32_t> words_;             // Bit i: word of languages_[i].
  IsGermanForm is_german_form_;
};

/// Stage "language": writes AnnotatedDocument::language.
class LanguageStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  /// Errors: those of LanguageGuesser::Create() on the table "function_words".
  static absl::StatusOr<LanguageStage> Create(const Lexicon& lexicon);

  std::string_view name() const override { return "language"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  explicit LanguageStage(LanguageGuesser guesser) : guesser_(std::move(guesser)) {}

  LanguageGuesser guesser_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_DOCUMENT_LANGUAGE_LANGUAGE_STAGE_H_
