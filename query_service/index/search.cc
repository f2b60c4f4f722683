#include "query_service/index/search.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "common/status/error.h"
#include "common/storage/keys.h"
#include "query_service/index/items.h"
#include "query_service/index/postings.h"

namespace lagebild::query {
namespace {

using storage::AppendInt64;
using storage::AppendString;
using storage::AppendUint32;
using storage::AppendUint64;
using storage::TakeInt64;
using storage::TakeUint32;
using storage::ToView;

constexpr size_t kItemRestBytes = kGroupBytes + 4;
constexpr size_t kStepsBetweenChecks = 256;
// So many versions and documents a search remembers the visibility of.
constexpr size_t kMaxRemembered = 100'000;

absl::Status DamagedEntry() {
  return DataLoss("CORRUPT_RECORD",
                  "an entry of the read model is damaged; delete its directory, it is rebuilt");
}

absl::Status BadPlace() {
  return InvalidArgument("INVALID_PAGE_TOKEN", "the page token is not one of this list",
                         "page_token");
}

bool Overlaps(int32_t first, int32_t last, const DaySpan& span) {
  return first <= span.last && last >= span.first;
}

int32_t AddDays(int32_t day, int64_t days) {
  return static_cast<int32_t>(
      std::clamp<int64_t>(day + days, kOpenBeginning + int64_t{1}, kOpenEnd - int64_t{1}));
}

// The groups that publication bounds leave: a group's day is the last day of publication (give or
// take a day for offsets), so its first day lies at most the longest publication before.
// A picture leaves out the days after its own.
GroupBounds BoundsOf(const SearchRequest& request, const GenerationState& state) {
  GroupBounds bounds;
  if (request.picture.as_of_us.has_value()) {
    bounds.lower = GroupDayPrefix(request.picture.as_of_day);
  }
  if (!request.conditions.published.has_value()) return bounds;
  const DaySpan& published = *request.conditions.published;
  if (published.last != kOpenEnd) {
    // Later days have smaller prefixes: the higher bound is the narrower one.
    bounds.lower =
        std::max(bounds.lower,
                 GroupDayPrefix(AddDays(published.last, int64_t{1} + state.longest_publication)));
  }
  if (published.first != kOpenBeginning) {
    bounds.upper = GroupDayPrefix(AddDays(published.first, -2));
  }
  return bounds;
}

// One search.
class Searcher {
 public:
  Searcher(const View& view, const SearchRequest& request,
           const std::function<absl::Status()>& alive,
           const std::function<void(const Found&)>& visit)
      : view_(view),
        request_(request),
        conditions_(request.conditions),
        alive_(alive),
        visit_(visit),
        visibility_(view, request.picture),
        bounds_(BoundsOf(request, view.serving())) {}

  absl::StatusOr<SearchResult> Run() {
    absl::Status status = CheckPlace();
    if (!status.ok() || view_.generation() == 0 || request_.kinds.empty()) {
      if (!status.ok()) return status;
      return result_;
    }
    switch (request_.order) {
      case Order::kPublishedDesc:
      case Order::kPublishedAsc:
        status = RunPublished();
        break;
      case Order::kRecordedDesc:
      case Order::kRecordedAsc:
        status = RunRecorded();
        break;
      case Order::kTimeline:
        status = conditions_.terms.empty() && !conditions_.document_ids.has_value()
                     ? RunTimeline()
                     : RunSelectedTimeline();
        break;
    }
    if (!status.ok()) return status;
    return result_;
  }

 private:
  bool backward() const {
    return request_.order == Order::kPublishedAsc || request_.order == Order::kRecordedDesc;
  }
  ItemKind kind() const { return request_.kinds.front(); }

  absl::Status CheckPlace() const {
    size_t size = kItemRestBytes;
    if (request_.order == Order::kRecordedAsc || request_.order == Order::kRecordedDesc) size = 12;
    if (request_.order == Order::kTimeline) size = kTimelinePlaceBytes;
    return request_.after.empty() || request_.after.size() == size ? absl::OkStatus() : BadPlace();
  }

