// The `lagebild` command: a client of the three services, and `analyze`, which needs none.

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <string>

#include "cli/analyze_command.h"
#include "cli/commands.h"
#include "cli/globals.h"

namespace {

constexpr char kFooter[] =
    "Exit codes: 0 done, 1 some documents failed, 2 the command line is wrong, 3 a service does "
    "not answer,\n"
    "4 not found, 5 anything else.\n"
    "Examples:\n"
    "  lagebild analyze article.txt              who claims what in one article, without a server\n"
    "  lagebild ingest deploy/samples            send a folder to ingest_service\n"
    "  lagebild claims --actor Kestrin-Chemie    what one actor says\n"
    "  lagebild show 08_korrektur                an article with its claims";

}  // namespace

int main(int argc, char** argv) {
  lagebild::cli::Globals globals;
  CLI::App app(
      "Who claims what, since when, on whose word: reads German news and keeps the record.",
      "lagebild");
  app.set_version_flag("--version", LAGEBILD_VERSION);
  app.require_subcommand(1);
  app.footer(kFooter);
  app.fallthrough();
  app.add_option("--ingest", globals.ingest_address, "address of ingest_service")
      ->envname("LAGEBILD_INGEST")
      ->capture_default_str()
      ->type_name("HOST:PORT");
  app.add_option("--extract", globals.extract_address, "address of extract_service")
      ->envname("LAGEBILD_EXTRACT")
      ->capture_default_str()
      ->type_name("HOST:PORT");
  app.add_option("--query", globals.query_address, "address of query_service")
      ->envname("LAGEBILD_QUERY")
      ->capture_default_str()
      ->type_name("HOST:PORT");
  app.add_option("--timeout", globals.timeout_seconds, "deadline of each call")
      ->envname("LAGEBILD_TIMEOUT")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str()
      ->type_name("SECONDS");
  std::string ca;
  std::string cert;
  std::string key;
  std::string token_file;
  globals.channel.flag_names = {"--tls",     "--tls-ca",       "--tls-cert",
                                "--tls-key", "LAGEBILD_TOKEN", "--token-file"};
  app.add_flag("--tls", globals.channel.tls, "speak TLS, trusting the system's authorities")
      ->envname("LAGEBILD_TLS");
  app.add_option("--tls-ca", ca, "speak TLS, trusting the authorities in this PEM file")
      ->envname("LAGEBILD_TLS_CA");
  app.add_option("--tls-cert", cert, "own certificate (PEM), with --tls-key")
      ->envname("LAGEBILD_TLS_CERT");
  app.add_option("--tls-key", key, "key of the own certificate (PEM)")->envname("LAGEBILD_TLS_KEY");
  app.add_option("--token-file", token_file,
                 "file with the token to show; LAGEBILD_TOKEN may hold the token itself")
      ->envname("LAGEBILD_TOKEN_FILE")
      ->type_name("PATH");
  app.add_flag("--insecure", globals.channel.insecure, "allow plain text to another machine");
  app.add_flag("--no-color", globals.no_color, "no colours (NO_COLOR does the same)");
  app.parse_complete_callback([&] {
    globals.channel.ca = ca;
    globals.channel.cert = cert;
    globals.channel.key = key;
    globals.channel.token_file = token_file;
    // No flag: everybody on the machine can read the list of processes.
    if (const char* const token = std::getenv("LAGEBILD_TOKEN"); token != nullptr) {
      globals.channel.token = token;
    }
  });

  lagebild::cli::AddIngestCommand(app, globals);
  lagebild::cli::AddAnalyzeCommand(app, globals);
  lagebild::cli::AddClaimsCommand(app, globals);
  lagebild::cli::AddActorsCommand(app, globals);
  lagebild::cli::AddFiguresCommand(app, globals);
  lagebild::cli::AddTimelineCommand(app, globals);
  lagebild::cli::AddShowCommand(app, globals);
  lagebild::cli::AddDocumentsCommand(app, globals);
  lagebild::cli::AddStatusCommand(app, globals);
  lagebild::cli::AddDeleteCommand(app, globals);
  lagebild::cli::AddTokenCommand(app, globals);
  lagebild::cli::AddAdminCommand(app, globals);
  lagebild::cli::AddCompletionCommand(app, globals);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? lagebild::cli::kOk : lagebild::cli::kUsage;
  }
  return globals.exit_code;
}
