#include "query_service/index/postings.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "common/status/error.h"
#include "common/storage/keys.h"

namespace lagebild::query {
namespace {

constexpr size_t kStepsBetweenChecks = 1024;

absl::Status DamagedPosting() {
  return DataLoss("CORRUPT_RECORD",
                  "a posting of the read model is damaged; delete its directory, it is rebuilt");
}

// Unions `items` (empty bytes = all) into a posting.
bool Merge(std::string_view bytes, Posting* posting) {
  if (bytes.empty()) {
    posting->items.reset();
    return true;
  }
  std::vector<uint32_t> items;
  if (!DecodeItems(bytes, &items)) return false;
  if (!posting->items.has_value()) return true;  // All already.
  if (posting->items->empty()) {
    posting->items = std::move(items);
    return true;
  }
  std::vector<uint32_t> merged;
  std::set_union(posting->items->begin(), posting->items->end(), items.begin(), items.end(),
                 std::back_inserter(merged));
  posting->items = std::move(merged);
  return true;
}

// Walks the lists of whole terms where they stand.
class CursorSource : public PostingSource {
 public:
  CursorSource(const View& view, std::vector<Cursor::Part> parts, bool backward)
      : cursor_(view, std::move(parts), backward), backward_(backward) {}

  void Seek(std::string_view group) override {
    if (group.empty()) {
      cursor_.Start();
    } else if (backward_) {
      // Groups have one length, so this is the last one at or before it.
      cursor_.Seek(std::string(group) + '\0');
    } else {
      cursor_.Seek(group);
    }
  }
  bool Valid() const override { return status_.ok() && cursor_.Valid(); }
  std::string_view group() const override { return cursor_.rest(); }
  Posting Take() override {
    Posting posting;
    posting.group = std::string(cursor_.rest());
    posting.items.emplace();
    while (cursor_.Valid() && cursor_.rest() == posting.group) {
      if (posting.group.size() != kGroupBytes || !Merge(cursor_.value(), &posting)) {
        status_ = DamagedPosting();
        break;
      }
      cursor_.Next();
    }
    return posting;
  }
  absl::Status status() const override { return status_.ok() ? cursor_.status() : status_; }

 private:
  Cursor cursor_;
  const bool backward_;
  absl::Status status_;
};

// Postings in memory.
class ListSource : public PostingSource {
 public:
  ListSource(std::vector<Posting> postings, bool backward, absl::Status status)
      : postings_(std::move(postings)), backward_(backward), status_(std::move(status)) {
    if (backward_) std::reverse(postings_.begin(), postings_.end());
  }

  void Seek(std::string_view group) override {
    if (group.empty()) {
      at_ = 0;
      return;
    }
    at_ = static_cast<size_t>(std::partition_point(postings_.begin(), postings_.end(),
                                                   [&](const Posting& posting) {
                                                     return backward_ ? posting.group > group
                                                                      : posting.group < group;
                                                   }) -
                              postings_.begin());
  }
  bool Valid() const override { return status_.ok() && at_ < postings_.size(); }
  std::string_view group() const override { return postings_[at_].group; }
  Posting Take() override { return postings_[at_++]; }
  absl::Status status() const override { return status_; }