  absl::Status Step() { return ++steps_ % kStepsBetweenChecks == 0 ? alive_() : absl::OkStatus(); }

  // Hands an item over; false when the page was full before.
  bool Emit(const Found& found, std::string_view place) {
    if (count_ == request_.page_size) {
      result_.more = true;
      return false;
    }
    ++count_;
    result_.last.assign(place);
    visit_(found);
    return true;
  }

  // --- Items of one group

  std::string ItemsPrefix(Era era, ItemKind item_kind) const {
    std::string prefix = TagPrefix(view_.generation(), Tag::kItems, era);
    prefix.push_back(static_cast<char>(item_kind));
    return prefix;
  }

  // Reads the items of a group; not found when it is in none of the lists of the picture.
  absl::StatusOr<bool> GetItems(ItemKind item_kind, std::string_view group,
                                rocksdb::PinnableSlice* value) const {
    for (const Era era : visibility_.eras()) {
      absl::StatusOr<bool> found = view_.Get(ItemsPrefix(era, item_kind).append(group), value);
      if (!found.ok() || *found) return found;
    }
    return false;
  }

  // Calls `use` with those items of a group that match, from number `first` on, in text order;
  // stops when it returns false. `selected` holds the numbers of those that are looked at; null =
  // all.
  template <class Use>
  absl::Status UseItems(ItemKind item_kind, std::string_view group, std::string_view value,
                        const std::vector<uint32_t>* selected, uint32_t first, const Use& use,
                        bool* stopped) {
    ItemsReader items(value);
    Found found;
    found.kind = item_kind;
    found.group = group;
    size_t next = 0;
    if (selected != nullptr) {
      next = static_cast<size_t>(std::lower_bound(selected->begin(), selected->end(), first) -
                                 selected->begin());
    }
    for (uint32_t number = first;; ++number) {
      if (selected != nullptr) {
        if (next == selected->size()) return absl::OkStatus();
        number = (*selected)[next++];
      }
      const std::optional<StoredItem> item = items.Seek(number);
      if (!item.has_value()) break;
      if (absl::Status status = Step(); !status.ok()) return status;
      if (!conditions_.Match(item->header)) continue;
      found.item = item->number;
      found.header = item->header;
      found.document = item->document;
      found.entry = item->entry;
      *stopped = !use(found);
      if (*stopped) return absl::OkStatus();
    }
    // Postings name no items that are not there.
    return items.damaged() || selected != nullptr ? DamagedEntry() : absl::OkStatus();
  }

  // The same for a posting. It may be of a version that is in no list of the picture: then there is
  // nothing to be used.
  template <class Use>
  absl::Status ForItems(ItemKind item_kind, const Posting& posting, uint32_t first, const Use& use,
                        bool* stopped) {
    rocksdb::PinnableSlice value;
    absl::StatusOr<bool> found = GetItems(item_kind, posting.group, &value);
    if (!found.ok() || !*found) return found.status();
    return UseItems(item_kind, posting.group, ToView(value),
                    posting.items.has_value() ? &*posting.items : nullptr, first, use, stopped);
  }

  // --- Postings

  // The intersection that the conditions on postings describe; nullopt when there are none.
  absl::StatusOr<std::optional<Intersection>> Postings(ItemKind item_kind, bool walk_backward) {
    std::vector<std::unique_ptr<PostingSource>> sources;
    if (conditions_.document_ids.has_value()) {
      std::vector<std::string> groups;
      for (const std::string& id : *conditions_.document_ids) {
        absl::StatusOr<std::optional<VersionRecord>> version = visibility_.VersionOf(id);
        if (!version.ok()) return version.status();
        if (version->has_value()) groups.push_back((*version)->group);
      }
      sources.push_back(MakeGroupSource(std::move(groups), walk_backward));
    }
    const auto add = [&](const std::vector<Term>& terms) {
      sources.push_back(MakeTermSource(view_, item_kind, terms, bounds_, walk_backward, alive_));
    };
    for (const std::vector<Term>& terms : conditions_.terms) add(terms);
    if (conditions_.actors.has_value()) {
      std::vector<Term> terms;
      for (const uint64_t actor : *conditions_.actors) {
        Term term{Field::kActor, "", false};
        AppendUint64(&term.term, actor);
        terms.push_back(std::move(term));
      }
      add(terms);
    }
    if (sources.empty()) {
      if (const std::vector<Term> rare = RareBits(); !rare.empty()) add(rare);
    }
    if (sources.empty()) return std::nullopt;
    return Intersection(std::move(sources), walk_backward);
  }

