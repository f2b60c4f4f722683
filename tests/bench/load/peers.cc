#include "tests/bench/load/peers.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

#include "lagebild/v1/query_service.grpc.pb.h"
#include "tests/bench/load/calls.h"

namespace lagebild::load {
namespace {

class Peer final
    : public v1::QueryService::WithRawCallbackMethod_GetClaim<
          v1::QueryService::WithRawCallbackMethod_ListClaims<v1::QueryService::Service>> {
 public:
  explicit Peer(const ClaimSamples& samples) : samples_(samples) {}

  grpc::ServerUnaryReactor* GetClaim(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* /*request*/,
                                     grpc::ByteBuffer* response) override {
    return Answer(context, samples_.get_responses, response);
  }

  grpc::ServerUnaryReactor* ListClaims(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* /*request*/,
                                       grpc::ByteBuffer* response) override {
    return Answer(context, samples_.list_responses, response);
  }

 private:
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   const std::vector<grpc::ByteBuffer>& responses,
                                   grpc::ByteBuffer* response) {
    *response = responses[next_.fetch_add(1, std::memory_order_relaxed) % responses.size()];
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  const ClaimSamples& samples_;
  std::atomic<size_t> next_{0};
};

std::unique_ptr<rocksdb::DB> OpenFresh(const std::filesystem::path& directory) {
  std::filesystem::remove_all(directory);
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* database = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, directory.string(), &database);
  if (!status.ok()) Fail(status.ToString());
  return std::unique_ptr<rocksdb::DB>(database);
}

std::string Key(size_t number) {
  char key[24];
  std::snprintf(key, sizeof(key), "%016zu", number);
  return key;
}

void Check(const rocksdb::Status& status) {
  if (!status.ok()) Fail(status.ToString());
}

}  // namespace

void ServePeer(const std::string& listen, const ClaimSamples& samples) {
  Peer peer(samples);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&peer);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) Fail("cannot listen at " + listen);
  std::printf("%d\n", port);
  std::fflush(stdout);
  server->Wait();
}

double SyncedPuts(const std::filesystem::path& directory, const std::vector<std::string>& values,
                  size_t writers) {
  std::unique_ptr<rocksdb::DB> database = OpenFresh(directory);
  std::atomic<size_t> next{0};
  const auto begin = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < writers; ++i) {
      threads.emplace_back([&] {
        rocksdb::WriteOptions write;
        write.sync = true;
        for (size_t at = next++; at < values.size(); at = next++) {
          Check(database->Put(write, Key(at), values[at]));
        }
      });
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  database.reset();
  std::filesystem::remove_all(directory);
  return static_cast<double>(values.size()) / took.count();
}

double SeeksAndSteps(const std::filesystem::path& directory, const std::vector<std::string>& values,
                     size_t threads, std::chrono::duration<double> time) {
  std::unique_ptr<rocksdb::DB> database = OpenFresh(directory);
  constexpr int kSteps = 50;
  for (size_t i = 0; i < values.size(); ++i) Check(database->Put({}, Key(i), values[i]));
  Check(database->Flush({}));
  std::atomic<size_t> reads{0};
  std::atomic<size_t> sink{0};
  const auto end = std::chrono::steady_clock::now() + time;
  {
    std::vector<std::jthread> readers;
    for (size_t i = 0; i < threads; ++i) {
      readers.emplace_back([&] {
        size_t bytes = 0;
        size_t done = 0;
        for (; std::chrono::steady_clock::now() < end; ++done) {
          const std::unique_ptr<rocksdb::Iterator> iterator(database->NewIterator({}));
          iterator->Seek(Key(0));
          for (int step = 0; step < kSteps && iterator->Valid(); ++step, iterator->Next()) {
            bytes += iterator->value().size();
          }
        }
        sink += bytes;
        reads += done;
      });
    }
  }
  database.reset();
  std::filesystem::remove_all(directory);
  return static_cast<double>(reads.load()) / time.count();
}

}  // namespace lagebild::load
