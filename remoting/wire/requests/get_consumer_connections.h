#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// Who of a consumer group is connected. The reply has a body.
struct GetConsumerConnections {
  static constexpr std::string_view kName = "GET_CONSUMER_CONNECTION_LIST";
  static constexpr Codes kCodes = {203};

  using Header = ConsumerGroupField;
  using Reply = NoFields;
};

}  // namespace comet::wire
