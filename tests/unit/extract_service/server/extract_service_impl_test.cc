#include "extract_service/server/extract_service_impl.h"

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "common/client/channel.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"
#include "extract_service/source/document_source.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::extract {
namespace {

constexpr char kText[] = "Der Minister sagte am Montag: „Wir prüfen das.“";

class ExtractServiceImplTest : public ::testing::Test {
 protected:
  void SetUp() override {
    static const auto pipeline = Pipeline::Create(Lexicon::DefaultPath());
    ASSERT_TRUE(pipeline.ok()) << pipeline.status();
    store_ = *ExtractionStore::Open(directory_.path(), (*pipeline)->version());
    ServerConfig config;
    config.listen = config.http_listen = "127.0.0.1:0";
    config.log_level = "error";
    config.max_text_bytes = 1000;
    runtime_ = *ServiceRuntime::Create({"extract_service", "", "", ""}, config);
    ChannelOptions nobody;
    nobody.target = "127.0.0.1:1";
    source_ = std::make_unique<DocumentSource>(
        nobody.target, *MakeChannel(nobody),
        [](const v1::DocumentRecord&) { return absl::OkStatus(); });
    service_ =
        std::make_unique<ExtractServiceImpl>(*runtime_, **pipeline, *store_, source_->follower());
    runtime_->AddService(kExtractServiceName, service_.get());
    thread_ = std::thread([this] { runtime_->Run(); });
    ChannelOptions options;
    options.target = "127.0.0.1:" + std::to_string(runtime_->WaitForPort());
    stub_ = v1::ExtractService::NewStub(*MakeChannel(options));
  }
  void TearDown() override {
    runtime_->Shutdown();
    thread_.join();
  }

  absl::StatusOr<v1::Extraction> Analyze(const v1::AnalyzeDocumentRequest& request) {
    grpc::ClientContext context;
    v1::AnalyzeDocumentResponse response;
    const absl::Status status =
        FromGrpcStatus(stub_->AnalyzeDocument(&context, request, &response));
    if (!status.ok()) {
      return status;
    }
    return response.extraction();
  }
  absl::StatusOr<v1::GetExtractionResponse> Get(const std::string& id) {
    grpc::ClientContext context;
    v1::GetExtractionRequest request;
    request.set_document_id(id);
    v1::GetExtractionResponse response;
    const absl::Status status = FromGrpcStatus(stub_->GetExtraction(&context, request, &response));
    if (!status.ok()) {
      return status;
    }
    return response;
  }
  void Commit(LogPosition position, const std::function<void(v1::ExtractionRecord&)>& fill) {
    v1::ExtractionRecord record;
    record.set_document_position(position);
    record.set_generation(store_->generation());
    record.set_extractor_version(store_->extractor_version());
    record.mutable_document()->set_id("d1");
    fill(record);
    ASSERT_TRUE(store_->Commit({record.SerializeAsString()}, position).ok());
  }

