#include "extract_service/events/events_stage.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "extract_service/predications/predications.h"
#include "extract_service/times/calendar.h"

namespace lagebild::extract {
namespace {

constexpr int32_t kMaxParticipants = 16;

/// Types of which a clause has told already.
using TypesTold = std::array<bool, static_cast<size_t>(EventType::kOther) + 1>;

/// What the words of a clause say about whether its event has happened.
struct ClauseCues {
  bool negated = false;
  bool hearsay = false;
  bool conditional = false;
  bool intends = false;  ///< A verb of planning or a modal that looks ahead.
  bool shall = false;    ///< "sollen": intention, or hearsay with a perfect infinitive.
  bool future = false;   ///< "werden" that may be a future.
  bool perfect_infinitive = false;
  bool passive_infinitive = false;
};

class Run {
 public:
  Run(AnnotatedDocument& document, const Lexicon& lexicon, const EventRules& rules,
      const PlaceNames& places)
      : document_(document), lexicon_(lexicon), rules_(rules), places_(places) {
    claim_.assign(document.tokens.size(), -1);
    MarkClaims();
    MarkParticipants();
    if (document.published) {
      const TimeInterval& interval = document.published->interval;
      published_ = interval.latest.empty() ? interval.earliest : interval.latest;
    }
  }

  void Annotate() {
    size_t time = 0;
    for (size_t s = 0; s < document_.sentences.size(); ++s) {
      const TokenRange range = document_.sentences[s].tokens;
      while (time < document_.times.size() && document_.times[time].tokens.end <= range.begin) {
        ++time;
      }
      first_time_ = time;
      range_ = range;
      for (const Predication& clause :
           PredicationsOf(document_, lexicon_, static_cast<int32_t>(s))) {
        AnnotateClause(clause);
      }
    }
  }

 private:
  struct Participant {
    int32_t token;
    int32_t actor;
  };

  const Token& At(int32_t i) const { return document_.tokens[static_cast<size_t>(i)]; }
  std::string_view Text(int32_t i) const { return document_.TokenText(i); }
  std::string_view Lemma(int32_t i) const { return LemmaText(document_, lexicon_, i); }
  int32_t ClaimAt(int32_t i) const { return claim_[static_cast<size_t>(i)]; }

  /// Notes for each token the narrowest claim whose content holds it: wide contents first, so that
  /// narrow ones overwrite them.
  void MarkClaims() {
    struct Part {
      Span span;
      int32_t claim;
    };
    std::vector<Part> parts;
    for (size_t c = 0; c < document_.claims.size(); ++c) {
      for (const Span& span : document_.claims[c].content) {
        parts.push_back({span, static_cast<int32_t>(c)});
      }
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
    });
    std::vector<Part> open;
    size_t next = 0;
    for (size_t i = 0; i < document_.tokens.size(); ++i) {
      const Span& token = document_.tokens[i].span;
      for (; next < parts.size() && parts[next].span.begin <= token.begin; ++next) {
        open.push_back(parts[next]);
      }
      while (!open.empty() && open.back().span.end <= token.begin) open.pop_back();
      if (!open.empty()) claim_[i] = open.back().claim;
    }
  }

  void MarkParticipants() {
    for (size_t a = 0; a < document_.actors.size(); ++a) {
      for (const Mention& mention : document_.actors[a].mentions) {
        participants_.push_back({mention.tokens.begin, static_cast<int32_t>(a)});
      }
    }
    std::sort(participants_.begin(), participants_.end(),
              [](const Participant& a, const Participant& b) {
                return a.token != b.token ? a.token < b.token : a.actor < b.actor;
              });
  }

