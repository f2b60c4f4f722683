// Trains the part-of-speech tagger: an averaged perceptron, greedy from left to right.
//
// Usage: train_tags LEXICON TRAIN MODEL [TEST]
//
// TRAIN and TEST hold one sentence a line, tokens as word##UPOS, contractions as "im##_ in##ADP
// dem##DET". Half of the training sentences keep contractions as one word, as running text has
// them. Prints the accuracy on TEST. Same input, same bytes.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/tags/tagger.h"

namespace lagebild::extract {
namespace {

constexpr uint32_t kBucketBits = 15;
constexpr int kEpochs = 10;
// Features that were wrong less often are chance.
constexpr int kFewestUpdates = 2;

struct Sentence {
  std::vector<WordFacts> words;
  std::vector<Pos> tags;
};

Pos PosOf(const std::string& upos) {
  static const std::map<std::string, Pos> kNames = {{"NOUN", Pos::kNoun},
                                                    {"PROPN", Pos::kProperNoun},
                                                    {"VERB", Pos::kVerb},
                                                    {"AUX", Pos::kAuxiliary},
                                                    {"ADJ", Pos::kAdjective},
                                                    {"ADV", Pos::kAdverb},
                                                    {"PRON", Pos::kPronoun},
                                                    {"DET", Pos::kDeterminer},
                                                    {"ADP", Pos::kAdposition},
                                                    {"CCONJ", Pos::kCoordinator},
                                                    {"SCONJ", Pos::kSubordinator},
                                                    {"PART", Pos::kParticle},
                                                    {"NUM", Pos::kNumeral},
                                                    {"PUNCT", Pos::kPunctuation},
                                                    {"INTJ", Pos::kInterjection},
                                                    {"SYM", Pos::kOther},
                                                    {"X", Pos::kOther}};
  const auto found = kNames.find(upos);
  return found == kNames.end() ? Pos::kOther : found->second;
}

std::vector<Sentence> Read(const char* path, bool keep_contractions, const Lexicon& lexicon) {
  std::vector<Sentence> sentences;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    Sentence sentence;
    std::istringstream tokens(line);
    std::string token;
    std::string before;
    int skip = 0;
    const bool whole = keep_contractions && sentences.size() % 2 == 1;
    while (tokens >> token) {
      const size_t split = token.rfind("##");
      if (split == std::string::npos) continue;
      const std::string word = token.substr(0, split);
      std::string tag = token.substr(split + 2);
      if (tag == "_") {
        if (!whole) continue;
        skip = 2;
        tag = "ADP";
      } else if (skip > 0) {
        --skip;
        continue;
      }
      const bool begins = sentence.words.empty() || before == ":" || before == "\"" ||
                          before == "„" || before == "-" || before == "–";
      sentence.words.push_back(FactsOf(word, begins, lexicon));
      sentence.tags.push_back(PosOf(tag));
      before = word;
    }
    if (!sentence.words.empty()) sentences.push_back(std::move(sentence));
  }
  return sentences;
}

using Features = std::array<uint32_t, kTagFeatureCount>;

class Perceptron {
 public:
  /// The label with the best score among those that are open.
  size_t Best(const Features& features, uint32_t open) const {
    std::array<int, kTagCount> scores = {};
    for (const uint32_t feature : features) {
      const auto found = rows_.find(feature);
      if (found == rows_.end()) continue;
      for (size_t k = 0; k < kTagCount; ++k) scores[k] += found->second.weights[k];
    }
    size_t best = kTagCount;
    for (size_t k = 0; k < kTagCount; ++k) {
      if ((open >> k & 1u) != 0 && (best == kTagCount || scores[k] > scores[best])) best = k;
    }
    return best;
  }

  void Update(const Features& features, size_t gold, size_t guess) {
    for (const uint32_t feature : features) {
      Row& row = rows_[feature];
      Change(row, gold, 1);
      Change(row, guess, -1);
      ++row.updates;
    }
  }

  void Step() { ++step_; }

