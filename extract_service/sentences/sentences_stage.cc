#include "extract_service/sentences/sentences_stage.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_split.h"

namespace lagebild::extract {
namespace {

// A run of tokens without any stop is cut here, so that no stage meets a sentence without end.
constexpr int32_t kMaxSentenceTokens = 1000;
// How deep the stack of open marks is searched for the partner of a closing one.
constexpr size_t kMaxSearch = 8;
constexpr int kMaxOrdinal = 31;

bool IsSentenceRegion(RegionKind kind) {
  return kind == RegionKind::kTitle || kind == RegionKind::kHeading || kind == RegionKind::kBody ||
         kind == RegionKind::kCaption;
}

// Whether a blank line lies between two tokens.
bool BlankLineBetween(std::string_view text, const Token& before, const Token& after) {
  int newlines = 0;
  for (int32_t at = before.span.end; at < after.span.begin; ++at) {
    newlines += text[static_cast<size_t>(at)] == '\n';
  }
  return newlines > 1;
}

bool IsSingleMark(std::string_view mark) {
  static constexpr std::array<std::string_view, 9> kSingle = {"'", "‚", "‘", "’", "‹",
                                                              "›", "‛", "`", "´"};
  return std::find(kSingle.begin(), kSingle.end(), mark) != kSingle.end();
}

bool IsRoman(std::string_view word) {
  return !word.empty() && word.size() <= 7 &&
         word.find_first_not_of("IVXLCDM") == std::string_view::npos;
}

bool IsTerminal(std::string_view mark) {
  return mark == "." || mark == "!" || mark == "?" || mark == "..." || mark == "…" ||
         mark == "?!" || mark == "!?";
}

std::string LowerFirst(std::string_view word) {
  UChar32 c;
  int32_t at = 0;
  U8_NEXT(word.data(), at, static_cast<int32_t>(word.size()), c);
  if (c < 0) return std::string(word);
  c = u_tolower(c);
  std::array<uint8_t, 4> bytes;
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes.data(), length, c);
  std::string lower(reinterpret_cast<const char*>(bytes.data()), static_cast<size_t>(length));
  lower += word.substr(static_cast<size_t>(at));
  return lower;
}

class Splitter {
 public:
  Splitter(AnnotatedDocument& document, const SentenceWords& words)
      : document_(document), tokens_(document.tokens), words_(words) {}

  void Run() {
    const auto count = static_cast<int32_t>(tokens_.size());
    size_t region = 0;
    const auto& regions = document_.regions;
    int32_t begin = 0;
    while (begin < count) {
      const int32_t at = tokens_[static_cast<size_t>(begin)].span.begin;
      while (region < regions.size() && regions[region].span.end <= at) ++region;
      // A text without regions is all body.
      int32_t limit = count;
      bool prose = regions.empty();
      if (region < regions.size()) {
        const bool inside = regions[region].span.begin <= at;
        prose = inside && IsSentenceRegion(regions[region].kind);
        const int32_t border = inside ? regions[region].span.end : regions[region].span.begin;
        limit = begin + 1;
        while (limit < count && tokens_[static_cast<size_t>(limit)].span.begin < border) ++limit;
      }
      if (prose) SplitRegion({begin, limit});
      begin = limit;
      ++paragraph_;
    }
  }

 private:
  const Token& At(int32_t token) const { return tokens_[static_cast<size_t>(token)]; }
  std::string_view Text(int32_t token) const { return document_.TokenText(token); }

  void SplitRegion(TokenRange range) {
    int32_t begin = range.begin;
    for (int32_t i = range.begin; i < range.end;) {
      const int32_t last = IsHeading({begin, i + 1}, range.end) ? i : EndAt(i, range.end);
      const int32_t next = last >= 0 ? last + 1 : i + 1;
      bool border = last >= 0;
      bool paragraph = false;
      if (next < range.end && At(next).line_start) {
        paragraph = BlankLineBetween(document_.text(), At(next - 1), At(next)) || border;
        border = paragraph || IsBullet(next);
      }
      if (next - begin >= kMaxSentenceTokens) border = true;
      if (border || next >= range.end) {
        Emit({begin, next});
        begin = next;
        if (paragraph) ++paragraph_;
      }
      i = next;
    }
  }

