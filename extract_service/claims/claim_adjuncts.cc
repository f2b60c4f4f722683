#include <algorithm>
#include <array>

#include "extract_service/claims/claim_finder.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {

const ReportingEntry* ClaimFinder::SourceEntry(const NounPhrase& phrase) const {
  if (phrase.head < 0) return nullptr;
  const Token& head = TokenAt(phrase.head);
  const std::string_view lemma =
      head.lemma == Token::kNoLemma ? std::string_view() : lexicon_.Lemma(head.lemma);
  std::array<char, 96> buffer;
  return reporting_.SourceNoun(ToLower(document_.TextOf(head), &buffer), lemma);
}

bool ClaimFinder::IsNominal(int32_t token) const {
  const Pos pos = TokenAt(token).pos;
  return pos == Pos::kNoun || pos == Pos::kProperNoun;
}

int32_t ClaimFinder::PrefieldEnd(int32_t token) const {
  // End of the constituent before the verb of a main clause if the token opens it, -1 = it does
  // not.
  const int32_t c = ClauseOf(token);
  if (c < 0 || ClauseAt(c).kind != ClauseKind::kMain || ClauseAt(c).tokens.begin != token)
    return -1;
  return ClauseAt(c).finite;
}

bool ClaimFinder::AreCapitalized(const TokenRange& range) const {
  for (int32_t t = range.begin; t < range.end; ++t) {
    if (!TokenAt(t).capitalized) return false;
  }
  return true;
}

int32_t ClaimFinder::NominalBefore(int32_t end) const {
  while (end > parse_.tokens.begin && !IsNominal(end - 1)) --end;
  return end;
}

bool ClaimFinder::Judges(int32_t phrase, int32_t finite) const {
  if (finite != phrases_[phrase].tokens.end || !grammar_.IsCopula(Word(finite)) ||
      actors_.ActorOf(phrases_[phrase].tokens) < 0) {
    return false;
  }
  const TokenRange clause = ClauseAt(ClauseOf(finite)).tokens;
  for (int32_t t = finite + 1; t < clause.end; ++t) {
    if (Word(t).quotation >= 0) return true;
  }
  return false;
}

