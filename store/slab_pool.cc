#include "store/slab_pool.h"

#include <utility>

namespace comet::store {

std::unique_ptr<Slab> SlabShelf::Take() {
  MutexLock lock(mutex_);
  if (free_.empty()) return nullptr;
  auto slab = std::move(free_.back());
  free_.pop_back();
  return slab;
}

void SlabShelf::Put(std::unique_ptr<Slab> slab) {
  MutexLock lock(mutex_);
  if (free_.size() < kSlabsMax) free_.push_back(std::move(slab));
}

void SlabReturn::operator()(Slab* slab) const {
  std::unique_ptr<Slab> owned(slab);
  if (shelf != nullptr) shelf->Put(std::move(owned));
}

SlabPtr SlabPool::Take(std::uint32_t bytes_min) {
  if (bytes_min > kSlabBytes) return {new Slab(bytes_min), SlabReturn{}};
  auto slab = shelf_->Take();
  if (slab == nullptr) slab = std::make_unique<Slab>(kSlabBytes);
  slab->Clear();
  return {slab.release(), SlabReturn{shelf_}};
}

}  // namespace comet::store
