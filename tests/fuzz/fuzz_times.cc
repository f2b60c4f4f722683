// The time engine on any text and publication date: nothing crashes, every value is TIMEX3 and lies
// in its interval, and a second reading gives the same.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "common/text/utf8.h"
#include "extract_service/sentences/sentences_stage.h"
#include "extract_service/times/times_stage.h"
#include "extract_service/tokens/tokens_stage.h"
#include "tests/unit/extract_service/support/timex3.h"

namespace lagebild::extract {
namespace {

void Require(bool condition, std::string_view what) {
  if (condition) return;
  std::fprintf(stderr, "violated: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

struct Engine {
  Engine() {
    auto opened = Lexicon::Open(Lexicon::DefaultPath());
    Require(opened.ok(), "the lexicon opens");
    lexicon = *std::move(opened);
    auto stage = TimesStage::Create(*lexicon);
    Require(stage.ok(), "the rules compile");
    times = *std::move(stage);
    tokens = std::make_unique<TokensStage>(*lexicon);
    sentences = std::make_unique<SentencesStage>(*lexicon);
  }

  AnnotatedDocument Read(const std::string& text, std::string_view published) const {
    AnnotatedDocument document(text, {});
    tokens->Annotate(document);
    sentences->Annotate(document);
    if (!published.empty()) {
      document.published = Publication{IntervalOf(published, ""), std::nullopt, "fuzz", 1};
    }
    times->Annotate(document);
    return document;
  }

  std::unique_ptr<const Lexicon> lexicon;
  std::unique_ptr<const TokensStage> tokens;
  std::unique_ptr<const SentencesStage> sentences;
  std::unique_ptr<const TimesStage> times;
};

// The first two bytes choose when the text was published: unknown, some year, month or day.
std::string PublishedBy(uint8_t kind, uint8_t number) {
  const Day day = *MakeDay(2023, 1, 1) + std::chrono::days(number * 4);
  switch (kind % 6) {
    case 0:
      return "";
    case 1:
      return IsoDay(day).substr(0, 4);
    case 2:
      return IsoDay(day).substr(0, 7);
    case 3:
      return number % 2 == 0 ? "0001-01-01" : "9999-12-31";
    default:
      return IsoDay(day);
  }
}

void Check(const uint8_t* data, size_t size) {
  static const Engine engine;
  if (size < 3) return;
  const std::string published = PublishedBy(data[0], data[1]);
  const std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (FindInvalidUtf8(text).has_value() || FindNul(text).has_value()) return;
  const AnnotatedDocument document = engine.Read(text, published);
  Require(FaultOfTimes(document).empty(), FaultOfTimes(document));
  const AnnotatedDocument again = engine.Read(text, published);
  Require(document.times.size() == again.times.size(), "equal input gives equal times");
  for (size_t i = 0; i < document.times.size(); ++i) {
    Require(document.times[i].span == again.times[i].span &&
                document.times[i].value == again.times[i].value,
            "equal input gives equal times");
  }
}

}  // namespace
}  // namespace lagebild::extract

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lagebild::extract::Check(data, size);
  return 0;
}
