#include "ingest_service/readers/declared_date.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "common/time/iso8601.h"
#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {
namespace {

constexpr size_t kLongestDate = 64;

std::string IfIso(const std::string& iso) { return ParseIsoTime(iso).ok() ? iso : std::string(); }

// Number of an English month's abbreviation as two digits; empty when it is none.
std::string MonthNumber(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string lowered = AsciiLowered(name);
  const auto* const found = std::find(kMonths.begin(), kMonths.end(), lowered);
  if (found == kMonths.end()) return {};
  const std::string number = std::to_string(found - kMonths.begin() + 1);
  return number.size() == 1 ? "0" + number : number;
}

std::string TwoDigits(const std::string& number) {
  return number.size() == 1 ? "0" + number : number;
}

}  // namespace

std::string NormalizeDeclaredDate(std::string_view declared) {
  std::string date(Trimmed(declared));
  if (date.empty() || date.size() > kLongestDate) return {};
  if (ParseIsoTime(date).ok()) return date;

  static const RE2* const kCompact = new RE2(R"((\d{4})(\d{2})(\d{2}))");
  static const RE2* const kSlashes = new RE2(R"((\d{4})/(\d{2})/(\d{2}))");
  static const RE2* const kGerman = new RE2(
      R"((\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:,?\s+(?:-\s+)?(\d{1,2})[:.](\d{2})(?:\s+Uhr)?)?)");
  static const RE2* const kMail = new RE2(
      R"((?:[A-Za-z]{3},\s+)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d{2}:\d{2}(?::\d{2})?)(?:\s+([+-]\d{4}|GMT|UTC|Z))?)");
  std::string year, month, day, hour, minute, time, zone;
  if (RE2::FullMatch(date, *kCompact, &year, &month, &day) ||
      RE2::FullMatch(date, *kSlashes, &year, &month, &day)) {
    return IfIso(year + "-" + month + "-" + day);
  }
  if (RE2::FullMatch(date, *kGerman, &day, &month, &year, &hour, &minute)) {
    std::string iso = year + "-" + TwoDigits(month) + "-" + TwoDigits(day);
    if (!hour.empty()) iso += "T" + TwoDigits(hour) + ":" + minute;
    return IfIso(iso);
  }
  if (RE2::FullMatch(date, *kMail, &day, &month, &year, &time, &zone)) {
    const std::string number = MonthNumber(month);
    if (number.empty()) return {};
    if (zone == "GMT" || zone == "UTC") zone = "Z";
    return IfIso(year + "-" + number + "-" + TwoDigits(day) + "T" + time + zone);
  }
  return {};
}

}  // namespace lagebild::ingest
