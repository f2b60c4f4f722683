#include "common/storage/high_water.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/status/error.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::storage {
namespace {

using ::testing::HasSubstr;

class HighWaterTest : public ::testing::Test {
 protected:
  void Write(std::string_view bytes) { std::ofstream(file_, std::ios::binary) << bytes; }

  TemporaryDirectory directory_;
  const std::filesystem::path file_ = directory_.path() / "head.lagebild";
};

TEST_F(HighWaterTest, RemembersTheHighest) {
  {
    const auto number = *HighWater::Open(file_);
    EXPECT_EQ(number->value(), 0);
    ASSERT_TRUE(number->Raise(7).ok());
    ASSERT_TRUE(number->Raise(int64_t{1} << 40).ok());
    EXPECT_EQ(number->value(), int64_t{1} << 40);
  }
  EXPECT_EQ((*HighWater::Open(file_))->value(), int64_t{1} << 40);
}

TEST_F(HighWaterTest, WhatAPowerCutLeavesOfANewFileIsNothing) {
  for (const std::string& left : {std::string(), std::string(12, '\0'), std::string(5, '\0')}) {
    Write(left);
    EXPECT_EQ((*HighWater::Open(file_))->value(), 0);
  }
}

TEST_F(HighWaterTest, DamageNamesTheFileAndTheWayOut) {
  ASSERT_TRUE((*HighWater::Open(file_))->Raise(1000).ok());
  std::string bytes(12, '\0');
  std::ifstream(file_, std::ios::binary).read(bytes.data(), 12);
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const bool cut : {false, true}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
      if (cut) {
        damaged = bytes.substr(0, i);
      }
      Write(damaged);
      const auto opened = HighWater::Open(file_);
      if (opened.ok()) {
        EXPECT_TRUE(cut && damaged.find_first_not_of('\0') == std::string::npos) << i;
        continue;
      }
      EXPECT_EQ(ReasonOf(opened.status()), "DATABASE_DAMAGED");
      EXPECT_THAT(std::string(opened.status().message()), HasSubstr(file_.string()));
      EXPECT_THAT(std::string(opened.status().message()), HasSubstr("delete this file"));
    }
  }
}

TEST_F(HighWaterTest, AFileThatCannotBeWrittenIsNamed) {
  const auto opened = HighWater::Open(directory_.path() / "nothing" / "head.lagebild");
  EXPECT_EQ(ReasonOf(opened.status()), "DIRECTORY_NOT_WRITABLE");
}

}  // namespace
}  // namespace lagebild::storage