void ClaimFinder::FindAdjuncts() {
  adjuncts_.clear();
  const TokenRange range = parse_.tokens;
  for (int32_t t = range.begin; t < range.end; ++t) {
    const WordInfo& word = Word(t);
    constexpr uint64_t kCues = ClauseWord::kLaut | ClauseWord::kZufolge | ClauseWord::kNach |
                               ClauseWord::kSo | ClauseWord::kAccordingly | ClauseWord::kFrom |
                               ClauseWord::kWithin | ClauseWord::kInTheEyesOf;
    if (!word.Has(kCues) || word.quotation >= 0) continue;
    // "ein Gutachten, laut dem die Brücke hält": the clause is the source's.
    if (const int32_t c = ClauseOf(t);
        c >= 0 && ClauseAt(c).opener == Opener::kWhereby && ClauseAt(c).tokens.begin == t) {
      continue;
    }
    Adjunct adjunct;
    adjunct.cue = t;
    const auto phrase_at = [&](int32_t token) {
      return token < range.end ? phrases_.Outermost(token) : -1;
    };
    if (word.Has(ClauseWord::kLaut)) {
      const int32_t p = phrase_at(t + 1);
      if (p >= 0 && phrases_[p].tokens.begin == t + 1) {
        constexpr uint32_t kSpeakers = WordClass::kOffice | WordClass::kPersonNoun |
                                       WordClass::kOrganizationNoun | WordClass::kMediaNoun |
                                       WordClass::kGroupNoun;
        adjunct.entry = SourceEntry(phrases_[p]);
        if (!word.Has(ClauseWord::kAnyNoun) && adjunct.entry == nullptr &&
            !phrases_[p].classes.Has(kSpeakers))
          continue;
        adjunct.speaker = SpeakerRange(p);
      } else if (t + 1 < range.end && Word(t + 1).quotation >= 0 &&
                 word.Has(ClauseWord::kAnyNoun)) {
        adjunct.speaker = document_.quotations[static_cast<size_t>(Word(t + 1).quotation)].tokens;
        if (adjunct.speaker.size() > 10 || adjunct.speaker.end > range.end) continue;
      } else if (t + 1 < range.end && TokenAt(t + 1).kind == TokenKind::kWord &&
                 (TokenAt(t + 1).capitalized || IsNominal(t + 1))) {
        adjunct.speaker = {t + 1, t + 2};
      } else if (const int32_t end = NominalBefore(PrefieldEnd(t)); end > t + 1) {
        adjunct.speaker = {t + 1, end};  // "Laut einer am Dienstag verbreiteten Mitteilung ...".
      } else {
        continue;
      }
      adjunct.tokens = {t, adjunct.speaker.end};
      adjunct.rule = "adjunct.laut";
      adjunct.confidence = 0.93;
    } else if (word.Has(ClauseWord::kZufolge)) {
      int32_t p = t > range.begin ? phrases_.Outermost(t - 1) : -1;
      const int32_t opening = ClauseOf(t) < 0 ? t : ClauseAt(ClauseOf(t)).tokens.begin;
      const bool bare = opening + 1 == t && TokenAt(opening).capitalized;  // "Berichten zufolge".
      if (p < 0 && !bare && (opening == t || PrefieldEnd(opening) != t + 1)) continue;
      adjunct.speaker = p < 0 ? TokenRange{opening, t} : SpeakerRange(p);
      // "den Behörden in Sandau zufolge".
      for (int i = 0; i < 2 && p >= 0 && phrases_[p].preposition > range.begin; ++i) {
        p = phrases_.Outermost(phrases_[p].preposition - 1);
        if (p < 0) break;
        adjunct.speaker.begin = phrases_[p].tokens.begin;
      }
      if (p >= 0) adjunct.entry = SourceEntry(phrases_[p]);
      adjunct.speaker.end = std::min(adjunct.speaker.end, t);
      // "Dem Tag Journal zufolge steigt ...": a name that no phrase holds in full.
      if (PrefieldEnd(opening) == t + 1 && opening < adjunct.speaker.begin &&
          Word(opening).Has(ClauseWord::kArticle) &&
          AreCapitalized({opening + 1, adjunct.speaker.begin})) {
        adjunct.speaker.begin = opening;
      }
      adjunct.tokens = {adjunct.speaker.begin, t + 1};
      adjunct.rule = "adjunct.zufolge";
      adjunct.confidence = 0.93;
    } else if (word.Has(ClauseWord::kNach | ClauseWord::kFrom | ClauseWord::kWithin)) {
      // Each noun names its prepositions: "nach Angaben", "aus Sicht", "in den Augen".
      const uint32_t frame = word.Has(ClauseWord::kNach)   ? Frame::kNach
                             : word.Has(ClauseWord::kFrom) ? Frame::kAus
                                                           : Frame::kIn;
      const auto fits = [&](int32_t phrase) {
        adjunct.entry = SourceEntry(phrases_[phrase]);
        // "ein Dorn im Auge": seen with both.
        const bool one =
            frame == Frame::kIn && !phrases_[phrase].morphology.Has(Morphology::kPlural);
        return adjunct.entry != nullptr && (adjunct.entry->frames & frame) != 0 && !one;
      };
      // "nach bisher unbestätigten Berichten".
      int32_t opens = t + 1;
      while (opens + 1 < range.end && opens < t + 3 && TokenAt(opens).pos == Pos::kAdverb) ++opens;
      int32_t p = phrase_at(opens);
      if (p >= 0 && phrases_[p].tokens.begin == opens && fits(p)) {
        // "aus wissenschaftlicher Sicht": nobody's.
        const bool owned = phrases_[p].possessive || actors_.ActorOf(phrases_[p].tokens) >= 0 ||
                           phrases_[p].tokens.end > phrases_[p].core.end ||
                           (phrases_[p].tokens.end < range.end &&
                            Word(phrases_[p].tokens.end).Has(ClauseWord::kOf));
        if (frame == Frame::kAus && !owned) continue;
        // "nach umstrittenen Aussagen von Berg": later than they were made.
        if (frame == Frame::kNach && (IsJudged(phrases_[p]) || IsOccasion(phrases_[p]))) continue;
        adjunct.speaker = {t + 1, phrases_[p].tokens.end};
        // "Angaben von Augenzeugen": a source noun takes the phrase that names the source.
        const int32_t of = adjunct.speaker.end;
        if (of + 1 < range.end && Word(of).Has(ClauseWord::kOf | ClauseWord::kFrom)) {
          const int32_t q = phrases_.Outermost(of + 1);
          if (q >= 0 && phrases_[q].tokens.begin == of + 1 &&
              // "Angaben aus Justizkreisen", but "nach Angaben aus Riga".
              (Word(of).Has(ClauseWord::kOf) || phrases_[q].classes.Has(WordClass::kGroupNoun)) &&
              // "nach Angaben des Amts von den Ländern bezahlt".
              (phrases_[p].tokens.end == phrases_[p].core.end || phrases_[q].determiner < 0)) {
            adjunct.speaker.end = SpeakerRange(q).end;
          }
        }
        adjunct.speaker.end = WithOtherSource(adjunct.speaker.end);
        adjunct.tokens = {t, adjunct.speaker.end};
      } else {
        // "ihrer Meinung nach", "den Angaben nach".
        p = t > range.begin ? phrases_.Outermost(t - 1) : -1;
        if (frame != Frame::kNach || p < 0 || phrases_[p].tokens.end != t || !fits(p)) continue;
        if (phrases_[p].preposition >= 0) continue;
        // "die Versicherung nach dem Umbau": it governs what stands behind.
        const int32_t governed = phrase_at(t + 1);
        if (governed >= 0 && phrases_[governed].preposition == t && !phrases_[p].possessive) {
          continue;
        }
        adjunct.speaker = phrases_[p].tokens;
        adjunct.tokens = {adjunct.speaker.begin, t + 1};
      }
      adjunct.rule = "adjunct.nach";
      adjunct.confidence = 0.93;
      // "nach Ansicht der Bilder": having looked at them.
      const bool seen = adjunct.entry->act == ClaimAct::kAssess && IsOfMute(p);
      if (seen) adjunct.confidence = 0.4;
    } else if (word.Has(ClauseWord::kSo)) {
      if (t == range.begin) continue;
      const Token& before = TokenAt(t - 1);
      const std::string_view mark = document_.TextOf(before);
      if (before.kind != TokenKind::kClosingQuote && mark != "," && mark != "–" && mark != "-")
        continue;
      int32_t p = phrase_at(t + 1);
      if (p < 0 || phrases_[p].tokens.begin != t + 1 || phrases_[p].preposition >= 0) continue;
      bool verb = false;
      int32_t end = t + 1;
      while (end < range.end && GoesOnBehind(end)) ++end;
      const TokenRange speaker = WithBodyOf(SpeakerRange(p));
      for (int32_t u = t + 1; u < end; ++u)
        verb = verb || (Word(u).finite && Word(u).verb && !Word(u).nonfinite);
      if (verb) continue;
      // "– so der Spitzname der Stadt –": what it is called.
      if (phrases_[p].head >= 0 && Word(phrases_[p].head).Has(ClauseWord::kLabel)) continue;
      adjunct.speaker = speaker;
      adjunct.tokens = {t - (before.kind == TokenKind::kClosingQuote ? 0 : 1),
                        std::max(end, speaker.end)};
      if (adjunct.tokens.end < range.end &&
          TokenAt(adjunct.tokens.end).kind == TokenKind::kPunctuation)
        ++adjunct.tokens.end;
      adjunct.rule = "adjunct.so";
      adjunct.confidence = 0.92;
    } else if (word.Has(ClauseWord::kInTheEyesOf)) {
      const int32_t p = phrase_at(t + 1);
      if (p < 0 || phrases_[p].tokens.begin != t + 1 || !Judges(p, PrefieldEnd(t))) continue;
      adjunct.speaker = SpeakerRange(p);
      adjunct.tokens = {t, adjunct.speaker.end};
      adjunct.entry = &kJudgingEntry;
      adjunct.rule = "adjunct.fuer";
      adjunct.confidence = 0.7;
    } else {
      const bool thereafter = word.Has(ClauseWord::kThereafter);
      const int32_t c = ClauseOf(t);
      const bool report =
          c >= 0 && (ClauseAt(c).mood == ClauseMood::kKonjunktiv1 ||
                     (ClauseAt(c).finite >= 0 && grammar_.IsSollen(Word(ClauseAt(c).finite))));
      if (thereafter && !report) continue;
      adjunct.speaker = {t, t + 1};
      adjunct.tokens = {t, t + 1};
      adjunct.rule = "adjunct.demnach";
      adjunct.confidence = thereafter ? 0.5 : 0.7;
      adjunct.anaphoric = true;
    }
    if (!adjunct.anaphoric && IsInsideAttribute(adjunct)) continue;
    adjunct.clause = ClauseOf(adjunct.cue);
    FillPrefield(&adjunct);
    TakeDate(&adjunct);
    TakeRelativeClause(&adjunct);
    if (!adjunct.anaphoric) {
      const WordInfo& opens = Word(adjunct.speaker.begin);
      adjunct.definite = opens.Has(ClauseWord::kArticle) && !opens.Has(ClauseWord::kIndefinite);
      adjunct.own = opens.Has(ClauseWord::kOwn);
    }
    adjuncts_.push_back(adjunct);
  }
}

