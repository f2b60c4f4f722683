#include "query_service/index/read_model.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/status/error.h"
#include "common/storage/keys.h"
#include "query_service/index/posting_block.h"

namespace lagebild::query {
namespace {

// Counts up with every change of keys, values or of how they are made: an older read model is then
// emptied and follows the extractions log from its beginning.
constexpr uint32_t kSchemaVersion = 3;
constexpr char kStateName[] = "state";
// Of each of the two families; twice as much is no faster.
constexpr size_t kWriteBufferBytes = size_t{32} << 20;
constexpr uint64_t kReserveBytes = uint64_t{2} * kWriteBufferBytes;
constexpr size_t kContentsBlockBytes = size_t{32} << 10;

using storage::AppendInt64;
using storage::AppendString;
using storage::TakeInt64;
using storage::TakeString;
using storage::ToSlice;
using storage::ToView;

void AppendGeneration(std::string* bytes, const GenerationState& state) {
  AppendInt32(bytes, state.number);
  AppendString(bytes, state.extractor_version);
  AppendInt64(bytes, state.documents_position);
  AppendInt64(bytes, state.last_superseded);
  AppendInt32(bytes, state.longest_publication);
  AppendInt32(bytes, state.longest_event);
  bytes->push_back(state.open_ended_events ? 1 : 0);
  for (const int64_t count : {state.documents, state.versions, state.failures, state.claims,
                              state.figures, state.events, state.actors}) {
    AppendInt64(bytes, count);
  }
}

bool TakeGeneration(std::string_view* bytes, GenerationState* state) {
  uint8_t open_ended = 0;
  const bool whole =
      TakeInt32(bytes, &state->number) && TakeString(bytes, &state->extractor_version) &&
      TakeInt64(bytes, &state->documents_position) && TakeInt64(bytes, &state->last_superseded) &&
      TakeInt32(bytes, &state->longest_publication) && TakeInt32(bytes, &state->longest_event) &&
      storage::TakeByte(bytes, &open_ended) && TakeInt64(bytes, &state->documents) &&
      TakeInt64(bytes, &state->versions) && TakeInt64(bytes, &state->failures) &&
      TakeInt64(bytes, &state->claims) && TakeInt64(bytes, &state->figures) &&
      TakeInt64(bytes, &state->events) && TakeInt64(bytes, &state->actors);
  state->open_ended_events = open_ended != 0;
  return whole;
}

std::string EncodeState(const ReadModelState& state) {
  std::string bytes;
  AppendInt64(&bytes, state.extractions_position);
  AppendGeneration(&bytes, state.serving);
  AppendGeneration(&bytes, state.building);
  return bytes;
}

bool DecodeState(std::string_view bytes, ReadModelState* state) {
  return TakeInt64(&bytes, &state->extractions_position) &&
         TakeGeneration(&bytes, &state->serving) && TakeGeneration(&bytes, &state->building) &&
         bytes.empty();
}

std::string ContentKey(int32_t generation, int64_t document_position) {
  std::string key = TagPrefix(generation, Tag::kContents);
  AppendInt64(&key, document_position);
  return key;
}

}  // namespace

// --- View

View::View(const ReadModel* model, ReadModelState state)
    : model_(model), snapshot_(model->database_->db()->GetSnapshot()), state_(std::move(state)) {}

View::~View() { model_->database_->db()->ReleaseSnapshot(snapshot_); }

absl::StatusOr<bool> View::Get(std::string_view key, rocksdb::PinnableSlice* value) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  value->Reset();
  const rocksdb::Status status = model_->database_->db()->Get(
      options, model_->database_->default_family(), ToSlice(key), value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return Map(status);
  return true;
}

absl::StatusOr<std::optional<std::string>> View::GetContent(int32_t generation,
                                                            int64_t document_position) const {
  return model_->database_->Get(model_->contents_, ContentKey(generation, document_position),
                                snapshot_);
}

std::unique_ptr<rocksdb::Iterator> View::NewIterator(const rocksdb::Slice* lower,
                                                     const rocksdb::Slice* upper) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.iterate_lower_bound = lower;
  options.iterate_upper_bound = upper;
  return std::unique_ptr<rocksdb::Iterator>(
      model_->database_->db()->NewIterator(options, model_->database_->default_family()));
}

absl::Status View::Map(const rocksdb::Status& status) const {
  return model_->database_->Map(status);
}

