#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_SPAN_TEXT_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_SPAN_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
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

/// Copies encoded items of a record with the words of their spans put in: an article has some
/// hundred spans, and strings of their own that are allocated, checked and encoded cost more than
/// the rest of an item.
///
/// Holds a view of the text. `budget` bounds how many bytes of words are written over the writer's
/// life, as in SpanTextFiller. Not thread-safe.
class SpanTextWriter {
 public:
  SpanTextWriter(std::string_view text, size_t budget) : text_(text), budget_(budget) {}

  // Append an item, given as the bytes of its message, as a field of a message. Of an item that
  // is none, what can be read of it.
  void AppendSentence(std::string* bytes, uint32_t field, std::string_view sentence);
  void AppendClaim(std::string* bytes, uint32_t field, std::string_view claim);
  void AppendFigure(std::string* bytes, uint32_t field, std::string_view figure);
  void AppendEvent(std::string* bytes, uint32_t field, std::string_view event);
  /// The same for the span of a sentence alone.
  void AppendSpanOfSentence(std::string* bytes, uint32_t field, std::string_view sentence);

  /// The words of a span; empty where it does not lie in the text. Not bounded by the budget.
  std::string_view WordsOf(const v1::Span& span) const;

 private:
  void AppendItem(std::string* bytes, uint32_t field, std::string_view item, uint64_t spans,
                  uint32_t links);
  void AppendSpan(std::string* bytes, uint32_t field, std::string_view span);
  void AppendWithWords(std::string_view item, uint64_t spans, uint32_t links, std::string* bytes);

  std::string_view text_;
  size_t budget_;
  std::string with_words_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_SPAN_TEXT_H_
