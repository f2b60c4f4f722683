#include "extract_service/phrases/phrase_grammar.h"

#include <array>
#include <string>
#include <string_view>

namespace lagebild::extract {
namespace {

DeterminerKind ParseDeterminerKind(std::string_view kind) {
  if (kind == "definite") return DeterminerKind::kDefinite;
  if (kind == "demonstrative") return DeterminerKind::kDemonstrative;
  if (kind == "possessive") return DeterminerKind::kPossessive;
  if (kind == "contraction") return DeterminerKind::kContraction;
  if (kind == "quantifier") return DeterminerKind::kQuantifier;
  return DeterminerKind::kIndefinite;
}

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

}  // namespace

PhraseGrammar::PhraseGrammar(const Lexicon& lexicon) {
  const LexiconTable& determiner_table = lexicon.Table("determiners");
  for (size_t row = 0; row < determiner_table.size(); ++row) {
    const std::string form(determiner_table.Cell(row, "form"));
    const std::string_view pattern = determiner_table.Cell(row, "pattern");
    const DeterminerKind kind = ParseDeterminerKind(determiner_table.Cell(row, "kind"));
    if (pattern == "strong") {
      for (const Ending& e : kStrongEndings) {
        determiners.emplace(form + std::string(e.ending), Determiner{kind, e.agreement});
      }
    } else if (pattern == "mixed") {
      for (const Ending& e : kMixedEndings) {
        determiners.emplace(form + std::string(e.ending), Determiner{kind, e.agreement});
      }
    } else {
      const Agreement agreement = ParseReadings(determiner_table.Cell(row, "readings"));
      determiners.emplace(form, Determiner{kind, agreement == 0 ? kAnyAgreement : agreement});
    }
  }
  const LexiconTable& pronoun_table = lexicon.Table("pronouns");
  for (size_t row = 0; row < pronoun_table.size(); ++row) {
    Pronoun pronoun;
    const std::string_view kind = pronoun_table.Cell(row, "kind");
    if (kind == "demonstrative") pronoun.kind = PronounKind::kDemonstrative;
    if (kind == "indefinite") pronoun.kind = PronounKind::kIndefinite;
    if (kind == "relative") pronoun.kind = PronounKind::kRelative;
    pronoun.agreement = ParseReadings(pronoun_table.Cell(row, "readings"));
    const std::string_view person = pronoun_table.Cell(row, "person");
    if (person == "1") pronoun.person = Morphology::kFirst;
    if (person == "2") pronoun.person = Morphology::kSecond;
    const std::string form(pronoun_table.Cell(row, "form"));
    (pronoun.kind == PronounKind::kRelative ? relatives : pronouns).emplace(form, pronoun);
  }
  const LexiconTable& word_table = lexicon.Table("phrase_words");
  for (size_t row = 0; row < word_table.size(); ++row) {
    const std::string form(word_table.Cell(row, "form"));
    const std::string_view kind = word_table.Cell(row, "kind");
    if (kind == "particle") particles.insert(form);
    if (kind == "measure") measures.insert(form);
    if (kind == "partitive") partitives.insert(form);
    if (kind == "passive") passives.insert(form);
    if (kind == "approximator") approximators.insert(form);
    if (const size_t blank = form.find(' '); kind == "focus" && blank != std::string::npos) {
      focus_particles.emplace(form.substr(blank + 1), form.substr(0, blank));
    }
    if (kind == "coordinator") coordinators.insert(form);
    if (kind == "of") prepositions.emplace(form, AttributePreposition::kOf);
    if (kind == "from") prepositions.emplace(form, AttributePreposition::kFrom);
    if (kind == "in") prepositions.emplace(form, AttributePreposition::kIn);
    if (kind == "for") prepositions.emplace(form, AttributePreposition::kFor);
    if (kind == "at") prepositions.emplace(form, AttributePreposition::kAt);
  }
}

}  // namespace lagebild::extract
