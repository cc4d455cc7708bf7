#pragma once

#include <string>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/message_queue.h"

namespace comet::wire {

// Body of LOCK_BATCH_MQ and UNLOCK_BATCH_MQ.
struct LockBatchBody {
  std::string group;
  std::string client_id;
  std::vector<MessageQueue> queues;
  bool only_this_broker = false;

  static constexpr auto Fields() {
    using B = LockBatchBody;
    return Declaration{
        F(&B::group, "consumerGroup", Need::kRequired, "Consumer group."),
        F(&B::client_id, "clientId", Need::kRequired, "Who locks."),
        F(&B::queues, "mqSet", Need::kOptional, "Queues."),
        F(&B::only_this_broker, "onlyThisBroker", Need::kOptional, "Replicas are not asked.")};
  }
};

// The answer to LOCK_BATCH_MQ: the queues that are the client's now.
struct LockBatchReply {
  std::vector<MessageQueue> locked;

  static constexpr auto Fields() {
    return Declaration{
        F(&LockBatchReply::locked, "lockOKMQSet", Need::kOptional, "Queues locked.")};
  }
};

}  // namespace comet::wire
