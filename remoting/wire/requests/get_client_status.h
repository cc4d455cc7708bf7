#pragma once

#include <string_view>

#include "remoting/wire/requests/get_consumer_status.h"

namespace comet::wire {

// Where a consumer is in a topic. The reply has a body.
struct GetClientStatus {
  static constexpr std::string_view kName = "GET_CONSUMER_STATUS_FROM_CLIENT";
  static constexpr Codes kCodes = {221};

  using Header = GetConsumerStatus::Header;  // the question is passed on as it came
  using Reply = NoFields;
};

}  // namespace comet::wire
