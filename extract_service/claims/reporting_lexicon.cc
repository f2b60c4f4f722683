#include "extract_service/claims/reporting_lexicon.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lagebild::extract {
namespace {

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }
std::string_view FromAbsl(absl::string_view text) { return {text.data(), text.size()}; }

// Shorter words are the end of too many others.
constexpr size_t kShortestBlockedHead = 5;

constexpr std::pair<std::string_view, uint32_t> kFrames[] = {
    {"dass", Frame::kDass},
    {"ob", Frame::kOb},
    {"w", Frame::kInterrogative},
    {"konj", Frame::kVerbSecond},
    {"inf", Frame::kInfinitive},
    {"quote", Frame::kQuote},
    {"acc", Frame::kAccusative},
    {"als", Frame::kAls},
    {"von", Frame::kVon},
    {"über", Frame::kUeber},
    {"vor", Frame::kVor},
    {"zu", Frame::kZu},
    {"auf", Frame::kAuf},
    {"für", Frame::kFuer},
    {"mit", Frame::kMit},
    {"an", Frame::kAn},
    {"um", Frame::kUm},
    {"gegen", Frame::kGegen},
    {"aus", Frame::kAus},
    {"dat", Frame::kToDative},
    {"akk", Frame::kToAccusative},
    {"nach", Frame::kNach},
    {"in", Frame::kIn},
    {"source", Frame::kSource},
    {"impersonal", Frame::kImpersonal},
    {"es", Frame::kExpletive},
    {"cited", Frame::kCited},
    {"naming", Frame::kNaming},
    {"deed", Frame::kDeed},
    {"laut", 0},  // Any noun of a source.
};

constexpr std::pair<std::string_view, ClaimAct> kActs[] = {
    {"ASSERT", ClaimAct::kAssert},     {"CONFIRM", ClaimAct::kConfirm},
    {"DENY", ClaimAct::kDeny},         {"ESTIMATE", ClaimAct::kEstimate},
    {"PREDICT", ClaimAct::kPredict},   {"DEMAND", ClaimAct::kDemand},
    {"WARN", ClaimAct::kWarn},         {"ACCUSE", ClaimAct::kAccuse},
    {"ANNOUNCE", ClaimAct::kAnnounce}, {"ASSESS", ClaimAct::kAssess},
    {"CONCERN", ClaimAct::kConcern},
};

constexpr std::pair<std::string_view, Certainty> kCertainties[] = {
    {"CERTAIN", Certainty::kCertain},   {"PROBABLE", Certainty::kProbable},
    {"POSSIBLE", Certainty::kPossible}, {"UNCERTAIN", Certainty::kUncertain},
    {"HEARSAY", Certainty::kHearsay},
};

template <typename T, size_t N>
T Named(const std::pair<std::string_view, T> (&names)[N], std::string_view name, T otherwise) {
  for (const auto& [known, value] : names) {
    if (known == name) return value;
  }
  return otherwise;
}

constexpr std::pair<std::string_view, uint32_t> kPrepositionFrames[] = {
    {"von", Frame::kVon},   {"vom", Frame::kVon},     {"über", Frame::kUeber}, {"vor", Frame::kVor},
    {"zu", Frame::kZu},     {"zum", Frame::kZu},      {"zur", Frame::kZu},     {"auf", Frame::kAuf},
    {"für", Frame::kFuer},  {"mit", Frame::kMit},     {"an", Frame::kAn},      {"am", Frame::kAn},
    {"um", Frame::kUm},     {"gegen", Frame::kGegen}, {"aus", Frame::kAus},    {"als", Frame::kAls},
    {"nach", Frame::kNach},
};

ReportingEntry ReadEntry(const LexiconTable& table, size_t row) {
  ReportingEntry entry;
  for (const auto& frame : absl::StrSplit(ToAbsl(table.Cell(row, "frames")), ',')) {
    entry.frames |= Named<uint32_t>(kFrames, FromAbsl(frame), 0);
  }
  const std::string_view strength = table.Cell(row, "strength");
  entry.strength = strength == "strong" ? Strength::kStrong
                   : strength == "weak" ? Strength::kWeak
                                        : Strength::kBlocked;
  entry.act = Named(kActs, table.Cell(row, "act"), ClaimAct::kAssert);
  entry.certainty = Named(kCertainties, table.Cell(row, "certainty"), Certainty::kCertain);
  entry.polarity = table.Cell(row, "polarity") == "NEG" ? Polarity::kNegative : Polarity::kPositive;
  return entry;
}

}  // namespace

uint32_t FrameOf(std::string_view preposition) {
  for (const auto& [name, frame] : kPrepositionFrames) {
    if (name == preposition) return frame;
  }
  return 0;
}

