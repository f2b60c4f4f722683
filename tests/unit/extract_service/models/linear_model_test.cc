#include "extract_service/models/linear_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <unordered_set>

namespace lagebild::extract {
namespace {

using ::testing::Each;

constexpr uint32_t kLabels = 3;
constexpr std::array<int32_t, 9> kTransitions = {1, 2, 3, 4, 5, 6, 7, 8, 9};

WeightedFeature Feature(uint32_t feature, std::array<int8_t, kLabels> weights) {
  WeightedFeature weighted;
  weighted.feature = feature;
  std::copy(weights.begin(), weights.end(), weighted.weights.begin());
  return weighted;
}

LabelScores ScoresOf(const LinearModel& model, std::vector<uint32_t> features) {
  LabelScores scores = {};
  std::vector<LinearModel::Row> rows(features.size());
  rows.resize(model.Find(features, rows));
  LinearModel::Add(rows, scores);
  return scores;
}

TEST(LinearModel, GivesBackWhatWasWritten) {
  const std::vector<WeightedFeature> features = {Feature(HashFeature(1, 7), {1, -2, 127}),
                                                 Feature(HashFeature(2, 7), {-127, 0, 4})};
  const std::string bytes = LinearModel::Serialize(kLabels, 4, kTransitions, features);
  const auto model = LinearModel::Parse(bytes, kLabels);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->Transition(1, 2), 6);
  const LabelScores one = ScoresOf(*model, {HashFeature(1, 7)});
  EXPECT_EQ(one[0], 1);
  EXPECT_EQ(one[1], -2);
  EXPECT_EQ(one[2], 127);
  const LabelScores both = ScoresOf(*model, {HashFeature(1, 7), HashFeature(2, 7)});
  EXPECT_EQ(both[0], -126);
  EXPECT_EQ(both[1], -2);
  EXPECT_EQ(both[2], 131);
}

TEST(LinearModel, FindsOnlyFeaturesThatHaveWeights) {
  const std::vector<WeightedFeature> features = {Feature(HashFeature(1, 7), {1, -2, 127})};
  const std::string bytes = LinearModel::Serialize(kLabels, 4, kTransitions, features);
  const auto model = LinearModel::Parse(bytes, kLabels);
  ASSERT_TRUE(model.ok()) << model.status();
  std::array<LinearModel::Row, 3> rows;
  const std::array<uint32_t, 3> asked = {HashFeature(5, 1), HashFeature(1, 7), HashFeature(5, 2)};
  ASSERT_EQ(model->Find(asked, rows), 1u);
  EXPECT_EQ(rows[0][2], 127);
}

TEST(LinearModel, TellsThousandsOfFeaturesApart) {
  std::mt19937 random(1);
  std::vector<WeightedFeature> features;
  std::unordered_set<uint32_t> known;
  for (int i = 0; i < 2000; ++i) {
    const uint32_t feature = HashFeature(1, random());
    if (!known.insert(feature).second) continue;
    features.push_back(Feature(feature, {static_cast<int8_t>(1 + i % 100), 0, 0}));
  }
  const std::string bytes = LinearModel::Serialize(kLabels, 10, kTransitions, features);
  const auto model = LinearModel::Parse(bytes, kLabels);
  ASSERT_TRUE(model.ok()) << model.status();
  size_t kept = 0;
  for (const WeightedFeature& feature : features) {
    kept += ScoresOf(*model, {feature.feature})[0] == feature.weights[0];
  }
  // Half of the places are taken: few buckets overflow.
  EXPECT_GT(kept, features.size() * 93 / 100);
  size_t mistaken = 0;
  for (int i = 0; i < 100000; ++i) {
    const uint32_t feature = HashFeature(2, random());
    if (!known.contains(feature)) mistaken += ScoresOf(*model, {feature})[0] != 0;
  }
  EXPECT_LT(mistaken, 40u);
}

TEST(LinearModel, KeepsTheFirstOfAFullBucket) {
  std::vector<WeightedFeature> features;
  for (uint32_t i = 0; i < 100; ++i) features.push_back(Feature(HashFeature(1, i), {1, 1, 1}));
  const std::string bytes = LinearModel::Serialize(kLabels, 0, kTransitions, features);
  const auto model = LinearModel::Parse(bytes, kLabels);
  ASSERT_TRUE(model.ok()) << model.status();
  for (uint32_t i = 0; i < 4; ++i) EXPECT_EQ(ScoresOf(*model, {HashFeature(1, i)})[0], 1) << i;
  EXPECT_THAT(ScoresOf(*model, {HashFeature(1, 50)}), Each(0));
}

TEST(LinearModel, RefusesDamagedBytes) {
  const std::string bytes = LinearModel::Serialize(kLabels, 4, kTransitions, {});
  EXPECT_TRUE(LinearModel::Parse(bytes, kLabels).ok());
  EXPECT_EQ(LinearModel::Parse(bytes, kLabels + 1).status().code(), absl::StatusCode::kDataLoss);
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(LinearModel::Parse(std::string_view(bytes).substr(0, size), kLabels).ok()) << size;
  }
  EXPECT_FALSE(LinearModel::Parse(bytes + "x", kLabels).ok());
  std::string other = bytes;
  other[0] = 'X';
  EXPECT_FALSE(LinearModel::Parse(other, kLabels).ok());
}

}  // namespace
}  // namespace lagebild::extract
