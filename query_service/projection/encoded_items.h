#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_ENCODED_ITEMS_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_ENCODED_ITEMS_H_

#include <string>
#include <string_view>
#include <vector>

#include "lagebild/v1/log.pb.h"

namespace lagebild::query {

/// The items of a record as they stand in its encoding, each the bytes of a message, in the order
/// of the record: entries are made of them without encoding the parsed ones again.
///
/// Holds views of the encoding. Thread-safe once made.
class EncodedItems {
 public:
  /// `encoded` is what `record` was parsed from and outlives this. Where it is none of this record,
  /// the record is encoded anew.
  EncodedItems(const v1::ExtractionRecord& record, std::string_view encoded);

  // Numbered as in the record's extraction.
  const std::vector<std::string_view>& sentences() const { return sentences_; }
  const std::vector<std::string_view>& claims() const { return claims_; }
  const std::vector<std::string_view>& figures() const { return figures_; }
  const std::vector<std::string_view>& events() const { return events_; }

 private:
  void Take(std::string_view encoded);
  bool Matches(const v1::Extraction& extraction) const;

  std::string anew_;
  std::vector<std::string_view> sentences_;
  std::vector<std::string_view> claims_;
  std::vector<std::string_view> figures_;
  std::vector<std::string_view> events_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_ENCODED_ITEMS_H_