// --- ReadModelBatch

void ReadModelBatch::Add(std::string_view prefix, std::string_view rest, std::string_view value,
                         bool is_delete, std::vector<Change>* changes) {
  changes->push_back({.key_begin = keys_.size(),
                      .key_size = static_cast<uint32_t>(prefix.size() + rest.size()),
                      .is_delete = is_delete,
                      .value = value});
  keys_.append(prefix).append(rest);
  bytes_ += changes->back().key_size + value.size();
}

void ReadModelBatch::PutView(std::string_view prefix, std::string_view rest,
                             std::string_view value) {
  Add(prefix, rest, value, /*is_delete=*/false, &items_);
}

void ReadModelBatch::PutPosting(int32_t generation, std::string_view term, std::string_view group,
                                std::string_view items) {
  postings_.push_back({.generation = generation, .term = term, .group = group, .items = items});
  bytes_ += term.size() + group.size() + items.size();
}

void ReadModelBatch::Delete(std::string_view key) { Add(key, {}, {}, /*is_delete=*/true, &items_); }

void ReadModelBatch::PutContent(int32_t generation, int64_t document_position,
                                std::string_view value) {
  Add(ContentKey(generation, document_position), {}, value, /*is_delete=*/false, &contents_);
}

void ReadModelBatch::WritePostings() {
  std::string prefix;
  for (const PostingChange& posting : postings_) {
    prefix.clear();
    AppendTagPrefix(&prefix, posting.generation, Tag::kPostings);
    prefix.append(posting.term);
    PutView(prefix, posting.group, posting.items);
  }
  postings_.clear();
}

void ReadModelBatch::WritePostingBlocks() {
  struct Block {
    int64_t first_position = 0;
    PostingBlockWriter postings;
  };
  using Place = std::tuple<std::string_view, uint32_t, int32_t>;  // Term, period, generation.
  absl::flat_hash_map<Place, Block> blocks;
  // Most terms of a batch are in a few of its documents.
  constexpr size_t kUsualDocuments = 8;
  blocks.reserve(postings_.size() / kUsualDocuments);
  for (const PostingChange& posting : postings_) {
    Block& block = blocks[{posting.term, PeriodOf(posting.group), posting.generation}];
    if (block.first_position == 0) block.first_position = PositionOf(posting.group);
    block.postings.Add(posting.group, posting.items);
  }
  std::string prefix;
  std::string position;
  for (auto& [place, block] : blocks) {
    const auto& [term, period, generation] = place;
    prefix.clear();
    AppendTagPrefix(&prefix, generation, Tag::kPostingBlocks);
    prefix.append(term);
    storage::AppendUint32(&prefix, period);
    position.clear();
    AppendInt64(&position, block.first_position);
    PutView(prefix, position, kept_.emplace_back(block.postings.Release()));
  }
  postings_.clear();
}

void ReadModelBatch::Clear() {
  keys_.clear();
  kept_.clear();
  items_.clear();
  contents_.clear();
  postings_.clear();
  dropped_.clear();
  bytes_ = 0;
}

void ReadModelBatch::DropGeneration(int32_t generation) { dropped_.push_back(generation); }

std::vector<storage::TableEntry> ReadModelBatch::Sorted(const std::vector<Change>& changes) const {
  // Sixteen bytes as numbers decide nearly all comparisons, when they are not those that all keys
  // begin with.
  struct Place {
    uint64_t first = 0;
    uint64_t second = 0;
    uint32_t change = 0;
  };
  const std::string_view keys = keys_;
  const auto key_of = [&](uint32_t change) {
    return keys.substr(changes[change].key_begin, changes[change].key_size);
  };
  std::string_view common = changes.empty() ? std::string_view() : key_of(0);
  for (uint32_t i = 1; i < changes.size(); ++i) {
    const std::string_view key = key_of(i);
    const auto differs = std::mismatch(common.begin(), common.end(), key.begin(), key.end()).first;
    common = common.substr(0, static_cast<size_t>(differs - common.begin()));
  }
  std::vector<Place> places(changes.size());
  for (uint32_t i = 0; i < places.size(); ++i) {
    std::array<unsigned char, 16> head = {};
    const std::string_view key = key_of(i).substr(common.size());
    std::memcpy(head.data(), key.data(), std::min(key.size(), head.size()));
    places[i].change = i;
    for (size_t k = 0; k < 8; ++k) {
      places[i].first = places[i].first << 8 | head[k];
      places[i].second = places[i].second << 8 | head[k + 8];
    }
  }
  std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    if (a.first != b.first) return a.first < b.first;
    if (a.second != b.second) return a.second < b.second;
    const int order = key_of(a.change).compare(key_of(b.change));
    return order != 0 ? order < 0 : a.change < b.change;
  });
  std::vector<storage::TableEntry> sorted;
  sorted.reserve(places.size());
  for (const Place& place : places) {
    const Change& change = changes[place.change];
    const storage::TableEntry entry = {
        .key = key_of(place.change), .value = change.value, .is_delete = change.is_delete};
    if (!sorted.empty() && sorted.back().key == entry.key) {
      sorted.back() = entry;
    } else {
      sorted.push_back(entry);
    }
  }
  return sorted;
}

