// lagebild_load: loads running services and measures the bare limits beside them. Every command
// prints one JSON object on standard output; tests/bench/load/run.py starts the services and
// makes the table.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/load/calls.h"
#include "tests/bench/load/paced.h"
#include "tests/bench/load/peers.h"
#include "tests/bench/load/samples.h"

namespace lagebild::load {
namespace {

constexpr size_t kSamples = 10'000;

struct Options {
  std::string ingest, query, peer, articles, directory, listen = "127.0.0.1:0";
  size_t in_flight = 64, connections = 4, pairs = 5, readers = 500;
  double seconds = 4, rate = 100;
};

void PrintCalls(const char* name, const CallsResult& result) {
  std::printf(
      "\"%s\": {\"calls\": %zu, \"rate\": %.1f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"bytes\": "
      "%.0f}",
      name, result.calls, result.rate(), result.p50_ms, result.p99_ms, result.response_bytes);
}

// Pairs of runs against the bare peer and against query_service.
void CompareQuery(const Options& options, const char* method, bool with_seeks) {
  const ClaimSamples samples = AskForClaims(options.query, kSamples, /*for_peer=*/false);
  const auto& requests = with_seeks ? samples.list_requests : samples.get_requests;
  const std::chrono::duration<double> time(options.seconds);
  const auto peer = Connect(options.peer, options.connections);
  const auto ours = Connect(options.query, options.connections);
  RunCalls(peer, method, requests, options.in_flight, time / 4);
  RunCalls(ours, method, requests, options.in_flight, time / 4);
  std::printf("{\"pairs\": [");
  for (size_t i = 0; i < options.pairs; ++i) {
    std::printf(i == 0 ? "{" : ", {");
    PrintCalls("bare", RunCalls(peer, method, requests, options.in_flight, time));
    if (with_seeks) {
      std::printf(", \"seeks\": {\"rate\": %.1f}",
                  SeeksAndSteps(options.directory, samples.entries,
                                std::max(1u, std::thread::hardware_concurrency()), time / 2));
    }
    std::printf(", ");
    PrintCalls("ours", RunCalls(ours, method, requests, options.in_flight, time));
    std::printf("}");
  }
  std::printf("]}\n");
}

// Pairs of runs: the texts put into a bare RocksDB, then other articles handed in.
void CompareIngest(const Options& options) {
  const auto articles = ReadArticles(options.articles);
  const auto channels = Connect(options.ingest, options.connections);
  const size_t count = articles.size() / (options.pairs + 1);
  const auto run = [&](size_t number) {
    std::vector<grpc::ByteBuffer> requests;
    for (size_t i = number * count; i < (number + 1) * count; ++i) {
      requests.push_back(ToBuffer(articles[i].SerializeAsString()));
    }
    return RunCalls(channels, kIngestDocument, requests, options.in_flight, {}, /*once=*/true);
  };
  run(0);
  std::printf("{\"pairs\": [");
  for (size_t i = 0; i < options.pairs; ++i) {
    std::vector<std::string> texts;
    for (size_t at = (i + 1) * count; at < (i + 2) * count; ++at)
      texts.push_back(articles[at].text());
    std::printf("%s{\"bare\": {\"rate\": %.1f}, ", i == 0 ? "" : ", ",
                SyncedPuts(options.directory, texts, options.in_flight));
    PrintCalls("ours", run(i + 1));
    std::printf("}");
  }
  std::printf("]}\n");
}

void Visible(const Options& options) {
  const auto articles = ReadArticles(options.articles);
  const VisibleResult result =
      MeasureVisible(options.ingest, options.query, articles, options.rate);
  std::printf(
      "{\"documents\": %zu, \"refusals\": %zu, \"rate\": %.1f, \"p50_ms\": %.1f, \"p99_ms\": "
      "%.1f, \"max_ms\": %.1f}\n",
      result.documents, result.refusals, static_cast<double>(result.documents) / result.seconds,
      result.p50_ms, result.p99_ms, result.max_ms);
}

void Followers(const Options& options) {
  const auto articles = ReadArticles(options.articles);
  const FollowersResult result = MeasureFollowers(options.ingest, articles, options.rate,
                                                  options.readers, options.connections);
  std::printf(
      "{\"readers\": %zu, \"messages\": %zu, \"messages_per_second\": %.0f, \"message_bytes\": "
      "%.0f, \"p50_ms\": %.1f, \"p99_ms\": %.1f, \"max_ms\": %.1f, \"slowest_reader_p50_ms\": "
      "%.1f}\n",
      result.readers, result.messages, static_cast<double>(result.messages) / result.seconds,
      result.bytes / static_cast<double>(result.messages), result.p50_ms, result.p99_ms,
      result.max_ms, result.slowest_reader_p50_ms);
}

int Main(int argc, char** argv) {
  CLI::App app("Loads running services and measures bare limits beside them");
  app.require_subcommand(1);
  Options options;
  const auto ingest = [&options](CLI::App* command) {
    command->add_option("--ingest", options.ingest, "Address of ingest_service")->required();
    command->add_option("--articles", options.articles, "JSON Lines of generate.py")->required();
  };
  const auto query = [&options](CLI::App* command) {
    command->add_option("--query", options.query, "Address of query_service")->required();
  };
  const auto compared = [&options](CLI::App* command) {
    command->add_option("--in-flight", options.in_flight, "Calls or writers at once");
    command->add_option("--connections", options.connections, "Connections that share them");
    command->add_option("--pairs", options.pairs, "Pairs of runs: the bare peer, then the service");
    command->add_option("--seconds", options.seconds, "Time of a run");
  };
  const auto directory = [&options](CLI::App* command) {
    command->add_option("--directory", options.directory, "For the bare RocksDB")->required();
  };

  CLI::App* const serve = app.add_subcommand("serve-peer", "Bare gRPC server of equal payloads");
  query(serve);
  serve->add_option("--listen", options.listen, "Address");
  serve->callback(
      [&] { ServePeer(options.listen, AskForClaims(options.query, kSamples, /*for_peer=*/true)); });

  CLI::App* const get = app.add_subcommand("get-claim", "GetClaim beside bare gRPC");
  query(get);
  compared(get);
  get->add_option("--peer", options.peer, "Address of serve-peer")->required();
  get->callback([&] { CompareQuery(options, kGetClaim, /*with_seeks=*/false); });

  CLI::App* const list =
      app.add_subcommand("list-claims", "ListClaims beside bare gRPC and bare seeks");
  query(list);
  compared(list);
  directory(list);
  list->add_option("--peer", options.peer, "Address of serve-peer")->required();
  list->callback([&] { CompareQuery(options, kListClaims, /*with_seeks=*/true); });

  CLI::App* const put = app.add_subcommand("ingest", "IngestDocument beside bare synced puts");
  ingest(put);
  compared(put);
  directory(put);
  put->callback([&] { CompareIngest(options); });

  CLI::App* const visible =
      app.add_subcommand("visible", "From acknowledged to visible at a steady rate");
  ingest(visible);
  query(visible);
  visible->add_option("--rate", options.rate, "Documents a second");
  visible->callback([&] { Visible(options); });

  CLI::App* const followers =
      app.add_subcommand("followers", "Readers that follow the documents log at a steady rate");
  ingest(followers);
  followers->add_option("--rate", options.rate, "Documents a second");
  followers->add_option("--readers", options.readers, "Streams");
  followers->add_option("--connections", options.connections, "Connections that share them");
  followers->callback([&] { Followers(options); });

  CLI11_PARSE(app, argc, argv);
  return 0;
}

}  // namespace
}  // namespace lagebild::load

int main(int argc, char** argv) { return lagebild::load::Main(argc, argv); }
