#ifndef LAGEBILD_COMMON_SERVER_LOGGING_H_
#define LAGEBILD_COMMON_SERVER_LOGGING_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "absl/status/status.h"

namespace lagebild {

/// A named value beside a log message.
struct LogField {
  template <class T>
  requires std::is_integral_v<T> LogField(std::string_view field_name,
                                          T number)  // NOLINT(google-explicit-constructor)
      : name(field_name), value(static_cast<int64_t>(number)) {}
  LogField(std::string_view field_name, double number) : name(field_name), value(number) {}
  LogField(std::string_view field_name, std::string_view text)
      : name(field_name), value(std::string(text)) {}
  LogField(std::string_view field_name, const char* text)
      : name(field_name), value(std::string(text)) {}
  LogField(std::string_view field_name, const std::string& text) : name(field_name), value(text) {}
  LogField(std::string_view field_name, const absl::Status& status);

  std::string_view name;
  std::variant<int64_t, double, std::string> value;
};

/// Sends the process's logs to stderr, one line an entry: text for people or JSON objects with ts,
/// level, service, msg and the fields. gRPC's own messages come along at level debug. Until called,
/// logs are text at level info. REQUIRES: format and level as ServerConfig allows them.
void InitLogging(std::string_view service, std::string_view format, std::string_view level);

// One entry. Thread-safe. The message is a constant; what varies goes into fields:
// LogInfo("listening", {{"address", address}}).
void LogDebug(std::string_view message, std::initializer_list<LogField> fields = {});
void LogInfo(std::string_view message, std::initializer_list<LogField> fields = {});
void LogWarning(std::string_view message, std::initializer_list<LogField> fields = {});
void LogError(std::string_view message, std::initializer_list<LogField> fields = {});

/// The line of an entry without its end, as InitLogging() would print it at this time (for tests).
std::string FormatJsonLogLine(std::string_view timestamp, std::string_view level,
                              std::string_view service, std::string_view message,
                              std::initializer_list<LogField> fields);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_SERVER_LOGGING_H_
