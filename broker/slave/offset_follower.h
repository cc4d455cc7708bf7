#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "broker/offset_table.h"
#include "remoting/base/limits.h"
#include "remoting/base/status.h"

namespace comet::broker {

// Decides, queue by queue, whether a slave takes over the offset its master tells.
//
// Clients commit to the master; to the slave only while they do not reach the master. So the
// larger of the two holds, whoever has it: what was committed here is not taken back by what the
// master knew before. Only when the master's own offset goes back it counts: that is a reset. But
// when it was out of reach in between, it may as well have lost what it had been told last; then
// its word holds for what came from it, and not for what was committed here. After a start nothing
// tells the two apart, and the larger one holds. An offset that the master has no more, because its
// topic or group was deleted and made anew between two answers, is below every one that comes next.
//
// One thread, beside the clients that commit to the table.
class OffsetFollower {
 public:
  // Of a table that what masters told has made larger than any broker's.
  static constexpr std::int64_t kPlacesMax = 2 * std::int64_t{limits::kJsonNodesMax};

  explicit OffsetFollower(OffsetTable& offsets, std::int64_t places_max = kPlacesMax)
      : offsets_(offsets), places_max_(places_max) {}

  // One answer of the master, with all of its offsets. kFull: nothing is taken over any more.
  Status Follow(const std::vector<OffsetChange>& told);
  // The master was out of reach, or is another one.
  void Interrupted() { interrupted_ = true; }

 private:
  static constexpr std::int64_t kNoMore = std::numeric_limits<std::int64_t>::max();

  struct Known {
    std::int64_t told = OffsetTable::kNone;  // by the master, the last time; kNoMore: it was before
    std::int64_t left = OffsetTable::kNone;  // in the table, after that
  };

  void FollowOne(const OffsetChange& told, Known* known);
  void KeepUntold(const std::string& key, const std::vector<Known>& before,
                  std::vector<Known>* now) const;

  OffsetTable& offsets_;
  const std::int64_t places_max_;
  std::unordered_map<std::string, std::vector<Known>> known_;  // by topic@group, then queue id
  bool interrupted_ = false;
};

}  // namespace comet::broker
