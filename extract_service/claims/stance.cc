#include "extract_service/claims/stance.h"

#include <algorithm>
#include <array>
#include <utility>

#include "extract_service/phrases/words.h"

namespace lagebild::extract {
namespace {

/// Longest stretch of a content that is read for its stance, in tokens.
constexpr int32_t kWindow = 60;
/// How far behind a verb a word that belongs to it is looked for, in tokens.
constexpr int32_t kReachOfVerb = 12;

/// What has been seen of the clause that is being read, from one mark to the next.
struct Clause {
  int32_t first = 0;  ///< Its first token.
  bool subordinate = false;
  bool becomes = false;  ///< A finite form of "werden".
  bool infinitive = false;
  bool modal = false;
  bool may = false;    ///< A finite form of "dürfen".
  bool have = false;   ///< A finite form of "haben".
  bool knows = false;  ///< A finite form of "wissen".
  bool negated = false;
  bool wants = false;         ///< A finite form of "wollen".
  bool content_noun = false;  ///< A noun for something said ("Vorwurf").
  bool unknown = false;       ///< The clause before it is "... wisse nicht".
};

/// "es", "wir", "man".
bool IsOfAll(const WordInfo& word) { return word.Has(ClauseWord::kExpletive | ClauseWord::kSelf); }

/// What the words of a content show.
struct Signs {
  bool future = false;
  bool could = false;       ///< A form of "können" that reports or supposes.
  bool might = false;       ///< "könnte": supposes.
  bool evaluation = false;  ///< A judging word.
  bool predicate = false;   ///< An adjective said of something, but of a mere state.
  bool worth = false;       ///< A judging noun in the main clause.
  bool verdict = false;     ///< "ein richtiger Schritt": a noun with a judging adjective.
  bool judging = false;     ///< A verb that judges in the main clause.
  bool has = false;         ///< A finite form of "haben" in it.
  bool done = false;        ///< A perfect participle in it: "habe den Fehler gefunden".
  bool happens = false;     ///< The same, but of "sein": "sei friedlich verlaufen".
  bool question = false;    ///< "(ließ offen,) wer kommen könnte".
  bool copula = false;
  bool obligation = false;
  bool needs = false;       ///< "es brauche mehr Geld"
  bool wants = false;       ///< "er wolle zahlen"
  bool ought = false;       ///< "soll": told from hearsay, or planned.
  bool relayed = false;     ///< By a medium, or as somebody reports.
  bool to_be_done = false;  ///< Its infinitive is of something done.
  bool intends = false;     ///< "(erklärte,) die Täter zu bestrafen"
  bool wrong = false;       ///< "habe die Leute belogen"
  bool threat = false;
  bool belief = false;     ///< "ich glaube"
  bool known = false;      ///< "ich weiß"
  bool ignorance = false;  ///< "man wisse nicht, ob"
  bool affirms = false;    ///< "ja"
  bool denies = false;     ///< "unschuldig", "der Vorwurf sei falsch"
  bool negation = false;
  bool irreal = false;
  bool happened = false;  ///< "worden"
  bool verbatim = false;  ///< In the speaker's own words.
  bool self = false;      ///< "ich", "wir", "man" near the beginning.
  /// "er" or "sie" near the beginning of reported speech: as a rule who speaks.
  bool self_reported = false;
  bool of_others = false;  ///< It is about somebody else who is known.
  /// By a verb, or going on behind one, or in the Konjunktiv.
  bool reported = false;
  bool own_side = false;         ///< It is about the speaker or whom he speaks for.
  bool opens_with_same = false;  ///< "er" or "sie" is the first word.
  Certainty hedge = Certainty::kCertain;
  const ReportingEntry* inner = nullptr;  ///< A verb of speech in the content itself.
  int32_t inner_at = -1;
  bool inner_negated = false;  ///< In its clause.
  bool inner_of_self = false;  ///< Of "ich" or "wir".
};

/// Reads the signs of one content, word by word.
class ContentReader {
 public:
  ContentReader(const AnnotatedDocument& document, const ClauseGrammar& grammar,
                const ReportingLexicon& reporting, const std::vector<WordInfo>& words,
                const TokenRange& content, ClaimKind kind)
      : document_(document),
        grammar_(grammar),
        reporting_(reporting),
        words_(words),
        content_(content),
        end_(std::min(content.end, content.begin + kWindow)),
        kind_(kind),
        fronted_(IsFronted()) {}