// --- ReadModel

absl::StatusOr<std::unique_ptr<ReadModel>> ReadModel::Open(Options options) {
  storage::DatabaseOptions database_options;
  database_options.directory = std::move(options.directory);
  database_options.kind = "read model";
  database_options.schema_version = kSchemaVersion;
  database_options.upgrade = [](storage::Database& database, uint32_t /*from_version*/) {
    return database.Clear();
  };
  database_options.way_out = "delete the directory, it is rebuilt from the extractions log";
  database_options.block_cache_bytes = options.block_cache_bytes;
  database_options.write_ahead_log = false;
  database_options.write_buffer_bytes = kWriteBufferBytes;
  database_options.reserve_bytes = kReserveBytes;
  database_options.env = options.env;
  database_options.families.push_back({kContentsFamily, [](rocksdb::ColumnFamilyOptions& family) {
                                         // Keys only ever grow, as in a log.
                                         family.compression = rocksdb::kZSTD;
                                         family.compression_opts.level = 2;
                                         storage::SetBlockSize(family, kContentsBlockBytes);
                                       }});
  absl::StatusOr<std::unique_ptr<storage::Database>> database =
      storage::Database::Open(std::move(database_options));
  if (!database.ok()) return database.status();
  std::unique_ptr<ReadModel> model(new ReadModel(*std::move(database), options.table_bytes));
  ReadModelState state;
  absl::StatusOr<std::optional<std::string>> bytes =
      model->database_->Get(model->database_->default_family(), MetaKey(kStateName));
  if (!bytes.ok()) return bytes.status();
  if (bytes->has_value() && !DecodeState(**bytes, &state)) {
    return DataLoss("DATABASE_DAMAGED",
                    "the state of the read model in " + model->database_->directory().string() +
                        " cannot be read; delete the directory, it is rebuilt from the "
                        "extractions log");
  }
  model->Publish(state);
  return model;
}

ReadModel::ReadModel(std::unique_ptr<storage::Database> database, size_t table_bytes)
    : database_(std::move(database)),
      contents_(database_->family(kContentsFamily)),
      table_bytes_(table_bytes) {}

ReadModel::~ReadModel() { view_.reset(); }

std::shared_ptr<const View> ReadModel::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

absl::Status ReadModel::Commit(ReadModelBatch* batch, const ReadModelState& state) {
  absl::Status status = Write(batch, EncodeState(state));
  batch->Clear();
  if (!status.ok()) return status;
  Publish(state);
  return absl::OkStatus();
}

absl::Status ReadModel::Settle() { return database_->PutOffMerging(false); }

