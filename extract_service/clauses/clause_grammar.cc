#include "extract_service/clauses/clause_grammar.h"

namespace lagebild::extract {

bool ClauseGrammar::InsertsContent(const AnnotatedDocument& document,
                                   const std::vector<WordInfo>& words, const SentenceClauses& out,
                                   int32_t index) const {
  // "Der Vorwurf der Opposition, die Regierung zögere, ist nicht neu".
  const Segment& segment = out.segments[static_cast<size_t>(index)];
  const size_t next = static_cast<size_t>(index) + 1;
  if (index == 0 || next >= out.segments.size() || segment.mark_before != ',' ||
      segment.verb_first || segment.finite < 0) {
    return false;
  }
  const Segment& behind = out.segments[next];
  if (behind.mark_before != ',' || behind.opener != Opener::kNone || !behind.verb_first)
    return false;
  if (!Reports(MoodOf(At(words, segment.finite)))) return false;
  const TokenRange& noun = out.segments[static_cast<size_t>(index) - 1].tokens;
  for (int32_t t = noun.begin; t < noun.end; ++t) {
    if (At(words, t).Has(ClauseWord::kContentNoun) &&
        document.tokens[static_cast<size_t>(t)].capitalized) {
      return true;
    }
  }
  return false;
}

bool ClauseGrammar::Inserts(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                            const SentenceClauses& out, int32_t index, Opener waiting) const {
  if (waiting == Opener::kNone && InsertsContent(document, words, out, index)) return true;
  // "In zehn Jahren, so schätzt der Verein, soll ...": a clause of its own between the beginning of
  // another and its verb.
  const Segment& segment = out.segments[static_cast<size_t>(index)];
  const size_t next = static_cast<size_t>(index) + 1;
  if (!segment.verb_first || next >= out.segments.size()) return false;
  const auto cut_off = [](char mark) { return mark == ',' || mark == '-'; };
  const Segment& behind = out.segments[next];
  if (!cut_off(segment.mark_before) || !cut_off(behind.mark_before) ||
      behind.opener != Opener::kNone) {
    return false;
  }
  // "Im Tal, stellt der Verein fest, seien ...": the verb of the clause around it follows at once.
  const bool begun =
      index > 0 && out.segments[static_cast<size_t>(index) - 1].opener == Opener::kNone;
  if (begun && waiting == Opener::kNone && behind.verb_first &&
      segment.finite == segment.tokens.begin &&
      MoodOf(At(words, segment.finite)) != ClauseMood::kKonjunktiv1) {
    return true;
  }
  return segment.finite == segment.tokens.begin + 1 &&
         At(words, segment.tokens.begin).Has(ClauseWord::kSo);
}

int32_t ClauseGrammar::Interrupted(const AnnotatedDocument& document,
                                   const std::vector<WordInfo>& words, const SentenceClauses& out,
                                   int32_t index, int32_t previous) const {
  if (previous <= 0) return -1;
  const SentenceClause& inserted = out.clauses[static_cast<size_t>(previous)];
  const bool frame = inserted.verb_first && inserted.kind == ClauseKind::kMain &&
                     !IsAuxiliary(At(words, inserted.finite));
  if (!frame && inserted.opener != Opener::kWie) return -1;
  if (inserted.first_segment <= 0) return -1;
  const Segment& segment = out.segments[static_cast<size_t>(index)];
  if (segment.opener != Opener::kNone || segment.verb_first || segment.mark_before != ',' ||
      out.segments[static_cast<size_t>(inserted.first_segment)].mark_before != ',') {
    return -1;
  }
  const int32_t before = out.segments[static_cast<size_t>(inserted.first_segment) - 1].clause;
  const SentenceClause& begun = out.clauses[static_cast<size_t>(before)];
  if (begun.kind != ClauseKind::kMain || begun.finite < 0 || begun.verb_first) return -1;
  // What stands behind its finite verb: a full verb or something said of the subject completes it.
  bool verb = false;
  bool complement = false;
  for (int32_t t = begun.finite + 1; t < begun.tokens.end; ++t) {
    const Pos pos = document.tokens[static_cast<size_t>(t)].pos;
    verb = verb || (At(words, t).verb && At(words, t).nonfinite);
    complement = complement || pos == Pos::kNoun || pos == Pos::kProperNoun ||
                 pos == Pos::kAdjective || pos == Pos::kNumeral;
  }
  const bool auxiliary = IsAuxiliary(At(words, begun.finite));
  if (!auxiliary || verb) return -1;
  const int32_t last = segment.tokens.end - 1;
  const bool closes = At(words, last).verb && At(words, last).nonfinite;
  if (segment.finite >= 0) return closes && segment.finite == last ? before : -1;
  return closes || !complement ? before : -1;
}

bool ClauseGrammar::WaitsForVerb(const std::vector<WordInfo>& words,
                                 const SentenceClause& clause) const {
  if (clause.finite < 0 || !IsAuxiliary(At(words, clause.finite))) return false;
  for (int32_t t = clause.finite + 1; t < clause.tokens.end; ++t) {
    if (At(words, t).verb && At(words, t).nonfinite) return false;
  }
  return true;
}

bool ClauseGrammar::HasOnlyNonfiniteVerbs(const std::vector<WordInfo>& words,
                                          const Segment& segment) {
  for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
    if (At(words, t).verb && !At(words, t).nonfinite) return false;
  }
  return true;
}

