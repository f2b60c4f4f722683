#include "extract_service/store/extraction_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/error.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::extract {
namespace {

class ExtractionStoreTest : public ::testing::Test {
 protected:
  void Open(std::string_view version) {
    store_.reset();
    absl::StatusOr<std::unique_ptr<ExtractionStore>> store =
        ExtractionStore::Open(directory_.path(), version);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  v1::ExtractionRecord Record(const std::string& id, LogPosition document_position) {
    v1::ExtractionRecord record;
    record.set_generation(store_->generation());
    record.set_extractor_version(store_->extractor_version());
    record.set_document_position(document_position);
    record.mutable_document()->set_id(id);
    record.mutable_document()->set_text("Text von " + id);
    return record;
  }
  void Extracted(const std::string& id, LogPosition position) {
    v1::ExtractionRecord record = Record(id, position);
    record.mutable_extraction()->set_document_id(id);
    ASSERT_TRUE(store_->Commit({record.SerializeAsString()}, position).ok());
  }
  void Failed(const std::string& id, LogPosition position) {
    v1::ExtractionRecord record = Record(id, position);
    record.mutable_failure()->set_reason("ANALYSIS_TIMED_OUT");
    ASSERT_TRUE(store_->Commit({record.SerializeAsString()}, position).ok());
  }
  void Deleted(const std::string& id, LogPosition position) {
    v1::ExtractionRecord record = Record(id, position);
    record.mutable_deletion()->set_document_id(id);
    ASSERT_TRUE(store_->Commit({record.SerializeAsString()}, position).ok());
  }

  TemporaryDirectory directory_;
  std::unique_ptr<ExtractionStore> store_;
};

TEST_F(ExtractionStoreTest, FindsTheNewestRecordAndCounts) {
  Open("1");
  EXPECT_EQ(store_->generation(), 1);
  EXPECT_EQ(ReasonOf(store_->FindNewest("a").status()), "DOCUMENT_NOT_FOUND");
  Extracted("a", 1);
  Extracted("b", 2);
  Failed("c", 3);
  Extracted("a", 4);
  EXPECT_EQ(store_->FindNewest("a")->position(), 4);
  EXPECT_EQ(store_->FindNewest("a")->document_position(), 4);
  EXPECT_TRUE(store_->FindNewest("c")->has_failure());
  EXPECT_EQ(store_->DocumentCount(), 3);
  EXPECT_EQ(store_->FailureCount(), 1);
  Deleted("b", 5);
  Extracted("c", 6);
  Open("1");
  EXPECT_EQ(store_->generation(), 1);
  EXPECT_EQ(*store_->InputPosition(), 6);
  EXPECT_TRUE(store_->FindNewest("b")->has_deletion());
  EXPECT_EQ(store_->DocumentCount(), 2);
  EXPECT_EQ(store_->FailureCount(), 0);
}

TEST_F(ExtractionStoreTest, ANewVersionBeginsAGenerationFromTheBeginning) {
  Open("1");
  Extracted("a", 1);
  Extracted("b", 2);
  Extracted("a", 3);
  Open("2");
  EXPECT_EQ(store_->generation(), 2);
  EXPECT_EQ(*store_->InputPosition(), 0);
  EXPECT_EQ(store_->DocumentCount(), 0);
  // Until it has come as far, the older generation answers.
  EXPECT_EQ(store_->FindNewest("a")->generation(), 1);
  Extracted("a", 1);
  EXPECT_EQ(store_->FindNewest("a")->generation(), 1);
  Extracted("b", 2);
  EXPECT_EQ(store_->FindNewest("b")->generation(), 2);
  Open("2");
  EXPECT_EQ(store_->generation(), 2);
  EXPECT_EQ(*store_->InputPosition(), 2);
  Extracted("a", 3);
  EXPECT_EQ(store_->FindNewest("a")->generation(), 2);
  EXPECT_EQ(store_->DocumentCount(), 2);

  Open("3");
  EXPECT_EQ(store_->generation(), 3);
  // Entries of generation 1 are still there under the same keys, and do not count.
  EXPECT_EQ(store_->FindNewest("a")->generation(), 2);
}

}  // namespace
}  // namespace lagebild::extract
