#include "extract_service/claims/stance.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lagebild::extract {
namespace {

/// Longest stretch of a content that is read for its stance, in tokens.
constexpr int32_t kWindow = 60;

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

/// Whether an adjective is said of something and no part of what stands behind it, unlike "stark
/// gestiegen" and "leichter Regen".
bool IsPredicate(const AnnotatedDocument& document, const ClauseGrammar& grammar,
                 const std::vector<WordInfo>& words, int32_t adjective) {
  const auto next = static_cast<size_t>(adjective) + 1;
  if (next >= document.tokens.size() || document.tokens[next].kind != TokenKind::kWord) return true;
  const Pos pos = document.tokens[next].pos;
  const WordInfo& word = words[next];
  const bool other_verb =
      !word.finite && !grammar.IsCopula(word) && !grammar.IsBecome(word) && !word.zu_infinitive &&
      (word.verb ||
       document.tokens[next].morphology.Has(Morphology::kParticiplePerfect));  // "gut verstaut"
  return pos != Pos::kNoun && pos != Pos::kProperNoun && pos != Pos::kAdjective && !other_verb;
}

}  // namespace

Stance StanceOf(const AnnotatedDocument& document, const ClauseGrammar& grammar,
                const ReportingLexicon& reporting, const std::vector<WordInfo>& words,
                const TokenRange& content, ClaimKind kind, const ReportingEntry* entry,
                bool negated) {
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
  }
  if (kind == ClaimKind::kReported) {
    // "spricht von ersten Erfolgen": what is not quoted is told rather than judged.
    const bool spoken_of = entry != nullptr && entry->phrase &&
                           (entry->frames & Frame::kVon) != 0 &&
                           (entry->frames & Frame::kUeber) == 0;
    if (spoken_of && entry->act == ClaimAct::kAssess) stance.act = ClaimAct::kAssert;
    return stance;
  }

  const bool generic = entry == nullptr || entry->act == ClaimAct::kAssert;
  const int32_t end = std::min(content.end, content.begin + kWindow);
  bool future = false, could = false, evaluation = false, copula = false, obligation = false,
       belief = false, irreal = false, happened = false, known = false, affirms = false,
       begun = false, threat = false, needs = false, verbatim = kind == ClaimKind::kDirect;
  bool self_reported = false;
  bool self = false;
  bool ignorance = false;
  bool denies = false;
  bool wants = false;  // "er wolle zahlen"
  bool negation = false;
  bool main_done = false;  // Behind the first comma: no longer the main clause of the content.
  // "Dass man weichen müsse, zeige die Not": told is what stands behind.
  const bool opens_with_dass = !content.empty() &&
                               words[static_cast<size_t>(content.begin)].Has(ClauseWord::kDass) &&
                               document.tokens[static_cast<size_t>(content.begin)].capitalized;
  bool fronted = false;
  for (int32_t t = content.begin + 1; opens_with_dass && t < end; ++t) {
    fronted = fronted || document.TokenText(t) == ",";
  }
  Clause clause;
  const ReportingEntry* inner = nullptr;
  int32_t inner_at = -1;
  Certainty hedge = Certainty::kCertain;
  std::array<char, 96> buffer;
  for (int32_t t = content.begin; t < end; ++t) {
    const Token& token = document.tokens[static_cast<size_t>(t)];
    const std::string_view text = document.TextOf(token);
    if (t > content.begin + 1 && (text == "," || text == ";" || text == ".")) {
      main_done = true;
      clause = Clause{.first = t + 1, .unknown = clause.knows && clause.negated};
    }
    if (token.kind != TokenKind::kWord) continue;
    const WordInfo& word = words[static_cast<size_t>(t)];
    const std::string_view lower = ToLower(text, &buffer);
    const bool spoken = std::exchange(begun, true);
    // In reported speech the first "er" or "sie" is as a rule who speaks.
    if (kind == ClaimKind::kIndirect && t < content.begin + 3 && word.Has(ClauseWord::kSame)) {
      self_reported = true;
    }
    if (t < content.begin + 6 && word.Has(ClauseWord::kSelf)) self = true;
    if (word.Has(ClauseWord::kContentNoun) && token.capitalized) clause.content_noun = true;
    if (token.pos == Pos::kPronoun && token.morphology.Has(Morphology::kFirst) &&
        !token.morphology.Has(Morphology::kThird)) {
      verbatim = true;
    }
    if (word.Has(ClauseWord::kNegation)) negation = clause.negated = true;
    if (const Hedge* found = reporting.FindHedge(lower)) {
      const bool of_self =
          found->kind == Hedge::Kind::kBelief || found->kind == Hedge::Kind::kKnowledge;
      const bool counts = !of_self || (self && word.finite);
      if (counts && static_cast<int>(found->certainty) > static_cast<int>(hedge))
        hedge = found->certainty;
      belief = belief || (found->kind == Hedge::Kind::kBelief && counts);
      known = known || (found->kind == Hedge::Kind::kKnowledge && counts);
      affirms = affirms || (found->kind == Hedge::Kind::kAffirmation && !spoken);
      const bool false_words = found->kind == Hedge::Kind::kFalsehood && clause.content_noun;
      if ((found->kind == Hedge::Kind::kDenial || false_words) && !main_done && !negation &&
          IsPredicate(document, grammar, words, t)) {
        denies = true;
      }
    }
    if (reporting.IsEvaluation(lower) &&
        (token.capitalized || IsPredicate(document, grammar, words, t))) {
      evaluation = true;
    }
    // "Man wisse nicht, ob ...".
    if (t == clause.first && clause.unknown &&
        word.Has(ClauseWord::kOb | ClauseWord::kInterrogative)) {
      ignorance = true;
    }
    // "..., weil er zahlen wird", "..., mit dem er zahlen wird".
    const Pos before = t > 0 ? document.tokens[static_cast<size_t>(t) - 1].pos : Pos::kUnknown;
    if (t == clause.first ||
        (t == clause.first + 1 && (before == Pos::kAdposition || before == Pos::kCoordinator))) {
      constexpr uint64_t kOpeners = ClauseWord::kSubordinator | ClauseWord::kRelative |
                                    ClauseWord::kInterrogative | ClauseWord::kDass;
      // "Wir glauben, dass es brechen wird": what is believed.
      clause.subordinate =
          main_done && word.Has(belief ? kOpeners & ~uint64_t{ClauseWord::kDass} : kOpeners);
    }
    // "Ich wüsste nicht, wie ..." denies.
    if (word.verb && word.finite && grammar.IsWissen(word)) {
      clause.knows = grammar.MoodOf(word) != ClauseMood::kKonjunktiv2;
    }
    if (!word.verb) continue;
    const ClauseMood mood = word.finite ? grammar.MoodOf(word) : ClauseMood::kNone;
    const bool one = (word.bits & Morphology::kPlural) == 0;
    if (word.finite && grammar.IsBecome(word) && mood != ClauseMood::kNone) {
      // "würde" is no future: it reports or supposes.
      if (mood != ClauseMood::kWuerde) clause.becomes = true;
    }
    // In the singular the Konjunktiv I is at hand for what is merely reported.
    if (!main_done && one && (mood == ClauseMood::kWuerde || mood == ClauseMood::kKonjunktiv2) &&
        (grammar.IsBecome(word) || grammar.IsHave(word) || grammar.IsBe(word))) {
      irreal = true;
    }
    if (word.finite && grammar.IsCopula(word)) copula = true;
    if (word.finite && grammar.IsHave(word)) clause.have = true;
    if (!main_done && word.nonfinite && grammar.IsBecome(word) &&
        (word.bits & Morphology::kParticiplePerfect) != 0) {
      happened = true;
    }
    if (word.finite && grammar.IsModal(word)) clause.modal = true;
    if (!main_done && word.finite && grammar.IsWollen(word) && kind != ClaimKind::kDirect) {
      clause.wants = (word.bits & Morphology::kPast) == 0;
    }
    if (grammar.IsKoennen(word) && Reports(mood)) could = true;
    if (!main_done || kind == ClaimKind::kDirect) {
      // "müsse zahlen", "sollte zurücktreten", "dürfe nicht ruhen", but not "habe zahlen müssen".
      const bool should =
          grammar.IsSollen(word) && kind != ClaimKind::kFreeIndirect &&
          (mood == ClauseMood::kKonjunktiv1 || (word.bits & Morphology::kPast) != 0);
      const bool must = grammar.IsMuessen(word) && word.finite && !clause.have;
      const bool first =
          t == content.begin || (t == content.begin + 1 && kind == ClaimKind::kDirect);
      obligation = obligation || ((should || must) && word.finite && !first && !irreal && !fronted);
      // "Es brauche mehr Geld", "Wir brauchen neue Regeln": of all rather than of one.
      const bool of_all = (t > content.begin && IsOfAll(words[static_cast<size_t>(t) - 1])) ||
                          (t + 1 < end && IsOfAll(words[static_cast<size_t>(t) + 1]));
      needs = needs || (grammar.IsBrauchen(word) && word.finite && of_all);
      threat = threat || (grammar.IsDrohen(word) && word.finite);
      clause.may = clause.may || (grammar.IsDuerfen(word) && word.finite && !irreal);
    }
    if ((word.bits & Morphology::kInfinitive) != 0 && !word.zu_infinitive &&
        !grammar.IsBecome(word) && (word.bits & Morphology::kParticiplePerfect) == 0) {
      clause.infinitive = true;
    }
    wants = wants || (clause.wants && clause.infinitive);
    if (word.zu_infinitive) needs = false;
    // "werden" with a participle is a passive, not a future.
    future =
        future || (clause.becomes && clause.infinitive && !clause.modal && !clause.subordinate);
    obligation = obligation || (clause.may && negation);
    if (inner == nullptr && !main_done && (word.finite || could)) {
      for (uint8_t i = 0; i < word.lemma_count && inner == nullptr; ++i) {
        inner = reporting.Verb(word.lemmas[i]);
        if (inner == nullptr && t + 4 < document.sentences.back().tokens.end) {
          for (int32_t u = t + 1; u < std::min(end, t + 8) && inner == nullptr; ++u) {
            if (!words[static_cast<size_t>(u)].Has(ClauseWord::kParticle)) continue;
            std::array<char, 96> other;
            inner = reporting.Verb(word.lemmas[i], ToLower(document.TokenText(u), &other));
          }
        }
      }
      inner_at = t;
    }
  }
  if (generic && inner != nullptr && inner->strength == Strength::kStrong) {
    if (could && negation && inner->act == ClaimAct::kConfirm) {
      return {ClaimAct::kConfirm, Polarity::kNegative, Certainty::kUncertain};
    }
    const bool early = inner_at < content.begin + 5;
    if ((early || self || self_reported) &&
        (inner->act == ClaimAct::kEstimate || inner->act == ClaimAct::kPredict)) {
      stance.act = inner->act == ClaimAct::kEstimate && future ? ClaimAct::kPredict : inner->act;
      stance.certainty = inner->certainty;
      return stance;
    }
  }
  if (hedge != Certainty::kCertain) stance.certainty = hedge;
  if (could && stance.certainty == Certainty::kCertain) stance.certainty = Certainty::kPossible;
  if (ignorance && stance.certainty == Certainty::kCertain) {
    stance.certainty = Certainty::kUncertain;
  }
  if (!generic) {
    // "Experten gehen davon aus, dass die Preise steigen werden".
    if (stance.act == ClaimAct::kEstimate && future) stance.act = ClaimAct::kPredict;
    // "nach Meinung der Forscher wird das Eis schmelzen".
    const bool opinion = entry->act == ClaimAct::kAssess && (entry->phrase || entry->lemma.empty());
    if (opinion && future && !evaluation) stance.act = ClaimAct::kPredict;
    return stance;
  }
  if (affirms) {
    stance.act = ClaimAct::kConfirm;
  } else if (denies && copula) {
    stance.act = ClaimAct::kDeny;
  } else if (belief) {
    stance.act = future ? ClaimAct::kPredict : ClaimAct::kEstimate;
  } else if (obligation || needs) {
    stance.act = ClaimAct::kDemand;
  } else if (threat) {
    stance.act = ClaimAct::kWarn;
  } else if (wants && (self || words[static_cast<size_t>(content.begin)].Has(ClauseWord::kSame))) {
    stance.act = ClaimAct::kAnnounce;
  } else if (future) {
    stance.act = self || self_reported ? ClaimAct::kAnnounce : ClaimAct::kPredict;
  } else if (evaluation && (copula || kind == ClaimKind::kDirect)) {
    stance.act = ClaimAct::kAssess;
  } else if (could) {
    stance.act = ClaimAct::kPredict;
  } else if ((verbatim || irreal) && !happened && !known) {
    // What is quoted word for word is as a rule a judgement: facts are told in other words.
    stance.act = ClaimAct::kAssess;
  }
  return stance;
}

}  // namespace lagebild::extract
