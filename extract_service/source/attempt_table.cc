#include "extract_service/source/attempt_table.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <system_error>

#include "common/status/error.h"

namespace lagebild::extract {

// Layout of the file, in the machine's byte order (it never leaves the machine): File, as below.
struct AttemptTable::Slot {
  int64_t document_position;  // 0 = free.
  uint32_t in_work;
  uint32_t crashes;
  uint32_t kills;
  uint32_t reserved;
};

struct AttemptTable::File {
  static constexpr size_t kSlots = 256;
  static constexpr uint64_t kMagic = 0x3130'5454'4142'474cu;  // "LGBATT01"

  uint64_t magic;
  int64_t generation;
  std::array<Slot, kSlots> slots;
};

namespace {

// Crash counter of what this thread works on. Read in a signal handler: a plain pointer in the
// program's own static thread storage.
thread_local uint32_t* volatile current_crashes = nullptr;
thread_local void* current_slot = nullptr;

void OnCrash(int signal) {
  if (uint32_t* const crashes = current_crashes; crashes != nullptr) {
    current_crashes = nullptr;
    ++*crashes;
  }
  // The handler was installed with SA_RESETHAND: this time the default action ends the process.
  raise(signal);
}

// A stack overflow leaves no room for the handler on the thread's own stack. The stack of a runtime
// that brought its own (AddressSanitizer, which unmaps what it finds installed when the thread
// ends) is kept; ours leaves with the thread whose storage it is.
class AlternateStack {
 public:
  AlternateStack() {
    stack_t installed{};
    if (sigaltstack(nullptr, &installed) != 0 || (installed.ss_flags & SS_DISABLE) == 0) {
      return;
    }
    stack_t own{};
    own.ss_sp = bytes_.data();
    own.ss_size = bytes_.size();
    installed_ = sigaltstack(&own, nullptr) == 0;
  }
  ~AlternateStack() {
    if (installed_) {
      stack_t none{};
      none.ss_flags = SS_DISABLE;
      sigaltstack(&none, nullptr);
    }
  }
  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;

 private:
  std::array<char, size_t{64} << 10> bytes_;
  bool installed_ = false;
};

}  // namespace

void AttemptTable::InstallCrashHandlers() {
  struct sigaction action {};
  action.sa_handler = &OnCrash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK | SA_NODEFER);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
    sigaction(signal, &action, nullptr);
  }
}

absl::StatusOr<std::unique_ptr<AttemptTable>> AttemptTable::Open(const std::filesystem::path& file,
                                                                 int32_t generation,
                                                                 LogPosition committed) {
  const auto failed = [&file] {
    const std::string why = std::generic_category().message(errno);
    return errno == ENOSPC
               ? ResourceExhausted("DISK_FULL", "\"" + file.string() + "\": " + why)
               : MakeError(absl::StatusCode::kPermissionDenied, "DIRECTORY_NOT_WRITABLE",
                           "\"" + file.string() + "\" cannot be written: " + why);
  };
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return failed();
  }
  // Blocks are reserved now: a store into a hole on a full disk would kill the process.
  if (const int error = posix_fallocate(fd, 0, sizeof(File)); error != 0) {
    errno = error;
    const absl::Status status = failed();
    close(fd);
    return status;
  }
  void* const memory = mmap(nullptr, sizeof(File), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    const absl::Status status = failed();
    close(fd);
    return status;
  }
  auto* const table = static_cast<File*>(memory);
  if (table->magic != File::kMagic || table->generation != generation) {
    std::memset(memory, 0, sizeof(File));
    table->magic = File::kMagic;
    table->generation = generation;
  }
  for (Slot& slot : table->slots) {
    if (slot.document_position <= committed) {
      slot = Slot{};
    } else if (slot.in_work != 0) {
      // The process died over it; when it had crashed on it, that is noted already.
      slot.in_work = 0;
      ++slot.kills;
    }
  }
  return std::unique_ptr<AttemptTable>(new AttemptTable(table, fd));
}

AttemptTable::~AttemptTable() {
  {
    const std::lock_guard lock(mutex_);
    for (Slot& slot : file_->slots) {
      slot.in_work = 0;
    }
  }
  munmap(file_, sizeof(File));
  close(fd_);
}

AttemptTable::Record AttemptTable::Find(LogPosition document_position) const {
  const std::lock_guard lock(mutex_);
  for (const Slot& slot : file_->slots) {
    if (slot.document_position == document_position) {
      return {slot.crashes, slot.kills};
    }
  }
  return {};
}

void AttemptTable::Begin(LogPosition document_position) {
  thread_local AlternateStack alternate_stack;
  const std::lock_guard lock(mutex_);
  Slot* free = nullptr;
  for (Slot& slot : file_->slots) {
    if (slot.document_position == document_position) {
      free = &slot;
      break;
    }
    if (free == nullptr && slot.document_position == 0) {
      free = &slot;
    }
  }
  if (free == nullptr) {
    return;
  }
  free->document_position = document_position;
  free->in_work = 1;
  current_slot = free;
  current_crashes = &free->crashes;
}

void AttemptTable::End() {
  current_crashes = nullptr;
  const std::lock_guard lock(mutex_);
  if (auto* const slot = static_cast<Slot*>(current_slot); slot != nullptr) {
    *slot = Slot{};
  }
  current_slot = nullptr;
}

}  // namespace lagebild::extract
