#include "query_service/index/items.h"

#include <gtest/gtest.h>

namespace lagebild::query {
namespace {

ItemHeader HeaderAt(int32_t begin) {
  ItemHeader header;
  header.begin = begin;
  return header;
}

TEST(ItemsTest, ItemsComeBackInOrderAndByNumber) {
  ItemsWriter writer("document");
  EXPECT_TRUE(writer.empty());
  for (int32_t i = 0; i < 300; ++i)
    writer.Add(HeaderAt(i), std::string(static_cast<size_t>(i), 'x'));
  EXPECT_FALSE(writer.empty());
  ItemsReader all(writer.value());
  for (uint32_t i = 0; i < 300; ++i) {
    const auto item = all.Next();
    ASSERT_TRUE(item.has_value());
    EXPECT_EQ(item->number, i);
    EXPECT_EQ(item->header, HeaderAt(static_cast<int32_t>(i)));
    EXPECT_EQ(item->document, "document");
    EXPECT_EQ(item->entry.size(), i);
  }
  EXPECT_FALSE(all.Next().has_value());
  EXPECT_FALSE(all.damaged());

  ItemsReader some(writer.value());
  EXPECT_EQ(some.Seek(7)->entry.size(), 7u);
  EXPECT_EQ(some.Next()->entry.size(), 8u);
  EXPECT_EQ(some.Seek(299)->entry.size(), 299u);
  EXPECT_FALSE(some.Seek(300).has_value());
}

TEST(ItemsTest, DamageIsTold) {
  ItemsWriter writer("document");
  writer.Add(HeaderAt(1), "entry");
  for (size_t size = 0; size < writer.value().size(); ++size) {
    ItemsReader cut(std::string_view(writer.value()).substr(0, size));
    EXPECT_FALSE(cut.Next().has_value());
    EXPECT_EQ(cut.damaged(), size != 9) << size;  // Nine bytes are a value without items.
  }
}

}  // namespace
}  // namespace lagebild::query
