#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/base/describe.h"

namespace comet::wire {

// Field lists that are the header or the reply of several requests.

struct TopicField {
  std::string_view topic;

  static constexpr auto Fields() {
    return Declaration{F(&TopicField::topic, "topic", Need::kRequired, "Topic.")};
  }
};

struct ConsumerGroupField {
  std::string_view consumer_group;

  static constexpr auto Fields() {
    return Declaration{F(&ConsumerGroupField::consumer_group, "consumerGroup", Need::kRequired,
                         "Consumer group.")};
  }
};

// The same under the key of later requests.
struct GroupField {
  std::string_view group;

  static constexpr auto Fields() {
    return Declaration{F(&GroupField::group, "group", Need::kRequired, "Consumer group.")};
  }
};

struct QueueFields {
  std::string_view topic;
  std::int32_t queue_id = 0;
  std::string_view broker_name;

  static constexpr auto Fields() {
    using S = QueueFields;
    return Declaration{F(&S::topic, "topic", Need::kRequired, "Topic."),
                       F(&S::queue_id, "queueId", Need::kRequired, "Queue of the topic."),
                       F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.")};
  }
};

struct OffsetField {
  std::int64_t offset = 0;

  static constexpr auto Fields() {
    return Declaration{
        F(&OffsetField::offset, "offset", Need::kRequired, "Position in the queue.")};
  }
};

struct BrokerNameField {
  std::string_view broker_name;

  static constexpr auto Fields() {
    return Declaration{F(&BrokerNameField::broker_name, "brokerName", Need::kRequired,
                         "Name of the broker group.")};
  }
};

// Who a broker is, as it tells a name server.
struct BrokerFields {
  std::string_view broker_name;
  std::string_view broker_addr;
  std::string_view cluster_name;
  std::int64_t broker_id = 0;

  static constexpr auto Fields() {
    using S = BrokerFields;
    return Declaration{
        F(&S::broker_name, "brokerName", Need::kRequired, "Name of the broker group."),
        F(&S::broker_addr, "brokerAddr", Need::kRequired, "Address clients use."),
        F(&S::cluster_name, "clusterName", Need::kRequired, "Cluster."),
        F(&S::broker_id, "brokerId", Need::kRequired, "0 is the master.")};
  }
};

}  // namespace comet::wire
