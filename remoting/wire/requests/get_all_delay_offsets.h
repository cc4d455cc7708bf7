#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// How far each delay level has been delivered. The reply has a body.
struct GetAllDelayOffsets {
  static constexpr std::string_view kName = "GET_ALL_DELAY_OFFSET";
  static constexpr Codes kCodes = {45};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
