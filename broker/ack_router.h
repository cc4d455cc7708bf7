#pragma once

#include <functional>
#include <vector>

#include "store/ack.h"

namespace comet::broker {

// Carries the store's answers to the loops whose requests they answer: one post per loop and
// release. The last place is the worker's, which stores messages of the broker itself.
//
// OnAcks: any thread.
class AckRouter : public store::AckSink {
 public:
  using Deliver = std::function<void(std::vector<store::Ack>)>;  // posts; must not block

  explicit AckRouter(std::vector<Deliver> deliver);
  void OnAcks(std::uint32_t loop, std::vector<store::Ack> acks) override;

 private:
  const std::vector<Deliver> deliver_;
};

}  // namespace comet::broker