int32_t ClaimFinder::WithOtherSource(int32_t end) const {
  if (end + 1 >= parse_.tokens.end || !Word(end).Has(ClauseWord::kCoordinator)) return end;
  const int32_t other = phrases_.Outermost(end + 1);
  if (other < 0 || phrases_[other].tokens.begin != end + 1 || phrases_[other].determiner < 0) {
    return end;
  }
  const uint32_t cases = phrases_[other].morphology.bits & Morphology::kCases;
  return cases == Morphology::kGenitive ? phrases_[other].tokens.end : end;
}

bool ClaimFinder::IsInsideAttribute(const Adjunct& adjunct) const {
  const int32_t before = adjunct.tokens.begin - 1;
  const int32_t behind = adjunct.tokens.end;
  // "die nach ihren Schätzungen Milliarden kostende Flucht": nothing else stands behind an article.
  if (before > parse_.tokens.begin && TokenAt(before).pos == Pos::kDeterminer &&
      Word(before).Has(ClauseWord::kArticle) &&
      TokenAt(adjunct.tokens.begin).pos == Pos::kAdposition &&
      TokenAt(before - 1).kind == TokenKind::kWord) {
    return true;
  }
  return adjunct.rule != "adjunct.so" && before >= parse_.tokens.begin &&
         behind + 1 < parse_.tokens.end && TokenAt(before).pos == Pos::kDeterminer &&
         TokenAt(behind).pos == Pos::kAdjective && !TokenAt(behind).capitalized &&
         IsNominal(behind + 1);
}

