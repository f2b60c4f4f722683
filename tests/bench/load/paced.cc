#include "tests/bench/load/paced.h"

#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include "lagebild/v1/query_service.grpc.pb.h"
#include "tests/bench/load/calls.h"
#include "tests/bench/load/samples.h"

namespace lagebild::load {
namespace {

constexpr auto kPatience = std::chrono::minutes(2);

double Milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

int64_t DocumentsHead(const std::string& ingest) {
  const auto stub = v1::IngestService::NewStub(Connect(ingest, 1).front());
  grpc::ClientContext context;
  v1::IngestServiceGetStatusResponse response;
  const grpc::Status status = stub->GetStatus(&context, {}, &response);
  if (!status.ok()) Fail("GetStatus: " + status.error_message());
  return response.status().logs(0).head_position();
}

// A following stream; notes when each message came.
class Follower : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Follower(const std::shared_ptr<grpc::Channel>& channel, const grpc::ByteBuffer& request,
           size_t expected, std::function<void()> on_connected, std::function<void()> on_all)
      : stub_(channel),
        expected_(expected),
        on_connected_(std::move(on_connected)),
        on_all_(std::move(on_all)) {
    times_.reserve(expected);
    stub_.PrepareBidiStreamingCall(&context_, "/lagebild.v1.IngestService/ReadDocuments", {}, this);
    StartWriteLast(&request, grpc::WriteOptions());
    StartRead(&message_);
    StartCall();
  }

  void OnReadInitialMetadataDone(bool ok) override {
    if (!ok) Fail("a stream of documents was refused");
    on_connected_();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    times_.push_back(Clock::now());
    bytes_ += message_.Length();
    if (times_.size() == expected_) {
      on_all_();
    }
    StartRead(&message_);
  }

  void OnDone(const grpc::Status& status) override {
    if (status.error_code() != grpc::StatusCode::CANCELLED) {
      Fail("a stream of documents ended: " + status.error_message());
    }
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }

  // The reactor may not go before OnDone().
  void Stop() {
    context_.TryCancel();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
  }

  const std::vector<Clock::time_point>& times() const { return times_; }
  size_t bytes() const { return bytes_; }

 private:
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer message_;
  const size_t expected_;
  const std::function<void()> on_connected_;
  const std::function<void()> on_all_;
  std::vector<Clock::time_point> times_;
  size_t bytes_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

}  // namespace

PacedIngest::PacedIngest(const std::string& ingest,
                         const std::vector<v1::IngestDocumentRequest>& articles, double rate,
                         std::function<void(int64_t position, Clock::time_point)> on_stored)
    : articles_(articles),
      rate_(rate),
      on_stored_(std::move(on_stored)),
      stub_(v1::IngestService::NewStub(Connect(ingest, 1).front())) {}

void PacedIngest::Send(size_t article) {
  auto call = std::make_shared<Call>();
  stub_->async()->IngestDocument(&call->context, &articles_[article], &call->response,
                                 [this, article, call](const grpc::Status& status) {
                                   const bool refused =
                                       status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
                                   if (!status.ok() && !refused)
                                     Fail("IngestDocument: " + status.error_message());
                                   if (!refused)
                                     on_stored_(call->response.position(), Clock::now());
                                   const std::lock_guard lock(mutex_);
                                   if (refused) {
                                     refused_.push_back(article);
                                   } else {
                                     --open_;
                                   }
                                   changed_.notify_all();
                                 });
}

void PacedIngest::SendRefused() {
  std::vector<size_t> refused;
  {
    const std::lock_guard lock(mutex_);
    refused.swap(refused_);
  }
  refusals_ += refused.size();
  for (const size_t article : refused) Send(article);
}

void PacedIngest::Run() {
  constexpr std::chrono::milliseconds kPause(50);
  const Clock::time_point begin = Clock::now();
  Clock::time_point again = begin;
  open_ = articles_.size();
  for (size_t i = 0; i < articles_.size(); ++i) {
    std::this_thread::sleep_until(
        begin + std::chrono::duration_cast<Clock::duration>(
                    std::chrono::duration<double>(static_cast<double>(i) / rate_)));
    Send(i);
    if (Clock::now() >= again) {
      SendRefused();
      again = Clock::now() + kPause;
    }
  }
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kPause, [this] { return open_ == 0; })) {
    lock.unlock();
    SendRefused();
    lock.lock();
  }
}