void ClauseGrammar::Assign(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                           SentenceClauses* out) const {
  std::vector<SentenceClause>& clauses = out->clauses;
  std::array<int32_t, 8> open{};  // Clauses that still wait for their finite verb, innermost last.
  int32_t depth = 0;
  int32_t previous = -1;
  const auto join = [&](int32_t index, int32_t clause) {
    Segment& segment = out->segments[static_cast<size_t>(index)];
    SentenceClause& target = clauses[static_cast<size_t>(clause)];
    segment.clause = clause;
    target.last_segment = index;
    target.tokens.end = segment.tokens.end;
    if (segment.finite >= 0 && target.finite < 0) target.finite = segment.finite;
  };
  for (size_t i = 0; i < out->segments.size(); ++i) {
    Segment& segment = out->segments[i];
    const auto index = static_cast<int32_t>(i);
    const bool hard = segment.mark_before == ':' || segment.mark_before == ';';
    if (hard) depth = 0;
    const bool sub = segment.opener != Opener::kNone;
    const int32_t target = depth > 0 ? open[static_cast<size_t>(depth) - 1] : -1;
    if (!sub && target >= 0 && (segment.finite >= 0 || !segment.infinitive) &&
        !Inserts(document, words, *out, index, clauses[static_cast<size_t>(target)].opener)) {
      join(index, target);
      if (segment.finite >= 0) {
        SentenceClause& clause = clauses[static_cast<size_t>(target)];
        if (clause.kind == ClauseKind::kVerbless) clause.kind = ClauseKind::kMain;
        --depth;
      }
      previous = target;
      continue;
    }
    if (!sub && segment.finite >= 0 && segment.mark_before == '&' && previous >= 0) {
      const ClauseKind kind = clauses[static_cast<size_t>(previous)].kind;
      const bool verb_last = kind == ClauseKind::kSubordinate || kind == ClauseKind::kRelative;
      if (verb_last && segment.verb_last && !segment.verb_first) {
        join(index, previous);
        continue;
      }
    }
    if (!sub && segment.finite >= 0 && segment.verb_first && segment.mark_before == ',' &&
        previous >= 0 && At(words, segment.finite).nonfinite) {
      // "hatte ein Sprecher, Anna Berg, erklärt": the participle closes the bracket.
      const SentenceClause& before = clauses[static_cast<size_t>(previous)];
      bool waits = before.kind == ClauseKind::kMain && WaitsForVerb(words, before);
      // "..., erzählt Ulf Tann": the subject behind it shows that it is finite.
      if (segment.finite + 1 < segment.tokens.end) {
        const Pos next = document.tokens[static_cast<size_t>(segment.finite) + 1].pos;
        waits = waits && next != Pos::kProperNoun && next != Pos::kNoun && next != Pos::kPronoun &&
                next != Pos::kDeterminer;
      }
      if (waits) {
        segment.finite = -1;
        segment.verb_first = false;
        join(index, previous);
        continue;
      }
    }
    // "werde die Schulden – ein Fünftel des Haushalts – nicht zahlen": what dashes put in.
    if (!sub && segment.finite >= 0 && segment.mark_before == '-' && previous >= 0 && i > 0 &&
        out->segments[i - 1].mark_before == '-' && out->segments[i - 1].clause == previous &&
        clauses[static_cast<size_t>(previous)].kind == ClauseKind::kMain &&
        WaitsForVerb(words, clauses[static_cast<size_t>(previous)]) &&
        HasOnlyNonfiniteVerbs(words, segment)) {
      segment.finite = -1;
      join(index, previous);
      continue;
    }
    if (const int32_t interrupted = Interrupted(document, words, *out, index, previous);
        !hard && interrupted >= 0) {
      // "Man habe, sagte Berg, alles versucht", "Der Ort hätte, sagte Berg, eine Schwäche".
      segment.finite = -1;
      join(index, interrupted);
      continue;
    }
    if (!sub && segment.finite < 0 && !segment.infinitive && previous >= 0 && !hard &&
        !OpensBrokenClause(words, *out, i)) {
      int32_t interrupted = previous;
      // "hält das Verfahren, das dazu führte, für falsch": the verb has closed what was put in.
      const SentenceClause& closed = clauses[static_cast<size_t>(previous)];
      const Segment& before = out->segments[i - 1];
      if (closed.opener == Opener::kRelative && closed.finite >= 0 && before.verb_last &&
          before.clause == previous && closed.parent >= 0 && segment.mark_before == ',' &&
          clauses[static_cast<size_t>(closed.parent)].finite >= 0) {
        interrupted = closed.parent;
      }
      // "Der Einsatz sei, sagte Berg, beendet worden": a bracket that the frame broke up.
      const SentenceClause& inserted = clauses[static_cast<size_t>(previous)];
      // "hatte die Anwältin, Anna Berg, gesagt": unless it waits for the participle itself.
      if (inserted.verb_first && inserted.kind == ClauseKind::kMain && previous > 0 &&
          !WaitsForVerb(words, inserted)) {
        for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
          if (At(words, t).verb && At(words, t).nonfinite) interrupted = previous - 1;
        }
      }
      join(index, interrupted);
      continue;
    }
    SentenceClause clause;
    clause.opener = segment.opener;
    clause.finite = segment.finite;
    clause.verb_first = segment.verb_first && !sub;
    clause.coordinated = segment.mark_before == '&' ||
                         (i > 0 && At(words, segment.tokens.begin).Has(ClauseWord::kCoordinator));
    clause.parent = sub && depth > 0 ? open[static_cast<size_t>(depth) - 1] : previous;
    clause.first_segment = clause.last_segment = index;
    clause.tokens = segment.tokens;
    switch (segment.opener) {
      case Opener::kNone:
        clause.kind = segment.finite >= 0  ? ClauseKind::kMain
                      : segment.infinitive ? ClauseKind::kInfinitive
                                           : ClauseKind::kVerbless;
        break;
      case Opener::kRelative:
      case Opener::kWhereby:
        clause.kind = ClauseKind::kRelative;
        break;
      case Opener::kInfinitive:
        clause.kind = ClauseKind::kInfinitive;
        break;
      default:
        clause.kind = ClauseKind::kSubordinate;
    }
    segment.clause = static_cast<int32_t>(clauses.size());
    clauses.push_back(clause);
    // A quotation that makes up the segment waits for no verb.
    const int32_t q = At(words, segment.tokens.begin).quotation;
    const bool quoted = q >= 0 && At(words, segment.tokens.end - 1).quotation == q;
    if (clause.finite < 0 && clause.kind != ClauseKind::kInfinitive && !quoted &&
        depth < static_cast<int32_t>(open.size())) {
      open[static_cast<size_t>(depth++)] = segment.clause;
    }
    previous = segment.clause;
  }
}