  ClauseCues CuesOf(const Predication& clause) const {
    ClauseCues cues;
    for (int32_t i = clause.tokens.begin; i < clause.tokens.end; ++i) {
      if (At(i).kind != TokenKind::kWord) continue;
      const uint32_t bits = CuesAt(i);
      if ((bits & EventRules::kNegation) != 0) cues.negated = true;
      if ((bits & EventRules::kHearsay) != 0) cues.hearsay = true;
    }
    const Token& first = At(clause.tokens.begin);
    cues.conditional = first.pos == Pos::kSubordinator &&
                       (CuesAt(clause.tokens.begin) & EventRules::kConditional) != 0;
    for (const PredicationVerb& verb : clause.verbs) {
      const auto found = rules_.cues.find(verb.lemma.empty() ? Text(verb.token) : verb.lemma);
      const bool looks_ahead = verb.lemma.empty() ||
                               verb.morphology.Has(Morphology::kPresent | Morphology::kKonjunktiv2);
      const uint32_t bits = found == rules_.cues.end() ? 0 : found->second;
      const bool infinitive =
          verb.morphology.Has(Morphology::kInfinitive) && Text(verb.token) == verb.lemma;
      if ((bits & EventRules::kPerfectVerb) != 0 && infinitive) cues.perfect_infinitive = true;
      if ((bits & EventRules::kFutureVerb) != 0) {
        if (infinitive) cues.passive_infinitive = true;
        if (looks_ahead) cues.future = true;
      }
      if ((bits & EventRules::kShallVerb) != 0) cues.shall = true;
      if ((bits & EventRules::kPlannedVerb) != 0 && looks_ahead) cues.intends = true;
    }
    return cues;
  }

  uint32_t CuesAt(int32_t i) const {
    if (const auto found = rules_.cues.find(Text(i)); found != rules_.cues.end()) {
      return found->second;
    }
    const auto found = rules_.cues.find(Lemma(i));
    return found == rules_.cues.end() ? 0 : found->second;
  }

  void AnnotateClause(const Predication& clause) {
    const ClauseCues cues = CuesOf(clause);
    if (cues.conditional) return;
    TypesTold told = {};
    for (const PredicationVerb& verb : clause.verbs) {
      EventType type = EventType::kUnspecified;
      if (const auto found = rules_.verbs.find(verb.lemma); found != rules_.verbs.end()) {
        type = found->second;
      } else if (!verb.auxiliary) {
        type = PhraseType(clause);
      }
      if (type == EventType::kUnspecified || told[static_cast<size_t>(type)]) continue;
      told[static_cast<size_t>(type)] = true;
      Add(clause, verb.token, type, VerbFactuality(cues, verb), "events.verb");
    }
    AnnotateForms(clause, cues, told);
    for (int32_t i = clause.tokens.begin; i < clause.tokens.end; ++i) {
      const Token& token = At(i);
      if (token.kind != TokenKind::kWord || !token.capitalized ||
          (token.pos != Pos::kNoun && token.pos != Pos::kUnknown)) {
        continue;
      }
      const auto type = rules_.FindNoun(Lemma(i));
      if (!type || told[static_cast<size_t>(*type)] || IsToldAgain(clause, i, *type)) continue;
      told[static_cast<size_t>(*type)] = true;
      Add(clause, i, *type, NounFactuality(cues, i), "events.noun");
    }
  }

  /// "der Angriff", "dieses Treffen": a definite noun alone takes up the event
  /// of its type that was told before.
  bool IsToldAgain(const Predication& clause, int32_t noun, EventType type) const {
    if (type == EventType::kOther) return false;
    int32_t first = noun - 1;
    while (first >= clause.tokens.begin && At(first).pos == Pos::kAdjective) --first;
    const bool definite = first >= clause.tokens.begin && At(first).pos == Pos::kDeterminer &&
                          (CuesAt(first) & EventRules::kDefinite) != 0;
    // With a complement it may be another one: "der Angriff auf Kestrin", "der Angriff der
    // Rebellen".
    const bool bare = noun + 1 >= clause.tokens.end || At(noun + 1).pos == Pos::kVerb ||
                      At(noun + 1).pos == Pos::kAuxiliary;
    if (!definite || !bare || NearestTime(clause.tokens, noun) != nullptr) return false;
    return std::any_of(document_.events.begin(), document_.events.end(),
                       [&](const Event& event) { return event.type == type; });
  }

