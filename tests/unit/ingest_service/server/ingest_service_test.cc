#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/log/rocksdb_log.h"
#include "common/status/error.h"
#include "common/status/grpc_status.h"
#include "ingest_service/server/service.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::ingest {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kLimit = 4096;

// The service as its binary runs it, on a port of its own.
class IngestServiceTest : public testing::Test {
 protected:
  void SetUp() override { Start(); }
  void TearDown() override { Stop(); }

  void Start() {
    ServerConfig config;
    config.listen = "127.0.0.1:0";
    config.http_listen = "127.0.0.1:0";
    config.data_dir = directory_.path() / "data";
    config.max_text_bytes = kLimit;
    config.stream_window = 4;
    config.log_level = "error";
    runtime_ = ServiceRuntime::Create({"ingest_service", "", "", ""}, config).value();
    RocksDbLogOptions options;
    options.directory = config.data_dir;
    options.kind = "documents log";
    options.schema_version = kDocumentsSchemaVersion;
    options.indexer = DocumentStore::MakeIndexer();
    log_ = RocksDbLog::Open(options).value();
    store_ = DocumentStore::Create(log_, Clock::System()).value();
    service_ = std::make_unique<IngestServiceImpl>(*runtime_, *store_);
    runtime_->AddService(kIngestServiceName, service_.get());
    runtime_->SetReady(kIngestServiceName, true);
    server_ = std::thread([this] { exit_code_ = runtime_->Run([this] { log_->Close(); }); });
    const int port = runtime_->WaitForPort();
    ASSERT_NE(port, 0);
    stub_ = v1::IngestService::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                           grpc::InsecureChannelCredentials()));
  }

  void Stop() {
    if (!server_.joinable()) return;
    runtime_->Shutdown();
    server_.join();
    EXPECT_EQ(exit_code_, 0);
    stub_.reset();
    service_.reset();
    store_.reset();
    log_.reset();
    runtime_.reset();
  }

  static v1::IngestDocumentRequest Text(const std::string& id, const std::string& text) {
    v1::IngestDocumentRequest request;
    request.set_document_id(id);
    request.set_text(text);
    return request;
  }

  absl::StatusOr<v1::IngestDocumentResponse> Ingest(const v1::IngestDocumentRequest& request) {
    grpc::ClientContext context;
    v1::IngestDocumentResponse response;
    const grpc::Status status = stub_->IngestDocument(&context, request, &response);
    if (!status.ok()) return FromGrpcStatus(status);
    return response;
  }

  absl::StatusOr<v1::IngestServiceGetDocumentResponse> Get(const std::string& id, int64_t version) {
    grpc::ClientContext context;
    v1::IngestServiceGetDocumentRequest request;
    request.set_document_id(id);
    request.set_version(version);
    v1::IngestServiceGetDocumentResponse response;
    const grpc::Status status = stub_->GetDocument(&context, request, &response);
    if (!status.ok()) return FromGrpcStatus(status);
    return response;
  }

  absl::StatusOr<v1::DeleteDocumentResponse> Delete(const std::string& id) {
    grpc::ClientContext context;
    v1::DeleteDocumentRequest request;
    request.set_document_id(id);
    v1::DeleteDocumentResponse response;
    const grpc::Status status = stub_->DeleteDocument(&context, request, &response);
    if (!status.ok()) return FromGrpcStatus(status);
    return response;
  }

  absl::StatusOr<v1::ListDocumentsResponse> List(const v1::ListDocumentsRequest& request) {
    grpc::ClientContext context;
    v1::ListDocumentsResponse response;
    const grpc::Status status = stub_->ListDocuments(&context, request, &response);
    if (!status.ok()) return FromGrpcStatus(status);
    return response;
  }

  TemporaryDirectory directory_;
  std::unique_ptr<ServiceRuntime> runtime_;
  std::shared_ptr<RocksDbLog> log_;
  std::unique_ptr<DocumentStore> store_;
  std::unique_ptr<IngestServiceImpl> service_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  std::thread server_;
  int exit_code_ = -1;
};

