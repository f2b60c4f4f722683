#ifndef LAGEBILD_TESTS_UNIT_COMMON_TEMPORARY_DIRECTORY_H_
#define LAGEBILD_TESTS_UNIT_COMMON_TEMPORARY_DIRECTORY_H_

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

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

/// Copies the files of a database that is open: what a process that dies now leaves. A death leaves
/// one state; where files came, went or were noted in the manifest meanwhile, the copy would mix
/// two and is made again.
inline void CopyAsDied(const std::filesystem::path& database, const std::filesystem::path& copy) {
  const auto state = [&] {
    std::set<std::pair<std::string, uintmax_t>> files;
    for (const auto& file : std::filesystem::directory_iterator(database)) {
      const std::string name = file.path().filename();
      std::error_code vanished;
      const uintmax_t size = name.starts_with("MANIFEST-") ? file.file_size(vanished) : 0;
      files.emplace(name, size);
    }
    return files;
  };
  constexpr int kMostAttempts = 100;
  for (int attempt = 1;; ++attempt) {
    std::filesystem::remove_all(copy);
    std::filesystem::create_directory(copy);
    const auto before = state();
    bool whole = true;
    for (const auto& [name, size] : before) {
      std::error_code vanished;
      std::filesystem::copy_file(database / name, copy / name, vanished);
      whole = whole && !vanished;
    }
    if (whole && state() == before) return;
    if (attempt == kMostAttempts) throw std::runtime_error("the database never stands still");
  }
}

}  // namespace lagebild

#endif  // LAGEBILD_TESTS_UNIT_COMMON_TEMPORARY_DIRECTORY_H_
