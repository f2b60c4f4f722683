#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/commands.h"
#include "cli/connection.h"
#include "cli/document_source.h"
#include "cli/output.h"
#include "cli/resume_journal.h"
#include "cli/terminal.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"

namespace lagebild::cli {
namespace {

/// Documents sent and not yet answered.
constexpr size_t kWindow = 256;

std::atomic<bool> interrupted{false};

struct IngestOptions {
  std::vector<std::string> paths;
  std::string ids = "name";
  bool from_start = false;
  bool quiet = false;
  double retry_seconds = 30;
  OutputFormat format = OutputFormat::kTable;
  std::string published;
  std::string outlet;
};

struct Totals {
  int64_t stored = 0;
  int64_t unchanged = 0;
  int64_t failed = 0;
  int64_t resumed = 0;

  int64_t done() const { return stored + unchanged + failed; }
};

/// One run: streams the source's documents, keeps those without an answer, and sends them again
/// after a broken connection (equal documents are recognised by ingest, so nothing is stored
/// twice).
class IngestRun {
 public:
  IngestRun(const Globals& globals, const IngestOptions& options, DocumentSource& source,
            ResumeJournal& journal, Progress* progress)
      : globals_(globals),
        options_(options),
        source_(source),
        journal_(journal),
        progress_(progress) {}

  /// OK when every document got an answer.
  absl::Status Run() {
    using Clock = std::chrono::steady_clock;
    auto last_progress = Clock::now();
    for (;;) {
      const int64_t before = totals_.done();
      const absl::Status status = Stream();
      if (status.ok() || interrupted) return status;
      if (totals_.done() > before) last_progress = Clock::now();
      const std::chrono::nanoseconds asked = RetryDelayOf(status);
      const bool retry =
          (status.code() == absl::StatusCode::kUnavailable || asked.count() > 0) &&
          Clock::now() - last_progress < std::chrono::duration<double>(options_.retry_seconds);
      if (!retry) return status;
      std::this_thread::sleep_for(
          std::max<std::chrono::nanoseconds>(asked, std::chrono::milliseconds(300)));
    }
  }

  const Totals& totals() const { return totals_; }

 private:
  absl::Status Stream() {
    const auto stub = IngestStub(globals_);
    if (!stub.ok()) return stub.status();
    grpc::ClientContext context;
    const auto stream = (*stub)->IngestDocuments(&context);
    broken_ = false;
    std::thread writer([&] { Write(*stream); });
    // A signal cannot wake a blocked read; this does.
    std::jthread canceller([&](const std::stop_token& stop) {
      while (!stop.stop_requested() && !interrupted)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (interrupted) {
        context.TryCancel();
        room_.notify_all();
      }
    });
    v1::IngestDocumentsResponse response;
    while (!interrupted && stream->Read(&response)) Take(response);
    {
      const std::lock_guard lock(mutex_);
      broken_ = true;
    }
    room_.notify_all();
    if (interrupted) context.TryCancel();
    writer.join();
    canceller.request_stop();
    const grpc::Status status = stream->Finish();
    if (interrupted)
      return Unavailable("INTERRUPTED", "interrupted; the same command goes on from here");
    return FromGrpcStatus(status);
  }

  /// Sends what is unanswered, then what the source still has.
  void Write(grpc::ClientReaderWriterInterface<v1::IngestDocumentsRequest,
                                               v1::IngestDocumentsResponse>& stream) {
    std::vector<SourcedDocument*> again;
    {
      const std::lock_guard lock(mutex_);
      for (SourcedDocument& document : unanswered_) {
        if (document.status.ok()) again.push_back(&document);
      }
    }
    // Elements of a deque keep their place while others are pushed and popped, and an element is
    // popped only after its answer, thus after it was sent.
    for (SourcedDocument* document : again) {
      if (!Send(stream, *document)) return;
    }
    while (!exhausted_) {
      SourcedDocument* document = nullptr;
      {
        std::unique_lock lock(mutex_);
        room_.wait(lock, [&] { return unanswered_.size() < kWindow || broken_ || interrupted; });
        if (broken_ || interrupted) return;
      }
      std::optional<SourcedDocument> next = source_.Next();
      if (!next.has_value()) {
        exhausted_ = true;
        break;
      }
      const bool readable = next->status.ok();
      if (readable) Declare(next->request);
      {
        const std::lock_guard lock(mutex_);
        document = &unanswered_.emplace_back(std::move(*next));
        TakeUnreadable();
      }
      if (readable && !Send(stream, *document)) return;
    }
    stream.WritesDone();
  }

  static bool Send(grpc::ClientReaderWriterInterface<v1::IngestDocumentsRequest,
                                                     v1::IngestDocumentsResponse>& stream,
                   SourcedDocument& document) {
    v1::IngestDocumentsRequest request;
    *request.mutable_document() = document.request;
    return stream.Write(request);
  }

  void Declare(v1::IngestDocumentRequest& request) const {
    v1::DocumentMetadata& metadata = *request.mutable_metadata();
    if (metadata.published().empty()) metadata.set_published(options_.published);
    if (metadata.outlet().empty()) metadata.set_outlet(options_.outlet);
  }

  void Take(const v1::IngestDocumentsResponse& response) {
    {
      const std::lock_guard lock(mutex_);
      if (unanswered_.empty()) return;
      const SourcedDocument& document = unanswered_.front();
      if (response.has_error()) {
        Fail(document, response.error().message(), response.error().field());
      } else {
        PrintAnswer(document, response.stored());
        (response.stored().created() ? totals_.stored : totals_.unchanged) += 1;
        journal_.Acknowledge(document.file, document.number);
      }
      unanswered_.pop_front();
      TakeUnreadable();
      if (progress_ != nullptr) progress_->Update(totals_.done());
    }
    room_.notify_one();
  }

