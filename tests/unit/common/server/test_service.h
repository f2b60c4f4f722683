#ifndef LAGEBILD_TESTS_UNIT_COMMON_SERVER_TEST_SERVICE_H_
#define LAGEBILD_TESTS_UNIT_COMMON_SERVER_TEST_SERVICE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "common/client/channel.h"
#include "common/server/log_stream.h"
#include "common/server/service_runtime.h"
#include "common/server/unary.h"
#include "lagebild/v1/ingest_service.grpc.pb.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild {

inline constexpr char kTestService[] = "lagebild.v1.IngestService";

/// IngestService as far as the tests of the bootstrap need it: GetDocument runs `get`,
/// ReadDocuments streams a log.
class TestService : public v1::IngestService::WithRawCallbackMethod_ReadDocuments<
                        v1::IngestService::CallbackService> {
 public:
  TestService(ServiceRuntime& runtime, Log& log)
      : runtime_(runtime), documents_(log, [this](const LogRecord& record) {
          ++converted;
          v1::ReadDocumentsResponse response;
          response.mutable_record()->set_position(record.position);
          response.mutable_record()->mutable_document()->set_id(record.payload);
          return EncodeMessage(response);
        }) {}

  std::function<absl::Status(const std::string& id)> get;
  RunOn get_on = RunOn::kWorkers;
  std::atomic<int> converted{0};  ///< Records that were made messages.

  grpc::ServerUnaryReactor* GetDocument(grpc::CallbackServerContext* context,
                                        const v1::IngestServiceGetDocumentRequest* request,
                                        v1::IngestServiceGetDocumentResponse* response) override {
    return HandleUnary(runtime_, context, "GetDocument", get_on, [this, request, response] {
      response->set_position(17);
      return get(request->document_id());
    });
  }
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ReadDocuments(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override {
    return StreamLog<v1::ReadDocumentsRequest>(runtime_, context, "ReadDocuments", documents_,
                                               *request);
  }

 private:
  ServiceRuntime& runtime_;
  LogStreamSource<v1::ReadDocumentsResponse> documents_;
};

/// A running service on free ports of the loopback.
class ServiceFixture : public ::testing::Test {
 protected:
  void Start(const std::function<void(ServerConfig&)>& change = {}) {
    RocksDbLogOptions options;
    options.directory = directory_.path() / "log";
    options.kind = "test log";
    log_ = *RocksDbLog::Open(options);
    ServerConfig config;
    config.listen = "127.0.0.1:0";
    config.http_listen = "127.0.0.1:0";
    config.log_level = "error";
    config.worker_threads = 2;
    config.drain_timeout_ms = 2000;
    if (change) {
      change(config);
    }
    auto runtime = ServiceRuntime::Create({"test_service", "", "", ""}, config);
    ASSERT_TRUE(runtime.ok()) << runtime.status();
    runtime_ = *std::move(runtime);
    service_ = std::make_unique<TestService>(*runtime_, *log_);
    service_->get = [](const std::string&) { return absl::OkStatus(); };
    runtime_->AddService(kTestService, service_.get());
    thread_ = std::thread([this] {
      exit_code_ = runtime_->Run([this] {
        drained_ = true;
        log_->Close();
      });
    });
    port_ = runtime_->WaitForPort();
    ASSERT_GT(port_, 0);
    ChannelOptions channel;
    channel.target = "127.0.0.1:" + std::to_string(port_);
    channel_ = *MakeChannel(channel);
    stub_ = v1::IngestService::NewStub(channel_);
  }
  void Stop() {
    if (thread_.joinable()) {
      runtime_->Shutdown();
      thread_.join();
    }
  }
  void TearDown() override { Stop(); }

  grpc::Status Get(const std::string& id,
                   std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout);
    v1::IngestServiceGetDocumentRequest request;
    request.set_document_id(id);
    v1::IngestServiceGetDocumentResponse response;
    return stub_->GetDocument(&context, request, &response);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<RocksDbLog> log_;
  std::unique_ptr<ServiceRuntime> runtime_;
  std::unique_ptr<TestService> service_;
  std::thread thread_;
  int port_ = 0;
  int exit_code_ = -1;
  bool drained_ = false;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
};

}  // namespace lagebild

#endif  // LAGEBILD_TESTS_UNIT_COMMON_SERVER_TEST_SERVICE_H_