TEST_F(IngestServiceTest, IsIdempotentAndCountsVersions) {
  const auto first = Ingest(Text("a", "Das Tor klemmt."));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->version(), 1);
  EXPECT_TRUE(first->created());
  const auto again = Ingest(Text("a", "Das Tor klemmt."));
  EXPECT_EQ(again->position(), first->position());
  EXPECT_EQ(again->version(), 1);
  EXPECT_FALSE(again->created());
  const auto changed = Ingest(Text("a", "Das Tor klemmt nicht mehr."));
  EXPECT_EQ(changed->version(), 2);
  EXPECT_GT(changed->position(), first->position());
  // Only the newest version counts: what was said before may be said anew.
  EXPECT_EQ(Ingest(Text("a", "Das Tor klemmt."))->version(), 3);
  v1::IngestDocumentRequest titled = Text("a", "Das Tor klemmt.");
  titled.mutable_metadata()->set_title("Tor");
  EXPECT_EQ(Ingest(titled)->version(), 4);
}

TEST_F(IngestServiceTest, KeepsVersionsOverARestart) {
  const auto first = Ingest(Text("a", "Das Tor klemmt."));
  Stop();
  Start();
  EXPECT_EQ(Ingest(Text("a", "Das Tor klemmt."))->position(), first->position());
  EXPECT_EQ(Ingest(Text("a", "Das Tor ist frei."))->version(), 2);
}

