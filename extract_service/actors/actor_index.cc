#include "extract_service/actors/actor_index.h"

#include <algorithm>

namespace lagebild::extract {

ActorIndex::ActorIndex(const AnnotatedDocument& document) {
  joins_.reserve(document.tokens.size());
  bracketed_.reserve(document.tokens.size());
  bool inside = false;
  int32_t sentence = -1;
  for (const Token& token : document.tokens) {
    if (token.kind != TokenKind::kWord) {
      const std::string_view text = document.TextOf(token);
      inside = text == "(" || (inside && text != ")");
    }
    // A bracket that nothing closes ends with its sentence.
    inside = inside && token.sentence == sentence;
    sentence = token.sentence;
    bracketed_.push_back(inside);
    joins_.push_back(token.pos == Pos::kCoordinator || token.kind == TokenKind::kPunctuation ||
                     token.kind == TokenKind::kSymbol);
  }
  for (size_t a = 0; a < document.actors.size(); ++a) {
    for (const Mention& mention : document.actors[a].mentions) {
      if (mention.tokens.empty()) continue;
      entries_.push_back({.tokens = mention.tokens,
                          .actor = static_cast<int32_t>(a),
                          .name = mention.kind == MentionKind::kName});
    }
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.tokens.begin != b.tokens.begin) return a.tokens.begin < b.tokens.begin;
    if (a.tokens.end != b.tokens.end) return a.tokens.end > b.tokens.end;
    return a.actor < b.actor;
  });
  int32_t largest = 0;
  for (const Entry& entry : entries_) {
    largest = std::max(largest, entry.tokens.end);
    max_end_.push_back(largest);
  }
}

size_t ActorIndex::FirstEndingAfter(int32_t token) const {
  return static_cast<size_t>(std::upper_bound(max_end_.begin(), max_end_.end(), token) -
                             max_end_.begin());
}

bool ActorIndex::InBrackets(const Entry& entry, const TokenRange& range) const {
  return bracketed_[static_cast<size_t>(entry.tokens.begin)] &&
         !bracketed_[static_cast<size_t>(range.begin)];
}

int32_t ActorIndex::ActorOf(const TokenRange& range) const {
  const Entry* best = nullptr;
  for (size_t i = FirstEndingAfter(range.begin);
       i < entries_.size() && entries_[i].tokens.begin < range.end; ++i) {
    const Entry& entry = entries_[i];
    if (entry.tokens == range) return entry.actor;
    if (entry.tokens.end <= range.begin || InBrackets(entry, range)) continue;
    // The first mention in the range; of those that begin together the longest comes first.
    if (best == nullptr) best = &entry;
  }
  return best == nullptr ? -1 : best->actor;
}

int32_t ActorIndex::ActorOf(const TokenRange& range, int32_t head) const {
  const Entry* best = nullptr;
  for (size_t i = FirstEndingAfter(range.begin);
       i < entries_.size() && entries_[i].tokens.begin < range.end; ++i) {
    const Entry& entry = entries_[i];
    if (entry.tokens == range) return entry.actor;
    if (InBrackets(entry, range)) continue;
    // The shortest mention around the head: a longer one may be a coordination's or a parent's.
    if (entry.tokens.Contains(head) &&
        (best == nullptr || entry.tokens.size() < best->tokens.size())) {
      best = &entry;
    }
  }
  return best != nullptr ? best->actor : ActorOf(range);
}

bool ActorIndex::IsName(const TokenRange& range) const {
  for (size_t i = FirstEndingAfter(range.begin);
       i < entries_.size() && entries_[i].tokens.begin <= range.begin; ++i) {
    if (entries_[i].name && entries_[i].tokens == range) return true;
  }
  return false;
}

bool ActorIndex::Mentions(const TokenRange& range, int32_t actor) const {
  for (size_t i = FirstEndingAfter(range.begin);
       i < entries_.size() && entries_[i].tokens.begin < range.end; ++i) {
    const TokenRange& tokens = entries_[i].tokens;
    if (entries_[i].actor == actor && range.begin <= tokens.begin && tokens.end <= range.end) {
      return true;
    }
  }
  return false;
}

bool ActorIndex::NamesSeveral(const TokenRange& range) const {
  for (size_t i = FirstEndingAfter(range.begin);
       i + 1 < entries_.size() && entries_[i].tokens.begin < range.end; ++i) {
    const TokenRange& tokens = entries_[i].tokens;
    if (tokens == entries_[i + 1].tokens && range.begin <= tokens.begin &&
        tokens.end <= range.end && !InBrackets(entries_[i], range)) {
      return true;
    }
  }
  return false;
}

std::vector<int32_t> ActorIndex::ActorsOf(const TokenRange& range) const {
  std::vector<int32_t> actors;
  int32_t covered = range.begin;
  for (size_t i = FirstEndingAfter(range.begin);
       i < entries_.size() && entries_[i].tokens.begin < range.end; ++i) {
    const Entry& entry = entries_[i];
    // "ukrainische und US-Beamte" names two with the same words.
    const bool same = i > 0 && entries_[i - 1].tokens == entry.tokens;
    if (!same && (entry.tokens.end <= covered || entry.tokens.begin < covered)) continue;
    if (same && entry.tokens.end != covered) continue;
    if (InBrackets(entry, range)) continue;
    // "Ulf Tann vom Institut für Physik": where he works, unless something joins the two.
    const auto gap = joins_.begin() + covered;
    const auto gap_end = joins_.begin() + entry.tokens.begin;
    if (!actors.empty() && !same && gap < gap_end && std::find(gap, gap_end, true) == gap_end) {
      continue;
    }
    covered = entry.tokens.end;
    if (std::find(actors.begin(), actors.end(), entry.actor) == actors.end()) {
      actors.push_back(entry.actor);
    }
  }
  return actors;
}

}  // namespace lagebild::extract
