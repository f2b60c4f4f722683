#ifndef LAGEBILD_INGEST_SERVICE_READERS_PAGE_TREE_H_
#define LAGEBILD_INGEST_SERVICE_READERS_PAGE_TREE_H_

#include <gumbo.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "ingest_service/readers/markup_arena.h"

namespace lagebild::ingest {

/// A parsed page as a flat list of its elements and texts in page order, so that nothing that works
/// on it recurses. Index 0 is the root element; a subtree is the range [i, node(i).end).
class PageTree {
 public:
  struct Node {
    const GumboNode* markup;
    uint32_t parent;
    uint32_t end = 0;          ///< One past the last node inside.
    uint32_t prose_bytes = 0;  ///< Running text inside: not links, not what is left out.
    bool left_out = false;     ///< Not part of an article, by its tag, role or class.
    bool in_link = false;
    bool holds_headline = false;  ///< An <h1> stands inside.
    bool holds_article = false;   ///< <article>, <main> or an articleBody stands inside.
  };

  /// Parses a page as ScanPage() makes it. `html` must outlive the tree.
  explicit PageTree(std::string_view html);
  PageTree(const PageTree&) = delete;
  PageTree& operator=(const PageTree&) = delete;

  size_t size() const { return nodes_.size(); }
  const Node& node(size_t i) const { return nodes_[i]; }

  bool IsElement(size_t i) const { return nodes_[i].markup->type == GUMBO_NODE_ELEMENT; }
  /// GUMBO_TAG_LAST for texts.
  GumboTag TagOf(size_t i) const;
  /// The text of a text node; empty for elements.
  std::string_view TextOf(size_t i) const;
  /// An attribute's value; empty when there is none.
  std::string_view AttributeOf(size_t i, const char* name) const;
  bool HasAttribute(size_t i, const char* name) const;
  /// Whether a blank-separated list in an attribute has this word.
  bool HasWord(size_t i, const char* attribute, std::string_view word) const;

 private:
  void Flatten(const GumboNode* root);
  void MarkWhatIsLeftOut();
  void CountProse();

  MarkupArena arena_;
  std::vector<Node> nodes_;
};

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_PAGE_TREE_H_
