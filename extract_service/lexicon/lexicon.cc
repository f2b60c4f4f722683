#include "extract_service/lexicon/lexicon.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/hash/hash.h"
#include "extract_service/lexicon/lexicon_format.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {

namespace format = lexicon_format;

namespace {

// A read-only mapping of a whole file.
class MappedFile {
 public:
  static absl::StatusOr<MappedFile> Open(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
      const std::string why = std::generic_category().message(errno);
      return absl::NotFoundError(absl::StrCat("cannot open lexicon ", path.string(), ": ", why));
    }
    struct stat status = {};
    if (::fstat(file, &status) != 0 || status.st_size < 0 || !S_ISREG(status.st_mode)) {
      ::close(file);
      return absl::NotFoundError(absl::StrCat("lexicon ", path.string(), " is not a file"));
    }
    const auto size = static_cast<size_t>(status.st_size);
    void* bytes = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (bytes == MAP_FAILED) {
      return absl::NotFoundError(absl::StrCat("cannot map lexicon ", path.string()));
    }
    return MappedFile(static_cast<const char*>(bytes), size);
  }

  MappedFile(MappedFile&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile() {
    if (bytes_ != nullptr) ::munmap(const_cast<char*>(bytes_), size_);
  }

  std::string_view bytes() const { return {bytes_, size_}; }

 private:
  MappedFile(const char* bytes, size_t size) : bytes_(bytes), size_(size) {}

  const char* bytes_;
  size_t size_;
};

template <typename T>
std::span<const T> ReadSection(std::string_view bytes, const format::Header& header,
                               format::Section section) {
  const format::SectionRange& range = header.sections[section];
  return {reinterpret_cast<const T*>(bytes.data() + range.offset), range.size / sizeof(T)};
}

}  // namespace

std::string_view LexiconTable::Cell(size_t row, std::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) return {};
  return rows_[row][static_cast<size_t>(found - columns_.begin())];
}

class Lexicon::Impl {
 public:
  explicit Impl(MappedFile file) : file_(std::move(file)) {}

  absl::Status Load(const std::string& path) {
    const std::string_view bytes = file_.bytes();
    const auto damaged = [&path](std::string_view what) {
      return absl::DataLossError(absl::StrCat("lexicon ", path, " is damaged (",
                                              absl::string_view(what.data(), what.size()),
                                              "); build it again"));
    };
    format::Header header;
    if (bytes.size() < sizeof(header)) return damaged("too short");
    std::memcpy(&header, bytes.data(), sizeof(header));
    if (header.magic != format::kMagic) return damaged("not a lexicon");
    if (header.version != format::kVersion) {
      return absl::FailedPreconditionError(absl::StrCat("lexicon ", path, " has format ",
                                                        header.version, ", this program reads ",
                                                        format::kVersion));
    }
    if (header.section_count != format::kSectionCount) return damaged("wrong number of sections");
    if (header.file_size != bytes.size()) return damaged("cut");
    for (const format::SectionRange& range : header.sections) {
      if (range.offset % 8 != 0 || range.offset < sizeof(header) || range.offset > bytes.size() ||
          range.size > bytes.size() - range.offset) {
        return damaged("section outside the file");
      }
    }
    if (Hash64(bytes.substr(sizeof(header))) != header.checksum) return damaged("wrong checksum");
    content_hash_ = header.checksum;
    slots_ = ReadSection<format::Slot>(bytes, header, format::kSlots);
    analyses_ = ReadSection<Analysis>(bytes, header, format::kAnalyses);
    clusters_ = ReadSection<uint32_t>(bytes, header, format::kClusters);
    classes_ = ReadSection<uint32_t>(bytes, header, format::kClasses);
    lemmas_ = ReadSection<format::Text>(bytes, header, format::kLemmas);
    const std::span<const char> strings = ReadSection<char>(bytes, header, format::kStrings);
    strings_ = {strings.data(), strings.size()};
    if (!IsConsistent()) return damaged("numbers out of range");
    if (!LoadTables(ReadSection<uint32_t>(bytes, header, format::kTables))) {
      return damaged("tables out of range");
    }
    return absl::OkStatus();
  }

  /// Asks the memory for where a form with this hash would stand.
  void Prefetch(uint64_t hash) const {
    __builtin_prefetch(&slots_[format::FirstSlot(hash, slots_.size())]);
  }

