#include <algorithm>
#include <array>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "extract_service/claims/claim_finder.h"

namespace lagebild::extract {
namespace {

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

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
    // "bekannt geworden war": the verb beside the word stands in the right bracket.
    const int32_t behind = clause.main + 1;
    const bool became = behind < clause.tokens.end && behind != clause.finite &&
                        Word(behind).verb && Word(behind).nonfinite &&
                        grammar_.IsBecome(Word(behind));
    const int32_t heads[] = {clause.main, became ? behind : -1, clause.finite};
    for (const int32_t head : heads) {
      if (head < 0 || entry != nullptr) continue;
      // "hat sich die Bedenken angehört": "haben" is no verb of its own.
      if (head == clause.finite && head != clause.main && grammar_.IsHave(Word(head))) continue;
      const WordInfo& verb = Word(head);
      for (uint8_t i = 0; i < verb.lemma_count && entry == nullptr; ++i) {
        if (!reporting_.HasPhrases(verb.lemmas[i])) continue;
        for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
          const Segment& segment = SegmentAt(s);
          if (segment.clause != static_cast<int32_t>(c)) continue;
          for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
            if (Word(t).quotation >= 0 || TokenAt(t).kind != TokenKind::kWord) continue;
            std::array<char, 96> buffer;
            const std::string_view before =
                t > segment.tokens.begin ? ToLower(document_.TokenText(t - 1), &buffer) : "";
            const ReportingEntry* found = reporting_.Phrase(verb.lemmas[i], before, Lower(t));
            if (found == nullptr) continue;
            // "sprach ihn vom Vorwurf frei": of another verb.
            if (clause.particle >= 0 && TokenAt(t).pos == Pos::kAdposition) continue;
            // "ist nach Meinung von Berg teuer": not of the verb.
            if (t > segment.tokens.begin && Word(t - 1).Has(ClauseWord::kNach) &&
                (found->frames & Frame::kNach) == 0) {
              continue;
            }
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
        // "schaltet ... ein": of another verb of this form.
        bool taken = false;
        for (uint8_t j = 0; j < main.lemma_count; ++j) {
          taken =
              taken ||
              (j != i && lexicon_.FindLemma(absl::StrCat(ToAbsl(Lower(clause.particle)),
                                                         ToAbsl(lexicon_.Lemma(main.lemmas[j])))));
        }
        if (bare != nullptr && !taken &&
            (!lexicon_.FindLemma(
                absl::StrCat(ToAbsl(Lower(clause.particle)), ToAbsl(lexicon_.Lemma(lemma)))))) {
          entry = bare;
        }
      }
    }
    if (entry == nullptr || entry->strength == Strength::kBlocked) continue;
    // "Neustart nennt sich die Liste": its own name.
    if ((entry->frames & Frame::kNaming) != 0 && IsReflexive(clause)) continue;
    const bool opens =
        c == 0 && clause.kind == ClauseKind::kMain && !clause.verb_first && last_source_ >= 0;
    // "Er habe angekündigt, dass ...": what stands in the Konjunktiv is itself told by the speaker
    // before.
    if (opens && clause.mood == ClauseMood::kKonjunktiv1 && SinceNewestClaim() <= 2) continue;
    // "Die Leute hätten das Gefühl, dass ...": in the plural the same in the other Konjunktiv.
    if (opens && clause.mood == ClauseMood::kKonjunktiv2 && clause.finite >= 0 &&
        grammar_.IsHave(Word(clause.finite)) &&
        (Word(clause.finite).bits & Morphology::kSingular) == 0 && SinceNewestClaim() <= 1) {
      continue;
    }
    // "Er müsse mit einer Strafe rechnen": the same, as somebody else sees it.
    if (clause.kind == ClauseKind::kMain && clause.mood == ClauseMood::kKonjunktiv1 &&
        clause.finite >= 0 && clause.finite != clause.main && !clause.verb_first &&
        grammar_.IsModal(Word(clause.finite)) && last_source_ >= 0 &&
        sentence_ - drafts_[static_cast<size_t>(last_source_)].sentence <= kReach) {
      continue;
    }
    cue.entry = entry;
    cue.phrase_word = phrase_word;
    // "wird geraten": by its form an infinitive as well, but not of the verb that reports.
    if (!entry->phrase && clause.finite >= 0 && grammar_.IsBecome(Word(clause.finite)) &&
        (main.bits & Morphology::kParticiplePerfect) != 0 && Lower(clause.main) != entry->lemma) {
      parse_.clauses[c].passive = true;
    }
    if (phrase_word >= 0 && TokenAt(phrase_word).capitalized) {
      // "der Ansicht sein", "zu dem Ergebnis kommen": with article and preposition.
      cue.tokens.push_back(phrase_word);
      int32_t t = phrase_word - 1;
      if (t >= parse_.tokens.begin && Word(t).Has(ClauseWord::kArticle)) cue.tokens.push_back(t--);
      if (t >= parse_.tokens.begin && TokenAt(t).pos == Pos::kAdposition) cue.tokens.push_back(t);
    } else if (phrase_word >= 0 && (entry->frames & Frame::kUeber) == 0) {
      cue.tokens.push_back(phrase_word);
      // "für möglich halten".
      if (phrase_word > parse_.tokens.begin && TokenAt(phrase_word - 1).pos == Pos::kAdposition)
        cue.tokens.push_back(phrase_word - 1);
    }
    CompleteCue(static_cast<int32_t>(c), &cue);
    FindSubject(static_cast<int32_t>(c), &cue);
    if (IsFirstPerson(cue.speaker) || IsNobody(cue.speaker)) cue.entry = nullptr;
    // "Man müsse mit dem Schlimmsten rechnen": what somebody else says of all.
    // "wovon man ausgehen kann", "so nennt man das": what anybody may.
    if (cue.entry != nullptr && IsAnybody(cue.speaker) &&
        (clause.mood == ClauseMood::kKonjunktiv1 || (cue.entry->frames & Frame::kNaming) != 0 ||
         (clause.finite >= 0 && grammar_.IsKoennen(Word(clause.finite))))) {
      cue.entry = nullptr;
    }
    if (cue.entry != nullptr && IsForeseen(clause, cue)) cue.entry = nullptr;
    // "Sicher ist, dass es regnet": the writer is.
    if (cue.entry != nullptr && cue.entry->phrase && cue.entry->strength == Strength::kStrong &&
        cue.speaker.empty() && !clause.passive && cue.phrase_word >= 0 &&
        TokenAt(cue.phrase_word).pos == Pos::kAdjective && grammar_.IsBe(Word(clause.main))) {
      cue.entry = nullptr;
    }
    // "Wer behauptet, der Deich halte, irrt": whoever does. "Erwähnt sei, dass ...": the writer.
    if (cue.entry != nullptr && cue.speaker.empty() &&
        (clause.opener == Opener::kInterrogative ||
         (clause.main == clause.tokens.begin && clause.mood == ClauseMood::kKonjunktiv1))) {
      cue.entry = nullptr;
    }
    // "nannten sie ihn „den Trainer“": whoever did.
    if (cue.entry != nullptr && (cue.entry->frames & Frame::kNaming) != 0 &&
        cue.speaker.size() == 1 && TokenAt(cue.speaker.begin).pos == Pos::kPronoun &&
        actors_.ActorOf(cue.speaker) < 0) {
      cue.entry = nullptr;
    }
    // "Daran sieht man, dass ...": what anybody may. "Alles geht davon aus": nothing that speaks.
    if (cue.entry != nullptr &&
        ((cue.entry->strength == Strength::kWeak && IsAnybody(cue.speaker)) ||
         (cue.entry->strength == Strength::kStrong && cue.speaker.size() == 1 &&
          Word(cue.speaker.begin).Has(ClauseWord::kThing)))) {
      cue.entry = nullptr;
    }
  }
}

