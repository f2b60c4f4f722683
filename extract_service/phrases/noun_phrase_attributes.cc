#include <algorithm>
#include <string>
#include <string_view>

#include "extract_service/phrases/noun_phrase_parser.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {

void NounPhraseParser::ReadAttributes(int32_t self, int depth) {
  // What is inside leaves the name to the outermost office.
  if (named_behind_ < 0 && NamesPersonBehind(self)) {
    const NounPhrase kept = phrases()[Index(self)];
    const size_t count = phrases().size();
    named_behind_ = self;
    ReadEachAttribute(self, depth);
    // "die Leiterin von Wien Strom, Anna Berg": words that no attribute took in.
    int32_t comma = End(self);
    while (comma < limit_ && Tok(comma).kind != TokenKind::kPunctuation && !IsVerb(comma)) ++comma;
    if (comma > End(self) && Is(comma, ",") && NamesPersonBehind(self)) {
      phrases()[Index(self)].tokens.end = comma;
      CommaApposition(self, depth);
    }
    named_behind_ = -1;
    const bool named =
        std::any_of(phrases().begin() + static_cast<std::ptrdiff_t>(count), phrases().end(),
                    [self](const NounPhrase& child) {
                      return child.parent == self && child.relation == PhraseRelation::kApposition;
                    });
    if (named) return;
    phrases().resize(count);
    phrases()[Index(self)] = kept;
  }
  ReadEachAttribute(self, depth);
}

void NounPhraseParser::ReadEachAttribute(int32_t self, int depth) {
  bool grown = true;
  while (grown && phrases()[Index(self)].tokens.size() < kMaxPhraseTokens) {
    grown = Bracket(self) ||
            (depth < kMaxDepth && (Genitive(self, depth) || Prepositional(self, depth))) ||
            NameBehindAttribute(self) || RoleBetweenCommas(self, depth) ||
            ((depth == 0 || named_behind_ == self) && CommaApposition(self, depth));
  }
}

bool NounPhraseParser::NameBehindAttribute(int32_t self) {
  const NounPhrase parent = phrases()[Index(self)];
  const int32_t q = parent.tokens.end;
  if (parent.kind != PhraseKind::kNominal || q == parent.core.end || q >= limit_) return false;
  if (!parent.classes.Has(kPersonClasses) || LabelAt(q) != EntityLabel::kPerson) return false;
  const int32_t end = NameEnd(q);
  // One word may be the object ("... stellte der Chef der Polizei Berg vor").
  if (end - q < 2 || IsGenitiveName(end - 1) || IsSaxonBefore(q)) return false;
  const int32_t child = Parse(q, kMaxDepth, -1, /*attributes=*/false);
  if (child < 0) return false;
  Attach(child, self, PhraseRelation::kApposition);
  return true;
}

void NounPhraseParser::Attach(int32_t child, int32_t self, PhraseRelation relation) {
  NounPhrase& c = phrases()[Index(child)];
  c.parent = self;
  c.relation = relation;
  phrases()[Index(self)].tokens.end = c.tokens.end;
}

bool NounPhraseParser::Bracket(int32_t self) {
  const int32_t open = End(self);
  if (!Is(open, "(")) return false;
  bool word = false;
  for (int32_t i = open + 1; i < limit_ && i - open <= kMaxBracketTokens; ++i) {
    if (Is(i, ")")) {
      if (!word) return false;
      phrases()[Index(self)].tokens.end = i + 1;
      return true;
    }
    if (IsVerb(i) && entity_[Index(i)] < 0) return false;
    word =
        word || Tok(i).capitalized || Tok(i).kind == TokenKind::kNumber || entity_[Index(i)] >= 0;
  }
  return false;
}

