#include <algorithm>
#include <array>

#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {

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
  // "die „Rundschau am Sonntag“".
  constexpr int32_t kLongestName = 6;
  if (words > 1 && words <= kLongestName && !finite &&
      actors_.IsName({quotation.tokens.begin + 1, quotation.tokens.end - 1})) {
    return 0;
  }
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
    if (text == ":") p = std::max(p, 0.9);
    if (words <= 6 && !finite) {
      if (Word(before).Has(ClauseWord::kPredicative)) {
        p = std::max(p, capitals == words ? 0.4 : 0.6);
      } else if (Word(before).Has(ClauseWord::kArticle)) {
        p = std::min(p, lower ? 0.3 : 0.1);
      }
    }
    if (words <= 12 && Word(before).Has(ClauseWord::kNoQuote)) p = 0;
    // "das Fachblatt „Neue Wege“".
    const int32_t phrase = phrases_.Innermost(before);
    constexpr uint32_t kBearers = WordClass::kMediaNoun | WordClass::kOrganizationNoun;
    if (words <= 6 && !lower && phrase >= 0 && phrases_[phrase].head == before &&
        phrases_[phrase].classes.Has(kBearers)) {
      p = 0;
    }
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

bool ClaimFinder::NamesSpeaker(const TokenRange& quoted) const {
  // "laut „Abendpost“", "„Abendpost“ berichtet": the marks hold a name.
  const auto inside = [&](const TokenRange& speaker) {
    return speaker.begin <= quoted.begin && quoted.end <= speaker.end;
  };
  for (const Adjunct& adjunct : adjuncts_) {
    if (inside(adjunct.speaker)) return true;
  }
  for (const Cue& cue : cues_) {
    if (cue.entry != nullptr && inside(cue.speaker)) return true;
  }
  return false;
}

void ClaimFinder::AddGovernor(int32_t quote, Cue* cue) const {
  // What the verb governs the quotation with: "bezeichnete es als „...“", "sprach von einem „...“",
  // "zitierte ihn mit den Worten „...“".
  int32_t t = quote - 1;
  if (t >= parse_.tokens.begin && document_.TokenText(t) == ":") --t;
  int32_t noun = -1, article = -1;
  if (t > parse_.tokens.begin && TokenAt(t).pos == Pos::kNoun &&
      reporting_.IsSourceNoun(Lower(t), {})) {
    noun = t--;
  }
  if (t > parse_.tokens.begin && Word(t).Has(ClauseWord::kArticle)) article = t--;
  if (t < parse_.tokens.begin || (FrameOf(Lower(t)) & cue->entry->frames) == 0) {
    if (noun < 0 || t < parse_.tokens.begin || TokenAt(t).pos != Pos::kAdposition) return;
  }
  cue->tokens.push_back(t);
  if (noun >= 0) cue->tokens.push_back(noun);
  if (noun >= 0 && article >= 0) cue->tokens.push_back(article);
}

int32_t ClaimFinder::InquitBehind(const TokenRange& quoted) const {
  const int32_t comma = quoted.end;
  if (comma >= parse_.tokens.end || document_.TokenText(comma) != ",") return -1;
  for (size_t c = 0; c < parse_.clauses.size(); ++c) {
    if (parse_.clauses[c].tokens.begin == comma + 1 && IsInquit(static_cast<int32_t>(c))) {
      return static_cast<int32_t>(c);
    }
  }
  return -1;
}

TokenRange ClaimFinder::NamedBeforeColon(int32_t colon) const {
  if (colon <= parse_.tokens.begin || document_.TokenText(colon) != ":") return {};
  const auto behind =
      std::partition_point(document_.entities.begin(), document_.entities.end(),
                           [colon](const Entity& entity) { return entity.tokens.begin < colon; });
  if (behind == document_.entities.begin()) return {};
  const TokenRange name = std::prev(behind)->tokens;
  if (name.end != colon || name.begin < parse_.tokens.begin || actors_.ActorOf(name) < 0) return {};
  for (int32_t t = name.begin - 1; t >= parse_.tokens.begin; --t) {
    if (TokenAt(t).kind != TokenKind::kWord && TokenAt(t).kind != TokenKind::kNumber) break;
    if (Word(t).verb && Word(t).finite && !Word(t).nonfinite) return {};
  }
  return name;
}

