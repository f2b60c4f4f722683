#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace lagebild::cli {
namespace {

std::vector<std::string> OptionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// Names of options and, where a command has some, of its subcommands.
std::vector<std::string> WordsOf(const CLI::App& command) {
  std::vector<std::string> names = OptionNames(command);
  for (const CLI::App* subcommand : command.get_subcommands(nullptr)) {
    names.push_back(subcommand->get_name());
  }
  return names;
}

std::string Join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string Bash(const CLI::App& app) {
  std::string commands;
  std::string cases;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    commands += (commands.empty() ? "" : " ") + command->get_name();
    cases += "    " + command->get_name() + ") words=\"" + Join(WordsOf(*command)) + "\" ;;\n";
  }
  return "# bash completion for lagebild: source <(lagebild completion bash)\n"
         "_lagebild() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} word words=\"" +
         commands + " " + Join(OptionNames(app)) +
         "\"\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $word in\n" +
         cases +
         "    esac\n"
         "  done\n"
         "  if [[ ${COMP_WORDS[COMP_CWORD-1]} == --format ]]; then words='table json csv'; fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  if [[ $current != -* ]]; then COMPREPLY+=($(compgen -f -- \"$current\")); fi\n"
         "}\n"
         "complete -o filenames -F _lagebild lagebild\n";
}

std::string Zsh(const CLI::App& app) {
  return "#compdef lagebild\n"
         "# zsh completion for lagebild: source <(lagebild completion zsh)\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         Bash(app);
}

std::string Fish(const CLI::App& app) {
  std::string out = "# fish completion for lagebild: lagebild completion fish | source\n";
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    std::string description = command->get_description();
    for (size_t at = 0; (at = description.find('\'', at)) != std::string::npos; at += 2)
      description.insert(at, "\\");
    out += "complete -c lagebild -n __fish_use_subcommand -a " + command->get_name() + " -d '" +
           description + "'\n";
    for (const std::string& name : OptionNames(*command)) {
      out += "complete -c lagebild -n '__fish_seen_subcommand_from " + command->get_name() +
             "' -l " + name.substr(2) + "\n";
    }
  }
  return out;
}

}  // namespace

void AddCompletionCommand(CLI::App& app, Globals& globals) {
  CLI::App* command = app.add_subcommand("completion", "Print a shell completion script");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer("Example:\n  source <(lagebild completion bash)");
  command->callback([shell, &app, &globals] {
    const std::string script = *shell == "bash"  ? Bash(app)
                               : *shell == "zsh" ? Zsh(app)
                                                 : Fish(app);
    std::fwrite(script.data(), 1, script.size(), stdout);
    globals.exit_code = kOk;
  });
}

}  // namespace lagebild::cli
