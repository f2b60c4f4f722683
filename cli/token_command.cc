#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/commands.h"
#include "cli/connection.h"
#include "common/access/token.h"
#include "common/config/file_watch.h"
#include "common/status/error.h"

namespace lagebild::cli {
namespace {

struct TokenOptions {
  std::string name;
  std::vector<std::string> scopes;
  std::string tokens_file;
};

/// Appends a line with one write, so that a service that reads meanwhile sees all of it or nothing.
/// A name that is there already is refused: the services would refuse the file.
absl::Status AppendLine(const std::string& path, const NewToken& token, const std::string& name) {
  const auto failure = [&path](int error) {
    return MakeError(
        absl::StatusCode::kPermissionDenied, "FILE_NOT_WRITABLE",
        "\"" + path + "\" cannot be written: " + std::generic_category().message(error));
  };
  const int fd = open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) return failure(errno);
  absl::StatusOr<std::string> text = ReadConfigFile(path);
  absl::Status status = text.status();
  if (status.ok()) {
    const absl::StatusOr<std::vector<TokenRecord>> records = ParseTokens(*text);
    status = records.status();
    for (size_t i = 0; status.ok() && i < records->size(); ++i) {
      if ((*records)[i].name == name) {
        status = InvalidArgument("CONFIG", "\"" + path + "\" has a token \"" + name +
                                               "\" already; remove its line first");
      }
    }
  }
  if (status.ok()) {
    const std::string line =
        (text->empty() || text->ends_with('\n') ? "" : "\n") + token.line + "\n";
    const ssize_t written = write(fd, line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size()))
      status = failure(written < 0 ? errno : ENOSPC);
  }
  close(fd);
  return status;
}

int Create(const TokenOptions& options) {
  ScopeSet scopes = 0;
  for (const std::string& name : options.scopes) {
    const absl::StatusOr<Scope> scope = ParseScope(name);
    if (!scope.ok()) return Report(scope.status(), "", "");
    scopes |= static_cast<ScopeSet>(*scope);
  }
  const absl::StatusOr<NewToken> token = CreateToken(options.name, scopes);
  if (!token.ok()) return Report(token.status(), "", "");
  if (options.tokens_file.empty()) {
    std::printf("token, shown only here:    %s\n", token->token.c_str());
    std::printf("line for the tokens file:  %s\n", token->line.c_str());
    return kOk;
  }
  if (const absl::Status status = AppendLine(options.tokens_file, *token, options.name);
      !status.ok()) {
    return Report(status, "", "");
  }
  std::printf("%s\n", token->token.c_str());
  return kOk;
}

}  // namespace

void AddTokenCommand(CLI::App& app, Globals& globals) {
  CLI::App* group = app.add_subcommand("token", "Tokens that callers show to the services");
  group->require_subcommand(1);
  group->footer("Example:\n  lagebild token create --name wire-desk --scope read --scope write");
  CLI::App* command =
      group->add_subcommand("create", "Make a token and its line for --tokens-file");
  const auto options = std::make_shared<TokenOptions>();
  command
      ->add_option("--name", options->name,
                   "who holds it: 1 to 63 of a-z, 0-9, \"-\"; stands in logs and limits")
      ->required()
      ->type_name("NAME");
  command
      ->add_option("--scope", options->scopes,
                   "read, write (add and retract documents) or admin (backups); may be repeated")
      ->required()
      ->type_name("SCOPE");
  command
      ->add_option("--tokens-file", options->tokens_file,
                   "append the line to this file and print the token alone")
      ->type_name("PATH");
  command->footer(
      "The file keeps a salted hash (scrypt); the token itself is nowhere kept. Services notice a "
      "changed file\nwithin a second; a line that is removed takes its token away, open streams "
      "included.\n"
      "Examples:\n"
      "  lagebild token create --name wire-desk --scope read --scope write\n"
      "  lagebild token create --name backup --scope admin --tokens-file tokens > backup.token");
  command->callback([options, &globals] { globals.exit_code = Create(*options); });
}

}  // namespace lagebild::cli