bool ClaimFinder::IsAnybody(const TokenRange& speaker) const {
  return speaker.size() == 1 && Word(speaker.begin).Has(ClauseWord::kAnybody);
}

bool ClaimFinder::IsReflexive(const SentenceClause& clause) const {
  if (clause.finite < 0) return false;
  for (const int32_t t : {clause.finite + 1, clause.finite + 2}) {
    if (t < clause.tokens.end && Word(t).Has(ClauseWord::kReflexive)) return true;
  }
  return false;
}

bool ClaimFinder::IsFirstPerson(const TokenRange& speaker) const {
  if (speaker.size() != 1) return false;
  const Token& token = TokenAt(speaker.begin);
  constexpr uint32_t kOthers = Morphology::kSecond | Morphology::kThird;
  return token.pos == Pos::kPronoun && token.morphology.Has(Morphology::kFirst) &&
         !token.morphology.Has(kOthers) && Word(speaker.begin).quotation < 0;
}

bool ClaimFinder::IsNobody(const TokenRange& speaker) const {
  if (speaker.empty()) return false;
  // "Niemand", "kein Politiker", "kaum ein Politiker".
  constexpr uint64_t kNone = ClauseWord::kNegation | ClauseWord::kHardly;
  return Word(speaker.begin).Has(kNone) ||
         (speaker.begin > parse_.tokens.begin && Word(speaker.begin - 1).Has(ClauseWord::kHardly));
}