bool ClauseGrammar::SpeaksOfItself(const AnnotatedDocument& document,
                                   const SentenceClause& clause) {
  // "ich habe": the form is the Konjunktiv's in the third person only.
  for (const int32_t t : {clause.finite - 1, clause.finite + 1}) {
    if (t < 0 || static_cast<size_t>(t) >= document.tokens.size()) continue;
    const Token& token = document.tokens[static_cast<size_t>(t)];
    constexpr uint32_t kOthers = Morphology::kSecond | Morphology::kThird | Morphology::kPlural;
    if (token.pos == Pos::kPronoun && token.morphology.Has(Morphology::kFirst) &&
        token.morphology.Has(Morphology::kNominative) && !token.morphology.Has(kOthers)) {
      return true;
    }
  }
  return false;
}

bool ClauseGrammar::Compares(const std::vector<WordInfo>& words, const Segment& segment,
                             int32_t participle) {
  // "mehr ausgegeben haben als beim Kauf erwartet": no verb of the clause.
  if ((At(words, participle).bits & Morphology::kParticiplePerfect) == 0) return false;
  constexpr int32_t kFarthest = 6;
  bool than = false;
  for (int32_t t = participle - 1; t >= segment.tokens.begin && t >= participle - kFarthest; --t) {
    if (than) return At(words, t).verb;
    than = At(words, t).Has(ClauseWord::kThan);
    if (At(words, t).verb) return false;
  }
  return false;
}

