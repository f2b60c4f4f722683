#include "query_service/server/reader.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "common/paging/page_token.h"
#include "common/status/error.h"
#include "common/storage/keys.h"
#include "common/wire/append_field.h"
#include "query_service/index/items.h"
#include "query_service/index/search.h"
#include "query_service/index/words.h"
#include "query_service/projection/document_entries.h"
#include "query_service/projection/document_reference.h"
#include "query_service/projection/item_names.h"
#include "query_service/projection/span_text.h"
#include "query_service/server/actor_reader.h"
#include "query_service/server/request.h"

namespace lagebild::query {
namespace {

// Begins no name of a claim.
constexpr char kListClaimsQuestion[] = "ListClaims ";

absl::Status Damaged(std::string_view what) {
  return DataLoss(
      "CORRUPT_RECORD",
      std::string(what) + " in the read model is damaged; delete its directory, it is rebuilt");
}

absl::StatusOr<Order> OrderOf(v1::ItemOrder order) {
  switch (order) {
    case v1::ITEM_ORDER_UNSPECIFIED:
    case v1::ITEM_ORDER_PUBLISHED_DESC:
      return Order::kPublishedDesc;
    case v1::ITEM_ORDER_PUBLISHED_ASC:
      return Order::kPublishedAsc;
    case v1::ITEM_ORDER_RECORDED_DESC:
      return Order::kRecordedDesc;
    case v1::ITEM_ORDER_RECORDED_ASC:
      return Order::kRecordedAsc;
    default:
      return InvalidArgument("INVALID_FILTER", "not a value of this enum", "order_by");
  }
}

absl::Status ClaimNotFound() {
  return NotFound("CLAIM_NOT_FOUND", "there is no such claim in this picture", "name");
}

// The record of the version shown of a document; nullopt when none is.
absl::StatusOr<std::optional<v1::ExtractionRecord>> ReadRecord(const View& view,
                                                               const ResolvedPicture& picture,
                                                               std::string_view document_id) {
  if (view.generation() == 0) return std::nullopt;
  absl::StatusOr<std::optional<VersionRecord>> version =
      Visibility(view, picture).VersionOf(document_id);
  if (!version.ok()) return version.status();
  if (!version->has_value()) return std::nullopt;
  absl::StatusOr<std::optional<std::string>> content =
      view.GetContent(view.generation(), (*version)->document_position);
  if (!content.ok()) return content.status();
  v1::ExtractionRecord record;
  if (!content->has_value() || !record.ParseFromString(**content)) return Damaged("a document");
  return record;
}

// What the three lists share: page size, pinned read, conditions.
struct PreparedList {
  PinnedRead read;
  SearchRequest search;
};

template <class Request>
absl::StatusOr<PreparedList> PrepareList(const View& view, const Request& request) {
  PreparedList list;
  absl::StatusOr<int32_t> page_size = EffectivePageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  absl::StatusOr<PinnedRead> read = ResolvePage(view, request, request.picture());
  if (!read.ok()) return read.status();
  absl::StatusOr<Conditions> conditions =
      MakeConditions(view, request.filter(), read->picture.limit);
  if (!conditions.ok()) return conditions.status();
  list.read = *std::move(read);
  list.search.conditions = *std::move(conditions);
  list.search.picture = list.read.picture;
  list.search.after = list.read.after;
  list.search.page_size = static_cast<size_t>(*page_size);
  return list;
}

// Runs a search whose entries are field 1 of the response, then the token (2) and state (3).
template <class Request>
absl::Status RunList(const View& view, const Request& request, const PreparedList& list,
                     const Reader::Alive& alive,
                     const std::function<void(const Found&, std::string*)>& append,
                     std::string* bytes) {
  constexpr size_t kUsualEntryBytes = 600;
  bytes->reserve(std::min(list.search.page_size, size_t{kDefaultPageSize}) * kUsualEntryBytes);
  absl::StatusOr<SearchResult> result =
      Search(view, list.search, alive, [&](const Found& found) { append(found, bytes); });
  if (!result.ok()) return result.status();
  if (result->more) AppendField(bytes, 2, NextPageToken(request, list.read, result->last));
  AppendField(bytes, 3, list.read.state);
  return absl::OkStatus();
}

v1::TimeInterval TimeOf(const v1::ClaimEntry& entry) { return entry.claim().about(); }

// An entry of the timeline around a stored entry.
absl::Status AppendTimelineEntry(const Found& found, std::string* bytes) {
  v1::TimelineEntry around;
  uint32_t field = 0;
  switch (found.kind) {
    case ItemKind::kEvent: {
      field = v1::TimelineEntry::kEventFieldNumber;
      v1::EventEntry entry;
      if (!entry.ParseFromArray(found.entry.data(), static_cast<int>(found.entry.size()))) {
        return Damaged("an event");
      }
      if (entry.event().has_time()) *around.mutable_time() = entry.event().time();
      *around.mutable_source() = entry.event().span();
      break;
    }
    case ItemKind::kClaim: {
      field = v1::TimelineEntry::kClaimFieldNumber;
      v1::ClaimEntry entry;
      if (!entry.ParseFromArray(found.entry.data(), static_cast<int>(found.entry.size()))) {
        return Damaged("a claim");
      }
      if (entry.claim().has_about()) *around.mutable_time() = TimeOf(entry);
      if (entry.claim().content_size() > 0) *around.mutable_source() = entry.claim().content(0);
      break;
    }
    case ItemKind::kFigure: {
      field = v1::TimelineEntry::kFigureFieldNumber;
      v1::FigureEntry entry;
      if (!entry.ParseFromArray(found.entry.data(), static_cast<int>(found.entry.size()))) {
        return Damaged("a figure");
      }
      if (entry.has_as_of()) *around.mutable_time() = entry.as_of();
      *around.mutable_source() = entry.figure().span();
      break;
    }
  }
  std::string serialized = around.SerializeAsString();
  AppendField(&serialized, field, found.document, found.entry);
  AppendField(bytes, 1, serialized);
  return absl::OkStatus();
}

}  // namespace

absl::Status Reader::ListActors(const v1::ListActorsRequest& request, const Alive& alive,
                                v1::ListActorsResponse* response) const {
  const std::shared_ptr<const View> view = model_->view();
  absl::StatusOr<int32_t> page_size = EffectivePageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  absl::StatusOr<PinnedRead> read = ResolvePage(*view, request, request.picture());
  if (!read.ok()) return read.status();
  ActorSearch search;
  search.page_size = static_cast<size_t>(*page_size);
  search.after = read->after;
  for (const int type : request.types()) {
    if (!v1::ActorType_IsValid(type)) {
      return InvalidArgument("INVALID_FILTER", "not a value of this enum", "types");
    }
    search.types |= 1u << type;
  }
  switch (request.order_by()) {
    case v1::ACTOR_ORDER_UNSPECIFIED:
    case v1::ACTOR_ORDER_NAME_ASC:
      break;
    case v1::ACTOR_ORDER_CLAIMS_DESC:
      search.by_claims = true;
      break;
    default:
      return InvalidArgument("INVALID_FILTER", "not a value of this enum", "order_by");
  }
  search.folded_text = FoldCase(request.text());
  *response->mutable_read_state() = read->state;
  if (view->generation() == 0) return absl::OkStatus();
  ActorReader actors(*view, read->picture, alive);
  if (!request.document_id().empty()) {
    absl::StatusOr<std::optional<v1::ExtractionRecord>> record =
        ReadRecord(*view, read->picture, request.document_id());
    if (!record.ok()) return record.status();
    search.among.emplace();
    if (record->has_value()) {
      for (const v1::ActorReference& actor : MakeActorReferences((*record)->extraction())) {
        if (const uint64_t key = ParseActorId(actor.actor_id()); key != 0) {
          search.among->push_back(key);
        }
      }
    }
  }
  absl::StatusOr<SearchResult> result =
      actors.List(search, [&](const v1::ActorEntry& entry) { *response->add_actors() = entry; });
  if (!result.ok()) return result.status();
  if (result->more) response->set_next_page_token(NextPageToken(request, *read, result->last));
  return absl::OkStatus();
}

absl::Status Reader::GetActor(const v1::GetActorRequest& request, const Alive& alive,
                              v1::GetActorResponse* response) const {
  if (request.actor_id().empty()) {
    return InvalidArgument("INVALID_NAME", "an actor's id or name is required", "actor_id");
  }
  const std::shared_ptr<const View> view = model_->view();
  absl::StatusOr<PinnedRead> read = ResolvePicture(*view, request.picture());
  if (!read.ok()) return read.status();
  *response->mutable_read_state() = read->state;
  absl::StatusOr<std::vector<uint64_t>> keys =
      FindActors(*view, request.actor_id(), read->picture.limit);
  if (!keys.ok()) return keys.status();
  ActorReader actors(*view, read->picture, alive);
  std::vector<std::pair<uint64_t, v1::ActorEntry>> found;
  if (view->generation() != 0) {
    for (const uint64_t key : *keys) {
      absl::StatusOr<std::optional<v1::ActorEntry>> entry = actors.Get(key);
      if (!entry.ok()) return entry.status();
      if (entry->has_value()) found.emplace_back(key, **std::move(entry));
    }
  }
  if (found.empty()) {
    return NotFound("ACTOR_NOT_FOUND", "there is no such actor in this picture", "actor_id");
  }
  if (found.size() > 1) {
    std::string message = "the name is that of several actors; ask by id:";
    for (const auto& [key, entry] : found) {
      message += " " + entry.actor_id() + " (" + entry.name() + ", " +
                 v1::ActorType_Name(entry.type()) + ")";
    }
    return InvalidArgument("AMBIGUOUS_ACTOR", message, "actor_id");
  }
  *response->mutable_actor() = std::move(found.front().second);
  return actors.Documents(found.front().first, 100, response->mutable_documents());
}

absl::Status Reader::ListClaims(const v1::ListClaimsRequest& request, const Alive& alive,
                                std::string* bytes) const {
  const std::shared_ptr<const View> view = model_->view();
  // An answer is a function of request and state. Later pages are hardly asked for twice.
  const bool may_come_again = request.page_token().empty();
  const AnswerCache::State state = {.generation = view->generation(),
                                    .change = view->state().extractions_position};
  std::string question;
  if (may_come_again) {
    question = kListClaimsQuestion;
    request.AppendToString(&question);
    if (answers_.Append(question, state, bytes)) return absl::OkStatus();
  }
  absl::StatusOr<PreparedList> list = PrepareList(*view, request);
  if (!list.ok()) return list.status();
  absl::StatusOr<Order> order = OrderOf(request.order_by());
  if (!order.ok()) return order.status();
  list->search.order = *order;
  list->search.kinds = {ItemKind::kClaim};
  list->search.conditions.without_fragments = !request.include_fragments();
  const size_t begin = bytes->size();
  absl::Status status = RunList(
      *view, request, *list, alive,
      [](const Found& found, std::string* out) {
        AppendField(out, 1, found.document, found.entry);
      },
      bytes);
  if (status.ok() && may_come_again) {
    answers_.Put(question, state, std::string_view(*bytes).substr(begin));
  }
  return status;
}

absl::Status Reader::ListFigures(const v1::ListFiguresRequest& request, const Alive& alive,
                                 std::string* bytes) const {
  const std::shared_ptr<const View> view = model_->view();
  absl::StatusOr<PreparedList> list = PrepareList(*view, request);
  if (!list.ok()) return list.status();
  absl::StatusOr<Order> order = OrderOf(request.order_by());
  if (!order.ok()) return order.status();
  list->search.order = *order;
  list->search.kinds = {ItemKind::kFigure};
  list->search.conditions.claimed_only = request.claimed_only();
  if (!request.unit().empty()) {
    const std::vector<std::string> words = WordsOf(request.unit());
    // A unit that is a sign ("%") holds no word; it is looked up as it stands.
    if (words.empty()) {
      list->search.conditions.terms.push_back({{Field::kUnit, FoldCase(request.unit()), false}});
    }
    for (const std::string& word : words) {
      list->search.conditions.terms.push_back({{Field::kUnit, word, false}});
    }
  }
  return RunList(
      *view, request, *list, alive,
      [](const Found& found, std::string* out) {
        AppendField(out, 1, found.document, found.entry);
      },
      bytes);
}

absl::Status Reader::GetTimeline(const v1::GetTimelineRequest& request, const Alive& alive,
                                 std::string* bytes) const {
  const std::shared_ptr<const View> view = model_->view();
  absl::StatusOr<PreparedList> list = PrepareList(*view, request);
  if (!list.ok()) return list.status();
  list->search.order = Order::kTimeline;
  bool all = request.kinds().empty();
  std::vector<ItemKind>& kinds = list->search.kinds;
  for (const int kind : request.kinds()) {
    switch (kind) {
      case v1::TIMELINE_ENTRY_KIND_UNSPECIFIED:
        all = true;
        break;
      case v1::TIMELINE_ENTRY_KIND_EVENT:
        kinds.push_back(ItemKind::kEvent);
        break;
      case v1::TIMELINE_ENTRY_KIND_CLAIM:
        kinds.push_back(ItemKind::kClaim);
        break;
      case v1::TIMELINE_ENTRY_KIND_FIGURE:
        kinds.push_back(ItemKind::kFigure);
        break;
      default:
        return InvalidArgument("INVALID_FILTER", "not a value of this enum", "kinds");
    }
  }
  if (all) kinds = {ItemKind::kClaim, ItemKind::kFigure, ItemKind::kEvent};
  // Quoted fragments repeat what the claim they stand in is about.
  list->search.conditions.without_fragments = true;
  absl::Status damage;
  absl::Status status = RunList(
      *view, request, *list, alive,
      [&](const Found& found, std::string* out) {
        if (damage.ok()) damage = AppendTimelineEntry(found, out);
      },
      bytes);
  return status.ok() ? damage : status;
}

absl::Status Reader::GetClaim(const v1::GetClaimRequest& request, std::string* bytes) const {
  std::string document_id;
  std::string claim_id;
  if (!ParseItemName(request.name(), "claims", &document_id, &claim_id)) {
    return InvalidArgument("INVALID_NAME", "not of the form documents/{document}/claims/{claim}",
                           "name");
  }
  const std::shared_ptr<const View> view = model_->view();
  absl::StatusOr<PinnedRead> read = ResolvePicture(*view, request.picture());
  if (!read.ok()) return read.status();
  if (view->generation() == 0) return ClaimNotFound();

  if (!read->picture.as_of_us.has_value() && request.picture().recorded_by().empty()) {
    // What a version said never changes, and which versions are the newest changes only with
    // last_superseded.
    AnswerCache::State state = {.generation = view->generation(),
                                .change = view->serving().last_superseded,
                                .position = view->serving().documents_position};
    if (answers_.Append(request.name(), state, bytes)) {
      AppendField(bytes, v1::GetClaimResponse::kReadStateFieldNumber, read->state);
      return absl::OkStatus();
    }
    std::string key = TagPrefix(view->generation(), Tag::kClaimContexts);
    storage::AppendString(&key, document_id);
    rocksdb::PinnableSlice contexts;
    absl::StatusOr<bool> found = view->Get(key, &contexts);
    if (!found.ok()) return found.status();
    if (!*found) return ClaimNotFound();
    const std::optional<ClaimPlace> place = FindClaim(storage::ToView(contexts), claim_id);
    if (!place.has_value()) return ClaimNotFound();
    key = TagPrefix(view->generation(), Tag::kItems);
    key.push_back(static_cast<char>(ItemKind::kClaim));
    key.append(place->group);
    rocksdb::PinnableSlice claims;
    found = view->Get(key, &claims);
    if (!found.ok()) return found.status();
    const std::optional<StoredItem> claim =
        *found ? ItemsReader(storage::ToView(claims)).Seek(place->item) : std::nullopt;
    if (!claim.has_value()) return Damaged("a claim");
    const size_t begin = bytes->size();
    bytes->reserve(begin + claim->document.size() + claim->entry.size() + place->context.size() +
                   64);
    AppendField(bytes, v1::GetClaimResponse::kClaimFieldNumber, claim->document, claim->entry);
    bytes->append(place->context);
    state.position = PositionOf(place->group);
    answers_.Put(request.name(), state, std::string_view(*bytes).substr(begin));
    AppendField(bytes, v1::GetClaimResponse::kReadStateFieldNumber, read->state);
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<v1::ExtractionRecord>> record =
      ReadRecord(*view, read->picture, document_id);
  if (!record.ok()) return record.status();
  if (!record->has_value()) return ClaimNotFound();
  const v1::Extraction& extraction = (*record)->extraction();
  const auto claim = std::find_if(extraction.claims().begin(), extraction.claims().end(),
                                  [&](const v1::Claim& one) { return one.id() == claim_id; });
  if (claim == extraction.claims().end()) return ClaimNotFound();
  const int index = static_cast<int>(claim - extraction.claims().begin());
  const std::string encoded = (*record)->SerializeAsString();
  AppendField(bytes, v1::GetClaimResponse::kClaimFieldNumber,
              MakeClaimEntry(**record, encoded, index));
  bytes->append(MakeClaimContext(**record, encoded, index));
  AppendField(bytes, v1::GetClaimResponse::kReadStateFieldNumber, read->state);
  return absl::OkStatus();
}

absl::Status Reader::GetDocument(const v1::QueryServiceGetDocumentRequest& request,
                                 v1::QueryServiceGetDocumentResponse* response) const {
  if (request.document_id().empty()) {
    return InvalidArgument("INVALID_NAME", "a document's id is required", "document_id");
  }
  const std::shared_ptr<const View> view = model_->view();
  absl::StatusOr<PinnedRead> read = ResolvePicture(*view, request.picture());
  if (!read.ok()) return read.status();
  absl::StatusOr<std::optional<v1::ExtractionRecord>> found =
      ReadRecord(*view, read->picture, request.document_id());
  if (!found.ok()) return found.status();
  if (!found->has_value()) {
    return NotFound("DOCUMENT_NOT_FOUND", "there is no such document in this picture",
                    "document_id");
  }
  v1::ExtractionRecord& record = **found;
  *response->mutable_reference() = MakeDocumentReference(record, PublicationOf(record));
  if (record.has_extraction()) {
    for (v1::ActorReference& actor : MakeActorReferences(record.extraction())) {
      *response->add_actors() = std::move(actor);
    }
    SpanTextFiller(record.document().text()).Fill(record.mutable_extraction());
    *response->mutable_extraction() = std::move(*record.mutable_extraction());
  } else if (record.has_failure()) {
    *response->mutable_failure() = std::move(*record.mutable_failure());
  }
  *response->mutable_document() = std::move(*record.mutable_document());
  response->mutable_document()->clear_raw();
  *response->mutable_read_state() = read->state;
  return absl::OkStatus();
}

}  // namespace lagebild::query
