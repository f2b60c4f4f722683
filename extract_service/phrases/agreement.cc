#include "extract_service/phrases/agreement.h"

namespace lagebild::extract {

Agreement AgreementOf(const Morphology& morphology) {
  uint16_t columns = 0;
  const bool any_number = !morphology.Has(Morphology::kNumbers);
  if (any_number || morphology.Has(Morphology::kSingular)) {
    const bool any_gender = !morphology.Has(Morphology::kGenders);
    if (any_gender || morphology.Has(Morphology::kMasculine)) columns |= 0x000f;
    if (any_gender || morphology.Has(Morphology::kFeminine)) columns |= 0x00f0;
    if (any_gender || morphology.Has(Morphology::kNeuter)) columns |= 0x0f00;
  }
  if (any_number || morphology.Has(Morphology::kPlural)) columns |= 0xf000;
  uint16_t cases = 0;
  const bool any_case = !morphology.Has(Morphology::kCases);
  if (any_case || morphology.Has(Morphology::kNominative)) cases |= 0x1111;
  if (any_case || morphology.Has(Morphology::kGenitive)) cases |= 0x2222;
  if (any_case || morphology.Has(Morphology::kDative)) cases |= 0x4444;
  if (any_case || morphology.Has(Morphology::kAccusative)) cases |= 0x8888;
  return columns & cases;
}

Morphology MorphologyOf(Agreement agreement, const Morphology& head) {
  uint32_t bits = head.bits & ~(Morphology::kGenders | Morphology::kNumbers | Morphology::kCases);
  if (agreement & 0x000f) bits |= Morphology::kMasculine | Morphology::kSingular;
  if (agreement & 0x00f0) bits |= Morphology::kFeminine | Morphology::kSingular;
  if (agreement & 0x0f00) bits |= Morphology::kNeuter | Morphology::kSingular;
  if (agreement & kPlurals) {
    bits |= Morphology::kPlural;
    if (!(bits & Morphology::kSingular)) bits |= head.bits & Morphology::kGenders;
  }
  if (agreement & 0x1111) bits |= Morphology::kNominative;
  if (agreement & 0x2222) bits |= Morphology::kGenitive;
  if (agreement & 0x4444) bits |= Morphology::kDative;
  if (agreement & 0x8888) bits |= Morphology::kAccusative;
  return Morphology{bits};
}

Agreement ParseReadings(std::string_view readings) {
  Agreement agreement = 0;
  for (size_t i = 0; i + 1 < readings.size(); ++i) {
    const size_t column = std::string_view("MFNP").find(readings[i]);
    const size_t grammatical_case = std::string_view("NGDA").find(readings[i + 1]);
    if (column == std::string_view::npos || grammatical_case == std::string_view::npos) continue;
    agreement |= static_cast<Agreement>(1u << (4 * column + grammatical_case));
    ++i;
  }
  return agreement;
}

}  // namespace lagebild::extract
