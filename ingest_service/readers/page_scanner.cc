#include "ingest_service/readers/page_scanner.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/text/utf8.h"
#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {
namespace {

// What happens to an element's tags.
enum class TagUse : uint8_t {
  kDrop,     // Formatting and document structure: the tags vanish, the content stays.
  kRaw,      // Content is not markup and is left out up to the end tag.
  kTitle,    // Content is text up to the end tag.
  kVoid,     // Has no content.
  kHidden,   // <span hidden>: foreign or interactive content.
  kInline,   // Nests; its end tag cannot close a block.
  kBlock,    // Nests; its end tag closes what is open inside.
  kHeading,  // A block; any heading's end tag closes any heading.
  kTable,    // A block whose inside cannot close what is outside.
  kImplied,  // Closed by its own kind (paragraphs, items, cells): the tree builder keeps it flat.
};

struct TagRule {
  TagUse use = TagUse::kInline;
  std::string_view name;   // Name handed on.
  std::string_view extra;  // Attribute added.
  bool breaks = false;     // Makes a border of a paragraph.
};

const TagRule& RuleOf(std::string_view lowered_name) {
  static const auto* const kRules = [] {
    auto* rules = new absl::flat_hash_map<absl::string_view, TagRule>();
    const auto add = [rules](std::initializer_list<std::string_view> names, TagUse use,
                             std::string_view as = {}, std::string_view extra = {},
                             bool breaks = false) {
      for (const std::string_view name : names) {
        (*rules)[absl::string_view(name.data(), name.size())] = {use, as.empty() ? name : as, extra,
                                                                 breaks};
      }
    };
    add({"html",  "head",  "body",   "b",        "i",        "em",        "strong",  "small",
         "big",   "u",     "s",      "strike",   "tt",       "code",      "font",    "nobr",
         "ruby",  "rb",    "rt",     "rtc",      "rp",       "wbr",       "abbr",    "acronym",
         "mark",  "sub",   "sup",    "bdo",      "bdi",      "var",       "kbd",     "samp",
         "dfn",   "ins",   "del",    "frameset", "frame",    "plaintext", "listing", "isindex",
         "image", "img",   "input",  "base",     "basefont", "area",      "map",     "source",
         "track", "param", "embed",  "col",      "colgroup", "picture",   "center",  "marquee",
         "blink", "label", "legend", "output",   "data",     "slot",      "keygen",  "bgsound"},
        TagUse::kDrop);
    add({"script", "style", "textarea", "iframe", "noembed", "noframes", "xmp"}, TagUse::kRaw);
    add({"title"}, TagUse::kTitle);
    add({"br", "hr"}, TagUse::kVoid, {}, {}, true);
    add({"meta", "link"}, TagUse::kVoid);
    add({"svg", "math", "template", "object", "applet", "select", "option", "optgroup", "datalist",
         "button", "canvas", "video", "audio", "noscript", "meter", "progress"},
        TagUse::kHidden, "span", "hidden");
    add({"a"}, TagUse::kInline, "span", "role=\"link\"");
    add({"span", "time", "cite", "q"}, TagUse::kInline);
    add({"div", "section", "article", "main", "aside", "nav", "header", "footer", "figure",
         "figcaption", "blockquote", "ul", "ol", "pre"},
        TagUse::kBlock, {}, {}, true);
    add({"dl", "menu", "dir"}, TagUse::kBlock, "ul", {}, true);
    add({"dialog", "details", "summary", "hgroup", "search", "fieldset", "address"}, TagUse::kBlock,
        "div", {}, true);
    add({"form"}, TagUse::kBlock, "div", "role=\"form\"", true);
    add({"h1", "h2", "h3", "h4", "h5", "h6"}, TagUse::kHeading, {}, {}, true);
    add({"table"}, TagUse::kTable, {}, {}, true);
    add({"caption"}, TagUse::kBlock, {}, {}, true);
    add({"p", "li", "tr", "td", "th", "tbody", "thead", "tfoot"}, TagUse::kImplied, {}, {}, true);
    // Both would nest in each other without end if they kept their names.
    add({"dd", "dt"}, TagUse::kImplied, "li", {}, true);
    return rules;
  }();
  static const TagRule kUnknown = {TagUse::kInline, "span", {}, false};
  const auto found = kRules->find(absl::string_view(lowered_name.data(), lowered_name.size()));
  return found == kRules->end() ? kUnknown : found->second;
}

// Attributes the reader asks for.
constexpr std::array<std::string_view, 13> kAttributes = {
    "class",    "id",      "role",   "itemprop",    "property", "name", "content",
    "datetime", "pubdate", "hidden", "aria-hidden", "rel",      "href"};
constexpr size_t kMaxAttributeBytes = 8192;
constexpr size_t kLongestName = 32;

class Scanner {
 public:
  explicit Scanner(std::string_view page) : page_(page) {}

