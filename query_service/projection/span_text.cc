#include "query_service/projection/span_text.h"

#include "common/text/utf8.h"
#include "common/wire/append_field.h"
#include "common/wire/take_field.h"

namespace lagebild::query {
namespace {

/// The words between two offsets; empty where they do not lie in the text.
std::string_view Words(std::string_view text, int32_t begin, int32_t end) {
  if (begin < 0 || end <= begin || static_cast<size_t>(end) > text.size() ||
      !IsCodePointBorder(text, static_cast<size_t>(begin)) ||
      !IsCodePointBorder(text, static_cast<size_t>(end))) {
    return {};
  }
  return text.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
}

constexpr uint64_t Field(int number) { return uint64_t{1} << number; }

// Which fields of an item are spans.
constexpr uint64_t kSentenceSpans = Field(v1::Sentence::kSpanFieldNumber);
constexpr uint64_t kClaimSpans =
    Field(v1::Claim::kContentFieldNumber) | Field(v1::Claim::kSpeakerFieldNumber) |
    Field(v1::Claim::kCueFieldNumber) | Field(v1::Claim::kFrameFieldNumber) |
    Field(v1::Claim::kAddresseeFieldNumber) | Field(v1::Claim::kMediumFieldNumber);
constexpr uint64_t kLinkSpans = Field(v1::Attribution::kSpanFieldNumber);
constexpr uint64_t kFigureSpans = Field(v1::Figure::kSpanFieldNumber);
constexpr uint64_t kEventSpans =
    Field(v1::Event::kSpanFieldNumber) | Field(v1::Event::kTriggerFieldNumber);
constexpr uint64_t kSpanTextTag = (uint64_t{v1::Span::kTextFieldNumber} << 3) | 2;
/// No field of an item is a list of links.
constexpr uint32_t kNoLinks = 0;

}  // namespace

void SpanTextFiller::Fill(v1::Span* span) {
  const std::string_view words = Words(text_, span->begin(), span->end());
  if (words.empty() || words.size() > budget_) return;
  budget_ -= words.size();
  span->set_text(words.data(), words.size());
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

void SpanTextWriter::AppendSentence(std::string* bytes, uint32_t field, std::string_view sentence) {
  AppendItem(bytes, field, sentence, kSentenceSpans, kNoLinks);
}

void SpanTextWriter::AppendClaim(std::string* bytes, uint32_t field, std::string_view claim) {
  AppendItem(bytes, field, claim, kClaimSpans, v1::Claim::kChainFieldNumber);
}

void SpanTextWriter::AppendFigure(std::string* bytes, uint32_t field, std::string_view figure) {
  AppendItem(bytes, field, figure, kFigureSpans, kNoLinks);
}

void SpanTextWriter::AppendEvent(std::string* bytes, uint32_t field, std::string_view event) {
  AppendItem(bytes, field, event, kEventSpans, kNoLinks);
}

void SpanTextWriter::AppendSpanOfSentence(std::string* bytes, uint32_t field,
                                          std::string_view sentence) {
  WireField part;
  while (TakeField(&sentence, &part)) {
    if (part.number == v1::Sentence::kSpanFieldNumber) AppendSpan(bytes, field, part.bytes);
  }
}

std::string_view SpanTextWriter::WordsOf(const v1::Span& span) const {
  return Words(text_, span.begin(), span.end());
}

void SpanTextWriter::AppendItem(std::string* bytes, uint32_t field, std::string_view item,
                                uint64_t spans, uint32_t links) {
  with_words_.clear();
  AppendWithWords(item, spans, links, &with_words_);
  AppendField(bytes, field, with_words_);
}

void SpanTextWriter::AppendWithWords(std::string_view item, uint64_t spans, uint32_t links,
                                     std::string* bytes) {
  WireField field;
  while (!item.empty()) {
    const std::string_view before = item;
    if (!TakeField(&item, &field)) return;
    const bool is_span = field.number < 64 && (spans & Field(static_cast<int>(field.number))) != 0;
    if (links != kNoLinks && field.number == links) {
      std::string link;
      AppendWithWords(field.bytes, kLinkSpans, kNoLinks, &link);
      AppendField(bytes, field.number, link);
    } else if (is_span) {
      AppendSpan(bytes, field.number, field.bytes);
    } else {
      bytes->append(before.substr(0, before.size() - item.size()));
    }
  }
}

void SpanTextWriter::AppendSpan(std::string* bytes, uint32_t field, std::string_view span) {
  std::string_view rest = span;
  WireField offset;
  int32_t begin = 0;
  int32_t end = 0;
  while (!rest.empty() && TakeField(&rest, &offset)) {
    if (offset.number == v1::Span::kBeginFieldNumber) begin = static_cast<int32_t>(offset.varint);
    if (offset.number == v1::Span::kEndFieldNumber) end = static_cast<int32_t>(offset.varint);
  }
  std::string_view words = Words(text_, begin, end);
  if (words.size() > budget_) words = {};
  budget_ -= words.size();
  const size_t words_field =
      words.empty() ? 0 : VarintSize(kSpanTextTag) + VarintSize(words.size()) + words.size();
  AppendVarint(bytes, (uint64_t{field} << 3) | 2);
  AppendVarint(bytes, span.size() + words_field);
  bytes->append(span);
  if (!words.empty()) AppendField(bytes, v1::Span::kTextFieldNumber, words);
}

}  // namespace lagebild::query
