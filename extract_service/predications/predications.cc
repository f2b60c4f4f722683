#include "extract_service/predications/predications.h"

#include <utility>

namespace lagebild::extract {
namespace {

constexpr size_t kLongestParticle = 10;

class Cutter {
 public:
  Cutter(const AnnotatedDocument& document, const Lexicon& lexicon, int32_t sentence)
      : document_(document), lexicon_(lexicon), sentence_(sentence) {}

  std::vector<Predication> Run() {
    const TokenRange tokens = Tokens();
    int32_t begin = tokens.begin;
    for (int32_t i = tokens.begin; i < tokens.end; ++i) {
      if (IsBoundary(i)) {
        CutAtCoordinators({begin, i});
        begin = i + 1;
      }
    }
    CutAtCoordinators({begin, tokens.end});
    return std::move(clauses_);
  }

 private:
  TokenRange Tokens() const { return document_.sentences[static_cast<size_t>(sentence_)].tokens; }

  const Token& At(int32_t token) const { return document_.tokens[static_cast<size_t>(token)]; }

  bool IsBoundary(int32_t token) const {
    const TokenKind kind = At(token).kind;
    if (kind == TokenKind::kOpeningQuote || kind == TokenKind::kClosingQuote) return true;
    if (kind != TokenKind::kPunctuation) return false;
    const std::string_view mark = document_.TokenText(token);
    // A hyphen inside a range ("3-4") joins.
    if (mark == "-" || mark == "–" || mark == "—") return At(token).space_before;
    // The stop of an ordinal ("am 3. Mai") and a stroke cut nothing; the sentence's last stop does.
    return mark != "/" && (mark != "." || token + 1 == Tokens().end);
  }

  bool IsVerb(int32_t token) const {
    const Pos pos = At(token).pos;
    return pos == Pos::kVerb || pos == Pos::kAuxiliary || Participle(token) != nullptr;
  }

  /// The participle reading of what the tagger takes for an adjective that stands in no noun
  /// phrase: "sollen geflohen sein". Null = it has none.
  const Analysis* Participle(int32_t token) const {
    if (At(token).pos != Pos::kAdjective || At(token).capitalized) return nullptr;
    const size_t next = static_cast<size_t>(token) + 1;
    if (next < document_.tokens.size() && document_.tokens[next].capitalized) return nullptr;
    const auto entry = lexicon_.Find(document_.TokenText(token));
    if (!entry) return nullptr;
    for (const Analysis& analysis : entry->analyses) {
      if (analysis.pos == Pos::kVerb && analysis.morphology.Has(Morphology::kParticiplePerfect)) {
        return &analysis;
      }
    }
    return nullptr;
  }

  bool IsParticiple(int32_t token) const {
    return Participle(token) != nullptr ||
           (IsVerb(token) && At(token).morphology.Has(Morphology::kParticiplePerfect));
  }

  // "sind getötet oder verwundet worden": two participles under one auxiliary.
  bool JoinsParticiples(int32_t coordinator, const TokenRange& range) const {
    return coordinator > range.begin && coordinator + 1 < range.end &&
           IsParticiple(coordinator - 1) && IsParticiple(coordinator + 1);
  }

  // Cuts "A tat x und B tat y" in two; "x und y" under one verb stays whole.
  void CutAtCoordinators(TokenRange range) {
    int32_t begin = range.begin;
    int32_t coordinator = -1;
    bool verb_before = false;
    bool verb_after = false;
    for (int32_t i = range.begin; i < range.end; ++i) {
      if (At(i).pos == Pos::kCoordinator && !JoinsParticiples(i, range)) {
        if (coordinator >= 0 && verb_before && verb_after) {
          Emit({begin, coordinator});
          begin = coordinator + 1;
          verb_after = false;
        } else if (coordinator >= 0) {
          verb_before = verb_before || verb_after;
          verb_after = false;
        }
        coordinator = i;
      } else if (IsVerb(i)) {
        (coordinator < 0 ? verb_before : verb_after) = true;
      }
    }
    if (coordinator >= 0 && verb_before && verb_after) {
      Emit({begin, coordinator});
      begin = coordinator + 1;
    }
    Emit({begin, range.end});
  }

  void Emit(TokenRange range) {
    if (range.empty()) return;
    Predication clause;
    clause.tokens = range;
    clause.sentence = sentence_;
    for (int32_t i = range.begin; i < range.end; ++i) {
      if (!IsVerb(i)) continue;
      PredicationVerb verb;
      verb.token = i;
      const Analysis* const participle = Participle(i);
      verb.morphology = participle == nullptr ? At(i).morphology : participle->morphology;
      verb.auxiliary = At(i).pos == Pos::kAuxiliary;
      const uint32_t lemma = participle == nullptr ? At(i).lemma : participle->lemma;
      if (lemma != Token::kNoLemma) verb.lemma = lexicon_.Lemma(lemma);
      clause.verbs.push_back(std::move(verb));
    }
    JoinParticle(clause);
    clauses_.push_back(std::move(clause));
  }

  // A separated prefix ends the clause: "bestellte den Gesandten ein".
  void JoinParticle(Predication& clause) const {
    const int32_t last = clause.tokens.end - 1;
    const Token& token = At(last);
    const std::string_view words = document_.TokenText(last);
    if (token.kind != TokenKind::kWord || token.capitalized || words.size() > kLongestParticle) {
      return;
    }
    for (PredicationVerb& verb : clause.verbs) {
      if (verb.token == last || verb.lemma.empty() || !verb.morphology.Has(Morphology::kFinite)) {
        continue;
      }
      std::string joined = std::string(words) + verb.lemma;
      if (lexicon_.FindLemma(joined)) {
        verb.lemma = std::move(joined);
        verb.particle = last;
        verb.auxiliary = false;
        return;
      }
    }
  }

  const AnnotatedDocument& document_;
  const Lexicon& lexicon_;
  const int32_t sentence_;
  std::vector<Predication> clauses_;
};

}  // namespace

std::vector<Predication> PredicationsOf(const AnnotatedDocument& document, const Lexicon& lexicon,
                                        int32_t sentence) {
  return Cutter(document, lexicon, sentence).Run();
}

std::string_view LemmaText(const AnnotatedDocument& document, const Lexicon& lexicon,
                           int32_t token) {
  const Token& at = document.tokens[static_cast<size_t>(token)];
  return at.lemma == Token::kNoLemma ? document.TokenText(token) : lexicon.Lemma(at.lemma);
}

}  // namespace lagebild::extract