  // Terms of the one condition on claims that most claims do not meet; none when all are common.
  std::vector<Term> RareBits() const {
    const struct {
      Field field;
      unsigned bits;
      unsigned common;
    } candidates[] = {{Field::kAct, conditions_.acts, kCommonActs},
                      {Field::kCertainty, conditions_.certainties, kCommonCertainties},
                      {Field::kPolarity, conditions_.polarities, kCommonPolarities},
                      {Field::kClaimKind, conditions_.kinds, kCommonKinds}};
    std::vector<Term> terms;
    for (const auto& candidate : candidates) {
      if (candidate.bits == 0 || (candidate.bits & candidate.common) != 0) continue;
      char value = 0;
      for (unsigned bits = candidate.bits; bits != 0; bits >>= 1, ++value) {
        if ((bits & 1) != 0) terms.push_back({candidate.field, std::string(1, value), false});
      }
      break;
    }
    return terms;
  }

  // --- By publication

  absl::Status RunPublished() {
    absl::StatusOr<std::optional<Intersection>> postings = Postings(kind(), backward());
    if (!postings.ok()) return postings.status();
    if (!postings->has_value()) return RunAllItems();

    std::string_view place = request_.after;
    std::string resume_group;
    uint32_t resume_item = 0;
    if (!place.empty()) {
      resume_group = std::string(place.substr(0, kGroupBytes));
      place.remove_prefix(kGroupBytes);
      TakeUint32(&place, &resume_item);
      ++resume_item;
    }
    (*postings)->Seek(resume_group);
    while (true) {
      absl::StatusOr<std::optional<Posting>> posting = (*postings)->Next();
      if (!posting.ok()) return posting.status();
      if (!posting->has_value()) return absl::OkStatus();
      bool stopped = false;
      const uint32_t first = (*posting)->group == resume_group ? resume_item : 0;
      if (absl::Status status = EmitGroup(**posting, first, &stopped); !status.ok() || stopped) {
        return status;
      }
    }
  }

  // Emits an item in an order other than the timeline's.
  bool EmitInOrder(const Found& found) {
    std::string place;
    if (request_.order == Order::kRecordedAsc || request_.order == Order::kRecordedDesc) {
      AppendInt64(&place, PositionOf(found.group));
    } else {
      place = std::string(found.group);
    }
    AppendUint32(&place, found.item);
    return Emit(found, place);
  }

  absl::Status EmitGroup(const Posting& posting, uint32_t first, bool* stopped) {
    if (absl::Status status = Step(); !status.ok()) return status;
    absl::StatusOr<bool> visible = visibility_.Visible(PositionOf(posting.group));
    if (!visible.ok()) return visible.status();
    if (!*visible) return absl::OkStatus();
    return ForItems(
        kind(), posting, first, [this](const Found& found) { return EmitInOrder(found); }, stopped);
  }

