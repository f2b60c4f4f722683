#ifndef LAGEBILD_EXTRACT_SERVICE_EVENTS_EVENT_RULES_H_
#define LAGEBILD_EXTRACT_SERVICE_EVENTS_EVENT_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// What the lexicon's tables event_triggers and event_cues say. Immutable and thread-safe.
struct EventRules {
  /// What a word of a clause says about its event; a set of bits.
  enum Cue : uint32_t {
    kPlannedVerb = 1u << 0,
    kShallVerb = 1u << 1,
    kFutureVerb = 1u << 2,
    kPlannedWord = 1u << 3,
    kNegation = 1u << 4,
    kHearsay = 1u << 5,
    kConditional = 1u << 6,
    kPerfectVerb = 1u << 7,
    kAgo = 1u << 8,            ///< Of a length of time: so long before now ("vor").
    kAttributeTime = 1u << 9,  ///< Joins a time to the noun before ("vom").
    kNewTime = 1u << 10,       ///< Of a time that something is put to ("auf").
    kDefinite = 1u << 11,      ///< An article that takes up what was told before.
  };

  /// Errors: INVALID_ARGUMENT when a row is malformed.
  static absl::StatusOr<EventRules> Create(const Lexicon& lexicon);

  /// Type of the happening a noun tells of, also as the last part of a compound; nullopt = none.
  std::optional<EventType> FindNoun(std::string_view noun) const;

  WordMap<EventType> verbs;
  WordMap<EventType> forms;  ///< Verb forms that the dictionary does not lead to their verb.
  WordMap<EventType> nouns;
  WordMap<EventType> phrases;
  WordMap<uint32_t> cues;  ///< Lemma -> Cue bits.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_EVENTS_EVENT_RULES_H_
