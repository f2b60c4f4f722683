#include "extract_service/phrases/noun_phrases.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "common/hash/hash.h"
#include "extract_service/phrases/noun_phrase_parser.h"
#include "extract_service/phrases/phrase_grammar.h"

namespace lagebild::extract {
namespace {

constexpr int kMaxCompoundParts = 3;

}  // namespace

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

NounPhraseChunker::NounPhraseChunker(const Lexicon& lexicon)
    : lexicon_(lexicon), grammar_(std::make_unique<PhraseGrammar>(lexicon)) {}

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
                        (t.capitalized ? uint64_t{1} << 31 : 0) ^
                        (static_cast<uint64_t>(t.pos) << 56);
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
  // "der Wiener", where it is the head.
  if (classes.Has(WordClass::kPlaceAdjective)) {
    classes.bits |= WordClass::kPersonNoun;
    return classes;
  }
  // Not every noun hands its class on: "Ausführung" is no "Führung". Nouns for groups do.
  bool hyphen = false;
  const auto inherit = [&classes, &hyphen](const LexiconEntry& entry) {
    const uint32_t mask = hyphen || entry.classes.Has(WordClass::kCompoundHead)
                              ? kActorClasses
                              : uint32_t{WordClass::kGroupNoun};
    classes.bits |= entry.classes.bits & mask;
  };
  std::string_view noun = text;
  // A group may turn out to be of experts, further down.
  constexpr uint32_t kAnyButGroup = kActorClasses & ~uint32_t{WordClass::kGroupNoun};
  for (int part = 0; part < kMaxCompoundParts && !classes.Has(kAnyButGroup); ++part) {
    const auto head = lexicon_.FindHead(noun);
    if (!head) break;
    // "Ex-Sozialminister": what stands behind a hyphen keeps its class.
    hyphen = head->begin > 0 && noun[head->begin - 1] == '-';
    inherit(head->entry);
    for (const Analysis& analysis : head->entry.analyses) {
      if (analysis.pos != Pos::kNoun) continue;
      if (const auto lemma = lexicon_.Find(lexicon_.Lemma(analysis.lemma))) inherit(*lemma);
    }
    // "Rundfunk-sender": the head is a compound of its own kind.
    if (!head->entry.classes.Has(kActorClasses)) break;
    noun.remove_prefix(head->begin);
  }
  if (!classes.Has(kActorClasses) && HasFeminine(text, t)) classes.bits |= WordClass::kPersonNoun;
  return classes;
}

bool NounPhraseChunker::HasFeminine(std::string_view text, const Token& t) const {
  if (t.pos != Pos::kNoun) return false;
  const auto is_noun = [this](const std::string& word, uint32_t gender) {
    const auto entry = lexicon_.Find(word);
    return entry && std::any_of(entry->analyses.begin(), entry->analyses.end(),
                                [&](const Analysis& analysis) {
                                  return analysis.pos == Pos::kNoun &&
                                         analysis.morphology.Has(gender) &&
                                         lexicon_.Lemma(analysis.lemma) == word;
                                });
  };
  const auto comes_for_both = [&](std::string lemma) {
    constexpr std::string_view kEnding = "in";
    if (!lemma.ends_with(kEnding)) {
      return is_noun(lemma, Morphology::kMasculine) &&
             is_noun(lemma + std::string(kEnding), Morphology::kFeminine);
    }
    lemma.resize(lemma.size() - kEnding.size());
    return is_noun(lemma, Morphology::kMasculine) || is_noun(lemma + "e", Morphology::kMasculine);
  };
  const std::string lemma(t.lemma != Token::kNoLemma ? lexicon_.Lemma(t.lemma) : text);
  if (comes_for_both(lemma)) return true;
  const auto head = lexicon_.FindHead(lemma);
  return head && !head->entry.analyses.empty() &&
         comes_for_both(std::string(lexicon_.Lemma(head->entry.analyses.front().lemma)));
}

NounPhrases NounPhraseChunker::Chunk(const AnnotatedDocument& document) const {
  return NounPhraseParser(*this, *grammar_, lexicon_, document).Work();
}

}  // namespace lagebild::extract
