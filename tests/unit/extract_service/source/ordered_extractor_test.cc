#include "extract_service/source/ordered_extractor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "common/status/error.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::extract {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

v1::DocumentRecord DocumentAt(LogPosition position, const std::string& text) {
  v1::DocumentRecord record;
  record.set_position(position);
  record.mutable_recorded_at()->set_seconds(position);
  record.mutable_document()->set_id("d" + std::to_string(position));
  record.mutable_document()->set_text(text);
  record.mutable_document()->set_raw("<p>");
  return record;
}

class OrderedExtractorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = *ExtractionStore::Open(directory_.path() / "log", "v1");
    OpenAttempts();
  }
  void OpenAttempts() {
    attempts_.reset();
    attempts_ = *AttemptTable::Open(directory_.path() / "attempts", 1, 0);
  }

  std::unique_ptr<OrderedExtractor> Make(OrderedExtractor::Analyze analyze) {
    return std::make_unique<OrderedExtractor>(
        limits_, std::move(analyze), *store_, attempts_,
        OrderedExtractor::Callbacks{
            [this](LogPosition position) { committed_ = position; },
            [this](const ExtractedDocument& document) { failed_ += document.failed ? 1 : 0; },
            nullptr});
  }
  bool WaitFor(LogPosition position) {
    for (int i = 0; i < 2000 && committed_ < position; ++i) {
      std::this_thread::sleep_for(5ms);
    }
    return committed_ >= position;
  }
  std::vector<v1::ExtractionRecord> Records() {
    std::vector<v1::ExtractionRecord> records;
    const auto reader = *store_->log().ReadAfter(0, 0);
    while (true) {
      auto record = *reader->Next();
      if (!record.has_value()) {
        return records;
      }
      records.push_back(*ExtractionStore::Parse(*record));
    }
  }

  TemporaryDirectory directory_;
  ExtractorLimits limits_{4, 64, size_t{1} << 20, 60s};
  std::unique_ptr<ExtractionStore> store_;
  std::shared_ptr<AttemptTable> attempts_;
  std::atomic<LogPosition> committed_{0};
  std::atomic<int> failed_{0};
};

TEST_F(OrderedExtractorTest, CommitsInLogOrderWhateverTakesLong) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  auto extractor = Make([&](const v1::Document& document, v1::Extraction& extraction) {
    most = std::max<int>(most, ++running);
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::hash<std::string>()(document.id()) % 5000));
    extraction.set_document_id(document.id());
    --running;
  });
  constexpr LogPosition kCount = 300;
  for (LogPosition i = 1; i <= kCount; ++i) {
    ASSERT_TRUE(extractor->Submit(DocumentAt(2 * i, "Text")).ok());  // Gaps are allowed.
  }
  ASSERT_TRUE(WaitFor(2 * kCount));
  EXPECT_EQ(extractor->Stop(5s), 0u);
  EXPECT_GT(most, 1);
  const auto records = Records();
  ASSERT_EQ(records.size(), static_cast<size_t>(kCount));
  for (LogPosition i = 1; i <= kCount; ++i) {
    const v1::ExtractionRecord& record = records[static_cast<size_t>(i - 1)];
    EXPECT_EQ(record.document_position(), 2 * i);
    EXPECT_EQ(record.recorded_at().seconds(), 2 * i);
    EXPECT_EQ(record.extraction().document_id(), record.document().id());
    EXPECT_EQ(record.document().text(), "Text");
    EXPECT_TRUE(record.document().raw().empty());
    EXPECT_EQ(record.generation(), 1);
    EXPECT_EQ(record.extractor_version(), "v1");
  }
  EXPECT_EQ(*store_->InputPosition(), 2 * kCount);
}

TEST_F(OrderedExtractorTest, ExceptionsAndDeletionsBecomeRecords) {
  auto extractor = Make([](const v1::Document& document, v1::Extraction&) {
    if (document.text() == "throw") {
      throw std::runtime_error("kaputt");
    }
  });
  ASSERT_TRUE(extractor->Submit(DocumentAt(1, "throw")).ok());
  v1::DocumentRecord deletion;
  deletion.set_position(2);
  deletion.mutable_deletion()->set_document_id("d1");
  deletion.mutable_deletion()->set_version(2);
  ASSERT_TRUE(extractor->Submit(deletion).ok());
  ASSERT_TRUE(extractor->Submit(DocumentAt(3, "ok")).ok());
  ASSERT_TRUE(WaitFor(3));
  const auto records = Records();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].failure().reason(), "ANALYSIS_CRASHED");
  EXPECT_EQ(records[0].failure().document_id(), "d1");
  EXPECT_EQ(records[0].document().text(), "throw");
  EXPECT_EQ(records[1].deletion().document_id(), "d1");
  EXPECT_EQ(records[1].document().id(), "d1");
  EXPECT_EQ(records[1].document().version(), 2);
  EXPECT_TRUE(records[2].has_extraction());
  EXPECT_EQ(failed_, 1);
}

