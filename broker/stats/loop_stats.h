#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "broker/stats/amount.h"
#include "remoting/base/clock.h"
#include "remoting/base/histogram.h"
#include "store/queue_slot.h"

namespace comet::broker {

// What one event loop has done since it was last asked. Counting takes no lock and, once a topic
// or group is known, no allocation.
//
// The loop's thread only, but for totals().
class LoopStats {
 public:
  // Since the start; any thread may read.
  struct Totals {
    OwnCounter put_messages, user_put_messages;  // the second without topics of the system
    OwnCounter get_messages, user_get_messages;
    OwnCounter found, missed;  // pulls with and without messages
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };
  struct Place {
    Amount amount;
    bool of_users = true;  // not of a system topic
  };
  using Groups = std::unordered_map<std::string, Place, Hash, std::equal_to<>>;
  struct Delta {
    std::unordered_map<const store::QueueSlot*, Place> puts;
    Groups gets;  // by "topic@group"
    Histogram put_us, get_us;
  };

  LoopStats() : now_(std::make_unique<Delta>()) {}

  // A send that is stored; `took` is from its acceptance to its answer.
  void Sent(const store::QueueSlot& queue, std::int64_t messages, std::int64_t bytes,
            Duration took);
  // The answer to a pull.
  void Found(std::string_view topic, std::string_view group, std::int64_t messages,
             std::int64_t bytes);
  void Missed() { totals_.missed.Add(); }
  // Whether this pull's time shall be measured: one in 16 is.
  bool TimesThisPull() { return (++pulls_ & 15U) == 0; }
  void PullTook(Duration took) { now_->get_us.Add(took / std::chrono::microseconds(1)); }

  const Totals& totals() const { return totals_; }
  std::unique_ptr<Delta> Take();

 private:
  Place& PlaceOf(const store::QueueSlot& queue);
  Place& PlaceOf(std::string_view topic, std::string_view group);
  void FlushPutTimes();

  Totals totals_;
  std::unique_ptr<Delta> now_;
  const store::QueueSlot* last_queue_ = nullptr;  // of the last put, and its place
  Place* last_place_ = nullptr;
  std::string key_;  // memory for "topic@group"
  std::uint32_t pulls_ = 0;
  // Sends that were answered together mostly took the same time: one entry for all of them.
  std::int64_t put_us_ = 0, same_puts_ = 0;
};

}  // namespace comet::broker
