#include "extract_service/contract/timeml.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/text/utf8.h"

namespace lagebild::extract {
namespace {

// Characters that XML 1.0 has no way to write.
bool IsForbidden(char32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF;
}

void AppendEscaped(std::string_view text, std::string& xml) {
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const char32_t c = NextCodePoint(text, &at);
    if (IsForbidden(c)) {
      xml += "\xEF\xBF\xBD";
    } else if (c == '<') {
      xml += "&lt;";
    } else if (c == '>') {
      xml += "&gt;";
    } else if (c == '&') {
      xml += "&amp;";
    } else if (c == '"') {
      xml += "&quot;";
    } else if (c == '\r') {
      xml += "&#13;";  // A parser would make a line feed of it.
    } else {
      xml += text.substr(begin, at - begin);
    }
  }
}

void AppendAttribute(std::string_view name, std::string_view value, std::string& xml) {
  if (value.empty()) return;
  xml += ' ';
  xml += name;
  xml += "=\"";
  AppendEscaped(value, xml);
  xml += '"';
}

std::string_view TypeName(TimeType type) {
  switch (type) {
    case TimeType::kTime:
      return "TIME";
    case TimeType::kDuration:
      return "DURATION";
    case TimeType::kSet:
      return "SET";
    case TimeType::kDate:
    case TimeType::kUnspecified:
      break;
  }
  return "DATE";
}

struct Tag {
  Span span;
  const TimeExpression* time = nullptr;  // Else an event.
  const Event* event = nullptr;
};

// Tags in text order, none inside or across another; times go first.
std::vector<Tag> Tags(const AnnotatedDocument& document) {
  std::vector<Tag> tags;
  for (const TimeExpression& time : document.times) tags.push_back({time.span, &time, nullptr});
  for (const Event& event : document.events) {
    if (event.trigger.begin < event.trigger.end) tags.push_back({event.trigger, nullptr, &event});
  }
  std::stable_sort(tags.begin(), tags.end(), [](const Tag& a, const Tag& b) {
    return (a.time != nullptr) > (b.time != nullptr);
  });
  std::stable_sort(tags.begin(), tags.end(),
                   [](const Tag& a, const Tag& b) { return a.span.begin < b.span.begin; });
  // An event gives way to a time that begins inside it.
  std::vector<Tag> kept;
  for (const Tag& tag : tags) {
    if (tag.time != nullptr) {
      while (!kept.empty() && kept.back().time == nullptr &&
             kept.back().span.end > tag.span.begin) {
        kept.pop_back();
      }
    }
    if (kept.empty() || kept.back().span.end <= tag.span.begin) kept.push_back(tag);
  }
  return kept;
}

// The part of speech that MAKEINSTANCE wants of a trigger's last token.
std::string_view PartOfSpeech(const AnnotatedDocument& document, const Span& trigger) {
  auto token = std::lower_bound(
      document.tokens.begin(), document.tokens.end(), trigger.end,
      [](const Token& candidate, int32_t end) { return candidate.span.begin < end; });
  if (token == document.tokens.begin()) return "OTHER";
  switch (std::prev(token)->pos) {
    case Pos::kVerb:
    case Pos::kAuxiliary:
      return "VERB";
    case Pos::kNoun:
      return "NOUN";
    case Pos::kAdjective:
      return "ADJECTIVE";
    default:
      return "OTHER";
  }
}

void AppendInstance(const AnnotatedDocument& document, const Event& event, size_t number,
                    std::string& xml) {
  const bool negative =
      event.factuality == Factuality::kNegated || event.factuality == Factuality::kDenied;
  const std::string id = absl::StrCat(number);
  xml += "<MAKEINSTANCE";
  AppendAttribute("eiid", "ei" + id, xml);
  AppendAttribute("eventID", "e" + id, xml);
  AppendAttribute("tense", event.factuality == Factuality::kPlanned ? "FUTURE" : "NONE", xml);
  AppendAttribute("aspect", "NONE", xml);
  AppendAttribute("pos", PartOfSpeech(document, event.trigger), xml);
  AppendAttribute("polarity", negative ? "NEG" : "POS", xml);
  if (event.factuality == Factuality::kAlleged) AppendAttribute("modality", "ALLEGED", xml);
  xml += "/>\n";
}

}  // namespace

std::string DocumentToTimeMl(const AnnotatedDocument& document) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<TimeML xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "xsi:noNamespaceSchemaLocation=\"http://timeml.org/timeMLdocs/TimeML_1.2.1.xsd\">\n"
      "<DOCID>";
  AppendEscaped(document.declared().document_id, xml);
  xml += "</DOCID>\n<DCT>";
  if (document.published.has_value() && !document.published->interval.value.empty()) {
    xml += "<TIMEX3 tid=\"t0\" type=\"DATE\"";
    AppendAttribute("value", document.published->interval.value, xml);
    xml += " functionInDocument=\"PUBLICATION_TIME\">";
    AppendEscaped(document.published->interval.value, xml);
    xml += "</TIMEX3>";
  }
  xml += "</DCT>\n<TEXT>";
  const std::vector<Tag> tags = Tags(document);
  const std::string_view text = document.text();
  const auto between = [&](int32_t begin, int32_t end) {
    return text.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  };
  int32_t at = 0;
  size_t times = 0;
  std::vector<const Event*> events;
  for (const Tag& tag : tags) {
    AppendEscaped(between(at, tag.span.begin), xml);
    if (tag.time != nullptr) {
      xml += "<TIMEX3";
      AppendAttribute("tid", absl::StrCat("t", ++times), xml);
      AppendAttribute("type", TypeName(tag.time->type), xml);
      AppendAttribute("value", tag.time->value, xml);
      AppendAttribute("mod", tag.time->modifier, xml);
      AppendAttribute("quant", tag.time->quantifier, xml);
      AppendAttribute("freq", tag.time->frequency, xml);
      xml += '>';
    } else {
      events.push_back(tag.event);
      xml += "<EVENT";
      AppendAttribute("eid", absl::StrCat("e", events.size()), xml);
      AppendAttribute("class", "OCCURRENCE", xml);
      xml += '>';
    }
    AppendEscaped(between(tag.span.begin, tag.span.end), xml);
    xml += tag.time != nullptr ? "</TIMEX3>" : "</EVENT>";
    at = tag.span.end;
  }
  AppendEscaped(text.substr(static_cast<size_t>(at)), xml);
  xml += "</TEXT>\n";
  for (size_t i = 0; i < events.size(); ++i) AppendInstance(document, *events[i], i + 1, xml);
  xml += "</TimeML>\n";
  return xml;
}

}  // namespace lagebild::extract
