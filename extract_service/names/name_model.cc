#include "extract_service/names/name_model.h"

#include <algorithm>
#include <limits>

namespace lagebild::extract {
namespace {

const NameWord kOutside = {};

const NameWord& WordAt(std::span<const NameWord> words, size_t at, int offset) {
  const auto index = static_cast<ptrdiff_t>(at) + offset;
  return index < 0 || index >= static_cast<ptrdiff_t>(words.size())
             ? kOutside
             : words[static_cast<size_t>(index)];
}

}  // namespace

size_t NameFeatures(std::span<const NameWord> words, size_t at,
                    std::array<uint32_t, kMaxNameFeatures>& features) {
  size_t count = 0;
  uint32_t number = 0;
  // Every call has a template number of its own, used or not.
  const auto add_if = [&](bool used, uint32_t value) {
    ++number;
    if (used) features[count++] = HashFeature(number, value);
  };
  const auto add = [&](uint32_t value) { add_if(true, value); };

  const NameWord& word = words[at];
  const uint32_t begins = at == 0 ? 64 : 0;
  add(begins);
  for (const int offset : {-2, -1, 0, 1, 2}) {
    const NameWord& other = WordAt(words, at, offset);
    const WordFacts& facts = other.facts;
    add(facts.form);
    add(static_cast<uint32_t>(other.pos));
    add_if(facts.cluster != 0, facts.cluster);
    add_if(facts.cluster != 0, facts.cluster & 1023u);
    add_if(facts.cluster != 0, facts.cluster & 63u);
    add_if(facts.cluster != 0, facts.cluster & 15u);
    add(facts.shape);
    add_if(facts.classes.bits != 0, facts.classes.bits);
  }
  const WordFacts& facts = word.facts;
  const WordFacts& left = WordAt(words, at, -1).facts;
  const WordFacts& right = WordAt(words, at, 1).facts;
  add(facts.prefix3);
  add(facts.suffix2);
  add(facts.suffix3);
  add(facts.suffix4);
  add(left.suffix3);
  add(right.suffix3);
  add(facts.frequency);
  add(MixValues(facts.frequency, facts.shape));
  add(left.frequency);
  add(right.frequency);
  add(facts.pos_mask);
  add(MixValues(facts.pos_mask, facts.shape | begins));
  add(MixValues(facts.shape, MixValues(left.shape, right.shape)));
  add(MixValues(left.form, facts.form));
  add(MixValues(facts.form, right.form));
  add(MixValues(left.form, facts.shape));
  add(MixValues(right.form, facts.shape));
  add(MixValues(facts.cluster & 1023u, left.cluster & 1023u));
  add(MixValues(facts.cluster & 1023u, right.cluster & 1023u));
  add(MixValues(facts.cluster & 63u, facts.shape | begins));
  add(MixValues(facts.classes.bits, left.classes.bits));
  add(MixValues(facts.classes.bits, right.classes.bits));
  add(MixValues(static_cast<uint32_t>(word.pos), left.classes.bits));
  add(MixValues(facts.shape, left.classes.bits));
  add(MixValues(facts.suffix3, facts.shape));
  add(MixValues(facts.classes.bits, facts.pos_mask));
  add(MixValues(
      static_cast<uint32_t>(WordAt(words, at, -1).pos),
      MixValues(static_cast<uint32_t>(word.pos), static_cast<uint32_t>(WordAt(words, at, 1).pos))));
  for (uint32_t bit = 0; bit < 20; ++bit) {
    if (((facts.classes.bits >> bit) & 1u) != 0 && count < kMaxNameFeatures) {
      features[count++] = HashFeature(100 + bit, 1);
    }
  }
  return count;
}

void LabelNames(const LinearModel& model, std::span<const NameWord> words,
                std::span<uint8_t> labels, NameScratch& scratch) {
  const size_t size = words.size();
  if (size == 0) return;
  if (scratch.scores.size() < size) {
    scratch.scores.resize(size);
    scratch.back.resize(size);
  }
  std::array<uint32_t, kMaxNameFeatures> features;
  for (size_t i = 0; i < size; ++i) {
    std::array<int32_t, kNameLabelCount> emission = {};
    const size_t count = NameFeatures(words, i, features);
    for (size_t f = 0; f < count; ++f) model.Add(features[f], emission);
    for (size_t to = 0; to < kNameLabelCount; ++to) {
      int32_t best = std::numeric_limits<int32_t>::min() / 2;
      uint8_t from_best = 0;
      if (i == 0) {
        if (MayFollow(kOutsideName, to)) best = 0;
      } else {
        for (size_t from = 0; from < kNameLabelCount; ++from) {
          if (!MayFollow(from, to)) continue;
          const int32_t score = scratch.scores[i - 1][from] + model.Transition(from, to);
          if (score > best) {
            best = score;
            from_best = static_cast<uint8_t>(from);
          }
        }
      }
      scratch.scores[i][to] = best + emission[to];
      scratch.back[i][to] = from_best;
    }
    // Differences count; kept small so that no length of text overflows.
    const int32_t top = *std::max_element(scratch.scores[i].begin(), scratch.scores[i].end());
    for (int32_t& score : scratch.scores[i]) score = std::max(score - top, -(1 << 28));
  }
  const auto& last = scratch.scores[size - 1];
  auto label = static_cast<uint8_t>(std::max_element(last.begin(), last.end()) - last.begin());
  for (size_t i = size; i-- > 0;) {
    labels[i] = label;
    label = scratch.back[i][label];
  }
}

}  // namespace lagebild::extract
