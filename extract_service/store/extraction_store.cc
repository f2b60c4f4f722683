#include "extract_service/store/extraction_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/status/error.h"
#include "common/storage/keys.h"

// Index keys of the extractions log. A generation and the one before it are kept apart by the case
// of the tag, so that the older one is found until the newer has caught up; the one after next
// takes the same keys again.
//   document := 'd' | 'D' document_id -> generation:4 document_position:8   newest record of the
//   document failure  := 'f' | 'F' document_id -> the same                           when that
//   record is a failure deletion := 't' | 'T' document_id -> the same when that record is a
//   deletion
// Odd generations have lower-case tags, even ones upper-case tags. Tags are permanent.

namespace lagebild::extract {
namespace {

constexpr uint32_t kSchemaVersion = 1;

enum class Tag { kDocument, kFailure, kDeletion };

char TagOf(Tag tag, int32_t generation) {
  constexpr std::string_view kOdd = "dft";
  constexpr std::string_view kEven = "DFT";
  return (generation % 2 != 0 ? kOdd : kEven)[static_cast<size_t>(tag)];
}

std::string KeyOf(Tag tag, int32_t generation, std::string_view document_id) {
  return TagOf(tag, generation) + std::string(document_id);
}

std::string_view DocumentIdOf(const v1::ExtractionRecord& record) { return record.document().id(); }

std::vector<IndexEntry> Index(std::string_view payload) {
  v1::ExtractionRecord record;
  if (!record.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return {};
  }
  std::string value;
  storage::AppendUint32(&value, static_cast<uint32_t>(record.generation()));
  storage::AppendUint64(&value, static_cast<uint64_t>(record.document_position()));
  const int32_t generation = record.generation();
  const std::string_view id = DocumentIdOf(record);
  return {{KeyOf(Tag::kDocument, generation, id), value, false},
          {KeyOf(Tag::kFailure, generation, id), value, !record.has_failure()},
          {KeyOf(Tag::kDeletion, generation, id), value, !record.has_deletion()}};
}

struct Filed {
  int32_t generation = 0;
  LogPosition document_position = 0;
  LogPosition position = 0;
};

std::optional<Filed> DecodeHit(const IndexHit& hit) {
  std::string_view value = hit.value;
  uint32_t generation = 0;
  uint64_t document_position = 0;
  if (!storage::TakeUint32(&value, &generation) ||
      !storage::TakeUint64(&value, &document_position)) {
    return std::nullopt;
  }
  return Filed{static_cast<int32_t>(generation), static_cast<LogPosition>(document_position),
               hit.position};
}

}  // namespace

absl::StatusOr<std::unique_ptr<ExtractionStore>> ExtractionStore::Open(
    const std::filesystem::path& directory, std::string_view extractor_version) {
  RocksDbLogOptions options;
  options.directory = directory;
  options.kind = "extractions log";
  options.schema_version = kSchemaVersion;
  options.indexer = Index;
  options.way_out =
      "delete the directory to have everything extracted again from the documents log (the read "
      "model of query_service must then be deleted too), or restore a copy";
  absl::StatusOr<std::unique_ptr<RocksDbLog>> log = RocksDbLog::Open(std::move(options));
  if (!log.ok()) {
    return log.status();
  }
  int32_t generation = 1;
  const absl::StatusOr<LogPosition> head = (*log)->Head(0);
  if (!head.ok()) {
    return head.status();
  }
  if (*head > 0) {
    const absl::StatusOr<LogRecord> newest = (*log)->Read(0, *head);
    if (!newest.ok()) {
      return newest.status();
    }
    const absl::StatusOr<v1::ExtractionRecord> record = Parse(*newest);
    if (!record.ok()) {
      return record.status();
    }
    generation = record->generation() + (record->extractor_version() == extractor_version ? 0 : 1);
  }
  return std::unique_ptr<ExtractionStore>(
      new ExtractionStore(*std::move(log), generation, extractor_version));
}

ExtractionStore::ExtractionStore(std::unique_ptr<RocksDbLog> log, int32_t generation,
                                 std::string_view version)
    : log_(std::move(log)),
      generation_(generation),
      extractor_version_(version),
      input_name_("documents/generation-" + std::to_string(generation)) {}

absl::StatusOr<LogPosition> ExtractionStore::InputPosition() const {
  return log_->CursorOf(input_name_, 0);
}

absl::Status ExtractionStore::Commit(std::vector<std::string> records, LogPosition input_position) {
  return log_->CommitAndWait(0, std::move(records), {input_name_, 0, input_position}).status();
}

absl::StatusOr<v1::ExtractionRecord> ExtractionStore::FindNewest(
    std::string_view document_id) const {
  std::optional<Filed> newest;
  // Equal document positions: the newer generation comes first and stays.
  for (const int32_t generation : {generation_, generation_ - 1}) {
    const absl::StatusOr<std::optional<IndexHit>> hit =
        log_->Find(KeyOf(Tag::kDocument, generation, document_id));
    if (!hit.ok()) {
      return hit.status();
    }
    const std::optional<Filed> filed = hit->has_value() ? DecodeHit(**hit) : std::nullopt;
    // An entry of the generation before the last, not yet overwritten, is as good as none.
    if (filed.has_value() && filed->generation == generation &&
        (!newest.has_value() || filed->document_position > newest->document_position)) {
      newest = filed;
    }
  }
  if (!newest.has_value()) {
    return NotFound("DOCUMENT_NOT_FOUND",
                    "no extraction of a document \"" + std::string(document_id) + "\"",
                    "document_id");
  }
  const absl::StatusOr<LogRecord> record = log_->Read(0, newest->position);
  if (!record.ok()) {
    return record.status();
  }
  return Parse(*record);
}

absl::StatusOr<v1::ExtractionRecord> ExtractionStore::Parse(const LogRecord& record) {
  v1::ExtractionRecord message;
  if (!message.ParseFromString(record.payload)) {
    return DataLoss("CORRUPT_RECORD", "record " + std::to_string(record.position) +
                                          " of the extractions log cannot be read");
  }
  message.set_position(record.position);
  return message;
}

int64_t ExtractionStore::DocumentCount() const {
  return log_->CountIndexed(TagOf(Tag::kDocument, generation_)).value_or(0) -
         log_->CountIndexed(TagOf(Tag::kDeletion, generation_)).value_or(0);
}

int64_t ExtractionStore::FailureCount() const {
  return log_->CountIndexed(TagOf(Tag::kFailure, generation_)).value_or(0);
}

}  // namespace lagebild::extract