  /// Verb forms listed as such, whatever the tagger makes of them.
  void AnnotateForms(const Predication& clause, const ClauseCues& cues, TypesTold& told) {
    for (int32_t i = clause.tokens.begin; i < clause.tokens.end; ++i) {
      const Pos pos = At(i).pos;
      if (pos != Pos::kVerb && pos != Pos::kAdjective && pos != Pos::kUnknown) continue;
      const auto found = rules_.forms.find(Text(i));
      if (found == rules_.forms.end() || told[static_cast<size_t>(found->second)]) continue;
      told[static_cast<size_t>(found->second)] = true;
      const bool ahead = (cues.intends || cues.shall) && cues.passive_infinitive;
      Add(clause, i, found->second, Decide(cues, i, ahead && !cues.perfect_infinitive),
          "events.form");
    }
  }

  /// "kamen ... ums Leben": the noun makes the verb an event.
  EventType PhraseType(const Predication& clause) const {
    for (int32_t i = clause.tokens.begin + 1; i < clause.tokens.end; ++i) {
      if (!At(i).capitalized || At(i - 1).pos != Pos::kAdposition) continue;
      std::string words(Text(i - 1));
      words += ' ';
      words += Text(i);
      const auto found = rules_.phrases.find(words);
      if (found != rules_.phrases.end()) return found->second;
    }
    return EventType::kUnspecified;
  }

  bool LooksAhead(const ClauseCues& cues, const PredicationVerb& verb) const {
    if (cues.perfect_infinitive) return false;
    const Morphology& form = verb.morphology;
    const bool infinitive = form.Has(Morphology::kInfinitive | Morphology::kZuInfinitive);
    const bool participle = form.Has(Morphology::kParticiplePerfect);
    if (form.Has(Morphology::kZuInfinitive)) return true;
    if (infinitive && !participle && verb.token > range_.begin &&
        At(verb.token - 1).pos == Pos::kParticle && !Text(verb.token).starts_with("ge")) {
      return true;
    }
    const bool open = (infinitive && !participle) || cues.passive_infinitive;
    if ((cues.intends || cues.shall) && open) return true;
    return cues.future && infinitive && !participle && Text(verb.token) == verb.lemma;
  }

  Factuality VerbFactuality(const ClauseCues& cues, const PredicationVerb& verb) const {
    return Decide(cues, verb.token, LooksAhead(cues, verb));
  }

  Factuality NounFactuality(const ClauseCues& cues, int32_t noun) const {
    const bool planned = noun > range_.begin && (CuesAt(noun - 1) & EventRules::kPlannedWord) != 0;
    return Decide(cues, noun, planned);
  }

  Factuality Decide(const ClauseCues& cues, int32_t trigger, bool planned) const {
    const int32_t c = ClaimAt(trigger);
    const Claim* claim = c < 0 ? nullptr : &document_.claims[static_cast<size_t>(c)];
    if (claim != nullptr &&
        (claim->polarity == Polarity::kNegative || claim->act == ClaimAct::kDeny)) {
      return Factuality::kDenied;
    }
    if (cues.negated) return Factuality::kNegated;
    if (planned) return Factuality::kPlanned;
    if (claim != nullptr) {
      const bool ahead = claim->act == ClaimAct::kDemand || claim->act == ClaimAct::kPredict;
      return ahead ? Factuality::kPlanned : Factuality::kAlleged;
    }
    if (cues.hearsay || cues.shall) return Factuality::kAlleged;
    return Factuality::kFact;
  }

  void Add(const Predication& clause, int32_t trigger, EventType type, Factuality factuality,
           std::string_view rule) {
    Event event;
    event.span = document_.SpanOf(clause.tokens);
    event.trigger = At(trigger).span;
    event.type = type;
    event.factuality = factuality;
    event.claim = ClaimAt(trigger);
    event.participants = ParticipantsOf(clause.tokens);
    event.place = PlaceOf(clause.tokens, trigger);
    event.time = TimeOf(clause.tokens, trigger, factuality);
    CarryIncident(event);
    event.rule = rule;
    event.confidence = type == EventType::kOther ? 0.55 : 0.7;
    document_.events.push_back(std::move(event));
  }

