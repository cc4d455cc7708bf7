#pragma once

#include <cstdint>

#include "broker/broker_config.h"
#include "store/queue_table.h"
#include "store/reader.h"

namespace comet::broker {

struct Context;

// A pull as far as other brokers of the group are concerned.
struct PullFacts {
  const store::QueueSlot& queue;
  std::int64_t asked = 0;           // the offset of the request
  std::int64_t broker_id = 0;       // where the group wants to read
  std::int64_t slow_broker_id = 1;  // where, when it lags behind what is in memory
};

// Master or slave: who had better serve a consumer next. Any thread.
class ReadAdvice {
 public:
  explicit ReadAdvice(const Context& context) : context_(context) {}

  enum class Turn {
    kServe,     // answered as it is
    kToMaster,  // the master knows better
    kWait       // the master would know better, and is not there: what is asked for may still come
  };
  // What a slave does about a pull that it cannot serve: it corrects nobody's offset while its
  // master may have the message.
  Turn TurnOf(const BrokerConfig& config, store::ReadStatus status, std::int64_t asked) const;

  // The broker id that goes into the answer. A slave is named only if it has what this consumer
  // needs next; a slave names itself while its master is away.
  std::int64_t Suggest(const BrokerConfig& config, const PullFacts& pull,
                       const store::ReadResult& result) const;

 private:
  bool MasterAlive() const;

  const Context& context_;
};

}  // namespace comet::broker
