#include "query_service/projection/item_names.h"

#include <gtest/gtest.h>

namespace lagebild::query {
namespace {

TEST(ItemNameTest, IdsArePercentEncodedAndComeBack) {
  const std::string name = MakeItemName("url-a/b ä", "claims", "c%1");
  EXPECT_EQ(name, "documents/url-a%2Fb%20%C3%A4/claims/c%251");
  std::string document;
  std::string claim;
  ASSERT_TRUE(ParseItemName(name, "claims", &document, &claim));
  EXPECT_EQ(document, "url-a/b ä");
  EXPECT_EQ(claim, "c%1");
}

TEST(ItemNameTest, OtherFormsAreRefused) {
  std::string document;
  std::string claim;
  for (const char* name :
       {"", "documents", "documents/", "documents/a", "documents/a/claims", "documents/a/claims/",
        "documents//claims/c", "documents/a/figures/c", "documents/a/claims/c/d",
        "documents/a%/claims/c", "documents/a%zz/claims/c", "documents/a/claimsx/c"}) {
    EXPECT_FALSE(ParseItemName(name, "claims", &document, &claim)) << name;
  }
}

}  // namespace
}  // namespace lagebild::query
