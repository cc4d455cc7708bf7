#pragma once

#include <string_view>
#include <tuple>

#include "remoting/wire/request.h"

namespace comet::wire {

// Deletes a topic, its queues and its offsets.
struct DeleteTopic {
  static constexpr std::string_view kName = "DELETE_TOPIC_IN_BROKER";
  static constexpr Codes kCodes = {215};

  struct Header {
    std::string_view topic;

    static constexpr auto Fields() {
      using S = Header;
      return std::tuple{F(&S::topic, "topic", Need::kRequired, "Topic.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
