#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// The client ids of a consumer group, for rebalancing. The reply has a body.
struct GetConsumerList {
  static constexpr std::string_view kName = "GET_CONSUMER_LIST_BY_GROUP";
  static constexpr Codes kCodes = {38};

  using Header = ConsumerGroupField;
  using Reply = NoFields;
};

}  // namespace comet::wire
