#ifndef LAGEBILD_TESTS_UNIT_QUERY_SERVICE_SUPPORT_RECORD_BUILDER_H_
#define LAGEBILD_TESTS_UNIT_QUERY_SERVICE_SUPPORT_RECORD_BUILDER_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/time/iso8601.h"
#include "common/time/proto_time.h"
#include "lagebild/v1/log.pb.h"

namespace lagebild::query {

/// Instant of an ISO 8601 text that is known to be right.
inline Instant At(std::string_view text) { return ParseIsoTime(text)->begin; }

inline v1::TimeInterval Days(std::string_view earliest, std::string_view latest) {
  v1::TimeInterval interval;
  interval.set_earliest(std::string(earliest));
  interval.set_latest(std::string(latest));
  return interval;
}

/// Makes records of the extractions log out of invented sentences. The document's position is the
/// record's unless set.
class RecordBuilder {
 public:
  RecordBuilder(int64_t position, std::string_view document_id, int64_t version = 1) {
    record_.set_position(position);
    record_.set_document_position(position);
    record_.set_generation(1);
    record_.set_extractor_version("test-1");
    record_.mutable_document()->set_id(std::string(document_id));
    record_.mutable_document()->set_version(version);
    record_.mutable_extraction()->set_document_id(std::string(document_id));
    RecordedAt("2031-03-20T12:00:00Z");
    recorded_by_position_ = true;
  }

  RecordBuilder& RecordedAt(std::string_view instant) {
    *record_.mutable_recorded_at() = ToProto(At(instant));
    recorded_by_position_ = false;
    return *this;
  }
  RecordBuilder& DocumentPosition(int64_t position) {
    record_.set_document_position(position);
    return *this;
  }
  RecordBuilder& Generation(int32_t generation, std::string_view version = "test-2") {
    record_.set_generation(generation);
    record_.set_extractor_version(std::string(version));
    return *this;
  }
  /// Declared by the caller: a day or an instant.
  RecordBuilder& Published(std::string_view declared) {
    record_.mutable_document()->mutable_metadata()->set_published(std::string(declared));
    const auto time = ParseIsoTime(declared);
    v1::Publication* published = record_.mutable_extraction()->mutable_published();
    published->set_rule("declared");
    *published->mutable_interval() = Days(FormatDay(time->first_day), FormatDay(time->last_day));
    published->mutable_interval()->set_value(std::string(declared));
    return *this;
  }
  /// Read from the text.
  RecordBuilder& PublishedBetween(std::string_view earliest, std::string_view latest) {
    v1::Publication* published = record_.mutable_extraction()->mutable_published();
    published->set_rule("dateline");
    *published->mutable_interval() = Days(earliest, latest);
    return *this;
  }
  RecordBuilder& Title(std::string_view title) {
    record_.mutable_document()->mutable_metadata()->set_title(std::string(title));
    return *this;
  }
  RecordBuilder& Outlet(std::string_view outlet) {
    record_.mutable_document()->mutable_metadata()->set_outlet(std::string(outlet));
    return *this;
  }

  /// An actor of the document; returns its id there.
  std::string Actor(std::string_view name, v1::ActorType type = v1::ACTOR_TYPE_PERSON,
                    std::vector<std::string> aliases = {}, std::vector<std::string> roles = {}) {
    for (const v1::Actor& known : record_.extraction().actors()) {
      if (known.name() == name && known.type() == type) return known.id();
    }
    v1::Actor* actor = record_.mutable_extraction()->add_actors();
    actor->set_id("a" + std::to_string(record_.extraction().actors_size()));
    actor->set_name(std::string(name));
    actor->set_type(type);
    actor->add_aliases(std::string(name));
    for (std::string& alias : aliases) actor->add_aliases(std::move(alias));
    for (std::string& role : roles) actor->add_roles(std::move(role));
    return actor->id();
  }

  /// A sentence "<speaker> sagte, <content>." with its claim; the claim may be changed.
  v1::Claim* Claim(std::string_view speaker, std::string_view content,
                   v1::ClaimAct act = v1::CLAIM_ACT_ASSERT) {
    v1::Span sentence;
    sentence.set_begin(Size());
    v1::Claim* claim = record_.mutable_extraction()->add_claims();
    claim->set_id("c" + std::to_string(record_.extraction().claims_size()));
    claim->set_kind(v1::CLAIM_KIND_INDIRECT);
    claim->set_act(act);
    claim->set_polarity(act == v1::CLAIM_ACT_DENY ? v1::POLARITY_NEG : v1::POLARITY_POS);
    claim->set_certainty(v1::CERTAINTY_CERTAIN);
    claim->set_confidence(0.8);
    claim->set_rule("test");
    if (!speaker.empty()) {
      *claim->add_speaker() = Append(speaker);
      const std::string id = Actor(speaker);
      claim->add_speaker_actor_ids(id);
      v1::Attribution* link = claim->add_chain();
      link->set_actor_id(id);
      link->set_relation(v1::RELATION_SAYS);
      *link->mutable_span() = claim->speaker(0);
      Append(" ");
      *claim->add_cue() = Append("sagte");
      Append(", ");
      v1::Span* frame = claim->add_frame();
      frame->set_begin(sentence.begin());
      frame->set_end(Size());
    }
    *claim->add_content() = Append(content);
    Append(".");
    sentence.set_end(Size());
    *record_.mutable_extraction()->add_sentences()->mutable_span() = sentence;
    Append(" ");
    return claim;
  }

