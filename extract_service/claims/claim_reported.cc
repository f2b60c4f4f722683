#include <algorithm>

#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {
namespace {

/// A speech act without wording is emitted when the probability that it is one reaches this.
constexpr double kMinReported = 0.3;
/// Probability that what somebody means to do is told as a speech act.
constexpr double kIntended = 0.35;

}  // namespace

bool ClaimFinder::HasJudgement(const TokenRange& clause) const {
  for (int32_t t = clause.begin; t + 1 < clause.end; ++t) {
    if (FrameOf(Lower(t)) != Frame::kAls) continue;
    int32_t judgement = t + 1;
    while (judgement + 1 < clause.end && TokenAt(judgement).pos == Pos::kAdverb) ++judgement;
    const Pos pos = TokenAt(judgement).pos;
    if (pos == Pos::kAdjective || pos == Pos::kAdverb ||
        (pos == Pos::kVerb && Word(judgement).nonfinite)) {
      return true;
    }
  }
  return false;
}

bool ClaimFinder::IsJudgement(const Cue& cue, const TokenRange& clause) const {
  if (cue.entry->act != ClaimAct::kAssess || cue.speaker.empty()) return false;
  const uint32_t frames =
      cue.entry->frames & (cue.entry->phrase ? Frame::kAls | Frame::kFuer : uint32_t{Frame::kAls});
  bool governed = false;
  for (int32_t t = clause.begin; t < clause.end && !governed; ++t) {
    governed = (FrameOf(Lower(t)) & frames) != 0 && Word(t).quotation < 0;
  }
  return governed && actors_.ActorOf(cue.speaker) >= 0;
}

bool ClaimFinder::TakesAStand(const SentenceClause& clause, const Cue& cue) const {
  const ClaimAct act = cue.entry->act;
  if ((act != ClaimAct::kDeny && act != ClaimAct::kAssess) || clause.reports() || cue.negated ||
      (cue.entry->frames & Frame::kAccusative) == 0 || !IsNamedActor(cue.speaker)) {
    return false;
  }
  if (act == ClaimAct::kDeny) return true;
  if (!SpeaksForOthers(actors_.ActorOf(cue.speaker))) return false;
  // "Die Anwältin verteidigte den Mann": somebody and not something.
  const auto [first, last] = phrases_.InSentence(sentence_);
  for (int32_t p = first; p < last; ++p) {
    const NounPhrase& object = phrases_[p];
    const bool apart =
        object.tokens.end <= cue.speaker.begin || cue.speaker.end <= object.tokens.begin;
    if (apart && object.preposition < 0 && object.relation == PhraseRelation::kNone &&
        object.kind != PhraseKind::kPronoun &&
        &parse_.clauses[static_cast<size_t>(std::max(0, ClauseOf(object.tokens.begin)))] ==
            &clause) {
      const bool person = object.kind == PhraseKind::kName ||
                          object.classes.Has(WordClass::kPersonNoun | WordClass::kOffice);
      return !person;
    }
  }
  return false;
}

bool ClaimFinder::SpeaksOfFirstPerson(int32_t c) const {
  const TokenRange& clause = ClauseAt(c).tokens;
  for (int32_t t = clause.begin; t < clause.end; ++t) {
    if (ClauseOf(t) == c && IsFirstPerson({t, t + 1})) return true;
  }
  return false;
}

bool ClaimFinder::IsToldOnwards(int32_t c) const {
  const SentenceClause& clause = ClauseAt(c);
  return c == 0 && clause.kind == ClauseKind::kMain && !clause.verb_first && last_source_ >= 0 &&
         SinceNewestClaim() <= 1 &&
         (clause.mood == ClauseMood::kKonjunktiv1 || clause.mood == ClauseMood::kWuerde);
}

