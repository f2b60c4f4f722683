// A file layer under RocksDB that loses what was not synced when its process dies, as a power cut
// does.
//
// Loaded with LD_PRELOAD into the shipped programs: it takes the place of
// rocksdb::FileSystem::Default(). Bytes that were appended but not synced stay in this process's
// memory. A file that was made or renamed stays in the directory that LAGEBILD_LOSSY_DIRECTORY
// names (empty, on the same file system) until its own directory is synced. A killed process takes
// all of that with it. With LAGEBILD_LOSSY_TORN set, some of what was not synced reaches the disk
// all the same, cut anywhere, as it does where the kernel has begun to write.
//
// Stricter than most disks: a synced file whose directory was not synced is lost as well. Deletions
// take effect at once. A file that is read before it was synced is written through first.

#include <dlfcn.h>
#include <rocksdb/file_system.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using rocksdb::FileOptions;
using rocksdb::FileSystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// Whether this time something reaches the disk before it is synced. Only the thread that dies would
// know.
class Chance {
 public:
  explicit Chance(bool torn) : torn_(torn), random_(std::random_device()()) {}
  bool Strikes() {
    const std::lock_guard lock(mutex_);
    constexpr int kOneIn = 4;
    return torn_ && std::uniform_int_distribution<int>(1, kOneIn)(random_) == 1;
  }
  size_t UpTo(size_t size) {
    const std::lock_guard lock(mutex_);
    return std::uniform_int_distribution<size_t>(0, size)(random_);
  }

 private:
  const bool torn_;
  std::mutex mutex_;
  std::minstd_rand random_;
};

// A file that is being written: what is on the disk, and what is not yet. Outlives the file's
// handle while it holds anything back.
class Held {
 public:
  Held(std::unique_ptr<rocksdb::FSWritableFile> file, Chance& chance)
      : file_(std::move(file)), chance_(chance) {}

  IOStatus Append(const Slice& data) {
    const std::lock_guard lock(mutex_);
    pending_.append(data.data(), data.size());
    return chance_.Strikes() ? Write(chance_.UpTo(pending_.size())) : IOStatus::OK();
  }
  IOStatus WriteThrough() {
    const std::lock_guard lock(mutex_);
    IOStatus status = Write(pending_.size());
    return status.ok() ? file_->Flush(IOOptions(), nullptr) : status;
  }
  IOStatus Sync() {
    const std::lock_guard lock(mutex_);
    IOStatus status = Write(pending_.size());
    return status.ok() ? file_->Fsync(IOOptions(), nullptr) : status;
  }
  IOStatus Truncate(uint64_t size) {
    const std::lock_guard lock(mutex_);
    if (size >= written_) {
      pending_.resize(size - written_);
      return IOStatus::OK();
    }
    pending_.clear();
    written_ = size;
    return file_->Truncate(size, IOOptions(), nullptr);
  }
  uint64_t size() const {
    const std::lock_guard lock(mutex_);
    return written_ + pending_.size();
  }

 private:
  // REQUIRES: mutex_ is held.
  IOStatus Write(size_t bytes) {
    IOStatus status = bytes == 0
                          ? IOStatus::OK()
                          : file_->Append(Slice(pending_.data(), bytes), IOOptions(), nullptr);
    if (status.ok()) {
      written_ += bytes;
      pending_.erase(0, bytes);
    }
    return status;
  }

  const std::unique_ptr<rocksdb::FSWritableFile> file_;
  Chance& chance_;
  mutable std::mutex mutex_;
  std::string pending_;
  uint64_t written_ = 0;
};

