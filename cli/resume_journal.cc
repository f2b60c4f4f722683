#include "cli/resume_journal.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>

#include "common/hash/hash.h"

namespace lagebild::cli {
namespace {

std::filesystem::path StateDirectory() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0') {
    return std::filesystem::path(state) / "lagebild";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return std::filesystem::path(home) / ".local/state/lagebild";
  }
  return {};
}

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

ResumeJournal::ResumeJournal(const std::string& server, const std::vector<InputFile>& files)
    : files_(files), acknowledged_(files.size(), 0) {
  std::string key = server;
  for (const InputFile& file : files) {
    if (file.path == "-") return;  // Standard input cannot be read again.
    key += '\n' + file.path;
  }
  const std::filesystem::path directory = StateDirectory();
  if (directory.empty()) return;
  char name[40];
  std::snprintf(name, sizeof name, "ingest-%016llx", static_cast<unsigned long long>(Hash64(key)));
  path_ = directory / name;
  Load();
}

void ResumeJournal::Load() {
  std::ifstream in(path_);
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    int64_t size = 0;
    int64_t modified = 0;
    int64_t count = 0;
    std::string path;
    if (!(fields >> size >> modified >> count) || fields.get() != ' ' ||
        !std::getline(fields, path))
      continue;
    for (size_t i = 0; i < files_.size(); ++i) {
      if (files_[i].path == path && files_[i].size_bytes == size &&
          files_[i].modified_ns == modified && count > 0) {
        acknowledged_[i] = count;
      }
    }
  }
}

void ResumeJournal::Acknowledge(size_t file, int64_t number) {
  acknowledged_[file] = number + 1;
  if (Seconds() - saved_ >= 1) Save();
}

void ResumeJournal::Save() {
  if (path_.empty()) return;
  saved_ = Seconds();
  std::error_code error;
  std::filesystem::create_directories(path_.parent_path(), error);
  const std::filesystem::path draft = path_.string() + ".new";
  {
    std::ofstream out(draft, std::ios::trunc);
    for (size_t i = 0; i < files_.size(); ++i) {
      if (acknowledged_[i] == 0) continue;
      out << files_[i].size_bytes << ' ' << files_[i].modified_ns << ' ' << acknowledged_[i] << ' '
          << files_[i].path << '\n';
    }
    if (!out.flush()) return;
  }
  std::filesystem::rename(draft, path_, error);
}

void ResumeJournal::Remove() {
  if (path_.empty()) return;
  std::error_code error;
  std::filesystem::remove(path_, error);
  path_.clear();
}

}  // namespace lagebild::cli
