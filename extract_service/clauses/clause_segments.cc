#include <algorithm>

#include "extract_service/clauses/clause_grammar.h"

namespace lagebild::extract {
namespace {

/// A bracket that is longer does not close.
constexpr int32_t kLongestBracket = 60;

/// The mark a token is, as Segment::mark_before shows it; 0 = none that separates.
char MarkOf(std::string_view text) {
  if (text == ",") return ',';
  if (text == ":") return ':';
  if (text == ";") return ';';
  if (text == "–" || text == "—" || text == "-" || text == "--") return '-';
  return 0;
}

}  // namespace

void ClauseGrammar::CutSegments(const AnnotatedDocument& document,
                                const std::vector<WordInfo>& words, SentenceClauses* out) const {
  const TokenRange range = out->tokens;
  int32_t begin = range.begin;
  char mark = 0;
  const auto close = [&](int32_t end, char next) {
    if (end > begin) {
      Segment segment;
      segment.tokens = {begin, end};
      segment.mark_before = mark;
      out->segments.push_back(segment);
    }
    mark = next;
  };
  for (int32_t t = range.begin; t < range.end; ++t) {
    const WordInfo& word = At(words, t);
    if (word.quotation >= 0) {
      // A quotation that stands for itself cuts like a comma: one that closes with a stop, or one
      // that opens the segment and has the verb behind it.
      const TokenRange quoted = document.quotations[static_cast<size_t>(word.quotation)].tokens;
      t = std::min(quoted.end, range.end) - 1;
      if (t + 1 >= range.end) continue;
      const bool stop =
          quoted.size() > 4 &&
          document.tokens[static_cast<size_t>(quoted.end) - 2].kind == TokenKind::kPunctuation;
      const bool verb_behind = At(words, t + 1).finite && At(words, t + 1).quotation < 0 &&
                               quoted.size() > 6 && begin >= quoted.begin;
      if (stop || verb_behind) {
        close(t + 1, ',');
        begin = t + 1;
      }
      continue;
    }
    const Token& token = document.tokens[static_cast<size_t>(t)];
    if (token.kind != TokenKind::kPunctuation && token.kind != TokenKind::kSymbol) continue;
    const std::string_view text = document.TextOf(token);
    if (text == "(" || text == "[") {
      // What stands in brackets belongs to the segment around it and is not read.
      int32_t end = t + 1;
      const int32_t limit = std::min(range.end, t + kLongestBracket);
      while (end < limit && document.TokenText(end) != ")" && document.TokenText(end) != "]") ++end;
      if (end < limit) t = end;
      continue;
    }
    char found = MarkOf(text);
    if (found == '-' && !token.space_before) continue;
    if (found == 0 && (text == "?" || text == "!") && t + 1 < range.end) found = ';';
    if (found == 0) continue;
    close(t, found);
    begin = t + 1;
  }
  close(range.end, 0);
}

void ClauseGrammar::CutAtCoordinators(const AnnotatedDocument& document,
                                      const std::vector<WordInfo>& words,
                                      SentenceClauses* out) const {
  std::vector<Segment> cut;
  cut.reserve(out->segments.size() + 4);
  for (Segment segment : out->segments) {
    // Finite verbs from the end, so that each coordinator knows what follows it.
    int32_t sure_behind = -1;
    for (int32_t t = segment.tokens.end - 1; t >= segment.tokens.begin; --t) {
      const WordInfo& word = At(words, t);
      if (word.quotation < 0 && word.finite && !word.nonfinite) {
        sure_behind = t;
        break;
      }
    }
    int32_t finite = -1;
    for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
      const WordInfo& word = At(words, t);
      if (word.quotation >= 0) continue;
      if (word.finite && (finite < 0 || !word.nonfinite)) finite = t;
      if (!word.Has(ClauseWord::kCoordinator) || t + 1 >= segment.tokens.end) continue;
      // "warf ihr vor, zu lügen und schloss eine Klage aus".
      const bool behind_infinitive = finite < 0 && sure_behind == t + 1 &&
                                     segment.mark_before == ',' && t > segment.tokens.begin &&
                                     At(words, t - 1).zu_infinitive;
      if (finite < 0 && !behind_infinitive) continue;
      if (document.tokens[static_cast<size_t>(t)].pos == Pos::kAdverb) continue;
      bool joins = sure_behind > t;
      if (!joins && !IsAuxiliary(At(words, finite))) {
        const WordInfo& next = At(words, t + 1);
        joins = next.quotation < 0 && next.finite;
      }
      // "spricht mit Berg und Tann und lehnt ab": the next one stands before the verb.
      for (int32_t u = t + 1; joins && u < sure_behind && !At(words, u).verb; ++u) {
        joins = !(At(words, u).Has(ClauseWord::kCoordinator) && At(words, u + 1).finite);
      }
      if (!joins) continue;
      Segment head = segment;
      head.tokens.end = t;
      cut.push_back(head);
      segment.tokens.begin = t;
      segment.mark_before = '&';
      finite = -1;
    }
    cut.push_back(segment);
  }
  out->segments.swap(cut);
}

