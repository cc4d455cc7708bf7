#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "remoting/base/mutex.h"

namespace comet::store {

// A buffer that records are encoded into. Used by one thread at a time.
class Slab {
 public:
  explicit Slab(std::uint32_t capacity)
      : bytes_(std::make_unique_for_overwrite<char[]>(capacity)), capacity_(capacity) {}

  char* data() { return bytes_.get(); }
  const char* data() const { return bytes_.get(); }
  std::uint32_t size() const { return size_; }
  std::uint32_t room() const { return capacity_ - size_; }
  std::uint32_t capacity() const { return capacity_; }
  char* tail() { return bytes_.get() + size_; }
  void Grow(std::uint32_t bytes) { size_ += bytes; }  // at most room()
  void CutTo(std::uint32_t size) { size_ = size; }
  void Clear() { size_ = 0; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::uint32_t capacity_;
  std::uint32_t size_ = 0;
};

// Slabs that came back and wait for their next use.
class SlabShelf {
 public:
  std::unique_ptr<Slab> Take() EXCLUDES(mutex_);          // null when there is none
  void Put(std::unique_ptr<Slab> slab) EXCLUDES(mutex_);  // frees it when the shelf is full

 private:
  static constexpr std::size_t kSlabsMax = 16;

  Mutex mutex_;
  std::vector<std::unique_ptr<Slab>> free_ GUARDED_BY(mutex_);
};

// Brings a slab back to its shelf, from whatever thread lets go of it.
struct SlabReturn {
  std::shared_ptr<SlabShelf> shelf;  // null: the slab is odd-sized and is freed
  void operator()(Slab* slab) const;
};
using SlabPtr = std::unique_ptr<Slab, SlabReturn>;

// Lends the slabs of one stager. Slabs on loan may outlive the pool.
class SlabPool {
 public:
  static constexpr std::uint32_t kSlabBytes = 256 * 1024;

  // An empty slab of kSlabBytes, or of `bytes_min` when that is more.
  SlabPtr Take(std::uint32_t bytes_min = 0);

 private:
  std::shared_ptr<SlabShelf> shelf_ = std::make_shared<SlabShelf>();
};

}  // namespace comet::store