TEST_F(IngestServiceTest, RefusesBadDocumentsWithReasonAndField) {
  struct Bad {
    v1::IngestDocumentRequest request;
    std::string reason;
    std::string field;
  };
  std::vector<Bad> all;
  const auto add = [&](const std::string& reason, const std::string& field) -> auto& {
    all.push_back({Text("a", "Das Tor klemmt."), reason, field});
    return all.back().request;
  };
  add("EMPTY_TEXT", "text").clear_text();
  add("EMPTY_TEXT", "text").set_text(" \n");
  add("EMPTY_TEXT", "raw").set_raw("");
  add("INVALID_UTF8", "raw").set_raw("gut \xff");
  add("NUL_BYTE", "text").set_text(std::string("a\0b", 3));
  add("TOO_LARGE", "text").set_text(std::string(kLimit + 1, 'x'));
  add("INVALID_ID", "document_id").set_document_id("a/b");
  add("INVALID_ID", "document_id").set_document_id(std::string(257, 'x'));
  add("INVALID_URL", "metadata.url").mutable_metadata()->set_url("file:///etc/hosts");
  add("INVALID_DATE", "metadata.published").mutable_metadata()->set_published("21. Oktober");
  for (const Bad& bad : all) {
    const absl::Status status = Ingest(bad.request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(DetailOf(status).reason, bad.reason);
    EXPECT_EQ(DetailOf(status).field, bad.field);
  }
  v1::IngestDocumentRequest raw;
  raw.set_raw("gut \xff");
  EXPECT_EQ(DetailOf(Ingest(raw).status()).metadata.at("byte_offset"), "4");
}

TEST_F(IngestServiceTest, KeepsThePageBesideItsText) {
  v1::IngestDocumentRequest request;
  request.set_document_id("seite");
  request.set_raw("<html><h1>Tor klemmt</h1><p>Das Tor klemmt seit Montag.</p></html>");
  ASSERT_TRUE(Ingest(request).ok());
  const auto got = Get("seite", 0);
  ASSERT_TRUE(got.ok());
  const v1::Document& document = got->document();
  EXPECT_EQ(document.text(), "Tor klemmt\n\nDas Tor klemmt seit Montag.");
  EXPECT_EQ(document.raw(), request.raw());
  EXPECT_EQ(document.format(), v1::CONTENT_FORMAT_HTML);
  EXPECT_EQ(document.metadata().title(), "Tor klemmt");
  ASSERT_EQ(document.marked_regions_size(), 1);
  EXPECT_EQ(document.marked_regions(0).kind(), v1::REGION_KIND_TITLE);
  EXPECT_EQ(document.marked_regions(0).span().end(), 10);
  EXPECT_EQ(document.version(), 1);
  EXPECT_GT(got->position(), 0);
  EXPECT_GT(got->recorded_at().seconds(), 0);
}

TEST_F(IngestServiceTest, DeletesAndTakesBackIn) {
  const auto first = Ingest(Text("a", "Das Tor klemmt."));
  const auto deleted = Delete("a");
  ASSERT_TRUE(deleted.ok());
  EXPECT_GT(deleted->position(), first->position());
  EXPECT_EQ(ReasonOf(Get("a", 0).status()), "DOCUMENT_DELETED");
  EXPECT_EQ(Get("a", 1)->document().text(), "Das Tor klemmt.");
  EXPECT_EQ(ReasonOf(Delete("a").status()), "DOCUMENT_DELETED");
  EXPECT_EQ(ReasonOf(Delete("b").status()), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(Delete("b").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(Delete("").status()), "INVALID_ID");
  // After a deletion the same bytes are a new version.
  const auto again = Ingest(Text("a", "Das Tor klemmt."));
  EXPECT_TRUE(again->created());
  EXPECT_EQ(again->version(), 3);
}

TEST_F(IngestServiceTest, AnswersForUnknownDocuments) {
  EXPECT_EQ(ReasonOf(Get("fehlt", 0).status()), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Get("", 0).status()), "INVALID_ID");
  ASSERT_TRUE(Ingest(Text("a", "Tor")).ok());
  EXPECT_EQ(ReasonOf(Get("a", 9).status()), "VERSION_NOT_FOUND");
}

TEST_F(IngestServiceTest, ListsInPages) {
  for (int i = 0; i < 7; ++i) {
    v1::IngestDocumentRequest request = Text("d" + std::to_string(i), "Tor");
    request.mutable_metadata()->set_outlet(i % 2 == 0 ? "Haffpost" : "Wattenkurier");
    ASSERT_TRUE(Ingest(request).ok());
  }
  ASSERT_TRUE(Delete("d3").ok());
  v1::ListDocumentsRequest request;
  request.set_page_size(2);
  std::vector<std::string> ids;
  do {
    const auto page = List(request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->documents_size(), 2);
    for (const auto& document : page->documents()) ids.push_back(document.document_id());
    request.set_page_token(page->next_page_token());
    // What is written meanwhile neither repeats nor hides what was there.
    ASSERT_TRUE(Ingest(Text("c" + std::to_string(ids.size()), "Tor")).ok());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, ElementsAre("d0", "d1", "d2", "d4", "d5", "d6"));

  v1::ListDocumentsRequest outlet;
  outlet.set_outlet("Wattenkurier");
  const auto page = List(outlet);
  ASSERT_EQ(page->documents_size(), 2);
  EXPECT_EQ(page->documents(0).document_id(), "d1");
  EXPECT_EQ(page->next_page_token(), "");

  request.set_page_size(-1);
  request.clear_page_token();
  EXPECT_EQ(ReasonOf(List(request).status()), "INVALID_PAGE_SIZE");
  request.set_page_size(2);
  request.set_page_token("Unfug");
  EXPECT_EQ(ReasonOf(List(request).status()), "INVALID_PAGE_TOKEN");
  request.clear_page_token();
  outlet.set_page_token(List(request)->next_page_token());
  EXPECT_EQ(ReasonOf(List(outlet).status()), "INVALID_PAGE_TOKEN") << "of another request";
}

TEST_F(IngestServiceTest, AStreamAnswersInOrderAndGoesOnBehindBadDocuments) {
  constexpr int kDocuments = 500;
  grpc::ClientContext context;
  const auto stream = stub_->IngestDocuments(&context);
  std::thread writer([&] {
    for (int i = 0; i < kDocuments; ++i) {
      v1::IngestDocumentsRequest request;
      // Sizes differ, so that work would overtake if it could.
      *request.mutable_document() =
          Text("d" + std::to_string(i), i % 10 == 3 ? "" : std::string(1 + (i * 37) % 4000, 'x'));
      ASSERT_TRUE(stream->Write(request));
    }
    stream->WritesDone();
  });
  v1::IngestDocumentsResponse response;
  int answers = 0;
  while (stream->Read(&response)) {
    ASSERT_EQ(response.index(), answers);
    if (answers % 10 == 3) {
      EXPECT_EQ(response.error().reason(), "EMPTY_TEXT");
      EXPECT_EQ(response.error().field(), "text");
      EXPECT_EQ(response.error().code(), 3);
    } else {
      EXPECT_EQ(response.stored().document_id(), "d" + std::to_string(answers));
      EXPECT_TRUE(response.stored().created());
    }
    ++answers;
  }
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answers, kDocuments);
}

