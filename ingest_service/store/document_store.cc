#include "ingest_service/store/document_store.h"

#include <google/protobuf/message_lite.h>

#include <algorithm>
#include <utility>

#include "common/status/error.h"
#include "common/storage/keys.h"
#include "common/time/proto_time.h"
#include "common/wire/append_field.h"
#include "ingest_service/intake/sha256.h"

// Record := format:1 (0x01) kind:1 (0x01 document, 0x02 deletion) recorded_at:8 version:8
//           fingerprint:32 summary_size:4 record_size:4 summary record previous_outlet
//   recorded_at      microseconds since 1970, version: both fixed, so that they are put in last
//   fingerprint      PreparedDocument::fingerprint; zeros for a deletion
//   summary          v1::DocumentSummary with id, metadata and text size; all that the index needs,
//   so
//                    that filing a record does not parse its text
//   record           v1::DocumentRecord without position, recorded_at and version
//   previous_outlet  outlet of the version before, whose key goes
//
// Index keys (integers big-endian, strings as storage::AppendString; tag bytes are permanent):
//   newest   := 0x01 id            -> kind:1 version:8 fingerprint:32 outlet    deletions included
//   version  := 0x02 id version:8  -> kind:1
//   live     := 0x03 id            -> recorded_at:8 version:8 summary           erased by a
//   deletion outlet   := 0x04 outlet id     -> recorded_at:8 version:8 summary           erased by
//   a deletion

