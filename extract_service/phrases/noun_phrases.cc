#include "extract_service/phrases/noun_phrases.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "absl/strings/string_view.h"
#include "common/hash/hash.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/phrases/words.h"
#include "extract_service/tags/word_facts.h"

namespace lagebild::extract {
namespace {

// Look-ahead limits: what keeps the chunker linear on any input.
constexpr int32_t kMaxPremodifiers = 14;
constexpr int32_t kMaxNameTokens = 10;
constexpr int32_t kMaxPhraseTokens = 60;
constexpr int32_t kMaxBracketTokens = 8;
constexpr int kMaxDepth = 5;
constexpr int kMaxCompoundParts = 3;

/// Possible values of agreement as a set: bit `4 * column + case`, columns masculine, feminine,
/// neuter, plural; cases nominative, genitive, dative, accusative.
using Agreement = uint16_t;
constexpr Agreement kAnyAgreement = 0xffff;
constexpr Agreement kGenitives = 0x2222;
constexpr Agreement kPlurals = 0xf000;

Agreement AgreementOf(const Morphology& morphology) {
  uint16_t columns = 0;
  const bool any_number = !morphology.Has(Morphology::kNumbers);
  if (any_number || morphology.Has(Morphology::kSingular)) {
    const bool any_gender = !morphology.Has(Morphology::kGenders);
    if (any_gender || morphology.Has(Morphology::kMasculine)) columns |= 0x000f;
    if (any_gender || morphology.Has(Morphology::kFeminine)) columns |= 0x00f0;
    if (any_gender || morphology.Has(Morphology::kNeuter)) columns |= 0x0f00;
  }
  if (any_number || morphology.Has(Morphology::kPlural)) columns |= 0xf000;
  uint16_t cases = 0;
  const bool any_case = !morphology.Has(Morphology::kCases);
  if (any_case || morphology.Has(Morphology::kNominative)) cases |= 0x1111;
  if (any_case || morphology.Has(Morphology::kGenitive)) cases |= 0x2222;
  if (any_case || morphology.Has(Morphology::kDative)) cases |= 0x4444;
  if (any_case || morphology.Has(Morphology::kAccusative)) cases |= 0x8888;
  return columns & cases;
}

Morphology MorphologyOf(Agreement agreement, const Morphology& head) {
  uint32_t bits = head.bits & ~(Morphology::kGenders | Morphology::kNumbers | Morphology::kCases);
  if (agreement & 0x000f) bits |= Morphology::kMasculine | Morphology::kSingular;
  if (agreement & 0x00f0) bits |= Morphology::kFeminine | Morphology::kSingular;
  if (agreement & 0x0f00) bits |= Morphology::kNeuter | Morphology::kSingular;
  if (agreement & kPlurals) {
    bits |= Morphology::kPlural;
    if (!(bits & Morphology::kSingular)) bits |= head.bits & Morphology::kGenders;
  }
  if (agreement & 0x1111) bits |= Morphology::kNominative;
  if (agreement & 0x2222) bits |= Morphology::kGenitive;
  if (agreement & 0x4444) bits |= Morphology::kDative;
  if (agreement & 0x8888) bits |= Morphology::kAccusative;
  return Morphology{bits};
}

/// Reads "MN FG PD" of the tables.
Agreement ParseReadings(std::string_view readings) {
  Agreement agreement = 0;
  for (size_t i = 0; i + 1 < readings.size(); ++i) {
    const size_t column = std::string_view("MFNP").find(readings[i]);
    const size_t grammatical_case = std::string_view("NGDA").find(readings[i + 1]);
    if (column == std::string_view::npos || grammatical_case == std::string_view::npos) continue;
    agreement |= static_cast<Agreement>(1u << (4 * column + grammatical_case));
    ++i;
  }
  return agreement;
}

enum class DeterminerKind : uint8_t {
  kDefinite,
  kDemonstrative,
  kPossessive,
  kIndefinite,
  kQuantifier,
  kContraction
};

DeterminerKind ParseDeterminerKind(std::string_view kind) {
  if (kind == "definite") return DeterminerKind::kDefinite;
  if (kind == "demonstrative") return DeterminerKind::kDemonstrative;
  if (kind == "possessive") return DeterminerKind::kPossessive;
  if (kind == "contraction") return DeterminerKind::kContraction;
  if (kind == "quantifier") return DeterminerKind::kQuantifier;
  return DeterminerKind::kIndefinite;
}

struct Determiner {
  DeterminerKind kind = DeterminerKind::kIndefinite;
  Agreement agreement = kAnyAgreement;
};

enum class PronounKind : uint8_t { kPersonal, kDemonstrative, kIndefinite, kRelative };

struct Pronoun {
  PronounKind kind = PronounKind::kPersonal;
  Agreement agreement = kAnyAgreement;
  uint32_t person = Morphology::kThird;
};

struct Ending {
  std::string_view ending;
  Agreement agreement;
};

/// Endings of "dieser" and of "ein".
const std::array<Ending, 5> kStrongEndings = {{{"e", ParseReadings("FN FA PN PA")},
                                               {"er", ParseReadings("MN FG FD PG")},
                                               {"es", ParseReadings("NN NA MG NG")},
                                               {"em", ParseReadings("MD ND")},
                                               {"en", ParseReadings("MA PD MG NG")}}};
const std::array<Ending, 6> kMixedEndings = {{{"", ParseReadings("MN NN NA")},
                                              {"e", ParseReadings("FN FA PN PA")},
                                              {"er", ParseReadings("FG FD PG")},
                                              {"es", ParseReadings("MG NG")},
                                              {"em", ParseReadings("MD ND")},
                                              {"en", ParseReadings("MA PD")}}};

/// Word classes that make a noun a possible actor, so that a name behind it is an apposition.
constexpr uint32_t kPersonClasses =
    WordClass::kOffice | WordClass::kTitle | WordClass::kPersonNoun | WordClass::kDemonym;
constexpr uint32_t kActorClasses =
    kPersonClasses | WordClass::kOrganizationNoun | WordClass::kMediaNoun | WordClass::kGroupNoun;
constexpr uint32_t kPlaceClasses = WordClass::kCountry | WordClass::kCapital | WordClass::kCity;
constexpr uint32_t kNameClasses = kPlaceClasses | WordClass::kFirstName | WordClass::kLastName |
                                  WordClass::kMediaName | WordClass::kOrganizationName;

/// Prepositions whose phrases can be attributes, by what they say.
enum class AttributePreposition : uint8_t { kOf, kFrom, kIn, kFor, kAt };

/// The key type of the tables' look-ups.
}  // namespace

struct NounPhraseChunker::Grammar {
  WordMap<Determiner> determiners;
  WordMap<Pronoun> pronouns;
  WordMap<Pronoun> relatives;
  WordSet particles;
  WordSet measures;
  WordSet partitives;
  WordSet passives;
  WordSet coordinators;
  WordMap<AttributePreposition> prepositions;
};

std::pair<int32_t, int32_t> NounPhrases::InSentence(int32_t sentence) const {
  if (sentence < 0 || static_cast<size_t>(sentence) + 1 >= sentence_begin_.size()) return {0, 0};
  return {sentence_begin_[static_cast<size_t>(sentence)],
          sentence_begin_[static_cast<size_t>(sentence) + 1]};
}

int32_t NounPhrases::Outermost(int32_t token) const {
  return token >= 0 && static_cast<size_t>(token) < outermost_.size()
             ? outermost_[static_cast<size_t>(token)]
             : -1;
}

int32_t NounPhrases::Innermost(int32_t token) const {
  return token >= 0 && static_cast<size_t>(token) < innermost_.size()
             ? innermost_[static_cast<size_t>(token)]
             : -1;
}

std::vector<int32_t> NounPhrases::Conjuncts(int32_t phrase) const {
  const NounPhrase& of = (*this)[phrase];
  if (of.coordination < 0) return {phrase};
  std::vector<int32_t> conjuncts;
  // A coordination is numbered by its first phrase and stays inside its sentence.
  const int32_t end = InSentence(of.sentence).second;
  for (int32_t i = of.coordination; i < end; ++i) {
    if ((*this)[i].coordination == of.coordination) conjuncts.push_back(i);
  }
  return conjuncts;
}

TokenRange NounPhrases::CoordinationRange(int32_t phrase) const {
  const std::vector<int32_t> conjuncts = Conjuncts(phrase);
  return {(*this)[conjuncts.front()].tokens.begin, (*this)[conjuncts.back()].tokens.end};
}

NounPhraseChunker::NounPhraseChunker(const Lexicon& lexicon) : lexicon_(lexicon) {
  auto grammar = std::make_unique<Grammar>();
  const LexiconTable& determiners = lexicon.Table("determiners");
  for (size_t row = 0; row < determiners.size(); ++row) {
    const std::string form(determiners.Cell(row, "form"));
    const std::string_view pattern = determiners.Cell(row, "pattern");
    const DeterminerKind kind = ParseDeterminerKind(determiners.Cell(row, "kind"));
    if (pattern == "strong") {
      for (const Ending& e : kStrongEndings) {
        grammar->determiners.emplace(form + std::string(e.ending), Determiner{kind, e.agreement});
      }
    } else if (pattern == "mixed") {
      for (const Ending& e : kMixedEndings) {
        grammar->determiners.emplace(form + std::string(e.ending), Determiner{kind, e.agreement});
      }
    } else {
      const Agreement agreement = ParseReadings(determiners.Cell(row, "readings"));
      grammar->determiners.emplace(form,
                                   Determiner{kind, agreement == 0 ? kAnyAgreement : agreement});
    }
  }
  const LexiconTable& pronouns = lexicon.Table("pronouns");
  for (size_t row = 0; row < pronouns.size(); ++row) {
    Pronoun pronoun;
    const std::string_view kind = pronouns.Cell(row, "kind");
    if (kind == "demonstrative") pronoun.kind = PronounKind::kDemonstrative;
    if (kind == "indefinite") pronoun.kind = PronounKind::kIndefinite;
    if (kind == "relative") pronoun.kind = PronounKind::kRelative;
    pronoun.agreement = ParseReadings(pronouns.Cell(row, "readings"));
    const std::string_view person = pronouns.Cell(row, "person");
    if (person == "1") pronoun.person = Morphology::kFirst;
    if (person == "2") pronoun.person = Morphology::kSecond;
    const std::string form(pronouns.Cell(row, "form"));
    (pronoun.kind == PronounKind::kRelative ? grammar->relatives : grammar->pronouns)
        .emplace(form, pronoun);
    // "das" is demonstrative by itself and relative behind a comma.
    if (pronoun.kind == PronounKind::kDemonstrative && form == "das") {
      pronoun.kind = PronounKind::kRelative;
      grammar->relatives.emplace(form, pronoun);
    }
  }
  const LexiconTable& words = lexicon.Table("phrase_words");
  for (size_t row = 0; row < words.size(); ++row) {
    const std::string form(words.Cell(row, "form"));
    const std::string_view kind = words.Cell(row, "kind");
    if (kind == "particle") grammar->particles.insert(form);
    if (kind == "measure") grammar->measures.insert(form);
    if (kind == "partitive") grammar->partitives.insert(form);
    if (kind == "passive") grammar->passives.insert(form);
    if (kind == "coordinator") grammar->coordinators.insert(form);
    if (kind == "of") grammar->prepositions.emplace(form, AttributePreposition::kOf);
    if (kind == "from") grammar->prepositions.emplace(form, AttributePreposition::kFrom);
    if (kind == "in") grammar->prepositions.emplace(form, AttributePreposition::kIn);
    if (kind == "for") grammar->prepositions.emplace(form, AttributePreposition::kFor);
    if (kind == "at") grammar->prepositions.emplace(form, AttributePreposition::kAt);
  }
  grammar_ = std::move(grammar);
}

NounPhraseChunker::~NounPhraseChunker() = default;

WordClass NounPhraseChunker::NounClasses(const AnnotatedDocument& document, int32_t token) const {
  // Remembers what was looked up last: the nouns of a text come again and again.
  struct KnownNoun {
    uint64_t key = 0;
    WordClass classes;
  };
  constexpr size_t kKnownNouns = 4096;
  thread_local std::vector<KnownNoun> known(kKnownNouns);
  const Token& t = document.tokens[static_cast<size_t>(token)];
  const uint64_t seed = lexicon_.content_hash() ^ (uint64_t{t.lemma} << 32) ^ t.classes.bits ^
                        (t.capitalized ? uint64_t{1} << 31 : 0);
  // Never 0, which is the key of an empty place.
  const uint64_t key = Hash64(document.TextOf(t), seed) | 1u;
  KnownNoun& noun = known[(key >> 1) % kKnownNouns];
  if (noun.key != key) noun = {key, LookUpClasses(document.TextOf(t), t)};
  return noun.classes;
}

WordClass NounPhraseChunker::LookUpClasses(std::string_view text, const Token& t) const {
  WordClass classes = t.classes;
  if (t.lemma != Token::kNoLemma) {
    if (const auto entry = lexicon_.Find(lexicon_.Lemma(t.lemma))) {
      classes.bits |= entry->classes.bits & (kActorClasses | WordClass::kUnit);
    }
  }
  if (classes.Has(kActorClasses) || !t.capitalized) return classes;
  // Not every noun hands its class on: "Ausführung" is no "Führung". Nouns for groups do.
  const auto inherit = [&classes](const LexiconEntry& entry) {
    const uint32_t mask = entry.classes.Has(WordClass::kCompoundHead)
                              ? kActorClasses
                              : uint32_t{WordClass::kGroupNoun};
    classes.bits |= entry.classes.bits & mask;
  };
  std::string_view noun = text;
  for (int part = 0; part < kMaxCompoundParts && !classes.Has(kActorClasses); ++part) {
    const auto head = lexicon_.FindHead(noun);
    if (!head) break;
    inherit(head->entry);
    for (const Analysis& analysis : head->entry.analyses) {
      if (analysis.pos != Pos::kNoun) continue;
      if (const auto lemma = lexicon_.Find(lexicon_.Lemma(analysis.lemma))) inherit(*lemma);
    }
    // "Rundfunk-sender": the head is a compound of its own kind.
    if (!head->entry.classes.Has(kActorClasses)) break;
    noun.remove_prefix(head->begin);
  }
  return classes;
}

/// The work on one document.
class NounPhraseChunker::Run {
 public:
  Run(const NounPhraseChunker& chunker, const AnnotatedDocument& document)
      : chunker_(chunker), lexicon_(chunker.lexicon_), doc_(document) {
    const size_t n = document.tokens.size();
    in_time_.assign(n, false);
    entity_.assign(n, -1);
    quote_end_.assign(n, -1);
    for (const TimeExpression& time : document.times) {
      for (int32_t i = time.tokens.begin; i < time.tokens.end; ++i) in_time_[Index(i)] = true;
    }
    for (size_t e = 0; e < document.entities.size(); ++e) {
      const TokenRange& range = document.entities[e].tokens;
      for (int32_t i = range.begin; i < range.end; ++i) {
        if (entity_[Index(i)] < 0) entity_[Index(i)] = static_cast<int32_t>(e);
      }
    }
    for (const Quotation& q : document.quotations) {
      if (!q.tokens.empty()) quote_end_[Index(q.tokens.begin)] = q.tokens.end - 1;
    }
  }

