#pragma once

#include <functional>
#include <span>
#include <vector>

#include "broker/long_poll.h"
#include "store/dispatcher.h"

namespace comet::broker {

// Tells loops which of the queues they asked for have grown: one post per loop and batch of the
// dispatcher. The highest place is the worker's, where delayed messages are watched.
//
// OnArrivals: dispatch thread.
class ArrivalRouter : public store::ArrivalSink {
 public:
  using Deliver = std::function<void(std::vector<LongPoll::Arrival>)>;  // posts; must not block

  static constexpr std::size_t kPlacesMax = 64;  // bits of QueueSlot's interest

  // deliver[n] serves place n.
  explicit ArrivalRouter(std::vector<Deliver> deliver);
  void OnArrivals(std::span<const store::Arrival> arrivals) override;

 private:
  const std::vector<Deliver> deliver_;
  std::vector<std::vector<LongPoll::Arrival>> batches_;  // by place, empty between calls
};

}  // namespace comet::broker