void ClaimFinder::FindReported() {
  if (AsksAQuestion()) return;
  const size_t count = parse_.clauses.size();
  const auto [first, last] = phrases_.InSentence(sentence_);
  // "kritisierte die Pläne, forderte ein Moratorium": each has its clause.
  int32_t reporting = 0;
  for (size_t c = 0; c < count; ++c) {
    reporting += cues_[c].entry != nullptr && parse_.clauses[c].kind == ClauseKind::kMain &&
                         cues_[c].entry->strength == Strength::kStrong
                     ? 1
                     : 0;
  }
  for (size_t c = 0; c < count; ++c) {
    Cue& cue = cues_[c];
    if (cue.entry == nullptr || cue.used) continue;
    const SentenceClause& clause = parse_.clauses[c];
    // "Berg, der den Vorwurf bestätigte, ...".
    const bool relative =
        clause.kind == ClauseKind::kRelative && cue.entry->act != ClaimAct::kAssert &&
        !cue.negated && cue.entry->strength == Strength::kStrong &&
        cue.speaker.end <= clause.tokens.begin && actors_.ActorOf(cue.speaker) >= 0;
    const bool comment = CommentsOnAll(SegmentAt(clause.first_segment)) && !clause.passive &&
                         actors_.ActorOf(cue.speaker) >= 0;
    if (clause.kind != ClauseKind::kMain && !relative && !comment) continue;
    if (SpeaksOfFirstPerson(static_cast<int32_t>(c)) || IsToldOnwards(static_cast<int32_t>(c))) {
      continue;
    }
    const uint32_t frames = cue.entry->frames;
    if (cue.entry->strength != Strength::kStrong &&
        (clause.passive || !(IsJudgement(cue, clause.tokens) || TakesAStand(clause, cue)))) {
      continue;
    }
    // "Als Taifun wird der Sturm bezeichnet": what anybody calls it.
    if (clause.passive && cue.speaker.empty() &&
        ((frames & Frame::kNaming) != 0 ||
         (frames & (Frame::kAls | Frame::kAccusative)) == Frame::kAls)) {
      continue;
    }
    if (InContent(clause.main)) continue;
    // "zitierte Berg mit den Worten": of that only the words are a claim.
    if (cue.quoted_object) continue;
    if (!cue.entry->phrase &&
        (frames & (Frame::kAccusative | Frame::kPrepositions | Frame::kAls)) == 0) {
      continue;
    }
    if (cue.speaker.empty() && !clause.passive) continue;
    // "Es soll vor Böen warnen", "Sie sollen aufgefordert worden sein": told itself, or a plan.
    if (clause.finite >= 0 && grammar_.IsSollen(Word(clause.finite))) continue;
    if (IsOnlyPossible(clause, cue)) continue;
    // "Der Preis wurde nicht genannt", "Der Wert kann geschätzt werden": nobody has said anything.
    if (clause.passive && ((cue.negated && cue.speaker.empty()) ||
                           (clause.finite >= 0 && grammar_.IsModal(Word(clause.finite))))) {
      continue;
    }
    // "Die Mannschaft ist gewarnt": a state.
    if (!cue.entry->phrase && !clause.passive && clause.finite >= 0 &&
        clause.main != clause.finite && (frames & Frame::kAccusative) != 0 &&
        grammar_.IsBe(Word(clause.finite))) {
      continue;
    }
    // An object that can be what was said.
    bool object = comment;
    for (int32_t p = first; p < last && !object; ++p) {
      const NounPhrase& phrase = phrases_[p];
      if (ClauseOf(phrase.tokens.begin) != static_cast<int32_t>(c)) continue;
      if (cue.entry->phrase && phrase.preposition >= 0 && phrase.preposition == cue.phrase_word) {
        object = true;  // "spricht von Erfolgen".
        continue;
      }
      if (phrase.relation != PhraseRelation::kNone) {
        // "gehen nach derzeitigem Stand von Brandstiftung aus": of the verb by its preposition.
        // "hatte in ihrer Ausgabe von Mängeln berichtet".
        object = phrase.relation == PhraseRelation::kPrepositional &&
                 (clause.particle >= 0 || clause.main == phrase.tokens.end) &&
                 phrase.preposition >= 0 && phrase.tokens.begin > clause.finite &&
                 !phrase.classes.Has(WordClass::kWeekday | WordClass::kMonth) &&
                 (FrameOf(Lower(phrase.preposition)) & frames & Frame::kVon) != 0;
        continue;
      }
      if (phrase.tokens.begin < cue.speaker.end && cue.speaker.begin < phrase.tokens.end) continue;
      if (phrase.preposition > parse_.tokens.begin && phrase.preposition < clause.finite &&
          TokenAt(phrase.preposition - 1).pos == Pos::kNoun) {
        continue;  // "Im Zusammenhang mit dem Plan droht eine Strafe": of the noun.
      }
      if (phrase.preposition >= 0) {
        // "wollte über die Ablöse nicht sprechen": nothing has been said.
        object = (FrameOf(Lower(phrase.preposition)) & frames) != 0 &&
                 !(cue.negated && cue.entry->act == ClaimAct::kAssert);
      } else if ((frames & Frame::kAccusative) != 0) {
        const uint32_t cases = phrase.morphology.bits & Morphology::kCases;
        const bool fits = cases == 0 || (cases & Morphology::kAccusative) != 0 || clause.passive;
        const bool pronoun =
            phrase.kind == PhraseKind::kPronoun &&
            Word(phrase.tokens.begin).Has(ClauseWord::kReflexive | ClauseWord::kCorrelate);
        object = fits && !pronoun && !phrase.classes.Has(WordClass::kWeekday | WordClass::kMonth);
      }
    }
    if (!object && cue.entry->phrase && (frames & Frame::kAccusative) != 0) object = true;
    if (!object) object = IsObjectOfSaying(clause, cue);
    if (!object && (frames & Frame::kAls) != 0) object = HasJudgement(clause.tokens);
    if (!object) continue;
    // "Dem Verein droht ein Ausfall": the subject can say nothing.
    if (!cue.speaker.empty() && !cue.impersonal && !MaySpeak(cue.speaker)) continue;
    // "wollte die genaue Zahl nicht nennen".
    if (cue.negated && grammar_.IsWollen(Word(clause.finite)) &&
        cue.entry->act != ClaimAct::kConfirm && cue.entry->act != ClaimAct::kDeny) {
      continue;
    }
    if (IsNotDone(cue)) continue;
    const bool generic = cue.entry->act == ClaimAct::kAssert;
    double confidence = generic ? 0.35 : 0.45;
    if (clause.passive && cue.speaker.empty()) confidence -= 0.1;
    if (confidence < kMinReported) continue;
    if (IsInferred(static_cast<int32_t>(c))) confidence *= 0.7;
    bool shared = reporting > 1;
    for (size_t d = sentence_drafts_; d < drafts_.size(); ++d)
      shared = shared || drafts_[d].part_of < 0;
    Draft* draft = Add(ClaimKind::kReported, "verb.object", confidence);
    const TokenRange whole = WithoutClausesBeside(static_cast<int32_t>(c));
    TokenRange own = clause.tokens;
    if (Word(own.begin).Has(ClauseWord::kCoordinator) && own.size() > 1) ++own.begin;
    draft->content.push_back(shared || relative || comment ? own : whole);
    draft->final_stop =
        !shared && !relative && !comment && whole.end == parse_.tokens.end && parse_.has_final_stop;
    Take(static_cast<int32_t>(c), draft);
    draft->frame.clear();
  }
  // Fragments in what has just been found.
  for (size_t q = next_quotation_; q-- > 0;) {
    const Quotation& quotation = document_.quotations[q];
    if (quotation.tokens.end <= parse_.tokens.begin) break;
    if (quotation.outer >= 0 || quotation.tokens.begin < parse_.tokens.begin) continue;
    bool known = false;
    for (size_t d = sentence_drafts_; d < drafts_.size(); ++d) {
      known = known || (drafts_[d].kind == ClaimKind::kDirect &&
                        drafts_[d].content[0].begin == quotation.tokens.begin);
    }
    const int32_t container = CoveringDraft(quotation.tokens);
    if (known || container < 0 ||
        drafts_[static_cast<size_t>(container)].kind != ClaimKind::kReported)
      continue;
    if (QuoteProbability(quotation) >= 0.5) {
      Draft copy = drafts_[static_cast<size_t>(container)];
      copy.kind = ClaimKind::kDirect;
      copy.content.clear();
      copy.content.push_back(quotation.tokens);
      copy.rule = "quote.nested";
      copy.confidence = QuoteProbability(quotation) * 0.6;
      copy.part_of = container;
      copy.final_stop = false;
      drafts_.push_back(copy);
    }
  }
}

