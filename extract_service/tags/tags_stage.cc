#include "extract_service/tags/tags_stage.h"

#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "extract_service/tags/tagger.h"
#include "extract_service/tags/word_facts.h"

namespace lagebild::extract {
namespace {

constexpr uint32_t Bit(Pos pos) { return 1u << static_cast<unsigned>(pos); }

// Parts of speech whose readings serve when a word has none of the chosen one: the tagger knows
// "Petra lacht" from the context where the lexicon has a noun only.
uint32_t Related(Pos pos) {
  switch (pos) {
    case Pos::kNoun:
    case Pos::kProperNoun:
      return Bit(Pos::kNoun) | Bit(Pos::kProperNoun);
    case Pos::kVerb:
    case Pos::kAuxiliary:
      return Bit(Pos::kVerb) | Bit(Pos::kAuxiliary);
    case Pos::kAdjective:
    case Pos::kAdverb:
      return Bit(Pos::kAdjective) | Bit(Pos::kAdverb) | Bit(Pos::kVerb);
    case Pos::kPronoun:
    case Pos::kDeterminer:
      return Bit(Pos::kPronoun) | Bit(Pos::kDeterminer) | Bit(Pos::kAdjective);
    default:
      return 0;
  }
}

// Unites the readings with one of these parts of speech; of their lemmas the commonest counts.
bool TakeReadings(std::span<const Analysis> analyses, uint32_t pos_mask, const Lexicon& lexicon,
                  Token& token) {
  bool any = false;
  float best = 0;
  for (const Analysis& analysis : analyses) {
    if ((Bit(analysis.pos) & pos_mask) == 0) continue;
    token.morphology.bits |= analysis.morphology.bits;
    if (!any) {
      any = true;
      token.lemma = analysis.lemma;
      best = 1;  // Looked up when there is a second lemma.
    } else if (analysis.lemma != token.lemma) {
      const auto probability = [&lexicon](uint32_t lemma) {
        const std::optional<LexiconEntry> entry = lexicon.Find(lexicon.Lemma(lemma));
        return entry && entry->log_probability < 0 ? entry->log_probability : -30.0F;
      };
      if (best > 0) best = probability(token.lemma);
      const float other = probability(analysis.lemma);
      if (other > best) {
        best = other;
        token.lemma = analysis.lemma;
      }
    }
  }
  return any;
}

void TakeReadings(const WordFacts& facts, Pos pos, const Lexicon& lexicon, Token& token) {
  for (const uint32_t mask : {Bit(pos), Related(pos)}) {
    const bool written = TakeReadings(facts.analyses, mask, lexicon, token);
    const bool lower = TakeReadings(facts.lower_analyses, mask, lexicon, token);
    if (written || lower) return;
  }
  // A compound has the gender and number of its head, but no lemma that anything knows.
  if (pos == Pos::kNoun || pos == Pos::kProperNoun) {
    TakeReadings(facts.head_analyses, Bit(Pos::kNoun), lexicon, token);
    token.lemma = Token::kNoLemma;
  }
}

bool IsMark(const Token& token) {
  return token.kind != TokenKind::kWord && token.kind != TokenKind::kNumber &&
         token.kind != TokenKind::kSymbol;
}

// Whether a reading as a verb has all of these features.
bool MayBeVerb(const WordFacts& word, uint32_t features) {
  for (const std::span<const Analysis> analyses : {word.analyses, word.lower_analyses}) {
    for (const Analysis& analysis : analyses) {
      const bool verb = analysis.pos == Pos::kVerb || analysis.pos == Pos::kAuxiliary;
      if (verb && (analysis.morphology.bits & features) == features) return true;
    }
  }
  return false;
}

// "Die Gäste skandierten Parolen", "Das berichteten Zeugen": a past in "-ten" looks like an
// adjective before its noun, and a stretch without any finite verb shows that it is none. "die von
// Gästen skandierten Parolen" has a preposition right behind its article.
// Quotation marks are stepped over ("Gegenüber der Zeitung „Sonntag“ erklärte Berg").
void CorrectPasts(std::span<const Token> tokens, std::span<const WordFacts> words,
                  std::span<Pos> tags, std::vector<size_t>& places) {
  constexpr uint32_t kOblique = Morphology::kPlural | Morphology::kGenitive | Morphology::kDative;
  constexpr uint32_t kPast = Morphology::kPast | Morphology::kFinite;
  // Most sentences hold no such word.
  bool any = false;
  for (size_t i = 0; i < tokens.size() && !any; ++i) {
    any = tags[i] == Pos::kAdjective && words[i].lower && MayBeVerb(words[i], kPast);
  }
  if (!any) return;
  places.clear();
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::kOpeningQuote && tokens[i].kind != TokenKind::kClosingQuote) {
      places.push_back(i);
    }
  }
  for (size_t begin = 0; begin < places.size();) {
    size_t end = begin;
    size_t found = places.size();
    bool excluded = false;
    for (; end < places.size() && tags[places[end]] != Pos::kPunctuation; ++end) {
      const size_t at = places[end];
      // "Die Gäste skandierten Parolen und verlangten ...": what is coordinated has its own verb.
      if (tags[at] == Pos::kCoordinator && found < places.size() && !excluded) break;
      const bool verb = tags[at] == Pos::kVerb || tags[at] == Pos::kAuxiliary;
      excluded = excluded || (verb && MayBeVerb(words[at], Morphology::kFinite));
      // "..., so betonte Berg".
      const bool behind_so = end == begin + 1 && begin > 0 && tags[places[begin]] == Pos::kAdverb;
      if (end == begin || behind_so) {
        // "..., bekannte Anna Berg": no adjective stands between a mark and a bare name. "...,
        // berechneten Forscher": nor before those who speak.
        constexpr uint32_t kSpeakers =
            WordClass::kPersonNoun | WordClass::kOffice | WordClass::kGroupNoun;
        const bool name =
            end + 1 < places.size() && (tags[places[end + 1]] == Pos::kProperNoun ||
                                        words[places[end + 1]].classes.Has(kSpeakers));
        if (begin > 0 && name && tags[at] == Pos::kAdjective && words[at].lower &&
            MayBeVerb(words[at], kPast)) {
          found = end;
        }
        if (!behind_so || found == end) continue;
      }
      const Pos before = tags[places[end - 1]];
      excluded =
          excluded ||
          (tags[at] == Pos::kAdposition &&
           (before == Pos::kDeterminer || before == Pos::kAdposition || before == Pos::kPronoun));
      // "Das erklärte General Berg": no adjective of "das", which is another gender's.
      constexpr uint32_t kGenders = Morphology::kGenders;
      const size_t next = end + 1 < places.size() ? places[end + 1] : places.size();
      const bool other_gender =
          end == begin + 1 && before == Pos::kDeterminer && next < words.size() &&
          (tags[next] == Pos::kProperNoun ||
           (tags[next] == Pos::kNoun && (words[next].morphology & kGenders) != 0 &&
            (words[next].morphology & words[places[begin]].morphology & kGenders) == 0));
      if (found == places.size() && tags[at] == Pos::kAdjective && words[at].lower &&
          other_gender && MayBeVerb(words[at], kPast)) {
        found = end;
      }
      const bool closes = before == Pos::kNoun || before == Pos::kProperNoun ||
                          // "das" takes no adjective in "-en" before it.
                          (end == begin + 1 && before == Pos::kDeterminer &&
                           (words[places[begin]].morphology & kOblique) == 0);
      const bool quoted = at > places[end - 1] + 1;
      if (found == places.size() && tags[at] == Pos::kAdjective && words[at].lower && closes &&
          (MayBeVerb(words[at], kPast | Morphology::kPlural) ||
           (quoted && MayBeVerb(words[at], kPast)))) {
        found = end;
      }
    }
    if (!excluded && found < places.size()) tags[places[found]] = Pos::kVerb;
    begin = end + 1;
  }
}