bool NounPhraseParser::Genitive(int32_t self, int depth) {
  const int32_t q = End(self);
  if (q >= limit_) return false;
  const Determiner* determiner = DeterminerAt(q);
  bool candidate = false;
  if (determiner != nullptr) {
    candidate = determiner->kind != DeterminerKind::kContraction &&
                (determiner->agreement & kGenitives) != 0 && !Tok(q).capitalized &&
                (PosOf(q) != Pos::kPronoun ||
                 (determiner->kind == DeterminerKind::kQuantifier && DeterminerByContext(q)));
  } else if (IsAdjective(q) && !Tok(q).capitalized) {
    candidate = Text(q).ends_with("er") && IsNounOrAdjective(q + 1);
  } else if (Tok(q).capitalized && IsAdjective(q) && Text(q).ends_with("er") &&
             Tok(q).classes.Has(WordClass::kPlaceAdjective)) {
    candidate = IsNounLike(q + 1);
  } else if (IsNounLike(q) && (IsNameToken(q) || Tok(q).classes.Has(kNameClasses) ||
                               (!Tok(q).known && IsGenitiveName(q)))) {
    const NounPhrase& parent = phrases()[Index(self)];
    const int32_t end = std::max(NameEnd(q), q + 1);
    candidate = parent.kind == PhraseKind::kNominal && IsGenitiveName(end - 1) && !IsSaxonBefore(q);
  }
  if (!candidate) return false;
  const size_t rollback = phrases().size();
  const int32_t child = Parse(q, depth + 1, -1);
  if (child >= 0) {
    NounPhrase& c = phrases()[Index(child)];
    const bool bare_name = determiner == nullptr && !IsAdjective(q);
    const bool adjective_only = determiner == nullptr && IsAdjective(q);
    Agreement genitive = AgreementOf(c.morphology) & kGenitives;
    bool fits = bare_name || genitive != 0;
    // "der", "einer": feminine or plural, or it is another case.
    if (determiner != nullptr && fits) {
      genitive &= determiner->agreement;
      fits = genitive != 0;
      // "laut Berg der neue Sprecher": an adjective in "-e" is a nominative's.
      for (int32_t t = q + 1; t < c.head && fits; ++t) {
        fits = PosOf(t) != Pos::kAdjective || Tok(t).capitalized || !Text(t).ends_with("e");
      }
    }
    // Without article the genitive shows in a plural or feminine "-er".
    if (adjective_only) {
      fits = fits && (c.morphology.Has(Morphology::kPlural) ||
                      c.morphology.Has(Morphology::kFeminine) || !Tok(c.head).known);
    }
    if (fits) {
      // "der Ermittler" is one of them in the nominative and all of them in the genitive.
      if (genitive != 0) c.morphology = MorphologyOf(genitive, c.morphology);
      c.morphology.bits = (c.morphology.bits & ~Morphology::kCases) | Morphology::kGenitive;
      Attach(child, self, PhraseRelation::kGenitive);
      // "47 Prozent der Befragten", "einer der Männer": who they are, the whole says.
      NounPhrase& whole = phrases()[Index(self)];
      if (IsPartitive(whole)) {
        whole.classes.bits |= phrases()[Index(child)].classes.bits & kActorClasses;
      }
      CoordinatedAttribute(self, child, depth);
      return true;
    }
  }
  phrases().resize(rollback);
  return false;
}

bool NounPhraseParser::IsPartitive(const NounPhrase& phrase) const {
  return phrase.head == phrase.tokens.begin ? PosOf(phrase.head) != Pos::kNoun
                                            : IsMeasure(phrase.head);
}

