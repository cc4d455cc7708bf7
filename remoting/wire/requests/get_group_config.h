#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// The settings of one subscription group. The reply has a body.
struct GetGroupConfig {
  static constexpr std::string_view kName = "GET_SUBSCRIPTIONGROUP_CONFIG";
  static constexpr Codes kCodes = {352};

  using Header = GroupField;
  using Reply = NoFields;
};

}  // namespace comet::wire
