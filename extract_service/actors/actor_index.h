#ifndef LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTOR_INDEX_H_
#define LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTOR_INDEX_H_

#include <cstdint>
#include <vector>

#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Finds the actor that a stretch of tokens refers to.
///
/// Built from a document's actors after stage "actors"; holds copies, so the document may change
/// afterwards as long as actors keep their indexes. Look-ups take logarithmic time plus the
/// mentions inside the range. Immutable and thread-safe after construction.
class ActorIndex {
 public:
  explicit ActorIndex(const AnnotatedDocument& document);

  /// The one actor a noun phrase names: of a mention that equals the range or begins in it and
  /// holds its head; the first mention in it that is not an attribute of another noun, else -1.
  /// "Angaben der Polizei" gives the police: a source noun that is no actor passes on to its
  /// genitive.
  int32_t ActorOf(const TokenRange& range) const;

  /// As ActorOf() where the head noun is known: only mentions that hold this token, then ActorOf().
  int32_t ActorOf(const TokenRange& range, int32_t head) const;

  /// Whether a mention of the actor lies in the range.
  bool Mentions(const TokenRange& range, int32_t actor) const;

  /// Whether the range names an actor and holds no more.
  bool IsName(const TokenRange& range) const;

  /// Whether words in the range stand for several actors at once ("die beiden Politiker").
  bool NamesSeveral(const TokenRange& range) const;

  /// All actors that a coordination names ("Anna Berg und die Polizei"), in text order, each once.
  /// Attributes of a mention ("die Polizei in Moskau") are left out,
  /// and so is what nothing joins to it ("Anna Berg vom Institut").
  std::vector<int32_t> ActorsOf(const TokenRange& range) const;

 private:
  struct Entry {
    TokenRange tokens;
    int32_t actor;
    bool name;  ///< A name and no noun or pronoun.
  };
  /// "Ulf Tann (ABC)": his party says nothing.
  bool InBrackets(const Entry& entry, const TokenRange& range) const;
  /// First entry that ends behind the token.
  size_t FirstEndingAfter(int32_t token) const;
  std::vector<Entry> entries_;    ///< Outermost first where two begin at the same token.
  std::vector<int32_t> max_end_;  ///< Largest end among the entries up to here.
  std::vector<bool> joins_;       ///< By token: a coordinator or a mark.
  std::vector<bool> bracketed_;   ///< By token: inside round brackets.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTOR_INDEX_H_
