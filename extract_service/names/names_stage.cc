#include "extract_service/names/names_stage.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "extract_service/names/name_abbreviations.h"
#include "extract_service/names/name_model.h"
#include "extract_service/names/name_words.h"

namespace lagebild::extract {
namespace {

constexpr std::string_view kModelRule = "names.crf";
constexpr std::string_view kRepeatedRule = "names.repeated";
constexpr std::string_view kAbbreviationRule = "names.abbreviation";

constexpr std::array<EntityLabel, 4> kLabels = {EntityLabel::kPerson, EntityLabel::kOrganization,
                                                EntityLabel::kLocation, EntityLabel::kMisc};
// Precision of each label on the development part the recogniser is measured on.
constexpr std::array<double, 4> kConfidence = {0.84, 0.67, 0.86, 0.76};
constexpr double kRepeatedConfidence = 0.7;
// Of 35 in a thousand newspaper articles three were no bodies.
constexpr double kAbbreviationConfidence = 0.9;

// How often a word was the last or only word of a name of each type.
using TypeCounts = std::array<uint32_t, 4>;

bool InTime(const AnnotatedDocument& document, int32_t token) {
  const auto behind =
      std::upper_bound(document.times.begin(), document.times.end(), token,
                       [](int32_t t, const TimeExpression& time) { return t < time.tokens.begin; });
  return behind != document.times.begin() && std::prev(behind)->tokens.Contains(token);
}

bool IsVerb(const Token& token) { return token.pos == Pos::kVerb || token.pos == Pos::kAuxiliary; }

// Whether a word is an adjective made of a name ("SPD-nahe").
bool IsDerivedAdjective(std::string_view word) {
  const size_t hyphen = word.rfind('-');
  return hyphen != std::string_view::npos && hyphen + 1 < word.size() && word[hyphen + 1] >= 'a' &&
         word[hyphen + 1] <= 'z';
}

// Whether a word stands bare beside a verb of its sentence, as a name does that is its subject.
bool BesideVerb(const std::vector<Token>& tokens, size_t i) {
  const auto verb_at = [&](size_t at) {
    return at < tokens.size() && tokens[at].sentence == tokens[i].sentence && IsVerb(tokens[at]);
  };
  const Pos before = i > 0 ? tokens[i - 1].pos : Pos::kUnknown;
  if (before == Pos::kDeterminer || before == Pos::kAdjective) return false;
  return (i > 0 && verb_at(i - 1)) || verb_at(i + 1);
}

// Whether the words right before a comma are "der Chef des Geheimdienstes": an office behind its
// article.
bool IsOfficeBefore(const AnnotatedDocument& document, size_t comma) {
  constexpr size_t kLongest = 10;
  const std::vector<Token>& tokens = document.tokens;
  for (size_t i = comma; i-- > 1 && comma - i <= kLongest;) {
    const Token& token = tokens[i];
    if (token.sentence != tokens[comma].sentence || token.kind != TokenKind::kWord ||
        IsVerb(token)) {
      return false;
    }
    if (!token.capitalized || token.pos != Pos::kNoun) continue;
    if (!token.classes.Has(WordClass::kOffice | WordClass::kPersonNoun)) continue;
    size_t article = i - 1;
    while (article > 0 && tokens[article].pos == Pos::kAdjective) --article;
    return tokens[article].pos == Pos::kDeterminer;
  }
  return false;
}

// "sagte der Chef des Geheimdienstes, Ulf Tann.": two words that no dictionary has, cut off behind
// an office, are no place.
void LabelNamesBehindOffices(const AnnotatedDocument& document, std::vector<uint8_t>& labels) {
  constexpr size_t kWords = 2;
  const std::vector<Token>& tokens = document.tokens;
  const auto unknown = [&](size_t i) {
    const Token& token = tokens[i];
    return token.kind == TokenKind::kWord && token.capitalized && !token.all_caps &&
           token.lemma == Token::kNoLemma && token.pos != Pos::kAdjective;
  };
  for (size_t comma = 1; comma + kWords < tokens.size(); ++comma) {
    const size_t first = comma + 1;
    const size_t end = first + kWords;
    if (document.TokenText(static_cast<int32_t>(comma)) != "," || !unknown(first) ||
        !unknown(first + 1) || tokens[end - 1].sentence != tokens[comma].sentence) {
      continue;
    }
    const bool cut_off = end == tokens.size() || tokens[end].sentence != tokens[comma].sentence ||
                         tokens[end].kind == TokenKind::kPunctuation;
    if (!cut_off || !IsOfficeBefore(document, comma)) continue;
    labels[first] = kBeginPerson;
    labels[first + 1] = kInsidePerson;
  }
}

// Surnames that are words as well: the last word of a person's name, or right behind a name of one
// word with a noun before it ("Außenminister Antony Blinken"), when the document says it again
// beside a verb. Widens the labels of the latter.
absl::flat_hash_set<absl::string_view> TakeCommonSurnames(const AnnotatedDocument& document,
                                                          std::vector<uint8_t>& labels) {
  const std::vector<Token>& tokens = document.tokens;
  const auto text_of = [&document](size_t token) {
    const std::string_view text = document.TokenText(static_cast<int32_t>(token));
    return absl::string_view(text.data(), text.size());
  };
  absl::flat_hash_set<absl::string_view> candidates;
  std::vector<size_t> widened;  // Tokens right behind a name.
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (labels[i] != kBeginPerson) continue;
    size_t last = i;
    while (last + 1 < tokens.size() && labels[last + 1] == kInsidePerson) ++last;
    if (last > i) {
      candidates.insert(text_of(last));
      continue;
    }
    if (i == 0) continue;
    const Token& surname = tokens[i + 1];
    if (labels[i + 1] != kOutsideName || !surname.capitalized || surname.kind != TokenKind::kWord ||
        surname.sentence != tokens[i].sentence || tokens[i - 1].sentence != tokens[i].sentence ||
        tokens[i - 1].pos != Pos::kNoun || InTime(document, static_cast<int32_t>(i) + 1)) {
      continue;
    }
    candidates.insert(text_of(i + 1));
    widened.push_back(i + 1);
  }
  absl::flat_hash_set<absl::string_view> surnames;
  if (candidates.empty()) return surnames;
  for (size_t i = 1; i < tokens.size(); ++i) {
    if (labels[i] == kOutsideName && labels[i - 1] != kBeginPerson &&
        candidates.contains(text_of(i)) && BesideVerb(tokens, i)) {
      surnames.insert(text_of(i));
    }
  }
  for (const size_t i : widened) {
    if (surnames.contains(text_of(i))) labels[i] = kInsidePerson;
  }
  return surnames;
}

}  // namespace

