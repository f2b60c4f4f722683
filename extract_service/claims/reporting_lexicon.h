#ifndef LAGEBILD_EXTRACT_SERVICE_CLAIMS_REPORTING_LEXICON_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAIMS_REPORTING_LEXICON_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "extract_service/clauses/clause_grammar.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Complements a reporting verb takes, as bits (language/de/reporting_verbs.tsv, column frames).
/// Of a noun that names a source: the prepositions it stands behind, besides "laut" and "zufolge".
struct Frame {
  enum Bit : uint32_t {
    kDass = 1u << 0,
    kOb = 1u << 1,
    kInterrogative = 1u << 2,
    kVerbSecond = 1u << 3,
    kInfinitive = 1u << 4,
    kQuote = 1u << 5,
    kAccusative = 1u << 6,
    kAls = 1u << 7,
    kVon = 1u << 8,
    kUeber = 1u << 9,
    kVor = 1u << 10,
    kZu = 1u << 11,
    kAuf = 1u << 12,
    kFuer = 1u << 13,
    kMit = 1u << 14,
    kAn = 1u << 15,
    kUm = 1u << 16,
    kGegen = 1u << 17,
    kAus = 1u << 18,
    kToDative = 1u << 19,
    kToAccusative = 1u << 20,
    kNach = 1u << 21,
    kIn = 1u << 22,
    /// Without a subject the source stands behind a preposition ("aus Kreisen verlautet").
    kSource = 1u << 23,
    kImpersonal = 1u << 24,  ///< The source stands there whatever the subject ("geht hervor").
    kExpletive = 1u << 25,   ///< Only with "es" ("heißt es").
    kCited = 1u << 26,       ///< Who speaks is the object ("zitiert den Minister").
    kNaming = 1u << 27,      ///< What is quoted is a name or a judgement ("nennt ihn „feige“").
    kDeed = 1u << 28,        ///< People do it by what they do ("zeigte, dass er schwimmen kann").
  };
  static constexpr uint32_t kClauses = kDass | kOb | kInterrogative | kVerbSecond | kInfinitive;
  static constexpr uint32_t kPrepositions =
      kVon | kUeber | kVor | kZu | kAuf | kFuer | kMit | kAn | kUm | kGegen | kAus | kNach;
};

/// Frame of a preposition, or of "als", in lower case ("vom" -> kVon); 0 = none.
uint32_t FrameOf(std::string_view preposition);

enum class Strength : uint8_t { kStrong, kWeak, kBlocked };

/// A verb, or a verb with a word beside it, that reports.
struct ReportingEntry {
  std::string lemma;  ///< As rule ids show it.
  uint32_t frames = 0;
  Strength strength = Strength::kWeak;
  ClaimAct act = ClaimAct::kAssert;
  Certainty certainty = Certainty::kCertain;
  Polarity polarity = Polarity::kPositive;
  bool phrase = false;
};

/// Stands for the entry of a clause whose verb reports nothing, where only its subject is asked
/// for.
inline const ReportingEntry kNoReportingEntry;

/// Stands for the entry of a clause that says what somebody makes of something without a verb of
/// speech ("Für Berg ist der Plan „absurd“").
inline const ReportingEntry kJudgingEntry{.lemma = {}, .act = ClaimAct::kAssess};

/// How sure a hedged statement is.
struct Hedge {
  enum class Kind : uint8_t {
    kAdverb,
    kModal,
    kBelief,
    kKnowledge,
    kAffirmation,
    kDenial,    ///< Denies by itself ("unschuldig").
    kFalsehood  ///< Denies where it is said of a noun for something said ("der Vorwurf sei
                ///< falsch").
  };
  Certainty certainty = Certainty::kCertain;
  Kind kind = Kind::kAdverb;
};

/// The rule tables of attribution, indexed for look-up by lemma number.
///
/// Immutable and thread-safe after construction; look-ups allocate nothing.
class ReportingLexicon {
 public:
  explicit ReportingLexicon(const Lexicon& lexicon);

  /// Entry of a verb's full infinitive; nullptr when it does not report.
  const ReportingEntry* Verb(uint32_t lemma) const;
  /// Entry of a separable verb by its base ("teilen") and its particle ("mit").
  const ReportingEntry* Verb(uint32_t base, std::string_view particle) const;
  /// Whether any entry is a verb with this base and a separable particle, or a phrase.
  bool HasPhrases(uint32_t verb) const { return phrases_.contains(verb); }
  /// Entry of a verb with a word beside it ("vertreten" + "ansicht"), which may ask for the word
  /// before that ("gehen" + "ins gericht"); nullptr when there is none.
  const ReportingEntry* Phrase(uint32_t verb, std::string_view lower_before,
                               std::string_view lower_word) const;

  /// Entry of a noun that names what is said in the clause behind it ("der Beschluss, ...").
  const ReportingEntry* ContentNoun(std::string_view lower_form) const;

  /// What a lower-case noun form that names a statement ("angaben", "polizeiangaben") says of it;
  /// nullptr when it names none. Its certainty is that of a statement nobody stands behind by name.
  const ReportingEntry* SourceNoun(std::string_view lower_form, std::string_view lemma) const;
  bool IsSourceNoun(std::string_view lower_form, std::string_view lemma) const {
    return SourceNoun(lower_form, lemma) != nullptr;
  }
  /// What the word does to a statement's certainty; nullptr = nothing.
  const Hedge* FindHedge(std::string_view lower_word) const;
  /// An adjective that tells a state and judges nothing ("tot"), in any form, in lower case.
  bool IsState(std::string_view lower_word) const { return states_.contains(lower_word); }
  /// A verb for what is wrong to do ("belügen").
  bool IsWrong(const WordInfo& word) const;
  /// A noun or an uninflected adjective that judges ("fehler", "richtig"), in lower case.
  bool IsEvaluation(std::string_view lower_word) const { return evaluations_.contains(lower_word); }
  /// A verb that judges its subject ("versagen").
  bool Evaluates(const WordInfo& verb) const;
  /// The same of a separable verb by its base ("werten") and its particle ("auf").
  bool Evaluates(const WordInfo& base, std::string_view particle) const;

 private:
  // The phrases of one verb, numbers of entries ascending.
  struct VerbPhrases {
    // By their last word: the words before it, and the entry.
    WordMap<std::vector<std::pair<std::string, int32_t>>> by_last_word;
    // Single words whose compounds keep the verb from reporting as well.
    std::vector<std::pair<std::string, int32_t>> blocked_heads;
  };

  std::vector<ReportingEntry> entries_;
  absl::flat_hash_map<uint32_t, int32_t> verbs_;
  absl::flat_hash_map<uint32_t, std::vector<std::pair<std::string, int32_t>>> separable_;
  absl::flat_hash_map<uint32_t, VerbPhrases> phrases_;
  WordMap<int32_t> content_nouns_;
  WordMap<int32_t> source_nouns_;
  WordMap<Hedge> hedges_;
  WordSet evaluations_;
  absl::flat_hash_set<uint32_t> evaluating_verbs_;  ///< By lemma.
  absl::flat_hash_map<uint32_t, std::vector<std::string>> separable_evaluations_;
  WordSet states_;
  absl::flat_hash_set<uint32_t> wrongs_;  ///< By lemma.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAIMS_REPORTING_LEXICON_H_
