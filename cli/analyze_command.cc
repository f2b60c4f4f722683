#include "cli/analyze_command.h"

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/analyze_input.h"
#include "cli/labels.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "extract_service/contract/extraction.h"
#include "extract_service/contract/json.h"
#include "extract_service/contract/timeml.h"
#include "extract_service/pipeline/pipeline.h"

namespace lagebild::cli {
namespace {

using extract::Pipeline;
using extract::StageProfile;
using Clock = std::chrono::steady_clock;

constexpr size_t kMaxWaitingBytes = size_t{64} << 20;
constexpr double kBytesPerMegabyte = 1e6;

struct Options {
  std::string file;
  std::string jsonl;
  std::string output_dir;
  std::string lexicon;
  extract::DeclaredMetadata declared;
  OutputFormat format = OutputFormat::kJson;
  unsigned threads = 0;
  bool profile = false;
  bool no_output = false;
};

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void Complain(std::string_view message) {
  std::fprintf(stderr, "lagebild analyze: %s\n", Printable(message).c_str());
}

/// Documents on their way from the reader to the workers; bounded by bytes, so that a file of any
/// size is read with little memory.
class WaitingDocuments {
 public:
  void Push(AnalyzeInput input) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return bytes_ < kMaxWaitingBytes; });
    bytes_ += input.text.size();
    waiting_.push_back(std::move(input));
    changed_.notify_all();
  }

  /// The next document; nullopt when there are none left and there will be none.
  std::optional<AnalyzeInput> Pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !waiting_.empty() || closed_; });
    if (waiting_.empty()) return std::nullopt;
    AnalyzeInput input = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= input.text.size();
    changed_.notify_all();
    return input;
  }

  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<AnalyzeInput> waiting_;
  size_t bytes_ = 0;
  bool closed_ = false;
};

/// What a run over documents came to.
struct Totals {
  int64_t documents = 0;
  int64_t bytes = 0;
  double seconds = 0;
  StageProfile profile;
};

void PrintTotals(const Pipeline& pipeline, const Options& options, const Totals& totals) {
  const double megabytes = static_cast<double>(totals.bytes) / kBytesPerMegabyte;
  std::fprintf(stderr, "%lld documents, %.2f MB in %.2f s: %.2f MB/s on %u threads\n",
               static_cast<long long>(totals.documents), megabytes, totals.seconds,
               totals.seconds > 0 ? megabytes / totals.seconds : 0.0, options.threads);
  if (!options.profile) return;
  double sum = 0;
  for (const auto stage : totals.profile.stages)
    sum += std::chrono::duration<double>(stage).count();
  std::fprintf(stderr, "%-12s %9s %7s %9s\n", "stage", "seconds", "share", "MB/s");
  const std::vector<std::string_view> names = pipeline.stage_names();
  for (size_t i = 0; i < totals.profile.stages.size(); ++i) {
    const double seconds = std::chrono::duration<double>(totals.profile.stages[i]).count();
    std::fprintf(stderr, "%-12s %9.3f %6.1f%% %9.2f\n", std::string(names[i]).c_str(), seconds,
                 sum > 0 ? 100 * seconds / sum : 0.0, seconds > 0 ? megabytes / seconds : 0.0);
  }
}

v1::Extraction ToExtraction(const Pipeline& pipeline, const extract::AnnotatedDocument& document) {
  v1::Extraction extraction;
  extract::FillExtraction(document, pipeline.version(), extract::SpanTexts::kFilled, extraction);
  return extraction;
}

extract::AnnotatedDocument Analyze(const Pipeline& pipeline, AnalyzeInput input, bool profiled,
                                   StageProfile& profile) {
  return profiled ? pipeline.Analyze(std::move(input.text), std::move(input.declared), profile)
                  : pipeline.Analyze(std::move(input.text), std::move(input.declared));
}

std::string NameOfActor(const v1::Extraction& extraction, const std::string& id) {
  for (const v1::Actor& actor : extraction.actors()) {
    if (actor.id() == id) return actor.name();
  }
  return id;
}

void PrintClaims(const v1::Extraction& extraction, OutputFormat format) {
  Table table(format == OutputFormat::kCsv
                  ? std::vector<std::string>{"said_at", "speakers", "act", "certainty", "content"}
                  : std::vector<std::string>{"SAID", "WHO", "ACT", "CERTAINTY", "CLAIM"},
              4);
  for (const v1::Claim& claim : extraction.claims()) {
    std::string speakers;
    for (const std::string& id : claim.speaker_actor_ids()) {
      speakers += (speakers.empty() ? "" : ", ") + NameOfActor(extraction, id);
    }
    for (const v1::Span& words : claim.speaker()) {
      // Words near hearsay only tell where it may come from.
      if (claim.speaker_actor_ids().empty() && claim.kind() != v1::CLAIM_KIND_FREE_INDIRECT)
        speakers += (speakers.empty() ? "" : " ") + words.text();
    }
    if (speakers.empty() && format == OutputFormat::kTable) speakers = "—";
    table.AddRow({TimeText(claim.said_at()), speakers, StanceText(claim), Label(claim.certainty()),
                  ContentText(claim)});
  }
  table.Print(format, "No claims found.");
}

