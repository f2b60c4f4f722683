#ifndef LAGEBILD_EXTRACT_SERVICE_CLAUSES_CLAUSE_GRAMMAR_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAUSES_CLAUSE_GRAMMAR_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Closed classes of language/de/clause_words.tsv, as bits: a word may be in several.
struct ClauseWord {
  enum Bit : uint64_t {
    kDass = 1ull << 0,
    kOb = 1ull << 1,
    kWie = 1ull << 2,
    kInterrogative = 1ull << 3,
    kSubordinator = 1ull << 4,
    kRelative = 1ull << 5,
    kInfinitiveOpener = 1ull << 6,
    kCoordinator = 1ull << 7,
    kCorrelate = 1ull << 8,
    kReflexive = 1ull << 9,
    kNegation = 1ull << 10,
    kParticle = 1ull << 11,
    kLaut = 1ull << 12,
    kZufolge = 1ull << 13,
    kNach = 1ull << 14,
    kSo = 1ull << 15,
    kAccordingly = 1ull << 16,
    kWhereby = 1ull << 17,
    kPointing = 1ull << 18,
    kCiting = 1ull << 19,
    kArticle = 1ull << 20,
    kNoQuote = 1ull << 21,
    kZu = 1ull << 22,
    kFrom = 1ull << 23,           ///< "aus Sicht ..."
    kWithin = 1ull << 24,         ///< "in den Augen ..."
    kBy = 1ull << 25,             ///< Before who does it in the passive.
    kPlaceOfSource = 1ull << 26,  ///< "heißt es in ...", "geht aus ... hervor".
    kOf = 1ull << 27,             ///< "Angaben von ...".
    kToward = 1ull << 28,         ///< "gegenüber der Zeitung".
    kExpletive = 1ull << 29,      ///< "es".
    kNegatesVerb = 1ull << 30,    ///< Negations that are no determiners.
    kThereafter = 1ull << 31,     ///< "danach": by a source, or after something.
    kSelf = 1ull << 32,           ///< Who speaks, or one: "ich", "man".
    kSame = 1ull << 33,           ///< "er": whoever was spoken of.
    kPredicative = 1ull << 34,    ///< Before a quoted word that is said of something.
    kIndefinite = 1ull << 35,     ///< Indefinite articles.
    kOwn = 1ull << 36,            ///< "nach eigenen Angaben".
    kAnyNoun = 1ull << 37,        ///< Takes any noun for a source ("laut").
    kPlaceOfBody = 1ull << 38,    ///< "hieß es bei der Agentur", "auf der Website".
    kIf = 1ull << 39,             ///< Opens a condition.
    kMediaPerson = 1ull << 40,    ///< Works for a paper rather than speaks to it.
    kTherein = 1ull << 41,        ///< "darin heißt es".
    kContentNoun = 1ull << 42,    ///< Of language/de/content_nouns.tsv ("Vorwurf").
    kCitingOn = 1ull << 43,       ///< "unter Berufung auf".
    kRelay = 1ull << 44,          ///< "im Gespräch mit der Zeitung", "in der Zeitung".
    kThan = 1ull << 45,           ///< Before what something is compared with.
    kAnybody = 1ull << 46,        ///< "man".
    kPublication = 1ull << 47,    ///< "auf der Website der Zeitung".
    kInTheEyesOf = 1ull << 48,    ///< "Für Berg ist der Plan „absurd“".
    kReason = 1ull << 49,         ///< "weil", "da".
    kHardly = 1ull << 50,         ///< "kaum".
    kRegarding = 1ull << 51,      ///< "gegen die Entscheidung, ...": leaves open whose it is.
    kThing = 1ull << 52,          ///< "das", "alles": a pronoun for what cannot speak.
    kWithout = 1ull << 53,        ///< "ohne".
    kFurther = 1ull << 54,        ///< "hieß es weiter".
    kComment = 1ull << 55,    ///< "– eine Anspielung auf ...": what the writer calls the words.
    kAllBefore = 1ull << 56,  ///< "was Berg bestreitet": a relative for all that stands before it.
    kLabel = 1ull << 57,      ///< "so der Spitzname": what something is called.
  };
};

/// What the grammar needs to know of a token, looked up once.
struct WordInfo {
  uint64_t classes = 0;              ///< ClauseWord bits.
  std::array<uint32_t, 3> lemmas{};  ///< Infinitives it can be a form of.
  uint8_t lemma_count = 0;
  bool verb = false;           ///< May be a verb here.
  bool finite = false;         ///< May be finite.
  bool nonfinite = false;      ///< May be an infinitive or participle.
  bool zu_infinitive = false;  ///< "mitzuteilen", or the infinitive behind "zu".
  uint32_t bits = 0;           ///< Morphology of all verb readings.
  uint32_t third_moods = 0;    ///< Moods of the readings in the third person.
  int32_t quotation = -1;      ///< Outermost quotation it stands in, marks included.