void ClaimFinder::TakeDate(Adjunct* adjunct) const {
  // "laut einem Urteil des Gerichts vom Herbst 2015": when what is cited was made.
  int32_t end = adjunct->tokens.end;
  if (adjunct->anaphoric || adjunct->entry == nullptr || end + 1 >= parse_.tokens.end ||
      adjunct->tokens.begin != adjunct->cue || !Word(end).Has(ClauseWord::kOf) ||
      !InTime(end + 1)) {
    return;
  }
  for (++end; end < parse_.tokens.end && InTime(end);) ++end;
  adjunct->tokens.end = end;
}

void ClaimFinder::TakeRelativeClause(Adjunct* adjunct) const {
  const int32_t comma = adjunct->tokens.end;
  if (adjunct->anaphoric || adjunct->rule == "adjunct.so" || comma + 1 >= parse_.tokens.end ||
      document_.TokenText(comma) != ",") {
    return;
  }
  const int32_t s = SegmentOf(comma + 1);
  if (s < 0 || SegmentAt(s).tokens.begin != comma + 1 ||
      ClauseAt(SegmentAt(s).clause).opener != Opener::kRelative) {
    return;
  }
  const int32_t behind = SegmentAt(s).tokens.end;
  if (behind + 1 >= parse_.tokens.end || document_.TokenText(behind) != "," ||
      (ClauseOf(behind + 1) != adjunct->clause && ClauseAt(ClauseOf(behind + 1)).finite >= 0)) {
    return;
  }
  adjunct->tokens.end = behind + 1;
}

