#include "query_service/index/postings.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "common/status/error.h"
#include "common/storage/keys.h"
#include "query_service/index/posting_block.h"

namespace lagebild::query {
namespace {

constexpr size_t kStepsBetweenChecks = 1024;
// Period and position behind the term of a block.
constexpr size_t kBlockRestBytes = 12;

std::string PeriodKey(uint32_t period) {
  std::string key;
  storage::AppendUint32(&key, period);
  return key;
}

absl::Status DamagedPosting() {
  return DataLoss("CORRUPT_RECORD",
                  "a posting of the read model is damaged; delete its directory, it is rebuilt");
}

// Unions the items of a kind (empty bytes = all) into a posting.
bool Merge(ItemKind kind, std::string_view bytes, Posting* posting) {
  if (bytes.empty()) {
    posting->items.reset();
    return true;
  }
  std::vector<uint32_t> items;
  if (!DecodeItems(bytes, &items)) return false;
  if (!posting->items.has_value()) return true;  // All already.
  const uint32_t first = PostingNumber(kind, 0);
  std::erase_if(items,
                [&](uint32_t number) { return number < first || number - first >= kItemsOfKind; });
  for (uint32_t& number : items) number -= first;
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

// Brings postings into walking order and makes those of one group one.
absl::Status Arrange(ItemKind kind, std::vector<BlockPosting> found, bool backward,
                     std::vector<Posting>* postings) {
  std::sort(found.begin(), found.end(), [&](const BlockPosting& a, const BlockPosting& b) {
    return backward ? a.group > b.group : a.group < b.group;
  });
  for (BlockPosting& posting : found) {
    if (postings->empty() || postings->back().group != posting.group) {
      postings->push_back({std::move(posting.group), std::vector<uint32_t>()});
    }
    if (!Merge(kind, posting.items, &postings->back())) return DamagedPosting();
  }
  return absl::OkStatus();
}

// Walks the postings of whole terms that stand on their own.
class CursorSource : public PostingSource {
 public:
  CursorSource(const View& view, ItemKind kind, std::vector<Cursor::Part> parts, bool backward)
      : cursor_(view, std::move(parts), backward), kind_(kind), backward_(backward) {}

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
      if (posting.group.size() != kGroupBytes || !Merge(kind_, cursor_.value(), &posting)) {
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
  const ItemKind kind_;
  const bool backward_;
  absl::Status status_;
};

// Place of the first posting that does not come before a group, in the order they are read.
size_t FirstFrom(const std::vector<Posting>& postings, std::string_view group, bool backward) {
  const auto before = [&](const Posting& posting) {
    return backward ? posting.group > group : posting.group < group;
  };
  return static_cast<size_t>(std::partition_point(postings.begin(), postings.end(), before) -
                             postings.begin());
}

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
    at_ = FirstFrom(postings_, group, backward_);
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

// Walks the blocks of whole terms, period by period.
class BlockSource : public PostingSource {
 public:
  // The bounds of the parts are those of the groups.
  BlockSource(const View& view, ItemKind kind, std::vector<Cursor::Part> parts, GroupBounds bounds,
              bool backward)
      : cursor_(view, std::move(parts), backward),
        kind_(kind),
        bounds_(std::move(bounds)),
        backward_(backward) {}

  void Seek(std::string_view group) override {
    if (group.empty()) {
      cursor_.Start();
      Load();
      return;
    }
    const uint32_t period = PeriodOf(group);
    if (!loaded_ || period != period_) {
      cursor_.Seek(PeriodKey(backward_ ? period + 1 : period));
      Load();
    }
    at_ = FirstFrom(postings_, group, backward_);
    if (at_ == postings_.size()) Load();
  }
  bool Valid() const override { return status_.ok() && at_ < postings_.size(); }
  std::string_view group() const override { return postings_[at_].group; }
  Posting Take() override {
    Posting posting = postings_[at_++];
    if (at_ == postings_.size()) Load();
    return posting;
  }
  absl::Status status() const override { return status_.ok() ? cursor_.status() : status_; }

 private:
  // Takes the blocks of the next period in which there is something within the bounds.
  void Load() {
    postings_.clear();
    at_ = 0;
    loaded_ = false;
    std::vector<BlockPosting> found;
    std::vector<std::string> blocks;
    while (postings_.empty() && cursor_.Valid() && status_.ok()) {
      found.clear();
      blocks.clear();
      bool first = true;
      for (; cursor_.Valid(); cursor_.Next()) {
        std::string_view rest = cursor_.rest();
        uint32_t period = 0;
        if (rest.size() != kBlockRestBytes || !storage::TakeUint32(&rest, &period)) {
          status_ = DamagedPosting();
          return;
        }
        if (!first && period != period_) break;
        first = false;
        period_ = period;
        // What is found are views into it.
        blocks.emplace_back(cursor_.value());
      }
      for (const std::string& block : blocks) {
        if (!DecodePostingBlock(period_, block, &found)) {
          status_ = DamagedPosting();
          return;
        }
      }
      std::erase_if(found, [this](const BlockPosting& posting) {
        return posting.group < bounds_.lower ||
               (!bounds_.upper.empty() && posting.group >= bounds_.upper);
      });
      loaded_ = true;
      status_ = Arrange(kind_, std::move(found), backward_, &postings_);
    }
  }

  Cursor cursor_;  // Behind the loaded period.
  const ItemKind kind_;
  const GroupBounds bounds_;
  const bool backward_;
  uint32_t period_ = 0;  // The one that is loaded.
  bool loaded_ = false;
  std::vector<Posting> postings_;
  size_t at_ = 0;
  absl::Status status_;
};

// Two sources as one.
class UnionSource : public PostingSource {
 public:
  UnionSource(std::unique_ptr<PostingSource> first, std::unique_ptr<PostingSource> second,
              bool backward)
      : first_(std::move(first)), second_(std::move(second)), backward_(backward) {}

  // On the way forward, which is the usual one, a source that stands far enough is left alone.
  void Seek(std::string_view group) override {
    const bool onward = !sought_.empty() && !Before(group, sought_);
    for (PostingSource* source : {first_.get(), second_.get()}) {
      if (!onward || (source->Valid() && Before(source->group(), group))) source->Seek(group);
    }
    sought_ = group;
  }
  bool Valid() const override { return status().ok() && (first_->Valid() || second_->Valid()); }
  std::string_view group() const override { return Next().group(); }
  // A version's postings are all in blocks or all on their own, so that no group is in both.
  Posting Take() override { return Next().Take(); }
  absl::Status status() const override {
    absl::Status status = first_->status();
    return status.ok() ? second_->status() : status;
  }

 private:
  // Whether a stands before b in walking order.
  bool Before(std::string_view a, std::string_view b) const { return backward_ ? a > b : a < b; }

  PostingSource& Next() const {
    if (!second_->Valid()) return *first_;
    if (!first_->Valid()) return *second_;
    return Before(first_->group(), second_->group()) ? *first_ : *second_;
  }

  const std::unique_ptr<PostingSource> first_;
  const std::unique_ptr<PostingSource> second_;
  const bool backward_;
  std::string sought_;
};

std::string FieldPrefix(const View& view, Tag tag, Field field) {
  std::string prefix = TagPrefix(view.generation(), tag);
  prefix.push_back(static_cast<char>(field));
  return prefix;
}

// The postings of all terms that begin with this one.
absl::Status Gather(const View& view, ItemKind kind, const Term& term, const GroupBounds& bounds,
                    const std::function<absl::Status()>& alive,
                    std::map<std::string, Posting>* gathered) {
  size_t steps = 0;
  const auto take = [&](const std::string& group, std::string_view items) -> absl::Status {
    if (++steps % kStepsBetweenChecks == 0) {
      if (absl::Status status = alive(); !status.ok()) return status;
    }
    if (group < bounds.lower || (!bounds.upper.empty() && group >= bounds.upper)) {
      return absl::OkStatus();
    }
    Posting& posting = (*gathered)[group];
    if (posting.group.empty()) {
      posting.group = group;
      posting.items.emplace();
    }
    return Merge(kind, items, &posting) ? absl::OkStatus() : DamagedPosting();
  };
  // Without the end mark of the term; terms hold no NUL.
  Cursor single(view, {{FieldPrefix(view, Tag::kPostings, term.field) + term.term, "", ""}});
  for (single.Start(); single.Valid(); single.Next()) {
    const std::string_view rest = single.rest();
    if (rest.size() < kGroupBytes) return DamagedPosting();
    absl::Status status = take(std::string(rest.substr(rest.size() - kGroupBytes)), single.value());
    if (!status.ok()) return status;
  }
  if (!single.status().ok()) return single.status();
  Cursor blocks(view, {{FieldPrefix(view, Tag::kPostingBlocks, term.field) + term.term, "", ""}});
  std::vector<BlockPosting> postings;
  for (blocks.Start(); blocks.Valid(); blocks.Next()) {
    std::string_view rest = blocks.rest();
    if (rest.size() < kBlockRestBytes) return DamagedPosting();
    rest.remove_prefix(rest.size() - kBlockRestBytes);
    uint32_t period = 0;
    storage::TakeUint32(&rest, &period);
    postings.clear();
    if (!DecodePostingBlock(period, blocks.value(), &postings)) return DamagedPosting();
    for (const BlockPosting& posting : postings) {
      if (absl::Status status = take(posting.group, posting.items); !status.ok()) return status;
    }
  }
  return blocks.status();
}

}  // namespace

std::unique_ptr<PostingSource> MakeTermSource(const View& view, ItemKind kind,
                                              const std::vector<Term>& terms,
                                              const GroupBounds& bounds, bool backward,
                                              const std::function<absl::Status()>& alive) {
  if (std::any_of(terms.begin(), terms.end(), [](const Term& term) { return term.prefix; })) {
    std::map<std::string, Posting> gathered;
    absl::Status status;
    for (const Term& term : terms) {
      status = Gather(view, kind, term, bounds, alive, &gathered);
      if (!status.ok()) break;
    }
    std::vector<Posting> postings;
    postings.reserve(gathered.size());
    for (auto& [group, posting] : gathered) postings.push_back(std::move(posting));
    return std::make_unique<ListSource>(std::move(postings), backward, status);
  }
  std::vector<Cursor::Part> single;
  std::vector<Cursor::Part> blocks;
  const std::string first_period = bounds.lower.empty() ? "" : PeriodKey(PeriodOf(bounds.lower));
  const std::string last_period = bounds.upper.empty() ? "" : PeriodKey(PeriodOf(bounds.upper) + 1);
  for (const Term& term : terms) {
    std::string prefix = FieldPrefix(view, Tag::kPostings, term.field);
    storage::AppendString(&prefix, term.term);
    single.push_back({std::move(prefix), bounds.lower, bounds.upper});
    prefix = FieldPrefix(view, Tag::kPostingBlocks, term.field);
    storage::AppendString(&prefix, term.term);
    blocks.push_back({std::move(prefix), first_period, last_period});
  }
  return std::make_unique<UnionSource>(
      std::make_unique<CursorSource>(view, kind, std::move(single), backward),
      std::make_unique<BlockSource>(view, kind, std::move(blocks), bounds, backward), backward);
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