void NounPhraseParser::CoordinatedAttribute(int32_t self, int32_t child, int depth) {
  const int32_t q = End(self);
  if (q + 1 >= limit_ || PosOf(q) != Pos::kCoordinator) return;
  const NounPhrase first = phrases()[Index(child)];
  const NounPhrase& parent = phrases()[Index(self)];
  const Determiner* determiner = DeterminerAt(q + 1);
  const bool article = determiner != nullptr && determiner->kind == DeterminerKind::kDefinite &&
                       (determiner->agreement & kGenitives) != 0;
  const bool only_genitive = article && (determiner->agreement & ~kGenitives) == 0;
  const bool bare =
      first.determiner < 0 && determiner == nullptr && IsNounLike(q + 1) && IsNameToken(q + 1);
  if (!(article && first.determiner >= 0) && !bare) return;
  const size_t rollback = phrases().size();
  const int32_t second = Parse(q + 1, depth + 1, -1);
  if (second >= 0) {
    const NounPhrase& s = phrases()[Index(second)];
    const bool genitive = s.morphology.Has(Morphology::kGenitive);
    const bool like_first =
        s.kind == first.kind || (s.classes.bits & first.classes.bits & kActorClasses) != 0;
    const bool like_parent =
        parent.kind == s.kind || (s.classes.bits & parent.classes.bits & kActorClasses) != 0;
    const bool name_genitive = !bare || IsGenitiveName(s.head);
    if (genitive && like_first && name_genitive && (!like_parent || only_genitive)) {
      Attach(second, self, PhraseRelation::kGenitive);
      return;
    }
  }
  phrases().resize(rollback);
}

bool NounPhraseParser::Prepositional(int32_t self, int depth) {
  const int32_t q = End(self);
  if (q + 1 >= limit_ || Tok(q).kind != TokenKind::kWord || Tok(q).capitalized) return false;
  if (entity_[Index(q)] >= 0) return false;
  const NounPhrase parent = phrases()[Index(self)];
  if (PosOf(q) == Pos::kAdposition && named_behind_ == self) {
    const int32_t of_office = Parse(DeterminerAt(q) != nullptr ? q : q + 1, depth + 1, q);
    if (of_office < 0) return false;
    Attach(of_office, self, PhraseRelation::kPrepositional);
    return true;
  }
  const auto& table = grammar_.prepositions;
  const auto preposition = table.find(Text(q));
  if (preposition == table.end()) return false;
  const bool von = preposition->second == AttributePreposition::kOf;
  const bool aus = preposition->second == AttributePreposition::kFrom;
  const bool in = preposition->second == AttributePreposition::kIn;
  const bool fuer = preposition->second == AttributePreposition::kFor;
  const bool bei = preposition->second == AttributePreposition::kAt;
  const bool person_or_body = parent.classes.Has(kActorClasses);
  const bool unnamed = parent.name.empty();
  if (aus && !unnamed) return false;
  if (in && !(unnamed && parent.classes.Has(WordClass::kOrganizationNoun | WordClass::kOffice))) {
    return false;
  }
  // "Sandauer Beobachtungsstelle für Deichrechte", read as a name up to there.
  const bool names_body = !unnamed && parent.name.end == parent.core.end &&
                          LabelAt(parent.name.begin) != EntityLabel::kPerson &&
                          parent.name.size() > 1 &&
                          (PosOf(parent.head) == Pos::kNoun || EndsInNoun(parent.head));
  if (fuer && !names_body &&
      !(unnamed && parent.classes.Has(WordClass::kOrganizationNoun | WordClass::kOffice |
                                      WordClass::kMediaNoun))) {
    return false;
  }
  if (bei && !(unnamed && parent.classes.Has(WordClass::kOffice))) return false;
  if (von && !unnamed && !person_or_body && parent.head != parent.name.end - 1) return false;
  if (von && !unnamed && parent.head == parent.name.end - 1) return false;
  const size_t rollback = phrases().size();
  const bool contraction = DeterminerAt(q) != nullptr;
  const int32_t child = Parse(contraction ? q : q + 1, depth + 1, q);
  if (child >= 0) {
    const NounPhrase& c = phrases()[Index(child)];
    const bool place = c.kind == PhraseKind::kName &&
                       (c.classes.Has(kPlaceClasses) || LabelAt(c.head) == EntityLabel::kLocation);
    bool fits = true;
    // "wurde die Aktion von den Veranstaltern gelobt": who does it.
    if (von) {
      // "geht der Arzt von einer Pause aus": nobody is of just any thing.
      const Determiner* article = c.determiner >= 0 ? DeterminerAt(c.determiner) : nullptr;
      const bool indefinite =
          article != nullptr && article->kind == DeterminerKind::kIndefinite && person_or_body;
      // "spricht die Polizei von weniger Streit": of the verb.
      const bool bare =
          c.determiner < 0 || (article != nullptr && article->kind == DeterminerKind::kQuantifier);
      const bool loose = person_or_body && c.kind == PhraseKind::kNominal && bare && !contraction &&
                         !c.classes.Has(kActorClasses | kPlaceClasses);
      // "ist laut einer Studie von Hunger bedroht": by what it is.
      const bool cause = bare && c.kind == PhraseKind::kNominal && !place &&
                         !c.classes.Has(kActorClasses | kPlaceClasses) &&
                         IsLastParticiple(c.tokens.end);
      fits = !indefinite && !loose && !cause &&
             !(InPassive(q) && (c.kind == PhraseKind::kName || c.classes.Has(kActorClasses) ||
                                (!person_or_body && c.determiner >= 0)));
    }
    if (aus) fits = place || c.kind == PhraseKind::kNominal;
    if (aus && !place) fits = person_or_body;
    if (in) fits = place;
    // "der Arzt bei bester Gesundheit": of the patient.
    if (bei) {
      fits = c.kind == PhraseKind::kName || c.determiner >= 0 || contraction ||
             c.classes.Has(kActorClasses);
    }
    if (fuer) fits = c.determiner < 0 && !contraction;  // "Minister für Verkehr".
    if (fits) {
      Attach(child, self, PhraseRelation::kPrepositional);
      return true;
    }
  }
  phrases().resize(rollback);
  return false;
}

