#include "ingest_service/server/service.h"

#include <utility>

#include "common/paging/page_token.h"
#include "common/server/unary.h"
#include "common/status/error.h"
#include "common/time/proto_time.h"
#include "ingest_service/server/ingest_stream.h"

namespace lagebild::ingest {
namespace {

// A page's answer stays small, whatever the metadata: it ends early instead.
constexpr size_t kMaxPageBytes = size_t{2} << 20;
constexpr size_t kMostBytesInline = size_t{16} << 10;

ContentFormat FromProto(v1::ContentFormat format) {
  switch (format) {
    case v1::CONTENT_FORMAT_PLAIN:
      return ContentFormat::kPlain;
    case v1::CONTENT_FORMAT_HTML:
      return ContentFormat::kHtml;
    default:
      return ContentFormat::kUnspecified;
  }
}

DocumentMetadata FromProto(const v1::DocumentMetadata& proto) {
  DocumentMetadata metadata;
  metadata.title = proto.title();
  metadata.outlet = proto.outlet();
  metadata.url = proto.url();
  metadata.published = proto.published();
  metadata.authors.assign(proto.authors().begin(), proto.authors().end());
  return metadata;
}

absl::StatusOr<Submission> ToSubmission(const v1::IngestDocumentRequest& request) {
  Submission submission;
  submission.id = request.document_id();
  submission.format = FromProto(request.format());
  submission.metadata = FromProto(request.metadata());
  switch (request.content_case()) {
    case v1::IngestDocumentRequest::kText:
      submission.content = request.text();
      submission.content_field = "text";
      return submission;
    case v1::IngestDocumentRequest::kRaw:
      submission.content = request.raw();
      submission.content_field = "raw";
      return submission;
    case v1::IngestDocumentRequest::CONTENT_NOT_SET:
      break;
  }
  return InvalidArgument("EMPTY_TEXT", "neither text nor raw is set", "text");
}

absl::Status MissingId() {
  return InvalidArgument("INVALID_ID", "document_id is empty", "document_id");
}

}  // namespace

IngestServiceImpl::IngestServiceImpl(ServiceRuntime& runtime, DocumentStore& store)
    : runtime_(runtime),
      store_(store),
      documents_(store.log(),
                 [](const LogRecord& record) -> absl::StatusOr<grpc::Slice> {
                   v1::ReadDocumentsResponse response;
                   absl::Status status =
                       DocumentStore::DecodeRecord(record, response.mutable_record());
                   if (!status.ok()) return status;
                   return EncodeMessage(response);
                 }),
      created_(runtime.metrics().AddCounter("lagebild_ingest_documents_total",
                                            "Documents handed in, by what became of them",
                                            {{"outcome", "created"}})),
      unchanged_(runtime.metrics().AddCounter("lagebild_ingest_documents_total",
                                              "Documents handed in, by what became of them",
                                              {{"outcome", "unchanged"}})),
      refused_(runtime.metrics().AddCounter("lagebild_ingest_documents_total",
                                            "Documents handed in, by what became of them",
                                            {{"outcome", "refused"}})),
      bytes_(runtime.metrics().AddCounter("lagebild_ingest_received_bytes_total",
                                          "Bytes of documents handed in")),
      ingester_(store) {}

void IngestServiceImpl::Ingest(
    const v1::IngestDocumentRequest& request,
    std::function<void(absl::StatusOr<v1::IngestDocumentResponse>)> done) {
  absl::StatusOr<Submission> submission = ToSubmission(request);
  absl::StatusOr<PreparedDocument> prepared =
      submission.ok() ? PrepareDocument(*submission, runtime_.config().max_text_bytes)
                      : submission.status();
  if (!prepared.ok()) {
    refused_.Increment();
    done(prepared.status());
    return;
  }
  bytes_.Increment(static_cast<double>(submission->content.size()));
  ingester_.Ingest(*std::move(prepared),
                   [this, done = std::move(done)](absl::StatusOr<IngestOutcome> outcome) {
                     if (!outcome.ok()) {
                       refused_.Increment();
                       done(outcome.status());
                       return;
                     }
                     (outcome->created ? created_ : unchanged_).Increment();
                     v1::IngestDocumentResponse response;
                     response.set_document_id(std::move(outcome->id));
                     response.set_version(outcome->version);
                     response.set_position(outcome->position);
                     response.set_created(outcome->created);
                     done(std::move(response));
                   });
}

grpc::ServerUnaryReactor* IngestServiceImpl::IngestDocument(
    grpc::CallbackServerContext* context, const v1::IngestDocumentRequest* request,
    v1::IngestDocumentResponse* response) {
  // A page has to be parsed; a text of usual size takes less time than handing it to a worker.
  const bool is_quick = request->content_case() == v1::IngestDocumentRequest::kText &&
                        request->text().size() <= kMostBytesInline;
  return HandleUnaryAsync(
      runtime_, context, "IngestDocument", is_quick ? RunOn::kInline : RunOn::kWorkers,
      [this, request, response](RpcDone done) {
        Ingest(*request, [response, done = std::move(done)](
                             absl::StatusOr<v1::IngestDocumentResponse> stored) {
          if (stored.ok()) *response = *std::move(stored);
          done(stored.status());
        });
      });
}

grpc::ServerBidiReactor<v1::IngestDocumentsRequest, v1::IngestDocumentsResponse>*
IngestServiceImpl::IngestDocuments(grpc::CallbackServerContext* context) {
  return StreamIngest(runtime_, context, *this);
}

grpc::ServerUnaryReactor* IngestServiceImpl::GetDocument(
    grpc::CallbackServerContext* context, const v1::IngestServiceGetDocumentRequest* request,
    v1::IngestServiceGetDocumentResponse* response) {
  return HandleUnary(runtime_, context, "GetDocument", RunOn::kWorkers,
                     [this, request, response]() -> absl::Status {
                       if (request->document_id().empty()) return MissingId();
                       absl::StatusOr<v1::DocumentRecord> record =
                           store_.Get(request->document_id(), request->version());
                       if (!record.ok()) return record.status();
                       *response->mutable_document() = std::move(*record->mutable_document());
                       response->set_position(record->position());
                       *response->mutable_recorded_at() = record->recorded_at();
                       return absl::OkStatus();
                     });
}

grpc::ServerUnaryReactor* IngestServiceImpl::ListDocuments(grpc::CallbackServerContext* context,
                                                           const v1::ListDocumentsRequest* request,
                                                           v1::ListDocumentsResponse* response) {
  return HandleUnary(runtime_, context, "ListDocuments", RunOn::kWorkers,
                     [this, request, response] { return List(*request, response); });
}

absl::Status IngestServiceImpl::List(const v1::ListDocumentsRequest& request,
                                     v1::ListDocumentsResponse* response) {
  const absl::StatusOr<int32_t> page_size = EffectivePageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  // The state of a token is the last id of the page before.
  const absl::StatusOr<std::string> after_id = ReadPageToken(request);
  if (!after_id.ok()) return after_id.status();
  const auto size = static_cast<size_t>(*page_size);
  absl::StatusOr<std::vector<v1::DocumentSummary>> summaries =
      store_.List(request.outlet(), *after_id, size + 1);
  if (!summaries.ok()) return summaries.status();
  size_t bytes = 0;
  for (v1::DocumentSummary& summary : *summaries) {
    const auto count = static_cast<size_t>(response->documents_size());
    if (count == size || (count > 0 && bytes > kMaxPageBytes)) {
      response->set_next_page_token(MakePageToken(
          request, response->documents(response->documents_size() - 1).document_id()));
      break;
    }
    bytes += summary.ByteSizeLong();
    *response->add_documents() = std::move(summary);
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* IngestServiceImpl::DeleteDocument(
    grpc::CallbackServerContext* context, const v1::DeleteDocumentRequest* request,
    v1::DeleteDocumentResponse* response) {
  return HandleUnaryAsync(runtime_, context, "DeleteDocument", RunOn::kWorkers,
                          [this, request, response](RpcDone done) {
                            if (request->document_id().empty()) {
                              done(MissingId());
                              return;
                            }
                            ingester_.Delete(request->document_id(),
                                             [response, done = std::move(done)](
                                                 const absl::StatusOr<LogPosition>& position) {
                                               if (position.ok()) response->set_position(*position);
                                               done(position.status());
                                             });
                          });
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* IngestServiceImpl::ReadDocuments(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return StreamLog<v1::ReadDocumentsRequest>(runtime_, context, "ReadDocuments", documents_,
                                             *request);
}

grpc::ServerUnaryReactor* IngestServiceImpl::GetStatus(
    grpc::CallbackServerContext* context, const v1::IngestServiceGetStatusRequest* /*request*/,
    v1::IngestServiceGetStatusResponse* response) {
  return HandleUnary(runtime_, context, "GetStatus", RunOn::kWorkers,
                     [this, response] { return Status(response); });
}

absl::Status IngestServiceImpl::Status(v1::IngestServiceGetStatusResponse* response) {
  const absl::StatusOr<DocumentCounts> counts = store_.Counts();
  if (!counts.ok()) return counts.status();
  v1::ServiceStatus& status = *response->mutable_status();
  status.set_service(runtime_.identity().name);
  status.set_version(kLagebildVersion);
  *status.mutable_started_at() = ToProto(runtime_.started_at());
  for (int32_t partition = 0; partition < store_.log().partition_count(); ++partition) {
    const absl::StatusOr<LogPosition> head = store_.log().Head(partition);
    if (!head.ok()) return head.status();
    v1::LogStatus& log = *status.add_logs();
    log.set_partition(partition);
    log.set_head_position(*head);
    log.set_upstream_connected(true);
  }
  const auto add = [&status](const char* name, int64_t value) {
    v1::Count& count = *status.add_counts();
    count.set_name(name);
    count.set_value(value);
  };
  add("documents", counts->documents);
  add("versions", counts->versions);
  return absl::OkStatus();
}

}  // namespace lagebild::ingest
