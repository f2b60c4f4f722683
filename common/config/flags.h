#ifndef LAGEBILD_COMMON_CONFIG_FLAGS_H_
#define LAGEBILD_COMMON_CONFIG_FLAGS_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace lagebild {

/// Exit code of a program whose flags or environment are wrong.
inline constexpr int kExitUsage = 2;

/// What a flag is, for --help: meaning and an example of a value. The default is the variable's
/// value.
struct FlagHelp {
  std::string meaning;
  std::string example;
  std::string group;  ///< Heading in --help; empty = "Options".
};

/// The flags of a program, each with an environment variable of the same name: --data-dir is
/// LAGEBILD_DATA_DIR; the flag wins. Also answers --help and --version.
///
/// Add() before Parse(). Variables must outlive it. Not thread-safe.
class FlagSet {
 public:
  FlagSet(std::string program, std::string description, std::string version);
  ~FlagSet();
  FlagSet(const FlagSet&) = delete;
  FlagSet& operator=(const FlagSet&) = delete;

  void Add(std::string_view flag, std::string* value, FlagHelp help);
  void Add(std::string_view flag, std::filesystem::path* value, FlagHelp help);
  void Add(std::string_view flag, double* value, FlagHelp help);
  /// Refuses values outside of [min, max], naming the flag.
  void Add(std::string_view flag, int64_t* value, int64_t min, int64_t max, FlagHelp help);
  void Add(std::string_view flag, bool* value, FlagHelp help);
  /// One of a few words.
  void Add(std::string_view flag, std::string* value, std::vector<std::string> choices,
           FlagHelp help);

  /// Text printed under the options by --help.
  void SetFooter(std::string footer);

  /// Reads arguments and environment. nullopt = go on; else the exit code: 0 after --help or
  /// --version, 2 after an error, said in one line on stderr that names the flag (or the variable).
  std::optional<int> Parse(int argc, const char* const* argv);

  /// Prints an error found after parsing in the same form ("extract_service: --listen: ...");
  /// returns 2.
  int Fail(const absl::Status& status) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_CONFIG_FLAGS_H_
