// The process that rocksdb_log_test kills: appends to a log for ever and says so into a pipe.
//
// Usage: append_until_killed DIRECTORY PIPE

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/unit/common/log/test_log.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: append_until_killed DIRECTORY PIPE\n");
    return 2;
  }
  const int out = std::atoi(argv[2]);
  auto log = lagebild::RocksDbLog::Open(lagebild::OptionsFor(argv[1]));
  if (!log.ok()) {
    std::fprintf(stderr, "%s\n", std::string(log.status().message()).c_str());
    return 1;
  }
  for (lagebild::LogPosition input = *(*log)->CursorOf("in", 0) + 1;; ++input) {
    // Two outputs an input, so that a torn commit shows.
    const std::string number = std::to_string(input);
    const auto positions =
        (*log)->CommitAndWait(0, {"a=" + number, "b=" + number}, {"in", 0, input});
    if (!positions.ok() || write(out, &input, sizeof(input)) != sizeof(input)) return 1;
  }
}
