#ifndef LAGEBILD_TESTS_UNIT_QUERY_SERVICE_SUPPORT_FOLDED_MODEL_H_
#define LAGEBILD_TESTS_UNIT_QUERY_SERVICE_SUPPORT_FOLDED_MODEL_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/storage/keys.h"
#include "lagebild/v1/query_service.pb.h"
#include "query_service/index/posting_block.h"
#include "query_service/index/read_model.h"
#include "query_service/projection/projector.h"
#include "query_service/server/reader.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild::query {

inline absl::Status Alive() { return absl::OkStatus(); }

/// A read model in a directory of its own, with what reads and writes it.
class FoldedModel {
 public:
  /// From `table_bytes` on a batch becomes table files, and its postings become blocks.
  explicit FoldedModel(size_t table_bytes = ReadModel::Options().table_bytes)
      : table_bytes_(table_bytes) {
    Reopen();
  }

  void Reopen() {
    reader_.reset();
    remembering_.reset();
    projector_.reset();
    model_.reset();
    ReadModel::Options options;
    options.directory = directory_.path() / "model";
    options.table_bytes = table_bytes_;
    auto opened = ReadModel::Open(options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    model_ = *std::move(opened);
    projector_.emplace(model_.get());
    reader_.emplace(model_.get());
    remembering_.emplace(model_.get(), size_t{1} << 20);
  }

  void Fold(const std::vector<v1::ExtractionRecord>& records) {
    std::vector<PreparedRecord> prepared;
    for (v1::ExtractionRecord record : records) {
      std::string content = record.SerializeAsString();
      prepared.push_back(PrepareRecord(record, std::move(content)));
    }
    const absl::Status status = projector_->Fold(prepared);
    ASSERT_TRUE(status.ok()) << status;
  }
  void FoldOneByOne(const std::vector<v1::ExtractionRecord>& records) {
    for (const v1::ExtractionRecord& record : records) Fold({record});
  }

  ReadModel& model() { return *model_; }
  const Reader& reader() { return *reader_; }
  const ReadModelState& state() { return model_->view()->state(); }
  std::vector<std::pair<std::string, std::string>> Dump() { return *model_->Dump(); }
  /// The same with every posting on its own, however batches laid them out.
  std::map<std::string, std::string> DumpWithoutBlocks() {
    std::map<std::string, std::string> dump;
    for (const auto& [key, value] : Dump()) {
      const std::string prefix = TagPrefix(state().serving.number, Tag::kPostingBlocks);
      if (!key.starts_with(prefix)) {
        dump.emplace(key, value);
        continue;
      }
      const std::string term = key.substr(prefix.size(), key.size() - prefix.size() - 12);
      std::string_view period_bytes = std::string_view(key).substr(key.size() - 12);
      uint32_t period = 0;
      EXPECT_TRUE(storage::TakeUint32(&period_bytes, &period));
      std::vector<BlockPosting> postings;
      EXPECT_TRUE(DecodePostingBlock(period, value, &postings));
      for (const BlockPosting& posting : postings) {
        const std::string single =
            TagPrefix(state().serving.number, Tag::kPostings) + term + posting.group;
        EXPECT_TRUE(dump.emplace(single, posting.items).second) << "twice";
      }
    }
    return dump;
  }

  absl::StatusOr<v1::ListClaimsResponse> Claims(const v1::ListClaimsRequest& request) {
    return Remembered<v1::ListClaimsResponse>([&](const Reader& reader, std::string* bytes) {
      return reader.ListClaims(request, Alive, bytes);
    });
  }
  absl::StatusOr<v1::ListFiguresResponse> Figures(const v1::ListFiguresRequest& request) {
    return Parsed<v1::ListFiguresResponse>(
        [&](std::string* bytes) { return reader_->ListFigures(request, Alive, bytes); });
  }
  absl::StatusOr<v1::GetTimelineResponse> Timeline(const v1::GetTimelineRequest& request) {
    return Parsed<v1::GetTimelineResponse>(
        [&](std::string* bytes) { return reader_->GetTimeline(request, Alive, bytes); });
  }
  absl::StatusOr<v1::GetClaimResponse> Claim(const v1::GetClaimRequest& request) {
    return Remembered<v1::GetClaimResponse>(
        [&](const Reader& reader, std::string* bytes) { return reader.GetClaim(request, bytes); });
  }
  absl::StatusOr<v1::ListActorsResponse> Actors(const v1::ListActorsRequest& request) {
    v1::ListActorsResponse response;
    const absl::Status status = reader_->ListActors(request, Alive, &response);
    if (!status.ok()) return status;
    return response;
  }
  absl::StatusOr<v1::GetActorResponse> Actor(const v1::GetActorRequest& request) {
    v1::GetActorResponse response;
    const absl::Status status = reader_->GetActor(request, Alive, &response);
    if (!status.ok()) return status;
    return response;
  }
  absl::StatusOr<v1::QueryServiceGetDocumentResponse> Document(
      const v1::QueryServiceGetDocumentRequest& request) {
    v1::QueryServiceGetDocumentResponse response;
    const absl::Status status = reader_->GetDocument(request, &response);
    if (!status.ok()) return status;
    return response;
  }

  /// All pages of claims, `page_size` at a time; `between` runs after each page.
  template <class Between>
  std::vector<std::string> AllClaims(v1::ListClaimsRequest request, int page_size,
                                     const Between& between) {
    std::vector<std::string> names;
    request.set_page_size(page_size);
    for (int page = 0; page < 10'000; ++page) {
      const auto response = Claims(request);
      EXPECT_TRUE(response.ok()) << response.status();
      if (!response.ok()) break;
      EXPECT_LE(response->claims_size(), page_size);
      for (const v1::ClaimEntry& claim : response->claims()) names.push_back(claim.name());
      if (response->next_page_token().empty()) return names;
      EXPECT_EQ(response->claims_size(), page_size);
      request.set_page_token(response->next_page_token());
      between();
    }
    ADD_FAILURE() << "pages do not end";
    return names;
  }
  std::vector<std::string> AllClaims(const v1::ListClaimsRequest& request, int page_size = 1000) {
    return AllClaims(request, page_size, [] {});
  }

 private:
  template <class Response, class Read>
  absl::StatusOr<Response> Parsed(const Read& read) {
    std::string bytes;
    const absl::Status status = read(&bytes);
    if (!status.ok()) return status;
    Response response;
    if (!response.ParseFromString(bytes)) return absl::InternalError("unparsable response");
    return response;
  }

  // An answer that may be remembered from an earlier call is the one that is read now.
  template <class Response, class Read>
  absl::StatusOr<Response> Remembered(const Read& read) {
    const auto parsed = [&](const Reader& reader) {
      return Parsed<Response>([&](std::string* bytes) { return read(reader, bytes); });
    };
    const absl::StatusOr<Response> now = parsed(*reader_);
    for (int again = 0; again < 2; ++again) {
      const absl::StatusOr<Response> remembered = parsed(*remembering_);
      EXPECT_EQ(remembered.status(), now.status());
      if (remembered.ok() && now.ok()) {
        EXPECT_EQ(remembered->SerializeAsString(), now->SerializeAsString());
      }
    }
    return now;
  }

  const size_t table_bytes_;
  TemporaryDirectory directory_;
  std::unique_ptr<ReadModel> model_;
  std::optional<Projector> projector_;
  std::optional<Reader> reader_;
  std::optional<Reader> remembering_;
};

}  // namespace lagebild::query

#endif  // LAGEBILD_TESTS_UNIT_QUERY_SERVICE_SUPPORT_FOLDED_MODEL_H_
