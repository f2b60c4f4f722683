#include <algorithm>
#include <tuple>
#include <utility>

#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {

int32_t ClaimFinder::NameBehind(int32_t phrase) const {
  const NounPhrase& noun = phrases_[phrase];
  const int32_t next = phrase + 1;
  if (noun.kind != PhraseKind::kNominal || noun.preposition >= 0 || next >= phrases_.size()) {
    return -1;
  }
  // "warf die Staatsanwaltschaft Berg vor": a body has no name behind it.
  constexpr uint32_t kBodies = WordClass::kOrganizationNoun | WordClass::kMediaNoun |
                               WordClass::kGroupNoun | WordClass::kDemonym | WordClass::kCountry;
  if (noun.classes.Has(kBodies)) return -1;
  // "warfen die Abgeordneten Berg vor": many have not one's name.
  if (noun.determiner >= 0 && !noun.morphology.Has(Morphology::kSingular)) return -1;
  const NounPhrase& name = phrases_[next];
  const bool apposed = name.kind == PhraseKind::kName && name.preposition < 0 &&
                       name.relation == PhraseRelation::kNone && name.determiner < 0 &&
                       name.tokens.begin == noun.tokens.end && noun.head == noun.tokens.end - 1;
  return apposed ? next : -1;
}

bool ClaimFinder::IsBody(const NounPhrase& phrase) const {
  if (phrase.classes.Has(WordClass::kOrganizationNoun | WordClass::kMediaNoun |
                         WordClass::kOrganizationName | WordClass::kMediaName)) {
    return true;
  }
  // "im Laufe der Legislaturperiode des Parlaments": of another noun.
  const int32_t actor = actors_.ActorOf(phrase.tokens);
  return actor >= 0 && actors_.Mentions({phrase.tokens.begin, phrase.head + 1}, actor) &&
         (document_.actors[static_cast<size_t>(actor)].type == ActorType::kOrganization ||
          IsMedia(actor));
}

TokenRange ClaimFinder::WithBodyOf(TokenRange speaker) const {
  const int32_t of = speaker.end;
  if (of + 1 >= parse_.tokens.end || !Word(of).Has(ClauseWord::kOf) || Word(of).quotation >= 0) {
    return speaker;
  }
  const int32_t person = phrases_.Outermost(speaker.begin);
  const int32_t body = phrases_.Outermost(of + 1);
  if (person < 0 || body < 0 || phrases_[person].name.empty() || phrases_[person].name.end != of ||
      phrases_[body].preposition != of || phrases_[body].possessive ||
      SourceEntry(phrases_[person]) != nullptr) {
    return speaker;
  }
  const int32_t who = actors_.ActorOf(speaker);
  const int32_t whose = actors_.ActorOf(phrases_[body].tokens);
  if (who < 0 || whose < 0 ||
      document_.actors[static_cast<size_t>(who)].type != ActorType::kPerson) {
    return speaker;
  }
  const ActorType type = document_.actors[static_cast<size_t>(whose)].type;
  if (type == ActorType::kOrganization || type == ActorType::kMedia) {
    speaker.end = phrases_[body].tokens.end;
  }
  return speaker;
}

TokenRange ClaimFinder::SpeakerRange(int32_t phrase) const {
  const NounPhrase& found = phrases_[phrase];
  if (found.relative && found.antecedent >= 0) return SpeakerRange(found.antecedent);
  TokenRange range = found.coordination >= 0 ? phrases_.CoordinationRange(phrase) : found.tokens;
  // "Der Sender [zitierte Ulf Tann]": what looked like an adjective is the verb.
  while (range.begin < found.head && Word(range.begin).finite) ++range.begin;
  // "die „Post“-Redaktion": a compound whose first part stands in marks.
  const int32_t hyphen = range.end;
  if (TokenAt(range.end - 1).kind == TokenKind::kClosingQuote && hyphen + 1 < parse_.tokens.end &&
      document_.TokenText(hyphen) == "-" && !TokenAt(hyphen).space_before &&
      !TokenAt(hyphen + 1).space_before) {
    range.end = hyphen + 2;
  }
  return range;
}

