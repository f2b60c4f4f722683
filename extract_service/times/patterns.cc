#include "extract_service/times/patterns.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"

namespace lagebild::extract {
namespace {

constexpr size_t kMaxSpellings = 4096;
constexpr std::string_view kOpen = "[";
constexpr std::string_view kClose = "]";

using Sequence = std::vector<std::string>;
using Spellings = std::vector<Sequence>;

// Reads a pattern into all the sequences of words it allows; the brackets stay in as items.
class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) {
    std::string item;
    const auto flush = [&] {
      if (!item.empty()) items_.push_back(std::move(item));
      item.clear();
    };
    for (const char c : pattern) {
      if (c == ' ') {
        flush();
      } else if (c == '(' || c == ')' || c == '|' || c == '[' || c == ']') {
        flush();
        items_.emplace_back(1, c);
      } else if (c == '?' && (!item.empty() || (!items_.empty() && items_.back() == ")"))) {
        flush();
        items_.emplace_back("?!");
      } else {
        item += c;
      }
    }
    flush();
  }

  std::optional<Spellings> Read() {
    auto spellings = Alternatives();
    if (!spellings.has_value() || at_ != items_.size()) return std::nullopt;
    return spellings;
  }

 private:
  bool Next(std::string_view item) const { return at_ < items_.size() && items_[at_] == item; }

  std::optional<Spellings> Alternatives() {
    Spellings all;
    for (;;) {
      auto one = Items();
      if (!one.has_value()) return std::nullopt;
      all.insert(all.end(), one->begin(), one->end());
      if (!Next("|")) return all;
      ++at_;
    }
  }

  std::optional<Spellings> Items() {
    Spellings spellings = {{}};
    while (at_ < items_.size() && !Next(")") && !Next("|")) {
      Spellings part;
      if (Next("(")) {
        ++at_;
        auto group = Alternatives();
        if (!group.has_value() || !Next(")")) return std::nullopt;
        ++at_;
        part = *std::move(group);
      } else {
        part = {{items_[at_++]}};
      }
      if (Next("?!")) {
        ++at_;
        part.emplace_back();
      }
      Spellings product;
      if (spellings.size() * part.size() > kMaxSpellings) return std::nullopt;
      for (const Sequence& head : spellings) {
        for (const Sequence& tail : part) {
          product.push_back(head);
          product.back().insert(product.back().end(), tail.begin(), tail.end());
        }
      }
      spellings = std::move(product);
    }
    return spellings;
  }

  std::vector<std::string> items_;
  size_t at_ = 0;
};

// Two or more capitals name a class.
bool IsClass(std::string_view name) {
  return name.size() > 1 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

}  // namespace

PatternSet::PatternSet() : nodes_(1) {}

Symbol PatternSet::Intern(std::string_view name) {
  const auto [entry, is_new] =
      symbols_.try_emplace(std::string(name), static_cast<Symbol>(symbols_.size()));
  if (is_new && !IsClass(name)) literals_.emplace_back(name, entry->second);
  return entry->second;
}

absl::Status PatternSet::Add(int32_t rule, std::string_view pattern) {
  const auto spellings = PatternReader(pattern).Read();
  const auto malformed = [&] {
    return absl::InvalidArgumentError(
        absl::StrCat("pattern \"", std::string(pattern), "\" is malformed or allows too much"));
  };
  if (!spellings.has_value()) return malformed();
  for (const Sequence& sequence : *spellings) {
    Accept accept{rule, -1, -1};
    int32_t node = 0;
    int16_t length = 0;
    for (const std::string& item : sequence) {
      if (item == kOpen) {
        if (accept.begin >= 0) return malformed();
        accept.begin = length;
        continue;
      }
      if (item == kClose) {
        accept.end = length;
        continue;
      }
      const Symbol symbol = Intern(item);
      int32_t child = Child(node, symbol);
      if (child < 0) {
        child = static_cast<int32_t>(nodes_.size());
        nodes_.emplace_back();
        if (node == 0) {
          if (begins_.size() <= symbol) begins_.resize(symbol + size_t{1}, -1);
          begins_[symbol] = child;
        } else {
          nodes_[static_cast<size_t>(node)].next.emplace_back(symbol, child);
        }
      }
      node = child;
      ++length;
    }
    if (accept.begin < 0 || accept.end <= accept.begin) return malformed();
    auto& accepts = nodes_[static_cast<size_t>(node)].accepts;
    const bool known = std::any_of(accepts.begin(), accepts.end(), [&](const Accept& other) {
      return other.rule == accept.rule && other.begin == accept.begin && other.end == accept.end;
    });
    if (!known) accepts.push_back(accept);
  }
  return absl::OkStatus();
}

}  // namespace lagebild::extract
