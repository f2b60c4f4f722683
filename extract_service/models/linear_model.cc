#include "extract_service/models/linear_model.h"

#include <cstring>

#include "absl/strings/str_cat.h"

namespace lagebild::extract {
namespace {

constexpr std::string_view kMagic = "LAGEMDL2";
constexpr uint32_t kMaxBucketBits = 20;

}  // namespace

absl::StatusOr<LinearModel> LinearModel::Find(const Lexicon& lexicon, std::string_view name,
                                              uint32_t label_count) {
  const LexiconTable& models = lexicon.Table("models");
  for (size_t row = 0; row < models.size(); ++row) {
    if (models.Cell(row, "name") == name) return Parse(models.Cell(row, "bytes"), label_count);
  }
  return absl::NotFoundError(
      absl::StrCat("the lexicon has no model ", absl::string_view(name.data(), name.size())));
}

absl::StatusOr<LinearModel> LinearModel::Parse(std::string_view bytes, uint32_t label_count) {
  const absl::Status damaged = absl::DataLossError("the bytes are no model of this program");
  uint32_t numbers[2];
  const size_t transition_bytes = size_t{label_count} * label_count * sizeof(int32_t);
  const size_t header_bytes = kMagic.size() + sizeof(numbers) + transition_bytes;
  if (bytes.size() < header_bytes || bytes.substr(0, kMagic.size()) != kMagic) return damaged;
  std::memcpy(numbers, bytes.data() + kMagic.size(), sizeof(numbers));
  if (numbers[0] != label_count || label_count > kMaxLabels || numbers[1] > kMaxBucketBits) {
    return damaged;
  }
  const size_t places = kPlaces << numbers[1];
  if (bytes.size() != header_bytes + places * (sizeof(uint16_t) + kMaxLabels)) return damaged;
  LinearModel model;
  model.label_count_ = label_count;
  model.mask_ = (1u << numbers[1]) - 1;
  model.transitions_.resize(size_t{label_count} * label_count);
  std::memcpy(model.transitions_.data(), bytes.data() + kMagic.size() + sizeof(numbers),
              transition_bytes);
  model.checks_.resize(places);
  std::memcpy(model.checks_.data(), bytes.data() + header_bytes, places * sizeof(uint16_t));
  model.weights_ =
      reinterpret_cast<const int8_t*>(bytes.data() + header_bytes + places * sizeof(uint16_t));
  return model;
}

std::string LinearModel::Serialize(uint32_t label_count, uint32_t bucket_bits,
                                   std::span<const int32_t> transitions,
                                   std::span<const WeightedFeature> features) {
  const size_t places = kPlaces << bucket_bits;
  std::vector<uint16_t> checks(places, 0);
  std::vector<int8_t> weights(places * kMaxLabels, 0);
  for (const WeightedFeature& feature : features) {
    const size_t first = (feature.feature & ((1u << bucket_bits) - 1)) * kPlaces;
    const uint16_t check = CheckOf(feature.feature);
    for (size_t place = first; place < first + kPlaces; ++place) {
      if (checks[place] == check) break;  // Another feature that looks the same and came first.
      if (checks[place] != 0) continue;
      checks[place] = check;
      std::memcpy(&weights[place * kMaxLabels], feature.weights.data(), kMaxLabels);
      break;
    }
  }
  std::string bytes(kMagic);
  const uint32_t numbers[2] = {label_count, bucket_bits};
  bytes.append(reinterpret_cast<const char*>(numbers), sizeof(numbers));
  bytes.append(reinterpret_cast<const char*>(transitions.data()), transitions.size_bytes());
  bytes.append(reinterpret_cast<const char*>(checks.data()), checks.size() * sizeof(uint16_t));
  bytes.append(reinterpret_cast<const char*>(weights.data()), weights.size());
  return bytes;
}

}  // namespace lagebild::extract
