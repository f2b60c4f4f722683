#include "ingest_service/readers/html_reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "common/status/error.h"
#include "common/text/utf8.h"
#include "ingest_service/readers/ascii.h"
#include "ingest_service/readers/charset.h"
#include "ingest_service/readers/clean_line.h"
#include "ingest_service/readers/declared_date.h"
#include "ingest_service/readers/json_ld.h"
#include "ingest_service/readers/notices.h"
#include "ingest_service/readers/page_scanner.h"
#include "ingest_service/readers/page_tree.h"
#include "ingest_service/readers/plain_reader.h"

namespace lagebild::ingest {
namespace {

// A block of the article: what stands between two borders of paragraphs.
struct Block {
  enum class Kind { kParagraph, kTitle, kHeading, kCaption, kItem, kRow };
  Kind kind = Kind::kParagraph;
  std::string rule;  // What showed the kind, for marked regions.
  std::string text;
  size_t link_bytes = 0;  // Of the text, how much is links.
};

struct BlockRange {
  size_t begin = 0;
  size_t end = 0;
};

bool IsHeading(GumboTag tag) { return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6; }

bool IsBlockTag(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_META:
    case GUMBO_TAG_LINK:
      return false;
    default:
      return true;
  }
}

// Collects blocks from a range of the tree, in page order.
class BlockCollector {
 public:
  BlockCollector(const PageTree& tree, BlockRange range, size_t headline)
      : tree_(tree), range_(range), headline_(headline) {}

  std::vector<Block> Run() {
    for (size_t i = range_.begin; i < range_.end; ++i) {
      while (!open_.empty() && open_.back() <= i) CloseBlock();
      if (tree_.node(i).left_out) {
        i = tree_.node(i).end - 1;
        continue;
      }
      if (!tree_.IsElement(i)) {
        AddText(i);
        continue;
      }
      const GumboTag tag = tree_.TagOf(i);
      if (tag == GUMBO_TAG_BR) {
        BreakLine();
      } else if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) {
        if (!block_.text.empty()) block_.text += " ";
      } else if (tag == GUMBO_TAG_SPAN) {
        // Kicker and headline stand in one <h1>, apart only by their style.
        if (kind_end_ > i && kind_ == Block::Kind::kTitle && !block_.text.empty()) {
          AppendCollapsed(" ", &block_.text);
        }
      } else if (IsBlockTag(tag)) {
        Flush();
        open_.push_back(tree_.node(i).end);
        SetKind(i, tag);
      }
    }
    Flush();
    return std::move(blocks_);
  }

 private:
  void CloseBlock() {
    Flush();
    open_.pop_back();
  }

  // Headings, captions, items and rows give their kind to everything inside.
  void SetKind(size_t i, GumboTag tag) {
    if (i < kind_end_ && (kind_ == Block::Kind::kTitle || kind_ == Block::Kind::kHeading ||
                          kind_ == Block::Kind::kCaption)) {
      return;
    }
    Block::Kind kind = Block::Kind::kParagraph;
    std::string rule;
    if (i == headline_ && headline_ != 0) {
      kind = Block::Kind::kTitle;
      rule = "html.h1";
    } else if (IsHeading(tag)) {
      kind = Block::Kind::kHeading;
      rule = "html.h" + std::to_string(tag - GUMBO_TAG_H1 + 1);
    } else if (tag == GUMBO_TAG_FIGCAPTION) {
      kind = Block::Kind::kCaption;
      rule = "html.figcaption";
    } else if (tag == GUMBO_TAG_CAPTION) {
      kind = Block::Kind::kCaption;
      rule = "html.caption";
    } else if (tag == GUMBO_TAG_LI) {
      kind = Block::Kind::kItem;
    } else if (tag == GUMBO_TAG_TR) {
      kind = Block::Kind::kRow;
    } else {
      return;
    }
    kind_ = kind;
    rule_ = std::move(rule);
    kind_end_ = tree_.node(i).end;
    block_.kind = kind_;
    block_.rule = rule_;
  }