  TemporaryDirectory directory_;
  std::unique_ptr<ExtractionStore> store_;
  std::unique_ptr<ServiceRuntime> runtime_;
  std::unique_ptr<DocumentSource> source_;
  std::unique_ptr<ExtractServiceImpl> service_;
  std::thread thread_;
  std::unique_ptr<v1::ExtractService::Stub> stub_;
};

TEST_F(ExtractServiceImplTest, AnalyzesWithoutUpstreamAndStoresNothing) {
  v1::AnalyzeDocumentRequest request;
  request.set_text(kText);
  request.set_document_id("mine");
  request.mutable_metadata()->set_published("2031-03-18");
  const auto extraction = Analyze(request);
  ASSERT_TRUE(extraction.ok()) << extraction.status();
  EXPECT_EQ(extraction->document_id(), "mine");
  EXPECT_EQ(extraction->extractor_version(), store_->extractor_version());
  ASSERT_GT(extraction->sentences_size(), 0);
  EXPECT_FALSE(extraction->sentences(0).span().text().empty());
  EXPECT_EQ(*store_->log().Head(0), 0);
}

TEST_F(ExtractServiceImplTest, RefusesBadTexts) {
  const auto reason = [this](const std::string& text, const std::string& published = "") {
    v1::AnalyzeDocumentRequest request;
    request.set_text(text);
    request.mutable_metadata()->set_published(published);
    const absl::Status status = Analyze(request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return DetailOf(status).reason + " " + DetailOf(status).field;
  };
  EXPECT_EQ(reason(""), "EMPTY_TEXT text");
  EXPECT_EQ(reason(" \n\t"), "EMPTY_TEXT text");
  EXPECT_EQ(reason(std::string("ab\0c", 4)), "NUL_BYTE text");
  EXPECT_EQ(reason(std::string(1001, 'a')), "TOO_LARGE text");
  EXPECT_EQ(reason("Text.", "gestern"), "INVALID_DATE metadata.published");
}

TEST_F(ExtractServiceImplTest, GivesTheNewestExtractionOrSaysWhyThereIsNone) {
  EXPECT_EQ(ReasonOf(Get("").status()), "INVALID_ID");
  EXPECT_EQ(ReasonOf(Get("d1").status()), "DOCUMENT_NOT_FOUND");
  Commit(3, [](v1::ExtractionRecord& record) {
    record.mutable_document()->set_text(kText);
    v1::Span& span = *record.mutable_extraction()->add_sentences()->mutable_span();
    span.set_begin(4);
    span.set_end(12);
  });
  const auto found = Get("d1");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->position(), 1);
  EXPECT_EQ(found->document_position(), 3);
  EXPECT_EQ(found->generation(), 1);
  EXPECT_EQ(found->extraction().sentences(0).span().text(), "Minister");
  Commit(4, [](v1::ExtractionRecord& record) {
    record.mutable_failure()->set_reason("ANALYSIS_TIMED_OUT");
  });
  EXPECT_EQ(Get("d1").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DetailOf(Get("d1").status()).metadata.at("failure"), "ANALYSIS_TIMED_OUT");
  Commit(5, [](v1::ExtractionRecord& record) { record.mutable_deletion()->set_document_id("d1"); });
  EXPECT_EQ(ReasonOf(Get("d1").status()), "DOCUMENT_DELETED");

  grpc::ClientContext context;
  const auto reader = stub_->ReadExtractions(&context, v1::ReadExtractionsRequest());
  v1::ReadExtractionsResponse response;
  for (LogPosition position = 1; position <= 3; ++position) {
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_EQ(response.record().position(), position);
    EXPECT_EQ(response.head_position(), 3);
  }
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(ExtractServiceImplTest, SaysWhereItStands) {
  Commit(3, [](v1::ExtractionRecord& record) { record.mutable_extraction(); });
  source_->follower().Advance(3);
  grpc::ClientContext context;
  v1::ExtractServiceGetStatusResponse response;
  ASSERT_TRUE(stub_->GetStatus(&context, v1::ExtractServiceGetStatusRequest(), &response).ok());
  const v1::ServiceStatus& status = response.status();
  EXPECT_EQ(status.service(), "extract_service");
  EXPECT_EQ(status.generation(), 1);
  EXPECT_EQ(status.extractor_version(), store_->extractor_version());
  ASSERT_EQ(status.logs_size(), 1);
  EXPECT_EQ(status.logs(0).head_position(), 1);
  EXPECT_EQ(status.logs(0).input_position(), 3);
  EXPECT_FALSE(status.logs(0).upstream_connected());
  ASSERT_EQ(status.counts_size(), 2);
  EXPECT_EQ(status.counts(0).name(), "documents");
  EXPECT_EQ(status.counts(0).value(), 1);
}

}  // namespace
}  // namespace lagebild::extract
