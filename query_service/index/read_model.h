#ifndef LAGEBILD_QUERY_SERVICE_INDEX_READ_MODEL_H_
#define LAGEBILD_QUERY_SERVICE_INDEX_READ_MODEL_H_

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/database.h"
#include "query_service/index/keys.h"

namespace lagebild::query {

/// What is known about one generation of the extractor's results.
struct GenerationState {
  int32_t number = 0;  ///< 0 = there is none.
  std::string extractor_version;
  int64_t documents_position = 0;   ///< Newest record of the documents log it covers.
  int64_t last_superseded = 0;      ///< Newest position that replaced an earlier version.
  int32_t longest_publication = 0;  ///< Most days between first and last day of a publication.
  int32_t longest_event = 0;        ///< The same for dated items with both ends.
  bool open_ended_events = false;   ///< Some dated item has a first day and no last.
  int64_t documents = 0;            ///< Documents that are not deleted.
  int64_t versions = 0;             ///< Versions and deletions.
  int64_t failures = 0;             ///< Documents whose newest version could not be analysed.
  int64_t claims = 0;  ///< Of newest versions, fragments included; so are the next two.
  int64_t figures = 0;
  int64_t events = 0;
  int64_t actors = 0;  ///< Named in newest versions.

  friend bool operator==(const GenerationState&, const GenerationState&) = default;
};

/// Where the read model stands; written with everything it stands for.
struct ReadModelState {
  int64_t extractions_position = 0;  ///< Cursor: newest record of the extractions log folded in.
  GenerationState serving;
  GenerationState building;  ///< number 0 when no newer generation is on its way.

  friend bool operator==(const ReadModelState&, const ReadModelState&) = default;
};

class ReadModel;

/// The read model as it stood after one commit: a snapshot and its state. Immutable, thread-safe;
/// hold it for one request only, since it keeps older data on disk.
class View {
 public:
  ~View();
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  const ReadModelState& state() const { return state_; }
  const GenerationState& serving() const { return state_.serving; }
  int32_t generation() const { return state_.serving.number; }

  /// Value of a key; false when there is none.
  absl::StatusOr<bool> Get(std::string_view key, rocksdb::PinnableSlice* value) const;
  /// Content (tag 0x13) of a version in a generation.
  absl::StatusOr<std::optional<std::string>> GetContent(int32_t generation,
                                                        int64_t document_position) const;
  /// An iterator over keys in [lower, upper). Both must outlive it.
  std::unique_ptr<rocksdb::Iterator> NewIterator(const rocksdb::Slice* lower,
                                                 const rocksdb::Slice* upper) const;
  absl::Status Map(const rocksdb::Status& status) const;

 private:
  friend class ReadModel;
  View(const ReadModel* model, ReadModelState state);

  const ReadModel* model_;
  const rocksdb::Snapshot* snapshot_;
  ReadModelState state_;
};

/// What is written together. Of changes to the same key the last one counts; dropping a generation
/// comes after everything else.
class ReadModelBatch {
 public:
  void Put(std::string_view key, std::string_view value) { PutView(key, {}, Keep(value)); }
  void Delete(std::string_view key);
  /// Puts a key in two parts without a copy of its value, which must live until the commit.
  void PutView(std::string_view prefix, std::string_view rest, std::string_view value);
  /// Files items of a group under a term, which begins with its field. All three must live until
  /// the commit. Of every generation the document positions must ascend.
  void PutPosting(int32_t generation, std::string_view term, std::string_view group,
                  std::string_view items);
  /// The value must live until the commit.
  void PutContent(int32_t generation, int64_t document_position, std::string_view value);
  void DropGeneration(int32_t generation);
  /// Of all keys and values, about.
  size_t bytes() const { return bytes_; }
  bool empty() const {
    return items_.empty() && contents_.empty() && postings_.empty() && dropped_.empty();
  }
  /// Forgets everything but the memory it took, which the next batch needs again.
  void Clear();