  void Emit(TokenRange range) {
    if (range.empty()) return;
    for (int32_t i = range.begin; i < range.end; ++i) {
      tokens_[static_cast<size_t>(i)].sentence = static_cast<int32_t>(document_.sentences.size());
    }
    document_.sentences.push_back({document_.SpanOf(range), range, paragraph_});
  }

  // "Keine Hinweise auf Brandstiftung Nach dem Feuer suchte die Polizei ...": a heading whose mark
  // or line has been lost.
  bool IsHeading(TokenRange words, int32_t limit) const {
    constexpr int32_t kShortest = 2;
    constexpr int32_t kLongest = 9;
    constexpr int32_t kShortestPhrase = 3;
    constexpr int32_t kShortestSentence = 5;
    if (words.size() < kShortest || words.size() > kLongest ||
        words.end + kShortestSentence > limit) {
      return false;
    }
    const Token& next = At(words.end);
    if (!next.capitalized || next.kind != TokenKind::kWord || !next.space_before ||
        next.line_start) {
      return false;
    }
    // "Berg könnte klagen Berg schloss nicht aus, ...": who the heading begins with.
    const bool resumes = words.size() > kShortest && Text(words.begin) == Text(words.end) &&
                         words_.is_nonfinite(Text(words.end - 1));
    if (!resumes && !words_.begins_sentence(Text(words.end), Text(words.end + 1))) return false;
    // "Günther Platter drehte": a surname that looks like an adjective.
    if (words_.is_first_name(Text(words.end - 1))) return false;
    // "Daraus wurde der Film Die Brücke": headings do without articles.
    const bool ends_with_noun = At(words.end - 1).capitalized;
    // "ein jahrelanges Hin und Her".
    if (!ends_with_noun && words_.is_determiner(Text(words.end - 2))) return false;
    for (int32_t t = words.begin; t < words.end; ++t) {
      if (At(t).kind != TokenKind::kWord && At(t).kind != TokenKind::kNumber) return false;
      if (ends_with_noun && !At(t).capitalized && words_.is_determiner(Text(t))) return false;
    }
    // "Im Film Die Brücke ...", "von Die Linke": inside a sentence.
    const std::string_view first = Text(words.begin);
    const bool opens_phrase = words_.begins_sentence(first, Text(words.begin + 1));
    if (words.size() <= kShortestPhrase && opens_phrase) return false;
    if (words.size() == kShortest) {
      // "Rückzug gefordert".
      return At(words.begin).capitalized &&
             (ends_with_noun || words_.is_nonfinite(Text(words.end - 1)) ||
              words_.is_predicate(Text(words.end - 1)));
    }
    // "Namen sollen nicht geändert werden".
    const bool passive =
        words_.is_nonfinite(Text(words.end - 1)) && words_.is_nonfinite(Text(words.end - 2));
    return ends_with_noun || passive || !words_.goes_on(Text(words.end - 1));
  }

  bool IsBullet(int32_t token) const {
    const std::string_view text = Text(token);
    return text == "•" || text == "*" || text == "▪" || text == "■" || text == "–" || text == "-";
  }

