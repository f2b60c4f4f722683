#include "extract_service/places/place_names.h"

#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {
namespace {

bool IsNameIn(const AnnotatedDocument& document, std::string_view name) {
  for (const Entity& entity : document.entities) {
    if (entity.label == EntityLabel::kLocation && document.TextOf(entity.span) == name) return true;
  }
  return false;
}

}  // namespace

PlaceNames::PlaceNames(const Lexicon& lexicon) : lexicon_(lexicon) {
  const LexiconTable& countries = lexicon.Table("countries");
  for (size_t row = 0; row < countries.size(); ++row) {
    const std::string_view kind = countries.Cell(row, "kind");
    if (kind != "name" && kind != "capital") continue;
    const std::string form(countries.Cell(row, "form"));
    const auto [place, added] = countries_.try_emplace(form, countries.Cell(row, "code"));
    if (!added && place->second != countries.Cell(row, "code")) place->second.clear();
  }
  const LexiconTable& kinds = lexicon.Table("place_kinds");
  for (size_t row = 0; row < kinds.size(); ++row) {
    kinds_.insert(std::string(word_shape::Recased::Lower(kinds.Cell(row, "noun")).text()));
  }
  const LexiconTable& cities = lexicon.Table("cities");
  if (cities.size() > 0) cities_ = cities.Cell(0, "lines");
}

std::string_view PlaceNames::CountryOf(std::string_view name) const {
  if (const auto found = countries_.find(name); found != countries_.end()) {
    return found->second;
  }
  size_t low = 0;
  size_t high = cities_.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const size_t before = cities_.rfind('\n', middle == 0 ? 0 : middle - 1);
    const size_t begin = before == std::string_view::npos || middle == 0 ? 0 : before + 1;
    const size_t end = cities_.find('\n', begin);
    const size_t tab = cities_.find('\t', begin);
    if (end == std::string_view::npos || tab == std::string_view::npos || tab > end) return {};
    const int order = cities_.substr(begin, tab - begin).compare(name);
    if (order == 0) return cities_.substr(tab + 1, end - tab - 1);
    if (order < 0) {
      low = end + 1;
    } else {
      high = begin;
    }
  }
  return {};
}

Place PlaceNames::Resolve(const AnnotatedDocument& document, TokenRange tokens) const {
  if (tokens.empty()) return {};
  // "Region Kursk": what kind of place it is does not belong to the name.
  if (tokens.size() > 1) {
    const Token& first = document.tokens[static_cast<size_t>(tokens.begin)];
    const std::string_view lemma =
        first.lemma == Token::kNoLemma ? document.TextOf(first) : lexicon_.Lemma(first.lemma);
    if (kinds_.contains(word_shape::Recased::Lower(lemma).text())) ++tokens.begin;
  }
  Place place;
  place.name = std::string(document.TextOf(document.SpanOf(tokens)));
  // A genitive: "Mazedoniens", "die Straßen Kestrins".
  if (place.name.size() > 3 && place.name.back() == 's' && !IsKnown(place.name)) {
    const std::string bare = place.name.substr(0, place.name.size() - 1);
    if (IsKnown(bare) || IsNameIn(document, bare)) place.name = bare;
  }
  place.country = std::string(CountryOf(place.name));
  return place;
}

}  // namespace lagebild::extract
