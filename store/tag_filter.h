#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "store/filter.h"

namespace comet::store {

// A subscription by tags: `*`, nothing, or `A || B`. Compares hashes only, as RocketMQ's broker
// does; the consumer compares the tags themselves.
class TagFilter : public MessageFilter {
 public:
  TagFilter() = default;  // everything
  explicit TagFilter(std::string_view expression);
  explicit TagFilter(std::vector<std::int32_t> codes);  // Java hashes of the tags

  bool MatchesEntry(const QueueEntry& entry) const override;
  bool all() const { return all_; }
  const std::vector<std::int32_t>& codes() const { return codes_; }

 private:
  bool all_ = true;
  std::vector<std::int32_t> codes_;  // sorted
};

}  // namespace comet::store