  /// A quoted fragment in the newest claim.
  v1::Claim* Fragment(std::string_view words) {
    const v1::Claim outer = record_.extraction().claims(record_.extraction().claims_size() - 1);
    v1::Claim* fragment = record_.mutable_extraction()->add_claims();
    fragment->set_id(outer.id() + "f");
    fragment->set_part_of(outer.id());
    fragment->set_kind(v1::CLAIM_KIND_DIRECT);
    fragment->set_act(outer.act());
    fragment->set_confidence(0.7);
    *fragment->mutable_speaker_actor_ids() = outer.speaker_actor_ids();
    const size_t at = record_.document().text().find(words);
    v1::Span* span = fragment->add_content();
    span->set_begin(static_cast<int32_t>(at));
    span->set_end(static_cast<int32_t>(at + words.size()));
    return fragment;
  }

  /// A figure in the newest claim, or in a sentence of its own when `claimed` is false.
  v1::Figure* Figure(std::string_view number, double value, std::string_view unit, bool claimed) {
    v1::Span sentence;
    sentence.set_begin(Size());
    v1::Figure* figure = record_.mutable_extraction()->add_figures();
    figure->set_id("f" + std::to_string(record_.extraction().figures_size()));
    *figure->mutable_span() = Append(number);
    Append(" ");
    Append(unit);
    Append(".");
    sentence.set_end(Size());
    *record_.mutable_extraction()->add_sentences()->mutable_span() = sentence;
    Append(" ");
    figure->set_low(value);
    figure->set_high(value);
    figure->set_unit(std::string(unit));
    figure->set_of(std::string(unit));
    figure->set_qualifier(v1::QUALIFIER_EXACT);
    figure->set_confidence(0.9);
    if (claimed) {
      v1::Claim* claim =
          record_.mutable_extraction()->mutable_claims(record_.extraction().claims_size() - 1);
      figure->add_claim_ids(claim->id());
      claim->add_figure_ids(figure->id());
    }
    return figure;
  }

  v1::Event* Event(std::string_view clause, const v1::TimeInterval& time) {
    v1::Event* event = record_.mutable_extraction()->add_events();
    event->set_id("e" + std::to_string(record_.extraction().events_size()));
    *event->mutable_span() = Append(clause);
    *event->mutable_trigger() = event->span();
    Append(". ");
    *event->mutable_time() = time;
    event->set_type(v1::EVENT_TYPE_OTHER);
    event->set_factuality(v1::FACTUALITY_FACT);
    event->set_confidence(0.6);
    return event;
  }

  v1::ExtractionRecord Build() {
    v1::ExtractionRecord record = record_;
    if (recorded_by_position_) {
      *record.mutable_recorded_at() =
          ToProto(At("2031-03-20T12:00:00Z") + std::chrono::seconds(record.document_position()));
    }
    v1::Extraction* extraction = record.mutable_extraction();
    extraction->set_language("de");
    extraction->set_extractor_version(record.extractor_version());
    if (!record.document().text().empty()) {
      v1::Region* body = extraction->add_regions();
      body->mutable_span()->set_end(Size());
      body->set_kind(v1::REGION_KIND_BODY);
    }
    return record;
  }

  v1::ExtractionRecord Deletion() {
    v1::ExtractionRecord record = Build();
    record.clear_extraction();
    record.mutable_document()->clear_text();
    record.mutable_document()->clear_metadata();
    record.mutable_deletion()->set_document_id(record.document().id());
    record.mutable_deletion()->set_version(record.document().version());
    return record;
  }

  v1::ExtractionRecord Failure() {
    v1::ExtractionRecord record = Build();
    record.clear_extraction();
    record.mutable_failure()->set_document_id(record.document().id());
    record.mutable_failure()->set_reason("ANALYSIS_TIMED_OUT");
    record.mutable_failure()->set_message("The analysis took too long.");
    return record;
  }

 private:
  int32_t Size() const { return static_cast<int32_t>(record_.document().text().size()); }
  v1::Span Append(std::string_view words) {
    v1::Span span;
    span.set_begin(Size());
    record_.mutable_document()->mutable_text()->append(words.data(), words.size());
    span.set_end(Size());
    return span;
  }

  v1::ExtractionRecord record_;
  bool recorded_by_position_ = true;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_TESTS_UNIT_QUERY_SERVICE_SUPPORT_RECORD_BUILDER_H_
