#ifndef LAGEBILD_EXTRACT_SERVICE_TIMES_TIMES_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_TIMES_TIMES_STAGE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// One row of language/de/time_words.tsv.
struct TimeWords {
  std::string word_class;
  std::string value;
  std::string forms;  ///< Separated by blanks; "+" at the end stands for adjective endings and for
                      ///< none, "~" for endings only.
};

/// One row of language/de/times.tsv.
struct TimeRule {
  std::string id;
  std::string type;     ///< DATE, TIME, DURATION, SET, or NONE: takes the words away.
  std::string pattern;  ///< As PatternSet reads it.
  std::string value;    ///< A function of values.cc and its arguments.
};

class TimeGrammar;

/// Stage "times": finds time expressions in all of the text and gives each its TIMEX3 value and
/// interval, reckoned from the publication date, days named before and tense.
///
/// Rules and words are data; they are compiled once into one automaton. Where the anchor of a
/// relative expression is unknown the value keeps its X ("XXXX-WXX-1").
class TimesStage : public Stage {
 public:
  /// Errors: INVALID_ARGUMENT when a rule of the tables "times" and "time_words" is malformed.
  static absl::StatusOr<std::unique_ptr<const TimesStage>> Create(const Lexicon& lexicon);
  static absl::StatusOr<std::unique_ptr<const TimesStage>> Create(
      const std::vector<TimeWords>& words, const std::vector<TimeRule>& rules);
  ~TimesStage() override;

  std::string_view name() const override { return "times"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  explicit TimesStage(std::unique_ptr<const TimeGrammar> grammar);

  const std::unique_ptr<const TimeGrammar> grammar_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TIMES_TIMES_STAGE_H_
