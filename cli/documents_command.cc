#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "common/status/grpc_status.h"
#include "common/time/iso8601.h"
#include "common/time/proto_time.h"

namespace lagebild::cli {
namespace {

/// "2031-03-14 09:20" for an instant; a day, month or year as it is.
std::string Short(const std::string& time) {
  constexpr size_t kDay = 10;
  constexpr size_t kMinute = 16;
  if (time.size() < kMinute || time[kDay] != 'T') return time;
  return time.substr(0, kDay) + " " + time.substr(kDay + 1, kMinute - kDay - 1);
}

struct DocumentsOptions {
  std::string outlet;
  int64_t limit = 50;
  bool all = false;
  OutputFormat format = OutputFormat::kTable;
};

int Documents(const Globals& globals, const DocumentsOptions& options) {
  const auto stub = IngestStub(globals);
  if (!stub.ok()) return Report(stub.status(), "ingest_service", globals.ingest_address);
  v1::ListDocumentsResponse all;
  v1::ListDocumentsRequest request;
  request.set_outlet(options.outlet);
  do {
    constexpr int64_t kPageSize = 500;
    request.set_page_size(static_cast<int32_t>(
        options.all ? kPageSize : std::min(kPageSize, options.limit - all.documents_size())));
    grpc::ClientContext context;
    SetDeadline(globals, context);
    v1::ListDocumentsResponse page;
    const grpc::Status status = (*stub)->ListDocuments(&context, request, &page);
    if (!status.ok())
      return Report(FromGrpcStatus(status), "ingest_service", globals.ingest_address);
    request.set_page_token(page.next_page_token());
    all.MergeFrom(page);
    all.set_next_page_token(page.next_page_token());
  } while (!request.page_token().empty() && (options.all || all.documents_size() < options.limit));
  if (options.format == OutputFormat::kJson) {
    PrintJson(all);
    return kOk;
  }
  const bool csv = options.format == OutputFormat::kCsv;
  Table table(csv ? std::vector<std::string>{"document_id", "version", "published", "outlet",
                                             "title", "url", "recorded_at", "text_size_bytes"}
                  : std::vector<std::string>{"ID", "VERSION", "PUBLISHED", "OUTLET", "TITLE", "URL",
                                             "RECORDED (UTC)", "BYTES"},
              4);
  for (const v1::DocumentSummary& document : all.documents()) {
    const std::string& published = document.metadata().published();
    const std::string recorded = FormatInstant(FromProto(document.recorded_at()));
    table.AddRow({document.document_id(), std::to_string(document.version()),
                  csv ? published : Short(published), document.metadata().outlet(),
                  document.metadata().title(), document.metadata().url(),
                  csv ? recorded : Short(recorded), std::to_string(document.text_size_bytes())});
  }
  table.Print(options.format, "No documents.");
  if (!all.next_page_token().empty() && options.format == OutputFormat::kTable) {
    std::fprintf(stderr, "There are more; --limit N or --all shows them.\n");
  }
  return kOk;
}

}  // namespace

void AddDocumentsCommand(CLI::App& app, Globals& globals) {
  CLI::App* command = app.add_subcommand("documents", "What has been ingested, by id");
  const auto options = std::make_shared<DocumentsOptions>();
  command->add_option("--outlet", options->outlet, "only of this outlet")->type_name("NAME");
  command->add_option("--limit", options->limit, "print at most this many")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}))
      ->capture_default_str()
      ->type_name("N");
  command->add_flag("--all", options->all, "print all there are");
  AddFormatOption(*command, options->format);
  command->footer("Example:\n  lagebild documents --outlet merletal-portal --format csv");
  command->callback([options, &globals] { globals.exit_code = Documents(globals, *options); });
}

}  // namespace lagebild::cli
