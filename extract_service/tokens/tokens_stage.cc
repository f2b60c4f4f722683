#include "extract_service/tokens/tokens_stage.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace lagebild::extract {
namespace {

constexpr int32_t kMaxWordBytes = 1024;
constexpr int32_t kMaxMailLocalPart = 64;

enum class Class : uint8_t { kBlank, kNewline, kLetter, kDigit, kMark, kSymbol };

// Code points that belong to a word although they are no letters: joiners and soft hyphens.
bool JoinsLetters(UChar32 c) { return c == 0xAD || c == 0x200C || c == 0x200D || c == 0x2060; }

Class Classify(UChar32 c) {
  if (c < 0x80) {
    if (c == '\n' || c == '\r') return Class::kNewline;
    if (c <= ' ' || c == 0x7F) return Class::kBlank;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return Class::kLetter;
    if (c >= '0' && c <= '9') return Class::kDigit;
    switch (c) {
      case '$':
      case '%':
      case '+':
      case '<':
      case '=':
      case '>':
      case '^':
      case '|':
      case '~':
        return Class::kSymbol;
      default:
        return Class::kMark;
    }
  }
  if (c == 0x2028 || c == 0x2029 || c == 0x85) return Class::kNewline;
  if (c == 0xFEFF || c == 0x200B || u_isUWhiteSpace(c)) return Class::kBlank;
  switch (u_charType(c)) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_DECIMAL_DIGIT_NUMBER:  // Digits of other scripts are no German numbers.
      return Class::kLetter;
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
      return JoinsLetters(c) ? Class::kLetter : Class::kBlank;
    case U_MATH_SYMBOL:
    case U_CURRENCY_SYMBOL:
    case U_MODIFIER_SYMBOL:
    case U_OTHER_SYMBOL:
    case U_OTHER_NUMBER:
    case U_LETTER_NUMBER:
      return Class::kSymbol;
    default:
      return Class::kMark;
  }
}

// What a quotation mark is when what stands around it does not say.
enum class QuoteShape : uint8_t { kNone, kOpening, kClosing, kEither };

QuoteShape ShapeOf(UChar32 c) {
  switch (c) {
    case 0x201E:  // „
    case 0x201A:  // ‚
      return QuoteShape::kOpening;
    case 0x201D:  // ”
    case 0x2019:  // ’
      return QuoteShape::kClosing;
    case '"':
    case '\'':
    case '`':
    case 0xB4:    // ´
    case 0x201C:  // “ closes in German and opens in English.
    case 0x201F:
    case 0x2018:  // ‘
    case 0x201B:
    case 0xAB:  // « opens in Switzerland and closes in German books.
    case 0xBB:
    case 0x2039:
    case 0x203A:
    case 0x2033:  // ″
    case 0xFF02:
      return QuoteShape::kEither;
    default:
      return QuoteShape::kNone;
  }
}

bool IsSingle(UChar32 c) {
  switch (c) {
    case '\'':
    case '`':
    case 0xB4:
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2039:
    case 0x203A:
      return true;
    default:
      return false;
  }
}

bool IsApostrophe(UChar32 c) { return c == '\'' || c == 0x2019 || c == 0xB4 || c == '`'; }

bool IsEmojiJoiner(UChar32 c) {
  return c == 0x200D || c == 0xFE0F || c == 0xFE0E || c == 0x20E3 || (c >= 0x1F3FB && c <= 0x1F3FF);
}

bool IsRegionalIndicator(UChar32 c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }

constexpr std::array<std::string_view, 18> kTopLevelDomains = {
    "at",   "biz", "ch", "com", "de",  "edu", "eu", "fr", "gov",
    "info", "int", "io", "mil", "net", "org", "ru", "tv", "uk"};

bool IsAsciiAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

class Scanner {
 public:
  Scanner(std::string_view text, const IsAbbreviation& is_abbreviation)
      : text_(text), size_(static_cast<int32_t>(text.size())), is_abbreviation_(is_abbreviation) {}

