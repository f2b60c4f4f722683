// Trains the name recogniser: a linear-chain conditional random field, fitted by stochastic
// gradient (AdaGrad) with weights that decay and are averaged over the later epochs.
//
// Usage: train_names LEXICON TRAIN MODEL [DEV [PERCENT]]
//
// TRAIN and DEV are in the format of GermEval 2014 (index, token, outer label, inner label); their
// text is cut into tokens and tagged by the pipeline's own stages, so the lexicon holds the
// tagger's model. PERCENT of the training documents are used (100). Prints precision, recall and F1
// of exact spans on DEV, derived and partial names left aside. Same input, same bytes.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "extract_service/lexicon/compiler/tsv.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/names/name_model.h"
#include "extract_service/names/name_words.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/regions/regions_stage.h"
#include "extract_service/sentences/sentences_stage.h"
#include "extract_service/tags/tags_stage.h"
#include "extract_service/tokens/tokens_stage.h"

namespace lagebild::extract {
namespace {

constexpr uint32_t kBucketBits = 15;
constexpr int kEpochs = 10;
constexpr int kFirstAveragedEpoch = 4;
constexpr float kLearningRate = 0.12F;
constexpr float kL2 = 3e-3F;
constexpr size_t kLabels = kNameLabelCount;
constexpr size_t kSentencesOfDocument = 20;
// Sentences that the model has labelled itself count when every label is at least this probable,
// and less than those that people have labelled.
constexpr float kSure = 0.8F;
constexpr float kShareOfOthers = 0.5F;

using NameSpan = std::tuple<int32_t, int32_t, int>;  // Offsets in bytes, type of the name.
constexpr int kDerivedType = 4;
constexpr int kPartType = 5;

struct LabelledSentence {
  std::vector<std::vector<uint32_t>> features;  ///< Of each token, numbered.
  std::vector<NameWord> words;
  std::vector<Span> spans;
  std::vector<uint8_t> labels;
};

struct LabelledDocument {
  std::vector<LabelledSentence> sentences;
  std::vector<NameSpan> names;  ///< As annotated, whether tokens meet their borders or not.
};

int TypeOf(const std::string& name) {
  static constexpr const char* kTypes[] = {"PER", "ORG", "LOC", "OTH"};
  if (name.ends_with("deriv")) return kDerivedType;
  if (name.ends_with("part")) return kPartType;
  const auto found = std::find(std::begin(kTypes), std::end(kTypes), name);
  return static_cast<int>(found - std::begin(kTypes));
}

uint8_t LabelOf(int type, bool begins) {
  if (type == kDerivedType) return kDerivedFromName;
  if (type == kPartType) return kHoldsName;
  return static_cast<uint8_t>(1 + type * 2 + (begins ? 0 : 1));
}

struct RawToken {
  std::string text;
  std::string label;
};

std::vector<std::vector<RawToken>> ReadRaw(const char* path) {
  std::vector<std::vector<RawToken>> sentences;
  std::ifstream in(path);
  std::string line;
  bool open = false;
  while (std::getline(in, line)) {
    if (line.empty()) open = false;
    const std::vector<std::string> cells = Split(line, '\t');
    if (line.empty() || line[0] == '#' || cells.size() < 3) continue;
    if (!open) sentences.emplace_back();
    open = true;
    sentences.back().push_back({cells[1], cells[2]});
  }
  return sentences;
}

// Sentences of a treebank, one a line, words as word##TAG; of a contraction, which stands before
// its parts ("im##_ in##ADP dem##DET"), only the word itself.
std::vector<std::vector<RawToken>> ReadTreebank(const char* path) {
  std::vector<std::vector<RawToken>> sentences;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    std::vector<RawToken> sentence;
    size_t parts_to_skip = 0;
    for (const std::string& cell : Split(line, ' ')) {
      const size_t mark = cell.rfind("##");
      if (mark == std::string::npos) continue;
      if (parts_to_skip > 0) {
        --parts_to_skip;
        continue;
      }
      if (cell.substr(mark) == "##_") parts_to_skip = 2;
      sentence.push_back({cell.substr(0, mark), "O"});
    }
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  }
  return sentences;
}

// Appends a sentence as a line and its names.
void AppendSentence(const std::vector<RawToken>& sentence, std::string& text,
                    std::vector<NameSpan>& names) {
  std::string open;
  for (const RawToken& token : sentence) {
    if (&token != &sentence.front()) text += ' ';
    const auto begin = static_cast<int32_t>(text.size());
    text += token.text;
    const auto end = static_cast<int32_t>(text.size());
    const std::string type = token.label.size() > 2 ? token.label.substr(2) : "";
    if (type.empty()) {
      open.clear();
    } else if (token.label[0] == 'I' && type == open) {
      std::get<1>(names.back()) = end;
    } else {
      names.emplace_back(begin, end, TypeOf(type));
      open = type;
    }
  }
  text += '\n';
}

LabelledSentence Label(const AnnotatedDocument& document, const Sentence& sentence,
                       const std::vector<NameSpan>& names, const Lexicon& lexicon) {
  LabelledSentence labelled;
  const TokenRange range = NameTokens(document, sentence);
  ReadNameWords(document, range, lexicon, labelled.words);
  for (auto i = static_cast<size_t>(range.begin); i < static_cast<size_t>(range.end); ++i) {
    const Span span = document.tokens[i].span;
    uint8_t label = kOutsideName;
    for (const auto& [begin, end, type] : names) {
      if (span.begin >= end || begin >= span.end) continue;
      const bool begins = labelled.spans.empty() || labelled.spans.back().end <= begin;
      label = LabelOf(type, begins);
      break;
    }
    labelled.spans.push_back(span);
    labelled.labels.push_back(label);
  }
  return labelled;
}

using Stages = std::vector<std::unique_ptr<const Stage>>;

// What the pipeline runs before the recogniser, for texts known to be German.
absl::StatusOr<Stages> StagesBefore(const Lexicon& lexicon) {
  auto regions = RegionsStage::Create(lexicon);
  if (!regions.ok()) return regions.status();
  auto tags = TagsStage::Create(lexicon);
  if (!tags.ok()) return tags.status();
  Stages stages;
  stages.push_back(*std::move(regions));
  stages.push_back(std::make_unique<TokensStage>(lexicon));
  stages.push_back(std::make_unique<SentencesStage>(lexicon));
  stages.push_back(std::make_unique<TagsStage>(*std::move(tags)));
  return stages;
}

std::vector<LabelledDocument> Annotate(const std::vector<std::vector<RawToken>>& raw,
                                       const Lexicon& lexicon, const Stages& stages) {
  std::vector<LabelledDocument> documents;
  for (size_t first = 0; first < raw.size(); first += kSentencesOfDocument) {
    LabelledDocument labelled;
    std::string text;
    for (size_t i = first; i < std::min(raw.size(), first + kSentencesOfDocument); ++i) {
      AppendSentence(raw[i], text, labelled.names);
    }
    AnnotatedDocument document(text, DeclaredMetadata{});
    document.language = "de";
    for (const auto& stage : stages) stage->Annotate(document);
    for (const Sentence& sentence : document.sentences) {
      labelled.sentences.push_back(Label(document, sentence, labelled.names, lexicon));
    }
    documents.push_back(std::move(labelled));
  }
  return documents;
}

// Numbers the features of the training sentences from 0.
class FeatureNumbers {
 public:
  void Number(LabelledSentence& sentence) {
    NameFeatureArray features;
    sentence.features.resize(sentence.words.size());
    for (size_t i = 0; i < sentence.words.size(); ++i) {
      for (int offset = -kNameWindow; offset <= kNameWindow; ++offset) {
        Append(features, NameWordFeatures(NameWordAt(sentence.words, i, offset), offset, features),
               sentence.features[i]);
      }
      NamePairFeatures(sentence.words, i, std::span(features).first<kNamePairFeatures>());
      Append(features, kNamePairFeatures, sentence.features[i]);
    }
  }
  const std::vector<uint32_t>& features() const { return features_; }

