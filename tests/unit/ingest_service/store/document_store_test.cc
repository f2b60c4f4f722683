#include "ingest_service/store/document_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>

#include "common/log/rocksdb_log.h"
#include "common/status/error.h"
#include "common/time/proto_time.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::ingest {
namespace {

using ::testing::ElementsAre;

class DocumentStoreTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    store_.reset();
    if (log_ != nullptr) log_->Close();
    log_.reset();
    RocksDbLogOptions options;
    options.directory = directory_.path() / "log";
    options.kind = "documents log";
    options.schema_version = kDocumentsSchemaVersion;
    options.indexer = DocumentStore::MakeIndexer();
    auto log = RocksDbLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    auto store = DocumentStore::Create(log_, clock_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // Appends the next version, as the ingester does.
  LogPosition Add(const std::string& id, const std::string& text, const std::string& outlet = "") {
    const VersionInfo before = Newest(id);
    std::promise<LogPosition> position;
    store_->Append(DocumentStore::Encode(Document(id, text, outlet)), before.version + 1,
                   before.outlet,
                   [&](absl::StatusOr<LogPosition> done) { position.set_value(done.value()); });
    return position.get_future().get();
  }

  LogPosition Delete(const std::string& id) {
    std::promise<LogPosition> position;
    store_->AppendDeletion(id, Newest(id), [&](absl::StatusOr<LogPosition> done) {
      position.set_value(done.value());
    });
    return position.get_future().get();
  }

  static PreparedDocument Document(const std::string& id, const std::string& text,
                                   const std::string& outlet) {
    PreparedDocument document;
    document.id = id;
    document.text = text;
    document.metadata.outlet = outlet;
    document.fingerprint = std::string(31, 'f') + text.front();
    return document;
  }

  VersionInfo Newest(const std::string& id) {
    const auto newest = store_->FindNewest(id);
    EXPECT_TRUE(newest.ok());
    return newest->value_or(VersionInfo());
  }

  std::vector<std::string> Ids(const std::string& outlet, const std::string& after, size_t limit) {
    std::vector<std::string> ids;
    const auto listed = store_->List(outlet, after, limit);
    EXPECT_TRUE(listed.ok());
    for (const auto& summary : *listed) ids.push_back(summary.document_id());
    return ids;
  }

  TemporaryDirectory directory_;
  ManualClock clock_{Instant(std::chrono::seconds(2'000'000'000))};
  std::shared_ptr<Log> log_;
  std::unique_ptr<DocumentStore> store_;
};

TEST_F(DocumentStoreTest, KeepsEveryVersion) {
  const LogPosition first = Add("a", "eins");
  const LogPosition second = Add("a", "zwei");
  EXPECT_GT(second, first);
  EXPECT_EQ(store_->Get("a", 1)->document().text(), "eins");
  EXPECT_EQ(store_->Get("a", 0)->document().text(), "zwei");
  EXPECT_EQ(store_->Get("a", 2)->document().version(), 2);
  EXPECT_EQ(store_->Get("a", 2)->position(), second);
  EXPECT_EQ(Newest("a").fingerprint, std::string(31, 'f') + "z");
  EXPECT_EQ(ReasonOf(store_->Get("a", 3).status()), "VERSION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(store_->Get("a", -1).status()), "VERSION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(store_->Get("b", 0).status()), "DOCUMENT_NOT_FOUND");
}

TEST_F(DocumentStoreTest, ADeletionIsAVersionAndHidesTheDocument) {
  Add("a", "eins", "Haffpost");
  Delete("a");
  EXPECT_EQ(ReasonOf(store_->Get("a", 0).status()), "DOCUMENT_DELETED");
  EXPECT_EQ(ReasonOf(store_->Get("a", 2).status()), "DOCUMENT_DELETED");
  EXPECT_EQ(store_->Get("a", 1)->document().text(), "eins");
  EXPECT_THAT(Ids("", "", 10), ElementsAre());
  EXPECT_THAT(Ids("Haffpost", "", 10), ElementsAre());
  EXPECT_TRUE(Newest("a").deleted);
  Add("a", "wieder da", "Haffpost");
  EXPECT_EQ(Newest("a").version, 3);
  EXPECT_THAT(Ids("Haffpost", "", 10), ElementsAre("a"));
}

TEST_F(DocumentStoreTest, ListsInTheOrderOfIds) {
  for (const char* const id : {"c", "a", "ab", "b"}) Add(id, "x", id[0] == 'a' ? "A-Blatt" : "B");
  EXPECT_THAT(Ids("", "", 10), ElementsAre("a", "ab", "b", "c"));
  EXPECT_THAT(Ids("", "a", 2), ElementsAre("ab", "b"));
  EXPECT_THAT(Ids("A-Blatt", "", 10), ElementsAre("a", "ab"));
  EXPECT_THAT(Ids("A-Blatt", "a", 10), ElementsAre("ab"));
  EXPECT_THAT(Ids("A", "", 10), ElementsAre());
  Add("a", "y", "B");
  EXPECT_THAT(Ids("A-Blatt", "", 10), ElementsAre("ab"));
  EXPECT_THAT(Ids("B", "", 10), ElementsAre("a", "b", "c"));
  const auto listed = store_->List("", "", 1);
  EXPECT_EQ((*listed)[0].version(), 2);
  EXPECT_EQ((*listed)[0].text_size_bytes(), 1);
  EXPECT_EQ((*listed)[0].metadata().outlet(), "B");
}

TEST_F(DocumentStoreTest, Counts) {
  Add("a", "eins");
  Add("a", "zwei");
  Add("b", "drei");
  Delete("b");
  EXPECT_EQ(store_->Counts()->documents, 1);
  EXPECT_EQ(store_->Counts()->versions, 4);
}

TEST_F(DocumentStoreTest, RecordingTimeNeverRunsBackwardsNotEvenOverARestart) {
  Add("a", "eins");
  const Instant first = FromProto(store_->Get("a", 0)->recorded_at());
  EXPECT_EQ(first, clock_.Now());
  clock_.Advance(-std::chrono::hours(5));
  Open();
  Add("a", "zwei");
  EXPECT_GE(FromProto(store_->Get("a", 0)->recorded_at()), first);
  EXPECT_EQ(store_->Get("a", 1)->document().text(), "eins");
  EXPECT_EQ(Newest("a").version, 2);
}

TEST_F(DocumentStoreTest, RefusesRecordsItCannotRead) {
  v1::DocumentRecord decoded;
  EXPECT_EQ(ReasonOf(DocumentStore::DecodeRecord({7, "kein Satz"}, &decoded)), "CORRUPT_RECORD");
  std::string cut = DocumentStore::Encode(Document("a", "eins", ""));
  cut.resize(cut.size() - 1);
  EXPECT_EQ(ReasonOf(DocumentStore::DecodeRecord({7, cut}, &decoded)), "CORRUPT_RECORD");
}

}  // namespace
}  // namespace lagebild::ingest
