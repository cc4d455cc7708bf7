#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "remoting/base/bytes.h"
#include "remoting/base/random.h"

namespace comet::sim {

// What one file holds, and what of it a crash may take back. Not thread-safe: the disk locks.
//
// The live bytes are what programs see. Each sector written since the last sync also keeps what
// the device had before; a crash brings some of these back.
class SimFile {
 public:
  static constexpr std::uint64_t kSectorBytes = 512;

  struct Range {
    std::uint64_t begin = 0, end = 0;
    bool Meets(std::uint64_t from, std::uint64_t bytes) const {
      return from < end && from + bytes > begin;
    }
  };

  std::uint64_t size() const { return size_; }
  std::shared_ptr<const char[]> bytes() const { return bytes_; }
  Slice View() const { return {bytes_.get(), size_}; }

  void Write(std::uint64_t offset, Slice bytes);
  void Resize(std::uint64_t size);           // zeros behind the old end
  void Flip(std::uint64_t offset, int bit);  // on the device and live, as decay does

  void Spoil(std::uint64_t offset, std::uint64_t bytes);  // zeros until Mend; one range at a time
  void Mend();
  const Range& unreadable() const { return unreadable_; }

  void Synced();               // what was written since the last sync is on the device now
  void SyncFailed();           // it may never get there, unless it is written again
  void Crash(Random& random);  // each sector and the size: new or old
  std::int64_t modified_ms = 0;

 private:
  void Reserve(std::uint64_t size);
  void Remember(std::uint64_t offset, std::uint64_t bytes);

  std::shared_ptr<char[]> bytes_ = std::make_shared<char[]>(1);
  std::uint64_t size_ = 0, capacity_ = 1;
  std::uint64_t device_size_ = 0;
  Range unreadable_;
  std::string spoiled_;                                  // what was there
  using Sectors = std::map<std::uint64_t, std::string>;  // by number; what the device has
  Sectors dirty_;                                        // written since the last sync
  Sectors lost_;  // were dirty when a sync failed: clean for the kernel, never written back
};

}  // namespace comet::sim
