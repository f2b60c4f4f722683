// Compiles packages, lists and models into one lexicon file.
//
// Usage: lexicon_compiler RESOURCES LISTS MODELS OUTPUT

#include <cstdio>
#include <filesystem>
#include <functional>

#include "extract_service/lexicon/compiler/lexicon_builder.h"
#include "extract_service/lexicon/compiler/list_sources.h"
#include "extract_service/lexicon/compiler/package_sources.h"

namespace lagebild::extract {
namespace {

// What fits into 25 MB. Beyond it the rarest forms go that only their cluster is known of.
constexpr size_t kMaxForms = 780'000;

absl::Status Compile(const std::filesystem::path& resources, const std::filesystem::path& lists,
                     const std::filesystem::path& models, const std::filesystem::path& output) {
  LexiconBuilder builder;
  const std::function<absl::Status()> steps[] = {
      [&] { return AddFrequencies(resources, builder); },
      [&] { return AddVerbs(resources, lists, builder); },
      [&] { return AddNouns(resources, builder); },
      [&] { return AddAdjectives(resources, lists, builder); },
      [&] { return AddClosedClass(lists, builder); },
      [&] { return AddNames(resources, builder); },
      [&] { return AddCities(resources, builder); },
      [&] { return AddWordLists(lists, builder); },
      [&] { return AddCountries(lists, resources, builder); },
      [&] { return AddTables(lists, builder); },
      [&] { return AddModels(models, builder); },
  };
  for (const auto& step : steps) {
    if (absl::Status status = step(); !status.ok()) return status;
  }
  builder.Prune(kMaxForms);
  std::filesystem::create_directories(output.parent_path());
  return builder.Write(output);
}

}  // namespace
}  // namespace lagebild::extract

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: lexicon_compiler RESOURCES LISTS MODELS OUTPUT\n");
    return 2;
  }
  const absl::Status status = lagebild::extract::Compile(argv[1], argv[2], argv[3], argv[4]);
  if (!status.ok()) {
    std::fprintf(stderr, "lexicon_compiler: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  return 0;
}
