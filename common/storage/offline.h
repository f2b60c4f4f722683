#ifndef LAGEBILD_COMMON_STORAGE_OFFLINE_H_
#define LAGEBILD_COMMON_STORAGE_OFFLINE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/database.h"

namespace lagebild::storage {

// What can be done with the directory of a service that does not run. Works for every kind of
// database of this project, also of other versions.

/// What a directory holds.
struct DirectoryContents {
  std::string kind;             ///< "documents log".
  uint32_t schema_version = 0;  ///< As stored.
  DatabaseContents contents;
};

/// Opens a directory for reading only and reads everything in it, checking all checksums.
/// Errors: NOT_FOUND (NOT_A_DATABASE), UNAVAILABLE (DIRECTORY_IN_USE), DATA_LOSS
/// (DATABASE_DAMAGED).
absl::StatusOr<DirectoryContents> InspectDirectory(const std::filesystem::path& directory);

/// Deletes a database of this kind, damaged or not; the directory stays. Only for what is rebuilt
/// from elsewhere. Errors: as InspectDirectory(), but damage is none; FAILED_PRECONDITION
/// (SCHEMA_MISMATCH) when it is of another kind, or so damaged that its kind cannot be read.
absl::Status DeleteDatabase(const std::filesystem::path& directory, std::string_view kind);

}  // namespace lagebild::storage

#endif  // LAGEBILD_COMMON_STORAGE_OFFLINE_H_
