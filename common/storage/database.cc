#include "common/storage/database.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "common/status/error.h"
#include "common/storage/info_log.h"

namespace lagebild::storage {
namespace {

// Beginning of the names of files that WriteTables() makes.
constexpr char kTablePrefix[] = "table-";
constexpr auto kResumePause = std::chrono::milliseconds(200);

bool IsNoSpace(const rocksdb::Status& status) {
  return status.IsNoSpace() || status.subcode() == rocksdb::Status::SubCode::kNoSpace;
}

std::string Quoted(const std::filesystem::path& path) { return "\"" + path.string() + "\""; }

}  // namespace

void SetBlockSize(rocksdb::ColumnFamilyOptions& family, size_t bytes) {
  rocksdb::BlockBasedTableOptions table =
      *family.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  table.block_size = bytes;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
}

class Database::Listener : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* /*error*/) override {
    errors_.fetch_add(1, std::memory_order_relaxed);
  }
  uint64_t errors() const { return errors_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> errors_{0};
};

Database::Database(DatabaseOptions options)
    : options_(std::move(options)),
      listener_(std::make_shared<Listener>()),
      cache_(rocksdb::NewLRUCache(options_.block_cache_bytes)) {}

Database::~Database() {
  if (db_ == nullptr) {
    return;
  }
  for (rocksdb::ColumnFamilyHandle* const handle : handles_) {
    (void)db_->DestroyColumnFamilyHandle(handle);
  }
  (void)db_->Close();
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(DatabaseOptions options) {
  std::unique_ptr<Database> database(new Database(std::move(options)));
  if (absl::Status status = database->PrepareDirectory(); !status.ok()) {
    return status;
  }
  if (absl::Status status = database->OpenFamilies(); !status.ok()) {
    return status;
  }
  if (absl::Status status = database->CheckSchema(); !status.ok()) {
    return status;
  }
  return database;
}

// Makes sure that RocksDB creates a database only where there is none: it would begin a new one
// over the files of a database that has lost its CURRENT.
absl::Status Database::PrepareDirectory() const {
  const std::filesystem::path& directory = options_.directory;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error && !std::filesystem::is_directory(directory, error)) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (!error && access(directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    error = std::error_code(errno, std::generic_category());
  }
  if (error) {
    return MakeError(absl::StatusCode::kPermissionDenied, "DIRECTORY_NOT_WRITABLE",
                     "data directory " + Quoted(directory) +
                         " cannot be created or written: " + error.message());
  }
  if (std::filesystem::exists(directory / "CURRENT", error)) {
    return absl::OkStatus();
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename();
    const std::string extension = entry.path().extension();
    // ".lagebild": what the services keep beside their databases.
    if (extension == ".sst" || extension == ".blob" || extension == ".log" ||
        (extension == ".lagebild" && name != kDeletionMark)) {
      return Damaged("the file " + Quoted(directory / "CURRENT") + " is missing");
    }
    const bool ours = name == "lost+found" || name == kDeletionMark || name == "LOCK" ||
                      name == "IDENTITY" || name.starts_with("LOG") ||
                      name.starts_with("MANIFEST-") || name.starts_with("OPTIONS-") ||
                      extension == ".dbtmp";
    if (!ours) {
      return FailedPrecondition("NOT_A_DATABASE", "data directory " + Quoted(directory) +
                                                      " holds other files (" + name +
                                                      "); name an empty one");
    }
  }
  return absl::OkStatus();
}

absl::Status Database::Damaged(std::string_view what) const {
  std::string message = "the " + options_.kind + " in " + Quoted(options_.directory) +
                        " is damaged: " + std::string(what);
  if (!options_.way_out.empty()) {
    message += "; " + options_.way_out;
  }
  return WithPublicMessage(
      DataLoss("DATABASE_DAMAGED", message),
      "the " + options_.kind + " is damaged; the service's log names the file and the way out");
}

absl::Status Database::OpenFamilies() {
  rocksdb::Options common;
  common.create_if_missing = true;
  common.create_missing_column_families = true;
  common.paranoid_checks = true;
  // What was synced is never silently dropped: only an incomplete record at the end of the
  // write-ahead log, which nobody was told of, may be missing; damage before it refuses the start.
  common.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // What was written together is lost together, should the newest lines of the MANIFEST be lost: no
  // family may show what another has forgotten.
  common.atomic_flush = true;
  // The tables that opening would make of the write-ahead log get a line in the MANIFEST each.
  common.avoid_flush_during_recovery = true;
  common.max_open_files = 512;
  common.info_log = OpenInfoLog(options_.directory);
  common.listeners.push_back(listener_);
  common.max_background_jobs = 2;
  // Files are written out as they grow: one large sync at their end would hold up the small ones of
  // everybody's write-ahead logs on the same disk, and so what is about to become visible.
  common.bytes_per_sync = size_t{1} << 20;
  common.wal_bytes_per_sync = size_t{1} << 20;
  // A small family whose memory is never full must not hold back the write-ahead log of the others.
  common.max_total_wal_size = 2 * options_.write_buffer_bytes;
  if (options_.env != nullptr) {
    common.env = options_.env;
  }
  // Compactions can wait; requests and new records cannot.
  (void)common.env->LowerThreadPoolCPUPriority(rocksdb::Env::Priority::LOW,
                                               rocksdb::CpuPriority::kLow);

  rocksdb::ColumnFamilyOptions base;
  base.write_buffer_size = options_.write_buffer_bytes;
  // What a table takes while it is made, its filter above all, grows with it.
  base.target_file_size_base = uint64_t{16} << 20;
  base.compression = rocksdb::kLZ4Compression;
  // Most of a large database lies in its last level and is seldom read.
  base.bottommost_compression = rocksdb::kZSTD;
  // Reads of single keys, which most are, pass over memory that does not hold them, and find their
  // place in a block by hash.
  base.memtable_prefix_bloom_size_ratio = 0.05;
  base.memtable_whole_key_filtering = true;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache_;
  table.format_version = 5;
  table.block_size = size_t{16} << 10;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  constexpr double kBitsPerKey = 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBitsPerKey));
  base.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));

  const std::string path = options_.directory.string();
  std::vector<rocksdb::ColumnFamilyDescriptor> wanted;
  wanted.emplace_back(rocksdb::kDefaultColumnFamilyName, base);
  std::set<std::string> known = {rocksdb::kDefaultColumnFamilyName};
  for (const FamilyOptions& family : options_.families) {
    rocksdb::ColumnFamilyOptions family_options = base;
    if (family.customize) {
      family.customize(family_options);
    }
    wanted.emplace_back(family.name, family_options);
    known.insert(family.name);
  }

  // A database of a newer version can hold families this program does not know. RocksDB refuses to
  // open it with an error about families; the schema says it better.
  std::vector<std::string> existing;
  if (rocksdb::DB::ListColumnFamilies(common, path, &existing).ok() &&
      std::any_of(existing.begin(), existing.end(),
                  [&known](const std::string& name) { return !known.contains(name); })) {
    rocksdb::DB* raw = nullptr;
    if (rocksdb::DB::OpenForReadOnly(common, path, &raw).ok()) {
      const std::unique_ptr<rocksdb::DB> read_only(raw);
      std::string stored;
      if (read_only->Get({}, ToSlice(kSchemaKey), &stored).ok()) {
        if (const auto version = CompareSchema(stored); !version.ok()) {
          return version.status();
        }
      }
    }
    return FailedPrecondition("SCHEMA_MISMATCH",
                              "data directory " + Quoted(options_.directory) +
                                  " holds a database of another program or a newer version");
  }

  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(rocksdb::DBOptions(common), path, wanted, &handles_, &raw);
  db_.reset(raw);
  if (status.ok()) {
    RemoveTables();
    return absl::OkStatus();
  }
  if (status.IsIOError() && (status.ToString().find("lock ") != std::string::npos ||
                             status.ToString().find("LOCK") != std::string::npos)) {
    return MakeError(absl::StatusCode::kUnavailable, "DIRECTORY_IN_USE",
                     "data directory " + Quoted(options_.directory) +
                         " is in use by another process (its file LOCK is locked)");
  }
  if (IsNoSpace(status)) {
    return Map(status);
  }
  // Whatever else keeps an existing database from opening is a file that is missing, cut or
  // damaged.
  return Damaged(status.ToString());
}

