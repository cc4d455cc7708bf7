#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// One item of a broker's statistics. The reply has a body.
struct ViewBrokerStats {
  static constexpr std::string_view kName = "VIEW_BROKER_STATS_DATA";
  static constexpr Codes kCodes = {315};

  struct Header {
    std::string_view name;
    std::string_view key;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::name, "statsName", Need::kRequired, "Kind, as TOPIC_PUT_NUMS."),
                         F(&S::key, "statsKey", Need::kRequired, "Topic, or topic@group.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
