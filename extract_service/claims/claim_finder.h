#ifndef LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_FINDER_H_
#define LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_FINDER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "extract_service/actors/actor_index.h"
#include "extract_service/claims/reporting_lexicon.h"
#include "extract_service/claims/stance.h"
#include "extract_service/clauses/clause_grammar.h"
#include "extract_service/phrases/noun_phrases.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Finds the claims of one document and writes them to AnnotatedDocument::claims.
///
/// Works sentence by sentence: verbal frames ("Berg sagte, ..."), adjuncts ("laut Berg"),
/// quotations, then the kinds without a frame, which lean on the source before them. Not
/// thread-safe; made for one document and used once.
class ClaimFinder {
 public:
  ClaimFinder(AnnotatedDocument& document, const Lexicon& lexicon, const ClauseGrammar& grammar,
              const ReportingLexicon& reporting, const NounPhrases& phrases);

  void Run();

 private:
  /// A claim, a quotation of its own above all, is emitted when the probability that it is one
  /// reaches this.
  static constexpr double kMinQuote = 0.38;
  /// Nouns for people, bodies and states: who can be said to have said something.
  static constexpr uint32_t kWhoMaySpeak = WordClass::kOffice | WordClass::kOrganizationNoun |
                                           WordClass::kMediaNoun | WordClass::kGroupNoun |
                                           WordClass::kPersonNoun | WordClass::kDemonym |
                                           WordClass::kCountry | WordClass::kTitle;
  /// How many sentences back a source carries on.
  static constexpr int32_t kReach = 3;
  /// Sentences back to a claim where there is none.
  static constexpr int32_t kNever = 1 << 20;
  /// Most words before a colon that can belong to what a frame behind the sentence holds.
  static constexpr int32_t kLongestOpening = 10;

  using Ranges = absl::InlinedVector<TokenRange, 3>;
  using Tokens = absl::InlinedVector<int32_t, 6>;

  /// A reporting verb in a clause with what hangs on it.
  struct Cue {
    const ReportingEntry* entry = nullptr;
    Tokens tokens;
    TokenRange speaker;
    TokenRange addressee;
    int32_t speaker_head = -1;
    int32_t phrase_word = -1;    ///< The word that makes the verb report, -1 = the verb does.
    bool impersonal = false;     ///< "heißt es", passive: nobody is the subject of saying.
    bool quoted_object = false;  ///< "zitiert Berg mit den Worten": who speaks is the object.
    TokenRange relay;            ///< Then the subject, who relays.
    bool negated = false;
    bool correlate = false;  ///< "darauf", "davon" stands for the clause.
    bool used = false;
  };

  struct Draft {
    ClaimKind kind = ClaimKind::kUnspecified;
    Ranges content;
    TokenRange speaker;
    int32_t speaker_head = -1;
    TokenRange relay;
    TokenRange subject;  ///< "nach eigenen Angaben": who the source's words stand for.
    Tokens cue;
    Ranges frame;
    TokenRange addressee;
    const ReportingEntry* entry = nullptr;
    std::string_view rule;
    double confidence = 0;
    int32_t sentence = -1;
    int32_t part_of = -1;
    int32_t source = -1;  ///< Draft whose speaker is carried over.
    bool negated = false;
    bool adjunct = false;     ///< The speaker is the noun phrase of a preposition.
    bool hearsay = false;     ///< Nobody named commits to it.
    bool final_stop = false;  ///< The content ends with the sentence, its stop included.
  };

  /// "laut Berg", "so die Polizei", "demnach".
  struct Adjunct {
    TokenRange tokens;  ///< With its commas where it is cut off by them.
    TokenRange speaker;
    const ReportingEntry* entry = nullptr;  ///< Of the noun that names the source, if one does.
    int32_t cue = -1;
    int32_t clause = -1;
    std::string_view rule;
    double confidence = 0;
    bool anaphoric = false;
    bool definite = false;  ///< "dem Bericht zufolge": a source named before.
    bool own = false;       ///< "nach eigenen Angaben".
    bool used = false;
  };

  /// A main clause read as hearsay or as words of an earlier source.
  struct FreeReading {
    int32_t clause = -1;
    double hearsay = 0;         ///< Probability that it is told from hearsay ("soll ...").
    double continued = 0;       ///< Probability that a source before goes on to be quoted.
    TokenRange own_words;       ///< "will ... gesehen haben": who says so of himself.
    TokenRange subject_before;  ///< Whom the sentence before is about, where that is the source.
    int32_t distance = 100;     ///< Sentences back to the newest draft.
    bool same_paragraph = false;
  };