  ScannedPage Run() {
    // Without a doctype a table would not close a paragraph.
    out_.html = "<!DOCTYPE html>";
    out_.html.reserve(page_.size() + 64);
    while (at_ < page_.size()) {
      const size_t open = std::min(page_.find('<', at_), page_.size());
      out_.html.append(page_.substr(at_, open - at_));
      at_ = open;
      if (at_ < page_.size()) ReadMarkup();
    }
    ReplaceHugeReferences();
    return std::move(out_);
  }

 private:
  // A tag as written.
  struct Tag {
    std::string name;  // Lower-case.
    std::array<std::string_view, kAttributes.size()> values;
    uint32_t present = 0;  // Bit i: kAttributes[i].
    bool json_ld = false;
    bool display_none = false;
    bool self_closing = false;
  };

  // The tree builder lets numeric references overflow: "&#xbbbbbbbbb;" would become half a
  // character.
  void ReplaceHugeReferences() {
    constexpr uint32_t kLargest = 0x10FFFF;
    constexpr std::string_view kReplacement = "xFFFD";
    const std::string& html = out_.html;
    std::string replaced;
    size_t copied = 0;
    for (size_t at = html.find("&#"); at != std::string::npos; at = html.find("&#", at)) {
      at += 2;
      const size_t begin = at;
      const bool hexadecimal = at < html.size() && (html[at] == 'x' || html[at] == 'X');
      if (hexadecimal) ++at;
      uint32_t value = 0;
      for (; at < html.size(); ++at) {
        const char c = AsciiLower(html[at]);
        const bool digit = c >= '0' && c <= '9';
        const bool letter = hexadecimal && c >= 'a' && c <= 'f';
        if (!digit && !letter) break;
        const auto next = static_cast<uint32_t>(digit ? c - '0' : c - 'a' + 10);
        value = std::min(value * (hexadecimal ? 16 : 10) + next, kLargest + 1);
      }
      if (value <= kLargest) continue;
      replaced.append(html, copied, begin - copied).append(kReplacement);
      copied = at;
    }
    if (copied == 0) return;
    replaced.append(html, copied);
    out_.html = std::move(replaced);
  }

  void ReadMarkup() {
    const std::string_view rest = page_.substr(at_);
    if (rest.starts_with("<!--")) {
      // "<!-->" and "<!--->" are comments, too.
      const size_t from = rest.starts_with("<!-->") ? 2 : rest.starts_with("<!--->") ? 3 : 4;
      const size_t end = rest.find("-->", from);
      at_ = end == std::string_view::npos ? page_.size() : at_ + end + 3;
      return;
    }
    const char next = rest.size() > 1 ? rest[1] : '\0';
    if (next == '!' || next == '?' || (next == '/' && rest.size() > 2 && !IsAsciiAlpha(rest[2]))) {
      const size_t end = rest.find('>');
      at_ = end == std::string_view::npos ? page_.size() : at_ + end + 1;
      return;
    }
    const bool end_tag = next == '/';
    const size_t name_at = end_tag ? 2 : 1;
    if (rest.size() <= name_at || !IsAsciiAlpha(rest[name_at])) {
      out_.html.append("&lt;");
      ++at_;
      return;
    }
    at_ += name_at;
    Tag tag;
    ReadTag(tag);
    if (end_tag) {
      EndTag(tag);
    } else {
      StartTag(tag);
    }
  }