ReportingLexicon::ReportingLexicon(const Lexicon& lexicon) {
  std::vector<std::string> particles;
  const LexiconTable& prefixes = lexicon.Table("verb_prefixes");
  for (size_t row = 0; row < prefixes.size(); ++row) {
    if (prefixes.Cell(row, "kind") == "separable") {
      particles.emplace_back(prefixes.Cell(row, "prefix"));
    }
  }
  const LexiconTable& verbs = lexicon.Table("reporting_verbs");
  for (size_t row = 0; row < verbs.size(); ++row) {
    const std::string_view lemma = verbs.Cell(row, "lemma");
    ReportingEntry entry = ReadEntry(verbs, row);
    entry.lemma = std::string(lemma);
    const auto index = static_cast<int32_t>(entries_.size());
    if (const auto number = lexicon.FindLemma(lemma)) verbs_[*number] = index;
    // "mitteilen" is also met as "teilte ... mit".
    for (const std::string& particle : particles) {
      if (lemma.size() <= particle.size() + 2 || lemma.substr(0, particle.size()) != particle)
        continue;
      if (const auto base = lexicon.FindLemma(lemma.substr(particle.size()))) {
        separable_[*base].emplace_back(particle, index);
      }
    }
    entries_.push_back(std::move(entry));
  }
  const LexiconTable& phrases = lexicon.Table("reporting_phrases");
  std::array<char, 96> buffer;
  for (size_t row = 0; row < phrases.size(); ++row) {
    const std::string_view verb = phrases.Cell(row, "verb");
    const auto number = lexicon.FindLemma(verb);
    if (!number) continue;
    ReportingEntry entry = ReadEntry(phrases, row);
    entry.phrase = true;
    const auto index = static_cast<int32_t>(entries_.size());
    for (const auto& word : absl::StrSplit(ToAbsl(phrases.Cell(row, "words")), ',')) {
      if (entry.lemma.empty()) entry.lemma = absl::StrCat(word, " ", ToAbsl(verb));
      const std::string_view words = ToLower(FromAbsl(word), &buffer);
      const size_t last = words.rfind(' ') + 1;  // 0 where there is one word.
      VerbPhrases& of_verb = phrases_[*number];
      of_verb.by_last_word[std::string(words.substr(last))].emplace_back(
          words.substr(0, last == 0 ? 0 : last - 1), index);
      if (entry.strength == Strength::kBlocked && words.size() >= kShortestBlockedHead) {
        of_verb.blocked_heads.emplace_back(words, index);
      }
    }
    entries_.push_back(std::move(entry));
  }
  const LexiconTable& nouns = lexicon.Table("reporting_nouns");
  for (size_t row = 0; row < nouns.size(); ++row) {
    source_nouns_[std::string(ToLower(nouns.Cell(row, "noun"), &buffer))] =
        static_cast<int32_t>(entries_.size());
    entries_.push_back(ReadEntry(nouns, row));
  }
  const LexiconTable& content = lexicon.Table("content_nouns");
  for (size_t row = 0; row < content.size(); ++row) {
    ReportingEntry entry = ReadEntry(content, row);
    entry.phrase = true;
    const auto index = static_cast<int32_t>(entries_.size());
    for (const auto& word : absl::StrSplit(ToAbsl(content.Cell(row, "forms")), ',')) {
      if (entry.lemma.empty()) entry.lemma = std::string(word.data(), word.size());
      content_nouns_[std::string(ToLower(FromAbsl(word), &buffer))] = index;
    }
    entries_.push_back(std::move(entry));
  }
  const LexiconTable& hedges = lexicon.Table("hedges");
  for (size_t row = 0; row < hedges.size(); ++row) {
    Hedge hedge;
    hedge.certainty = Named(kCertainties, hedges.Cell(row, "certainty"), Certainty::kPossible);
    const std::string_view kind = hedges.Cell(row, "kind");
    if (kind == "phrase") continue;
    hedge.kind = kind == "modal"         ? Hedge::Kind::kModal
                 : kind == "belief"      ? Hedge::Kind::kBelief
                 : kind == "knowledge"   ? Hedge::Kind::kKnowledge
                 : kind == "affirmation" ? Hedge::Kind::kAffirmation
                 : kind == "denial"      ? Hedge::Kind::kDenial
                 : kind == "falsehood"   ? Hedge::Kind::kFalsehood
                                         : Hedge::Kind::kAdverb;
    hedges_[std::string(hedges.Cell(row, "words"))] = hedge;
  }
  const LexiconTable& evaluations = lexicon.Table("evaluations");
  for (size_t row = 0; row < evaluations.size(); ++row) {
    const std::string_view word = evaluations.Cell(row, "word");
    if (evaluations.Cell(row, "kind") == "verb") {
      if (const auto number = lexicon.FindLemma(word)) evaluating_verbs_.insert(*number);
      for (const std::string& particle : particles) {
        if (word.size() <= particle.size() + 2 || !word.starts_with(particle)) continue;
        if (const auto base = lexicon.FindLemma(word.substr(particle.size()))) {
          separable_evaluations_[*base].push_back(particle);
        }
      }
      continue;
    }
    evaluations_.insert(std::string(ToLower(word, &buffer)));
  }
  const LexiconTable& states = lexicon.Table("states");
  for (size_t row = 0; row < states.size(); ++row) {
    states_.emplace(states.Cell(row, "word"));
  }
  const LexiconTable& wrongs = lexicon.Table("wrongs");
  for (size_t row = 0; row < wrongs.size(); ++row) {
    if (const auto number = lexicon.FindLemma(wrongs.Cell(row, "lemma"))) wrongs_.insert(*number);
  }
}

