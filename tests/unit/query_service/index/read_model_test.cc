#include "query_service/index/read_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "common/status/error.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::query {
namespace {

class ReadModelTest : public ::testing::Test {
 protected:
  static absl::StatusOr<std::unique_ptr<ReadModel>> Open(const std::filesystem::path& directory) {
    ReadModel::Options options;
    options.directory = directory;
    return ReadModel::Open(options);
  }

  // What a commit of this number writes: an item, a content, the state.
  static void Commit(ReadModel& model, int64_t number) {
    ReadModelState state;
    state.extractions_position = number;
    ReadModelBatch batch;
    batch.Put("item " + std::to_string(number), "x");
    const std::string content(2000, 'x');
    batch.PutContent(1, number, content);
    ASSERT_TRUE(model.Commit(&batch, state).ok());
  }

  // Items and contents of all commits up to the state's position, and no others.
  static void ExpectOneState(const ReadModel& model, const std::string& where) {
    const int64_t position = model.view()->state().extractions_position;
    size_t items = 0;
    size_t contents = 0;
    const auto dump = model.Dump();
    ASSERT_TRUE(dump.ok()) << dump.status();
    for (const auto& [key, value] : *dump) {
      items += key.starts_with("item ") ? 1 : 0;
      contents += value.size() == 2000 ? 1 : 0;
    }
    EXPECT_EQ(items, static_cast<size_t>(position)) << where;
    EXPECT_EQ(contents, static_cast<size_t>(position)) << where;
  }

  TemporaryDirectory directory_;
};

TEST_F(ReadModelTest, WhatWasNotFlushedIsLostAsAWhole) {
  const std::filesystem::path original = directory_.path() / "model";
  const auto model = *Open(original);
  for (int64_t number = 1; number <= 6; ++number) {
    Commit(*model, number);
    if (number % 2 == 0 && number < 6) {
      ASSERT_TRUE(model->Flush().ok());
    }
  }
  const std::filesystem::path copy = directory_.path() / "died";
  CopyAsDied(original, copy);
  const auto died = *Open(copy);
  EXPECT_EQ(died->view()->state().extractions_position, 4);
  ExpectOneState(*died, "died");
}

TEST_F(ReadModelTest, ALargeBatchIsDurableAndTheLastChangeOfAKeyCounts) {
  const std::filesystem::path original = directory_.path() / "model";
  const auto model = *Open(original);
  Commit(*model, 1);
  const auto before = model->view();
  ReadModelState state;
  state.extractions_position = 2;
  ReadModelBatch batch;
  batch.Put("item 2", "y");
  batch.Delete("item 2");
  batch.Put("gone", "x");
  batch.Delete("gone");
  batch.Put("item 2", "x");
  const std::string content(8000, 'x');
  for (int64_t number = 2; number < 3000; ++number) {
    batch.PutContent(1, number, std::string_view(content).substr(0, 5000 + number));
  }
  ASSERT_GT(batch.bytes(), size_t{16} << 20);
  ASSERT_TRUE(model->Commit(&batch, state).ok());
  const std::filesystem::path copy = directory_.path() / "died";
  CopyAsDied(original, copy);
  const auto died = *Open(copy);
  for (const ReadModel* one : {model.get(), died.get()}) {
    EXPECT_EQ(one->view()->state().extractions_position, 2);
    rocksdb::PinnableSlice value;
    EXPECT_TRUE(*one->view()->Get("item 1", &value));
    value.Reset();
    ASSERT_TRUE(*one->view()->Get("item 2", &value));
    EXPECT_EQ(value.ToString(), "x");
    value.Reset();
    EXPECT_FALSE(*one->view()->Get("gone", &value));
    EXPECT_EQ((*one->view()->GetContent(1, 2999))->size(), 7999u);
  }
  rocksdb::PinnableSlice value;
  EXPECT_FALSE(*before->Get("item 2", &value));
  EXPECT_EQ(before->state().extractions_position, 1);
}

TEST_F(ReadModelTest, ACutManifestRefusesTheStartOrShowsAnEarlierState) {
  const std::filesystem::path original = directory_.path() / "model";
  {
    const auto model = *Open(original);
    for (int64_t number = 1; number <= 6; ++number) {
      Commit(*model, number);
      ASSERT_TRUE(model->Flush().ok());
    }
  }
  std::filesystem::path manifest;
  for (const auto& entry : std::filesystem::directory_iterator(original)) {
    if (entry.path().filename().string().starts_with("MANIFEST-")) {
      manifest = entry.path().filename();
    }
  }
  int refused = 0;
  for (size_t size = 0; size < std::filesystem::file_size(original / manifest); size += 5) {
    const std::filesystem::path copy = directory_.path() / "copy";
    std::filesystem::remove_all(copy);
    std::filesystem::copy(original, copy);
    std::filesystem::resize_file(copy / manifest, size);
    const absl::StatusOr<std::unique_ptr<ReadModel>> model = Open(copy);
    if (!model.ok()) {
      EXPECT_EQ(ReasonOf(model.status()), "DATABASE_DAMAGED") << size << ": " << model.status();
      ++refused;
      continue;
    }
    ExpectOneState(**model, std::to_string(size));
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace lagebild::query
