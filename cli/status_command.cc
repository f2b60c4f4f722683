#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"

namespace lagebild::cli {
namespace {

/// One service's status, or why it cannot be had.
struct Answer {
  std::string name;
  std::string address;
  absl::Status status;
  v1::ServiceStatus service;
};

template <class Request, class Response, class Stub>
Answer Ask(const Globals& globals, const std::string& name, const std::string& address,
           const absl::StatusOr<std::unique_ptr<Stub>>& stub,
           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  Answer answer{name, address, stub.status(), {}};
  if (!stub.ok()) return answer;
  grpc::ClientContext context;
  SetDeadline(globals, context);
  Response response;
  answer.status = FromGrpcStatus(((**stub).*method)(&context, Request(), &response));
  answer.service = std::move(*response.mutable_status());
  return answer;
}

}  // namespace

void AddStatusCommand(CLI::App& app, Globals& globals) {
  CLI::App* command =
      app.add_subcommand("status", "Positions, lag, version and counts of the three services");
  const auto format = std::make_shared<OutputFormat>(OutputFormat::kTable);
  AddFormatOption(*command, *format);
  command->footer("Example:\n  lagebild status --format json");
  command->callback([format, &globals] {
    const Answer answers[] = {
        Ask<v1::IngestServiceGetStatusRequest, v1::IngestServiceGetStatusResponse>(
            globals, "ingest_service", globals.ingest_address, IngestStub(globals),
            &v1::IngestService::Stub::GetStatus),
        Ask<v1::ExtractServiceGetStatusRequest, v1::ExtractServiceGetStatusResponse>(
            globals, "extract_service", globals.extract_address, ExtractStub(globals),
            &v1::ExtractService::Stub::GetStatus),
        Ask<v1::QueryServiceGetStatusRequest, v1::QueryServiceGetStatusResponse>(
            globals, "query_service", globals.query_address, QueryStub(globals),
            &v1::QueryService::Stub::GetStatus)};
    Table table({"SERVICE", "ADDRESS", "VERSION", "HEAD", "INPUT", "LAG", "UPSTREAM", "COUNTS"}, 7);
    std::string json;
    for (const Answer& answer : answers) {
      if (!answer.status.ok()) {
        table.AddRow({answer.name, answer.address, "away", "", "", "", "",
                      std::string(answer.status.message())});
        globals.exit_code = Report(answer.status, answer.name, answer.address);
        continue;
      }
      const v1::ServiceStatus& service = answer.service;
      std::string counts;
      for (const v1::Count& count : service.counts()) {
        absl::StrAppend(&counts, counts.empty() ? "" : ", ", count.name(), " ", count.value());
      }
      for (const v1::LogStatus& log : service.logs()) {
        const bool upstream = service.service() != "ingest_service";
        table.AddRow({service.service(), answer.address, service.version(),
                      absl::StrCat(log.head_position()),
                      upstream ? absl::StrCat(log.input_position()) : "",
                      upstream ? absl::StrCat(log.lag()) : "",
                      upstream ? (log.upstream_connected() ? "connected" : "away") : "", counts});
      }
      if (*format == OutputFormat::kJson) PrintJson(service);
    }
    if (*format != OutputFormat::kJson) table.Print(*format, "");
  });
}

void AddDeleteCommand(CLI::App& app, Globals& globals) {
  CLI::App* command = app.add_subcommand("delete", "Retract documents through all three services");
  const auto ids = std::make_shared<std::vector<std::string>>();
  command->add_option("DOCUMENT", *ids, "ids of documents")->required();
  command->footer(
      "The newest picture forgets them; --recorded-by a time before still shows them.\n"
      "Example:\n  lagebild delete 08_korrektur");
  command->callback([ids, &globals] {
    const auto stub = IngestStub(globals);
    if (!stub.ok()) {
      globals.exit_code = Report(stub.status(), "ingest_service", globals.ingest_address);
      return;
    }
    for (const std::string& id : *ids) {
      grpc::ClientContext context;
      SetDeadline(globals, context);
      v1::DeleteDocumentRequest request;
      request.set_document_id(id);
      v1::DeleteDocumentResponse response;
      const grpc::Status status = (*stub)->DeleteDocument(&context, request, &response);
      if (status.ok()) {
        std::printf("deleted %s (position %lld)\n", Printable(id).c_str(),
                    static_cast<long long>(response.position()));
      } else {
        globals.exit_code =
            Report(FromGrpcStatus(status), "ingest_service", globals.ingest_address);
      }
    }
  });
}

}  // namespace lagebild::cli