void ClaimFinder::FillPrefield(Adjunct* adjunct) const {
  // One constituent stands before the verb of a main clause: an adjunct that opens it takes in all
  // that follows up to the verb ("Nach Angaben des Züchters Anton Berg, der ..., sind ...").
  if (adjunct->anaphoric || adjunct->rule == "adjunct.so" || adjunct->clause < 0) return;
  const SentenceClause& clause = ClauseAt(adjunct->clause);
  if (clause.kind != ClauseKind::kMain || clause.finite < adjunct->tokens.end) return;
  int32_t begin = clause.tokens.begin;
  if (begin < adjunct->tokens.begin &&
      (Word(begin).Has(ClauseWord::kCoordinator) || TokenAt(begin).pos == Pos::kAdverb)) {
    ++begin;
  }
  if (begin != adjunct->tokens.begin) return;
  adjunct->tokens.end = clause.finite;
  // The speaker goes as far as its noun phrase does: no relative clause, no time, no addressee.
  const int32_t segment = SegmentOf(adjunct->cue);
  for (int32_t t = adjunct->speaker.end; t < clause.finite; ++t) {
    if (SegmentOf(t) != segment || TokenAt(t).kind == TokenKind::kPunctuation) break;
    const Token& token = TokenAt(t);
    if (Word(t).verb || token.pos == Pos::kAdverb || InTime(t) || Word(t).Has(ClauseWord::kZufolge))
      break;
    if (token.pos == Pos::kAdposition && (InTime(t + 1) || Word(t).Has(ClauseWord::kToward))) break;
    if (token.pos == Pos::kNoun || token.pos == Pos::kProperNoun || token.capitalized ||
        token.kind == TokenKind::kClosingQuote) {
      adjunct->speaker.end = t + 1;
    }
  }
}

bool ClaimFinder::IsOccasion(const NounPhrase& phrase) const {
  // By whom is told by a genitive or in a compound.
  if (phrase.definite || actors_.ActorOf(phrase.tokens) >= 0) return false;
  const auto governs = [this, &phrase](int32_t t) {
    return t < parse_.tokens.end && t > phrase.head && Word(t).Has(ClauseWord::kRegarding);
  };
  return governs(phrase.core.end) || governs(phrase.tokens.end);
}

bool ClaimFinder::IsOfMute(int32_t phrase) const {
  const int32_t genitive = phrase + 1;
  if (genitive >= phrases_.size() || phrases_[genitive].parent != phrase) return false;
  const NounPhrase& owner = phrases_[genitive];
  return owner.relation == PhraseRelation::kGenitive && owner.kind == PhraseKind::kNominal &&
         owner.name.empty() && owner.definite && !owner.classes.Has(kWhoMaySpeak) &&
         owner.core.size() == 2 && actors_.ActorOf(owner.tokens) < 0;
}

bool ClaimFinder::IsJudged(const NounPhrase& phrase) const {
  for (int32_t t = phrase.core.begin; t < phrase.head; ++t) {
    if (TokenAt(t).pos == Pos::kAdjective && reporting_.IsEvaluation(AdjectiveStem(Lower(t)))) {
      return true;
    }
  }
  return false;
}

