#include "extract_service/claims/claim_finder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "extract_service/claims/stance.h"

namespace lagebild::extract {
namespace {

/// A claim is emitted when the probability that it is one reaches this.
constexpr double kMinConfidence = 0.3;
/// Quotation marks are taken for a quotation of their own from here.
constexpr double kMinQuote = 0.38;
/// How many sentences back a source carries on.
constexpr int32_t kReach = 3;

constexpr std::pair<std::string_view, uint32_t> kPrepositionFrames[] = {
    {"von", Frame::kVon},  {"vom", Frame::kVon},     {"über", Frame::kUeber}, {"vor", Frame::kVor},
    {"zu", Frame::kZu},    {"zum", Frame::kZu},      {"zur", Frame::kZu},     {"auf", Frame::kAuf},
    {"für", Frame::kFuer}, {"mit", Frame::kMit},     {"an", Frame::kAn},      {"am", Frame::kAn},
    {"um", Frame::kUm},    {"gegen", Frame::kGegen}, {"aus", Frame::kAus},    {"als", Frame::kAls},
};

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

uint32_t FrameOf(std::string_view preposition) {
  for (const auto& [name, frame] : kPrepositionFrames) {
    if (name == preposition) return frame;
  }
  return 0;
}

}  // namespace

ClaimFinder::ClaimFinder(AnnotatedDocument& document, const Lexicon& lexicon,
                         const ClauseGrammar& grammar, const ReportingLexicon& reporting,
                         const NounPhrases& phrases)
    : document_(document),
      lexicon_(lexicon),
      grammar_(grammar),
      reporting_(reporting),
      phrases_(phrases),
      actors_(document) {}

std::string_view ClaimFinder::Lower(int32_t t) const {
  return ToLower(document_.TokenText(t), &buffer_);
}

int32_t ClaimFinder::ClauseOf(int32_t token) const {
  for (const Segment& segment : parse_.segments) {
    if (segment.tokens.Contains(token)) return segment.clause;
  }
  return -1;
}

void ClaimFinder::Run() {
  document_.claims.clear();
  if (document_.tokens.empty() || document_.sentences.empty()) return;
  grammar_.LookUp(document_, &words_);
  for (size_t s = 0; s < document_.sentences.size(); ++s) {
    if (drafts_.size() >= kMaxItemsPerLayer) {
      document_.truncated_layers.push_back("claims");
      break;
    }
    sentence_ = static_cast<int32_t>(s);
    sentence_drafts_ = drafts_.size();
    if (document_.sentences[s].tokens.empty()) continue;
    grammar_.Parse(document_, words_, sentence_, &parse_);
    if (parse_.clauses.empty()) continue;
    FindCues();
    FindAdjuncts();
    FindPostposed();
    FindWie();
    FindComplements();
    EmitAdjuncts();
    FindQuotes();
    FindReported();
    FindFree();
  }
  Emit();
}

// --- Cues
// -----------------------------------------------------------------------------------------

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
    const int32_t heads[] = {clause.main, clause.finite};
    for (const int32_t head : heads) {
      if (head < 0 || entry != nullptr) continue;
      const WordInfo& verb = Word(head);
      for (uint8_t i = 0; i < verb.lemma_count && entry == nullptr; ++i) {
        if (!reporting_.HasPhrases(verb.lemmas[i])) continue;
        for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
          const Segment& segment = SegmentAt(s);
          if (segment.clause != static_cast<int32_t>(c)) continue;
          for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
            if (Word(t).quotation >= 0 || TokenAt(t).kind != TokenKind::kWord) continue;
            const ReportingEntry* found = reporting_.Phrase(verb.lemmas[i], Lower(t));
            if (found == nullptr) continue;
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
        if (bare != nullptr && (lemma >= ClauseGrammar::OwnLemma(0) ||
                                !lexicon_.FindLemma(absl::StrCat(ToAbsl(Lower(clause.particle)),
                                                                 ToAbsl(lexicon_.Lemma(lemma)))))) {
          entry = bare;
        }
      }
    }
    if (entry == nullptr || entry->strength == Strength::kBlocked) continue;
    // "Er habe angekündigt, dass ...": what stands in the Konjunktiv is itself told by the speaker
    // before.
    if (clause.kind == ClauseKind::kMain && clause.mood == ClauseMood::kKonjunktiv1 &&
        !clause.verb_first && last_source_ >= 0 &&
        sentence_ - drafts_[static_cast<size_t>(last_source_)].sentence <= 2 &&
        sentence_drafts_ > 0 && c == 0) {
      continue;
    }
    cue.entry = entry;
    cue.phrase_word = phrase_word;
    if (phrase_word >= 0 && TokenAt(phrase_word).capitalized) {
      // "der Ansicht sein", "zu dem Ergebnis kommen": with article and preposition.
      cue.tokens.push_back(phrase_word);
      int32_t t = phrase_word - 1;
      if (t >= parse_.tokens.begin && Word(t).Has(ClauseWord::kArticle)) cue.tokens.push_back(t--);
      if (t >= parse_.tokens.begin && TokenAt(t).pos == Pos::kAdposition) cue.tokens.push_back(t);
    } else if (phrase_word >= 0 && (entry->frames & Frame::kUeber) == 0) {
      cue.tokens.push_back(phrase_word);
    }
    CompleteCue(static_cast<int32_t>(c), &cue);
    FindSubject(static_cast<int32_t>(c), &cue);
  }
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
  bool es = false;
  for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
    const Segment& segment = SegmentAt(s);
    if (segment.clause != c) continue;
    for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
      const WordInfo& word = Word(t);
      if (word.quotation >= 0 || TokenAt(t).kind != TokenKind::kWord) continue;
      const std::string_view lower = Lower(t);
      if (word.Has(ClauseWord::kNegation) &&
          (lower == "nicht" || lower == "nie" || lower == "niemand")) {
        cue->negated = true;
      }
      if (word.Has(ClauseWord::kReflexive)) {
        if (!cue->entry->phrase || cue->entry->lemma.find("sein") == std::string::npos)
          cue->tokens.push_back(t);
      } else if (word.Has(ClauseWord::kCorrelate)) {
        if (lower == "es") {
          es = es || std::abs(t - clause.finite) <= 2;
          if (cue->entry->lemma == "heißen") cue->tokens.push_back(t);
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
  cue->impersonal =
      (cue->entry->lemma == "heißen" || cue->entry->lemma == "hervorgehen") && (es || true);
  if (cue->entry->lemma == "heißen" && !es) cue->entry = nullptr;
  std::sort(cue->tokens.begin(), cue->tokens.end());
  cue->tokens.erase(std::unique(cue->tokens.begin(), cue->tokens.end()), cue->tokens.end());
}

TokenRange ClaimFinder::SpeakerRange(int32_t phrase) const {
  const NounPhrase& found = phrases_[phrase];
  if (found.relative && found.antecedent >= 0) return SpeakerRange(found.antecedent);
  if (found.coordination >= 0) return phrases_.CoordinationRange(phrase);
  return found.tokens;
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
    if (TokenAt(t).kind == TokenKind::kWord && ClauseOf(t) != c) break;
    const Pos pos = TokenAt(t).pos;
    if (pos == Pos::kNoun || pos == Pos::kProperNoun || pos == Pos::kNumeral ||
        TokenAt(t).kind == TokenKind::kClosingQuote || document_.TokenText(t) == ")") {
      end = t + 1;
    }
  }
  speaker.end = end;
  return speaker;
}