absl::StatusOr<uint32_t> Database::CompareSchema(std::string_view stored) const {
  const std::string where = "data directory " + Quoted(options_.directory);
  const size_t nul = stored.find('\0');
  const std::string_view kind = stored.substr(0, nul);
  uint32_t version = 0;
  const std::string_view digits =
      nul == std::string_view::npos ? std::string_view() : stored.substr(nul + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
    return FailedPrecondition("SCHEMA_MISMATCH", where + " has an unreadable schema version" +
                                                     (options_.way_out.empty() ? "" : "; ") +
                                                     options_.way_out);
  }
  if (kind != options_.kind) {
    return FailedPrecondition("SCHEMA_MISMATCH", where + " holds a " + std::string(kind) +
                                                     ", not a " + options_.kind +
                                                     "; name another directory");
  }
  if (version > options_.schema_version) {
    return FailedPrecondition("SCHEMA_MISMATCH",
                              where + " was written by a newer version of this program (schema " +
                                  std::to_string(version) + ", this one reads " +
                                  std::to_string(options_.schema_version) + "); use that version");
  }
  if (version < options_.schema_version && !options_.upgrade) {
    return FailedPrecondition("SCHEMA_MISMATCH",
                              where + " was written by an older version of this program (schema " +
                                  std::to_string(version) + ", this one reads " +
                                  std::to_string(options_.schema_version) + ")" +
                                  (options_.way_out.empty() ? "" : "; ") + options_.way_out);
  }
  return version;
}

