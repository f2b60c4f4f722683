#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_PROJECTOR_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_PROJECTOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lagebild/v1/log.pb.h"
#include "query_service/index/read_model.h"
#include "query_service/projection/document_entries.h"

namespace lagebild::query {

/// A record made ready to be folded in.
struct PreparedRecord {
  int64_t position = 0;
  int32_t generation = 0;
  std::string extractor_version;
  std::string content;  ///< The record as it is kept, encoded.
  DocumentEntries entries;
};

/// The part of folding that needs nothing but the record, which comes parsed and encoded.
/// Thread-safe.
PreparedRecord PrepareRecord(const v1::ExtractionRecord& record, std::string content);

/// Folds records of the extractions log into the read model, each exactly once.
///
/// What the read model answers is a function of the log alone: how records are cut into batches,
/// and restarts between them, decide how postings are laid out on disk and nothing else. A version
/// that replaces another moves what the older one said into the lists of the past. Records of a
/// generation newer than the one that is served are folded beside it; when they cover as much of
/// the documents log it is served, and the old one is dropped. Records of a generation older than
/// the one served are passed over. Not thread-safe; one per read model.
class Projector {
 public:
  explicit Projector(ReadModel* model) : model_(model), state_(model->view()->state()) {}

  /// Folds records in the order of the log; all of them are committed when this returns OK. Records
  /// at or before the cursor are passed over. After an error nothing but whole batches is there,
  /// and the call may be repeated.
  absl::Status Fold(const std::vector<PreparedRecord>& records);

  /// To be called when all there is has been folded in. Not needed for what is read to be right.
  absl::Status Settle() { return model_->Settle(); }

  int64_t cursor() const { return state_.extractions_position; }

 private:
  struct ActorState {
    v1::ActorEntry entry;
    std::string sort_key;
    int32_t listed_claims = -1;  // Claim count it is listed under; -1 = not listed.
    bool stored = false;
    bool changed = false;
  };

  absl::Status FoldOne(const PreparedRecord& record);
  GenerationState* Target(const PreparedRecord& record);
  absl::Status AddVersion(GenerationState* generation, const PreparedRecord& record,
                          const std::optional<int64_t>& replaced);
  absl::Status MoveToPast(GenerationState* generation, int64_t document_position);
  // The summary of an actor, to be changed: it is marked so.
  absl::StatusOr<ActorState*> ChangedActor(GenerationState* generation,
                                           const ActorContribution& contribution);
  absl::Status RemoveActor(GenerationState* generation, const ActorContribution& contribution,
                           int64_t document_position);
  absl::Status AddNames(const GenerationState& generation, const ActorContribution& contribution,
                        int64_t document_position);
  void WriteActors();
  absl::Status Commit();
  void Forget();

  ReadModel* const model_;
  ReadModelState state_;
  ReadModelBatch batch_;  // Holds views into the records that are being folded.
  absl::flat_hash_set<std::string> documents_in_batch_;
  // By key prefix of the generation and actor key; also a cache over batches.
  absl::node_hash_map<std::string, ActorState> actors_;
  // Those of the cache that the batch does not hold yet; its entries stay where they are.
  std::vector<std::pair<const std::string, ActorState>*> changed_actors_;
  absl::flat_hash_set<std::string> known_names_;  // Keys of names that are there.
};

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_PROJECTOR_H_