  struct Subject {
    bool looked_up = false;
    std::pair<TokenRange, int32_t> subject{TokenRange(), -1};
  };

  const Token& TokenAt(int32_t t) const { return document_.tokens[static_cast<size_t>(t)]; }
  const WordInfo& Word(int32_t t) const { return words_[static_cast<size_t>(t)]; }
  std::string_view Lower(int32_t t) const;
  const SentenceClause& ClauseAt(int32_t c) const { return parse_.clauses[static_cast<size_t>(c)]; }
  const Segment& SegmentAt(int32_t s) const { return parse_.segments[static_cast<size_t>(s)]; }
  void ReadClauses(int32_t sentence);
  int32_t ClauseOf(int32_t token) const;
  int32_t SegmentOf(int32_t token) const;
  bool InTime(int32_t token) const;
  bool GoesOnBehind(int32_t token) const;
  /// Whether a segment opens a main clause that stands beside the one before it.
  bool IsBeside(int32_t segment) const;
  /// Whether what follows "so Berg" tells who that is: an apposition or a relative clause.
  bool DescribesSpeaker(const TokenRange& range) const;

  // claim_cues.cc: reporting verbs with what belongs to them.
  void FindCues();
  void CompleteCue(int32_t clause, Cue* cue);
  /// Whether "sich" stands right behind the finite verb or a word later.
  bool IsReflexive(const SentenceClause& clause) const;
  /// "ich" outside of a quotation: the writer, or somebody whose words have lost their marks and
  /// who is named elsewhere.
  bool IsFirstPerson(const TokenRange& speaker) const;
  /// "man".
  bool IsAnybody(const TokenRange& speaker) const;
  /// "Niemand sagt, dass ...".
  bool IsNobody(const TokenRange& speaker) const;
  /// A statement that is a condition, still to come or asked for.
  bool IsForeseen(const SentenceClause& clause, const Cue& cue) const;

  // claim_speakers.cc: who is the subject of a reporting verb, and whom it is said to.
  bool InsideQuotation(const TokenRange& range) const;
  bool IsFrontedAdverb(const NounPhrase& phrase) const;
  /// "das Fachblatt Sun", "die Therapeutin Anna Berg": the name right behind a common noun that is
  /// no office or the like, else they were one phrase; -1 = none.
  int32_t NameBehind(int32_t phrase) const;
  TokenRange QuotedSubject(int32_t clause) const;
  bool OpensPrefield(int32_t clause, int32_t token) const;
  void FindSubject(int32_t clause, Cue* cue) const;
  /// The subject of the main clause before, for a clause that leans on it ("... und forderte"),
  /// and its head; empty and -1 when there is none.
  std::pair<TokenRange, int32_t> SharedSubject(int32_t clause) const;
  /// Whether a clause that begins with its verb may be the next of several with one subject
  /// ("kritisierte den Plan, forderte ...") and need not be a frame of what stands before it.
  bool SharesSubject(int32_t clause) const;
  /// "ein Sprecher der Agentur Nord", by a verb that takes a dative: ends the speaker before whom
  /// it was said to.
  void CutAddressee(int32_t subject, Cue* cue) const;
  /// Whether a phrase can be a dative of somebody, by its form or as a name in marks.
  bool MayBeToldTo(int32_t phrase) const;
  /// "Darin heißt es": the source is the document named in the sentence before.
  void FindSourceBefore(int32_t clause, Cue* cue) const;
  /// A body or a medium, by its noun or as an actor.
  bool IsBody(const NounPhrase& phrase) const;
  TokenRange Prefield(int32_t clause, TokenRange speaker) const;
  /// "Anna Berg [von der Universität]": a person with the body right behind the name.
  TokenRange WithBodyOf(TokenRange speaker) const;
  TokenRange SpeakerRange(int32_t phrase) const;

  // claim_postposed.cc: frames behind what they hold, and "wie Berg sagte".
  void FindPostposed();
  /// A clause behind what is said that can only name who said it, by whatever verb of no list
  /// ("..., haderte Berg").
  bool IsInquit(int32_t clause) const;
  /// Makes such a clause the frame of what stands before it.
  void MakeInquit(int32_t clause);
  /// First segment of what a frame behind it holds: back to a colon, a semicolon or the sentence's
  /// beginning, and over what goes on to be the same person's words.
  int32_t OpeningOfContent(int32_t frame_segment) const;
  /// "Die Zahl ist gestiegen, das teilte das Amt mit": whether a clause takes up what stands before
  /// it and says whose words these are.
  bool IsResumptive(int32_t clause) const;
  /// "Wenn es regne, sagte Berg, bleibe er daheim": whether a clause begins with its verb and has a
  /// subject of its own behind it, so that a frame before it has cut it off from its condition.
  bool GoesOnBehindFrame(int32_t clause) const;
  /// "Kommt er, fragt Berg", "Gehen Sie, sagte Berg": whether words that begin with their verb are
  /// a question or asked of somebody, and no condition of the clause behind them.
  bool AsksItself(const Segment& opening, const Cue& cue) const;
  bool IsParenthesis(int32_t clause) const;
  void FindWie();