absl::Status ReadModel::Write(ReadModelBatch* batch, const std::string& state) {
  const bool large = batch->bytes() >= table_bytes_ && batch->dropped_.empty();
  if (large) {
    batch->WritePostingBlocks();
  } else {
    batch->WritePostings();
  }
  std::vector<storage::Table> tables;
  // Views of an empty read model look for nothing.
  const bool first = view()->state().extractions_position == 0;
  tables.push_back({database_->default_family(), batch->Sorted(batch->items_), /*appended=*/first});
  // Before all keys of generations.
  const std::string state_key = MetaKey(kStateName);
  tables.front().entries.insert(tables.front().entries.begin(), {.key = state_key, .value = state});
  // A version is written once, and read by those whose view knows of it.
  if (!batch->contents_.empty()) {
    tables.push_back({contents_, batch->Sorted(batch->contents_), /*appended=*/true});
  }
  if (large) {
    // More tables are on their way.
    if (absl::Status status = database_->PutOffMerging(true); !status.ok()) return status;
    return database_->WriteTables(tables);
  }

  // In order of keys each insertion into the memtable begins where the one before ended.
  rocksdb::WriteBatch changes(batch->bytes() +
                              16 * (batch->items_.size() + batch->contents_.size()));
  for (const storage::Table& table : tables) {
    for (const storage::TableEntry& entry : table.entries) {
      if (entry.is_delete) {
        changes.Delete(table.family, ToSlice(entry.key));
      } else {
        changes.Put(table.family, ToSlice(entry.key), ToSlice(entry.value));
      }
    }
  }
  for (const int32_t generation : batch->dropped_) {
    const std::string begin = GenerationPrefix(generation);
    const std::string end = storage::PrefixEnd(begin).value_or(std::string(8, '\xff'));
    for (rocksdb::ColumnFamilyHandle* family : {database_->default_family(), contents_}) {
      changes.DeleteRange(family, ToSlice(begin), ToSlice(end));
    }
  }
  return database_->Write(&changes, /*sync=*/false);
}

void ReadModel::Publish(const ReadModelState& state) {
  std::shared_ptr<const View> next(new View(this, state));
  const std::lock_guard lock(mutex_);
  view_.swap(next);
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ReadModel::Dump() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (rocksdb::ColumnFamilyHandle* family : {database_->default_family(), contents_}) {
    const std::unique_ptr<rocksdb::Iterator> iterator(
        database_->db()->NewIterator(rocksdb::ReadOptions(), family));
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
      all.emplace_back(iterator->key().ToString(), iterator->value().ToString());
    }
    if (!iterator->status().ok()) return database_->Map(iterator->status());
  }
  return all;
}

// --- Cursor

Cursor::Cursor(const View& view, std::vector<Part> parts, bool backward)
    : view_(view), backward_(backward) {
  for (Part& part : parts) {
    auto source = std::make_unique<Source>();
    source->part = std::move(part);
    source->lower_key = source->part.prefix + source->part.lower;
    source->upper_key =
        source->part.upper.empty()
            ? storage::PrefixEnd(source->part.prefix).value_or(std::string(64, '\xff'))
            : source->part.prefix + source->part.upper;
    source->lower = ToSlice(source->lower_key);
    source->upper = ToSlice(source->upper_key);
    source->iterator = view.NewIterator(&source->lower, &source->upper);
    sources_.push_back(std::move(source));
  }
}

void Cursor::Start() {
  for (const auto& source : sources_) {
    backward_ ? source->iterator->SeekToLast() : source->iterator->SeekToFirst();
  }
  Choose();
}

void Cursor::Seek(std::string_view at) {
  std::string key;
  for (const auto& source : sources_) {
    key.assign(source->part.prefix).append(at);
    if (backward_) {
      source->iterator->SeekForPrev(ToSlice(key));
      // SeekForPrev ignores an upper bound below its target; the bound itself holds for what it
      // finds.
      if (source->iterator->Valid() && ToView(source->iterator->key()) == key) {
        source->iterator->Prev();
      }
    } else {
      source->iterator->Seek(ToSlice(key));
    }
  }
  Choose();
}

void Cursor::Next() {
  const auto& source = sources_[static_cast<size_t>(current_)];
  backward_ ? source->iterator->Prev() : source->iterator->Next();
  Choose();
}

std::string_view Cursor::RestOf(const Source& source) const {
  return ToView(source.iterator->key()).substr(source.part.prefix.size());
}

void Cursor::Choose() {
  current_ = -1;
  std::string_view best;
  for (size_t i = 0; i < sources_.size(); ++i) {
    if (!sources_[i]->iterator->Valid()) continue;
    const std::string_view rest = RestOf(*sources_[i]);
    if (current_ < 0 || (backward_ ? rest > best : rest < best)) {
      current_ = static_cast<int>(i);
      best = rest;
    }
  }
}

std::string_view Cursor::rest() const { return RestOf(*sources_[static_cast<size_t>(current_)]); }

std::string_view Cursor::value() const {
  return ToView(sources_[static_cast<size_t>(current_)]->iterator->value());
}

absl::Status Cursor::status() const {
  for (const auto& source : sources_) {
    if (!source->iterator->status().ok()) return view_.Map(source->iterator->status());
  }
  return absl::OkStatus();
}

}  // namespace lagebild::query
