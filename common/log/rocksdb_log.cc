#include "common/log/rocksdb_log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "common/log/log_format.h"
#include "common/log/log_waiters.h"
#include "common/status/error.h"
#include "common/storage/database.h"
#include "common/storage/high_water.h"
#include "common/storage/keys.h"

namespace lagebild {
namespace {

using log_format::CorruptIndex;
using log_format::CorruptRecord;
using log_format::CursorKey;
using log_format::DecodeIndexEntry;
using log_format::DecodeRecord;
using log_format::EncodePosition;
using log_format::kCountTag;
using log_format::kHeadFile;
using log_format::kIndexFamily;
using log_format::kRecordsFamily;
using log_format::kRecordsTag;
using log_format::PositionOfKey;
using log_format::RecordCrc;
using log_format::RecordKey;
using storage::Database;
using storage::ToSlice;
using storage::ToView;

constexpr size_t kMaxInputNameBytes = 200;
constexpr size_t kRecordsBlockBytes = size_t{32} << 10;

absl::Status UnknownPartition(int32_t partition) {
  return NotFound("UNKNOWN_PARTITION", "the log has no partition " + std::to_string(partition),
                  "partition");
}

absl::Status ClosedError() { return Unavailable("LOG_CLOSED", "the log is closed; try again"); }

// What readers share with the log: they may outlive it.
struct Shared {
  std::unique_ptr<Database> database;
  rocksdb::ColumnFamilyHandle* records = nullptr;
  rocksdb::ColumnFamilyHandle* index = nullptr;
  std::atomic<LogPosition> head{0};  // Newest durable position.
};

class Reader : public LogReader {
 public:
  Reader(std::shared_ptr<const Shared> shared, LogPosition after)
      : shared_(std::move(shared)), position_(after) {}

  absl::StatusOr<std::optional<LogRecord>> Next() override {
    if (!failure_.ok()) {
      return failure_;
    }
    const LogPosition head = shared_->head.load(std::memory_order_acquire);
    if (position_ >= head) {
      iterator_.reset();  // An idle reader holds nothing back from compaction.
      return std::optional<LogRecord>();
    }
    if (iterator_ != nullptr) {
      iterator_->Next();
    }
    // An iterator shows the log as of its making: at its end look again.
    if (iterator_ == nullptr || (!iterator_->Valid() && iterator_->status().ok())) {
      rocksdb::ReadOptions options;
      options.fill_cache = false;
      iterator_.reset(shared_->database->db()->NewIterator(options, shared_->records));
      iterator_->Seek(RecordKey(position_ + 1));
    }
    if (!iterator_->status().ok()) {
      return Fail(iterator_->status());
    }
    if (!iterator_->Valid()) {  // Failed writes leave gaps, the head is always a record.
      return std::optional<LogRecord>();
    }
    absl::StatusOr<LogRecord> record =
        DecodeRecord(*shared_->database, ToView(iterator_->key()), ToView(iterator_->value()));
    if (!record.ok()) {
      failure_ = record.status();
      return failure_;
    }
    if (record->position > head) {  // Written, but not yet published.
      iterator_.reset();
      return std::optional<LogRecord>();
    }
    position_ = record->position;
    return std::optional<LogRecord>(*std::move(record));
  }

 private:
  absl::Status Fail(const rocksdb::Status& status) {
    failure_ =
        status.IsCorruption()
            ? WithPublicMessage(DataLoss("CORRUPT_RECORD",
                                         "behind record " + std::to_string(position_) + ": " +
                                             std::string(shared_->database->Map(status).message())),
                                "the log is damaged behind record " + std::to_string(position_))
            : shared_->database->Map(status);
    return failure_;
  }

  const std::shared_ptr<const Shared> shared_;
  LogPosition position_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  absl::Status failure_;
};

class RocksDbLogImpl : public RocksDbLog {
 public:
  explicit RocksDbLogImpl(RocksDbLogOptions options)
      : options_(std::move(options)),
        shared_(std::make_shared<Shared>()),
        waiters_(std::make_shared<LogWaiters>()) {}
  ~RocksDbLogImpl() override { RocksDbLogImpl::Close(); }

  absl::Status Initialize();