  Signs Read() {
    signs_.verbatim = kind_ == ClaimKind::kDirect;
    main_done_ = behind_fronted_ = fronted_;
    signs_.question = kind_ != ClaimKind::kDirect && !content_.empty() &&
                      Word(content_.begin).Has(ClauseWord::kInterrogative | ClauseWord::kOb);
    signs_.opens_with_same = !content_.empty() && Word(content_.begin).Has(ClauseWord::kSame);
    for (int32_t t = content_.begin; t < end_; ++t) {
      const std::string_view text = document_.TokenText(t);
      if (t > content_.begin + 1 && (text == "," || text == ";" || text == ".")) {
        main_done_ = !std::exchange(behind_fronted_, false);
        if (main_done_ && AwaitsVerb()) main_done_ = OpensClause(t + 1);
        // "Wer schießt, könne nur so genannt werden": no question.
        if (t + 1 < end_ && Word(t + 1).verb && Word(t + 1).finite) signs_.question = false;
        clause_ = Clause{.first = t + 1, .unknown = clause_.knows && clause_.negated};
      }
      if (TokenAt(t).kind != TokenKind::kWord) continue;
      ReadWord(t, text);
      if (Word(t).verb) ReadVerb(t);
    }
    // "Das wird ein Erfolg": without another verb a future of its own.
    signs_.future = signs_.future || (becomes_alone_ && !other_verb_);
    return signs_;
  }

 private:
  const Token& TokenAt(int32_t t) const { return document_.tokens[static_cast<size_t>(t)]; }
  const WordInfo& Word(int32_t t) const { return words_[static_cast<size_t>(t)]; }

  /// "dass Öl, Gas und Strom billiger werden sollten": whether the verb of a clause that ends with
  /// it has not come yet.
  bool AwaitsVerb() const {
    return !main_finite_seen_ && !fronted_ &&
           Word(content_.begin).Has(ClauseWord::kDass | ClauseWord::kOb);
  }

  bool OpensClause(int32_t t) const {
    constexpr uint64_t kOpeners = ClauseWord::kSubordinator | ClauseWord::kRelative |
                                  ClauseWord::kInterrogative | ClauseWord::kDass |
                                  ClauseWord::kInfinitiveOpener;
    return (t < end_ && Word(t).Has(kOpeners)) ||
           // "..., mit dem ...".
           (t + 1 < end_ && TokenAt(t).pos == Pos::kAdposition && Word(t + 1).Has(kOpeners));
  }

  /// "Dass man weichen müsse, zeige die Not": told is what stands behind.
  bool IsFronted() const {
    if (content_.empty() || !Word(content_.begin).Has(ClauseWord::kDass) ||
        !TokenAt(content_.begin).capitalized) {
      return false;
    }
    for (int32_t t = content_.begin + 1; t < end_; ++t) {
      if (document_.TokenText(t) == ",") return true;
    }
    return false;
  }

  /// Whether an adjective is said of something and no part of what stands behind it, unlike "stark
  /// gestiegen" and "leichter Regen".
  bool IsPredicate(int32_t adjective) const {
    const int32_t next = adjective + 1;
    if (static_cast<size_t>(next) >= document_.tokens.size()) return true;
    const Token& token = TokenAt(next);
    if (token.kind != TokenKind::kWord) return true;
    const WordInfo& word = Word(next);
    const bool other_verb =
        !word.finite && !grammar_.IsCopula(word) && !grammar_.IsBecome(word) &&
        !word.zu_infinitive &&
        (word.verb || token.morphology.Has(Morphology::kParticiplePerfect));  // "gut verstaut"
    return token.pos != Pos::kNoun && token.pos != Pos::kProperNoun &&
           token.pos != Pos::kAdjective && !other_verb;
  }