bool ClaimFinder::MaySpeak(const TokenRange& speaker) const {
  const int32_t p = phrases_.Outermost(speaker.begin);
  if (p < 0 || phrases_[p].kind != PhraseKind::kNominal || phrases_[p].definite) return true;
  // "Blinken": a word that may be a name. "75 Prozent": of somebody.
  if (phrases_[p].determiner < 0 && phrases_[p].core.size() == 1) return true;
  return phrases_[p].classes.Has(WordClass::kUnit | WordClass::kOffice | WordClass::kPersonNoun |
                                 WordClass::kOrganizationNoun | WordClass::kMediaNoun |
                                 WordClass::kGroupNoun | WordClass::kDemonym | WordClass::kTitle) ||
         SourceEntry(phrases_[p]) != nullptr || actors_.ActorOf(speaker) >= 0;
}

bool ClaimFinder::IsObjectOfSaying(const SentenceClause& clause, const Cue& cue) const {
  if (!cue.entry->phrase || cue.phrase_word < 0 || clause.passive) return false;
  if (clause.reports() || clause.finite < 0) return false;
  // "äußerte sich besorgt": as the word is said of who speaks.
  const bool noun =
      TokenAt(cue.phrase_word).capitalized &&
      (cue.phrase_word > parse_.tokens.begin || TokenAt(cue.phrase_word).pos == Pos::kNoun);
  if (!noun && (cue.entry->frames & Frame::kUeber) == 0) return false;
  // "hatte Angst": felt rather than said. "will Klage führen": not yet.
  if (grammar_.IsHave(Word(clause.main)) || grammar_.IsModal(Word(clause.finite))) return false;
  constexpr ClaimAct kActs[] = {ClaimAct::kAccuse, ClaimAct::kConcern, ClaimAct::kDemand,
                                ClaimAct::kDeny,   ClaimAct::kWarn,    ClaimAct::kAssess};
  if (std::find(std::begin(kActs), std::end(kActs), cue.entry->act) == std::end(kActs)) {
    return false;
  }
  const int32_t p = phrases_.Outermost(cue.phrase_word);
  return noun ? p >= 0 && phrases_[p].preposition < 0 && phrases_[p].head == cue.phrase_word
              : p < 0;
}

