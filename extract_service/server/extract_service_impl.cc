#include "extract_service/server/extract_service_impl.h"

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "common/server/logging.h"
#include "common/server/unary.h"
#include "common/status/error.h"
#include "common/text/utf8.h"
#include "common/time/iso8601.h"
#include "common/time/proto_time.h"
#include "common/wire/append_field.h"
#include "extract_service/contract/extraction.h"
#include "extract_service/contract/span_texts.h"
#include "extract_service/source/declared_metadata.h"

namespace lagebild::extract {
namespace {

constexpr std::string_view kTextField = "text";

// The rules that ingest_service has for texts, so that both answer the same.
absl::Status CheckText(const std::string& text, int64_t max_bytes) {
  if (static_cast<int64_t>(text.size()) > max_bytes) {
    return InvalidArgument("TOO_LARGE",
                           "the text has " + std::to_string(text.size()) +
                               " bytes, more than the limit of " + std::to_string(max_bytes),
                           kTextField, {{"limit_bytes", std::to_string(max_bytes)}});
  }
  if (const std::optional<size_t> bad = FindInvalidUtf8(text); bad.has_value()) {
    return InvalidArgument("INVALID_UTF8",
                           "the text is not valid UTF-8 at byte " + std::to_string(*bad),
                           kTextField, {{"byte_offset", std::to_string(*bad)}});
  }
  if (const std::optional<size_t> nul = FindNul(text); nul.has_value()) {
    return InvalidArgument("NUL_BYTE", "the text has a NUL at byte " + std::to_string(*nul),
                           kTextField, {{"byte_offset", std::to_string(*nul)}});
  }
  if (text.find_first_not_of(" \t\r\n\f\v") == std::string::npos) {
    return InvalidArgument("EMPTY_TEXT", "the text is empty", kTextField);
  }
  return absl::OkStatus();
}

// The bytes of the log are those of the message but for its position, and a field may stand
// anywhere in a message: parsing it only to encode it again would be most of what a reader that
// catches up costs.
grpc::Slice ResponseOf(const LogRecord& record) {
  v1::ExtractionRecord position_only;
  position_only.set_position(record.position);
  std::string bytes;
  bytes.reserve(record.payload.size() + 32);
  AppendField(&bytes, v1::ReadExtractionsResponse::kRecordFieldNumber, record.payload,
              position_only.SerializeAsString());
  return grpc::Slice(bytes);
}

}  // namespace

absl::Status ExtractServiceImpl::Analyze(const v1::AnalyzeDocumentRequest& request,
                                         v1::AnalyzeDocumentResponse* response) const {
  if (absl::Status status = CheckText(request.text(), runtime_.config().max_text_bytes);
      !status.ok()) {
    return status;
  }
  const std::string& published = request.metadata().published();
  if (!published.empty()) {
    if (const absl::Status status = ParseIsoTime(published).status(); !status.ok()) {
      return InvalidArgument("INVALID_DATE", "metadata.published: " + std::string(status.message()),
                             "metadata.published");
    }
  }
  try {
    FillExtraction(
        pipeline_.Analyze(request.text(), DeclaredOf(request.document_id(), request.metadata())),
        pipeline_.version(), SpanTexts::kFilled, *response->mutable_extraction());
  } catch (const std::exception& error) {
    return MakeError(absl::StatusCode::kInternal, "ANALYSIS_CRASHED",
                     std::string("the analysis failed: ") + error.what());
  }
  return absl::OkStatus();
}

ExtractServiceImpl::ExtractServiceImpl(ServiceRuntime& runtime, const Pipeline& pipeline,
                                       ExtractionStore& store, const StreamFollower& upstream)
    : runtime_(runtime),
      pipeline_(pipeline),
      store_(store),
      extractions_(store.log(), ResponseOf),
      upstream_(upstream) {}

grpc::ServerUnaryReactor* ExtractServiceImpl::AnalyzeDocument(
    grpc::CallbackServerContext* context, const v1::AnalyzeDocumentRequest* request,
    v1::AnalyzeDocumentResponse* response) {
  return HandleUnary(runtime_, context, "AnalyzeDocument", RunOn::kWorkers,
                     [this, request, response] { return Analyze(*request, response); });
}

absl::Status ExtractServiceImpl::Get(const v1::GetExtractionRequest& request,
                                     v1::GetExtractionResponse* response) const {
  if (request.document_id().empty()) {
    return InvalidArgument("INVALID_ID", "document_id is required", "document_id");
  }
  absl::StatusOr<v1::ExtractionRecord> record = store_.FindNewest(request.document_id());
  if (!record.ok()) {
    return record.status();
  }
  if (record->has_deletion()) {
    return NotFound("DOCUMENT_DELETED", "document \"" + request.document_id() + "\" was deleted",
                    "document_id");
  }
  if (record->has_failure()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "ANALYSIS_FAILED",
                     "document \"" + request.document_id() +
                         "\" could not be analysed: " + record->failure().message(),
                     "document_id", {{"failure", record->failure().reason()}});
  }
  *response->mutable_extraction() = std::move(*record->mutable_extraction());
  response->set_position(record->position());
  response->set_document_position(record->document_position());
  response->set_generation(record->generation());
  return FillSpanTexts(record->document().text(), *response->mutable_extraction());
}

grpc::ServerUnaryReactor* ExtractServiceImpl::GetExtraction(grpc::CallbackServerContext* context,
                                                            const v1::GetExtractionRequest* request,
                                                            v1::GetExtractionResponse* response) {
  return HandleUnary(runtime_, context, "GetExtraction", RunOn::kWorkers,
                     [this, request, response] { return Get(*request, response); });
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* ExtractServiceImpl::ReadExtractions(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return StreamLog<v1::ReadExtractionsRequest>(runtime_, context, "ReadExtractions", extractions_,
                                               *request);
}

absl::Status ExtractServiceImpl::FillStatus(v1::ServiceStatus& status) const {
  const absl::StatusOr<LogPosition> head = store_.log().Head(0);
  if (!head.ok()) {
    return head.status();
  }
  const FollowerState upstream = upstream_.state();
  status.set_service(runtime_.identity().name);
  status.set_version(kLagebildVersion);
  *status.mutable_started_at() = ToProto(runtime_.started_at());
  status.set_extractor_version(store_.extractor_version());
  status.set_generation(store_.generation());
  v1::LogStatus& log = *status.add_logs();
  log.set_head_position(*head);
  log.set_input_position(upstream.position);
  log.set_upstream_head_position(upstream.upstream_head);
  log.set_lag(upstream.lag());
  log.set_upstream_connected(upstream.connected);
  for (const auto& [name, value] : {std::pair{"documents", store_.DocumentCount()},
                                    std::pair{"failures", store_.FailureCount()}}) {
    v1::Count& count = *status.add_counts();
    count.set_name(name);
    count.set_value(value);
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* ExtractServiceImpl::GetStatus(
    grpc::CallbackServerContext* context, const v1::ExtractServiceGetStatusRequest* /*request*/,
    v1::ExtractServiceGetStatusResponse* response) {
  return HandleUnary(runtime_, context, "GetStatus", RunOn::kInline,
                     [this, response] { return FillStatus(*response->mutable_status()); });
}

}  // namespace lagebild::extract