  void AddText(size_t i) {
    if (i >= kind_end_ && kind_ != Block::Kind::kParagraph) {
      kind_ = Block::Kind::kParagraph;
      rule_.clear();
    }
    if (block_.text.empty()) {
      block_.kind = kind_;
      block_.rule = rule_;
    }
    std::string_view text = tree_.TextOf(i);
    while (true) {
      const size_t border = std::min(text.find(kParagraphSeparator), text.size());
      const size_t before = block_.text.size();
      AppendCollapsed(text.substr(0, border), &block_.text);
      if (tree_.node(i).in_link) block_.link_bytes += block_.text.size() - before;
      if (border == text.size()) return;
      Flush();
      block_.kind = kind_;
      block_.rule = rule_;
      text.remove_prefix(border + kParagraphSeparator.size());
    }
  }

  // One line break stays; a second one ends the paragraph.
  void BreakLine() {
    while (!block_.text.empty() && block_.text.back() == ' ') block_.text.pop_back();
    if (block_.text.empty()) return;
    if (block_.text.back() == '\n') {
      const Block::Kind kind = block_.kind;
      std::string rule = block_.rule;
      Flush();
      block_.kind = kind;
      block_.rule = std::move(rule);
    } else {
      block_.text.push_back(block_.kind == Block::Kind::kTitle ? ' ' : '\n');
    }
  }

  void Flush() {
    Block block = std::exchange(block_, Block());
    const std::string_view trimmed = Trimmed(block.text);
    // A block of no-break spaces only is empty, too.
    std::string_view rest = trimmed;
    while (rest.starts_with("\xC2\xA0")) rest = Trimmed(rest.substr(2));
    if (rest.empty()) return;
    const size_t front = static_cast<size_t>(rest.data() - block.text.data());
    block.text = block.text.substr(front, rest.size());
    blocks_.push_back(std::move(block));
  }

  const PageTree& tree_;
  const BlockRange range_;
  const size_t headline_;
  std::vector<Block> blocks_;
  Block block_;
  std::vector<size_t> open_;  // Ends of the open block elements.
  Block::Kind kind_ = Block::Kind::kParagraph;
  std::string rule_;
  size_t kind_end_ = 0;
};

// The first headline that is not left out; 0 when there is none.
size_t FindHeadline(const PageTree& tree) {
  for (size_t i = 1; i < tree.size(); ++i) {
    if (tree.TagOf(i) == GUMBO_TAG_H1 && !tree.node(i).left_out) return i;
  }
  return 0;
}

// The element that holds the article.
size_t FindArticle(const PageTree& tree) {
  const uint32_t all = tree.node(0).prose_bytes;
  size_t body_text = 0;
  size_t article = 0;
  size_t main = 0;
  const auto better = [&tree](size_t candidate, size_t best) {
    return best == 0 || tree.node(candidate).prose_bytes > tree.node(best).prose_bytes;
  };
  for (size_t i = 1; i < tree.size(); ++i) {
    if (!tree.IsElement(i) || tree.node(i).left_out) continue;
    const GumboTag tag = tree.TagOf(i);
    if (tree.HasWord(i, "itemprop", "articleBody") && better(i, body_text)) body_text = i;
    if (tag == GUMBO_TAG_ARTICLE && better(i, article)) article = i;
    if ((tag == GUMBO_TAG_MAIN || tree.AttributeOf(i, "role") == "main") && better(i, main))
      main = i;
  }
  const auto holds = [&](size_t candidate, uint32_t percent) {
    return candidate != 0 && tree.node(candidate).prose_bytes > 0 &&
           uint64_t{tree.node(candidate).prose_bytes} * 100 >= uint64_t{all} * percent;
  };
  if (holds(body_text, 40)) return body_text;
  if (holds(article, 50)) return article;
  if (holds(main, 50)) return main;
  // No semantic markup: go down as long as one container has nearly all running text.
  size_t root = 0;
  while (true) {
    size_t next = 0;
    for (size_t child = root + 1; child < tree.node(root).end; child = tree.node(child).end) {
      const GumboTag tag = tree.TagOf(child);
      const bool container = tag == GUMBO_TAG_BODY || tag == GUMBO_TAG_DIV ||
                             tag == GUMBO_TAG_SECTION || tag == GUMBO_TAG_MAIN ||
                             tag == GUMBO_TAG_ARTICLE || tag == GUMBO_TAG_TABLE ||
                             tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_TR || tag == GUMBO_TAG_TD;
      if (container &&
          uint64_t{tree.node(child).prose_bytes} * 100 >=
              uint64_t{tree.node(root).prose_bytes} * 80 &&
          tree.node(child).prose_bytes > 0) {
        next = child;
        break;
      }
    }
    if (next == 0) return root;
    root = next;
  }
}

