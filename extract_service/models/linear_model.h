#ifndef LAGEBILD_EXTRACT_SERVICE_MODELS_LINEAR_MODEL_H_
#define LAGEBILD_EXTRACT_SERVICE_MODELS_LINEAR_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"

namespace lagebild::extract {

/// Weights of hashed features for a fixed number of labels, one byte each, and weights of label
/// pairs. Reads the bytes in place: a view, as long-lived as the lexicon that holds the model.
///
///   model := "LAGEMDL1" label_count:u32 bucket_bits:u32 transitions:i32[label_count^2]
///            weights:i8[2^bucket_bits * label_count]
///
/// Immutable and thread-safe. Whole numbers only, so that every machine computes the same scores.
class LinearModel {
 public:
  /// The model of this name in the lexicon (extract_service/models/NAME.model).
  /// Errors: NOT_FOUND, DATA_LOSS (not a model with this number of labels).
  static absl::StatusOr<LinearModel> Find(const Lexicon& lexicon, std::string_view name,
                                          uint32_t label_count);

  /// Errors: DATA_LOSS.
  static absl::StatusOr<LinearModel> Parse(std::string_view bytes, uint32_t label_count);

  /// Bytes of a model. REQUIRES: sizes as in the format.
  static std::string Serialize(uint32_t label_count, uint32_t bucket_bits,
                               std::span<const int32_t> transitions,
                               std::span<const int8_t> weights);

  /// Adds the weights of a feature to the scores of the labels. REQUIRES: Labels = label count.
  template <size_t Labels>
  void Add(uint32_t feature, std::array<int32_t, Labels>& scores) const {
    const int8_t* row = weights_ + static_cast<size_t>(feature & mask_) * Labels;
    for (size_t label = 0; label < Labels; ++label) scores[label] += row[label];
  }

  /// Weight of a label behind another.
  int32_t Transition(size_t from, size_t to) const {
    return transitions_[from * label_count_ + to];
  }

 private:
  uint32_t label_count_ = 0;
  uint32_t mask_ = 0;
  std::vector<int32_t> transitions_;
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
