#include <algorithm>
#include <cstddef>

#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {
namespace {

/// Sentences at the head of an article, its title included.
constexpr int32_t kLead = 4;
/// Probability that "..., der den Wagen gestohlen haben soll" is told as hearsay.
constexpr double kHearsayClause = 0.6;

}  // namespace

bool ClaimFinder::AsksAQuestion() const {
  const TokenRange sentence = document_.sentences[static_cast<size_t>(sentence_)].tokens;
  return parse_.tokens.end < sentence.end && document_.TokenText(parse_.tokens.end) == "?";
}

// "bezeichnete den Plan als (völlig) unrealistisch": what is said is no noun phrase.

bool ClaimFinder::IsNamedActor(const TokenRange& range) const {
  const int32_t actor = range.empty() ? -1 : actors_.ActorOf(range);
  return actor >= 0 && document_.actors[static_cast<size_t>(actor)].type != ActorType::kGroup;
}

void ClaimFinder::FindHeadline() {
  // "Studie: Jeder Dritte schläft schlecht". With a full stop it would be the turn of an interview
  // or a heading in the line ("Universität: Am Montag ..."), unless it says when or to whom: "Berg
  // am Montag: Das geht so nicht."
  for (size_t d = sentence_drafts_; d < drafts_.size(); ++d) {
    if (drafts_[d].part_of < 0) return;
  }
  if (parse_.segments.size() < 2) return;
  const Segment& source = SegmentAt(0);
  const Segment& told = SegmentAt(1);
  if (told.mark_before != ':' || source.finite >= 0 || source.tokens.empty()) return;
  // "Dazu der Kommissar: ..."
  const bool pointing = source.tokens.size() > 1 &&
                        Word(source.tokens.begin).Has(ClauseWord::kCorrelate) &&
                        TokenAt(source.tokens.begin).pos == Pos::kAdverb;
  const int32_t begin = source.tokens.begin + (pointing ? 1 : 0);
  const int32_t p = phrases_.Outermost(begin);
  if (p < 0 || phrases_[p].preposition >= 0) return;
  const TokenRange speaker = SpeakerRange(p);
  if (speaker.begin != begin) return;
  const int32_t rest = source.tokens.end - speaker.end;
  constexpr int32_t kLongestOccasion = 8;
  const bool occasion = rest > 0 && rest <= kLongestOccasion &&
                        (TokenAt(speaker.end).pos == Pos::kAdposition || InTime(speaker.end));
  if ((parse_.has_final_stop && !occasion && !pointing) || (rest > 0 && !occasion)) return;
  const int32_t actor = actors_.ActorOf(speaker);
  const ActorType type =
      actor < 0 ? ActorType::kUnspecified : document_.actors[static_cast<size_t>(actor)].type;
  const bool person = type == ActorType::kPerson;
  const bool body = type == ActorType::kOrganization || type == ActorType::kMedia ||
                    phrases_[p].classes.Has(WordClass::kOffice | WordClass::kOrganizationNoun |
                                            WordClass::kMediaNoun) ||
                    SourceEntry(phrases_[p]) != nullptr;
  if (occasion ? !person : !person && !body) return;
  const TokenRange content{told.tokens.begin, parse_.tokens.end};
  if (content.empty() || Word(content.begin).quotation >= 0) return;
  if (TokenAt(content.begin).kind != TokenKind::kWord) return;  // Figures of a table.
  Draft* draft = Add(ClaimKind::kIndirect, "headline.colon", person ? 0.6 : 0.55);
  draft->content.push_back(content);
  draft->speaker = speaker;
  draft->speaker_head = phrases_[p].head;
  draft->frame.push_back({source.tokens.begin, content.begin});
  last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
}

bool ClaimFinder::HasPerfectInfinitive(const SentenceClause& clause) const {
  // "... soll gesehen haben", but "(da er) gesehen haben soll".
  const bool verb_last =
      clause.kind == ClauseKind::kSubordinate || clause.kind == ClauseKind::kRelative;
  for (int32_t t = verb_last ? clause.tokens.begin : clause.finite + 1; t < clause.tokens.end;
       ++t) {
    const WordInfo& word = Word(t);
    if (!word.verb || !word.nonfinite || word.quotation >= 0) continue;
    if ((word.bits & Morphology::kInfinitive) != 0 && t > 0 && Word(t - 1).verb &&
        (Word(t - 1).bits & Morphology::kParticiplePerfect) != 0 &&
        (grammar_.IsHave(word) || grammar_.IsBe(word))) {
      return true;
    }
  }
  return false;
}

