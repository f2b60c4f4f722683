#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_LEXICON_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_LEXICON_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace lagebild::extract {

/// Part of speech of a full form, after the Universal Dependencies tag set (UPOS). Values are
/// stored in the lexicon file and in the tagger's weights: append only.
enum class Pos : uint8_t {
  kUnknown = 0,
  kNoun,
  kProperNoun,
  kVerb,
  kAuxiliary,
  kAdjective,
  kAdverb,
  kPronoun,
  kDeterminer,
  kAdposition,
  kCoordinator,
  kSubordinator,
  kParticle,
  kNumeral,
  kPunctuation,
  kInterjection,
  kOther,
};

/// Morphology of a full form as a set of possible values: a bit is set when the value is possible,
/// so that agreement is a bitwise AND. No bit of a group set = not known or not applicable.
struct Morphology {
  enum Bit : uint32_t {
    kMasculine = 1u << 0,
    kFeminine = 1u << 1,
    kNeuter = 1u << 2,
    kSingular = 1u << 3,
    kPlural = 1u << 4,
    kNominative = 1u << 5,
    kGenitive = 1u << 6,
    kDative = 1u << 7,
    kAccusative = 1u << 8,
    kFirst = 1u << 9,
    kSecond = 1u << 10,
    kThird = 1u << 11,
    kIndicative = 1u << 12,
    kKonjunktiv1 = 1u << 13,  ///< Konjunktiv I.
    kKonjunktiv2 = 1u << 14,  ///< Konjunktiv II.
    kImperative = 1u << 15,
    kPresent = 1u << 16,
    kPast = 1u << 17,
    kFinite = 1u << 18,
    kInfinitive = 1u << 19,
    kParticiplePresent = 1u << 20,
    kParticiplePerfect = 1u << 21,
    kZuInfinitive = 1u << 22,  ///< Infinitive with "zu" inside ("mitzuteilen").
    kSeparable =
        1u << 23,  ///< Form of a separable verb, written together ("mitteilt", "mitgeteilt").
  };
  static constexpr uint32_t kGenders = kMasculine | kFeminine | kNeuter;
  static constexpr uint32_t kNumbers = kSingular | kPlural;
  static constexpr uint32_t kCases = kNominative | kGenitive | kDative | kAccusative;
  static constexpr uint32_t kMoods = kIndicative | kKonjunktiv1 | kKonjunktiv2 | kImperative;

  uint32_t bits = 0;

  constexpr bool Has(uint32_t mask) const { return (bits & mask) != 0; }
};

/// One reading of a full form.
struct Analysis {
  uint32_t lemma =
      0;  ///< For Lexicon::Lemma(). Separable verbs have their full infinitive ("mitteilen").
  Pos pos = Pos::kUnknown;
  Morphology morphology;
};

/// What the word lists know of a form; a set of bits (gazetteers and closed classes with one word
/// an entry).
struct WordClass {
  enum Bit : uint32_t {
    kFirstName = 1u << 0,
    kLastName = 1u << 1,
    kCountry = 1u << 2,
    kCapital = 1u << 3,
    kCity = 1u << 4,
    kDemonym = 1u << 5,         ///< "Niederländer".
    kPlaceAdjective = 1u << 6,  ///< "südkoreanisch", "Berliner".
    kTitle = 1u << 7,           ///< "Herr", "Dr.".
    kOffice = 1u << 8,  ///< "Präsident", "Sprecherin": a noun that names a person by function.
    kOrganizationNoun = 1u << 9,  ///< "Ministerium", "Partei", "Polizei".
    kMediaNoun = 1u << 10,        ///< "Zeitung", "Nachrichtenagentur".
    kGroupNoun = 1u << 11,        ///< "Diplomaten", "Experten".
    kMonth = 1u << 12,
    kWeekday = 1u << 13,
    kUnit = 1u << 14,
    kAbbreviation =
        1u << 15,           ///< Ends in a full stop that need not end a sentence ("Dr.", "Mio.").
    kMediaName = 1u << 16,  ///< "Reuters", "Spiegel".
    kOrganizationName = 1u << 17,  ///< "Nato", "Greenpeace".
    kPersonNoun = 1u << 18,        ///< Any other noun for a person ("Frau", "Augenzeuge", "Opfer").
    kCompoundHead =
        1u << 19,           ///< Compounds that end in it belong to its classes ("Außenminister").
    kEventName = 1u << 20,  ///< "Bundesliga", "Oscar", "Windows": events, prizes, products, works.
  };
  uint32_t bits = 0;

  constexpr bool Has(uint32_t mask) const { return (bits & mask) != 0; }
};

/// Everything the lexicon knows of one full form.
struct LexiconEntry {
  std::span<const Analysis>
      analyses;  ///< All readings; empty when only the word lists know the form.
  WordClass classes;
  uint16_t cluster = 0;       ///< Brown cluster, 0 = none; low bits are the path from the root.
  float log_probability = 0;  ///< Natural logarithm of the relative frequency; 0 = unknown.
};

/// A table of the project's own lists (language/de/NAME.tsv), rows in file order, example columns
/// left out. Views live as long as the Lexicon.
class LexiconTable {
 public:
  /// Number of rows.
  size_t size() const { return rows_.size(); }
  /// The cell of this row under this column; empty when the table has no such column.
  std::string_view Cell(size_t row, std::string_view column) const;
  const std::vector<std::string_view>& columns() const { return columns_; }

 private:
  friend class Lexicon;
  std::vector<std::string_view> columns_;
  std::vector<std::vector<std::string_view>> rows_;
};

/// The compiled, read-only, memory-mapped lexicon: full forms, word classes and rule tables.
///
/// Immutable and thread-safe. Look-ups allocate nothing. Open() validates magic, version, sizes and
/// checksum, so a look-up never reads outside the file.
class Lexicon {
 public:
  /// Maps the file. Errors: NOT_FOUND, DATA_LOSS (cut or damaged), FAILED_PRECONDITION (another
  /// format version).
  static absl::StatusOr<std::unique_ptr<const Lexicon>> Open(const std::filesystem::path& path);

  /// Where the lexicon of this program lies: $LAGEBILD_LEXICON, else ../share/lagebild/de.lexicon
  /// beside the binary's folder.
  static std::filesystem::path DefaultPath();

  ~Lexicon();
  Lexicon(const Lexicon&) = delete;
  Lexicon& operator=(const Lexicon&) = delete;

  /// What is known of the form exactly as written; nullopt when nothing is.
  std::optional<LexiconEntry> Find(std::string_view form) const;

  /// The lemma's text. REQUIRES: the number comes from this lexicon.
  std::string_view Lemma(uint32_t lemma) const;

  /// Number of a lemma's text, for comparing by number; nullopt when no reading has this lemma.
  std::optional<uint32_t> FindLemma(std::string_view lemma) const;

  /// The last part of a compound.
  struct Head {
    size_t begin = 0;    ///< Offset in the compound, in bytes.
    LexiconEntry entry;  ///< Of the head with its first letter capitalised.
  };
  /// Head of a compound ("Verteidigungsministerium" -> "ministerium"): the longest suffix behind at
  /// least two letters that, with its first letter capitalised, is a known noun of at least four
  /// letters; nullopt when there is none. Allocates nothing.
  std::optional<Head> FindHead(std::string_view noun) const;

  /// A table of language/de by file name without extension; an empty table when there is none.
  const LexiconTable& Table(std::string_view name) const;

  /// Hash of the compiled content; part of the extractor version.
  uint64_t content_hash() const;

 private:
  class Impl;
  explicit Lexicon(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_LEXICON_H_
