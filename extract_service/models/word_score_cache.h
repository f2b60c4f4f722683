#ifndef LAGEBILD_EXTRACT_SERVICE_MODELS_WORD_SCORE_CACHE_H_
#define LAGEBILD_EXTRACT_SERVICE_MODELS_WORD_SCORE_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>
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

  /// The scores of a word; weigh(place, scores) adds those of one place to zeros. `key`: odd, equal
  /// keys mean equal words; 0 = not known, always weighed. The reference is good until the next
  /// call.
  template <typename Weigh>
  const Scores& Find(uint64_t key, const Weigh& weigh) {
    KnownWord& known = known_[(key >> 1) % kKnownWords];
    if (key != 0 && known.key == key) return known.scores;
    Scores& scores = key == 0 ? unknown_ : known.scores;
    if (key != 0) known.key = key;
    for (size_t place = 0; place < kPlaces; ++place) {
      scores[place] = {};
      weigh(place, scores[place]);
    }
    return scores;
  }

 private:
  static constexpr size_t kKnownWords = 4096;
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