  bool Has(uint64_t mask) const { return (classes & mask) != 0; }
  bool HasLemma(uint32_t lemma) const {
    for (uint8_t i = 0; i < lemma_count; ++i) {
      if (lemmas[i] == lemma) return true;
    }
    return false;
  }
};

enum class ClauseKind : uint8_t {
  kMain,         ///< Verb first or second.
  kSubordinate,  ///< Opened by a subordinator, "ob", a w-word.
  kRelative,
  kInfinitive,  ///< With "zu".
  kVerbless,    ///< A heading, an apposition that found no clause.
};

/// Mood of the finite verb. Forms that are both indicative and Konjunktiv are kAmbiguous.
enum class ClauseMood : uint8_t {
  kNone,
  kIndicative,
  kKonjunktiv1,
  kKonjunktiv2,
  kWuerde,
  kAmbiguous
};

/// Whether a mood marks the words of somebody else.
constexpr bool Reports(ClauseMood mood) {
  return mood == ClauseMood::kKonjunktiv1 || mood == ClauseMood::kKonjunktiv2 ||
         mood == ClauseMood::kWuerde;
}

/// What opens a clause.
enum class Opener : uint8_t {
  kNone,
  kDass,
  kOb,
  kInterrogative,
  kWie,
  kSubordinator,
  kRelative,
  kInfinitive,
  kWhereby
};

/// A stretch between two marks (or before a coordinator) inside one sentence. Marks are left out.
struct Segment {
  TokenRange tokens;
  int32_t clause = -1;
  int32_t finite = -1;   ///< Its finite verb outside quotations, -1 = none.
  char mark_before = 0;  ///< ',' ':' ';' '-' '&' (a coordinator), 0 = the sentence's beginning.
  Opener opener = Opener::kNone;
  bool verb_first = false;
  bool verb_last = false;
  bool infinitive = false;  ///< Holds an infinitive with "zu" and no finite verb.
};

/// One clause of a sentence: one or several segments.
struct SentenceClause {
  ClauseKind kind = ClauseKind::kVerbless;
  Opener opener = Opener::kNone;
  ClauseMood mood = ClauseMood::kNone;
  bool verb_first = false;   ///< The finite verb opens it ("..., sagte Berg").
  bool coordinated = false;  ///< Joined to the clause before by a coordinator.
  bool passive = false;
  int32_t parent = -1;    ///< Clause it depends on or continues.
  int32_t finite = -1;    ///< Token.
  int32_t main = -1;      ///< Token of the full verb: participle, infinitive, else the finite verb.
  int32_t particle = -1;  ///< Separated particle in the right bracket.
  int32_t first_segment = -1;
  int32_t last_segment = -1;
  TokenRange tokens;  ///< From its first to its last token, inserted clauses included.

  bool reports() const { return Reports(mood); }
};

/// The clauses of one sentence; buffers are reused from sentence to sentence.
struct SentenceClauses {
  std::vector<Segment> segments;
  std::vector<SentenceClause> clauses;
  TokenRange tokens;  ///< Of the sentence without its final stop.
  bool has_final_stop = false;
};

/// Cuts sentences into clauses.
///
/// Immutable after construction and thread-safe. Parse() takes time linear in the sentence; what
/// stands in quotation marks is one opaque piece.
class ClauseGrammar {
 public:
  /// Keeps a reference to the lexicon, which must outlive the grammar.
  explicit ClauseGrammar(const Lexicon& lexicon);

  /// Looks up every token of the document.
  void LookUp(const AnnotatedDocument& document, std::vector<WordInfo>* words) const;

  /// Clauses of a sentence. REQUIRES: words come from LookUp() of the same document.
  void Parse(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
             int32_t sentence, SentenceClauses* out) const;

  /// Closed classes of a lower-case word.
  uint64_t ClassesOf(std::string_view lower) const;

  /// Mood of a finite form read in the third person.
  ClauseMood MoodOf(const WordInfo& word) const;

  bool IsHave(const WordInfo& word) const { return word.HasLemma(have_); }
  bool IsBe(const WordInfo& word) const { return word.HasLemma(be_); }
  bool IsBecome(const WordInfo& word) const { return word.HasLemma(become_); }
  bool IsModal(const WordInfo& word) const { return HasLemmaOf(modals_, word); }
  /// "ist", "bleibt", "gilt": says of the subject what it is like.
  bool IsCopula(const WordInfo& word) const { return HasLemmaOf(copulas_, word); }
  /// "gehört", "befindet sich": tells how things stand and not what is done.
  bool IsStative(const WordInfo& word) const { return HasLemmaOf(statives_, word); }
  bool IsSollen(const WordInfo& word) const { return word.HasLemma(sollen_); }
  bool IsWollen(const WordInfo& word) const { return word.HasLemma(wollen_); }
  bool IsKoennen(const WordInfo& word) const { return word.HasLemma(koennen_); }
  bool IsMuessen(const WordInfo& word) const { return word.HasLemma(muessen_); }
  bool IsDuerfen(const WordInfo& word) const { return word.HasLemma(duerfen_); }
  bool IsBrauchen(const WordInfo& word) const { return word.HasLemma(brauchen_); }
  bool IsDrohen(const WordInfo& word) const { return word.HasLemma(drohen_); }
  bool IsWissen(const WordInfo& word) const { return word.HasLemma(wissen_); }
  bool IsAuxiliary(const WordInfo& word) const {
    return IsHave(word) || IsBe(word) || IsBecome(word) || IsModal(word);
  }

