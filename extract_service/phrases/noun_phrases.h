#ifndef LAGEBILD_EXTRACT_SERVICE_PHRASES_NOUN_PHRASES_H_
#define LAGEBILD_EXTRACT_SERVICE_PHRASES_NOUN_PHRASES_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// What a noun phrase refers with.
enum class PhraseKind : uint8_t {
  kPronoun,  ///< "er", "dieser", a relative "der": always one token.
  kName,     ///< A proper name, with or without an office before it ("Kanzlerin Anna Berg").
  kNominal,  ///< A common noun without a name ("die Sprecherin der Polizei").
};

/// How a phrase hangs on the phrase around it.
enum class PhraseRelation : uint8_t {
  kNone,      ///< It stands by itself.
  kGenitive,  ///< "der Ukraine" in "der Präsident der Ukraine"; "Russlands" in "Russlands Chef".
  kPrepositional,  ///< "Gazal" in "die Regierung von Gazal"; the preposition is `preposition`.
  kApposition,     ///< "Anna Berg" in "die Sprecherin, Anna Berg,".
  kModifier,  ///< Inside an extended attribute: "der Post" in "das von der Post gezeigte Bild".
};

/// A noun phrase of one sentence.
struct NounPhrase {
  /// The whole phrase as a speaker's span wants it: article, attributes, title, name, apposition,
  /// party in brackets, genitives and von-PPs. No preposition before it, no relative clause, no
  /// time, no comma that closes an apposition.
  TokenRange tokens;
  /// Article to head noun or name, without genitives, PPs, brackets and comma appositions behind.
  TokenRange core;
  /// Tokens of the proper name inside `core` (quotation marks left out); empty when it has none.
  TokenRange name;
  int32_t head = -1;        ///< Head noun; of a bare name its last token.
  int32_t determiner = -1;  ///< Article or other determiner; -1 = none.
  int32_t preposition =
      -1;                 ///< Preposition that governs the phrase (also of attributes); -1 = none.
  int32_t sentence = -1;  ///< Index into sentences().
  PhraseKind kind = PhraseKind::kNominal;
  PhraseRelation relation = PhraseRelation::kNone;
  int32_t parent = -1;         ///< Index of the phrase it is an attribute of; -1 = none.
  int32_t coordination = -1;   ///< Phrases joined by "und", commas... share a number; -1 = none.
  bool definite = false;       ///< Definite article, demonstrative, possessive or a bare name.
  bool possessive = false;     ///< "seine Regierung": somebody's, not the one spoken of.
  bool relative = false;       ///< A relative pronoun; `antecedent` says of which phrase.
  bool demonstrative = false;  ///< A pronoun that points to what was named last ("dieser").
  int32_t antecedent = -1;     ///< Of a relative pronoun: index of its phrase; -1 = not found.
  /// Gender, number and case as far as article, adjectives and head agree on them, and the person
  /// of a pronoun.
  Morphology morphology;
  WordClass classes;  ///< Of the head noun; of a compound's last part when the whole is unknown.
};

/// All noun phrases of a document, attributes included, in the order of their first tokens (an
/// outer phrase before those in it). Immutable and thread-safe.
class NounPhrases {
 public:
  const std::vector<NounPhrase>& all() const { return phrases_; }
  const NounPhrase& operator[](int32_t phrase) const {
    return phrases_[static_cast<size_t>(phrase)];
  }
  int32_t size() const { return static_cast<int32_t>(phrases_.size()); }

  /// Indexes [first, last) of the phrases of a sentence.
  std::pair<int32_t, int32_t> InSentence(int32_t sentence) const;

  /// Outermost phrase whose `tokens` contain the token, -1 = none.
  int32_t Outermost(int32_t token) const;
  /// Innermost phrase whose `tokens` contain the token, -1 = none.
  int32_t Innermost(int32_t token) const;

  /// Members of the coordination a phrase stands in, in text order; only itself when in none.
  std::vector<int32_t> Conjuncts(int32_t phrase) const;
  /// From the first to the last token of its coordination.
  TokenRange CoordinationRange(int32_t phrase) const;

 private:
  friend class NounPhraseParser;
  std::vector<NounPhrase> phrases_;
  std::vector<int32_t> sentence_begin_;  ///< First phrase of each sentence, and one past the end.
  std::vector<int32_t> outermost_;       ///< By token.
  std::vector<int32_t> innermost_;       ///< By token.
};

struct PhraseGrammar;

/// Finds noun phrases: one for each stage, built once.
///
/// Reads tokens, tags, sentences, quotations, times and entities. Chunk() is linear in the number
/// of tokens: every look-ahead is bounded. Immutable and thread-safe after construction.
class NounPhraseChunker {
 public:
  /// Keeps a reference to the lexicon, which must outlive the chunker. Reads the tables
  /// "determiners", "pronouns" and "phrase_words"; what a lexicon lacks is not found, nothing
  /// fails.
  explicit NounPhraseChunker(const Lexicon& lexicon);
  ~NounPhraseChunker();

  NounPhrases Chunk(const AnnotatedDocument& document) const;

  /// Word classes of a noun token: its own and its lemma's, else those of its last part
  /// ("Armeesprecherin" -> "Sprecherin").
  WordClass NounClasses(const AnnotatedDocument& document, int32_t token) const;

 private:
  WordClass LookUpClasses(std::string_view text, const Token& token) const;
  /// Whether a noun comes for men and for women ("Betreiber", "Betreiberin"): then it is somebody.
  bool HasFeminine(std::string_view text, const Token& token) const;

  const Lexicon& lexicon_;
  std::unique_ptr<const PhraseGrammar> grammar_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PHRASES_NOUN_PHRASES_H_
