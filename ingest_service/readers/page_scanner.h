#ifndef LAGEBILD_INGEST_SERVICE_READERS_PAGE_SCANNER_H_
#define LAGEBILD_INGEST_SERVICE_READERS_PAGE_SCANNER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lagebild::ingest {

/// Stands for a paragraph's border where the scanner has left out a tag that makes one.
inline constexpr std::string_view kParagraphSeparator = "\xE2\x80\xA9";  // U+2029

/// A page reduced to what the tree builder may safely see.
struct ScannedPage {
  /// Markup of known elements with known attributes, nested at most kMaxNesting deep.
  std::string html;
  /// Contents of <script type="application/ld+json">, at most kMaxJsonLd of them.
  std::vector<std::string_view> json_ld;
};

/// Deepest nesting of elements handed on.
inline constexpr size_t kMaxNesting = 160;
/// Most tags handed on; behind it only text and the borders of paragraphs are.
inline constexpr size_t kMaxTags = 300'000;
inline constexpr size_t kMaxJsonLd = 64;

/// Cuts a page down before it is parsed: HTML's tree construction takes quadratic time and
/// unbounded nesting on hostile input (formatting elements that are opened again in each paragraph,
/// thousands of attributes in a tag, 100,000 open elements), so what the reader has no use for is
/// left out here, in one linear pass. Text is never lost but for scripts, styles, form controls and
/// embedded documents.
///
/// Links become <span role="link">, foreign and interactive elements <span hidden>, formatting tags
/// vanish. `page` is UTF-8 and must outlive the result.
ScannedPage ScanPage(std::string_view page);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_PAGE_SCANNER_H_
