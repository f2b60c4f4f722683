#include "common/server/service_runtime.h"

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <httplib.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <vector>

#include "common/access/token.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"
#include "tests/unit/common/server/test_service.h"

namespace lagebild {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// grpc.health.v1.Health/Check by hand: the service's name in, field 1 of the answer out (1 =
// SERVING, 2 = NOT_SERVING).
int HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  std::string bytes;
  if (!service.empty()) {
    bytes = std::string("\x0a") + static_cast<char>(service.size()) + service;
  }
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::ClientContext context;
  const grpc::internal::RpcMethod method("/grpc.health.v1.Health/Check",
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer,
                                                                grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), method, &context, request, &response);
  if (!status.ok()) {
    return -static_cast<int>(status.error_code());
  }
  grpc::Slice answer;
  EXPECT_TRUE(response.TrySingleSlice(&answer).ok());
  return answer.size() == 2 ? answer.begin()[1] : 0;
}

class ServiceRuntimeTest : public ServiceFixture {
 protected:
  int HttpStatus(const std::string& path, std::string* body = nullptr) {
    httplib::Client client("127.0.0.1", runtime_->http_port());
    const auto result = client.Get(path);
    if (result && body != nullptr) {
      *body = result->body;
    }
    return result ? result->status : 0;
  }
};

TEST_F(ServiceRuntimeTest, HealthFollowsReadinessAndDraining) {
  Start();
  EXPECT_EQ(HttpStatus("/healthz"), 200);
  EXPECT_EQ(HttpStatus("/readyz"), 503);
  EXPECT_EQ(HealthOf(channel_, kTestService), 2);
  EXPECT_EQ(HealthOf(channel_, ""), 2);
  EXPECT_EQ(HealthOf(channel_, "lagebild.v1.Nothing"), -static_cast<int>(grpc::NOT_FOUND));
  runtime_->SetReady(kTestService, true);
  EXPECT_EQ(HttpStatus("/readyz"), 200);
  EXPECT_EQ(HealthOf(channel_, kTestService), 1);
  EXPECT_EQ(HealthOf(channel_, ""), 1);
  EXPECT_EQ(HttpStatus("/nothing"), 404);
  std::string metrics;
  EXPECT_EQ(HttpStatus("/metrics", &metrics), 200);
  EXPECT_THAT(metrics, HasSubstr("lagebild_build_info{service=\"test_service\""));
  Stop();
  EXPECT_EQ(exit_code_, 0);
}

TEST_F(ServiceRuntimeTest, AnswersCarryDetailsAndAreCounted) {
  Start();
  for (const RunOn where : {RunOn::kInline, RunOn::kWorkers}) {
    service_->get_on = where;
    EXPECT_TRUE(Get("a").ok());
    service_->get = [](const std::string& id) {
      return InvalidArgument("INVALID_ID", "bad " + id, "document_id", {{"extra", "1"}});
    };
    const absl::Status status = FromGrpcStatus(Get("ü"));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message(), "bad ü");
    EXPECT_EQ(DetailOf(status).reason, "INVALID_ID");
    EXPECT_EQ(DetailOf(status).field, "document_id");
    EXPECT_EQ(DetailOf(status).metadata.at("extra"), "1");
    service_->get = [](const std::string&) { return absl::OkStatus(); };
  }
  EXPECT_THAT(runtime_->metrics().Scrape(),
              HasSubstr("lagebild_rpcs_total{code=\"INVALID_ARGUMENT\",method=\"GetDocument\"} 2"));
}

TEST_F(ServiceRuntimeTest, LimitsConcurrentRpcs) {
  Start([](ServerConfig& config) { config.max_concurrent_rpcs = 3; });
  std::atomic<bool> release{false};
  service_->get = [&release](const std::string&) {
    while (!release) {
      std::this_thread::sleep_for(1ms);
    }
    return absl::OkStatus();
  };
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([this] { EXPECT_TRUE(Get("a").ok()); });
  }
  while (runtime_->metrics().rpcs_running().Value() < 3) {
    std::this_thread::sleep_for(1ms);
  }
  const absl::Status status = FromGrpcStatus(Get("a"));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), "TOO_MANY_REQUESTS");
  release = true;
  for (std::thread& caller : callers) {
    caller.join();
  }
  EXPECT_TRUE(Get("a").ok());
}

