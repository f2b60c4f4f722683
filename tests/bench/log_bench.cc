// Appends to the log beside the bare limit, synced puts into RocksDB by as many writers, in the
// same run.

#include <benchmark/benchmark.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "common/log/rocksdb_log.h"

namespace lagebild {
namespace {

constexpr size_t kPayloadBytes = 3 * 1024;

std::filesystem::path FreshDirectory(const std::string& name) {
  const auto path = std::filesystem::temp_directory_path() / ("lagebild-bench-" + name);
  std::filesystem::remove_all(path);
  return path;
}

std::string Payload(int64_t number) {
  std::string payload(kPayloadBytes, 'x');
  for (size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<char>('a' + (static_cast<size_t>(number) * 31 + i * 7 + i / 13) % 26);
  }
  return payload;
}

std::unique_ptr<RocksDbLog> bench_log;
std::unique_ptr<rocksdb::DB> bench_database;
std::atomic<int64_t> bench_number{0};

void LogAppend(benchmark::State& state) {
  if (state.thread_index() == 0) {
    RocksDbLogOptions options;
    options.directory = FreshDirectory("log");
    options.kind = "bench";
    bench_log = std::move(*RocksDbLog::Open(std::move(options)));
  }
  for (auto _ : state) {
    const auto position = bench_log->AppendAndWait(0, Payload(++bench_number));
    if (!position.ok()) state.SkipWithError("append failed");
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) bench_log.reset();
}
BENCHMARK(LogAppend)->Threads(1)->Threads(16)->Threads(64)->UseRealTime();

void BarePut(benchmark::State& state) {
  if (state.thread_index() == 0) {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* database = nullptr;
    if (!rocksdb::DB::Open(options, FreshDirectory("bare").string(), &database).ok()) {
      state.SkipWithError("open failed");
    }
    bench_database.reset(database);
  }
  rocksdb::WriteOptions write;
  write.sync = true;
  for (auto _ : state) {
    const int64_t number = ++bench_number;
    if (!bench_database->Put(write, "key" + std::to_string(number), Payload(number)).ok()) {
      state.SkipWithError("put failed");
    }
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) bench_database.reset();
}
BENCHMARK(BarePut)->Threads(1)->Threads(16)->Threads(64)->UseRealTime();

}  // namespace
}  // namespace lagebild