  /// Number of the slot of a form with this hash (Hash64).
  std::optional<uint32_t> FindSlot(uint64_t hash) const {
    const auto check = static_cast<uint32_t>(hash);
    for (size_t i = format::FirstSlot(hash, slots_.size());;) {
      const format::Slot& slot = slots_[i];
      if (slot.attributes == format::Slot::kEmpty) return std::nullopt;
      if (slot.check == check) return static_cast<uint32_t>(i);
      if (++i == slots_.size()) i = 0;
    }
  }

  LexiconEntry Entry(uint32_t slot_number) const {
    const format::Slot& slot = slots_[slot_number];
    const uint32_t code = slot.attributes & 0xffu;
    return LexiconEntry{.analyses = analyses_.subspan(slot.analyses >> 6, slot.analyses & 63u),
                        .classes = {classes_[(slot.attributes >> 8) & format::Slot::kMaxClassSet]},
                        .cluster = static_cast<uint16_t>(clusters_[slot.attributes >> 22]),
                        .log_probability = -static_cast<float>(code) / format::kProbabilitySteps};
  }

  std::optional<LexiconEntry> Find(uint64_t hash) const {
    const std::optional<uint32_t> slot = FindSlot(hash);
    if (!slot) return std::nullopt;
    return Entry(*slot);
  }

  struct HeadSlot {
    uint32_t slot = 0;
    size_t begin = 0;
  };
  std::optional<HeadSlot> FindHeadSlot(std::string_view noun) const {
    struct Suffix {
      uint64_t hash;
      size_t begin;
    };
    // Most suffixes are no words and each is far from the last in memory: ask for all of them
    // before the first is looked at.
    std::array<Suffix, word_shape::kMaxWordBytes> suffixes;
    size_t count = 0;
    word_shape::ForEachSuffix(noun, [&](std::string_view suffix) {
      suffixes[count] = {Hash64(suffix), noun.size() - suffix.size()};
      Prefetch(suffixes[count].hash);
      ++count;
      return false;
    });
    for (const Suffix& suffix : std::span(suffixes).first(count)) {
      const std::optional<uint32_t> slot = FindSlot(suffix.hash);
      if (!slot) continue;
      const std::span<const Analysis> analyses = Entry(*slot).analyses;
      if (std::any_of(analyses.begin(), analyses.end(),
                      [](const Analysis& a) { return a.pos == Pos::kNoun; })) {
        return HeadSlot{.slot = *slot, .begin = suffix.begin};
      }
    }
    return std::nullopt;
  }

  std::string_view Lemma(uint32_t lemma) const { return In(lemmas_[lemma]); }

  std::optional<uint32_t> FindLemma(std::string_view text) const {
    const auto found = std::lower_bound(
        lemmas_.begin(), lemmas_.end(), text,
        [this](const format::Text& lemma, std::string_view wanted) { return In(lemma) < wanted; });
    if (found == lemmas_.end() || In(*found) != text) return std::nullopt;
    return static_cast<uint32_t>(found - lemmas_.begin());
  }

  const LexiconTable& Table(std::string_view name) const {
    const auto found = tables_.find(absl::string_view(name.data(), name.size()));
    return found == tables_.end() ? empty_table_ : found->second;
  }

  uint64_t content_hash() const { return content_hash_; }

 private:
  std::string_view In(const format::Text& text) const {
    return strings_.substr(text.offset, text.size);
  }

  bool Holds(const format::Text& text) const {
    return text.offset <= strings_.size() && text.size <= strings_.size() - text.offset;
  }

  // A look-up must not leave the file even when a file of ours was written by a faulty compiler.
  bool IsConsistent() const {
    bool has_empty_slot = false;
    for (const format::Slot& slot : slots_) {
      if (slot.attributes == format::Slot::kEmpty) {
        has_empty_slot = true;
        continue;
      }
      if ((slot.analyses >> 6) + (slot.analyses & 63u) > analyses_.size() ||
          (slot.attributes >> 22) >= clusters_.size() ||
          ((slot.attributes >> 8) & format::Slot::kMaxClassSet) >= classes_.size()) {
        return false;
      }
    }
    for (const Analysis& analysis : analyses_) {
      if (analysis.lemma >= lemmas_.size()) return false;
    }
    for (const format::Text& lemma : lemmas_) {
      if (!Holds(lemma)) return false;
    }
    return has_empty_slot;
  }

