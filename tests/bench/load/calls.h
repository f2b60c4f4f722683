#ifndef LAGEBILD_TESTS_BENCH_LOAD_CALLS_H_
#define LAGEBILD_TESTS_BENCH_LOAD_CALLS_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace lagebild::load {

/// What a run of calls came to.
struct CallsResult {
  size_t calls = 0;
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double response_bytes = 0;  ///< Mean.

  double rate() const { return static_cast<double>(calls) / seconds; }
};

/// So many connections to one server, each of its own. Ends the program when the server does not
/// answer within five seconds.
std::vector<std::shared_ptr<grpc::Channel>> Connect(const std::string& target, size_t count);

/// Makes unary calls of one method over the callback API, `in_flight` at a time, for a while, or
/// until every request was sent once when `once`. Requests are sent in order and over again; they
/// and the responses stay bytes, so that the client costs as little as can be. Ends the program
/// when a call fails.
CallsResult RunCalls(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                     const std::string& method, const std::vector<grpc::ByteBuffer>& requests,
                     size_t in_flight, std::chrono::duration<double> time, bool once = false);

/// The value that `share` of the values do not exceed; 0 of none.
double Quantile(std::vector<double> values, double share);

grpc::ByteBuffer ToBuffer(const std::string& bytes);
std::string ToString(const grpc::ByteBuffer& buffer);

/// Prints a message and ends the program.
[[noreturn]] void Fail(const std::string& message);

}  // namespace lagebild::load

#endif  // LAGEBILD_TESTS_BENCH_LOAD_CALLS_H_