void ClaimFinder::EmitAdjuncts() {
  for (Adjunct& adjunct : adjuncts_) {
    const int32_t c = adjunct.clause;
    if (c < 0) continue;
    // Inside a claim the adjunct is a link of its chain; inside a frame it stands before the
    // speaker.
    bool inside = InContent(adjunct.cue) && adjunct.rule != "adjunct.so";
    for (size_t d = sentence_drafts_; d < drafts_.size() && !inside; ++d) {
      // "Dem Bericht zufolge stimmte der Rat unter der Bedingung zu, dass ...": both.
      if (drafts_[d].rule == "noun") continue;
      for (const int32_t t : drafts_[d].cue) inside = inside || ClauseOf(t) == c;
    }
    // "„...“, sagte Berg laut Abendpost": the paper hands on what Berg said.
    const Cue& cue = cues_[static_cast<size_t>(c)];
    const bool frames_quote = cue.entry != nullptr && cue.entry->strength == Strength::kStrong &&
                              !cue.speaker.empty() && adjunct.rule != "adjunct.so" &&
                              IsBesideQuotation(c);
    if (inside || frames_quote) continue;
    TokenRange range = parse_.tokens;
    // A main clause of its own before or behind is not what the source is named for.
    for (size_t s = 0; s < parse_.segments.size(); ++s) {
      const Segment& segment = parse_.segments[s];
      const SentenceClause& clause = ClauseAt(segment.clause);
      const bool border = segment.mark_before == ';' || segment.mark_before == ':' ||
                          (clause.kind == ClauseKind::kMain && clause.coordinated &&
                           !clause.verb_first && clause.first_segment == static_cast<int32_t>(s));
      // "erschoss die Armee nach Angaben ... einen Mann, in Sandau wurde eine Frau getötet", but
      // "Laut Polizei brannte es, zwei Menschen starben".
      const bool beside = s > 0 && adjunct.rule != "adjunct.so" &&
                          IsBeside(static_cast<int32_t>(s)) &&
                          adjunct.tokens.begin > parse_.tokens.begin + 1;
      if ((!border && !beside) || s == 0) continue;
      if (segment.tokens.begin <= adjunct.cue) {
        if (adjunct.rule == "adjunct.so" && segment.mark_before == '&') continue;
        range.begin = segment.tokens.begin;
        if (Word(range.begin).Has(ClauseWord::kCoordinator) && range.size() > 1) ++range.begin;
      } else if (adjunct.rule == "adjunct.so" && clause.reports()) {
        continue;  // "..., so Berg, doch die Fans müssten sich keine Sorgen machen."
      } else if ((segment.mark_before != ';' && segment.mark_before != ':') ||
                 // "... laut Berg: Das sei falsch, so Wolf", "... laut Berg: Wolf sagte, ...": what
                 // is behind the colon is Wolf's.
                 (adjunct.rule != "adjunct.so" &&
                  (FramedBehind(segment.tokens.begin) ||
                   cues_[static_cast<size_t>(segment.clause)].used))) {
        range.end = std::min(range.end, parse_.segments[s - 1].tokens.end);
      }
    }
    // "Die Frau – laut Polizei Mitte 30 – starb": what stands between the dashes.
    const int32_t own_segment = SegmentOf(adjunct.cue);
    if (own_segment > 0 && own_segment + 1 < static_cast<int32_t>(parse_.segments.size()) &&
        SegmentAt(own_segment).mark_before == '-' && SegmentAt(own_segment).finite < 0 &&
        SegmentAt(own_segment + 1).mark_before == '-' && adjunct.rule != "adjunct.so") {
      range = SegmentAt(own_segment).tokens;
    }
    // A source inside a subordinate clause covers that clause only.
    const SentenceClause& own = ClauseAt(c);
    if ((own.kind == ClauseKind::kRelative || own.kind == ClauseKind::kSubordinate) &&
        adjunct.rule != "adjunct.so") {
      range = own.tokens;
    }
    TokenRange left{range.begin, std::min(adjunct.tokens.begin, range.end)};
    TokenRange right{std::max(adjunct.tokens.end, range.begin), range.end};
    const auto trim = [&](TokenRange* part) {
      while (!part->empty() && TokenAt(part->end - 1).kind == TokenKind::kPunctuation &&
             Word(part->end - 1).quotation < 0 && document_.TokenText(part->end - 1) != ")") {
        --part->end;
      }
      while (!part->empty() && TokenAt(part->begin).kind == TokenKind::kPunctuation &&
             Word(part->begin).quotation < 0 && document_.TokenText(part->begin) != "(") {
        ++part->begin;
      }
    };
    trim(&left);
    trim(&right);
    if (left.empty() && right.empty()) continue;
    const auto quoted = [&](const TokenRange& part) {
      return !part.empty() && Word(part.begin).quotation >= 0 &&
             Word(part.begin).quotation == Word(part.end - 1).quotation;
    };
    if ((quoted(left) && right.empty()) || (left.empty() && quoted(right)) ||
        (quoted(left) && quoted(right)))
      continue;
    if (adjunct.rule == "adjunct.so" && DescribesSpeaker(right)) right = {};
    if (quoted(left) && adjunct.rule == "adjunct.so") left = {};
    if (quoted(right) && adjunct.rule == "adjunct.so") right = {};
    if (left.empty() && right.empty()) continue;
    adjunct.used = true;
    Draft* draft = Add(ClaimKind::kIndirect, adjunct.rule, adjunct.confidence);
    if (!left.empty()) draft->content.push_back(left);
    if (!right.empty()) draft->content.push_back(right);
    draft->speaker = adjunct.speaker;
    draft->cue.push_back(adjunct.cue);
    draft->frame.push_back(adjunct.tokens);
    draft->adjunct = true;
    draft->entry = adjunct.entry;
    if (adjunct.anaphoric) draft->source = AnaphoricSource(last_source_);
    if (adjunct.definite && last_source_ >= 0 && actors_.ActorOf(adjunct.speaker) < 0) {
      const int32_t source = AnaphoricSource(last_source_);
      const int32_t author =
          source < 0 ? -1 : actors_.ActorOf(drafts_[static_cast<size_t>(source)].speaker);
      // "erläuterte Berg. Laut der Studie ...": hers or not.
      const bool person = author >= 0 && adjunct.entry != nullptr &&
                          adjunct.rule == "adjunct.laut" &&
                          document_.actors[static_cast<size_t>(author)].type == ActorType::kPerson;
      const bool near = source >= 0 && !person &&
                        sentence_ - drafts_[static_cast<size_t>(source)].sentence <= 2 * kReach;
      draft->source = near ? source : -1;
    }
    if (adjunct.own) {
      Cue subject;
      subject.entry = &kNoReportingEntry;
      FindSubject(c, &subject);
      draft->subject = subject.speaker;
    }
    // "Das Gerät solle laut Anleitung schneller sein": a document that who speaks refers to.
    const bool referred =
        adjunct.rule != "adjunct.so" && IsToldBySource(c) && actors_.ActorOf(adjunct.speaker) < 0;
    if ((!adjunct.anaphoric && !referred) || last_source_ < 0)
      last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
  }
}

