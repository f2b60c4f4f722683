#ifndef LAGEBILD_EXTRACT_SERVICE_PIPELINE_ANNOTATED_DOCUMENT_H_
#define LAGEBILD_EXTRACT_SERVICE_PIPELINE_ANNOTATED_DOCUMENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/span.h"
#include "extract_service/lexicon/lexicon.h"

namespace lagebild::extract {

/// A half-open range of tokens of an AnnotatedDocument.
struct TokenRange {
  int32_t begin = 0;
  int32_t end = 0;

  constexpr int32_t size() const { return end - begin; }
  constexpr bool empty() const { return end <= begin; }
  constexpr bool Contains(int32_t token) const { return begin <= token && token < end; }
  friend constexpr bool operator==(const TokenRange&, const TokenRange&) = default;
};

/// What a token is made of.
enum class TokenKind : uint8_t {
  kWord,
  kNumber,
  kOpeningQuote,
  kClosingQuote,
  kPunctuation,
  kSymbol
};

/// A word, number or mark. Tokens never overlap and are in text order; blanks lie between them.
struct Token {
  Span span;
  TokenKind kind = TokenKind::kWord;
  bool capitalized = false;   ///< First letter is upper case.
  bool all_caps = false;      ///< Two or more letters, all upper case.
  bool space_before = false;  ///< White space or the text's beginning stands before it.
  bool line_start = false;    ///< First token of a line.
  bool known =
      false;  ///< The lexicon knows the form (as written, or lower-cased at a sentence's start).
  /// Chosen part of speech, and of the readings with it the union of morphology. Set by the tagger.
  Pos pos = Pos::kUnknown;
  Morphology morphology;
  uint32_t lemma = kNoLemma;  ///< Of the chosen reading; kNoLemma when the form is unknown.
  WordClass classes;
  int32_t sentence = -1;  ///< Index into sentences(), -1 outside of sentences (boilerplate).

  static constexpr uint32_t kNoLemma = 0xffffffffu;
};

/// Kinds as in the contract (protos/lagebild/v1/extraction.proto); contract/ maps them one to one.
enum class RegionKind : uint8_t {
  kUnspecified,
  kTitle,
  kHeading,
  kBody,
  kDateline,
  kCaption,
  kBoilerplate,
  kSourceLine
};
enum class TimeType : uint8_t { kUnspecified, kDate, kTime, kDuration, kSet };
enum class TimePrecision : uint8_t {
  kUnspecified,
  kMinute,
  kDayPart,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kDecade,
  kCentury
};
enum class EntityLabel : uint8_t { kUnspecified, kPerson, kOrganization, kLocation, kMisc };
enum class ActorType : uint8_t { kUnspecified, kPerson, kState, kOrganization, kMedia, kGroup };
enum class MentionKind : uint8_t { kUnspecified, kName, kNominal, kPronoun };
enum class ClaimKind : uint8_t {
  kUnspecified,
  kDirect,
  kIndirect,
  kReported,
  kFreeIndirect,
  kIndirectFreeIndirect
};
enum class ClaimAct : uint8_t {
  kUnspecified,
  kAssert,
  kConfirm,
  kDeny,
  kEstimate,
  kPredict,
  kDemand,
  kWarn,
  kAccuse,
  kAnnounce,
  kAssess,
  kConcern
};
enum class Polarity : uint8_t { kUnspecified, kPositive, kNegative };
enum class Certainty : uint8_t {
  kUnspecified,
  kCertain,
  kProbable,
  kPossible,
  kUncertain,
  kHearsay
};
enum class Relation : uint8_t { kUnspecified, kSays, kReports, kCites, kEvidence };
enum class Qualifier : uint8_t {
  kUnspecified,
  kExact,
  kAbout,
  kAtLeast,
  kAtMost,
  kMoreThan,
  kLessThan,
  kAlmost,
  kVague
};
enum class EventType : uint8_t {
  kUnspecified,
  kMoveTroops,
  kMeet,
  kSign,
  kRatify,
  kClash,
  kAttack,
  kSupply,
  kTrain,
  kVisit,
  kSummon,
  kKill,
  kEstablish,
  kOther
};
enum class Factuality : uint8_t { kUnspecified, kFact, kAlleged, kPlanned, kDenied, kNegated };

/// A sentence: its extent, its tokens and its paragraph (0-based).
struct Sentence {
  Span span;
  TokenRange tokens;
  int32_t paragraph = 0;
};

/// A pair of quotation marks of any kind, matched over sentence borders inside a paragraph (and
/// over paragraphs where the quotation is reopened). Nested pairs carry the index of the pair
/// around them.
struct Quotation {
  TokenRange tokens;   ///< Both marks inside; an unbalanced mark makes no pair.
  int32_t outer = -1;  ///< Index of the enclosing quotation, -1 = none.
};

struct Region {
  Span span;
  RegionKind kind = RegionKind::kUnspecified;
  std::string_view rule;  ///< Static string.
  double confidence = 0;
};

/// See TimeInterval in the contract. Strings are ASCII and short.
struct TimeInterval {
  std::string value;
  std::string modifier;
  std::string earliest;
  std::string latest;
  TimePrecision precision = TimePrecision::kUnspecified;

