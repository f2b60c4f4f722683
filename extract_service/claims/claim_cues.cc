#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {
namespace {

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void ClaimFinder::FindCues() {
  cues_.assign(parse_.clauses.size(), Cue());
  for (size_t c = 0; c < parse_.clauses.size(); ++c) {
    const SentenceClause& clause = parse_.clauses[c];
    if (clause.main < 0) continue;
    Cue& cue = cues_[c];
    const WordInfo& main = Word(clause.main);
    const ReportingEntry* entry = nullptr;
    int32_t phrase_word = -1;
    // The verb with a word beside it; the last such word decides ("für möglich halten").
    // "bekannt geworden war": the verb beside the word stands in the right bracket.
    const int32_t behind = clause.main + 1;
    const bool became = behind < clause.tokens.end && behind != clause.finite &&
                        Word(behind).verb && Word(behind).nonfinite &&
                        grammar_.IsBecome(Word(behind));
    const int32_t heads[] = {clause.main, became ? behind : -1, clause.finite};
    for (const int32_t head : heads) {
      if (head < 0 || entry != nullptr) continue;
      // "hat sich die Bedenken angehört": "haben" is no verb of its own.
      if (head == clause.finite && head != clause.main && grammar_.IsHave(Word(head))) continue;
      const WordInfo& verb = Word(head);
      for (uint8_t i = 0; i < verb.lemma_count && entry == nullptr; ++i) {
        if (!reporting_.HasPhrases(verb.lemmas[i])) continue;
        for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
          const Segment& segment = SegmentAt(s);
          if (segment.clause != static_cast<int32_t>(c)) continue;
          for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
            if (Word(t).quotation >= 0 || TokenAt(t).kind != TokenKind::kWord) continue;
            std::array<char, 96> buffer;
            const std::string_view before =
                t > segment.tokens.begin ? ToLower(document_.TokenText(t - 1), &buffer) : "";
            const ReportingEntry* found = reporting_.Phrase(verb.lemmas[i], before, Lower(t));
            if (found == nullptr) continue;
            // "sprach ihn vom Vorwurf frei": of another verb.
            if (clause.particle >= 0 && TokenAt(t).pos == Pos::kAdposition) continue;
            // "ist nach Meinung von Berg teuer": not of the verb.
            if (t > segment.tokens.begin && Word(t - 1).Has(ClauseWord::kNach) &&
                (found->frames & Frame::kNach) == 0) {
              continue;
            }
            entry = found;
            phrase_word = t;
          }
        }
      }
    }
    for (uint8_t i = 0; i < main.lemma_count && entry == nullptr; ++i) {
      const uint32_t lemma = main.lemmas[i];
      if (clause.particle >= 0) entry = reporting_.Verb(lemma, Lower(clause.particle));
      if (entry == nullptr && clause.particle < 0) entry = reporting_.Verb(lemma);
      // A particle that makes no reporting verb with it may be a preposition that was left over.
      if (entry == nullptr && clause.particle >= 0) {
        const ReportingEntry* bare = reporting_.Verb(lemma);
        // "schaltet ... ein": of another verb of this form.
        bool taken = false;
        for (uint8_t j = 0; j < main.lemma_count; ++j) {
          taken =
              taken ||
              (j != i && lexicon_.FindLemma(absl::StrCat(ToAbsl(Lower(clause.particle)),
                                                         ToAbsl(lexicon_.Lemma(main.lemmas[j])))));
        }
        if (bare != nullptr && !taken &&
            (!lexicon_.FindLemma(
                absl::StrCat(ToAbsl(Lower(clause.particle)), ToAbsl(lexicon_.Lemma(lemma)))))) {
          entry = bare;
        }
      }
    }
    if (entry == nullptr || entry->strength == Strength::kBlocked) continue;
    // "Neustart nennt sich die Liste": its own name.
    if ((entry->frames & Frame::kNaming) != 0 && IsReflexive(clause)) continue;
    const bool opens =
        c == 0 && clause.kind == ClauseKind::kMain && !clause.verb_first && last_source_ >= 0;
    // "Er habe angekündigt, dass ...": what stands in the Konjunktiv is itself told by the speaker
    // before.
    if (opens && clause.mood == ClauseMood::kKonjunktiv1 && SinceNewestClaim() <= 2) continue;
    // "Die Leute hätten das Gefühl, dass ...": in the plural the same in the other Konjunktiv.
    if (opens && clause.mood == ClauseMood::kKonjunktiv2 && clause.finite >= 0 &&
        grammar_.IsHave(Word(clause.finite)) &&
        (Word(clause.finite).bits & Morphology::kSingular) == 0 && SinceNewestClaim() <= 1) {
      continue;
    }
    // "Er müsse mit einer Strafe rechnen": the same, as somebody else sees it.
    if (clause.kind == ClauseKind::kMain && clause.mood == ClauseMood::kKonjunktiv1 &&
        clause.finite >= 0 && clause.finite != clause.main && !clause.verb_first &&
        grammar_.IsModal(Word(clause.finite)) && last_source_ >= 0 &&
        sentence_ - drafts_[static_cast<size_t>(last_source_)].sentence <= kReach) {
      continue;
    }
    cue.entry = entry;
    cue.phrase_word = phrase_word;
    // "wird geraten": by its form an infinitive as well, but not of the verb that reports.
    if (!entry->phrase && clause.finite >= 0 && grammar_.IsBecome(Word(clause.finite)) &&
        (main.bits & Morphology::kParticiplePerfect) != 0 && Lower(clause.main) != entry->lemma) {
      parse_.clauses[c].passive = true;
    }
    if (phrase_word >= 0 && TokenAt(phrase_word).capitalized) {
      // "der Ansicht sein", "zu dem Ergebnis kommen": with article and preposition.
      cue.tokens.push_back(phrase_word);
      int32_t t = phrase_word - 1;
      if (t >= parse_.tokens.begin && Word(t).Has(ClauseWord::kArticle)) cue.tokens.push_back(t--);
      if (t >= parse_.tokens.begin && TokenAt(t).pos == Pos::kAdposition) cue.tokens.push_back(t);
    } else if (phrase_word >= 0 && (entry->frames & Frame::kUeber) == 0) {
      cue.tokens.push_back(phrase_word);
      // "für möglich halten".
      if (phrase_word > parse_.tokens.begin && TokenAt(phrase_word - 1).pos == Pos::kAdposition)
        cue.tokens.push_back(phrase_word - 1);
    }
    CompleteCue(static_cast<int32_t>(c), &cue);
    FindSubject(static_cast<int32_t>(c), &cue);
    if (IsFirstPerson(cue.speaker) || IsNobody(cue.speaker)) cue.entry = nullptr;
    // "Man müsse mit dem Schlimmsten rechnen": what somebody else says of all.
    // "wovon man ausgehen kann", "so nennt man das": what anybody may.
    if (cue.entry != nullptr && IsAnybody(cue.speaker) &&
        (clause.mood == ClauseMood::kKonjunktiv1 || (cue.entry->frames & Frame::kNaming) != 0 ||
         (clause.finite >= 0 && grammar_.IsKoennen(Word(clause.finite))))) {
      cue.entry = nullptr;
    }
    if (cue.entry != nullptr && IsForeseen(clause, cue)) cue.entry = nullptr;
    // "Sicher ist, dass es regnet": the writer is.
    if (cue.entry != nullptr && cue.entry->phrase && cue.entry->strength == Strength::kStrong &&
        cue.speaker.empty() && !clause.passive && cue.phrase_word >= 0 &&
        TokenAt(cue.phrase_word).pos == Pos::kAdjective && grammar_.IsBe(Word(clause.main))) {
      cue.entry = nullptr;
    }
    // "Wer behauptet, der Deich halte, irrt": whoever does. "Erwähnt sei, dass ...": the writer.
    if (cue.entry != nullptr && cue.speaker.empty() &&
        (clause.opener == Opener::kInterrogative ||
         (clause.main == clause.tokens.begin && clause.mood == ClauseMood::kKonjunktiv1))) {
      cue.entry = nullptr;
    }
    // "nannten sie ihn „den Trainer“": whoever did.
    if (cue.entry != nullptr && (cue.entry->frames & Frame::kNaming) != 0 &&
        cue.speaker.size() == 1 && TokenAt(cue.speaker.begin).pos == Pos::kPronoun &&
        actors_.ActorOf(cue.speaker) < 0) {
      cue.entry = nullptr;
    }
    // "Daran sieht man, dass ...": what anybody may. "Alles geht davon aus": nothing that speaks.
    if (cue.entry != nullptr &&
        ((cue.entry->strength == Strength::kWeak && IsAnybody(cue.speaker)) ||
         (cue.entry->strength == Strength::kStrong && cue.speaker.size() == 1 &&
          Word(cue.speaker.begin).Has(ClauseWord::kThing)))) {
      cue.entry = nullptr;
    }
  }
}

