#include "extract_service/contract/extraction.h"

#include <cstdint>
#include <cstdio>
#include <unordered_map>

#include "common/hash/hash.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace lagebild::extract {
namespace {

// The enumerations of the pipeline and of the contract have the same order; these pin it.
static_assert(static_cast<int>(RegionKind::kSourceLine) == v1::REGION_KIND_SOURCE_LINE);
static_assert(static_cast<int>(TimeType::kSet) == v1::TIME_TYPE_SET);
static_assert(static_cast<int>(TimePrecision::kCentury) == v1::TIME_PRECISION_CENTURY);
static_assert(static_cast<int>(EntityLabel::kMisc) == v1::ENTITY_LABEL_MISC);
static_assert(static_cast<int>(ActorType::kGroup) == v1::ACTOR_TYPE_GROUP);
static_assert(static_cast<int>(MentionKind::kPronoun) == v1::MENTION_KIND_PRONOUN);
static_assert(static_cast<int>(ClaimKind::kDirect) == v1::CLAIM_KIND_DIRECT);
static_assert(static_cast<int>(ClaimKind::kReported) == v1::CLAIM_KIND_REPORTED);
static_assert(static_cast<int>(ClaimKind::kIndirectFreeIndirect) ==
              v1::CLAIM_KIND_INDIRECT_FREE_INDIRECT);
static_assert(static_cast<int>(ClaimAct::kEstimate) == v1::CLAIM_ACT_ESTIMATE);
static_assert(static_cast<int>(ClaimAct::kConcern) == v1::CLAIM_ACT_CONCERN);
static_assert(static_cast<int>(Polarity::kPositive) == v1::POLARITY_POS);
static_assert(static_cast<int>(Polarity::kNegative) == v1::POLARITY_NEG);
static_assert(static_cast<int>(Certainty::kHearsay) == v1::CERTAINTY_HEARSAY);
static_assert(static_cast<int>(Relation::kEvidence) == v1::RELATION_EVIDENCE);
static_assert(static_cast<int>(Qualifier::kMoreThan) == v1::QUALIFIER_MORE_THAN);
static_assert(static_cast<int>(Qualifier::kVague) == v1::QUALIFIER_VAGUE);
static_assert(static_cast<int>(EventType::kSupply) == v1::EVENT_TYPE_SUPPLY);
static_assert(static_cast<int>(EventType::kOther) == v1::EVENT_TYPE_OTHER);
static_assert(static_cast<int>(Factuality::kNegated) == v1::FACTUALITY_NEGATED);

std::string NumberedId(char prefix, int32_t index) {
  return prefix + std::to_string(static_cast<int64_t>(index) + 1);
}

void PutLittleEndian(uint32_t number, std::string& out) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift & 0xff);
}

class Writer {
 public:
  Writer(const AnnotatedDocument& document, SpanTexts span_texts)
      : document_(document), with_texts_(span_texts == SpanTexts::kFilled) {
    NameClaims();
  }

  void Write(v1::Extraction& out) const {
    out.set_language(document_.language);
    if (document_.published) WritePublication(*document_.published, *out.mutable_published());
    for (const Region& region : document_.regions) {
      auto& to = *out.add_regions();
      Put(region.span, *to.mutable_span());
      to.set_kind(static_cast<v1::RegionKind>(region.kind));
      to.set_rule(region.rule.data(), region.rule.size());
      to.set_confidence(region.confidence);
    }
    for (const Sentence& sentence : document_.sentences) {
      auto& to = *out.add_sentences();
      Put(sentence.span, *to.mutable_span());
      to.set_paragraph(sentence.paragraph);
    }
    for (const TimeExpression& time : document_.times) WriteTime(time, *out.add_times());
    for (const Entity& entity : document_.entities) {
      auto& to = *out.add_entities();
      Put(entity.span, *to.mutable_span());
      to.set_label(static_cast<v1::EntityLabel>(entity.label));
      if (entity.actor >= 0) to.set_actor_id(NumberedId('a', entity.actor));
      to.set_rule(entity.rule.data(), entity.rule.size());
      to.set_confidence(entity.confidence);
    }
    for (size_t i = 0; i < document_.actors.size(); ++i) {
      WriteActor(static_cast<int32_t>(i), *out.add_actors());
    }
    for (size_t i = 0; i < document_.claims.size(); ++i) WriteClaim(i, *out.add_claims());
    for (size_t i = 0; i < document_.figures.size(); ++i) {
      WriteFigure(static_cast<int32_t>(i), *out.add_figures());
    }
    for (size_t i = 0; i < document_.events.size(); ++i) {
      WriteEvent(static_cast<int32_t>(i), *out.add_events());
    }
    for (const std::string_view layer : document_.truncated_layers) {
      out.add_truncated_layers(layer.data(), layer.size());
    }
  }