  /// "ein richtiger Schritt", "keine sehr gute Idee", but "mit einem großen Erfolg".
  bool IsVerdict(int32_t adjective, std::string_view lower) const {
    const std::string_view stem = AdjectiveStem(lower);
    if (stem.size() == lower.size() || !reporting_.IsEvaluation(stem)) return false;
    int32_t article = adjective - 1;
    if (article > content_.begin && TokenAt(article).pos == Pos::kAdverb) --article;
    return article >= content_.begin &&
           Word(article).Has(ClauseWord::kIndefinite | ClauseWord::kNegation) &&
           (article == 0 || TokenAt(article - 1).pos != Pos::kAdposition);
  }

  void ReadWord(int32_t t, std::string_view text) {
    const Token& token = TokenAt(t);
    const WordInfo& word = Word(t);
    std::array<char, 96> buffer;
    const std::string_view lower = ToLower(text, &buffer);
    const bool first = !std::exchange(begun_, true);
    if (kind_ == ClaimKind::kIndirect && t < content_.begin + 3 && word.Has(ClauseWord::kSame)) {
      signs_.self_reported = true;
    }
    if (t < content_.begin + 6 && word.Has(ClauseWord::kSelf)) signs_.self = true;
    if (word.Has(ClauseWord::kContentNoun) && token.capitalized) clause_.content_noun = true;
    if (word.Has(ClauseWord::kNegation)) signs_.negation = clause_.negated = true;
    if (const Hedge* hedge = reporting_.FindHedge(lower)) ReadHedge(*hedge, t, first);
    if (!main_done_ && token.pos == Pos::kAdjective && !token.capitalized && !word.verb &&
        IsPredicate(t) && !reporting_.IsState(lower)) {
      signs_.predicate = true;
    }
    if (reporting_.IsEvaluation(lower) && (token.capitalized || IsPredicate(t))) {
      signs_.evaluation = true;
      if (token.capitalized && !main_done_) signs_.worth = true;
    }
    if (!main_done_ && token.pos == Pos::kAdjective && IsVerdict(t, lower)) signs_.verdict = true;
    ReadOpener(t);
  }

  void ReadHedge(const Hedge& hedge, int32_t t, bool first) {
    using Kind = Hedge::Kind;
    const bool of_self = hedge.kind == Kind::kBelief || hedge.kind == Kind::kKnowledge;
    if (of_self && !(signs_.self && Word(t).finite)) return;
    if (static_cast<int>(hedge.certainty) > static_cast<int>(signs_.hedge)) {
      signs_.hedge = hedge.certainty;
    }
    if (hedge.kind == Kind::kBelief) signs_.belief = true;
    if (hedge.kind == Kind::kKnowledge) signs_.known = true;
    if (hedge.kind == Kind::kAffirmation && first) signs_.affirms = true;
    const bool denial =
        hedge.kind == Kind::kDenial || (hedge.kind == Kind::kFalsehood && clause_.content_noun);
    if (denial && !main_done_ && !signs_.negation && IsPredicate(t)) signs_.denies = true;
  }

  /// Whether a word opens a subordinate clause, and what it asks.
  void ReadOpener(int32_t t) {
    const WordInfo& word = Word(t);
    // "Man wisse nicht, ob ...".
    if (t == clause_.first && clause_.unknown &&
        word.Has(ClauseWord::kOb | ClauseWord::kInterrogative)) {
      signs_.ignorance = true;
    }
    // "..., weil er zahlen wird", "..., mit dem er zahlen wird".
    const Pos before = t > 0 ? TokenAt(t - 1).pos : Pos::kUnknown;
    const bool opens =
        t == clause_.first ||
        (t == clause_.first + 1 && (before == Pos::kAdposition || before == Pos::kCoordinator));
    if (!opens) return;
    constexpr uint64_t kOpeners =
        ClauseWord::kSubordinator | ClauseWord::kRelative | ClauseWord::kInterrogative;
    // "Wir glauben, dass es brechen wird": what is believed.
    const uint64_t openers = signs_.belief ? kOpeners : kOpeners | ClauseWord::kDass;
    clause_.subordinate = main_done_ && word.Has(openers);
  }

