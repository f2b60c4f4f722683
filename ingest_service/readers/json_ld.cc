#include "ingest_service/readers/json_ld.h"

#include <simdjson.h>

#include <string>

#include "ingest_service/readers/ascii.h"
#include "ingest_service/readers/clean_line.h"
#include "ingest_service/readers/declared_date.h"

namespace lagebild::ingest {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

// Real pages nest three or four deep.
constexpr int kDeepest = 8;
constexpr size_t kMostAuthors = 50;

std::string StringOf(const element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? CleanLine(text, kMaxMetadataLine) : std::string();
}

// The field as a string, or the first string of a list.
std::string Field(const object& node, std::string_view name) {
  element value;
  if (node[name].get(value) != simdjson::SUCCESS) return {};
  array list;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const element item : list) {
      if (std::string text = StringOf(item); !text.empty()) return text;
    }
    return {};
  }
  return StringOf(value);
}

bool IsArticleType(std::string_view type) {
  return type.ends_with("Article") || type.ends_with("Posting") || type == "Report" ||
         type.ends_with("NewsArticle");
}

bool IsArticle(const object& node) {
  element type;
  if (node["@type"].get(type) != simdjson::SUCCESS) return false;
  array list;
  std::string_view name;
  if (type.get(list) == simdjson::SUCCESS) {
    for (const element item : list) {
      if (item.get(name) == simdjson::SUCCESS && IsArticleType(name)) return true;
    }
    return false;
  }
  return type.get(name) == simdjson::SUCCESS && IsArticleType(name);
}

// Names of a person or organisation: a string, an object with a name, or a list of them.
void AddNames(const element& value, int depth, std::vector<std::string>* names) {
  if (depth > kDeepest || names->size() >= kMostAuthors) return;
  array list;
  object node;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const element item : list) AddNames(item, depth + 1, names);
  } else if (value.get(node) == simdjson::SUCCESS) {
    if (std::string name = Field(node, "name"); !name.empty()) names->push_back(std::move(name));
  } else if (std::string name = StringOf(value); !name.empty()) {
    names->push_back(std::move(name));
  }
}

std::vector<std::string> Names(const object& node, std::string_view field) {
  std::vector<std::string> names;
  element value;
  if (node[field].get(value) == simdjson::SUCCESS) AddNames(value, 0, &names);
  return names;
}

void FillFrom(const object& article, DocumentMetadata* metadata) {
  const auto fill = [](std::string* field, std::string value) {
    if (field->empty()) *field = std::move(value);
  };
  fill(&metadata->title, Field(article, "headline"));
  fill(&metadata->published, NormalizeDeclaredDate(Field(article, "datePublished")));
  const std::vector<std::string> publishers = Names(article, "publisher");
  if (!publishers.empty()) fill(&metadata->outlet, publishers.front());
  if (metadata->authors.empty()) metadata->authors = Names(article, "author");
  std::string url = Field(article, "url");
  if (url.empty()) {
    object page;
    if (article["mainEntityOfPage"].get(page) == simdjson::SUCCESS) {
      url = Field(page, "@id");
    } else {
      url = Field(article, "mainEntityOfPage");
    }
  }
  fill(&metadata->url, std::move(url));
}

void Visit(const element& value, int depth, DocumentMetadata* metadata) {
  if (depth > kDeepest) return;
  array list;
  object node;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const element item : list) Visit(item, depth + 1, metadata);
    return;
  }
  if (value.get(node) != simdjson::SUCCESS) return;
  if (IsArticle(node)) FillFrom(node, metadata);
  for (const std::string_view inner : {"@graph", "mainEntity", "mainEntityOfPage"}) {
    element child;
    if (node[inner].get(child) == simdjson::SUCCESS) Visit(child, depth + 1, metadata);
  }
}

}  // namespace

void ReadJsonLd(std::string_view json, DocumentMetadata* metadata) {
  json = Trimmed(json);
  if (json.empty()) return;
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return;
  Visit(root, 0, metadata);
}

}  // namespace lagebild::ingest
