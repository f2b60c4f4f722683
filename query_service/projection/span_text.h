#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_SPAN_TEXT_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_SPAN_TEXT_H_

#include <cstddef>
#include <string_view>

#include "lagebild/v1/extraction.pb.h"

namespace lagebild::query {

/// Fills in the words of stored spans, which carry offsets only. Spans that do not lie in the text
/// stay without words.
///
/// `budget` bounds how many bytes are filled in over the filler's life: nested spans of a hostile
/// document could otherwise add up to the square of its length. Not thread-safe.
class SpanTextFiller {
 public:
  explicit SpanTextFiller(std::string_view text, size_t budget = size_t{256} << 20)
      : text_(text), budget_(budget) {}

  void Fill(v1::Span* span);
  void Fill(v1::Region* region);
  void Fill(v1::Sentence* sentence);
  void Fill(v1::Claim* claim);
  void Fill(v1::Figure* figure);
  void Fill(v1::Event* event);
  void Fill(v1::Extraction* extraction);

  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  size_t budget_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_SPAN_TEXT_H_