  void ReadVerb(int32_t t) {
    const WordInfo& word = Word(t);
    const ClauseMood mood = word.finite ? grammar_.MoodOf(word) : ClauseMood::kNone;
    const bool participle = (word.bits & Morphology::kParticiplePerfect) != 0;
    if (word.finite) ReadFinite(t, mood);
    main_finite_seen_ = main_finite_seen_ || (word.finite && !word.nonfinite && !main_done_);
    const bool becomes = word.finite && grammar_.IsBecome(word);
    if (word.nonfinite && !becomes) other_verb_ = true;
    if (becomes && !main_done_ && mood != ClauseMood::kWuerde &&
        (word.bits & Morphology::kPast) == 0) {
      becomes_alone_ = true;
    }
    if (!main_done_ && word.nonfinite && grammar_.IsBecome(word) && participle) {
      signs_.happened = true;
    }
    // Done by the subject rather than to it.
    if (!main_done_ && word.finite && grammar_.IsHave(word)) signs_.has = true;
    if (!main_done_ && !signs_.negation && reporting_.IsWrong(word)) {
      wrong_participle_ = participle;
      signs_.wrong = word.finite && !participle;
    }
    if (wrong_participle_ && signs_.has && !main_done_) signs_.wrong = true;
    // "schade", "habe sich bewährt", but "sei gespalten" tells a state.
    const bool active = participle ? signs_.has && !signs_.negation : word.finite;
    if (!main_done_ && active && (reporting_.Evaluates(word) || EvaluatesWithParticle(t))) {
      signs_.judging = true;
    }
    if (!main_done_ && word.nonfinite && participle) {
      signs_.done = true;
      std::array<char, 96> buffer;
      const bool judges = reporting_.IsEvaluation(ToLower(document_.TokenText(t), &buffer));
      signs_.happens = signs_.happens || (!grammar_.IsBe(word) && !judges);
    }
    if (grammar_.IsKoennen(word) && Reports(mood)) {
      signs_.could = true;
      signs_.might = signs_.might || mood == ClauseMood::kKonjunktiv2;
    }
    if (word.finite && (!main_done_ || kind_ == ClaimKind::kDirect)) ReadDemand(t, mood);
    if ((word.bits & Morphology::kInfinitive) != 0 && !word.zu_infinitive &&
        !grammar_.IsBecome(word) && !participle) {
      clause_.infinitive = true;
      infinitive_at_ = t;
    }
    // "soll gebaut werden", but "soll krank sein", "soll gelogen haben".
    if ((word.bits & Morphology::kInfinitive) != 0 && !main_done_) {
      signs_.to_be_done =
          !grammar_.IsBe(word) && !grammar_.IsHave(word) && !grammar_.IsStative(word);
    }
    if (word.zu_infinitive) {
      signs_.needs = false;
      if (!main_done_ && !finite_seen_) ReadIntent(t);
    }
    finite_seen_ = finite_seen_ || (word.finite && (word.bits & Morphology::kInfinitive) == 0);
    if (clause_.wants && clause_.infinitive) signs_.wants = true;
    // "werden" with a participle is a passive, not a future.
    if (clause_.becomes && clause_.infinitive && !clause_.modal && !clause_.subordinate) {
      signs_.future = true;
    }
    if (clause_.may && signs_.negation) signs_.obligation = true;
    const bool asks = clause_.modal && signs_.self && (word.bits & Morphology::kInfinitive) != 0;
    const bool main = !main_done_ && (word.finite || signs_.could || asks);
    if (signs_.inner == nullptr && (main || IsOfFirstPerson(t))) {
      FindInner(t);
      if (signs_.inner != nullptr) {
        signs_.inner_negated = InNegatedClause(t);
        signs_.inner_of_self = IsOfFirstPerson(t);
      }
    }
  }

