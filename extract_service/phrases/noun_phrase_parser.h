#ifndef LAGEBILD_EXTRACT_SERVICE_PHRASES_NOUN_PHRASE_PARSER_H_
#define LAGEBILD_EXTRACT_SERVICE_PHRASES_NOUN_PHRASE_PARSER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "extract_service/phrases/noun_phrases.h"
#include "extract_service/phrases/phrase_grammar.h"
#include "extract_service/phrases/words.h"

namespace lagebild::extract {

/// Finds the noun phrases of one document; the work of NounPhraseChunker::Chunk().
///
/// A phrase is parsed from left to right: determiner, premodifiers, head (with title and name),
/// then attributes, each a phrase of its own. Every look-ahead is bounded.
class NounPhraseParser {
 public:
  /// All must outlive the parser.
  NounPhraseParser(const NounPhraseChunker& chunker, const PhraseGrammar& grammar,
                   const Lexicon& lexicon, const AnnotatedDocument& document);

  /// To be called once.
  NounPhrases Work();

 private:
  // Look-ahead limits: what keeps the work linear on any input.
  static constexpr int32_t kMaxPremodifiers = 14;
  static constexpr int32_t kMaxNameTokens = 10;
  static constexpr int32_t kMaxPhraseTokens = 60;
  static constexpr int32_t kMaxBracketTokens = 8;
  static constexpr int32_t kMaxOfficeTokens = 14;
  static constexpr int32_t kMaxSaxonAdjectives = 3;
  static constexpr int kMaxDepth = 5;

  static size_t Index(int32_t i) { return static_cast<size_t>(i); }
  std::vector<NounPhrase>& phrases() { return result_.phrases_; }
  const Token& Tok(int32_t i) const { return doc_.tokens[Index(i)]; }
  std::string_view Text(int32_t i) const { return doc_.TokenText(i); }
  Pos PosOf(int32_t i) const { return Tok(i).pos; }
  bool Is(int32_t i, std::string_view text) const { return i < limit_ && Text(i) == text; }
  bool IsVerb(int32_t i) const {
    return i < limit_ && (PosOf(i) == Pos::kVerb || PosOf(i) == Pos::kAuxiliary);
  }
  EntityLabel LabelAt(int32_t i) const {
    const int32_t entity = entity_[Index(i)];
    return entity < 0 ? EntityLabel::kUnspecified : doc_.entities[Index(entity)].label;
  }
  bool IsParticle(int32_t i) const { return grammar_.particles.contains(Text(i)); }
  static void Narrow(Agreement* agreement, Agreement of_noun) {
    const Agreement narrowed = *agreement & of_noun;
    if (narrowed != 0) *agreement = narrowed;
  }
  bool IsApproximator(int32_t i) const {
    return Text(i).size() < 24 && grammar_.approximators.contains(LowerCase(Text(i)));
  }
  bool IsMeasure(int32_t p) const { return grammar_.measures.contains(Text(p)); }
  int32_t End(int32_t phrase) const { return result_.phrases_[Index(phrase)].tokens.end; }
  bool IsNounOrAdjective(int32_t q) const { return IsNounLike(q) || IsAdjective(q); }
  /// The preposition that governs a phrase that begins at a token; -1 = none.
  int32_t PrepositionBefore(int32_t i) const;

  // noun_phrase_words.cc: what a word is.
  bool IsNounLike(int32_t i) const;
  bool IsAdjective(int32_t i) const;
  const Determiner* DeterminerAt(int32_t i) const;
  static const Pronoun* FindPronoun(const WordMap<Pronoun>& table, std::string_view word);
  /// Whether a word is a name in the genitive: something known with an "s" at its end.
  bool IsGenitiveName(int32_t i) const;
  /// "Müllers" is a name by itself and the genitive of one: right before a noun it is the latter.
  bool MayBeGenitiveName(int32_t i) const;
  /// "Xandus Meinung", "Bergs Meinung": a word in "s" that no dictionary has or has as a genitive
  /// alone, right before a noun.
  bool IsGenitiveBeforeNoun(int32_t i) const;
  /// Whether a word is a common noun or ends in one ("Beobachtungsstelle").
  bool EndsInNoun(int32_t i) const;
  bool IsNameToken(int32_t i) const;
  /// End of the name that begins at i: its entity, else the run of proper nouns, with particles
  /// ("von der", "al") between them.
  int32_t NameEnd(int32_t i) const;
  /// End of a quoted name that begins with the opening mark at i ("Washington Post" in quotation
  /// marks): the closing mark's token, -1 when it is none.
  int32_t QuotedNameEnd(int32_t i) const;
  /// Morphology of a noun; of a compound that no dictionary has, that of its last part.
  Morphology NounMorphology(int32_t i) const;
  /// Readings of the last part of a compound.
  Morphology HeadReadings(std::string_view noun) const;
  /// Agreement of a noun, reading by reading: "Patienten" is no nominative in the singular.
  Agreement NounAgreement(int32_t i) const;
  /// A common noun although the tagger calls it a name ("Präsident", "Gazal-Beauftragte").
  bool CommonOffice(int32_t p) const;
  /// "der Oberste Gerichtshof": an adjective that a body's name writes like a noun.
  bool IsCapitalAdjective(int32_t p) const;
  /// The name at p is itself the genitive opening the next phrase ("... Polizei Sandaus Chef").
  bool IsSaxonBefore(int32_t p) const;

