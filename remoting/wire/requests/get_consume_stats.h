#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// How far a group is on its topics. The reply has a body.
struct GetConsumeStats {
  static constexpr std::string_view kName = "GET_CONSUME_STATS";
  static constexpr Codes kCodes = {208};

  struct Header {
    std::string_view consumer_group;
    std::string_view topic;
    std::string_view topic_list;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::consumer_group, "consumerGroup", Need::kRequired, "Consumer group."),
          F(&S::topic, "topic", Need::kOptional, "Only this topic."),
          F(&S::topic_list, "topicList", Need::kOptional, "Only these, with semicolons.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
