#ifndef LAGEBILD_COMMON_STORAGE_INFO_LOG_H_
#define LAGEBILD_COMMON_STORAGE_INFO_LOG_H_

#include <rocksdb/env.h>

#include <filesystem>
#include <memory>

namespace lagebild::storage {

/// What RocksDB has to say of its work, in the files LOG, LOG.1 and LOG.2 of a directory, the
/// newest first, 8 MiB each.
///
/// RocksDB's own ends the process on a full disk: the second line that cannot be written meets an
/// assertion. This one drops lines that cannot be written. Never null; where no file can be made,
/// all lines are dropped.
std::shared_ptr<rocksdb::Logger> OpenInfoLog(const std::filesystem::path& directory);

}  // namespace lagebild::storage

#endif  // LAGEBILD_COMMON_STORAGE_INFO_LOG_H_