bool ClaimFinder::HasTime(const SentenceClause& clause) const {
  for (int32_t t = clause.tokens.begin; t < clause.tokens.end; ++t) {
    if (InTime(t)) return true;
  }
  return false;
}

bool ClaimFinder::IsOfState(const SentenceClause& clause) const {
  if (clause.main < 0 || clause.main == clause.finite) return false;
  const WordInfo& verb = Word(clause.main);
  return (verb.bits & Morphology::kInfinitive) != 0 && grammar_.IsStative(verb);
}

TokenRange ClaimFinder::SubjectBefore(int32_t from) {
  // Whom the sentence before is about: read again, as only few sentences ask.
  if (sentence_ == 0) return {};
  const int32_t here = sentence_;
  if (document_.sentences[static_cast<size_t>(here) - 1].paragraph !=
      document_.sentences[static_cast<size_t>(here)].paragraph) {
    return {};
  }
  sentence_ = here - 1;
  ReadClauses(sentence_);
  TokenRange subject;
  for (const SentenceClause& clause : parse_.clauses) {
    if (clause.kind != ClauseKind::kMain || clause.finite < 0 || clause.tokens.begin < from) {
      continue;
    }
    if (!clause.reports() && !clause.passive) subject = SubjectOf(clause);
    break;
  }
  sentence_ = here;
  ReadClauses(sentence_);
  if (subject.empty()) return {};
  const int32_t actor = actors_.ActorOf(subject);
  if (actor < 0 || IsMute(phrases_.Outermost(subject.begin), actor, /*of_genitive=*/false))
    return {};
  const ActorType type = document_.actors[static_cast<size_t>(actor)].type;
  // A body that has not spoken says less than who spoke last.
  const bool spoken =
      last_source_ >= 0 && here - drafts_[static_cast<size_t>(last_source_)].sentence <= kReach;
  const bool fits = type == ActorType::kPerson || (type == ActorType::kOrganization && !spoken);
  return fits ? subject : TokenRange();
}

bool ClaimFinder::HasReportingClause() const {
  for (const SentenceClause& clause : parse_.clauses) {
    // "Auf die Frage, ob das stimme, schwieg Berg": the question's own.
    if (clause.opener == Opener::kOb || clause.opener == Opener::kInterrogative) continue;
    if (clause.mood == ClauseMood::kKonjunktiv1) return true;
  }
  return false;
}

bool ClaimFinder::IsAboutSource(int32_t clause) const {
  if (clause < 0) return false;
  const TokenRange subject = SubjectOf(clause).first;
  if (subject.empty()) return false;
  const int32_t actor = actors_.ActorOf(subject);
  return actor >= 0 && actor == actors_.ActorOf(drafts_[static_cast<size_t>(last_source_)].speaker);
}

bool ClaimFinder::IsWish(const SentenceClause& clause) const {
  const TokenRange subject = SubjectOf(clause);
  if (clause.verb_first || subject.empty()) return true;
  // "als komme er wieder", "es sei denn, er kommt".
  const int32_t behind = clause.finite + 1;
  if (FrameOf(Lower(clause.tokens.begin)) == Frame::kAls ||
      (grammar_.IsBe(Word(clause.finite)) && behind < clause.tokens.end &&
       TokenAt(behind).pos == Pos::kCoordinator)) {
    return true;
  }
  // "Wer behauptet, er sei krank, irrt": nobody's words.
  if (clause.first_segment > 0 && Word(parse_.tokens.begin).Has(ClauseWord::kInterrogative)) {
    return true;
  }
  const WordInfo& finite = Word(clause.finite);
  const bool auxiliary =
      grammar_.IsModal(finite) || grammar_.IsHave(finite) || grammar_.IsBecome(finite);
  if (grammar_.IsBe(finite)) {
    const WordInfo& main = Word(clause.main >= 0 ? clause.main : clause.finite);
    if ((main.bits & Morphology::kParticiplePerfect) == 0) return false;
    return std::any_of(main.lemmas.begin(), main.lemmas.begin() + main.lemma_count,
                       [this](uint32_t lemma) { return reporting_.Verb(lemma) != nullptr; });
  }
  return !auxiliary && subject.size() == 1 && Word(subject.begin).Has(ClauseWord::kSelf);
}