bool NounPhraseParser::EndsInNoun(int32_t i) const {
  const auto is_noun = [](const Analysis& analysis) { return analysis.pos == Pos::kNoun; };
  if (const auto entry = lexicon_.Find(Text(i))) {
    return std::any_of(entry->analyses.begin(), entry->analyses.end(), is_noun);
  }
  return lexicon_.FindHead(Text(i)).has_value();
}

bool NounPhraseParser::NamesPersonBehind(int32_t self) const {
  const NounPhrase& phrase = result_.phrases_[Index(self)];
  if (phrase.kind != PhraseKind::kNominal || !phrase.name.empty() ||
      !phrase.classes.Has(kPersonClasses)) {
    return false;
  }
  const int32_t from = phrase.tokens.end;
  const int32_t last = std::min(limit_, from + kMaxOfficeTokens);
  int32_t comma = from;
  while (comma < last && Tok(comma).kind != TokenKind::kPunctuation && !IsVerb(comma)) ++comma;
  if (comma >= last || !Is(comma, ",") || comma + 1 >= limit_) return false;
  const int32_t name = comma + 1;
  if (LabelAt(name) != EntityLabel::kPerson) return false;
  const int32_t end = NameEnd(name);
  return end - name >= 2 && (end >= limit_ || Is(end, ","));
}

bool NounPhraseParser::IsLastParticiple(int32_t t) const {
  if (t >= limit_ || Tok(t).kind != TokenKind::kWord || Tok(t).capitalized ||
      (t + 1 < limit_ && Tok(t + 1).kind != TokenKind::kPunctuation)) {
    return false;
  }
  // Taggers take many for adjectives.
  const auto entry = lexicon_.Find(Text(t));
  return entry &&
         std::any_of(entry->analyses.begin(), entry->analyses.end(), [](const Analysis& analysis) {
           return analysis.morphology.Has(Morphology::kParticiplePerfect);
         });
}

