#include "extract_service/source/declared_metadata.h"

#include "common/text/utf8.h"

namespace lagebild::extract {
namespace {

constexpr std::string_view kMarkupRule = "markup";

RegionKind KindOf(v1::RegionKind kind) {
  switch (kind) {
    case v1::REGION_KIND_TITLE:
      return RegionKind::kTitle;
    case v1::REGION_KIND_HEADING:
      return RegionKind::kHeading;
    case v1::REGION_KIND_BODY:
      return RegionKind::kBody;
    case v1::REGION_KIND_DATELINE:
      return RegionKind::kDateline;
    case v1::REGION_KIND_CAPTION:
      return RegionKind::kCaption;
    case v1::REGION_KIND_BOILERPLATE:
      return RegionKind::kBoilerplate;
    case v1::REGION_KIND_SOURCE_LINE:
      return RegionKind::kSourceLine;
    default:
      return RegionKind::kUnspecified;
  }
}

bool LiesIn(std::string_view text, const Span& span) {
  return span.begin >= 0 && span.begin < span.end && static_cast<size_t>(span.end) <= text.size() &&
         IsCodePointBorder(text, static_cast<size_t>(span.begin)) &&
         IsCodePointBorder(text, static_cast<size_t>(span.end));
}

}  // namespace

DeclaredMetadata DeclaredOf(std::string_view document_id, const v1::DocumentMetadata& metadata) {
  DeclaredMetadata declared;
  declared.document_id = document_id;
  declared.published = metadata.published();
  declared.title = metadata.title();
  declared.outlet = metadata.outlet();
  declared.url = metadata.url();
  return declared;
}

DeclaredMetadata DeclaredOf(const v1::Document& document) {
  DeclaredMetadata declared = DeclaredOf(document.id(), document.metadata());
  for (const v1::Region& region : document.marked_regions()) {
    const Span span = {region.span().begin(), region.span().end()};
    if (LiesIn(document.text(), span)) {
      declared.regions.push_back({span, KindOf(region.kind()), kMarkupRule, region.confidence()});
    }
  }
  return declared;
}

}  // namespace lagebild::extract