  // noun_phrase_heads.cc: from the determiner to the head and its name.
  /// Parses the phrase that begins at p (behind its preposition, if any; at a contraction, with
  /// it). Appends it and its attributes; -1 when none begins here.
  int32_t Parse(int32_t p, int depth, int32_t preposition, bool attributes = true);
  /// The tagger said pronoun; a noun that agrees right behind says determiner.
  bool DeterminerByContext(int32_t q) const;
  bool BeforeDativeAttribute(int32_t q) const;
  bool SaxonGenitive(int32_t* q, int32_t self);
  /// Reads premodifiers from *p on; false when no noun can follow.
  bool Premodifiers(int32_t* p, bool has_determiner, int depth, int32_t self);
  bool LooksLikeNounBehind(int32_t q) const;
  /// Reads "von der Zeitung veröffentlichte" (from the preposition on) or "der Agentur
  /// vorliegenden" (from the article on) up to the participle.
  bool ExtendedAttribute(int32_t* q, int depth, int32_t self);
  /// Whether such an attribute opens at a token: "einer" of "einer von Forschern gezeigten Karte"
  /// is no pronoun.
  bool BeforeExtendedAttribute(int32_t token, int depth, int32_t self);
  /// A word that no list has and whose last part is a noun ("Digitalverband").
  bool IsUnknownCompound(int32_t token) const;
  /// Reads head noun, title and name from *q on.
  bool ReadHead(int32_t* q, NounPhrase* phrase, Agreement* agreement);
  void Finish(NounPhrase* phrase, Agreement* agreement, int32_t head, WordClass classes,
              int32_t end, int32_t* q) const;

  // noun_phrase_attributes.cc: what stands behind the head.
  void ReadAttributes(int32_t self, int depth);
  void ReadEachAttribute(int32_t self, int depth);
  /// "der Leiter der Behörde Anna Berg": the name of whom the head noun says the office of.
  bool NameBehindAttribute(int32_t self);
  void Attach(int32_t child, int32_t self, PhraseRelation relation);
  bool Bracket(int32_t self);
  bool Genitive(int32_t self, int depth);
  bool IsPartitive(const NounPhrase& phrase) const;
  /// "der Sprecher der Polizei und der Feuerwehr": a second attribute of the same kind.
  void CoordinatedAttribute(int32_t self, int32_t child, int depth);
  bool Prepositional(int32_t self, int depth);
  bool CommaApposition(int32_t self, int depth);
  /// Where roles that go on from a token to the closing comma or the sentence's end stop ("... und
  /// Vorsitzende des Verbands,"); -1 where nothing closes them or somebody else is joined.
  int32_t EndOfRoles(int32_t from) const;
  /// Whether what is joined is another role of the same person ("und Vorsitzende", "und seit dieser
  /// Woche Vorsitzende").
  bool IsRoleBehind(int32_t coordinator) const;
  /// "Anna Berg, einst Diplomatin in fremden Diensten, rät": a role with all that is said of it up
  /// to the closing comma, where it has more than what CommaApposition() reads.
  bool RoleBetweenCommas(int32_t self, int depth);
  /// "die Vorsitzende im Hauptverband der Träger, Anna Berg,": whether a name between commas
  /// follows a phrase for a person and the words that say of what it is the office.
  bool NamesPersonBehind(int32_t self) const;
  /// "Angeklagte": an adjective as a noun, in a form that is a plural without an article only.
  bool IsNominalisedStrong(int32_t token) const;
  /// Whether a word in small letters can be an adjective.
  bool IsWrittenAsAdjective(std::string_view word) const;
  /// "die [Grüne] australische Senatorin": an adjective of a party's name before another one.
  bool IsAdjectiveBeforeAdjective(int32_t token) const;
  /// "Angeklagte", "38-Jährige": an adjective that is the head of its phrase.
  bool IsNominalisedAdjective(int32_t token) const;
  /// Whether a participle closes the clause.
  bool IsLastParticiple(int32_t token) const;
  /// Whether "werden" and a participle stand between the marks around a token: a von-phrase may be
  /// the agent.
  bool InPassive(int32_t i) const;

