#include "tests/bench/load/calls.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>

namespace lagebild::load {
namespace {

using Clock = std::chrono::steady_clock;

// One run; every slot has one call in flight and begins the next one when it is answered.
class Run {
 public:
  Run(const std::vector<std::shared_ptr<grpc::Channel>>& channels, std::string method,
      const std::vector<grpc::ByteBuffer>& requests, size_t in_flight,
      std::chrono::duration<double> time, bool once)
      : method_(std::move(method)), requests_(requests), once_(once), slots_(in_flight) {
    for (const auto& channel : channels)
      stubs_.push_back(std::make_unique<grpc::GenericStub>(channel));
    end_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(time);
  }

  CallsResult Wait() {
    const Clock::time_point begin = Clock::now();
    for (size_t i = 0; i < slots_.size(); ++i) Next(i);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return finished_ == slots_.size(); });
    CallsResult result;
    result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::vector<double> latencies;
    size_t bytes = 0;
    for (const Slot& slot : slots_) {
      latencies.insert(latencies.end(), slot.latencies.begin(), slot.latencies.end());
      bytes += slot.bytes;
    }
    result.calls = latencies.size();
    result.p50_ms = Quantile(latencies, 0.5);
    result.p99_ms = Quantile(latencies, 0.99);
    result.response_bytes =
        static_cast<double>(bytes) / static_cast<double>(std::max<size_t>(1, result.calls));
    return result;
  }

 private:
  struct Slot {
    std::optional<grpc::ClientContext> context;
    grpc::ByteBuffer response;
    Clock::time_point sent;
    std::vector<double> latencies;  // Milliseconds.
    size_t bytes = 0;
  };

  void Next(size_t number) {
    Slot& slot = slots_[number];
    const size_t request = next_.fetch_add(1);
    slot.sent = Clock::now();
    if (once_ ? request >= requests_.size() : slot.sent >= end_) {
      const std::lock_guard lock(mutex_);
      ++finished_;
      changed_.notify_one();
      return;
    }
    slot.context.emplace();
    slot.response.Clear();
    stubs_[number % stubs_.size()]->UnaryCall(
        &*slot.context, method_, {}, &requests_[request % requests_.size()], &slot.response,
        [this, number](const grpc::Status& status) {
          Slot& done = slots_[number];
          if (!status.ok()) Fail(method_ + ": " + status.error_message());
          done.latencies.push_back(
              std::chrono::duration<double, std::milli>(Clock::now() - done.sent).count());
          done.bytes += done.response.Length();
          Next(number);
        });
  }

  const std::string method_;
  const std::vector<grpc::ByteBuffer>& requests_;
  const bool once_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  std::vector<Slot> slots_;
  Clock::time_point end_;
  std::atomic<size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t finished_ = 0;
};

}  // namespace

std::vector<std::shared_ptr<grpc::Channel>> Connect(const std::string& target, size_t count) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (size_t i = 0; i < count; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // Else channels share a connection.
    arguments.SetMaxReceiveMessageSize(-1);
    channels.push_back(
        grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments));
    if (!channels.back()->WaitForConnected(std::chrono::system_clock::now() +
                                           std::chrono::seconds(5))) {
      Fail("nothing answers at " + target);
    }
  }
  return channels;
}

CallsResult RunCalls(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                     const std::string& method, const std::vector<grpc::ByteBuffer>& requests,
                     size_t in_flight, std::chrono::duration<double> time, bool once) {
  return Run(channels, method, requests, in_flight, time, once).Wait();
}

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) Fail("a response cannot be read");
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

void Fail(const std::string& message) {
  std::fprintf(stderr, "lagebild_load: %s\n", message.c_str());
  std::_Exit(1);
}

}  // namespace lagebild::load
