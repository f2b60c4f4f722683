#include "common/config/flags.h"

#include <CLI/CLI.hpp>
#include <cctype>
#include <iostream>
#include <sstream>

namespace lagebild {
namespace {

// "--data-dir" -> "LAGEBILD_DATA_DIR".
std::string VariableOf(std::string_view flag) {
  std::string name = "LAGEBILD_";
  for (const char c : flag.substr(flag.find_first_not_of('-'))) {
    name.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return name;
}

std::string Describe(const FlagHelp& help) {
  return help.example.empty() ? help.meaning : help.meaning + ", e.g. " + help.example;
}

template <class T>
std::string Printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

// One line, whatever the parts say.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') {
      c = ' ';
    }
  }
  while (!text.empty() && text.back() == ' ') {
    text.pop_back();
  }
  return text;
}

}  // namespace

class FlagSet::Impl {
 public:
  Impl(std::string program, std::string description, std::string version)
      : name(program), app(std::move(description), program) {
    app.set_version_flag("--version", program + " " + std::move(version));
    app.get_formatter()->column_width(34);
  }

  void Finish(CLI::Option* option, std::string_view flag, const std::string& default_value,
              const FlagHelp& help) {
    option->envname(VariableOf(flag));
    if (!default_value.empty()) {
      option->default_str(default_value);
    }
    if (!help.group.empty()) {
      option->group(help.group);
    }
  }

  std::string name;
  CLI::App app;
};

FlagSet::FlagSet(std::string program, std::string description, std::string version)
    : impl_(
          std::make_unique<Impl>(std::move(program), std::move(description), std::move(version))) {}

FlagSet::~FlagSet() = default;

void FlagSet::Add(std::string_view flag, std::string* value, FlagHelp help) {
  impl_->Finish(impl_->app.add_option(std::string(flag), *value, Describe(help)), flag, *value,
                help);
}

void FlagSet::Add(std::string_view flag, std::filesystem::path* value, FlagHelp help) {
  auto* const option = impl_->app.add_option_function<std::string>(
      std::string(flag), [value](const std::string& text) { *value = text; }, Describe(help));
  option->type_name("PATH");
  impl_->Finish(option, flag, value->string(), help);
}

void FlagSet::Add(std::string_view flag, double* value, FlagHelp help) {
  impl_->Finish(impl_->app.add_option(std::string(flag), *value, Describe(help)), flag,
                Printed(*value), help);
}

void FlagSet::Add(std::string_view flag, int64_t* value, int64_t min, int64_t max, FlagHelp help) {
  auto* const option = impl_->app.add_option(std::string(flag), *value, Describe(help));
  option->check(CLI::Validator(
      [min, max](std::string& text) -> std::string {
        int64_t number = 0;
        if (CLI::detail::lexical_cast(text, number) && number >= min && number <= max) {
          return {};
        }
        return "\"" + text + "\" is not a whole number from " + std::to_string(min) + " to " +
               std::to_string(max);
      },
      ""));
  impl_->Finish(option, flag, std::to_string(*value), help);
}

void FlagSet::Add(std::string_view flag, bool* value, FlagHelp help) {
  impl_->Finish(impl_->app.add_flag(std::string(flag), *value, Describe(help)), flag, {}, help);
}

void FlagSet::Add(std::string_view flag, std::string* value, std::vector<std::string> choices,
                  FlagHelp help) {
  auto* const option = impl_->app.add_option(std::string(flag), *value, Describe(help));
  std::string list;
  for (const std::string& choice : choices) {
    list += (list.empty() ? "" : "|") + choice;
  }
  option->type_name(list);
  option->check(CLI::Validator(
      [choices = std::move(choices), list](std::string& text) -> std::string {
        for (const std::string& choice : choices) {
          if (text == choice) {
            return {};
          }
        }
        return "\"" + text + "\" is not one of " + list;
      },
      ""));
  impl_->Finish(option, flag, *value, help);
}

void FlagSet::SetFooter(std::string footer) { impl_->app.footer(std::move(footer)); }

std::optional<int> FlagSet::Parse(int argc, const char* const* argv) {
  try {
    impl_->app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help and --version.
    return impl_->app.exit(success, std::cout, std::cerr);
  } catch (const CLI::Error& error) {
    std::cerr << OneLine(impl_->name + ": " + error.what()) << "\n";
    return kExitUsage;
  }
  return std::nullopt;
}

int FlagSet::Fail(const absl::Status& status) const {
  std::cerr << OneLine(impl_->name + ": " + std::string(status.message())) << "\n";
  return kExitUsage;
}

}  // namespace lagebild