  std::vector<int32_t> ParticipantsOf(const TokenRange& range) const {
    std::vector<int32_t> actors;
    auto at = std::lower_bound(
        participants_.begin(), participants_.end(), range.begin,
        [](const Participant& participant, int32_t token) { return participant.token < token; });
    for (; at != participants_.end() && at->token < range.end; ++at) {
      if (actors.size() == static_cast<size_t>(kMaxParticipants)) break;
      if (std::find(actors.begin(), actors.end(), at->actor) == actors.end()) {
        actors.push_back(at->actor);
      }
    }
    return actors;
  }

  /// The place named in the clause next to the trigger; those behind a preposition go first.
  Place PlaceOf(const TokenRange& range, int32_t trigger) const {
    const auto first = std::lower_bound(
        document_.entities.begin(), document_.entities.end(), range.begin,
        [](const Entity& entity, int32_t token) { return entity.tokens.begin < token; });
    const Entity* best = nullptr;
    bool best_governed = false;
    for (auto at = first; at != document_.entities.end() && at->tokens.begin < range.end; ++at) {
      if (at->label != EntityLabel::kLocation) continue;
      const int32_t before = at->tokens.begin - 1;
      const bool governed = before >= range.begin && At(before).pos == Pos::kAdposition;
      const auto distance = [&](const Entity& e) { return std::abs(e.tokens.begin - trigger); };
      if (best == nullptr || (governed && !best_governed) ||
          (governed == best_governed && distance(*at) < distance(*best))) {
        best = &*at;
        best_governed = governed;
      }
    }
    return best == nullptr ? Place() : places_.Resolve(document_, best->tokens);
  }

  /// Cue bits of the word before a token of the sentence.
  uint32_t CuesBefore(int32_t token) const {
    const int32_t before = token - 1;
    const bool word = before >= range_.begin && At(before).kind == TokenKind::kWord;
    return word ? CuesAt(before) : 0;
  }

  /// Whether the time belongs to a noun ("der Wahlgang vom 29. März") other than the trigger, or
  /// says where something is put to ("auf Dienstag verschoben").
  bool BelongsElsewhere(const TimeExpression& time, int32_t trigger) const {
    const uint32_t cues = CuesBefore(time.tokens.begin);
    if ((cues & EventRules::kNewTime) != 0) return true;
    const int32_t noun = time.tokens.begin - 2;
    return (cues & EventRules::kAttributeTime) != 0 && noun >= range_.begin && noun != trigger &&
           (At(noun).pos == Pos::kNoun || At(noun).pos == Pos::kProperNoun);
  }

  /// The time expression of the sentence that the trigger is nearest to, those of its clause first.
  const TimeExpression* NearestTime(const TokenRange& range, int32_t trigger) const {
    const TimeExpression* best = nullptr;
    bool best_inside = false;
    for (size_t t = first_time_; t < document_.times.size(); ++t) {
      const TimeExpression& time = document_.times[t];
      if (time.tokens.begin >= range_.end) break;
      if (time.tokens.begin < range_.begin) continue;
      const bool from_now =
          time.type == TimeType::kDuration &&
          (time.goes_on || (CuesBefore(time.tokens.begin) & EventRules::kAgo) != 0);
      if (!from_now &&
          (!time.interval || (time.type != TimeType::kDate && time.type != TimeType::kTime &&
                              time.interval->empty()))) {
        continue;
      }
      // The time of a frame is when it was said, not when it happened.
      if (ClaimAt(time.tokens.begin) != ClaimAt(trigger)) continue;
      if (BelongsElsewhere(time, trigger)) continue;
      const bool inside = range.Contains(time.tokens.begin);
      const auto distance = [&](const TimeExpression& e) {
        return std::abs(e.tokens.begin - trigger);
      };
      if (best == nullptr || (inside && !best_inside) ||
          (inside == best_inside && distance(time) < distance(*best))) {
        best = &time;
        best_inside = inside;
      }
    }
    return best;
  }