// Makes adjectives of participles that were taken for pasts: "der erst kürzlich ernannte Bischof".
// Between an article and its noun stands no finite verb.
void CorrectParticiples(std::span<const Token> tokens, std::span<const WordFacts> words,
                        std::span<Pos> tags) {
  bool open = false;  // Behind an article with nothing but adverbs.
  for (size_t i = 0; i + 1 < tags.size(); ++i) {
    if (tags[i] == Pos::kDeterminer) {
      open = true;
    } else if (open && tags[i] == Pos::kVerb && words[i].lower && tags[i + 1] == Pos::kNoun &&
               tags[i - 1] != Pos::kDeterminer && MayBeVerb(words[i], Morphology::kPast) &&
               tokens[i + 1].capitalized) {
      tags[i] = Pos::kAdjective;
      open = false;
    } else {
      open = open && (tags[i] == Pos::kAdverb || tags[i] == Pos::kParticle);
    }
  }
}

// Makes verbs of possessives: "Experten meinen, ...", "..., meinen Experten". A possessive stands
// before what is had, and without a finite verb beside it "meinen" is one itself.
void CorrectPossessives(std::span<const WordFacts> words, std::span<Pos> tags) {
  constexpr uint32_t kVerb = Morphology::kFinite | Morphology::kPlural | Morphology::kPresent;
  const auto is_verb = [&](size_t i) {
    return tags[i] == Pos::kVerb || tags[i] == Pos::kAuxiliary;
  };
  const auto possessive = [&](size_t i) {
    const auto of_first = [](const Analysis& analysis) {
      return analysis.pos == Pos::kDeterminer && analysis.morphology.Has(Morphology::kFirst);
    };
    return (tags[i] == Pos::kDeterminer || tags[i] == Pos::kPronoun) && words[i].lower &&
           std::any_of(words[i].analyses.begin(), words[i].analyses.end(), of_first) &&
           MayBeVerb(words[i], kVerb);
  };
  for (size_t i = 1; i < tags.size(); ++i) {
    if (!possessive(i)) continue;
    const size_t next = i + 1;
    const bool opens = tags[i - 1] == Pos::kPunctuation;
    bool stands_alone = next == tags.size() || tags[next] == Pos::kPunctuation ||
                        tags[next] == Pos::kPronoun || tags[next] == Pos::kDeterminer;
    if (!stands_alone && opens && tags[next] == Pos::kNoun) {
      // "meinen Sohn" is had, "meinen Experten" may be who means it.
      const auto of_several = [](const Analysis& analysis) {
        return analysis.pos == Pos::kNoun && analysis.morphology.Has(Morphology::kPlural) &&
               analysis.morphology.Has(Morphology::kNominative);
      };
      stands_alone =
          std::any_of(words[next].analyses.begin(), words[next].analyses.end(), of_several);
    }
    if (!stands_alone && !opens) stands_alone = tags[next] == Pos::kAdverb;
    for (size_t t = i; t-- > 0 && tags[t] != Pos::kPunctuation && stands_alone;) {
      stands_alone = !is_verb(t);
    }
    for (size_t t = next; t < tags.size() && tags[t] != Pos::kPunctuation && stands_alone; ++t) {
      stands_alone = !is_verb(t);
    }
    if (stands_alone) tags[i] = Pos::kVerb;
  }
}