 private:
  void NameClaims() {
    std::unordered_map<std::string, int> seen;
    claim_ids_.reserve(document_.claims.size());
    for (const Claim& claim : document_.claims) {
      std::string id = ClaimId(claim);
      if (const int count = ++seen[id]; count > 1) id += '-' + std::to_string(count);
      claim_ids_.push_back(std::move(id));
    }
  }

  void Put(const Span& span, v1::Span& to) const {
    to.set_begin(span.begin);
    to.set_end(span.end);
    if (with_texts_) {
      const std::string_view words = document_.TextOf(span);
      to.set_text(words.data(), words.size());
    }
  }

  void Put(const std::vector<Span>& spans, google::protobuf::RepeatedPtrField<v1::Span>& to) const {
    to.Reserve(static_cast<int>(spans.size()));
    for (const Span& span : spans) Put(span, *to.Add());
  }

  static void Put(const TimeInterval& interval, v1::TimeInterval& to) {
    to.set_value(interval.value);
    to.set_modifier(interval.modifier);
    to.set_earliest(interval.earliest);
    to.set_latest(interval.latest);
    to.set_precision(static_cast<v1::TimePrecision>(interval.precision));
  }

  const std::string& ClaimIdOf(int32_t index) const {
    return claim_ids_[static_cast<size_t>(index)];
  }

  void WritePublication(const Publication& published, v1::Publication& to) const {
    Put(published.interval, *to.mutable_interval());
    if (published.evidence) Put(*published.evidence, *to.mutable_evidence());
    to.set_rule(published.rule.data(), published.rule.size());
    to.set_confidence(published.confidence);
  }

  void WriteTime(const TimeExpression& time, v1::TimeExpression& to) const {
    Put(time.span, *to.mutable_span());
    to.set_type(static_cast<v1::TimeType>(time.type));
    to.set_value(time.value);
    to.set_modifier(time.modifier);
    to.set_quantifier(time.quantifier);
    to.set_frequency(time.frequency);
    if (time.interval) Put(*time.interval, *to.mutable_interval());
    to.set_rule(time.rule);
    to.set_confidence(time.confidence);
  }

  void WriteActor(int32_t index, v1::Actor& to) const {
    const Actor& actor = document_.actors[static_cast<size_t>(index)];
    to.set_id(NumberedId('a', index));
    to.set_name(actor.name);
    to.set_type(static_cast<v1::ActorType>(actor.type));
    for (const std::string& role : actor.roles) to.add_roles(role);
    for (const std::string& alias : actor.aliases) to.add_aliases(alias);
    to.set_country(actor.country);
    for (const Mention& mention : actor.mentions) {
      auto& out = *to.add_mentions();
      Put(mention.span, *out.mutable_span());
      out.set_kind(static_cast<v1::MentionKind>(mention.kind));
    }
    to.set_rule(actor.rule);
    to.set_confidence(actor.confidence);
  }

