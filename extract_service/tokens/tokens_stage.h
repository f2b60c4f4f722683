#ifndef LAGEBILD_EXTRACT_SERVICE_TOKENS_TOKENS_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_TOKENS_TOKENS_STAGE_H_

#include <functional>
#include <string_view>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Says whether a form that ends in a full stop ("Dr.") is an abbreviation.
using IsAbbreviation = std::function<bool(std::string_view form)>;

/// Splits a text into tokens in one pass. What makes one token:
///  - a word with inner hyphens, apostrophes and digits ("US-Regierung", "D'Alema", "G20",
///    "20-jährige", "1990er"), also with the hyphen that stands for a later part ("Innen-");
///  - an abbreviation with its stops ("Dr.", "z.B."), a single letter with its stop ("W.");
///  - a number with its separators, also a date or clock in digits ("12.000", "1,5", "18.10.2024",
///    "17:46", "1925/26", "2024-10-18"); the stop of an ordinal ("3.") is a token of its own;
///  - a URL, host name, mail address, hashtag or handle (all kWord);
///  - a quotation mark, typed by its shape and what stands around it; a run of points, also in
///    brackets ("(...)"); any other mark or symbol by itself.
/// Blanks and control characters lie between tokens. Words longer than 1,024 bytes are cut.
std::vector<Token> Tokenize(std::string_view text, const IsAbbreviation& is_abbreviation);

/// Stage "tokens": Tokenize() with the lexicon's abbreviations.
class TokensStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  explicit TokensStage(const Lexicon& lexicon) : lexicon_(lexicon) {}

  std::string_view name() const override { return "tokens"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  const Lexicon& lexicon_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TOKENS_TOKENS_STAGE_H_
