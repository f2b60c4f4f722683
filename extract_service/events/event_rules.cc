#include "extract_service/events/event_rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {
namespace {

std::optional<EventType> TypeOf(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, EventType>, 14> kNames = {{
      {"NONE", EventType::kUnspecified},
      {"MOVE_TROOPS", EventType::kMoveTroops},
      {"MEET", EventType::kMeet},
      {"SIGN", EventType::kSign},
      {"RATIFY", EventType::kRatify},
      {"CLASH", EventType::kClash},
      {"ATTACK", EventType::kAttack},
      {"SUPPLY", EventType::kSupply},
      {"TRAIN", EventType::kTrain},
      {"VISIT", EventType::kVisit},
      {"SUMMON", EventType::kSummon},
      {"KILL", EventType::kKill},
      {"ESTABLISH", EventType::kEstablish},
      {"OTHER", EventType::kOther},
  }};
  for (const auto& [known, type] : kNames) {
    if (name == known) return type;
  }
  return std::nullopt;
}

uint32_t CueOf(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, uint32_t>, 12> kNames = {{
      {"planned_verb", EventRules::kPlannedVerb},
      {"shall_verb", EventRules::kShallVerb},
      {"future_verb", EventRules::kFutureVerb},
      {"planned_word", EventRules::kPlannedWord},
      {"negation", EventRules::kNegation},
      {"hearsay", EventRules::kHearsay},
      {"conditional", EventRules::kConditional},
      {"perfect_verb", EventRules::kPerfectVerb},
      {"ago", EventRules::kAgo},
      {"attribute_time", EventRules::kAttributeTime},
      {"new_time", EventRules::kNewTime},
      {"definite", EventRules::kDefinite},
  }};
  for (const auto& [known, cue] : kNames) {
    if (name == known) return cue;
  }
  return 0;
}

absl::Status Malformed(std::string_view table, std::string_view word) {
  return absl::InvalidArgumentError(std::string(table) + ": the row of \"" + std::string(word) +
                                    "\" is malformed");
}

}  // namespace

absl::StatusOr<EventRules> EventRules::Create(const Lexicon& lexicon) {
  EventRules rules;
  const LexiconTable& triggers = lexicon.Table("event_triggers");
  for (size_t row = 0; row < triggers.size(); ++row) {
    const std::string lemma(triggers.Cell(row, "lemma"));
    const std::string_view word_class = triggers.Cell(row, "class");
    const auto type = TypeOf(triggers.Cell(row, "type"));
    if (!type) return Malformed("event_triggers", lemma);
    if (word_class == "verb") {
      rules.verbs[lemma] = *type;
      std::string_view forms = triggers.Cell(row, "forms");
      while (!forms.empty()) {
        const size_t end = std::min(forms.find(' '), forms.size());
        rules.forms[std::string(forms.substr(0, end))] = *type;
        forms.remove_prefix(std::min(end + 1, forms.size()));
      }
    } else if (word_class == "noun") {
      rules.nouns[lemma] = *type;
    } else if (word_class == "phrase") {
      rules.phrases[lemma] = *type;
    } else {
      return Malformed("event_triggers", lemma);
    }
  }
  const LexiconTable& cues = lexicon.Table("event_cues");
  for (size_t row = 0; row < cues.size(); ++row) {
    const std::string lemma(cues.Cell(row, "lemma"));
    const uint32_t cue = CueOf(cues.Cell(row, "class"));
    if (cue == 0) return Malformed("event_cues", lemma);
    rules.cues[lemma] |= cue;
  }
  return rules;
}

std::optional<EventType> EventRules::FindNoun(std::string_view noun) const {
  const auto known = [](EventType type) -> std::optional<EventType> {
    if (type == EventType::kUnspecified) return std::nullopt;
    return type;
  };
  if (const auto found = nouns.find(noun); found != nouns.end()) return known(found->second);
  std::optional<EventType> result;
  word_shape::ForEachSuffix(noun, [&](std::string_view suffix) {
    const auto found = nouns.find(suffix);
    if (found == nouns.end()) return false;
    result = known(found->second);
    return true;
  });
  return result;
}

}  // namespace lagebild::extract