  // claim_complements.cc: what verbal frames hold.
  void FindComplements();
  bool TryComplement(int32_t clause);
  /// "lehnte mit der Begründung ab, ...": what the clause behind is to the speech act; null = the
  /// clause is its content.
  const ReportingEntry* MannerOf(int32_t clause) const;
  /// "Die Mannschaft zeigte, dass sie gut ist", "will beweisen, dass ...": whether somebody shows
  /// by what he does rather than says.
  bool IsDeed(int32_t clause) const;
  /// "das Recht des Landes, [sich zu wehren]": whether an object stands right before an infinitive
  /// clause, which is then its attribute.
  bool HasObjectBefore(int32_t infinitive, const Cue& cue) const;
  /// Whether one of the prepositions that a verb takes governs a phrase of its clause.
  bool HasPrepositionalObject(int32_t clause, uint32_t frames) const;
  /// Whether the words from here on are content already or have a frame of their own behind them
  /// ("..., so Wolf").
  bool FramedBehind(int32_t begin) const;
  /// Where "so Wolf" behind the words from here on begins, before any semicolon or colon; -1 =
  /// none.
  int32_t QuotativeBehind(int32_t begin) const;
  bool TryPointing(int32_t clause);
  /// "„...“ So schilderte es der Fahrer.": gives the quotation right before its speaker.
  bool TakeQuoteBefore(int32_t clause);
  int32_t ComplementEnd(int32_t clause, int32_t first_segment) const;
  /// "..., was Berg bestreitet": what somebody else says of all that stands before it.
  bool CommentsOnAll(const Segment& segment) const;
  /// The same as far as clauses tell.
  int32_t ClausalEnd(int32_t clause, int32_t first_segment) const;

  // claim_nouns.cc: nouns of saying with what they hold ("die Forderung, ...", "Berichte, wonach
  // ...").
  bool TryWhereby(int32_t clause);
  bool TryContentNoun(int32_t clause);
  /// "Bergs Antwort": whose name stands in the genitive right before a noun; empty = nobody's.
  TokenRange OwnerBefore(int32_t noun) const;
  /// "Von der Polizei kam die Information, ...": who a clause says that a noun of saying is from.
  void FindOrigin(int32_t clause, int32_t noun, Cue* cue) const;

  // claim_adjuncts.cc: "laut Berg", "so die Polizei".
  /// What the table of source nouns says of its head; null = it names no source.
  const ReportingEntry* SourceEntry(const NounPhrase& phrase) const;
  /// "Für Anna Berg ist der Plan „absurd“": whether the clause of a finite verb says with quoted
  /// words what somebody makes of something.
  bool Judges(int32_t phrase, int32_t finite) const;
  void FindAdjuncts();
  bool IsNominal(int32_t token) const;
  int32_t PrefieldEnd(int32_t token) const;
  int32_t NominalBefore(int32_t end) const;
  /// Whether all words are written with a capital.
  bool AreCapitalized(const TokenRange& range) const;
  void FillPrefield(Adjunct* adjunct) const;
  /// "nach Angaben von Gästen [und eines Arztes]": where the sources end.
  int32_t WithOtherSource(int32_t end) const;
  /// "der laut Satzung nötige Beschluss": a source of the attribute only.
  bool IsInsideAttribute(const Adjunct& adjunct) const;
  /// "laut einem Urteil vom Herbst 2015": takes the date of what is cited out of the content.
  void TakeDate(Adjunct* adjunct) const;
  /// "..., laut Berg, der das untersucht hat, ...": tells of the source.
  void TakeRelativeClause(Adjunct* adjunct) const;
  /// "Ein Drittel der Gäste klagt ... Der Studie zufolge ...": the newest source that is not people
  /// who were asked, where one stands near; else the newest.
  int32_t AnaphoricSource(int32_t newest) const;
  /// Whether a clause stands right behind a quotation or, with a colon, right before one.
  bool IsBesideQuotation(int32_t clause) const;
  /// "Ansicht der Bilder": whether a noun belongs to what cannot speak.
  bool IsOfMute(int32_t phrase) const;
  /// Whether an adjective before a noun judges it ("umstrittene Aussagen").
  bool IsJudged(const NounPhrase& phrase) const;
  /// "nach Berichten über Mängel", "nach Ermittlungen gegen eine Bande": what has happened before
  /// rather than who says so.
  bool IsOccasion(const NounPhrase& phrase) const;
  void EmitAdjuncts();