// Whether a block is what pages carry beside their articles.
bool IsBeside(const Block& block) {
  if (block.kind == Block::Kind::kTitle) return false;
  if (IsNoticeText(block.text)) return true;
  if (block.link_bytes * 100 <= block.text.size() * 60) return false;
  return block.kind != Block::Kind::kParagraph || block.text.size() < 300;
}

std::vector<Block> ArticleBlocks(const PageTree& tree) {
  const size_t headline = FindHeadline(tree);
  const size_t article = FindArticle(tree);
  BlockRange range = {article, tree.node(article).end};
  // What stands between the headline and the article's element is its introduction.
  if (headline != 0 && headline < range.begin) range.begin = headline;
  std::vector<Block> blocks = BlockCollector(tree, range, headline).Run();
  blocks.erase(std::remove_if(blocks.begin(), blocks.end(), IsBeside), blocks.end());
  // Headings with nothing behind them announced what was left out.
  while (!blocks.empty() && blocks.back().kind == Block::Kind::kHeading) blocks.pop_back();
  if (blocks.empty()) blocks = BlockCollector(tree, {0, tree.size()}, headline).Run();
  return blocks;
}

void WriteBlocks(const std::vector<Block>& blocks, ReadResult* result) {
  const auto is_line = [](const Block& block) {
    return block.kind == Block::Kind::kItem || block.kind == Block::Kind::kRow;
  };
  const Block* before = nullptr;
  for (const Block& block : blocks) {
    if (before != nullptr) {
      result->text += before->kind == block.kind && is_line(block) ? "\n" : "\n\n";
    }
    before = &block;
    const Span span = {static_cast<int32_t>(result->text.size()),
                       static_cast<int32_t>(result->text.size() + block.text.size())};
    result->text += block.text;
    switch (block.kind) {
      case Block::Kind::kTitle:
        result->marked_regions.push_back({span, MarkedRegionKind::kTitle, block.rule});
        break;
      case Block::Kind::kHeading:
        result->marked_regions.push_back({span, MarkedRegionKind::kHeading, block.rule});
        break;
      case Block::Kind::kCaption:
        result->marked_regions.push_back({span, MarkedRegionKind::kCaption, block.rule});
        break;
      default:
        break;
    }
  }
}

// Values of <meta>, by rank of the names that carry them: the lowest rank wins.
class RankedValue {
 public:
  void Offer(size_t rank, std::string value) {
    if (value.empty() || rank >= rank_) return;
    rank_ = rank;
    value_ = std::move(value);
  }
  std::string Take() { return std::move(value_); }

 private:
  size_t rank_ = SIZE_MAX;
  std::string value_;
};

// Names in the order of trust.
constexpr std::array<std::string_view, 3> kTitleNames = {"og:title", "dc.title", "twitter:title"};
constexpr std::array<std::string_view, 4> kOutletNames = {"og:site_name", "dc.publisher",
                                                          "publisher", "application-name"};
constexpr std::array<std::string_view, 16> kDateNames = {
    "article:published_time", "og:article:published_time",
    "datepublished",          "og:published_time",
    "dc.date.issued",         "dcterms.issued",
    "dcterms.created",        "dc.date.created",
    "dcterms.date",           "dc.date",
    "sailthru.date",          "parsely-pub-date",
    "publication_date",       "pubdate",
    "publish-date",           "date"};
constexpr std::array<std::string_view, 3> kAuthorNames = {"author", "dc.creator", "article:author"};

template <size_t N>
size_t RankIn(const std::array<std::string_view, N>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? SIZE_MAX : static_cast<size_t>(found - names.begin());
}