  std::vector<Token> Run() {
    tokens_.reserve(text_.size() / 6 + 4);
    int32_t newlines = 0;
    while (position_ < size_) {
      const auto [c, next] = Decode(position_);
      const Class kind = Classify(c);
      if (kind == Class::kBlank || kind == Class::kNewline) {
        blank_before_ = true;
        if (kind == Class::kNewline) {
          line_start_ = true;
          // A quotation that was never closed must not turn the marks of later paragraphs round.
          if (++newlines > 1) open_double_ = open_single_ = 0;
        }
        position_ = next;
        continue;
      }
      newlines = 0;
      begin_ = position_;
      Next(c, next, kind);
      blank_before_ = false;
      line_start_ = false;
    }
    return std::move(tokens_);
  }

 private:
  struct Decoded {
    UChar32 c;
    int32_t next;
  };

  Decoded Decode(int32_t at) const {
    const auto byte = static_cast<unsigned char>(text_[static_cast<size_t>(at)]);
    if (byte < 0x80) return {byte, at + 1};
    UChar32 c;
    int32_t next = at;
    U8_NEXT(text_.data(), next, size_, c);
    return {c < 0 ? 0xFFFD : c, next};
  }
  char At(int32_t at) const { return at < size_ ? text_[static_cast<size_t>(at)] : '\0'; }
  // Class of what begins at `at`; the end of the text counts as a blank.
  Class ClassAt(int32_t at) const { return at < size_ ? Classify(Decode(at).c) : Class::kBlank; }
  bool IsWordAt(int32_t at) const {
    const Class kind = ClassAt(at);
    return kind == Class::kLetter || kind == Class::kDigit;
  }

  void Next(UChar32 c, int32_t next, Class kind) {
    if (kind == Class::kLetter) return Word(position_);
    if (kind == Class::kDigit) return Number();
    if ((c == '#' || c == '@') && ClassAt(next) == Class::kLetter &&
        (tokens_.empty() || blank_before_ || tokens_.back().kind != TokenKind::kWord)) {
      int32_t end = next;
      while (end < size_ && end - begin_ < kMaxWordBytes && (IsWordAt(end) || At(end) == '_')) {
        end = Decode(end).next;
      }
      return Emit(end, TokenKind::kWord);
    }
    if (ShapeOf(c) != QuoteShape::kNone) return Quote(c, next);
    if (c == ',' && At(next) == ',' && blank_before_ && IsWordAt(next + 1)) {
      ++open_double_;
      return Emit(next + 1, TokenKind::kOpeningQuote);
    }
    if (kind == Class::kSymbol) return Symbol(c, next);
    Mark(c, next);
  }

  void Emit(int32_t end, TokenKind kind) {
    Token token;
    token.span = {begin_, end};
    token.kind = kind;
    token.space_before = blank_before_ || begin_ == 0;
    token.line_start = line_start_;
    if (kind == TokenKind::kWord) SetCase(token);
    tokens_.push_back(token);
    position_ = end;
  }