bool ClaimFinder::IsForeseen(const SentenceClause& clause, const Cue& cue) const {
  if (clause.finite < 0) return false;
  const WordInfo& finite = Word(clause.finite);
  // "Offen ist, ob die Behörde einräumt, dass ...": nobody knows.
  if (clause.opener == Opener::kOb && clause.mood == ClauseMood::kIndicative) return true;
  // "Wenn der Präsident sagt, dass er antritt": nobody has said it yet.
  if (clause.kind == ClauseKind::kSubordinate && Word(clause.tokens.begin).Has(ClauseWord::kIf)) {
    return (finite.bits & Morphology::kPresent) != 0 && (finite.bits & Morphology::kPast) == 0;
  }
  // "Das Gericht wird sein Urteil verkünden".
  if (clause.kind == ClauseKind::kMain && grammar_.IsBecome(finite) && !clause.passive &&
      clause.mood == ClauseMood::kIndicative && (finite.bits & Morphology::kPast) == 0 &&
      clause.main != clause.finite &&
      (Word(clause.main).bits & Morphology::kParticiplePerfect) == 0) {
    return true;
  }
  // "habe das Amt zu entscheiden": a duty. "könne das Land dagegenhalten": a thought.
  if (clause.main >= 0 && clause.main != clause.finite && !cue.entry->phrase) {
    const bool duty =
        Word(clause.main).zu_infinitive && (grammar_.IsHave(finite) || grammar_.IsBe(finite));
    const bool thought = grammar_.IsKoennen(finite) && clause.reports() && !cue.negated &&
                         cue.entry->act == ClaimAct::kAssert;
    if (duty || thought) return true;
  }
  // "Sagen Sie uns, ...": asked for.
  return clause.verb_first && clause.finite == parse_.tokens.begin &&
         cue.speaker.begin == clause.finite + 1 && cue.speaker.size() == 1 &&
         Word(cue.speaker.begin).Has(ClauseWord::kSame) && TokenAt(cue.speaker.begin).capitalized;
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
  const bool needs_es = (cue->entry->frames & Frame::kExpletive) != 0;
  bool es = false;
  for (int32_t s = clause.first_segment; s <= clause.last_segment; ++s) {
    const Segment& segment = SegmentAt(s);
    if (segment.clause != c) continue;
    for (int32_t t = segment.tokens.begin; t < segment.tokens.end; ++t) {
      const WordInfo& word = Word(t);
      if (word.quotation >= 0 || TokenAt(t).kind != TokenKind::kWord) continue;
      // "mit den nicht ausreichenden Mitteln": of the adjective.
      // "nicht ohne Stolz" is with it.
      const bool litotes = t + 1 < segment.tokens.end && Word(t + 1).Has(ClauseWord::kWithout);
      // "bezeichnete es als nicht hinnehmbar": of what it is called.
      const bool predicate = word.Has(ClauseWord::kNegatesVerb) && t > segment.tokens.begin &&
                             FrameOf(Lower(t - 1)) == Frame::kAls;
      if (word.Has(ClauseWord::kNegatesVerb) && phrases_.Outermost(t) < 0 && !litotes &&
          !predicate) {
        cue->negated = true;
      }
      if (word.Has(ClauseWord::kReflexive)) {
        // "ist sich sicher": not of the verb.
        if (!cue->entry->phrase || !grammar_.IsBe(Word(clause.main))) cue->tokens.push_back(t);
      } else if (word.Has(ClauseWord::kCorrelate)) {
        if (word.Has(ClauseWord::kExpletive)) {
          es = es || std::abs(t - clause.finite) <= 2;
          // "Es wird vermutet, dass", "hält es für möglich": it stands for the clause.
          const bool stands = clause.passive || cue->entry->phrase;
          if (needs_es || (stands && std::abs(t - clause.finite) <= 2)) cue->tokens.push_back(t);
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
  cue->impersonal = (cue->entry->frames & Frame::kImpersonal) != 0;
  if (needs_es && !es) cue->entry = nullptr;
  std::sort(cue->tokens.begin(), cue->tokens.end());
  cue->tokens.erase(std::unique(cue->tokens.begin(), cue->tokens.end()), cue->tokens.end());
}

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
