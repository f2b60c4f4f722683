#include <algorithm>

#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {

bool ClaimFinder::IsInquit(int32_t c) const {
  const SentenceClause& clause = ClauseAt(c);
  if (clause.kind != ClauseKind::kMain || !clause.verb_first || clause.coordinated ||
      clause.reports() || clause.finite != clause.tokens.begin || clause.main != clause.finite ||
      cues_[static_cast<size_t>(c)].entry != nullptr || grammar_.IsAuxiliary(Word(clause.finite))) {
    return false;
  }
  const TokenRange subject = SubjectOf(clause);
  if (subject.empty()) return false;
  if (subject.size() == 1 && Word(subject.begin).Has(ClauseWord::kSame)) return true;
  const int32_t actor = actors_.ActorOf(subject);
  return actor >= 0 && document_.actors[static_cast<size_t>(actor)].type == ActorType::kPerson;
}

void ClaimFinder::MakeInquit(int32_t c) {
  Cue& cue = cues_[static_cast<size_t>(c)];
  cue.entry = &kNoReportingEntry;
  cue.tokens.push_back(ClauseAt(c).finite);
  FindSubject(c, &cue);
}

int32_t ClaimFinder::OpeningOfContent(int32_t frame_segment) const {
  const auto is_told = [this](int32_t s) { return ClauseAt(SegmentAt(s).clause).reports(); };
  int32_t from = frame_segment - 1;
  for (; from > 0; --from) {
    const char mark = SegmentAt(from).mark_before;
    // Over a semicolon only where what stands before it is told, too.
    if (mark == ';' && !(is_told(from) && is_told(from - 1))) break;
    if (mark != ':') continue;
    // "Da gibt es nur eines: Wir gehen, sagte Berg": a few words that tell of nobody and are no
    // frame, and what is behind the colon is no report that the text leads over to.
    const TokenRange opening{parse_.tokens.begin, SegmentAt(from - 1).tokens.end};
    if (opening.size() > kLongestOpening || !actors_.ActorsOf(opening).empty()) break;
    bool framed = false;
    for (int32_t s = 0; s < from; ++s) {
      framed = framed || cues_[static_cast<size_t>(SegmentAt(s).clause)].entry != nullptr;
    }
    bool report = false;
    for (int32_t s = from; s < frame_segment; ++s) report = report || is_told(s);
    if (framed || (report && !is_told(from - 1))) break;
  }
  return from;
}

bool ClaimFinder::AsksItself(const Segment& opening, const Cue& cue) const {
  if (cue.entry != nullptr && (cue.entry->frames & Frame::kOb) != 0) return true;
  // "Verbündete hätten": what only looks like a verb.
  const int32_t next = opening.finite + 1;
  if (opening.finite < 0 || next >= opening.tokens.end || Word(next).finite) return true;
  if (Word(next).Has(ClauseWord::kExpletive)) return false;
  const TokenRange subject = SubjectOf(opening.clause).first;
  return subject.empty() || (subject.size() == 1 && Word(subject.begin).Has(ClauseWord::kSame) &&
                             TokenAt(subject.begin).capitalized);
}

bool ClaimFinder::GoesOnBehindFrame(int32_t clause) const {
  const SentenceClause& after = ClauseAt(clause);
  if (after.kind != ClauseKind::kMain || !after.verb_first || after.coordinated ||
      after.finite < 0) {
    return false;
  }
  Cue subject;
  subject.entry = &kNoReportingEntry;
  FindSubject(clause, &subject);
  return !subject.speaker.empty() && subject.speaker.begin > after.finite;
}

bool ClaimFinder::IsResumptive(int32_t c) const {
  const SentenceClause& clause = ClauseAt(c);
  const Cue& cue = cues_[static_cast<size_t>(c)];
  return cue.entry != nullptr && cue.entry->strength == Strength::kStrong && !cue.negated &&
         (cue.entry->frames & Frame::kQuote) != 0 && clause.finite == clause.tokens.begin + 1 &&
         cue.speaker.begin > clause.finite &&
         clause.last_segment == static_cast<int32_t>(parse_.segments.size()) - 1 &&
         SegmentAt(clause.first_segment).mark_before == ',' &&
         Word(clause.tokens.begin).Has(ClauseWord::kPointing | ClauseWord::kSo);
}

