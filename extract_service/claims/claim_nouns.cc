#include <algorithm>

#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {

bool ClaimFinder::TryWhereby(int32_t c) {
  // "Berichte, wonach der Deich brach": the clause is what the source before it says.
  const SentenceClause& clause = ClauseAt(c);
  int32_t opener = clause.tokens.begin;
  if (Word(opener).Has(ClauseWord::kCoordinator)) ++opener;
  constexpr uint64_t kAccording = ClauseWord::kNach | ClauseWord::kLaut;
  if (TokenAt(opener).pos == Pos::kAdposition && Word(opener).Has(kAccording)) ++opener;
  if (opener + 1 >= clause.tokens.end || clause.first_segment == 0) return false;
  const int32_t parent = SegmentAt(clause.first_segment - 1).clause;
  const bool relative = opener > clause.tokens.begin && Word(opener - 1).Has(kAccording) &&
                        !Word(opener).Has(ClauseWord::kWhereby);
  int32_t antecedent = -1;
  for (int32_t t = clause.tokens.begin - 1;
       antecedent < 0 && t >= parse_.tokens.begin && t >= clause.tokens.begin - 12; --t) {
    antecedent = phrases_.Outermost(t);
  }
  // "nach denen" follows a source ("Berichte") and not just any noun ("die Pause, nach der ...").
  if (relative) {
    if (antecedent < 0 || phrases_[antecedent].head < 0) return false;
    const NounPhrase& source = phrases_[antecedent];
    if (!SourceEntry(source) && reporting_.ContentNoun(Lower(source.head)) == nullptr) return false;
  }
  Draft* draft = Add(ClaimKind::kIndirect, "whereby", 0.75);
  draft->content.push_back({opener + 1, ComplementEnd(c, clause.first_segment)});
  if (parent >= 0 && cues_[static_cast<size_t>(parent)].entry != nullptr &&
      !cues_[static_cast<size_t>(parent)].used &&
      cues_[static_cast<size_t>(parent)].entry->act != ClaimAct::kAssert) {
    Take(parent, draft);
    return true;
  }
  draft->cue.push_back(relative ? opener - 1 : opener);
  // "den Vorwurf, wonach ...": of somebody who is not told.
  const ReportingEntry* said = antecedent >= 0 && phrases_[antecedent].head >= 0
                                   ? reporting_.ContentNoun(Lower(phrases_[antecedent].head))
                                   : nullptr;
  if (antecedent >= 0 && (said == nullptr || said->act != ClaimAct::kAccuse)) {
    draft->speaker = SpeakerRange(antecedent);
    draft->speaker_head = phrases_[antecedent].head;
  }
  draft->adjunct = true;
  cues_[static_cast<size_t>(c)].used = true;
  FrameFromRest(c, draft);
  if (!draft->speaker.empty()) last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
  return true;
}

