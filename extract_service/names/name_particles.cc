#include "extract_service/names/name_particles.h"

#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "extract_service/names/name_model.h"

namespace lagebild::extract {
namespace {

constexpr int32_t kMaxParticles = 2;  ///< "von der"

absl::string_view Text(const AnnotatedDocument& document, int32_t token) {
  const std::string_view text = document.TokenText(token);
  return {text.data(), text.size()};
}

bool SameSentence(const AnnotatedDocument& document, int32_t a, int32_t b) {
  return document.tokens[static_cast<size_t>(a)].sentence ==
         document.tokens[static_cast<size_t>(b)].sentence;
}

bool BehindNoun(const AnnotatedDocument& document, int32_t token) {
  const Token& before = document.tokens[static_cast<size_t>(token) - 1];
  return before.pos == Pos::kNoun && before.capitalized && SameSentence(document, token - 1, token);
}

}  // namespace

NameParticles::NameParticles(const Lexicon& lexicon) : lexicon_(lexicon) {
  const LexiconTable& words = lexicon.Table("phrase_words");
  for (size_t row = 0; row < words.size(); ++row) {
    if (words.Cell(row, "kind") == "particle") particles_.emplace(words.Cell(row, "form"));
  }
}

bool NameParticles::IsParticle(const AnnotatedDocument& document, int32_t token) const {
  return particles_.contains(Text(document, token));
}

bool NameParticles::IsCapitalParticle(const AnnotatedDocument& document, int32_t token) const {
  if (!document.tokens[static_cast<size_t>(token)].capitalized) return false;
  const absl::string_view text = Text(document, token);
  return particles_.contains(absl::AsciiStrToLower(text));
}

bool NameParticles::IsFirstName(const AnnotatedDocument& document, int32_t token) const {
  if (document.tokens[static_cast<size_t>(token)].classes.Has(WordClass::kFirstName)) return true;
  // "Karl-Anton".
  const std::string_view text = document.TokenText(token);
  const size_t hyphen = text.rfind('-');
  if (hyphen == std::string_view::npos) return false;
  const auto last = lexicon_.Find(text.substr(hyphen + 1));
  return last && last->classes.Has(WordClass::kFirstName);
}

bool NameParticles::IsPersonTakenForOther(const AnnotatedDocument& document,
                                          const std::vector<uint8_t>& labels, int32_t token) const {
  constexpr uint32_t kPlaces = WordClass::kCountry | WordClass::kCapital | WordClass::kCity;
  const auto index = static_cast<size_t>(token);
  const uint8_t label = labels[index];
  if (label != kBeginOrganization && label != kBeginPlace) return false;
  const WordClass first = document.tokens[index].classes;
  if (!first.Has(WordClass::kFirstName) || first.Has(kPlaces)) return false;
  // "Anna de la Tann", not "Anna in Sandau" and not "Anna der Sandau".
  size_t t = index + 1;
  while (t < labels.size() && labels[t] == label + 1 &&
         IsParticle(document, static_cast<int32_t>(t))) {
    ++t;
  }
  return t - index > 1 && t < labels.size() && labels[t] == label + 1 &&
         document.tokens[index + 1].pos != Pos::kDeterminer && document.tokens[t].capitalized &&
         !document.tokens[t].classes.Has(kPlaces);
}

bool NameParticles::BeginsName(const AnnotatedDocument& document, std::span<const uint8_t> labels,
                               int32_t surname) const {
  const int32_t first = surname - 1;
  if (first < 0 || !SameSentence(document, first, surname)) return false;
  const auto token = [&document](int32_t i) -> const Token& {
    return document.tokens[static_cast<size_t>(i)];
  };
  const Token& word = token(first);
  if (word.kind != TokenKind::kWord || !word.capitalized ||
      word.classes.Has(WordClass::kMonth | WordClass::kWeekday)) {
    return false;
  }
  // "Nur Tann": an adverb that is some people's name.
  const auto small = lexicon_.Find(absl::AsciiStrToLower(Text(document, first)));
  if (small && !small->analyses.empty()) return false;
  const uint8_t label = labels[static_cast<size_t>(first)];
  // "Kat Tann" taken for two.
  if (label == kBeginPerson) return IsFirstName(document, first) || !word.known;
  if (label != kOutsideName || IsFirstName(document, surname)) return false;
  const bool follows = first > 0 && SameSentence(document, first - 1, first);
  if (IsFirstName(document, first)) {
    // "Roman Tann", but "der Roman Tanns": a noun as well.
    return !word.known || !follows ||
           (token(first - 1).pos != Pos::kDeterminer && token(first - 1).pos != Pos::kAdjective);
  }
  // "die Forscherin Kat Tann".
  constexpr uint32_t kPersons = WordClass::kOffice | WordClass::kPersonNoun;
  constexpr uint32_t kOthers = kPersons | WordClass::kTitle | WordClass::kGroupNoun |
                               WordClass::kOrganizationNoun | WordClass::kOrganizationName |
                               WordClass::kPlaceAdjective | WordClass::kCity | WordClass::kCountry;
  constexpr size_t kLongest = 8;
  return follows && token(first - 1).classes.Has(kPersons) && token(first - 1).capitalized &&
         !word.classes.Has(kOthers) && word.pos != Pos::kAdjective && !word.all_caps &&
         document.TextOf(word).size() <= kLongest;
}

void NameParticles::JoinFirstNames(const AnnotatedDocument& document,
                                   std::vector<uint8_t>& labels) const {
  for (size_t i = 1; i < labels.size(); ++i) {
    const bool one_word =
        labels[i] == kBeginPerson && (i + 1 == labels.size() || labels[i + 1] != kInsidePerson);
    if (!one_word || !BeginsName(document, labels, static_cast<int32_t>(i))) continue;
    labels[i - 1] = kBeginPerson;
    labels[i] = kInsidePerson;
  }
}

void NameParticles::Join(const AnnotatedDocument& document, std::vector<uint8_t>& labels) const {
  JoinFirstNames(document, labels);
  const auto count = static_cast<int32_t>(labels.size());
  const auto label = [&labels](int32_t token) -> uint8_t& {
    return labels[static_cast<size_t>(token)];
  };
  struct Tail {
    int32_t begin;  ///< First particle.
    int32_t last;   ///< Surname.
  };
  absl::flat_hash_map<absl::string_view, Tail> tails;
  for (int32_t i = 0; i < count; ++i) {
    if (IsPersonTakenForOther(document, labels, i)) {
      const auto inside = static_cast<uint8_t>(label(i) + 1);
      label(i) = kBeginPerson;
      for (int32_t t = i + 1; t < count && label(t) == inside; ++t) label(t) = kInsidePerson;
    }
    if (label(i) != kBeginPerson) continue;
    int32_t end = i + 1;
    while (end < count && label(end) == kInsidePerson) ++end;
    // "Gouverneur von Sandau": a place, unless the document knows somebody by that name.
    if (i > 0 && IsParticle(document, i)) continue;
    // A name that the recogniser saw whole.
    for (int32_t t = i + 1; t + 1 < end; ++t) {
      if (IsParticle(document, t)) {
        tails.try_emplace(Text(document, end - 1), Tail{t, end - 1});
        break;
      }
    }
    // "Anna Van der Berg": the recogniser may take the first particle for a surname.
    const bool in_capitals = end - i > 1 && IsCapitalParticle(document, end - 1);
    if (!in_capitals && !IsFirstName(document, end - 1)) continue;
    int32_t surname = end;
    while (surname < count && surname - end < kMaxParticles && label(surname) == kOutsideName &&
           IsParticle(document, surname)) {
      ++surname;
    }
    // An article alone begins the next phrase: "gab Anna der Bürgermeister".
    if (surname == end || surname >= count || !SameSentence(document, i, surname) ||
        (!in_capitals && document.tokens[static_cast<size_t>(end)].pos == Pos::kDeterminer)) {
      continue;
    }
    const Token& word = document.tokens[static_cast<size_t>(surname)];
    if (word.kind != TokenKind::kWord || !word.capitalized ||
        word.classes.Has(WordClass::kCountry) ||
        (label(surname) == kOutsideName && word.known && word.pos != Pos::kProperNoun &&
         !in_capitals)) {
      continue;
    }
    tails.try_emplace(Text(document, surname), Tail{end, surname});
    const uint8_t inside = !IsName(label(surname))
                               ? kOutsideName
                               : static_cast<uint8_t>(NameType(label(surname)) * 2 + 2);
    int32_t t = end;
    for (; t <= surname; ++t) label(t) = kInsidePerson;
    for (; inside != kOutsideName && t < count && label(t) == inside; ++t) label(t) = kInsidePerson;
  }
  for (int32_t i = 1; i < count; ++i) {
    if (label(i) == kBeginPerson && IsParticle(document, i) && BehindNoun(document, i)) {
      int32_t last = i;
      while (last + 1 < count && label(last + 1) == kInsidePerson) ++last;
      if (tails.contains(Text(document, last))) continue;
      int32_t place = i;
      while (place < last && IsParticle(document, place)) label(place++) = kOutsideName;
      label(place) = kBeginPlace;
      for (int32_t t = place + 1; t <= last; ++t) label(t) = kInsidePlace;
      continue;
    }
    if (label(i) == kInsidePerson) continue;
    const auto tail = tails.find(Text(document, i));
    if (tail == tails.end()) continue;
    const int32_t particles = tail->second.last - tail->second.begin;
    const int32_t begin = i - particles;
    if (begin < 0 || !SameSentence(document, begin, i)) continue;
    bool same = true;
    for (int32_t k = 0; k < particles && same; ++k) {
      same = absl::EqualsIgnoreCase(Text(document, begin + k),
                                    Text(document, tail->second.begin + k)) &&
             label(begin + k) != kInsidePerson;
    }
    if (!same) {
      // "sagte Weizsäcker": without the particle, unless "in" and the like tell a place.
      const bool behind_preposition =
          document.tokens[static_cast<size_t>(i) - 1].pos == Pos::kAdposition;
      if (label(i) == kBeginPlace && !behind_preposition) label(i) = kBeginPerson;
      continue;
    }
    label(begin) = kBeginPerson;
    for (int32_t t = begin + 1; t <= i; ++t) label(t) = kInsidePerson;
  }
}

}  // namespace lagebild::extract
