#ifndef LAGEBILD_TESTS_UNIT_COMMON_TEMPORARY_DIRECTORY_H_
#define LAGEBILD_TESTS_UNIT_COMMON_TEMPORARY_DIRECTORY_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace lagebild {

/// A directory of one test's own, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = std::filesystem::temp_directory_path() / "lagebild-test-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace lagebild

#endif  // LAGEBILD_TESTS_UNIT_COMMON_TEMPORARY_DIRECTORY_H_
