#include "extract_service/claims/claim_confidence.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace lagebild::extract {
namespace {

// Nothing is certain, and log-odds need room.
constexpr double kLowest = 0.05;
constexpr double kHighest = 0.99;

// In the order of SpeakerForm.
constexpr std::array<std::string_view, kSpeakerForms> kFormNames = {
    "named", "noun", "unnamed", "pronoun", "unnamed_pronoun", "elsewhere", "words", "nobody"};

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

SpeakerForm SpeakerFormOf(const AnnotatedDocument& document, const Claim& claim) {
  if (claim.speaker_actors.empty()) {
    return claim.speaker.empty() ? SpeakerForm::kNobody : SpeakerForm::kWords;
  }
  const Actor& actor = document.actors[static_cast<size_t>(claim.speaker_actors.front())];
  const auto beside =
      std::find_if(actor.mentions.begin(), actor.mentions.end(), [&claim](const Mention& mention) {
        return std::any_of(
            claim.speaker.begin(), claim.speaker.end(), [&mention](const Span& words) {
              return mention.span.begin < words.end && words.begin < mention.span.end;
            });
      });
  if (beside == actor.mentions.end()) return SpeakerForm::kElsewhere;
  const bool named =
      std::any_of(actor.mentions.begin(), actor.mentions.end(),
                  [](const Mention& mention) { return mention.kind == MentionKind::kName; });
  switch (beside->kind) {
    case MentionKind::kPronoun:
      return named ? SpeakerForm::kPronoun : SpeakerForm::kUnnamedPronoun;
    case MentionKind::kName:
      return SpeakerForm::kNamed;
    default:
      return named ? SpeakerForm::kNoun : SpeakerForm::kUnnamed;
  }
}

ClaimConfidence::ClaimConfidence(const Lexicon& lexicon) {
  const LexiconTable& table = lexicon.Table("claim_confidence");
  for (size_t row = 0; row < table.size(); ++row) {
    double shift = 0;
    if (absl::SimpleAtod(Key(table.Cell(row, "shift")), &shift)) {
      shifts_.emplace(table.Cell(row, "rule"), shift);
    }
  }
  speakers_.fill(1);
  const LexiconTable& speakers = lexicon.Table("speaker_confidence");
  for (size_t row = 0; row < speakers.size(); ++row) {
    double right = 1;
    if (!absl::SimpleAtod(Key(speakers.Cell(row, "right")), &right)) continue;
    const auto form =
        std::find(kFormNames.begin(), kFormNames.end(), speakers.Cell(row, "speaker"));
    if (form != kFormNames.end()) speakers_[static_cast<size_t>(form - kFormNames.begin())] = right;
  }
}

double ClaimConfidence::Of(std::string_view rule, double evidence, SpeakerForm speaker) const {
  double probability = std::clamp(evidence, kLowest, kHighest);
  const auto shift = shifts_.find(Key(rule.substr(0, rule.find(':'))));
  if (shift != shifts_.end()) {
    const double odds = std::log(probability / (1 - probability)) + shift->second;
    probability = std::clamp(1 / (1 + std::exp(-odds)), kLowest, kHighest);
  }
  probability =
      std::clamp(probability * speakers_[static_cast<size_t>(speaker)], kLowest, kHighest);
  // Hundredths are as exact as the measurement, and the same on every machine.
  return std::round(probability * 100) / 100;
}

}  // namespace lagebild::extract