  int32_t partition_count() const override { return 1; }
  void Append(int32_t partition, std::string payload, AppendCallback done) override;
  void Commit(int32_t partition, std::vector<std::string> outputs, InputCursor cursor,
              CommitCallback done) override;
  absl::StatusOr<LogPosition> CursorOf(std::string_view input_name,
                                       int32_t input_partition) const override;
  absl::StatusOr<LogPosition> Head(int32_t partition) const override;
  absl::StatusOr<LogRecord> Read(int32_t partition, LogPosition position) const override;
  absl::StatusOr<std::unique_ptr<LogReader>> ReadAfter(int32_t partition,
                                                       LogPosition after) const override;
  std::unique_ptr<LogSubscription> NotifyBehind(int32_t partition, LogPosition after,
                                                std::function<void()> wake) override;
  absl::StatusOr<std::optional<IndexHit>> Find(std::string_view key) const override;
  absl::StatusOr<std::vector<IndexHit>> Scan(std::string_view prefix, std::string_view after_key,
                                             size_t limit) const override;
  absl::StatusOr<int64_t> CountIndexed(char first_byte) const override;
  void Close() override;
  LogFigures Figures() const override;
  Database& database() override { return *shared_->database; }

 private:
  // One Append() or Commit() on its way.
  struct Operation {
    std::vector<std::string> payloads;
    std::optional<InputCursor> cursor;
    CommitCallback done;
    absl::Status refused;  // Not OK: only to be answered.
    size_t bytes = 0;
    std::vector<LogPosition> positions;
  };
  using Counts = std::array<int64_t, 256>;
  // What the operations of the batch being built did to the index: present keys.
  using Overlay = std::unordered_map<std::string, bool>;

  void Enqueue(Operation operation);
  void Run();
  std::vector<Operation> TakeBatch(std::unique_lock<std::mutex>& lock);
  void CommitBatch(std::vector<Operation> operations);
  absl::Status AddRecord(const std::string& payload, LogPosition position, Overlay* overlay,
                         Counts* counts, rocksdb::WriteBatch* batch);
  absl::Status IndexRecord(const Database& db, rocksdb::ColumnFamilyHandle* index,
                           std::string_view payload, LogPosition position, Overlay* overlay,
                           Counts* counts, rocksdb::WriteBatch* batch) const;
  absl::Status MakeIndexAnew(Database& db) const;
  absl::Status FindHead();
  absl::Status CheckNothingIsMissing();
  absl::Status ReadCounts();

  const RocksDbLogOptions options_;
  const std::shared_ptr<Shared> shared_;
  const std::shared_ptr<LogWaiters> waiters_;

  mutable std::mutex mutex_;  // Guards queue_, closing_, counts_.
  std::condition_variable wake_;
  std::deque<Operation> queue_;
  bool closing_ = false;
  Counts counts_{};

  // Of the committer alone.
  LogPosition next_ = 1;
  uint64_t kept_ = 0;  // Records in the log.
  std::unique_ptr<storage::HighWater> high_water_;