bool ClaimFinder::FrameQuote(int32_t q, double probability) {
  const Quotation& quotation = document_.quotations[static_cast<size_t>(q)];
  const TokenRange tokens = quotation.tokens;
  const int32_t paragraph = document_.sentences[static_cast<size_t>(sentence_)].paragraph;
  if (NamesSpeaker(tokens)) return false;
  // A cue in the same sentence: right behind the quotation, its clause around it, before a colon.
  int32_t best = -1;
  double best_score = 0;
  for (size_t c = 0; c < cues_.size(); ++c) {
    const Cue& cue = cues_[c];
    if (cue.entry == nullptr) continue;
    const SentenceClause& clause = parse_.clauses[c];
    double score = 0;
    const bool around = ClauseOf(tokens.begin) == static_cast<int32_t>(c);
    // Not "nannte es „gut“ und äußerte sich überrascht".
    if (clause.verb_first && !clause.coordinated && clause.tokens.begin >= tokens.end &&
        clause.tokens.begin <= tokens.end + 2)
      score = (cue.entry->frames & Frame::kQuote) != 0 && !cue.speaker.empty() ? 4.5 : 4;
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
  const TokenRange named = NamedBeforeColon(tokens.begin - 1);
  // "Xandu: „Helden“ retten Katze": a word of what stands behind the colon.
  constexpr int32_t kFewWords = 5;  // With the marks.
  const bool word = tokens.size() <= kFewWords && tokens.end < parse_.tokens.end &&
                    TokenAt(tokens.end).kind == TokenKind::kWord;
  if (!named.empty() && !word && container < 0 && probability >= kMinQuote) {
    Draft* draft = Add(ClaimKind::kDirect, "quote.colon", probability);
    draft->content.push_back(tokens);
    draft->speaker = named;
    draft->frame.push_back({named.begin, tokens.begin});
    last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
    return true;
  }
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
    const bool predicate =
        (frames & (Frame::kAls | Frame::kVon | Frame::kFuer | Frame::kNaming)) != 0;
    const bool short_quote = tokens.size() <= 7;
    // "nannte das „Symbolpolitik“": a common noun is no name.
    const Token& word = TokenAt(tokens.begin + 1);
    if ((frames & Frame::kNaming) != 0 && tokens.size() == 3 && word.pos == Pos::kNoun &&
        best_score >= 3 && !Word(tokens.begin - 1).Has(ClauseWord::kArticle)) {
      probability = std::max(probability, 0.42);
    }
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
    AddGovernor(tokens.begin, &cues_[static_cast<size_t>(best)]);
    Take(best, draft);
    return true;
  }
  if (adjunct == nullptr && best < 0) {
    if (const int32_t c = InquitBehind(tokens); c >= 0) {
      // "„Wir haben aufgehört zu spielen“, haderte Berg": a verb of no list, but nothing else
      // stands there.
      MakeInquit(c);
      Draft* draft = Add(ClaimKind::kDirect, "quote.inquit", probability * 0.8);
      draft->content.push_back(tokens);
      Take(c, draft);
      return true;
    }
  }
  if (adjunct != nullptr) {
    Draft* draft = Add(ClaimKind::kDirect, "quote.adjunct", probability);
    draft->content.push_back(tokens);
    draft->speaker = adjunct->speaker;
    draft->cue.push_back(adjunct->cue);
    draft->frame.push_back(adjunct->tokens);
    draft->adjunct = true;
    draft->entry = adjunct->entry;
    last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
    return true;
  }
  // A colon before it: the clause or the sentence that ends in it names the speaker.
  const int32_t before = tokens.begin - 1;
  if (before >= 0 && !word && document_.TokenText(before) == ":" && TokenAt(before).sentence >= 0) {
    const int32_t opening = TokenAt(before).sentence;
    const int32_t here = sentence_;
    // The quotation may close sentences later: read the sentence of the colon again.
    std::vector<Cue> kept;
    const bool other = opening != here;
    if (other) {
      std::swap(kept, cues_);
      sentence_ = opening;
      ReadClauses(opening);
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
      for (size_t c = parse_.clauses.size(); c-- > 0 && cue.speaker.empty();) {
        if (parse_.clauses[c].tokens.begin >= tokens.begin) continue;
        cue.entry = &kNoReportingEntry;
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
      std::swap(kept, cues_);
      sentence_ = here;
      ReadClauses(here);
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
    if (!draft->speaker.empty()) {
      last_source_ = static_cast<int32_t>(drafts_.size()) - 1;
    } else if (draft->entry == nullptr && last_source_ >= 0) {
      // "„...“ Und: „...“": whose words stand in the sentence before.
      const Draft& source = drafts_[static_cast<size_t>(last_source_)];
      if (opening - source.sentence <= 1 &&
          document_.sentences[static_cast<size_t>(source.sentence)].paragraph ==
              document_.sentences[static_cast<size_t>(opening)].paragraph) {
        draft->speaker = source.speaker;
        draft->speaker_head = source.speaker_head;
        draft->source = last_source_;
      }
    }
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

}  // namespace lagebild::extract
