#include "extract_service/clauses/clause_grammar.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_split.h"
#include "extract_service/tags/word_facts.h"

namespace lagebild::extract {
namespace {

constexpr uint32_t kNonfinite =
    Morphology::kInfinitive | Morphology::kParticiplePerfect | Morphology::kZuInfinitive;

/// A bracket that is longer does not close.
constexpr int32_t kLongestBracket = 60;

constexpr std::pair<std::string_view, uint64_t> kClassNames[] = {
    {"dass", ClauseWord::kDass},
    {"ob", ClauseWord::kOb},
    {"wie", ClauseWord::kWie},
    {"w", ClauseWord::kInterrogative},
    {"sub", ClauseWord::kSubordinator},
    {"rel", ClauseWord::kRelative},
    {"inf", ClauseWord::kInfinitiveOpener},
    {"coord", ClauseWord::kCoordinator},
    {"correlate", ClauseWord::kCorrelate},
    {"reflexive", ClauseWord::kReflexive},
    {"negation", ClauseWord::kNegation},
    {"laut", ClauseWord::kLaut},
    {"zufolge", ClauseWord::kZufolge},
    {"nach", ClauseWord::kNach},
    {"so", ClauseWord::kSo},
    {"accordingly", ClauseWord::kAccordingly},
    {"whereby", ClauseWord::kWhereby},
    {"pointing", ClauseWord::kPointing},
    {"citing", ClauseWord::kCiting},
    {"article", ClauseWord::kArticle},
    {"no_quote", ClauseWord::kNoQuote},
    {"to", ClauseWord::kZu},
    {"from", ClauseWord::kFrom},
    {"within", ClauseWord::kWithin},
    {"by", ClauseWord::kBy},
    {"place_of_source", ClauseWord::kPlaceOfSource},
    {"place_of_body", ClauseWord::kPlaceOfBody},
    {"if", ClauseWord::kIf},
    {"therein", ClauseWord::kTherein},
    {"citing_on", ClauseWord::kCitingOn},
    {"relay", ClauseWord::kRelay},
    {"media_person", ClauseWord::kMediaPerson},
    {"of", ClauseWord::kOf},
    {"toward", ClauseWord::kToward},
    {"expletive", ClauseWord::kExpletive},
    {"negates_verb", ClauseWord::kNegatesVerb},
    {"thereafter", ClauseWord::kThereafter},
    {"self", ClauseWord::kSelf},
    {"same", ClauseWord::kSame},
    {"predicative", ClauseWord::kPredicative},
    {"indefinite", ClauseWord::kIndefinite},
    {"own", ClauseWord::kOwn},
    {"than", ClauseWord::kThan},
    {"anybody", ClauseWord::kAnybody},
    {"any_noun", ClauseWord::kAnyNoun},
};

const WordInfo& At(const std::vector<WordInfo>& words, int32_t token) {
  return words[static_cast<size_t>(token)];
}

/// The mark a token is, as Segment::mark_before shows it; 0 = none that separates.
char MarkOf(std::string_view text) {
  if (text == ",") return ',';
  if (text == ":") return ':';
  if (text == ";") return ';';
  if (text == "–" || text == "—" || text == "-" || text == "--") return '-';
  return 0;
}

}  // namespace

std::string_view ToLower(std::string_view word, std::array<char, 96>* buffer) {
  if (word.size() > buffer->size()) return word;
  bool after_c3 = false;
  for (size_t i = 0; i < word.size(); ++i) {
    const auto byte = static_cast<unsigned char>(word[i]);
    unsigned char lower = byte;
    if ((byte >= 'A' && byte <= 'Z') || (after_c3 && byte >= 0x80 && byte <= 0x9e)) {
      lower = static_cast<unsigned char>(byte + 32);
    }
    after_c3 = byte == 0xc3;
    (*buffer)[i] = static_cast<char>(lower);
  }
  return {buffer->data(), word.size()};
}

ClauseGrammar::ClauseGrammar(const Lexicon& lexicon) : lexicon_(lexicon) {
  const auto number = [&](std::string_view lemma) {
    return lexicon.FindLemma(lemma).value_or(Token::kNoLemma);
  };
  const LexiconTable& table = lexicon.Table("clause_words");
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string_view name = table.Cell(row, "class");
    const std::string_view words = table.Cell(row, "words");
    uint64_t bit = 0;
    for (const auto& [known, value] : kClassNames) {
      if (known == name) bit = value;
    }
    for (const auto& word :
         absl::StrSplit(absl::string_view(words.data(), words.size()), ' ', absl::SkipEmpty())) {
      if (bit != 0) classes_[std::string(word.data(), word.size())] |= bit;
      if (name == "modal") modals_.push_back(number({word.data(), word.size()}));
    }
  }
  const LexiconTable& prefixes = lexicon.Table("verb_prefixes");
  for (size_t row = 0; row < prefixes.size(); ++row) {
    if (prefixes.Cell(row, "kind") != "separable") continue;
    classes_[std::string(prefixes.Cell(row, "prefix"))] |= ClauseWord::kParticle;
  }
  const LexiconTable& nouns = lexicon.Table("content_nouns");
  std::array<char, 96> buffer;
  for (size_t row = 0; row < nouns.size(); ++row) {
    const std::string_view forms = nouns.Cell(row, "forms");
    for (const auto& form : absl::StrSplit(absl::string_view(forms.data(), forms.size()), ',')) {
      classes_[std::string(ToLower({form.data(), form.size()}, &buffer))] |=
          ClauseWord::kContentNoun;
    }
  }
  have_ = number("haben");
  be_ = number("sein");
  become_ = number("werden");
  sollen_ = number("sollen");
  wollen_ = number("wollen");
  koennen_ = number("können");
  muessen_ = number("müssen");
  moegen_ = number("mögen");
}

