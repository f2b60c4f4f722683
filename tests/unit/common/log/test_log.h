#ifndef LAGEBILD_TESTS_UNIT_COMMON_LOG_TEST_LOG_H_
#define LAGEBILD_TESTS_UNIT_COMMON_LOG_TEST_LOG_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/log/rocksdb_log.h"

namespace lagebild {

/// "k=v" files v under "i" + k; "k-" erases it.
inline std::vector<IndexEntry> IndexPairs(std::string_view payload) {
  if (payload.ends_with('-')) {
    return {{"i" + std::string(payload.substr(0, payload.size() - 1)), "", true}};
  }
  const size_t equals = payload.find('=');
  if (equals == std::string_view::npos) {
    return {};
  }
  return {{"i" + std::string(payload.substr(0, equals)), std::string(payload.substr(equals + 1)),
           false}};
}

inline RocksDbLogOptions OptionsFor(const std::filesystem::path& directory) {
  RocksDbLogOptions options;
  options.directory = directory;
  options.kind = "test log";
  options.indexer = IndexPairs;
  options.way_out = "delete it";
  return options;
}

}  // namespace lagebild

#endif  // LAGEBILD_TESTS_UNIT_COMMON_LOG_TEST_LOG_H_
