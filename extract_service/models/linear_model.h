#ifndef LAGEBILD_EXTRACT_SERVICE_MODELS_LINEAR_MODEL_H_
#define LAGEBILD_EXTRACT_SERVICE_MODELS_LINEAR_MODEL_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"

namespace lagebild::extract {

/// Scores of labels while they are added up; places behind the labels stay zero. Sixteen bits hold
/// the sum of 258 weights.
inline constexpr size_t kMaxLabels = 16;
using LabelScores = std::array<int16_t, kMaxLabels>;

/// Eight scores or weights in one register, an extension that GCC and Clang share.
using ScoreLanes [[gnu::vector_size(16)]] = int16_t;
using WeightLanes [[gnu::vector_size(8)]] = int8_t;

/// Adds scores to others.
inline void AddScores(const LabelScores& more, LabelScores& scores) {
  for (size_t half = 0; half < kMaxLabels; half += 8) {
    ScoreLanes sum;
    ScoreLanes added;
    std::memcpy(&sum, &scores[half], sizeof(sum));
    std::memcpy(&added, &more[half], sizeof(added));
    sum += added;
    std::memcpy(&scores[half], &sum, sizeof(sum));
  }
}

/// A feature with its weights, one byte a label.
struct WeightedFeature {
  uint32_t feature = 0;
  std::array<int8_t, kMaxLabels> weights = {};
};

/// Weights of hashed features for at most sixteen labels and weights of label pairs. Reads the
/// bytes in place: a view, as long-lived as the lexicon that holds the model.
///
/// The weights do not fit into the nearest caches, and most of the time goes into waiting for them.
/// So they are first looked for (Find, which touches the small table of checks only and asks the
/// memory for the weights) and added when other work has been done.
///
///   model := "LAGEMDL2" label_count:u32 bucket_bits:u32 transitions:i32[label_count^2]
///            checks:u16[4 * 2^bucket_bits] weights:i8[16 * 4 * 2^bucket_bits]
///
/// A bucket has four places. A feature is told by its bucket and by sixteen bits of its hash (0 =
/// an empty place), so that features the model was not trained on hardly ever count. A row of
/// weights has sixteen bytes whatever the number of labels. Numbers are little-endian.
///
/// Immutable and thread-safe. Whole numbers only, so that every machine computes the same scores.
class LinearModel {
 public:
  /// The model of this name in the lexicon (extract_service/models/NAME.model).
  /// Errors: NOT_FOUND, DATA_LOSS (not a model with this number of labels).
  static absl::StatusOr<LinearModel> Find(const Lexicon& lexicon, std::string_view name,
                                          uint32_t label_count);

  /// Errors: DATA_LOSS. REQUIRES: the bytes live as long as the model.
  static absl::StatusOr<LinearModel> Parse(std::string_view bytes, uint32_t label_count);

  /// Bytes of a model. Features whose bucket is full are left out, so the most important come
  /// first. REQUIRES: label_count^2 transitions, label_count <= 16, bucket_bits <= 20.
  static std::string Serialize(uint32_t label_count, uint32_t bucket_bits,
                               std::span<const int32_t> transitions,
                               std::span<const WeightedFeature> features);

  /// The weights of one feature, one byte a label.
  using Row = const int8_t*;

  /// Writes the rows of those features that have weights and returns how many there are.
  /// REQUIRES: room for as many rows as features.
  size_t Find(std::span<const uint32_t> features, std::span<Row> rows) const {
    size_t count = 0;
    for (const uint32_t feature : features) {
      // Whether a feature has weights is a coin toss: what is written for nothing is cheaper than a
      // branch.
      const Row row = RowOf(feature);
      rows[count] = row;
      __builtin_prefetch(row);
      count += row != kNoWeights.data() ? 1 : 0;
    }
    return count;
  }

  /// Adds the weights of features to the scores of the labels.
  static void Add(std::span<const Row> rows, LabelScores& scores) {
    ScoreLanes low;
    ScoreLanes high;
    std::memcpy(&low, scores.data(), sizeof(low));
    std::memcpy(&high, scores.data() + 8, sizeof(high));
    for (const Row row : rows) {
      WeightLanes weights;
      std::memcpy(&weights, row, sizeof(weights));
      low += __builtin_convertvector(weights, ScoreLanes);
      std::memcpy(&weights, row + 8, sizeof(weights));
      high += __builtin_convertvector(weights, ScoreLanes);
    }
    std::memcpy(scores.data(), &low, sizeof(low));
    std::memcpy(scores.data() + 8, &high, sizeof(high));
  }

  /// Weight of a label behind another.
  int32_t Transition(size_t from, size_t to) const {
    return transitions_[from * label_count_ + to];
  }

 private:
  static constexpr size_t kPlaces = 4;
  // Independent of the low bits, which choose the bucket; never 0.
  static constexpr uint16_t CheckOf(uint32_t feature) {
    return static_cast<uint16_t>(((feature * 0x9e3779b1u) >> 16) | 1u);
  }

  static constexpr std::array<int8_t, kMaxLabels> kNoWeights = {};

  Row RowOf(uint32_t feature) const {
    const size_t place = (feature & mask_) * kPlaces;
    // All four checks at once: the lowest half-word that is equal leaves its highest bit.
    uint64_t checks;
    std::memcpy(&checks, checks_.data() + place, sizeof(checks));
    checks ^= CheckOf(feature) * uint64_t{0x0001000100010001};
    const uint64_t equal =
        (checks - uint64_t{0x0001000100010001}) & ~checks & uint64_t{0x8000800080008000};
    const auto found = static_cast<size_t>(std::countr_zero(equal)) / 16;
    return equal != 0 ? weights_ + (place + found) * kMaxLabels : kNoWeights.data();
  }

  uint32_t label_count_ = 0;
  uint32_t mask_ = 0;
  std::vector<int32_t> transitions_;
  std::vector<uint16_t> checks_;
  const int8_t* weights_ = nullptr;
};

/// A feature: the number of its template and a value, mixed.
constexpr uint32_t HashFeature(uint32_t feature_template, uint32_t value) {
  uint32_t hash = value * 0x9e3779b1u + feature_template * 0x85ebca77u;
  hash ^= hash >> 15;
  hash *= 0x2c1b3c6du;
  hash ^= hash >> 13;
  hash *= 0x297a2d39u;
  return hash ^ (hash >> 16);
}

/// Two values as one.
constexpr uint32_t MixValues(uint32_t a, uint32_t b) {
  return (a * 0x01000193u) ^ (b * 0xcc9e2d51u + 0x1b873593u);
}

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_MODELS_LINEAR_MODEL_H_
