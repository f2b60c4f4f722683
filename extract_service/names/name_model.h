#ifndef LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_MODEL_H_
#define LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/models/linear_model.h"
#include "extract_service/tags/word_facts.h"

namespace lagebild::extract {

/// Labels of the recogniser: outside, then begin and inside of PERSON, ORGANIZATION, LOCATION,
/// MISC.
inline constexpr size_t kNameLabelCount = 9;
inline constexpr uint8_t kOutsideName = 0;
constexpr bool BeginsName(uint8_t label) { return label % 2 == 1; }
/// 0 = PERSON, 1 = ORGANIZATION, 2 = LOCATION, 3 = MISC. REQUIRES: not outside.
constexpr int NameType(uint8_t label) { return (label - 1) / 2; }

/// A word as the recogniser sees it.
struct NameWord {
  WordFacts facts;
  Pos pos = Pos::kUnknown;
};

/// At most this many features a word.
inline constexpr size_t kMaxNameFeatures = 96;

/// Writes the features of a word and returns how many there are.
size_t NameFeatures(std::span<const NameWord> words, size_t at,
                    std::array<uint32_t, kMaxNameFeatures>& features);

/// Room for the search, reused from sentence to sentence.
struct NameScratch {
  std::vector<std::array<int32_t, kNameLabelCount>> scores;
  std::vector<std::array<uint8_t, kNameLabelCount>> back;
};

/// Whether a label may stand behind another: an inside needs a begin or inside of its type.
constexpr bool MayFollow(size_t from, size_t to) {
  return to % 2 == 1 || to == 0 || from == to || from + 1 == to;
}

/// The best sequence of labels of one sentence (Viterbi). REQUIRES: equal sizes.
void LabelNames(const LinearModel& model, std::span<const NameWord> words,
                std::span<uint8_t> labels, NameScratch& scratch);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_NAMES_NAME_MODEL_H_