  std::atomic<uint64_t> syncs_{0};
  std::atomic<uint64_t> records_{0};
  std::once_flag close_once_;
  std::thread committer_;
};

absl::Status RocksDbLogImpl::Initialize() {
  storage::DatabaseOptions options;
  options.directory = options_.directory;
  options.kind = options_.kind;
  options.schema_version = options_.schema_version;
  options.way_out = options_.way_out;
  options.block_cache_bytes = options_.block_cache_bytes;
  options.env = options_.env;
  options.families = {{kRecordsFamily,
                       [](rocksdb::ColumnFamilyOptions& family) {
                         // Keys only ever grow, so files never overlap and move through the levels
                         // unread, as long as all levels are compressed alike.
                         // A level below the default: a hundredth more bytes in two thirds of the
                         // time.
                         family.compression = rocksdb::kZSTD;
                         family.compression_opts.level = 2;
                         storage::SetBlockSize(family, kRecordsBlockBytes);
                       }},
                      {kIndexFamily, nullptr}};
  options.upgrade = [this](Database& db, uint32_t /*from_version*/) { return MakeIndexAnew(db); };
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(std::move(options));
  if (!database.ok()) {
    return database.status();
  }
  shared_->database = *std::move(database);
  const Database& db = *shared_->database;
  shared_->records = db.family(kRecordsFamily);
  shared_->index = db.family(kIndexFamily);
  for (const auto step : {&RocksDbLogImpl::FindHead, &RocksDbLogImpl::CheckNothingIsMissing,
                          &RocksDbLogImpl::ReadCounts}) {
    if (absl::Status status = (this->*step)(); !status.ok()) {
      return status;
    }
  }
  committer_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

absl::Status RocksDbLogImpl::FindHead() {
  const Database& db = *shared_->database;
  const std::unique_ptr<rocksdb::Iterator> last(db.db()->NewIterator({}, shared_->records));
  last->SeekToLast();
  if (!last->status().ok()) {
    return db.Map(last->status());
  }
  if (last->Valid()) {
    const absl::StatusOr<LogRecord> record =
        DecodeRecord(db, ToView(last->key()), ToView(last->value()));
    if (!record.ok()) {
      return Annotate(record.status(), "the newest record of the " + options_.kind);
    }
    shared_->head = record->position;
    next_ = record->position + 1;
  }
  return absl::OkStatus();
}

// RocksDB checks what it finds in its files. Whether all is there that was written it cannot tell
// where the end of a write-ahead log or of the MANIFEST is gone.
absl::Status RocksDbLogImpl::CheckNothingIsMissing() {
  const Database& db = *shared_->database;
  absl::StatusOr<std::unique_ptr<storage::HighWater>> high_water =
      storage::HighWater::Open(options_.directory / kHeadFile);
  if (!high_water.ok()) {
    return high_water.status();
  }
  high_water_ = *std::move(high_water);
  const LogPosition head = shared_->head;
  if (head < high_water_->value()) {
    return db.Damaged("record " + std::to_string(high_water_->value()) +
                      " had been written, the newest one found is " + std::to_string(head) +
                      ": a write-ahead log (*.log) or the MANIFEST is cut, damaged at its end or "
                      "missing");
  }
  const absl::StatusOr<uint64_t> found = db.CountWritten(shared_->records);
  if (!found.ok()) {
    return found.status();
  }
  const absl::StatusOr<std::optional<std::string>> stored =
      db.Get(db.default_family(), std::string(1, kRecordsTag));
  if (!stored.ok()) {
    return stored.status();
  }
  kept_ = *found;
  if (stored->has_value()) {  // Logs of the first versions do not say it.
    std::string_view view = **stored;
    storage::TakeUint64(&view, &kept_);
  }
  if (*found < kept_) {
    return db.Damaged(std::to_string(kept_ - *found) + " of " + std::to_string(kept_) +
                      " records are missing: the MANIFEST or a write-ahead log (*.log) is cut");
  }
  return high_water_->Raise(head);
}

absl::Status RocksDbLogImpl::ReadCounts() {
  const Database& db = *shared_->database;
  for (size_t byte = 0; byte < counts_.size(); ++byte) {
    const std::string key = {kCountTag, static_cast<char>(byte)};
    const absl::StatusOr<std::optional<std::string>> value = db.Get(db.default_family(), key);
    if (!value.ok()) {
      return value.status();
    }
    if (value->has_value()) {
      std::string_view view = **value;
      uint64_t count = 0;
      storage::TakeUint64(&view, &count);
      counts_[byte] = static_cast<int64_t>(count);
    }
  }
  return absl::OkStatus();
}

void RocksDbLogImpl::Append(int32_t partition, std::string payload, AppendCallback done) {
  Operation operation;
  operation.bytes = payload.size();
  operation.payloads.push_back(std::move(payload));
  operation.done = [done = std::move(done)](absl::StatusOr<std::vector<LogPosition>> positions) {
    if (positions.ok()) {
      done(positions->front());
    } else {
      done(positions.status());
    }
  };
  if (partition != 0) {
    operation.refused = UnknownPartition(partition);
  }
  Enqueue(std::move(operation));
}

void RocksDbLogImpl::Commit(int32_t partition, std::vector<std::string> outputs, InputCursor cursor,
                            CommitCallback done) {
  Operation operation;
  for (const std::string& output : outputs) {
    operation.bytes += output.size();
  }
  operation.payloads = std::move(outputs);
  if (partition != 0) {
    operation.refused = UnknownPartition(partition);
  } else if (cursor.name.size() > kMaxInputNameBytes) {
    operation.refused = InvalidArgument("INVALID_CURSOR", "the input's name is too long");
  }
  operation.cursor = std::move(cursor);
  operation.done = std::move(done);
  Enqueue(std::move(operation));
}

void RocksDbLogImpl::Enqueue(Operation operation) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) {
      queue_.push_back(std::move(operation));
      wake_.notify_one();
      return;
    }
  }
  operation.done(ClosedError());
}