const Hedge* ClaimFinder::HedgeAt(int32_t token) const {
  if (Word(token).quotation >= 0 || TokenAt(token).kind != TokenKind::kWord) return nullptr;
  const Hedge* hedge = reporting_.FindHedge(Lower(token));
  return hedge != nullptr && hedge->kind == Hedge::Kind::kAdverb ? hedge : nullptr;
}

bool ClaimFinder::IsInferred(int32_t c) const {
  const TokenRange& clause = ClauseAt(c).tokens;
  for (int32_t t = clause.begin; t < clause.end; ++t) {
    const Hedge* hedge = ClauseOf(t) == c ? HedgeAt(t) : nullptr;
    if (hedge != nullptr && hedge->certainty == Certainty::kHearsay) return true;
  }
  return false;
}

bool ClaimFinder::IsHedged() const {
  for (int32_t t = parse_.tokens.begin; t < parse_.tokens.end; ++t) {
    if (HedgeAt(t) != nullptr) return true;
  }
  return false;
}

ClaimFinder::FreeReading ClaimFinder::ReadFree(int32_t clause) {
  FreeReading reading;
  reading.clause = clause;
  if (last_source_ >= 0) {
    const int32_t before = drafts_.back().sentence;
    reading.distance = sentence_ - before;
    reading.same_paragraph = document_.sentences[static_cast<size_t>(before)].paragraph ==
                             document_.sentences[static_cast<size_t>(sentence_)].paragraph;
  }
  if (clause < 0) return reading;
  const int32_t distance = reading.distance;
  const SentenceClause main = ClauseAt(clause);
  const WordInfo& finite = Word(main.finite);
  const bool konjunktiv1 = main.mood == ClauseMood::kKonjunktiv1;
  const bool perfect =
      (grammar_.IsWollen(finite) || grammar_.IsSollen(finite)) && HasPerfectInfinitive(main);
  if (grammar_.IsWollen(finite) && main.mood == ClauseMood::kIndicative && perfect &&
      (finite.bits & Morphology::kPast) == 0) {
    // "Der Zeuge will den Wagen gesehen haben": what he says of himself.
    reading.hearsay = 0.6;
    reading.own_words = SubjectOf(clause).first;
  } else if (grammar_.IsSollen(finite) && !konjunktiv1) {
    if (main.mood == ClauseMood::kKonjunktiv2 || (finite.bits & Morphology::kPast) != 0) {
      // "sollte inzwischen angekommen sein": what one expects.
      reading.hearsay = perfect ? 0.3 : 0.1;
    } else {
      // Far from any source a plan is told ("Das Haus soll 2030 fertig sein").
      reading.hearsay = perfect ? 0.75 : distance <= 1 ? 0.6 : distance <= kReach ? 0.3 : 0.22;
      // "Der Film soll am Freitag gezeigt werden": a plan with its day.
      if (!perfect && HasTime(main)) reading.hearsay *= 0.6;
      // "Es soll sich um Betrug handeln": how things are and no plan.
      if (IsOfState(main)) reading.hearsay = std::max(reading.hearsay, 0.5);
    }
  } else if (konjunktiv1) {
    reading.continued = distance <= 1              ? 0.93
                        : distance <= 2            ? 0.88
                        : distance <= kReach       ? 0.8
                        : distance <= 2 * kReach   ? 0.65
                        : IsWish(ClauseAt(clause)) ? 0.2
                                                   : 0.6;
  } else if (main.mood == ClauseMood::kWuerde) {
    // In the plural it stands for the Konjunktiv I, which looks like the indicative there.
    const bool several = (finite.bits & Morphology::kSingular) == 0;
    reading.continued = distance <= 1 ? 0.85 : distance > kReach ? 0.1 : several ? 0.45 : 0.3;
  } else if (main.mood == ClauseMood::kKonjunktiv2) {
    const bool auxiliary = grammar_.IsHave(finite) || grammar_.IsBe(finite);
    // "Das wäre teuer", "Sie wären teuer": in somebody's words it would be "sei", "seien".
    const bool hypothetical = (finite.bits & Morphology::kPlural) == 0 || grammar_.IsBe(finite);
    reading.continued = distance <= 1                     ? (hypothetical ? 0.45
                                                             : auxiliary  ? 0.75
                                                                          : 0.6)
                        : distance <= kReach && auxiliary ? 0.4
                                                          : 0.1;
  }
  if (distance <= 1 && reading.continued < 0.8 && HasReportingClause() &&
      (main.mood == ClauseMood::kKonjunktiv2 || main.mood == ClauseMood::kAmbiguous)) {
    reading.continued = 0.8;  // "Die Kosten stiegen, weil der Stahl teurer werde."
  }
  if (distance > 1 && konjunktiv1) {
    // "Der Minister gab sich gelassen. Die Umfragen seien eine Momentaufnahme."
    reading.subject_before = SubjectBefore(0);
    if (!reading.subject_before.empty()) reading.continued = std::max(reading.continued, 0.7);
  } else if (distance == 1 && konjunktiv1 && drafts_.back().kind == ClaimKind::kIndirect) {
    // "Der Chef gab den Auftrag, zu sparen, die Prüferin fühlte sich gebremst. Das habe ...".
    const TokenRange told = drafts_.back().content.back();
    const TokenRange subject = SubjectBefore(told.end);
    const int32_t actor = actors_.ActorOf(subject);
    if (!subject.empty() && subject.begin >= told.end &&
        document_.actors[static_cast<size_t>(actor)].type == ActorType::kPerson &&
        actor != actors_.ActorOf(drafts_.back().speaker)) {
      reading.subject_before = subject;
    }
  }
  // "Berg kündigte Klagen an. Das würde womöglich teuer": the writer muses on what was done.
  if (last_source_ >= 0 && drafts_.back().kind == ClaimKind::kReported &&
      (main.mood == ClauseMood::kWuerde || main.mood == ClauseMood::kKonjunktiv2) &&
      !HasReportingClause()) {
    reading.continued *= IsHedged() ? 0.45 : 0.6;
  }
  if (!reading.same_paragraph && reading.continued < 0.93) {
    reading.continued *= konjunktiv1 ? 0.7 : 0.5;
  }
  // "Das würde noch teurer": what the writer makes of it.
  if ((main.mood == ClauseMood::kWuerde || main.mood == ClauseMood::kKonjunktiv2) &&
      Word(main.tokens.begin).Has(ClauseWord::kPointing) && !HasReportingClause()) {
    reading.continued *= 0.5;
  }
  // "Die Entscheidung dürfte im März fallen": the writer's own guess.
  if (main.mood == ClauseMood::kKonjunktiv2 && grammar_.IsDuerfen(finite)) reading.continued *= 0.4;
  // "Berg könnte spielen", "Das wäre teuer": what may be, more often than what somebody said.
  if (main.mood == ClauseMood::kKonjunktiv2 && !HasReportingClause() &&
      (grammar_.IsKoennen(finite) || grammar_.IsBe(finite))) {
    reading.continued *= 0.6;
  }
  // "Wer mitmachen will, wende sich an den Verein."
  if (konjunktiv1 && ClauseAt(clause).first_segment > 0 &&
      Word(parse_.tokens.begin).Has(ClauseWord::kInterrogative) && !grammar_.IsAuxiliary(finite)) {
    reading.continued *= 0.4;
  }
  // "Sei ehrlich, Europa!"
  const TokenRange sentence = document_.sentences[static_cast<size_t>(sentence_)].tokens;
  if (konjunktiv1 && document_.TokenText(sentence.end - 1) == "!") reading.continued *= 0.4;
  // "Könnte es noch mehr werden?" asks the reader.
  if (AsksAQuestion() && !konjunktiv1) reading.continued *= 0.4;
  return reading;
}

