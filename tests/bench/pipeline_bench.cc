// The whole analysis and each of its stages on the sample articles, in bytes a second on one core.

#include <benchmark/benchmark.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "extract_service/pipeline/pipeline.h"

namespace lagebild::extract {
namespace {

std::string Samples() {
  std::string text;
  for (const auto& file :
       std::filesystem::directory_iterator(LAGEBILD_SOURCE_DIR "/deploy/samples")) {
    if (file.path().extension() != ".txt") continue;
    std::ifstream in(file.path());
    std::ostringstream content;
    content << in.rdbuf();
    text += content.str() + "\n\n";
  }
  return text;
}

const Pipeline& SharedPipeline() {
  static const auto pipeline = *Pipeline::Create(LAGEBILD_BINARY_DIR "/share/lagebild/de.lexicon");
  return *pipeline;
}

void Analyze(benchmark::State& state) {
  const std::string text = Samples();
  const Pipeline& pipeline = SharedPipeline();
  StageProfile profile;
  for (auto _ : state) {
    benchmark::DoNotOptimize(pipeline.Analyze(text, {}, profile));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  const auto names = pipeline.stage_names();
  for (size_t i = 0; i < names.size(); ++i) {
    // Microseconds a pass over the samples, by stage.
    state.counters[std::string(names[i])] =
        benchmark::Counter(std::chrono::duration<double, std::micro>(profile.stages[i]).count() /
                           static_cast<double>(state.iterations()));
  }
}
BENCHMARK(Analyze);

void Start(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(Pipeline::Create(LAGEBILD_BINARY_DIR "/share/lagebild/de.lexicon"));
  }
}
BENCHMARK(Start)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lagebild::extract