// A capital here need not mean a noun or name.
bool BeginsAfter(const Token& before, std::string_view text) {
  return before.kind == TokenKind::kOpeningQuote || text == ":" || text == "-" || text == "–";
}

}  // namespace

absl::StatusOr<TagsStage> TagsStage::Create(const Lexicon& lexicon) {
  absl::StatusOr<LinearModel> model = LinearModel::Find(lexicon, "tags", kTagCount);
  if (!model.ok()) return model.status();
  return TagsStage(lexicon, *std::move(model));
}

void TagsStage::Annotate(AnnotatedDocument& document) const {
  std::vector<Token>& tokens = document.tokens;
  std::vector<WordFactsCache::Query> queries;
  std::vector<WordFacts> facts;
  std::vector<Pos> tags;
  std::vector<size_t> places;
  WordFactsCache& cache = WordFactsCache::OfThread();
  TagScratch& scratch = TagScratch::OfThread();
  scratch.UseModel(lexicon_->content_hash());
  for (size_t begin = 0; begin < tokens.size();) {
    size_t end = begin;
    while (end < tokens.size() && tokens[end].sentence == tokens[begin].sentence) ++end;
    queries.clear();
    facts.clear();
    tags.clear();
    for (size_t i = begin; i < end; ++i) {
      const std::string_view text = document.TextOf(tokens[i]);
      const bool at_beginning = i == begin || tokens[i].line_start ||
                                BeginsAfter(tokens[i - 1], document.TextOf(tokens[i - 1]));
      queries.push_back(cache.Prepare(text, at_beginning));
      tags.push_back(IsMark(tokens[i]) ? Pos::kPunctuation : Pos::kUnknown);
    }
    for (const WordFactsCache::Query& query : queries) {
      facts.push_back(cache.Find(query, *lexicon_));
    }
    TagSentence(model_, facts, tags, scratch);
    CorrectPasts({tokens.data() + begin, end - begin}, facts, tags, places);
    CorrectParticiples({tokens.data() + begin, end - begin}, facts, tags);
    CorrectPossessives(facts, tags);
    for (size_t i = begin; i < end; ++i) {
      Token& token = tokens[i];
      const WordFacts& word = facts[i - begin];
      token.pos = tags[i - begin];
      // "ABC-abc-Chef": a noun, whatever it looks like.
      if (token.pos == Pos::kNumeral && !word.head_analyses.empty()) token.pos = Pos::kNoun;
      if (word.derived_adjective) token.pos = Pos::kAdjective;
      token.classes = word.classes;
      token.known = word.known;
      token.morphology = {};
      token.lemma = Token::kNoLemma;
      TakeReadings(word, token.pos, *lexicon_, token);
    }
    begin = end;
  }
}

}  // namespace lagebild::extract