bool ClaimFinder::IsOnlyPossible(const SentenceClause& clause, const Cue& cue) const {
  if (clause.passive || clause.finite < 0 || clause.main == clause.finite) return false;
  const WordInfo& finite = Word(clause.finite);
  // "hätte die Strafe ausschließen können".
  const int32_t behind = clause.main + 1;
  if (clause.mood == ClauseMood::kKonjunktiv2 && grammar_.IsHave(finite) &&
      behind < clause.tokens.end && grammar_.IsKoennen(Word(behind))) {
    return true;
  }
  // "müssen die Zahlen nennen": what is asked of them.
  const bool modal =
      grammar_.IsKoennen(finite) || grammar_.IsDuerfen(finite) || grammar_.IsMuessen(finite);
  if (!modal || (finite.bits & Morphology::kPast) != 0) return false;
  // "kann das nicht bestätigen".
  const bool declined =
      cue.negated && (cue.entry->act == ClaimAct::kConfirm || cue.entry->act == ClaimAct::kDeny);
  return !declined;
}

TokenRange ClaimFinder::WithoutClausesBeside(int32_t c) const {
  TokenRange range = parse_.tokens;
  if (ClauseAt(c).kind != ClauseKind::kMain) return range;
  const TokenRange own = SubjectOf(c).first;
  // "198 Tote – Premier will kämpfen", "Vettel will siegen – Rosberg Schnellster": of a headline's
  // parts the one with the verb. Two dashes are a parenthesis.
  int32_t dash = -1;
  int32_t dashes = 0;
  for (int32_t t = parse_.tokens.begin; t < parse_.tokens.end; ++t) {
    if (!IsDash(t) || Word(t).quotation >= 0) continue;
    dash = t;
    ++dashes;
  }
  if (dashes == 1 && !own.empty() && own.begin > dash) range.begin = dash + 1;
  const bool headline = !parse_.has_final_stop || sentence_ == 0;
  if (dashes == 1 && headline && ClauseAt(c).finite < dash) range.end = dash;
  for (size_t s = 1; s < parse_.segments.size(); ++s) {
    const Segment& segment = parse_.segments[s];
    const int32_t d = segment.clause;
    const SentenceClause& clause = ClauseAt(d);
    // The border of two main clauses that "und" joins.
    const bool joined = segment.mark_before == '&' || IsBeside(static_cast<int32_t>(s));
    if (!joined || clause.kind != ClauseKind::kMain || clause.finite < 0 ||
        clause.first_segment != static_cast<int32_t>(s)) {
      continue;
    }
    const TokenRange subject = SubjectOf(d).first;
    if (subject.empty() || own.empty()) continue;
    // Each has a subject of its own.
    if (d == c ? own.begin < segment.tokens.begin : subject == own) continue;
    if (d == c) {
      range.begin = segment.tokens.begin;
      if (Word(range.begin).Has(ClauseWord::kCoordinator) && range.size() > 1) ++range.begin;
    } else if (clause.tokens.begin > ClauseAt(c).tokens.begin) {
      range.end = std::min(range.end, parse_.segments[s - 1].tokens.end);
    }
  }
  return range;
}