int PrintDocument(const Pipeline& pipeline, const extract::AnnotatedDocument& document,
                  OutputFormat format) {
  const v1::Extraction extraction = ToExtraction(pipeline, document);
  if (format == OutputFormat::kTimeMl) {
    const std::string xml = extract::DocumentToTimeMl(document);
    std::fwrite(xml.data(), 1, xml.size(), stdout);
  } else if (format == OutputFormat::kJson) {
    const auto json = extract::ExtractionToJson(extraction, extract::JsonLayout::kIndented);
    if (!json.ok()) {
      Complain(std::string(json.status().message()));
      return kFailed;
    }
    std::fwrite(json->data(), 1, json->size(), stdout);
  } else {
    PrintClaims(extraction, format);
  }
  if (std::fflush(stdout) != 0) {
    Complain("cannot write to standard output");
    return kFailed;
  }
  return kOk;
}

int AnalyzeFile(const Pipeline& pipeline, const Options& options) {
  extract::DeclaredMetadata declared = options.declared;
  std::ostringstream bytes;
  if (options.file == "-") {
    bytes << std::cin.rdbuf();
  } else {
    // A directory can be opened, but not read.
    std::error_code error;
    std::ifstream stream(options.file, std::ios::binary);
    if (!stream || std::filesystem::is_directory(options.file, error)) {
      Complain("cannot read " + options.file);
      return kFailed;
    }
    bytes << stream.rdbuf();
    if (stream.bad()) {
      Complain("cannot read " + options.file);
      return kFailed;
    }
    if (declared.document_id.empty()) {
      declared.document_id = std::filesystem::path(options.file).stem().string();
    }
  }
  auto input = ReadFileInput(std::move(bytes).str(), std::move(declared));
  if (!input.ok()) {
    Complain(options.file + ": " + std::string(input.status().message()));
    return kPartlyFailed;
  }
  Totals totals;
  totals.documents = 1;
  totals.bytes = static_cast<int64_t>(input->text.size());
  const auto begin = Clock::now();
  const auto document = Analyze(pipeline, *std::move(input), options.profile, totals.profile);
  totals.seconds = SecondsSince(begin);
  if (options.profile || options.no_output) PrintTotals(pipeline, options, totals);
  return options.no_output ? int{kOk} : PrintDocument(pipeline, document, options.format);
}

/// Analyses the documents of a JSON Lines file on all threads, one output file for each.
class JsonLinesRun {
 public:
  JsonLinesRun(const Pipeline& pipeline, const Options& options)
      : pipeline_(pipeline), options_(options), progress_("documents", 0) {}

  int Run(std::istream& stream) {
    const auto begin = Clock::now();
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < options_.threads; ++i) workers.emplace_back([this] { Work(); });
    JsonLinesReader reader(stream);
    int64_t refused = 0;
    while (!failed_ && reader.Next()) {
      auto input = reader.Read();
      if (input.ok()) {
        waiting_.Push(*std::move(input));
      } else {
        ++refused;
        Complain(options_.jsonl + ": " + std::string(input.status().message()));
      }
    }
    waiting_.Close();
    for (std::thread& worker : workers) worker.join();
    progress_.Finish();
    totals_.seconds = SecondsSince(begin);
    if (options_.profile || options_.no_output) PrintTotals(pipeline_, options_, totals_);
    if (failed_) return kFailed;
    return refused > 0 ? kPartlyFailed : kOk;
  }

 private:
  void Work() {
    StageProfile profile;
    int64_t bytes = 0;
    while (auto input = waiting_.Pop()) {
      bytes += static_cast<int64_t>(input->text.size());
      const auto document = Analyze(pipeline_, *std::move(input), options_.profile, profile);
      if (!options_.no_output && !failed_) Write(document);
      const std::lock_guard lock(mutex_);
      progress_.Update(++totals_.documents);
    }
    const std::lock_guard lock(mutex_);
    totals_.profile.Add(profile);
    totals_.bytes += bytes;
  }

  void Write(const extract::AnnotatedDocument& document) {
    std::filesystem::path path = std::filesystem::path(options_.output_dir) /
                                 OutputFileName(document.declared().document_id);
    std::string content;
    if (options_.format == OutputFormat::kTimeMl) {
      path.replace_extension(".tml");
      content = extract::DocumentToTimeMl(document);
    } else {
      auto json = extract::ExtractionToJson(ToExtraction(pipeline_, document),
                                            extract::JsonLayout::kCompact);
      if (!json.ok()) {
        Fail(std::string(json.status().message()));
        return;
      }
      content = *std::move(json);
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    if (!file) Fail("cannot write " + path.string());
  }

  void Fail(const std::string& message) {
    if (!failed_.exchange(true)) Complain(message);
  }

  const Pipeline& pipeline_;
  const Options& options_;
  WaitingDocuments waiting_;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;  // Guards progress_ and totals_.
  Progress progress_;
  Totals totals_;
};

