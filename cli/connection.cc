#include "cli/connection.h"

#include <chrono>
#include <cstdio>
#include <string>

#include "cli/terminal.h"
#include "common/status/error.h"

namespace lagebild::cli {
namespace {

absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(const Globals& globals,
                                                       const std::string& address) {
  ChannelOptions options = globals.channel;
  options.target = address;
  return MakeChannel(options);
}

template <class Service>
absl::StatusOr<std::unique_ptr<typename Service::Stub>> StubOf(const Globals& globals,
                                                               const std::string& address) {
  auto channel = Connect(globals, address);
  if (!channel.ok()) return channel.status();
  return Service::NewStub(*channel);
}

}  // namespace

absl::StatusOr<std::unique_ptr<v1::IngestService::Stub>> IngestStub(const Globals& globals) {
  return StubOf<v1::IngestService>(globals, globals.ingest_address);
}

absl::StatusOr<std::unique_ptr<v1::ExtractService::Stub>> ExtractStub(const Globals& globals) {
  return StubOf<v1::ExtractService>(globals, globals.extract_address);
}

absl::StatusOr<std::unique_ptr<v1::QueryService::Stub>> QueryStub(const Globals& globals) {
  return StubOf<v1::QueryService>(globals, globals.query_address);
}

absl::StatusOr<std::unique_ptr<v1::AdminService::Stub>> AdminStub(const Globals& globals,
                                                                  const std::string& address) {
  return StubOf<v1::AdminService>(globals, address);
}

void SetDeadline(const Globals& globals, grpc::ClientContext& context) {
  context.set_deadline(
      std::chrono::system_clock::now() +
      std::chrono::milliseconds(static_cast<int64_t>(globals.timeout_seconds * 1000)));
}

int Report(const absl::Status& status, const std::string& service, const std::string& address) {
  const ErrorDetail detail = DetailOf(status);
  std::string line = "lagebild: " + Printable({status.message().data(), status.message().size()});
  if (!detail.field.empty()) line += " (" + Printable(detail.field) + ")";
  int code = kFailed;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      if (service.empty()) break;  // Not said by a service.
      line = "lagebild: " + service + " does not answer at " + address + ": " +
             Printable({status.message().data(), status.message().size()}) +
             "; deploy/up starts the services, --timeout waits longer";
      code = kUnreachable;
      break;
    case absl::StatusCode::kUnauthenticated:
      line += "; --token-file or LAGEBILD_TOKEN gives a token";
      break;
    case absl::StatusCode::kNotFound:
      code = kNotFound;
      break;
    case absl::StatusCode::kInvalidArgument:
      code = kUsage;
      break;
    default:
      break;
  }
  std::fprintf(stderr, "%s\n", line.c_str());
  return code;
}

}  // namespace lagebild::cli
