#ifndef LAGEBILD_EXTRACT_SERVICE_MODELS_WORD_SCORE_CACHE_H_
#define LAGEBILD_EXTRACT_SERVICE_MODELS_WORD_SCORE_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "extract_service/models/linear_model.h"

namespace lagebild::extract {

/// What words seen before weigh for the labels at `kPlaces` places around them, so that frequent
/// words are weighed once. Belongs to one thread and, until it is told of another, to one model.
/// What comes out never depends on what went in before.
template <size_t kPlaces>
class WordScoreCache {
 public:
  using Scores = std::array<LabelScores, kPlaces>;

  WordScoreCache() : known_(kKnownWords) {}

  /// Forgets what another model made of words. `model`: the content of its lexicon.
  void UseModel(uint64_t model) {
    if (model_ == model) return;
    for (KnownWord& word : known_) word.key = 0;
    model_ = model;
  }

  /// Asks the memory for what is known of a word.
  void Prefetch(uint64_t key) const {
    const auto* bytes = reinterpret_cast<const char*>(&known_[(key >> 1) % kKnownWords]);
    for (size_t at = 0; at < sizeof(KnownWord); at += 64) __builtin_prefetch(bytes + at);
  }

  /// The scores of a word. Where they are not known, features(place, array) writes a word's
  /// features for one place and returns how many there are, at most kMaxFeatures. `key`: odd, equal
  /// keys mean equal words; 0 = not known, always weighed. The reference is good until the next
  /// call.
  template <size_t kMaxFeatures, typename Features>
  const Scores& Find(uint64_t key, const LinearModel& model, const Features& features) {
    KnownWord& known = known_[(key >> 1) % kKnownWords];
    if (key != 0 && known.key == key) return known.scores;
    Scores& scores = key == 0 ? unknown_ : known.scores;
    if (key != 0) known.key = key;
    std::array<uint32_t, kMaxFeatures> of_place;
    std::array<std::array<LinearModel::Row, kMaxFeatures>, kPlaces> rows;
    std::array<size_t, kPlaces> counts;
    for (size_t place = 0; place < kPlaces; ++place) {
      counts[place] = model.Find(std::span(of_place).first(features(place, of_place)), rows[place]);
    }
    for (size_t place = 0; place < kPlaces; ++place) {
      scores[place] = {};
      LinearModel::Add(std::span(rows[place]).first(counts[place]), scores[place]);
    }
    return scores;
  }

 private:
  static constexpr size_t kKnownWords = 16384;
  struct KnownWord {
    uint64_t key = 0;
    Scores scores;
  };

  uint64_t model_ = 0;
  std::vector<KnownWord> known_;
  Scores unknown_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_MODELS_WORD_SCORE_CACHE_H_
