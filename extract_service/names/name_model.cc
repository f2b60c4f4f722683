#include "extract_service/names/name_model.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace lagebild::extract {
namespace {

const NameWord kNoWord = {.facts = {}, .pos = Pos::kUnknown, .key = kNoWordKey};

// Collects features. Each has a template number, used or not, so that values never mix.
class FeatureWriter {
 public:
  FeatureWriter(uint32_t first_template, std::span<uint32_t> features)
      : number_(first_template), features_(features) {}

  void Add(uint32_t value) { features_[count_++] = HashFeature(number_++, value); }
  /// 0 = nothing known.
  void AddKnown(uint32_t value) {
    if (value != 0) {
      Add(value);
    } else {
      ++number_;
    }
  }
  size_t count() const { return count_; }

 private:
  uint32_t number_;
  size_t count_ = 0;
  std::span<uint32_t> features_;
};

// Templates of words begin at 100, 200, ..., those of pairs at 1000.
constexpr uint32_t kPairTemplates = 1000;
constexpr uint32_t TemplatesOf(int offset) {
  return static_cast<uint32_t>(100 * (offset + kNameWindow + 1));
}
constexpr uint32_t kClassBits = 21;
constexpr int32_t kImpossible = std::numeric_limits<int32_t>::min() / 2;
constexpr int32_t kLowest = -(1 << 28);
// So far ahead the memory is asked for what words weigh.
constexpr int kPrefetchedWords = 8;
using EmissionLanes [[gnu::vector_size(8)]] = int16_t;

}  // namespace

const NameWord& NameWordAt(std::span<const NameWord> words, size_t at, int offset) {
  const auto index = static_cast<ptrdiff_t>(at) + offset;
  return index < 0 || index >= static_cast<ptrdiff_t>(words.size())
             ? kNoWord
             : words[static_cast<size_t>(index)];
}

size_t NameWordFeatures(const NameWord& word, int offset, NameFeatureArray& features) {
  FeatureWriter writer(TemplatesOf(offset), features);
  const WordFacts& facts = word.facts;
  // The low bits of a cluster are its path from the root: fewer bits are a wider class.
  writer.Add(facts.form);
  writer.Add(static_cast<uint32_t>(word.pos));
  writer.AddKnown(facts.cluster);
  writer.AddKnown(facts.cluster & 1023u);
  writer.AddKnown(facts.cluster & 63u);
  writer.AddKnown(facts.cluster & 15u);
  writer.Add(facts.shape);
  writer.AddKnown(facts.classes.bits);
  if (offset < -1 || offset > 1) return writer.count();

  writer.Add(facts.suffix2);
  writer.Add(facts.suffix3);
  writer.Add(facts.suffix4);
  writer.Add(facts.frequency);
  writer.AddKnown(facts.head);
  if (offset != 0) return writer.count();

  writer.AddKnown(facts.suffix5);
  writer.AddKnown(facts.suffix6);
  writer.AddKnown(facts.prefix2);
  writer.Add(facts.prefix3);
  writer.AddKnown(facts.prefix4);
  writer.AddKnown(facts.prefix5);
  writer.Add(facts.spelling);
  writer.Add(facts.pos_mask);
  writer.Add(MixValues(facts.frequency, facts.shape));
  writer.Add(MixValues(facts.suffix3, facts.shape));
  writer.Add(MixValues(facts.classes.bits, facts.pos_mask));
  writer.AddKnown(facts.head_cluster);
  writer.AddKnown(facts.head_cluster & 63u);
  writer.AddKnown(facts.first_part_cluster);
  writer.AddKnown(facts.first_part_cluster & 1023u);
  writer.AddKnown(facts.first_part_classes);
  for (uint32_t bit = 0; bit < kClassBits; ++bit) writer.AddKnown((facts.classes.bits >> bit) & 1u);
  return writer.count();
}

void NamePairFeatures(std::span<const NameWord> words, size_t at,
                      std::span<uint32_t, kNamePairFeatures> features) {
  FeatureWriter writer(kPairTemplates, features);
  const NameWord& word = words[at];
  const NameWord& left_word = NameWordAt(words, at, -1);
  const NameWord& right_word = NameWordAt(words, at, 1);
  const WordFacts& facts = word.facts;
  const WordFacts& left = left_word.facts;
  const WordFacts& right = right_word.facts;
  const uint32_t begins = at == 0 ? 64 : 0;
  const auto pos = static_cast<uint32_t>(word.pos);
  writer.Add(begins);
  writer.Add(MixValues(facts.pos_mask, facts.shape | begins));
  writer.Add(MixValues(facts.cluster & 63u, facts.shape | begins));
  writer.Add(MixValues(facts.shape, MixValues(left.shape, right.shape)));
  writer.Add(MixValues(left.form, facts.form));
  writer.Add(MixValues(facts.form, right.form));
  writer.Add(MixValues(left.form, facts.shape));
  writer.Add(MixValues(right.form, facts.shape));
  writer.Add(MixValues(facts.cluster & 1023u, left.cluster & 1023u));
  writer.Add(MixValues(facts.cluster & 1023u, right.cluster & 1023u));
  writer.Add(MixValues(facts.classes.bits, left.classes.bits));
  writer.Add(MixValues(facts.classes.bits, right.classes.bits));
  writer.Add(MixValues(pos, left.classes.bits));
  writer.Add(MixValues(facts.shape, left.classes.bits));
  writer.Add(MixValues(static_cast<uint32_t>(left_word.pos),
                       MixValues(pos, static_cast<uint32_t>(right_word.pos))));
}