// The text of an element on one line.
std::string LineOf(const PageTree& tree, size_t i) {
  std::string line;
  for (size_t inside = i; inside < tree.node(i).end && line.size() < 4 * kMaxMetadataLine;
       ++inside) {
    if (tree.TagOf(inside) == GUMBO_TAG_SPAN || tree.TagOf(inside) == GUMBO_TAG_BR) {
      AppendCollapsed(" ", &line);
    }
    AppendCollapsed(Utf8Prefix(tree.TextOf(inside), 4 * kMaxMetadataLine), &line);
  }
  return CleanLine(line, kMaxMetadataLine);
}

DocumentMetadata ReadMetadata(const PageTree& tree, const std::vector<std::string_view>& json_ld) {
  DocumentMetadata metadata;
  for (const std::string_view script : json_ld) ReadJsonLd(script, &metadata);

  RankedValue title, outlet, published, url;
  std::vector<std::string> authors;
  size_t author_rank = SIZE_MAX;
  std::string page_title, first_time;
  for (size_t i = 1; i < tree.size(); ++i) {
    if (!tree.IsElement(i)) continue;
    const GumboTag tag = tree.TagOf(i);
    if (tag == GUMBO_TAG_TITLE && page_title.empty()) {
      page_title = LineOf(tree, i);
    } else if (tag == GUMBO_TAG_LINK && tree.HasWord(i, "rel", "canonical")) {
      url.Offer(0, CleanLine(tree.AttributeOf(i, "href"), kMaxMetadataLine));
    } else if (tag == GUMBO_TAG_META) {
      const std::string content = CleanLine(tree.AttributeOf(i, "content"), kMaxMetadataLine);
      for (const char* const attribute : {"property", "name", "itemprop"}) {
        const std::string name = AsciiLowered(Trimmed(tree.AttributeOf(i, attribute)));
        if (name.empty()) continue;
        title.Offer(RankIn(kTitleNames, name), content);
        outlet.Offer(RankIn(kOutletNames, name), content);
        const size_t date_rank = RankIn(kDateNames, name);
        if (date_rank != SIZE_MAX) published.Offer(date_rank, NormalizeDeclaredDate(content));
        if (name == "og:url") url.Offer(1, content);
        const size_t rank = RankIn(kAuthorNames, name);
        // Networks name authors by the address of their profile.
        if (rank == SIZE_MAX || rank > author_rank || content.empty() ||
            content.starts_with("http") || authors.size() >= 50) {
          continue;
        }
        if (rank < author_rank) authors.clear();
        author_rank = rank;
        if (std::find(authors.begin(), authors.end(), content) == authors.end()) {
          authors.push_back(content);
        }
      }
    } else if (tag == GUMBO_TAG_TIME && !tree.node(i).left_out) {
      std::string time = NormalizeDeclaredDate(tree.AttributeOf(i, "datetime"));
      if (time.empty()) continue;
      if (tree.HasWord(i, "itemprop", "datePublished") || tree.HasAttribute(i, "pubdate")) {
        published.Offer(RankIn(kDateNames, "datepublished"), time);
      }
      if (first_time.empty()) first_time = std::move(time);
    }
  }
  const auto fill = [](std::string* field, std::string value) {
    if (field->empty()) *field = std::move(value);
  };
  fill(&metadata.title, title.Take());
  if (const size_t headline = FindHeadline(tree); headline != 0) {
    fill(&metadata.title, LineOf(tree, headline));
  }
  fill(&metadata.title, std::move(page_title));
  fill(&metadata.outlet, outlet.Take());
  fill(&metadata.published, published.Take());
  fill(&metadata.published, std::move(first_time));
  fill(&metadata.url, url.Take());
  if (metadata.authors.empty()) metadata.authors = std::move(authors);
  return metadata;
}

}  // namespace

absl::StatusOr<ReadResult> ReadHtml(std::string_view bytes) {
  absl::StatusOr<std::string> page = DecodePage(bytes);
  if (!page.ok()) return page.status();
  if (absl::Status status = CheckText(*page); !status.ok()) return status;
  const ScannedPage scanned = ScanPage(*page);
  const PageTree tree(scanned.html);
  ReadResult result;
  result.format = ContentFormat::kHtml;
  result.metadata = ReadMetadata(tree, scanned.json_ld);
  WriteBlocks(ArticleBlocks(tree), &result);
  if (result.text.empty()) return InvalidArgument("EMPTY_TEXT", "the page has no text");
  return result;
}

}  // namespace lagebild::ingest