  // Last token of the sentence when the token `stop` ends one, else -1.
  int32_t EndAt(int32_t stop, int32_t limit) const {
    const Token& token = At(stop);
    const std::string_view text = Text(stop);
    if (EndsPost(stop, limit)) return stop;
    const bool abbreviation =
        (token.kind == TokenKind::kWord && text.size() > 1 && text.back() == '.') ||
        StopsAbbreviation(stop);
    if (!abbreviation && !(token.kind == TokenKind::kPunctuation && IsTerminal(text))) return -1;
    int32_t last = stop;
    bool closed = false;
    while (last + 1 < limit && ClosesAfterStop(last + 1)) {
      ++last;
      closed |= At(last).kind == TokenKind::kClosingQuote || !IsTerminal(Text(last));
    }
    const int32_t next = last + 1;
    if (next >= limit) return last;
    if (BlankLineBetween(document_.text(), At(last), At(next))) return last;
    return Ends(stop, last, next, abbreviation, closed) ? last : -1;
  }

  // The link that an embedded post ends with ("pic.twitter.com/a1B2 Der Minister ...").
  bool EndsPost(int32_t token, int32_t limit) const {
    static constexpr std::array<std::string_view, 4> kLinks = {"pic.twitter.com/", "pic.x.com/",
                                                               "https://t.co/", "t.co/"};
    if (token + 1 >= limit || At(token).kind == TokenKind::kPunctuation) return false;
    const std::string_view text = Text(token);
    const bool link = std::any_of(kLinks.begin(), kLinks.end(), [text](std::string_view start) {
      return text.starts_with(start);
    });
    const Token& next = At(token + 1);
    return link && next.kind == TokenKind::kWord && next.capitalized && next.space_before;
  }

  // "St . Anna": texts that were cut into words before have a blank before every stop.
  bool StopsAbbreviation(int32_t stop) const {
    if (stop == 0 || Text(stop) != "." || !At(stop).space_before || At(stop).line_start) {
      return false;
    }
    const Token& word = At(stop - 1);
    return word.kind == TokenKind::kWord &&
           ((word.capitalized && IsOneLetter(Text(stop - 1))) ||
            words_.is_abbreviation(std::string(Text(stop - 1)) + "."));
  }

  bool ClosesAfterStop(int32_t token) const {
    const std::string_view text = Text(token);
    if (At(token).kind == TokenKind::kClosingQuote) return true;
    if (At(token).space_before) return false;
    return text == ")" || text == "]" || IsTerminal(text);
  }

  bool Ends(int32_t stop, int32_t last, int32_t next, bool abbreviation, bool closed) const {
    const std::string_view text = Text(stop);
    const std::string_view after = Text(next);
    const Token& following = At(next);
    if (following.kind == TokenKind::kPunctuation) {
      // "…“, sagte sie", "…!“ – so rief er"; a bracket or bullet begins anew.
      if (after == "," || after == ";" || after == ":" || after == ")" || after == "]")
        return false;
      if (after == "–" || after == "—" || after == "-" || after == "/") {
        return next + 1 < static_cast<int32_t>(tokens_.size()) && !abbreviation &&
               StartsAnew(next + 1) && !closed;
      }
      return !abbreviation && !IsOrdinal(stop, next);
    }
    if (following.kind == TokenKind::kClosingQuote) return false;
    if (following.kind == TokenKind::kWord && !following.capitalized && !StartsWithDigit(after)) {
      return false;
    }
    const bool only_at_beginning =
        following.kind == TokenKind::kWord && words_.is_lower_case_word(after);
    if (abbreviation) {
      const bool initial = text == "." ? IsOneLetter(Text(stop - 1)) : IsInitial(text);
      return only_at_beginning && !initial;
    }
    if (text == "..." || text == "…") return only_at_beginning || !At(stop).space_before || closed;
    if (text != "." || closed || last > stop) return true;
    if (IsOrdinal(stop, next)) return only_at_beginning;
    return true;
  }

  static bool StartsWithDigit(std::string_view text) { return text[0] >= '0' && text[0] <= '9'; }

  bool StartsAnew(int32_t token) const {
    return At(token).kind != TokenKind::kWord || At(token).capitalized;
  }

