#include <algorithm>
#include <string>
#include <string_view>

#include "extract_service/phrases/noun_phrase_parser.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {

int32_t NounPhraseParser::Parse(int32_t p, int depth, int32_t preposition, bool attributes) {
  if (p >= limit_ || depth > kMaxDepth + 3) return -1;
  const size_t rollback = phrases().size();
  const int32_t self = static_cast<int32_t>(rollback);
  phrases().emplace_back();
  NounPhrase phrase;
  phrase.preposition = preposition;
  phrase.sentence = sentence_;
  Agreement agreement = kAnyAgreement;
  int32_t begin = p;
  int32_t q = p;
  bool contraction = false;
  for (int n = 0; n < 3; ++n) {
    const Determiner* determiner = DeterminerAt(q);
    if (determiner == nullptr) break;
    // "einer der Agentur vorliegenden Liste": the second article opens an attribute in the dative.
    if (n > 0 && determiner->kind == DeterminerKind::kDefinite && depth < kMaxDepth &&
        (determiner->agreement & kDatives) != 0 && ExtendedAttribute(&q, depth, self)) {
      break;
    }
    if (determiner->kind == DeterminerKind::kContraction) {
      if (preposition != q) break;
      contraction = true;
      begin = q + 1;
    } else {
      if (PosOf(q) == Pos::kPronoun && !DeterminerByContext(q) &&
          !BeforeExtendedAttribute(q + 1, depth, self)) {
        break;
      }
      if (phrase.determiner < 0) phrase.determiner = q;
    }
    phrase.possessive = determiner->kind == DeterminerKind::kPossessive;
    // "die beiden Piloten": behind an article the second one is declined as an adjective.
    if (n == 0 || (agreement & determiner->agreement) != 0) agreement &= determiner->agreement;
    if (determiner->kind != DeterminerKind::kIndefinite &&
        determiner->kind != DeterminerKind::kQuantifier) {
      phrase.definite = true;
    }
    ++q;
    if (contraction) break;
  }
  if (agreement == 0) agreement = kAnyAgreement;
  const bool has_determiner = q > p;
  phrase.tokens.begin = begin;
  // "Russlands Präsident": a name in the genitive opens the phrase.
  if (!has_determiner && SaxonGenitive(&q, self)) phrase.definite = true;
  if (!Premodifiers(&q, has_determiner || phrases().size() > rollback + 1, depth, self)) {
    phrases().resize(rollback);
    return -1;
  }
  if (!ReadHead(&q, &phrase, &agreement)) {
    phrases().resize(rollback);
    return -1;
  }
  if (in_time_[Index(phrase.head)] && entity_[Index(phrase.head)] < 0) {
    phrases().resize(rollback);
    return -1;
  }
  // "47 Prozent der Befragten sind", "ein Prozent ist": the verb follows either.
  if (IsMeasure(phrase.head) && phrase.head > begin && IsAdjective(phrase.head - 1)) {
    agreement |=
        static_cast<Agreement>(((agreement | agreement >> 4 | agreement >> 8) & 0xf) << 12);
  }
  // "Navarro-Valls" is no genitive.
  if (LabelAt(phrase.head) == EntityLabel::kPerson && (agreement & ~kGenitives) == 0) {
    agreement = kAnyAgreement & ~kPlurals;
  }
  // "die Angeklagte" is one: many are "die Angeklagten".
  if (phrase.definite && phrase.determiner >= 0 && IsNominalisedStrong(phrase.head)) {
    Narrow(&agreement, kAnyAgreement & ~kPlurals);
  }
  // "der 38-Jährige" is a man: of a woman it is "der 38-Jährigen".
  if (phrase.definite && phrase.determiner >= 0 && Text(phrase.head).ends_with('e') &&
      IsNominalisedAdjective(phrase.head)) {
    Narrow(&agreement, kWeakInE);
  }
  phrase.core = {begin, q};
  phrase.tokens.end = q;
  if (phrase.kind == PhraseKind::kName && phrase.determiner < 0) phrase.definite = true;
  phrase.morphology = MorphologyOf(agreement, NounMorphology(phrase.head));
  phrases()[rollback] = phrase;
  if (attributes) {
    ReadAttributes(self, depth);
  }
  return self;
}

