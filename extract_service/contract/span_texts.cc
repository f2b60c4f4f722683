#include "extract_service/contract/span_texts.h"

#include "common/status/error.h"
#include "common/text/utf8.h"

namespace lagebild::extract {
namespace {

class Filler {
 public:
  explicit Filler(std::string_view text) : text_(text) {}

  void Fill(v1::Span& span) {
    if (span.begin() < 0 || span.end() < span.begin() ||
        static_cast<size_t>(span.end()) > text_.size() ||
        !IsCodePointBorder(text_, static_cast<size_t>(span.begin())) ||
        !IsCodePointBorder(text_, static_cast<size_t>(span.end()))) {
      ok_ = false;
      return;
    }
    span.set_text(text_.data() + span.begin(), static_cast<size_t>(span.end() - span.begin()));
  }

  void Fill(google::protobuf::RepeatedPtrField<v1::Span>& spans) {
    for (v1::Span& span : spans) Fill(span);
  }

  bool ok() const { return ok_; }

 private:
  std::string_view text_;
  bool ok_ = true;
};

}  // namespace

absl::Status FillSpanTexts(std::string_view text, v1::Extraction& extraction) {
  Filler filler(text);
  if (extraction.published().has_evidence()) {
    filler.Fill(*extraction.mutable_published()->mutable_evidence());
  }
  for (auto& region : *extraction.mutable_regions()) filler.Fill(*region.mutable_span());
  for (auto& sentence : *extraction.mutable_sentences()) filler.Fill(*sentence.mutable_span());
  for (auto& time : *extraction.mutable_times()) filler.Fill(*time.mutable_span());
  for (auto& entity : *extraction.mutable_entities()) filler.Fill(*entity.mutable_span());
  for (auto& actor : *extraction.mutable_actors()) {
    for (auto& mention : *actor.mutable_mentions()) filler.Fill(*mention.mutable_span());
  }
  for (auto& claim : *extraction.mutable_claims()) {
    filler.Fill(*claim.mutable_content());
    filler.Fill(*claim.mutable_speaker());
    filler.Fill(*claim.mutable_cue());
    filler.Fill(*claim.mutable_frame());
    filler.Fill(*claim.mutable_addressee());
    for (auto& link : *claim.mutable_chain()) {
      if (link.has_span()) filler.Fill(*link.mutable_span());
    }
    if (claim.has_medium()) filler.Fill(*claim.mutable_medium());
  }
  for (auto& figure : *extraction.mutable_figures()) filler.Fill(*figure.mutable_span());
  for (auto& event : *extraction.mutable_events()) {
    filler.Fill(*event.mutable_span());
    filler.Fill(*event.mutable_trigger());
  }
  if (filler.ok()) return absl::OkStatus();
  return DataLoss("CORRUPT_RECORD", "a span of the extraction does not lie in the document's text");
}

}  // namespace lagebild::extract