void ClauseGrammar::CutAtInfinitives(const std::vector<WordInfo>& words,
                                     SentenceClauses* out) const {
  // "hat angekündigt in den Landtag einzuziehen": the comma may be left out, and the participle has
  // closed the clause.
  constexpr int32_t kShortestInfinitive = 3;
  std::vector<Segment> cut;
  cut.reserve(out->segments.size() + 1);
  for (Segment segment : out->segments) {
    const TokenRange range = segment.tokens;
    const WordInfo& last = At(words, range.end - 1);
    int32_t finite = -1;
    int32_t closed = -1;
    bool again = false;
    for (int32_t t = range.begin; last.zu_infinitive && t < range.end - 1; ++t) {
      const WordInfo& word = At(words, t);
      if (word.quotation >= 0 || !word.verb) continue;
      const bool participle = word.nonfinite && (word.bits & Morphology::kParticiplePerfect) != 0;
      if (finite < 0) {
        if (word.finite && IsAuxiliary(word) && !IsModal(word)) finite = t;
      } else if (participle && closed < 0) {
        closed = t + 1;
      } else if (word.finite && !word.nonfinite && closed >= 0) {
        again = true;
      }
    }
    const bool splits = closed >= 0 && !again && range.end - closed >= kShortestInfinitive &&
                        !At(words, closed).verb && !At(words, closed).Has(ClauseWord::kCoordinator);
    if (splits) {
      Segment head = segment;
      head.tokens.end = closed;
      cut.push_back(head);
      segment.tokens.begin = closed;
      segment.mark_before = ',';
    }
    cut.push_back(segment);
  }
  out->segments.swap(cut);
}

