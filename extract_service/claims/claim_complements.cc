#include <algorithm>

#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {

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

bool ClaimFinder::CommentsOnAll(const Segment& segment) const {
  const Cue& cue = cues_[static_cast<size_t>(segment.clause)];
  return segment.mark_before == ',' && cue.entry != nullptr &&
         Word(segment.tokens.begin).Has(ClauseWord::kAllBefore) &&
         !Word(cue.speaker.begin).Has(ClauseWord::kSame) && !ClauseAt(segment.clause).reports() &&
         cue.entry->act != ClaimAct::kAssert && cue.entry->strength == Strength::kStrong &&
         cue.speaker.begin > segment.tokens.begin;
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
    // "dass die Zahlen – wie Berg sagt – falsch seien": the content goes on behind it.
    const bool goes_on = clause.opener == Opener::kWie && clause.last_segment == s &&
                         static_cast<size_t>(s) + 1 < parse_.segments.size() &&
                         SegmentAt(s + 1).clause == told;
    if ((clause.opener == Opener::kWie || CommentsOnAll(segment)) &&
        cues_[static_cast<size_t>(segment.clause)].entry != nullptr && !goes_on) {
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
    // "singt, er sei ein Wrack, dabei klingt er gesund": the writer goes on.
    if (content.mood == ClauseMood::kKonjunktiv1 && clause.mood == ClauseMood::kIndicative &&
        segment.mark_before == ',' && clause.first_segment == s && !clause.verb_first &&
        content.opener == Opener::kNone && content.kind == ClauseKind::kMain) {
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
        // "muss erklären, warum er schwieg": it is still to be said.
        if (clause.finite != clause.main && clause.finite >= 0 && !cue.negated &&
            grammar_.IsMuessen(Word(clause.finite)) &&
            (Word(clause.finite).bits & Morphology::kPast) == 0) {
          return false;
        }
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
          // "warnten davor, und scheinen recht zu haben": another main clause.
          if (segment.tokens.size() > 1 && Word(segment.tokens.begin + 1).verb &&
              Word(segment.tokens.begin).Has(ClauseWord::kCoordinator)) {
            return false;
          }
          // "klagen über Mängel, die sie zwingen, umzusteigen": of the verb right before.
          if ((frames & Frame::kInfinitive) == 0 && s > verb_segment + 1 &&
              ClauseAt(SegmentAt(s - 1).clause).kind == ClauseKind::kRelative) {
            return false;
          }
          // "betonte das Recht des Landes, sich zu wehren": of the noun before it.
          if ((frames & (Frame::kToAccusative | Frame::kToDative)) == 0 &&
              HasObjectBefore(segment.tokens.begin, cue)) {
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
        // "schimpfte über den Schiedsrichter: Der Klub verlor": what is meant has been said.
        if (!quoted && segment.mark_before == ':' &&
            HasPrepositionalObject(c, frames & Frame::kUeber)) {
          confidence *= 0.5;
        }
        // "sagte Berg: Wir sind bereit": nobody else says "we".
        if (segment.mark_before == ':' && SpeaksOfFirstPerson(d)) {
          confidence = std::max(confidence, 0.85);
        }
        // "Alle gehen von einem Sieg aus, sie trauen sich viel zu": likewise.
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
    // "hofft, dass er nicht erklären muss, dass ...": nobody has.
    if (cue.negated && clause.finite >= 0 && clause.finite != clause.main &&
        grammar_.IsMuessen(Word(clause.finite))) {
      confidence *= 0.4;
    }
    if ((frames & Frame::kDeed) != 0) {
      // "Die Bilder zeigen, dass ...": seen by the writer as likely as by anybody.
      const int32_t p = cue.speaker.empty() ? -1 : phrases_.Outermost(cue.speaker.begin);
      const bool source = p >= 0 && SourceEntry(phrases_[p]) != nullptr;
      if (IsDeed(c)) {
        confidence *= 0.5;
      } else if (!source && actors_.ActorOf(cue.speaker) < 0) {
        confidence *= 0.8;
      }
    }
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
      // "Er soll alles gestanden haben, dennoch habe der Richter gezögert": one beside the other.
      if (grammar_.IsSollen(Word(clause.finite)) && HasPerfectInfinitive(clause) &&
          segment.mark_before == ',') {
        confidence *= 0.4;
      }
    }
    // "Sie sollen begreifen, dass ...": what somebody else wants of them.
    if (clause.kind == ClauseKind::kMain && grammar_.IsSollen(Word(clause.finite)) &&
        (Word(clause.main).bits & Morphology::kInfinitive) != 0) {
      confidence *= 0.4;
    }
    if (IsInferred(c)) confidence *= 0.6;
    if (clause.kind == ClauseKind::kInfinitive) confidence *= 0.5;
    if (clause.opener == Opener::kSubordinator) confidence *= 0.7;
    if (cue.speaker.empty() && !cue.impersonal && clause.kind == ClauseKind::kMain)
      confidence *= 0.8;
    // "Der Stadt droht juristischer Ärger: ...".
    if (!cue.speaker.empty() && !cue.impersonal && !MaySpeak(cue.speaker)) confidence *= 0.5;
    if (confidence < kMinQuote) return false;
    Draft* draft = Add(ClaimKind::kIndirect, rule, confidence);
    draft->content.push_back({SegmentAt(first).tokens.begin, ComplementEnd(c, first)});
    Take(c, draft);
    // "wies das zurück: Der Deich sei sicher": what is said instead.
    if (rule == "verb.second" && segment.mark_before == ':' && draft->entry != nullptr &&
        draft->entry->polarity == Polarity::kNegative) {
      draft->entry = &kNoReportingEntry;
      draft->negated = false;
    }
    // "hat keinen Zweifel, dass ...": is convinced.
    if (cue.entry->phrase && cue.entry->polarity == Polarity::kNegative && !cue.negated &&
        cue.phrase_word > parse_.tokens.begin &&
        Word(cue.phrase_word - 1).Has(ClauseWord::kNegation)) {
      draft->entry = &kJudgingEntry;
    }
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

bool ClaimFinder::IsDeed(int32_t c) const {
  const SentenceClause& clause = ClauseAt(c);
  const Cue& cue = cues_[static_cast<size_t>(c)];
  if (clause.finite >= 0 && clause.finite != clause.main && grammar_.IsModal(Word(clause.finite))) {
    return true;
  }
  const int32_t p = phrases_.Outermost(cue.speaker.begin);
  if (cue.speaker.empty() || (p >= 0 && SourceEntry(phrases_[p]) != nullptr)) return false;
  const int32_t actor = actors_.ActorOf(cue.speaker);
  if (actor < 0) return Word(cue.speaker.begin).Has(ClauseWord::kSame);
  const ActorType type = document_.actors[static_cast<size_t>(actor)].type;
  return type != ActorType::kMedia && !(p >= 0 && IsMute(p, actor, /*of_genitive=*/false));
}

bool ClaimFinder::HasObjectBefore(int32_t infinitive, const Cue& cue) const {
  const int32_t comma = infinitive - 1;
  const int32_t p = comma > parse_.tokens.begin ? phrases_.Outermost(comma - 1) : -1;
  if (p < 0 || cue.entry->phrase) return false;
  // "lobte die Entscheidung, zu sparen": what has been said is told of.
  if (phrases_[p].head >= 0 && reporting_.ContentNoun(Lower(phrases_[p].head)) != nullptr) {
    return false;
  }
  const NounPhrase& phrase = phrases_[p];
  return phrase.tokens.end == comma && phrase.kind == PhraseKind::kNominal && phrase.definite &&
         phrase.preposition < 0 && phrase.tokens.begin >= cue.speaker.end && !cue.speaker.empty() &&
         phrase.coordination < 0 &&
         (!phrase.morphology.Has(Morphology::kCases) ||
          phrase.morphology.Has(Morphology::kAccusative));
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
