#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A client shall consume one message now. Tools ask the broker, which asks the client with the
// message as body. The reply has a body.
struct ConsumeDirectly {
  static constexpr std::string_view kName = "CONSUME_MESSAGE_DIRECTLY";
  static constexpr Codes kCodes = {309};

  struct Header {
    std::string_view consumer_group;
    std::string_view client_id;
    std::string_view message_id;
    std::string_view broker_name;
    std::string_view topic;
    std::optional<std::int32_t> topic_sys_flag;
    std::optional<std::int32_t> group_sys_flag;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::consumer_group, "consumerGroup", Need::kRequired, "Consumer group."),
          F(&S::client_id, "clientId", Need::kOptional, "Client."),
          F(&S::message_id, "msgId", Need::kOptional, "Id with the place in the log."),
          F(&S::broker_name, "brokerName", Need::kOptional, "Broker that has the message."),
          F(&S::topic, "topic", Need::kOptional, "Topic of the message."),
          F(&S::topic_sys_flag, "topicSysFlag", Need::kOptional, "Bits of topic_flag."),
          F(&S::group_sys_flag, "groupSysFlag", Need::kOptional, "Flags of the group.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