void ClaimFinder::FindSubject(int32_t c, Cue* cue) const {
  if (cue->entry == nullptr) return;
  const SentenceClause& clause = ClauseAt(c);
  const auto [first, last] = phrases_.InSentence(sentence_);
  int32_t best = -1, by = -1, object = -1, from = -1, dative = -1;
  double best_score = 0;
  const bool plural = clause.finite >= 0 && !(Word(clause.finite).bits & Morphology::kSingular) &&
                      (Word(clause.finite).bits & Morphology::kPlural) != 0;
  for (int32_t p = first; p < last; ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (phrase.relation != PhraseRelation::kNone) continue;
    const int32_t at = phrase.tokens.begin;
    if (Word(at).quotation >= 0 && phrase.tokens.size() > 0 &&
        Word(phrase.tokens.end - 1).quotation >= 0)
      continue;
    if (ClauseOf(at) != c) continue;
    if (phrase.coordination >= 0) {
      const auto conjuncts = phrases_.Conjuncts(p);
      if (!conjuncts.empty() && conjuncts.front() != p &&
          phrases_[conjuncts.front()].preposition == phrase.preposition)
        continue;
    }
    // "Wie die Post berichtet": "wie" opens the clause, whatever its tag.
    const bool governed =
        phrase.preposition >= 0 && !Word(phrase.preposition).Has(ClauseWord::kWie);
    if (governed) {
      const std::string_view preposition = Lower(phrase.preposition);
      if (by < 0 && (preposition == "von" || preposition == "vom" || preposition == "durch" ||
                     preposition == "seitens")) {
        by = p;
      }
      if (from < 0 &&
          (preposition == "in" || preposition == "im" || preposition == "aus" ||
           preposition == "von" || preposition == "vom" || preposition == "seitens") &&
          !(phrase.classes.bits & (WordClass::kMonth | WordClass::kWeekday))) {
        from = p;
      }
      if (preposition == "gegenüber") dative = p;
      continue;
    }
    if (phrase.kind == PhraseKind::kPronoun && !phrase.relative) {
      const WordInfo& word = Word(at);
      const std::string_view lower = Lower(at);
      if (word.Has(ClauseWord::kReflexive) || lower == "es") continue;
    }
    if (phrase.classes.Has(WordClass::kWeekday | WordClass::kMonth)) continue;
    if (cue->entry->phrase) {
      // "die Frage" of "die Frage stellen" is no subject.
      bool part = false;
      part = cue->phrase_word >= 0 && phrase.core.Contains(cue->phrase_word);
      if (part) continue;
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
    if (cases == Morphology::kNominative) score += 1.5;
    const uint32_t numbers = phrase.morphology.bits & Morphology::kNumbers;
    if (numbers != 0 && phrase.coordination < 0) {
      const bool agrees = ((numbers & Morphology::kPlural) != 0 && plural) ||
                          ((numbers & Morphology::kSingular) != 0 && !plural);
      score += agrees ? 0.5 : -2;
    }
    if (phrase.relative) score += 2;
    if (phrase.kind == PhraseKind::kName) score += 1.5;
    if (phrase.classes.Has(WordClass::kOffice | WordClass::kOrganizationNoun |
                           WordClass::kMediaNoun | WordClass::kGroupNoun | WordClass::kPersonNoun |
                           WordClass::kDemonym | WordClass::kCountry)) {
      score += 1.5;
    }
    if (phrase.kind == PhraseKind::kPronoun) score += 1.5;
    if (clause.finite >= 0) {
      const bool before = phrase.tokens.begin < clause.finite;
      if (clause.kind == ClauseKind::kMain) {
        if (before) score += 1;
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
  const uint32_t frames = cue->entry->frames;
  if (cue->impersonal) {
    if (from >= 0) {
      cue->speaker = SpeakerRange(from);
      cue->speaker_head = phrases_[from].head;
    }
    return;
  }
  if (clause.passive) {
    if (by >= 0) {
      cue->speaker = SpeakerRange(by);
      cue->speaker_head = phrases_[by].head;
    }
    if ((frames & (Frame::kToAccusative | Frame::kToDative)) != 0 && best >= 0)
      cue->addressee = SpeakerRange(best);
    cue->impersonal = true;
    return;
  }
  if (cue->entry->lemma == "zitieren" && object >= 0 && best >= 0) {
    cue->quoted_object = true;
    cue->relay = SpeakerRange(best);
    cue->speaker = SpeakerRange(object);
    cue->speaker_head = phrases_[object].head;
    return;
  }
  if (best < 0 && (clause.coordinated || clause.verb_first || clause.kind == ClauseKind::kMain)) {
    // "Berg sprach von einem Erfolg und kündigte an": the subject stands in the clause before.
    for (int32_t d = c - 1; d >= 0 && (clause.coordinated || clause.verb_first); --d) {
      if (ClauseAt(d).kind != ClauseKind::kMain) continue;
      Cue before;
      before.entry = cue->entry;
      FindSubject(d, &before);
      cue->speaker = before.speaker;
      cue->speaker_head = before.speaker_head;
      break;
    }
  } else if (best >= 0) {
    cue->speaker = SpeakerRange(best);
    cue->speaker_head = phrases_[best].head;
    if (clause.kind == ClauseKind::kMain && !phrases_[best].relative) {
      cue->speaker = Prefield(c, cue->speaker);
    }
  }
  if (cue->speaker.empty() && clause.kind == ClauseKind::kMain && best < 0 &&
      clause.finite == clause.tokens.begin + 1 && !clause.coordinated) {
    // "Einige vertreten ...": one word before the verb.
    const Pos pos = TokenAt(clause.tokens.begin).pos;
    const bool correlate = Word(clause.tokens.begin).Has(ClauseWord::kCorrelate | ClauseWord::kPointing);
    if ((pos == Pos::kPronoun || pos == Pos::kDeterminer || pos == Pos::kProperNoun) && !correlate) {
      cue->speaker = {clause.tokens.begin, clause.finite};
    }
  }
  if (dative >= 0 && (frames & Frame::kToDative) != 0) {
    cue->addressee = phrases_[dative].tokens;
  } else if (dative >= 0 && phrases_[dative].preposition >= 0 &&
             Lower(phrases_[dative].preposition) == "gegenüber") {
    cue->addressee = phrases_[dative].tokens;
  } else if (object >= 0 && (frames & Frame::kToAccusative) != 0 && object != best) {
    cue->addressee = SpeakerRange(object);
  }
  if (cue->addressee.size() > 0 && cue->speaker.begin < cue->addressee.end &&
      cue->addressee.begin < cue->speaker.end) {
    cue->addressee = {};
  }
}

// --- Drafts
// ---------------------------------------------------------------------------------------

ClaimFinder::Draft* ClaimFinder::Add(ClaimKind kind, std::string_view rule, double confidence) {
  Draft draft;
  draft.kind = kind;
  draft.rule = rule;
  draft.confidence = confidence;
  draft.sentence = sentence_;
  drafts_.push_back(draft);
  return &drafts_.back();
}

void ClaimFinder::Take(int32_t c, Draft* draft) {
  Cue& cue = cues_[static_cast<size_t>(c)];
  cue.used = true;
  draft->entry = cue.entry;
  draft->cue = cue.tokens;
  draft->speaker = cue.speaker;
  draft->speaker_head = cue.speaker_head;
  draft->relay = cue.relay;
  draft->addressee = cue.addressee;
  draft->negated = cue.negated;
  FrameFromRest(c, draft);
  const auto index = static_cast<int32_t>(draft - drafts_.data());
  if (!draft->speaker.empty() || last_source_ < 0) {
    last_source_ = index;
  } else {
    draft->source = -1;
  }
}

void ClaimFinder::FrameFromRest(int32_t c, Draft* draft) const {
  // Everything else in the sentence; where several frames share a sentence, the frame's own clause.
  int32_t frames = 0;
  for (const Cue& cue : cues_) frames += cue.used ? 1 : 0;
  TokenRange hull = parse_.tokens;
  if (frames > 1) {
    const SentenceClause& clause = ClauseAt(c);
    hull = clause.tokens;
    if (hull.begin > parse_.tokens.begin && TokenAt(hull.begin - 1).kind == TokenKind::kPunctuation)
      --hull.begin;
    if (hull.end < parse_.tokens.end && TokenAt(hull.end).kind == TokenKind::kPunctuation)
      ++hull.end;
  }
  const SentenceClause& own = ClauseAt(c);
  if (own.coordinated && own.kind == ClauseKind::kMain && own.first_segment > 0 &&
      (draft->content.empty() || draft->content.front().begin > own.tokens.begin)) {
    hull.begin = std::max(hull.begin, own.tokens.begin);
  }
  // A quotation carried into this sentence from the one before is no frame.
  while (hull.begin < hull.end && Word(hull.begin).quotation >= 0 &&
         document_.quotations[static_cast<size_t>(Word(hull.begin).quotation)].tokens.begin <
             parse_.tokens.begin) {
    ++hull.begin;
  }
  int32_t at = hull.begin;
  for (const TokenRange& part : draft->content) {
    if (part.end <= hull.begin || part.begin >= hull.end) continue;
    if (part.begin > at) draft->frame.push_back({at, part.begin});
    at = std::max(at, part.end);
  }
  if (at < hull.end) draft->frame.push_back({at, hull.end});
}

bool ClaimFinder::InContent(int32_t token) const {
  for (size_t d = sentence_drafts_; d < drafts_.size(); ++d) {
    for (const TokenRange& part : drafts_[d].content) {
      if (part.Contains(token)) return true;
    }
  }
  return false;
}

int32_t ClaimFinder::CoveringDraft(const TokenRange& range) const {
  int32_t best = -1;
  for (size_t d = sentence_drafts_; d < drafts_.size(); ++d) {
    for (const TokenRange& part : drafts_[d].content) {
      if (part.begin <= range.begin && range.end <= part.end && part.size() > range.size()) {
        best = static_cast<int32_t>(d);
      }
    }
  }
  return best;
}

// --- Verbal frames
// --------------------------------------------------------------------------------

void ClaimFinder::FindPostposed() {
  for (size_t c = 1; c < parse_.clauses.size(); ++c) {
    Cue& cue = cues_[c];
    const SentenceClause& clause = parse_.clauses[c];
    if (cue.entry == nullptr || cue.used) continue;
    if (clause.kind != ClauseKind::kMain || !clause.verb_first || clause.coordinated) continue;
    const int32_t segment = clause.first_segment;
    if (segment <= 0 || SegmentAt(segment).mark_before == ':') continue;
    // The clause in front: all of it back to a colon, a semicolon or the sentence's beginning.
    int32_t from = segment - 1;
    while (from > 0 && SegmentAt(from).mark_before != ':' && SegmentAt(from).mark_before != ';')
      --from;
    const Segment& opening = SegmentAt(from);
    const Segment& before = SegmentAt(segment - 1);
    bool main = false, complement = false;
    ClauseMood mood = ClauseMood::kNone;
    for (int32_t s = from; s < segment; ++s) {
      const SentenceClause& other = ClauseAt(SegmentAt(s).clause);
      if (SegmentAt(s).clause == static_cast<int32_t>(c)) continue;
      if (other.kind == ClauseKind::kMain && other.finite >= 0) {
        main = true;
        mood = other.mood;
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
    if (behind < static_cast<int32_t>(parse_.segments.size()) && cue.speaker.empty()) {
      const Segment& next_segment = SegmentAt(behind);
      if (next_segment.opener == Opener::kDass || next_segment.infinitive) continue;
    }
    TokenRange content{opening.tokens.begin, before.tokens.end};
    const int32_t q = Word(content.begin).quotation;
    const bool quoted = q >= 0 && Word(content.end - 1).quotation == q;
    if (quoted) continue;  // FindQuotes() frames it.
    if (!main && !complement) continue;
    const bool konjunktiv = mood == ClauseMood::kKonjunktiv1 || mood == ClauseMood::kKonjunktiv2 ||
                            mood == ClauseMood::kWuerde;
    const uint32_t frames = cue.entry->frames;
    double confidence = konjunktiv ? 0.9 : 0.75;
    if (cue.entry->strength == Strength::kWeak) confidence = konjunktiv ? 0.6 : 0.3;
    if ((frames & (Frame::kVerbSecond | Frame::kQuote | Frame::kDass)) == 0) confidence *= 0.5;
    if (!main && opening.opener != Opener::kDass && opening.opener != Opener::kOb &&
        opening.opener != Opener::kInterrogative)
      confidence *= 0.4;
    if (clause.passive) confidence *= 0.7;
    if (cue.speaker.empty() && !cue.impersonal) confidence *= 0.6;
    if (confidence < kMinQuote) continue;
    // What follows the frame goes on with the content when it is a clause of its own.
    TokenRange rest;
    const int32_t next = clause.last_segment + 1;
    if (next < static_cast<int32_t>(parse_.segments.size()) && SegmentAt(next).mark_before == ',') {
      const SentenceClause& after = ClauseAt(SegmentAt(next).clause);
      const bool own =
          after.kind == ClauseKind::kMain && !after.verb_first &&
          (after.mood == ClauseMood::kKonjunktiv1 || after.mood == ClauseMood::kWuerde);
      if (own || after.opener == Opener::kDass)
        rest = {SegmentAt(next).tokens.begin, parse_.tokens.end};
      if (SegmentAt(next).clause < static_cast<int32_t>(c))
        rest = {SegmentAt(next).tokens.begin, parse_.tokens.end};
    }
    Draft* draft = Add(ClaimKind::kIndirect, "verb.after", confidence);
    draft->content.push_back(content);
    if (!rest.empty()) draft->content.push_back(rest);
    Take(static_cast<int32_t>(c), draft);
  }
}

void ClaimFinder::FindWie() {
  for (size_t c = 0; c < parse_.clauses.size(); ++c) {
    Cue& cue = cues_[c];
    const SentenceClause& clause = parse_.clauses[c];
    if (cue.entry == nullptr || cue.used || clause.opener != Opener::kWie) continue;
    if (cue.speaker.empty() && !cue.impersonal) continue;
    if ((cue.entry->frames & (Frame::kDass | Frame::kVerbSecond | Frame::kQuote)) == 0) continue;
    if (cue.entry->strength == Strength::kWeak && cue.impersonal && clause.passive) continue;
    TokenRange before{parse_.tokens.begin, clause.tokens.begin};
    TokenRange after{clause.tokens.end, parse_.tokens.end};
    while (!before.empty() && TokenAt(before.end - 1).kind == TokenKind::kPunctuation) --before.end;
    while (!after.empty() && TokenAt(after.begin).kind == TokenKind::kPunctuation) ++after.begin;
    if (clause.first_segment > 0) {
      const Segment& segment = SegmentAt(clause.first_segment);
      if (segment.mark_before == ':' || segment.mark_before == '&') continue;
      // "..., wie Berg sagte, und ...": a clause coordinated behind belongs to somebody else.
      if (!after.empty() && Word(after.begin).Has(ClauseWord::kCoordinator)) after = {};
      // A complement: "zeigt, wie Berg sprach".
      bool complement = false;
      const int32_t parent = SegmentAt(clause.first_segment - 1).clause;
      if (parent >= 0 && cues_[static_cast<size_t>(parent)].entry != nullptr &&
          (cues_[static_cast<size_t>(parent)].entry->frames & Frame::kInterrogative) != 0 &&
          after.empty()) {
        complement = true;
      }
      if (complement) continue;
      bool taken = false;
      if (!before.empty())
        taken = InContent(before.begin) || cues_[static_cast<size_t>(SegmentAt(0).clause)].used;
      if (taken) continue;
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
  const SentenceClause& content = ClauseAt(SegmentAt(first_segment).clause);
  const bool konjunktiv = content.mood == ClauseMood::kKonjunktiv1 ||
                          content.mood == ClauseMood::kWuerde ||
                          content.mood == ClauseMood::kKonjunktiv2;
  (void)c;
  for (int32_t s = first_segment + 1; s < static_cast<int32_t>(parse_.segments.size()); ++s) {
    const Segment& segment = SegmentAt(s);
    const SentenceClause& clause = ClauseAt(segment.clause);
    if (segment.clause == SegmentAt(first_segment).clause) continue;
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
    const SentenceClause& content = ClauseAt(d);
    if (content.kind == ClauseKind::kRelative && content.opener == Opener::kRelative) continue;
    if (segment.mark_before == '&') return false;
    double confidence = 0;
    std::string_view rule;
    int32_t first = s;
    switch (content.opener) {
      case Opener::kDass:
        rule = "verb.dass";
        confidence = strong ? 0.92 : (frames & Frame::kDass) != 0 ? 0.62 : 0.4;
        if ((frames & Frame::kDass) == 0) confidence *= 0.7;
        if (!strong && (frames & (Frame::kAuf | Frame::kMit | Frame::kAn)) != 0 && !cue.correlate)
          confidence *= 0.5;
        break;
      case Opener::kOb:
      case Opener::kInterrogative:
      case Opener::kWie:
        rule = "verb.question";
        confidence =
            (frames & (Frame::kOb | Frame::kInterrogative)) != 0 ? (strong ? 0.55 : 0.3) : 0.1;
        if (content.mood == ClauseMood::kKonjunktiv1) confidence += 0.25;
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
          confidence = (frames & Frame::kInfinitive) != 0       ? (strong ? 0.88 : 0.5)
                       : strong && (frames & Frame::kDass) != 0 ? 0.6
                                                                : 0.1;
          break;
        }
        if (told->kind != ClauseKind::kMain) return false;
        if (told == &content && content.verb_first && segment.mark_before != ':') return false;
        if (segment.tokens.size() > 0 && Word(segment.tokens.begin).quotation >= 0 &&
            Word(segment.tokens.end - 1).quotation == Word(segment.tokens.begin).quotation) {
          return false;  // FindQuotes().
        }
        rule = "verb.second";
        const bool report = told->mood == ClauseMood::kKonjunktiv1;
        const bool second =
            told->mood == ClauseMood::kWuerde || told->mood == ClauseMood::kKonjunktiv2;
        if (content.coordinated) return false;
        confidence = report ? (strong ? 0.92 : 0.6) : second ? (strong ? 0.85 : 0.3) : 0;
        if (!report && !second && strong && (frames & Frame::kVerbSecond) != 0) {
          const bool quoted = told->finite >= 0 && Word(told->finite).quotation >= 0;
          confidence = quoted || segment.mark_before == ':'   ? 0.6
                       : told->mood == ClauseMood::kAmbiguous ? 0.5
                                                              : 0.3;
        }
        if ((frames & Frame::kVerbSecond) == 0) confidence *= 0.55;
        break;
      }
    }
    if (cue.negated && !strong) confidence *= 0.5;
    if (clause.kind == ClauseKind::kInfinitive) confidence *= 0.5;
    if (clause.opener == Opener::kSubordinator) confidence *= 0.7;
    if (cue.speaker.empty() && !cue.impersonal && clause.kind == ClauseKind::kMain)
      confidence *= 0.8;
    if (confidence < kMinQuote) return false;
    Draft* draft = Add(ClaimKind::kIndirect, rule, confidence);
    draft->content.push_back({SegmentAt(first).tokens.begin, ComplementEnd(c, first)});
    Take(c, draft);
    return true;
  }
  return false;
}

bool ClaimFinder::TryWhereby(int32_t c) {
  // "Berichte, wonach der Deich brach": the clause is what the source before it says.
  const SentenceClause& clause = ClauseAt(c);
  int32_t opener = clause.tokens.begin;
  if (Word(opener).Has(ClauseWord::kCoordinator)) ++opener;
  if (TokenAt(opener).pos == Pos::kAdposition && Word(opener).Has(ClauseWord::kNach)) ++opener;
  if (opener + 1 >= clause.tokens.end || clause.first_segment == 0) return false;
  const int32_t parent = SegmentAt(clause.first_segment - 1).clause;
  Draft* draft = Add(ClaimKind::kIndirect, "whereby", 0.75);
  draft->content.push_back({opener + 1, ComplementEnd(c, clause.first_segment)});
  if (parent >= 0 && cues_[static_cast<size_t>(parent)].entry != nullptr &&
      !cues_[static_cast<size_t>(parent)].used &&
      cues_[static_cast<size_t>(parent)].entry->act != ClaimAct::kAssert) {
    Take(parent, draft);
    return true;
  }
  draft->cue.push_back(opener);
  for (int32_t t = clause.tokens.begin - 1;
       t >= parse_.tokens.begin && t >= clause.tokens.begin - 12; --t) {
    const int32_t p = phrases_.Outermost(t);
    if (p < 0) continue;
    draft->speaker = SpeakerRange(p);
    draft->speaker_head = phrases_[p].head;
    break;
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
  const int32_t next = clause.last_segment + 1;
  int32_t segment = -1;
  for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
    if (SegmentAt(s).clause == c) segment = s;
    if (s + 1 < static_cast<int32_t>(parse_.segments.size()) && SegmentAt(s).clause == c &&
        SegmentAt(s + 1).clause != c) {
      break;
    }
  }
  (void)next;
  if (segment < 0 || segment + 1 >= static_cast<int32_t>(parse_.segments.size())) return false;
  const Segment& behind = SegmentAt(segment + 1);
  const SentenceClause& content = ClauseAt(behind.clause);
  if (behind.mark_before != ',' && behind.mark_before != ':') return false;
  const bool second = content.kind == ClauseKind::kMain && content.opener == Opener::kNone &&
                      !content.verb_first && content.reports();
  const bool fits = content.opener == Opener::kDass || second ||
                    (content.kind == ClauseKind::kInfinitive && content.opener == Opener::kNone);
  if (!fits) return false;
  // The noun closes its segment, or only the verb stands behind it ("den Beschluss gefasst").
  int32_t noun = -1;
  for (int32_t t = SegmentAt(segment).tokens.end - 1;
       t >= SegmentAt(segment).tokens.begin && t >= SegmentAt(segment).tokens.end - 3; --t) {
    if (Word(t).quotation >= 0) return false;
    if (TokenAt(t).pos == Pos::kNoun) {
      noun = t;
      break;
    }
    if (!Word(t).verb && TokenAt(t).pos != Pos::kAdverb && !Word(t).Has(ClauseWord::kNegation))
      return false;
  }
  if (noun < 0 || InContent(noun)) return false;
  const ReportingEntry* entry = reporting_.ContentNoun(Lower(noun));
  if (entry == nullptr || entry->strength == Strength::kBlocked) return false;
  Cue& cue = cues_[static_cast<size_t>(c)];
  cue.tokens.clear();
  cue.speaker = cue.addressee = cue.relay = TokenRange();
  cue.impersonal = cue.negated = cue.quoted_object = false;
  cue.entry = entry;
  cue.phrase_word = noun;
  if (clause.finite >= 0) cue.tokens.push_back(clause.finite);
  if (clause.main >= 0 && clause.main != clause.finite) cue.tokens.push_back(clause.main);
  cue.tokens.push_back(noun);
  if (noun > parse_.tokens.begin && Word(noun - 1).Has(ClauseWord::kArticle))
    cue.tokens.push_back(noun - 1);
  std::sort(cue.tokens.begin(), cue.tokens.end());
  FindSubject(c, &cue);
  Draft* draft =
      Add(ClaimKind::kIndirect, "noun", entry->strength == Strength::kStrong ? 0.6 : 0.42);
  draft->content.push_back({behind.tokens.begin, ComplementEnd(c, segment + 1)});
  Take(c, draft);
  return true;
}

bool ClaimFinder::TryPointing(int32_t c) {
  const SentenceClause& clause = ClauseAt(c);
  const Cue& cue = cues_[static_cast<size_t>(c)];
  if (sentence_ == 0 || clause.kind != ClauseKind::kMain ||
      clause.finite != clause.tokens.begin + 1)
    return false;
  if (cue.entry->strength != Strength::kStrong || (cue.entry->frames & Frame::kDass) == 0)
    return false;
  if (!Word(clause.tokens.begin).Has(ClauseWord::kPointing) || cue.speaker.empty()) return false;
  if (cue.speaker.begin <= clause.finite) return false;
  if (document_.sentences[static_cast<size_t>(sentence_) - 1].paragraph !=
      document_.sentences[static_cast<size_t>(sentence_)].paragraph) {
    return false;
  }
  TokenRange before = document_.sentences[static_cast<size_t>(sentence_) - 1].tokens;
  while (before.size() > 1 && TokenAt(before.end - 1).kind == TokenKind::kPunctuation) --before.end;
  Draft* draft = Add(ClaimKind::kIndirect, "verb.pointing", 0.5);
  draft->content.push_back(before);
  draft->content.push_back({clause.tokens.begin, clause.tokens.begin + 1});
  Take(c, draft);
  return true;
}

// --- Adjuncts
// -------------------------------------------------------------------------------------

void ClaimFinder::FindAdjuncts() {
  adjuncts_.clear();
  const TokenRange range = parse_.tokens;
  for (int32_t t = range.begin; t < range.end; ++t) {
    const WordInfo& word = Word(t);
    constexpr uint64_t kCues = ClauseWord::kLaut | ClauseWord::kZufolge | ClauseWord::kNach |
                               ClauseWord::kSo | ClauseWord::kAccordingly;
    if (!word.Has(kCues) || word.quotation >= 0) continue;
    Adjunct adjunct;
    adjunct.cue = t;
    const auto phrase_at = [&](int32_t token) {
      return token < range.end ? phrases_.Outermost(token) : -1;
    };
    const auto source_noun = [&](const NounPhrase& phrase) {
      if (phrase.head < 0) return false;
      const Token& head = TokenAt(phrase.head);
      const std::string_view lemma =
          head.lemma == Token::kNoLemma ? std::string_view() : lexicon_.Lemma(head.lemma);
      std::array<char, 96> buffer;
      return reporting_.IsSourceNoun(ToLower(document_.TextOf(head), &buffer), lemma);
    };
    if (word.Has(ClauseWord::kLaut)) {
      const int32_t p = phrase_at(t + 1);
      if (p >= 0 && phrases_[p].tokens.begin == t + 1) {
        constexpr uint32_t kSpeakers = WordClass::kOffice | WordClass::kPersonNoun |
                                       WordClass::kOrganizationNoun | WordClass::kMediaNoun |
                                       WordClass::kGroupNoun;
        if (Lower(t) != "laut" && !source_noun(phrases_[p]) && !phrases_[p].classes.Has(kSpeakers))
          continue;
        adjunct.speaker = SpeakerRange(p);
      } else if (t + 1 < range.end && Word(t + 1).quotation >= 0 && Lower(t) == "laut") {
        adjunct.speaker = document_.quotations[static_cast<size_t>(Word(t + 1).quotation)].tokens;
        if (adjunct.speaker.size() > 10 || adjunct.speaker.end > range.end) continue;
      } else if (t + 1 < range.end && TokenAt(t + 1).kind == TokenKind::kWord &&
                 TokenAt(t + 1).capitalized) {
        adjunct.speaker = {t + 1, t + 2};
      } else {
        continue;
      }
      adjunct.tokens = {t, adjunct.speaker.end};
      adjunct.rule = "adjunct.laut";
      adjunct.confidence = 0.93;
    } else if (word.Has(ClauseWord::kZufolge)) {
      int32_t p = t > range.begin ? phrases_.Outermost(t - 1) : -1;
      if (p < 0) continue;
      adjunct.speaker = SpeakerRange(p);
      // "den Behörden in Sandau zufolge".
      for (int i = 0; i < 2 && phrases_[p].preposition > range.begin; ++i) {
        p = phrases_.Outermost(phrases_[p].preposition - 1);
        if (p < 0) break;
        adjunct.speaker.begin = phrases_[p].tokens.begin;
      }
      if (p < 0) continue;
      adjunct.speaker.end = std::min(adjunct.speaker.end, t);
      adjunct.tokens = {adjunct.speaker.begin, t + 1};
      adjunct.rule = "adjunct.zufolge";
      adjunct.confidence = 0.93;
    } else if (word.Has(ClauseWord::kNach)) {
      int32_t p = phrase_at(t + 1);
      if (p >= 0 && phrases_[p].tokens.begin == t + 1 && source_noun(phrases_[p])) {
        adjunct.speaker = phrases_[p].tokens;
        // "Angaben von Augenzeugen": a source noun takes the phrase that names the source.
        const int32_t of = adjunct.speaker.end;
        if (of + 1 < range.end && (Lower(of) == "von" || Lower(of) == "vom")) {
          const int32_t q = phrases_.Outermost(of + 1);
          if (q >= 0 && phrases_[q].tokens.begin == of + 1) adjunct.speaker.end = SpeakerRange(q).end;
        }
        adjunct.tokens = {t, adjunct.speaker.end};
      } else {
        // "ihrer Meinung nach", "den Angaben nach".
        p = t > range.begin ? phrases_.Outermost(t - 1) : -1;
        if (p < 0 || phrases_[p].tokens.end != t || !source_noun(phrases_[p])) continue;
        if (phrases_[p].preposition >= 0) continue;
        adjunct.speaker = phrases_[p].tokens;
        adjunct.tokens = {adjunct.speaker.begin, t + 1};
      }
      adjunct.rule = "adjunct.nach";
      adjunct.confidence = 0.93;
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
      const TokenRange speaker = SpeakerRange(p);
      for (int32_t u = t + 1; u < end; ++u)
        verb = verb || (Word(u).finite && Word(u).verb && !Word(u).nonfinite);
      if (verb) continue;
      adjunct.speaker = speaker;
      adjunct.tokens = {t - (before.kind == TokenKind::kClosingQuote ? 0 : 1),
                        std::max(end, speaker.end)};
      if (adjunct.tokens.end < range.end &&
          TokenAt(adjunct.tokens.end).kind == TokenKind::kPunctuation)
        ++adjunct.tokens.end;
      adjunct.rule = "adjunct.so";
      adjunct.confidence = 0.92;
    } else {
      const std::string_view lower = Lower(t);
      const int32_t c = ClauseOf(t);
      const bool report =
          c >= 0 && (ClauseAt(c).mood == ClauseMood::kKonjunktiv1 ||
                     (ClauseAt(c).finite >= 0 && grammar_.IsSollen(Word(ClauseAt(c).finite))));
      if (lower == "danach" && !report) continue;
      adjunct.speaker = {t, t + 1};
      adjunct.tokens = {t, t + 1};
      adjunct.rule = "adjunct.demnach";
      adjunct.confidence = lower == "danach" ? 0.5 : 0.7;
      adjunct.anaphoric = true;
    }
    adjunct.clause = ClauseOf(adjunct.cue);
    if (!adjunct.anaphoric) {
      const std::string_view first_word = Lower(adjunct.speaker.begin);
      adjunct.definite =
          Word(adjunct.speaker.begin).Has(ClauseWord::kArticle) && first_word.substr(0, 3) != "ein";
      adjunct.own = first_word.substr(0, 5) == "eigen";
    }
    adjuncts_.push_back(adjunct);
  }
}

void ClaimFinder::EmitAdjuncts() {
  for (Adjunct& adjunct : adjuncts_) {
    const int32_t c = adjunct.clause;
    if (c < 0) continue;
    // Inside a claim the adjunct is a link of its chain; inside a frame it stands before the
    // speaker.
    bool inside = InContent(adjunct.cue) && adjunct.rule != "adjunct.so";
    for (size_t d = sentence_drafts_; d < drafts_.size() && !inside; ++d) {
      for (const int32_t t : drafts_[d].cue) inside = inside || ClauseOf(t) == c;
    }
    if (inside) continue;
    TokenRange range = parse_.tokens;
    // A main clause of its own before or behind is not what the source is named for.
    for (size_t s = 0; s < parse_.segments.size(); ++s) {
      const Segment& segment = parse_.segments[s];
      const SentenceClause& clause = ClauseAt(segment.clause);
      const bool border = segment.mark_before == ';' || segment.mark_before == ':' ||
                          (clause.kind == ClauseKind::kMain && clause.coordinated &&
                           !clause.verb_first && clause.first_segment == static_cast<int32_t>(s));
      if (!border || s == 0) continue;
      if (segment.tokens.begin <= adjunct.cue) {
        if (adjunct.rule == "adjunct.so" && segment.mark_before == '&') continue;
        range.begin = segment.tokens.begin;
        if (Word(range.begin).Has(ClauseWord::kCoordinator) && range.size() > 1) ++range.begin;
      } else if (segment.mark_before != ';' && segment.mark_before != ':') {
        range.end = std::min(range.end, parse_.segments[s - 1].tokens.end);
      }
    }
    // A source inside a subordinate clause covers that clause only.
    const SentenceClause& own = ClauseAt(c);
    if ((own.kind == ClauseKind::kRelative || own.kind == ClauseKind::kSubordinate) &&
        adjunct.rule != "adjunct.so") {
      range = own.tokens;
      if (own.opener == Opener::kSubordinator && range.begin + 1 < range.end &&
          own.first_segment > 0) {
        range = own.tokens;
      }
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
    if (adjunct.anaphoric) draft->source = last_source_;
    if (adjunct.definite && last_source_ >= 0 && actors_.ActorOf(adjunct.speaker) < 0 &&
        sentence_ - drafts_[static_cast<size_t>(last_source_)].sentence <= 2 * kReach) {
      draft->source = last_source_;
    }
    if (adjunct.own) {
      static const ReportingEntry kNone;
      Cue subject;
      subject.entry = &kNone;
      FindSubject(c, &subject);
      draft->subject = subject.speaker;
    }
    if (!adjunct.anaphoric || last_source_ < 0)
      last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
  }
}

bool ClaimFinder::GoesOnBehind(int32_t token) const {
  const Token& at = TokenAt(token);
  if (at.kind == TokenKind::kOpeningQuote || at.kind == TokenKind::kClosingQuote) return false;
  if (at.kind != TokenKind::kPunctuation) return true;
  const std::string_view text = document_.TextOf(at);
  return text != "," && text != ":" && text != ";" && text != "–" && text != ".";
}

// --- Quotations
// -----------------------------------------------------------------------------------

double ClaimFinder::QuoteProbability(const Quotation& quotation) const {
  int32_t words = 0, capitals = 0;
  bool finite = false;
  for (int32_t t = quotation.tokens.begin + 1; t + 1 < quotation.tokens.end; ++t) {
    const Token& token = TokenAt(t);
    if (token.kind != TokenKind::kWord && token.kind != TokenKind::kNumber) continue;
    ++words;
    capitals += token.capitalized ? 1 : 0;
    finite = finite || (Word(t).verb && Word(t).finite);
    if (words > 12) break;
  }
  if (words == 0) return 0;
  double p = words == 1 ? 0.13 : words == 2 ? 0.26 : words <= 5 ? 0.38 : words <= 10 ? 0.81 : 0.94;
  const bool lower = !TokenAt(quotation.tokens.begin + 1).capitalized &&
                     TokenAt(quotation.tokens.begin + 1).kind == TokenKind::kWord;
  if (words <= 5) {
    if (lower) p = words == 1 ? 0.38 : words == 2 ? 0.71 : 0.76;
    if (capitals == words) p = 0.05;
    if (finite && words >= 3) p = std::max(p, 0.78);
  }
  const Token& last = TokenAt(quotation.tokens.end - 2);
  const std::string_view mark = document_.TextOf(last);
  if (words >= 2 && (mark == "." || mark == "!" || mark == "?")) p = std::max(p, 0.9);
  if (quotation.tokens.begin > 0) {
    const int32_t before = quotation.tokens.begin - 1;
    const std::string_view text = document_.TokenText(before);
    std::array<char, 96> buffer;
    const std::string_view word = ToLower(text, &buffer);
    if (text == ":") p = std::max(p, 0.9);
    if (words <= 6 && !finite) {
      if (word == "als" || word == "einen" || word == "einer" || word == "eine" ||
          word == "einem") {
        p = std::max(p, capitals == words ? 0.4 : 0.6);
      } else if (Word(before).Has(ClauseWord::kArticle)) {
        p = std::min(p, lower ? 0.3 : 0.1);
      }
    }
    if (words <= 12 && Word(before).Has(ClauseWord::kNoQuote)) p = 0;
    if (words <= 6 && !lower && TokenAt(before).pos == Pos::kNoun && TokenAt(before).capitalized &&
        !finite)
      p *= 0.5;
  }
  return p;
}

void ClaimFinder::FindQuotes() {
  while (next_quotation_ < document_.quotations.size()) {
    const Quotation& quotation = document_.quotations[next_quotation_];
    if (quotation.tokens.begin >= parse_.tokens.end) break;
    const int32_t closing = TokenAt(quotation.tokens.end - 1).sentence;
    if (closing > sentence_) {
      // It closes in a later sentence; what opened before it has been seen.
      break;
    }
    const auto q = static_cast<int32_t>(next_quotation_++);
    if (quotation.outer >= 0 || quotation.tokens.size() < 3) continue;
    if (closing < 0) continue;
    FrameQuote(q, QuoteProbability(quotation));
  }
}

bool ClaimFinder::FrameQuote(int32_t q, double probability) {
  const Quotation& quotation = document_.quotations[static_cast<size_t>(q)];
  const TokenRange tokens = quotation.tokens;
  const int32_t paragraph = document_.sentences[static_cast<size_t>(sentence_)].paragraph;
  // A cue in the same sentence: right behind the quotation, its clause around it, before a colon.
  int32_t best = -1;
  double best_score = 0;
  for (size_t c = 0; c < cues_.size(); ++c) {
    const Cue& cue = cues_[c];
    if (cue.entry == nullptr) continue;
    const SentenceClause& clause = parse_.clauses[c];
    double score = 0;
    const bool around = ClauseOf(tokens.begin) == static_cast<int32_t>(c);
    if (clause.verb_first && clause.tokens.begin >= tokens.end &&
        clause.tokens.begin <= tokens.end + 2)
      score = 4;
    if (tokens.begin > 0 && document_.TokenText(tokens.begin - 1) == ":" &&
        clause.tokens.end == tokens.begin - 1)
      score = 4;
    if (around && (cue.entry->frames & (Frame::kAls | Frame::kVon | Frame::kAccusative |
                                        Frame::kQuote | Frame::kFuer | Frame::kMit)) != 0) {
      score = std::max(score, 3.0);
    }
    if (tokens.begin > 0 && document_.TokenText(tokens.begin - 1) == "," &&
        clause.tokens.end == tokens.begin - 1 && tokens.size() > 5) {
      score = std::max(score, 3.5);
    }
    if (clause.opener == Opener::kWie) score = std::max(score, 2.0);
    if (score == 0 && (cue.entry->frames & Frame::kQuote) != 0 &&
        cue.entry->strength == Strength::kStrong && clause.kind == ClauseKind::kMain) {
      score = 1;
    }
    if (cue.entry->strength == Strength::kWeak) score -= 0.5;
    if (score > best_score) {
      best_score = score;
      best = static_cast<int32_t>(c);
    }
  }
  const int32_t container = CoveringDraft(tokens);
  if (container >= 0) {
    if (probability < 0.38) return false;
    Draft copy = drafts_[static_cast<size_t>(container)];
    copy.kind = ClaimKind::kDirect;
    copy.content.clear();
    copy.content.push_back(tokens);
    copy.rule = "quote.nested";
    copy.confidence = probability * 0.75;
    copy.part_of = container;
    copy.final_stop = false;
    drafts_.push_back(copy);
    return true;
  }
  if (best >= 0 && best_score >= 3) {
    const uint32_t frames = cues_[static_cast<size_t>(best)].entry->frames;
    const bool predicate = (frames & (Frame::kAls | Frame::kVon | Frame::kFuer)) != 0 ||
                           cues_[static_cast<size_t>(best)].entry->lemma == "nennen";
    const bool short_quote = tokens.size() <= 7;
    if (predicate && short_quote && probability >= 0.12)
      probability = std::max(probability, tokens.size() > 3 ? 0.6 : 0.42);
    if (best_score >= 3.5) probability = std::max(probability, 0.7);
    // A fragment in the object of another verb belongs to what is reported of it.
    if (!predicate && best_score < 3.5 && tokens.size() <= 7 && probability < 0.7) return false;
  }
  if (probability < kMinQuote) return false;
  const Adjunct* adjunct = nullptr;
  for (const Adjunct& other : adjuncts_) {
    if (adjunct == nullptr && !other.anaphoric) adjunct = &other;
  }
  if (best >= 0 && (best_score >= 2 || adjunct == nullptr)) {
    Draft* draft =
        Add(ClaimKind::kDirect, "quote.verb", probability * (best_score >= 3 ? 1.0 : 0.85));
    draft->content.push_back(tokens);
    Take(best, draft);
    return true;
  }
  if (adjunct != nullptr) {
    Draft* draft = Add(ClaimKind::kDirect, "quote.adjunct", probability);
    draft->content.push_back(tokens);
    draft->speaker = adjunct->speaker;
    draft->cue.push_back(adjunct->cue);
    draft->frame.push_back(adjunct->tokens);
    draft->adjunct = true;
    last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
    return true;
  }
  // A colon before it: the clause or the sentence that ends in it names the speaker.
  const int32_t before = tokens.begin - 1;
  if (before >= 0 && document_.TokenText(before) == ":" && TokenAt(before).sentence >= 0) {
    const int32_t opening = TokenAt(before).sentence;
    const int32_t here = sentence_;
    // The quotation may close sentences later: read the sentence of the colon again.
    SentenceClauses kept;
    std::vector<Cue> kept_cues;
    const bool other = opening != here;
    if (other) {
      std::swap(kept, parse_);
      std::swap(kept_cues, cues_);
      sentence_ = opening;
      grammar_.Parse(document_, words_, opening, &parse_);
      FindCues();
    }
    int32_t found = -1;
    for (size_t c = 0; c < cues_.size(); ++c) {
      if (parse_.clauses[c].tokens.begin < tokens.begin && cues_[c].entry != nullptr)
        found = static_cast<int32_t>(c);
    }
    Cue cue;
    if (found >= 0) {
      cue = cues_[static_cast<size_t>(found)];
    } else {
      static const ReportingEntry kNone;
      for (size_t c = parse_.clauses.size(); c-- > 0 && cue.speaker.empty();) {
        if (parse_.clauses[c].tokens.begin >= tokens.begin) continue;
        cue.entry = &kNone;
        FindSubject(static_cast<int32_t>(c), &cue);
      }
      cue.entry = nullptr;
      if (cue.speaker.empty()) {
        // "Berg: „...“"
        const int32_t p = phrases_.Outermost(parse_.tokens.begin);
        if (p >= 0) cue.speaker = SpeakerRange(p);
      }
    }
    const TokenRange frame{document_.sentences[static_cast<size_t>(opening)].tokens.begin,
                           tokens.begin};
    if (other) {
      std::swap(kept, parse_);
      std::swap(kept_cues, cues_);
      sentence_ = here;
    }
    Draft* draft = Add(ClaimKind::kDirect, "quote.colon", probability);
    draft->content.push_back(tokens);
    draft->entry = cue.entry;
    draft->cue = cue.tokens;
    draft->speaker = cue.speaker;
    draft->speaker_head = cue.speaker_head;
    draft->relay = cue.relay;
    draft->addressee = cue.addressee;
    draft->frame.push_back(frame);
    if (!draft->speaker.empty()) last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
    return true;
  }
  if (tokens.size() < 6 && probability < 0.9) return false;
  // A fragment of a sentence that has its verb outside is FindFree()'s.
  const Token& last_word = TokenAt(tokens.end - 2);
  const bool stop = last_word.kind == TokenKind::kPunctuation;
  bool outside = false;
  for (const SentenceClause& clause : parse_.clauses)
    outside = outside || (clause.finite >= 0 && Word(clause.finite).quotation < 0);
  if (outside && !stop) return false;
  // Without a cue: the speaker of the paragraph's last quotation.
  for (size_t d = drafts_.size(); d-- > 0;) {
    const Draft& source = drafts_[d];
    if (document_.sentences[static_cast<size_t>(source.sentence)].paragraph != paragraph ||
        sentence_ - source.sentence > 4)
      break;
    if (source.kind != ClaimKind::kDirect || source.frame.empty()) continue;
    Draft copy = source;
    copy.content.clear();
    copy.content.push_back(tokens);
    copy.rule = "quote.continued";
    copy.confidence = probability * 0.85;
    copy.sentence = sentence_;
    copy.part_of = -1;
    copy.source = static_cast<int32_t>(d);
    drafts_.push_back(copy);
    return true;
  }
  if (probability * 0.6 < kMinQuote) return false;
  Draft* draft = Add(ClaimKind::kDirect, "quote.bare", probability * 0.6);
  draft->content.push_back(tokens);
  if (last_source_ >= 0 && sentence_ - drafts_[static_cast<size_t>(last_source_)].sentence <= 4) {
    const Draft& source = drafts_[static_cast<size_t>(last_source_)];
    draft->speaker = source.speaker;
    draft->source = last_source_;
  }
  return true;
}

// --- Speech acts without wording
// ------------------------------------------------------------------

void ClaimFinder::FindReported() {
  const size_t count = parse_.clauses.size();
  const auto [first, last] = phrases_.InSentence(sentence_);
  for (size_t c = 0; c < count; ++c) {
    Cue& cue = cues_[c];
    if (cue.entry == nullptr || cue.used || cue.entry->strength != Strength::kStrong) continue;
    const SentenceClause& clause = parse_.clauses[c];
    if (clause.kind != ClauseKind::kMain) continue;
    if (InContent(clause.main)) continue;
    const uint32_t frames = cue.entry->frames;
    if ((frames & (Frame::kAccusative | Frame::kPrepositions | Frame::kAls)) == 0) continue;
    if (cue.speaker.empty() && !clause.passive) continue;
    // An object that can be what was said.
    bool object = false;
    for (int32_t p = first; p < last && !object; ++p) {
      const NounPhrase& phrase = phrases_[p];
      if (phrase.relation != PhraseRelation::kNone ||
          ClauseOf(phrase.tokens.begin) != static_cast<int32_t>(c))
        continue;
      if (phrase.tokens.begin < cue.speaker.end && cue.speaker.begin < phrase.tokens.end) continue;
      if (phrase.preposition >= 0) {
        object = (FrameOf(Lower(phrase.preposition)) & frames) != 0;
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
    if (!object) continue;
    const bool generic = cue.entry->act == ClaimAct::kAssert;
    double confidence = generic ? 0.35 : 0.45;
    if (clause.passive && cue.speaker.empty()) confidence -= 0.1;
    if (confidence < kMinConfidence) continue;
    bool shared = false;
    for (size_t d = sentence_drafts_; d < drafts_.size(); ++d)
      shared = shared || drafts_[d].part_of < 0;
    Draft* draft = Add(ClaimKind::kReported, "verb.object", confidence);
    if (shared) {
      draft->content.push_back(clause.tokens);
    } else {
      draft->content.push_back(parse_.tokens);
      draft->final_stop = parse_.has_final_stop;
    }
    const auto frame = draft->frame;
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

// --- Sentences without a frame
// --------------------------------------------------------------------

void ClaimFinder::FindFree() {
  for (size_t d = sentence_drafts_; d < drafts_.size(); ++d) {
    if (drafts_[d].part_of < 0) return;
  }
  const SentenceClause* main = nullptr;
  for (const SentenceClause& clause : parse_.clauses) {
    if (clause.kind == ClauseKind::kMain && clause.finite >= 0) {
      main = &clause;
      break;
    }
  }
  bool hearsay = false;
  for (int32_t t = parse_.tokens.begin; t < parse_.tokens.end; ++t) {
    if (Word(t).quotation >= 0 || TokenAt(t).kind != TokenKind::kWord) continue;
    const Hedge* hedge = reporting_.FindHedge(Lower(t));
    hearsay = hearsay || (hedge != nullptr && hedge->certainty == Certainty::kHearsay);
  }
  const auto& sentence = document_.sentences[static_cast<size_t>(sentence_)];
  int32_t distance = 100;
  bool same_paragraph = false;
  if (last_source_ >= 0) {
    distance = sentence_ - drafts_.back().sentence;
    same_paragraph = document_.sentences[static_cast<size_t>(drafts_.back().sentence)].paragraph ==
                     sentence.paragraph;
  }
  double free_indirect = 0, continued = 0;
  if (main != nullptr) {
    const WordInfo& finite = Word(main->finite);
    const bool konjunktiv1 = main->mood == ClauseMood::kKonjunktiv1;
    if (grammar_.IsSollen(finite) && !konjunktiv1) {
      bool perfect = false;
      for (int32_t t = main->finite + 1; t < main->tokens.end; ++t) {
        const WordInfo& word = Word(t);
        if (!word.verb || !word.nonfinite || word.quotation >= 0) continue;
        perfect = perfect || ((word.bits & Morphology::kInfinitive) != 0 && t > 0 &&
                              (Word(t - 1).bits & Morphology::kParticiplePerfect) != 0 &&
                              Word(t - 1).verb && (grammar_.IsHave(word) || grammar_.IsBe(word)));
      }
      if (main->mood == ClauseMood::kKonjunktiv2 || (finite.bits & Morphology::kPast) != 0) {
        free_indirect = perfect ? 0.4 : 0.1;
      } else {
        free_indirect = perfect ? 0.75 : distance <= 1 ? 0.6 : distance <= kReach ? 0.4 : 0.22;
      }
    } else if (konjunktiv1) {
      continued = distance <= 1        ? 0.93
                  : distance <= 2      ? 0.88
                  : distance <= kReach ? 0.8
                  : distance <= 6      ? 0.45
                                       : 0.3;
    } else if (main->mood == ClauseMood::kWuerde) {
      continued = distance <= 1 ? 0.85 : distance <= kReach ? 0.45 : 0.1;
    } else if (main->mood == ClauseMood::kKonjunktiv2) {
      const bool auxiliary = grammar_.IsHave(finite) || grammar_.IsBe(finite);
      continued = distance <= 1                     ? (auxiliary ? 0.75 : 0.6)
                  : distance <= kReach && auxiliary ? 0.4
                                                    : 0.1;
    }
    if (!same_paragraph && continued < 0.93) continued *= 0.7;
  }
  const bool whole = !parse_.tokens.empty() && Word(parse_.tokens.begin).quotation >= 0 &&
                     Word(parse_.tokens.end - 1).quotation == Word(parse_.tokens.begin).quotation;
  if (whole) return;
  if (hearsay && free_indirect < 0.45) free_indirect = 0.45;
  if (free_indirect >= kMinQuote && free_indirect >= continued) {
    Draft* draft = Add(
        ClaimKind::kFreeIndirect,
        main != nullptr && grammar_.IsSollen(Word(main->finite)) ? "free.sollen" : "free.hearsay",
        free_indirect);
    draft->content.push_back(parse_.tokens);
    draft->final_stop = parse_.has_final_stop;
    draft->hearsay = true;
    if (main != nullptr) draft->cue.push_back(main->finite);
    if (last_source_ >= 0 && distance <= kReach) {
      draft->speaker = drafts_[static_cast<size_t>(last_source_)].speaker;
      draft->source = last_source_;
    }
    return;
  }
  if (continued < kMinQuote) return;
  if (!drafts_.empty()) {
    Draft& previous = drafts_.back();
    if (previous.kind == ClaimKind::kIndirectFreeIndirect && previous.sentence == sentence_ - 1 &&
        same_paragraph && previous.part_of < 0) {
      // Adjacent sentences of this kind are one statement.
      TokenRange joined = sentence.tokens;
      previous.content.back().end = joined.end;
      previous.sentence = sentence_;
      previous.final_stop = false;
      return;
    }
  }
  Draft* draft = Add(ClaimKind::kIndirectFreeIndirect, "free.konjunktiv", continued);
  draft->content.push_back(parse_.tokens);
  draft->final_stop = parse_.has_final_stop;
  if (last_source_ >= 0) {
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

// --- Output
// ---------------------------------------------------------------------------------------

bool ClaimFinder::IsMedia(int32_t actor) const {
  return actor >= 0 && document_.actors[static_cast<size_t>(actor)].type == ActorType::kMedia;
}

void ClaimFinder::AddLink(Claim* claim, int32_t actor, const TokenRange& range,
                          Relation relation) const {
  if (actor < 0 && range.empty()) return;
  for (const Attribution& link : claim->chain) {
    if (actor >= 0 && link.actor == actor) return;
  }
  Attribution link;
  link.actor = actor;
  link.relation = relation;
  if (!range.empty()) link.span = document_.SpanOf(range);
  claim->chain.push_back(link);
}

void ClaimFinder::Attribute(const Draft& draft, size_t index, Claim* claim) {
  (void)index;
  std::vector<int32_t> speakers;
  if (draft.source >= 0 && static_cast<size_t>(draft.source) < document_.claims.size()) {
    const Claim& source = document_.claims[static_cast<size_t>(draft.source)];
    if (draft.kind == ClaimKind::kFreeIndirect) {
      for (const Attribution& link : source.chain) {
        if (link.relation == Relation::kEvidence) continue;
        claim->chain.push_back(link);
        claim->chain.back().relation = Relation::kCites;
        break;
      }
      return;
    }
    claim->speaker_actors = source.speaker_actors;
    claim->chain = source.chain;
    return;
  }
  if (draft.kind == ClaimKind::kFreeIndirect) return;
  if (!draft.subject.empty()) {
    speakers = actors_.ActorsOf(draft.subject);
  } else if (!draft.speaker.empty()) {
    speakers = actors_.ActorsOf(draft.speaker);
    const int32_t one = draft.speaker_head >= 0 ? actors_.ActorOf(draft.speaker, draft.speaker_head)
                                                : actors_.ActorOf(draft.speaker);
    const bool coordination = [&] {
      for (int32_t t = draft.speaker.begin; t < draft.speaker.end; ++t) {
        if (Word(t).Has(ClauseWord::kCoordinator)) return true;
      }
      return false;
    }();
    if (!coordination || speakers.empty()) {
      speakers.clear();
      if (one >= 0) speakers.push_back(one);
    }
  }
  if (!draft.relay.empty()) {
    AddLink(claim, actors_.ActorOf(draft.relay), draft.relay, Relation::kReports);
  }
  claim->speaker_actors = speakers;
  for (const int32_t actor : speakers) {
    AddLink(claim, actor, draft.speaker, IsMedia(actor) ? Relation::kReports : Relation::kSays);
  }
  if (speakers.empty() && !draft.speaker.empty() &&
      !(draft.speaker.size() == 1 && TokenAt(draft.speaker.begin).pos == Pos::kPronoun)) {
    AddLink(claim, -1, draft.speaker, draft.adjunct ? Relation::kCites : Relation::kSays);
  }
  // Who the speaker has it from: "unter Berufung auf den Geheimdienst".
  const TokenRange sentence = document_.sentences[static_cast<size_t>(draft.sentence)].tokens;
  for (int32_t t = sentence.begin; t + 2 < sentence.end; ++t) {
    if (!Word(t).Has(ClauseWord::kCiting) || Word(t).quotation >= 0) continue;
    if (Lower(t + 1) != "auf") continue;
    const int32_t p = phrases_.Outermost(t + 2);
    if (p < 0) continue;
    const TokenRange range = SpeakerRange(p);
    const auto cited = actors_.ActorsOf(range);
    if (cited.empty()) AddLink(claim, -1, range, Relation::kCites);
    for (const int32_t actor : cited) AddLink(claim, actor, range, Relation::kCites);
  }
  // A source named inside the frame or the content.
  for (int32_t t = sentence.begin; t < sentence.end; ++t) {
    const uint64_t cues = ClauseWord::kLaut | ClauseWord::kNach;
    if (!Word(t).Has(cues) || draft.adjunct || Word(t).quotation >= 0 || t + 1 >= sentence.end)
      continue;
    const int32_t p = phrases_.Outermost(t + 1);
    if (p < 0 || phrases_[p].tokens.begin != t + 1 || phrases_[p].head < 0) continue;
    const Token& head = TokenAt(phrases_[p].head);
    std::array<char, 96> buffer;
    const std::string_view lemma =
        head.lemma == Token::kNoLemma ? std::string_view() : lexicon_.Lemma(head.lemma);
    if (Lower(t) != "laut" &&
        !reporting_.IsSourceNoun(ToLower(document_.TextOf(head), &buffer), lemma))
      continue;
    bool content = false;
    for (const TokenRange& part : draft.content) content = content || part.Contains(t);
    const int32_t actor = actors_.ActorOf(phrases_[p].tokens);
    if (content || actor < 0) {
      if (actor >= 0) AddLink(claim, actor, phrases_[p].tokens, Relation::kCites);
    } else {
      Attribution link;
      link.actor = actor;
      link.relation = IsMedia(actor) ? Relation::kReports : Relation::kSays;
      link.span = document_.SpanOf(phrases_[p].tokens);
      bool known = false;
      for (const Attribution& other : claim->chain) known = known || other.actor == actor;
      if (!known) claim->chain.insert(claim->chain.begin(), link);
    }
  }
  AddRelays(draft, claim);
}

void ClaimFinder::PutFirst(int32_t actor, const TokenRange& range, Claim* claim) const {
  for (const Attribution& link : claim->chain) {
    if (link.actor == actor) return;
  }
  Attribution link;
  link.actor = actor;
  link.relation = Relation::kReports;
  link.span = document_.SpanOf(range);
  claim->chain.insert(claim->chain.begin(), link);
}

void ClaimFinder::AddRelays(const Draft& draft, Claim* claim) {
  const auto media = [&](const TokenRange& range) {
    if (range.empty()) return;
    const int32_t actor = actors_.ActorOf(range);
    if (IsMedia(actor)) PutFirst(actor, range, claim);
  };
  media(draft.addressee);
  // "ein Reporter des Senders": whom the speaker works for.
  if (!draft.speaker.empty() && draft.source < 0) {
    const auto [first, last] = phrases_.InSentence(TokenAt(draft.speaker.begin).sentence);
    for (int32_t p = first; p < last; ++p) {
      const NounPhrase& phrase = phrases_[p];
      if (phrase.parent >= 0 && draft.speaker.begin < phrase.tokens.begin &&
          phrase.tokens.end <= draft.speaker.end && !draft.adjunct) {
        media(phrase.tokens);
      }
    }
  }
  // "in einem Interview mit dem Sender", "sagte der Zeitung".
  for (const TokenRange& part : draft.frame) {
    for (int32_t t = part.begin; t + 1 < part.end; ++t) {
      if (Word(t).quotation >= 0) continue;
      const std::string_view lower = Lower(t);
      if (lower != "mit" && lower != "gegenüber") continue;
      const int32_t p = phrases_.Outermost(t + 1);
      if (p >= 0 && phrases_[p].tokens.begin == t + 1) media(phrases_[p].tokens);
    }
  }
  while (next_relay_ < relays_.size() && relays_[next_relay_].first < draft.sentence) ++next_relay_;
  for (size_t r = next_relay_; r < relays_.size() && relays_[r].first == draft.sentence; ++r) {
    if (relays_[r].second.begin != draft.speaker.begin) media(relays_[r].second);
  }
}

void ClaimFinder::Emit() {
  document_.claims.reserve(drafts_.size());
  for (size_t d = 0; d < drafts_.size(); ++d) {
    const Draft& draft = drafts_[d];
    Claim claim;
    claim.kind = draft.kind;
    claim.part_of = draft.part_of;
    const int32_t last_token = draft.content.empty() ? 0 : draft.content.back().end;
    for (const TokenRange& part : draft.content) {
      if (part.empty()) continue;
      Span span = document_.SpanOf(part);
      if (draft.final_stop && part.end == last_token) {
        span.end =
            std::max(span.end, document_.sentences[static_cast<size_t>(draft.sentence)].span.end);
      }
      claim.content.push_back(span);
    }
    if (!draft.speaker.empty()) claim.speaker.push_back(document_.SpanOf(draft.speaker));
    Tokens cue = draft.cue;
    std::sort(cue.begin(), cue.end());
    for (const int32_t t : cue) {
      const Span span = TokenAt(t).span;
      if (!claim.cue.empty() && t > 0 && claim.cue.back().end == TokenAt(t - 1).span.end &&
          claim.cue.back().end <= span.begin) {
        claim.cue.back().end = span.end;
      } else if (claim.cue.empty() || claim.cue.back().end <= span.begin) {
        claim.cue.push_back(span);
      }
    }
    for (const TokenRange& part : draft.frame) {
      if (!part.empty()) claim.frame.push_back(document_.SpanOf(part));
    }
    if (!draft.addressee.empty()) claim.addressee.push_back(document_.SpanOf(draft.addressee));
    Attribute(draft, d, &claim);
    TokenRange hull;
    if (!draft.content.empty()) hull = {draft.content.front().begin, draft.content.back().end};
    const Stance stance = StanceOf(document_, grammar_, reporting_, words_, hull, draft.kind,
                                   draft.entry, draft.negated);
    claim.act = stance.act;
    claim.polarity = stance.polarity;
    claim.certainty = stance.certainty;
    if (draft.hearsay) {
      claim.certainty = Certainty::kHearsay;
    } else if (draft.adjunct && claim.speaker_actors.empty()) {
      claim.certainty = Certainty::kHearsay;
    }
    claim.rule = draft.entry != nullptr && !draft.entry->lemma.empty()
                     ? absl::StrCat(std::string(draft.rule), ":", draft.entry->lemma)
                     : std::string(draft.rule);
    claim.confidence = draft.confidence;
    document_.claims.push_back(std::move(claim));
  }
}

}  // namespace lagebild::extract