TokenRange ClaimFinder::Prefield(int32_t c, TokenRange speaker) const {
  // One constituent stands before the verb of a main clause: a subject there takes in the
  // appositions and prepositional phrases between its beginning and the verb.
  const SentenceClause& clause = ClauseAt(c);
  if (clause.finite < 0 || speaker.end > clause.finite || clause.verb_first) return speaker;
  for (int i = 0; i < 2 && speaker.begin - 2 >= clause.tokens.begin; ++i) {
    if (document_.TokenText(speaker.begin - 1) != ",") break;
    const int32_t p = phrases_.Outermost(speaker.begin - 2);
    if (p < 0 || phrases_[p].preposition >= 0 || phrases_[p].tokens.end != speaker.begin - 1 ||
        phrases_[p].tokens.begin < clause.tokens.begin) {
      break;
    }
    speaker.begin = phrases_[p].tokens.begin;
  }
  if (speaker.begin > clause.tokens.begin + 2) return speaker;
  for (int32_t t = clause.tokens.begin; t < speaker.begin; ++t) {
    const Pos pos = TokenAt(t).pos;
    if (pos != Pos::kAdverb && pos != Pos::kCoordinator) return speaker;
  }
  int32_t end = speaker.end;
  for (int32_t t = speaker.end; t < clause.finite; ++t) {
    if (IsDash(t) || (TokenAt(t).kind == TokenKind::kWord && ClauseOf(t) != c)) break;
    const Pos pos = TokenAt(t).pos;
    if (pos == Pos::kNoun || pos == Pos::kProperNoun || pos == Pos::kNumeral ||
        TokenAt(t).kind == TokenKind::kClosingQuote || document_.TokenText(t) == ")") {
      end = t + 1;
    }
  }
  speaker.end = end;
  return speaker;
}

bool ClaimFinder::InsideQuotation(const TokenRange& range) const {
  const int32_t q = Word(range.begin).quotation;
  if (q < 0 || Word(range.end - 1).quotation < 0) return false;
  // A name in marks ("„Abendpost“ berichtet") is no part of what is quoted.
  const TokenRange quoted = document_.quotations[static_cast<size_t>(q)].tokens;
  return quoted.begin < range.begin || range.end < quoted.end;
}

bool ClaimFinder::IsFrontedAdverb(const NounPhrase& phrase) const {
  // "Offiziell geht man davon aus": capitalised because it opens the sentence.
  if (phrase.tokens.begin != parse_.tokens.begin || phrase.tokens.size() != 1) return false;
  // "Kurz sagte": somebody of that name.
  if (phrase.kind == PhraseKind::kName && actors_.ActorOf(phrase.tokens) >= 0) return false;
  if (const auto noun = lexicon_.Find(document_.TokenText(phrase.tokens.begin));
      noun && !noun->analyses.empty()) {
    return false;
  }
  const auto entry = lexicon_.Find(Lower(phrase.tokens.begin));
  if (!entry || entry->analyses.empty()) return false;
  for (const Analysis& analysis : entry->analyses) {
    if (analysis.pos != Pos::kAdjective && analysis.pos != Pos::kAdverb) return false;
  }
  return true;
}

bool ClaimFinder::OpensPrefield(int32_t c, int32_t token) const {
  // "Auch die Stadt", "Doch Berg", "Anna Berg, die Sprecherin": nothing before it but words that
  // are no constituents of their own, and what it is an apposition to.
  const SentenceClause& clause = ClauseAt(c);
  for (int32_t t = token - 1; t >= clause.tokens.begin; --t) {
    const Token& before = TokenAt(t);
    if (before.kind == TokenKind::kOpeningQuote) continue;
    if (IsDash(t)) return true;
    if (before.kind == TokenKind::kPunctuation) return document_.TextOf(before) == ",";
    if (before.pos == Pos::kAdposition || Word(t).verb) return false;
    if (before.pos == Pos::kNoun || before.pos == Pos::kProperNoun) return false;
  }
  return true;
}

TokenRange ClaimFinder::QuotedSubject(int32_t c) const {
  // "Wie „Abendpost“ berichtet", "Wie die „Abendpost“ berichtet": a name in marks beside the verb
  // or the opener.
  constexpr int32_t kLongestName = 8;
  const SentenceClause& clause = ClauseAt(c);
  const int32_t begin = clause.tokens.begin;
  const int32_t article = begin + 2 < clause.tokens.end && Word(begin + 1).Has(ClauseWord::kArticle)
                              ? begin + 2
                              : begin;
  for (const int32_t t : {begin, begin + 1, article, clause.finite + 1}) {
    if (t < clause.tokens.begin || t + 1 >= clause.tokens.end || Word(t).quotation < 0) continue;
    const TokenRange quoted = document_.quotations[static_cast<size_t>(Word(t).quotation)].tokens;
    const bool beside = t > clause.tokens.begin || quoted.end == clause.finite;
    if (quoted.begin == t && beside && quoted.size() <= kLongestName) return quoted;
  }
  return {};
}