class WritableFile : public rocksdb::FSWritableFile {
 public:
  explicit WritableFile(std::shared_ptr<Held> held) : held_(std::move(held)) {}

  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions& /*options*/,
                  IODebugContext* /*dbg*/) override {
    return held_->Append(data);
  }
  IOStatus Append(const Slice& data, const IOOptions& /*options*/,
                  const rocksdb::DataVerificationInfo& /*info*/, IODebugContext* /*dbg*/) override {
    return held_->Append(data);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& /*options*/, IODebugContext* /*dbg*/) override {
    return held_->Truncate(size);
  }
  IOStatus Close(const IOOptions& /*options*/, IODebugContext* /*dbg*/) override {
    return IOStatus::OK();
  }
  IOStatus Flush(const IOOptions& /*options*/, IODebugContext* /*dbg*/) override {
    return IOStatus::OK();
  }
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*dbg*/) override {
    return held_->Sync();
  }
  IOStatus Fsync(const IOOptions& /*options*/, IODebugContext* /*dbg*/) override {
    return held_->Sync();
  }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions& /*options*/, IODebugContext* /*dbg*/) override {
    return held_->size();
  }

 private:
  const std::shared_ptr<Held> held_;
};

std::string DirectoryOf(const std::string& name) { return name.substr(0, name.rfind('/')); }
std::string BaseOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::string Normal(const std::string& name) {
  std::string normal;
  for (const char c : name) {
    if (c != '/' || normal.empty() || normal.back() != '/') {
      normal.push_back(c);
    }
  }
  if (normal.size() > 1 && normal.back() == '/') {
    normal.pop_back();
  }
  return normal;
}

class LossyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  LossyFileSystem(const std::shared_ptr<FileSystem>& target, std::string limbo, bool torn)
      : FileSystemWrapper(target), limbo_(std::move(limbo)), chance_(torn) {}

  const char* Name() const override { return "LossyFileSystem"; }

  IOStatus NewWritableFile(const std::string& f, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext* dbg) override {
    const std::string name = Normal(f);
    const std::lock_guard lock(mutex_);
    const std::string physical = limbo_ + "/" + std::to_string(++number_);
    std::unique_ptr<rocksdb::FSWritableFile> file;
    IOStatus status = target_->NewWritableFile(physical, options, &file, dbg);
    if (!status.ok()) {
      return status;
    }
    if (const auto before = entries_.find(name); before != entries_.end()) {
      (void)target_->DeleteFile(before->second.physical, IOOptions(), dbg);
    }
    hidden_.erase(name);
    entries_[name] = {physical, number_};
    auto held = std::make_shared<Held>(std::move(file), chance_);
    held_[name] = held;
    *result = std::make_unique<WritableFile>(std::move(held));
    return chance_.Strikes() ? EnterAllLocked(DirectoryOf(name)) : IOStatus::OK();
  }

  // Nothing here reopens or reuses files; what would do so is to be noticed.
  IOStatus ReopenWritableFile(const std::string& f, const FileOptions& /*options*/,
                              std::unique_ptr<rocksdb::FSWritableFile>* /*result*/,
                              IODebugContext* /*dbg*/) override {
    return IOStatus::NotSupported("ReopenWritableFile", f);
  }
  IOStatus ReuseWritableFile(const std::string& f, const std::string& /*old_name*/,
                             const FileOptions& /*options*/,
                             std::unique_ptr<rocksdb::FSWritableFile>* /*result*/,
                             IODebugContext* /*dbg*/) override {
    return IOStatus::NotSupported("ReuseWritableFile", f);
  }

  IOStatus NewSequentialFile(const std::string& f, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result,
                             IODebugContext* dbg) override {
    const std::optional<std::string> physical = ToRead(f);
    return physical.has_value() ? target_->NewSequentialFile(*physical, options, result, dbg)
                                : Missing(f);
  }
  IOStatus NewRandomAccessFile(const std::string& f, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                               IODebugContext* dbg) override {
    const std::optional<std::string> physical = ToRead(f);
    return physical.has_value() ? target_->NewRandomAccessFile(*physical, options, result, dbg)
                                : Missing(f);
  }
  IOStatus NewRandomRWFile(const std::string& f, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                           IODebugContext* dbg) override {
    const std::optional<std::string> physical = ToRead(f);
    return physical.has_value() ? target_->NewRandomRWFile(*physical, options, result, dbg)
                                : Missing(f);
  }
  IOStatus FileExists(const std::string& f, const IOOptions& options,
                      IODebugContext* dbg) override {
    const std::optional<std::string> physical = Physical(f);
    return physical.has_value() ? target_->FileExists(*physical, options, dbg) : Missing(f);
  }
  IOStatus GetFileSize(const std::string& f, const IOOptions& options, uint64_t* size,
                       IODebugContext* dbg) override {
    const std::optional<std::string> physical = ToRead(f);
    return physical.has_value() ? target_->GetFileSize(*physical, options, size, dbg) : Missing(f);
  }
  IOStatus GetFileModificationTime(const std::string& f, const IOOptions& options, uint64_t* time,
                                   IODebugContext* dbg) override {
    const std::optional<std::string> physical = Physical(f);
    return physical.has_value() ? target_->GetFileModificationTime(*physical, options, time, dbg)
                                : Missing(f);
  }
  IOStatus Truncate(const std::string& f, size_t size, const IOOptions& options,
                    IODebugContext* dbg) override {
    const std::optional<std::string> physical = ToRead(f);
    return physical.has_value() ? target_->Truncate(*physical, size, options, dbg) : Missing(f);
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* dbg) override {
    const std::optional<std::string> physical = ToRead(from);
    return physical.has_value() ? target_->LinkFile(*physical, to, options, dbg) : Missing(from);
  }

  IOStatus GetChildren(const std::string& directory, const IOOptions& options,
                       std::vector<std::string>* result, IODebugContext* dbg) override {
    std::vector<std::string> on_disk;
    if (IOStatus status = target_->GetChildren(directory, options, &on_disk, dbg); !status.ok()) {
      return status;
    }
    const std::string parent = Normal(directory);
    const std::lock_guard lock(mutex_);
    std::set<std::string> names;
    for (const std::string& name : on_disk) {
      if (!hidden_.contains(parent + "/" + name)) {
        names.insert(name);
      }
    }
    for (const auto& [name, entry] : entries_) {
      if (DirectoryOf(name) == parent) {
        names.insert(BaseOf(name));
      }
    }
    result->assign(names.begin(), names.end());
    return IOStatus::OK();
  }
  IOStatus GetChildrenFileAttributes(const std::string& directory, const IOOptions& options,
                                     std::vector<rocksdb::FileAttributes>* result,
                                     IODebugContext* dbg) override {
    return FileSystem::GetChildrenFileAttributes(directory, options, result, dbg);
  }

  IOStatus DeleteFile(const std::string& f, const IOOptions& options,
                      IODebugContext* dbg) override {
    const std::string name = Normal(f);
    const std::lock_guard lock(mutex_);
    if (hidden_.contains(name)) {
      return Missing(f);
    }
    held_.erase(name);
    const auto entry = entries_.find(name);
    if (entry == entries_.end()) {
      return target_->DeleteFile(name, options, dbg);
    }
    IOStatus status = target_->DeleteFile(entry->second.physical, options, dbg);
    entries_.erase(entry);
    (void)target_->DeleteFile(name, options, dbg);  // What it was to replace.
    return status;
  }

  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* dbg) override {
    const std::string source = Normal(from);
    const std::string name = Normal(to);
    const std::lock_guard lock(mutex_);
    if (hidden_.contains(source)) {
      return Missing(from);
    }
    std::string physical = source;
    if (const auto entry = entries_.find(source); entry != entries_.end()) {
      physical = entry->second.physical;
      entries_.erase(entry);
    } else if (IOStatus status = target_->FileExists(source, options, dbg); !status.ok()) {
      return status;
    } else {
      hidden_.insert(source);
    }
    hidden_.erase(name);
    entries_[name] = {physical, ++number_};
    held_.erase(name);
    if (const auto held = held_.find(source); held != held_.end()) {
      held_[name] = held->second;
      held_.erase(held);
    }
    return chance_.Strikes() ? EnterAllLocked(DirectoryOf(name)) : IOStatus::OK();
  }

  IOStatus NewDirectory(const std::string& name, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result,
                        IODebugContext* dbg) override {
    std::unique_ptr<rocksdb::FSDirectory> directory;
    IOStatus status = target_->NewDirectory(name, options, &directory, dbg);
    if (status.ok()) {
      *result = std::make_unique<Directory>(std::move(directory), *this, Normal(name));
    }
    return status;
  }

 private:
  class Directory : public rocksdb::FSDirectory {
   public:
    Directory(std::unique_ptr<rocksdb::FSDirectory> target, LossyFileSystem& files,
              std::string name)
        : target_(std::move(target)), files_(files), name_(std::move(name)) {}
    IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
      IOStatus status = files_.EnterAll(name_);
      return status.ok() ? target_->Fsync(options, dbg) : status;
    }
    IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* dbg,
                                 const rocksdb::DirFsyncOptions& dir_options) override {
      IOStatus status = files_.EnterAll(name_);
      return status.ok() ? target_->FsyncWithDirOptions(options, dbg, dir_options) : status;
    }
    IOStatus Close(const IOOptions& options, IODebugContext* dbg) override {
      return target_->Close(options, dbg);
    }

   private:
    const std::unique_ptr<rocksdb::FSDirectory> target_;
    LossyFileSystem& files_;
    const std::string name_;
  };

  static IOStatus Missing(const std::string& name) {
    return IOStatus::PathNotFound(name, "renamed or deleted");
  }

  // Where a file lies; nullopt when it has been renamed away.
  std::optional<std::string> Physical(const std::string& f) {
    const std::string name = Normal(f);
    const std::lock_guard lock(mutex_);
    if (hidden_.contains(name)) {
      return std::nullopt;
    }
    const auto entry = entries_.find(name);
    return entry == entries_.end() ? name : entry->second.physical;
  }

  // The same, with all its bytes in it.
  std::optional<std::string> ToRead(const std::string& f) {
    std::shared_ptr<Held> held;
    {
      const std::lock_guard lock(mutex_);
      if (const auto it = held_.find(Normal(f)); it != held_.end()) {
        held = it->second;
      }
    }
    if (held != nullptr && !held->WriteThrough().ok()) {
      return std::nullopt;
    }
    return Physical(f);
  }

  // Makes the entries of a directory last, in the order they were made, as journals of file systems
  // do: whoever dies meanwhile leaves the first of them.
  IOStatus EnterAll(const std::string& directory) {
    const std::lock_guard lock(mutex_);
    return EnterAllLocked(directory);
  }

  IOStatus EnterAllLocked(const std::string& directory) {
    std::map<uint64_t, std::string> in_order;
    for (const auto& [name, entry] : entries_) {
      if (DirectoryOf(name) == directory) {
        in_order[entry.number] = name;
      }
    }
    for (const auto& [number, name] : in_order) {
      const std::string physical = entries_[name].physical;
      entries_.erase(name);
      hidden_.erase(physical);
      if (IOStatus status = target_->RenameFile(physical, name, IOOptions(), nullptr);
          !status.ok()) {
        return status;
      }
    }
    return IOStatus::OK();
  }

  struct Entry {
    std::string physical;
    uint64_t number = 0;
  };

  const std::string limbo_;
  Chance chance_;
  std::mutex mutex_;  // Guards what follows.
  uint64_t number_ = 0;
  std::map<std::string, Entry> entries_;  // Names that are not durable -> where they lie.
  std::set<std::string> hidden_;          // Durable names whose file was renamed.
  std::map<std::string, std::shared_ptr<Held>> held_;  // Files that were written by this process.
};

}  // namespace

std::shared_ptr<FileSystem> FileSystem::Default() {
  using Function = std::shared_ptr<FileSystem> (*)();
  static auto& files = *new std::shared_ptr<FileSystem>([]() -> std::shared_ptr<FileSystem> {
    const auto original =
        reinterpret_cast<Function>(dlsym(RTLD_NEXT, "_ZN7rocksdb10FileSystem7DefaultEv"));
    const char* const limbo = std::getenv("LAGEBILD_LOSSY_DIRECTORY");
    if (original == nullptr || limbo == nullptr) {
      std::fputs("lossy_file_system: needs RocksDB and LAGEBILD_LOSSY_DIRECTORY\n", stderr);
      std::abort();
    }
    std::fputs("lossy_file_system: what is not synced dies with this process\n", stderr);
    return std::make_shared<LossyFileSystem>(original(), limbo,
                                             std::getenv("LAGEBILD_LOSSY_TORN") != nullptr);
  }());
  return files;
}
