#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// The members of a group changed: rebalance. One-way.
struct NotifyConsumersChanged {
  static constexpr std::string_view kName = "NOTIFY_CONSUMER_IDS_CHANGED";
  static constexpr Codes kCodes = {40};

  using Header = ConsumerGroupField;
  using Reply = NoFields;
};

}  // namespace comet::wire
