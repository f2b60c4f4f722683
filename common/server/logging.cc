#include "common/server/logging.h"

#include <grpc/support/log.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "common/time/clock.h"
#include "common/time/iso8601.h"

namespace lagebild {
namespace {

// The process's logger. Swapped once, by InitLogging(), before threads start.
struct State {
  std::string service = "lagebild";
  bool json = false;
  std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>(
      "lagebild", std::make_shared<spdlog::sinks::stderr_sink_mt>());

  State() { logger->set_pattern("%v"); }
};

State& Get() {
  static auto* const state = new State;  // Outlives threads that log while the process ends.
  return *state;
}

void AppendJsonString(std::string* out, std::string_view text) {
  out->push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      std::array<char, 8> escape;
      std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
      out->append(escape.data());
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

std::string Number(double value) {
  std::array<char, 32> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%.6g", value);
  return buffer.data();
}

// Printable on one line: values with blanks, quotes or control characters go into JSON quotes.
void AppendTextValue(std::string* out, std::string_view text) {
  const bool plain = !text.empty() && std::string_view::npos == text.find_first_of(" \"=\\") &&
                     std::all_of(text.begin(), text.end(), [](char c) {
                       return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
                     });
  if (plain) {
    out->append(text);
  } else {
    AppendJsonString(out, text);
  }
}

std::string FormatTextLine(std::string_view timestamp, std::string_view level,
                           std::string_view message, std::initializer_list<LogField> fields) {
  std::string line(timestamp);
  line.append(" ").append(level);
  line.append(level.size() < 5 ? 6 - level.size() : 1, ' ');
  line.append(message);
  for (const LogField& field : fields) {
    line.append("  ").append(field.name).append("=");
    if (const auto* const integer = std::get_if<int64_t>(&field.value)) {
      line.append(std::to_string(*integer));
    } else if (const auto* const number = std::get_if<double>(&field.value)) {
      line.append(Number(*number));
    } else {
      AppendTextValue(&line, std::get<std::string>(field.value));
    }
  }
  return line;
}

void Write(spdlog::level::level_enum level, std::string_view name, std::string_view message,
           std::initializer_list<LogField> fields) {
  State& state = Get();
  if (!state.logger->should_log(level)) {
    return;
  }
  const std::string now = FormatInstant(Clock::System().Now());
  state.logger->log(level, "{}",
                    state.json ? FormatJsonLogLine(now, name, state.service, message, fields)
                               : FormatTextLine(now, name, message, fields));
}

void ForwardGrpcLog(gpr_log_func_args* entry) {
  LogDebug("grpc", {{"file", entry->file}, {"line", entry->line}, {"text", entry->message}});
}

}  // namespace

LogField::LogField(std::string_view field_name, const absl::Status& status)
    : name(field_name),
      value(std::string(absl::StatusCodeToString(status.code())) + ": " +
            std::string(status.message())) {}

void InitLogging(std::string_view service, std::string_view format, std::string_view level) {
  State& state = Get();
  state.service = service;
  state.json = format == "json";
  state.logger->set_level(spdlog::level::from_str(std::string(level)));
  state.logger->flush_on(spdlog::level::trace);
  gpr_set_log_function(&ForwardGrpcLog);
}

void LogDebug(std::string_view message, std::initializer_list<LogField> fields) {
  Write(spdlog::level::debug, "debug", message, fields);
}
void LogInfo(std::string_view message, std::initializer_list<LogField> fields) {
  Write(spdlog::level::info, "info", message, fields);
}
void LogWarning(std::string_view message, std::initializer_list<LogField> fields) {
  Write(spdlog::level::warn, "warn", message, fields);
}
void LogError(std::string_view message, std::initializer_list<LogField> fields) {
  Write(spdlog::level::err, "error", message, fields);
}

std::string FormatJsonLogLine(std::string_view timestamp, std::string_view level,
                              std::string_view service, std::string_view message,
                              std::initializer_list<LogField> fields) {
  std::string line = "{\"ts\":";
  AppendJsonString(&line, timestamp);
  line.append(",\"level\":");
  AppendJsonString(&line, level);
  line.append(",\"service\":");
  AppendJsonString(&line, service);
  line.append(",\"msg\":");
  AppendJsonString(&line, message);
  for (const LogField& field : fields) {
    line.push_back(',');
    AppendJsonString(&line, field.name);
    line.push_back(':');
    if (const auto* const integer = std::get_if<int64_t>(&field.value)) {
      line.append(std::to_string(*integer));
    } else if (const auto* const number = std::get_if<double>(&field.value)) {
      line.append(Number(*number));
    } else {
      AppendJsonString(&line, std::get<std::string>(field.value));
    }
  }
  line.push_back('}');
  return line;
}

}  // namespace lagebild
