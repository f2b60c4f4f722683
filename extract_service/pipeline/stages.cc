#include "extract_service/pipeline/stages.h"

#include <array>
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

// Appends a stage made by its Create(lexicon) where it has one, else by its constructor.
template <typename S>
absl::Status Append(const Lexicon& lexicon, Stages& stages) {
  if constexpr (requires { S::Create(lexicon); }) {
    auto stage = S::Create(lexicon);
    if (!stage.ok()) return stage.status();
    if constexpr (std::is_same_v<std::decay_t<decltype(*stage)>, S>) {
      stages.push_back(std::make_unique<S>(*std::move(stage)));
    } else {
      stages.push_back(*std::move(stage));
    }
  } else if constexpr (std::is_constructible_v<S, const Lexicon&>) {
    stages.push_back(std::make_unique<S>(lexicon));
  } else {
    stages.push_back(std::make_unique<S>());
  }
  return absl::OkStatus();
}

template <typename... S>
absl::StatusOr<Stages> Make(const Lexicon& lexicon) {
  Stages stages;
  absl::Status status;
  // Stops at the first stage that cannot be made.
  (void)((status = Append<S>(lexicon, stages), status.ok()) && ...);
  if (!status.ok()) return status;
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
