#ifndef LAGEBILD_CLI_LABELS_H_
#define LAGEBILD_CLI_LABELS_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "lagebild/v1/read.pb.h"

namespace lagebild::cli {

/// An enum value as people type and read it: "CLAIM_ACT_DENY" is "deny"; the zero value is empty.
std::string Label(const google::protobuf::EnumDescriptor* type, int value);

template <class Enum>
std::string Label(Enum value) {
  return Label(google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

/// All labels of an enum, for help and checks.
std::vector<std::string> Labels(const google::protobuf::EnumDescriptor* type);

/// The value behind a label. REQUIRES: it is one of Labels().
int ValueOf(const google::protobuf::EnumDescriptor* type, const std::string& label);

/// A time as people read it: "2024-10-21", "2024-10", "2024-10-01 – 2024-10-05", "until
/// 2024-10-31", "".
std::string TimeText(const v1::TimeInterval& time);

/// What a claim does: "confirm", "not confirm" where the speaker does not stand behind it.
std::string StanceText(const v1::Claim& claim);

/// The words of a claim, its parts joined by an ellipsis.
std::string ContentText(const v1::Claim& claim);

/// Names joined by commas.
std::string NamesText(const google::protobuf::RepeatedPtrField<v1::ActorReference>& actors);

/// A figure's number: "10 000", "8 000–12 000", "≤ 8 000"; its words where it has no bounds. Digits
/// are grouped by no-break spaces.
std::string NumberText(const v1::Figure& figure);

/// The document as one cell: its outlet, else its title, else its id.
std::string DocumentText(const v1::DocumentReference& document);

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_LABELS_H_