VisibleResult MeasureVisible(const std::string& ingest, const std::string& query,
                             const std::vector<v1::IngestDocumentRequest>& articles, double rate) {
  std::mutex mutex;
  std::map<int64_t, Clock::time_point> waiting;  // By position: when acknowledged.
  int64_t visible = 0;
  std::vector<double> latencies;
  PacedIngest paced(ingest, articles, rate, [&](int64_t position, Clock::time_point now) {
    const std::lock_guard lock(mutex);
    if (position <= visible) {
      latencies.push_back(0);  // Seen before the acknowledgement was here.
    } else {
      waiting.emplace(position, now);
    }
  });

  std::jthread poller([&](const std::stop_token& stop) {
    const auto stub = v1::QueryService::NewStub(Connect(query, 1).front());
    v1::ListClaimsRequest request;
    request.set_page_size(1);
    while (!stop.stop_requested()) {
      grpc::ClientContext context;
      v1::ListClaimsResponse response;
      const grpc::Status status = stub->ListClaims(&context, request, &response);
      const Clock::time_point now = Clock::now();
      if (!status.ok()) Fail("ListClaims: " + status.error_message());
      {
        const std::lock_guard lock(mutex);
        visible = response.read_state().documents_position();
        const auto end = waiting.upper_bound(visible);
        for (auto it = waiting.begin(); it != end; ++it) {
          latencies.push_back(Milliseconds(now - it->second));
        }
        waiting.erase(waiting.begin(), end);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });

  const Clock::time_point begin = Clock::now();
  paced.Run();
  VisibleResult result;
  result.refusals = paced.refusals();
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  for (const Clock::time_point end = Clock::now() + kPatience;;) {
    {
      const std::lock_guard lock(mutex);
      if (waiting.empty()) break;
    }
    if (Clock::now() > end) Fail("an acknowledged document is not visible");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  poller.request_stop();
  poller.join();
  result.documents = latencies.size();
  result.p50_ms = Quantile(latencies, 0.5);
  result.p99_ms = Quantile(latencies, 0.99);
  result.max_ms = Quantile(latencies, 1);
  return result;
}

FollowersResult MeasureFollowers(const std::string& ingest,
                                 const std::vector<v1::IngestDocumentRequest>& articles,
                                 double rate, size_t readers, size_t connections) {
  std::mutex mutex;
  std::condition_variable changed;
  size_t connected = 0;
  size_t complete = 0;
  const auto count = [&](size_t* counter) {
    return [&mutex, &changed, counter] {
      const std::lock_guard lock(mutex);
      ++*counter;
      changed.notify_all();
    };
  };
  v1::ReadDocumentsRequest request;
  const int64_t head = DocumentsHead(ingest);
  request.set_after_position(head);
  request.set_follow(true);
  const grpc::ByteBuffer bytes = ToBuffer(request.SerializeAsString());
  const auto channels = Connect(ingest, connections);
  std::vector<std::unique_ptr<Follower>> followers;
  for (size_t i = 0; i < readers; ++i) {
    followers.push_back(std::make_unique<Follower>(
        channels[i % connections], bytes, articles.size(), count(&connected), count(&complete)));
  }
  {
    std::unique_lock lock(mutex);
    if (!changed.wait_for(lock, kPatience, [&] { return connected == readers; })) {
      Fail("not all readers were let in");
    }
  }

  std::map<int64_t, Clock::time_point> stored;
  std::mutex stored_mutex;
  PacedIngest paced(ingest, articles, rate, [&](int64_t position, Clock::time_point now) {
    const std::lock_guard lock(stored_mutex);
    stored.emplace(position, now);
  });
  const Clock::time_point begin = Clock::now();
  paced.Run();
  FollowersResult result;
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  {
    std::unique_lock lock(mutex);
    if (!changed.wait_for(lock, kPatience, [&] { return complete == readers; })) {
      Fail("not all readers got all documents");
    }
  }
  for (const auto& follower : followers) follower->Stop();

  // The nth message of a reader is the nth record: nobody else writes.
  std::vector<double> all;
  for (const auto& follower : followers) {
    std::vector<double> own;
    size_t number = 0;
    for (const auto& [position, when] : stored) {
      own.push_back(std::max(0.0, Milliseconds(follower->times()[number++] - when)));
    }
    result.slowest_reader_p50_ms = std::max(result.slowest_reader_p50_ms, Quantile(own, 0.5));
    all.insert(all.end(), own.begin(), own.end());
    result.bytes += static_cast<double>(follower->bytes());
  }
  result.readers = readers;
  result.messages = all.size();
  result.p50_ms = Quantile(all, 0.5);
  result.p99_ms = Quantile(all, 0.99);
  result.max_ms = Quantile(all, 1);
  return result;
}

}  // namespace lagebild::load
