#ifndef LAGEBILD_EXTRACT_SERVICE_SOURCE_ATTEMPT_TABLE_H_
#define LAGEBILD_EXTRACT_SERVICE_SOURCE_ATTEMPT_TABLE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "common/log/log.h"

namespace lagebild::extract {

/// Remembers over the death of the process which documents it was analysing, so that one that kills
/// it again and again is told from its neighbours.
///
/// A small file mapped into memory: noting costs a store and no sync, and the kernel keeps what a
/// dying process noted (a power cut may lose it; then a document gets one attempt more). A crash
/// (SIGSEGV, SIGABRT...) is charged to the document of the crashing thread alone; a process that is
/// killed from outside leaves a weaker mark on all it had in work. Thread-safe.
class AttemptTable {
 public:
  /// What is held against a document.
  struct Record {
    uint32_t crashes = 0;  ///< It crashed the process.
    uint32_t kills = 0;    ///< The process was killed while it was in work.
    /// Whether it must not be tried again.
    bool condemned() const { return crashes >= kMaxCrashes || kills >= kMaxKills; }
  };
  static constexpr uint32_t kMaxCrashes = 2;
  /// Out of memory kills look like any other kill; nobody kills a service this often at one
  /// document by chance.
  static constexpr uint32_t kMaxKills = 10;

  /// Opens the file, or makes it. What another generation or a document up to `committed` left in
  /// it is dropped. Errors: PERMISSION_DENIED, RESOURCE_EXHAUSTED naming the file.
  static absl::StatusOr<std::unique_ptr<AttemptTable>> Open(const std::filesystem::path& file,
                                                            int32_t generation,
                                                            LogPosition committed);
  /// Ends all that is in work: the process leaves in good order.
  ~AttemptTable();
  AttemptTable(const AttemptTable&) = delete;
  AttemptTable& operator=(const AttemptTable&) = delete;

  /// Makes crashes of this process known to the tables in it. Call once, early in main(). Core
  /// dumps and exit codes stay as they are.
  static void InstallCrashHandlers();

  /// What is held against the document at a position of the documents log.
  Record Find(LogPosition document_position) const;

  /// Notes that the calling thread begins to work on a document, until End(). No more than one a
  /// thread; when the table is full nothing is noted.
  void Begin(LogPosition document_position);
  /// The calling thread is through with it; its record is wiped.
  void End();

 private:
  struct Slot;
  struct File;
  AttemptTable(File* file, int fd) : file_(file), fd_(fd) {}

  mutable std::mutex mutex_;
  File* const file_;
  const int fd_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_SOURCE_ATTEMPT_TABLE_H_