  // "W.", "z.", but not "usw.".
  static bool IsInitial(std::string_view text) {
    return text.back() == '.' && IsOneLetter(text.substr(0, text.size() - 1));
  }

  static bool IsOneLetter(std::string_view text) {
    if (text.empty()) return false;
    int32_t at = 0;
    UChar32 c;
    U8_NEXT(text.data(), at, static_cast<int32_t>(text.size()), c);
    return static_cast<size_t>(at) == text.size();
  }

  // Whether the stop makes an ordinal of the number or Roman numeral before it.
  bool IsOrdinal(int32_t stop, int32_t next) const {
    if (stop == 0 || At(stop).space_before || Text(stop) != ".") return false;
    const Token& number = At(stop - 1);
    const std::string_view digits = Text(stop - 1);
    const std::string_view before = stop > 1 ? Text(stop - 2) : std::string_view();
    const bool names_before = stop > 1 && At(stop - 2).kind == TokenKind::kWord;
    if (number.kind == TokenKind::kWord) {
      // "Elisabeth II.", "Johannes XXIII."
      return IsRoman(digits) && names_before && At(stop - 2).capitalized;
    }
    if (number.kind != TokenKind::kNumber) return false;
    if (digits.find_first_of(",:/-") != std::string_view::npos) return false;
    const size_t point = digits.find('.');
    if (point != std::string_view::npos) {
      // "18.10." is a date, "12.000." a number at a sentence's end.
      return digits.size() - point <= 3 &&
             std::atoi(std::string(digits.substr(point + 1)).c_str()) <= 12;
    }
    if (digits.size() > 4) return false;
    const int value = std::atoi(std::string(digits).c_str());
    if (At(next).kind == TokenKind::kWord && words_.is_month(Text(next)))
      return value <= kMaxOrdinal;
    if (digits.size() == 4) return false;
    // After an article or in a list of ordinals any number may be one; else only a small one, as at
    // the beginning of a sentence ("3. Runde").
    if (names_before && !At(stop - 2).capitalized) {
      return words_.is_lower_case_word(before) && digits.size() <= 3 && TakesOrdinal(before);
    }
    const bool begins = stop < 2 || Text(stop - 2) == "." || Text(stop - 2) == "," ||
                        Text(stop - 2) == ":" || At(stop - 1).line_start ||
                        At(stop - 2).kind == TokenKind::kOpeningQuote;
    if (names_before) return value <= kMaxOrdinal && TakesOrdinal(LowerFirst(before));
    return begins && value <= kMaxOrdinal;
  }

  // Articles and prepositions that hold one, and words that join ordinals.
  static bool TakesOrdinal(std::string_view word) {
    static constexpr std::array<std::string_view, 22> kWords = {
        "der",  "die", "das", "dem",  "den",  "des", "am",  "im",    "zum",  "zur",   "vom",
        "beim", "bis", "und", "oder", "seit", "ab",  "ins", "jeder", "jede", "jeden", "jedes"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  }

  AnnotatedDocument& document_;
  std::vector<Token>& tokens_;
  const SentenceWords& words_;
  int32_t paragraph_ = 0;
};

}  // namespace

std::vector<Quotation> PairQuotations(std::string_view text, const std::vector<Token>& tokens) {
  struct Open {
    int32_t token;
    bool single;
  };
  std::vector<Quotation> pairs;
  std::vector<Open> open;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (i > 0 && token.line_start && !open.empty() &&
        BlankLineBetween(text, tokens[i - 1], token)) {
      const bool reopened = token.kind == TokenKind::kOpeningQuote;
      if (reopened) continue;
      open.clear();
    }
    if (token.kind == TokenKind::kOpeningQuote) {
      open.push_back({static_cast<int32_t>(i), IsSingleMark(token.span.In(text))});
    } else if (token.kind == TokenKind::kClosingQuote) {
      const bool single = IsSingleMark(token.span.In(text));
      for (size_t depth = 0; depth < std::min(open.size(), kMaxSearch); ++depth) {
        const Open& candidate = open[open.size() - 1 - depth];
        if (candidate.single != single) continue;
        pairs.push_back({{candidate.token, static_cast<int32_t>(i) + 1}, -1});
        open.resize(open.size() - 1 - depth);
        break;
      }
    }
  }
  std::sort(pairs.begin(), pairs.end(),
            [](const Quotation& a, const Quotation& b) { return a.tokens.begin < b.tokens.begin; });
  std::vector<int32_t> around;
  for (size_t i = 0; i < pairs.size(); ++i) {
    while (!around.empty() &&
           pairs[static_cast<size_t>(around.back())].tokens.end <= pairs[i].tokens.begin) {
      around.pop_back();
    }
    if (!around.empty()) pairs[i].outer = around.back();
    around.push_back(static_cast<int32_t>(i));
  }
  return pairs;
}