TEST_F(IngestServiceTest, AnOpenStreamEndsWithUnavailableWhenTheServiceStops) {
  grpc::ClientContext context;
  const auto stream = stub_->IngestDocuments(&context);
  v1::IngestDocumentsRequest request;
  *request.mutable_document() = Text("a", "Das Tor klemmt.");
  ASSERT_TRUE(stream->Write(request));
  v1::IngestDocumentsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_TRUE(response.has_stored());
  runtime_->Shutdown();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(IngestServiceTest, ACancelledStreamHoldsNothingUp) {
  for (int round = 0; round < 20; ++round) {
    grpc::ClientContext context;
    const auto stream = stub_->IngestDocuments(&context);
    for (int i = 0; i < round; ++i) {
      v1::IngestDocumentsRequest request;
      *request.mutable_document() = Text("d", "Fassung " + std::to_string(round * 100 + i));
      stream->Write(request);
    }
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_TRUE(Ingest(Text("a", "Das Tor klemmt.")).ok());
}

TEST_F(IngestServiceTest, ConcurrentRequestsForOneIdTakeEffectOneAfterTheOther) {
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::set<int64_t> versions;
  std::atomic<int> created{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const auto stored = Ingest(Text("a", std::to_string(t) + "." + std::to_string(i)));
        ASSERT_TRUE(stored.ok()) << stored.status();
        const std::lock_guard lock(mutex);
        if (stored->created()) ++created;
        versions.insert(stored->version());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, kThreads * kEach);
  EXPECT_EQ(versions.size(), static_cast<size_t>(kThreads * kEach));
  EXPECT_EQ(*versions.rbegin(), kThreads * kEach);
}

TEST_F(IngestServiceTest, HandsTheLogOutAndFollows) {
  ASSERT_TRUE(Ingest(Text("a", "eins")).ok());
  ASSERT_TRUE(Ingest(Text("b", "zwei")).ok());
  ASSERT_TRUE(Delete("a").ok());
  v1::ReadDocumentsRequest request;
  std::vector<v1::ReadDocumentsResponse> records;
  {
    grpc::ClientContext context;
    const auto stream = stub_->ReadDocuments(&context, request);
    v1::ReadDocumentsResponse response;
    while (stream->Read(&response)) records.push_back(response);
    EXPECT_TRUE(stream->Finish().ok());
  }
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].record().document().text(), "eins");
  EXPECT_EQ(records[0].record().document().version(), 1);
  EXPECT_EQ(records[2].record().deletion().document_id(), "a");
  EXPECT_EQ(records[2].record().deletion().version(), 2);
  EXPECT_EQ(records[2].head_position(), records[2].record().position());
  EXPECT_LT(records[0].record().position(), records[1].record().position());

  request.set_after_position(records[1].record().position());
  request.set_follow(true);
  grpc::ClientContext context;
  const auto stream = stub_->ReadDocuments(&context, request);
  v1::ReadDocumentsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_TRUE(response.record().has_deletion());
  const auto next = Ingest(Text("c", "drei"));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.record().position(), next->position());
  EXPECT_EQ(response.record().document().text(), "drei");
  runtime_->Shutdown();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(IngestServiceTest, RefusesToReadWhatIsNotThere) {
  const auto reason = [this](int32_t partition, int64_t after) {
    v1::ReadDocumentsRequest request;
    request.set_partition(partition);
    request.set_after_position(after);
    grpc::ClientContext context;
    const auto stream = stub_->ReadDocuments(&context, request);
    v1::ReadDocumentsResponse response;
    EXPECT_FALSE(stream->Read(&response));
    return ReasonOf(FromGrpcStatus(stream->Finish()));
  };
  EXPECT_EQ(reason(1, 0), "UNKNOWN_PARTITION");
  EXPECT_EQ(reason(0, -1), "POSITION_OUT_OF_RANGE");
  EXPECT_EQ(reason(0, 1), "POSITION_OUT_OF_RANGE");
}

TEST_F(IngestServiceTest, SaysHowItStands) {
  ASSERT_TRUE(Ingest(Text("a", "eins")).ok());
  const auto second = Ingest(Text("a", "zwei"));
  grpc::ClientContext context;
  v1::IngestServiceGetStatusResponse response;
  ASSERT_TRUE(stub_->GetStatus(&context, {}, &response).ok());
  const v1::ServiceStatus& status = response.status();
  EXPECT_EQ(status.service(), "ingest_service");
  EXPECT_FALSE(status.version().empty());
  ASSERT_EQ(status.logs_size(), 1);
  EXPECT_EQ(status.logs(0).head_position(), second->position());
  ASSERT_EQ(status.counts_size(), 2);
  EXPECT_EQ(status.counts(0).name(), "documents");
  EXPECT_EQ(status.counts(0).value(), 1);
  EXPECT_EQ(status.counts(1).name(), "versions");
  EXPECT_EQ(status.counts(1).value(), 2);
}

}  // namespace
}  // namespace lagebild::ingest
