#include "query_service/projection/projector.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/status/error.h"
#include "common/storage/keys.h"
#include "query_service/index/words.h"
#include "query_service/projection/actor_summary.h"

namespace lagebild::query {
namespace {

using storage::AppendInt64;
using storage::AppendString;
using storage::AppendUint32;
using storage::AppendUint64;
using storage::ToView;

constexpr size_t kMaxBatchBytes = size_t{48} << 20;
constexpr size_t kMaxCachedActors = 20'000;
constexpr size_t kMaxCachedNames = 100'000;

absl::Status Damaged(std::string_view what) {
  return DataLoss("CORRUPT_RECORD", std::string("the read model's ") + std::string(what) +
                                        " is damaged; delete its directory, it is rebuilt");
}

std::string Key(const GenerationState& generation, Tag tag, std::string_view rest,
                Era era = Era::kCurrent) {
  return TagPrefix(generation.number, tag, era).append(rest);
}

std::string StringRest(std::string_view value) {
  std::string rest;
  AppendString(&rest, value);
  return rest;
}

std::string PositionRest(int64_t position) {
  std::string rest;
  AppendInt64(&rest, position);
  return rest;
}

std::string ActorRest(uint64_t key) {
  std::string rest;
  AppendUint64(&rest, key);
  return rest;
}

std::string NameRest(std::string_view sort_key, uint64_t actor) {
  std::string rest = StringRest(sort_key);
  AppendUint64(&rest, actor);
  return rest;
}

std::string ByClaimsRest(int32_t claims, std::string_view sort_key, uint64_t actor) {
  std::string rest;
  AppendUint32(&rest, ~static_cast<uint32_t>(claims));
  return rest.append(NameRest(sort_key, actor));
}

}  // namespace

PreparedRecord PrepareRecord(const v1::ExtractionRecord& record, std::string content) {
  PreparedRecord prepared;
  prepared.position = record.position();
  prepared.generation = std::max(1, record.generation());
  prepared.extractor_version = record.extractor_version();
  prepared.entries = MakeDocumentEntries(record, content);
  prepared.content = std::move(content);
  return prepared;
}

absl::Status Projector::Fold(const std::vector<PreparedRecord>& records) {
  for (const PreparedRecord& record : records) {
    absl::Status status = FoldOne(record);
    if (status.ok() && batch_.bytes() >= kMaxBatchBytes) status = Commit();
    if (!status.ok()) {
      Forget();
      return status;
    }
  }
  absl::Status status = Commit();
  if (!status.ok()) Forget();
  return status;
}

// The generation a record goes into; null when it is passed over.
GenerationState* Projector::Target(const PreparedRecord& record) {
  const int32_t number = record.generation;
  if (state_.serving.number == 0) {
    state_.serving = {};
    state_.serving.number = number;
  }
  if (number == state_.serving.number) return &state_.serving;
  if (number < state_.serving.number || number < state_.building.number) return nullptr;
  if (number > state_.building.number) {
    if (state_.building.number != 0) {
      WriteActors();  // What is on its way into the batch goes with the rest.
      batch_.DropGeneration(state_.building.number);
    }
    state_.building = {};
    state_.building.number = number;
  }
  return &state_.building;
}

absl::Status Projector::FoldOne(const PreparedRecord& record) {
  if (record.position <= state_.extractions_position) return absl::OkStatus();
  GenerationState* generation = Target(record);
  const VersionRecord& version = record.entries.version;
  if (generation == nullptr || version.document_position <= generation->documents_position) {
    state_.extractions_position = record.position;
    return absl::OkStatus();
  }

  // A version that replaces another is folded on its own, so that what it replaces is read from the
  // database alone.
  const std::string newest_key = Key(*generation, Tag::kNewest, StringRest(version.document_id));
  if (documents_in_batch_.contains(newest_key)) {
    if (absl::Status status = Commit(); !status.ok()) return status;
  }
  std::optional<int64_t> replaced;
  rocksdb::PinnableSlice value;
  absl::StatusOr<bool> found = model_->view()->Get(newest_key, &value);
  if (!found.ok()) return found.status();
  if (*found) {
    std::string_view bytes = ToView(value);
    int64_t position = 0;
    if (!storage::TakeInt64(&bytes, &position)) return Damaged("document index");
    replaced = position;
    if (absl::Status status = Commit(); !status.ok()) return status;
  }
  value.Reset();
  if (absl::Status status = AddVersion(generation, record, replaced); !status.ok()) return status;
  documents_in_batch_.insert(newest_key);
  generation->documents_position = version.document_position;
  if (!record.extractor_version.empty()) generation->extractor_version = record.extractor_version;
  state_.extractions_position = record.position;

  const bool switches = state_.building.number != 0 &&
                        state_.building.documents_position >= state_.serving.documents_position;
  if (switches) {
    WriteActors();
    batch_.DropGeneration(state_.serving.number);
    state_.serving = std::exchange(state_.building, {});
  }
  return switches || replaced.has_value() ? Commit() : absl::OkStatus();
}

absl::Status Projector::AddVersion(GenerationState* generation, const PreparedRecord& record,
                                   const std::optional<int64_t>& replaced) {
  const DocumentEntries& entries = record.entries;
  const VersionRecord& version = entries.version;
  if (replaced.has_value()) {
    if (absl::Status status = MoveToPast(generation, *replaced); !status.ok()) return status;
    generation->last_superseded = version.document_position;
  }
  ++generation->versions;
  if (version.kind != VersionRecord::Kind::kDeleted) ++generation->documents;
  if (version.kind == VersionRecord::Kind::kFailed) ++generation->failures;
  generation->claims += entries.claims;
  generation->figures += entries.figures;
  generation->events += entries.events;
  generation->longest_publication =
      std::max(generation->longest_publication, entries.publication_days);
  generation->longest_event = std::max(generation->longest_event, entries.longest_event);
  generation->open_ended_events = generation->open_ended_events || entries.open_ended_events;

  const std::string position = PositionRest(version.document_position);
  VersionRecord without_reference = version;
  without_reference.reference.clear();
  batch_.Put(Key(*generation, Tag::kVersions, StringRest(version.document_id) + position),
             EncodeVersion(without_reference));
  batch_.Put(Key(*generation, Tag::kPositions, position), EncodeVersion(version));
  batch_.Put(Key(*generation, Tag::kRecorded, PositionRest(version.recorded_at_us) + position), "");
  batch_.Put(Key(*generation, Tag::kNewest, StringRest(version.document_id)), position);
  batch_.PutContent(generation->number, version.document_position, record.content);
  for (const EntryBuffer::Entry& entry : entries.lists.entries()) {
    batch_.PutView(TagPrefix(generation->number, entry.tag), entries.lists.rest(entry),
                   entries.lists.value(entry));
  }
  for (const EntryBuffer::Entry& entry : entries.postings.entries()) {
    batch_.PutPosting(generation->number, entries.postings.rest(entry), version.group,
                      entries.postings.value(entry));
  }
  if (!entries.claim_contexts.empty()) {
    batch_.PutView(TagPrefix(generation->number, Tag::kClaimContexts),
                   StringRest(version.document_id), entries.claim_contexts);
  }
  for (const ActorContribution& contribution : entries.actors) {
    absl::StatusOr<ActorState*> actor = ChangedActor(generation, contribution);
    if (!actor.ok()) return actor.status();
    if ((*actor)->entry.document_count() == 0) ++generation->actors;
    AddContribution(contribution.entry, &(*actor)->entry);
    absl::Status status = AddNames(*generation, contribution, version.document_position);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Projector::MoveToPast(GenerationState* generation, int64_t document_position) {
  absl::StatusOr<std::optional<std::string>> content =
      model_->view()->GetContent(generation->number, document_position);
  if (!content.ok()) return content.status();
  v1::ExtractionRecord record;
  if (!content->has_value() || !record.ParseFromString(**content)) return Damaged("document");
  const DocumentEntries entries = MakeDocumentEntries(record, **content);
  if (entries.version.kind == VersionRecord::Kind::kDeleted) return absl::OkStatus();
  --generation->documents;
  if (entries.version.kind == VersionRecord::Kind::kFailed) --generation->failures;
  generation->claims -= entries.claims;
  generation->figures -= entries.figures;
  generation->events -= entries.events;
  for (const EntryBuffer::Entry& entry : entries.lists.entries()) {
    const std::string_view rest = entries.lists.rest(entry);
    batch_.Delete(Key(*generation, entry.tag, rest));
    batch_.Put(Key(*generation, entry.tag, rest, Era::kPast), entries.lists.value(entry));
  }
  batch_.Delete(Key(*generation, Tag::kClaimContexts, StringRest(entries.version.document_id)));
  for (const ActorContribution& contribution : entries.actors) {
    if (absl::Status status = RemoveActor(generation, contribution, document_position);
        !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Projector::ActorState*> Projector::ChangedActor(
    GenerationState* generation, const ActorContribution& contribution) {
  const std::string cache_key = GenerationPrefix(generation->number) + ActorRest(contribution.key);
  const auto change = [this](std::pair<const std::string, ActorState>& known) {
    if (!known.second.changed) changed_actors_.push_back(&known);
    known.second.changed = true;
    return &known.second;
  };
  const auto cached = actors_.find(cache_key);
  if (cached != actors_.end()) return change(*cached);
  ActorState actor;
  rocksdb::PinnableSlice value;
  const std::shared_ptr<const View> view = model_->view();
  absl::StatusOr<bool> found =
      view->Get(Key(*generation, Tag::kActors, ActorRest(contribution.key)), &value);
  if (!found.ok()) return found.status();
  if (*found) {
    actor.sort_key = value.ToString();
    found = view->Get(
        Key(*generation, Tag::kActorNames, NameRest(actor.sort_key, contribution.key)), &value);
    if (!found.ok()) return found.status();
    if (!*found || !actor.entry.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return Damaged("actor directory");
    }
    actor.stored = true;
    if (actor.entry.document_count() > 0) actor.listed_claims = actor.entry.claim_count();
  } else {
    actor.sort_key = CollationKey(contribution.entry.name());
  }
  value.Reset();
  return change(*actors_.emplace(cache_key, std::move(actor)).first);
}

absl::Status Projector::RemoveActor(GenerationState* generation,
                                    const ActorContribution& contribution,
                                    int64_t document_position) {
  absl::StatusOr<ActorState*> actor = ChangedActor(generation, contribution);
  if (!actor.ok()) return actor.status();
  v1::ActorEntry& summary = (*actor)->entry;
  const bool new_days = NeedsNewDays(contribution.entry, summary);
  RemoveContribution(contribution.entry, &summary);
  if (summary.document_count() == 0) --generation->actors;
  if (!new_days) return absl::OkStatus();
  summary.clear_first_published();
  summary.clear_last_published();
  const std::shared_ptr<const View> view = model_->view();
  Cursor documents(*view,
                   {{Key(*generation, Tag::kActorDocuments, ActorRest(contribution.key)), "", ""}});
  v1::ActorEntry other;
  for (documents.Start(); documents.Valid(); documents.Next()) {
    if (PositionOf(documents.rest()) == document_position) continue;
    if (!other.ParseFromArray(documents.value().data(),
                              static_cast<int>(documents.value().size()))) {
      return Damaged("actor directory");
    }
    AddDays(other, &summary);
  }
  return documents.status();
}

absl::Status Projector::AddNames(const GenerationState& generation,
                                 const ActorContribution& contribution, int64_t document_position) {
  for (size_t i = 0; i < contribution.names.size(); ++i) {
    std::string rest = StringRest(contribution.names[i]);
    rest.push_back(i == 0 ? 0 : 1);
    AppendUint64(&rest, contribution.key);
    std::string key = Key(generation, Tag::kActorLookup, rest);
    if (known_names_.contains(key)) continue;
    rocksdb::PinnableSlice value;
    absl::StatusOr<bool> found = model_->view()->Get(key, &value);
    if (!found.ok()) return found.status();
    if (!*found) batch_.Put(key, PositionRest(document_position));
    known_names_.insert(std::move(key));
  }
  return absl::OkStatus();
}

// Writes the actors that changed, and where they stand in the lists of actors.
void Projector::WriteActors() {
  for (auto* const changed : changed_actors_) {
    auto& [cache_key, actor] = *changed;
    const std::string_view prefix = std::string_view(cache_key).substr(0, cache_key.size() - 8);
    const uint64_t key = ParseActorId(actor.entry.actor_id());
    const auto full_key = [&](Tag tag, std::string_view rest) {
      std::string full(prefix);
      full.push_back(static_cast<char>(tag));
      return full.append(rest);
    };
    if (!actor.stored) batch_.Put(full_key(Tag::kActors, ActorRest(key)), actor.sort_key);
    actor.stored = true;
    batch_.Put(full_key(Tag::kActorNames, NameRest(actor.sort_key, key)),
               actor.entry.SerializeAsString());
    const int32_t listed = actor.entry.document_count() > 0 ? actor.entry.claim_count() : -1;
    if (listed != actor.listed_claims) {
      if (actor.listed_claims >= 0) {
        batch_.Delete(
            full_key(Tag::kActorsByClaims, ByClaimsRest(actor.listed_claims, actor.sort_key, key)));
      }
      if (listed >= 0) {
        batch_.Put(full_key(Tag::kActorsByClaims, ByClaimsRest(listed, actor.sort_key, key)), "");
      }
      actor.listed_claims = listed;
    }
    actor.changed = false;
  }
  changed_actors_.clear();
}

absl::Status Projector::Commit() {
  WriteActors();
  if (batch_.empty() && state_ == model_->view()->state()) return absl::OkStatus();
  absl::Status status = model_->Commit(&batch_, state_);
  if (!status.ok()) return status;
  documents_in_batch_.clear();
  if (actors_.size() > kMaxCachedActors) actors_.clear();
  if (known_names_.size() > kMaxCachedNames) known_names_.clear();
  return absl::OkStatus();
}

// Goes back to what has been committed.
void Projector::Forget() {
  batch_.Clear();
  state_ = model_->view()->state();
  documents_in_batch_.clear();
  changed_actors_.clear();
  actors_.clear();
  known_names_.clear();
}

}  // namespace lagebild::query
