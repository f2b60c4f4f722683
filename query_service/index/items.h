#ifndef LAGEBILD_QUERY_SERVICE_INDEX_ITEMS_H_
#define LAGEBILD_QUERY_SERVICE_INDEX_ITEMS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query_service/index/keys.h"

namespace lagebild::query {

// The items of one kind that one version of a document holds are one value: what all of them say of
// the document is written once, and a document costs one key instead of one for each item.
//
//   items := size:varint document { size:varint ItemHeader entry }*      in text order, from number
//   0

/// Makes such a value.
class ItemsWriter {
 public:
  /// `document` is the field of the entries that refers to the document, encoded with its tag.
  /// `usual_bytes` is room to be made for the items.
  explicit ItemsWriter(std::string_view document, size_t usual_bytes = 0);

  /// Adds the next item; `entry` is its message without that field.
  void Add(const ItemHeader& header, std::string_view entry);

  bool empty() const { return count_ == 0; }
  const std::string& value() const { return value_; }

 private:
  std::string value_;
  size_t count_ = 0;
};

/// An item as it is read; views into the value.
struct StoredItem {
  uint32_t number = 0;
  ItemHeader header;
  std::string_view document;  ///< To be put before or behind `entry`: one message then.
  std::string_view entry;
};

/// Reads such a value from front to back.
class ItemsReader {
 public:
  explicit ItemsReader(std::string_view value);

  /// The next item; nullopt at the end, and when the value is damaged.
  std::optional<StoredItem> Next();
  /// The item of a number at or behind the next one; nullopt when there is none.
  std::optional<StoredItem> Seek(uint32_t number);
  bool damaged() const { return damaged_; }

 private:
  // Takes the bytes of the next item.
  bool Take(std::string_view* bytes);
  std::optional<StoredItem> Decode(std::string_view bytes);

  std::string_view rest_;
  std::string_view document_;
  uint32_t next_ = 0;
  bool damaged_ = false;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_INDEX_ITEMS_H_