bool NounPhraseParser::IsNominalisedStrong(int32_t i) const {
  if (PosOf(i) != Pos::kNoun) return false;
  const auto entry = lexicon_.Find(Text(i));
  const std::string masculine = std::string(Text(i)) + "r";
  return entry &&
         std::any_of(entry->analyses.begin(), entry->analyses.end(), [&](const Analysis& analysis) {
           return analysis.pos == Pos::kNoun && lexicon_.Lemma(analysis.lemma) == masculine;
         });
}

bool NounPhraseParser::IsNominalisedAdjective(int32_t i) const {
  const bool capitalized = Tok(i).capitalized || Tok(i).kind == TokenKind::kNumber;
  if (capitalized && (IsAdjective(i) || IsNominalisedStrong(i))) return true;
  const size_t hyphen = Text(i).rfind('-');
  if (hyphen == std::string_view::npos) return false;
  return IsWrittenAsAdjective(Text(i).substr(hyphen + 1));
}

bool NounPhraseParser::IsAdjectiveBeforeAdjective(int32_t i) const {
  if (!Tok(i).capitalized || i + 1 >= limit_ || !IsAdjective(i + 1) || Tok(i + 1).capitalized ||
      Tok(i + 1).kind != TokenKind::kWord || !LooksLikeNounBehind(i + 1)) {
    return false;
  }
  return IsWrittenAsAdjective(Text(i));
}

bool NounPhraseParser::DeterminerByContext(int32_t q) const {
  const bool noun = q + 1 < limit_ &&
                    (IsNounLike(q + 1) || (IsAdjective(q + 1) && IsNounLike(q + 2))) &&
                    !(q > sentence_begin_ && Text(q - 1) == ",");
  return noun || BeforeDativeAttribute(q + 1);
}

bool NounPhraseParser::BeforeExtendedAttribute(int32_t q, int depth, int32_t self) {
  if (q >= limit_ || PosOf(q) != Pos::kAdposition || entity_[Index(q)] >= 0 || depth >= kMaxDepth) {
    return false;
  }
  const size_t rollback = phrases().size();
  const bool leads = ExtendedAttribute(&q, depth, self);
  phrases().resize(rollback);
  return leads;
}

bool NounPhraseParser::BeforeDativeAttribute(int32_t q) const {
  // "der Agentur vorliegenden Liste", "der „Zeit“ vorliegenden Liste".
  const Determiner* determiner = DeterminerAt(q);
  if (determiner == nullptr || determiner->kind != DeterminerKind::kDefinite ||
      (determiner->agreement & kDatives) == 0) {
    return false;
  }
  int32_t t = q + 1;
  while (t < limit_ && t - q < kMaxNameTokens &&
         (IsNounLike(t) || Tok(t).kind == TokenKind::kOpeningQuote ||
          Tok(t).kind == TokenKind::kClosingQuote)) {
    ++t;
  }
  return t > q + 1 && IsAdjective(t) && !Tok(t).capitalized && Tok(t).kind == TokenKind::kWord &&
         LooksLikeNounBehind(t);
}

bool NounPhraseParser::SaxonGenitive(int32_t* q, int32_t self) {
  if (!IsNounLike(*q) || !Tok(*q).capitalized) return false;
  const bool before_noun = IsGenitiveBeforeNoun(*q);
  if (!IsNameToken(*q) && !Tok(*q).classes.Has(kNameClasses) && !IsGenitiveName(*q) &&
      !before_noun) {
    return false;
  }
  int32_t end = NameEnd(*q);
  if (end <= *q) end = *q + 1;
  if (!IsGenitiveName(end - 1) && !MayBeGenitiveName(end - 1) && !before_noun) return false;
  int32_t next = end;
  while (next < limit_ && next - end < 4 && IsAdjective(next)) ++next;
  if (!IsNounLike(next)) return false;
  // "Englands Premier David Cameron": an office goes on to a name.
  const bool office = Tok(next).known && chunker_.NounClasses(doc_, next).Has(kPersonClasses) &&
                      !Tok(next).classes.Has(kNameClasses);
  if (!office && (IsNameToken(next) || PosOf(next) == Pos::kProperNoun)) return false;
  NounPhrase child;
  child.tokens = child.core = child.name = {*q, end};
  child.head = end - 1;
  child.sentence = sentence_;
  child.kind = PhraseKind::kName;
  child.relation = PhraseRelation::kGenitive;
  child.parent = self;
  child.definite = true;
  child.classes = chunker_.NounClasses(doc_, end - 1);
  child.morphology =
      Morphology{(Tok(end - 1).morphology.bits & ~Morphology::kCases) | Morphology::kGenitive};
  phrases().push_back(child);
  *q = end;
  return true;
}

