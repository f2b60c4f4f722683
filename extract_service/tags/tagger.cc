#include "extract_service/tags/tagger.h"

#include <algorithm>
#include <bit>

namespace lagebild::extract {
namespace {

const WordFacts kOutside = [] {
  WordFacts none;
  none.key = 1;
  return none;
}();

// Where a word stands, seen from the word that is tagged.
enum Neighbour : size_t { kItself, kBefore, kBehind, kSecondBehind, kNeighbourCount };
constexpr std::array<int, kNeighbourCount> kOffsets = {0, -1, 1, 2};
static_assert(kNeighbourCount == TagScratch::kNeighbours);

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

// So far ahead the memory is asked for what words weigh.
constexpr int kPrefetchedWords = 8;

// Features by which a word speaks for the tag of a word near it, whatever else stands there. They
// are what a word always weighs, so that the sum of their weights is remembered.
constexpr size_t kMaxWordFeatures = 9;
size_t WordFeatures(const WordFacts& word, Neighbour neighbour,
                    std::array<uint32_t, kMaxWordFeatures>& features) {
  size_t count = 0;
  const auto add = [&](uint32_t number, uint32_t value) {
    features[count++] = HashFeature(number, value);
  };
  switch (neighbour) {
    case kItself:
      add(1, 0);
      add(2, word.form);
      add(5, word.suffix2);
      add(6, word.suffix3);
      add(7, word.suffix4);
      add(8, word.prefix3);
      add(10, word.pos_mask);
      add(19, word.cluster);
      add(23, word.morphology);
      break;
    case kBefore:
      add(3, word.form);
      add(11, word.pos_mask);
      add(21, word.cluster);
      break;
    case kBehind:
      add(4, word.form);
      add(12, word.pos_mask);
      add(20, word.cluster);
      add(27, word.suffix3);
      break;
    case kSecondBehind:
      add(13, word.pos_mask);
      break;
    case kNeighbourCount:
      break;
  }
  return count;
}

// Features of several words together.
void ContextFeatures(std::span<const WordFacts> words, size_t at,
                     std::span<uint32_t, kTagContextFeatures> features) {
  const WordFacts& word = words[at];
  const WordFacts& left = WordAt(words, at, -1);
  const WordFacts& left2 = WordAt(words, at, -2);
  const WordFacts& right = WordAt(words, at, 1);
  const WordFacts& right2 = WordAt(words, at, 2);
  const uint32_t begins = at == 0 ? 64 : 0;
  size_t count = 0;
  const auto add = [&](uint32_t number, uint32_t value) {
    features[count++] = HashFeature(number, value);
  };
  add(9, word.shape | begins);
  add(18, MixValues(word.pos_mask, right.pos_mask));
  add(24, MixValues(word.classes.bits, word.shape | begins));
  add(25, MixValues(word.form, right.form));
  add(28, MixValues(word.shape, right.shape));
  add(29, MixValues(left2.form, left.form));
  add(30, MixValues(word.form, right.pos_mask));
  add(31, MixValues(word.pos_mask, MixValues(right.pos_mask, right2.pos_mask)));
  add(33, MixValues(word.cluster, right.cluster));
  add(34, MixValues(word.suffix3, right.shape));
  add(36, AuxiliaryUse(words, at));
}

// Features of words and the tags before them.
constexpr size_t kTagHistoryFeatures = 8;
void HistoryFeatures(std::span<const WordFacts> words, size_t at, Pos previous, Pos before_previous,
                     std::span<uint32_t, kTagHistoryFeatures> features) {
  const WordFacts& word = words[at];
  const WordFacts& right = WordAt(words, at, 1);
  const auto tag1 = static_cast<uint32_t>(previous);
  const uint32_t tags = tag1 * 32 + static_cast<uint32_t>(before_previous);
  size_t count = 0;
  const auto add = [&](uint32_t number, uint32_t value) {
    features[count++] = HashFeature(number, value);
  };
  add(14, tag1);
  add(15, tags);
  add(16, MixValues(word.form, tag1));
  add(17, MixValues(word.pos_mask, tags));
  add(22, MixValues(word.cluster & 63u, tag1));
  add(26, MixValues(tag1, right.pos_mask));
  add(32, MixValues(word.suffix3, tag1));
  add(35, MixValues(word.pos_mask, MixValues(tag1, right.pos_mask)));
}

}  // namespace

std::array<uint32_t, kTagFeatureCount> TagFeatures(std::span<const WordFacts> words, size_t at,
                                                   Pos previous, Pos before_previous) {
  std::array<uint32_t, kTagFeatureCount> features;
  const std::span all(features);
  ContextFeatures(words, at, all.first<kTagContextFeatures>());
  HistoryFeatures(words, at, previous, before_previous,
                  all.subspan<kTagContextFeatures, kTagHistoryFeatures>());
  size_t count = kTagContextFeatures + kTagHistoryFeatures;
  for (size_t i = 0; i < kNeighbourCount; ++i) {
    std::array<uint32_t, kMaxWordFeatures> of_word;
    const size_t added =
        WordFeatures(WordAt(words, at, kOffsets[i]), static_cast<Neighbour>(i), of_word);
    std::copy_n(of_word.begin(), added, all.subspan(count).begin());
    count += added;
  }
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

TagScratch& TagScratch::OfThread() {
  thread_local TagScratch scratch;
  return scratch;
}

void TagSentence(const LinearModel& model, std::span<const WordFacts> words, std::span<Pos> tags,
                 TagScratch& scratch) {
  std::vector<LabelScores>& sums = scratch.sums_;
  sums.assign(words.size(), LabelScores{});
  const auto size = static_cast<ptrdiff_t>(words.size());
  // Words that are missing around a sentence weigh, too.
  for (int i = -1; i < static_cast<int>(size) + 2; ++i) {
    scratch.words_.Prefetch(WordAt(words, 0, i + kPrefetchedWords).key);
    const WordFacts& word = WordAt(words, 0, i);
    const auto& scores = scratch.words_.Find<kMaxWordFeatures>(
        word.key, model, [&](size_t neighbour, std::array<uint32_t, kMaxWordFeatures>& features) {
          return WordFeatures(word, static_cast<Neighbour>(neighbour), features);
        });
    for (size_t k = 0; k < kNeighbourCount; ++k) {
      const ptrdiff_t target = i - kOffsets[k];
      if (target >= 0 && target < size) AddScores(scores[k], sums[static_cast<size_t>(target)]);
    }
  }
  // Where the dictionary leaves one tag there is nothing to weigh.
  for (size_t i = 0; i < words.size(); ++i) {
    if (tags[i] != Pos::kUnknown) continue;
    const uint32_t open = OpenLabels(words[i]);
    if (std::has_single_bit(open)) tags[i] = static_cast<Pos>(std::countr_zero(open) + 1);
  }
  scratch.contexts_.resize(words.size());
  const auto read_context = [&](size_t i) {
    if (i >= words.size() || tags[i] != Pos::kUnknown) return;
    std::array<uint32_t, kTagContextFeatures> features;
    ContextFeatures(words, i, features);
    scratch.contexts_[i].count = model.Find(features, scratch.contexts_[i].rows);
  };
  for (size_t i = 0; i < kPrefetchedWords; ++i) read_context(i);
  Pos previous = Pos::kUnknown;
  Pos before_previous = Pos::kUnknown;
  for (size_t i = 0; i < words.size(); ++i) {
    read_context(i + kPrefetchedWords);
    if (tags[i] != Pos::kUnknown) {
      before_previous = previous;
      previous = tags[i];
      continue;
    }
    LabelScores& scores = sums[i];
    std::array<uint32_t, kTagHistoryFeatures> features;
    std::array<LinearModel::Row, kTagHistoryFeatures> history;
    HistoryFeatures(words, i, previous, before_previous, features);
    const size_t count = model.Find(features, history);
    const TagScratch::Context& context = scratch.contexts_[i];
    LinearModel::Add(std::span(context.rows).first(context.count), scores);
    LinearModel::Add(std::span(history).first(count), scores);
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