NameScratch& NameScratch::OfThread() {
  thread_local NameScratch scratch;
  return scratch;
}

void LabelNames(const LinearModel& model, std::span<const NameWord> words,
                std::span<uint8_t> labels, NameScratch& scratch) {
  const size_t size = words.size();
  if (size == 0) return;
  if (scratch.back_.size() < size) scratch.back_.resize(size);
  scratch.emissions_.assign(size, LabelScores{});
  // That a sentence begins or ends near a word is seen by the missing words around it.
  for (int i = -kNameWindow; i < static_cast<int>(size) + kNameWindow; ++i) {
    scratch.words_.Prefetch(NameWordAt(words, 0, i + kPrefetchedWords).key);
    const NameWord& word = NameWordAt(words, 0, i);
    const auto& scores = scratch.words_.Find<kMaxNameFeatures>(
        word.key, model, [&](size_t place, NameFeatureArray& features) {
          return NameWordFeatures(word, static_cast<int>(place) - kNameWindow, features);
        });
    for (int offset = -kNameWindow; offset <= kNameWindow; ++offset) {
      const int target = i - offset;
      if (target < 0 || target >= static_cast<int>(size)) continue;
      const int place = offset + kNameWindow;
      AddScores(scores[static_cast<size_t>(place)],
                scratch.emissions_[static_cast<size_t>(target)]);
    }
  }
  // Scores of all labels that follow, in lanes behind those of each label before them.
  std::array<NameScores, kNameLabelCount> transitions;
  NameScores scores;
  for (size_t to = 0; to < 4 * kNameLaneGroups; ++to) {
    const bool is_label = to < kNameLabelCount;
    for (size_t from = 0; from < kNameLabelCount; ++from) {
      transitions[from][to / 4][to % 4] =
          is_label && MayFollow(from, to) ? model.Transition(from, to) : kImpossible;
    }
    scores[to / 4][to % 4] = is_label && MayFollow(kOutsideName, to) ? 0 : kImpossible;
  }
  scratch.pairs_.resize(size);
  const auto read_pairs = [&](size_t i) {
    if (i >= size) return;
    std::array<uint32_t, kNamePairFeatures> features;
    NamePairFeatures(words, i, features);
    scratch.pairs_[i].count = model.Find(features, scratch.pairs_[i].rows);
  };
  for (size_t i = 0; i < kPrefetchedWords; ++i) read_pairs(i);
  for (size_t i = 0; i < size; ++i) {
    read_pairs(i + kPrefetchedWords);
    LabelScores& emission = scratch.emissions_[i];
    const NameScratch::Pair& pair = scratch.pairs_[i];
    LinearModel::Add(std::span(pair.rows).first(pair.count), emission);
    if (i > 0) {
      NameScores best;
      NameScores& from_best = scratch.back_[i];
      std::array<int32_t, 4 * kNameLaneGroups> before;
      std::memcpy(before.data(), scores.data(), sizeof(before));
      for (size_t group = 0; group < kNameLaneGroups; ++group) {
        best[group] = before[0] + transitions[0][group];
        NameLanes from_best_lanes = {};
        for (int32_t from = 1; from < static_cast<int32_t>(kNameLabelCount); ++from) {
          const auto row = static_cast<size_t>(from);
          const NameLanes score = before[row] + transitions[row][group];
          const NameLanes better = score > best[group];
          best[group] = better ? score : best[group];
          from_best_lanes = better ? NameLanes{} + from : from_best_lanes;
        }
        from_best[group] = from_best_lanes;
      }
      scores = best;
    }
    NameLanes top_lanes = NameLanes{} + kImpossible;
    for (size_t group = 0; group < kNameLaneGroups; ++group) {
      EmissionLanes narrow;
      std::memcpy(&narrow, &emission[4 * group], sizeof(narrow));
      scores[group] += __builtin_convertvector(narrow, NameLanes);
      top_lanes = scores[group] > top_lanes ? scores[group] : top_lanes;
    }
    // Differences count; kept small so that no length of text overflows.
    const int32_t top =
        std::max(std::max(top_lanes[0], top_lanes[1]), std::max(top_lanes[2], top_lanes[3]));
    for (NameLanes& lanes : scores) {
      lanes -= top;
      lanes = lanes > kLowest ? lanes : NameLanes{} + kLowest;
    }
  }
  const auto score_of = [&scores](uint8_t label) { return scores[label / 4][label % 4]; };
  uint8_t label = 0;
  for (uint8_t k = 1; k < kNameLabelCount; ++k) {
    if (score_of(k) > score_of(label)) label = k;
  }
  for (size_t i = size; i-- > 0;) {
    labels[i] = label;
    label = static_cast<uint8_t>(scratch.back_[i][label / 4][label % 4]);
  }
}

}  // namespace lagebild::extract