bool NounPhraseParser::Premodifiers(int32_t* p, bool has_determiner, int depth, int32_t self) {
  const int32_t begin = *p;
  int32_t q = begin;
  while (q < limit_ && q - begin < kMaxPremodifiers) {
    if (QuotedNameEnd(q) >= 0) break;
    if (IsAdjective(q)) {
      const Token& t = Tok(q);
      // A nominalised adjective ("die Verletzten") is the head when no noun follows.
      if (t.capitalized && q > begin && !IsNounLike(q + 1) && !IsAdjective(q + 1)) break;
      // "der Wiener", but "der Wiener „Bote“".
      if (t.capitalized && has_determiner && q == begin && !IsNounLike(q + 1) &&
          !IsAdjective(q + 1) && QuotedNameEnd(q + 1) < 0) {
        break;
      }
      ++q;
      if (t.kind == TokenKind::kNumber && Is(q, ".") && IsAdjective(q + 1)) ++q;
      // "der 330 Seiten starke Bericht": a measure belongs to the adjective behind it.
      if (has_determiner && (t.kind == TokenKind::kNumber || t.pos == Pos::kNumeral) &&
          q + 2 < limit_ && PosOf(q) == Pos::kNoun && IsAdjective(q + 1) &&
          !Tok(q + 1).capitalized && Tok(q + 1).kind == TokenKind::kWord &&
          LooksLikeNounBehind(q + 1)) {
        ++q;
      }
      // "neue, bessere Waffen", "ukrainische und russische Beamte".
      if (q + 1 < limit_ && (Is(q, ",") || PosOf(q) == Pos::kCoordinator)) {
        const int32_t after = PosOf(q + 1) == Pos::kAdverb && q + 2 < limit_ ? q + 2 : q + 1;
        if (IsAdjective(after) && !Tok(after).capitalized && LooksLikeNounBehind(after)) ++q;
        // "ukrainische und US-Beamte" keeps its parts apart: the noun ends it.
      }
      continue;
    }
    // "die Grüne australische Senatorin".
    if (has_determiner && q == begin && IsAdjectiveBeforeAdjective(q)) {
      ++q;
      continue;
    }
    if (IsNounLike(q)) break;
    if (PosOf(q) == Pos::kAdverb || PosOf(q) == Pos::kParticle) {
      // Only before an adjective, numeral or another adverb that leads to one.
      int32_t next = q + 1;
      while (next < limit_ && next - q < 4 &&
             (PosOf(next) == Pos::kAdverb || PosOf(next) == Pos::kParticle)) {
        ++next;
      }
      if (!IsAdjective(next) || Tok(next).capitalized) break;
      // "nun 140 Ärzte": the adverb belongs to the clause.
      if (!has_determiner && !IsApproximator(q)) break;
      if (!has_determiner && Tok(next).kind != TokenKind::kNumber && PosOf(next) != Pos::kNumeral) {
        break;
      }
      q = next;
      continue;
    }
    if (has_determiner && PosOf(q) == Pos::kAdposition && depth < kMaxDepth &&
        entity_[Index(q)] < 0) {
      // Extended attribute: "das von der Zeitung veröffentlichte Bild".
      if (!ExtendedAttribute(&q, depth, self)) return false;
      continue;
    }
    break;
  }
  *p = q;
  return IsNounLike(q) || QuotedNameEnd(q) >= 0 ||
         (q < limit_ && Tok(q).capitalized && IsAdjective(q));
}

bool NounPhraseParser::LooksLikeNounBehind(int32_t q) const {
  for (int32_t i = q; i < limit_ && i - q < 6; ++i) {
    if (IsNounLike(i) || QuotedNameEnd(i) >= 0) return true;
    if (!IsAdjective(i) && PosOf(i) != Pos::kAdverb && PosOf(i) != Pos::kCoordinator) return false;
  }
  return false;
}