bool ClaimFinder::MayBeToldTo(int32_t phrase) const {
  // "der „Zeit“", "den Abgeordneten": a dative by its form or as a name in marks, and somebody.
  const NounPhrase& told = phrases_[phrase];
  if (told.preposition >= 0) return false;
  // "sagte er Reuters".
  if (told.determiner < 0)
    return told.kind == PhraseKind::kName && IsMedia(actors_.ActorOf(told.tokens));
  const uint32_t cases = told.morphology.bits & Morphology::kCases;
  if (cases != 0 && (cases & Morphology::kDative) == 0) return false;
  const bool in_marks = told.determiner + 1 < told.tokens.end &&
                        TokenAt(told.determiner + 1).kind == TokenKind::kOpeningQuote;
  return in_marks ||
         told.classes.Has(WordClass::kOffice | WordClass::kPersonNoun | WordClass::kGroupNoun |
                          WordClass::kOrganizationNoun | WordClass::kMediaNoun |
                          WordClass::kMediaName | WordClass::kOrganizationName);
}

void ClaimFinder::CutAddressee(int32_t subject, Cue* cue) const {
  // "sagte ein Sprecher der Agentur Nord": whom it was said to, in the dative, and not the
  // genitive it looks like.
  if (subject < 0 || (cue->entry->frames & Frame::kToDative) == 0 || !cue->addressee.empty())
    return;
  const NounPhrase& phrase = phrases_[subject];
  if (phrase.head < 0 || Word(phrase.head).Has(ClauseWord::kMediaPerson) || cue->tokens.empty() ||
      cue->tokens.front() > phrase.tokens.begin) {
    return;
  }
  constexpr uint32_t kPersons =
      WordClass::kOffice | WordClass::kPersonNoun | WordClass::kDemonym | WordClass::kGroupNoun;
  for (int32_t p = subject + 1; p < phrases_.size(); ++p) {
    const NounPhrase& child = phrases_[p];
    if (child.tokens.begin >= phrase.tokens.end) break;
    // "ein Sprecher der Regierung der Agentur Nord": behind another genitive.
    if (child.parent < subject || child.relation != PhraseRelation::kGenitive) continue;
    // "der Welt am Sonntag": the rest of the name.
    const bool last = child.tokens.end == cue->speaker.end ||
                      (p + 1 < phrases_.size() && phrases_[p + 1].tokens.end == cue->speaker.end &&
                       phrases_[p + 1].preposition == child.tokens.end);
    if (!last || child.determiner < 0) continue;
    if (!child.classes.Has(WordClass::kMediaNoun | WordClass::kMediaName)) continue;
    if (!phrase.classes.Has(kPersons) && phrase.kind != PhraseKind::kName) continue;
    cue->addressee = {child.tokens.begin, cue->speaker.end};
    cue->speaker.end = std::min(child.tokens.begin, child.determiner);
    return;
  }
}

void ClaimFinder::FindSourceBefore(int32_t c, Cue* cue) const {
  // "Die Kommission hat ein Gutachten vorgelegt. Darin heißt es, ...": what it was in stands in the
  // sentence before.
  const SentenceClause& clause = ClauseAt(c);
  bool therein = false;
  for (int32_t t = clause.tokens.begin; t < clause.tokens.end; ++t) {
    therein = therein || Word(t).Has(ClauseWord::kTherein);
  }
  if (!therein || sentence_ == 0) return;
  const auto [first, last] = phrases_.InSentence(sentence_ - 1);
  for (int32_t p = last - 1; p >= first; --p) {
    if (phrases_[p].relation != PhraseRelation::kNone || SourceEntry(phrases_[p]) == nullptr)
      continue;
    cue->speaker = SpeakerRange(p);
    cue->speaker_head = phrases_[p].head;
    return;
  }
}

