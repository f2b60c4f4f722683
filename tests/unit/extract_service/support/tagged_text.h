#ifndef LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TAGGED_TEXT_H_
#define LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TAGGED_TEXT_H_

#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// The lexicon of the build; ends the test program when there is none.
inline const Lexicon& BuiltLexicon() {
  static const std::unique_ptr<const Lexicon> lexicon = [] {
    auto opened = Lexicon::Open(std::string(LAGEBILD_BINARY_DIR) + "/share/lagebild/de.lexicon");
    if (!opened.ok()) std::abort();
    return *std::move(opened);
  }();
  return *lexicon;
}

/// A document from words with their tags, so that a test does not hang on the tagger: blanks
/// between words, "/" and a letter behind each: N noun, E proper noun, D determiner, A adjective, V
/// verb, X auxiliary, P pronoun, R preposition, C coordinator, B adverb, M number, O opening
/// quotation mark, Q closing, "." punctuation. Morphology, lemma and classes come from the lexicon.
/// "[PER",
/// "[ORG", "[LOC", "[MISC" open an entity, "]" closes it; "|" ends a sentence.
inline AnnotatedDocument TaggedText(const std::string& tagged) {
  static const std::map<char, Pos> kPos = {
      {'N', Pos::kNoun},        {'E', Pos::kProperNoun}, {'D', Pos::kDeterminer},
      {'A', Pos::kAdjective},   {'V', Pos::kVerb},       {'X', Pos::kAuxiliary},
      {'P', Pos::kPronoun},     {'R', Pos::kAdposition}, {'C', Pos::kCoordinator},
      {'B', Pos::kAdverb},      {'M', Pos::kNumeral},    {'O', Pos::kPunctuation},
      {'Q', Pos::kPunctuation}, {'.', Pos::kPunctuation}};
  static const std::map<std::string, EntityLabel> kLabels = {{"[PER", EntityLabel::kPerson},
                                                             {"[ORG", EntityLabel::kOrganization},
                                                             {"[LOC", EntityLabel::kLocation},
                                                             {"[MISC", EntityLabel::kMisc}};
  std::string text;
  std::vector<Token> tokens;
  std::vector<Sentence> sentences;
  std::vector<Entity> entities;
  std::vector<Quotation> quotations;
  std::vector<int32_t> open_quotes;
  Entity entity;
  int32_t sentence_begin = 0;
  const auto count = [&] { return static_cast<int32_t>(tokens.size()); };
  const auto end_sentence = [&] {
    if (count() == sentence_begin) return;
    Sentence sentence;
    sentence.tokens = {sentence_begin, count()};
    sentence.span = {tokens[static_cast<size_t>(sentence_begin)].span.begin,
                     tokens.back().span.end};
    for (int32_t i = sentence_begin; i < count(); ++i) {
      tokens[static_cast<size_t>(i)].sentence = static_cast<int32_t>(sentences.size());
    }
    sentences.push_back(sentence);
    sentence_begin = count();
  };
  std::istringstream words(tagged);
  for (std::string word; words >> word;) {
    if (word == "|") {
      end_sentence();
    } else if (kLabels.count(word) > 0) {
      entity.label = kLabels.at(word);
      entity.tokens.begin = count();
      entity.confidence = 0.9;
    } else if (word == "]") {
      entity.tokens.end = count();
      entity.span = {tokens[static_cast<size_t>(entity.tokens.begin)].span.begin,
                     tokens.back().span.end};
      entities.push_back(entity);
    } else {
      const size_t slash = word.rfind('/');
      const std::string form = word.substr(0, slash);
      const char tag = word[slash + 1];
      if (!text.empty()) text += ' ';
      Token token;
      token.span = {static_cast<int32_t>(text.size()),
                    static_cast<int32_t>(text.size() + form.size())};
      text += form;
      token.pos = kPos.at(tag);
      token.space_before = true;
      const auto first = static_cast<unsigned char>(form[0]);
      token.capitalized =
          (first >= 'A' && first <= 'Z') ||
          (form[0] == '\xc3' && form.size() > 1 && static_cast<unsigned char>(form[1]) < 0x9f);
      token.kind = tag == 'O'                     ? TokenKind::kOpeningQuote
                   : tag == 'Q'                   ? TokenKind::kClosingQuote
                   : tag == '.'                   ? TokenKind::kPunctuation
                   : tag == 'M' && form[0] <= '9' ? TokenKind::kNumber
                                                  : TokenKind::kWord;
      if (tag == 'O') open_quotes.push_back(count());
      std::string looked_up = form;
      auto entry = BuiltLexicon().Find(form);
      if (!entry && count() == sentence_begin && token.capitalized && form[0] != '\xc3') {
        looked_up[0] = static_cast<char>(looked_up[0] | 0x20);
        entry = BuiltLexicon().Find(looked_up);
      }
      if (entry) {
        token.known = !entry->analyses.empty() || entry->classes.bits != 0;
        token.classes = entry->classes;
        for (const Analysis& analysis : entry->analyses) {
          if (analysis.pos != token.pos) continue;
          token.morphology.bits |= analysis.morphology.bits;
          if (token.lemma == Token::kNoLemma) token.lemma = analysis.lemma;
        }
      }
      tokens.push_back(token);
      if (tag == 'Q' && !open_quotes.empty()) {
        Quotation quotation;
        quotation.tokens = {open_quotes.back(), count()};
        quotations.push_back(quotation);
        open_quotes.pop_back();
      }
    }
  }
  end_sentence();
  AnnotatedDocument document(text, DeclaredMetadata{});
  document.language = "de";
  document.tokens = std::move(tokens);
  document.sentences = std::move(sentences);
  document.entities = std::move(entities);
  document.quotations = std::move(quotations);
  return document;
}

}  // namespace lagebild::extract

#endif  // LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_TAGGED_TEXT_H_