  // noun_phrase_sentences.cc: phrases of a sentence and how they belong together.
  void ChunkSentence(int32_t s);
  /// A name in quotation marks that stands alone ("„Der Tag“ berichtet").
  bool ShortQuotedName(int32_t open) const;
  int32_t ChunkAt(int32_t i);
  /// Whether a token is the second word of "vor allem".
  bool EndsFocusParticle(int32_t token) const;
  /// "einer der Männer", "zwei der Verletzten", "viele von ihnen": the end of a phrase whose head
  /// picks some of those that its attribute names; -1 when none begins here.
  int32_t Partitive(int32_t i);
  void PushPronoun(int32_t i, const Pronoun& pronoun);
  bool SameRank(const NounPhrase& a, const NounPhrase& b) const;
  /// Numbers the phrases of each "A, B und C" alike.
  void Coordinate(size_t first);
  bool IsCoordination(int32_t from, int32_t to) const;
  /// "der Präsident des Vereins und Abgeordnete Anna Berg": one article for two offices of one
  /// person, who is named behind the second.
  bool IsOneWithTwoOffices(const NounPhrase& a, const NounPhrase& b) const;
  void FindAntecedent(size_t first, size_t relative);

  const NounPhraseChunker& chunker_;
  const PhraseGrammar& grammar_;
  const Lexicon& lexicon_;
  const AnnotatedDocument& doc_;
  NounPhrases result_;
  std::vector<bool> in_time_;       ///< By token.
  std::vector<int32_t> entity_;     ///< Entity of each token, -1 = none.
  std::vector<int32_t> quote_end_;  ///< Closing mark of a pair, at its opening mark.
  int32_t sentence_ = 0;
  int32_t sentence_begin_ = 0;
  int32_t limit_ = 0;
  int32_t named_behind_ = -1;  ///< Phrase being read whose NamesPersonBehind() holds, -1 = none.
};

// What is asked of every word.

inline bool NounPhraseParser::IsNounLike(int32_t i) const {
  if (i >= limit_) return false;
  const Token& t = Tok(i);
  if (entity_[Index(i)] >= 0 && (t.kind == TokenKind::kWord || t.kind == TokenKind::kNumber)) {
    return true;
  }
  if (t.kind != TokenKind::kWord) return false;
  if (t.pos == Pos::kNoun || t.pos == Pos::kProperNoun) return true;
  // "VW-Finanzvorstand" as a numeral: what no list has is tagged by its looks.
  return t.capitalized &&
         (t.pos == Pos::kUnknown || t.pos == Pos::kOther || (t.pos == Pos::kNumeral && !t.known));
}

inline bool NounPhraseParser::IsAdjective(int32_t i) const {
  if (i >= limit_ || entity_[Index(i)] >= 0) return false;
  const Token& t = Tok(i);
  if (t.kind == TokenKind::kNumber) return true;
  if (t.kind != TokenKind::kWord) return false;
  // "Die Firma erwirtschaftet Überschüsse": a verb form that the tagger took for an adjective has
  // no ending.
  const bool verb_form = t.pos == Pos::kAdjective && t.morphology.Has(Morphology::kFinite) &&
                         Text(i).ends_with("t") && i + 1 < limit_ && IsNounLike(i + 1);
  if (verb_form) return false;
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

inline const Determiner* NounPhraseParser::DeterminerAt(int32_t i) const {
  if (i >= limit_ || Tok(i).kind != TokenKind::kWord || entity_[Index(i)] >= 0) return nullptr;
  const std::string_view word = Text(i);
  // "Das sei falsch, meinen Experten".
  if (word.size() > 16 || Tok(i).pos == Pos::kVerb) return nullptr;
  const auto& table = grammar_.determiners;
  const auto it = Tok(i).capitalized ? table.find(LowerCase(word)) : table.find(word);
  return it == table.end() ? nullptr : &it->second;
}

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PHRASES_NOUN_PHRASE_PARSER_H_