  // Reads name and attributes up to and with '>'.
  void ReadTag(Tag& tag) {
    while (at_ < page_.size() && !IsAsciiSpace(page_[at_]) && page_[at_] != '/' &&
           page_[at_] != '>') {
      if (tag.name.size() <= kLongestName) tag.name.push_back(AsciiLower(page_[at_]));
      ++at_;
    }
    while (at_ < page_.size() && page_[at_] != '>') {
      if (IsAsciiSpace(page_[at_])) {
        ++at_;
      } else if (page_[at_] == '/') {
        tag.self_closing = at_ + 1 < page_.size() && page_[at_ + 1] == '>';
        ++at_;
      } else {
        ReadAttribute(tag);
      }
    }
    if (at_ < page_.size()) ++at_;
  }

  void ReadAttribute(Tag& tag) {
    const size_t name_begin = at_++;  // A leading '=' is part of the name.
    while (at_ < page_.size() && !IsAsciiSpace(page_[at_]) && page_[at_] != '/' &&
           page_[at_] != '>' && page_[at_] != '=') {
      ++at_;
    }
    const std::string_view name = page_.substr(name_begin, at_ - name_begin);
    size_t probe = at_;
    while (probe < page_.size() && IsAsciiSpace(page_[probe])) ++probe;
    std::string_view value;
    if (probe < page_.size() && page_[probe] == '=') {
      at_ = probe + 1;
      while (at_ < page_.size() && IsAsciiSpace(page_[at_])) ++at_;
      if (at_ < page_.size() && (page_[at_] == '"' || page_[at_] == '\'')) {
        const size_t end = std::min(page_.find(page_[at_], at_ + 1), page_.size());
        value = page_.substr(at_ + 1, end - at_ - 1);
        at_ = std::min(end + 1, page_.size());
      } else {
        const size_t begin = at_;
        while (at_ < page_.size() && !IsAsciiSpace(page_[at_]) && page_[at_] != '>') ++at_;
        value = page_.substr(begin, at_ - begin);
      }
    } else {
      at_ = probe;
    }
    if (name.size() > 11) return;
    const std::string lowered = AsciiLowered(name);
    if (lowered == "type" && tag.name == "script") {
      tag.json_ld = StartsWithIgnoringCase(Trimmed(value), "application/ld+json");
    } else if (lowered == "style" && value.size() < 1024) {
      std::string style = AsciiLowered(value);
      style.erase(std::remove_if(style.begin(), style.end(), IsAsciiSpace), style.end());
      tag.display_none = style.find("display:none") != std::string::npos;
    }
    for (size_t i = 0; i < kAttributes.size(); ++i) {
      if (lowered != kAttributes[i] || (tag.present >> i & 1u) != 0) continue;
      tag.present |= 1u << i;
      tag.values[i] = value;
    }
  }

  void StartTag(const Tag& tag) {
    const TagRule& rule = RuleOf(tag.name);
    switch (rule.use) {
      case TagUse::kDrop:
        return;
      case TagUse::kRaw:
        SkipRaw(tag);
        return;
      case TagUse::kTitle:
        CopyTitle(tag.name);
        return;
      case TagUse::kVoid:
      case TagUse::kImplied:
        break;
      default:
        // Foreign elements close themselves; of the rest HTML ignores the slash.
        if (rule.use == TagUse::kHidden && tag.self_closing) return;
        if (open_.size() >= kMaxNesting) {
          ++open_above_;
          if (rule.breaks) out_.html.append(kParagraphSeparator);
          return;
        }
        break;
    }
    if (!Admit(rule)) return;
    if (rule.use != TagUse::kVoid && rule.use != TagUse::kImplied) open_.push_back(&rule);
    Emit(rule, tag);
  }

  // Counts a tag; beyond the limit leaves only the border of a paragraph.
  bool Admit(const TagRule& rule) {
    if (tags_ < kMaxTags) {
      ++tags_;
      return true;
    }
    if (rule.breaks) out_.html.append(kParagraphSeparator);
    return false;
  }

