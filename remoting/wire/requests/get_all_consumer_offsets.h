#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// All consumer offsets of a broker, for slaves and tools. The reply has a body.
struct GetAllConsumerOffsets {
  static constexpr std::string_view kName = "GET_ALL_CONSUMER_OFFSET";
  static constexpr Codes kCodes = {43};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
