#include "extract_service/pipeline/stages.h"

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "extract_service/actors/actors_stage.h"
#include "extract_service/claim_times/claim_times_stage.h"
#include "extract_service/claims/claims_stage.h"
#include "extract_service/document_language/language_stage.h"
#include "extract_service/events/events_stage.h"
#include "extract_service/figures/figures_stage.h"
#include "extract_service/names/names_stage.h"
#include "extract_service/phrases/phrases_stage.h"
#include "extract_service/published/published_stage.h"
#include "extract_service/regions/regions_stage.h"
#include "extract_service/sentences/sentences_stage.h"
#include "extract_service/tags/tags_stage.h"
#include "extract_service/times/times_stage.h"
#include "extract_service/tokens/tokens_stage.h"

namespace lagebild::extract {
namespace {

using Stages = std::vector<std::unique_ptr<const Stage>>;

using MadeStage = absl::StatusOr<std::unique_ptr<const Stage>>;

// A stage made by its Create(lexicon) where it has one, else by its constructor.
template <typename S>
MadeStage MakeStage(const Lexicon& lexicon) {
  if constexpr (requires { S::Create(lexicon); }) {
    auto stage = S::Create(lexicon);
    if (!stage.ok()) return stage.status();
    if constexpr (std::is_same_v<std::decay_t<decltype(*stage)>, S>) {
      return std::make_unique<const S>(*std::move(stage));
    } else {
      return *std::move(stage);
    }
  } else if constexpr (std::is_constructible_v<S, const Lexicon&>) {
    return std::make_unique<const S>(lexicon);
  } else {
    return std::make_unique<const S>();
  }
}

template <typename... S>
absl::StatusOr<Stages> Make(const Lexicon& lexicon) {
  constexpr std::array<MadeStage (*)(const Lexicon&), sizeof...(S)> kMakers = {&MakeStage<S>...};
  // Reading tables and patterns is half of the time to a first result; two threads share it.
  std::array<MadeStage, sizeof...(S)> made;
  std::atomic<size_t> next = 0;
  const auto make = [&made, &next, &lexicon, &kMakers] {
    for (size_t i = next++; i < made.size(); i = next++) made[i] = kMakers[i](lexicon);
  };
  // Without a launch policy it falls back to this thread where the system grants no other.
  const std::future<void> other = std::async(make);
  make();
  other.wait();
  Stages stages;
  for (MadeStage& stage : made) {
    if (!stage.ok()) return stage.status();
    stages.push_back(*std::move(stage));
  }
  return stages;
}

}  // namespace

absl::StatusOr<Stages> MakeStages(const Lexicon& lexicon) {
  return Make<          //
      LanguageStage,    // text -> language
      RegionsStage,     // text, declared -> regions
      TokensStage,      // text -> tokens
      SentencesStage,   // tokens, regions -> sentences, quotations
      TagsStage,        // tokens, sentences -> part of speech, morphology, lemma of each token
      PublishedStage,   // text, declared, tokens, regions -> published
      TimesStage,       // tokens, sentences, published -> times
      NamesStage,       // tokens, sentences -> entities
      PhrasesStage,     // tokens, sentences, quotations, times, entities -> noun phrases
      ActorsStage,      // tokens, sentences, times, entities, phrases -> actors, Entity::actor
      ClaimsStage,      // tokens, sentences, quotations, times, entities, phrases, actors -> claims
      ClaimTimesStage,  // claims, times, sentences -> Claim::said_at, Claim::about
      FiguresStage,     // tokens, sentences, times, entities, claims -> figures, Claim::figures
      EventsStage       // tokens, sentences, published, times, entities, actors, claims -> events
      >(lexicon);
}

bool RunsOnEveryLanguage(const Stage& stage) {
  static constexpr std::array<std::string_view, 2> kNames = {"language", "regions"};
  for (const std::string_view name : kNames) {
    if (stage.name() == name) return true;
  }
  return false;
}

}  // namespace lagebild::extract
