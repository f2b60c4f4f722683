#include "extract_service/pipeline/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lagebild::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kLast = static_cast<int32_t>(kMaxItemsPerLayer) - 1;

TEST(LimitsTest, LeavesWhatFits) {
  AnnotatedDocument document("", {});
  document.claims.resize(kMaxItemsPerLayer);
  document.claims[0].part_of = kLast;
  LimitItems(document);
  EXPECT_THAT(document.truncated_layers, IsEmpty());
  EXPECT_EQ(document.claims[0].part_of, kLast);
}

TEST(LimitsTest, CutsAndNamesTheLayerOnce) {
  AnnotatedDocument document("", {});
  document.times.resize(kMaxItemsPerLayer + 1);
  LimitItems(document);
  document.times.resize(kMaxItemsPerLayer + 1);
  LimitItems(document);
  EXPECT_EQ(document.times.size(), kMaxItemsPerLayer);
  EXPECT_THAT(document.truncated_layers, ElementsAre("times"));
}

TEST(LimitsTest, TakesReferencesToWhatWasCutOutOfOtherLayers) {
  AnnotatedDocument document("", {});
  document.actors.resize(kMaxItemsPerLayer + 1);
  document.claims.resize(kMaxItemsPerLayer + 1);
  document.entities.resize(1);
  document.entities[0].actor = kLast + 1;
  document.claims[0].part_of = kLast + 1;
  document.claims[0].speaker_actors = {kLast, kLast + 1};
  document.claims[0].chain = {{kLast + 1, {}, Relation::kSays}};
  document.events.resize(1);
  document.events[0].claim = kLast + 1;
  document.events[0].participants = {kLast + 1};
  document.figures.resize(1);
  document.figures[0].claims = {kLast + 1};
  LimitItems(document);
  EXPECT_EQ(document.entities[0].actor, -1);
  EXPECT_EQ(document.claims[0].part_of, -1);
  EXPECT_THAT(document.claims[0].speaker_actors, ElementsAre(kLast));
  EXPECT_EQ(document.claims[0].chain[0].actor, -1);
  EXPECT_EQ(document.events[0].claim, -1);
  EXPECT_THAT(document.events[0].participants, IsEmpty());
  EXPECT_THAT(document.figures[0].claims, IsEmpty());
}

}  // namespace
}  // namespace lagebild::extract
