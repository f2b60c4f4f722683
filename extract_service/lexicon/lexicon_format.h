#ifndef LAGEBILD_EXTRACT_SERVICE_LEXICON_LEXICON_FORMAT_H_
#define LAGEBILD_EXTRACT_SERVICE_LEXICON_LEXICON_FORMAT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "extract_service/lexicon/lexicon.h"

/// The bytes of a compiled lexicon, shared by the compiler that writes and the reader that maps
/// them.
///
///   file     := header section*            every section begins at a multiple of 8
///   slots    := Slot*                      open addressing by Hash64(form), linear probing
///   analyses := Analysis*                  readings of a form stand together
///   clusters := uint32*                    [0] = 0 = none
///   classes  := uint32*                    sets of WordClass bits, [0] = 0
///   lemmas   := Text*                      sorted by bytes
///   tables   := count table*               all uint32
///   table    := name column_count row_count column* cell*      each of them a Text
///   strings  := the bytes Texts point to
///
/// Integers are little-endian. Forms are not stored: a form is told by 32 bits of its hash and its
/// place, and the compiler checks that all forms it stores are told apart.
namespace lagebild::extract::lexicon_format {

inline constexpr std::array<char, 8> kMagic = {'L', 'A', 'G', 'E', 'L', 'E', 'X', '\0'};
inline constexpr uint32_t kVersion = 1;

enum Section : size_t {
  kSlots,
  kAnalyses,
  kClusters,
  kClasses,
  kLemmas,
  kTables,
  kStrings,
  kSectionCount
};

struct SectionRange {
  uint64_t offset = 0;
  uint64_t size = 0;  ///< In bytes.
};

struct Header {
  std::array<char, 8> magic = kMagic;
  uint32_t version = kVersion;
  uint32_t section_count = kSectionCount;
  uint64_t file_size = 0;
  uint64_t checksum = 0;  ///< Hash64 of everything behind the header.
  std::array<SectionRange, kSectionCount> sections;
};

/// Bytes of the strings section.
struct Text {
  uint32_t offset = 0;
  uint32_t size = 0;
};

struct Slot {
  static constexpr uint32_t kEmpty = 0xffffffffu;

  uint32_t check = 0;            ///< Low half of the form's hash.
  uint32_t analyses = 0;         ///< First analysis << 6 | number of analyses.
  uint32_t attributes = kEmpty;  ///< Cluster number << 22 | class set << 8 | probability code.

  static constexpr uint32_t kMaxAnalyses = 63;
  static constexpr uint32_t kMaxFirstAnalysis = (1u << 26) - 1;
  static constexpr uint32_t kMaxCluster = (1u << 10) - 2;
  static constexpr uint32_t kMaxClassSet = (1u << 14) - 1;
  static constexpr uint32_t kMaxProbabilityCode = 255;
};

/// Log-probabilities are stored in twelfths, 0 = unknown.
inline constexpr float kProbabilitySteps = 12.0F;

/// The slot where the probing for a hash begins: its high half scaled to the table.
inline size_t FirstSlot(uint64_t hash, size_t slot_count) {
  return static_cast<size_t>(((hash >> 32) * slot_count) >> 32);
}

static_assert(std::is_trivially_copyable_v<Analysis> && sizeof(Analysis) == 12);
static_assert(offsetof(Analysis, lemma) == 0 && offsetof(Analysis, pos) == 4 &&
              offsetof(Analysis, morphology) == 8);
static_assert(sizeof(Slot) == 12 && sizeof(Text) == 8);

}  // namespace lagebild::extract::lexicon_format

#endif  // LAGEBILD_EXTRACT_SERVICE_LEXICON_LEXICON_FORMAT_H_