  void WriteClaim(size_t index, v1::Claim& to) const {
    const Claim& claim = document_.claims[index];
    to.set_id(claim_ids_[index]);
    if (claim.part_of >= 0) to.set_part_of(ClaimIdOf(claim.part_of));
    to.set_kind(static_cast<v1::ClaimKind>(claim.kind));
    to.set_act(static_cast<v1::ClaimAct>(claim.act));
    to.set_polarity(static_cast<v1::Polarity>(claim.polarity));
    to.set_certainty(static_cast<v1::Certainty>(claim.certainty));
    Put(claim.content, *to.mutable_content());
    Put(claim.speaker, *to.mutable_speaker());
    Put(claim.cue, *to.mutable_cue());
    Put(claim.frame, *to.mutable_frame());
    Put(claim.addressee, *to.mutable_addressee());
    for (const int32_t actor : claim.speaker_actors) {
      to.add_speaker_actor_ids(NumberedId('a', actor));
    }
    for (const Attribution& link : claim.chain) {
      auto& out = *to.add_chain();
      if (link.actor >= 0) out.set_actor_id(NumberedId('a', link.actor));
      if (!link.span.empty()) Put(link.span, *out.mutable_span());
      out.set_relation(static_cast<v1::Relation>(link.relation));
    }
    if (claim.said_at) Put(*claim.said_at, *to.mutable_said_at());
    if (claim.about) Put(*claim.about, *to.mutable_about());
    for (const int32_t figure : claim.figures) to.add_figure_ids(NumberedId('f', figure));
    if (claim.medium) Put(*claim.medium, *to.mutable_medium());
    to.set_rule(claim.rule);
    to.set_confidence(claim.confidence);
  }

  void WriteFigure(int32_t index, v1::Figure& to) const {
    const Figure& figure = document_.figures[static_cast<size_t>(index)];
    to.set_id(NumberedId('f', index));
    Put(figure.span, *to.mutable_span());
    if (figure.low) to.set_low(*figure.low);
    if (figure.high) to.set_high(*figure.high);
    to.set_qualifier(static_cast<v1::Qualifier>(figure.qualifier));
    to.set_unit(figure.unit);
    to.set_of(figure.of);
    to.set_place(figure.place.name);
    to.set_place_country(figure.place.country);
    to.set_status(figure.status);
    for (const int32_t claim : figure.claims) to.add_claim_ids(ClaimIdOf(claim));
    to.set_rule(figure.rule);
    to.set_confidence(figure.confidence);
  }

  void WriteEvent(int32_t index, v1::Event& to) const {
    const Event& event = document_.events[static_cast<size_t>(index)];
    to.set_id(NumberedId('e', index));
    Put(event.span, *to.mutable_span());
    Put(event.trigger, *to.mutable_trigger());
    to.set_type(static_cast<v1::EventType>(event.type));
    for (const int32_t actor : event.participants) {
      to.add_participant_actor_ids(NumberedId('a', actor));
    }
    to.set_place(event.place.name);
    to.set_place_country(event.place.country);
    if (!event.time.empty()) Put(event.time, *to.mutable_time());
    to.set_factuality(static_cast<v1::Factuality>(event.factuality));
    if (event.claim >= 0) to.set_claim_id(ClaimIdOf(event.claim));
    to.set_rule(event.rule);
    to.set_confidence(event.confidence);
  }

  const AnnotatedDocument& document_;
  const bool with_texts_;
  std::vector<std::string> claim_ids_;
};

}  // namespace

std::string ClaimId(const Claim& claim) {
  std::string key(1, static_cast<char>(claim.kind));
  for (const Span& span : claim.content) {
    PutLittleEndian(static_cast<uint32_t>(span.begin), key);
    PutLittleEndian(static_cast<uint32_t>(span.end), key);
  }
  char id[17];
  std::snprintf(id, sizeof(id), "%016llx", static_cast<unsigned long long>(Hash64(key)));
  return id;
}

void FillExtraction(const AnnotatedDocument& document, std::string_view extractor_version,
                    SpanTexts span_texts, v1::Extraction& extraction) {
  extraction.Clear();
  extraction.set_document_id(document.declared().document_id);
  extraction.set_extractor_version(extractor_version.data(), extractor_version.size());
  Writer(document, span_texts).Write(extraction);
}

std::string SerializeDeterministic(const google::protobuf::MessageLite& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&out);
  }
  return bytes;
}

}  // namespace lagebild::extract
