#include "extract_service/claims/claim_confidence.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace lagebild::extract {
namespace {

// Nothing is certain, and log-odds need room.
constexpr double kLowest = 0.05;
constexpr double kHighest = 0.99;

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

ClaimConfidence::ClaimConfidence(const Lexicon& lexicon) {
  const LexiconTable& table = lexicon.Table("claim_confidence");
  for (size_t row = 0; row < table.size(); ++row) {
    double shift = 0;
    if (absl::SimpleAtod(Key(table.Cell(row, "shift")), &shift)) {
      shifts_.emplace(table.Cell(row, "rule"), shift);
    }
  }
}

double ClaimConfidence::Of(std::string_view rule, double evidence) const {
  double probability = std::clamp(evidence, kLowest, kHighest);
  const auto shift = shifts_.find(Key(rule.substr(0, rule.find(':'))));
  if (shift != shifts_.end()) {
    const double odds = std::log(probability / (1 - probability)) + shift->second;
    probability = std::clamp(1 / (1 + std::exp(-odds)), kLowest, kHighest);
  }
  // Hundredths are as exact as the measurement, and the same on every machine.
  return std::round(probability * 100) / 100;
}

}  // namespace lagebild::extract