void ClauseGrammar::Describe(const AnnotatedDocument& document, const std::vector<WordInfo>& words,
                             Segment* segment) const {
  int32_t sure = -1, first = -1, last = -1, infinitive = -1, quoted = -1;
  for (int32_t t = segment->tokens.begin; t < segment->tokens.end; ++t) {
    const WordInfo& word = At(words, t);
    if (!word.verb) continue;
    if (word.quotation >= 0) {
      if (word.zu_infinitive && infinitive < 0) infinitive = t;
      if (word.finite && !word.nonfinite && quoted < 0) quoted = t;
      continue;
    }
    if (word.zu_infinitive) infinitive = t;
    if (!word.finite) continue;
    if (first < 0) first = t;
    last = t;
    if (!word.nonfinite && sure < 0) sure = t;
  }
  int32_t head = segment->tokens.begin;
  if (At(words, head).Has(ClauseWord::kCoordinator) && head + 1 < segment->tokens.end) ++head;
  if (At(words, head).Has(ClauseWord::kSo) && segment->mark_before == ',' &&
      head + 2 < segment->tokens.end && At(words, head + 1).finite) {
    ++head;  // "..., so schrieb Berg".
  }
  const WordInfo& opener = At(words, head);
  const Token& token = document.tokens[static_cast<size_t>(head)];
  const WordInfo* second = head + 1 < segment->tokens.end ? &At(words, head + 1) : nullptr;
  const char mark = segment->mark_before;
  const bool after_mark = mark == ',' || mark == '&' || mark == '-';
  const auto at_end = [&](int32_t t) {
    if (t < 0) return false;
    if (t + 1 >= segment->tokens.end) return true;
    const WordInfo& next = At(words, t + 1);
    const Token& after = document.tokens[static_cast<size_t>(t) + 1];
    return next.nonfinite || after.pos == Pos::kAdposition ||
           after.kind == TokenKind::kPunctuation || next.Has(ClauseWord::kWie) ||
           next.Has(ClauseWord::kCoordinator);
  };
  Opener found = Opener::kNone;
  if (opener.quotation < 0) {
    if (opener.Has(ClauseWord::kDass)) {
      found = Opener::kDass;
    } else if (second != nullptr && second->Has(ClauseWord::kDass)) {
      // "auch dass", but "ohne dass", "so dass", "ausser dass".
      found = token.pos == Pos::kAdverb && !opener.Has(ClauseWord::kSo) ? Opener::kDass
                                                                        : Opener::kSubordinator;
    } else if (opener.Has(ClauseWord::kOb)) {
      found = Opener::kOb;
    } else if (opener.Has(ClauseWord::kWhereby) && (last < 0 || at_end(last))) {
      found = Opener::kWhereby;
    } else if (opener.Has(ClauseWord::kWie) &&
               // "Wie Berg kritisierte auch Tann den Plan" compares.
               (mark == 0 ? at_end(last) || last < 0
                          : last > head + 1 ||
                                // "– wie berichtet –".
                                (last == head + 1 && At(words, last).nonfinite &&
                                 last + 1 == segment->tokens.end))) {
      found = Opener::kWie;
    } else if (opener.Has(ClauseWord::kInterrogative) && last > head && at_end(last) &&
               (mark == 0 || after_mark || mark == ':')) {
      found = Opener::kInterrogative;
    } else if (
        // "noch während er sprach".
        ((token.pos == Pos::kAdverb || token.pos == Pos::kParticle) && second != nullptr &&
         second->Has(ClauseWord::kSubordinator) && last > head + 2 && at_end(last) &&
         !second->Has(ClauseWord::kCorrelate)) ||
        (opener.Has(ClauseWord::kSubordinator) &&
         // "..., damit solle Zeit gewonnen werden": an adverb, the verb stands second.
         !(opener.Has(ClauseWord::kCorrelate) && first == head + 1 && last > first) &&
         // "Seit Mai seien 300 Menschen verwundet worden": a preposition.
         !(token.pos == Pos::kAdposition && first >= 0 && first < last &&
           (sure == first || !at_end(first))) &&
         (token.pos == Pos::kSubordinator || (last > head + 1 && at_end(last))))) {
      found = Opener::kSubordinator;
    } else if (after_mark) {
      int32_t relative = -1;
      if (opener.Has(ClauseWord::kRelative)) relative = head;
      if (token.pos == Pos::kAdposition && second != nullptr &&
          second->Has(ClauseWord::kRelative)) {
        relative = head + 1;
      }
      if (relative == head + 1 && opener.Has(ClauseWord::kNach | ClauseWord::kLaut) &&
          last > relative && at_end(last) && !second->Has(ClauseWord::kInterrogative)) {
        found = Opener::kWhereby;  // "Berichte, nach denen ...".
      } else if (relative >= 0 &&
                 (document.tokens[static_cast<size_t>(relative)].pos == Pos::kPronoun ||
                  // "dessen Organe heute tagen"; "den Berg an ihn geschickt hat": an auxiliary
                  // behind its verb stands second in no main clause.
                  !At(words, relative).Has(ClauseWord::kArticle) ||
                  // "an der Soldaten teilnehmen": with a preposition before it and the only verb at
                  // its end.
                  (relative > head && last > relative + 1 && first == last &&
                   last + 1 == segment->tokens.end) ||
                  (last > relative + 2 && at_end(last) && first == last - 1 &&
                   IsAuxiliary(At(words, last)) && At(words, last - 1).nonfinite) ||
                  (last > relative + 2 && at_end(last) && first == last &&
                   IsAuxiliary(At(words, last)) && At(words, last - 1).verb &&
                   At(words, last - 1).nonfinite))) {
        const bool verb_second =
            first == relative + 1 && !(at_end(first) && segment->tokens.size() <= 2);
        const bool waits = last < 0 && infinitive < 0;
        // "..., die neue Regelung werde viel Geld sparen": no verb-final clause has anything else
        // between its finite verb and the infinitive at its end.
        bool framed = sure > relative && sure < last && At(words, last).nonfinite;
        if (framed) {
          framed = false;
          for (int32_t t = sure + 1; t < last; ++t) framed = framed || !At(words, t).verb;
        }
        if (!verb_second && !framed && (waits || at_end(last)) && (sure >= 0 || infinitive < 0)) {
          found = Opener::kRelative;
        }
      }
    }
    if (found == Opener::kNone && opener.Has(ClauseWord::kInfinitiveOpener) && infinitive >= 0 &&
        sure < 0) {
      found = Opener::kInfinitive;
    }
  }
  segment->opener = found;
  // "brauchen wir nicht anzutreten": the subject behind it shows that it is finite.
  if (sure < 0 && first == head && first + 1 < segment->tokens.end) {
    const Token& subject = document.tokens[static_cast<size_t>(first) + 1];
    if (subject.pos == Pos::kPronoun && subject.morphology.Has(Morphology::kNominative) &&
        subject.morphology.Has(Morphology::kPlural)) {
      sure = first;
    }
  }
  if (found != Opener::kNone && found != Opener::kInfinitive) {
    segment->finite = last;
  } else if (infinitive >= 0 && sure < 0) {
    segment->finite = -1;  // "ihre Kinder impfen zu lassen".
  } else {
    // A fronted participle or infinitive is not the finite verb if a form that can only be finite
    // follows.
    segment->finite = first >= 0 && At(words, first).nonfinite && sure > first ? sure : first;
    // "sagte, Berg „ist und bleibt ...“": the quotation holds the verb of the clause around it.
    if (first < 0 && infinitive < 0 && mark == ',' &&
        At(words, segment->tokens.begin).quotation < 0) {
      segment->finite = quoted;
    }
  }
  segment->infinitive = segment->finite < 0 && infinitive >= 0;
  segment->verb_first = segment->finite == head;
  segment->verb_last = at_end(segment->finite);
}