int32_t ClaimFinder::AnaphoricSource(int32_t newest) const {
  for (int32_t d = newest; d >= 0; --d) {
    const Draft& source = drafts_[static_cast<size_t>(d)];
    if (sentence_ - source.sentence > 2 * kReach) break;
    if (source.speaker.empty() || source.source >= 0) continue;
    const int32_t actor = actors_.ActorOf(source.speaker);
    const bool asked = actor < 0
                           ? !source.adjunct
                           : document_.actors[static_cast<size_t>(actor)].type == ActorType::kGroup;
    if (!asked) return d;
  }
  return newest;
}

bool ClaimFinder::IsBesideQuotation(int32_t c) const {
  const TokenRange& tokens = ClauseAt(c).tokens;
  int32_t before = tokens.begin - 1;
  if (before > 0 && document_.TokenText(before) == ",") --before;
  if (before >= 0 && TokenAt(before).kind == TokenKind::kClosingQuote) return true;
  const auto count = static_cast<int32_t>(document_.tokens.size());
  return tokens.end + 1 < count && document_.TokenText(tokens.end) == ":" &&
         TokenAt(tokens.end + 1).kind == TokenKind::kOpeningQuote;
}

bool ClaimFinder::IsBeside(int32_t s) const {
  const Segment& segment = SegmentAt(s);
  const SentenceClause& clause = ClauseAt(segment.clause);
  if ((segment.mark_before != ',' && segment.mark_before != '-') ||
      clause.kind != ClauseKind::kMain || clause.first_segment != s || clause.verb_first ||
      clause.finite < 0) {
    return false;
  }
  const SentenceClause& before = ClauseAt(SegmentAt(s - 1).clause);
  return before.kind == ClauseKind::kMain && before.finite >= 0 && before.last_segment == s - 1 &&
         !before.verb_first;
}

bool ClaimFinder::DescribesSpeaker(const TokenRange& range) const {
  if (range.empty()) return false;
  const int32_t c = ClauseOf(range.begin);
  if (c < 0) return true;
  const SentenceClause& clause = ClauseAt(c);
  // A part of the clause that stood before "so Berg" goes on.
  if (clause.tokens.begin < range.begin && clause.finite >= 0) return false;
  return clause.kind == ClauseKind::kRelative || clause.kind == ClauseKind::kVerbless;
}

bool ClaimFinder::GoesOnBehind(int32_t token) const {
  const Token& at = TokenAt(token);
  if (at.kind == TokenKind::kOpeningQuote || at.kind == TokenKind::kClosingQuote) return false;
  if (at.kind != TokenKind::kPunctuation) return true;
  const std::string_view text = document_.TextOf(at);
  return text != "," && text != ":" && text != ";" && text != "–" && text != ".";
}

}  // namespace lagebild::extract
