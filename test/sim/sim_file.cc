#include "test/sim/sim_file.h"

#include <algorithm>

#include "remoting/base/check.h"

namespace comet::sim {

void SimFile::Reserve(std::uint64_t size) {
  if (size <= capacity_) return;
  // A mapping shows the same memory as the file, so a mapped file cannot move.
  COMET_CHECK_EQ(bytes_.use_count(), 1);
  const std::uint64_t capacity =
      std::max<std::uint64_t>(size, std::max<std::uint64_t>(4096, 2 * capacity_));
  auto grown = std::make_shared<char[]>(capacity);
  std::memcpy(grown.get(), bytes_.get(), size_);
  bytes_ = std::move(grown);
  capacity_ = capacity;
}

void SimFile::Remember(std::uint64_t offset, std::uint64_t bytes) {
  if (bytes == 0) return;
  for (auto sector = offset / kSectorBytes; sector <= (offset + bytes - 1) / kSectorBytes;
       ++sector) {
    if (dirty_.contains(sector)) continue;
    if (auto lost = lost_.extract(sector)) {
      dirty_.insert(std::move(lost));
      continue;
    }
    std::string former(kSectorBytes, '\0');
    const auto from = sector * kSectorBytes;
    if (from < size_) {
      std::memcpy(former.data(), bytes_.get() + from, std::min(kSectorBytes, size_ - from));
    }
    dirty_.emplace(sector, std::move(former));
  }
}

void SimFile::Write(std::uint64_t offset, Slice bytes) {
  Reserve(offset + bytes.size());
  Remember(offset, bytes.size());
  std::memcpy(bytes_.get() + offset, bytes.data(), bytes.size());
  if (offset <= unreadable_.begin && offset + bytes.size() >= unreadable_.end) {
    unreadable_ = {};  // a device puts such a sector elsewhere
    spoiled_.clear();
  }
  size_ = std::max<std::uint64_t>(size_, offset + bytes.size());
}

void SimFile::Resize(std::uint64_t size) {
  Reserve(size);
  if (size < size_) {
    Remember(size, size_ - size);
    std::memset(bytes_.get() + size, 0, size_ - size);
  }
  size_ = size;
}

void SimFile::Flip(std::uint64_t offset, int bit) {
  COMET_CHECK_LT(offset, size_);
  char& byte = bytes_.get()[offset];
  byte = static_cast<char>(byte ^ (1 << bit));
}

void SimFile::Spoil(std::uint64_t offset, std::uint64_t bytes) {
  COMET_CHECK_LE(offset + bytes, size_);
  Mend();
  spoiled_.assign(bytes_.get() + offset, bytes);
  std::memset(bytes_.get() + offset, 0, bytes);
  unreadable_ = {offset, offset + bytes};
}

void SimFile::Mend() {
  std::memcpy(bytes_.get() + unreadable_.begin, spoiled_.data(), spoiled_.size());
  unreadable_ = {};
  spoiled_.clear();
}

void SimFile::Synced() {
  dirty_.clear();
  device_size_ = size_;
}

void SimFile::SyncFailed() {
  lost_.merge(dirty_);
  dirty_.clear();
}

void SimFile::Crash(Random& random) {
  const auto live_size = size_;
  const auto take_back = [&](const Sectors::value_type& sector) {
    const auto from = sector.first * kSectorBytes;
    if (from >= capacity_) return;
    std::memcpy(bytes_.get() + from, sector.second.data(),
                std::min(kSectorBytes, capacity_ - from));
  };
  for (const auto& sector : dirty_) {
    if (random.Below(2) == 0) take_back(sector);  // the others had reached the device
  }
  for (const auto& sector : lost_) take_back(sector);
  lost_.clear();
  size_ = device_size_ == live_size || random.Below(2) == 0 ? live_size : device_size_;
  Reserve(size_);
  std::memset(bytes_.get() + size_, 0, capacity_ - size_);
  Synced();
}

}  // namespace comet::sim
