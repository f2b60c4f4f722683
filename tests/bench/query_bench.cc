// The read model without RPCs: folding a log of varied documents, and its reads beside the bare
// limit, a seek and 50 steps in RocksDB over values of the same size.

#include <benchmark/benchmark.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/time/proto_time.h"
#include "lagebild/v1/query_service.pb.h"
#include "query_service/index/read_model.h"
#include "query_service/projection/projector.h"
#include "query_service/server/reader.h"

namespace lagebild::query {
namespace {

constexpr int kDocuments = 4000;
constexpr int kClaims = 10;
constexpr size_t kTextBytes = 3 * 1024;

std::string Word(std::mt19937* random) {
  // Frequent and rare words, as texts have them.
  const unsigned rank = 1 + (*random)() % 200;
  return "wort" + std::to_string((*random)() % (rank * rank));
}

v1::ExtractionRecord MakeRecord(int64_t position) {
  std::mt19937 random(static_cast<unsigned>(position));
  v1::ExtractionRecord record;
  record.set_position(position);
  record.set_document_position(position);
  record.set_generation(1);
  record.set_extractor_version("bench");
  *record.mutable_recorded_at() = ToProto(Instant(std::chrono::seconds(1'900'000'000 + position)));
  v1::Document* document = record.mutable_document();
  document->set_id("d" + std::to_string(position));
  document->set_version(1);
  document->mutable_metadata()->set_outlet("Blatt " + std::to_string(random() % 30));
  document->mutable_metadata()->set_title("Titel " + Word(&random) + " " + Word(&random));
  v1::Extraction* extraction = record.mutable_extraction();
  extraction->mutable_published()->set_rule("dateline");
  const std::string day =
      "2030-0" + std::to_string(1 + random() % 9) + "-1" + std::to_string(random() % 9);
  extraction->mutable_published()->mutable_interval()->set_earliest(day);
  extraction->mutable_published()->mutable_interval()->set_latest(day);
  for (int i = 0; i < 8; ++i) {
    v1::Actor* actor = extraction->add_actors();
    actor->set_id("a" + std::to_string(i));
    actor->set_name("Person " + std::to_string(random() % 2000));
    actor->set_type(v1::ACTOR_TYPE_PERSON);
    actor->add_aliases(actor->name());
  }
  std::string* text = document->mutable_text();
  while (text->size() < kTextBytes) {
    v1::Sentence* sentence = extraction->add_sentences();
    sentence->mutable_span()->set_begin(static_cast<int32_t>(text->size()));
    for (int i = 0; i < 15; ++i) *text += Word(&random) + " ";
    sentence->mutable_span()->set_end(static_cast<int32_t>(text->size()));
  }
  for (int i = 0; i < kClaims; ++i) {
    const v1::Span& span = extraction->sentences(i).span();
    v1::Claim* claim = extraction->add_claims();
    claim->set_id("c" + std::to_string(i) + "-" + std::to_string(random()));
    claim->set_kind(v1::CLAIM_KIND_INDIRECT);
    claim->set_act(static_cast<v1::ClaimAct>(1 + random() % 11));
    claim->set_confidence(0.8);
    *claim->add_content() = span;
    *claim->add_speaker() = span;
    claim->add_speaker_actor_ids("a" + std::to_string(random() % 8));
    claim->mutable_about()->set_latest(day);
  }
  return record;
}

const std::vector<v1::ExtractionRecord>& Records() {
  static const std::vector<v1::ExtractionRecord>* const records = [] {
    auto* made = new std::vector<v1::ExtractionRecord>;
    for (int64_t position = 1; position <= kDocuments; ++position) {
      made->push_back(MakeRecord(position));
    }
    return made;
  }();
  return *records;
}

std::filesystem::path FreshDirectory(const std::string& name) {
  const auto path = std::filesystem::temp_directory_path() / ("lagebild-bench-" + name);
  std::filesystem::remove_all(path);
  return path;
}

PreparedRecord Prepared(v1::ExtractionRecord record) {
  std::string content = record.SerializeAsString();
  return PrepareRecord(record, std::move(content));
}

std::unique_ptr<ReadModel> Folded(const std::filesystem::path& directory) {
  auto model = ReadModel::Open({directory});
  if (!model.ok()) std::abort();
  Projector projector(model->get());
  std::vector<PreparedRecord> batch;
  for (const v1::ExtractionRecord& record : Records()) {
    batch.push_back(Prepared(record));
    if (batch.size() == 256 || record.position() == kDocuments) {
      if (!projector.Fold(batch).ok()) std::abort();
      batch.clear();
    }
  }
  return *std::move(model);
}

const ReadModel& Model() {
  static const std::unique_ptr<ReadModel> model = [] {
    std::unique_ptr<ReadModel> folded = Folded(FreshDirectory("read-model"));
    if (!folded->Flush().ok()) std::abort();
    return folded;
  }();
  return *model;
}

absl::Status Alive() { return absl::OkStatus(); }

void Fold(benchmark::State& state) {
  Records();
  int64_t disk = 0;
  for (auto _ : state) {
    const std::unique_ptr<ReadModel> model = Folded(FreshDirectory("fold"));
    if (!model->Flush().ok()) std::abort();
    disk = static_cast<int64_t>(model->Figures().live_bytes);
  }
  state.SetItemsProcessed(state.iterations() * kDocuments);
  state.SetBytesProcessed(state.iterations() * kDocuments * static_cast<int64_t>(kTextBytes));
  state.counters["disk_per_text"] =
      static_cast<double>(disk) / (kDocuments * static_cast<double>(kTextBytes));
}
BENCHMARK(Fold)->Unit(benchmark::kMillisecond);

void Prepare(benchmark::State& state) {
  size_t at = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Prepared(Records()[at++ % kDocuments]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Prepare);

// The bare limit for a page of claims.
void BareSeekAnd50Steps(benchmark::State& state) {
  static rocksdb::DB* const database = [] {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    if (!rocksdb::DB::Open(options, FreshDirectory("bare").string(), &opened).ok()) std::abort();
    v1::ListClaimsRequest request;
    request.set_page_size(1000);
    std::string bytes;
    if (!Reader(&Model()).ListClaims(request, Alive, &bytes).ok()) std::abort();
    v1::ListClaimsResponse page;
    page.ParseFromString(bytes);
    for (int i = 0; i < kDocuments * kClaims; ++i) {
      char key[16];
      std::snprintf(key, sizeof(key), "%012d", i);
      opened->Put({}, key, page.claims(i % page.claims_size()).SerializeAsString());
    }
    opened->Flush({});
    return opened;
  }();
  for (auto _ : state) {
    const std::unique_ptr<rocksdb::Iterator> iterator(database->NewIterator({}));
    size_t bytes = 0;
    iterator->Seek("000000000100");
    for (int i = 0; i < 50; ++i, iterator->Next()) bytes += iterator->value().size();
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BareSeekAnd50Steps);

void ListClaims(benchmark::State& state, void (*change)(v1::ListClaimsRequest*)) {
  const Reader reader(&Model());
  v1::ListClaimsRequest request;
  change(&request);
  size_t size = 0;
  for (auto _ : state) {
    std::string bytes;
    if (!reader.ListClaims(request, Alive, &bytes).ok()) std::abort();
    size = bytes.size();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["response_bytes"] = static_cast<double>(size);
}
BENCHMARK_CAPTURE(ListClaims, Default, [](v1::ListClaimsRequest*) {});
BENCHMARK_CAPTURE(ListClaims, OldestFirst, [](v1::ListClaimsRequest* request) {
  request->set_order_by(v1::ITEM_ORDER_PUBLISHED_ASC);
});
BENCHMARK_CAPTURE(ListClaims, OfOneActor, [](v1::ListClaimsRequest* request) {
  request->mutable_filter()->add_actors("Person 7");
});
BENCHMARK_CAPTURE(ListClaims, TwoWords, [](v1::ListClaimsRequest* request) {
  request->mutable_filter()->set_text("wort1 wort0");
});
BENCHMARK_CAPTURE(ListClaims, AsOf, [](v1::ListClaimsRequest* request) {
  request->mutable_picture()->set_as_of("2030-05-15");
});

void GetClaim(benchmark::State& state) {
  const Reader reader(&Model());
  std::vector<std::string> names;
  for (int i = 0; i < kDocuments; ++i) {
    names.push_back("documents/d" + std::to_string(i + 1) + "/claims/" +
                    Records()[static_cast<size_t>(i)].extraction().claims(i % kClaims).id());
  }
  size_t at = 0;
  for (auto _ : state) {
    v1::GetClaimRequest request;
    request.set_name(names[(at += 37) % names.size()]);
    std::string bytes;
    if (!reader.GetClaim(request, &bytes).ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(GetClaim);

void Timeline(benchmark::State& state) {
  const Reader reader(&Model());
  v1::GetTimelineRequest request;
  request.mutable_filter()->add_actors("Person 7");
  for (auto _ : state) {
    std::string bytes;
    if (!reader.GetTimeline(request, Alive, &bytes).ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Timeline);

void ListActors(benchmark::State& state) {
  const Reader reader(&Model());
  v1::ListActorsRequest request;
  request.set_order_by(v1::ACTOR_ORDER_CLAIMS_DESC);
  for (auto _ : state) {
    v1::ListActorsResponse response;
    if (!reader.ListActors(request, Alive, &response).ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ListActors);

}  // namespace
}  // namespace lagebild::query
