#include "query_service/index/posting_block.h"

#include "common/storage/keys.h"
#include "common/wire/append_field.h"
#include "common/wire/take_field.h"
#include "query_service/index/keys.h"

namespace lagebild::query {
namespace {

// Days of a period: 2 to the power of this. Longer ones make larger blocks, of which a rebuild
// writes fewer; but a search reads all blocks of a term in a period to find one page.
constexpr int kPeriodBits = 5;
constexpr uint32_t kDayMask = (1u << kPeriodBits) - 1;

}  // namespace

uint32_t PeriodOf(std::string_view group) {
  uint32_t day = 0;
  storage::TakeUint32(&group, &day);
  return day >> kPeriodBits;
}

void PostingBlockWriter::Add(std::string_view group, std::string_view items) {
  const int64_t position = PositionOf(group);
  AppendVarint(&value_, static_cast<uint64_t>(position - previous_));
  previous_ = position;
  value_.push_back(static_cast<char>(static_cast<uint8_t>(group[3]) & kDayMask));
  value_.append(group.substr(4, 2));
  AppendVarint(&value_, items.size());
  value_.append(items);
}

bool DecodePostingBlock(uint32_t period, std::string_view block,
                        std::vector<BlockPosting>* postings) {
  uint64_t position = 0;
  while (!block.empty()) {
    uint64_t gap = 0;
    uint64_t size = 0;
    if (!TakeVarint(&block, &gap) || block.size() < 3) return false;
    position += gap;
    const uint32_t day = period << kPeriodBits | static_cast<uint8_t>(block[0]);
    const std::string_view minute = block.substr(1, 2);
    block.remove_prefix(3);
    if (!TakeVarint(&block, &size) || size > block.size()) return false;
    BlockPosting& posting = postings->emplace_back();
    posting.group.reserve(kGroupBytes);
    storage::AppendUint32(&posting.group, day);
    posting.group.append(minute);
    storage::AppendUint64(&posting.group, ~position);
    posting.items = block.substr(0, size);
    block.remove_prefix(size);
  }
  return true;
}

}  // namespace lagebild::query