 private:
  static bool HasLemmaOf(const std::vector<uint32_t>& lemmas, const WordInfo& word) {
    return std::any_of(lemmas.begin(), lemmas.end(),
                       [&word](uint32_t lemma) { return word.HasLemma(lemma); });
  }
  static const WordInfo& At(const std::vector<WordInfo>& words, int32_t token) {
    return words[static_cast<size_t>(token)];
  }

  /// "Der Sender zitierte Ulf Tann", "es reiche": makes what was taken for an adjective behind a
  /// noun the verb of a stretch between marks that has none.
  static void FindMissingVerbs(const AnnotatedDocument& document, std::vector<WordInfo>* words);
  /// Reads a verb that no dictionary has by the known verb at its end ("schiefläuft").
  void ReadUnknownVerb(std::string_view text, WordInfo* word) const;

  // clause_segments.cc: from mark to mark.
  void CutSegments(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                   SentenceClauses* out) const;
  void CutAtCoordinators(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                         SentenceClauses* out) const;
  void CutAtInfinitives(const std::vector<WordInfo>& words, SentenceClauses* out) const;
  void Describe(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                Segment* segment) const;
  static void OpenBrokenClauses(const std::vector<WordInfo>& words, SentenceClauses* out);
  static void OpenBrokenInfinitives(const std::vector<WordInfo>& words, SentenceClauses* out);
  // Whether a segment is the prefield of a clause in the Konjunktiv that goes on behind a relative
  // clause: "sagte, die Brücke, die bald gebaut wird, koste viel".
  bool OpensBrokenClause(const std::vector<WordInfo>& words, const SentenceClauses& clauses,
                         size_t i) const;

  // clause_grammar.cc: segments become clauses.
  bool Inserts(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
               const SentenceClauses& out, int32_t index, Opener waiting) const;
  /// Whether a segment gives the content of a noun in the segment before it and the clause of that
  /// noun goes on behind.
  bool InsertsContent(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                      const SentenceClauses& out, int32_t index) const;
  /// The clause that an inserted frame broke up and that this segment goes on with; -1 = none.
  int32_t Interrupted(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                      const SentenceClauses& out, int32_t index, int32_t previous) const;
  /// Whether an auxiliary or modal has no full verb behind it yet.
  bool WaitsForVerb(const std::vector<WordInfo>& words, const SentenceClause& clause) const;
  /// Whether each verb of a segment may be an infinitive or a participle.
  static bool HasOnlyNonfiniteVerbs(const std::vector<WordInfo>& words, const Segment& segment);
  void Assign(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
              SentenceClauses* out) const;
  /// "hat Plakate geklebt, Briefe verteilt und verkündet": participles of one auxiliary, of which
  /// the later ones look finite.
  void JoinParticiples(const std::vector<WordInfo>& words, SentenceClauses* out) const;
  static bool SpeaksOfItself(const AnnotatedDocument& document, const SentenceClause& clause);
  /// Whether a participle belongs to a comparison behind the verb ("mehr ausgegeben
  /// haben als erwartet").
  static bool Compares(const std::vector<WordInfo>& words, const Segment& segment,
                       int32_t participle);
  void FindVerbs(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                 SentenceClauses* out) const;

  const Lexicon& lexicon_;
  WordMap<uint64_t> classes_;
  uint32_t have_ = Token::kNoLemma, be_ = Token::kNoLemma, become_ = Token::kNoLemma;
  uint32_t sollen_ = Token::kNoLemma, wollen_ = Token::kNoLemma, koennen_ = Token::kNoLemma;
  uint32_t muessen_ = Token::kNoLemma, moegen_ = Token::kNoLemma;
  uint32_t duerfen_ = Token::kNoLemma, brauchen_ = Token::kNoLemma, drohen_ = Token::kNoLemma,
           wissen_ = Token::kNoLemma;
  std::vector<uint32_t> modals_, copulas_, statives_;
};

/// The word in lower case (ASCII and the letters of Latin-1), written into a buffer of the caller;
/// longer words are returned as they are.
std::string_view ToLower(std::string_view word, std::array<char, 96>* buffer);

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAUSES_CLAUSE_GRAMMAR_H_