void ClauseGrammar::FindVerbs(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                              SentenceClauses* out) const {
  struct Bracket {
    int32_t rightmost = -1;   // Full verb among infinitives and participles.
    int32_t last_token = -1;  // Last word.
    bool worden = false;
  };
  std::vector<Bracket> brackets(out->clauses.size());
  for (auto segment = out->segments.rbegin(); segment != out->segments.rend(); ++segment) {
    if (segment->clause < 0) continue;
    Bracket& bracket = brackets[static_cast<size_t>(segment->clause)];
    const SentenceClause& clause = out->clauses[static_cast<size_t>(segment->clause)];
    for (int32_t t = segment->tokens.end - 1; t >= segment->tokens.begin; --t) {
      const WordInfo& word = At(words, t);
      if (word.quotation >= 0) continue;
      if (bracket.last_token < 0 &&
          document.tokens[static_cast<size_t>(t)].kind == TokenKind::kWord) {
        bracket.last_token = t;
      }
      if (t == clause.finite || !word.verb || !word.nonfinite || bracket.rightmost >= 0) continue;
      const bool behind_verb =
          t > segment->tokens.begin && At(words, t - 1).verb && At(words, t - 1).nonfinite;
      if (behind_verb && IsAuxiliary(word)) {
        // Auxiliaries and modals in the right bracket stand behind the full verb.
        bracket.worden = bracket.worden || IsBecome(word);
        continue;
      }
      if (Compares(words, *segment, t)) continue;
      bracket.rightmost = t;
    }
  }
  for (size_t c = 0; c < out->clauses.size(); ++c) {
    SentenceClause& clause = out->clauses[c];
    const Bracket& bracket = brackets[c];
    clause.main = clause.finite;
    if (clause.finite >= 0) {
      clause.mood = MoodOf(At(words, clause.finite));
      if (SpeaksOfItself(document, clause)) clause.mood = ClauseMood::kIndicative;
    }
    const bool auxiliary = clause.finite >= 0 && IsAuxiliary(At(words, clause.finite));
    if (bracket.rightmost >= 0 && (auxiliary || clause.finite < 0)) {
      clause.main = bracket.rightmost;
      const WordInfo& word = At(words, clause.main);
      if (clause.finite >= 0 && (word.bits & Morphology::kParticiplePerfect) != 0) {
        clause.passive = bracket.worden || (IsBecome(At(words, clause.finite)) &&
                                            (word.bits & Morphology::kInfinitive) == 0);
      }
    }
    if (clause.finite < 0 || clause.main != clause.finite) continue;
    // The particle closes the clause; behind it only what may stand behind the bracket.
    for (int32_t t = bracket.last_token; t > clause.finite; --t) {
      const WordInfo& word = At(words, t);
      if (word.quotation >= 0) break;
      if (!word.Has(ClauseWord::kParticle)) continue;
      const Token* next = static_cast<size_t>(t) + 1 < document.tokens.size()
                              ? &document.tokens[static_cast<size_t>(t) + 1]
                              : nullptr;
      // "sagte Berg nach 90 Minuten": a preposition.
      if (t == bracket.last_token || next == nullptr ||
          (next->kind != TokenKind::kWord && next->kind != TokenKind::kNumber)) {
        clause.particle = t;
        break;
      }
    }
  }
}