bool NounPhraseParser::InPassive(int32_t i) const {
  bool werden = false;
  bool participle = false;
  const auto look = [&](int32_t t) {
    const Token& token = Tok(t);
    if (token.pos != Pos::kAuxiliary && token.pos != Pos::kVerb) return;
    const std::string_view lemma =
        token.lemma == Token::kNoLemma ? std::string_view() : lexicon_.Lemma(token.lemma);
    werden = werden || grammar_.passives.contains(lemma) || grammar_.passives.contains(Text(t));
    participle = participle || token.morphology.Has(Morphology::kParticiplePerfect);
  };
  const auto is_mark = [this](int32_t t) { return Tok(t).kind == TokenKind::kPunctuation; };
  const int32_t first = std::max(sentence_begin_, i - kMaxPhraseTokens);
  const int32_t last = std::min(limit_, i + kMaxPhraseTokens);
  for (int32_t t = i; t >= first && !is_mark(t); --t) look(t);
  for (int32_t t = i; t < last && !is_mark(t); ++t) look(t);
  return werden && participle;
}

bool NounPhraseParser::IsRoleBehind(int32_t coordinator) const {
  // "und seit dieser Woche Vorsitzender des Verbands".
  constexpr int32_t kMostBetween = 4;
  const int32_t first = coordinator + 1;
  const bool since = first < limit_ && PosOf(first) == Pos::kAdposition;
  const int32_t last = std::min(limit_, since ? first + kMostBetween : first + 1);
  for (int32_t t = first; t < last; ++t) {
    if (Tok(t).kind == TokenKind::kPunctuation || IsVerb(t) || PosOf(t) == Pos::kCoordinator) break;
    if (PosOf(t) == Pos::kNoun && LabelAt(t) == EntityLabel::kUnspecified &&
        chunker_.NounClasses(doc_, t).Has(kPersonClasses)) {
      return true;
    }
  }
  return false;
}

int32_t NounPhraseParser::EndOfRoles(int32_t from) const {
  const int32_t last = std::min(limit_, from + kMaxOfficeTokens);
  int32_t end = from;
  while (end < last && Tok(end).kind != TokenKind::kPunctuation && !IsVerb(end)) {
    // "Sprecher von Polizei und Ministerium,": what closes the role.
    if (PosOf(end) == Pos::kCoordinator && end + 2 < limit_ && PosOf(end + 1) == Pos::kNoun &&
        Is(end + 2, ",") &&
        chunker_.NounClasses(doc_, end + 1)
            .Has(WordClass::kOrganizationNoun | WordClass::kMediaNoun)) {
      end += 2;
      continue;
    }
    // "Direktor der Bahn und Ko-Autor der Studie", not "Sprecher der Bahn und die Polizei".
    if (PosOf(end) == Pos::kCoordinator && !IsRoleBehind(end)) return -1;
    ++end;
  }
  const bool closed = end >= limit_ || Is(end, ",") ||
                      (end + 1 == limit_ && Tok(end).kind == TokenKind::kPunctuation);
  return closed ? end : -1;
}

bool NounPhraseParser::RoleBetweenCommas(int32_t self, int depth) {
  const NounPhrase parent = phrases()[Index(self)];
  const int32_t comma = parent.tokens.end;
  // A capital adjective may make a phrase a name without one ("der Märkische Sprecher").
  if (depth != 0 || parent.kind != PhraseKind::kName || parent.name.empty() || !Is(comma, ",") ||
      LabelAt(parent.name.end - 1) != EntityLabel::kPerson) {
    return false;
  }
  const bool adverb = comma + 1 < limit_ && PosOf(comma + 1) == Pos::kAdverb;
  const int32_t begin = comma + (adverb ? 2 : 1);
  if (begin >= limit_ || PosOf(begin) != Pos::kNoun) return false;
  const size_t rollback = phrases().size();
  const int32_t child = Parse(begin, depth + 1, -1);
  if (child >= 0) {
    const NounPhrase& role = phrases()[Index(child)];
    const int32_t end = EndOfRoles(role.tokens.end);
    if (end >= 0 && role.determiner < 0 && role.head == begin && role.name.empty() &&
        role.classes.Has(kPersonClasses) && role.morphology.Has(Morphology::kSingular) &&
        (adverb || end > role.tokens.end)) {
      Attach(child, self, PhraseRelation::kApposition);
      phrases()[Index(self)].tokens.end = end;
      return true;
    }
  }
  phrases().resize(rollback);
  return false;
}

