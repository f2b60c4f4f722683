#include "query_service/projection/item_names.h"

namespace lagebild::query {
namespace {

constexpr std::string_view kDocuments = "documents/";

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void AppendPercentEncoded(std::string* out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out->push_back(c);
    } else {
      out->push_back('%');
      out->push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
      out->push_back(kDigits[static_cast<unsigned char>(c) & 15]);
    }
  }
}

bool PercentDecode(std::string_view text, std::string* out) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  out->clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out->push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return false;
    const int high = digit(text[i + 1]);
    const int low = digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out->push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return !out->empty();
}

}  // namespace

std::string MakeItemNamePrefix(std::string_view document_id) {
  std::string name(kDocuments);
  AppendPercentEncoded(&name, document_id);
  name.push_back('/');
  return name;
}

void AppendItemName(std::string* name, std::string_view collection, std::string_view item_id) {
  name->append(collection).append("/");
  AppendPercentEncoded(name, item_id);
}

std::string MakeItemName(std::string_view document_id, std::string_view collection,
                         std::string_view item_id) {
  std::string name = MakeItemNamePrefix(document_id);
  AppendItemName(&name, collection, item_id);
  return name;
}

bool ParseItemName(std::string_view name, std::string_view collection, std::string* document_id,
                   std::string* item_id) {
  if (name.substr(0, kDocuments.size()) != kDocuments) return false;
  name.remove_prefix(kDocuments.size());
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos || !PercentDecode(name.substr(0, slash), document_id)) {
    return false;
  }
  name.remove_prefix(slash + 1);
  if (name.substr(0, collection.size()) != collection) return false;
  name.remove_prefix(collection.size());
  if (name.empty() || name[0] != '/' || name.find('/', 1) != std::string_view::npos) return false;
  return PercentDecode(name.substr(1), item_id);
}

}  // namespace lagebild::query