absl::Status Database::CheckSchema() {
  std::string stored;
  const rocksdb::Status status = db_->Get({}, ToSlice(kSchemaKey), &stored);
  if (status.ok()) {
    const absl::StatusOr<uint32_t> version = CompareSchema(stored);
    if (!version.ok()) {
      return version.status();
    }
    return *version < options_.schema_version ? Upgrade(*version) : absl::OkStatus();
  }
  if (!status.IsNotFound()) {
    return Map(status);
  }
  for (rocksdb::ColumnFamilyHandle* const handle : handles_) {
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}, handle));
    it->SeekToFirst();
    if (it->Valid() || !it->status().ok()) {
      return FailedPrecondition("SCHEMA_MISMATCH",
                                "data directory " + Quoted(options_.directory) +
                                    " holds a database of another program (it has no schema "
                                    "version); name another directory");
    }
  }
  return StoreSchema();
}

absl::Status Database::StoreSchema() {
  rocksdb::WriteBatch batch;
  batch.Put(ToSlice(kSchemaKey),
            options_.kind + std::string(1, '\0') + std::to_string(options_.schema_version));
  return Write(&batch, /*sync=*/true);
}

absl::Status Database::Upgrade(uint32_t from_version) {
  if (absl::Status status = options_.upgrade(*this, from_version); !status.ok()) {
    return Annotate(status, "data directory " + Quoted(options_.directory) +
                                " cannot be upgraded from schema " + std::to_string(from_version));
  }
  // The new version is stored behind everything it speaks of, whatever was written without a sync.
  if (absl::Status status = Flush(); !status.ok()) {
    return status;
  }
  return StoreSchema();
}

absl::Status Database::Clear() {
  for (rocksdb::ColumnFamilyHandle* const family : handles_) {
    const std::unique_ptr<rocksdb::Iterator> last(db_->NewIterator({}, family));
    last->SeekToLast();
    if (!last->status().ok()) {
      return Map(last->status());
    }
    if (!last->Valid()) {
      continue;
    }
    // The schema is the first key of the default family (0): what follows it goes.
    const std::string begin =
        family->GetID() == 0 ? std::string(kSchemaKey) + std::string(1, '\0') : std::string();
    const std::string end = last->key().ToString() + std::string(1, '\0');
    if (begin >= end) {
      continue;
    }
    rocksdb::WriteBatch batch;
    batch.DeleteRange(family, begin, end);
    if (absl::Status status = Write(&batch, /*sync=*/false); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> Database::CountWritten(rocksdb::ColumnFamilyHandle* family) const {
  rocksdb::TablePropertiesCollection tables;
  if (const rocksdb::Status status = db_->GetPropertiesOfAllTables(family, &tables); !status.ok()) {
    return Map(status);
  }
  uint64_t count = 0;
  for (const auto& [file, properties] : tables) {
    count += properties->num_entries;
  }
  for (const std::string& property : {rocksdb::DB::Properties::kNumEntriesActiveMemTable,
                                      rocksdb::DB::Properties::kNumEntriesImmMemTables}) {
    uint64_t in_memory = 0;
    db_->GetIntProperty(family, property, &in_memory);
    count += in_memory;
  }
  return count;
}

absl::StatusOr<DatabaseContents> Database::Verify() const {
  DatabaseContents contents;
  if (const rocksdb::Status status = ReadEverything(*db_, handles_, &contents); !status.ok()) {
    return Map(status);
  }
  return contents;
}

rocksdb::Status ReadEverything(rocksdb::DB& db,
                               const std::vector<rocksdb::ColumnFamilyHandle*>& families,
                               DatabaseContents* contents) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = size_t{2} << 20;
  if (rocksdb::Status status = db.VerifyChecksum(options); !status.ok()) {
    return status;
  }
  // Values in blob files have checksums of their own, which reading checks.
  for (rocksdb::ColumnFamilyHandle* const family : families) {
    const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options, family));
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      ++contents->entries;
      contents->bytes += it->key().size() + it->value().size();
    }
    if (!it->status().ok()) {
      return it->status();
    }
  }
  return rocksdb::Status::OK();
}