  /// "(erklärte,) die Täter zu bestrafen", "die Täter bestrafen zu wollen": what a clause without
  /// a finite verb says is to come, but for what is or has been so already.
  void ReadIntent(int32_t t) {
    const WordInfo& word = Word(t);
    if (grammar_.IsKoennen(word)) {
      // "nichts bestätigen zu können"
      signs_.could = signs_.negation;
      if (signs_.could && infinitive_at_ >= 0 && signs_.inner == nullptr) FindInner(infinitive_at_);
      return;
    }
    const bool state = grammar_.IsHave(word) || grammar_.IsBe(word) ||
                       (grammar_.IsModal(word) && !grammar_.IsWollen(word)) ||
                       grammar_.IsWissen(word) || (word.bits & Morphology::kParticiplePerfect) != 0;
    signs_.intends = !state;
  }

  /// "sei „eine schwere Last“": what is said of it stands in marks.
  bool OpensQuotation(int32_t copula) const {
    return kind_ != ClaimKind::kDirect && copula + 1 < end_ &&
           TokenAt(copula + 1).kind == TokenKind::kOpeningQuote;
  }

  void ReadFinite(int32_t t, ClauseMood mood) {
    const WordInfo& word = Word(t);
    // "würde" is no future: it reports or supposes.
    if (grammar_.IsBecome(word) && mood != ClauseMood::kNone && mood != ClauseMood::kWuerde) {
      clause_.becomes = true;
    }
    // In the singular the Konjunktiv I is at hand for what is merely reported.
    const bool one = (word.bits & Morphology::kPlural) == 0;
    if (!main_done_ && one && (mood == ClauseMood::kWuerde || mood == ClauseMood::kKonjunktiv2) &&
        (grammar_.IsBecome(word) || grammar_.IsHave(word) || grammar_.IsBe(word))) {
      signs_.irreal = true;
    }
    if (!main_done_ && mood == ClauseMood::kKonjunktiv1) signs_.reported = true;
    if (!main_done_ && grammar_.IsSollen(word) && kind_ != ClaimKind::kDirect &&
        (word.bits & Morphology::kPast) == 0 && mood != ClauseMood::kKonjunktiv1) {
      signs_.ought = true;
    }
    if (grammar_.IsCopula(word)) signs_.copula = true;
    if (!main_done_ && grammar_.IsBe(word) && OpensQuotation(t)) signs_.verdict = true;
    if (grammar_.IsHave(word)) clause_.have = true;
    if (grammar_.IsModal(word)) clause_.modal = true;
    // "Ich wüsste nicht, wie ..." denies.
    if (grammar_.IsWissen(word)) clause_.knows = mood != ClauseMood::kKonjunktiv2;
    if (!main_done_ && grammar_.IsWollen(word) && kind_ != ClaimKind::kDirect) {
      clause_.wants = (word.bits & Morphology::kPast) == 0;
    }
  }

  void ReadDemand(int32_t t, ClauseMood mood) {
    const WordInfo& word = Word(t);
    // "müsse zahlen", "sollte zurücktreten", "dürfe nicht ruhen", but not "habe zahlen müssen".
    const bool should = grammar_.IsSollen(word) && kind_ != ClaimKind::kFreeIndirect &&
                        (mood == ClauseMood::kKonjunktiv1 || (word.bits & Morphology::kPast) != 0);
    // "musste zahlen" tells what happened.
    const bool was = mood == ClauseMood::kIndicative && (word.bits & Morphology::kPast) != 0;
    const bool must = grammar_.IsMuessen(word) && !clause_.have && !was;
    const bool first =
        t == content_.begin || (t == content_.begin + 1 && kind_ == ClaimKind::kDirect);
    // Of several sentences in marks the first says what is done with them.
    const bool opening = TokenAt(t).sentence == TokenAt(content_.begin).sentence;
    if ((should || must) && opening && !first && !signs_.irreal && !fronted_) {
      signs_.obligation = true;
    }
    // "Es brauche mehr Geld", "Wir brauchen neue Regeln": of all rather than of one.
    const bool of_all =
        (t > content_.begin && IsOfAll(Word(t - 1))) || (t + 1 < end_ && IsOfAll(Word(t + 1)));
    if (grammar_.IsBrauchen(word) && of_all) signs_.needs = true;
    if (grammar_.IsDrohen(word)) signs_.threat = true;
    if (grammar_.IsDuerfen(word) && !signs_.irreal) clause_.may = true;
  }