  NounPhrases Work() {
    for (size_t s = 0; s < doc_.sentences.size(); ++s) {
      result_.sentence_begin_.push_back(static_cast<int32_t>(phrases().size()));
      ChunkSentence(static_cast<int32_t>(s));
    }
    result_.sentence_begin_.push_back(static_cast<int32_t>(phrases().size()));
    result_.outermost_.assign(doc_.tokens.size(), -1);
    result_.innermost_.assign(doc_.tokens.size(), -1);
    for (size_t p = 0; p < phrases().size(); ++p) {
      const NounPhrase& phrase = phrases()[p];
      for (int32_t i = phrase.tokens.begin; i < phrase.tokens.end; ++i) {
        if (result_.outermost_[Index(i)] < 0) {
          result_.outermost_[Index(i)] = static_cast<int32_t>(p);
        }
        // Inner phrases come later, so the last writer is the innermost.
        result_.innermost_[Index(i)] = static_cast<int32_t>(p);
      }
    }
    return std::move(result_);
  }

 private:
  static size_t Index(int32_t i) { return static_cast<size_t>(i); }
  std::vector<NounPhrase>& phrases() { return result_.phrases_; }
  const Token& Tok(int32_t i) const { return doc_.tokens[Index(i)]; }
  std::string_view Text(int32_t i) const { return doc_.TokenText(i); }
  Pos PosOf(int32_t i) const { return Tok(i).pos; }
  bool Is(int32_t i, std::string_view text) const { return i < limit_ && Text(i) == text; }