TEST_F(ServiceRuntimeTest, RequestsNobodyWaitsForAreNotBegun) {
  Start([](ServerConfig& config) { config.worker_threads = 1; });
  std::atomic<int> begun{0};
  std::atomic<bool> release{false};
  service_->get = [&](const std::string&) {
    ++begun;
    while (!release) {
      std::this_thread::sleep_for(1ms);
    }
    return absl::OkStatus();
  };
  std::thread first([this] { EXPECT_TRUE(Get("a").ok()); });
  while (begun == 0) {
    std::this_thread::sleep_for(1ms);
  }
  constexpr auto kDeadline = 50ms;
  EXPECT_EQ(Get("b", kDeadline).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  // A busy machine hands the request over late, and the server counts its deadline from then on.
  while (runtime_->metrics().rpcs_running().Value() < 2) {
    std::this_thread::sleep_for(1ms);
  }
  std::this_thread::sleep_for(kDeadline);
  release = true;
  first.join();
  EXPECT_TRUE(Get("c").ok());
  EXPECT_EQ(begun, 2);
}

TEST_F(ServiceRuntimeTest, MessagesOverTheLimitAreRefused) {
  Start([](ServerConfig& config) { config.max_message_bytes = 4096; });
  EXPECT_EQ(Get(std::string(8192, 'a')).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Get("a").ok());
}

TEST_F(ServiceRuntimeTest, SigtermLetsRunningCallsFinishAndRefusesNewOnes) {
  Start();
  std::atomic<bool> begun{false};
  service_->get = [&](const std::string&) {
    begun = true;
    std::this_thread::sleep_for(300ms);
    return absl::OkStatus();
  };
  std::thread running([this] { EXPECT_TRUE(Get("a").ok()); });
  while (!begun) {
    std::this_thread::sleep_for(1ms);
  }
  kill(getpid(), SIGTERM);
  running.join();
  thread_.join();
  EXPECT_EQ(exit_code_, 0);
  EXPECT_TRUE(drained_);
  EXPECT_EQ(Get("b", 500ms).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServiceRuntimeTest, TokensOpenMethodsByTheirScopes) {
  const NewToken reader = *CreateToken("reader", static_cast<ScopeSet>(Scope::kRead));
  const NewToken writer = *CreateToken("writer", static_cast<ScopeSet>(Scope::kWrite));
  const std::filesystem::path tokens = directory_.path() / "tokens";
  std::ofstream(tokens) << reader.line << "\n" << writer.line << "\n";
  Start([&tokens](ServerConfig& config) { config.tokens_file = tokens; });
  runtime_->SetReady(kTestService, true);
  const auto get_with = [this](const std::string& token) {
    ChannelOptions options;
    options.target = "127.0.0.1:" + std::to_string(port_);
    options.token = token;
    channel_ = *MakeChannel(options);
    stub_ = v1::IngestService::NewStub(channel_);
    return FromGrpcStatus(Get("a"));
  };
  EXPECT_TRUE(get_with(reader.token).ok());
  EXPECT_EQ(ReasonOf(get_with("")), "TOKEN_MISSING");
  EXPECT_EQ(HealthOf(channel_, kTestService), 1);  // Never asks for one.
  EXPECT_EQ(ReasonOf(get_with("lagebild.reader.x")), "TOKEN_INVALID");
  const absl::Status scope = get_with(writer.token);
  EXPECT_EQ(scope.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(DetailOf(scope).metadata["scope"], "read");
  EXPECT_THAT(runtime_->metrics().Scrape(), HasSubstr("code=\"PERMISSION_DENIED\""));

  // A stream that is open ends at the next record once its token is gone.
  ASSERT_TRUE(get_with(reader.token).ok());
  grpc::ClientContext context;
  v1::ReadDocumentsRequest request;
  request.set_follow(true);
  const auto stream = stub_->ReadDocuments(&context, request);
  v1::ReadDocumentsResponse response;
  ASSERT_TRUE(log_->AppendAndWait(0, "one").ok());
  ASSERT_TRUE(stream->Read(&response));
  std::ofstream(tokens) << writer.line << "\n";
  std::this_thread::sleep_for(1100ms);
  ASSERT_TRUE(log_->AppendAndWait(0, "two").ok());
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(ReasonOf(FromGrpcStatus(stream->Finish())), "TOKEN_INVALID");
}

TEST_F(ServiceRuntimeTest, AClientBeyondItsRateIsToldWhenToComeAgain) {
  Start([](ServerConfig& config) {
    config.client_rate = 2;
    config.client_burst = 3;
  });
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(Get("a").ok());
  }
  const absl::Status status = FromGrpcStatus(Get("a"));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), "RATE_LIMITED");
  EXPECT_GT(RetryDelayOf(status), 0ms);
  std::this_thread::sleep_for(RetryDelayOf(status) + 10ms);
  EXPECT_TRUE(Get("a").ok());
}

