#ifndef LAGEBILD_CLI_ANALYZE_COMMAND_H_
#define LAGEBILD_CLI_ANALYZE_COMMAND_H_

#include "cli/globals.h"

namespace CLI {
class App;
}

namespace lagebild::cli {

/// Adds `analyze`, which runs the analysis in this process and needs no service: one text to
/// standard output, or a JSON Lines file to one JSON file for each document. Sets
/// globals.exit_code.
void AddAnalyzeCommand(CLI::App& app, Globals& globals);

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_ANALYZE_COMMAND_H_