  // The fast path: documents stand in the order that is asked for, their items in text order.
  absl::Status RunAllItems() {
    std::vector<Cursor::Part> parts;
    for (const Era era : visibility_.eras()) {
      parts.push_back({ItemsPrefix(era, kind()), bounds_.lower, bounds_.upper});
    }
    Cursor groups(view_, std::move(parts), backward());
    std::string resume_group;
    uint32_t resume_item = 0;
    if (request_.after.empty()) {
      groups.Start();
    } else {
      std::string_view place = request_.after;
      resume_group = std::string(place.substr(0, kGroupBytes));
      place.remove_prefix(kGroupBytes);
      TakeUint32(&place, &resume_item);
      ++resume_item;
      // Groups have one length, so that nothing lies between one and itself with a byte behind it.
      groups.Seek(backward() ? resume_group + '\0' : resume_group);
    }
    for (; groups.Valid(); groups.Next()) {
      if (absl::Status status = Step(); !status.ok()) return status;
      const std::string_view group = groups.rest();
      if (group.size() != kGroupBytes) return DamagedEntry();
      absl::StatusOr<bool> visible = visibility_.Visible(PositionOf(group));
      if (!visible.ok()) return visible.status();
      if (!*visible) continue;
      bool stopped = false;
      absl::Status status = UseItems(
          kind(), group, groups.value(), nullptr, group == resume_group ? resume_item : 0,
          [this](const Found& found) { return EmitInOrder(found); }, &stopped);
      if (!status.ok() || stopped) return status;
    }
    return groups.status();
  }

  // --- By recording

  absl::Status RunRecorded() {
    std::string_view place = request_.after;
    int64_t resume_position = 0;
    uint32_t resume_item = 0;
    if (!place.empty()) {
      TakeInt64(&place, &resume_position);
      TakeUint32(&place, &resume_item);
      if (resume_position < 1 || resume_position > request_.picture.limit) return BadPlace();
      ++resume_item;
    }
    absl::StatusOr<std::optional<Intersection>> postings = Postings(kind(), false);
    if (!postings.ok()) return postings.status();
    if (!postings->has_value()) return RunAllVersions(resume_position, resume_item);

    std::vector<std::pair<int64_t, Posting>> selected;
    (*postings)->Seek("");
    while (true) {
      absl::StatusOr<std::optional<Posting>> posting = (*postings)->Next();
      if (!posting.ok()) return posting.status();
      if (!posting->has_value()) break;
      if (absl::Status status = Step(); !status.ok()) return status;
      const int64_t position = PositionOf((*posting)->group);
      if (!place_empty() &&
          (backward() ? position > resume_position : position < resume_position)) {
        continue;
      }
      selected.emplace_back(position, *std::move(*posting));
    }
    std::sort(selected.begin(), selected.end(), [&](const auto& a, const auto& b) {
      return backward() ? a.first > b.first : a.first < b.first;
    });
    for (const auto& [position, posting] : selected) {
      bool stopped = false;
      const uint32_t first = position == resume_position ? resume_item : 0;
      if (absl::Status status = EmitGroup(posting, first, &stopped); !status.ok() || stopped) {
        return status;
      }
    }
    return absl::OkStatus();
  }

  bool place_empty() const { return request_.after.empty(); }

  absl::Status RunAllVersions(int64_t resume_position, uint32_t resume_item) {
    Cursor versions(view_, {{TagPrefix(view_.generation(), Tag::kPositions), "", ""}}, backward());
    if (place_empty()) {
      versions.Start();
    } else {
      std::string at;
      AppendInt64(&at, resume_position + (backward() ? 1 : 0));
      versions.Seek(at);
    }
    for (; versions.Valid(); versions.Next()) {
      const std::optional<VersionRecord> version = DecodeVersion(versions.value());
      if (!version.has_value()) return DamagedEntry();
      if (version->document_position > request_.picture.limit) {
        if (!backward()) break;
        continue;
      }
      if (version->kind != VersionRecord::Kind::kAnalysed) continue;
      Posting posting;
      posting.group = version->group;
      if ((!bounds_.lower.empty() && posting.group < bounds_.lower) ||
          (!bounds_.upper.empty() && posting.group >= bounds_.upper)) {
        continue;
      }
      // An older version has no items in the lists of the newest picture, so it need not be told
      // apart there.
      bool stopped = false;
      const uint32_t first =
          !place_empty() && version->document_position == resume_position ? resume_item : 0;
      if (absl::Status status = EmitGroup(posting, first, &stopped); !status.ok() || stopped) {
        return status;
      }
    }
    return versions.status();
  }