bool ClaimFinder::IsAnybody(const TokenRange& speaker) const {
  return speaker.size() == 1 && Word(speaker.begin).Has(ClauseWord::kAnybody);
}

bool ClaimFinder::IsReflexive(const SentenceClause& clause) const {
  if (clause.finite < 0) return false;
  for (const int32_t t : {clause.finite + 1, clause.finite + 2}) {
    if (t < clause.tokens.end && Word(t).Has(ClauseWord::kReflexive)) return true;
  }
  return false;
}

bool ClaimFinder::IsFirstPerson(const TokenRange& speaker) const {
  if (speaker.size() != 1) return false;
  const Token& token = TokenAt(speaker.begin);
  constexpr uint32_t kOthers = Morphology::kSecond | Morphology::kThird;
  return token.pos == Pos::kPronoun && token.morphology.Has(Morphology::kFirst) &&
         !token.morphology.Has(kOthers) && Word(speaker.begin).quotation < 0;
}

bool ClaimFinder::IsNobody(const TokenRange& speaker) const {
  if (speaker.empty()) return false;
  // "Niemand", "kein Politiker", "kaum ein Politiker".
  constexpr uint64_t kNone = ClauseWord::kNegation | ClauseWord::kHardly;
  return Word(speaker.begin).Has(kNone) ||
         (speaker.begin > parse_.tokens.begin && Word(speaker.begin - 1).Has(ClauseWord::kHardly));
}

