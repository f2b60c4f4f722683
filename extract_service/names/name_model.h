#ifndef LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_MODEL_H_
#define LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_MODEL_H_

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

/// Labels of the recogniser: outside, then begin and inside of PERSON, ORGANIZATION, LOCATION,
/// MISC, then words made of a name ("deutsch", "Berliner") and compounds that hold one
/// ("CDU-Chefin"). The last two are no names; told apart from other words they do not blur what
/// the recogniser knows of names.
inline constexpr size_t kNameLabelCount = 11;
inline constexpr uint8_t kOutsideName = 0;
inline constexpr uint8_t kBeginPerson = 1;
inline constexpr uint8_t kInsidePerson = 2;
inline constexpr uint8_t kBeginOrganization = 3;
inline constexpr uint8_t kInsideOrganization = 4;
inline constexpr uint8_t kBeginPlace = 5;
inline constexpr uint8_t kInsidePlace = 6;
inline constexpr uint8_t kDerivedFromName = 9;
inline constexpr uint8_t kHoldsName = 10;
constexpr bool IsName(uint8_t label) { return label > kOutsideName && label < kDerivedFromName; }
constexpr bool BeginsName(uint8_t label) { return IsName(label) && label % 2 == 1; }
/// 0 = PERSON, 1 = ORGANIZATION, 2 = LOCATION, 3 = MISC. REQUIRES: a name's label.
constexpr int NameType(uint8_t label) { return (label - 1) / 2; }

/// Key of the missing word before and behind a sentence.
inline constexpr uint64_t kNoWordKey = 1;

/// A word as the recogniser sees it.
struct NameWord {
  WordFacts facts;
  Pos pos = Pos::kUnknown;
  /// Equal keys mean equal facts and tags: what they weigh is then computed once. Odd, or 0 = not
  /// known.
  uint64_t key = 0;
};

/// At most this many features of either kind a word.
inline constexpr size_t kMaxNameFeatures = 96;
using NameFeatureArray = std::array<uint32_t, kMaxNameFeatures>;

/// Words that say something about the word between them: two on either side.
inline constexpr int kNameWindow = 2;

/// Features by which a word speaks for the label of the word `offset` places before it: 0 = its
/// own, 1 = the word behind. Writes them and returns how many there are.
/// REQUIRES: -kNameWindow <= offset <= kNameWindow.
size_t NameWordFeatures(const NameWord& word, int offset, NameFeatureArray& features);

/// Features of a word and its neighbours together.
inline constexpr size_t kNamePairFeatures = 15;
void NamePairFeatures(std::span<const NameWord> words, size_t at,
                      std::span<uint32_t, kNamePairFeatures> features);

/// The word at a place, or a word without any features outside of the sentence.
const NameWord& NameWordAt(std::span<const NameWord> words, size_t at, int offset);

/// Four scores in one register, an extension that GCC and Clang share.
using NameLanes [[gnu::vector_size(16)]] = int32_t;
inline constexpr size_t kNameLaneGroups = 3;
/// Scores of all labels; lanes behind the labels count for nothing.
using NameScores = std::array<NameLanes, kNameLaneGroups>;
static_assert(kNameLabelCount <= 4 * kNameLaneGroups);

/// Room for the search, and the scores of words seen before. Belongs to one thread and, until it is
/// told of another, to one model.
class NameScratch {
 public:
  /// That of the calling thread.
  static NameScratch& OfThread();

  /// As WordScoreCache::UseModel().
  void UseModel(uint64_t model) { words_.UseModel(model); }

 private:
  friend void LabelNames(const LinearModel& model, std::span<const NameWord> words,
                         std::span<uint8_t> labels, NameScratch& scratch);

  // Weights of a word and its neighbours together.
  struct Pair {
    std::array<LinearModel::Row, kNamePairFeatures> rows;
    size_t count;
  };

  WordScoreCache<2 * kNameWindow + 1> words_;
  std::vector<LabelScores> emissions_;
  std::vector<Pair> pairs_;
  std::vector<NameScores> back_;  // The best label before each label.
};

/// Whether a label may stand behind another: an inside needs a begin or inside of its type.
constexpr bool MayFollow(size_t from, size_t to) {
  return to % 2 == 1 || to == 0 || to >= kDerivedFromName || from == to || from + 1 == to;
}

/// The best sequence of labels of one sentence (Viterbi). REQUIRES: equal sizes.
void LabelNames(const LinearModel& model, std::span<const NameWord> words,
                std::span<uint8_t> labels, NameScratch& scratch);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_MODEL_H_
