#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/bodies/message_queue.h"

namespace comet::client {

// What a message that a tool wants consumed now has come to.
struct DirectOutcome {
  bool consumed = false;
  bool thrown = false;
  std::string remark;
};

// What brokers may want of a consumer. Called on loops; must not block.
class GroupMember {
 public:
  using Offsets = std::map<wire::MessageQueue, std::int64_t>;

  virtual ~GroupMember() = default;

  // Its part of the heartbeat.
  virtual wire::ConsumerData Describe() const = 0;
  // Consumers of the group have come or gone.
  virtual void OnGroupChanged() {}
  // Queues are to be read on from elsewhere.
  virtual void OnReset(const std::string& /*topic*/, const Offsets& /*offsets*/) {}
  // The offsets up to which a topic's queues are done.
  virtual Offsets OffsetsOf(const std::string& /*topic*/) { return {}; }
  // ConsumerRunningInfo in JSON.
  virtual std::string RunningInfo() { return "{}"; }
  // Gives one record to its handler; `done` may be called later and on any thread.
  virtual void ConsumeDirectly(std::string /*record*/, const std::string& /*broker*/,
                               std::function<void(DirectOutcome)> done) {
    done({false, false, "this consumer has no handlers"});
  }
};

}  // namespace comet::client