bool ClaimFinder::IsForeseen(const SentenceClause& clause, const Cue& cue) const {
  if (clause.finite < 0) return false;
  const WordInfo& finite = Word(clause.finite);
  // "Offen ist, ob die Behörde einräumt, dass ...": nobody knows.
  if (clause.opener == Opener::kOb && clause.mood == ClauseMood::kIndicative) return true;
  // "Wenn der Präsident sagt, dass er antritt": nobody has said it yet.
  if (clause.kind == ClauseKind::kSubordinate && Word(clause.tokens.begin).Has(ClauseWord::kIf)) {
    return (finite.bits & Morphology::kPresent) != 0 && (finite.bits & Morphology::kPast) == 0;
  }
  // "Das Gericht wird sein Urteil verkünden".
  if (clause.kind == ClauseKind::kMain && grammar_.IsBecome(finite) && !clause.passive &&
      clause.mood == ClauseMood::kIndicative && (finite.bits & Morphology::kPast) == 0 &&
      clause.main != clause.finite &&
      (Word(clause.main).bits & Morphology::kParticiplePerfect) == 0) {
    return true;
  }
  // "habe das Amt zu entscheiden": a duty. "könne das Land dagegenhalten": a thought.
  if (clause.main >= 0 && clause.main != clause.finite && !cue.entry->phrase) {
    const bool duty =
        Word(clause.main).zu_infinitive && (grammar_.IsHave(finite) || grammar_.IsBe(finite));
    const bool thought = grammar_.IsKoennen(finite) && clause.reports() && !cue.negated &&
                         cue.entry->act == ClaimAct::kAssert;
    if (duty || thought) return true;
  }
  // "Sagen Sie uns, ...": asked for.
  return clause.verb_first && clause.finite == parse_.tokens.begin &&
         cue.speaker.begin == clause.finite + 1 && cue.speaker.size() == 1 &&
         Word(cue.speaker.begin).Has(ClauseWord::kSame) && TokenAt(cue.speaker.begin).capitalized;
}

