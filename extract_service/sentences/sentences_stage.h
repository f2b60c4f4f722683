#ifndef LAGEBILD_EXTRACT_SERVICE_SENTENCES_SENTENCES_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_SENTENCES_SENTENCES_STAGE_H_

#include <functional>
#include <string_view>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// What the sentence splitter asks about words.
struct SentenceWords {
  /// Whether a capitalised word owes its capital to a sentence's beginning: an article, pronoun,
  /// preposition, adverb or verb; but for articles and "es" none that is a noun as well.
  std::function<bool(std::string_view form)> is_lower_case_word;
  /// Whether it names a month.
  std::function<bool(std::string_view form)> is_month;
  /// Whether it is an abbreviation with its stop ("St.").
  std::function<bool(std::string_view form)> is_abbreviation;
  /// Whether a capitalised article, preposition, conjunction or adverb, or a pronoun or an
  /// adjective before its verb, can only begin a sentence before the word behind it, unlike "Sie"
  /// (polite) and "Die" of a paper's name.
  std::function<bool(std::string_view form, std::string_view next)> begins_sentence =
      [](std::string_view, std::string_view) { return false; };
  /// Whether it is an adjective without an ending ("zuständig").
  std::function<bool(std::string_view form)> is_predicate = [](std::string_view) { return false; };
  /// Whether it is a first name.
  std::function<bool(std::string_view form)> is_first_name = [](std::string_view) { return false; };
  /// Whether a word in lower case can only be a determiner.
  std::function<bool(std::string_view form)> is_determiner = [](std::string_view) { return false; };
  /// Whether it can be an infinitive or a participle.
  std::function<bool(std::string_view form)> is_nonfinite = [](std::string_view) { return false; };
  /// Whether something must stand behind a word in lower case: an article, preposition, conjunction
  /// or auxiliary.
  std::function<bool(std::string_view form)> goes_on = [](std::string_view) { return false; };
};

/// Pairs the quotation marks of a tokenised text. A pair stays inside its paragraph, or goes on
/// where the next paragraph reopens it with a mark of its own. Marks without partner make no pair.
std::vector<Quotation> PairQuotations(std::string_view text, const std::vector<Token>& tokens);

/// Stage "sentences": writes sentences, Token::sentence and quotations.
///
/// Sentences lie in titles, headings, body and captions; a region's or paragraph's end ends one. A
/// stop after an abbreviation, an initial or an ordinal ends none unless a word follows that is
/// written with a capital only at a sentence's beginning. A few words that run into such a word
/// without any mark are a heading and a sentence of their own. Marks and brackets that close after
/// the stop belong to the sentence, and so does what follows them in lower case or after a comma.
class SentencesStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  explicit SentencesStage(const Lexicon& lexicon);
  explicit SentencesStage(SentenceWords words) : words_(std::move(words)) {}

  std::string_view name() const override { return "sentences"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  SentenceWords words_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_SENTENCES_SENTENCES_STAGE_H_
