#ifndef LAGEBILD_INGEST_SERVICE_INTAKE_SIGNATURE_H_
#define LAGEBILD_INGEST_SERVICE_INTAKE_SIGNATURE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lagebild::ingest {

/// Values in a signature.
inline constexpr size_t kSignatureValues = 64;
/// Words in a shingle.
inline constexpr size_t kShingleWords = 5;
/// Texts with fewer words get no signature: chance would make them alike.
inline constexpr size_t kFewestWords = 20;

/// MinHash signature over a text's shingles of five words, ignoring case and punctuation: the share
/// of equal values at equal places estimates the Jaccard similarity of two texts. Part of the
/// stored format: the same text gives the same values for ever, on any machine. Empty for short
/// texts.
std::vector<uint32_t> MinHashSignature(std::string_view text);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_INTAKE_SIGNATURE_H_
