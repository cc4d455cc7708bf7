#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "remoting/base/status_or.h"

namespace comet::store {

// The topic in which delayed messages wait; queue id = level - 1.
inline constexpr std::string_view kDelayTopic = "SCHEDULE_TOPIC_XXXX";

// The delay levels, as far as the store must know them: the consume queue of the delay topic holds
// the time of delivery in place of the tag hash. Immutable.
class DelayTable {
 public:
  // Text as in `messageDelayLevel`: "1s 5s 2m 1h 1d".
  static StatusOr<DelayTable> Parse(std::string_view text);

  // Level 1 is the first; a higher level than there are counts as the last, one below 1 as none.
  std::int64_t delay_ms(std::int64_t level) const;
  std::int64_t levels() const { return static_cast<std::int64_t>(delays_ms_.size()); }

 private:
  std::vector<std::int64_t> delays_ms_;
};

// What stands in a queue entry beside offset and size.
struct TagsCode {
  std::int64_t code = 0;          // Java hash of TAGS, or a delay
  bool delay_from_store = false;  // the store time is to be added
};
TagsCode TagsCodeOf(std::string_view topic, std::string_view tags, std::string_view delay_level,
                    const DelayTable& delays);

}  // namespace comet::store
