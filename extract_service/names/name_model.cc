#include "extract_service/names/name_model.h"

#include <algorithm>
#include <limits>

namespace lagebild::extract {
namespace {

const NameWord kNoWord = {.facts = {}, .pos = Pos::kUnknown, .key = kNoWordKey};

// Collects features. Each has a template number, used or not, so that values never mix.
class FeatureWriter {
 public:
  FeatureWriter(uint32_t first_template, NameFeatureArray& features)
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
  NameFeatureArray& features_;
};

// Templates of words begin at 100, 200, ..., those of pairs at 1000.
constexpr uint32_t kPairTemplates = 1000;
constexpr uint32_t TemplatesOf(int offset) {
  return static_cast<uint32_t>(100 * (offset + kNameWindow + 1));
}
constexpr uint32_t kClassBits = 21;
constexpr int32_t kImpossible = std::numeric_limits<int32_t>::min() / 2;

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

size_t NamePairFeatures(std::span<const NameWord> words, size_t at, NameFeatureArray& features) {
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
  return writer.count();
}

NameScratch& NameScratch::OfThread() {
  thread_local NameScratch scratch;
  return scratch;
}

void LabelNames(const LinearModel& model, std::span<const NameWord> words,
                std::span<uint8_t> labels, NameScratch& scratch) {
  const size_t size = words.size();
  if (size == 0) return;
  if (scratch.scores_.size() < size) {
    scratch.scores_.resize(size);
    scratch.back_.resize(size);
  }
  scratch.emissions_.assign(size, LabelScores{});
  NameFeatureArray word_features;
  // That a sentence begins or ends near a word is seen by the missing words around it.
  for (int i = -kNameWindow; i < static_cast<int>(size) + kNameWindow; ++i) {
    const NameWord& word = NameWordAt(words, 0, i);
    const auto& scores = scratch.words_.Find(word.key, [&](size_t place, LabelScores& sum) {
      const size_t count =
          NameWordFeatures(word, static_cast<int>(place) - kNameWindow, word_features);
      model.Add(std::span(word_features).first(count), sum);
    });
    for (int offset = -kNameWindow; offset <= kNameWindow; ++offset) {
      const int target = i - offset;
      if (target < 0 || target >= static_cast<int>(size)) continue;
      AddScores(scores[static_cast<size_t>(offset + kNameWindow)],
                scratch.emissions_[static_cast<size_t>(target)]);
    }
  }
  NameFeatureArray features;
  for (size_t i = 0; i < size; ++i) {
    LabelScores& emission = scratch.emissions_[i];
    const size_t count = NamePairFeatures(words, i, features);
    model.Add(std::span(features).first(count), emission);
    std::array<int32_t, kNameLabelCount>& scores = scratch.scores_[i];
    std::array<uint8_t, kNameLabelCount>& back = scratch.back_[i];
    for (size_t to = 0; to < kNameLabelCount; ++to) {
      int32_t best = kImpossible;
      uint8_t from_best = 0;
      const auto follow = [&](size_t from) {
        const int32_t score = scratch.scores_[i - 1][from] + model.Transition(from, to);
        if (score > best) {
          best = score;
          from_best = static_cast<uint8_t>(from);
        }
      };
      if (i == 0) {
        if (MayFollow(kOutsideName, to)) best = 0;
      } else if (IsName(static_cast<uint8_t>(to)) && !BeginsName(static_cast<uint8_t>(to))) {
        follow(to - 1);
        follow(to);
      } else {
        for (size_t from = 0; from < kNameLabelCount; ++from) follow(from);
      }
      scores[to] = best + emission[to];
      back[to] = from_best;
    }
    // Differences count; kept small so that no length of text overflows.
    const int32_t top = *std::max_element(scores.begin(), scores.end());
    for (int32_t& score : scores) score = std::max(score - top, -(1 << 28));
  }
  const auto& last = scratch.scores_[size - 1];
  auto label = static_cast<uint8_t>(std::max_element(last.begin(), last.end()) - last.begin());
  for (size_t i = size; i-- > 0;) {
    labels[i] = label;
    label = scratch.back_[i][label];
  }
}

}  // namespace lagebild::extract