void ClaimFinder::FindFree() {
  for (size_t d = sentence_drafts_; d < drafts_.size(); ++d) {
    if (drafts_[d].part_of < 0) return;
  }
  const bool whole = !parse_.tokens.empty() && Word(parse_.tokens.begin).quotation >= 0 &&
                     Word(parse_.tokens.end - 1).quotation == Word(parse_.tokens.begin).quotation;
  if (whole) return;
  int32_t first = -1;
  int32_t behind_colon = -1;
  for (size_t c = parse_.clauses.size(); c-- > 0;) {
    const SentenceClause& clause = parse_.clauses[c];
    if (clause.kind != ClauseKind::kMain || clause.finite < 0) continue;
    if (first >= 0 && SegmentAt(ClauseAt(first).first_segment).mark_before == ':') {
      behind_colon = first;
    }
    first = static_cast<int32_t>(c);
  }
  FreeReading reading = ReadFree(first);
  TokenRange content = parse_.tokens;
  // "Die rote Fassung: Man habe alles versucht": whose words follow.
  if (first >= 0 && parse_.segments.size() > 1 && SegmentAt(1).mark_before == ':' &&
      SegmentAt(0).finite < 0 && ClauseAt(first).first_segment == 1 && reading.continued > 0) {
    const int32_t p = phrases_.Outermost(parse_.tokens.begin);
    if (p >= 0 && phrases_[p].preposition < 0 && phrases_[p].determiner >= 0 &&
        phrases_[p].tokens.end == SegmentAt(0).tokens.end) {
      reading.subject_before = phrases_[p].tokens;
      content.begin = SegmentAt(1).tokens.begin;
    }
  }
  // At the head of an article "offenbar" stands for a source that is named further down; later on
  // the writer draws a conclusion of his own with it.
  const int32_t head_end = sentence_ < kLead ? parse_.tokens.end : parse_.tokens.begin;
  for (int32_t t = parse_.tokens.begin; t < head_end; ++t) {
    const Hedge* hedge = HedgeAt(t);
    const bool predicate = t + 1 == parse_.tokens.end;  // "Der Plan wurde offenbar."
    if (hedge != nullptr && hedge->certainty == Certainty::kHearsay && !predicate) {
      reading.hearsay = std::max(reading.hearsay, 0.45);
    }
  }
  if (behind_colon >= 0 && std::max(reading.hearsay, reading.continued) < kMinQuote) {
    // "Ein neuer Fall wurde bekannt: Ein Mann soll seine Frau geschlagen haben."
    reading = ReadFree(behind_colon);
    // "Die Ministerin blieb gelassen: Es sei genug Geld da."
    const TokenRange subject = SubjectOf(first).first;
    if (!subject.empty() && actors_.ActorOf(subject) >= 0) {
      reading.subject_before = subject;
    } else if (const int32_t p = phrases_.Outermost(ClauseAt(first).tokens.begin);
               p >= 0 && phrases_[p].preposition < 0 &&
               (actors_.ActorOf(phrases_[p].tokens) >= 0 ||
                phrases_[p].classes.Has(WordClass::kPersonNoun | WordClass::kGroupNoun))) {
      // "Kritikern geht das zu weit: Es sei kein Geld da."
      reading.subject_before = phrases_[p].tokens;
    }
    content.begin = ClauseAt(behind_colon).tokens.begin;
  }
  if (reading.hearsay >= kMinQuote && reading.hearsay >= reading.continued) {
    AddHearsay(reading, content);
  } else if (reading.continued >= kMinQuote) {
    AddContinued(reading, content);
  }
}

