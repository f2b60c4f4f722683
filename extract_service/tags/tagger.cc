#include "extract_service/tags/tagger.h"

namespace lagebild::extract {
namespace {

const WordFacts kOutside = {};

const WordFacts& WordAt(std::span<const WordFacts> words, size_t at, int offset) {
  const auto index = static_cast<ptrdiff_t>(at) + offset;
  return index < 0 || index >= static_cast<ptrdiff_t>(words.size())
             ? kOutside
             : words[static_cast<size_t>(index)];
}

// "hat", "wird" and "ist" are auxiliaries where a participle or infinitive stands right before them
// or later in the clause: form with what stands there, 0 for all other words.
uint32_t AuxiliaryUse(std::span<const WordFacts> words, size_t at) {
  constexpr uint32_t kNonFinite =
      Morphology::kInfinitive | Morphology::kParticiplePerfect | Morphology::kZuInfinitive;
  constexpr uint32_t kVerbs =
      (1u << static_cast<unsigned>(Pos::kVerb)) | (1u << static_cast<unsigned>(Pos::kAuxiliary));
  constexpr size_t kFarthest = 24;
  const WordFacts& word = words[at];
  if ((word.pos_mask & (1u << static_cast<unsigned>(Pos::kAuxiliary))) == 0) return 0;
  const auto non_finite = [&words](size_t i) {
    return (words[i].pos_mask & kVerbs) != 0 ? words[i].morphology & kNonFinite : 0u;
  };
  const uint32_t before = at > 0 ? non_finite(at - 1) : 0;
  uint32_t behind = 0;
  for (size_t i = at + 1; i < words.size() && i <= at + kFarthest; ++i) {
    if (words[i].shape < 2) break;  // A mark: neither letters nor digits.
    behind |= non_finite(i);
  }
  return MixValues(word.form, MixValues(before, behind) | 1u);
}

}  // namespace

std::array<uint32_t, kTagFeatureCount> TagFeatures(std::span<const WordFacts> words, size_t at,
                                                   Pos previous, Pos before_previous) {
  const WordFacts& word = words[at];
  const WordFacts& left = WordAt(words, at, -1);
  const WordFacts& left2 = WordAt(words, at, -2);
  const WordFacts& right = WordAt(words, at, 1);
  const WordFacts& right2 = WordAt(words, at, 2);
  const auto tag1 = static_cast<uint32_t>(previous);
  const uint32_t tags = tag1 * 32 + static_cast<uint32_t>(before_previous);
  const uint32_t begins = at == 0 ? 64 : 0;
  std::array<uint32_t, kTagFeatureCount> features;
  uint32_t number = 0;
  const auto add = [&](uint32_t value) {
    features[number] = HashFeature(number + 1, value);
    ++number;
  };
  add(0);
  add(word.form);
  add(left.form);
  add(right.form);
  add(word.suffix2);
  add(word.suffix3);
  add(word.suffix4);
  add(word.prefix3);
  add(word.shape | begins);
  add(word.pos_mask);
  add(left.pos_mask);
  add(right.pos_mask);
  add(right2.pos_mask);
  add(tag1);
  add(tags);
  add(MixValues(word.form, tag1));
  add(MixValues(word.pos_mask, tags));
  add(MixValues(word.pos_mask, right.pos_mask));
  add(word.cluster);
  add(right.cluster);
  add(left.cluster);
  add(MixValues(word.cluster & 63u, tag1));
  add(word.morphology);
  add(MixValues(word.classes.bits, word.shape | begins));
  add(MixValues(word.form, right.form));
  add(MixValues(tag1, right.pos_mask));
  add(right.suffix3);
  add(MixValues(word.shape, right.shape));
  add(MixValues(left2.form, left.form));
  add(MixValues(word.form, right.pos_mask));
  add(MixValues(word.pos_mask, MixValues(right.pos_mask, right2.pos_mask)));
  add(MixValues(word.suffix3, tag1));
  add(MixValues(word.cluster, right.cluster));
  add(MixValues(word.suffix3, right.shape));
  add(MixValues(word.pos_mask, MixValues(tag1, right.pos_mask)));
  add(AuxiliaryUse(words, at));
  return features;
}

uint32_t OpenLabels(const WordFacts& word) {
  constexpr uint32_t kAll = (1u << kTagCount) - 1;
  const auto bit = [](Pos pos) { return 1u << static_cast<unsigned>(pos); };
  if (!word.lower || word.analyses.empty()) return kAll;
  uint32_t open = word.pos_mask;
  const uint32_t verbs = bit(Pos::kVerb) | bit(Pos::kAuxiliary);
  const uint32_t content = verbs | bit(Pos::kNoun) | bit(Pos::kProperNoun) | bit(Pos::kAdjective);
  constexpr uint32_t kParticiples = Morphology::kParticiplePerfect | Morphology::kParticiplePresent;
  // Function words are tagged by their use.
  if ((open & ~content) != 0) open |= ~(verbs | bit(Pos::kNoun) | bit(Pos::kProperNoun));
  if ((open & verbs) != 0) open |= bit(Pos::kVerb);
  if ((open & verbs) != 0 && (word.morphology & kParticiples) != 0) open |= bit(Pos::kAdjective);
  if ((open & bit(Pos::kAdjective)) != 0) open |= bit(Pos::kAdverb) | bit(Pos::kVerb);
  return open >> 1 & kAll;
}

void TagSentence(const LinearModel& model, std::span<const WordFacts> words, std::span<Pos> tags) {
  Pos previous = Pos::kUnknown;
  Pos before_previous = Pos::kUnknown;
  for (size_t i = 0; i < words.size(); ++i) {
    LabelScores scores = {};
    model.Add(TagFeatures(words, i, previous, before_previous), scores);
    const uint32_t open = OpenLabels(words[i]);
    size_t best = kTagCount;
    for (size_t k = 0; k < kTagCount; ++k) {
      if ((open >> k & 1u) != 0 && (best == kTagCount || scores[k] > scores[best])) best = k;
    }
    tags[i] = static_cast<Pos>(best + 1);
    before_previous = previous;
    previous = tags[i];
  }
}

}  // namespace lagebild::extract