std::pair<TokenRange, int32_t> ClaimFinder::SubjectOf(int32_t c) const {
  // Remembered: each clause may ask for the subject of the one before it.
  Subject& known = subjects_[static_cast<size_t>(c)];
  if (!known.looked_up) {
    Cue cue;
    cue.entry = &kNoReportingEntry;
    FindSubject(c, &cue);
    known = {true, {cue.speaker, cue.speaker_head}};
  }
  return known.subject;
}

std::pair<TokenRange, int32_t> ClaimFinder::SharedSubject(int32_t c) const {
  const SentenceClause& clause = ClauseAt(c);
  if (!clause.coordinated && !clause.verb_first) return {TokenRange(), -1};
  for (int32_t d = c - 1; d >= 0; --d) {
    if (ClauseAt(d).kind != ClauseKind::kMain) continue;
    // "Berg sagte, Wolf sei krank, und kündigte an": what is told is skipped.
    if (ClauseAt(d).reports() && !clause.reports()) continue;
    return SubjectOf(d);
  }
  return {TokenRange(), -1};
}

bool ClaimFinder::SharesSubject(int32_t c) const {
  // Only behind a clause that tells something by itself and has a subject.
  for (int32_t d = c - 1; d >= 0; --d) {
    const SentenceClause& before = ClauseAt(d);
    if (before.kind != ClauseKind::kMain) continue;
    return before.finite >= 0 && !before.reports() && !SharedSubject(c).first.empty();
  }
  return false;
}

