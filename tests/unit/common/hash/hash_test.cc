#include "common/hash/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace lagebild {
namespace {

// Published test vectors: the values are stored, so they must never change.
TEST(HashTest, KnownValues) {
  EXPECT_EQ(Hash64(""), 0xef46db3751d8e999u);
  EXPECT_EQ(Hash64("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(Hash64("abc"), 0x44bc2cf5ad770999u);
  EXPECT_EQ(Hash64("Nobody inspects the spammish repetition"), 0xfbcea83c8a378bf1u);
  EXPECT_NE(Hash64("abc", 1), Hash64("abc"));
  EXPECT_EQ(Crc32c(""), 0u);
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43u);
}

TEST(HashTest, EveryLengthDiffers) {
  const std::string bytes(100, 'x');
  for (size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_NE(Hash64(bytes.substr(0, length)), Hash64(bytes.substr(0, length - 1)));
    EXPECT_NE(Crc32c(bytes.substr(0, length)), Crc32c(bytes.substr(0, length - 1)));
  }
}

}  // namespace
}  // namespace lagebild