bool ClauseGrammar::OpensBrokenClause(const std::vector<WordInfo>& words,
                                      const SentenceClauses& clauses, size_t i) const {
  constexpr size_t kRelatives = 2;
  const auto& segments = clauses.segments;
  if (segments[i].mark_before != ',' || segments[i].finite >= 0) return false;
  for (size_t j = i + 1; j < segments.size() && j <= i + kRelatives + 1; ++j) {
    const Segment& next = segments[j];
    if (next.mark_before != ',') return false;
    const bool attribute = next.opener == Opener::kRelative || next.opener == Opener::kDass;
    if (attribute && next.finite >= 0) continue;
    // "sagte, der Chef der Bank, Ulf Tann, habe ...".
    const bool apposition =
        next.opener == Opener::kNone && next.finite < 0 && !next.infinitive && i > 0;
    if (apposition && segments[i - 1].finite >= 0) continue;
    return j > i + 1 && next.opener == Opener::kNone && next.finite >= 0 && next.verb_first &&
           Reports(MoodOf(At(words, next.finite)));
  }
  return false;
}

void ClauseGrammar::OpenBrokenClauses(const std::vector<WordInfo>& words, SentenceClauses* out) {
  // "wie Anna Berg, Leiterin der Wache, sagte": the verb stands behind an apposition.
  constexpr size_t kAppositions = 3;
  constexpr int32_t kVerbComplex = 8;
  auto& segments = out->segments;
  for (size_t i = 0; i + 2 < segments.size(); ++i) {
    Segment& segment = segments[i];
    if (segment.opener != Opener::kNone || segment.mark_before != ',' || segment.finite >= 0 ||
        !At(words, segment.tokens.begin).Has(ClauseWord::kWie)) {
      continue;
    }
    for (size_t j = i + 1; j < segments.size() && j <= i + kAppositions; ++j) {
      const Segment& next = segments[j];
      if (next.mark_before != ',' || next.opener != Opener::kNone) break;
      if (next.finite < 0) continue;
      if (j > i + 1 && next.verb_last && next.tokens.size() <= kVerbComplex) {
        segment.opener = Opener::kWie;
      }
      break;
    }
  }
  OpenBrokenInfinitives(words, out);
}

void ClauseGrammar::OpenBrokenInfinitives(const std::vector<WordInfo>& words,
                                          SentenceClauses* out) {
  // "kündigte an, das Haus, das leer steht, zu kaufen", "verspricht, nicht für die Stadt, sondern
  // für alle zu bauen": the verb stands behind what is put in.
  constexpr size_t kFarthest = 3;
  auto& segments = out->segments;
  for (size_t i = 1; i + 1 < segments.size(); ++i) {
    Segment& segment = segments[i];
    if (segment.opener != Opener::kNone || segment.mark_before != ',' || segment.finite >= 0 ||
        segment.infinitive || At(words, segment.tokens.begin).quotation >= 0) {
      continue;
    }
    // Behind a verb, or with a pronoun of its own: no apposition to a noun.
    const Segment& before = segments[i - 1];
    const bool behind_verb =
        before.finite >= 0 && before.opener == Opener::kNone &&
        (before.finite == before.tokens.end - 1 || At(words, before.tokens.end - 1).nonfinite ||
         At(words, before.tokens.end - 1).Has(ClauseWord::kParticle | ClauseWord::kCorrelate));
    if (!behind_verb && !At(words, segment.tokens.begin).Has(ClauseWord::kReflexive)) continue;
    for (size_t j = i + 1; j < segments.size() && j <= i + kFarthest; ++j) {
      const Segment& next = segments[j];
      if (next.mark_before != ',' && next.mark_before != '-') break;
      if (next.infinitive && next.opener == Opener::kNone) segment.infinitive = true;
      if (next.infinitive || (next.finite >= 0 && next.opener != Opener::kRelative)) break;
    }
  }
}

}  // namespace lagebild::extract