void ClaimFinder::FindPostposed() {
  size_t last_frame = 0;
  for (size_t c = 1; c < parse_.clauses.size(); ++c) {
    const SentenceClause& clause = parse_.clauses[c];
    if (cues_[c].entry != nullptr && clause.kind == ClauseKind::kMain && clause.verb_first &&
        !clause.reports()) {
      last_frame = c;
    }
  }
  for (size_t c = 1; c < parse_.clauses.size(); ++c) {
    Cue& cue = cues_[c];
    const SentenceClause& clause = parse_.clauses[c];
    const bool unlisted = cue.entry == nullptr;
    if (unlisted ? !IsInquit(static_cast<int32_t>(c)) : cue.used) continue;
    if (clause.kind != ClauseKind::kMain || clause.coordinated) continue;
    if (!clause.verb_first && !IsResumptive(static_cast<int32_t>(c))) continue;
    const int32_t segment = clause.first_segment;
    if (segment <= 0 || SegmentAt(segment).mark_before == ':') continue;
    // "..., könne man nicht sagen, teilte Berg mit": told itself.
    if (clause.mood == ClauseMood::kKonjunktiv1 && c < last_frame) continue;
    const int32_t from = OpeningOfContent(segment);
    const Segment& opening = SegmentAt(from);
    const Segment& before = SegmentAt(segment - 1);
    // "Komme kein Bus, fahre Berg": a condition.
    bool main = false, complement = false, condition = false;
    ClauseMood mood = ClauseMood::kNone;
    for (int32_t s = from; s < segment; ++s) {
      const SentenceClause& other = ClauseAt(SegmentAt(s).clause);
      if (SegmentAt(s).clause == static_cast<int32_t>(c)) continue;
      if (other.kind == ClauseKind::kMain && other.finite >= 0) {
        main = true;
        mood = other.mood;
        condition = other.verb_first && s == from;
      }
      if (other.opener == Opener::kDass || other.opener == Opener::kOb ||
          other.opener == Opener::kInterrogative) {
        complement = complement || s == from;
      }
      if (other.kind == ClauseKind::kVerbless || other.kind == ClauseKind::kInfinitive)
        complement = complement || other.finite < 0;
    }
    // "bestreitet das nicht, verweist aber darauf, dass ...": the content stands behind.
    const int32_t behind = clause.last_segment + 1;
    // "Den Fonds, dessen Organe tagen, forderte er auf, ...".
    const bool object_first =
        !main && opening.opener == Opener::kNone && opening.finite < 0 && !opening.infinitive;
    if (behind < static_cast<int32_t>(parse_.segments.size()) && !unlisted &&
        (cue.speaker.empty() || object_first)) {
      const Segment& next_segment = SegmentAt(behind);
      const bool asked = next_segment.opener == Opener::kOb ||
                         next_segment.opener == Opener::kInterrogative ||
                         next_segment.opener == Opener::kWie;
      if (next_segment.opener == Opener::kDass || next_segment.infinitive ||
          (object_first && asked)) {
        continue;
      }
    }
    TokenRange content{opening.tokens.begin, before.tokens.end};
    const int32_t q = Word(content.begin).quotation;
    const bool quoted = q >= 0 && Word(content.end - 1).quotation == q;
    if (quoted) continue;  // FindQuotes() frames it.
    // What follows the frame goes on with the content when it is a clause of its own.
    const SentenceClause* after = behind < static_cast<int32_t>(parse_.segments.size()) &&
                                          SegmentAt(behind).mark_before == ','
                                      ? &ClauseAt(SegmentAt(behind).clause)
                                      : nullptr;
    const bool split = (opening.opener == Opener::kSubordinator || condition) && after != nullptr &&
                       !unlisted && !cue.speaker.empty() &&
                       GoesOnBehindFrame(SegmentAt(behind).clause);
    // "Sollte es brennen, drohen Verluste", "Was den Preis betrifft, sagt Berg: ...": what leads
    // over to the clause behind it.
    const bool leads_over = behind < static_cast<int32_t>(parse_.segments.size()) &&
                            SegmentAt(behind).mark_before == ':' &&
                            opening.opener != Opener::kNone && opening.opener != Opener::kDass;
    if (leads_over || (condition && !split && !AsksItself(opening, cue))) continue;
    if (!main && !complement && !split) continue;
    const bool konjunktiv = Reports(mood);
    // "Der Mann sei streng, habe ihr alles verboten": two things that are told of him.
    if (clause.mood == ClauseMood::kKonjunktiv1 && mood == ClauseMood::kKonjunktiv1) continue;
    if (unlisted) {
      if (mood != ClauseMood::kKonjunktiv1 || condition) continue;
      MakeInquit(static_cast<int32_t>(c));
    }
    const uint32_t frames = unlisted ? Frame::kQuote : cue.entry->frames;
    // "Berg wollte sich nicht festlegen, sagte aber, ...": one subject for two verbs.
    const bool shares_subject = !cue.impersonal && cue.speaker.begin < clause.tokens.begin;
    if (shares_subject && !konjunktiv) continue;
    double confidence = konjunktiv ? 0.9 : 0.75;
    if (cue.entry->strength == Strength::kWeak) {
      // Behind a complete main clause hardly anything else than a frame begins with its verb.
      const bool clausal = (frames & (Frame::kVerbSecond | Frame::kQuote)) != 0 && !cue.negated;
      const bool complete = main && opening.opener == Opener::kNone;
      confidence = konjunktiv ? 0.6 : complete && clausal ? 0.5 : 0.3;
    }
    const bool question = opening.opener == Opener::kOb || opening.opener == Opener::kInterrogative;
    const bool asks = question && (frames & (Frame::kOb | Frame::kInterrogative)) != 0;
    const uint32_t holds = Frame::kVerbSecond | Frame::kQuote |
                           (opening.opener == Opener::kDass ? uint32_t{Frame::kDass} : 0u);
    if (!asks && (frames & holds) == 0) confidence *= 0.5;
    // "Ob es brennt, wollte die Polizei nicht sagen": nothing is told, but by whom may go on.
    if (question && cue.negated && cue.entry->act == ClaimAct::kAssert && clause.finite >= 0 &&
        grammar_.IsWollen(Word(clause.finite))) {
      confidence = std::max(confidence * 0.4, kMinQuote);
    }
    if (!main && opening.opener != Opener::kDass && opening.opener != Opener::kOb &&
        opening.opener != Opener::kInterrogative && !split)
      confidence *= 0.4;
    if (clause.passive) confidence *= 0.7;
    // "..., soll er sagen": what is asked of him, but "soll er gesagt haben".
    if (clause.finite >= 0 && grammar_.IsSollen(Word(clause.finite)) && clause.main >= 0 &&
        (Word(clause.main).bits & Morphology::kParticiplePerfect) == 0) {
      confidence *= 0.5;
    }
    // "Dass es regnet, bestätigt diese Messung": the clause in front is the subject.
    if (!main && opening.opener == Opener::kDass && !cue.impersonal && !cue.entry->phrase &&
        cue.speaker.size() > 1 && actors_.ActorsOf(cue.speaker).empty()) {
      confidence *= 0.4;
    }
    if (cue.speaker.empty() && !cue.impersonal) confidence *= 0.6;
    if (confidence < kMinQuote) continue;
    const auto unframed = [this](int32_t s) {
      // "..., sagt Berg, der den Klub vertritt": a relative pronoun that looks like an article.
      const Segment& behind_frame = SegmentAt(s);
      const WordInfo& first = Word(behind_frame.tokens.begin);
      const int32_t finite = ClauseAt(behind_frame.clause).finite;
      return cues_[static_cast<size_t>(behind_frame.clause)].entry == nullptr &&
             !(behind_frame.verb_last && first.Has(ClauseWord::kRelative)) &&
             // "..., sagte Berg, er will sparen": told of him.
             !(first.Has(ClauseWord::kSame) && finite >= 0 &&
               (Word(finite).bits & Morphology::kSingular) != 0);
    };
    TokenRange rest;
    if (after != nullptr) {
      // "Wer komme, meint Berg, werde es sehen": the verb of what began before the frame.
      const bool told =
          after->mood == ClauseMood::kKonjunktiv1 || after->mood == ClauseMood::kWuerde;
      const bool own = after->kind == ClauseKind::kMain &&
                       (told ? !after->verb_first || !main || split
                             : split || (main && !konjunktiv && !after->verb_first &&
                                         !after->coordinated && unframed(behind)));
      if (own || after->opener == Opener::kDass ||
          SegmentAt(behind).clause < static_cast<int32_t>(c)) {
        rest = {SegmentAt(behind).tokens.begin, parse_.tokens.end};
      }
    }
    Draft* draft = Add(ClaimKind::kIndirect, "verb.after", confidence);
    draft->content.push_back(content);
    if (!rest.empty()) draft->content.push_back(rest);
    Take(static_cast<int32_t>(c), draft);
  }
}

