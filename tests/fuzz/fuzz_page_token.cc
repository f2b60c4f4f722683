// Page tokens from strangers: any bytes are refused with INVALID_PAGE_TOKEN or name a place to go
// on from; reading on from it ends, in bounds, whatever the place.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "common/paging/page_token.h"
#include "common/status/error.h"
#include "common/time/iso8601.h"
#include "common/time/proto_time.h"
#include "lagebild/v1/query_service.pb.h"
#include "query_service/index/read_model.h"
#include "query_service/projection/projector.h"
#include "query_service/server/reader.h"

namespace lagebild::query {
namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

// A read model with corrections, so that both ways of reading run.
class Fixture {
 public:
  Fixture() {
    std::string pattern = std::filesystem::temp_directory_path() / "lagebild-fuzz-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    auto opened = ReadModel::Open({directory_ / "model"});
    Require(opened.ok(), "the read model opens");
    model_ = *std::move(opened);
    Projector projector(model_.get());
    for (int64_t position = 1; position <= 30; ++position) {
      v1::ExtractionRecord record = Record(position);
      std::string content = record.SerializeAsString();
      Require(projector.Fold({PrepareRecord(record, std::move(content))}).ok(),
              "records are folded in");
    }
  }
  ~Fixture() {
    model_.reset();
    std::filesystem::remove_all(directory_);
  }
  const ReadModel& model() const { return *model_; }

 private:
  static v1::ExtractionRecord Record(int64_t position) {
    v1::ExtractionRecord record;
    record.set_position(position);
    record.set_document_position(position);
    record.set_generation(1);
    *record.mutable_recorded_at() =
        ToProto(Instant(std::chrono::seconds(1'900'000'000 + position)));
    v1::Document* document = record.mutable_document();
    document->set_id("d" + std::to_string(position % 12));
    document->set_version(1 + position / 12);
    document->set_text("Thekla Barnim sagte, die Lage sei ruhig.");
    v1::Extraction* extraction = record.mutable_extraction();
    v1::Actor* actor = extraction->add_actors();
    actor->set_id("a1");
    actor->set_name("Thekla Barnim " + std::to_string(position % 5));
    v1::Claim* claim = extraction->add_claims();
    claim->set_id("c1");
    claim->add_speaker_actor_ids("a1");
    v1::Span* content = claim->add_content();
    content->set_begin(21);
    content->set_end(40);
    if (position % 3 != 0)
      claim->mutable_about()->set_latest("2030-01-0" + std::to_string(1 + position % 9));
    return record;
  }

  std::filesystem::path directory_;
  std::unique_ptr<ReadModel> model_;
};

void CheckStatus(const absl::Status& status) {
  if (status.ok()) return;
  const std::string reason = ReasonOf(status);
  Require(reason == "INVALID_PAGE_TOKEN" || reason == "PAGE_TOKEN_EXPIRED",
          "a bad token is called one");
}

template <class Request, class Read>
void ReadOn(const Reader& reader, Request request, std::string_view bytes, Read read) {
  const auto alive = [] { return absl::OkStatus(); };
  request.set_page_size(3);
  // As it came in, and as the state of a token that is well made otherwise.
  request.set_page_token(std::string(bytes));
  CheckStatus(read(reader, request, alive));
  request.clear_page_token();
  if (bytes.empty()) return;
  request.set_page_token(MakePageToken(request, bytes));
  CheckStatus(read(reader, request, alive));
}

void Check(std::string_view bytes) {
  static const Fixture fixture;
  const Reader reader(&fixture.model());
  const uint8_t choice = bytes.empty() ? 0 : static_cast<uint8_t>(bytes.front());
  if (!bytes.empty()) bytes.remove_prefix(1);
  const auto claims = [](const Reader& one, const v1::ListClaimsRequest& request,
                         const Reader::Alive& alive) {
    std::string response;
    return one.ListClaims(request, alive, &response);
  };
  v1::ListClaimsRequest list;
  list.set_order_by(static_cast<v1::ItemOrder>(choice % 5));
  if ((choice & 0x10) != 0) list.mutable_filter()->set_text("lage");
  if ((choice & 0x20) != 0) list.mutable_picture()->set_as_of("2030-03-17T17:46:50Z");
  ReadOn(reader, list, bytes, claims);
  v1::GetTimelineRequest timeline;
  if ((choice & 0x10) != 0) timeline.mutable_filter()->add_actors("Thekla Barnim 1");
  ReadOn(reader, timeline, bytes,
         [](const Reader& one, const v1::GetTimelineRequest& request, const Reader::Alive& alive) {
           std::string response;
           return one.GetTimeline(request, alive, &response);
         });
  v1::ListActorsRequest actors;
  actors.set_order_by(static_cast<v1::ActorOrder>(choice % 3));
  ReadOn(reader, actors, bytes,
         [](const Reader& one, const v1::ListActorsRequest& request, const Reader::Alive& alive) {
           v1::ListActorsResponse response;
           return one.ListActors(request, alive, &response);
         });
}

}  // namespace
}  // namespace lagebild::query

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lagebild::query::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
