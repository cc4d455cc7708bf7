#pragma once

#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Tells the broker which groups and subscriptions a client has. The body is HeartbeatData.
struct Heartbeat {
  static constexpr std::string_view kName = "HEART_BEAT";
  static constexpr Codes kCodes = {34};

  using Header = NoFields;

  struct Reply {
    std::optional<bool> supports_v2;
    std::optional<bool> sub_changed;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{F(&S::supports_v2, "IS_SUPPORT_HEART_BEAT_V2", Need::kOptional,
                           "The broker knows heartbeats without subscriptions."),
                         F(&S::sub_changed, "IS_SUB_CHANGE", Need::kOptional,
                           "The client must send its subscriptions.")};
    }
  };
};

}  // namespace comet::wire