  // claim_quotes.cc: quotation marks with their frames.
  void FindQuotes();
  double QuoteProbability(const Quotation& quotation) const;
  void AddGovernor(int32_t quote, Cue* cue) const;
  bool NamesSpeaker(const TokenRange& quoted) const;
  /// The clause right behind a quotation that can only name who said it, by whatever verb; -1 =
  /// none.
  int32_t InquitBehind(const TokenRange& quoted) const;
  /// "Wolf schweigt – der Vorsitzende Anton Berg: „...“": who is named with no verb right before a
  /// colon; empty = nobody.
  TokenRange NamedBeforeColon(int32_t colon) const;
  bool FrameQuote(int32_t q, double probability);

  // claim_reported.cc: speech acts without wording, and intentions.
  void FindReported();
  /// "wir", "uns", "mich" outside of quotation marks: somebody's words that have lost their marks.
  bool SpeaksOfFirstPerson(int32_t clause) const;
  /// "Immer mehr würden auf hohe Preise wetten": a main clause that a source before goes on with.
  bool IsToldOnwards(int32_t clause) const;
  bool HasJudgement(const TokenRange& clause) const;
  /// Somebody's verdict ("hält die Täter für Amateure", "betrachtet es als Sieg") by a verb that
  /// says other things as well.
  bool IsJudgement(const Cue& cue, const TokenRange& clause) const;
  /// "Die Fraktion lehnt den Antrag ab", "Berg verteidigte das Gesetz": by a verb of which only
  /// what somebody with a name is for or against makes a speech act.
  bool TakesAStand(const SentenceClause& clause, const Cue& cue) const;
  /// Whether a subject is somebody, a body or a document, as far as its noun tells; "der Hof" is
  /// given the benefit of the doubt.
  bool MaySpeak(const TokenRange& speaker) const;
  /// "erhob Vorwürfe", "äußerte Vorbehalte": the noun by which the verb reports is its object and
  /// tells by itself what was done with words.
  bool IsObjectOfSaying(const SentenceClause& clause, const Cue& cue) const;
  /// "Wolf kann auf ein Ende hoffen": what somebody may do.
  bool IsOnlyPossible(const SentenceClause& clause, const Cue& cue) const;
  /// The sentence without main clauses that "und" joins to a clause and that are about others.
  TokenRange WithoutClausesBeside(int32_t clause) const;
  /// "Wolf erhob keine Vorwürfe": a speech act that did not take place.
  bool IsNotDone(const Cue& cue) const;
  /// "Die Stadt will das Bad erneuern": what somebody means to do.
  void FindIntentions();
  /// Whether an actor is more than some person without a name.
  bool SpeaksForOthers(int32_t actor) const;

  // claim_unframed.cc: headlines, and sentences that lean on an earlier source.
  /// "gesehen haben" at its end.
  bool HasPerfectInfinitive(const SentenceClause& clause) const;
  /// Whether a time expression stands in a clause.
  bool HasTime(const SentenceClause& clause) const;
  /// "soll sich um Betrug handeln": with the infinitive of a verb that tells how things are.
  bool IsOfState(const SentenceClause& clause) const;
  /// The subject of a clause by itself, whatever its verb, and its head; empty and -1 = none.
  std::pair<TokenRange, int32_t> SubjectOf(int32_t clause) const;
  TokenRange SubjectOf(const SentenceClause& clause) const {
    return SubjectOf(static_cast<int32_t>(&clause - parse_.clauses.data())).first;
  }
  /// "Berg wurde verhaftet. Er soll gestohlen haben": not on his word.
  bool IsAboutSource(int32_t clause) const;
  /// "Sei es, wie es sei", "Man denke nur an ...", "Erwähnt sei noch ...": a Konjunktiv of the
  /// writer's own. REQUIRES: clause.finite >= 0.
  bool IsWish(const SentenceClause& clause) const;
  /// The person or body that the sentence before in the same paragraph is about, by its first main
  /// clause that begins at a token or behind it; empty = none.
  TokenRange SubjectBefore(int32_t from);
  /// Whether words stand for a person, a body or a state and not for people in general.
  bool IsNamedActor(const TokenRange& range) const;
  /// "Studie: Jeder Dritte schläft schlecht", in a line without a full stop; "Berg am Montag: ..."
  /// and "Dazu Berg: ..." anywhere.
  void FindHeadline();
  bool HasReportingClause() const;
  /// The adverb outside of quotations that a token hedges with ("womöglich"); null = it does not.
  const Hedge* HedgeAt(int32_t token) const;
  /// "Offenbar rechnet Berg damit, dass ...": whether the writer infers what a clause says.
  bool IsInferred(int32_t clause) const;
  /// Whether an adverb outside of quotations hedges ("womöglich").
  bool IsHedged() const;
  bool AsksAQuestion() const;
  /// How likely a main clause (-1 = there is none) is one of the kinds without a frame.
  FreeReading ReadFree(int32_t clause);
  void FindFree();
  /// "..., der den Wagen gestohlen haben soll": hearsay in a clause that is not the sentence's.
  void FindHearsayClauses();
  /// "Zwölf Gäste wurden verletzt, der Deich sei schuld": a clause in the Konjunktiv that nothing
  /// else holds, behind one that the writer tells.
  void FindKonjunktivClauses();
  /// Whether behind a dash the writer says what the words before it are.
  bool IsComment(int32_t dash, int32_t end) const;
  /// "es sei teuer – eine Anspielung auf den Bau": of what is told, without the writer's comment.
  void CutComments();
  void AddHearsay(const FreeReading& reading, const TokenRange& content);
  void AddContinued(const FreeReading& reading, const TokenRange& content);

