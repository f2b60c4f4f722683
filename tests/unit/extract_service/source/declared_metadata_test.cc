#include "extract_service/source/declared_metadata.h"

#include <gtest/gtest.h>

namespace lagebild::extract {
namespace {

TEST(DeclaredMetadataTest, KeepsWhatIsDeclaredAndDropsRegionsOffTheText) {
  v1::Document document;
  document.set_id("d1");
  document.set_text("Grün und gut");
  document.mutable_metadata()->set_published("2024-10-21");
  document.mutable_metadata()->set_title("Grün");
  const auto add = [&document](int begin, int end, v1::RegionKind kind) {
    v1::Region& region = *document.add_marked_regions();
    region.mutable_span()->set_begin(begin);
    region.mutable_span()->set_end(end);
    region.set_kind(kind);
  };
  add(0, 5, v1::REGION_KIND_TITLE);
  add(0, 3, v1::REGION_KIND_HEADING);  // In the middle of the ü.
  add(6, 99, v1::REGION_KIND_BODY);
  add(-1, 2, v1::REGION_KIND_BODY);
  add(6, 9, v1::REGION_KIND_SOURCE_LINE);
  const DeclaredMetadata declared = DeclaredOf(document);
  EXPECT_EQ(declared.document_id, "d1");
  EXPECT_EQ(declared.published, "2024-10-21");
  EXPECT_EQ(declared.title, "Grün");
  ASSERT_EQ(declared.regions.size(), 2u);
  EXPECT_EQ(declared.regions[0].kind, RegionKind::kTitle);
  EXPECT_EQ(declared.regions[1].kind, RegionKind::kSourceLine);
}

// The kinds of the pipeline are those of the contract, number for number.
TEST(DeclaredMetadataTest, MapsEveryKind) {
  for (int kind = v1::RegionKind_MIN; kind <= v1::RegionKind_MAX; ++kind) {
    v1::Document document;
    document.set_text("abc");
    v1::Region& region = *document.add_marked_regions();
    region.mutable_span()->set_end(3);
    region.set_kind(static_cast<v1::RegionKind>(kind));
    EXPECT_EQ(static_cast<int>(DeclaredOf(document).regions.at(0).kind), kind);
  }
}

}  // namespace
}  // namespace lagebild::extract
