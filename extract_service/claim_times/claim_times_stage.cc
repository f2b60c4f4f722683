#include "extract_service/claim_times/claim_times_stage.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

namespace lagebild::extract {
namespace {

// A time further from its cue than this belongs to something else in the sentence.
constexpr int32_t kMaxDistanceBytes = 120;

// Lengths count where they stand for days ("vor drei Wochen").
bool NamesATime(const TimeExpression& time) {
  if (!time.interval.has_value() || time.value == "PRESENT_REF") return false;
  if (time.type == TimeType::kDuration) return time.interval->value != time.value;
  return time.type == TimeType::kDate || time.type == TimeType::kTime;
}

// What is reported has been said.
bool NamesWhenSaid(const TimeExpression& time) {
  return NamesATime(time) && time.interval->value != "FUTURE_REF";
}

bool Inside(const Span& span, const std::vector<Span>& spans) {
  return std::any_of(spans.begin(), spans.end(),
                     [&](const Span& outer) { return outer.Contains(span); });
}

int32_t Distance(const Span& a, const Span& b) {
  if (a.Overlaps(b)) return 0;
  return a.begin >= b.end ? a.begin - b.end : b.begin - a.end;
}

class Reader {
 public:
  explicit Reader(const AnnotatedDocument& document) : document_(document) {
    for (const Claim& claim : document.claims) {
      if (claim.kind == ClaimKind::kReported) continue;
      for (const Span& span : claim.content) contents_.push_back(span);
    }
    // Merged, so that one search tells whether a place is inside a claim's words.
    std::sort(contents_.begin(), contents_.end());
    size_t kept = 0;
    for (size_t i = 0; i < contents_.size(); ++i) {
      if (kept > 0 && contents_[i].begin <= contents_[kept - 1].end) {
        contents_[kept - 1].end = std::max(contents_[kept - 1].end, contents_[i].end);
      } else {
        contents_[kept++] = contents_[i];
      }
    }
    contents_.resize(kept);
  }

  std::optional<TimeInterval> SaidAt(const Claim& claim) const {
    if (claim.cue.empty() || claim.rule.starts_with(kIntentionRule)) return std::nullopt;
    const Span cue = claim.cue.front();
    const bool reported = claim.kind == ClaimKind::kReported;
    auto best = Nearest(cue, claim.frame, [&](const Span& span) {
      return (reported || !Inside(span, claim.content)) && !InOtherClause(span, cue);
    });
    if (!best.has_value() && reported) {
      // A comma parts the verb from what the words it reports are about: "sprach von Autos, die in
      // diesem Jahr brannten".
      best =
          Nearest(cue, claim.content, [&](const Span& span) { return !CommaBetween(cue, span); });
    }
    if (!best.has_value()) {
      const auto sentence = SentenceOf(cue);
      if (sentence.has_value()) {
        best = Nearest(cue, {*sentence}, [&](const Span& span) {
          return !InsideContent(span) && Distance(span, cue) <= kMaxDistanceBytes &&
                 !(reported && CommaBetween(cue, span)) &&
                 !(Inside(span, claim.frame) && InOtherClause(span, cue));
        });
      }
    }
    return best;
  }

  // Whether two claims are of the same people and told in one sentence.
  bool OnOneOccasion(const Claim& before, const Claim& claim) const {
    if (before.cue.empty() || claim.cue.empty() || claim.speaker_actors.empty() ||
        before.speaker_actors != claim.speaker_actors) {
      return false;
    }
    const auto first = SentenceOf(before.cue.front());
    const auto second = SentenceOf(claim.cue.front());
    return first.has_value() && second.has_value() && first->begin == second->begin;
  }