absl::StatusOr<NamesStage> NamesStage::Create(const Lexicon& lexicon) {
  absl::StatusOr<LinearModel> model = LinearModel::Find(lexicon, "names", kNameLabelCount);
  if (!model.ok()) return model.status();
  return NamesStage(lexicon, *std::move(model));
}

void NamesStage::Annotate(AnnotatedDocument& document) const {
  const std::vector<Token>& tokens = document.tokens;
  std::vector<uint8_t> labels(tokens.size(), kOutsideName);
  std::vector<NameWord> words;
  NameScratch& scratch = NameScratch::OfThread();
  scratch.UseModel(lexicon_->content_hash());
  for (const Sentence& sentence : document.sentences) {
    const TokenRange range = NameTokens(document, sentence);
    ReadNameWords(document, range, *lexicon_, words);
    LabelNames(model_, words,
               std::span(labels).subspan(static_cast<size_t>(range.begin), words.size()), scratch);
  }

  particles_.Join(document, labels);
  LabelNamesBehindOffices(document, labels);
  const std::vector<int32_t> abbreviations = LabelAbbreviations(document, *lexicon_, labels);
  const absl::flat_hash_set<absl::string_view> common_surnames =
      TakeCommonSurnames(document, labels);

  absl::flat_hash_map<absl::string_view, TypeCounts> seen;
  const auto text_of = [&document](size_t token) {
    const std::string_view text = document.TokenText(static_cast<int32_t>(token));
    return absl::string_view(text.data(), text.size());
  };
  const auto add = [&](size_t begin, size_t end, int type, std::string_view rule,
                       double confidence) {
    const TokenRange range = {static_cast<int32_t>(begin), static_cast<int32_t>(end)};
    Entity entity;
    entity.tokens = range;
    entity.span = document.SpanOf(range);
    entity.label = kLabels[static_cast<size_t>(type)];
    entity.rule = rule;
    entity.confidence = confidence;
    document.entities.push_back(entity);
  };
  for (size_t i = 0; i < tokens.size();) {
    if (!IsName(labels[i])) {
      ++i;
      continue;
    }
    const int type = NameType(labels[i]);
    const uint8_t inside = static_cast<uint8_t>(type * 2 + 2);
    size_t end = i + 1;
    while (end < tokens.size() && labels[end] == inside &&
           tokens[end].sentence == tokens[i].sentence) {
      ++end;
    }
    // No name ends in "für": what follows belongs to it, or it is none of the name's.
    if (end - i > 1 && tokens[end - 1].pos == Pos::kAdposition && !tokens[end - 1].capitalized) {
      const bool noun = end < tokens.size() && tokens[end].sentence == tokens[i].sentence &&
                        tokens[end].pos == Pos::kNoun && tokens[end].capitalized &&
                        !IsName(labels[end]);
      labels[noun ? end : end - 1] = noun ? inside : uint8_t{kOutsideName};
      end = noun ? end + 1 : end - 1;
    }
    // "der Grüne Ulf Tann": one of them, by name.
    if (end - i > 2 && kLabels[static_cast<size_t>(type)] == EntityLabel::kOrganization &&
        tokens[i].classes.Has(WordClass::kPersonNoun) &&
        tokens[i + 1].classes.Has(WordClass::kFirstName)) {
      labels[i++] = kOutsideName;
      labels[i] = kBeginPerson;
      std::fill(labels.begin() + static_cast<ptrdiff_t>(i) + 1,
                labels.begin() + static_cast<ptrdiff_t>(end), kInsidePerson);
      continue;
    }
    // "sagte der Wiener": a person from there.
    if (end == i + 1 && kLabels[static_cast<size_t>(type)] == EntityLabel::kOrganization &&
        tokens[i].classes.Has(WordClass::kPlaceAdjective) && i > 0 &&
        tokens[i - 1].pos == Pos::kDeterminer) {
      labels[i++] = kOutsideName;
      continue;
    }
    const bool has_letter = std::any_of(tokens.begin() + static_cast<ptrdiff_t>(i),
                                        tokens.begin() + static_cast<ptrdiff_t>(end),
                                        [](const Token& t) { return t.kind == TokenKind::kWord; });
    // "die SPD-nahe Friedrich-Ebert-Stiftung": what it is like is no part of its name.
    while (i + 1 < end && IsDerivedAdjective(document.TokenText(static_cast<int32_t>(i)))) {
      labels[i++] = kOutsideName;
    }
    if (has_letter) {
      const bool abbreviation =
          std::binary_search(abbreviations.begin(), abbreviations.end(), static_cast<int32_t>(i));
      add(i, end, type, abbreviation ? kAbbreviationRule : kModelRule,
          abbreviation ? kAbbreviationConfidence : kConfidence[static_cast<size_t>(type)]);
      ++seen[text_of(end - 1)][static_cast<size_t>(type)];
    } else {
      std::fill(labels.begin() + static_cast<ptrdiff_t>(i),
                labels.begin() + static_cast<ptrdiff_t>(end), kOutsideName);
    }
    i = end;
  }

  // A word that is nothing but a name in one sentence is one in the next.
  const size_t from_model = document.entities.size();
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (labels[i] != kOutsideName || token.sentence < 0 || token.kind != TokenKind::kWord ||
        !token.capitalized) {
      continue;
    }
    if (token.lemma != Token::kNoLemma &&
        !(common_surnames.contains(text_of(i)) && BesideVerb(tokens, i))) {
      continue;
    }
    const auto found = seen.find(text_of(i));
    if (found == seen.end()) continue;
    const TypeCounts& counts = found->second;
    const auto best = std::max_element(counts.begin(), counts.end());
    const auto type = static_cast<int>(best - counts.begin());
    if (kLabels[static_cast<size_t>(type)] == EntityLabel::kMisc) continue;
    // The first name may have been met by itself as well.
    const bool taken = document.entities.size() > from_model &&
                       document.entities.back().tokens.end == static_cast<int32_t>(i);
    const bool first_name = kLabels[static_cast<size_t>(type)] == EntityLabel::kPerson && i > 0 &&
                            labels[i - 1] == kOutsideName && !taken &&
                            particles_.BeginsName(document, labels, static_cast<int32_t>(i));
    add(first_name ? i - 1 : i, i + 1, type, kRepeatedRule, kRepeatedConfidence);
  }
  if (document.entities.size() > from_model) {
    std::stable_sort(document.entities.begin(), document.entities.end(),
                     [](const Entity& a, const Entity& b) { return a.span < b.span; });
  }
}

}  // namespace lagebild::extract
