#include "extract_service/claims/stance.h"

#include <algorithm>
#include <array>

namespace lagebild::extract {
namespace {

/// Longest stretch of a content that is read for its stance, in tokens.
constexpr int32_t kWindow = 60;

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
  if (kind == ClaimKind::kReported) return stance;

  const bool generic = entry == nullptr || entry->act == ClaimAct::kAssert;
  const int32_t end = std::min(content.end, content.begin + kWindow);
  bool future = false, could = false, evaluation = false, copula = false, must = false,
       belief = false;
  bool self_reported = false;
  bool self = false, infinitive = false, verb = false;
  bool negation = false;
  bool main_done = false;  // Behind the first comma: no longer the main clause of the content.
  const ReportingEntry* inner = nullptr;
  int32_t inner_at = -1;
  Certainty hedge = Certainty::kCertain;
  std::array<char, 96> buffer;
  for (int32_t t = content.begin; t < end; ++t) {
    const Token& token = document.tokens[static_cast<size_t>(t)];
    if (t > content.begin + 1 && document.TextOf(token) == ",") main_done = true;
    if (token.kind != TokenKind::kWord) continue;
    const WordInfo& word = words[static_cast<size_t>(t)];
    const std::string_view lower = ToLower(document.TextOf(token), &buffer);
    // In reported speech the first "er" or "sie" is as a rule who speaks.
    if (kind == ClaimKind::kIndirect && t < content.begin + 3 && word.Has(ClauseWord::kSame)) {
      self_reported = true;
    }
    if (t < content.begin + 6 && word.Has(ClauseWord::kSelf)) self = true;
    if (word.Has(ClauseWord::kNegation)) negation = true;
    if (const Hedge* found = reporting.FindHedge(lower)) {
      const bool counts = found->kind != Hedge::Kind::kBelief || (self && word.finite);
      if (counts && static_cast<int>(found->certainty) > static_cast<int>(hedge))
        hedge = found->certainty;
      belief = belief || (found->kind == Hedge::Kind::kBelief && counts);
    }
    if (reporting.IsEvaluation(lower)) evaluation = true;
    if (!word.verb) continue;
    verb = true;
    if (grammar.IsBecome(word) && word.finite) {
      // "würde" is no future: it reports or supposes.
      const ClauseMood mood = grammar.MoodOf(word);
      if (mood != ClauseMood::kNone && mood != ClauseMood::kWuerde) future = true;
    }
    if (word.finite && grammar.IsBe(word)) copula = true;
    if (grammar.IsKoennen(word) &&
        (word.third_moods & (Morphology::kKonjunktiv1 | Morphology::kKonjunktiv2)) != 0) {
      could = true;
    }
    if (grammar.IsMuessen(word) && word.finite) must = true;
    if ((word.bits & Morphology::kInfinitive) != 0 && !word.zu_infinitive &&
        !grammar.IsBecome(word) && (word.bits & Morphology::kParticiplePerfect) == 0) {
      infinitive = true;
    }
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
  // "werden" with a participle is a passive, not a future.
  future = future && infinitive;
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
  if (!generic) {
    // "Experten gehen davon aus, dass die Preise steigen werden".
    if (stance.act == ClaimAct::kEstimate && future) stance.act = ClaimAct::kPredict;
    return stance;
  }
  if (belief) {
    stance.act = future ? ClaimAct::kPredict : ClaimAct::kEstimate;
  } else if (kind == ClaimKind::kDirect && must) {
    stance.act = ClaimAct::kDemand;
  } else if (future) {
    stance.act = self ? ClaimAct::kAnnounce : ClaimAct::kPredict;
  } else if (evaluation && (copula || kind == ClaimKind::kDirect)) {
    stance.act = ClaimAct::kAssess;
  } else if (could) {
    stance.act = ClaimAct::kPredict;
  } else if (kind == ClaimKind::kDirect && (content.size() < 9 || !verb)) {
    // A word for something is a judgement.
    stance.act = ClaimAct::kAssess;
  }
  return stance;
}

}  // namespace lagebild::extract