  // --- Timelines

  bool Wanted(ItemKind item_kind) const {
    return std::find(request_.kinds.begin(), request_.kinds.end(), item_kind) !=
           request_.kinds.end();
  }

  // Stands in the order that is asked for: all, or what one of some actors takes part in.
  absl::Status RunTimeline() {
    std::vector<uint64_t> scopes = {0};
    if (conditions_.actors.has_value()) scopes = *conditions_.actors;
    std::vector<Cursor::Part> parts;
    for (const uint64_t scope : scopes) {
      for (const Era era : visibility_.eras()) {
        for (const TimelinePart part :
             {TimelinePart::kDated, TimelinePart::kOpenBeginning, TimelinePart::kUndated}) {
          if (part == TimelinePart::kUndated && conditions_.event_time.has_value()) continue;
          Cursor::Part list;
          list.prefix = TagPrefix(view_.generation(), Tag::kTimeline, era);
          AppendUint64(&list.prefix, scope);
          list.prefix.push_back(static_cast<char>(part));
          if (conditions_.event_time.has_value()) BoundTimeline(part, &list);
          parts.push_back(std::move(list));
        }
      }
    }
    if (parts.empty()) return absl::OkStatus();
    Cursor cursor(view_, std::move(parts));
    if (place_empty()) {
      cursor.Start();
    } else {
      cursor.Seek(std::string_view(request_.after).substr(0, kTimelineKeyBytes));
    }
    std::string key;
    std::string group;
    std::vector<std::string> places;
    rocksdb::PinnableSlice value;
    while (cursor.Valid()) {
      // One document's items of one interval, from the lists of all actors.
      key.assign(cursor.rest());
      places.clear();
      for (; cursor.Valid() && cursor.rest() == key; cursor.Next()) {
        if (absl::Status status = Step(); !status.ok()) return status;
        if (!TakeTimeline(key, cursor.value(), &group, &places)) return DamagedEntry();
      }
      absl::StatusOr<bool> visible = visibility_.Visible(PositionOf(group));
      if (!visible.ok()) return visible.status();
      if (!*visible) continue;
      std::sort(places.begin(), places.end());
      places.erase(std::unique(places.begin(), places.end()), places.end());
      for (const std::string& place : places) {
        absl::StatusOr<bool> more = EmitAt(group, place, &value);
        if (!more.ok()) return more.status();
        if (!*more) return absl::OkStatus();
      }
    }
    return cursor.status();
  }

  // Appends the places of an entry of the timeline that are asked for and lie behind the page
  // before; false when it is damaged.
  bool TakeTimeline(std::string_view key, std::string_view value, std::string* group,
                    std::vector<std::string>* places) const {
    constexpr size_t kItemBytes = 5;  // Kind and number.
    if (key.size() != kTimelineKeyBytes || value.size() < kGroupBytes) return false;
    group->assign(value.substr(0, kGroupBytes));
    value.remove_prefix(kGroupBytes);
    while (!value.empty()) {
      const std::string_view item = value.substr(0, kItemBytes);
      value.remove_prefix(item.size());
      ItemHeader header;
      if (item.size() != kItemBytes || !TakeHeader(&value, &header)) return false;
      std::string place(key);
      AppendInt32(&place, header.begin);
      place.append(item);
      if (Wanted(KindOfPlace(place)) && conditions_.Match(header) && place > request_.after) {
        places->push_back(std::move(place));
      }
    }
    return true;
  }