  /// Last day by which what was told has happened: when it was said, at the latest when published.
  std::string ToldBy(int32_t trigger) const {
    const int32_t c = ClaimAt(trigger);
    if (c >= 0) {
      const std::optional<TimeInterval>& said = document_.claims[static_cast<size_t>(c)].said_at;
      if (said && !said->latest.empty() && (published_.empty() || said->latest < published_)) {
        return said->latest;
      }
    }
    return published_;
  }

  TimeInterval TimeOf(const TokenRange& range, int32_t trigger, Factuality factuality) const {
    const TimeExpression* best = NearestTime(range, trigger);
    const bool happened = factuality != Factuality::kPlanned;
    TimeInterval result;
    if (best != nullptr && (range.Contains(best->tokens.begin) || happened)) {
      if (best->type == TimeType::kDuration) {
        result = FromPublication(*best, best->goes_on);
      } else {
        result = *best->interval;
        // "die blutigsten seit 2009, als ...": goes on from the time only in its own clause.
        const bool since = best->goes_on && range.Contains(best->tokens.begin);
        if (since) result.latest = published_;
      }
    }
    // What has happened happened before it was told.
    if (happened) {
      const std::string told_by = ToldBy(trigger);
      const bool later = !result.latest.empty() && !told_by.empty() && result.latest > told_by;
      if (result.latest.empty() || (later && result.earliest <= told_by)) result.latest = told_by;
    }
    return result;
  }

  /// News of violence goes on about the incident it has dated: its dead and its fighting are of
  /// that day until another is named.
  void CarryIncident(Event& event) {
    const bool violent = event.type == EventType::kKill || event.type == EventType::kAttack ||
                         event.type == EventType::kClash;
    if (!violent || event.factuality == Factuality::kPlanned) return;
    const bool day = event.time.precision == TimePrecision::kDay ||
                     event.time.precision == TimePrecision::kDayPart ||
                     event.time.precision == TimePrecision::kMinute;
    if (day) {
      incident_ = event.time;
    } else if (!event.time.earliest.empty()) {
      incident_.reset();
    } else if (incident_) {
      event.time = *incident_;
      if (event.time.earliest == event.time.latest) {
        event.time.value = event.time.earliest;
        event.time.precision = TimePrecision::kDay;
      }
    }
  }

  /// "vor drei Jahren": the year; "seit drei Tagen": from then until publication.
  TimeInterval FromPublication(const TimeExpression& time, bool since) const {
    const std::optional<Day> day = ParseIsoDay(published_);
    if (!day) return {};
    const std::string value = DateBefore(*day, time.value);
    if (value.empty()) return {};
    TimeInterval result = IntervalOf(value, "");
    if (since) {
      result.value.clear();
      result.latest = published_;
    }
    return result;
  }

  AnnotatedDocument& document_;
  const Lexicon& lexicon_;
  const EventRules& rules_;
  const PlaceNames& places_;
  std::vector<int32_t> claim_;             // By token.
  std::vector<Participant> participants_;  // In text order.
  std::string published_;
  size_t first_time_ = 0;  // First time expression of the current sentence.
  TokenRange range_;       // Of the current sentence.
  std::optional<TimeInterval> incident_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const EventsStage>> EventsStage::Create(const Lexicon& lexicon) {
  auto rules = EventRules::Create(lexicon);
  if (!rules.ok()) return rules.status();
  return std::unique_ptr<const EventsStage>(new EventsStage(lexicon, *std::move(rules)));
}

void EventsStage::Annotate(AnnotatedDocument& document) const {
  Run(document, lexicon_, rules_, places_).Annotate();
}

}  // namespace lagebild::extract