TEST_F(OrderedExtractorTest, ABudgetExceededIsAFailureAndTheLogGoesOn) {
  limits_.threads = 2;
  limits_.budget = 100ms;
  std::atomic<bool> release{false};
  auto extractor = Make([&release](const v1::Document& document, v1::Extraction&) {
    while (document.text() == "hang" && !release) {
      std::this_thread::sleep_for(1ms);
    }
  });
  // More hanging documents than threads: each is given up, and its thread replaced.
  for (LogPosition position = 1; position <= 6; ++position) {
    ASSERT_TRUE(extractor->Submit(DocumentAt(position, position < 5 ? "hang" : "ok")).ok());
  }
  ASSERT_TRUE(WaitFor(6));
  const auto records = Records();
  ASSERT_EQ(records.size(), 6u);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(records[i].failure().reason(), "ANALYSIS_TIMED_OUT");
  }
  EXPECT_TRUE(records[4].has_extraction());
  EXPECT_TRUE(records[5].has_extraction());
  release = true;
  EXPECT_EQ(extractor->Stop(5s), 0u);
}

TEST_F(OrderedExtractorTest, AnAnalysisThatDoesNotEndIsLeftBehind) {
  limits_.threads = 1;
  const auto release = std::make_shared<std::atomic<bool>>(false);
  const auto ended = std::make_shared<std::atomic<bool>>(false);
  auto extractor = Make([release, ended](const v1::Document&, v1::Extraction&) {
    while (!*release) {
      std::this_thread::sleep_for(1ms);
    }
    *ended = true;
  });
  ASSERT_TRUE(extractor->Submit(DocumentAt(1, "hang")).ok());
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(extractor->Stop(10ms), 1u);
  EXPECT_EQ(extractor->Submit(DocumentAt(2, "late")).code(), absl::StatusCode::kCancelled);
  extractor.reset();
  *release = true;
  while (!*ended) {
    std::this_thread::sleep_for(1ms);
  }
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(*store_->InputPosition(), 0);
}

TEST_F(OrderedExtractorTest, SubmitWaitsForRoomAndStopLetsItGo) {
  limits_.threads = 1;
  limits_.max_documents = 2;
  std::atomic<bool> release{false};
  auto extractor = Make([&release](const v1::Document&, v1::Extraction&) {
    while (!release) {
      std::this_thread::sleep_for(1ms);
    }
  });
  ASSERT_TRUE(extractor->Submit(DocumentAt(1, "a")).ok());
  ASSERT_TRUE(extractor->Submit(DocumentAt(2, "b")).ok());
  std::atomic<bool> returned{false};
  std::thread submitter([&] {
    EXPECT_EQ(extractor->Submit(DocumentAt(3, "c")).code(), absl::StatusCode::kCancelled);
    returned = true;
  });
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(returned);
  extractor->RequestStop();
  submitter.join();
  release = true;
  EXPECT_EQ(extractor->Stop(5s), 0u);
}

TEST_F(OrderedExtractorTest, ADocumentThatCrashedTwiceIsNotTriedAgain) {
  for (uint32_t i = 0; i < AttemptTable::kMaxKills; ++i) {
    // As a killed process leaves it: begun, never ended, the file not closed in order.
    std::thread([this] { attempts_->Begin(1); }).join();
    const auto copy = directory_.path() / "copy";
    std::filesystem::copy_file(directory_.path() / "attempts", copy,
                               std::filesystem::copy_options::overwrite_existing);
    attempts_.reset();
    std::filesystem::rename(copy, directory_.path() / "attempts");
    OpenAttempts();
  }
  auto extractor =
      Make([](const v1::Document& document, v1::Extraction&) { EXPECT_NE(document.id(), "d1"); });
  ASSERT_TRUE(extractor->Submit(DocumentAt(1, "a")).ok());
  ASSERT_TRUE(extractor->Submit(DocumentAt(2, "b")).ok());
  ASSERT_TRUE(WaitFor(2));
  const auto records = Records();
  EXPECT_EQ(records[0].failure().reason(), "ANALYSIS_CRASHED");
  EXPECT_TRUE(records[1].has_extraction());
}

}  // namespace
}  // namespace lagebild::extract