bool NounPhraseParser::ExtendedAttribute(int32_t* q, int depth, int32_t self) {
  const size_t rollback = phrases().size();
  const int32_t preposition = *q;
  const Determiner* determiner = DeterminerAt(preposition);
  const bool contraction =
      determiner != nullptr && determiner->kind == DeterminerKind::kContraction;
  const int32_t child = contraction || determiner == nullptr
                            ? Parse(contraction ? preposition : preposition + 1, depth + 3,
                                    preposition, /*attributes=*/false)
                            : Parse(preposition, depth + 3, -1, /*attributes=*/false);
  if (child >= 0) {
    int32_t after = phrases()[Index(child)].tokens.end;
    while (after < limit_ && PosOf(after) == Pos::kAdverb) ++after;
    bool leads = IsAdjective(after) && !Tok(after).capitalized &&
                 Tok(after).kind != TokenKind::kNumber && LooksLikeNounBehind(after);
    // "der von der Stadt in Auftrag gegebene Bericht".
    if (!leads && after + 1 < limit_ && PosOf(after) == Pos::kAdposition &&
        entity_[Index(after)] < 0 && depth < kMaxDepth) {
      leads = ExtendedAttribute(&after, depth + 1, self);
    }
    if (leads) {
      phrases()[Index(child)].parent = self;
      phrases()[Index(child)].relation = PhraseRelation::kModifier;
      *q = after;
      return true;
    }
  }
  phrases().resize(rollback);
  // "der am Mittwoch (in Genf) vorgestellte Bericht": a time is no phrase.
  int32_t after = preposition + 1;
  while (after < limit_ && in_time_[Index(after)]) ++after;
  if (after == preposition + 1 || after >= limit_) return false;
  if (PosOf(after) == Pos::kAdposition) {
    if (!ExtendedAttribute(&after, depth + 1, self)) return false;
  } else if (!IsAdjective(after) || Tok(after).capitalized || !LooksLikeNounBehind(after)) {
    return false;
  }
  *q = after;
  return true;
}

bool NounPhraseParser::IsUnknownCompound(int32_t i) const {
  constexpr size_t kShortestHead = 5;
  if (Tok(i).known) return false;
  const auto head = lexicon_.FindHead(Text(i));
  return head && head->begin > 0 && Text(i).size() - head->begin >= kShortestHead &&
         std::any_of(head->entry.analyses.begin(), head->entry.analyses.end(),
                     [](const Analysis& analysis) { return analysis.pos == Pos::kNoun; });
}

