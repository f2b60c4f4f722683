// Trains the name recogniser: a linear-chain conditional random field with hashed features, fitted
// by stochastic gradient (AdaGrad) with decaying weights.
//
// Usage: train_names LEXICON TRAIN MODEL [DEV]
//
// TRAIN and DEV are in the format of GermEval 2014 (index, token, outer label, inner label). The
// lexicon holds the tagger's model. Prints precision, recall and F1 of exact spans on DEV, derived
// and partial names left aside. Same input, same bytes.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "extract_service/lexicon/compiler/tsv.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/names/name_model.h"
#include "extract_service/tags/tagger.h"

namespace lagebild::extract {
namespace {

constexpr uint32_t kBucketBits = 18;
constexpr size_t kBuckets = size_t{1} << kBucketBits;
constexpr int kEpochs = 12;
constexpr float kLearningRate = 0.12F;
constexpr float kL2 = 2e-6F;
constexpr size_t kLabels = kNameLabelCount;

struct Sentence {
  std::vector<NameWord> words;
  std::vector<uint8_t> labels;
  std::vector<std::pair<size_t, size_t>> ignored;  ///< Derived and partial names.
};

uint8_t LabelOf(const std::string& name) {
  static constexpr const char* kTypes[] = {"PER", "ORG", "LOC", "OTH"};
  if (name.size() < 3) return kOutsideName;
  for (uint8_t type = 0; type < 4; ++type) {
    if (name.substr(2) == kTypes[type]) {
      return static_cast<uint8_t>(1 + type * 2 + (name[0] == 'I' ? 1 : 0));
    }
  }
  return kOutsideName;
}

bool IsIgnored(const std::string& name) {
  return name.ends_with("deriv") || name.ends_with("part");
}

std::vector<Sentence> Read(const char* path, const Lexicon& lexicon, const LinearModel& tagger) {
  std::vector<Sentence> sentences;
  std::ifstream in(path);
  std::string line;
  Sentence sentence;
  std::string before;
  const auto finish = [&] {
    if (sentence.words.empty()) return;
    std::vector<WordFacts> facts;
    for (const NameWord& word : sentence.words) facts.push_back(word.facts);
    std::vector<Pos> tags(facts.size());
    TagSentence(tagger, facts, tags);
    for (size_t i = 0; i < tags.size(); ++i) sentence.words[i].pos = tags[i];
    sentences.push_back(std::move(sentence));
    sentence = {};
  };
  while (std::getline(in, line)) {
    if (line.empty()) finish();
    const std::vector<std::string> cells = Split(line, '\t');
    if (line.empty() || line[0] == '#' || cells.size() < 3) continue;
    const bool begins = sentence.words.empty() || before == ":" || before == "\"" ||
                        before == "„" || before == "-" || before == "–";
    NameWord word;
    word.facts = FactsOf(cells[1], begins, lexicon);
    uint8_t label = LabelOf(cells[2]);
    // An inside without its begin begins.
    if (label != kOutsideName && !BeginsName(label)) {
      const uint8_t last = sentence.labels.empty() ? kOutsideName : sentence.labels.back();
      if (!MayFollow(last, label)) --label;
    }
    if (IsIgnored(cells[2])) {
      sentence.ignored.emplace_back(sentence.words.size(), sentence.words.size() + 1);
    }
    sentence.words.push_back(word);
    sentence.labels.push_back(label);
    before = cells[1];
  }
  finish();
  return sentences;
}

using Scores = std::array<float, kLabels>;

float LogSum(const float* values, size_t count) {
  const float top = *std::max_element(values, values + count);
  float sum = 0;
  for (size_t i = 0; i < count; ++i) sum += std::exp(values[i] - top);
  return top + std::log(sum);
}

class Crf {
 public:
  Crf()
      : weights_(kBuckets * kLabels, 0),
        squares_(kBuckets * kLabels, 0),
        transitions_(kLabels * kLabels, 0),
        transition_squares_(kLabels * kLabels, 0) {
    for (size_t from = 0; from < kLabels; ++from) {
      for (size_t to = 0; to < kLabels; ++to) {
        if (!MayFollow(from, to)) transitions_[from * kLabels + to] = kImpossible;
      }
    }
  }