void ClaimFinder::FindHearsayClauses() {
  for (size_t c = 0; c < parse_.clauses.size(); ++c) {
    const SentenceClause& clause = parse_.clauses[c];
    const bool dependent =
        clause.kind == ClauseKind::kRelative ||
        (clause.kind == ClauseKind::kSubordinate && clause.opener == Opener::kSubordinator);
    if (clause.finite < 0 || (clause.kind != ClauseKind::kMain && !dependent)) continue;
    const WordInfo& finite = Word(clause.finite);
    if (!grammar_.IsSollen(finite) || (finite.bits & Morphology::kPast) != 0 || clause.reports() ||
        !HasPerfectInfinitive(clause) || InContent(clause.finite)) {
      continue;
    }
    TokenRange content = clause.tokens;
    const bool opened = clause.kind == ClauseKind::kSubordinate ||
                        Word(content.begin).Has(ClauseWord::kCoordinator);
    if (opened && content.size() > 1) ++content.begin;
    FreeReading reading;
    reading.clause = static_cast<int32_t>(c);
    reading.hearsay = kHearsayClause;
    AddHearsay(reading, content);
    drafts_.back().final_stop = false;
  }
}

void ClaimFinder::FindKonjunktivClauses() {
  // "Zwölf Gäste wurden verletzt, der Deich sei schuld": what the writer tells runs on into what he
  // was told.
  for (size_t c = 1; c < parse_.clauses.size(); ++c) {
    const SentenceClause& clause = parse_.clauses[c];
    if (clause.kind != ClauseKind::kMain || clause.finite < 0 ||
        clause.mood != ClauseMood::kKonjunktiv1 || InContent(clause.finite) ||
        cues_[c].entry != nullptr || IsWish(clause)) {
      continue;
    }
    FreeReading reading = ReadFree(static_cast<int32_t>(c));
    if (reading.continued < kMinQuote) continue;
    TokenRange content = parse_.clauses[c].tokens;
    if (Word(content.begin).Has(ClauseWord::kCoordinator) && content.size() > 1) ++content.begin;
    AddContinued(reading, content);
    drafts_.back().final_stop = false;
  }
}

