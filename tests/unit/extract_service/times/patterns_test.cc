#include "extract_service/times/patterns.h"

#include <gtest/gtest.h>

namespace lagebild::extract {
namespace {

// Matches of a pattern over words that match by themselves, as "begin-end" of the extents.
std::string Match(std::string_view pattern, const std::vector<std::string>& words) {
  PatternSet patterns;
  if (!patterns.Add(0, pattern).ok()) return "malformed";
  std::vector<std::vector<Membership>> memberships;
  for (const std::string& word : words) memberships.push_back({{patterns.Intern(word), -1}});
  std::vector<PatternMatch> matches;
  const auto at = [&](int32_t token) -> const std::vector<Membership>& {
    return memberships[static_cast<size_t>(token)];
  };
  for (int32_t i = 0; i < static_cast<int32_t>(words.size()); ++i) {
    patterns.MatchAt(i, static_cast<int32_t>(words.size()), at, matches);
  }
  std::string result;
  for (const PatternMatch& match : matches) {
    result += std::to_string(match.extent.begin) + "-" + std::to_string(match.extent.end) + " ";
  }
  return result;
}

TEST(Patterns, MatchSequencesOptionsAndGroups) {
  EXPECT_EQ(Match("[a b]", {"a", "b", "a"}), "0-2 ");
  EXPECT_EQ(Match("[a b? c]", {"a", "c", "a", "b", "c"}), "0-2 2-5 ");
  EXPECT_EQ(Match("[(a|b c) d]", {"b", "c", "d", "a", "d"}), "0-3 3-5 ");
  EXPECT_EQ(Match("a [b]", {"a", "b", "b"}), "1-2 ");
  EXPECT_EQ(Match("[a (b (c)?)?]", {"a", "b", "c"}), "0-1 0-2 0-3 ");
}

TEST(Patterns, RefusesWhatIsMalformed) {
  EXPECT_EQ(Match("a", {"a"}), "malformed");
  EXPECT_EQ(Match("[]", {"a"}), "malformed");
  EXPECT_EQ(Match("[(a b]", {"a"}), "malformed");
  EXPECT_EQ(Match("[a) b]", {"a"}), "malformed");
}

}  // namespace
}  // namespace lagebild::extract
