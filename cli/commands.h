#ifndef LAGEBILD_CLI_COMMANDS_H_
#define LAGEBILD_CLI_COMMANDS_H_

#include "cli/globals.h"

namespace CLI {
class App;
}

namespace lagebild::cli {

// Each adds one command to the program. `globals` must outlive the parse; a command runs inside it
// and leaves its exit code there.
void AddAdminCommand(CLI::App& app, Globals& globals);
void AddIngestCommand(CLI::App& app, Globals& globals);
void AddActorsCommand(CLI::App& app, Globals& globals);
void AddClaimsCommand(CLI::App& app, Globals& globals);
void AddFiguresCommand(CLI::App& app, Globals& globals);
void AddTimelineCommand(CLI::App& app, Globals& globals);
void AddShowCommand(CLI::App& app, Globals& globals);
void AddDocumentsCommand(CLI::App& app, Globals& globals);
void AddStatusCommand(CLI::App& app, Globals& globals);
void AddDeleteCommand(CLI::App& app, Globals& globals);
void AddTokenCommand(CLI::App& app, Globals& globals);
void AddCompletionCommand(CLI::App& app, Globals& globals);

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_COMMANDS_H_
