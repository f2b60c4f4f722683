#include "extract_service/claims/source_links.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"
#include "extract_service/actors/actor_index.h"

namespace lagebild::extract {
namespace {

/// How many sentences back the claims lie that a sentence on their sources is about.
constexpr int32_t kReach = 4;
/// How far from its verb the preposition stands, in tokens.
constexpr int32_t kMaxDistance = 12;

constexpr uint32_t kActorClasses = WordClass::kOffice | WordClass::kPersonNoun |
                                   WordClass::kOrganizationNoun | WordClass::kMediaNoun |
                                   WordClass::kGroupNoun;

/// The work on one document.
class Linker {
 public:
  Linker(const NounPhrases& phrases, AnnotatedDocument& document)
      : phrases_(phrases), document_(document), actors_(document) {
    for (size_t c = 0; c < document.claims.size(); ++c) {
      const Claim& claim = document.claims[c];
      if (claim.content.empty()) continue;
      const auto token = std::partition_point(
          document.tokens.begin(), document.tokens.end(),
          [&](const Token& t) { return t.span.end <= claim.content.front().begin; });
      if (token == document.tokens.end()) continue;
      by_sentence_.emplace_back(token->sentence, c);
    }
    std::stable_sort(by_sentence_.begin(), by_sentence_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  /// The phrase behind the preposition nearest to the verb, -1 = none.
  int32_t Source(int32_t verb, std::string_view preposition, int32_t first, int32_t last) const {
    const int32_t sentence = document_.tokens[static_cast<size_t>(verb)].sentence;
    for (int32_t t = std::max(first, 0);
         t < last && static_cast<size_t>(t) + 1 < document_.tokens.size(); ++t) {
      const Token& token = document_.tokens[static_cast<size_t>(t)];
      if (token.sentence != sentence || document_.TextOf(token) != preposition) continue;
      const int32_t phrase = phrases_.Outermost(t + 1);
      if (phrase >= 0 && phrases_[phrase].preposition == t) return phrase;
    }
    return -1;
  }

  /// The statements of the verb's subject rest on a source.
  void Rest(int32_t verb, int32_t source, Relation relation) {
    const int32_t sentence = document_.tokens[static_cast<size_t>(verb)].sentence;
    absl::InlinedVector<int32_t, 4> subjects;
    const auto [first, last] = phrases_.InSentence(sentence);
    for (int32_t p = first; p < last; ++p) {
      const NounPhrase& phrase = phrases_[p];
      if (phrase.preposition >= 0 || phrase.parent >= 0 || Near(p, source) ||
          (phrase.morphology.Has(Morphology::kCases) &&
           !phrase.morphology.Has(Morphology::kNominative))) {
        continue;
      }
      const int32_t actor = actors_.ActorOf(phrase.tokens);
      if (actor >= 0) subjects.push_back(actor);
    }
    const auto begin =
        std::lower_bound(by_sentence_.begin(), by_sentence_.end(), sentence - kReach,
                         [](const auto& entry, int32_t bound) { return entry.first < bound; });
    for (auto it = begin; it != by_sentence_.end() && it->first <= sentence; ++it) {
      Claim& claim = document_.claims[it->second];
      const bool theirs = std::any_of(subjects.begin(), subjects.end(), [&](int32_t actor) {
        return std::any_of(claim.chain.begin(), claim.chain.end(),
                           [actor](const Attribution& link) { return link.actor == actor; });
      });
      if (!theirs) continue;
      for (const int32_t phrase : phrases_.Conjuncts(source)) Link(phrase, relation, &claim);
    }
  }

  /// Who speaks has what the claims around the verb say from a source.
  void Learn(int32_t verb, int32_t source, Relation relation) {
    const NounPhrase& phrase = phrases_[source];
    if (!phrase.classes.Has(kActorClasses) && actors_.ActorOf(phrase.tokens) < 0) return;
    const Token& token = document_.tokens[static_cast<size_t>(verb)];
    const auto begin =
        std::lower_bound(by_sentence_.begin(), by_sentence_.end(), token.sentence,
                         [](const auto& entry, int32_t bound) { return entry.first < bound; });
    for (auto it = begin; it != by_sentence_.end() && it->first == token.sentence; ++it) {
      Claim& claim = document_.claims[it->second];
      const bool inside =
          std::any_of(claim.content.begin(), claim.content.end(), [&token](const Span& span) {
            return span.begin <= token.span.begin && token.span.end <= span.end;
          });
      if (inside) Link(source, relation, &claim);
    }
  }

 private:
  /// Whether a phrase is the source, in its coordination or inside of it.
  bool Near(int32_t phrase, int32_t source) const {
    return phrase == source || (phrases_[phrase].coordination >= 0 &&
                                phrases_[phrase].coordination == phrases_[source].coordination);
  }

  void Link(int32_t phrase, Relation relation, Claim* claim) const {
    const NounPhrase& source = phrases_[phrase];
    const std::vector<int32_t> actors =
        relation == Relation::kEvidence ? std::vector<int32_t>() : actors_.ActorsOf(source.tokens);
    if (!actors.empty()) {
      for (const int32_t actor : actors) Push({actor, Words(source), relation}, claim);
      return;
    }
    Push({-1, Words(source), relation}, claim);
  }

  struct Found {
    int32_t actor;
    Span span;
    Relation relation;
  };
  static void Push(const Found& found, Claim* claim) {
    for (const Attribution& link : claim->chain) {
      if (found.actor >= 0 ? link.actor == found.actor
                           : link.actor < 0 && link.span == found.span) {
        return;
      }
    }
    Attribution link;
    link.actor = found.actor;
    link.span = found.span;
    link.relation = found.relation;
    claim->chain.push_back(link);
  }

  Span Words(const NounPhrase& phrase) const { return document_.SpanOf(phrase.tokens); }

  const NounPhrases& phrases_;
  AnnotatedDocument& document_;
  const ActorIndex actors_;
  std::vector<std::pair<int32_t, size_t>> by_sentence_;  ///< Sentence, index of the claim.
};

}  // namespace

SourceLinks::SourceLinks(const Lexicon& lexicon) : lexicon_(lexicon) {
  const LexiconTable& table = lexicon.Table("source_verbs");
  for (size_t row = 0; row < table.size(); ++row) {
    Verb verb;
    verb.preposition = std::string(table.Cell(row, "preposition"));
    verb.learns = table.Cell(row, "role") == "learns";
    if (table.Cell(row, "relation") == "EVIDENCE") verb.relation = Relation::kEvidence;
    verbs_[std::string(table.Cell(row, "verb"))].push_back(std::move(verb));
  }
}

void SourceLinks::Add(const NounPhrases& phrases, AnnotatedDocument& document) const {
  if (document.claims.empty()) return;
  Linker linker(phrases, document);
  for (size_t t = 0; t < document.tokens.size(); ++t) {
    const Token& token = document.tokens[t];
    if (token.pos != Pos::kVerb || token.lemma == Token::kNoLemma || token.sentence < 0) continue;
    const std::string_view lemma = lexicon_.Lemma(token.lemma);
    const auto found = verbs_.find(lemma);
    if (found == verbs_.end()) continue;
    const auto at = static_cast<int32_t>(t);
    for (const Verb& verb : found->second) {
      // Behind the verb, or before it where the verb closes the clause.
      int32_t source = linker.Source(at, verb.preposition, at + 1, at + kMaxDistance);
      if (source < 0) source = linker.Source(at, verb.preposition, at - kMaxDistance, at);
      if (source < 0) continue;
      if (verb.learns) {
        linker.Learn(at, source, verb.relation);
      } else {
        linker.Rest(at, source, verb.relation);
      }
      break;
    }
  }
}

}  // namespace lagebild::extract
