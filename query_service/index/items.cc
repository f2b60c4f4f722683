#include "query_service/index/items.h"

#include "common/wire/append_field.h"
#include "common/wire/take_field.h"

namespace lagebild::query {

ItemsWriter::ItemsWriter(std::string_view document, size_t usual_bytes) {
  value_.reserve(document.size() + usual_bytes);
  AppendVarint(&value_, document.size());
  value_.append(document);
}

void ItemsWriter::Add(const ItemHeader& header, std::string_view entry) {
  AppendVarint(&value_, kHeaderBytes + entry.size());
  AppendHeader(&value_, header);
  value_.append(entry);
  ++count_;
}

ItemsReader::ItemsReader(std::string_view value) : rest_(value) { damaged_ = !Take(&document_); }

bool ItemsReader::Take(std::string_view* bytes) {
  uint64_t size = 0;
  if (!TakeVarint(&rest_, &size) || size > rest_.size()) return false;
  *bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

std::optional<StoredItem> ItemsReader::Decode(std::string_view bytes) {
  StoredItem item;
  item.number = next_++;
  item.document = document_;
  if (!TakeHeader(&bytes, &item.header)) {
    damaged_ = true;
    return std::nullopt;
  }
  item.entry = bytes;
  return item;
}

std::optional<StoredItem> ItemsReader::Next() { return Seek(next_); }

std::optional<StoredItem> ItemsReader::Seek(uint32_t number) {
  while (!damaged_ && !rest_.empty()) {
    std::string_view bytes;
    if (!Take(&bytes)) {
      damaged_ = true;
      break;
    }
    if (next_ == number) return Decode(bytes);
    ++next_;
  }
  return std::nullopt;
}

}  // namespace lagebild::query