  // Where in a part of the timeline entries can lie that overlap the range asked for.
  void BoundTimeline(TimelinePart part, Cursor::Part* list) const {
    const DaySpan& range = *conditions_.event_time;
    if (range.first != kOpenBeginning) {
      const int64_t reach =
          part == TimelinePart::kDated ? view_.serving().longest_event : int64_t{0};
      // A dated entry without an end is open for ever, so only bounded ones limit how far back.
      if (part == TimelinePart::kOpenBeginning) AppendInt32(&list->lower, range.first);
      if (part == TimelinePart::kDated && !view_.serving().open_ended_events) {
        AppendInt32(&list->lower, AddDays(range.first, -reach));
      }
    }
    if (part == TimelinePart::kDated && range.last != kOpenEnd) {
      AppendInt32(&list->upper, AddDays(range.last, 1));
    }
  }

  // Reads and emits one item; false when the page was full before.
  absl::StatusOr<bool> EmitAt(std::string_view group, const std::string& place,
                              rocksdb::PinnableSlice* value) {
    if (count_ == request_.page_size) {
      result_.more = true;
      return false;
    }
    absl::StatusOr<bool> there = GetItems(KindOfPlace(place), group, value);
    if (!there.ok()) return there.status();
    if (!*there) return DamagedEntry();
    const std::optional<StoredItem> item = ItemsReader(ToView(*value)).Seek(ItemOfPlace(place));
    if (!item.has_value()) return DamagedEntry();
    Found found;
    found.kind = KindOfPlace(place);
    found.item = item->number;
    found.group = group;
    found.header = item->header;
    found.document = item->document;
    found.entry = item->entry;
    return Emit(found, place);
  }

  // Picks the first of all items that the postings name; memory is that of a page.
  absl::Status RunSelectedTimeline() {
    std::map<std::string, std::string> page;  // Place -> group.
    for (const ItemKind item_kind : request_.kinds) {
      absl::StatusOr<std::optional<Intersection>> postings = Postings(item_kind, false);
      if (!postings.ok()) return postings.status();
      (*postings)->Seek("");
      while (true) {
        absl::StatusOr<std::optional<Posting>> posting = (*postings)->Next();
        if (!posting.ok()) return posting.status();
        if (!posting->has_value()) break;
        if (absl::Status status = Step(); !status.ok()) return status;
        const int64_t position = PositionOf((*posting)->group);
        absl::StatusOr<bool> visible = visibility_.Visible(position);
        if (!visible.ok()) return visible.status();
        if (!*visible) continue;
        bool stopped = false;
        absl::Status status = ForItems(
            item_kind, **posting, 0,
            [&](const Found& found) {
              std::string place = TimelinePlace(found.header, position, item_kind, found.item);
              if (place <= request_.after) return true;
              page.emplace(std::move(place), std::string(found.group));
              if (page.size() > request_.page_size + 1) page.erase(std::prev(page.end()));
              return true;
            },
            &stopped);
        if (!status.ok()) return status;
      }
    }
    rocksdb::PinnableSlice value;
    for (const auto& [place, group] : page) {
      absl::StatusOr<bool> more = EmitAt(group, place, &value);
      if (!more.ok()) return more.status();
      if (!*more) break;
    }
    return absl::OkStatus();
  }

