#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// All producers that are connected. The reply has a body.
struct GetAllProducers {
  static constexpr std::string_view kName = "GET_ALL_PRODUCER_INFO";
  static constexpr Codes kCodes = {328};

  using Header = NoFields;

  using Reply = NoFields;
};

}  // namespace comet::wire