  void Learn(const Sentence& sentence) {
    const size_t size = sentence.words.size();
    features_.resize(size);
    counts_.resize(size);
    std::vector<Scores> emission(size, Scores{});
    for (size_t i = 0; i < size; ++i) {
      counts_[i] = NameFeatures(sentence.words, i, features_[i]);
      for (size_t f = 0; f < counts_[i]; ++f) {
        const float* row = &weights_[Row(features_[i][f])];
        for (size_t k = 0; k < kLabels; ++k) emission[i][k] += row[k];
      }
    }
    for (size_t k = 0; k < kLabels; ++k) {
      if (!MayFollow(kOutsideName, k)) emission[0][k] += kImpossible;
    }
    std::vector<Scores> forward(size);
    std::vector<Scores> backward(size, Scores{});
    forward[0] = emission[0];
    Scores terms;
    for (size_t i = 1; i < size; ++i) {
      for (size_t to = 0; to < kLabels; ++to) {
        for (size_t from = 0; from < kLabels; ++from) {
          terms[from] = forward[i - 1][from] + transitions_[from * kLabels + to];
        }
        forward[i][to] = LogSum(terms.data(), kLabels) + emission[i][to];
      }
    }
    for (size_t i = size - 1; i-- > 0;) {
      for (size_t from = 0; from < kLabels; ++from) {
        for (size_t to = 0; to < kLabels; ++to) {
          terms[to] = transitions_[from * kLabels + to] + emission[i + 1][to] + backward[i + 1][to];
        }
        backward[i][from] = LogSum(terms.data(), kLabels);
      }
    }
    const float partition = LogSum(forward[size - 1].data(), kLabels);
    for (size_t i = 0; i < size; ++i) {
      Scores gradient;
      for (size_t k = 0; k < kLabels; ++k) {
        gradient[k] = -std::exp(forward[i][k] + backward[i][k] - partition);
      }
      gradient[sentence.labels[i]] += 1;
      for (size_t f = 0; f < counts_[i]; ++f) {
        const size_t row = Row(features_[i][f]);
        for (size_t k = 0; k < kLabels; ++k) Change(weights_, squares_, row + k, gradient[k]);
      }
    }
    for (size_t i = 1; i < size; ++i) {
      for (size_t from = 0; from < kLabels; ++from) {
        for (size_t to = 0; to < kLabels; ++to) {
          if (!MayFollow(from, to)) continue;
          const bool gold = sentence.labels[i - 1] == from && sentence.labels[i] == to;
          const float expected = std::exp(forward[i - 1][from] + transitions_[from * kLabels + to] +
                                          emission[i][to] + backward[i][to] - partition);
          const float difference = (gold ? 1.0F : 0.0F) - expected;
          Change(transitions_, transition_squares_, from * kLabels + to, difference);
        }
      }
    }
  }

  std::string Quantized() const {
    std::vector<float> sizes;
    for (const float weight : weights_) {
      if (weight != 0) sizes.push_back(std::abs(weight));
    }
    std::sort(sizes.begin(), sizes.end());
    const float largest = sizes.empty() ? 1 : sizes[sizes.size() * 9995 / 10000];
    const float scale = 127 / largest;
    std::vector<int8_t> bytes(weights_.size());
    for (size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<int8_t>(std::clamp(std::lround(weights_[i] * scale), -127L, 127L));
    }
    std::vector<int32_t> transitions(transitions_.size());
    for (size_t i = 0; i < transitions.size(); ++i) {
      transitions[i] =
          static_cast<int32_t>(std::lround(std::max(transitions_[i], kImpossible) * scale));
    }
    return LinearModel::Serialize(kLabels, kBucketBits, transitions, bytes);
  }

 private:
  static constexpr float kImpossible = -1000;

