#include "common/text/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

namespace lagebild {
namespace {

// The definition, one code point at a time and slow: decodes by arithmetic and encodes again.
std::optional<size_t> NaiveFindInvalid(std::string_view bytes) {
  size_t i = 0;
  while (i < bytes.size()) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const size_t length = lead < 0x80             ? 1
                          : (lead & 0xe0) == 0xc0 ? 2
                          : (lead & 0xf0) == 0xe0 ? 3
                          : (lead & 0xf8) == 0xf0 ? 4
                                                  : 0;
    if (length == 0 || i + length > bytes.size()) {
      return i;
    }
    uint32_t code_point = length == 1 ? lead : lead & (0xffu >> (length + 1));
    for (size_t k = 1; k < length; ++k) {
      const auto byte = static_cast<unsigned char>(bytes[i + k]);
      if ((byte & 0xc0) != 0x80) {
        return i;
      }
      code_point = (code_point << 6) | (byte & 0x3fu);
    }
    const size_t shortest = code_point < 0x80      ? 1
                            : code_point < 0x800   ? 2
                            : code_point < 0x10000 ? 3
                                                   : 4;
    if (length != shortest || code_point > 0x10ffff ||
        (code_point >= 0xd800 && code_point < 0xe000)) {
      return i;
    }
    i += length;
  }
  return std::nullopt;
}

TEST(Utf8Test, KnownCases) {
  for (const char* const good : {"", "abc", "Grüße", "„Zitat“ – 12 €", "\xf0\x9f\x98\x80",
                                 "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(FindInvalidUtf8(good), std::nullopt) << good;
  }
  EXPECT_EQ(FindInvalidUtf8("abcdefghij\xff"), 10u);
  EXPECT_EQ(FindInvalidUtf8("ab\xc3"), 2u);            // Cut.
  EXPECT_EQ(FindInvalidUtf8("\xc0\x80"), 0u);          // Overlong.
  EXPECT_EQ(FindInvalidUtf8("\xe0\x9f\xbf"), 0u);      // Overlong.
  EXPECT_EQ(FindInvalidUtf8("x\xed\xa0\x80"), 1u);     // Surrogate.
  EXPECT_EQ(FindInvalidUtf8("\xf4\x90\x80\x80"), 0u);  // Above U+10FFFF.
  EXPECT_EQ(FindInvalidUtf8("\xf5\x80\x80\x80"), 0u);
  EXPECT_EQ(FindInvalidUtf8("\x80"), 0u);
}

TEST(Utf8Test, AgreesWithTheDefinitionOnAllTwoByteAndRandomInput) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const std::string_view tail : {"", "\x80", "\x80\x80", "z"}) {
        std::string text = {static_cast<char>(first), static_cast<char>(second)};
        text += tail;
        ASSERT_EQ(FindInvalidUtf8(text), NaiveFindInvalid(text)) << first << " " << second;
      }
    }
  }
  std::mt19937 random(7);
  const std::string_view pieces[] = {
      "a", "bcdefgh", "ü", "€", "\xf0\x9f\x98\x80", "\x80", "\xc3", "\xe2\x82", "\xed\xa0\x80"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) {
      text += pieces[random() % (random() % 4 == 0 ? 9 : 5)];
    }
    ASSERT_EQ(FindInvalidUtf8(text), NaiveFindInvalid(text));
  }
}

TEST(Utf8Test, BordersAndCodePoints) {
  const std::string_view text = "aü€😀";
  EXPECT_EQ(text.size(), 10u);
  EXPECT_TRUE(IsCodePointBorder(text, 0));
  EXPECT_TRUE(IsCodePointBorder(text, 3));
  EXPECT_FALSE(IsCodePointBorder(text, 2));
  EXPECT_TRUE(IsCodePointBorder(text, 10));
  EXPECT_FALSE(IsCodePointBorder(text, 11));
  EXPECT_EQ(FloorToCodePoint(text, 5), 3u);
  EXPECT_EQ(FloorToCodePoint(text, 99), 10u);
  EXPECT_EQ(CeilToCodePoint(text, 7), 10u);
  EXPECT_EQ(CeilToCodePoint(text, 2), 3u);
  EXPECT_EQ(Utf8Prefix(text, 4), "aü");
  EXPECT_EQ(CountCodePoints(text), 4u);
  size_t offset = 0;
  EXPECT_EQ(NextCodePoint(text, &offset), U'a');
  EXPECT_EQ(NextCodePoint(text, &offset), U'ü');
  EXPECT_EQ(NextCodePoint(text, &offset), U'€');
  EXPECT_EQ(NextCodePoint(text, &offset), U'😀');
  EXPECT_EQ(offset, text.size());
  offset = 0;
  EXPECT_EQ(NextCodePoint("\xff", &offset), U'\ufffd');
  EXPECT_EQ(offset, 1u);
  EXPECT_EQ(FindNul(std::string_view("ab\0c", 4)), 2u);
  EXPECT_EQ(FindNul("abc"), std::nullopt);
}

}  // namespace
}  // namespace lagebild
