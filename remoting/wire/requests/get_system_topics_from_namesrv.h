#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Names of clusters and brokers, and a broker to ask for its own. The reply has a body.
struct GetSystemTopicsFromNamesrv {
  static constexpr std::string_view kName = "GET_SYSTEM_TOPIC_LIST_FROM_NS";
  static constexpr Codes kCodes = {304};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
