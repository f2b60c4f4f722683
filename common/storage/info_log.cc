#include "common/storage/info_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace lagebild::storage {
namespace {

constexpr size_t kFileBytes = size_t{8} << 20;
constexpr size_t kOlderFiles = 2;

class InfoLog : public rocksdb::Logger {
 public:
  // `logger` may be null: nothing is kept.
  explicit InfoLog(std::unique_ptr<spdlog::logger> logger)
      : Logger(rocksdb::InfoLogLevel::INFO_LEVEL), logger_(std::move(logger)) {}

  using Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    if (logger_ == nullptr) {
      return;
    }
    constexpr size_t kLongestLine = 4096;  // Longer ones are cut.
    std::array<char, kLongestLine> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    logger_->info(std::string_view(line.data()));
  }

 private:
  const std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> OpenInfoLog(const std::filesystem::path& directory) {
  std::unique_ptr<spdlog::logger> logger;
  try {
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>((directory / "LOG").string(),
                                                                       kFileBytes, kOlderFiles);
    logger = std::make_unique<spdlog::logger>("rocksdb", std::move(sink));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %t %v", spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::info);
    logger->set_error_handler([](const std::string& /*what*/) {});
  } catch (const spdlog::spdlog_ex&) {
    logger.reset();
  }
  return std::make_shared<InfoLog>(std::move(logger));
}

}  // namespace lagebild::storage
