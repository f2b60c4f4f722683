#include "query_service/projection/encoded_items.h"

#include "common/wire/take_field.h"

namespace lagebild::query {

EncodedItems::EncodedItems(const v1::ExtractionRecord& record, std::string_view encoded) {
  Take(encoded);
  if (Matches(record.extraction())) return;
  anew_ = record.SerializeAsString();
  Take(anew_);
}

void EncodedItems::Take(std::string_view encoded) {
  for (auto* items : {&sentences_, &claims_, &figures_, &events_}) items->clear();
  WireField field;
  while (TakeField(&encoded, &field)) {
    if (field.number != v1::ExtractionRecord::kExtractionFieldNumber) continue;
    std::string_view extraction = field.bytes;
    while (TakeField(&extraction, &field)) {
      switch (field.number) {
        case v1::Extraction::kSentencesFieldNumber:
          sentences_.push_back(field.bytes);
          break;
        case v1::Extraction::kClaimsFieldNumber:
          claims_.push_back(field.bytes);
          break;
        case v1::Extraction::kFiguresFieldNumber:
          figures_.push_back(field.bytes);
          break;
        case v1::Extraction::kEventsFieldNumber:
          events_.push_back(field.bytes);
          break;
        default:
          break;
      }
    }
  }
}

bool EncodedItems::Matches(const v1::Extraction& extraction) const {
  return sentences_.size() == static_cast<size_t>(extraction.sentences_size()) &&
         claims_.size() == static_cast<size_t>(extraction.claims_size()) &&
         figures_.size() == static_cast<size_t>(extraction.figures_size()) &&
         events_.size() == static_cast<size_t>(extraction.events_size());
}

}  // namespace lagebild::query