void RocksDbLogImpl::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) {
      return;
    }
    std::vector<Operation> operations = TakeBatch(lock);
    lock.unlock();
    CommitBatch(std::move(operations));
    lock.lock();
  }
}

std::vector<RocksDbLogImpl::Operation> RocksDbLogImpl::TakeBatch(
    std::unique_lock<std::mutex>& /*lock*/) {
  std::vector<Operation> operations;
  size_t bytes = 0;
  while (!queue_.empty() &&
         (operations.empty() || bytes + queue_.front().bytes <= options_.max_batch_bytes)) {
    bytes += queue_.front().bytes;
    operations.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return operations;
}

absl::Status RocksDbLogImpl::AddRecord(const std::string& payload, LogPosition position,
                                       Overlay* overlay, Counts* counts,
                                       rocksdb::WriteBatch* batch) {
  const Database& db = *shared_->database;
  const std::string key = RecordKey(position);
  std::string crc;
  storage::AppendUint32(&crc, RecordCrc(key, payload));
  const rocksdb::Slice key_slice = key;
  const std::array<rocksdb::Slice, 2> value = {rocksdb::Slice(crc), rocksdb::Slice(payload)};
  if (const rocksdb::Status status =
          batch->Put(shared_->records, rocksdb::SliceParts(&key_slice, 1),
                     rocksdb::SliceParts(value.data(), value.size()));
      !status.ok()) {
    return db.Map(status);
  }
  return IndexRecord(db, shared_->index, payload, position, overlay, counts, batch);
}

absl::Status RocksDbLogImpl::IndexRecord(const Database& db, rocksdb::ColumnFamilyHandle* index,
                                         std::string_view payload, LogPosition position,
                                         Overlay* overlay, Counts* counts,
                                         rocksdb::WriteBatch* batch) const {
  if (!options_.indexer) {
    return absl::OkStatus();
  }
  for (const IndexEntry& entry : options_.indexer(payload)) {
    if (entry.key.empty()) {
      continue;
    }
    auto [it, inserted] = overlay->try_emplace(entry.key, false);
    if (inserted) {
      const absl::StatusOr<std::optional<std::string>> before = db.Get(index, entry.key);
      if (!before.ok()) {
        return before.status();
      }
      it->second = before->has_value();
    }
    int64_t& count = (*counts)[static_cast<unsigned char>(entry.key.front())];
    count += static_cast<int64_t>(!entry.erase) - static_cast<int64_t>(it->second);
    it->second = !entry.erase;
    const rocksdb::Status status =
        entry.erase ? batch->Delete(index, entry.key)
                    : batch->Put(index, entry.key, EncodePosition(position) + entry.value);
    if (!status.ok()) {
      return db.Map(status);
    }
  }
  return absl::OkStatus();
}

// Begins with an empty index, so that it may begin again after a crash; the caller stores the new
// schema version when all is done.
absl::Status RocksDbLogImpl::MakeIndexAnew(Database& db) const {
  rocksdb::ColumnFamilyHandle* const records = db.family(kRecordsFamily);
  rocksdb::ColumnFamilyHandle* const index = db.family(kIndexFamily);
  const auto write = [&db](rocksdb::WriteBatch* batch) { return db.Write(batch, /*sync=*/false); };
  rocksdb::WriteBatch batch;
  const std::string counts_end(1, kCountTag + 1);
  batch.DeleteRange(db.default_family(), std::string(1, kCountTag), counts_end);
  {
    const std::unique_ptr<rocksdb::Iterator> last(db.db()->NewIterator({}, index));
    last->SeekToLast();
    if (last->Valid()) {
      batch.DeleteRange(index, std::string(), last->key().ToString() + std::string(1, '\0'));
    } else if (!last->status().ok()) {
      return db.Map(last->status());
    }
  }
  if (absl::Status status = write(&batch); !status.ok()) {
    return status;
  }
  batch.Clear();
  Overlay overlay;
  Counts counts{};
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> it(db.db()->NewIterator(options, records));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const absl::StatusOr<LogRecord> record =
        DecodeRecord(db, ToView(it->key()), ToView(it->value()));
    if (!record.ok()) {
      return record.status();
    }
    if (absl::Status status =
            IndexRecord(db, index, record->payload, record->position, &overlay, &counts, &batch);
        !status.ok()) {
      return status;
    }
    if (batch.GetDataSize() > options_.max_batch_bytes) {
      if (absl::Status status = write(&batch); !status.ok()) {
        return status;
      }
      batch.Clear();
      overlay.clear();
    }
  }
  if (!it->status().ok()) {
    return db.Map(it->status());
  }
  for (size_t byte = 0; byte < counts.size(); ++byte) {
    if (counts[byte] != 0) {
      batch.Put(db.default_family(), std::string{kCountTag, static_cast<char>(byte)},
                EncodePosition(counts[byte]));
    }
  }
  return write(&batch);
}