 private:
  void Append(const NameFeatureArray& features, size_t count, std::vector<uint32_t>& numbers) {
    for (size_t i = 0; i < count; ++i) {
      const auto [found, added] =
          numbers_.emplace(features[i], static_cast<uint32_t>(features_.size()));
      if (added) features_.push_back(features[i]);
      numbers.push_back(found->second);
    }
  }

  std::unordered_map<uint32_t, uint32_t> numbers_;
  std::vector<uint32_t> features_;
};

using Scores = std::array<float, kMaxLabels>;
using Transitions = std::array<Scores, kLabels>;

float LogSum(const Scores& values) {
  const float top = *std::max_element(values.begin(), values.begin() + kLabels);
  float sum = 0;
  for (size_t k = 0; k < kLabels; ++k) sum += std::exp(values[k] - top);
  return top + std::log(sum);
}

class Crf {
 public:
  explicit Crf(size_t feature_count)
      : weights_(feature_count, Scores{}),
        squares_(feature_count, Scores{}),
        sums_(feature_count, Scores{}) {
    for (size_t from = 0; from < kLabels; ++from) {
      for (size_t to = 0; to < kLabels; ++to) {
        if (!MayFollow(from, to)) transitions_[from][to] = kImpossible;
      }
    }
  }

  /// Moves the weights towards the labels of a sentence, by a share of the usual step.
  void Learn(const LabelledSentence& sentence, float share) {
    const Lattice lattice = Run(sentence);
    LearnEmissions(sentence, lattice, share);
    LearnTransitions(sentence, lattice, share);
  }