  std::optional<TimeInterval> About(const Claim& claim) const {
    if (claim.kind == ClaimKind::kReported && !claim.rule.starts_with(kIntentionRule)) {
      return std::nullopt;
    }
    for (const Span& content : claim.content) {
      for (auto time = From(content.begin); time != document_.times.end(); ++time) {
        if (time->span.begin >= content.end) break;
        if (content.Contains(time->span) && NamesATime(*time)) return time->interval;
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<TimeExpression>::const_iterator From(int32_t begin) const {
    return std::lower_bound(
        document_.times.begin(), document_.times.end(), begin,
        [](const TimeExpression& time, int32_t at) { return time.span.begin < at; });
  }

  // The time nearest to the cue inside one of the spans; of two at one distance the first.
  template <typename Accept>
  std::optional<TimeInterval> Nearest(const Span& cue, const std::vector<Span>& spans,
                                      const Accept& accept) const {
    const TimeExpression* best = nullptr;
    for (const Span& span : spans) {
      for (auto time = From(span.begin); time != document_.times.end(); ++time) {
        if (time->span.begin >= span.end) break;
        if (!span.Contains(time->span) || !NamesWhenSaid(*time) || !accept(time->span)) continue;
        if (best == nullptr || Distance(time->span, cue) < Distance(best->span, cue)) best = &*time;
      }
    }
    if (best == nullptr) return std::nullopt;
    std::optional<TimeInterval> said = best->interval;
    // "Seit 2015 gab es Hinweise": from then until the article.
    if (said && best->goes_on && document_.published) {
      const TimeInterval& published = document_.published->interval;
      said->latest = published.latest.empty() ? published.earliest : published.latest;
    }
    return said;
  }

  bool CommaBetween(const Span& a, const Span& b) const {
    const Span gap{std::min(a.end, b.end), std::max(a.begin, b.begin)};
    return gap.begin < gap.end && gap.In(document_.text()).find(',') != std::string_view::npos;
  }

  // "Den Fonds, der in dieser Woche tagt, forderte er auf": a comma and a verb of its own part a
  // time from the cue.
  bool InOtherClause(const Span& time, const Span& cue) const {
    if (!CommaBetween(time, cue)) return false;
    const Span gap{std::min(time.end, cue.end), std::max(time.begin, cue.begin)};
    const auto first =
        std::partition_point(document_.tokens.begin(), document_.tokens.end(),
                             [&](const Token& token) { return token.span.begin < gap.begin; });
    for (auto token = first; token != document_.tokens.end() && token->span.end <= gap.end;
         ++token) {
      if ((token->pos == Pos::kVerb || token->pos == Pos::kAuxiliary) &&
          token->morphology.Has(Morphology::kFinite)) {
        return true;
      }
    }
    return false;
  }

  bool InsideContent(const Span& span) const {
    const auto after =
        std::upper_bound(contents_.begin(), contents_.end(), span.begin,
                         [](int32_t at, const Span& content) { return at < content.begin; });
    return after != contents_.begin() && std::prev(after)->Overlaps(span);
  }

  std::optional<Span> SentenceOf(const Span& span) const {
    const auto after = std::upper_bound(
        document_.sentences.begin(), document_.sentences.end(), span.begin,
        [](int32_t at, const Sentence& sentence) { return at < sentence.span.begin; });
    if (after == document_.sentences.begin()) return std::nullopt;
    const Span sentence = std::prev(after)->span;
    if (span.begin >= sentence.end) return std::nullopt;
    return sentence;
  }

  const AnnotatedDocument& document_;
  std::vector<Span> contents_;
};

}  // namespace

void ClaimTimesStage::Annotate(AnnotatedDocument& document) const {
  const Reader reader(document);
  const Claim* before = nullptr;
  for (Claim& claim : document.claims) {
    claim.said_at = reader.SaidAt(claim);
    // "nannte am Montag den Plan gut und äußerte sich überrascht": one occasion.
    if (!claim.said_at && before != nullptr && reader.OnOneOccasion(*before, claim)) {
      claim.said_at = before->said_at;
    }
    claim.about = reader.About(claim);
    before = &claim;
  }
}

}  // namespace lagebild::extract
