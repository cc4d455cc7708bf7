#pragma once

#include <functional>

#include "broker/context.h"
#include "broker/delay/delay_step.h"
#include "broker/member_notice.h"
#include "remoting/base/executor.h"

namespace comet::broker {

// What the broker does now and then, on one executor: delivers delayed messages when they are
// due, unless it is a slave, writes offsets, forgets silent clients.
class Housekeeping {
 public:
  struct Parts {
    Context& context;
    Executor& executor;
    DelayStep* delays;  // null: a slave delivers none
    MemberNotice& notice;
  };
  explicit Housekeeping(Parts parts) : parts_(parts) {}

  void Start();
  void WakeDelays();  // any thread: a message has come to a delay queue, or a level has room again

  // Both write what has changed and say whether that worked; also called at the stop, when the
  // executor has ended.
  Status PersistOffsets() { return parts_.context.offset_keeper.Persist(); }
  Status PersistDelays() { return parts_.delays == nullptr ? Status() : parts_.delays->Persist(); }
  void ExpireClients();

 private:
  void Every(std::int64_t period_ms, std::function<void()> work);
  void StepDelays();

  const Parts parts_;
  Executor::TimerId delay_timer_ = 0;
};

}  // namespace comet::broker
