#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "remoting/base/file_system.h"

namespace comet::store {

// A part of the log that cannot be read and keeps its place.
struct Damage {
  std::int64_t log_offset = 0;
  std::int64_t bytes = 0;

  std::int64_t end() const { return log_offset + bytes; }
  friend bool operator==(const Damage&, const Damage&) = default;
};

// The parts of the log that recovery found damaged, in log order, not touching each other.
// Remembered in `<root>/damaged`, one `offset bytes` per line, so that a later start, which need
// not read so far back, still does not serve them. Immutable while the store is open.
class DamageList {
 public:
  // What reaches behind `log_end`, the end of the log's last file, was never found in this log: it
  // is logged and left out, since stepping over it could hide every record.
  static StatusOr<DamageList> Load(FileSystem& fs, const std::string& path, std::int64_t log_end);
  Status Save(FileSystem& fs, const std::string& path) const;

  void Add(Damage damage);               // joins what it touches
  void DropFrom(std::int64_t offset);    // the log ends there
  void DropBefore(std::int64_t offset);  // the log begins there

  // The first one that ends behind `offset` and begins before `end`; null if there is none.
  const Damage* Find(std::int64_t offset, std::int64_t end) const;
  const std::vector<Damage>& all() const { return all_; }
  // The file has what Load has left out. It must not stay there: the log may grow over it.
  bool left_out() const { return left_out_; }

 private:
  std::vector<Damage> all_;
  bool left_out_ = false;
};

}  // namespace comet::store