  bool empty() const { return value.empty() && earliest.empty() && latest.empty(); }
};

struct Publication {
  TimeInterval interval;
  std::optional<Span> evidence;
  std::string_view rule;
  double confidence = 0;
};

struct TimeExpression {
  Span span;
  TokenRange tokens;  ///< Tokens it covers or touches.
  TimeType type = TimeType::kUnspecified;
  std::string value;
  std::string modifier;
  std::string quantifier;
  std::string frequency;
  std::optional<TimeInterval> interval;
  bool goes_on = false;  ///< "seit 2015": from this time until the present.
  std::string rule;
  double confidence = 0;
};

/// A place by one name, however the text puts it.
struct Place {
  std::string name;  ///< Empty = no place.
  std::string
      country;  ///< ISO 3166-1 alpha-2; empty when unknown or when several have such a place.
};

struct Entity {
  Span span;
  TokenRange tokens;
  EntityLabel label = EntityLabel::kUnspecified;
  int32_t actor = -1;  ///< Index into actors(), -1 = none.
  std::string_view rule;
  double confidence = 0;
};

struct Mention {
  Span span;
  TokenRange tokens;
  MentionKind kind = MentionKind::kUnspecified;
};

struct Actor {
  std::string name;
  ActorType type = ActorType::kUnspecified;
  std::vector<std::string> roles;
  std::vector<std::string> aliases;
  std::string country;
  std::vector<Mention> mentions;  ///< In text order.
  /// Masculine, feminine, plural... as far as known, for agreement (Morphology bits).
  Morphology morphology;
  std::string rule;
  double confidence = 0;
};

struct Attribution {
  int32_t actor = -1;  ///< Index into actors(), -1 = none.
  Span span;
  Relation relation = Relation::kUnspecified;
};

/// How Claim::rule begins for what somebody means to do ("Die Stadt will am Montag bauen"): a time
/// in its words is when it is to be done.
inline constexpr std::string_view kIntentionRule = "verb.wollen";

struct Claim {
  int32_t part_of = -1;  ///< Index into claims(), -1 = a claim of its own.
  ClaimKind kind = ClaimKind::kUnspecified;
  ClaimAct act = ClaimAct::kUnspecified;
  Polarity polarity = Polarity::kUnspecified;
  Certainty certainty = Certainty::kUnspecified;
  std::vector<Span> content;
  std::vector<Span> speaker;
  std::vector<Span> cue;
  std::vector<Span> frame;
  std::vector<Span> addressee;
  std::vector<int32_t> speaker_actors;  ///< Indexes into actors().
  std::vector<Attribution> chain;
  std::optional<TimeInterval> said_at;
  std::optional<TimeInterval> about;
  std::vector<int32_t> figures;  ///< Indexes into figures().
  std::optional<Span> medium;
  std::string rule;
  double confidence = 0;
};

struct Figure {
  Span span;
  TokenRange tokens;
  std::optional<double> low;
  std::optional<double> high;
  Qualifier qualifier = Qualifier::kUnspecified;
  std::string unit;
  std::string of;
  Place place;
  std::string status;
  std::vector<int32_t> claims;  ///< Indexes into claims(); set with Claim::figures.
  std::string rule;
  double confidence = 0;
};

struct Event {
  Span span;
  Span trigger;
  EventType type = EventType::kUnspecified;
  std::vector<int32_t> participants;  ///< Indexes into actors().
  Place place;
  TimeInterval time;
  Factuality factuality = Factuality::kUnspecified;
  int32_t claim = -1;  ///< Index into claims(), -1 = told by the article itself.
  std::string rule;
  double confidence = 0;
};

/// What the caller or the page's markup declares about a document before it is read.
struct DeclaredMetadata {
  std::string document_id;
  std::string published;  ///< ISO day, instant, month or year; empty when not declared.
  std::string title;
  std::string outlet;
  std::string url;
  std::vector<Region> regions;  ///< Functions of parts seen in the markup; may be empty.
};

class NounPhrases;

/// A text and the layers that the stages add to it, one after the other.
///
/// Owns the text; every layer holds offsets or token numbers, never views. Not thread-safe: one
/// document is worked on by one thread. Layers are public data: each is written by the stage that
/// owns it (named beside it) and read by those behind it.
class AnnotatedDocument {
 public:
  /// REQUIRES: text is valid UTF-8 without NUL and smaller than 2 GiB.
  AnnotatedDocument(std::string text, DeclaredMetadata declared)
      : text_(std::move(text)), declared_(std::move(declared)) {}