bool ClaimFinder::IsNotDone(const Cue& cue) const {
  const ClaimAct act = cue.entry->act;
  // "Berg kommentierte das nicht", but "hält das nicht für gut".
  // "Kritik übte sie nicht", but "sieht keine Lösung".
  const bool noun = cue.negated && cue.entry->phrase && cue.phrase_word >= 0 &&
                    TokenAt(cue.phrase_word).pos == Pos::kNoun;
  const bool unsaid = act == ClaimAct::kAssess && (!cue.entry->phrase || noun) &&
                      (noun || (cue.entry->frames & Frame::kAccusative) != 0) &&
                      (cue.entry->frames & (Frame::kAls | Frame::kFuer | Frame::kNaming)) == 0;
  if (act != ClaimAct::kAccuse && act != ClaimAct::kDemand && act != ClaimAct::kWarn && !unsaid) {
    return false;
  }
  const int32_t word = cue.phrase_word;
  return cue.negated || (word > parse_.tokens.begin && Word(word - 1).Has(ClauseWord::kNegation));
}

bool ClaimFinder::SpeaksForOthers(int32_t actor) const {
  if (actor < 0) return false;
  const Actor& who = document_.actors[static_cast<size_t>(actor)];
  return who.type != ActorType::kPerson ||
         std::any_of(who.mentions.begin(), who.mentions.end(),
                     [](const Mention& mention) { return mention.kind == MentionKind::kName; });
}

void ClaimFinder::FindIntentions() {
  if (AsksAQuestion()) return;
  for (size_t d = sentence_drafts_; d < drafts_.size(); ++d) {
    if (drafts_[d].part_of < 0) return;
  }
  for (size_t c = 0; c < parse_.clauses.size(); ++c) {
    const SentenceClause& clause = parse_.clauses[c];
    if (clause.kind != ClauseKind::kMain || clause.finite < 0 || clause.passive) continue;
    const WordInfo& finite = Word(clause.finite);
    if (!grammar_.IsWollen(finite) || clause.mood != ClauseMood::kIndicative ||
        (finite.bits & Morphology::kPast) != 0 || cues_[c].used) {
      continue;
    }
    const ReportingEntry* other = cues_[c].entry;
    if (other != nullptr && (other->strength != Strength::kWeak || cues_[c].negated)) continue;
    if (clause.main < 0 || clause.main == clause.finite ||
        (Word(clause.main).bits & Morphology::kInfinitive) == 0 || HasPerfectInfinitive(clause)) {
      continue;
    }
    const auto [subject, head] = SubjectOf(static_cast<int32_t>(c));
    // "Der Zeuge will verkaufen": nobody's statement.
    if (subject.empty() || !SpeaksForOthers(actors_.ActorOf(subject))) continue;
    Draft* draft = Add(ClaimKind::kReported, kIntentionRule, kIntended);
    const TokenRange whole = WithoutClausesBeside(static_cast<int32_t>(c));
    draft->content.push_back(whole);
    draft->final_stop = whole.end == parse_.tokens.end && parse_.has_final_stop;
    draft->entry = reporting_.Verb(finite.lemmas[0]);
    draft->cue.push_back(clause.finite);
    draft->speaker = subject;
    draft->speaker_head = head;
    last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
    return;
  }
}

}  // namespace lagebild::extract
