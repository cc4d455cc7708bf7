#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Creates a subscription group or changes it; the body is its settings.
struct UpdateGroup {
  static constexpr std::string_view kName = "UPDATE_AND_CREATE_SUBSCRIPTIONGROUP";
  static constexpr Codes kCodes = {200};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
