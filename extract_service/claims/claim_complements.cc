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
    if (clause.kind != ClauseKind::kMain || !clause.verb_first || clause.coordinated) continue;
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
    const bool split = opening.opener == Opener::kSubordinator && after != nullptr && !unlisted &&
                       !cue.speaker.empty() && GoesOnBehindFrame(SegmentAt(behind).clause);
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
    if (!main && opening.opener != Opener::kDass && opening.opener != Opener::kOb &&
        opening.opener != Opener::kInterrogative && !split)
      confidence *= 0.4;
    if (clause.passive) confidence *= 0.7;
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
                       (told ? !after->verb_first || !main
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
    Draft* draft =
        Add(ClaimKind::kIndirect, "wie", cue.entry->strength == Strength::kStrong ? 0.85 : 0.5);
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

int32_t ClaimFinder::ComplementEnd(int32_t c, int32_t first_segment) const {
  const int32_t begin = SegmentAt(first_segment).tokens.begin;
  int32_t end = ClausalEnd(c, first_segment);
  // "Die Leute riefen, dass es reicht, so Berg": his words hold theirs.
  if (const int32_t quotative = QuotativeBehind(begin); quotative >= 0) {
    end = std::min(end, quotative);
  }
  while (end > begin + 1 && document_.TokenText(end - 1) == ",") --end;
  return end;
}

int32_t ClaimFinder::ClausalEnd(int32_t c, int32_t first_segment) const {
  const SentenceClause& content = ClauseAt(SegmentAt(first_segment).clause);
  const bool konjunktiv = content.mood == ClauseMood::kKonjunktiv1 ||
                          content.mood == ClauseMood::kWuerde ||
                          content.mood == ClauseMood::kKonjunktiv2;
  const int32_t told = SegmentAt(first_segment).clause;
  const bool embedded = ClauseAt(c).kind != ClauseKind::kMain;
  for (int32_t s = first_segment + 1; s < static_cast<int32_t>(parse_.segments.size()); ++s) {
    const Segment& segment = SegmentAt(s);
    const SentenceClause& clause = ClauseAt(segment.clause);
    // "hält die Annahme, dass es regnet, für falsch": behind its verb a clause is over.
    if (segment.clause == told && content.opener != Opener::kNone && content.finite >= 0 &&
        content.finite == SegmentAt(s - 1).tokens.end - 1 && segment.mark_before == ',' &&
        segment.finite < 0 && segment.opener == Opener::kNone && !segment.infinitive &&
        !Word(segment.tokens.begin).Has(ClauseWord::kCoordinator)) {
      return SegmentAt(s - 1).tokens.end;
    }
    if (segment.clause == told) continue;
    // A clause that began before the content goes on: "Die Annahme, dass ..., war falsch".
    if (segment.clause < told && Word(segment.tokens.begin).quotation < 0) {
      return SegmentAt(s - 1).tokens.end;
    }
    // "Nachdem bekannt wurde, dass ..., stieg der Kurs": the main clause of the frame.
    if (embedded && clause.kind == ClauseKind::kMain && clause.verb_first &&
        segment.mark_before == ',' && clause.first_segment == s) {
      return SegmentAt(s - 1).tokens.end;
    }
    if (clause.opener == Opener::kWie &&
        cues_[static_cast<size_t>(segment.clause)].entry != nullptr) {
      return SegmentAt(s - 1).tokens.end;
    }
    if (segment.mark_before == ';' || segment.mark_before == ':')
      return SegmentAt(s - 1).tokens.end;
    if (clause.kind != ClauseKind::kMain || clause.finite < 0) continue;
    const bool report = clause.mood == ClauseMood::kKonjunktiv1 ||
                        clause.mood == ClauseMood::kWuerde ||
                        clause.mood == ClauseMood::kKonjunktiv2;
    if (report) continue;
    // "rief auf, mehr zu spenden, der Verein sprach von Hohn": one beside the other.
    if (content.kind == ClauseKind::kInfinitive && segment.mark_before == ',' &&
        clause.first_segment == s && !clause.verb_first) {
      return SegmentAt(s - 1).tokens.end;
    }
    // "bat, das Bild zu malen – sie mochte es": what the writer adds, unless the content goes on.
    if (segment.mark_before == '-' && clause.first_segment == s) {
      bool goes_on = false;
      for (size_t later = static_cast<size_t>(s) + 1; later < parse_.segments.size(); ++later) {
        goes_on = goes_on || parse_.segments[later].clause == told;
      }
      if (!goes_on) return SegmentAt(s - 1).tokens.end;
    }
    // Behind a colon all is told, up to another frame.
    if (clause.coordinated && SegmentAt(first_segment).mark_before == ':' &&
        cues_[static_cast<size_t>(segment.clause)].entry == nullptr) {
      continue;
    }
    if (clause.coordinated &&
        (clause.verb_first || !konjunktiv || clause.mood == ClauseMood::kIndicative)) {
      return SegmentAt(s - 1).tokens.end;
    }
    if (clause.coordinated && cues_[static_cast<size_t>(segment.clause)].entry != nullptr &&
        cues_[static_cast<size_t>(segment.clause)].entry->strength == Strength::kStrong) {
      return SegmentAt(s - 1).tokens.end;
    }
    // "dass ..., sagte Berg": the frame behind has been read as such.
    if (clause.verb_first && cues_[static_cast<size_t>(segment.clause)].entry != nullptr)
      return SegmentAt(s - 1).tokens.end;
  }
  return parse_.tokens.end;
}

void ClaimFinder::FindComplements() {
  for (size_t c = 0; c < parse_.clauses.size(); ++c) {
    Cue& cue = cues_[c];
    if (cue.used) continue;
    if (parse_.clauses[c].opener == Opener::kWhereby && TryWhereby(static_cast<int32_t>(c)))
      continue;
    if (cue.entry == nullptr) {
      TryContentNoun(static_cast<int32_t>(c));
      continue;
    }
    const SentenceClause& clause = parse_.clauses[c];
    if (clause.main >= 0 && InContent(clause.main)) continue;
    if (TryComplement(static_cast<int32_t>(c))) continue;
    if (TryPointing(static_cast<int32_t>(c))) continue;
    TryContentNoun(static_cast<int32_t>(c));
  }
}

bool ClaimFinder::TryComplement(int32_t c) {
  const SentenceClause& clause = ClauseAt(c);
  const Cue& cue = cues_[static_cast<size_t>(c)];
  const uint32_t frames = cue.entry->frames;
  const bool strong = cue.entry->strength == Strength::kStrong;
  const auto count = static_cast<int32_t>(parse_.segments.size());
  // From the segment of the verb on, over appositions and relative clauses, to the complement.
  int32_t verb_segment = clause.first_segment;
  for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
    if (SegmentAt(s).clause == c && (SegmentAt(s).tokens.Contains(clause.main) ||
                                     SegmentAt(s).tokens.Contains(clause.finite))) {
      verb_segment = s;
    }
  }
  for (int32_t s = verb_segment + 1; s < count && s <= verb_segment + 5; ++s) {
    const Segment& segment = SegmentAt(s);
    const int32_t d = segment.clause;
    if (d == c) continue;
    // "Als Stück, das Mut verlange, kündigte Berg ...": the clause around goes on.
    if (d < c) return false;
    const SentenceClause& content = ClauseAt(d);
    if (content.kind == ClauseKind::kRelative && content.opener == Opener::kRelative) continue;
    if (segment.mark_before == '&' || segment.mark_before == ';') return false;
    double confidence = 0;
    std::string_view rule;
    int32_t first = s;
    switch (content.opener) {
      case Opener::kDass:
        rule = "verb.dass";
        confidence = strong ? 0.92 : 0.7;
        if ((frames & Frame::kDass) == 0) confidence *= 0.8;
        if (!strong && (frames & (Frame::kAuf | Frame::kMit | Frame::kAn)) != 0 && !cue.correlate)
          confidence *= 0.5;
        break;
      case Opener::kOb:
      case Opener::kInterrogative:
      case Opener::kWie:
        rule = "verb.question";
        confidence =
            (frames & (Frame::kOb | Frame::kInterrogative)) != 0 ? (strong ? 0.55 : 0.3) : 0.1;
        // "fragte, warum er schweige": the mood alone tells that somebody's words are reported.
        if (content.mood == ClauseMood::kKonjunktiv1) confidence = std::max(confidence, 0.75);
        break;
      case Opener::kSubordinator:
      case Opener::kNone:
      case Opener::kInfinitive:
      case Opener::kRelative:
      case Opener::kWhereby: {
        const SentenceClause* told = &content;
        if (content.opener == Opener::kSubordinator) {
          // "sagte, wenn es regne, komme er nicht": the main clause behind decides.
          int32_t next = content.last_segment + 1;
          if (next >= count) return false;
          told = &ClauseAt(SegmentAt(next).clause);
          if (told->kind != ClauseKind::kMain || !told->verb_first) return false;
        } else if (content.opener != Opener::kNone) {
          return false;
        }
        if (content.kind == ClauseKind::kInfinitive) {
          rule = "verb.infinitive";
          if (segment.mark_before == ':') return false;
          // "klagen über Mängel, die sie zwingen, umzusteigen": of the verb right before.
          if ((frames & Frame::kInfinitive) == 0 && s > verb_segment + 1 &&
              ClauseAt(SegmentAt(s - 1).clause).kind == ClauseKind::kRelative) {
            return false;
          }
          confidence = (frames & Frame::kInfinitive) != 0 ? (strong ? 0.9 : 0.5)
                       : strong                           ? 0.8
                                                          : 0.3;
          break;
        }
        if (told->kind != ClauseKind::kMain) return false;
        // "Richter lehnte Haft ab – Mann könnte frei bleiben": the next headline.
        if (segment.mark_before == '-' && !content.reports()) return false;
        if (told == &content && content.verb_first && segment.mark_before != ':') return false;
        // "Berg spielte das herunter: Nach wie vor gelte das Verbot, so Wolf."
        if (segment.mark_before == ':' && FramedBehind(segment.tokens.begin)) return false;
        if (segment.tokens.size() > 0 && Word(segment.tokens.begin).quotation >= 0 &&
            Word(segment.tokens.end - 1).quotation == Word(segment.tokens.begin).quotation) {
          return false;  // FindQuotes().
        }
        rule = "verb.second";
        const bool report = told->mood == ClauseMood::kKonjunktiv1;
        const bool second =
            told->mood == ClauseMood::kWuerde || told->mood == ClauseMood::kKonjunktiv2;
        if (content.coordinated) return false;
        if (report || second) {
          // Nothing else than a report puts a main clause behind the verb into this mood.
          confidence = report ? (strong ? 0.95 : 0.7) : strong ? 0.9 : 0.45;
          break;
        }
        if (!strong) break;
        const bool quoted = told->finite >= 0 && Word(told->finite).quotation >= 0;
        confidence = quoted                                 ? 0.6
                     : told->mood == ClauseMood::kAmbiguous ? 0.65
                     : segment.mark_before == ':'           ? 0.4
                                                            : 0.25;
        if ((frames & Frame::kVerbSecond) == 0) confidence *= 0.65;
        // "Alle gehen von einem Sieg aus, sie trauen sich viel zu": what is meant has been said.
        if (!quoted && segment.mark_before == ',' && HasPrepositionalObject(c, frames)) {
          confidence *= 0.5;
        }
        // "Der Verband begrüßte den Plan, die Gewerkschaft bedauerte ihn": one beside the other.
        if (!quoted && segment.mark_before == ',' &&
            cues_[static_cast<size_t>(d)].entry != nullptr &&
            cues_[static_cast<size_t>(d)].speaker.begin >= content.tokens.begin) {
          confidence *= 0.5;
        }
        break;
      }
    }
    if (cue.negated && !strong) confidence *= 0.5;
    // "Das zeigt allen, dass ...": no speaker.
    if (cue.speaker.size() == 1 && Word(cue.speaker.begin).Has(ClauseWord::kPointing)) {
      confidence *= 0.4;
    }
    // "Die Schulen sind gefordert, ...": a state.
    if (rule == "verb.infinitive" && clause.finite >= 0 && grammar_.IsBe(Word(clause.finite)) &&
        clause.main != clause.finite && !clause.passive && !cue.entry->phrase) {
      confidence *= 0.4;
    }
    if (clause.finite >= 0 && rule == "verb.second") {
      // "als Gäste gemeldet sind, ...": a state. "würde entscheiden: ...": nobody has.
      if (grammar_.IsBe(Word(clause.finite)) && clause.main != clause.finite) confidence *= 0.5;
      if (!strong && clause.mood == ClauseMood::kWuerde) confidence *= 0.5;
    }
    // "Sie sollen begreifen, dass ...": what somebody else wants of them.
    if (clause.kind == ClauseKind::kMain && grammar_.IsSollen(Word(clause.finite)) &&
        (Word(clause.main).bits & Morphology::kInfinitive) != 0) {
      confidence *= 0.4;
    }
    if (clause.kind == ClauseKind::kInfinitive) confidence *= 0.5;
    if (clause.opener == Opener::kSubordinator) confidence *= 0.7;
    if (cue.speaker.empty() && !cue.impersonal && clause.kind == ClauseKind::kMain)
      confidence *= 0.8;
    if (confidence < kMinQuote) return false;
    Draft* draft = Add(ClaimKind::kIndirect, rule, confidence);
    draft->content.push_back({SegmentAt(first).tokens.begin, ComplementEnd(c, first)});
    Take(c, draft);
    if (const ReportingEntry* manner = MannerOf(c); manner != nullptr) {
      draft->entry = manner;
      draft->negated = false;
    }
    return true;
  }
  return false;
}