bool NounPhraseParser::CommaApposition(int32_t self, int depth) {
  const NounPhrase parent = phrases()[Index(self)];
  const int32_t comma = parent.tokens.end;
  if (!Is(comma, ",") || comma + 1 >= limit_ || parent.kind == PhraseKind::kPronoun) return false;
  if (PosOf(comma + 1) == Pos::kPronoun || PosOf(comma + 1) == Pos::kAdverb) return false;
  const bool parent_nominal = parent.kind == PhraseKind::kNominal;
  if (parent_nominal && !parent.classes.Has(kActorClasses)) return false;
  const size_t rollback = phrases().size();
  const int32_t child = Parse(comma + 1, depth + 1, -1);
  if (child >= 0) {
    const NounPhrase c = phrases()[Index(child)];
    const int32_t after = c.tokens.end;
    const bool child_has_name = !c.name.empty();
    const bool complementary =
        parent_nominal
            ? child_has_name &&
                  !(parent.classes.Has(WordClass::kOrganizationNoun | WordClass::kMediaNoun) &&
                    !parent.classes.Has(kPersonClasses) &&
                    LabelAt(c.name.begin) == EntityLabel::kPerson)
            : !child_has_name && c.classes.Has(kActorClasses);
    const bool cases = named_behind_ == self ||
                       (parent.morphology.bits & c.morphology.bits & Morphology::kCases) != 0 ||
                       !parent.morphology.Has(Morphology::kCases) ||
                       !c.morphology.Has(Morphology::kCases);
    bool closed = true;  // The sentence ends, or a mark follows.
    int32_t roles_end = -1;
    if (after < limit_ && Is(after, ",")) {
      // A list goes on with another noun phrase.
      closed = after + 1 >= limit_ || !IsNounLike(after + 1) || (parent_nominal && parent.definite);
      // "sagte Anna Berg, Sprecherin des Amtes, am Montag": no list.
      const Determiner* next = DeterminerAt(after + 1);
      if (!parent_nominal && next != nullptr && next->kind != DeterminerKind::kContraction &&
          PosOf(after + 1) != Pos::kPronoun) {
        closed = false;
      }
    } else if (after < limit_ && Tok(after).kind != TokenKind::kPunctuation &&
               Tok(after).kind != TokenKind::kClosingQuote) {
      // "Ulf Tann, der Leiter der Bahn und Vorsitzende des Verbands,": one article for both; "Ulf
      // Tann, der Kandidat um das Amt,": words that no attribute took in.
      const bool role = !parent_nominal && !parent.name.empty() &&
                        LabelAt(parent.name.end - 1) == EntityLabel::kPerson && c.determiner >= 0 &&
                        c.definite && c.classes.Has(kPersonClasses) &&
                        c.morphology.Has(Morphology::kSingular);
      roles_end = role ? EndOfRoles(after) : -1;
      // "der Sprecher, General Ulf Tann heute in ...": the closing comma is often forgotten.
      const bool unclosed = parent_nominal && parent.classes.Has(kPersonClasses) &&
                            child_has_name && LabelAt(c.name.begin) == EntityLabel::kPerson &&
                            c.determiner < 0 && PosOf(after) != Pos::kCoordinator;
      closed = roles_end >= 0 || unclosed;
    }
    if (complementary && cases && closed) {
      Attach(child, self, PhraseRelation::kApposition);
      if (roles_end >= 0) phrases()[Index(self)].tokens.end = roles_end;
      return true;
    }
  }
  phrases().resize(rollback);
  return false;
}

}  // namespace lagebild::extract