bool NounPhraseParser::ReadHead(int32_t* q, NounPhrase* phrase, Agreement* agreement) {
  int32_t p = *q;
  const int32_t quoted = QuotedNameEnd(p);
  if (quoted >= 0) {
    phrase->head = quoted - 1;
    phrase->classes = chunker_.NounClasses(doc_, phrase->head);
    // „Arbeitskreis Deich“: the first word tells what it is.
    phrase->classes.bits |=
        chunker_.NounClasses(doc_, p + 1).bits &
        (uint32_t{WordClass::kOrganizationNoun} | uint32_t{WordClass::kMediaNoun});
    const bool one_noun = quoted - p == 2 && entity_[Index(p + 1)] < 0 &&
                          PosOf(p + 1) == Pos::kNoun && Tok(p + 1).known;
    phrase->kind = one_noun ? PhraseKind::kNominal : PhraseKind::kName;
    if (!one_noun) phrase->name = {p + 1, quoted};
    *q = quoted + 1;
    return true;
  }
  // Parts that share a later head: "Innen- und Verteidigungsminister".
  for (int n = 0; n < 4 && p < limit_ && IsTruncated(Text(p)); ++n) {
    int32_t next = p + 1;
    if (!Is(next, ",") && !(next < limit_ && PosOf(next) == Pos::kCoordinator)) break;
    ++next;
    if (!IsNounLike(next) && !(next < limit_ && IsTruncated(Text(next)))) break;
    p = next;
  }
  if (!IsNounLike(p)) {
    // A nominalised adjective.
    if (p < limit_ && Tok(p).capitalized && IsAdjective(p)) {
      phrase->head = p;
      phrase->classes = chunker_.NounClasses(doc_, p);
      *q = p + 1;
      return true;
    }
    return false;
  }
  // Common nouns before a name: "Regierungssprecherin Anna Berg", "General a. D. Ulf Tann".
  int32_t head = -1;
  WordClass classes;
  while (p < limit_ && IsNounLike(p) && p - *q < kMaxNameTokens) {
    const bool name = IsNameToken(p);
    if (name && !CommonOffice(p)) break;
    if (head < 0 && IsCapitalAdjective(p)) {
      ++p;
      continue;
    }
    const WordClass own = chunker_.NounClasses(doc_, p);
    if (head >= 0) {
      // Two nouns in a row: a measure ("ein Dutzend Soldaten"), a title before an office, or the
      // border of two phrases.
      const bool measure = classes.Has(WordClass::kUnit) || IsMeasure(head);
      const bool titles = classes.Has(kPersonClasses) && own.Has(kPersonClasses);
      if (!measure && !titles) {
        if (classes.Has(kPersonClasses) && !Tok(p).known) break;  // A name unknown to all lists.
        Finish(phrase, agreement, head, classes, p, q);
        return true;
      }
    }
    head = p;
    classes = own;
    ++p;
    while (p < limit_ && Tok(p).classes.Has(WordClass::kTitle) && !IsNameToken(p)) ++p;
  }
  if (head < 0) {
    // A bare name.
    const int32_t end = std::max(NameEnd(p), p + 1);
    phrase->kind = PhraseKind::kName;
    phrase->name = {p, end};
    phrase->head = end - 1;
    phrase->classes = chunker_.NounClasses(doc_, end - 1);
    // "der Bundesverband Deutscher Banken": what the first word is, the whole is.
    const bool body = end > p + 1 && chunker_.NounClasses(doc_, p).Has(
                                         WordClass::kOrganizationNoun | WordClass::kMediaNoun);
    Narrow(agreement, NounAgreement(body ? p : end - 1));
    // "UN-Generalsekretär" written apart: the name of a place or body, then an office.
    *q = end;
    // "der Wiener": a person from there.
    if (end == p + 1 && entity_[Index(p)] < 0 && phrase->determiner >= 0 &&
        Tok(p).classes.Has(WordClass::kPlaceAdjective)) {
      phrase->kind = PhraseKind::kNominal;
      phrase->name = {};
      return true;
    }
    const WordClass first = chunker_.NounClasses(doc_, p);
    if (end == p + 1 && entity_[Index(p)] < 0 && end < limit_ && IsUnknownCompound(p)) {
      // "des Digitalverbands Bitkom": what it is, then its name.
      if (LabelAt(end) == EntityLabel::kOrganization &&
          first.Has(WordClass::kOrganizationNoun | WordClass::kMediaNoun)) {
        phrase->name = {end, NameEnd(end)};
        phrase->head = p;
        phrase->classes = first;
        *q = phrase->name.end;
        return true;
      }
      // "Bezirkskarriere Tann": a heading that ran into the text.
      if (LabelAt(end) == EntityLabel::kPerson && !first.Has(kPersonClasses)) {
        phrase->kind = PhraseKind::kNominal;
        phrase->name = {};
        phrase->classes = first;
        return true;
      }
    }
    // "Kantor Ruprecht Ehlen": an office that is a surname too, before a name that was found.
    if (end == p + 1 && entity_[Index(p)] < 0 && end < limit_ &&
        LabelAt(end) == EntityLabel::kPerson && !Tok(p).classes.Has(kPlaceClasses)) {
      if (NameEnd(end) - end == 1 && !Tok(p).known &&
          !chunker_.NounClasses(doc_, p).Has(kPersonClasses)) {
        // "Dolkun Berg": a first name that no list has.
        phrase->name = {p, NameEnd(end)};
        phrase->head = phrase->name.end - 1;
        phrase->classes = chunker_.NounClasses(doc_, phrase->head);
        *q = phrase->name.end;
        return true;
      }
      phrase->name = {end, NameEnd(end)};
      phrase->head = p;
      phrase->classes = chunker_.NounClasses(doc_, p);
      phrase->classes.bits |= WordClass::kPersonNoun;
      *q = phrase->name.end;
      return true;
    }
    if (LabelAt(p) != EntityLabel::kPerson && IsNounLike(end) && !IsNameToken(end) &&
        chunker_.NounClasses(doc_, end).Has(WordClass::kOffice) &&
        !Tok(p).classes.Has(kPlaceClasses)) {
      phrase->name = {};
      return ReadHead(q, phrase, agreement);
    }
    return true;
  }
  const int32_t quoted_name = QuotedNameEnd(p);
  if (quoted_name >= 0 && (classes.Has(kActorClasses) || entity_[Index(p + 1)] >= 0)) {
    phrase->kind = PhraseKind::kName;
    phrase->name = {p + 1, quoted_name};
    Finish(phrase, agreement, head, classes, quoted_name + 1, q);
    return true;
  }
  // "Landrat Hagen Wittkopf": a first name that is something else, too, before an unknown word.
  const bool first_name = p + 1 < limit_ && Tok(p).classes.Has(WordClass::kFirstName) &&
                          IsNounLike(p + 1) && !Tok(p + 1).known && Tok(p + 1).capitalized;
  const bool unknown_name = p < limit_ && IsNounLike(p) && (first_name || !Tok(p).known) &&
                            Tok(p).capitalized && classes.Has(kPersonClasses);
  if (p < limit_ && (IsNameToken(p) || unknown_name) && !IsSaxonBefore(p)) {
    // "Zeitung Dawn": Dawn is a first name elsewhere.
    const bool body = classes.Has(WordClass::kMediaNoun | WordClass::kOrganizationNoun) &&
                      !classes.Has(kPersonClasses);
    // "der Sender Petra": no paper is called by somebody's name otherwise.
    const bool masthead = body && classes.Has(WordClass::kMediaNoun) && NameEnd(p) - p == 1 &&
                          phrase->determiner >= 0;
    const bool person = (LabelAt(p) == EntityLabel::kPerson && !masthead) ||
                        (entity_[Index(p)] < 0 && Tok(p).classes.Has(WordClass::kFirstName) &&
                         !(body && NameEnd(p) - p == 1)) ||
                        (first_name && classes.Has(kPersonClasses));
    // A person's name stands behind a person's noun only; any other name behind any noun
    // ("Insel Sandau"), but a genitive is an attribute and a place behind an office too.
    const bool place = Tok(p).classes.Has(kPlaceClasses) || LabelAt(p) == EntityLabel::kLocation;
    const bool genitive =
        IsGenitiveName(std::max(NameEnd(p), p + 1) - 1) && !classes.Has(WordClass::kTitle);
    // "so Abc-Finanzvorstand Ulf Tann": a word that no list has, bare before a full name.
    const bool unlisted = person &&
                          !classes.Has(WordClass::kOrganizationNoun | WordClass::kMediaNoun) &&
                          !Tok(head).known && phrase->determiner < 0 && head == *q &&
                          NameEnd(p) - p > 1 && Tok(p).classes.Has(WordClass::kFirstName);
    if (unlisted) classes.bits |= WordClass::kPersonNoun;
    // "warfen die Abgeordneten Berg vor", but "die Abgeordneten Berg und Tann".
    const Agreement both = *agreement & NounAgreement(head);
    const int32_t behind = std::max(NameEnd(p), p + 1);
    const bool many = person && phrase->determiner >= 0 && both != 0 && (both & ~kPlurals) == 0 &&
                      !(behind < limit_ && (PosOf(behind) == Pos::kCoordinator || Is(behind, ",")));
    const bool fits = person ? classes.Has(kPersonClasses)
                             : !(place && classes.Has(kPersonClasses)) &&
                                   (Tok(head).known || classes.Has(kActorClasses));
    // "Landeschef Glos": behind a bare office a name in "-s" is no genitive.
    const bool whole = person && (NameEnd(p) - p > 1 || phrase->determiner < 0);
    if (fits && !many && (!genitive || whole)) {
      int32_t end = std::max(NameEnd(p), p + 1);
      if (first_name) end = std::max(end, p + 2);
      if (unknown_name && entity_[Index(p)] < 0) {
        while (end < limit_ && end - p < kMaxNameTokens && entity_[Index(end)] < 0 &&
               IsNounLike(end) && !Tok(end).known && Tok(end).capitalized) {
          ++end;
        }
      }
      phrase->kind = PhraseKind::kName;
      phrase->name = {p, end};
      p = end;
    }
  }
  Finish(phrase, agreement, head, classes, p, q);
  return true;
}

void NounPhraseParser::Finish(NounPhrase* phrase, Agreement* agreement, int32_t head,
                              WordClass classes, int32_t end, int32_t* q) const {
  phrase->head = head;
  phrase->classes = classes;
  Narrow(agreement, NounAgreement(head));
  *q = end;
}

}  // namespace lagebild::extract