  /// Documents that could not be read wait for their turn, so that the journal never runs ahead of
  /// an answer.
  void TakeUnreadable() {
    while (!unanswered_.empty() && !unanswered_.front().status.ok()) {
      const SourcedDocument& document = unanswered_.front();
      Fail(document, std::string(document.status.message()), DetailOf(document.status).field);
      unanswered_.pop_front();
    }
  }

  /// A line for each stored document, where the output is for programs.
  void PrintAnswer(const SourcedDocument& document,
                   const v1::IngestDocumentResponse& stored) const {
    if (options_.format == OutputFormat::kCsv) {
      PrintCsvLine({document.place, stored.document_id(), std::to_string(stored.version()),
                    std::to_string(stored.position()), stored.created() ? "true" : "false"});
    } else if (options_.format == OutputFormat::kJson) {
      PrintJsonLine(stored);
    }
  }

  void Fail(const SourcedDocument& document, const std::string& message, const std::string& field) {
    totals_.failed += 1;
    std::fprintf(stderr, "%s%s: %s%s\n", progress_ != nullptr ? "\r\x1b[K" : "",
                 Printable(document.place).c_str(), Printable(message).c_str(),
                 field.empty() ? "" : (" (" + Printable(field) + ")").c_str());
    journal_.Acknowledge(document.file, document.number);
  }

  const Globals& globals_;
  const IngestOptions& options_;
  DocumentSource& source_;
  ResumeJournal& journal_;
  Progress* progress_;

  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<SourcedDocument> unanswered_;
  bool broken_ = false;
  bool exhausted_ = false;  // Only the writer of the moment touches it; writers follow each other.
  Totals totals_;
};

int Ingest(const Globals& globals, const IngestOptions& options) {
  auto source = DocumentSource::Open(
      options.paths, options.ids == "name" ? IdPolicy::kFileName : IdPolicy::kContent);
  if (!source.ok()) {
    const int code = Report(source.status(), "", "");
    return code;
  }
  ResumeJournal journal(globals.ingest_address, (*source)->files());
  int64_t resumed = 0;
  if (!options.from_start) {
    for (size_t i = 0; i < (*source)->files().size(); ++i) {
      (*source)->Skip(i, journal.Acknowledged(i));
      resumed += journal.Acknowledged(i);
    }
  }
  if (options.format == OutputFormat::kCsv)
    PrintCsvLine({"place", "document_id", "version", "position", "created"});
  std::signal(SIGINT, [](int) { interrupted = true; });
  std::signal(SIGTERM, [](int) { interrupted = true; });
  std::optional<Progress> progress;
  if (!options.quiet) progress.emplace("documents", (*source)->Count().value_or(resumed) - resumed);
  IngestRun run(globals, options, **source, journal, progress.has_value() ? &*progress : nullptr);
  const absl::Status status = run.Run();
  if (progress.has_value()) progress->Finish();
  const Totals& totals = run.totals();
  std::FILE* summary = options.format == OutputFormat::kTable ? stdout : stderr;
  std::fprintf(summary, "%lld stored, %lld unchanged, %lld failed",
               static_cast<long long>(totals.stored), static_cast<long long>(totals.unchanged),
               static_cast<long long>(totals.failed));
  if (resumed > 0)
    std::fprintf(summary, ", %lld done by an earlier run", static_cast<long long>(resumed));
  std::fprintf(summary, "\n");
  if (!status.ok()) {
    journal.Save();
    return Report(status, "ingest_service", globals.ingest_address);
  }
  journal.Remove();
  return totals.failed > 0 ? kPartlyFailed : kOk;
}

}  // namespace

void AddIngestCommand(CLI::App& app, Globals& globals) {
  CLI::App* command = app.add_subcommand("ingest", "Send documents to ingest_service");
  const auto options = std::make_shared<IngestOptions>();
  command->add_option("PATH", options->paths, "files, folders, or - for standard input")
      ->required();
  command
      ->add_option("--ids", options->ids,
                   "ids of files that are one document: their name, or left to the service (from "
                   "URL or content)")
      ->check(CLI::IsMember({"name", "content"}))
      ->capture_default_str()
      ->type_name("POLICY");
  command
      ->add_option("--published", options->published,
                   "publication date of documents that declare none")
      ->type_name("DATE");
  command->add_option("--outlet", options->outlet, "outlet of documents that declare none")
      ->type_name("NAME");
  command->add_flag("--from-start", options->from_start,
                    "do not go on where an interrupted run stopped");
  AddFormatOption(*command, options->format);
  command->add_flag("--quiet", options->quiet, "no progress");
  command
      ->add_option("--retry", options->retry_seconds,
                   "go on trying this long while the service is away")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str()
      ->type_name("SECONDS");
  command->footer(
      "Text, HTML and JSON Lines ({\"id\", \"text\" or \"html\", \"published\", \"title\", "
      "\"outlet\", \"url\"}).\n"
      "A run that was stopped goes on where it was when the same command is given again.\n"
      "With --format json or csv a line is printed for each document that is stored.\n"
      "Examples:\n"
      "  lagebild ingest article.txt page.html\n"
      "  lagebild ingest archive/ --outlet \"Merletaler Rundschau\"\n"
      "  zcat articles.jsonl.gz | lagebild ingest -");
  command->callback([options, &globals] { globals.exit_code = Ingest(globals, *options); });
}

}  // namespace lagebild::cli
