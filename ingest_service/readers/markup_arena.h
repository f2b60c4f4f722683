#ifndef LAGEBILD_INGEST_SERVICE_READERS_MARKUP_ARENA_H_
#define LAGEBILD_INGEST_SERVICE_READERS_MARKUP_ARENA_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace lagebild::ingest {

/// Memory of one parsed page. The tree is given back as a whole, never node by node: the parser's
/// own way to do that recurses once a level. Freed blocks are used again for blocks of the same
/// size class, because the parser frees most of what it asks for. Not thread-safe.
class MarkupArena {
 public:
  MarkupArena() = default;
  MarkupArena(const MarkupArena&) = delete;
  MarkupArena& operator=(const MarkupArena&) = delete;

  void* Allocate(size_t size);
  /// REQUIRES: from Allocate(), or null.
  void Free(void* block);

 private:
  // In front of each block; keeps blocks aligned for any type.
  struct alignas(alignof(std::max_align_t)) Header {
    size_t size_class;
  };
  static constexpr size_t kClasses = 48;
  static constexpr size_t kChunkBytes = size_t{256} << 10;

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* next_ = nullptr;
  size_t left_ = 0;
  std::array<std::vector<void*>, kClasses> free_;
};

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_MARKUP_ARENA_H_