 private:
  friend class ReadModel;
  struct Change {
    size_t key_begin = 0;  // In keys_.
    uint32_t key_size = 0;
    bool is_delete = false;
    std::string_view value = {};
  };
  struct PostingChange {
    int32_t generation = 0;
    std::string_view term, group, items;
  };
  std::string_view Keep(std::string_view value) { return kept_.emplace_back(value); }
  void Add(std::string_view prefix, std::string_view rest, std::string_view value, bool is_delete,
           std::vector<Change>* changes);
  // Make items of the postings: one for each, or one for all of a term and a period.
  void WritePostings();
  void WritePostingBlocks();
  // In order of keys, of each key the last change. Views into the batch.
  std::vector<storage::TableEntry> Sorted(const std::vector<Change>& changes) const;

  std::string keys_;
  std::deque<std::string> kept_;
  std::vector<Change> items_;
  std::vector<Change> contents_;
  std::vector<PostingChange> postings_;
  std::vector<int32_t> dropped_;
  size_t bytes_ = 0;
};

/// The query side's database: its answers are a function of the extractions log, from which it is
/// rebuilt when its directory is deleted.
///
/// One writer, any number of readers. A commit is one write batch of items and state: after a crash
/// all of it is there or nothing, and what was lost is read from the log again. So there is no
/// write-ahead log: a crash costs what was folded in since the last flush, at most about the size
/// of a write buffer.
class ReadModel {
 public:
  struct Options {
    std::filesystem::path directory;
    size_t block_cache_bytes = size_t{64} << 20;
    /// From here on a batch becomes table files of its own, and its postings become blocks. Smaller
    /// files would soon be too many: those of the first level are merged with all of the second,
    /// and writing waits where they pile up.
    size_t table_bytes = size_t{16} << 20;
    rocksdb::Env* env = nullptr;
  };

  /// Errors: as storage::Database::Open().
  static absl::StatusOr<std::unique_ptr<ReadModel>> Open(Options options);
  ~ReadModel();
  ReadModel(const ReadModel&) = delete;
  ReadModel& operator=(const ReadModel&) = delete;

  /// The newest view; never null.
  std::shared_ptr<const View> view() const;

  /// Writes a batch with the state it leads to and publishes the new view. A large one, as they
  /// come while there is much to catch up with, becomes table files and is durable on return.
  /// The batch is empty on return.
  absl::Status Commit(ReadModelBatch* batch, const ReadModelState& state);

  /// No large batch is to come soon: merges what large ones have left.
  absl::Status Settle();

  /// Everything as key and value, for tests that compare two read models.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Dump() const;

  storage::DatabaseFigures Figures() const { return database_->Figures(); }
  absl::Status Flush() { return database_->Flush(); }
  /// For backups and verification; owned by the read model.
  storage::Database& database() { return *database_; }

 private:
  friend class View;
  ReadModel(std::unique_ptr<storage::Database> database, size_t table_bytes);
  absl::Status Write(ReadModelBatch* batch, const std::string& state);
  void Publish(const ReadModelState& state);

  std::unique_ptr<storage::Database> database_;
  rocksdb::ColumnFamilyHandle* contents_;
  const size_t table_bytes_;
  mutable std::mutex mutex_;
  std::shared_ptr<const View> view_;
};

/// Walks one or several lists of the same layout as if they were one, in byte order of what follows
/// each list's prefix, forward or backward. Not thread-safe. The view must outlive it.
class Cursor {
 public:
  struct Part {
    std::string prefix;
    /// Limits of what follows the prefix: from `lower` (inclusive) to `upper` (exclusive, empty =
    /// none).
    std::string lower;
    std::string upper;
  };

  Cursor(const View& view, std::vector<Part> parts, bool backward = false);

  /// First entry in walking order.
  void Start();
  /// Forward: the first entry >= `at`; backward: the last entry < `at`.
  void Seek(std::string_view at);
  void Next();
  bool Valid() const { return current_ >= 0; }
  /// What follows the prefix. REQUIRES: Valid(); invalidated by any move.
  std::string_view rest() const;
  std::string_view value() const;
  /// Number of the part the entry comes from.
  size_t part() const { return static_cast<size_t>(current_); }
  absl::Status status() const;

 private:
  struct Source {
    Part part;
    std::string lower_key, upper_key;
    rocksdb::Slice lower, upper;
    std::unique_ptr<rocksdb::Iterator> iterator;
  };

  void Choose();
  std::string_view RestOf(const Source& source) const;

  const View& view_;
  const bool backward_;
  std::vector<std::unique_ptr<Source>> sources_;
  int current_ = -1;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_INDEX_READ_MODEL_H_