bool ClaimFinder::TryContentNoun(int32_t c) {
  // "fasste den Beschluss, ...", "auf die Bitte, ...": a noun of saying right before the clause
  // that gives its content.
  const SentenceClause& clause = ClauseAt(c);
  int32_t segment = -1;
  for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
    if (SegmentAt(s).clause == c) segment = s;
    if (s + 1 < static_cast<int32_t>(parse_.segments.size()) && SegmentAt(s).clause == c &&
        SegmentAt(s + 1).clause != c) {
      break;
    }
  }
  if (segment < 0 || segment + 1 >= static_cast<int32_t>(parse_.segments.size())) return false;
  const Segment& behind = SegmentAt(segment + 1);
  const SentenceClause& content = ClauseAt(behind.clause);
  if (behind.mark_before != ',' && behind.mark_before != ':') return false;
  const bool second = content.kind == ClauseKind::kMain && content.opener == Opener::kNone &&
                      !content.verb_first && (content.reports() || behind.mark_before == ':');
  const bool fits = content.opener == Opener::kDass || second ||
                    (content.kind == ClauseKind::kInfinitive && content.opener == Opener::kNone);
  if (!fits) return false;
  // The noun closes its segment, or only the verb stands behind it ("den Beschluss gefasst").
  int32_t noun = -1;
  for (int32_t t = SegmentAt(segment).tokens.end - 1;
       t >= SegmentAt(segment).tokens.begin && t >= SegmentAt(segment).tokens.end - 3; --t) {
    if (Word(t).quotation >= 0) return false;
    if (TokenAt(t).pos == Pos::kNoun) noun = t;
    if (noun >= 0 ||
        (!Word(t).verb && TokenAt(t).pos != Pos::kAdverb && !Word(t).Has(ClauseWord::kNegation)))
      break;
  }
  // "die Forderung des Vorsitzenden Anton Berg, ...": a phrase that ends here names who says it.
  TokenRange holder;
  // "Die Sorge der Eltern ist, dass ...".
  int32_t noun_end = SegmentAt(segment).tokens.end;
  if (noun_end - 1 == clause.finite && noun_end - 1 > SegmentAt(segment).tokens.begin) --noun_end;
  if (const int32_t p = phrases_.Outermost(noun_end - 1); p >= 0) {
    const NounPhrase& phrase = phrases_[p];
    const bool attribute = phrase.head >= 0 && phrase.head + 1 < phrase.tokens.end &&
                           phrase.tokens.end == noun_end && Word(phrase.head).quotation < 0;
    if (attribute && reporting_.ContentNoun(Lower(phrase.head)) != nullptr) {
      noun = phrase.head;
      holder = {phrase.head + 1, phrase.tokens.end};
      if (TokenAt(holder.begin).pos == Pos::kAdposition && holder.size() > 1) ++holder.begin;
    }
  }
  if (noun < 0 || InContent(noun)) return false;
  // "Es ist kein Zugeständnis erfolgt, dass ...", "Ich habe nicht die Absicht, ...".
  for (int32_t t = noun - 1; t >= parse_.tokens.begin && t >= noun - 2; --t) {
    if (Word(t).Has(ClauseWord::kNegation)) return false;
  }
  // "Ihre Behauptung, sie habe gezahlt, ...".
  if (const int32_t p = phrases_.Outermost(noun);
      holder.empty() && p >= 0 && phrases_[p].possessive && phrases_[p].head == noun &&
      (clause.finite > noun || clause.finite < 0)) {
    holder = {phrases_[p].determiner, phrases_[p].determiner + 1};
  }
  // "hat kein Verständnis für die Entscheidung, ...": somebody else's.
  if (const int32_t p = phrases_.Outermost(noun);
      holder.empty() && p >= 0 && phrases_[p].preposition >= 0 &&
      Word(phrases_[p].preposition).Has(ClauseWord::kRegarding)) {
    return false;
  }
  // "Bergs Antwort: ..."
  if (holder.empty()) holder = OwnerBefore(noun);
  // "Antwort: ..." in a list of questions.
  if (holder.empty() && clause.finite < 0 && behind.mark_before == ':') return false;
  const ReportingEntry* entry = reporting_.ContentNoun(Lower(noun));
  if (entry == nullptr || entry->strength == Strength::kBlocked) return false;
  Cue& cue = cues_[static_cast<size_t>(c)];
  // "Die Behauptung, er lüge, wies Berg zurück": what somebody else says.
  if (holder.empty() && cue.entry != nullptr && cue.entry->act == ClaimAct::kDeny && !cue.negated) {
    entry = cue.entry;
  }
  cue.tokens.clear();
  cue.speaker = cue.addressee = cue.relay = TokenRange();
  cue.impersonal = cue.negated = cue.quoted_object = false;
  cue.entry = entry;
  cue.phrase_word = noun;
  if (holder.empty()) {
    if (clause.finite >= 0) cue.tokens.push_back(clause.finite);
    if (clause.main >= 0 && clause.main != clause.finite) cue.tokens.push_back(clause.main);
  }
  cue.tokens.push_back(noun);
  if (noun > parse_.tokens.begin && Word(noun - 1).Has(ClauseWord::kArticle))
    cue.tokens.push_back(noun - 1);
  std::sort(cue.tokens.begin(), cue.tokens.end());
  if (holder.empty() && clause.main >= 0 && clause.main == clause.finite &&
      grammar_.IsBe(Word(clause.main))) {
    // "Teil davon ist der Vorschlag, ...": nobody makes it here.
  } else if (holder.empty()) {
    FindSubject(c, &cue);
    // "Von der Polizei kam die Information, ...": the noun is the subject.
    if (cue.speaker.empty() || cue.speaker.Contains(noun)) FindOrigin(c, noun, &cue);
  } else {
    cue.speaker = holder;
    cue.speaker_head = holder.end - 1;
  }
  Draft* draft =
      Add(ClaimKind::kIndirect, "noun", entry->strength == Strength::kStrong ? 0.5 : 0.4);
  draft->content.push_back({behind.tokens.begin, ComplementEnd(c, segment + 1)});
  Take(c, draft);
  return true;
}

TokenRange ClaimFinder::OwnerBefore(int32_t noun) const {
  if (noun <= parse_.tokens.begin || ClauseOf(noun - 1) != ClauseOf(noun)) return {};
  const int32_t p = phrases_.Innermost(noun - 1);
  if (p < 0 || phrases_[p].tokens.end != noun || phrases_[p].name.empty() ||
      phrases_[p].preposition >= 0) {
    return {};
  }
  // In a genitive that shows or in one that an "s" at the end hides.
  const bool genitive = phrases_[p].relation == PhraseRelation::kGenitive ||
                        document_.TokenText(noun - 1).ends_with("s");
  return genitive && actors_.ActorOf(phrases_[p].tokens) >= 0 ? phrases_[p].tokens : TokenRange();
}

void ClaimFinder::FindOrigin(int32_t c, int32_t noun, Cue* cue) const {
  const auto [first, last] = phrases_.InSentence(sentence_);
  for (int32_t p = first; p < last; ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (phrase.preposition < 0 || phrase.relation != PhraseRelation::kNone ||
        !Word(phrase.preposition).Has(ClauseWord::kBy) || ClauseOf(phrase.tokens.begin) != c ||
        phrase.tokens.Contains(noun) || actors_.ActorOf(phrase.tokens) < 0) {
      continue;
    }
    cue->speaker = SpeakerRange(p);
    cue->speaker_head = phrase.head;
    return;
  }
}

}  // namespace lagebild::extract