 private:
  std::vector<Posting> postings_;
  const bool backward_;
  const absl::Status status_;
  size_t at_ = 0;
};

std::string FieldPrefix(const View& view, Era era, ItemKind kind, Field field) {
  std::string prefix = TagPrefix(view.generation(), Tag::kPostings, era);
  prefix.push_back(static_cast<char>(kind));
  prefix.push_back(static_cast<char>(field));
  return prefix;
}

absl::Status Gather(const View& view, const std::vector<Era>& eras, ItemKind kind, const Term& term,
                    const GroupBounds& bounds, const std::function<absl::Status()>& alive,
                    std::map<std::string, Posting>* gathered) {
  size_t steps = 0;
  for (const Era era : eras) {
    std::string prefix = FieldPrefix(view, era, kind, term.field);
    std::string first = prefix;
    storage::AppendString(&first, term.term);
    if (term.prefix) {
      first = prefix + term.term;  // Without the end mark; terms hold no NUL.
    }
    Cursor cursor(view, {{first, "", ""}});
    for (cursor.Start(); cursor.Valid(); cursor.Next()) {
      if (++steps % kStepsBetweenChecks == 0) {
        if (absl::Status status = alive(); !status.ok()) return status;
      }
      const std::string_view rest = cursor.rest();
      if (rest.size() < kGroupBytes) return DamagedPosting();
      const std::string_view group = rest.substr(rest.size() - kGroupBytes);
      if (group < bounds.lower || (!bounds.upper.empty() && group >= bounds.upper)) continue;
      Posting& posting = (*gathered)[std::string(group)];
      if (posting.group.empty()) {
        posting.group = std::string(group);
        posting.items.emplace();
      }
      if (!Merge(cursor.value(), &posting)) return DamagedPosting();
    }
    if (!cursor.status().ok()) return cursor.status();
  }
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<PostingSource> MakeTermSource(const View& view, const std::vector<Era>& eras,
                                              ItemKind kind, const std::vector<Term>& terms,
                                              const GroupBounds& bounds, bool backward,
                                              const std::function<absl::Status()>& alive) {
  if (std::any_of(terms.begin(), terms.end(), [](const Term& term) { return term.prefix; })) {
    std::map<std::string, Posting> gathered;
    absl::Status status;
    for (const Term& term : terms) {
      status = Gather(view, eras, kind, term, bounds, alive, &gathered);
      if (!status.ok()) break;
    }
    std::vector<Posting> postings;
    postings.reserve(gathered.size());
    for (auto& [group, posting] : gathered) postings.push_back(std::move(posting));
    return std::make_unique<ListSource>(std::move(postings), backward, status);
  }
  std::vector<Cursor::Part> parts;
  for (const Term& term : terms) {
    for (const Era era : eras) {
      std::string prefix = FieldPrefix(view, era, kind, term.field);
      storage::AppendString(&prefix, term.term);
      parts.push_back({std::move(prefix), bounds.lower, bounds.upper});
    }
  }
  return std::make_unique<CursorSource>(view, std::move(parts), backward);
}

std::unique_ptr<PostingSource> MakeGroupSource(std::vector<std::string> groups, bool backward) {
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  std::vector<Posting> postings;
  postings.reserve(groups.size());
  for (std::string& group : groups) postings.push_back({std::move(group), std::nullopt});
  return std::make_unique<ListSource>(std::move(postings), backward, absl::OkStatus());
}

void Intersection::Seek(std::string_view group) {
  for (const auto& source : sources_) source->Seek(group);
}

absl::StatusOr<std::optional<Posting>> Intersection::Next() {
  std::string target;
  while (true) {
    bool agreed = true;
    for (const auto& source : sources_) {
      if (source->Valid() && !target.empty() && Before(source->group(), target)) {
        source->Seek(target);
      }
      if (!source->Valid()) {
        if (absl::Status status = source->status(); !status.ok()) return status;
        return std::nullopt;
      }
      if (source->group() != target) {
        agreed = agreed && target.empty();
        target = std::string(source->group());
      }
    }
    if (!agreed) continue;
    Posting result = sources_.front()->Take();
    for (size_t i = 1; i < sources_.size(); ++i) {
      Posting other = sources_[i]->Take();
      if (!other.items.has_value()) continue;
      if (!result.items.has_value()) {
        result.items = std::move(other.items);
        continue;
      }
      std::vector<uint32_t> both;
      std::set_intersection(result.items->begin(), result.items->end(), other.items->begin(),
                            other.items->end(), std::back_inserter(both));
      result.items = std::move(both);
    }
    for (const auto& source : sources_) {
      if (absl::Status status = source->status(); !status.ok()) return status;
    }
    if (result.items.has_value() && result.items->empty()) {
      target.clear();
      continue;
    }
    return result;
  }
}

}  // namespace lagebild::query