bool ReportingLexicon::Evaluates(const WordInfo& verb) const {
  for (uint8_t i = 0; i < verb.lemma_count; ++i) {
    if (evaluating_verbs_.contains(verb.lemmas[i])) return true;
  }
  return false;
}

bool ReportingLexicon::Evaluates(const WordInfo& base, std::string_view particle) const {
  for (uint8_t i = 0; i < base.lemma_count; ++i) {
    const auto found = separable_evaluations_.find(base.lemmas[i]);
    if (found == separable_evaluations_.end()) continue;
    const std::vector<std::string>& particles = found->second;
    if (std::find(particles.begin(), particles.end(), particle) != particles.end()) return true;
  }
  return false;
}

bool ReportingLexicon::IsWrong(const WordInfo& word) const {
  for (uint8_t i = 0; i < word.lemma_count; ++i) {
    if (wrongs_.contains(word.lemmas[i])) return true;
  }
  return false;
}

const ReportingEntry* ReportingLexicon::Verb(uint32_t lemma) const {
  const auto it = verbs_.find(lemma);
  return it == verbs_.end() ? nullptr : &entries_[static_cast<size_t>(it->second)];
}

const ReportingEntry* ReportingLexicon::Verb(uint32_t base, std::string_view particle) const {
  const auto it = separable_.find(base);
  if (it == separable_.end()) return nullptr;
  for (const auto& [known, index] : it->second) {
    if (known == particle) return &entries_[static_cast<size_t>(index)];
  }
  return nullptr;
}

const ReportingEntry* ReportingLexicon::Phrase(uint32_t verb, std::string_view lower_before,
                                               std::string_view lower_word) const {
  const auto it = phrases_.find(verb);
  if (it == phrases_.end()) return nullptr;
  // Where several match, the first in the table decides.
  int32_t first = std::numeric_limits<int32_t>::max();
  // "bestritt ein Seniorenturnier": compounds of what keeps a verb from reporting do so, too.
  for (const auto& [head, index] : it->second.blocked_heads) {
    if (lower_word.size() <= head.size() || !lower_word.ends_with(head)) continue;
    first = index;
    break;
  }
  if (const auto same = it->second.by_last_word.find(lower_word);
      same != it->second.by_last_word.end()) {
    for (const auto& [before, index] : same->second) {
      if (before.empty() || before == lower_before) {
        first = std::min(first, index);
        break;
      }
    }
  }
  return first != std::numeric_limits<int32_t>::max() ? &entries_[static_cast<size_t>(first)]
                                                      : nullptr;
}

const ReportingEntry* ReportingLexicon::ContentNoun(std::string_view lower_form) const {
  const auto it = content_nouns_.find(lower_form);
  return it == content_nouns_.end() ? nullptr : &entries_[static_cast<size_t>(it->second)];
}

const ReportingEntry* ReportingLexicon::SourceNoun(std::string_view lower_form,
                                                   std::string_view lemma) const {
  const auto find = [&](std::string_view noun) -> const ReportingEntry* {
    const auto it = source_nouns_.find(noun);
    return it == source_nouns_.end() ? nullptr : &entries_[static_cast<size_t>(it->second)];
  };
  std::array<char, 96> buffer;
  if (const ReportingEntry* found = find(ToLower(lemma, &buffer))) return found;
  // Plurals, and compounds by their last part ("Polizeiangaben").
  constexpr size_t kShortestPart = 4;
  for (size_t cut = 0; cut <= 2 && cut < lower_form.size(); ++cut) {
    const std::string_view stem = lower_form.substr(0, lower_form.size() - cut);
    if (const ReportingEntry* found = find(stem)) return found;
    for (size_t from = 1; from + 5 < stem.size(); ++from) {
      if ((static_cast<unsigned char>(stem[from]) & 0xc0) == 0x80) continue;
      // "Conversion" and "Auszählung" are no compounds of "Version" and "Zählung".
      if (from < (lemma.empty() ? kShortestPart : kShortestPart + 1) && stem[from - 1] != '-') {
        continue;
      }
      if (const ReportingEntry* found = find(stem.substr(from))) return found;
    }
  }
  return nullptr;
}

const Hedge* ReportingLexicon::FindHedge(std::string_view lower_word) const {
  const auto it = hedges_.find(lower_word);
  return it == hedges_.end() ? nullptr : &it->second;
}

}  // namespace lagebild::extract
