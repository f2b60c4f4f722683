#include "cli/labels.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

namespace lagebild::cli {
namespace {

/// "CLAIM_ACT_" for ClaimAct: the zero value's name without UNSPECIFIED.
std::string PrefixOf(const google::protobuf::EnumDescriptor* type) {
  const std::string& zero = type->value(0)->name();
  return zero.substr(0, zero.size() - std::string("UNSPECIFIED").size());
}

/// Groups of three digits, apart by a no-break space: a point or a comma would be read as decimal
/// mark in one language or the other.
std::string Grouped(std::string digits) {
  const size_t first = digits.starts_with('-') ? 1 : 0;
  constexpr size_t kGroup = 3;
  for (size_t at = digits.size(); at > first + kGroup;) {
    at -= kGroup;
    digits.insert(at, "\u00a0");
  }
  return digits;
}

std::string Number(double value) {
  char out[40];
  if (value == std::floor(value) && std::fabs(value) < 1e15) {
    std::snprintf(out, sizeof out, "%.0f", value);
    return Grouped(out);
  } else {
    std::snprintf(out, sizeof out, "%g", value);
  }
  return out;
}

}  // namespace

std::string Label(const google::protobuf::EnumDescriptor* type, int value) {
  const auto* descriptor = type->FindValueByNumber(value);
  if (descriptor == nullptr || value == 0) return "";
  std::string label = descriptor->name().substr(PrefixOf(type).size());
  for (char& c : label) c = c == '_' ? '-' : static_cast<char>(std::tolower(c));
  return label;
}

std::vector<std::string> Labels(const google::protobuf::EnumDescriptor* type) {
  std::vector<std::string> labels;
  for (int i = 1; i < type->value_count(); ++i)
    labels.push_back(Label(type, type->value(i)->number()));
  return labels;
}

int ValueOf(const google::protobuf::EnumDescriptor* type, const std::string& label) {
  for (int i = 1; i < type->value_count(); ++i) {
    if (Label(type, type->value(i)->number()) == label) return type->value(i)->number();
  }
  return 0;
}

std::string TimeText(const v1::TimeInterval& time) {
  const bool from = !time.earliest().empty();
  const bool to = !time.latest().empty();
  const bool calendar =
      time.precision() == v1::TIME_PRECISION_MONTH || time.precision() == v1::TIME_PRECISION_YEAR;
  if (from && to && calendar && time.modifier().empty() &&
      time.earliest().starts_with(time.value())) {
    return time.value();
  }
  if (from && to) {
    return time.earliest() == time.latest() ? time.earliest()
                                            : time.earliest() + " – " + time.latest();
  }
  if (from) return "from " + time.earliest();
  if (to) return "until " + time.latest();
  return time.value();
}

std::string StanceText(const v1::Claim& claim) {
  const std::string act = Label(claim.act());
  // A denial is negative as a whole; of other acts it must be said.
  const bool negated = claim.polarity() == v1::POLARITY_NEG && claim.act() != v1::CLAIM_ACT_DENY;
  return negated ? "not " + act : act;
}

std::string ContentText(const v1::Claim& claim) {
  std::string text;
  for (const v1::Span& part : claim.content()) {
    if (!text.empty()) text += " … ";
    text += part.text();
  }
  return text;
}

std::string NamesText(const google::protobuf::RepeatedPtrField<v1::ActorReference>& actors) {
  std::string text;
  for (const v1::ActorReference& actor : actors) {
    if (!text.empty()) text += ", ";
    text += actor.name();
  }
  return text;
}

std::string NumberText(const v1::Figure& figure) {
  if (!figure.has_low() && !figure.has_high()) return figure.span().text();
  if (figure.qualifier() == v1::QUALIFIER_ALMOST) {
    return "almost " + Number(figure.has_high() ? figure.high() : figure.low());
  }
  if (!figure.has_low())
    return (figure.qualifier() == v1::QUALIFIER_AT_MOST ? "≤ " : "< ") + Number(figure.high());
  if (!figure.has_high())
    return (figure.qualifier() == v1::QUALIFIER_AT_LEAST ? "≥ " : "> ") + Number(figure.low());
  if (figure.low() != figure.high()) return Number(figure.low()) + "–" + Number(figure.high());
  return (figure.qualifier() == v1::QUALIFIER_ABOUT ? "≈ " : "") + Number(figure.low());
}

std::string DocumentText(const v1::DocumentReference& document) {
  if (!document.outlet().empty()) return document.outlet();
  if (!document.title().empty()) return document.title();
  return document.document_id();
}

}  // namespace lagebild::cli