void ClaimFinder::CompleteCue(int32_t c, Cue* cue) {
  const SentenceClause& clause = ClauseAt(c);
  const bool split = clause.particle >= 0 && clause.main == clause.finite;
  const uint32_t prepositions = cue->entry->frames & Frame::kPrepositions;
  if (clause.finite >= 0) cue->tokens.push_back(clause.finite);
  if (clause.main != clause.finite) cue->tokens.push_back(clause.main);
  if (split && reporting_.Verb(Word(clause.main).lemmas[0], Lower(clause.particle)) == cue->entry) {
    cue->tokens.push_back(clause.particle);
  }
  const bool needs_es = (cue->entry->frames & Frame::kExpletive) != 0;
  bool es = false;
  for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
    const Segment& segment = SegmentAt(s);
    if (segment.clause != c) continue;
    for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
      const WordInfo& word = Word(t);
      if (word.quotation >= 0 || TokenAt(t).kind != TokenKind::kWord) continue;
      // "mit den nicht ausreichenden Mitteln": of the adjective.
      // "nicht ohne Stolz" is with it.
      const bool litotes = t + 1 < segment.tokens.end && Word(t + 1).Has(ClauseWord::kWithout);
      // "bezeichnete es als nicht hinnehmbar": of what it is called.
      const bool predicate = word.Has(ClauseWord::kNegatesVerb) && t > segment.tokens.begin &&
                             FrameOf(Lower(t - 1)) == Frame::kAls;
      if (word.Has(ClauseWord::kNegatesVerb) && phrases_.Outermost(t) < 0 && !litotes &&
          !predicate) {
        cue->negated = true;
      }
      if (word.Has(ClauseWord::kReflexive)) {
        // "ist sich sicher": not of the verb.
        if (!cue->entry->phrase || !grammar_.IsBe(Word(clause.main))) cue->tokens.push_back(t);
      } else if (word.Has(ClauseWord::kCorrelate)) {
        if (word.Has(ClauseWord::kExpletive)) {
          es = es || std::abs(t - clause.finite) <= 2;
          // "Es wird vermutet, dass", "hält es für möglich": it stands for the clause.
          const bool stands = clause.passive || cue->entry->phrase;
          if (needs_es || (stands && std::abs(t - clause.finite) <= 2)) cue->tokens.push_back(t);
        } else if (prepositions != 0) {
          cue->correlate = true;
          cue->tokens.push_back(t);
        }
      } else if (word.verb && word.nonfinite && t != clause.main && t != clause.finite &&
                 (t == clause.main + 1 || t == clause.main - 1) && grammar_.IsBecome(word)) {
        cue->tokens.push_back(t);  // "bestätigt worden".
      }
    }
  }
  cue->impersonal = (cue->entry->frames & Frame::kImpersonal) != 0;
  if (needs_es && !es) cue->entry = nullptr;
  std::sort(cue->tokens.begin(), cue->tokens.end());
  cue->tokens.erase(std::unique(cue->tokens.begin(), cue->tokens.end()), cue->tokens.end());
}

}  // namespace lagebild::extract