  /// Labels a sentence, each word with its most probable label, and returns the probability of the
  /// least sure one.
  float Label(LabelledSentence& sentence) const {
    const Lattice lattice = Run(sentence);
    float least = 1;
    for (size_t i = 0; i < sentence.features.size(); ++i) {
      float best = -1;
      for (size_t k = 0; k < kLabels; ++k) {
        const float probability = lattice.Probability(i, k);
        if (probability <= best) continue;
        best = probability;
        sentence.labels[i] = static_cast<uint8_t>(k);
      }
      least = std::min(least, best);
    }
    return least;
  }

  /// Takes the average of the remembered weights as weights.
  void UseAverage() {
    for (size_t i = 0; i < weights_.size(); ++i) {
      for (size_t k = 0; k < kLabels; ++k) {
        weights_[i][k] = sums_[i][k] / static_cast<float>(remembered_);
      }
    }
    for (size_t from = 0; from < kLabels; ++from) {
      for (size_t to = 0; to < kLabels; ++to) {
        if (MayFollow(from, to)) {
          transitions_[from][to] = transition_sums_[from][to] / static_cast<float>(remembered_);
        }
      }
    }
  }

  /// Counts the weights as they are for the average.
  void Remember() {
    ++remembered_;
    for (size_t i = 0; i < weights_.size(); ++i) {
      for (size_t k = 0; k < kLabels; ++k) sums_[i][k] += weights_[i][k];
    }
    for (size_t from = 0; from < kLabels; ++from) {
      for (size_t to = 0; to < kLabels; ++to) {
        transition_sums_[from][to] += transitions_[from][to];
      }
    }
  }

