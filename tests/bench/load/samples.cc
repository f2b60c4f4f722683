#include "tests/bench/load/samples.h"

#include <simdjson.h>

#include <chrono>
#include <utility>

#include "lagebild/v1/query_service.grpc.pb.h"
#include "tests/bench/load/calls.h"

namespace lagebild::load {
namespace {

std::string Text(simdjson::ondemand::document_reference& article, const char* field) {
  std::string_view value;
  if (article[field].get_string().get(value) != simdjson::SUCCESS) {
    Fail(std::string("an article has no ") + field);
  }
  return std::string(value);
}

}  // namespace

ClaimSamples AskForClaims(const std::string& query, size_t count, bool for_peer) {
  ClaimSamples samples;
  const auto channel = Connect(query, 1).front();
  const auto stub = v1::QueryService::NewStub(channel);
  v1::ListClaimsRequest page;
  page.set_page_size(50);
  samples.list_requests.push_back(ToBuffer(page.SerializeAsString()));
  std::vector<std::string> names;
  page.set_page_size(1000);
  do {
    grpc::ClientContext context;
    v1::ListClaimsResponse response;
    const grpc::Status status = stub->ListClaims(&context, page, &response);
    if (!status.ok()) Fail("ListClaims: " + status.error_message());
    for (const v1::ClaimEntry& claim : response.claims()) {
      if (names.size() == count) break;
      names.push_back(claim.name());
      samples.entries.push_back(claim.SerializeAsString());
    }
    page.set_page_token(response.next_page_token());
  } while (names.size() < count && !page.page_token().empty());
  if (names.empty()) Fail("query_service holds no claims");

  // Neighbours in the list are neighbours on disk; a stride mixes them.
  constexpr size_t kStride = 7919;
  for (size_t i = 0; i < names.size(); ++i) {
    v1::GetClaimRequest get;
    get.set_name(names[i * kStride % names.size()]);
    samples.get_requests.push_back(ToBuffer(get.SerializeAsString()));
    if (!for_peer) continue;
    grpc::ClientContext context;
    v1::GetClaimResponse response;
    const grpc::Status status = stub->GetClaim(&context, get, &response);
    if (!status.ok()) Fail("GetClaim: " + status.error_message());
    samples.get_responses.push_back(ToBuffer(response.SerializeAsString()));
  }
  if (!for_peer) return samples;
  page.set_page_size(50);
  page.clear_page_token();
  grpc::ClientContext context;
  v1::ListClaimsResponse response;
  const grpc::Status status = stub->ListClaims(&context, page, &response);
  if (!status.ok()) Fail("ListClaims: " + status.error_message());
  samples.list_responses.push_back(ToBuffer(response.SerializeAsString()));
  return samples;
}

std::vector<v1::IngestDocumentRequest> ReadArticles(const std::string& path) {
  simdjson::padded_string json;
  if (simdjson::padded_string::load(path).get(json) != simdjson::SUCCESS) {
    Fail("cannot read " + path);
  }
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document_stream articles;
  if (parser.iterate_many(json).get(articles) != simdjson::SUCCESS) Fail(path + " is not JSON");
  std::vector<v1::IngestDocumentRequest> requests;
  for (auto article : articles) {
    simdjson::ondemand::document_reference one;
    if (std::move(article).get(one) != simdjson::SUCCESS) Fail(path + " is not JSON Lines");
    v1::IngestDocumentRequest& request = requests.emplace_back();
    request.set_document_id(Text(one, "id"));
    request.set_text(Text(one, "text"));
    request.mutable_metadata()->set_published(Text(one, "published"));
    request.mutable_metadata()->set_outlet(Text(one, "outlet"));
  }
  return requests;
}

}  // namespace lagebild::load