  std::string_view text() const { return text_; }
  const DeclaredMetadata& declared() const { return declared_; }
  std::string_view TextOf(const Span& span) const { return span.In(text_); }
  std::string_view TextOf(const Token& token) const { return token.span.In(text_); }
  std::string_view TokenText(int32_t token) const {
    return tokens[static_cast<size_t>(token)].span.In(text_);
  }
  /// The bytes from the first to the last token of a range. REQUIRES: not empty.
  Span SpanOf(const TokenRange& range) const {
    return {tokens[static_cast<size_t>(range.begin)].span.begin,
            tokens[static_cast<size_t>(range.end) - 1].span.end};
  }

  // Layers, in the order of the stages that write them.
  std::string language;                  ///< stage "language": ISO 639-1, "und" when unknown.
  std::vector<Region> regions;           ///< stage "regions".
  std::vector<Token> tokens;             ///< stage "tokens"; tags by stage "tags".
  std::vector<Quotation> quotations;     ///< stage "sentences".
  std::vector<Sentence> sentences;       ///< stage "sentences".
  std::optional<Publication> published;  ///< stage "published".
  std::vector<TimeExpression> times;     ///< stage "times".
  std::vector<Entity> entities;          ///< stage "names".
  /// stage "phrases"; never null behind it.
  std::shared_ptr<const NounPhrases> noun_phrases;
  std::vector<Actor> actors;    ///< stage "actors".
  std::vector<Claim> claims;    ///< stage "claims"; said_at and about by stage "claim_times".
  std::vector<Figure> figures;  ///< stage "figures".
  std::vector<Event> events;    ///< stage "events".
  std::vector<std::string_view> truncated_layers;  ///< Names of layers that hit their limit.

 private:
  std::string text_;
  DeclaredMetadata declared_;
};

/// Most items one layer may hold; what is beyond is cut and the layer named in truncated_layers.
inline constexpr size_t kMaxItemsPerLayer = 20'000;

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PIPELINE_ANNOTATED_DOCUMENT_H_