uint64_t ClauseGrammar::ClassesOf(std::string_view lower) const {
  const auto it = classes_.find(lower);
  return it == classes_.end() ? 0 : it->second;
}

bool ClauseGrammar::IsModal(const WordInfo& word) const {
  for (const uint32_t modal : modals_) {
    if (word.HasLemma(modal)) return true;
  }
  return false;
}

ClauseMood ClauseGrammar::MoodOf(const WordInfo& word) const {
  const uint32_t moods = word.third_moods;
  const bool first = (moods & Morphology::kKonjunktiv1) != 0;
  const bool second = (moods & Morphology::kKonjunktiv2) != 0;
  if ((moods & Morphology::kIndicative) != 0) {
    return first || second ? ClauseMood::kAmbiguous : ClauseMood::kIndicative;
  }
  if (first) return ClauseMood::kKonjunktiv1;
  // "möchte" wishes; it reports nothing.
  if (second && word.HasLemma(moegen_)) return ClauseMood::kIndicative;
  if (second) return IsBecome(word) ? ClauseMood::kWuerde : ClauseMood::kKonjunktiv2;
  return ClauseMood::kNone;
}

void ClauseGrammar::LookUp(const AnnotatedDocument& document, std::vector<WordInfo>* words) const {
  words->assign(document.tokens.size(), WordInfo());
  std::array<char, 96> buffer;
  WordFactsCache& known = WordFactsCache::OfThread();
  bool opens = true;  // The next word may be capitalised only because it comes first.
  bool zu = false;
  for (size_t i = 0; i < document.tokens.size(); ++i) {
    const Token& token = document.tokens[i];
    WordInfo& word = (*words)[i];
    const std::string_view text = document.TextOf(token);
    if (token.kind != TokenKind::kWord) {
      opens = token.kind == TokenKind::kOpeningQuote || text == ":" || text == "." || text == "?" ||
              text == "!" || (opens && token.kind != TokenKind::kNumber);
      zu = false;
      continue;
    }
    const std::string_view lower = ToLower(text, &buffer);
    const bool starts = opens || (i > 0 && document.tokens[i - 1].sentence != token.sentence);
    opens = false;
    word.classes = ClassesOf(lower);
    const bool after_zu = zu;
    zu = word.Has(ClauseWord::kZu);
    if (token.capitalized && !starts) continue;
    const std::string_view form = token.capitalized ? lower : text;
    bool other = false;
    for (const Analysis& analysis : known.Find(form, false, lexicon_).analyses) {
      if (analysis.pos != Pos::kVerb && analysis.pos != Pos::kAuxiliary) {
        other = true;
        continue;
      }
      if (!word.HasLemma(analysis.lemma) && word.lemma_count < word.lemmas.size()) {
        word.lemmas[word.lemma_count++] = analysis.lemma;
      }
      const uint32_t bits = analysis.morphology.bits;
      word.bits |= bits;
      constexpr uint32_t kPersons = Morphology::kFirst | Morphology::kSecond | Morphology::kThird;
      if ((bits & Morphology::kFinite) != 0 &&
          ((bits & kPersons) == 0 || (bits & Morphology::kThird) != 0)) {
        word.third_moods |= bits & (Morphology::kMoods & ~Morphology::kImperative);
      }
    }
    const bool tagged = token.pos == Pos::kVerb || token.pos == Pos::kAuxiliary;
    word.verb = word.lemma_count > 0 && (tagged || token.pos == Pos::kUnknown ||
                                         (!other && !(starts && token.capitalized)));
    if (!word.verb && (token.pos == Pos::kAdjective || token.pos == Pos::kAdverb) &&
        !token.capitalized && (word.bits & Morphology::kParticiplePerfect) != 0) {
      // A participle in the right bracket ("haben vereinbart", "hat ausgerechnet") may be tagged as
      // an adjective or an adverb.
      const Token* next = i + 1 < document.tokens.size() ? &document.tokens[i + 1] : nullptr;
      word.nonfinite = word.verb = next == nullptr || next->kind != TokenKind::kWord ||
                                   next->pos == Pos::kAuxiliary || next->pos == Pos::kVerb ||
                                   next->pos == Pos::kCoordinator;
      continue;
    }
    if (!word.verb) continue;
    word.finite = (word.bits & Morphology::kFinite) != 0 &&
                  (word.third_moods != 0 || (word.bits & Morphology::kFirst) != 0);
    word.nonfinite = (word.bits & kNonfinite) != 0;
    if ((word.bits & Morphology::kZuInfinitive) != 0 ||
        (after_zu && (word.bits & Morphology::kInfinitive) != 0)) {
      word.zu_infinitive = true;
      word.finite = false;
    }
  }
  for (size_t q = 0; q < document.quotations.size(); ++q) {
    const Quotation& quotation = document.quotations[q];
    if (quotation.outer >= 0) continue;
    for (int32_t t = quotation.tokens.begin; t < quotation.tokens.end; ++t) {
      (*words)[static_cast<size_t>(t)].quotation = static_cast<int32_t>(q);
    }
  }
}

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
      if (!word.Has(ClauseWord::kCoordinator) || finite < 0 || t + 1 >= segment.tokens.end)
        continue;
      if (document.tokens[static_cast<size_t>(t)].pos == Pos::kAdverb) continue;
      bool joins = sure_behind > t;
      if (!joins && !IsAuxiliary(At(words, finite))) {
        const WordInfo& next = At(words, t + 1);
        joins = next.quotation < 0 && next.finite;
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
    } else if (opener.Has(ClauseWord::kWie) && (last > head + 1 || mark == 0)) {
      found = Opener::kWie;
    } else if (opener.Has(ClauseWord::kInterrogative) && last > head && at_end(last) &&
               (mark == 0 || after_mark || mark == ':')) {
      found = Opener::kInterrogative;
    } else if (opener.Has(ClauseWord::kSubordinator) &&
               // "..., damit solle Zeit gewonnen werden": an adverb, the verb stands second.
               !(opener.Has(ClauseWord::kCorrelate) && first == head + 1 && last > first) &&
               // "Seit Mai seien 300 Menschen verwundet worden": a preposition.
               !(token.pos == Pos::kAdposition && sure >= 0 && sure < last) &&
               (token.pos == Pos::kSubordinator || (last > head + 1 && at_end(last)))) {
      found = Opener::kSubordinator;
    } else if (after_mark) {
      int32_t relative = -1;
      if (opener.Has(ClauseWord::kRelative)) relative = head;
      if (token.pos == Pos::kAdposition && second != nullptr &&
          second->Has(ClauseWord::kRelative)) {
        relative = head + 1;
      }
      if (relative == head + 1 && opener.Has(ClauseWord::kNach) && last > relative &&
          at_end(last) && !second->Has(ClauseWord::kInterrogative)) {
        found = Opener::kWhereby;  // "Berichte, nach denen ...".
      } else if (relative >= 0 &&
                 document.tokens[static_cast<size_t>(relative)].pos == Pos::kPronoun) {
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
        first < 0) {
      found = Opener::kInfinitive;
    }
  }
  segment->opener = found;
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
}

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
      bool waits = before.kind == ClauseKind::kMain && before.finite >= 0 &&
                   IsAuxiliary(At(words, before.finite));
      for (int32_t t = waits ? before.finite + 1 : before.tokens.end; t < before.tokens.end; ++t) {
        waits = waits && !(At(words, t).verb && At(words, t).nonfinite);
      }
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
    if (const int32_t interrupted = Interrupted(document, words, *out, index, previous);
        !hard && interrupted >= 0) {
      // "Man habe, sagte Berg, alles versucht", "Der Ort hätte, sagte Berg, eine Schwäche".
      segment.finite = -1;
      join(index, interrupted);
      continue;
    }
    if (!sub && segment.finite < 0 && !segment.infinitive && previous >= 0 && !hard) {
      int32_t interrupted = previous;
      // "Der Einsatz sei, sagte Berg, beendet worden": a bracket that the frame broke up.
      const SentenceClause& inserted = clauses[static_cast<size_t>(previous)];
      if (inserted.verb_first && inserted.kind == ClauseKind::kMain && previous > 0) {
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
  for (int32_t t = participle - 1; t > segment.tokens.begin && t >= participle - kFarthest; --t) {
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
      if (t == bracket.last_token || next == nullptr || next->kind != TokenKind::kWord) {
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
