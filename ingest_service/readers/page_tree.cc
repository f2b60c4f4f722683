#include "ingest_service/readers/page_tree.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ingest_service/readers/ascii.h"
#include "ingest_service/readers/notices.h"
#include "ingest_service/readers/page_scanner.h"

namespace lagebild::ingest {
namespace {

// Text outside of a paragraph counts as prose from this length on: shorter ones are labels.
constexpr size_t kShortestProse = 60;
// An element with this much of the page's prose is layout, whatever its class.
constexpr uint32_t kMuchProsePercent = 40;

void* AllocateIn(void* arena, size_t size) {
  return static_cast<MarkupArena*>(arena)->Allocate(size);
}
void FreeIn(void* arena, void* block) { static_cast<MarkupArena*>(arena)->Free(block); }

const GumboVector& ChildrenOf(const GumboNode& node) {
  return node.type == GUMBO_NODE_DOCUMENT ? node.v.document.children : node.v.element.children;
}

bool HasChildren(const GumboNode& node) {
  return node.type == GUMBO_NODE_DOCUMENT || node.type == GUMBO_NODE_ELEMENT ||
         node.type == GUMBO_NODE_TEMPLATE;
}

bool IsOutsideRole(std::string_view role) {
  for (const std::string_view outside :
       {"navigation", "banner", "complementary", "contentinfo", "dialog", "alertdialog", "search",
        "menu", "menubar", "toolbar", "form", "tooltip"}) {
    if (role == outside) return true;
  }
  return false;
}

// How much of a text is prose, paragraph by paragraph.
uint32_t ProseBytes(std::string_view text, bool in_paragraph) {
  size_t bytes = 0;
  while (!text.empty()) {
    const size_t border = std::min(text.find(kParagraphSeparator), text.size());
    const size_t size = Trimmed(text.substr(0, border)).size();
    if (in_paragraph || size >= kShortestProse) bytes += size;
    text.remove_prefix(std::min(border + kParagraphSeparator.size(), text.size()));
  }
  return static_cast<uint32_t>(bytes);
}

}  // namespace

PageTree::PageTree(std::string_view html) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &AllocateIn;
  options.deallocator = &FreeIn;
  options.userdata = &arena_;
  options.max_errors = 0;
  const GumboOutput* output = gumbo_parse_with_options(&options, html.data(), html.size());
  Flatten(output->root);
  // What is left out depends on where the running text stands, and the other way round.
  CountProse();
  MarkWhatIsLeftOut();
  CountProse();
}

void PageTree::Flatten(const GumboNode* root) {
  struct Step {
    uint32_t index;
    unsigned child;
  };
  std::vector<Step> path;
  const auto enter = [&](const GumboNode* markup, uint32_t parent) {
    nodes_.push_back({markup, parent});
    path.push_back({static_cast<uint32_t>(nodes_.size() - 1), 0});
  };
  enter(root, 0);
  while (!path.empty()) {
    Step& step = path.back();
    const GumboNode& markup = *nodes_[step.index].markup;
    if (HasChildren(markup) && step.child < ChildrenOf(markup).length) {
      const auto* child = static_cast<const GumboNode*>(ChildrenOf(markup).data[step.child++]);
      if (child->type != GUMBO_NODE_COMMENT) enter(child, step.index);
      continue;
    }
    nodes_[step.index].end = static_cast<uint32_t>(nodes_.size());
    path.pop_back();
  }
  // Children stand behind their parents: one pass from the end carries facts upwards.
  for (size_t i = nodes_.size(); i-- > 1;) {
    Node& node = nodes_[i];
    Node& parent = nodes_[node.parent];
    const GumboTag tag = TagOf(i);
    parent.holds_headline |= node.holds_headline || tag == GUMBO_TAG_H1;
    parent.holds_article |= node.holds_article || tag == GUMBO_TAG_ARTICLE ||
                            tag == GUMBO_TAG_MAIN || HasWord(i, "itemprop", "articleBody");
  }
}

void PageTree::MarkWhatIsLeftOut() {
  const uint32_t all_prose = nodes_[0].prose_bytes;
  for (size_t i = 0; i < nodes_.size();) {
    Node& node = nodes_[i];
    bool outside = false;
    if (IsElement(i)) {
      const GumboTag tag = TagOf(i);
      outside = tag == GUMBO_TAG_NAV || tag == GUMBO_TAG_ASIDE || tag == GUMBO_TAG_FOOTER ||
                tag == GUMBO_TAG_HEAD || HasAttribute(i, "hidden") ||
                AttributeOf(i, "aria-hidden") == "true" || IsOutsideRole(AttributeOf(i, "role"));
      if (!outside && !node.holds_headline && !node.holds_article && tag != GUMBO_TAG_H1 &&
          tag != GUMBO_TAG_ARTICLE && tag != GUMBO_TAG_MAIN && tag != GUMBO_TAG_BODY &&
          !HasWord(i, "itemprop", "articleBody")) {
        const ClassVerdict verdict =
            std::max(JudgeClass(AttributeOf(i, "class")), JudgeClass(AttributeOf(i, "id")));
        const bool much =
            uint64_t{node.prose_bytes} * 100 >= uint64_t{all_prose} * kMuchProsePercent;
        outside = verdict == ClassVerdict::kNotice ||
                  (verdict == ClassVerdict::kBox && tag != GUMBO_TAG_P && !(much && all_prose > 0));
      }
      if (!outside && AttributeOf(i, "role") == "link") {
        for (size_t inside = i; inside < node.end; ++inside) nodes_[inside].in_link = true;
      }
    }
    if (!outside) {
      ++i;
      continue;
    }
    for (size_t inside = i; inside < node.end; ++inside) nodes_[inside].left_out = true;
    i = node.end;
  }
}

void PageTree::CountProse() {
  for (Node& node : nodes_) node.prose_bytes = 0;
  for (size_t i = nodes_.size(); i-- > 1;) {
    Node& node = nodes_[i];
    if (!IsElement(i) && !node.left_out && !node.in_link) {
      node.prose_bytes = ProseBytes(TextOf(i), TagOf(node.parent) == GUMBO_TAG_P);
    }
    nodes_[node.parent].prose_bytes += node.prose_bytes;
  }
}

GumboTag PageTree::TagOf(size_t i) const {
  const GumboNode& markup = *nodes_[i].markup;
  return markup.type == GUMBO_NODE_ELEMENT ? markup.v.element.tag : GUMBO_TAG_LAST;
}

std::string_view PageTree::TextOf(size_t i) const {
  const GumboNode& markup = *nodes_[i].markup;
  switch (markup.type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA:
      return markup.v.text.text;
    default:
      return {};
  }
}

std::string_view PageTree::AttributeOf(size_t i, const char* name) const {
  if (!IsElement(i)) return {};
  const GumboAttribute* attribute =
      gumbo_get_attribute(&nodes_[i].markup->v.element.attributes, name);
  return attribute == nullptr ? std::string_view() : std::string_view(attribute->value);
}

bool PageTree::HasAttribute(size_t i, const char* name) const {
  return IsElement(i) &&
         gumbo_get_attribute(&nodes_[i].markup->v.element.attributes, name) != nullptr;
}

bool PageTree::HasWord(size_t i, const char* attribute, std::string_view word) const {
  const std::string_view value = AttributeOf(i, attribute);
  for (size_t at = value.find(word); at != std::string_view::npos; at = value.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || IsAsciiSpace(value[at - 1])) &&
        (end == value.size() || IsAsciiSpace(value[end]))) {
      return true;
    }
  }
  return false;
}

}  // namespace lagebild::ingest
