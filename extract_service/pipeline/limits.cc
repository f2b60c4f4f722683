#include "extract_service/pipeline/limits.h"

#include <algorithm>
#include <vector>

namespace lagebild::extract {
namespace {

template <typename Item>
bool Cut(std::vector<Item>& items, std::string_view layer, AnnotatedDocument& document) {
  if (items.size() <= kMaxItemsPerLayer) return false;
  items.erase(items.begin() + static_cast<ptrdiff_t>(kMaxItemsPerLayer), items.end());
  auto& truncated = document.truncated_layers;
  if (std::find(truncated.begin(), truncated.end(), layer) == truncated.end()) {
    truncated.push_back(layer);
  }
  return true;
}

bool Gone(int32_t index) { return index >= static_cast<int32_t>(kMaxItemsPerLayer); }

void DropGone(std::vector<int32_t>& indexes) { std::erase_if(indexes, Gone); }

void Clear(int32_t& index) {
  if (Gone(index)) index = -1;
}

}  // namespace

void LimitItems(AnnotatedDocument& document) {
  Cut(document.times, "times", document);
  Cut(document.entities, "entities", document);
  if (Cut(document.actors, "actors", document)) {
    for (Entity& entity : document.entities) Clear(entity.actor);
    for (Claim& claim : document.claims) {
      DropGone(claim.speaker_actors);
      for (Attribution& link : claim.chain) Clear(link.actor);
    }
    for (Event& event : document.events) DropGone(event.participants);
  }
  if (Cut(document.claims, "claims", document)) {
    for (Claim& claim : document.claims) Clear(claim.part_of);
    for (Figure& figure : document.figures) DropGone(figure.claims);
    for (Event& event : document.events) Clear(event.claim);
  }
  if (Cut(document.figures, "figures", document)) {
    for (Claim& claim : document.claims) DropGone(claim.figures);
  }
  Cut(document.events, "events", document);
}

void LimitStructure(AnnotatedDocument& document) {
  Cut(document.regions, "regions", document);
  Cut(document.sentences, "sentences", document);
}

}  // namespace lagebild::extract