  bool LoadTables(std::span<const uint32_t> words) {
    size_t next = 0;
    const auto number = [&](uint32_t& value) {
      if (next >= words.size()) return false;
      value = words[next++];
      return true;
    };
    const auto text = [&](std::string_view& value) {
      format::Text range;
      if (!number(range.offset) || !number(range.size) || !Holds(range)) return false;
      value = In(range);
      return true;
    };
    uint32_t table_count = 0;
    if (!number(table_count)) return false;
    for (uint32_t t = 0; t < table_count; ++t) {
      std::string_view name;
      uint32_t column_count = 0;
      uint32_t row_count = 0;
      if (!text(name) || !number(column_count) || !number(row_count)) return false;
      if (uint64_t{column_count} * (uint64_t{row_count} + 1) > words.size()) return false;
      LexiconTable& table = tables_[absl::string_view(name.data(), name.size())];
      table.columns_.resize(column_count);
      for (std::string_view& column : table.columns_) {
        if (!text(column)) return false;
      }
      table.rows_.assign(row_count, std::vector<std::string_view>(column_count));
      for (std::vector<std::string_view>& row : table.rows_) {
        for (std::string_view& cell : row) {
          if (!text(cell)) return false;
        }
      }
    }
    return true;
  }

  MappedFile file_;
  uint64_t content_hash_ = 0;
  std::span<const format::Slot> slots_;
  std::span<const Analysis> analyses_;
  std::span<const uint32_t> clusters_;
  std::span<const uint32_t> classes_;
  std::span<const format::Text> lemmas_;
  std::string_view strings_;
  absl::flat_hash_map<std::string, LexiconTable> tables_;
  LexiconTable empty_table_;
};

Lexicon::Lexicon(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Lexicon::~Lexicon() = default;

absl::StatusOr<std::unique_ptr<const Lexicon>> Lexicon::Open(const std::filesystem::path& path) {
  absl::StatusOr<MappedFile> file = MappedFile::Open(path);
  if (!file.ok()) return file.status();
  auto impl = std::make_unique<Impl>(*std::move(file));
  if (const absl::Status status = impl->Load(path.string()); !status.ok()) return status;
  return std::unique_ptr<const Lexicon>(new Lexicon(std::move(impl)));
}

std::filesystem::path Lexicon::DefaultPath() {
  if (const char* path = std::getenv("LAGEBILD_LEXICON"); path != nullptr && *path != '\0') {
    return path;
  }
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / "share" / "lagebild" / "de.lexicon";
}

std::optional<LexiconEntry> Lexicon::Find(std::string_view form) const {
  return impl_->Find(Hash64(form));
}

std::string_view Lexicon::Lemma(uint32_t lemma) const { return impl_->Lemma(lemma); }

std::optional<uint32_t> Lexicon::FindLemma(std::string_view lemma) const {
  return impl_->FindLemma(lemma);
}

std::optional<Lexicon::Head> Lexicon::FindHead(std::string_view noun) const {
  // Remembers what was looked up last: the nouns of a text come again and again, and every stage
  // asks for them.
  struct KnownHead {
    uint64_t key = 0;
    uint32_t slot = 0;
    uint32_t begin = 0;  // 0 for none: at least two letters stand before a head.
  };
  constexpr size_t kKnownHeads = 4096;
  thread_local std::vector<KnownHead> known(kKnownHeads);
  // Never 0, which is the key of an empty place.
  const uint64_t key = Hash64(noun, impl_->content_hash()) | 1u;
  KnownHead& head = known[(key >> 1) % kKnownHeads];
  if (head.key != key) {
    head = {.key = key};
    if (const std::optional<Impl::HeadSlot> found = impl_->FindHeadSlot(noun)) {
      head.slot = found->slot;
      head.begin = static_cast<uint32_t>(found->begin);
    }
  }
  if (head.begin == 0) return std::nullopt;
  return Head{.begin = head.begin, .entry = impl_->Entry(head.slot)};
}

const LexiconTable& Lexicon::Table(std::string_view name) const { return impl_->Table(name); }

uint64_t Lexicon::content_hash() const { return impl_->content_hash(); }

}  // namespace lagebild::extract
