#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// How far replication is. The reply has an HaStatus as body.
struct GetBrokerHaStatus {
  static constexpr std::string_view kName = "GET_BROKER_HA_STATUS";
  static constexpr Codes kCodes = {907};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
