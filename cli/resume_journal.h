#ifndef LAGEBILD_CLI_RESUME_JOURNAL_H_
#define LAGEBILD_CLI_RESUME_JOURNAL_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/document_source.h"

namespace lagebild::cli {

/// Remembers how far an ingest run got, so that the same command goes on where it was stopped.
///
/// One small file in $XDG_STATE_HOME/lagebild (else ~/.local/state/lagebild) for each server and
/// set of paths; a line for each file: size, time of change, documents acknowledged, path. A file
/// that has changed since starts anew. It is written by renaming, so that a crash leaves the old or
/// the new one, and removed when a run is through. Where it cannot be written the run goes on
/// without: documents that are there already are recognised by ingest.
class ResumeJournal {
 public:
  ResumeJournal(const std::string& server, const std::vector<InputFile>& files);

  /// Documents of this file that were acknowledged by an earlier run.
  int64_t Acknowledged(size_t file) const { return acknowledged_[file]; }

  /// A document was acknowledged (or refused for good). Written at most once a second.
  void Acknowledge(size_t file, int64_t number);

  /// Writes what is known.
  void Save();

  /// The run is through: nothing is left to resume.
  void Remove();

 private:
  void Load();

  const std::vector<InputFile>& files_;
  std::filesystem::path path_;
  std::vector<int64_t> acknowledged_;
  double saved_ = 0;
};

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_RESUME_JOURNAL_H_
