#include "query_service/server/query_service.h"

#include <grpcpp/impl/codegen/proto_utils.h>

#include <memory>
#include <string>
#include <utility>

#include "common/server/unary.h"
#include "common/status/error.h"
#include "common/time/proto_time.h"

namespace lagebild::query {
namespace {

// Makes the bytes of a response the response, without a copy.
void Send(std::string bytes, grpc::ByteBuffer* response) {
  auto* held = new std::string(std::move(bytes));
  grpc::Slice slice(
      held->data(), held->size(), [](void* string) { delete static_cast<std::string*>(string); },
      held);
  *response = grpc::ByteBuffer(&slice, 1);
}

template <class Request>
std::shared_ptr<const Request> Parse(const grpc::ByteBuffer* bytes) {
  auto request = std::make_shared<Request>();
  grpc::ByteBuffer copy(*bytes);  // Shares the bytes.
  if (!grpc::SerializationTraits<Request>::Deserialize(&copy, request.get()).ok()) return nullptr;
  return request;
}

absl::Status Malformed() {
  return InvalidArgument("MALFORMED_REQUEST", "the request is not a valid protobuf message");
}

// Answers with the bytes that `read` appends.
template <class Request, class Read>
grpc::ServerUnaryReactor* Answer(ServiceRuntime& runtime, grpc::CallbackServerContext* context,
                                 std::string_view method, RunOn where,
                                 std::shared_ptr<const Request> request, grpc::ByteBuffer* response,
                                 Read read) {
  return HandleUnary(runtime, context, method, where,
                     [context, response, read, request = std::move(request)]() -> absl::Status {
                       if (request == nullptr) return Malformed();
                       std::string bytes;
                       absl::Status status = read(
                           *request, [context] { return CheckAlive(*context); }, &bytes);
                       if (status.ok()) Send(std::move(bytes), response);
                       return status;
                     });
}

// Whether a list is a walk along stored order, of known cost.
bool IsPlainWalk(const v1::ListClaimsRequest* request) {
  return request != nullptr && request->picture().as_of().empty() &&
         request->picture().recorded_by().empty() && request->filter().ByteSizeLong() == 0 &&
         (request->order_by() == v1::ITEM_ORDER_UNSPECIFIED ||
          request->order_by() == v1::ITEM_ORDER_PUBLISHED_DESC);
}

}  // namespace

grpc::ServerUnaryReactor* QueryServiceImpl::ListActors(grpc::CallbackServerContext* context,
                                                       const v1::ListActorsRequest* request,
                                                       v1::ListActorsResponse* response) {
  return HandleUnary(runtime_, context, "ListActors", RunOn::kWorkers, [=, this] {
    return reader_.ListActors(
        *request, [context] { return CheckAlive(*context); }, response);
  });
}

grpc::ServerUnaryReactor* QueryServiceImpl::GetActor(grpc::CallbackServerContext* context,
                                                     const v1::GetActorRequest* request,
                                                     v1::GetActorResponse* response) {
  return HandleUnary(runtime_, context, "GetActor", RunOn::kWorkers, [=, this] {
    return reader_.GetActor(
        *request, [context] { return CheckAlive(*context); }, response);
  });
}

grpc::ServerUnaryReactor* QueryServiceImpl::ListClaims(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  auto parsed = Parse<v1::ListClaimsRequest>(request);
  const RunOn where = IsPlainWalk(parsed.get()) ? RunOn::kInline : RunOn::kWorkers;
  return Answer(runtime_, context, "ListClaims", where, std::move(parsed), response,
                [this](const v1::ListClaimsRequest& list, const Reader::Alive& alive,
                       std::string* bytes) { return reader_.ListClaims(list, alive, bytes); });
}

grpc::ServerUnaryReactor* QueryServiceImpl::GetClaim(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  auto parsed = Parse<v1::GetClaimRequest>(request);
  // An older picture is put together from the document.
  const bool newest = parsed != nullptr && parsed->picture().ByteSizeLong() == 0;
  return Answer(runtime_, context, "GetClaim", newest ? RunOn::kInline : RunOn::kWorkers,
                std::move(parsed), response,
                [this](const v1::GetClaimRequest& get, const Reader::Alive& /*alive*/,
                       std::string* bytes) { return reader_.GetClaim(get, bytes); });
}

grpc::ServerUnaryReactor* QueryServiceImpl::ListFigures(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return Answer(runtime_, context, "ListFigures", RunOn::kWorkers,
                Parse<v1::ListFiguresRequest>(request), response,
                [this](const v1::ListFiguresRequest& list, const Reader::Alive& alive,
                       std::string* bytes) { return reader_.ListFigures(list, alive, bytes); });
}

grpc::ServerUnaryReactor* QueryServiceImpl::GetTimeline(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return Answer(runtime_, context, "GetTimeline", RunOn::kWorkers,
                Parse<v1::GetTimelineRequest>(request), response,
                [this](const v1::GetTimelineRequest& list, const Reader::Alive& alive,
                       std::string* bytes) { return reader_.GetTimeline(list, alive, bytes); });
}

grpc::ServerUnaryReactor* QueryServiceImpl::GetDocument(
    grpc::CallbackServerContext* context, const v1::QueryServiceGetDocumentRequest* request,
    v1::QueryServiceGetDocumentResponse* response) {
  return HandleUnary(runtime_, context, "GetDocument", RunOn::kWorkers,
                     [=, this] { return reader_.GetDocument(*request, response); });
}

grpc::ServerUnaryReactor* QueryServiceImpl::GetStatus(
    grpc::CallbackServerContext* context, const v1::QueryServiceGetStatusRequest* /*request*/,
    v1::QueryServiceGetStatusResponse* response) {
  return HandleUnary(runtime_, context, "GetStatus", RunOn::kInline, [=, this] {
    const std::shared_ptr<const View> view = model_->view();
    const GenerationState& serving = view->serving();
    const FollowerState upstream = upstream_();
    v1::ServiceStatus* status = response->mutable_status();
    status->set_service(runtime_.identity().name);
    status->set_version(kLagebildVersion);
    *status->mutable_started_at() = ToProto(runtime_.started_at());
    v1::LogStatus* log = status->add_logs();
    const int64_t position = view->state().extractions_position;
    log->set_head_position(position);
    log->set_input_position(position);
    log->set_upstream_head_position(upstream.upstream_head);
    log->set_lag(upstream.upstream_head > position ? upstream.upstream_head - position : 0);
    log->set_upstream_connected(upstream.connected);
    const std::pair<const char*, int64_t> counts[] = {
        {"actors", serving.actors},       {"claims", serving.claims},
        {"documents", serving.documents}, {"events", serving.events},
        {"failures", serving.failures},   {"figures", serving.figures},
        {"versions", serving.versions}};
    for (const auto& [name, value] : counts) {
      v1::Count* count = status->add_counts();
      count->set_name(name);
      count->set_value(value);
    }
    status->set_extractor_version(serving.extractor_version);
    status->set_generation(serving.number);
    return absl::OkStatus();
  });
}

}  // namespace lagebild::query
