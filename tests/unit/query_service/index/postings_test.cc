#include "query_service/index/postings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>

#include "common/storage/keys.h"
#include "query_service/index/posting_block.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::query {
namespace {

using ::testing::ElementsAre;

std::string TermKey(const std::string& word) {
  std::string key = {static_cast<char>(Field::kWord)};
  storage::AppendString(&key, word);
  return key;
}

TEST(PostingBlockTest, PostingsComeBack) {
  PostingBlockWriter writer;
  const std::string first = MakeGroup(22'340, 17 * 60 + 46, 7);
  const std::string second = MakeGroup(22'341, 0, 3'000'000'000);
  ASSERT_EQ(PeriodOf(first), PeriodOf(second));
  writer.Add(first, EncodeItems({0, 5}));
  writer.Add(second, "");
  const std::string block = writer.Release();
  std::vector<BlockPosting> postings;
  ASSERT_TRUE(DecodePostingBlock(PeriodOf(first), block, &postings));
  ASSERT_EQ(postings.size(), 2u);
  EXPECT_EQ(postings[0].group, first);
  EXPECT_EQ(postings[0].items, EncodeItems({0, 5}));
  EXPECT_EQ(postings[1].group, second);
  EXPECT_EQ(postings[1].items, "");
  postings.clear();
  EXPECT_FALSE(DecodePostingBlock(1, block.substr(0, block.size() - 1), &postings));
}

TEST(PostingBlockTest, PeriodsAreInTheOrderOfTheGroups) {
  EXPECT_GT(PeriodOf(MakeGroup(0, 0, 1)), PeriodOf(MakeGroup(40, 0, 1)));
  EXPECT_GT(PeriodOf(MakeGroup(-40, 0, 1)), PeriodOf(MakeGroup(0, 0, 1)));
}

// Postings of two words in documents of half a year, written in small and large batches by turns.
class PostingsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ReadModel::Options options;
    options.directory = directory_.path() / "model";
    options.table_bytes = 2000;
    auto opened = ReadModel::Open(options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    model_ = *std::move(opened);
    ReadModelState state;
    state.serving.number = 1;
    int64_t position = 0;
    for (int batch = 0; batch < 12; ++batch) {
      ReadModelBatch changes;
      std::deque<std::string> kept;
      for (int i = batch % 2 == 0 ? 5 : 60; i > 0; --i) {
        const std::string group =
            MakeGroup(22'200 + static_cast<int>(random_() % 180), random_() % 3, ++position);
        for (const std::string word : {"damm", "deich"}) {
          if (random_() % 3 == 0) continue;
          const std::vector<uint32_t> items = {static_cast<uint32_t>(random_() % 3),
                                               static_cast<uint32_t>(3 + random_() % 3)};
          std::vector<uint32_t> numbers = {PostingNumber(ItemKind::kClaim, 1)};
          for (const uint32_t item : items) {
            numbers.push_back(PostingNumber(ItemKind::kFigure, item));
          }
          numbers.push_back(PostingNumber(ItemKind::kEvent, 2));
          changes.PutPosting(1, kept.emplace_back(TermKey(word)), kept.emplace_back(group),
                             kept.emplace_back(EncodeItems(numbers)));
          written_[word][group] = items;
        }
        groups_.push_back(group);
      }
      state.extractions_position = position;
      ASSERT_TRUE(model_->Commit(&changes, state).ok());
    }
    std::sort(groups_.begin(), groups_.end());
  }

  std::unique_ptr<PostingSource> Source(const std::vector<Term>& terms, const GroupBounds& bounds,
                                        bool backward) {
    return MakeTermSource(*view_, ItemKind::kFigure, terms, bounds, backward,
                          [] { return absl::OkStatus(); });
  }

  // What a source walks over from a place on.
  static std::vector<std::pair<std::string, std::vector<uint32_t>>> Walk(PostingSource* source,
                                                                         const std::string& from) {
    std::vector<std::pair<std::string, std::vector<uint32_t>>> walked;
    source->Seek(from);
    while (source->Valid()) {
      const std::string group(source->group());
      const Posting posting = source->Take();
      EXPECT_EQ(posting.group, group);
      walked.emplace_back(posting.group, *posting.items);
    }
    EXPECT_TRUE(source->status().ok()) << source->status();
    return walked;
  }

  TemporaryDirectory directory_;
  std::mt19937 random_{3};
  std::unique_ptr<ReadModel> model_;
  std::map<std::string, std::map<std::string, std::vector<uint32_t>>> written_;
  std::vector<std::string> groups_;
  std::shared_ptr<const View> view_;
};

TEST_F(PostingsTest, SingleOnesAndBlocksAreOneList) {
  view_ = model_->view();
  for (int round = 0; round < 200; ++round) {
    const bool backward = random_() % 2 == 0;
    std::vector<Term> terms = {{Field::kWord, "deich"}};
    if (random_() % 2 == 0) terms.push_back({Field::kWord, "damm"});
    if (random_() % 4 == 0) terms = {{Field::kWord, "d", true}};
    GroupBounds bounds;
    if (random_() % 2 == 0)
      bounds.lower = GroupDayPrefix(22'300 + static_cast<int>(random_() % 80));
    if (random_() % 2 == 0)
      bounds.upper = GroupDayPrefix(22'200 + static_cast<int>(random_() % 80));
    const std::string from = random_() % 2 == 0 ? "" : groups_[random_() % groups_.size()];

    std::map<std::string, std::vector<uint32_t>> expected;
    for (const auto& [word, postings] : written_) {
      if (terms.size() == 1 && !terms[0].prefix && word != "deich") continue;
      for (const auto& [group, items] : postings) {
        if (group < bounds.lower || (!bounds.upper.empty() && group >= bounds.upper)) continue;
        if (!from.empty() && (backward ? group > from : group < from)) continue;
        std::vector<uint32_t>& all = expected[group];
        all.insert(all.end(), items.begin(), items.end());
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
      }
    }
    std::vector<std::pair<std::string, std::vector<uint32_t>>> in_order(expected.begin(),
                                                                        expected.end());
    if (backward) std::reverse(in_order.begin(), in_order.end());
    const auto source = Source(terms, bounds, backward);
    EXPECT_EQ(Walk(source.get(), from), in_order);
  }
}

TEST_F(PostingsTest, AnIntersectionSeeksWhereItsSourcesAgree) {
  view_ = model_->view();
  for (const bool backward : {false, true}) {
    std::vector<std::unique_ptr<PostingSource>> sources;
    sources.push_back(Source({{Field::kWord, "deich"}}, {}, backward));
    sources.push_back(Source({{Field::kWord, "damm"}}, {}, backward));
    Intersection intersection(std::move(sources), backward);
    std::vector<std::string> expected;
    for (const auto& [group, items] : written_["deich"]) {
      const auto other = written_["damm"].find(group);
      if (other == written_["damm"].end()) continue;
      std::vector<uint32_t> both;
      std::set_intersection(items.begin(), items.end(), other->second.begin(), other->second.end(),
                            std::back_inserter(both));
      if (!both.empty()) expected.push_back(group);
    }
    if (backward) std::reverse(expected.begin(), expected.end());
    std::vector<std::string> found;
    intersection.Seek("");
    while (true) {
      const auto posting = intersection.Next();
      ASSERT_TRUE(posting.ok()) << posting.status();
      if (!posting->has_value()) break;
      found.push_back((*posting)->group);
    }
    EXPECT_EQ(found, expected);
    EXPECT_GT(found.size(), 50u);
  }
}

}  // namespace
}  // namespace lagebild::query