  Draft* Add(ClaimKind kind, std::string_view rule, double confidence);
  void FrameFromRest(int32_t clause, Draft* draft) const;
  void Take(int32_t clause, Draft* draft);
  /// Sentences since the newest claim before this sentence.
  int32_t SinceNewestClaim() const;
  /// Whether what a clause reports is in the Konjunktiv itself, as words of the source before.
  bool IsToldBySource(int32_t clause) const;
  /// "Die Polizei sucht ihn. Er sei bewaffnet, hieß es": whether it is a body's words that go on.
  bool IsHeardFromSource(int32_t clause) const;
  /// "Der Behörde wird Untätigkeit vorgeworfen": by whom the sentence before quotes.
  bool IsSaidBySource(int32_t clause, const Draft& draft) const;
  /// A dash that stands by itself.
  bool IsDash(int32_t token) const;
  bool InContent(int32_t token) const;
  int32_t CoveringDraft(const TokenRange& range) const;

  // claim_attribution.cc: drafts become claims with actors and chains.
  void Emit();
  void Attribute(const Draft& draft, Claim* claim);
  /// Whether an actor stands in an extended attribute of the words that name the speaker.
  bool InAttribute(const TokenRange& speaker, int32_t actor) const;
  /// Whether an actor only stands in an attribute of a noun that can neither speak nor be written:
  /// "das Spiel gegen den Klub", "die Zinspolitik der Bank". `of_genitive`: a genitive lends its
  /// voice to the noun ("die Spitze der Partei sagte").
  bool IsMute(int32_t phrase, int32_t actor, bool of_genitive) const;
  void AddRelays(const Draft& draft, Claim* claim);
  /// Whom the first subject in the words of a claim with its speakers stands for.
  ContentSubject SubjectOfContent(const TokenRange& content, const Claim& claim) const;
  void PutFirst(int32_t actor, const TokenRange& range, Claim* claim) const;
  void AddLink(Claim* claim, int32_t actor, const TokenRange& range, Relation relation) const;
  bool IsMedia(int32_t actor) const;

  AnnotatedDocument& document_;
  const Lexicon& lexicon_;
  const ClauseGrammar& grammar_;
  const ReportingLexicon& reporting_;
  const NounPhrases& phrases_;
  const ActorIndex actors_;

  std::vector<WordInfo> words_;
  SentenceClauses parse_;
  std::vector<int32_t> segment_of_;        ///< By token of the sentence at hand; -1 = a mark.
  std::vector<Cue> cues_;                  ///< By clause of the sentence at hand.
  mutable std::vector<Subject> subjects_;  ///< By clause of the sentence at hand.
  std::vector<Adjunct> adjuncts_;
  std::vector<Draft> drafts_;
  size_t sentence_drafts_ = 0;  ///< First draft of the sentence at hand.
  int32_t sentence_ = 0;
  int32_t last_source_ = -1;  ///< Newest draft that names a source.
  size_t next_quotation_ = 0;
  std::vector<std::pair<int32_t, TokenRange>> relays_;  ///< By sentence: "wie die Post berichtet".
  size_t next_relay_ = 0;
  mutable std::array<char, 96> buffer_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_CLAIMS_CLAIM_FINDER_H_