const ReportingEntry* ClaimFinder::MannerOf(int32_t c) const {
  const SentenceClause& clause = ClauseAt(c);
  for (int32_t t = clause.tokens.begin + 1; t < clause.tokens.end; ++t) {
    if (ClauseOf(t) != c || TokenAt(t).pos != Pos::kNoun) continue;
    const ReportingEntry* noun = reporting_.ContentNoun(Lower(t));
    if (noun == nullptr || noun->act != ClaimAct::kAssert ||
        noun->certainty != Certainty::kCertain) {
      continue;
    }
    const int32_t p = phrases_.Outermost(t);
    if (p >= 0 && phrases_[p].head == t && phrases_[p].preposition >= 0 &&
        FrameOf(Lower(phrases_[p].preposition)) == Frame::kMit) {
      return noun;
    }
  }
  return nullptr;
}

bool ClaimFinder::HasPrepositionalObject(int32_t c, uint32_t frames) const {
  const auto [first, last] = phrases_.InSentence(sentence_);
  for (int32_t p = first; p < last; ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (phrase.preposition >= 0 && phrase.kind != PhraseKind::kPronoun &&
        ClauseOf(phrase.tokens.begin) == c &&
        (FrameOf(Lower(phrase.preposition)) & frames & Frame::kPrepositions) != 0) {
      return true;
    }
  }
  return false;
}

