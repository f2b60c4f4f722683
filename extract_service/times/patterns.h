#ifndef LAGEBILD_EXTRACT_SERVICE_TIMES_PATTERNS_H_
#define LAGEBILD_EXTRACT_SERVICE_TIMES_PATTERNS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Number of a word class or of a literal word, as PatternSet gives them.
using Symbol = uint16_t;

/// A word's membership of a class, with the value it has there (an index that the owner knows).
struct Membership {
  Symbol symbol;
  int32_t value;
};

/// One place where a pattern matched.
struct PatternMatch {
  int32_t rule;
  TokenRange extent;  ///< Tokens between the brackets.
  TokenRange tokens;  ///< All tokens of the match, with its surroundings.
  /// Symbol and value that each token of `tokens` matched by.
  std::vector<Membership> path;
};

/// Patterns over words and word classes, merged into one automaton.
///
/// A pattern is a sequence of literals (written as in the text), classes (CAPITALS) and groups
/// "(a|b c)"; "?" after one means that it may be missing; "[" and "]" hold the extent. All
/// spellings a pattern allows are laid out at compile time, so a match follows the automaton
/// without loops: time is linear in the text for a given set of patterns.
class PatternSet {
 public:
  PatternSet();

  /// Number of a class or literal; made when it is new.
  Symbol Intern(std::string_view name);

  /// Errors: INVALID_ARGUMENT when the pattern is malformed, or allows more than 4,096 spellings.
  absl::Status Add(int32_t rule, std::string_view pattern);

  /// Whether any pattern begins with this symbol.
  bool Begins(Symbol symbol) const { return symbol < begins_.size() && begins_[symbol] >= 0; }

  /// Appends every match that begins at token `begin`. `memberships(token)` gives what a token may
  /// match by, as a range of Membership.
  template <typename Memberships>
  void MatchAt(int32_t begin, int32_t count, const Memberships& memberships,
               std::vector<PatternMatch>& matches) const {
    std::vector<Membership> path;
    Walk(0, begin, begin, count, memberships, path, matches);
  }

  /// All literals of the patterns with their symbols (classes left out).
  const std::vector<std::pair<std::string, Symbol>>& literals() const { return literals_; }

 private:
  struct Accept {
    int32_t rule;
    int16_t begin;  // Of the extent, in tokens from the match's beginning.
    int16_t end;
  };
  struct Node {
    std::vector<std::pair<Symbol, int32_t>> next;
    std::vector<Accept> accepts;
  };

  int32_t Child(int32_t node, Symbol symbol) const {
    if (node == 0) return symbol < begins_.size() ? begins_[symbol] : -1;
    for (const auto& [label, child] : nodes_[static_cast<size_t>(node)].next) {
      if (label == symbol) return child;
    }
    return -1;
  }

  template <typename Memberships>
  void Walk(int32_t node, int32_t begin, int32_t at, int32_t count, const Memberships& memberships,
            std::vector<Membership>& path, std::vector<PatternMatch>& matches) const {
    for (const Accept& accept : nodes_[static_cast<size_t>(node)].accepts) {
      matches.push_back(
          {accept.rule, {begin + accept.begin, begin + accept.end}, {begin, at}, path});
    }
    if (at >= count) return;
    if (node != 0 && nodes_[static_cast<size_t>(node)].next.empty()) return;
    for (const Membership& membership : memberships(at)) {
      const int32_t child = Child(node, membership.symbol);
      if (child < 0) continue;
      path.push_back(membership);
      Walk(child, begin, at + 1, count, memberships, path, matches);
      path.pop_back();
    }
  }

  WordMap<Symbol> symbols_;
  std::vector<std::pair<std::string, Symbol>> literals_;
  std::vector<Node> nodes_;
  std::vector<int32_t> begins_;  // Children of the root by symbol.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_TIMES_PATTERNS_H_
