#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Returns a message that a consumer could not handle, for a later delivery or to the dead letters.
struct SendMessageBack {
  static constexpr std::string_view kName = "CONSUMER_SEND_MSG_BACK";
  static constexpr Codes kCodes = {36};

  struct Header {
    std::int64_t log_offset = 0;
    std::string_view group;
    std::int32_t delay_level = 0;
    std::string_view origin_message_id;
    std::string_view origin_topic;
    bool unit_mode = false;
    std::optional<std::int32_t> max_reconsume_times;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::log_offset, "offset", Need::kRequired, "Where the message is in the log."),
          F(&S::group, "group", Need::kRequired, "Consumer group."),
          F(&S::delay_level, "delayLevel", Need::kRequired,
            "0 lets the broker choose, below 0 means dead letters."),
          F(&S::origin_message_id, "originMsgId", Need::kOptional, "Id of the message."),
          F(&S::origin_topic, "originTopic", Need::kOptional, "Topic it was consumed from."),
          F(&S::unit_mode, "unitMode", Need::kOptional, "Sent by a client in unit mode."),
          F(&S::max_reconsume_times, "maxReconsumeTimes", Need::kOptional,
            "Deliveries after which it goes to the dead letters."),
          F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