  /// The weights as a model, the features with the largest weights first.
  std::string Quantized(const std::vector<uint32_t>& features) const {
    std::vector<float> sizes;
    for (const Scores& row : weights_) {
      for (size_t k = 0; k < kLabels; ++k) {
        if (row[k] != 0) sizes.push_back(std::abs(row[k]));
      }
    }
    // The few weights beyond are cut, the others keep more of their precision.
    std::sort(sizes.begin(), sizes.end());
    const float scale = 127 / (sizes.empty() ? 1.0F : sizes[sizes.size() * 9995 / 10000]);
    std::vector<std::pair<float, WeightedFeature>> rows;
    for (size_t i = 0; i < weights_.size(); ++i) {
      WeightedFeature row;
      row.feature = features[i];
      float norm = 0;
      bool counts = false;
      for (size_t k = 0; k < kLabels; ++k) {
        norm += weights_[i][k] * weights_[i][k];
        row.weights[k] =
            static_cast<int8_t>(std::clamp(std::lround(weights_[i][k] * scale), -127L, 127L));
        counts |= row.weights[k] != 0;
      }
      if (counts) rows.emplace_back(norm, row);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<WeightedFeature> sorted;
    sorted.reserve(rows.size());
    for (const auto& [norm, row] : rows) sorted.push_back(row);
    std::vector<int32_t> transitions;
    for (size_t from = 0; from < kLabels; ++from) {
      for (size_t to = 0; to < kLabels; ++to) {
        transitions.push_back(
            MayFollow(from, to) ? static_cast<int32_t>(std::lround(transitions_[from][to] * scale))
                                : -(1 << 20));
      }
    }
    return LinearModel::Serialize(kLabels, kBucketBits, transitions, sorted);
  }

 private:
  static constexpr float kImpossible = -1000;
  // Below this the model is right and sure.
  static constexpr float kSmallestGradient = 1e-3F;

  // Logarithms of what the paths before and behind a word weigh.
  struct Lattice {
    std::vector<Scores> emission;
    std::vector<Scores> forward;
    std::vector<Scores> backward;
    float partition = 0;

    float Probability(size_t word, size_t label) const {
      return std::exp(forward[word][label] + backward[word][label] - partition);
    }
  };

  Lattice Run(const LabelledSentence& sentence) const {
    const size_t size = sentence.features.size();
    Lattice lattice;
    lattice.emission.assign(size, Scores{});
    std::vector<Scores>& emission = lattice.emission;
    for (size_t i = 0; i < size; ++i) {
      for (const uint32_t feature : sentence.features[i]) {
        for (size_t k = 0; k < kMaxLabels; ++k) emission[i][k] += weights_[feature][k];
      }
    }
    for (size_t k = 0; k < kLabels; ++k) {
      if (!MayFollow(kOutsideName, k)) emission[0][k] += kImpossible;
    }
    std::vector<Scores>& forward = lattice.forward;
    std::vector<Scores>& backward = lattice.backward;
    forward.resize(size);
    backward.assign(size, Scores{});
    forward[0] = emission[0];
    Scores terms = {};
    for (size_t i = 1; i < size; ++i) {
      for (size_t to = 0; to < kLabels; ++to) {
        for (size_t from = 0; from < kLabels; ++from) {
          terms[from] = forward[i - 1][from] + transitions_[from][to];
        }
        forward[i][to] = LogSum(terms) + emission[i][to];
      }
    }
    for (size_t i = size - 1; i-- > 0;) {
      for (size_t from = 0; from < kLabels; ++from) {
        for (size_t to = 0; to < kLabels; ++to) {
          terms[to] = transitions_[from][to] + emission[i + 1][to] + backward[i + 1][to];
        }
        backward[i][from] = LogSum(terms);
      }
    }
    lattice.partition = LogSum(forward[size - 1]);
    return lattice;
  }

  static void Change(float& weight, float& square, float gradient) {
    gradient -= kL2 * weight;
    square += gradient * gradient;
    weight += kLearningRate * gradient / std::sqrt(square + 1e-1F);
  }

  void LearnEmissions(const LabelledSentence& sentence, const Lattice& lattice, float share) {
    for (size_t i = 0; i < sentence.labels.size(); ++i) {
      Scores gradient = {};
      for (size_t k = 0; k < kLabels; ++k) gradient[k] = -share * lattice.Probability(i, k);
      gradient[sentence.labels[i]] += share;
      if (std::all_of(gradient.begin(), gradient.end(),
                      [](float g) { return std::abs(g) < kSmallestGradient; })) {
        continue;
      }
      for (const uint32_t feature : sentence.features[i]) {
        for (size_t k = 0; k < kMaxLabels; ++k) {
          Change(weights_[feature][k], squares_[feature][k], gradient[k]);
        }
      }
    }
  }

  void LearnTransitions(const LabelledSentence& sentence, const Lattice& lattice, float share) {
    for (size_t i = 1; i < sentence.labels.size(); ++i) {
      for (size_t from = 0; from < kLabels; ++from) {
        for (size_t to = 0; to < kLabels; ++to) {
          if (!MayFollow(from, to)) continue;
          const bool gold = sentence.labels[i - 1] == from && sentence.labels[i] == to;
          const float expected =
              std::exp(lattice.forward[i - 1][from] + transitions_[from][to] +
                       lattice.emission[i][to] + lattice.backward[i][to] - lattice.partition);
          Change(transitions_[from][to], transition_squares_[from][to],
                 share * ((gold ? 1.0F : 0.0F) - expected));
        }
      }
    }
  }

  std::vector<Scores> weights_;
  std::vector<Scores> squares_;
  std::vector<Scores> sums_;
  Transitions transitions_ = {};
  Transitions transition_squares_ = {};
  Transitions transition_sums_ = {};
  int remembered_ = 0;
};

std::vector<LabelledSentence*> Number(std::vector<LabelledDocument>& documents,
                                      FeatureNumbers& numbers) {
  std::vector<LabelledSentence*> sentences;
  for (LabelledDocument& document : documents) {
    for (LabelledSentence& sentence : document.sentences) {
      numbers.Number(sentence);
      sentences.push_back(&sentence);
    }
  }
  return sentences;
}

struct Lesson {
  const LabelledSentence* sentence;
  float share;
};

Crf Fit(std::vector<Lesson> lessons, size_t feature_count) {
  Crf crf(feature_count);
  std::mt19937 random(20260101);
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    // Written out: the order that std::shuffle gives differs between libraries.
    for (size_t i = lessons.size(); i > 1; --i) std::swap(lessons[i - 1], lessons[random() % i]);
    for (const Lesson& lesson : lessons) crf.Learn(*lesson.sentence, lesson.share);
    if (epoch >= kFirstAveragedEpoch) crf.Remember();
  }
  crf.UseAverage();
  return crf;
}

// Fits the labelled sentences, labels the others, and fits the labelled ones again together with
// those of the others whose every label is sure.
std::string Train(std::vector<LabelledDocument>& labelled,
                  std::vector<LabelledDocument>& unlabelled) {
  FeatureNumbers numbers;
  std::vector<Lesson> lessons;
  for (const LabelledSentence* sentence : Number(labelled, numbers)) {
    lessons.push_back({sentence, 1});
  }
  const std::vector<LabelledSentence*> others = Number(unlabelled, numbers);
  const Crf teacher = Fit(lessons, numbers.features().size());
  if (others.empty()) return teacher.Quantized(numbers.features());
  size_t sure = 0;
  for (LabelledSentence* sentence : others) {
    if (teacher.Label(*sentence) < kSure) continue;
    lessons.push_back({sentence, kShareOfOthers});
    ++sure;
  }
  std::printf("%zu of %zu other sentences are sure\n", sure, others.size());
  return Fit(lessons, numbers.features().size()).Quantized(numbers.features());
}

void Measure(const LinearModel& model, const std::vector<LabelledDocument>& documents) {
  size_t right = 0;
  size_t found = 0;
  size_t wanted = 0;
  NameScratch scratch;
  for (const LabelledDocument& document : documents) {
    std::set<NameSpan> gold;
    std::vector<NameSpan> ignored;
    for (const NameSpan& name : document.names) {
      if (std::get<2>(name) < kDerivedType) {
        gold.insert(name);
      } else {
        ignored.push_back(name);
      }
    }
    wanted += gold.size();
    for (const LabelledSentence& sentence : document.sentences) {
      std::vector<uint8_t> labels(sentence.words.size());
      LabelNames(model, sentence.words, labels, scratch);
      for (size_t i = 0; i < labels.size();) {
        size_t end = i + 1;
        if (IsName(labels[i])) {
          while (end < labels.size() && IsName(labels[end]) && !BeginsName(labels[end])) ++end;
          const NameSpan name = {sentence.spans[i].begin, sentence.spans[end - 1].end,
                                 NameType(labels[i])};
          right += gold.contains(name);
          found += std::none_of(ignored.begin(), ignored.end(), [&name](const NameSpan& other) {
            return std::get<0>(other) < std::get<1>(name) && std::get<0>(name) < std::get<1>(other);
          });
        }
        i = end;
      }
    }
  }
  const double precision = static_cast<double>(right) / static_cast<double>(found);
  const double recall = static_cast<double>(right) / static_cast<double>(wanted);
  std::printf("precision %.1f recall %.1f F1 %.2f\n", 100 * precision, 100 * recall,
              200 * precision * recall / (precision + recall));
}

int Run(int argc, char** argv) {
  if (argc < 5 || argc > 7) {
    std::fprintf(stderr, "usage: train_names LEXICON TRAIN TREEBANK MODEL [DEV [PERCENT]]\n");
    return 2;
  }
  const auto fail = [](const absl::Status& status) {
    std::fprintf(stderr, "train_names: %s\n", std::string(status.message()).c_str());
    return 1;
  };
  const auto lexicon = Lexicon::Open(argv[1]);
  if (!lexicon.ok()) return fail(lexicon.status());
  const auto stages = StagesBefore(**lexicon);
  if (!stages.ok()) return fail(stages.status());
  std::vector<LabelledDocument> labelled = Annotate(ReadRaw(argv[2]), **lexicon, *stages);
  if (argc == 7) {
    labelled.resize(labelled.size() * static_cast<size_t>(std::atoi(argv[6])) / 100);
  }
  if (labelled.empty()) return fail(absl::NotFoundError("no sentence to learn from"));
  std::vector<LabelledDocument> others = Annotate(ReadTreebank(argv[3]), **lexicon, *stages);
  const std::string bytes = Train(labelled, others);
  std::ofstream out(argv[4], std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) return fail(absl::UnavailableError("cannot write the model"));
  if (argc < 6) return 0;
  const auto model = LinearModel::Parse(bytes, kLabels);
  if (!model.ok()) return fail(model.status());
  Measure(*model, Annotate(ReadRaw(argv[5]), **lexicon, *stages));
  return 0;
}

}  // namespace
}  // namespace lagebild::extract

int main(int argc, char** argv) { return lagebild::extract::Run(argc, argv); }
