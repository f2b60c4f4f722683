#include "ingest_service/server/ingester.h"

#include <limits>
#include <optional>
#include <utility>

#include "common/status/error.h"

namespace lagebild::ingest {

Ingester::Ingester(DocumentStore& store)
    : store_(store),
      // Bounded by the requests in work, which the server limits.
      followers_(1, std::numeric_limits<size_t>::max()),
      sequencer_([this](std::function<void()> work) { followers_.TrySubmit(std::move(work)); }) {}

void Ingester::Ingest(PreparedDocument document, IngestCallback done) {
  struct Request {
    std::string id;
    std::string fingerprint;
    std::string encoded;
    IngestCallback done;
  };
  // Shared, because std::function wants what it holds to be copyable.
  auto request = std::make_shared<Request>();
  request->id = document.id;
  request->fingerprint = document.fingerprint;
  request->encoded = DocumentStore::Encode(std::move(document));
  request->done = std::move(done);
  const std::string& id = request->id;
  sequencer_.Run(id, [this, request](KeyedSequencer::Release release) {
    const absl::StatusOr<std::optional<VersionInfo>> newest = store_.FindNewest(request->id);
    if (!newest.ok()) {
      release();
      request->done(newest.status());
      return;
    }
    VersionInfo before;
    if (newest->has_value()) before = **newest;
    if (before.version > 0 && !before.deleted && before.fingerprint == request->fingerprint) {
      release();
      request->done(IngestOutcome{request->id, before.version, before.position, false});
      return;
    }
    const int64_t version = before.version + 1;
    store_.Append(std::move(request->encoded), version, before.outlet,
                  [request, version,
                   release = std::move(release)](const absl::StatusOr<LogPosition>& position) {
                    release();
                    if (position.ok()) {
                      request->done(IngestOutcome{request->id, version, *position, true});
                    } else {
                      request->done(position.status());
                    }
                  });
  });
}

void Ingester::Delete(const std::string& id, DeleteCallback done) {
  sequencer_.Run(id, [this, id, done = std::move(done)](KeyedSequencer::Release release) {
    const absl::StatusOr<std::optional<VersionInfo>> newest = store_.FindNewest(id);
    absl::Status refused;
    if (!newest.ok()) {
      refused = newest.status();
    } else if (!newest->has_value()) {
      refused = NotFound("DOCUMENT_NOT_FOUND", "no document has this id", "document_id");
    } else if ((*newest)->deleted) {
      refused = NotFound("DOCUMENT_DELETED", "the document has been deleted", "document_id");
    }
    if (!refused.ok()) {
      release();
      done(refused);
      return;
    }
    store_.AppendDeletion(
        id, **newest,
        [done, release = std::move(release)](const absl::StatusOr<LogPosition>& position) {
          release();
          done(position);
        });
  });
}

}  // namespace lagebild::ingest
