#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// The position of the first message of a queue.
struct GetMinOffset {
  static constexpr std::string_view kName = "GET_MIN_OFFSET";
  static constexpr Codes kCodes = {31};

  using Header = QueueFields;
  using Reply = OffsetField;
};

}  // namespace comet::wire