TEST_F(ServiceRuntimeTest, APortInUseIsSaidInOneLine) {
  Start();
  for (const bool http : {false, true}) {
    ServerConfig config = runtime_->config();
    (http ? config.http_listen : config.listen) =
        "127.0.0.1:" + std::to_string(http ? runtime_->http_port() : port_);
    const absl::Status status = ServiceRuntime::Create({"second", "", "", ""}, config).status();
    EXPECT_EQ(ReasonOf(status), "ADDRESS_UNUSABLE");
    testing::internal::CaptureStderr();
    EXPECT_EQ(FailStart("second", status), 1);
    const std::string line = testing::internal::GetCapturedStderr();
    EXPECT_THAT(line, HasSubstr(http ? "second: --http-listen: " : "second: --listen: "));
    EXPECT_THAT(line, HasSubstr("is in use"));
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  }
}

TEST(ServerConfigTest, RefusesToBeOpenByAccident) {
  ServerConfig config;
  config.listen = "127.0.0.1:1";
  config.http_listen = "[::1]:2";
  EXPECT_TRUE(ValidateServerConfig(config).ok());
  const auto message = [&config] {
    const absl::Status status = ValidateServerConfig(config);
    EXPECT_EQ(ReasonOf(status), "CONFIG");
    return std::string(status.message());
  };
  config.listen = "0.0.0.0:1";
  EXPECT_THAT(message(), HasSubstr("--listen: \"0.0.0.0:1\" is not loopback"));
  config.insecure = true;
  EXPECT_TRUE(ValidateServerConfig(config).ok());
  config.insecure = false;
  config.tls_cert = "/dev/null";
  EXPECT_THAT(message(), HasSubstr("--tls-key: is missing"));
  config.tls_key = "/dev/null";
  EXPECT_TRUE(ValidateServerConfig(config).ok());
  config.tls_client_ca = "/nowhere/ca.pem";
  EXPECT_THAT(message(), HasSubstr("--tls-client-ca: cannot read \"/nowhere/ca.pem\""));
  config.tls_client_ca.clear();
  config.listen = "127.0.0.1:1";
  config.tokens_file = "/nowhere/tokens";
  EXPECT_THAT(message(), HasSubstr("--tokens-file: cannot read \"/nowhere/tokens\""));
  config.tokens_file.clear();
  config.data_dir = "/var/lib/lagebild";
  for (const char* const inside :
       {"/var/lib/lagebild", "/var/lib/lagebild/backups", "/var/lib/other/../lagebild/backups"}) {
    config.backup_dir = inside;
    EXPECT_THAT(message(), HasSubstr("--backup-dir: lies inside --data-dir")) << inside;
  }
  config.backup_dir = "/var/lib/lagebild-backups";
  EXPECT_TRUE(ValidateServerConfig(config).ok());
  config.client_burst = 5;
  EXPECT_THAT(message(), HasSubstr("--client-burst: wants --client-rate"));
  config.client_rate = -1;
  EXPECT_THAT(message(), HasSubstr("--client-rate: is not from 0"));
  config.client_rate = 1;
  EXPECT_TRUE(ValidateServerConfig(config).ok());
  for (const char* const bad :
       {"unsinn", "127.0.0.1", ":7", "127.0.0.1:x", "127.0.0.1:70000", "a:"}) {
    config.listen = bad;
    EXPECT_THAT(message(), HasSubstr("is not HOST:PORT")) << bad;
  }
}

}  // namespace
}  // namespace lagebild
