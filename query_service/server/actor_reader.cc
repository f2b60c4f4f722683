#include "query_service/server/actor_reader.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "common/status/error.h"
#include "common/storage/keys.h"
#include "lagebild/v1/log.pb.h"
#include "query_service/index/words.h"
#include "query_service/projection/actor_summary.h"
#include "query_service/projection/document_entries.h"

namespace lagebild::query {
namespace {

using storage::AppendInt64;
using storage::AppendString;
using storage::AppendUint32;
using storage::AppendUint64;

constexpr size_t kStepsBetweenChecks = 64;
// Beyond so many versions since the picture, everything is counted anew.
constexpr int kMaxReplayedVersions = 500;

absl::Status Damaged() {
  return DataLoss("CORRUPT_RECORD",
                  "the actor directory is damaged; delete the read model, it is rebuilt");
}

absl::Status BadPlace() {
  return InvalidArgument("INVALID_PAGE_TOKEN", "the page token is not one of this list",
                         "page_token");
}

bool Parse(std::string_view bytes, v1::ActorEntry* entry) {
  return entry->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

bool Matches(const ActorSearch& search, const v1::ActorEntry& entry) {
  if (search.types != 0 && (search.types & (1u << entry.type())) == 0) return false;
  if (search.folded_text.empty()) return true;
  const auto holds = [&](const std::string& name) {
    return FoldCase(name).find(search.folded_text) != std::string::npos;
  };
  return holds(entry.name()) ||
         std::any_of(entry.aliases().begin(), entry.aliases().end(),
                     [&](const v1::NameCount& alias) { return holds(alias.name()); });
}

std::string Place(const ActorSearch& search, const v1::ActorEntry& entry, std::string_view sort_key,
                  uint64_t key) {
  std::string place;
  if (search.by_claims) AppendUint32(&place, ~static_cast<uint32_t>(entry.claim_count()));
  AppendString(&place, sort_key);
  AppendUint64(&place, key);
  return place;
}

// Actor key at the end of a place.
bool KeyOfPlace(std::string_view place, uint64_t* key) {
  if (place.size() < 8) return false;
  place.remove_prefix(place.size() - 8);
  return storage::TakeUint64(&place, key);
}

// Collects a page.
class Page {
 public:
  Page(const ActorSearch& search, const std::function<void(const v1::ActorEntry&)>& visit)
      : search_(search), visit_(visit) {}

  // False when the page was full before.
  bool Add(const v1::ActorEntry& entry, std::string place) {
    if (count_ == search_.page_size) {
      result_.more = true;
      return false;
    }
    ++count_;
    result_.last = std::move(place);
    visit_(entry);
    return true;
  }
  SearchResult result() const { return result_; }

 private:
  const ActorSearch& search_;
  const std::function<void(const v1::ActorEntry&)>& visit_;
  SearchResult result_;
  size_t count_ = 0;
};

}  // namespace

ActorReader::ActorReader(const View& view, const ResolvedPicture& picture,
                         const std::function<absl::Status()>& alive)
    : view_(view), picture_(picture), alive_(alive), visibility_(view, picture) {}

absl::Status ActorReader::Step() {
  return ++steps_ % kStepsBetweenChecks == 0 ? alive_() : absl::OkStatus();
}

// Finds the actors of which the picture may say something else than what is stored.
absl::Status ActorReader::FindChanged() {
  if (prepared_) return absl::OkStatus();
  prepared_ = true;
  if (picture_.as_of_us.has_value()) {
    all_changed_ = true;
    return absl::OkStatus();
  }
  Cursor versions(view_, {{TagPrefix(view_.generation(), Tag::kPositions), "", ""}});
  std::string at;
  AppendInt64(&at, picture_.limit + 1);
  int count = 0;
  for (versions.Seek(at); versions.Valid(); versions.Next()) {
    if (++count > kMaxReplayedVersions) {
      all_changed_ = true;
      return absl::OkStatus();
    }
    const std::optional<VersionRecord> version = DecodeVersion(versions.value());
    if (!version.has_value()) return Damaged();
    if (absl::Status status = AddActorsOf(version->document_position); !status.ok()) return status;
    // What it replaced belongs to the picture again.
    absl::StatusOr<std::optional<VersionRecord>> replaced =
        visibility_.VersionOf(version->document_id);
    if (!replaced.ok()) return replaced.status();
    if (replaced->has_value()) {
      absl::Status status = AddActorsOf((*replaced)->document_position);
      if (!status.ok()) return status;
    }
  }
  return versions.status();
}

absl::Status ActorReader::AddActorsOf(int64_t document_position) {
  if (absl::Status status = Step(); !status.ok()) return status;
  absl::StatusOr<std::optional<std::string>> content =
      view_.GetContent(view_.generation(), document_position);
  if (!content.ok()) return content.status();
  v1::ExtractionRecord record;
  if (!content->has_value() || !record.ParseFromString(**content)) return Damaged();
  for (const v1::ActorReference& actor : MakeActorReferences(record.extraction())) {
    if (const uint64_t key = ParseActorId(actor.actor_id()); key != 0) changed_.insert(key);
  }
  return absl::OkStatus();
}

bool ActorReader::IsAsStored(uint64_t key) const {
  return !all_changed_ && changed_.count(key) == 0;
}

absl::StatusOr<std::optional<v1::ActorEntry>> ActorReader::AtPicture(uint64_t key,
                                                                     v1::ActorEntry stored) {
  if (IsAsStored(key)) {
    if (stored.document_count() == 0) return std::nullopt;
    return stored;
  }
  v1::ActorEntry entry;
  entry.set_actor_id(stored.actor_id());
  entry.set_name(stored.name());
  entry.set_type(stored.type());
  entry.set_country(stored.country());
  std::vector<Cursor::Part> parts;
  for (const Era era : visibility_.eras()) {
    Cursor::Part part;
    part.prefix = TagPrefix(view_.generation(), Tag::kActorDocuments, era);
    AppendUint64(&part.prefix, key);
    parts.push_back(std::move(part));
  }
  Cursor documents(view_, std::move(parts));
  v1::ActorEntry contribution;
  for (documents.Start(); documents.Valid(); documents.Next()) {
    if (absl::Status status = Step(); !status.ok()) return status;
    if (documents.rest().size() != kGroupBytes) return Damaged();
    absl::StatusOr<bool> visible = visibility_.Visible(PositionOf(documents.rest()));
    if (!visible.ok()) return visible.status();
    if (!*visible) continue;
    if (!Parse(documents.value(), &contribution)) return Damaged();
    AddContribution(contribution, &entry);
  }
  if (!documents.status().ok()) return documents.status();
  if (entry.document_count() == 0) return std::nullopt;
  return entry;
}

absl::StatusOr<std::optional<v1::ActorEntry>> ActorReader::Get(uint64_t key) {
  if (absl::Status status = FindChanged(); !status.ok()) return status;
  std::string actor_key = TagPrefix(view_.generation(), Tag::kActors);
  AppendUint64(&actor_key, key);
  rocksdb::PinnableSlice value;
  absl::StatusOr<bool> found = view_.Get(actor_key, &value);
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  std::string name_key = TagPrefix(view_.generation(), Tag::kActorNames);
  AppendString(&name_key, storage::ToView(value));
  AppendUint64(&name_key, key);
  found = view_.Get(name_key, &value);
  if (!found.ok()) return found.status();
  v1::ActorEntry stored;
  if (!*found || !Parse(storage::ToView(value), &stored)) return Damaged();
  return AtPicture(key, std::move(stored));
}

absl::Status ActorReader::Documents(
    uint64_t key, int limit, google::protobuf::RepeatedPtrField<v1::DocumentReference>* documents) {
  std::vector<Cursor::Part> parts;
  for (const Era era : visibility_.eras()) {
    Cursor::Part part;
    part.prefix = TagPrefix(view_.generation(), Tag::kActorDocuments, era);
    AppendUint64(&part.prefix, key);
    parts.push_back(std::move(part));
  }
  Cursor cursor(view_, std::move(parts));
  for (cursor.Start(); cursor.Valid() && documents->size() < limit; cursor.Next()) {
    if (absl::Status status = Step(); !status.ok()) return status;
    if (cursor.rest().size() != kGroupBytes) return Damaged();
    const int64_t position = PositionOf(cursor.rest());
    absl::StatusOr<bool> visible = visibility_.Visible(position);
    if (!visible.ok()) return visible.status();
    if (!*visible) continue;
    absl::StatusOr<std::optional<VersionRecord>> version = ReadVersion(view_, position);
    if (!version.ok()) return version.status();
    if (!version->has_value() || !documents->Add()->ParseFromString((*version)->reference)) {
      return Damaged();
    }
  }
  return cursor.status();
}

absl::StatusOr<SearchResult> ActorReader::List(
    const ActorSearch& search, const std::function<void(const v1::ActorEntry&)>& visit) {
  uint64_t key = 0;
  if (!search.after.empty() && !KeyOfPlace(search.after, &key)) return BadPlace();
  if (absl::Status status = FindChanged(); !status.ok()) return status;
  if (search.among.has_value()) return ListAmong(search, visit);
  return search.by_claims ? ListByClaims(search, visit) : ListByName(search, visit);
}

absl::StatusOr<SearchResult> ActorReader::ListByName(
    const ActorSearch& search, const std::function<void(const v1::ActorEntry&)>& visit) {
  Page page(search, visit);
  Cursor names(view_, {{TagPrefix(view_.generation(), Tag::kActorNames), "", ""}});
  if (search.after.empty()) {
    names.Start();
  } else {
    names.Seek(search.after + '\0');
  }
  for (; names.Valid(); names.Next()) {
    if (absl::Status status = Step(); !status.ok()) return status;
    uint64_t key = 0;
    v1::ActorEntry stored;
    if (!KeyOfPlace(names.rest(), &key) || !Parse(names.value(), &stored)) return Damaged();
    if (!Matches(search, stored) && IsAsStored(key)) continue;
    absl::StatusOr<std::optional<v1::ActorEntry>> entry = AtPicture(key, std::move(stored));
    if (!entry.ok()) return entry.status();
    if (!entry->has_value() || !Matches(search, **entry)) continue;
    if (!page.Add(**entry, std::string(names.rest()))) break;
  }
  if (!names.status().ok()) return names.status();
  return page.result();
}

absl::StatusOr<SearchResult> ActorReader::ListByClaims(
    const ActorSearch& search, const std::function<void(const v1::ActorEntry&)>& visit) {
  // Actors whose number differs from the stored list, where the picture puts them.
  std::map<std::string, v1::ActorEntry> moved;
  const auto add_moved = [&](uint64_t key, v1::ActorEntry stored,
                             std::string_view sort_key) -> absl::Status {
    absl::StatusOr<std::optional<v1::ActorEntry>> entry = AtPicture(key, std::move(stored));
    if (!entry.ok()) return entry.status();
    if (!entry->has_value() || !Matches(search, **entry)) return absl::OkStatus();
    std::string place = Place(search, **entry, sort_key, key);
    if (place <= search.after) return absl::OkStatus();
    moved.emplace(std::move(place), **std::move(entry));
    if (moved.size() > search.page_size + 1) moved.erase(std::prev(moved.end()));
    return absl::OkStatus();
  };
  if (all_changed_) {
    Cursor names(view_, {{TagPrefix(view_.generation(), Tag::kActorNames), "", ""}});
    for (names.Start(); names.Valid(); names.Next()) {
      std::string_view rest = names.rest();
      std::string sort_key;
      uint64_t key = 0;
      v1::ActorEntry stored;
      if (!storage::TakeString(&rest, &sort_key) || !storage::TakeUint64(&rest, &key) ||
          !Parse(names.value(), &stored)) {
        return Damaged();
      }
      absl::Status status = add_moved(key, std::move(stored), sort_key);
      if (!status.ok()) return status;
    }
    if (!names.status().ok()) return names.status();
  } else {
    for (const uint64_t key : changed_) {
      absl::StatusOr<std::optional<v1::ActorEntry>> entry = Get(key);
      if (!entry.ok()) return entry.status();
      if (!entry->has_value()) continue;
      const std::string sort_key = CollationKey((*entry)->name());
      absl::Status status = add_moved(key, **std::move(entry), sort_key);
      if (!status.ok()) return status;
    }
  }

  Page page(search, visit);
  auto next_moved = moved.begin();
  const auto emit_moved_before = [&](std::string_view place) {
    for (; next_moved != moved.end() && (place.empty() || next_moved->first < place);
         ++next_moved) {
      if (!page.Add(next_moved->second, next_moved->first)) return false;
    }
    return true;
  };
  if (!all_changed_) {
    Cursor list(view_, {{TagPrefix(view_.generation(), Tag::kActorsByClaims), "", ""}});
    if (search.after.empty()) {
      list.Start();
    } else {
      list.Seek(search.after + '\0');
    }
    for (; list.Valid(); list.Next()) {
      if (absl::Status status = Step(); !status.ok()) return status;
      uint64_t key = 0;
      if (!KeyOfPlace(list.rest(), &key)) return Damaged();
      if (changed_.count(key) != 0) continue;
      absl::StatusOr<std::optional<v1::ActorEntry>> entry = Get(key);
      if (!entry.ok()) return entry.status();
      if (!entry->has_value() || !Matches(search, **entry)) continue;
      if (!emit_moved_before(list.rest())) return page.result();
      if (!page.Add(**entry, std::string(list.rest()))) return page.result();
    }
    if (!list.status().ok()) return list.status();
  }
  emit_moved_before("");
  return page.result();
}

absl::StatusOr<SearchResult> ActorReader::ListAmong(
    const ActorSearch& search, const std::function<void(const v1::ActorEntry&)>& visit) {
  std::map<std::string, v1::ActorEntry> sorted;
  for (const uint64_t key : *search.among) {
    absl::StatusOr<std::optional<v1::ActorEntry>> entry = Get(key);
    if (!entry.ok()) return entry.status();
    if (!entry->has_value() || !Matches(search, **entry)) continue;
    std::string place = Place(search, **entry, CollationKey((*entry)->name()), key);
    if (place > search.after) sorted.emplace(std::move(place), **std::move(entry));
  }
  Page page(search, visit);
  for (const auto& [place, entry] : sorted) {
    if (!page.Add(entry, place)) break;
  }
  return page.result();
}

}  // namespace lagebild::query
