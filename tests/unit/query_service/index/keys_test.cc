#include "query_service/index/keys.h"

#include <gtest/gtest.h>

namespace lagebild::query {
namespace {

TEST(KeysTest, GroupsSortNewestFirst) {
  const std::string newest = MakeGroup(20'000, 700, 5);
  EXPECT_EQ(newest.size(), kGroupBytes);
  EXPECT_LT(newest, MakeGroup(20'000, 699, 9));
  EXPECT_LT(newest, MakeGroup(20'000, 700, 4));
  EXPECT_LT(MakeGroup(20'000, 700, 6), newest);
  EXPECT_LT(newest, MakeGroup(-3, 0, 1));
  EXPECT_LT(MakeGroup(0, 0, 1), MakeGroup(-1, 1439, 1));
  EXPECT_EQ(PositionOf(newest), 5);
  EXPECT_EQ(DayOf(newest), 20'000);
  EXPECT_EQ(DayOf(MakeGroup(-719'000, 0, 1)), -719'000);
  EXPECT_EQ(newest.substr(0, 4), GroupDayPrefix(20'000));
}

TEST(KeysTest, ItemNumbersComeBack) {
  for (const std::vector<uint32_t>& items :
       {std::vector<uint32_t>{}, {0}, {0, 1, 2}, {127, 128, 300}, {5, 4'000'000'000u}}) {
    std::vector<uint32_t> decoded = {99};
    ASSERT_TRUE(DecodeItems(EncodeItems(items), &decoded));
    EXPECT_EQ(decoded, items);
  }
  std::vector<uint32_t> decoded;
  EXPECT_FALSE(DecodeItems("\x80", &decoded));
  EXPECT_FALSE(DecodeItems("\xff\xff\xff\xff\xff\xff", &decoded));
}

TEST(KeysTest, HeadersComeBack) {
  ItemHeader header;
  header.fragment = true;
  header.acts = 0x0802;
  header.polarities = 2;
  header.certainties = 0x22;
  header.kinds = 4;
  header.confidence = 0.375;
  header.event_first = -5;
  header.published_last = 20'000;
  header.begin = 77;
  std::string bytes;
  AppendHeader(&bytes, header);
  bytes += "entry";
  std::string_view rest = bytes;
  ItemHeader decoded;
  ASSERT_TRUE(TakeHeader(&rest, &decoded));
  EXPECT_EQ(decoded, header);
  EXPECT_EQ(rest, "entry");
  rest = std::string_view(bytes).substr(0, 10);
  EXPECT_FALSE(TakeHeader(&rest, &decoded));
}

TEST(KeysTest, TimelinesSortByEarliestLatestPositionUndatedLast) {
  const auto place = [](int32_t first, int32_t last, int64_t position, int32_t begin) {
    ItemHeader header;
    header.event_first = first;
    header.event_last = last;
    header.begin = begin;
    return TimelinePlace(header, position, ItemKind::kEvent, 3);
  };
  const std::vector<std::string> in_order = {
      place(-10, -10, 9, 0),
      place(10, 10, 1, 0),
      place(10, 10, 1, 7),
      place(10, 10, 2, 0),
      place(10, 20, 1, 0),
      place(10, kOpenEnd, 1, 0),
      place(kOpenBeginning, 15, 1, 0),  // An open beginning stands at its end.
      place(16, 16, 1, 0),
      place(kOpenBeginning, kOpenEnd, 1, 0),
  };
  for (size_t i = 1; i < in_order.size(); ++i) EXPECT_LT(in_order[i - 1], in_order[i]) << i;
  EXPECT_EQ(in_order[0].size(), kTimelinePlaceBytes);
  EXPECT_EQ(KindOfPlace(in_order[0]), ItemKind::kEvent);
  EXPECT_EQ(ItemOfPlace(in_order[0]), 3u);
}

TEST(KeysTest, VersionsComeBack) {
  VersionRecord version;
  version.kind = VersionRecord::Kind::kFailed;
  version.document_position = 12;
  version.version = 3;
  version.recorded_at_us = 1'900'000'000'000'000;
  version.published_end_us = -1;
  version.group = MakeGroup(1, 2, 12);
  version.document_id = std::string("a\0b", 3);
  version.reference = "ref";
  const auto decoded = DecodeVersion(EncodeVersion(version));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->kind, version.kind);
  EXPECT_EQ(decoded->document_position, 12);
  EXPECT_EQ(decoded->version, 3);
  EXPECT_EQ(decoded->recorded_at_us, version.recorded_at_us);
  EXPECT_EQ(decoded->published_end_us, -1);
  EXPECT_EQ(decoded->group, version.group);
  EXPECT_EQ(decoded->document_id, version.document_id);
  EXPECT_EQ(decoded->reference, "ref");
  EXPECT_FALSE(DecodeVersion("\x01").has_value());
  EXPECT_FALSE(DecodeVersion("").has_value());
}

}  // namespace
}  // namespace lagebild::query