  void Emit(const TagRule& rule, const Tag& tag) {
    std::string& html = out_.html;
    html.push_back('<');
    html.append(rule.name);
    if (!rule.extra.empty()) {
      html.push_back(' ');
      html.append(rule.extra);
    }
    if (tag.display_none && rule.use != TagUse::kHidden) html.append(" hidden");
    for (size_t i = 0; i < kAttributes.size(); ++i) {
      if ((tag.present >> i & 1u) == 0) continue;
      if (kAttributes[i] == "href" && tag.name != "link") continue;
      if (kAttributes[i] == "content" && tag.name != "meta" && rule.use != TagUse::kInline)
        continue;
      html.push_back(' ');
      html.append(kAttributes[i]);
      html.append("=\"");
      for (const char c : Utf8Prefix(tag.values[i], kMaxAttributeBytes)) {
        if (c == '"') {
          html.append("&quot;");
        } else {
          html.push_back(c);
        }
      }
      html.push_back('"');
    }
    html.push_back('>');
  }

  void EndTag(const Tag& tag) {
    const TagRule& rule = RuleOf(tag.name);
    switch (rule.use) {
      case TagUse::kDrop:
      case TagUse::kRaw:
      case TagUse::kTitle:
      case TagUse::kVoid:
        return;
      case TagUse::kImplied:
        if (!Admit(rule)) return;
        break;
      default:
        if (open_above_ > 0) {
          --open_above_;
          if (rule.breaks) out_.html.append(kParagraphSeparator);
          return;
        }
        if (!Close(rule)) return;
        // End tags of what was admitted are always handed on: their number is bounded by it.
        break;
    }
    out_.html.append("</");
    out_.html.append(rule.name);
    out_.html.push_back('>');
  }

  // Takes from the stack what the tree builder will close; false when it would ignore the end tag.
  bool Close(const TagRule& rule) {
    for (size_t i = open_.size(); i > 0; --i) {
      const TagRule& candidate = *open_[i - 1];
      const bool match = candidate.name == rule.name ||
                         (candidate.use == TagUse::kHeading && rule.use == TagUse::kHeading);
      if (match) {
        open_.resize(i - 1);
        return true;
      }
      const bool candidate_inline =
          candidate.use == TagUse::kInline || candidate.use == TagUse::kHidden;
      const bool rule_inline = rule.use == TagUse::kInline || rule.use == TagUse::kHidden;
      if (candidate.use == TagUse::kTable || (rule_inline && !candidate_inline)) return false;
    }
    return false;
  }

  // Leaves out everything up to the end tag.
  void SkipRaw(const Tag& tag) {
    const size_t begin = at_;
    const size_t end = FindEndTag(tag.name);
    if (tag.json_ld && out_.json_ld.size() < kMaxJsonLd) {
      out_.json_ld.push_back(page_.substr(begin, end - begin));
    }
    PassEndTag(end);
  }

  void CopyTitle(const std::string& name) {
    const size_t begin = at_;
    const size_t end = FindEndTag(name);
    // Only a title of the document itself: those of pictures stand in what is hidden.
    if (!title_seen_ && open_.empty()) {
      title_seen_ = true;
      out_.html.append("<title>");
      for (const char c : Utf8Prefix(page_.substr(begin, end - begin), kMaxAttributeBytes)) {
        if (c == '<') {
          out_.html.append("&lt;");
        } else {
          out_.html.push_back(c);
        }
      }
      out_.html.append("</title>");
    }
    PassEndTag(end);
  }

  // Where "</name" begins, from here on; the page's end when there is none.
  size_t FindEndTag(std::string_view name) const {
    size_t at = at_;
    while ((at = page_.find("</", at)) != std::string_view::npos) {
      const std::string_view rest = page_.substr(at + 2);
      if (StartsWithIgnoringCase(rest, name) &&
          (rest.size() == name.size() || rest[name.size()] == '>' || rest[name.size()] == '/' ||
           IsAsciiSpace(rest[name.size()]))) {
        return at;
      }
      at += 2;
    }
    return page_.size();
  }

  void PassEndTag(size_t end_tag) {
    const size_t end = page_.find('>', end_tag);
    at_ = end == std::string_view::npos ? page_.size() : end + 1;
  }

  const std::string_view page_;
  size_t at_ = 0;
  ScannedPage out_;
  std::vector<const TagRule*> open_;
  size_t open_above_ = 0;  // Open elements beyond kMaxNesting.
  size_t tags_ = 0;
  bool title_seen_ = false;
};

}  // namespace

ScannedPage ScanPage(std::string_view page) { return Scanner(page).Run(); }

}  // namespace lagebild::ingest
