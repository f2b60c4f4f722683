#include "extract_service/claims/claim_finder.h"

#include <algorithm>

namespace lagebild::extract {

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

void ClaimFinder::ReadClauses(int32_t sentence) {
  grammar_.Parse(document_, words_, sentence, &parse_);
  subjects_.assign(parse_.clauses.size(), Subject());
  segment_of_.assign(static_cast<size_t>(std::max(0, parse_.tokens.size())), -1);
  for (size_t s = 0; s < parse_.segments.size(); ++s) {
    const TokenRange& tokens = parse_.segments[s].tokens;
    for (int32_t t = tokens.begin; t < tokens.end; ++t) {
      segment_of_[static_cast<size_t>(t - parse_.tokens.begin)] = static_cast<int32_t>(s);
    }
  }
}

int32_t ClaimFinder::SegmentOf(int32_t token) const {
  if (!parse_.tokens.Contains(token)) return -1;
  return segment_of_[static_cast<size_t>(token - parse_.tokens.begin)];
}

int32_t ClaimFinder::ClauseOf(int32_t token) const {
  const int32_t segment = SegmentOf(token);
  return segment < 0 ? -1 : SegmentAt(segment).clause;
}

bool ClaimFinder::InTime(int32_t token) const {
  const auto behind =
      std::upper_bound(document_.times.begin(), document_.times.end(), token,
                       [](int32_t t, const TimeExpression& time) { return t < time.tokens.begin; });
  return behind != document_.times.begin() && std::prev(behind)->tokens.Contains(token);
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
    ReadClauses(sentence_);
    if (parse_.clauses.empty()) continue;
    FindCues();
    FindAdjuncts();
    FindPostposed();
    FindWie();
    FindComplements();
    EmitAdjuncts();
    FindQuotes();
    FindReported();
    FindHeadline();
    FindIntentions();
    FindFree();
    FindHearsayClauses();
    FindKonjunktivClauses();
    CutComments();
  }
  Emit();
}

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
  if (IsToldBySource(c)) {
    // "Laut Polizei brannte es. Die Behörden hätten davor gewarnt. Verletzt sei niemand": the
    // police go on.
  } else if ((!draft->speaker.empty() && !IsAnybody(draft->speaker)) || last_source_ < 0) {
    last_source_ = index;
  } else {
    draft->source = IsSaidBySource(c, *draft) ? last_source_ : -1;
  }
}

bool ClaimFinder::IsToldBySource(int32_t c) const {
  const SentenceClause& clause = ClauseAt(c);
  if (last_source_ < 0 || clause.kind != ClauseKind::kMain || clause.verb_first ||
      clause.finite < 0 || SegmentAt(clause.first_segment).mark_before != 0) {
    return false;
  }
  const bool konjunktiv =
      clause.mood == ClauseMood::kKonjunktiv1 ||
      (clause.mood == ClauseMood::kKonjunktiv2 && clause.main != clause.finite &&
       (grammar_.IsHave(Word(clause.finite)) || grammar_.IsBe(Word(clause.finite))));
  return konjunktiv && drafts_[static_cast<size_t>(last_source_)].sentence < sentence_ &&
         SinceNewestClaim() <= 2;
}

int32_t ClaimFinder::SinceNewestClaim() const {
  return sentence_drafts_ == 0 ? kNever : sentence_ - drafts_[sentence_drafts_ - 1].sentence;
}

bool ClaimFinder::IsHeardFromSource(int32_t c) const {
  const Draft& before = drafts_[static_cast<size_t>(last_source_)];
  if (before.sentence == sentence_ || sentence_ - before.sentence > 2 ||
      document_.sentences[static_cast<size_t>(before.sentence)].paragraph !=
          document_.sentences[static_cast<size_t>(sentence_)].paragraph) {
    return false;
  }
  const int32_t actor = actors_.ActorOf(before.speaker);
  if (actor < 0) return false;
  // "..., hieß es weiter".
  const TokenRange& clause = ClauseAt(c).tokens;
  for (int32_t t = clause.begin; t < clause.end; ++t) {
    if (Word(t).Has(ClauseWord::kFurther)) return true;
  }
  const ActorType type = document_.actors[static_cast<size_t>(actor)].type;
  return type == ActorType::kOrganization || (type == ActorType::kMedia && before.adjunct);
}

bool ClaimFinder::IsSaidBySource(int32_t c, const Draft& draft) const {
  if (!draft.speaker.empty() || draft.entry == nullptr) return false;
  if ((draft.entry->frames & Frame::kExpletive) != 0) return IsHeardFromSource(c);
  if (!ClauseAt(c).passive) return false;
  constexpr std::array<ClaimAct, 4> kActs = {ClaimAct::kAccuse, ClaimAct::kDemand,
                                             ClaimAct::kAssess, ClaimAct::kWarn};
  if (std::find(kActs.begin(), kActs.end(), draft.entry->act) == kActs.end()) return false;
  const int32_t before = drafts_[static_cast<size_t>(last_source_)].sentence;
  const auto paragraph = [this](int32_t s) {
    return document_.sentences[static_cast<size_t>(s)].paragraph;
  };
  if (sentence_ - before > 2 || paragraph(before) != paragraph(sentence_)) return false;
  // Not where it is the one that is accused, and not a paper that only told of it.
  const int32_t source = actors_.ActorOf(drafts_[static_cast<size_t>(last_source_)].speaker);
  if (source < 0 || IsMedia(source)) return false;
  const std::vector<int32_t> named = actors_.ActorsOf(ClauseAt(c).tokens);
  return std::find(named.begin(), named.end(), source) == named.end();
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

bool ClaimFinder::IsComment(int32_t dash, int32_t end) const {
  // The phrase may be taken for an apposition to what stands before the dash.
  const auto [first, last] = phrases_.InSentence(sentence_);
  for (int32_t p = first; p < last; ++p) {
    const NounPhrase& phrase = phrases_[p];
    if (phrase.tokens.begin != dash + 1) continue;
    if (phrase.determiner != dash + 1 || phrase.head < 0 ||
        !Word(phrase.head).Has(ClauseWord::kComment)) {
      return false;
    }
    // "– die Kritik ist falsch": it goes on.
    const int32_t behind = phrase.tokens.end;
    return behind >= end || TokenAt(behind).kind == TokenKind::kPunctuation ||
           TokenAt(behind).pos == Pos::kAdposition;
  }
  return false;
}

void ClaimFinder::CutComments() {
  for (size_t d = sentence_drafts_; d < drafts_.size(); ++d) {
    Draft& draft = drafts_[d];
    if (draft.kind == ClaimKind::kDirect || draft.content.empty()) continue;
    TokenRange& last = draft.content.back();
    int32_t dash = -1;
    int32_t dashes = 0;
    for (int32_t t = last.begin + 1; t < last.end; ++t) {
      if (!IsDash(t) || Word(t).quotation >= 0) continue;
      dash = t;
      ++dashes;
    }
    if (dashes != 1 || !IsComment(dash, last.end)) continue;
    last.end = dash;
    draft.final_stop = false;
  }
}

bool ClaimFinder::IsDash(int32_t token) const {
  const std::string_view text = document_.TokenText(token);
  return text == "–" || text == "-" || text == "—";
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

}  // namespace lagebild::extract
