#include "query_service/projection/span_text.h"

#include "common/text/utf8.h"

namespace lagebild::query {

void SpanTextFiller::Fill(v1::Span* span) {
  const int32_t begin = span->begin();
  const int32_t end = span->end();
  if (begin < 0 || end <= begin || static_cast<size_t>(end) > text_.size()) return;
  const auto size = static_cast<size_t>(end - begin);
  if (size > budget_ || !IsCodePointBorder(text_, static_cast<size_t>(begin)) ||
      !IsCodePointBorder(text_, static_cast<size_t>(end))) {
    return;
  }
  budget_ -= size;
  span->set_text(text_.data() + begin, size);
}

void SpanTextFiller::Fill(v1::Region* region) {
  if (region->has_span()) Fill(region->mutable_span());
}

void SpanTextFiller::Fill(v1::Sentence* sentence) {
  if (sentence->has_span()) Fill(sentence->mutable_span());
}

void SpanTextFiller::Fill(v1::Claim* claim) {
  for (v1::Span& span : *claim->mutable_content()) Fill(&span);
  for (v1::Span& span : *claim->mutable_speaker()) Fill(&span);
  for (v1::Span& span : *claim->mutable_cue()) Fill(&span);
  for (v1::Span& span : *claim->mutable_frame()) Fill(&span);
  for (v1::Span& span : *claim->mutable_addressee()) Fill(&span);
  for (v1::Attribution& link : *claim->mutable_chain()) {
    if (link.has_span()) Fill(link.mutable_span());
  }
  if (claim->has_medium()) Fill(claim->mutable_medium());
}

void SpanTextFiller::Fill(v1::Figure* figure) {
  if (figure->has_span()) Fill(figure->mutable_span());
}

void SpanTextFiller::Fill(v1::Event* event) {
  if (event->has_span()) Fill(event->mutable_span());
  if (event->has_trigger()) Fill(event->mutable_trigger());
}

void SpanTextFiller::Fill(v1::Extraction* extraction) {
  if (extraction->has_published() && extraction->published().has_evidence()) {
    Fill(extraction->mutable_published()->mutable_evidence());
  }
  for (v1::Region& region : *extraction->mutable_regions()) Fill(&region);
  for (v1::Sentence& sentence : *extraction->mutable_sentences()) Fill(&sentence);
  for (v1::TimeExpression& time : *extraction->mutable_times()) {
    if (time.has_span()) Fill(time.mutable_span());
  }
  for (v1::Entity& entity : *extraction->mutable_entities()) {
    if (entity.has_span()) Fill(entity.mutable_span());
  }
  for (v1::Actor& actor : *extraction->mutable_actors()) {
    for (v1::Mention& mention : *actor.mutable_mentions()) {
      if (mention.has_span()) Fill(mention.mutable_span());
    }
  }
  for (v1::Claim& claim : *extraction->mutable_claims()) Fill(&claim);
  for (v1::Figure& figure : *extraction->mutable_figures()) Fill(&figure);
  for (v1::Event& event : *extraction->mutable_events()) Fill(&event);
}

}  // namespace lagebild::query
