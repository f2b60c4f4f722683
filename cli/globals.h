#ifndef LAGEBILD_CLI_GLOBALS_H_
#define LAGEBILD_CLI_GLOBALS_H_

#include <string>

#include "common/client/channel.h"

namespace lagebild::cli {

/// What the process tells its caller; documented in `lagebild --help`.
enum ExitCode : int {
  kOk = 0,
  kPartlyFailed = 1,  ///< Some documents were refused or could not be read; the rest went through.
  kUsage = 2,         ///< The command line is wrong.
  kUnreachable = 3,   ///< A service could not be reached in time.
  kNotFound = 4,      ///< What was asked for does not exist.
  kFailed = 5,        ///< Anything else.
};

/// How results are printed; TimeML only by `analyze`.
enum class OutputFormat { kTable, kJson, kCsv, kTimeMl };

/// Options every command shares, filled by the parser before a command runs, and the command's exit
/// code.
struct Globals {
  std::string ingest_address = "127.0.0.1:7401";
  std::string extract_address = "127.0.0.1:7402";
  std::string query_address = "127.0.0.1:7403";
  ChannelOptions channel;       ///< TLS and limits; the target is set for each connection.
  double timeout_seconds = 30;  ///< Deadline of each call.
  bool no_color = false;
  int exit_code = kOk;
};

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_GLOBALS_H_