void ClauseGrammar::JoinParticiples(const std::vector<WordInfo>& words,
                                    SentenceClauses* out) const {
  for (size_t c = 1; c < out->clauses.size(); ++c) {
    SentenceClause& clause = out->clauses[c];
    const SentenceClause& before = out->clauses[c - 1];
    if (clause.kind != ClauseKind::kMain || clause.verb_first || clause.opener != Opener::kNone ||
        clause.finite != clause.tokens.end - 1 || clause.tokens.size() < 2 ||
        (At(words, clause.finite).bits & Morphology::kParticiplePerfect) == 0) {
      continue;
    }
    const bool auxiliary = before.kind == ClauseKind::kMain && before.finite >= 0 &&
                           before.main >= 0 && before.main != before.finite &&
                           (IsHave(At(words, before.finite)) || IsBe(At(words, before.finite))) &&
                           (At(words, before.main).bits & Morphology::kParticiplePerfect) != 0;
    // Another participle in front of the last shows that it is none of a verb in second place.
    bool participle = false;
    for (int32_t t = clause.tokens.begin; t < clause.finite; ++t) {
      participle = participle || (At(words, t).verb && At(words, t).nonfinite &&
                                  (At(words, t).bits & Morphology::kParticiplePerfect) != 0);
    }
    if (auxiliary && participle) clause.coordinated = clause.verb_first = true;
  }
}

void ClauseGrammar::Parse(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                          int32_t sentence, SentenceClauses* out) const {
  out->segments.clear();
  out->clauses.clear();
  TokenRange range = document.sentences[static_cast<size_t>(sentence)].tokens;
  out->has_final_stop = false;
  while (range.size() > 1 && At(words, range.end - 1).quotation < 0) {
    const std::string_view text = document.TokenText(range.end - 1);
    if (text != "." && text != "!" && text != "?" && text != ":") break;
    out->has_final_stop = true;
    --range.end;
  }
  out->tokens = range;
  if (range.empty()) return;
  CutSegments(document, words, out);
  CutAtCoordinators(document, words, out);
  CutAtInfinitives(words, out);
  for (Segment& segment : out->segments) Describe(document, words, &segment);
  OpenBrokenClauses(words, out);
  Assign(document, words, out);
  FindVerbs(document, words, out);
  JoinParticiples(words, out);
}

}  // namespace lagebild::extract