  /// "wertet ... auf".
  bool EvaluatesWithParticle(int32_t verb) const {
    for (int32_t t = verb + 1; t < end_ && document_.TokenText(t) != ","; ++t) {
      std::array<char, 96> buffer;
      if (Word(t).Has(ClauseWord::kParticle) &&
          reporting_.Evaluates(Word(verb), ToLower(document_.TokenText(t), &buffer))) {
        return true;
      }
    }
    return false;
  }

  /// "aber wir befürchten": a finite verb beside "ich" or "wir", in whatever clause.
  bool IsOfFirstPerson(int32_t verb) const {
    if (!Word(verb).finite) return false;
    for (const int32_t t : {verb - 1, verb + 1}) {
      if (t < content_.begin || t >= end_ || !Word(t).Has(ClauseWord::kSelf)) continue;
      if (TokenAt(t).morphology.Has(Morphology::kFirst)) return true;
    }
    return false;
  }

  bool InNegatedClause(int32_t verb) const {
    for (int32_t t = clause_.first; t < end_; ++t) {
      if (t > verb && document_.TokenText(t) == ",") break;
      if (t >= content_.begin && Word(t).Has(ClauseWord::kNegation)) return true;
    }
    return false;
  }

  void FindInner(int32_t t) {
    const WordInfo& word = Word(t);
    for (uint8_t i = 0; i < word.lemma_count && signs_.inner == nullptr; ++i) {
      signs_.inner = reporting_.Verb(word.lemmas[i]);
      if (signs_.inner != nullptr || t + 4 >= document_.sentences.back().tokens.end) continue;
      for (int32_t u = t + 1; u < std::min(end_, t + 8) && signs_.inner == nullptr; ++u) {
        if (!Word(u).Has(ClauseWord::kParticle)) continue;
        std::array<char, 96> buffer;
        signs_.inner = reporting_.Verb(word.lemmas[i], ToLower(document_.TokenText(u), &buffer));
      }
    }
    signs_.inner_at = t;
    if (signs_.inner != nullptr) return;
    // "halte den Schritt für überfällig".
    for (uint8_t i = 0; i < word.lemma_count && signs_.inner == nullptr; ++i) {
      if (!reporting_.HasPhrases(word.lemmas[i])) continue;
      for (int32_t u = t + 1; u < std::min(end_, t + kReachOfVerb); ++u) {
        std::array<char, 96> buffer;
        const ReportingEntry* phrase =
            reporting_.Phrase(word.lemmas[i], "", ToLower(document_.TokenText(u), &buffer));
        if (phrase != nullptr && (phrase->frames & Frame::kFuer) != 0) signs_.inner = phrase;
      }
    }
  }