  void SetCase(Token& token) const {
    bool first = true;
    int letters = 0;
    bool lower = false;
    for (int32_t at = token.span.begin; at < token.span.end;) {
      const auto [c, next] = Decode(at);
      at = next;
      bool is_upper;
      if (c < 0x80) {
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) continue;
        is_upper = c <= 'Z';
      } else {
        if (!u_isalpha(c)) continue;
        is_upper = u_isupper(c);
      }
      if (first) token.capitalized = is_upper;
      first = false;
      ++letters;
      if (!is_upper) {
        lower = true;
        break;
      }
    }
    token.all_caps = letters >= 2 && !lower;
  }

  // End of a URL that begins at `at`; its last character is none that ends a sentence or bracket.
  int32_t UrlEnd(int32_t at) const {
    int32_t end = at;
    int32_t last = at;
    while (end < size_ && end - at < kMaxWordBytes) {
      const auto [c, next] = Decode(end);
      const Class kind = Classify(c);
      if (kind == Class::kBlank || kind == Class::kNewline || c == '<' || c == '>' || c == '"' ||
          (c >= 0x80 && ShapeOf(c) != QuoteShape::kNone)) {
        break;
      }
      end = next;
      if (kind == Class::kLetter || kind == Class::kDigit || c == '/' || c == '=' || c == '_' ||
          c == '#') {
        last = end;
      }
    }
    return last;
  }

  bool StartsWith(int32_t at, std::string_view prefix) const {
    return text_.substr(static_cast<size_t>(at), prefix.size()) == prefix;
  }

  // End of a mail address that begins at `at`, or `at`.
  int32_t MailEnd(int32_t at) const {
    int32_t end = at;
    while (end < size_ && end - at < kMaxMailLocalPart &&
           (IsAsciiAlnum(At(end)) || At(end) == '.' || At(end) == '-' || At(end) == '_' ||
            At(end) == '+')) {
      ++end;
    }
    if (end == at || At(end) != '@' || !IsAsciiAlnum(At(end + 1))) return at;
    int32_t last = at;
    bool point = false;
    for (++end; end < size_ && end - at < 4 * kMaxMailLocalPart; ++end) {
      if (IsAsciiAlnum(At(end))) {
        last = end + 1;
      } else if (At(end) == '.') {
        point = true;
      } else if (At(end) != '-') {
        break;
      }
    }
    return point ? last : at;
  }

  // End of a run of letters and digits with inner hyphens and apostrophes.
  int32_t WordEnd(int32_t at) {
    int32_t end = at;
    while (end < size_ && end - at < kMaxWordBytes) {
      const auto [c, next] = Decode(end);
      const Class kind = Classify(c);
      if (kind == Class::kLetter || kind == Class::kDigit) {
        end = next;
        continue;
      }
      if (c == '-' || c == 0x2010 || c == 0x2011) {
        if (IsWordAt(next)) {
          end = next;
          continue;
        }
        // "Innen- und": the hyphen stands for the rest of the word.
        if (ClassAt(next) == Class::kBlank || At(next) == ',' || At(next) == '/') end = next;
        break;
      }
      if (IsApostrophe(c)) {
        if (ClassAt(next) == Class::kLetter) {
          end = next;
          continue;
        }
        break;
      }
      if (c == '&' && ClassAt(next) == Class::kLetter) {
        end = next;
        continue;
      }
      // "Bürger*innen", "Bürger:innen", "Bürger_innen".
      if ((c == '*' || c == ':' || c == '_') && At(next) == 'i' && At(next + 1) == 'n') {
        end = next;
        continue;
      }
      break;
    }
    return end;
  }

  // "tagesschau.de", "www.example.org/x": the end of a host name whose first label is [at, end).
  int32_t HostEnd(int32_t at, int32_t end) const {
    int32_t last = at;
    int32_t label = end;
    while (At(label) == '.' && IsAsciiAlnum(At(label + 1)) && label - at < 256) {
      int32_t stop = label + 1;
      while (IsAsciiAlnum(At(stop)) || (At(stop) == '-' && IsAsciiAlnum(At(stop + 1)))) ++stop;
      const std::string_view name =
          text_.substr(static_cast<size_t>(label) + 1, static_cast<size_t>(stop - label - 1));
      if (std::find(kTopLevelDomains.begin(), kTopLevelDomains.end(), name) !=
              kTopLevelDomains.end() &&
          ClassAt(stop) != Class::kLetter) {
        last = stop;
      }
      label = stop;
    }
    if (last > at && At(last) == '/') return UrlEnd(at);
    return last;
  }

  // End of letters with stops between and after them ("z.B.", "U.S."), or `at`.
  int32_t InitialsEnd(int32_t at) const {
    int32_t end = at;
    int groups = 0;
    while (end < size_ && ClassAt(end) == Class::kLetter && groups < 8) {
      int32_t stop = end;
      for (int letters = 0; letters < 3 && stop < size_ && ClassAt(stop) == Class::kLetter;
           ++letters) {
        stop = Decode(stop).next;
      }
      if (At(stop) != '.' || At(stop + 1) == '.') break;
      // Only the last group may have more than one letter ("S.p.A.", "i.d.R.", "m.w.N.").
      if (stop > Decode(end).next && groups == 0) break;
      end = stop + 1;
      ++groups;
    }
    return groups > 1 ? end : at;
  }

  void Word(int32_t at) {
    if (StartsWith(at, "http://") || StartsWith(at, "https://") || StartsWith(at, "www.")) {
      const int32_t end = UrlEnd(at);
      if (end > at + 5) return Emit(end, TokenKind::kWord);
    }
    const int32_t mail = MailEnd(at);
    if (mail > at) return Emit(mail, TokenKind::kWord);
    int32_t end = WordEnd(at);
    if (At(end) == '.' && At(end + 1) != '.') {
      const int32_t initials = InitialsEnd(at);
      if (initials > end) return Emit(initials, TokenKind::kWord);
      const int32_t host = HostEnd(at, end);
      if (host > end) return Emit(host, TokenKind::kWord);
      if (IsAbbreviated(at, end)) ++end;
    }
    Emit(end, TokenKind::kWord);
  }

  // Whether the stop at `end` belongs to the word.
  bool IsAbbreviated(int32_t at, int32_t end) const {
    const auto [c, next] = Decode(at);
    if (next == end) {
      // A single letter: an initial where a word follows ("George W. Bush"), "z. B.".
      const int32_t after = end + 1;
      return after < size_ && ClassAt(after) == Class::kBlank && IsWordAt(after + 1);
    }
    if (end - at > 24) return false;
    return is_abbreviation_(
        text_.substr(static_cast<size_t>(at), static_cast<size_t>(end - at) + 1));
  }

  int32_t DigitsEnd(int32_t at) const {
    while (at < size_ && IsAsciiDigit(At(at)) && at - begin_ < kMaxWordBytes) ++at;
    return at;
  }

  void Number() {
    int32_t end = DigitsEnd(position_);
    // 2024-10-18, 2024-10
    if (end - begin_ == 4 && At(end) == '-' && DigitsEnd(end + 1) == end + 3) {
      int32_t iso = end + 3;
      if (At(iso) == '-' && DigitsEnd(iso + 1) == iso + 3) iso += 3;
      const char month = At(end + 1);
      if ((month == '0' || (month == '1' && At(end + 2) <= '2')) && At(iso) != '-' &&
          ClassAt(iso) != Class::kLetter) {
        return Emit(iso, TokenKind::kNumber);
      }
    }
    bool plain = true;  // Digits only so far.
    while (end < size_ && end - begin_ < kMaxWordBytes) {
      const char c = At(end);
      const int32_t next = DigitsEnd(end + 1);
      if (next == end + 1) break;
      if (c == '/') {
        // Two years ("1925/26") or a fraction ("3/4"); other numbers stand for themselves.
        const int32_t right = next - end - 1;
        if (!plain || !((end - begin_ == 4 && right == 2) || (end - begin_ <= 2 && right <= 2)))
          break;
      } else if (c != '.' && c != ',' && c != ':') {
        break;
      }
      plain = false;
      end = next;
    }
    // "20-jährige", "1990er", "12fach", "500-Euro-Schein"; but "2-3" is a range.
    const bool glued = ClassAt(end) == Class::kLetter;
    const bool hyphened = At(end) == '-' && ClassAt(end + 1) == Class::kLetter;
    if (glued || hyphened) {
      const int32_t word = WordEnd(end);
      if (word > end) return Emit(word, TokenKind::kWord);
    }
    Emit(end, TokenKind::kNumber);
  }

  void Quote(UChar32 c, int32_t next) {
    // '' and `` are double marks written with two characters.
    const bool doubled = (c == '\'' || c == '`' || c == 0x2019 || c == 0x2018 || c == 0x201A) &&
                         next < size_ && Decode(next).c == c;
    const int32_t end = doubled ? Decode(next).next : next;
    const bool single = IsSingle(c) && !doubled;
    // "Hans' Hut": an apostrophe that stands for an s, not a mark, when none is open.
    if (single && IsApostrophe(c) && !tokens_.empty() && !blank_before_ &&
        tokens_.back().kind == TokenKind::kWord && open_single_ == 0) {
      tokens_.back().span.end = end;
      position_ = end;
      return;
    }
    int32_t& open = single ? open_single_ : open_double_;
    const bool opens_before = blank_before_ || tokens_.empty() || OpensBefore();
    const bool closes_after = ClosesAfter(end);
    bool opening;
    if (opens_before != closes_after) {
      opening = opens_before;
    } else {
      const QuoteShape shape = ShapeOf(c);
      opening = shape == QuoteShape::kOpening || (shape == QuoteShape::kEither && open == 0);
      if (doubled && c == '`') opening = true;
    }
    if (opening) {
      ++open;
    } else if (open > 0) {
      --open;
    }
    Emit(end, opening ? TokenKind::kOpeningQuote : TokenKind::kClosingQuote);
  }

  bool OpensBefore() const {
    const Token& last = tokens_.back();
    if (last.kind == TokenKind::kOpeningQuote) return true;
    const char c = text_[static_cast<size_t>(last.span.begin)];
    return last.span.size() == 1 && (c == '(' || c == '[' || c == '{' || c == '/');
  }

  bool ClosesAfter(int32_t at) const {
    if (at >= size_) return true;
    const auto [c, next] = Decode(at);
    const Class kind = Classify(c);
    if (kind == Class::kBlank || kind == Class::kNewline) return true;
    switch (c) {
      case '.':
        // „...und“ opens although a point follows.
        return At(next) != '.';
      case ',':
      case ';':
      case ':':
      case '!':
      case '?':
      case ')':
      case ']':
      case '}':
      case '/':
        return true;
      default:
        return false;
    }
  }

  void Symbol(UChar32 c, int32_t next) {
    int32_t end = next;
    if (c >= 0x2000) {
      // An emoji with its joiners and modifiers, a flag of two indicators.
      if (IsRegionalIndicator(c) && end < size_ && IsRegionalIndicator(Decode(end).c)) {
        end = Decode(end).next;
      }
      while (end < size_ && end - begin_ < kMaxWordBytes) {
        const Decoded joiner = Decode(end);
        if (!IsEmojiJoiner(joiner.c)) break;
        end = joiner.next;
        if (joiner.c == 0x200D && ClassAt(end) == Class::kSymbol) end = Decode(end).next;
      }
    }
    Emit(end, TokenKind::kSymbol);
  }

  void Mark(UChar32 c, int32_t next) {
    int32_t end = next;
    if (c == '.') {
      while (At(end) == '.') ++end;
    } else if (c == '-') {
      while (At(end) == '-') ++end;
    } else if (c == '(' || c == '[') {
      const char close = c == '(' ? ')' : ']';
      if (StartsWith(next, "...") && At(next + 3) == close) {
        end = next + 4;
      } else if (StartsWith(next, "…") && At(next + 3) == close) {
        end = next + 4;
      }
    }
    Emit(end, TokenKind::kPunctuation);
  }

  const std::string_view text_;
  const int32_t size_;
  const IsAbbreviation& is_abbreviation_;
  std::vector<Token> tokens_;
  int32_t position_ = 0;
  int32_t begin_ = 0;
  int32_t open_double_ = 0;  // Marks opened and not closed in this paragraph.
  int32_t open_single_ = 0;
  bool blank_before_ = true;
  bool line_start_ = true;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view text, const IsAbbreviation& is_abbreviation) {
  return Scanner(text, is_abbreviation).Run();
}

void TokensStage::Annotate(AnnotatedDocument& document) const {
  document.tokens = Tokenize(document.text(), [this](std::string_view form) {
    const auto entry = lexicon_.Find(form);
    return entry.has_value() && entry->classes.Has(WordClass::kAbbreviation);
  });
}

}  // namespace lagebild::extract
