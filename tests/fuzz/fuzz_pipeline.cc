// The whole analysis on any text: nothing crashes, every span lies in the text on code-point
// borders, and a second run gives the same bytes.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/text/utf8.h"
#include "extract_service/contract/extraction.h"
#include "extract_service/contract/span_texts.h"
#include "extract_service/pipeline/pipeline.h"

namespace lagebild::extract {
namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

const Pipeline& ThePipeline() {
  static const auto pipeline = Pipeline::Create(Lexicon::DefaultPath());
  if (!pipeline.ok()) {
    std::fprintf(stderr, "%s\n", std::string(pipeline.status().message()).c_str());
    std::abort();
  }
  return **pipeline;
}

// The text the analysis is promised: UTF-8 without NUL.
std::string Cleaned(std::string_view bytes) {
  std::string text;
  for (size_t at = 0; at < bytes.size();) {
    const size_t begin = at;
    const char32_t c = NextCodePoint(bytes, &at);
    if (c == 0) {
      text += ' ';
    } else if (c == 0xFFFD) {
      text += "\xEF\xBF\xBD";
    } else {
      text += bytes.substr(begin, at - begin);
    }
  }
  return text;
}

void Check(std::string_view bytes) {
  // The first byte chooses whether a publication date is known.
  const bool dated = !bytes.empty() && (bytes.front() & 1) != 0;
  const std::string text = Cleaned(bytes);
  if (text.empty()) return;
  DeclaredMetadata declared;
  if (dated) declared.published = "2024-10-21";
  const Pipeline& pipeline = ThePipeline();
  v1::Extraction extraction;
  FillExtraction(pipeline.Analyze(text, declared), pipeline.version(), SpanTexts::kLeftOut,
                 extraction);
  v1::Extraction again;
  FillExtraction(pipeline.Analyze(text, declared), pipeline.version(), SpanTexts::kLeftOut, again);
  Require(SerializeDeterministic(extraction) == SerializeDeterministic(again),
          "equal input gives equal bytes");
  Require(FillSpanTexts(text, extraction).ok(), "spans lie in the text");
}

}  // namespace
}  // namespace lagebild::extract

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lagebild::extract::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