  const AnnotatedDocument& document_;
  const ClauseGrammar& grammar_;
  const ReportingLexicon& reporting_;
  const std::vector<WordInfo>& words_;
  const TokenRange content_;
  const int32_t end_;
  const ClaimKind kind_;
  const bool fronted_;
  Signs signs_;
  Clause clause_;
  bool begun_ = false;
  bool finite_seen_ = false;
  bool main_finite_seen_ = false;  ///< In the main clause, and nothing but finite.
  bool becomes_alone_ = false;     ///< A present form of "werden" in the main clause.
  bool other_verb_ = false;        ///< A participle or an infinitive anywhere.
  bool wrong_participle_ = false;  ///< "belogen": with "haben" it is what the subject did.
  int32_t infinitive_at_ = -1;     ///< The newest without "zu".
  bool behind_fronted_ = false;    ///< The next comma opens the main clause.
  bool main_done_ = false;  ///< Behind the first comma: no longer the main clause of the content.
};

/// What a speaker does who only "says" something.
ClaimAct ActOf(const Signs& signs, ClaimKind kind) {
  if (signs.affirms) return ClaimAct::kConfirm;
  if (signs.denies && signs.copula) return ClaimAct::kDeny;
  if (signs.belief) return signs.future ? ClaimAct::kPredict : ClaimAct::kEstimate;
  if (signs.wrong && signs.of_others && !signs.self) return ClaimAct::kAccuse;
  if (signs.obligation || signs.needs) return ClaimAct::kDemand;
  if (signs.threat) return ClaimAct::kWarn;
  if (signs.ought && signs.to_be_done && !signs.happened && !signs.relayed)
    return ClaimAct::kAnnounce;
  if (signs.intends && kind == ClaimKind::kIndirect) return ClaimAct::kAnnounce;
  if (signs.wants && !signs.negation && (signs.self || signs.opens_with_same || signs.own_side)) {
    return ClaimAct::kAnnounce;
  }
  if (signs.future) {
    return signs.self || signs.self_reported || signs.own_side ? ClaimAct::kAnnounce
                                                               : ClaimAct::kPredict;
  }
  // "sei ein Fehler", "habe die Chance", but "habe den Fehler gefunden".
  const bool is = signs.copula && !signs.happens;
  const bool judged = is || (signs.worth && signs.has && !signs.done);
  if (signs.evaluation && (judged || kind == ClaimKind::kDirect)) return ClaimAct::kAssess;
  if (((signs.predicate && is) || signs.judging) && signs.reported) return ClaimAct::kAssess;
  if (signs.verdict && is) return ClaimAct::kAssess;
  // "Die Preise könnten steigen", but "Das könne niemand wissen" and "wer kommen könnte".
  if (signs.question) return ClaimAct::kAssert;
  if (signs.could) return signs.might ? ClaimAct::kPredict : ClaimAct::kAssess;
  // What is quoted word for word is as a rule a judgement: facts are told in other words.
  const bool supposed = signs.irreal && !signs.done;
  const bool judges = (signs.verbatim || supposed) && !signs.happened && !signs.known;
  return judges ? ClaimAct::kAssess : ClaimAct::kAssert;
}

}  // namespace

Stance StanceOf(const AnnotatedDocument& document, const ClauseGrammar& grammar,
                const ReportingLexicon& reporting, const std::vector<WordInfo>& words,
                const TokenRange& content, const StanceFrame& frame) {
  const auto& [kind, entry, negated, subject, relayed] = frame;
  Stance stance;
  if (entry != nullptr) {
    stance.act = entry->act;
    stance.polarity = entry->polarity;
    stance.certainty = entry->certainty;
  }
  if (negated && entry != nullptr) {
    if (entry->polarity == Polarity::kNegative) {
      // "bestreitet nicht": neither affirmed nor denied.
      return {ClaimAct::kAssert, Polarity::kPositive,
              entry->act == ClaimAct::kDeny && (entry->frames & Frame::kInfinitive) == 0
                  ? Certainty::kPossible
                  : Certainty::kUncertain};
    }
    if (entry->act == ClaimAct::kConfirm || entry->act == ClaimAct::kAssert) {
      stance.polarity = Polarity::kNegative;
      stance.certainty = Certainty::kUncertain;
      return stance;
    }
    // "glaubt nicht, dass ...": what is said is withheld.
    constexpr std::array<ClaimAct, 3> kViews = {ClaimAct::kEstimate, ClaimAct::kPredict,
                                                ClaimAct::kAssess};
    if (kind == ClaimKind::kIndirect &&
        std::find(kViews.begin(), kViews.end(), entry->act) != kViews.end()) {
      stance.polarity = Polarity::kNegative;
    }
  }
  if (kind == ClaimKind::kReported) {
    // "spricht von ersten Erfolgen": what is not quoted is told rather than judged.
    const bool spoken_of = entry != nullptr && entry->phrase &&
                           (entry->frames & Frame::kVon) != 0 &&
                           (entry->frames & (Frame::kUeber | Frame::kSource)) == 0;
    if (spoken_of && entry->act == ClaimAct::kAssess) stance.act = ClaimAct::kAssert;
    return stance;
  }

  // "lehnte ab, weil kein Geld da sei": a reason is told, whatever it is given for.
  const bool reason = !content.empty() && entry != nullptr && kind == ClaimKind::kIndirect &&
                      words[static_cast<size_t>(content.begin)].Has(ClauseWord::kReason);
  if (reason) stance = Stance();
  const bool generic = entry == nullptr || entry->act == ClaimAct::kAssert || reason;
  Signs signs = ContentReader(document, grammar, reporting, words, content, kind).Read();
  // "laut Berg ist der Weg frei" is a fact on somebody's word.
  signs.reported = signs.reported || kind == ClaimKind::kIndirectFreeIndirect ||
                   (entry != nullptr && !entry->lemma.empty() && !entry->phrase);
  signs.own_side = (subject == ContentSubject::kSpeaker || subject == ContentSubject::kOwnSide) &&
                   kind != ClaimKind::kFreeIndirect;
  signs.relayed = relayed;
  signs.of_others = subject == ContentSubject::kOther && kind != ClaimKind::kFreeIndirect;
  const bool inner_reports =
      signs.inner != nullptr && (signs.inner->strength == Strength::kStrong || signs.inner->phrase);
  if (generic && inner_reports) {
    const ClaimAct inner = signs.inner->act;
    if (signs.could && signs.negation && inner == ClaimAct::kConfirm) {
      return {ClaimAct::kConfirm, Polarity::kNegative, Certainty::kUncertain};
    }
    // "man erwäge, ...", "die Regierung plane ...", "wir warnen", "sie rate" where it is the
    // speaker's.
    const bool own = signs.self || signs.self_reported || signs.own_side || signs.inner_of_self;
    constexpr std::array<ClaimAct, 4> kActs = {ClaimAct::kAnnounce, ClaimAct::kDemand,
                                               ClaimAct::kWarn, ClaimAct::kConcern};
    if (own && !signs.inner_negated &&
        std::find(kActs.begin(), kActs.end(), inner) != kActs.end()) {
      stance.act = inner;
      if (inner == ClaimAct::kConcern) stance.certainty = signs.inner->certainty;
      return stance;
    }
    if (inner == ClaimAct::kAssess && signs.inner->phrase) {
      stance.act = inner;
      return stance;
    }
    const bool early = signs.inner_at < content.begin + 5;
    if ((early || signs.self || signs.self_reported) &&
        (inner == ClaimAct::kEstimate || inner == ClaimAct::kPredict)) {
      stance.act = inner == ClaimAct::kEstimate && signs.future ? ClaimAct::kPredict : inner;
      stance.certainty = signs.inner->certainty;
      return stance;
    }
  }
  if (signs.hedge != Certainty::kCertain) stance.certainty = signs.hedge;
  if (stance.certainty == Certainty::kCertain) {
    if (signs.ignorance) stance.certainty = Certainty::kUncertain;
    if (signs.could) stance.certainty = Certainty::kPossible;
  }
  if (generic) {
    stance.act = ActOf(signs, kind);
    return stance;
  }
  // "Experten gehen davon aus, dass die Preise steigen werden".
  if (stance.act == ClaimAct::kEstimate && signs.future) stance.act = ClaimAct::kPredict;
  // "nach Meinung der Forscher wird das Eis schmelzen".
  const bool opinion = entry->act == ClaimAct::kAssess && (entry->phrase || entry->lemma.empty());
  if (opinion && signs.future && !signs.evaluation) stance.act = ClaimAct::kPredict;
  if (opinion && signs.obligation && kind != ClaimKind::kDirect) stance.act = ClaimAct::kDemand;
  return stance;
}

}  // namespace lagebild::extract