bool ClaimFinder::IsParenthesis(int32_t c) const {
  // "wie Berg sagte" tells whose words these are; "wie der Verein sich nennt" and "wie Berg das
  // behaupten konnte" do not.
  const SentenceClause& clause = ClauseAt(c);
  const ReportingEntry& entry = *cues_[static_cast<size_t>(c)].entry;
  constexpr uint32_t kClausal = Frame::kDass | Frame::kVerbSecond;
  const bool quotes = (entry.frames & (Frame::kQuote | Frame::kNaming)) == Frame::kQuote;
  if ((entry.frames & kClausal) == 0 && !quotes) return false;
  return clause.main == clause.finite || clause.finite < 0 ||
         !grammar_.IsModal(Word(clause.finite));
}

void ClaimFinder::FindWie() {
  for (size_t c = 0; c < parse_.clauses.size(); ++c) {
    Cue& cue = cues_[c];
    const SentenceClause& clause = parse_.clauses[c];
    if (cue.entry == nullptr || cue.used || clause.opener != Opener::kWie) continue;
    if (cue.speaker.empty() && !cue.impersonal) continue;
    // "wie Reste von Geschirr andeuten".
    if (!cue.speaker.empty() && !cue.impersonal && !MaySpeak(cue.speaker)) continue;
    if (!IsParenthesis(static_cast<int32_t>(c))) continue;
    // "wie es der Vorschlag vorsieht": no words of anybody.
    if (clause.tokens.begin + 1 < clause.tokens.end &&
        Word(clause.tokens.begin + 1).Has(ClauseWord::kExpletive) &&
        (cue.entry->frames & Frame::kQuote) == 0) {
      continue;
    }
    if (cue.entry->strength == Strength::kWeak && cue.impersonal && clause.passive) continue;
    // "ein Stil, wie er erwartet wird": what is like it.
    const int32_t second = clause.tokens.begin + 1;
    if (clause.passive && second < clause.tokens.end && Word(second).Has(ClauseWord::kSame))
      continue;
    TokenRange before{parse_.tokens.begin, clause.tokens.begin};
    TokenRange after{clause.tokens.end, parse_.tokens.end};
    while (!before.empty() && TokenAt(before.end - 1).kind == TokenKind::kPunctuation) --before.end;
    while (!after.empty() && TokenAt(after.begin).kind == TokenKind::kPunctuation) ++after.begin;
    if (clause.first_segment > 0) {
      const Segment& segment = SegmentAt(clause.first_segment);
      if (segment.mark_before == ':' || segment.mark_before == '&') continue;
      // "..., wie Berg sagte, und ...": a clause coordinated behind belongs to somebody else.
      if (!after.empty() && Word(after.begin).Has(ClauseWord::kCoordinator)) after = {};
      // A complement: "zeigt, wie Berg sprach", but "habe Mut gezeigt, wie Berg sagte".
      bool complement = false;
      const int32_t parent = SegmentAt(clause.first_segment - 1).clause;
      if (parent >= 0 && cues_[static_cast<size_t>(parent)].entry != nullptr &&
          (cues_[static_cast<size_t>(parent)].entry->frames & Frame::kInterrogative) != 0 &&
          after.empty() && !ClauseAt(parent).reports()) {
        complement = true;
      }
      if (complement) continue;
      bool taken = false;
      if (!before.empty())
        taken = InContent(before.begin) || cues_[static_cast<size_t>(SegmentAt(0).clause)].used;
      if (taken) continue;
    }
    // "..., wie Obmann Berg sagt, der auch dem Klub vorsitzt."; what a colon leads over to.
    if (!before.empty() && !after.empty()) {
      const int32_t next = SegmentOf(after.begin);
      const bool colon = next > 0 && SegmentAt(next).mark_before == ':' &&
                         !ClauseAt(SegmentAt(next).clause).reports();
      if (colon || DescribesSpeaker(after)) after = {};
    }
    if (before.empty() && after.empty()) continue;
    // Who relays a claim that has a speaker of its own is a link of its chain.
    bool inner = false;
    for (size_t d = 0; d < parse_.clauses.size(); ++d) {
      if (d == c || cues_[d].entry == nullptr || cues_[d].entry->strength != Strength::kStrong)
        continue;
      if (parse_.clauses[d].kind != ClauseKind::kMain) continue;
      // A main clause that reports by itself: "halten für möglich, dass ..., wie die Post
      // berichtete".
      const bool complement = d + 1 < parse_.clauses.size() && d + 1 != c &&
                              (parse_.clauses[d + 1].opener == Opener::kDass ||
                               parse_.clauses[d + 1].kind == ClauseKind::kInfinitive);
      const bool predicate = (cues_[d].entry->frames & Frame::kAls) != 0 && d + 1 == c + 2 &&
                             clause.first_segment == 0;
      inner = inner || complement || predicate;
    }
    if (inner) {
      relays_.emplace_back(sentence_, cue.speaker);
      cue.used = true;
      continue;
    }
    relays_.emplace_back(sentence_, cue.speaker);
    double confidence = cue.entry->strength == Strength::kStrong ? 0.85 : 0.5;
    if (IsAnybody(cue.speaker)) confidence = 0.3;  // "wie man so sagt": nobody does.
    Draft* draft = Add(ClaimKind::kIndirect, "wie", confidence);
    if (!before.empty()) draft->content.push_back(before);
    if (!after.empty()) draft->content.push_back(after);
    Take(static_cast<int32_t>(c), draft);
    auto& tokens = draft->cue;
    tokens.insert(tokens.begin(), clause.tokens.begin);
    draft->frame.clear();
    TokenRange frame = clause.tokens;
    if (!before.empty()) frame.begin = before.end;
    if (!after.empty()) frame.end = after.begin;
    draft->frame.push_back(frame);
  }
}

}  // namespace lagebild::extract
