#include "common/storage/keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace lagebild::storage {
namespace {

TEST(KeysTest, OrderOfBytesIsOrderOfValues) {
  std::vector<int64_t> numbers = {INT64_MIN, -5'000'000'000, -1,       0, 1, 255,
                                  256,       5'000'000'000,  INT64_MAX};
  std::vector<std::string> strings = {"",
                                      std::string(1, '\0'),
                                      std::string("\0\0", 2),
                                      std::string("\0a", 2),
                                      "\x01",
                                      "a",
                                      std::string("a\0", 2),
                                      std::string("a\0b", 3),
                                      "a\x01",
                                      "aa",
                                      "b",
                                      "\xff",
                                      "\xff\xff"};
  ASSERT_TRUE(std::is_sorted(strings.begin(), strings.end()));
  std::vector<std::string> keys;
  for (const std::string& text : strings) {
    for (const int64_t number : numbers) {
      std::string key = "t";
      AppendString(&key, text);
      AppendInt64(&key, number);
      AppendUint32(&key, 7);
      keys.push_back(key);
      std::string_view rest = key;
      uint8_t tag = 0;
      std::string read_text;
      int64_t read_number = 0;
      uint32_t seven = 0;
      ASSERT_TRUE(TakeByte(&rest, &tag) && TakeString(&rest, &read_text) &&
                  TakeInt64(&rest, &read_number) && TakeUint32(&rest, &seven));
      EXPECT_EQ(tag, 't');
      EXPECT_EQ(read_text, text);
      EXPECT_EQ(read_number, number);
      EXPECT_EQ(seven, 7u);
      EXPECT_TRUE(rest.empty());
    }
  }
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST(KeysTest, TakesNothingFromWhatIsNotAKey) {
  std::mt19937 random(5);
  for (int round = 0; round < 10'000; ++round) {
    std::string bytes(random() % 10, '\0');
    for (char& c : bytes) {
      c = static_cast<char>(random() % 3 == 0 ? 0 : random());
    }
    std::string_view rest = bytes;
    std::string text;
    if (TakeString(&rest, &text)) {
      std::string again;
      AppendString(&again, text);
      EXPECT_EQ(again + std::string(rest), bytes);
    } else {
      EXPECT_EQ(rest, bytes);
    }
    uint64_t number = 0;
    rest = bytes;
    EXPECT_EQ(TakeUint64(&rest, &number), bytes.size() >= 8);
  }
}

TEST(KeysTest, PrefixEnd) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd("a\xff\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff"), std::nullopt);
  EXPECT_EQ(PrefixEnd(""), std::nullopt);
}

}  // namespace
}  // namespace lagebild::storage
