#include "extract_service/names/names_stage.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "extract_service/names/name_model.h"
#include "extract_service/names/name_words.h"

namespace lagebild::extract {
namespace {

constexpr std::string_view kModelRule = "names.crf";
constexpr std::string_view kRepeatedRule = "names.repeated";

constexpr std::array<EntityLabel, 4> kLabels = {EntityLabel::kPerson, EntityLabel::kOrganization,
                                                EntityLabel::kLocation, EntityLabel::kMisc};
// Precision of each label on the development part the recogniser is measured on.
constexpr std::array<double, 4> kConfidence = {0.84, 0.67, 0.86, 0.76};
constexpr double kRepeatedConfidence = 0.7;

// How often a word was the last or only word of a name of each type.
using TypeCounts = std::array<uint32_t, 4>;

}  // namespace

absl::StatusOr<NamesStage> NamesStage::Create(const Lexicon& lexicon) {
  absl::StatusOr<LinearModel> model = LinearModel::Find(lexicon, "names", kNameLabelCount);
  if (!model.ok()) return model.status();
  return NamesStage(lexicon, *std::move(model));
}

void NamesStage::Annotate(AnnotatedDocument& document) const {
  const std::vector<Token>& tokens = document.tokens;
  std::vector<uint8_t> labels(tokens.size(), kOutsideName);
  std::vector<NameWord> words;
  NameScratch& scratch = NameScratch::OfThread();
  scratch.UseModel(lexicon_->content_hash());
  for (const Sentence& sentence : document.sentences) {
    const TokenRange range = NameTokens(document, sentence);
    ReadNameWords(document, range, *lexicon_, words);
    LabelNames(model_, words,
               std::span(labels).subspan(static_cast<size_t>(range.begin), words.size()), scratch);
  }

  particles_.Join(document, labels);

  absl::flat_hash_map<absl::string_view, TypeCounts> seen;
  const auto text_of = [&document](size_t token) {
    const std::string_view text = document.TokenText(static_cast<int32_t>(token));
    return absl::string_view(text.data(), text.size());
  };
  const auto add = [&](size_t begin, size_t end, int type, std::string_view rule,
                       double confidence) {
    const TokenRange range = {static_cast<int32_t>(begin), static_cast<int32_t>(end)};
    Entity entity;
    entity.tokens = range;
    entity.span = document.SpanOf(range);
    entity.label = kLabels[static_cast<size_t>(type)];
    entity.rule = rule;
    entity.confidence = confidence;
    document.entities.push_back(entity);
  };
  for (size_t i = 0; i < tokens.size();) {
    if (!IsName(labels[i])) {
      ++i;
      continue;
    }
    const int type = NameType(labels[i]);
    const uint8_t inside = static_cast<uint8_t>(type * 2 + 2);
    size_t end = i + 1;
    while (end < tokens.size() && labels[end] == inside &&
           tokens[end].sentence == tokens[i].sentence) {
      ++end;
    }
    const bool has_letter = std::any_of(tokens.begin() + static_cast<ptrdiff_t>(i),
                                        tokens.begin() + static_cast<ptrdiff_t>(end),
                                        [](const Token& t) { return t.kind == TokenKind::kWord; });
    if (has_letter) {
      add(i, end, type, kModelRule, kConfidence[static_cast<size_t>(type)]);
      ++seen[text_of(end - 1)][static_cast<size_t>(type)];
    } else {
      std::fill(labels.begin() + static_cast<ptrdiff_t>(i),
                labels.begin() + static_cast<ptrdiff_t>(end), kOutsideName);
    }
    i = end;
  }

  // A word that is nothing but a name in one sentence is one in the next.
  const size_t from_model = document.entities.size();
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (labels[i] != kOutsideName || token.sentence < 0 || token.kind != TokenKind::kWord ||
        !token.capitalized || token.lemma != Token::kNoLemma) {
      continue;
    }
    const auto found = seen.find(text_of(i));
    if (found == seen.end()) continue;
    const TypeCounts& counts = found->second;
    const auto best = std::max_element(counts.begin(), counts.end());
    const auto type = static_cast<int>(best - counts.begin());
    if (kLabels[static_cast<size_t>(type)] == EntityLabel::kMisc) continue;
    add(i, i + 1, type, kRepeatedRule, kRepeatedConfidence);
  }
  if (document.entities.size() > from_model) {
    std::stable_sort(document.entities.begin(), document.entities.end(),
                     [](const Entity& a, const Entity& b) { return a.span < b.span; });
  }
}

}  // namespace lagebild::extract