// One batch, one sync; then the head, the answers and the waiters, in this order, so that whoever
// is told of a record finds it.
void RocksDbLogImpl::CommitBatch(std::vector<Operation> operations) {
  Database& db = *shared_->database;
  rocksdb::WriteBatch batch;
  Overlay overlay;
  Counts counts = counts_;
  absl::Status status;
  bool writes = false;
  LogPosition head = shared_->head.load(std::memory_order_relaxed);
  uint64_t records = 0;
  for (Operation& operation : operations) {
    if (!operation.refused.ok() || !status.ok()) {
      continue;
    }
    writes = true;
    for (const std::string& payload : operation.payloads) {
      head = next_++;
      ++records;
      operation.positions.push_back(head);
      status = AddRecord(payload, head, &overlay, &counts, &batch);
      if (!status.ok()) {
        break;
      }
    }
    if (status.ok() && operation.cursor.has_value()) {
      status = db.Map(batch.Put(db.default_family(),
                                CursorKey(operation.cursor->name, operation.cursor->partition),
                                EncodePosition(operation.cursor->position)));
    }
  }
  for (size_t byte = 0; status.ok() && byte < counts.size(); ++byte) {
    if (counts[byte] != counts_[byte]) {
      const std::string key = {kCountTag, static_cast<char>(byte)};
      status = db.Map(batch.Put(db.default_family(), key, EncodePosition(counts[byte])));
    }
  }
  if (status.ok() && records > 0) {
    status = db.Map(batch.Put(db.default_family(), std::string(1, kRecordsTag),
                              EncodePosition(static_cast<LogPosition>(kept_ + records))));
  }
  if (status.ok() && writes) {
    // A failed write leaves a gap: whether its bytes reached the disk is not known, so its
    // positions are not used again.
    status = db.Write(&batch, /*sync=*/true);
    syncs_.fetch_add(1, std::memory_order_relaxed);
  }
  if (status.ok() && writes) {
    {
      const std::lock_guard lock(mutex_);
      counts_ = counts;
    }
    records_.fetch_add(records, std::memory_order_relaxed);
    kept_ += records;
    // What cannot be noted is not looked for at the next start; the records are durable all the
    // same.
    (void)high_water_->Raise(head);
    shared_->head.store(head, std::memory_order_release);
  }
  for (Operation& operation : operations) {
    if (!operation.refused.ok()) {
      operation.done(operation.refused);
    } else if (!status.ok()) {
      operation.done(status);
    } else {
      operation.done(std::move(operation.positions));
    }
  }
  if (status.ok() && records > 0) {
    waiters_->Wake(head);
  }
}

absl::StatusOr<LogPosition> RocksDbLogImpl::CursorOf(std::string_view input_name,
                                                     int32_t input_partition) const {
  const Database& db = *shared_->database;
  const absl::StatusOr<std::optional<std::string>> value =
      db.Get(db.default_family(), CursorKey(input_name, input_partition));
  if (!value.ok()) {
    return value.status();
  }
  uint64_t position = 0;
  if (value->has_value()) {
    std::string_view view = **value;
    storage::TakeUint64(&view, &position);
  }
  return static_cast<LogPosition>(position);
}

absl::StatusOr<LogPosition> RocksDbLogImpl::Head(int32_t partition) const {
  if (partition != 0) {
    return UnknownPartition(partition);
  }
  return shared_->head.load(std::memory_order_acquire);
}