rocksdb::ColumnFamilyHandle* Database::family(std::string_view name) const {
  const auto it = std::find_if(handles_.begin(), handles_.end(),
                               [name](const auto* handle) { return handle->GetName() == name; });
  return it == handles_.end() ? nullptr : *it;
}

// RocksDB 7.8 does not survive every full disk: when the first write into a new write-ahead log
// fails, it goes on with the failed file after there is room again, and an assertion ends the
// process. So writing stops while there still is room for what is in memory.
absl::Status Database::CheckSpace() {
  struct statvfs disk {};
  if (statvfs(options_.directory.c_str(), &disk) != 0) {
    return absl::OkStatus();  // The write will say what is wrong.
  }
  const uint64_t free = uint64_t{disk.f_bavail} * disk.f_frsize;
  const bool full = free < options_.reserve_bytes;
  disk_full_.store(full, std::memory_order_relaxed);
  if (!full) {
    return absl::OkStatus();
  }
  constexpr uint64_t kMebibyte = uint64_t{1} << 20;
  return DiskFull(std::to_string(free / kMebibyte) + " MiB are free and " +
                  std::to_string(options_.reserve_bytes / kMebibyte) +
                  " MiB are kept for what is still in memory");
}

absl::Status Database::DiskFull(std::string_view why) const {
  return WithPublicMessage(
      ResourceExhausted("DISK_FULL", "the disk under " + Quoted(options_.directory) + " is full (" +
                                         std::string(why) +
                                         "); free space, then writing goes on by itself"),
      "the service's disk is full; what is stored can be read, nothing can be added");
}

absl::Status Database::PrepareWrite() {
  if (absl::Status status = CheckSpace(); !status.ok()) {
    return status;
  }
  const std::lock_guard lock(failure_mutex_);
  if (!failure_.ok()) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_resume_ < kResumePause) {
      return failure_;
    }
    last_resume_ = now;
    // Busy = RocksDB is recovering by itself.
    if (const rocksdb::Status resumed = db_->Resume(); !resumed.ok()) {
      return failure_;
    }
    failure_ = absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status Database::FailWrite(const rocksdb::Status& status) {
  const std::lock_guard lock(failure_mutex_);
  failure_ = Map(status);
  return failure_;
}

absl::Status Database::Write(rocksdb::WriteBatch* batch, bool sync) {
  if (absl::Status status = PrepareWrite(); !status.ok()) {
    return status;
  }
  rocksdb::WriteOptions options;
  options.disableWAL = !options_.write_ahead_log;
  options.sync = sync && options_.write_ahead_log;
  rocksdb::Status status = db_->Write(options, batch);
  if (status.ok() && sync && !options_.write_ahead_log) {
    status = db_->Flush(rocksdb::FlushOptions(), handles_);
  }
  return status.ok() ? absl::OkStatus() : FailWrite(status);
}

rocksdb::Status Database::MakeTable(const Table& table, const std::string& path) const {
  rocksdb::Options options = db_->GetOptions(table.family);
  // The files come into the first level; the writer would take them for the last.
  options.bottommost_compression = rocksdb::kDisableCompressionOption;
  // Merging, which they are there for, compresses them.
  if (!table.appended) options.compression = rocksdb::kNoCompression;
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options, table.family);
  rocksdb::Status status = writer.Open(path);
  for (const TableEntry& entry : table.entries) {
    if (!status.ok()) {
      return status;
    }
    status = entry.is_delete ? writer.Delete(ToSlice(entry.key))
                             : writer.Put(ToSlice(entry.key), ToSlice(entry.value));
  }
  return status.ok() ? writer.Finish() : status;
}

// On as many threads as there are tables.
rocksdb::Status Database::MakeTables(const std::vector<Table>& tables,
                                     const std::vector<std::string>& paths) const {
  std::vector<rocksdb::Status> made(tables.size());
  std::vector<std::thread> others;
  for (size_t i = 1; i < tables.size(); ++i) {
    others.emplace_back([&, i] { made[i] = MakeTable(tables[i], paths[i]); });
  }
  made[0] = MakeTable(tables[0], paths[0]);
  for (std::thread& other : others) {
    other.join();
  }
  const auto failed = std::find_if(made.begin(), made.end(),
                                   [](const rocksdb::Status& status) { return !status.ok(); });
  return failed == made.end() ? rocksdb::Status::OK() : *failed;
}

