#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"

namespace comet::store {

// The slot table of an index file in memory, page by page as it is touched: slot -> number of the
// newest entry of its chain, 0 for none. Not thread-safe.
class IndexSlots {
 public:
  static constexpr std::int32_t kPageSlots = 1024;

  // Slots lie in `file` from byte `position` on. A null file: nothing is read, all slots are 0.
  IndexSlots(File* file, std::uint64_t position, std::int32_t slots);

  // Where the slot is, its page marked as changed; stays valid until pages are dropped.
  StatusOr<std::int32_t*> Place(std::int32_t slot);
  StatusOr<std::int32_t> Get(std::int32_t slot);

  std::size_t pages() const { return pages_.size(); }
  // The bytes of a page that was changed since it was last taken; empty if it was not.
  std::string TakeDirty(std::size_t page);
  void MarkDirty(std::size_t page) { pages_[page].dirty = true; }  // writing it failed
  std::uint64_t PositionOf(std::size_t page) const;
  void DropClean();  // gives back the memory of pages that are on disk as they are

  // Compares with what `file` holds (pages never touched must be zeros there) and marks the pages
  // that differ as changed; returns how many do. From then on pages are read from `file`.
  StatusOr<std::size_t> CompareWith(File* file);

 private:
  using Numbers = std::array<std::int32_t, kPageSlots>;
  struct Page {
    std::unique_ptr<Numbers> numbers;
    bool dirty = false;
  };
  StatusOr<Numbers*> Touch(std::int32_t slot);
  std::int32_t SlotsIn(std::size_t page) const;

  File* file_;
  std::uint64_t position_;
  std::int32_t slots_;
  std::vector<Page> pages_;
};

}  // namespace comet::store
