#include "common/config/file_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "common/status/error.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

TEST(FileWatchTest, SeesEveryKindOfChangeOnce) {
  TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "file";
  const std::filesystem::path link = directory.path() / "link";
  const auto write = [&directory](const std::string& name, const std::string& text) {
    std::ofstream(directory.path() / name) << text;
  };
  write("file", "one");
  write("other", "two");
  std::filesystem::create_symlink("other", link);
  FileWatch watch({file, link, directory.path() / "missing"}, 0ms);
  EXPECT_FALSE(watch.Changed());
  const auto changes = [&watch] {
    const bool changed = watch.Changed();
    EXPECT_FALSE(watch.Changed());
    return changed;
  };
  write("file", "longer");
  EXPECT_TRUE(changes());
  write("new", "longer");
  std::filesystem::rename(directory.path() / "new", file);  // The same size in another file.
  EXPECT_TRUE(changes());
  std::filesystem::remove(link);
  std::filesystem::create_symlink("file", link);
  EXPECT_TRUE(changes());
  std::filesystem::remove(file);
  EXPECT_TRUE(changes());
  write("missing", "");
  EXPECT_TRUE(changes());
}

TEST(FileWatchTest, LooksNoMoreOftenThanItsPause) {
  TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "file";
  FileWatch watch({file}, 300ms);
  std::ofstream(file) << "x";
  EXPECT_FALSE(watch.Changed());
  std::this_thread::sleep_for(350ms);
  EXPECT_TRUE(watch.Changed());
}

TEST(FileWatchTest, FilesAreReadOrTheReasonIsSaid) {
  TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "file";
  const absl::Status status = ReadConfigFile(file).status();
  EXPECT_EQ(ReasonOf(status), "CONFIG");
  EXPECT_THAT(std::string(status.message()), HasSubstr("file\": No such file"));
  std::ofstream(file) << "";
  EXPECT_EQ(*ReadConfigFile(file), "");
  std::ofstream(file) << "a\nb";
  EXPECT_EQ(*ReadConfigFile(file), "a\nb");
}

}  // namespace
}  // namespace lagebild
