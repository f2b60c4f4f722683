#include "extract_service/pipeline/pipeline.h"

#include <cassert>
#include <cstdio>
#include <utility>

#include "extract_service/pipeline/limits.h"
#include "extract_service/pipeline/stages.h"

namespace lagebild::extract {
namespace {

constexpr std::string_view kGerman = "de";

std::string VersionOf(const Lexicon& lexicon) {
  char hash[9];
  std::snprintf(hash, sizeof(hash), "%08x",
                static_cast<unsigned>(lexicon.content_hash() & 0xffffffffu));
  return std::string(LAGEBILD_VERSION) + "+" + hash;
}

}  // namespace

void StageProfile::Add(const StageProfile& other) {
  if (stages.size() < other.stages.size()) stages.resize(other.stages.size());
  for (size_t i = 0; i < other.stages.size(); ++i) stages[i] += other.stages[i];
}

Pipeline::Pipeline(std::unique_ptr<const Lexicon> lexicon,
                   std::vector<std::unique_ptr<const Stage>> stages)
    : lexicon_(std::move(lexicon)), stages_(std::move(stages)), version_(VersionOf(*lexicon_)) {}

absl::StatusOr<std::unique_ptr<const Pipeline>> Pipeline::Create(
    const std::filesystem::path& lexicon_path) {
  auto lexicon = Lexicon::Open(lexicon_path);
  if (!lexicon.ok()) return lexicon.status();
  auto stages = MakeStages(**lexicon);
  if (!stages.ok()) return stages.status();
  return std::unique_ptr<const Pipeline>(new Pipeline(*std::move(lexicon), *std::move(stages)));
}

AnnotatedDocument Pipeline::Analyze(std::string text, DeclaredMetadata declared) const {
  return Run(std::move(text), std::move(declared), nullptr);
}

AnnotatedDocument Pipeline::Analyze(std::string text, DeclaredMetadata declared,
                                    StageProfile& profile) const {
  profile.stages.resize(stages_.size());
  return Run(std::move(text), std::move(declared), &profile);
}

AnnotatedDocument Pipeline::Run(std::string text, DeclaredMetadata declared,
                                StageProfile* profile) const {
  assert(text.size() < (size_t{1} << 31));
  AnnotatedDocument document(std::move(text), std::move(declared));
  for (size_t i = 0; i < stages_.size(); ++i) {
    if (!RunsOnEveryLanguage(*stages_[i]) && document.language != kGerman) break;
    if (profile != nullptr) {
      const auto begin = std::chrono::steady_clock::now();
      stages_[i]->Annotate(document);
      profile->stages[i] += std::chrono::steady_clock::now() - begin;
    } else {
      stages_[i]->Annotate(document);
    }
    LimitItems(document);
  }
  LimitStructure(document);
  return document;
}

std::vector<std::string_view> Pipeline::stage_names() const {
  std::vector<std::string_view> names;
  for (const auto& stage : stages_) names.push_back(stage->name());
  return names;
}

}  // namespace lagebild::extract