int AnalyzeJsonLines(const Pipeline& pipeline, const Options& options) {
  if (!options.no_output) {
    std::error_code error;
    std::filesystem::create_directories(options.output_dir, error);
    if (error) {
      Complain("cannot create " + options.output_dir + ": " + error.message());
      return kFailed;
    }
  }
  if (options.jsonl == "-") return JsonLinesRun(pipeline, options).Run(std::cin);
  std::error_code error;
  std::ifstream stream(options.jsonl, std::ios::binary);
  if (!stream || std::filesystem::is_directory(options.jsonl, error)) {
    Complain("cannot read " + options.jsonl);
    return kFailed;
  }
  return JsonLinesRun(pipeline, options).Run(stream);
}

int Run(Options options) {
  if (options.file.empty() == options.jsonl.empty()) {
    Complain("give either one FILE (\"-\" for standard input) or --jsonl");
    return kUsage;
  }
  if (!options.jsonl.empty() && options.output_dir.empty() && !options.no_output) {
    Complain("--jsonl needs --output-dir (or --no-output)");
    return kUsage;
  }
  if (options.threads == 0) options.threads = std::max(1u, std::thread::hardware_concurrency());
  const auto pipeline =
      Pipeline::Create(options.lexicon.empty() ? extract::Lexicon::DefaultPath()
                                               : std::filesystem::path(options.lexicon));
  if (!pipeline.ok()) {
    Complain(std::string(pipeline.status().message()));
    return kFailed;
  }
  return options.jsonl.empty() ? AnalyzeFile(**pipeline, options)
                               : AnalyzeJsonLines(**pipeline, options);
}

}  // namespace

void AddAnalyzeCommand(CLI::App& app, Globals& globals) {
  CLI::App* command =
      app.add_subcommand("analyze", "Analyse texts in this process; no service needed");
  const auto options = std::make_shared<Options>();
  CLI::Option* file =
      command->add_option("FILE", options->file, "A text or a page, or - for standard input");
  CLI::Option* jsonl =
      command
          ->add_option("--jsonl", options->jsonl,
                       "JSON Lines, a document a line: {\"id\", \"text\"} and, where known, "
                       "\"published\", \"title\", \"outlet\", \"url\"; - for standard input")
          ->excludes(file)
          ->type_name("FILE");
  command
      ->add_option("--output-dir", options->output_dir,
                   "Folder that gets ID.json (or ID.tml) for each document of --jsonl")
      ->needs(jsonl)
      ->type_name("DIR");
  for (const auto& [name, target, help] :
       {std::tuple{"--id", &options->declared.document_id, "Id of the document in the output"},
        std::tuple{"--published", &options->declared.published,
                   "When it was published: ISO 8601 day, month, year or instant"},
        std::tuple{"--title", &options->declared.title, "Its headline, where the text has none"},
        std::tuple{"--outlet", &options->declared.outlet, "Who published it"},
        std::tuple{"--url", &options->declared.url, "Where it was published"}}) {
    command->add_option(name, *target, help)->excludes(jsonl)->type_name("TEXT");
  }
  static const std::map<std::string, OutputFormat> kFormats = {{"json", OutputFormat::kJson},
                                                               {"timeml", OutputFormat::kTimeMl},
                                                               {"table", OutputFormat::kTable},
                                                               {"csv", OutputFormat::kCsv}};
  command
      ->add_option("--format", options->format,
                   "json (every layer), timeml (times and events as TimeML 1.2.1), table or csv "
                   "(the claims; of a single FILE)")
      ->transform(CLI::CheckedTransformer(kFormats, CLI::ignore_case))
      ->default_str("json")
      ->type_name("FORMAT");
  command
      ->add_option("--threads", options->threads,
                   "Documents analysed at a time; 0 = one for each core")
      ->check(CLI::Range(0, 1024))
      ->type_name("N");
  command
      ->add_option("--lexicon", options->lexicon, "Compiled lexicon, where it is not the default")
      ->envname("LAGEBILD_LEXICON")
      ->type_name("FILE");
  command->add_flag("--profile", options->profile,
                    "Print the time spent in each stage to standard error");
  command->add_flag("--no-output", options->no_output,
                    "Analyse and print the speed only; for measuring");
  command->footer(
      "Examples:\n"
      "  lagebild analyze article.txt --format table\n"
      "  lagebild analyze - --published 2024-10-21 < article.txt\n"
      "  lagebild analyze article.txt --format timeml\n"
      "  lagebild analyze --jsonl articles.jsonl --output-dir extractions\n"
      "  lagebild analyze --jsonl articles.jsonl --no-output --profile --threads 1");
  command->callback([options, &globals] { globals.exit_code = Run(*options); });
}

}  // namespace lagebild::cli
