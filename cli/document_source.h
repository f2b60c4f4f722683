#ifndef LAGEBILD_CLI_DOCUMENT_SOURCE_H_
#define LAGEBILD_CLI_DOCUMENT_SOURCE_H_

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest_service/readers/jsonl_reader.h"
#include "lagebild/v1/ingest_service.pb.h"

namespace lagebild::cli {

/// How documents that carry no id of their own get one.
enum class IdPolicy {
  kFileName,  ///< From the file's path below the folder given: "reports/a.txt" is "reports.a".
  kContent,   ///< Left to ingest_service: from the URL, else from the content.
};

/// One file of an ingest run.
struct InputFile {
  std::string path;  ///< "-" = standard input.
  std::string id;    ///< For files that are one document; empty = left to the service.
  bool json_lines = false;
  int64_t size_bytes = 0;
  int64_t modified_ns = 0;
};

/// A document as it was found, or why it could not be read.
struct SourcedDocument {
  size_t file = 0;      ///< Index into DocumentSource::files().
  int64_t number = 0;   ///< 0-based number inside the file.
  std::string place;    ///< "path" or "path:line", for messages.
  absl::Status status;  ///< Not OK: the document cannot be read, `request` is empty.
  v1::IngestDocumentRequest request;
};

/// Finds documents under paths and hands them out in a fixed order: files as given, folders sorted
/// by name.
///
/// Files ending in .jsonl or .ndjson hold a document a line, .html and .htm are pages, the rest is
/// plain text; in folders only .txt, .html, .htm, .jsonl and .ndjson are taken. Not thread-safe.
class DocumentSource {
 public:
  /// Errors: NOT_FOUND (no such file), INVALID_ARGUMENT (two files would get the same id).
  static absl::StatusOr<std::unique_ptr<DocumentSource>> Open(const std::vector<std::string>& paths,
                                                              IdPolicy ids);

  const std::vector<InputFile>& files() const { return files_; }

  /// Documents over all files; nullopt when standard input is among them.
  std::optional<int64_t> Count() const;

  /// Leaves out the first documents of a file. REQUIRES: called before Next().
  void Skip(size_t file, int64_t documents) { skip_[file] = documents; }

  /// The next document; nullopt behind the last.
  std::optional<SourcedDocument> Next();

 private:
  absl::Status AddPath(const std::string& path, IdPolicy ids);
  absl::Status AddFile(const std::filesystem::path& path, std::string name, IdPolicy ids);
  /// The next document of the current file; nullopt behind its last.
  std::optional<SourcedDocument> NextOfFile();
  std::optional<SourcedDocument> NextLine();
  SourcedDocument ReadWhole();

  std::vector<InputFile> files_;
  std::set<std::string> ids_;
  std::map<size_t, int64_t> skip_;
  size_t current_ = 0;
  int64_t number_ = 0;  // Of the next document in the current file.
  bool open_ = false;
  std::ifstream stream_;
  std::unique_ptr<ingest::JsonlReader> lines_;
};

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_DOCUMENT_SOURCE_H_
