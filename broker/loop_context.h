#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "broker/broker_config.h"
#include "broker/dispatch_wake.h"
#include "broker/group_table.h"
#include "broker/long_poll.h"
#include "broker/pending_sends.h"
#include "broker/send_properties.h"
#include "broker/stats/loop_stats.h"
#include "broker/topic_table.h"
#include "remoting/base/describe_config.h"
#include "remoting/base/random.h"
#include "remoting/net/body.h"
#include "remoting/net/event_loop.h"
#include "store/stager.h"

namespace comet::broker {

// What one event loop keeps for its requests. Its thread only.
struct LoopContext {
  LoopContext(std::uint32_t place, net::EventLoop& event_loop, Clock& clock,
              std::unique_ptr<store::Stager> own_stager, const TopicTable& topic_table,
              const GroupTable& group_table, const Live<BrokerConfig>& live,
              std::function<void()> wake_dispatcher)
      : index(place),
        loop(event_loop),
        stager(std::move(own_stager)),
        topics(topic_table.map()),
        groups(group_table.map()),
        dispatch(event_loop, std::move(wake_dispatcher)),
        long_poll(event_loop, clock, place),
        random(std::uint64_t{place} + 1) {
    TakeConfig(live);
  }

  // Once per iteration: what was changed by an administrator holds from the next one on.
  void TakeConfig(const Live<BrokerConfig>& live) {
    auto now = live.Get();
    if (now == config) return;
    config = std::move(now);
    marks = {config->region, config->trace_on, config->cluster};
  }

  const std::uint32_t index;
  net::EventLoop& loop;
  const std::unique_ptr<store::Stager> stager;
  TopicTable::Map::View topics;
  GroupTable::Map::View groups;
  PendingSends sends;
  DispatchWake dispatch;  // used by a loop that steps the appender
  LongPoll long_poll;
  LoopStats stats;
  Random random;  // spreads messages that name no queue
  std::shared_ptr<const BrokerConfig> config;
  BrokerMarks marks;
  // Memory that requests use one after the other.
  std::string properties;
  std::vector<wire::RecordSource> batch;
  std::vector<net::BodyPart> parts;
};

}  // namespace comet::broker