namespace lagebild::ingest {
namespace {

using storage::AppendString;
using storage::AppendUint32;
using storage::AppendUint64;

constexpr char kFormat = '\x01';
constexpr char kDocument = '\x01';
constexpr char kDeletion = '\x02';
constexpr size_t kStampOffset = 2;
constexpr size_t kHeaderBytes = kStampOffset + 8 + 8 + kSha256Bytes + 4 + 4;

constexpr char kNewestTag = '\x01';
constexpr char kVersionTag = '\x02';
constexpr char kLiveTag = '\x03';
constexpr char kOutletTag = '\x04';

// A record's parts; views into its payload.
struct Parts {
  char kind = 0;
  int64_t recorded_at = 0;
  int64_t version = 0;
  std::string_view stamp;  // recorded_at and version as stored.
  std::string_view fingerprint;
  std::string_view summary;
  std::string_view record;
  std::string_view previous_outlet;
};

std::optional<Parts> Split(std::string_view payload) {
  if (payload.size() < kHeaderBytes || payload[0] != kFormat ||
      (payload[1] != kDocument && payload[1] != kDeletion)) {
    return std::nullopt;
  }
  Parts parts;
  parts.kind = payload[1];
  std::string_view rest = payload.substr(kStampOffset);
  parts.stamp = rest.substr(0, 16);
  uint64_t recorded_at = 0;
  uint64_t version = 0;
  uint32_t summary_size = 0;
  uint32_t record_size = 0;
  storage::TakeUint64(&rest, &recorded_at);
  storage::TakeUint64(&rest, &version);
  parts.recorded_at = static_cast<int64_t>(recorded_at);
  parts.version = static_cast<int64_t>(version);
  parts.fingerprint = rest.substr(0, kSha256Bytes);
  rest.remove_prefix(kSha256Bytes);
  storage::TakeUint32(&rest, &summary_size);
  storage::TakeUint32(&rest, &record_size);
  if (uint64_t{summary_size} + record_size > rest.size()) return std::nullopt;
  parts.summary = rest.substr(0, summary_size);
  parts.record = rest.substr(summary_size, record_size);
  parts.previous_outlet = rest.substr(summary_size + record_size);
  return parts;
}

// `record`: the bytes of a v1::DocumentRecord.
std::string Join(char kind, std::string_view fingerprint, const v1::DocumentSummary& summary,
                 std::string_view record) {
  const size_t summary_size = summary.ByteSizeLong();
  std::string payload;
  // Room for the outlet that Append() may add.
  payload.reserve(kHeaderBytes + summary_size + record.size() + kMaxOutletBytes);
  payload.push_back(kFormat);
  payload.push_back(kind);
  payload.append(16, '\0');
  payload.append(fingerprint);
  AppendUint32(&payload, static_cast<uint32_t>(summary_size));
  AppendUint32(&payload, static_cast<uint32_t>(record.size()));
  summary.AppendPartialToString(&payload);
  payload.append(record);
  return payload;
}

std::string Key(char tag, std::string_view first) {
  std::string key(1, tag);
  AppendString(&key, first);
  return key;
}

std::string Key(char tag, std::string_view first, std::string_view second) {
  std::string key = Key(tag, first);
  AppendString(&key, second);
  return key;
}

std::string VersionKey(std::string_view id, int64_t version) {
  std::string key = Key(kVersionTag, id);
  AppendUint64(&key, static_cast<uint64_t>(version));
  return key;
}

std::vector<IndexEntry> IndexKeys(std::string_view payload) {
  const std::optional<Parts> parts = Split(payload);
  v1::DocumentSummary summary;
  if (!parts.has_value() ||
      !summary.ParseFromArray(parts->summary.data(), static_cast<int>(parts->summary.size()))) {
    return {};
  }
  const std::string& id = summary.document_id();
  const std::string& outlet = summary.metadata().outlet();
  const bool live = parts->kind == kDocument;
  std::string newest(1, parts->kind);
  AppendUint64(&newest, static_cast<uint64_t>(parts->version));
  newest.append(parts->fingerprint);
  newest.append(outlet);
  std::string listed(parts->stamp);
  listed.append(parts->summary);

  std::vector<IndexEntry> entries;
  entries.push_back({Key(kNewestTag, id), std::move(newest)});
  entries.push_back({VersionKey(id, parts->version), std::string(1, parts->kind)});
  if (!parts->previous_outlet.empty() && (!live || parts->previous_outlet != outlet)) {
    entries.push_back({Key(kOutletTag, parts->previous_outlet, id), {}, true});
  }
  if (live && !outlet.empty()) entries.push_back({Key(kOutletTag, outlet, id), listed});
  entries.push_back({Key(kLiveTag, id), live ? std::move(listed) : std::string(), !live});
  return entries;
}

v1::ContentFormat ToProto(ContentFormat format) {
  switch (format) {
    case ContentFormat::kPlain:
      return v1::CONTENT_FORMAT_PLAIN;
    case ContentFormat::kHtml:
      return v1::CONTENT_FORMAT_HTML;
    case ContentFormat::kUnspecified:
      break;
  }
  return v1::CONTENT_FORMAT_UNSPECIFIED;
}

v1::RegionKind ToProto(MarkedRegionKind kind) {
  switch (kind) {
    case MarkedRegionKind::kTitle:
      return v1::REGION_KIND_TITLE;
    case MarkedRegionKind::kHeading:
      return v1::REGION_KIND_HEADING;
    case MarkedRegionKind::kCaption:
      return v1::REGION_KIND_CAPTION;
  }
  return v1::REGION_KIND_UNSPECIFIED;
}

v1::DocumentMetadata ToProto(const DocumentMetadata& metadata) {
  v1::DocumentMetadata proto;
  proto.set_title(metadata.title);
  proto.set_outlet(metadata.outlet);
  proto.set_url(metadata.url);
  proto.set_published(metadata.published);
  for (const std::string& author : metadata.authors) proto.add_authors(author);
  return proto;
}

absl::Status Corrupt(LogPosition position, std::string_view what) {
  return DataLoss("CORRUPT_RECORD", "record " + std::to_string(position) +
                                        " of the documents log " + std::string(what));
}

}  // namespace

Indexer DocumentStore::MakeIndexer() { return &IndexKeys; }

absl::StatusOr<std::unique_ptr<DocumentStore>> DocumentStore::Create(std::shared_ptr<Log> log,
                                                                     const Clock& clock) {
  const absl::StatusOr<LogPosition> head = log->Head(0);
  if (!head.ok()) return head.status();
  Instant newest = Instant::min();
  if (*head > 0) {
    const absl::StatusOr<LogRecord> record = log->Read(0, *head);
    if (!record.ok()) return record.status();
    const std::optional<Parts> parts = Split(record->payload);
    if (!parts.has_value()) return Corrupt(*head, "cannot be read");
    newest = Instant(std::chrono::microseconds(parts->recorded_at));
  }
  return std::unique_ptr<DocumentStore>(new DocumentStore(std::move(log), clock, newest));
}

absl::StatusOr<std::optional<VersionInfo>> DocumentStore::FindNewest(std::string_view id) const {
  const absl::StatusOr<std::optional<IndexHit>> hit = log_->Find(Key(kNewestTag, id));
  if (!hit.ok()) return hit.status();
  if (!hit->has_value()) return std::optional<VersionInfo>();
  std::string_view value = (*hit)->value;
  VersionInfo info;
  uint8_t kind = 0;
  uint64_t version = 0;
  if (!storage::TakeByte(&value, &kind) || !storage::TakeUint64(&value, &version) ||
      value.size() < kSha256Bytes) {
    return Corrupt((*hit)->position, "is filed wrongly");
  }
  info.version = static_cast<int64_t>(version);
  info.position = (*hit)->position;
  info.deleted = kind == kDeletion;
  if (!info.deleted) {
    info.fingerprint = std::string(value.substr(0, kSha256Bytes));
    info.outlet = std::string(value.substr(kSha256Bytes));
  }
  return std::optional<VersionInfo>(std::move(info));
}

std::string DocumentStore::Encode(PreparedDocument prepared) {
  v1::Document document;
  document.set_id(prepared.id);
  *document.mutable_metadata() = ToProto(prepared.metadata);
  document.set_format(ToProto(prepared.format));
  document.set_raw(std::move(prepared.raw));
  document.mutable_signature()->Add(prepared.signature.begin(), prepared.signature.end());
  for (const MarkedRegion& marked : prepared.marked_regions) {
    v1::Region& region = *document.add_marked_regions();
    region.mutable_span()->set_begin(marked.span.begin);
    region.mutable_span()->set_end(marked.span.end);
    region.set_kind(ToProto(marked.kind));
    region.set_rule(marked.rule);
    region.set_confidence(1.0);
  }
  v1::DocumentSummary summary;
  summary.set_document_id(prepared.id);
  *summary.mutable_metadata() = document.metadata();
  summary.set_text_size_bytes(static_cast<int64_t>(prepared.text.size()));
  // Protobuf would look a third time whether the text is UTF-8.
  std::string bytes = document.SerializeAsString();
  AppendField(&bytes, v1::Document::kTextFieldNumber, prepared.text);
  std::string record;
  AppendField(&record, v1::DocumentRecord::kDocumentFieldNumber, bytes);
  return Join(kDocument, prepared.fingerprint, summary, record);
}

void DocumentStore::Append(std::string encoded, int64_t version, std::string_view previous_outlet,
                           AppendCallback done) {
  encoded.append(previous_outlet);
  Stamp(std::move(encoded), version, std::move(done));
}

void DocumentStore::AppendDeletion(std::string_view id, const VersionInfo& deleted,
                                   AppendCallback done) {
  v1::DocumentRecord record;
  record.mutable_deletion()->set_document_id(std::string(id));
  v1::DocumentSummary summary;
  summary.set_document_id(std::string(id));
  std::string encoded =
      Join(kDeletion, std::string(kSha256Bytes, '\0'), summary, record.SerializeAsString());
  encoded.append(deleted.outlet);
  Stamp(std::move(encoded), deleted.version + 1, std::move(done));
}

void DocumentStore::Stamp(std::string encoded, int64_t version, AppendCallback done) {
  const std::lock_guard lock(mutex_);
  std::string stamp;
  AppendUint64(&stamp, static_cast<uint64_t>(clock_.Now().time_since_epoch().count()));
  AppendUint64(&stamp, static_cast<uint64_t>(version));
  encoded.replace(kStampOffset, stamp.size(), stamp);
  log_->Append(0, std::move(encoded), std::move(done));
}

absl::Status DocumentStore::DecodeRecord(const LogRecord& record, v1::DocumentRecord* decoded) {
  const std::optional<Parts> parts = Split(record.payload);
  if (!parts.has_value() ||
      !decoded->ParseFromArray(parts->record.data(), static_cast<int>(parts->record.size()))) {
    return Corrupt(record.position, "cannot be read");
  }
  decoded->set_position(record.position);
  *decoded->mutable_recorded_at() =
      lagebild::ToProto(Instant(std::chrono::microseconds(parts->recorded_at)));
  if (decoded->has_document()) {
    decoded->mutable_document()->set_version(parts->version);
  } else {
    decoded->mutable_deletion()->set_version(parts->version);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::DocumentRecord> DocumentStore::Get(std::string_view id, int64_t version) const {
  const absl::StatusOr<std::optional<VersionInfo>> newest = FindNewest(id);
  if (!newest.ok()) return newest.status();
  if (!newest->has_value()) {
    return NotFound("DOCUMENT_NOT_FOUND", "no document has this id", "document_id");
  }
  LogPosition position = (*newest)->position;
  bool deleted = (*newest)->deleted;
  if (version != 0 && version != (*newest)->version) {
    const absl::StatusOr<std::optional<IndexHit>> hit =
        version < 0 ? std::optional<IndexHit>() : log_->Find(VersionKey(id, version));
    if (!hit.ok()) return hit.status();
    if (!hit->has_value()) {
      return NotFound("VERSION_NOT_FOUND", "the document has no version " + std::to_string(version),
                      "version");
    }
    position = (*hit)->position;
    deleted = (*hit)->value.starts_with(kDeletion);
  }
  if (deleted) return NotFound("DOCUMENT_DELETED", "the document has been deleted", "document_id");
  const absl::StatusOr<LogRecord> record = log_->Read(0, position);
  if (!record.ok()) return record.status();
  v1::DocumentRecord decoded;
  if (absl::Status status = DecodeRecord(*record, &decoded); !status.ok()) return status;
  return decoded;
}

absl::StatusOr<std::vector<v1::DocumentSummary>> DocumentStore::List(std::string_view outlet,
                                                                     std::string_view after_id,
                                                                     size_t limit) const {
  const std::string prefix = outlet.empty() ? std::string(1, kLiveTag) : Key(kOutletTag, outlet);
  std::string after = prefix;
  if (!after_id.empty()) AppendString(&after, after_id);
  const absl::StatusOr<std::vector<IndexHit>> hits = log_->Scan(prefix, after, limit);
  if (!hits.ok()) return hits.status();
  std::vector<v1::DocumentSummary> summaries;
  summaries.reserve(hits->size());
  for (const IndexHit& hit : *hits) {
    std::string_view value = hit.value;
    uint64_t recorded_at = 0;
    uint64_t version = 0;
    v1::DocumentSummary summary;
    if (!storage::TakeUint64(&value, &recorded_at) || !storage::TakeUint64(&value, &version) ||
        !summary.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return Corrupt(hit.position, "is filed wrongly");
    }
    summary.set_version(static_cast<int64_t>(version));
    summary.set_position(hit.position);
    *summary.mutable_recorded_at() =
        lagebild::ToProto(Instant(std::chrono::microseconds(static_cast<int64_t>(recorded_at))));
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

absl::StatusOr<DocumentCounts> DocumentStore::Counts() const {
  const absl::StatusOr<int64_t> documents = log_->CountIndexed(kLiveTag);
  if (!documents.ok()) return documents.status();
  const absl::StatusOr<int64_t> versions = log_->CountIndexed(kVersionTag);
  if (!versions.ok()) return versions.status();
  return DocumentCounts{*documents, *versions};
}

}  // namespace lagebild::ingest