  bool IsNounLike(int32_t i) const {
    if (i >= limit_) return false;
    const Token& t = Tok(i);
    if (entity_[Index(i)] >= 0 && (t.kind == TokenKind::kWord || t.kind == TokenKind::kNumber)) {
      return true;
    }
    if (t.kind != TokenKind::kWord) return false;
    if (t.pos == Pos::kNoun || t.pos == Pos::kProperNoun) return true;
    return t.capitalized && (t.pos == Pos::kUnknown || t.pos == Pos::kOther);
  }

  bool IsAdjective(int32_t i) const {
    if (i >= limit_ || entity_[Index(i)] >= 0) return false;
    const Token& t = Tok(i);
    if (t.kind == TokenKind::kNumber) return true;
    if (t.kind != TokenKind::kWord) return false;
    if (t.pos == Pos::kAdjective || t.pos == Pos::kNumeral) return true;
    if (t.classes.Has(WordClass::kPlaceAdjective) && t.pos != Pos::kNoun) return true;
    // An attributive participle that the tagger took for a verb form.
    if (t.pos == Pos::kVerb && !t.morphology.Has(Morphology::kFinite | Morphology::kInfinitive) &&
        t.morphology.Has(Morphology::kParticiplePresent | Morphology::kParticiplePerfect)) {
      const std::string_view word = Text(i);
      return word.ends_with("e") || word.ends_with("er") || word.ends_with("es") ||
             word.ends_with("em") || (word.ends_with("en") && i + 1 < limit_ && IsNounLike(i + 1));
    }
    return false;
  }