void ClaimFinder::AddHearsay(const FreeReading& reading, const TokenRange& content) {
  const int32_t finite = reading.clause < 0 ? -1 : ClauseAt(reading.clause).finite;
  const bool sollen = finite >= 0 && grammar_.IsSollen(Word(finite));
  Draft* draft = Add(ClaimKind::kFreeIndirect,
                     !reading.own_words.empty() ? "free.wollen"
                     : sollen                   ? "free.sollen"
                                                : "free.hearsay",
                     reading.hearsay);
  draft->content.push_back(content);
  draft->final_stop = parse_.has_final_stop;
  draft->hearsay = true;
  if (finite >= 0) draft->cue.push_back(finite);
  if (!reading.own_words.empty()) {
    draft->speaker = draft->subject = reading.own_words;
  } else if (last_source_ >= 0 && reading.distance <= kReach && !IsAboutSource(reading.clause)) {
    draft->source = last_source_;
    // "Das Haus soll 2030 fertig sein": a plan of whoever has it.
    if (!sollen || HasPerfectInfinitive(ClauseAt(reading.clause))) {
      draft->speaker = drafts_[static_cast<size_t>(last_source_)].speaker;
    }
  }
}

void ClaimFinder::AddContinued(const FreeReading& reading, const TokenRange& content) {
  // Whose words they are is the less sure the more was told between them and their source.
  const double farthest = reading.distance <= 1 ? 1 : reading.distance == 2 ? 0.75 : 0.45;
  Draft* draft = Add(ClaimKind::kIndirectFreeIndirect, "free.konjunktiv",
                     std::min(reading.continued, farthest));
  draft->content.push_back(content);
  draft->final_stop = parse_.has_final_stop;
  if (!reading.subject_before.empty()) {
    draft->speaker = reading.subject_before;
    last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
  } else if (last_source_ >= 0) {
    draft->speaker = drafts_[static_cast<size_t>(last_source_)].speaker;
    draft->source = last_source_;
  }
  // Quoted fragments in it.
  const auto container = static_cast<int32_t>(drafts_.size()) - 1;
  for (size_t q = next_quotation_; q-- > 0;) {
    const Quotation& quotation = document_.quotations[q];
    if (quotation.tokens.end <= parse_.tokens.begin) break;
    if (quotation.outer >= 0 || quotation.tokens.begin < parse_.tokens.begin) continue;
    const double probability = QuoteProbability(quotation);
    if (probability < kMinQuote) continue;
    Draft copy;
    if (last_source_ >= 0) copy = drafts_[static_cast<size_t>(last_source_)];
    copy.kind = ClaimKind::kDirect;
    copy.content.clear();
    copy.content.push_back(quotation.tokens);
    copy.rule = "quote.nested";
    copy.confidence = probability * 0.7;
    copy.part_of = container;
    copy.sentence = sentence_;
    copy.source = last_source_;
    copy.final_stop = false;
    drafts_.push_back(copy);
  }
}

}  // namespace lagebild::extract
