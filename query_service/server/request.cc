#include "query_service/server/request.h"

#include <cmath>
#include <limits>
#include <utility>

#include "common/paging/page_token.h"
#include "common/status/error.h"
#include "common/storage/keys.h"
#include "common/text/utf8.h"
#include "common/time/iso8601.h"
#include "query_service/index/words.h"

namespace lagebild::query {
namespace {

using storage::AppendInt64;
using storage::AppendString;
using storage::TakeInt64;
using storage::TakeString;

constexpr int kMaxListed = 100;         // Values in one list of a filter.
constexpr size_t kMaxTextBytes = 1000;  // Of the filter's text.
constexpr size_t kMaxWords = 32;
constexpr size_t kMinPrefixCodePoints = 2;

// The last microsecond of a day, or the instant.
absl::StatusOr<int64_t> ParseBound(std::string_view text, std::string_view field) {
  const absl::StatusOr<IsoTime> time = ParseIsoTime(text);
  if (!time.ok() || time->precision == IsoPrecision::kYear ||
      time->precision == IsoPrecision::kMonth) {
    return InvalidArgument(
        "INVALID_DATE",
        "not an ISO 8601 day or instant, such as 2024-10-21 or 2024-10-21T17:46:00+02:00", field);
  }
  const bool is_day = time->precision == IsoPrecision::kDay;
  return is_day ? time->end.time_since_epoch().count() - 1 : time->begin.time_since_epoch().count();
}

absl::Status InvalidFilter(std::string_view message, std::string_view field) {
  return InvalidArgument("INVALID_FILTER", message, field);
}

absl::StatusOr<std::optional<DaySpan>> ParseRange(bool present, const v1::DayRange& range,
                                                  const std::string& field) {
  if (!present || (range.earliest().empty() && range.latest().empty())) return std::nullopt;
  DaySpan span;
  const struct {
    const std::string& text;
    const char* name;
    int32_t* day;
  } ends[] = {{range.earliest(), ".earliest", &span.first},
              {range.latest(), ".latest", &span.last}};
  for (const auto& end : ends) {
    if (end.text.empty()) continue;
    const absl::StatusOr<Day> day = ParseIsoDay(end.text);
    if (!day.ok()) {
      return InvalidArgument("INVALID_DATE", "not an ISO 8601 day, such as 2024-10-21",
                             field + end.name);
    }
    *end.day = static_cast<int32_t>(day->time_since_epoch().count());
  }
  if (span.first > span.last) {
    return InvalidArgument("REVERSED_INTERVAL", "earliest lies behind latest", field);
  }
  return span;
}

template <class Values>
absl::StatusOr<unsigned> ParseEnums(const Values& values, bool (*is_valid)(int),
                                    std::string_view field) {
  unsigned bits = 0;
  for (const int value : values) {
    if (!is_valid(value)) return InvalidFilter("not a value of this enum", field);
    bits |= 1u << value;
  }
  return bits;
}

template <class Values>
absl::Status CheckList(const Values& values, std::string_view field) {
  if (values.size() > kMaxListed) return InvalidFilter("more than 100 values", field);
  for (const std::string& value : values) {
    if (value.empty()) return InvalidFilter("an empty value matches nothing; leave it out", field);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PinnedRead> ResolvePicture(const View& view, const v1::Picture& picture) {
  PinnedRead read;
  const GenerationState& serving = view.serving();
  read.state.set_extractions_position(view.state().extractions_position);
  read.state.set_documents_position(serving.documents_position);
  read.state.set_extractor_version(serving.extractor_version);
  read.state.set_generation(serving.number);
  read.picture.limit = serving.documents_position;
  if (!picture.as_of().empty()) {
    absl::StatusOr<int64_t> as_of = ParseBound(picture.as_of(), "picture.as_of");
    if (!as_of.ok()) return as_of.status();
    read.picture.as_of_us = *as_of;
    read.picture.as_of_day = static_cast<int32_t>(
        BerlinDayOf(Instant(std::chrono::microseconds(*as_of))).time_since_epoch().count());
  }
  if (!picture.recorded_by().empty()) {
    absl::StatusOr<int64_t> bound = ParseBound(picture.recorded_by(), "picture.recorded_by");
    if (!bound.ok()) return bound.status();
    absl::StatusOr<int64_t> position = PositionRecordedBy(view, *bound);
    if (!position.ok()) return position.status();
    read.picture.limit = *position;
  }
  return read;
}

absl::StatusOr<PinnedRead> ResolvePage(const View& view, const google::protobuf::Message& request,
                                       const v1::Picture& picture) {
  absl::StatusOr<PinnedRead> now = ResolvePicture(view, picture);
  if (!now.ok()) return now;
  absl::StatusOr<std::string> bytes = ReadPageToken(request);
  if (!bytes.ok()) return bytes.status();
  if (bytes->empty()) return now;
  absl::StatusOr<PinnedRead> read = DecodePageState(*bytes);
  if (!read.ok()) return read;
  // The generation is gone, or the read model was deleted and does not reach as far again yet.
  if (read->state.generation() != now->state.generation() ||
      read->state.extractions_position() > now->state.extractions_position() ||
      read->state.documents_position() > now->state.documents_position()) {
    return FailedPrecondition("PAGE_TOKEN_EXPIRED",
                              "what this page token was read from is no longer there; start again "
                              "without a token",
                              "page_token");
  }
  if (read->picture.limit > read->state.documents_position() || read->after.empty()) {
    return InvalidPageToken();
  }
  read->picture.as_of_us = now->picture.as_of_us;
  read->picture.as_of_day = now->picture.as_of_day;
  return read;
}

std::string NextPageToken(const google::protobuf::Message& request, const PinnedRead& read,
                          std::string_view last) {
  std::string bytes;
  AppendInt32(&bytes, read.state.generation());
  AppendInt64(&bytes, read.state.extractions_position());
  AppendInt64(&bytes, read.state.documents_position());
  AppendString(&bytes, read.state.extractor_version());
  AppendInt64(&bytes, read.picture.limit);
  bytes.append(last);
  return MakePageToken(request, bytes);
}

absl::StatusOr<PinnedRead> DecodePageState(std::string_view bytes) {
  PinnedRead read;
  int32_t generation = 0;
  int64_t extractions_position = 0;
  int64_t documents_position = 0;
  std::string extractor_version;
  if (!TakeInt32(&bytes, &generation) || !TakeInt64(&bytes, &extractions_position) ||
      !TakeInt64(&bytes, &documents_position) || !TakeString(&bytes, &extractor_version) ||
      !TakeInt64(&bytes, &read.picture.limit) || extractions_position < 0 ||
      documents_position < 0 || read.picture.limit < 0 ||
      FindInvalidUtf8(extractor_version).has_value()) {
    return InvalidPageToken();
  }
  read.state.set_generation(generation);
  read.state.set_extractions_position(extractions_position);
  read.state.set_documents_position(documents_position);
  read.state.set_extractor_version(extractor_version);
  read.after = std::string(bytes);
  return read;
}

absl::StatusOr<Conditions> MakeConditions(const View& view, const v1::ItemFilter& filter,
                                          int64_t limit) {
  Conditions conditions;
  for (absl::Status status :
       {CheckList(filter.actors(), "filter.actors"), CheckList(filter.outlets(), "filter.outlets"),
        CheckList(filter.document_ids(), "filter.document_ids")}) {
    if (!status.ok()) return status;
  }
  if (!filter.actors().empty()) {
    conditions.actors.emplace();
    for (const std::string& actor : filter.actors()) {
      absl::StatusOr<std::vector<uint64_t>> keys = FindActors(view, actor, limit);
      if (!keys.ok()) return keys.status();
      conditions.actors->insert(conditions.actors->end(), keys->begin(), keys->end());
    }
  }
  const absl::StatusOr<unsigned> acts =
      ParseEnums(filter.acts(), v1::ClaimAct_IsValid, "filter.acts");
  const absl::StatusOr<unsigned> polarities =
      ParseEnums(filter.polarities(), v1::Polarity_IsValid, "filter.polarities");
  const absl::StatusOr<unsigned> certainties =
      ParseEnums(filter.certainties(), v1::Certainty_IsValid, "filter.certainties");
  const absl::StatusOr<unsigned> kinds =
      ParseEnums(filter.kinds(), v1::ClaimKind_IsValid, "filter.kinds");
  for (const auto* bits : {&acts, &polarities, &certainties, &kinds}) {
    if (!bits->ok()) return bits->status();
  }
  conditions.acts = static_cast<uint16_t>(*acts);
  conditions.polarities = static_cast<uint8_t>(*polarities);
  conditions.certainties = static_cast<uint8_t>(*certainties);
  conditions.kinds = static_cast<uint8_t>(*kinds);
  if (!filter.document_ids().empty()) {
    conditions.document_ids.emplace(filter.document_ids().begin(), filter.document_ids().end());
  }
  if (!filter.outlets().empty()) {
    std::vector<Term>& terms = conditions.terms.emplace_back();
    for (const std::string& outlet : filter.outlets()) {
      terms.push_back({Field::kOutlet, FoldCase(outlet), false});
    }
  }
  if (!filter.text().empty()) {
    if (filter.text().size() > kMaxTextBytes) {
      return InvalidFilter("longer than 1,000 bytes", "filter.text");
    }
    const std::vector<QueryWord> words = QueryWordsOf(filter.text());
    if (words.empty()) return InvalidFilter("holds no word", "filter.text");
    if (words.size() > kMaxWords) return InvalidFilter("more than 32 words", "filter.text");
    for (const QueryWord& word : words) {
      if (word.prefix && CountCodePoints(word.word) < kMinPrefixCodePoints) {
        return InvalidFilter("a beginning of a word has at least two letters", "filter.text");
      }
      conditions.terms.push_back({{Field::kWord, word.word, word.prefix}});
    }
  }
  absl::StatusOr<std::optional<DaySpan>> event_time =
      ParseRange(filter.has_event_time(), filter.event_time(), "filter.event_time");
  if (!event_time.ok()) return event_time.status();
  conditions.event_time = *event_time;
  absl::StatusOr<std::optional<DaySpan>> published =
      ParseRange(filter.has_published(), filter.published(), "filter.published");
  if (!published.ok()) return published.status();
  conditions.published = *published;
  if (std::isnan(filter.min_confidence()) || filter.min_confidence() < 0 ||
      filter.min_confidence() > 1) {
    return InvalidFilter("not between 0 and 1", "filter.min_confidence");
  }
  conditions.min_confidence = filter.min_confidence();
  return conditions;
}

absl::StatusOr<std::vector<uint64_t>> FindActors(const View& view, std::string_view id_or_name,
                                                 int64_t limit) {
  if (const uint64_t key = ParseActorId(id_or_name); key != 0) return std::vector<uint64_t>{key};
  std::vector<uint64_t> found;
  if (view.generation() == 0) return found;
  std::string prefix = TagPrefix(view.generation(), Tag::kActorLookup);
  AppendString(&prefix, FoldCase(id_or_name));
  Cursor cursor(view, {{std::move(prefix), "", ""}});
  uint8_t found_rank = 0;
  for (cursor.Start(); cursor.Valid(); cursor.Next()) {
    std::string_view rest = cursor.rest();
    std::string_view value = cursor.value();
    uint8_t rank = 0;
    uint64_t key = 0;
    int64_t first_position = 0;
    if (!storage::TakeByte(&rest, &rank) || !storage::TakeUint64(&rest, &key) ||
        !TakeInt64(&value, &first_position)) {
      return DataLoss("CORRUPT_RECORD", "the read model's actor names are damaged");
    }
    if (first_position > limit) continue;
    if (!found.empty() && rank != found_rank) break;  // Canonical names come before aliases.
    found_rank = rank;
    found.push_back(key);
  }
  if (!cursor.status().ok()) return cursor.status();
  return found;
}

}  // namespace lagebild::query