SentencesStage::SentencesStage(const Lexicon& lexicon) {
  const auto only = [&lexicon](std::string_view lower, uint32_t mask) {
    const auto entry = lexicon.Find(lower);
    return entry.has_value() && !entry->analyses.empty() &&
           std::all_of(entry->analyses.begin(), entry->analyses.end(),
                       [mask](const Analysis& reading) {
                         return (mask >> static_cast<unsigned>(reading.pos) & 1u) != 0;
                       });
  };
  const auto bit = [](Pos pos) { return 1u << static_cast<unsigned>(pos); };
  const uint32_t function_words = bit(Pos::kDeterminer) | bit(Pos::kPronoun) |
                                  bit(Pos::kAdposition) | bit(Pos::kSubordinator) |
                                  bit(Pos::kCoordinator) | bit(Pos::kAdverb) | bit(Pos::kParticle);
  absl::flat_hash_set<std::string> polite;
  absl::flat_hash_set<std::string> articles;  // And "es".
  absl::flat_hash_set<std::string> comparing;
  const LexiconTable& table = lexicon.Table("clause_words");
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string_view kind = table.Cell(row, "class");
    absl::flat_hash_set<std::string>* set = kind == "polite"                           ? &polite
                                            : kind == "article" || kind == "expletive" ? &articles
                                            : kind == "wie"                            ? &comparing
                                                                                       : nullptr;
    if (set == nullptr) continue;
    const std::string_view forms = table.Cell(row, "words");
    for (const auto& form :
         absl::StrSplit(absl::string_view(forms.data(), forms.size()), ' ', absl::SkipEmpty())) {
      set->insert(std::string(form.data(), form.size()));
    }
  }
  words_.is_lower_case_word = [&lexicon, articles](std::string_view form) {
    const std::string lower = LowerFirst(form);
    const auto entry = lexicon.Find(lower);
    if (!entry.has_value()) return false;
    const auto names = [](const Analysis& reading) {
      return reading.pos == Pos::kNoun || reading.pos == Pos::kProperNoun;
    };
    if (std::all_of(entry->analyses.begin(), entry->analyses.end(), names)) return false;
    // "Die" is a town and "Es" a note, which hardly any sentence means.
    if (lower == form || articles.contains(lower)) return true;
    const auto capital = lexicon.Find(form);
    return !capital.has_value() ||
           std::none_of(capital->analyses.begin(), capital->analyses.end(), names);
  };
  words_.begins_sentence = [only, function_words, pronoun = bit(Pos::kPronoun), polite, articles,
                            prepositions =
                                bit(Pos::kAdposition) | bit(Pos::kAdverb) | bit(Pos::kParticle),
                            adverbial = function_words | bit(Pos::kAdjective),
                            &lexicon](std::string_view form, std::string_view next) {
    constexpr size_t kLongestFunctionWord = 12;
    if (form.size() > kLongestFunctionWord) return false;
    const std::string lower = LowerFirst(form);
    if (lower == form || polite.contains(lower)) return false;
    // "es" is a note too.
    const bool personal =
        only(lower, pronoun) || (articles.contains(lower) && !only(lower, adverbial));
    if (!personal && !only(lower, adverbial)) return false;
    constexpr uint32_t kNames = WordClass::kMediaName | WordClass::kOrganizationName;
    const auto capital = lexicon.Find(form);
    const auto behind = lexicon.Find(next);
    const bool before_verb =
        LowerFirst(next) == next && behind.has_value() &&
        std::any_of(behind->analyses.begin(), behind->analyses.end(), [](const Analysis& reading) {
          return reading.morphology.Has(Morphology::kFinite);
        });
    // "Lob für Diskussion Er begrüßte", but "Das Lied Wir".
    if (personal) return before_verb && !(capital.has_value() && capital->classes.Has(kNames));
    // "Generell ist", but "Radio Aktuell".
    if (!only(lower, function_words) && !before_verb) return false;
    // "Allen" may be a surname; so is "Am" some family's, but hardly ever one that is met.
    const uint32_t rare_names = only(lower, prepositions) || articles.contains(lower)
                                    ? WordClass::kLastName | WordClass::kFirstName
                                    : uint32_t{0};
    // "Die" is a town and "Es" a note, which no sentence means; "Zeit" is a noun.
    const bool noun =
        capital.has_value() && !capital->analyses.empty() && !articles.contains(lower);
    if (noun || (capital.has_value() && capital->classes.Has(~rare_names))) return false;
    return !behind.has_value() || !behind->classes.Has(kNames);
  };
  words_.is_determiner = [only, bit](std::string_view form) {
    return only(form, bit(Pos::kDeterminer) | bit(Pos::kPronoun)) &&
           !only(form, bit(Pos::kPronoun));
  };
  words_.goes_on = [only, function_words, bit, comparing](std::string_view form) {
    return comparing.contains(absl::string_view(form.data(), form.size())) ||
           (only(form, (function_words | bit(Pos::kAuxiliary)) & ~bit(Pos::kAdverb)) &&
            !only(form, bit(Pos::kParticle)));  // "Die Tabelle lügt nicht".
  };
  words_.is_nonfinite = [&lexicon](std::string_view form) {
    constexpr uint32_t kNonfinite = Morphology::kInfinitive | Morphology::kParticiplePerfect;
    const auto entry = lexicon.Find(form);
    return entry.has_value() && LowerFirst(form) == form &&
           std::any_of(entry->analyses.begin(), entry->analyses.end(),
                       [](const Analysis& reading) { return reading.morphology.Has(kNonfinite); });
  };
  words_.is_predicate = [&lexicon](std::string_view form) {
    const auto entry = lexicon.Find(form);
    return entry.has_value() && !entry->analyses.empty() &&
           std::all_of(entry->analyses.begin(), entry->analyses.end(), [](const Analysis& reading) {
             return reading.pos == Pos::kAdjective &&
                    !reading.morphology.Has(Morphology::kCases | Morphology::kGenders);
           });
  };
  words_.is_first_name = [&lexicon](std::string_view form) {
    const auto entry = lexicon.Find(form);
    return entry.has_value() && entry->classes.Has(WordClass::kFirstName);
  };
  words_.is_month = [&lexicon](std::string_view form) {
    const auto entry = lexicon.Find(form);
    return entry.has_value() && entry->classes.Has(WordClass::kMonth);
  };
  words_.is_abbreviation = [&lexicon](std::string_view form) {
    const auto entry = lexicon.Find(form);
    return entry.has_value() && entry->classes.Has(WordClass::kAbbreviation);
  };
}

void SentencesStage::Annotate(AnnotatedDocument& document) const {
  document.quotations = PairQuotations(document.text(), document.tokens);
  Splitter(document, words_).Run();
}

}  // namespace lagebild::extract