  /// The average over all steps as a model, the features with the largest weights first.
  std::string Quantized() {
    std::vector<std::pair<double, WeightedFeature>> sorted;
    std::vector<std::pair<uint32_t, std::array<double, kTagCount>>> averages;
    std::vector<double> sizes;
    for (auto& [feature, row] : rows_) {
      if (row.updates < kFewestUpdates) continue;
      std::array<double, kTagCount> average = {};
      for (size_t k = 0; k < kTagCount; ++k) {
        Change(row, k, 0);
        average[k] = static_cast<double>(row.totals[k]) / static_cast<double>(step_);
        if (average[k] != 0) sizes.push_back(std::abs(average[k]));
      }
      averages.emplace_back(feature, average);
    }
    // The few weights beyond the 99.9th percentile are cut, the others keep more of their
    // precision.
    std::sort(sizes.begin(), sizes.end());
    const double scale = 127 / (sizes.empty() ? 1 : sizes[sizes.size() * 999 / 1000]);
    for (const auto& [feature, average] : averages) {
      WeightedFeature row;
      row.feature = feature;
      double norm = 0;
      for (size_t k = 0; k < kTagCount; ++k) {
        norm += average[k] * average[k];
        row.weights[k] =
            static_cast<int8_t>(std::clamp(std::lround(average[k] * scale), -127L, 127L));
      }
      sorted.emplace_back(norm, row);
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return std::tuple(-a.first, a.second.feature) < std::tuple(-b.first, b.second.feature);
    });
    std::vector<WeightedFeature> features;
    for (const auto& [norm, row] : sorted) features.push_back(row);
    std::printf("%zu features\n", features.size());
    const std::vector<int32_t> transitions(kTagCount * kTagCount, 0);
    return LinearModel::Serialize(kTagCount, kBucketBits, transitions, features);
  }

 private:
  struct Row {
    std::array<int, kTagCount> weights = {};
    std::array<int64_t, kTagCount> totals = {};
    std::array<int64_t, kTagCount> changed = {};
    int updates = 0;
  };

  void Change(Row& row, size_t k, int delta) const {
    row.totals[k] += int64_t{row.weights[k]} * (step_ - row.changed[k]);
    row.changed[k] = step_;
    row.weights[k] += delta;
  }

  std::unordered_map<uint32_t, Row> rows_;
  int64_t step_ = 0;
};

std::string Train(const std::vector<Sentence>& sentences) {
  Perceptron perceptron;
  std::vector<size_t> order(sentences.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 random(20260101);
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    // Written out: the order that std::shuffle gives differs between libraries.
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    size_t wrong = 0;
    size_t count = 0;
    for (const size_t index : order) {
      const Sentence& sentence = sentences[index];
      Pos previous = Pos::kUnknown;
      Pos before_previous = Pos::kUnknown;
      for (size_t i = 0; i < sentence.words.size(); ++i) {
        const auto features = TagFeatures(sentence.words, i, previous, before_previous);
        const uint32_t open = OpenLabels(sentence.words[i]);
        const size_t guess = perceptron.Best(features, open);
        const size_t gold = static_cast<size_t>(sentence.tags[i]) - 1;
        perceptron.Step();
        // Weights learn nothing from a tag that the tagger will never give.
        if (guess != gold && (open >> gold & 1u) != 0) perceptron.Update(features, gold, guess);
        wrong += guess != gold;
        ++count;
        before_previous = previous;
        previous = static_cast<Pos>(guess + 1);
      }
    }
    std::printf("epoch %d: %.2f %% wrong in training\n", epoch + 1,
                100.0 * static_cast<double>(wrong) / static_cast<double>(count));
  }
  return perceptron.Quantized();
}

int Run(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    std::fprintf(stderr, "usage: train_tags LEXICON TRAIN MODEL [TEST]\n");
    return 2;
  }
  const auto lexicon = Lexicon::Open(argv[1]);
  if (!lexicon.ok()) {
    std::fprintf(stderr, "train_tags: %s\n", std::string(lexicon.status().message()).c_str());
    return 1;
  }
  const std::string bytes = Train(Read(argv[2], true, **lexicon));
  std::ofstream(argv[3], std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (argc < 5) return 0;
  const auto model = LinearModel::Parse(bytes, kTagCount);
  if (!model.ok()) return 1;
  TagScratch scratch;
  size_t right = 0;
  size_t count = 0;
  std::map<std::pair<int, int>, int> confusions;
  for (const Sentence& sentence : Read(argv[4], false, **lexicon)) {
    std::vector<Pos> tags(sentence.words.size());
    TagSentence(*model, sentence.words, tags, scratch);
    for (size_t i = 0; i < tags.size(); ++i) {
      right += tags[i] == sentence.tags[i];
      ++count;
      if (tags[i] != sentence.tags[i]) {
        ++confusions[{static_cast<int>(sentence.tags[i]), static_cast<int>(tags[i])}];
      }
    }
  }
  std::printf("accuracy %.2f %% of %zu tokens\n",
              100.0 * static_cast<double>(right) / static_cast<double>(count), count);
  for (const auto& [pair, times] : confusions) {
    if (times > 40) std::printf("  gold %d, tagged %d: %d\n", pair.first, pair.second, times);
  }
  return 0;
}

}  // namespace
}  // namespace lagebild::extract

int main(int argc, char** argv) { return lagebild::extract::Run(argc, argv); }