absl::StatusOr<LogRecord> RocksDbLogImpl::Read(int32_t partition, LogPosition position) const {
  if (partition != 0) {
    return UnknownPartition(partition);
  }
  const absl::Status missing =
      NotFound("RECORD_NOT_FOUND", "the log has no record " + std::to_string(position));
  if (position <= 0 || position > shared_->head.load(std::memory_order_acquire)) {
    return missing;
  }
  const std::string key = RecordKey(position);
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = shared_->database->db()->Get({}, shared_->records, key, &value);
  if (status.IsNotFound()) {
    return missing;
  }
  if (!status.ok()) {
    return shared_->database->Map(status);
  }
  return DecodeRecord(*shared_->database, key, ToView(value));
}

absl::StatusOr<std::unique_ptr<LogReader>> RocksDbLogImpl::ReadAfter(int32_t partition,
                                                                     LogPosition after) const {
  if (partition != 0) {
    return UnknownPartition(partition);
  }
  return std::make_unique<Reader>(shared_, std::max<LogPosition>(after, 0));
}

std::unique_ptr<LogSubscription> RocksDbLogImpl::NotifyBehind(int32_t partition, LogPosition after,
                                                              std::function<void()> wake) {
  // An unknown partition has no records to wait for: look, and be told so.
  if (partition != 0) after = -1;
  return waiters_->Add(after, std::move(wake),
                       [this] { return shared_->head.load(std::memory_order_acquire); });
}

absl::StatusOr<std::optional<IndexHit>> RocksDbLogImpl::Find(std::string_view key) const {
  const absl::StatusOr<std::optional<std::string>> value =
      shared_->database->Get(shared_->index, key);
  if (!value.ok()) {
    return value.status();
  }
  if (!value->has_value()) {
    return std::optional<IndexHit>();
  }
  std::optional<IndexHit> hit = DecodeIndexEntry(key, **value);
  if (!hit.has_value()) {
    return CorruptIndex(*shared_->database);
  }
  return hit;
}

absl::StatusOr<std::vector<IndexHit>> RocksDbLogImpl::Scan(std::string_view prefix,
                                                           std::string_view after_key,
                                                           size_t limit) const {
  std::vector<IndexHit> hits;
  const std::unique_ptr<rocksdb::Iterator> it(
      shared_->database->db()->NewIterator({}, shared_->index));
  // The smallest key greater than after_key is after_key and a NUL.
  const std::string start =
      after_key < prefix ? std::string(prefix) : std::string(after_key) + std::string(1, '\0');
  for (it->Seek(start);
       hits.size() < limit && it->Valid() && it->key().starts_with(ToSlice(prefix)); it->Next()) {
    std::optional<IndexHit> hit = DecodeIndexEntry(ToView(it->key()), ToView(it->value()));
    if (!hit.has_value()) {
      return CorruptIndex(*shared_->database);
    }
    hits.push_back(*std::move(hit));
  }
  if (!it->status().ok()) {
    return shared_->database->Map(it->status());
  }
  return hits;
}

absl::StatusOr<int64_t> RocksDbLogImpl::CountIndexed(char first_byte) const {
  const std::lock_guard lock(mutex_);
  return counts_[static_cast<unsigned char>(first_byte)];
}

void RocksDbLogImpl::Close() {
  std::call_once(close_once_, [this] {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    if (committer_.joinable()) {
      committer_.join();
    }
    waiters_->Close();
  });
}

LogFigures RocksDbLogImpl::Figures() const {
  const storage::DatabaseFigures database = shared_->database->Figures();
  LogFigures figures;
  figures.head = shared_->head.load(std::memory_order_acquire);
  figures.syncs = syncs_.load(std::memory_order_relaxed);
  figures.records = records_.load(std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    figures.queued = queue_.size();
  }
  figures.live_bytes = database.live_bytes;
  figures.memtable_bytes = database.memtable_bytes;
  figures.block_cache_bytes = database.block_cache_bytes;
  figures.pending_compaction_bytes = database.pending_compaction_bytes;
  figures.background_errors = database.background_errors;
  figures.write_stopped = database.write_stopped;
  return figures;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDbLog>> RocksDbLog::Open(RocksDbLogOptions options) {
  auto log = std::make_unique<RocksDbLogImpl>(std::move(options));
  if (absl::Status status = log->Initialize(); !status.ok()) {
    return status;
  }
  return log;
}

}  // namespace lagebild