absl::Status Database::WriteTables(const std::vector<Table>& tables) {
  if (absl::Status status = PrepareWrite(); !status.ok()) {
    return status;
  }
  // What is in memory is older: it must not be lost where this is kept.
  rocksdb::Status status = db_->Flush(rocksdb::FlushOptions(), handles_);
  std::vector<std::string> paths;
  for (size_t i = 0; i < tables.size(); ++i) {
    paths.push_back(
        (options_.directory / (std::string(kTablePrefix) + std::to_string(i))).string());
  }
  if (status.ok()) {
    status = MakeTables(tables, paths);
  }
  if (status.ok()) {
    std::vector<rocksdb::IngestExternalFileArg> arguments(tables.size());
    for (size_t i = 0; i < tables.size(); ++i) {
      arguments[i].column_family = tables[i].family;
      arguments[i].external_files = {paths[i]};
      arguments[i].options.move_files = true;
      arguments[i].options.write_global_seqno = false;
      // With a sequence number of its own the file would be rewritten only to be rid of it.
      arguments[i].options.snapshot_consistency = !tables[i].appended;
    }
    status = db_->IngestExternalFiles(arguments);
  }
  RemoveTables();
  return status.ok() ? absl::OkStatus() : FailWrite(status);
}

absl::Status Database::PutOffMerging(bool put_off) {
  if (put_off == merging_put_off_) {
    return absl::OkStatus();
  }
  // Files in the first level from which on they are merged, writing slows down, and waits: those of
  // the options, or many.
  const rocksdb::ColumnFamilyOptions usual;
  const std::array<int, 3> files =
      put_off ? std::array<int, 3>{32, 48, 64}
              : std::array<int, 3>{usual.level0_file_num_compaction_trigger,
                                   usual.level0_slowdown_writes_trigger,
                                   usual.level0_stop_writes_trigger};
  for (rocksdb::ColumnFamilyHandle* family : handles_) {
    const rocksdb::Status status =
        db_->SetOptions(family, {{"level0_file_num_compaction_trigger", std::to_string(files[0])},
                                 {"level0_slowdown_writes_trigger", std::to_string(files[1])},
                                 {"level0_stop_writes_trigger", std::to_string(files[2])}});
    if (!status.ok()) {
      return Map(status);
    }
  }
  merging_put_off_ = put_off;
  return absl::OkStatus();
}

// Those that were not taken in.
void Database::RemoveTables() const {
  std::vector<std::string> children;
  (void)db_->GetEnv()->GetChildren(options_.directory.string(), &children);
  for (const std::string& child : children) {
    if (child.starts_with(kTablePrefix)) {
      (void)db_->GetEnv()->DeleteFile((options_.directory / child).string());
    }
  }
}

absl::StatusOr<std::optional<std::string>> Database::Get(rocksdb::ColumnFamilyHandle* family,
                                                         std::string_view key,
                                                         const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = db_->Get(options, family, ToSlice(key), &value);
  if (status.ok()) {
    return std::optional<std::string>(std::move(value));
  }
  if (status.IsNotFound()) {
    return std::optional<std::string>();
  }
  return Map(status);
}

absl::Status Database::Map(const rocksdb::Status& status) const {
  if (status.ok()) {
    return absl::OkStatus();
  }
  if (status.IsCorruption() || status.IsPathNotFound()) {  // A file of the database is missing.
    return Damaged(status.ToString());
  }
  if (IsNoSpace(status)) {
    return DiskFull(status.ToString());
  }
  return MakeError(absl::StatusCode::kInternal, "STORAGE_ERROR",
                   "the " + options_.kind + " in " + Quoted(options_.directory) +
                       " cannot be used: " + status.ToString());
}

DatabaseFigures Database::Figures() const {
  DatabaseFigures figures;
  uint64_t blobs = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kLiveSstFilesSize, &figures.live_bytes);
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kLiveBlobFileSize, &blobs);
  figures.live_bytes += blobs;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables,
                                &figures.memtable_bytes);
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kEstimatePendingCompactionBytes,
                                &figures.pending_compaction_bytes);
  uint64_t stopped = 0;
  db_->GetIntProperty(rocksdb::DB::Properties::kIsWriteStopped, &stopped);
  figures.write_stopped = stopped != 0 || disk_full_.load(std::memory_order_relaxed);
  figures.block_cache_bytes = cache_->GetUsage();
  figures.background_errors = listener_->errors();
  return figures;
}

absl::Status Database::Flush() { return Map(db_->Flush(rocksdb::FlushOptions(), handles_)); }

}  // namespace lagebild::storage