void ClaimFinder::FindSubject(int32_t c, Cue* cue) const {
  if (cue->entry == nullptr) return;
  const SentenceClause& clause = ClauseAt(c);
  const auto [first, last] = phrases_.InSentence(sentence_);
  int32_t best = -1, by = -1, object = -1, from = -1, within = -1, dative = -1;
  double best_score = 0;
  // "Er lobte Berg und forderte Wolf auf, ...": behind a coordinator a verb that comes first has
  // the subject of the clause before it.
  const bool leans = clause.coordinated && clause.verb_first;
  const std::pair<TokenRange, int32_t> nothing(TokenRange(), -1);
  const auto leaned_on = leans ? SharedSubject(c) : nothing;
  const bool shared = !leaned_on.first.empty();
  const bool plural = clause.finite >= 0 && !(Word(clause.finite).bits & Morphology::kSingular) &&
                      (Word(clause.finite).bits & Morphology::kPlural) != 0;
  for (int32_t p = first; p < last; ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (phrase.relation != PhraseRelation::kNone) continue;
    const int32_t at = phrase.tokens.begin;
    if (InsideQuotation(phrase.tokens)) continue;
    if (ClauseOf(at) != c) continue;
    if (phrase.coordination >= 0) {
      const auto conjuncts = phrases_.Conjuncts(p);
      // "vor Berg und Tann": the preposition governs both.
      if (!conjuncts.empty() && conjuncts.front() != p &&
          (phrases_[conjuncts.front()].preposition == phrase.preposition ||
           phrase.preposition < 0)) {
        continue;
      }
    }
    // "Wie die Post berichtet": "wie" opens the clause, whatever its tag.
    const bool governed =
        phrase.preposition >= 0 && !Word(phrase.preposition).Has(ClauseWord::kWie);
    if (governed) {
      const WordInfo& preposition = Word(phrase.preposition);
      // "in Höhe von 1.800 Euro": nobody.
      // "Der Partei unter der Führung von Berg wird vorgeworfen": of a noun before the verb.
      const bool of_noun = clause.kind == ClauseKind::kMain && clause.finite >= 0 &&
                           phrase.preposition < clause.finite &&
                           phrase.preposition > clause.tokens.begin && !clause.verb_first &&
                           TokenAt(phrase.preposition - 1).pos == Pos::kNoun;
      if (by < 0 && preposition.Has(ClauseWord::kBy) && !phrase.classes.Has(WordClass::kUnit) &&
          !of_noun) {
        by = p;
      }
      if (from < 0 && preposition.Has(ClauseWord::kPlaceOfSource) &&
          !(phrase.classes.bits & (WordClass::kMonth | WordClass::kWeekday))) {
        from = p;
      }
      const bool is_body = IsBody(phrase);
      // "heißt es bei Xandu".
      const bool name = phrase.kind == PhraseKind::kName && phrase.determiner < 0 &&
                        (cue->entry->frames & Frame::kExpletive) != 0;
      if (from < 0 && preposition.Has(ClauseWord::kPlaceOfBody) &&
          (SourceEntry(phrase) != nullptr || is_body || name)) {
        from = p;
      }
      if (within < 0 && is_body && !preposition.Has(ClauseWord::kBy | ClauseWord::kFrom) &&
          preposition.Has(ClauseWord::kPlaceOfBody | ClauseWord::kPlaceOfSource)) {
        within = p;
      }
      if (preposition.Has(ClauseWord::kToward)) dative = p;
      continue;
    }
    if (phrase.kind == PhraseKind::kPronoun && !phrase.relative) {
      if (Word(at).Has(ClauseWord::kReflexive | ClauseWord::kExpletive)) continue;
    }
    if (phrase.classes.Has(WordClass::kWeekday | WordClass::kMonth) || IsFrontedAdverb(phrase)) {
      continue;
    }
    if (cue->entry->phrase) {
      // "die Frage" of "die Frage stellen" is no subject.
      bool part = false;
      part = cue->phrase_word >= 0 && phrase.core.Contains(cue->phrase_word);
      if (part) continue;
    }
    // "nannte Anna Berg, die frühere Chefin, den Plan gut": an apposition.
    if (best >= 0 && phrases_[best].tokens.end + 1 == at && phrases_[best].tokens.begin < at &&
        document_.TokenText(at - 1) == "," && phrase.kind == PhraseKind::kNominal) {
      continue;
    }
    double score = 1;
    const uint32_t cases = phrase.morphology.bits & Morphology::kCases;
    const bool not_nominative = cases != 0 && (cases & Morphology::kNominative) == 0;
    if (not_nominative) {
      if ((cases & Morphology::kDative) != 0 && (cases & Morphology::kAccusative) == 0 &&
          dative < 0)
        dative = p;
      if ((cases & Morphology::kAccusative) != 0 && object < 0) object = p;
      if (cases == Morphology::kGenitive) continue;
      continue;
    }
    // "der Minister" is a nominative, or a genitive plural that nothing here governs.
    constexpr uint32_t kObjects = Morphology::kAccusative | Morphology::kDative;
    const bool only_nominative = cases != 0 && (cases & kObjects) == 0;
    // "Die Kirche lobte der Papst".
    if (only_nominative) score += 2;
    if (shared && !only_nominative) {
      const bool to_dative = (cue->entry->frames & Frame::kToDative) != 0 &&
                             (cases == 0 || (cases & Morphology::kDative) != 0);
      int32_t& role = to_dative ? dative : object;
      if (role < 0) role = p;
      continue;
    }
    // "Eine Koalition schloss die Spitzenkandidatin aus": what is new stands in front as an object.
    if (phrase.kind == PhraseKind::kNominal && phrase.determiner >= 0 && !phrase.definite &&
        !only_nominative && !phrase.classes.Has(WordClass::kPersonNoun | WordClass::kOffice)) {
      score -= 1;
    }
    uint32_t numbers = phrase.morphology.bits & Morphology::kNumbers;
    // "Tann drohen Jahre in Haft": somebody is one.
    if (numbers != Morphology::kPlural && phrase.kind == PhraseKind::kName) {
      const int32_t actor = actors_.ActorOf(phrase.tokens);
      if (actor >= 0 && document_.actors[static_cast<size_t>(actor)].type == ActorType::kPerson) {
        numbers = Morphology::kSingular;
      }
    }
    if (numbers != 0 && phrase.coordination < 0) {
      const bool agrees = ((numbers & Morphology::kPlural) != 0 && plural) ||
                          ((numbers & Morphology::kSingular) != 0 && !plural);
      score += agrees ? 0.5 : -4;
    }
    // "..., das sagte Anna Berg": looks like a relative pronoun.
    const bool points = clause.kind == ClauseKind::kMain && Word(at).Has(ClauseWord::kPointing);
    if (phrase.relative && !points) score += 2;
    if (phrase.kind == PhraseKind::kName) score += 1.5;
    if (phrase.classes.Has(WordClass::kOffice | WordClass::kOrganizationNoun |
                           WordClass::kMediaNoun | WordClass::kGroupNoun | WordClass::kPersonNoun |
                           WordClass::kDemonym | WordClass::kCountry)) {
      score += 1.5;
    } else if (phrase.kind == PhraseKind::kNominal && (cases & Morphology::kAccusative) != 0 &&
               NameBehind(p) < 0) {
      // "Die Gäste riefen Parolen und verlangten mehr Geld", "kritisierte den Plan, forderte ein
      // Moratorium": one subject for two verbs.
      const bool asyndetic = clause.verb_first && !clause.reports() && !phrase.definite &&
                             SourceEntry(phrase) == nullptr && SharesSubject(c);
      if (leans || asyndetic) {
        if (object < 0) object = p;
        continue;
      }
      score -=
          1;  // "Eine Verschiebung bezeichnete Berg als fatal": what cannot speak is the object.
    }
    // "Bergs Aus nannte Trainer Tann ein Unglück": the name before a noun is whose it is.
    if (phrase.kind == PhraseKind::kName && phrase.head >= 0 &&
        !phrase.name.Contains(phrase.head) && phrase.name.begin < phrase.head &&
        SourceEntry(phrase) == nullptr) {
      score -= 2.5;
    }
    // "Bergs Vorwurf weist die Kammer zurück": what was said is the object of a denial.
    if (cue->entry->act == ClaimAct::kDeny && phrase.head >= 0 && clause.finite >= 0 &&
        phrase.tokens.begin < clause.finite && !phrase.name.Contains(phrase.head) &&
        reporting_.ContentNoun(Lower(phrase.head)) != nullptr) {
      score -= 3;
    }
    // "Berg warf er vor": "er" can be nothing but the subject.
    if (phrase.kind == PhraseKind::kPronoun) score += only_nominative ? 3 : 1.5;
    if (Word(at).Has(ClauseWord::kPointing) && phrase.tokens.size() == 1) score -= 2.5;
    if (clause.finite >= 0) {
      const bool before = phrase.tokens.begin < clause.finite;
      if (clause.kind == ClauseKind::kMain) {
        // What stands before the verb inside another constituent is no subject.
        if (before) score += OpensPrefield(c, at) ? 3 : -1.5;
        // The subject stands right behind the verb when it does not stand before it.
        if (at == clause.finite + 1 ||
            (at == clause.finite + 2 && TokenAt(clause.finite + 1).pos == Pos::kAdverb))
          score += 1.5;
      } else {
        score += at <= clause.tokens.begin + 2 ? 1.5 : 0;
      }
    }
    if (score > best_score) {
      if (best >= 0 && object < 0) object = best;
      best_score = score;
      best = p;
    } else if (object < 0) {
      object = p;
    }
  }
  // "Kritik kam von der Opposition".
  if (cue->entry->phrase && (cue->entry->frames & Frame::kSource) != 0 &&
      (cue->entry->frames & Frame::kVon) != 0 && by >= 0 && !clause.passive) {
    cue->speaker = SpeakerRange(by);
    cue->speaker_head = phrases_[by].head;
    return;
  }
  // "Bei der Polizei geht man davon aus".
  if (within >= 0 && best >= 0 && IsAnybody(phrases_[best].tokens)) best = within;
  int32_t named = best < 0 ? -1 : NameBehind(best);
  if (best > first && NameBehind(best - 1) == best) named = best--;
  const uint32_t frames = cue->entry->frames;
  if (best < 0 && from >= 0 && (frames & Frame::kSource) != 0) cue->impersonal = true;
  if (cue->impersonal) {
    if (from >= 0) {
      cue->speaker = SpeakerRange(from);
      cue->speaker_head = phrases_[from].head;
    } else if ((frames & Frame::kExpletive) != 0) {
      FindSourceBefore(c, cue);
    }
    return;
  }
  if (clause.passive && (frames & Frame::kCited) != 0 && best >= 0) {
    // "Berg wird (von der Zeitung) mit den Worten zitiert, ..."
    cue->quoted_object = true;
    if (by >= 0) cue->relay = SpeakerRange(by);
    cue->speaker = SpeakerRange(best);
    cue->speaker_head = phrases_[best].head;
    return;
  }
  // Of a verb that reports nothing only its grammatical subject is asked for.
  if (clause.passive && cue->entry != &kNoReportingEntry) {
    // "In einem Bericht wurde vermutet": what says so takes the place of who does.
    if (by < 0 && from >= 0 &&
        (SourceEntry(phrases_[from]) != nullptr ||
         (phrases_[from].head >= 0 &&
          reporting_.ContentNoun(Lower(phrases_[from].head)) != nullptr))) {
      by = from;
    }
    // "Das wird im Ministerium erläutert".
    if (by < 0) by = within;
    if (by >= 0) {
      cue->speaker = SpeakerRange(by);
      cue->speaker_head = phrases_[by].head;
    }
    if ((frames & (Frame::kToAccusative | Frame::kToDative)) != 0 && best >= 0)
      cue->addressee = SpeakerRange(best);
    cue->impersonal = true;
    return;
  }
  if ((frames & Frame::kCited) != 0 && object >= 0 && best >= 0) {
    cue->quoted_object = true;
    cue->relay = SpeakerRange(best);
    cue->speaker = SpeakerRange(object);
    cue->speaker_head = phrases_[object].head;
    return;
  }
  if (best < 0 && clause.verb_first && clause.finite >= 0 && !shared) {
    // ", berichtet Reuters": a name that is no phrase.
    int32_t end = clause.finite + 1;
    while (end < clause.tokens.end && TokenAt(end).capitalized && !InTime(end) &&
           !InsideQuotation({end, end + 1})) {
      ++end;
    }
    if (end > clause.finite + 1) cue->speaker = {clause.finite + 1, end};
  }
  if (best < 0 && cue->speaker.empty()) cue->speaker = QuotedSubject(c);
  if (!cue->speaker.empty()) {
    cue->speaker_head = cue->speaker.end - 1;
  } else if (best < 0 &&
             (clause.coordinated || clause.verb_first || clause.kind == ClauseKind::kMain)) {
    // "Berg sprach von einem Erfolg und kündigte an": the subject stands in the clause before.
    std::tie(cue->speaker, cue->speaker_head) = leans ? leaned_on : SharedSubject(c);
  } else if (best >= 0) {
    cue->speaker = SpeakerRange(best);
    cue->speaker_head = phrases_[best].head;
    if (named >= 0) {
      cue->speaker = {phrases_[best].tokens.begin, phrases_[named].tokens.end};
      cue->speaker_head = phrases_[named].head;
    }
    if (clause.kind == ClauseKind::kMain && !phrases_[best].relative) {
      cue->speaker = Prefield(c, cue->speaker);
    }
    // "sagte Anna Berg vom Verband", but "forderte Anna Berg vom Verband Geld".
    if ((frames & Frame::kVon) == 0 && cue->entry->act != ClaimAct::kDemand) {
      cue->speaker = WithBodyOf(cue->speaker);
    }
  }
  if (cue->speaker.empty() && clause.kind == ClauseKind::kMain && best < 0 &&
      clause.finite == clause.tokens.begin + 1 && !clause.coordinated) {
    // "Einige vertreten ...": one word before the verb.
    const Pos pos = TokenAt(clause.tokens.begin).pos;
    // "Es warf der Regierung vor, ...": a verb that needs somebody to speak to has a speaker.
    const bool personal = !cue->entry->phrase &&
                          Word(clause.tokens.begin).Has(ClauseWord::kExpletive) &&
                          (frames & (Frame::kToDative | Frame::kToAccusative)) != 0;
    const bool correlate =
        !personal && Word(clause.tokens.begin).Has(ClauseWord::kCorrelate | ClauseWord::kPointing);
    if ((pos == Pos::kPronoun || pos == Pos::kDeterminer || pos == Pos::kProperNoun) &&
        !correlate) {
      cue->speaker = {clause.tokens.begin, clause.finite};
    }
  }
  CutAddressee(best, cue);
  const bool toward = dative >= 0 && phrases_[dative].preposition >= 0 &&
                      Word(phrases_[dative].preposition).Has(ClauseWord::kToward);
  if (!cue->addressee.empty()) {
    // Found inside the speaker.
  } else if (toward || (dative >= 0 && (frames & Frame::kToDative) != 0)) {
    cue->addressee = phrases_[dative].tokens;
  } else if (object >= 0 && object != best && (frames & Frame::kToDative) != 0 &&
             (frames & Frame::kToAccusative) == 0 && MayBeToldTo(object)) {
    cue->addressee = phrases_[object].tokens;
  } else if (object >= 0 && (frames & Frame::kToAccusative) != 0 && object != best) {
    cue->addressee = SpeakerRange(object);
  }
  if (cue->addressee.size() > 0 && cue->speaker.begin < cue->addressee.end &&
      cue->addressee.begin < cue->speaker.end) {
    cue->addressee = {};
  }
}

}  // namespace lagebild::extract