bool ClaimFinder::FramedBehind(int32_t begin) const {
  return InContent(begin) || QuotativeBehind(begin) >= 0;
}

int32_t ClaimFinder::QuotativeBehind(int32_t begin) const {
  int32_t end = parse_.tokens.end;
  for (int32_t s = SegmentOf(begin) + 1; s < static_cast<int32_t>(parse_.segments.size()); ++s) {
    const char mark = SegmentAt(s).mark_before;
    if (mark == ';' || mark == ':') {
      end = SegmentAt(s).tokens.begin;
      break;
    }
  }
  for (const Adjunct& adjunct : adjuncts_) {
    if (adjunct.rule == "adjunct.so" && adjunct.tokens.begin > begin &&
        adjunct.tokens.begin < end) {
      return adjunct.tokens.begin;
    }
  }
  return -1;
}

bool ClaimFinder::TryWhereby(int32_t c) {
  // "Berichte, wonach der Deich brach": the clause is what the source before it says.
  const SentenceClause& clause = ClauseAt(c);
  int32_t opener = clause.tokens.begin;
  if (Word(opener).Has(ClauseWord::kCoordinator)) ++opener;
  if (TokenAt(opener).pos == Pos::kAdposition && Word(opener).Has(ClauseWord::kNach)) ++opener;
  if (opener + 1 >= clause.tokens.end || clause.first_segment == 0) return false;
  const int32_t parent = SegmentAt(clause.first_segment - 1).clause;
  const bool relative = opener > clause.tokens.begin && Word(opener - 1).Has(ClauseWord::kNach) &&
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

bool ClaimFinder::TakeQuoteBefore(int32_t c) {
  // "„Ich habe gebremst.“ So schilderte der Fahrer den Unfall.": who the words before are of.
  const SentenceClause& clause = ClauseAt(c);
  const int32_t begin = clause.tokens.begin;
  if (drafts_.empty() || begin == 0 || clause.finite < 0) return false;
  Draft& quote = drafts_.back();
  if (quote.rule != "quote.bare" || !quote.speaker.empty() || quote.content.empty()) return false;
  // "„...“. Das": its stop may stand behind the marks.
  for (int32_t t = quote.content.back().end; t < begin; ++t) {
    if (TokenAt(t).kind != TokenKind::kPunctuation) return false;
  }
  const bool points = Word(begin).Has(ClauseWord::kSo | ClauseWord::kPointing) ||
                      TokenAt(begin).pos == Pos::kAdposition;
  const Cue& cue = cues_[static_cast<size_t>(c)];
  if (!points || cue.speaker.begin < clause.finite || cue.speaker.empty()) return false;
  quote.rule = "quote.pointing";
  quote.confidence = std::max(quote.confidence, 0.6);
  Take(c, &quote);
  quote.frame.clear();
  quote.frame.push_back(parse_.tokens);
  return true;
}

bool ClaimFinder::TryPointing(int32_t c) {
  const SentenceClause& clause = ClauseAt(c);
  const Cue& cue = cues_[static_cast<size_t>(c)];
  if (clause.kind == ClauseKind::kMain && TakeQuoteBefore(c)) return true;
  if (sentence_ == 0 || clause.kind != ClauseKind::kMain ||
      clause.finite != clause.tokens.begin + 1)
    return false;
  if (cue.entry->strength != Strength::kStrong || (cue.entry->frames & Frame::kDass) == 0)
    return false;
  if (!Word(clause.tokens.begin).Has(ClauseWord::kPointing) || cue.speaker.empty()) return false;
  if (cue.speaker.begin <= clause.finite) return false;
  TokenRange before = document_.sentences[static_cast<size_t>(sentence_) - 1].tokens;
  while (before.size() > 1 && TokenAt(before.end - 1).kind == TokenKind::kPunctuation) --before.end;
  Draft* draft = Add(ClaimKind::kIndirect, "verb.pointing", 0.5);
  draft->content.push_back(before);
  draft->content.push_back({clause.tokens.begin, clause.tokens.begin + 1});
  Take(c, draft);
  return true;
}

}  // namespace lagebild::extract
