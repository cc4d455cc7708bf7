#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// All clusters and brokers. The reply has a body.
struct GetClusterInfo {
  static constexpr std::string_view kName = "GET_BROKER_CLUSTER_INFO";
  static constexpr Codes kCodes = {106};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