  const View& view_;
  const SearchRequest& request_;
  const Conditions& conditions_;
  const std::function<absl::Status()>& alive_;
  const std::function<void(const Found&)>& visit_;
  Visibility visibility_;
  const GroupBounds bounds_;
  SearchResult result_;
  size_t count_ = 0;
  size_t steps_ = 0;
};

}  // namespace

// --- Pictures

absl::StatusOr<int64_t> PositionRecordedBy(const View& view, int64_t recorded_by_us) {
  if (view.generation() == 0 || recorded_by_us == std::numeric_limits<int64_t>::max()) {
    return view.serving().documents_position;
  }
  Cursor cursor(view, {{TagPrefix(view.generation(), Tag::kRecorded), "", ""}}, true);
  std::string at;
  AppendInt64(&at, recorded_by_us + 1);
  cursor.Seek(at);
  if (!cursor.Valid()) {
    if (!cursor.status().ok()) return cursor.status();
    return 0;
  }
  std::string_view rest = cursor.rest();
  int64_t recorded = 0;
  int64_t position = 0;
  if (!TakeInt64(&rest, &recorded) || !TakeInt64(&rest, &position)) return DamagedEntry();
  return position;
}

const std::vector<Era>& Visibility::eras() const {
  static const std::vector<Era> newest = {Era::kCurrent};
  static const std::vector<Era> all = {Era::kCurrent, Era::kPast};
  return newest_ ? newest : all;
}

absl::StatusOr<bool> Visibility::Visible(int64_t document_position) {
  if (document_position > picture_.limit) return false;
  if (newest_) return true;
  if (const auto known = visible_.find(document_position); known != visible_.end()) {
    return known->second;
  }
  absl::StatusOr<std::optional<VersionRecord>> version = ReadVersion(view_, document_position);
  if (!version.ok()) return version.status();
  if (!version->has_value()) return DamagedEntry();
  const std::string& id = (*version)->document_id;
  auto known = shown_.find(id);
  if (known == shown_.end()) {
    absl::StatusOr<std::optional<VersionRecord>> shown = VersionOf(id);
    if (!shown.ok()) return shown.status();
    known = shown_.emplace(id, shown->has_value() ? (*shown)->document_position : 0).first;
  }
  const bool visible = known->second == document_position;
  if (visible_.size() >= kMaxRemembered) visible_.clear();
  if (shown_.size() >= kMaxRemembered) shown_.clear();
  visible_.emplace(document_position, visible);
  return visible;
}

absl::StatusOr<std::optional<VersionRecord>> Visibility::VersionOf(std::string_view document_id) {
  std::string prefix = TagPrefix(view_.generation(), Tag::kVersions);
  AppendString(&prefix, document_id);
  Cursor cursor(view_, {{std::move(prefix), "", ""}}, /*backward=*/true);
  std::string at;
  AppendInt64(&at, picture_.limit + 1);
  for (cursor.Seek(at); cursor.Valid(); cursor.Next()) {
    std::optional<VersionRecord> version = DecodeVersion(cursor.value());
    if (!version.has_value()) return DamagedEntry();
    if (version->kind == VersionRecord::Kind::kDeleted) return std::nullopt;
    if (!picture_.as_of_us.has_value() || version->published_end_us <= *picture_.as_of_us) {
      return version;
    }
  }
  if (!cursor.status().ok()) return cursor.status();
  return std::nullopt;
}

absl::StatusOr<std::optional<VersionRecord>> ReadVersion(const View& view,
                                                         int64_t document_position) {
  std::string key = TagPrefix(view.generation(), Tag::kPositions);
  AppendInt64(&key, document_position);
  rocksdb::PinnableSlice value;
  absl::StatusOr<bool> found = view.Get(key, &value);
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  std::optional<VersionRecord> version = DecodeVersion(ToView(value));
  if (!version.has_value()) return DamagedEntry();
  return version;
}

// --- Conditions

bool Conditions::Match(const ItemHeader& header) const {
  if (without_fragments && header.fragment) return false;
  if (claimed_only && !header.claimed) return false;
  if (acts != 0 && (acts & header.acts) == 0) return false;
  if (polarities != 0 && (polarities & header.polarities) == 0) return false;
  if (certainties != 0 && (certainties & header.certainties) == 0) return false;
  if (kinds != 0 && (kinds & header.kinds) == 0) return false;
  if (header.confidence < min_confidence) return false;
  if (event_time.has_value() &&
      (!header.dated() || !Overlaps(header.event_first, header.event_last, *event_time))) {
    return false;
  }
  if (published.has_value()) {
    const bool known =
        header.published_first != kOpenBeginning || header.published_last != kOpenEnd;
    if (!known || !Overlaps(header.published_first, header.published_last, *published)) {
      return false;
    }
  }
  return true;
}

absl::StatusOr<SearchResult> Search(const View& view, const SearchRequest& request,
                                    const std::function<absl::Status()>& alive,
                                    const std::function<void(const Found&)>& visit) {
  return Searcher(view, request, alive, visit).Run();
}

}  // namespace lagebild::query
