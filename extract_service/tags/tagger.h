#ifndef LAGEBILD_EXTRACT_SERVICE_TAGS_TAGGER_H_
#define LAGEBILD_EXTRACT_SERVICE_TAGS_TAGGER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/models/linear_model.h"
#include "extract_service/models/word_score_cache.h"
#include "extract_service/tags/word_facts.h"

namespace lagebild::extract {

/// Labels of the tagger: Pos without kUnknown, so label = Pos - 1.
inline constexpr size_t kTagCount = 16;
inline constexpr size_t kTagFeatureCount = 36;
/// Those of them that several words have together, whatever their tags.
inline constexpr size_t kTagContextFeatures = 11;

/// Features of a word for the tagger.
/// `previous` and `before_previous` are the tags chosen for the two words before.
std::array<uint32_t, kTagFeatureCount> TagFeatures(std::span<const WordFacts> words, size_t at,
                                                   Pos previous, Pos before_previous);

/// Labels that the readings of a word leave open, as bits 1 << (Pos - 1): a lower-case word that
/// the lexicon has only as a verb is no adverb, whatever stands around it. All bits for other
/// words.
uint32_t OpenLabels(const WordFacts& word);

/// Room for the tagger, and what words seen before weigh. Belongs to one thread and, until it is
/// told of another, to one model.
class TagScratch {
 public:
  /// Places from which a word speaks for a tag: its own, before, behind, second behind.
  static constexpr size_t kNeighbours = 4;

  /// That of the calling thread.
  static TagScratch& OfThread();

  /// As WordScoreCache::UseModel().
  void UseModel(uint64_t model) { words_.UseModel(model); }

 private:
  friend void TagSentence(const LinearModel& model, std::span<const WordFacts> words,
                          std::span<Pos> tags, TagScratch& scratch);

  // Weights of several words together.
  struct Context {
    std::array<LinearModel::Row, kTagContextFeatures> rows;
    size_t count;
  };

  WordScoreCache<kNeighbours> words_;
  std::vector<LabelScores> sums_;
  std::vector<Context> contexts_;
};

/// Tags the words of one sentence from left to right; tags[i] belongs to words[i]. Those that are
/// not kUnknown are known before (marks) and stay.
/// REQUIRES: equal sizes.
void TagSentence(const LinearModel& model, std::span<const WordFacts> words, std::span<Pos> tags,
                 TagScratch& scratch);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TAGS_TAGGER_H_
