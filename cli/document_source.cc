#include "cli/document_source.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <iostream>
#include <iterator>
#include <system_error>
#include <utility>

#include "common/status/error.h"

namespace lagebild::cli {
namespace {

namespace fs = std::filesystem;

std::string Extension(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return extension;
}

bool IsJsonLines(const std::string& extension) {
  return extension == ".jsonl" || extension == ".ndjson";
}
bool IsHtml(const std::string& extension) { return extension == ".html" || extension == ".htm"; }

/// "reports/a.txt" -> "reports.a".
std::string IdOf(const std::string& name) {
  std::string id = fs::path(name).replace_extension().generic_string();
  std::replace(id.begin(), id.end(), '/', '.');
  return id;
}

v1::IngestDocumentRequest ToRequest(ingest::JsonlDocument document) {
  v1::IngestDocumentRequest request;
  request.set_document_id(std::move(document.id));
  if (document.format == ingest::ContentFormat::kHtml) {
    request.set_format(v1::CONTENT_FORMAT_HTML);
    request.set_raw(std::move(document.content));
  } else {
    request.set_format(v1::CONTENT_FORMAT_PLAIN);
    request.set_text(std::move(document.content));
  }
  v1::DocumentMetadata& metadata = *request.mutable_metadata();
  metadata.set_title(std::move(document.metadata.title));
  metadata.set_outlet(std::move(document.metadata.outlet));
  metadata.set_url(std::move(document.metadata.url));
  metadata.set_published(std::move(document.metadata.published));
  for (std::string& author : document.metadata.authors) metadata.add_authors(std::move(author));
  return request;
}

/// Lines that hold something.
int64_t CountLines(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  int64_t count = 0;
  bool blank = true;
  std::vector<char> buffer(size_t{1} << 16);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    for (std::streamsize i = 0; i < in.gcount(); ++i) {
      const char c = buffer[static_cast<size_t>(i)];
      if (c == '\n') {
        count += blank ? 0 : 1;
        blank = true;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        blank = false;
      }
    }
  }
  return count + (blank ? 0 : 1);
}

}  // namespace

absl::StatusOr<std::unique_ptr<DocumentSource>> DocumentSource::Open(
    const std::vector<std::string>& paths, IdPolicy ids) {
  auto source = std::make_unique<DocumentSource>();
  for (const std::string& path : paths) {
    if (absl::Status status = source->AddPath(path, ids); !status.ok()) return status;
  }
  return source;
}

absl::Status DocumentSource::AddPath(const std::string& path, IdPolicy ids) {
  if (path == "-") {
    InputFile file;
    file.path = path;
    files_.push_back(std::move(file));
    return absl::OkStatus();
  }
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return NotFound("NO_SUCH_FILE", "no such file or folder: " + path);
  if (!fs::is_directory(status)) return AddFile(path, fs::path(path).filename().string(), ids);

  std::vector<fs::path> found;
  fs::recursive_directory_iterator entries(path, fs::directory_options::skip_permission_denied,
                                           error);
  if (error) return NotFound("UNREADABLE", "cannot read folder " + path + ": " + error.message());
  for (const fs::recursive_directory_iterator end; entries != end; entries.increment(error)) {
    if (error) return NotFound("UNREADABLE", "cannot read folder " + path + ": " + error.message());
    const std::string extension = Extension(entries->path());
    if (entries->is_regular_file(error) &&
        (extension == ".txt" || IsHtml(extension) || IsJsonLines(extension))) {
      found.push_back(entries->path());
    }
  }
  std::sort(found.begin(), found.end());
  for (const fs::path& file : found) {
    if (absl::Status added = AddFile(file, file.lexically_relative(path).generic_string(), ids);
        !added.ok()) {
      return added;
    }
  }
  return absl::OkStatus();
}

absl::Status DocumentSource::AddFile(const fs::path& path, std::string name, IdPolicy ids) {
  InputFile file;
  std::error_code error;
  file.path = fs::absolute(path, error).lexically_normal().string();
  file.json_lines = IsJsonLines(Extension(path));
  file.size_bytes = static_cast<int64_t>(fs::file_size(path, error));
  file.modified_ns =
      std::chrono::nanoseconds(fs::last_write_time(path, error).time_since_epoch()).count();
  if (!file.json_lines && ids == IdPolicy::kFileName) {
    file.id = IdOf(name);
    if (!ids_.insert(file.id).second) {
      return InvalidArgument("DUPLICATE_ID", "two files would get the id \"" + file.id +
                                                 "\" (the second is " + path.string() +
                                                 "); give their common folder, or --ids content");
    }
  }
  files_.push_back(std::move(file));
  return absl::OkStatus();
}

std::optional<int64_t> DocumentSource::Count() const {
  int64_t count = 0;
  for (const InputFile& file : files_) {
    if (file.path == "-") return std::nullopt;
    count += file.json_lines ? CountLines(file.path) : 1;
  }
  return count;
}

std::optional<SourcedDocument> DocumentSource::Next() {
  for (; current_ < files_.size(); ++current_) {
    while (std::optional<SourcedDocument> document = NextOfFile()) {
      const auto skip = skip_.find(current_);
      if (skip == skip_.end() || document->number >= skip->second) return document;
    }
    open_ = false;
    number_ = 0;
    lines_.reset();
    stream_ = std::ifstream();
  }
  return std::nullopt;
}

std::optional<SourcedDocument> DocumentSource::NextOfFile() {
  const InputFile& file = files_[current_];
  if (lines_ != nullptr) return NextLine();
  if (std::exchange(open_, true)) return std::nullopt;
  bool json_lines = file.json_lines;
  if (file.path == "-") {
    json_lines = (std::cin >> std::ws).peek() == '{';
  } else {
    stream_.open(file.path, std::ios::binary);
    if (!stream_) {
      SourcedDocument failed;
      failed.file = current_;
      failed.number = number_++;
      failed.place = file.path;
      failed.status =
          NotFound("UNREADABLE", std::string("cannot be read: ") + std::strerror(errno));
      return failed;
    }
  }
  if (!json_lines) return ReadWhole();
  lines_ = std::make_unique<ingest::JsonlReader>(file.path == "-" ? std::cin : stream_);
  return NextLine();
}

std::optional<SourcedDocument> DocumentSource::NextLine() {
  std::optional<ingest::JsonlLine> line = lines_->Next();
  if (!line.has_value()) return std::nullopt;
  SourcedDocument document;
  document.file = current_;
  document.number = number_++;
  document.place = files_[current_].path + ":" + std::to_string(line->number);
  if (line->document.ok()) {
    document.request = ToRequest(*std::move(line->document));
  } else {
    document.status = line->document.status();
  }
  return document;
}

SourcedDocument DocumentSource::ReadWhole() {
  const InputFile& file = files_[current_];
  std::istream& in = file.path == "-" ? std::cin : stream_;
  SourcedDocument document;
  document.file = current_;
  document.number = number_++;
  document.place = file.path;
  document.request.set_document_id(file.id);
  if (IsHtml(Extension(file.path))) document.request.set_format(v1::CONTENT_FORMAT_HTML);
  document.request.set_raw(
      std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()));
  if (in.bad()) document.status = NotFound("UNREADABLE", "cannot be read to its end");
  return document;
}

}  // namespace lagebild::cli