  static size_t Row(uint32_t feature) {
    return static_cast<size_t>(feature & (kBuckets - 1)) * kLabels;
  }
  static void Change(std::vector<float>& weights, std::vector<float>& squares, size_t i,
                     float gradient) {
    gradient -= kL2 * weights[i] * 100;
    if (std::abs(gradient) < 1e-4F) return;
    squares[i] += gradient * gradient;
    weights[i] += kLearningRate * gradient / std::sqrt(squares[i] + 1e-1F);
  }

  std::vector<float> weights_;
  std::vector<float> squares_;
  std::vector<float> transitions_;
  std::vector<float> transition_squares_;
  std::vector<std::array<uint32_t, kMaxNameFeatures>> features_;
  std::vector<size_t> counts_;
};

using NameSpan = std::tuple<size_t, size_t, int>;

std::set<NameSpan> Spans(const std::vector<uint8_t>& labels) {
  std::set<NameSpan> spans;
  for (size_t i = 0; i < labels.size();) {
    if (labels[i] == kOutsideName) {
      ++i;
      continue;
    }
    size_t end = i + 1;
    while (end < labels.size() && labels[end] == labels[i] + 1) ++end;
    spans.emplace(i, end, NameType(labels[i]));
    i = end;
  }
  return spans;
}

void Measure(const LinearModel& model, const std::vector<Sentence>& sentences) {
  size_t right = 0;
  size_t found = 0;
  size_t wanted = 0;
  NameScratch scratch;
  for (const Sentence& sentence : sentences) {
    std::vector<uint8_t> labels(sentence.words.size());
    LabelNames(model, sentence.words, labels, scratch);
    const std::set<NameSpan> gold = Spans(sentence.labels);
    wanted += gold.size();
    for (const NameSpan& span : Spans(labels)) {
      if (gold.contains(span)) {
        ++right;
        ++found;
        continue;
      }
      const bool ignored =
          std::any_of(sentence.ignored.begin(), sentence.ignored.end(), [&](const auto& range) {
            return range.first < std::get<1>(span) && std::get<0>(span) < range.second;
          });
      found += !ignored;
    }
  }
  const double precision = static_cast<double>(right) / static_cast<double>(found);
  const double recall = static_cast<double>(right) / static_cast<double>(wanted);
  std::printf("precision %.1f recall %.1f F1 %.1f\n", 100 * precision, 100 * recall,
              200 * precision * recall / (precision + recall));
}

int Run(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    std::fprintf(stderr, "usage: train_names LEXICON TRAIN MODEL [DEV]\n");
    return 2;
  }
  const auto lexicon = Lexicon::Open(argv[1]);
  if (!lexicon.ok()) {
    std::fprintf(stderr, "train_names: %s\n", std::string(lexicon.status().message()).c_str());
    return 1;
  }
  const auto tagger = LinearModel::Find(**lexicon, "tags", kTagCount);
  if (!tagger.ok()) {
    std::fprintf(stderr, "train_names: %s\n", std::string(tagger.status().message()).c_str());
    return 1;
  }
  const std::vector<Sentence> sentences = Read(argv[2], **lexicon, *tagger);
  std::vector<Sentence> dev;
  if (argc == 5) dev = Read(argv[4], **lexicon, *tagger);
  Crf crf;
  std::vector<size_t> order(sentences.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 random(20260101);
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    // Written out: the order that std::shuffle gives differs between libraries.
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    for (const size_t index : order) crf.Learn(sentences[index]);
    if (!dev.empty() && (epoch % 3 == 2 || epoch + 1 == kEpochs)) {
      const std::string bytes = crf.Quantized();
      std::printf("epoch %d: ", epoch + 1);
      Measure(*LinearModel::Parse(bytes, kLabels), dev);
      std::fflush(stdout);
    }
  }
  const std::string bytes = crf.Quantized();
  std::ofstream(argv[3], std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return 0;
}

}  // namespace
}  // namespace lagebild::extract

int main(int argc, char** argv) { return lagebild::extract::Run(argc, argv); }