  const Determiner* DeterminerAt(int32_t i) const {
    if (i >= limit_ || Tok(i).kind != TokenKind::kWord || entity_[Index(i)] >= 0) return nullptr;
    const std::string_view word = Text(i);
    if (word.size() > 16) return nullptr;
    const auto& table = chunker_.grammar_->determiners;
    const auto it = Tok(i).capitalized ? table.find(LowerCase(word)) : table.find(word);
    return it == table.end() ? nullptr : &it->second;
  }

  static const Pronoun* FindPronoun(const WordMap<Pronoun>& table, std::string_view word) {
    if (word.size() > 12) return nullptr;
    const auto it = table.find(LowerCase(word));
    return it == table.end() ? nullptr : &it->second;
  }

  bool IsVerb(int32_t i) const {
    return i < limit_ && (PosOf(i) == Pos::kVerb || PosOf(i) == Pos::kAuxiliary);
  }

  /// Whether a word is a name in the genitive: something known with an "s" at its end.
  bool IsGenitiveName(int32_t i) const {
    const std::string_view word = Text(i);
    const size_t stem = GenitiveStem(word);
    if (stem == word.size() || stem < 2) return false;
    if (!word.ends_with("s")) return true;  // An apostrophe says so.
    const auto whole = lexicon_.Find(word);
    if (whole && whole->classes.Has(kNameClasses)) {
      // "Paris", "Reuters": a name by itself, unless the same place is known without the "s".
      const auto base = lexicon_.Find(word.substr(0, stem));
      return base && (base->classes.bits & whole->classes.bits & kPlaceClasses) != 0;
    }
    if (const auto base = lexicon_.Find(word.substr(0, stem))) {
      if (base->classes.Has(kNameClasses)) return true;
    }
    const int32_t entity = entity_[Index(i)];
    return entity >= 0 && !Tok(i).known && !Tok(i).all_caps;
  }

  /// "Müllers" is a name by itself and the genitive of one: right before a noun it is the latter.
  bool MayBeGenitiveName(int32_t i) const {
    const std::string_view word = Text(i);
    if (!word.ends_with("s")) return false;
    const auto base = lexicon_.Find(word.substr(0, word.size() - 1));
    return base && base->classes.Has(WordClass::kLastName | WordClass::kFirstName);
  }

  EntityLabel LabelAt(int32_t i) const {
    const int32_t entity = entity_[Index(i)];
    return entity < 0 ? EntityLabel::kUnspecified : doc_.entities[Index(entity)].label;
  }

  bool IsNameToken(int32_t i) const {
    if (i >= limit_) return false;
    const int32_t entity = entity_[Index(i)];
    if (entity >= 0) return true;
    const Token& t = Tok(i);
    if (t.kind != TokenKind::kWord || !t.capitalized) return false;
    if (t.pos == Pos::kProperNoun) return true;
    return t.pos == Pos::kNoun && !t.known && t.classes.Has(kNameClasses);
  }

  /// End of the name that begins at i: its entity, else the run of proper nouns, with particles
  /// ("von der", "al") between them.
  int32_t NameEnd(int32_t i) const {
    const int32_t entity = entity_[Index(i)];
    if (entity >= 0) {
      int32_t end = std::min(doc_.entities[Index(entity)].tokens.end, limit_);
      return end;
    }
    int32_t end = i;
    while (end < limit_ && end - i < kMaxNameTokens && entity_[Index(end)] < 0 &&
           IsNameToken(end)) {
      ++end;
      int32_t particle = end;
      while (particle < limit_ && particle - end < 2 && IsParticle(particle)) ++particle;
      if (particle > end && particle < limit_ && entity_[Index(particle)] < 0 &&
          Tok(particle).pos == Pos::kProperNoun && Tok(i).classes.Has(WordClass::kFirstName)) {
        end = particle;
      }
    }
    return end;
  }

  bool IsParticle(int32_t i) const { return chunker_.grammar_->particles.contains(Text(i)); }

  // ---- Cores -------------------------------------------------------------------------------

  /// End of a quoted name that begins with the opening mark at i ("Washington Post" in quotation
  /// marks): the closing mark's token, -1 when it is none.
  int32_t QuotedNameEnd(int32_t i) const {
    if (i >= limit_ || Tok(i).kind != TokenKind::kOpeningQuote) return -1;
    const int32_t close = quote_end_[Index(i)];
    if (close < 0 || close >= limit_ || close - i < 2 || close - i > kMaxNameTokens) return -1;
    for (int32_t t = i + 1; t < close; ++t) {
      if (Tok(t).kind != TokenKind::kWord && Tok(t).kind != TokenKind::kNumber) return -1;
      if (IsVerb(t) && entity_[Index(t)] < 0 && !Tok(t).capitalized) return -1;
    }
    if (!Tok(i + 1).capitalized && entity_[Index(i + 1)] < 0) return -1;
    return close;
  }

