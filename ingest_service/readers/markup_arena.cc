#include "ingest_service/readers/markup_arena.h"

#include <bit>
#include <new>

namespace lagebild::ingest {

void* MarkupArena::Allocate(size_t size) {
  // Classes are powers of two from 16 bytes on.
  const size_t size_class = static_cast<size_t>(std::bit_width((size < 16 ? 16 : size) - 1));
  if (!free_[size_class].empty()) {
    void* block = free_[size_class].back();
    free_[size_class].pop_back();
    return block;
  }
  const size_t bytes = sizeof(Header) + (size_t{1} << size_class);
  if (bytes > kChunkBytes / 4) {
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
    auto* header = new (chunks_.back().get()) Header{size_class};
    return header + 1;
  }
  if (bytes > left_) {
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kChunkBytes));
    next_ = chunks_.back().get();
    left_ = kChunkBytes;
  }
  auto* header = new (next_) Header{size_class};
  next_ += bytes;
  left_ -= bytes;
  return header + 1;
}

void MarkupArena::Free(void* block) {
  if (block == nullptr) return;
  const Header* header = static_cast<const Header*>(block) - 1;
  free_[header->size_class].push_back(block);
}

}  // namespace lagebild::ingest
