#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_JSON_SOURCE_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_JSON_SOURCE_H_

#include <simdjson.h>

#include <filesystem>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "extract_service/lexicon/word_shape.h"

/// Reading the JSON files of packages.
namespace lagebild::extract::json_source {

using simdjson::dom::element;
using simdjson::dom::object;

/// A JSON file and the parser that owns its tree.
class JsonFile {
 public:
  absl::Status Load(const std::filesystem::path& path) {
    const simdjson::error_code error = parser_.load(path.string()).get(root_);
    if (error) {
      return absl::NotFoundError(
          absl::StrCat("cannot read ", path.string(), ": ", simdjson::error_message(error)));
    }
    return absl::OkStatus();
  }
  object root() const {
    object value;
    return root_.get(value) ? object() : value;
  }

 private:
  simdjson::dom::parser parser_;
  element root_;
};

/// The value under a key; null when there is none.
inline element At(const object& parent, std::string_view key) {
  element value;
  return parent.at_key(key).get(value) ? element() : value;
}

/// Whether the key is there with a value of this type, which is written then.
template <typename T>
bool Get(const object& parent, std::string_view key, T& value) {
  return !parent.at_key(key).get(value);
}

/// The texts of a value that is one text or a list of them.
inline std::vector<std::string_view> Texts(const simdjson::simdjson_result<element>& value) {
  std::vector<std::string_view> texts;
  std::string_view text;
  simdjson::dom::array array;
  if (!value.get(text)) {
    texts.push_back(text);
  } else if (!value.get(array)) {
    for (const element item : array) {
      if (!item.get(text)) texts.push_back(text);
    }
  }
  return texts;
}

inline bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// Whether it can be an entry: one written word that is no affix.
inline bool IsOneWord(std::string_view form) {
  return !form.empty() && form.size() <= word_shape::kMaxWordBytes &&
         form.find_first_of(" \t,;()/") == std::string_view::npos && form.front() != '-' &&
         form.back() != '-';
}

}  // namespace lagebild::extract::json_source

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_COMPILER_JSON_SOURCE_H_