  /// Reads premodifiers from *p on; false when no noun can follow.
  bool Premodifiers(int32_t* p, bool has_determiner, int depth, int32_t self) {
    const int32_t begin = *p;
    int32_t q = begin;
    while (q < limit_ && q - begin < kMaxPremodifiers) {
      if (QuotedNameEnd(q) >= 0) break;
      if (IsAdjective(q)) {
        const Token& t = Tok(q);
        // A nominalised adjective ("die Verletzten") is the head when no noun follows.
        if (t.capitalized && q > begin && !IsNounLike(q + 1) && !IsAdjective(q + 1)) break;
        if (t.capitalized && has_determiner && q == begin && !IsNounLike(q + 1) &&
            !IsAdjective(q + 1) && !t.classes.Has(WordClass::kPlaceAdjective)) {
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
      if (IsNounLike(q)) break;
      if (PosOf(q) == Pos::kAdverb || PosOf(q) == Pos::kParticle) {
        // Only before an adjective, numeral or another adverb that leads to one.
        int32_t next = q + 1;
        while (next < limit_ && next - q < 4 &&
               (PosOf(next) == Pos::kAdverb || PosOf(next) == Pos::kParticle)) {
          ++next;
        }
        if (!IsAdjective(next) || Tok(next).capitalized) break;
        if (!has_determiner && Tok(next).kind != TokenKind::kNumber &&
            PosOf(next) != Pos::kNumeral) {
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

  bool LooksLikeNounBehind(int32_t q) const {
    for (int32_t i = q; i < limit_ && i - q < 6; ++i) {
      if (IsNounLike(i)) return true;
      if (!IsAdjective(i) && PosOf(i) != Pos::kAdverb && PosOf(i) != Pos::kCoordinator)
        return false;
    }
    return false;
  }

  bool ExtendedAttribute(int32_t* q, int depth, int32_t self) {
    const size_t rollback = phrases().size();
    const int32_t preposition = *q;
    const bool contraction = DeterminerAt(preposition) != nullptr;
    const int32_t child = Parse(contraction ? preposition : preposition + 1, depth + 3, preposition,
                                /*attributes=*/false);
    if (child >= 0) {
      int32_t after = phrases()[Index(child)].tokens.end;
      while (after < limit_ && PosOf(after) == Pos::kAdverb) ++after;
      if (IsAdjective(after) && !Tok(after).capitalized && Tok(after).kind != TokenKind::kNumber &&
          LooksLikeNounBehind(after)) {
        phrases()[Index(child)].parent = self;
        phrases()[Index(child)].relation = PhraseRelation::kModifier;
        *q = after;
        return true;
      }
    }
    phrases().resize(rollback);
    return false;
  }

  /// Parses the phrase that begins at p (behind its preposition, if any; at a contraction, with
  /// it). Appends it and its attributes; -1 when none begins here.
  int32_t Parse(int32_t p, int depth, int32_t preposition, bool attributes = true) {
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
      if (determiner->kind == DeterminerKind::kContraction) {
        if (preposition != q) break;
        contraction = true;
        begin = q + 1;
      } else {
        if (PosOf(q) == Pos::kPronoun && !DeterminerByContext(q)) break;
        if (phrase.determiner < 0) phrase.determiner = q;
      }
      phrase.possessive = determiner->kind == DeterminerKind::kPossessive;
      agreement &= determiner->agreement;
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

  /// The tagger said pronoun; a noun that agrees right behind says determiner.
  bool DeterminerByContext(int32_t q) const {
    return q + 1 < limit_ && (IsNounLike(q + 1) || (IsAdjective(q + 1) && IsNounLike(q + 2))) &&
           !(q > sentence_begin_ && Text(q - 1) == ",");
  }

  bool SaxonGenitive(int32_t* q, int32_t self) {
    if (!IsNounLike(*q) || !Tok(*q).capitalized) return false;
    if (!IsNameToken(*q) && !Tok(*q).classes.Has(kNameClasses) && !IsGenitiveName(*q)) return false;
    int32_t end = NameEnd(*q);
    if (end <= *q) end = *q + 1;
    if (!IsGenitiveName(end - 1) && !MayBeGenitiveName(end - 1)) return false;
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

  /// Reads head noun, title and name from *q on.
  bool ReadHead(int32_t* q, NounPhrase* phrase, Agreement* agreement) {
    int32_t p = *q;
    const int32_t quoted = QuotedNameEnd(p);
    if (quoted >= 0) {
      phrase->head = quoted - 1;
      phrase->classes = chunker_.NounClasses(doc_, phrase->head);
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
      Narrow(agreement, NounAgreement(end - 1));
      // "UN-Generalsekretär" written apart: the name of a place or body, then an office.
      *q = end;
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
      const bool person = LabelAt(p) == EntityLabel::kPerson ||
                          (entity_[Index(p)] < 0 && Tok(p).classes.Has(WordClass::kFirstName)) ||
                          (first_name && classes.Has(kPersonClasses));
      // A person's name stands behind a person's noun only; any other name behind any noun
      // ("Insel Sandau"), but a genitive is an attribute and a place behind an office too.
      const bool place = Tok(p).classes.Has(kPlaceClasses) || LabelAt(p) == EntityLabel::kLocation;
      const bool genitive =
          IsGenitiveName(std::max(NameEnd(p), p + 1) - 1) && !classes.Has(WordClass::kTitle);
      const bool fits = person ? classes.Has(kPersonClasses)
                               : !(place && classes.Has(kPersonClasses)) &&
                                     (Tok(head).known || classes.Has(kActorClasses));
      if (fits && !(genitive && !(person && NameEnd(p) - p > 1))) {
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

  void Finish(NounPhrase* phrase, Agreement* agreement, int32_t head, WordClass classes,
              int32_t end, int32_t* q) const {
    phrase->head = head;
    phrase->classes = classes;
    Narrow(agreement, NounAgreement(head));
    *q = end;
  }

  /// Morphology of a noun; of a compound that no dictionary has, that of its last part.
  Morphology NounMorphology(int32_t i) const {
    const Token& token = Tok(i);
    if (token.morphology.Has(Morphology::kCases) || token.pos != Pos::kNoun) {
      return token.morphology;
    }
    Morphology morphology = token.morphology;
    const auto head = lexicon_.FindHead(Text(i));
    if (!head) return morphology;
    for (const Analysis& analysis : head->entry.analyses) {
      if (analysis.pos == Pos::kNoun) morphology.bits |= analysis.morphology.bits;
    }
    return morphology;
  }

  static void Narrow(Agreement* agreement, Agreement of_noun) {
    const Agreement narrowed = *agreement & of_noun;
    if (narrowed != 0) *agreement = narrowed;
  }

  /// Agreement of a noun, reading by reading: "Patienten" is no nominative in the singular.
  Agreement NounAgreement(int32_t i) const {
    const Token& token = Tok(i);
    Agreement agreement = 0;
    if (token.pos == Pos::kNoun) {
      const WordFacts& facts = WordFactsCache::OfThread().Find(Text(i), false, lexicon_);
      for (const Analysis& analysis : facts.analyses) {
        if (analysis.pos == Pos::kNoun) agreement |= AgreementOf(analysis.morphology);
      }
    }
    return agreement != 0 ? agreement : AgreementOf(NounMorphology(i));
  }

  /// A common noun although the tagger calls it a name ("Präsident", "Gazal-Beauftragte").
  bool CommonOffice(int32_t p) const {
    if (entity_[Index(p)] >= 0 || Tok(p).classes.Has(kNameClasses)) return false;
    // What no dictionary has may be a surname: a hyphen or a name behind says otherwise.
    const bool compound = Text(p).find('-') != std::string_view::npos ||
                          (p + 1 < limit_ && LabelAt(p + 1) == EntityLabel::kPerson);
    return (Tok(p).known || compound) && chunker_.NounClasses(doc_, p).Has(kActorClasses);
  }

  bool IsMeasure(int32_t p) const { return chunker_.grammar_->measures.contains(Text(p)); }

  /// The name at p is itself the genitive opening the next phrase ("... Polizei Sandaus Chef").
  bool IsSaxonBefore(int32_t p) const {
    const int32_t end = std::max(NameEnd(p), p + 1);
    return end < limit_ && IsGenitiveName(end - 1) && IsNounLike(end) && !IsNameToken(end) &&
           PosOf(end) == Pos::kNoun;
  }

  // ---- Attributes ----------------------------------------------------------------------------

  void ReadAttributes(int32_t self, int depth) {
    bool grown = true;
    while (grown && phrases()[Index(self)].tokens.size() < kMaxPhraseTokens) {
      grown = Bracket(self) ||
              (depth < kMaxDepth && (Genitive(self, depth) || Prepositional(self, depth))) ||
              NameBehindAttribute(self) || (depth == 0 && CommaApposition(self, depth));
    }
  }

  /// "der Leiter der Behörde Anna Berg": the name of whom the head noun says the office of.
  bool NameBehindAttribute(int32_t self) {
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

  int32_t End(int32_t phrase) const { return result_.phrases_[Index(phrase)].tokens.end; }

  void Attach(int32_t child, int32_t self, PhraseRelation relation) {
    NounPhrase& c = phrases()[Index(child)];
    c.parent = self;
    c.relation = relation;
    phrases()[Index(self)].tokens.end = c.tokens.end;
  }

  bool Bracket(int32_t self) {
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

  bool Genitive(int32_t self, int depth) {
    const int32_t q = End(self);
    if (q >= limit_) return false;
    const Determiner* determiner = DeterminerAt(q);
    bool candidate = false;
    if (determiner != nullptr) {
      candidate = determiner->kind != DeterminerKind::kContraction &&
                  (determiner->agreement & kGenitives) != 0 && !Tok(q).capitalized &&
                  PosOf(q) != Pos::kPronoun;
    } else if (IsAdjective(q) && !Tok(q).capitalized) {
      candidate = Text(q).ends_with("er") && IsNounOrAdjective(q + 1);
    } else if (Tok(q).capitalized && IsAdjective(q) && Text(q).ends_with("er") &&
               Tok(q).classes.Has(WordClass::kPlaceAdjective)) {
      candidate = IsNounLike(q + 1);
    } else if (IsNounLike(q) && (IsNameToken(q) || Tok(q).classes.Has(kNameClasses) ||
                                 (!Tok(q).known && IsGenitiveName(q)))) {
      const NounPhrase& parent = phrases()[Index(self)];
      const int32_t end = std::max(NameEnd(q), q + 1);
      candidate = parent.kind == PhraseKind::kNominal && IsGenitiveName(end - 1) &&
                  !(IsNounLike(end) && PosOf(end) == Pos::kNoun && !IsNameToken(end));
    }
    if (!candidate) return false;
    const size_t rollback = phrases().size();
    const int32_t child = Parse(q, depth + 1, -1);
    if (child >= 0) {
      NounPhrase& c = phrases()[Index(child)];
      const bool bare_name = determiner == nullptr && !IsAdjective(q);
      const bool adjective_only = determiner == nullptr && IsAdjective(q);
      bool fits = bare_name || c.morphology.Has(Morphology::kGenitive);
      // "der", "einer": feminine or plural, or it is another case.
      if (determiner != nullptr && fits) {
        const Agreement a = AgreementOf(c.morphology) & determiner->agreement & kGenitives;
        fits = a != 0;
      }
      // Without article the genitive shows in a plural or feminine "-er".
      if (adjective_only) {
        fits = fits && (c.morphology.Has(Morphology::kPlural) ||
                        c.morphology.Has(Morphology::kFeminine) || !Tok(c.head).known);
      }
      if (fits) {
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

  bool IsPartitive(const NounPhrase& phrase) const {
    return phrase.head == phrase.tokens.begin ? PosOf(phrase.head) != Pos::kNoun
                                              : IsMeasure(phrase.head);
  }

  bool IsNounOrAdjective(int32_t q) const { return IsNounLike(q) || IsAdjective(q); }

  /// "der Sprecher der Polizei und der Feuerwehr": a second attribute of the same kind.
  void CoordinatedAttribute(int32_t self, int32_t child, int depth) {
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

  bool Prepositional(int32_t self, int depth) {
    const int32_t q = End(self);
    if (q + 1 >= limit_ || Tok(q).kind != TokenKind::kWord || Tok(q).capitalized) return false;
    if (entity_[Index(q)] >= 0) return false;
    const auto& table = chunker_.grammar_->prepositions;
    const auto preposition = table.find(Text(q));
    if (preposition == table.end()) return false;
    const NounPhrase parent = phrases()[Index(self)];
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
    if (fuer && !(unnamed && parent.classes.Has(WordClass::kOrganizationNoun | WordClass::kOffice |
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
      const bool place = c.kind == PhraseKind::kName && (c.classes.Has(kPlaceClasses) ||
                                                         LabelAt(c.head) == EntityLabel::kLocation);
      bool fits = true;
      if (von) fits = !(passive_ && (c.kind == PhraseKind::kName || c.classes.Has(kActorClasses)));
      if (aus) fits = place || c.kind == PhraseKind::kNominal;
      if (aus && !place) fits = person_or_body;
      if (in) fits = place;
      if (fuer) fits = c.determiner < 0 && !contraction;  // "Minister für Verkehr".
      if (fits) {
        Attach(child, self, PhraseRelation::kPrepositional);
        return true;
      }
    }
    phrases().resize(rollback);
    return false;
  }

  bool CommaApposition(int32_t self, int depth) {
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
          parent_nominal ? child_has_name : !child_has_name && c.classes.Has(kActorClasses);
      const bool cases = (parent.morphology.bits & c.morphology.bits & Morphology::kCases) != 0 ||
                         !parent.morphology.Has(Morphology::kCases) ||
                         !c.morphology.Has(Morphology::kCases);
      bool closed = true;  // The sentence ends, or a mark follows.
      if (after < limit_ && Is(after, ",")) {
        // A list goes on with another noun phrase.
        closed =
            after + 1 >= limit_ || !IsNounLike(after + 1) || (parent_nominal && parent.definite);
        if (!parent_nominal && DeterminerAt(after + 1) != nullptr &&
            PosOf(after + 1) != Pos::kPronoun) {
          closed = false;
        }
      } else if (after < limit_ && PosOf(after) == Pos::kCoordinator) {
        closed = false;
      } else if (after < limit_ && Tok(after).kind != TokenKind::kPunctuation &&
                 Tok(after).kind != TokenKind::kClosingQuote) {
        // "der Sprecher, General Ulf Tann heute in ...": the closing comma is often forgotten.
        closed = parent_nominal && parent.classes.Has(kPersonClasses) && child_has_name &&
                 LabelAt(c.name.begin) == EntityLabel::kPerson && c.determiner < 0;
      }
      if (complementary && cases && closed) {
        Attach(child, self, PhraseRelation::kApposition);
        return true;
      }
    }
    phrases().resize(rollback);
    return false;
  }

  // ---- Sentences -----------------------------------------------------------------------------

  void ChunkSentence(int32_t s) {
    const Sentence& sentence = doc_.sentences[Index(s)];
    sentence_ = s;
    sentence_begin_ = sentence.tokens.begin;
    limit_ = sentence.tokens.end;
    bool werden = false;
    bool participle = false;
    for (int32_t i = sentence.tokens.begin; i < limit_; ++i) {
      const Token& t = Tok(i);
      if (t.pos == Pos::kAuxiliary || t.pos == Pos::kVerb) {
        const std::string_view lemma =
            t.lemma == Token::kNoLemma ? std::string_view() : lexicon_.Lemma(t.lemma);
        const WordSet& passives = chunker_.grammar_->passives;
        werden = werden || passives.contains(lemma) || passives.contains(Text(i));
        participle = participle || t.morphology.Has(Morphology::kParticiplePerfect);
      }
    }
    passive_ = werden && participle;
    const size_t first = phrases().size();
    int32_t i = sentence.tokens.begin;
    while (i < limit_) {
      int32_t next = i + 1;
      const Token& t = Tok(i);
      if (t.kind == TokenKind::kOpeningQuote && QuotedNameEnd(i) >= 0 && ShortQuotedName(i)) {
        const int32_t phrase = Parse(i, 0, PrepositionBefore(i));
        if (phrase >= 0) next = End(phrase);
      } else if (t.kind == TokenKind::kWord || t.kind == TokenKind::kNumber) {
        next = ChunkAt(i);
      }
      i = std::max(next, i + 1);
    }
    Coordinate(first);
    for (size_t p = first; p < phrases().size(); ++p) {
      if (phrases()[p].relative) FindAntecedent(first, p);
    }
  }

  /// A name in quotation marks that stands alone ("„Der Tag“ berichtet").
  bool ShortQuotedName(int32_t open) const {
    return entity_[Index(open + 1)] >= 0 || Tok(open + 1).classes.Has(WordClass::kMediaName);
  }

  int32_t PrepositionBefore(int32_t i) const {
    return i > sentence_begin_ && PosOf(i - 1) == Pos::kAdposition ? i - 1 : -1;
  }

  int32_t ChunkAt(int32_t i) {
    const Token& t = Tok(i);
    const std::string_view word = Text(i);
    const Determiner* determiner = DeterminerAt(i);
    if (determiner != nullptr && determiner->kind == DeterminerKind::kContraction) {
      const int32_t phrase = Parse(i, 0, i);
      return phrase >= 0 ? End(phrase) : i + 1;
    }
    if (t.pos == Pos::kAdposition && entity_[Index(i)] < 0) return i + 1;
    if (const int32_t end = Partitive(i); end > i) return end;
    // Pronouns: by tag, or where nothing noun-like follows a form that can be one.
    if (entity_[Index(i)] < 0) {
      const bool after_comma =
          i > sentence_begin_ &&
          (Text(i - 1) == "," ||
           (i > sentence_begin_ + 1 && PosOf(i - 1) == Pos::kAdposition && Text(i - 2) == ","));
      if (after_comma && !t.capitalized) {
        const Pronoun* relative = FindPronoun(chunker_.grammar_->relatives, word);
        if (relative != nullptr && (t.pos == Pos::kPronoun || (!IsNounOrAdjective(i + 1) &&
                                                               DeterminerAt(i + 1) == nullptr))) {
          PushPronoun(i, *relative);
          return i + 1;
        }
      }
      const Pronoun* pronoun = FindPronoun(chunker_.grammar_->pronouns, word);
      if (pronoun != nullptr) {
        // "das", "diese", "ihr" are determiners too: a phrase that can be read goes first.
        const bool tagged = t.pos == Pos::kPronoun;
        if (determiner != nullptr && (!tagged || DeterminerByContext(i))) {
          const int32_t phrase = Parse(i, 0, PrepositionBefore(i));
          if (phrase >= 0) return End(phrase);
        }
        PushPronoun(i, *pronoun);
        return i + 1;
      }
    }
    const bool starts = determiner != nullptr || IsNounLike(i) || IsAdjective(i) ||
                        (i + 1 < limit_ && IsAdjective(i + 1) &&
                         (PosOf(i + 1) == Pos::kNumeral || Tok(i + 1).kind == TokenKind::kNumber) &&
                         PosOf(i) == Pos::kAdverb);
    if (!starts) return i + 1;
    const int32_t phrase = Parse(i, 0, PrepositionBefore(i));
    return phrase >= 0 ? End(phrase) : i + 1;
  }

  /// "einer der Männer", "zwei der Verletzten", "viele von ihnen": the end of a phrase whose head
  /// picks some of those that its attribute names; -1 when none begins here.
  int32_t Partitive(int32_t i) {
    if (i + 1 >= limit_ || entity_[Index(i)] >= 0 || in_time_[Index(i)]) return -1;
    const Token& t = Tok(i);
    const bool number = t.pos == Pos::kNumeral && t.kind == TokenKind::kWord;
    const std::string_view word = Text(i);
    if (!number && (word.size() > 16 || !chunker_.grammar_->partitives.contains(LowerCase(word)))) {
      return -1;
    }
    const Determiner* article = DeterminerAt(i + 1);
    if (article == nullptr || article->kind == DeterminerKind::kContraction ||
        (article->agreement & kGenitives & kPlurals) == 0) {
      return -1;
    }
    const size_t rollback = phrases().size();
    const int32_t self = static_cast<int32_t>(rollback);
    NounPhrase phrase;
    phrase.tokens = phrase.core = {i, i + 1};
    phrase.head = i;
    phrase.preposition = PrepositionBefore(i);
    phrase.sentence = sentence_;
    phrase.definite = true;
    phrase.morphology = MorphologyOf(number ? kPlurals : kAnyAgreement, Morphology{});
    phrases().push_back(phrase);
    if (!Genitive(self, 0)) {
      phrases().resize(rollback);
      return -1;
    }
    ReadAttributes(self, 0);
    return End(self);
  }

  void PushPronoun(int32_t i, const Pronoun& pronoun) {
    NounPhrase phrase;
    phrase.tokens = phrase.core = {i, i + 1};
    phrase.head = i;
    phrase.preposition = PrepositionBefore(i);
    phrase.sentence = sentence_;
    phrase.kind = PhraseKind::kPronoun;
    phrase.relative = pronoun.kind == PronounKind::kRelative;
    phrase.definite = pronoun.kind != PronounKind::kIndefinite;
    phrase.morphology = MorphologyOf(pronoun.agreement, Morphology{});
    phrase.morphology.bits |= pronoun.person;
    phrases().push_back(phrase);
  }

  bool SameRank(const NounPhrase& a, const NounPhrase& b) const {
    if (a.preposition >= 0 && b.preposition < 0) return true;  // "von Berg und Tann".
    if ((a.preposition >= 0) != (b.preposition >= 0)) return false;
    const uint32_t cases = a.morphology.bits & b.morphology.bits & Morphology::kCases;
    return cases != 0 || !a.morphology.Has(Morphology::kCases) ||
           !b.morphology.Has(Morphology::kCases);
  }

  /// Numbers the phrases of each "A, B und C" alike.
  void Coordinate(size_t first) {
    std::vector<size_t> top;
    for (size_t p = first; p < phrases().size(); ++p) {
      if (phrases()[p].parent < 0 && !phrases()[p].relative) top.push_back(p);
    }
    size_t run = 0;  // Begin of the run of phrases with only commas between them.
    for (size_t k = 1; k < top.size(); ++k) {
      const NounPhrase& a = phrases()[top[k - 1]];
      const NounPhrase& b = phrases()[top[k]];
      const int32_t from = a.tokens.end;
      int32_t to = b.tokens.begin;
      if (b.preposition == to - 1 && b.preposition >= from) --to;
      const bool comma = to - from == 1 && Is(from, ",");
      const bool coordinator = to - from >= 1 && to - from <= 3 && IsCoordination(from, to);
      if (coordinator && SameRank(a, b)) {
        const int32_t number = static_cast<int32_t>(top[run]);
        for (size_t m = run; m <= k; ++m) phrases()[top[m]].coordination = number;
        continue;
      }
      if (!comma || !SameRank(a, b)) run = k;
    }
  }

  bool IsCoordination(int32_t from, int32_t to) const {
    const auto& coordinators = chunker_.grammar_->coordinators;
    if (PosOf(from) == Pos::kCoordinator || coordinators.contains(Text(from))) {
      return to - from == 1 || (to - from == 2 && PosOf(from + 1) == Pos::kAdverb);
    }
    // "sowohl A als auch B", with or without a comma.
    if (Text(from) == ",") ++from;
    return to - from == 2 &&
           coordinators.contains(std::string(Text(from)) + " " + std::string(Text(from + 1)));
  }

  void FindAntecedent(size_t first, size_t relative) {
    NounPhrase& pronoun = phrases()[relative];
    int32_t comma = pronoun.tokens.begin - 1;
    if (comma > sentence_begin_ && PosOf(comma) == Pos::kAdposition) --comma;
    const uint32_t wanted_number = pronoun.morphology.bits & Morphology::kNumbers;
    const uint32_t wanted_gender = pronoun.morphology.bits & Morphology::kGenders;
    // Phrases that end at the comma, the inner one last: the innermost that agrees is the nearest.
    int32_t best = -1;
    for (size_t p = relative; p-- > first && relative - p < 16;) {
      const NounPhrase& candidate = phrases()[p];
      if (candidate.tokens.end != comma || candidate.kind == PhraseKind::kPronoun) continue;
      const uint32_t number = candidate.morphology.bits & Morphology::kNumbers;
      const uint32_t gender = candidate.morphology.bits & Morphology::kGenders;
      if (number != 0 && (number & wanted_number) == 0) continue;
      const bool plural_both =
          (number & Morphology::kPlural) && (wanted_number & Morphology::kPlural);
      if (!plural_both && gender != 0 && wanted_gender != 0 && (gender & wanted_gender) == 0) {
        continue;
      }
      // "der Führer des Landes, der ...": a person does things rather than the place inside.
      if (best < 0) {
        best = static_cast<int32_t>(p);
        if (!candidate.classes.Has(kPlaceClasses)) break;
      } else if (candidate.classes.Has(kPersonClasses)) {
        best = static_cast<int32_t>(p);
        break;
      }
    }
    pronoun.antecedent = best;
  }

  const NounPhraseChunker& chunker_;
  const Lexicon& lexicon_;
  const AnnotatedDocument& doc_;
  NounPhrases result_;
  std::vector<bool> in_time_;       ///< By token.
  std::vector<int32_t> entity_;     ///< Entity of each token, -1 = none.
  std::vector<int32_t> quote_end_;  ///< Closing mark of a pair, at its opening mark.
  int32_t sentence_ = 0;
  int32_t sentence_begin_ = 0;
  int32_t limit_ = 0;
  bool passive_ = false;  ///< "werden" and a participle stand in it: a von-phrase may be the agent.
};

NounPhrases NounPhraseChunker::Chunk(const AnnotatedDocument& document) const {
  return Run(*this, document).Work();
}

}  // namespace lagebild::extract
