#ifndef LAGEBILD_QUERY_SERVICE_INDEX_POSTING_BLOCK_H_
#define LAGEBILD_QUERY_SERVICE_INDEX_POSTING_BLOCK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lagebild::query {

// Postings of one term in many documents as one value. Groups are cut into periods of days; a block
// holds what one large batch says of a term in one period, so that a reader who looks for a group
// finds it in the blocks of its period and in no others.
//
//   block := { position_gap:varint day_of_period:1 ~minute:2 size:varint items }*
//            in ascending order of the document positions, the first gap counted from 0

/// Period of a group; in byte order of the groups. REQUIRES: group.size() == kGroupBytes.
uint32_t PeriodOf(std::string_view group);

/// Makes a block.
class PostingBlockWriter {
 public:
  /// Adds a posting; `items` as EncodeItems() makes them. REQUIRES: all groups are of one period
  /// and their document positions ascend.
  void Add(std::string_view group, std::string_view items);
  /// The block; the writer is of no use any more.
  std::string Release() { return std::move(value_); }

 private:
  std::string value_;
  int64_t previous_ = 0;
};

/// A posting of a block.
struct BlockPosting {
  std::string group;
  std::string_view items;  ///< Into the block.
};

/// Appends the postings of a block in its order; false when it is damaged.
bool DecodePostingBlock(uint32_t period, std::string_view block,
                        std::vector<BlockPosting>* postings);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_INDEX_POSTING_BLOCK_H_
