#ifndef LAGEBILD_COMMON_TEXT_SPAN_H_
#define LAGEBILD_COMMON_TEXT_SPAN_H_

#include <cstdint>
#include <string_view>

namespace lagebild {

/// A half-open range of UTF-8 bytes in a document's text, on code-point borders.
///
/// Spans hold offsets, never views: the text is owned by one place and everything else points into
/// it.
struct Span {
  int32_t begin = 0;  ///< First byte, >= 0.
  int32_t end = 0;    ///< One past the last byte, >= begin.

  constexpr int32_t size() const { return end - begin; }
  constexpr bool empty() const { return end <= begin; }
  constexpr bool Contains(const Span& other) const {
    return begin <= other.begin && other.end <= end;
  }
  constexpr bool Overlaps(const Span& other) const {
    return begin < other.end && other.begin < end;
  }
  /// The words at this span. REQUIRES: end <= text.size().
  constexpr std::string_view In(std::string_view text) const {
    return text.substr(static_cast<size_t>(begin), static_cast<size_t>(size()));
  }

  friend constexpr bool operator==(const Span&, const Span&) = default;
  // The check takes the zero that a rewritten comparison is made with for a null pointer.
  friend constexpr auto operator<=>(const Span&,
                                    const Span&) = default;  // NOLINT(modernize-use-nullptr)
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_TEXT_SPAN_H_
